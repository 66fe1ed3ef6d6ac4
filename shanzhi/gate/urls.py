from django.urls import path

from .views import applications, calls, demands, returns, steps

app_name = "gate"
G = "desk/gate/"
A = f"{G}<slug:number>/"
urlpatterns = [
    path("admitted/", demands.public, name="public"),
    path(G, applications.index, name="index"),
    path("desk/gate.<slug:kind>", applications.export, name="applications_file"),
    path(f"{G}new/", applications.new, name="new"),
    path(f"{G}check/", applications.check, name="check"),
    path(f"{G}emergency/", demands.emergency, name="emergency"),
    path(f"{G}emergency/<slug:number>/", demands.prolong, name="prolong"),
    path(f"{G}reviews/<int:pk>/", demands.review, name="review"),
    path(A, applications.application, name="application"),
    path(f"{A}edit/", applications.edit, name="edit"),
    path(f"{A}submit/", applications.submit, name="submit"),
    path(f"{A}withdraw/", applications.withdraw, name="withdraw"),
    path(f"{A}pass-on/", steps.pass_on, name="pass_on"),
    path(f"{A}send-back/", steps.send_back, name="send_back"),
    path(f"{A}refuse/", steps.refuse, name="refuse"),
    path(f"{A}opinion/", steps.opine, name="opine"),
    path(f"{A}decide/", steps.decide, name="decide"),
    path("desk/calls/", calls.index, name="calls"),
    path("desk/calls.<slug:kind>", calls.export, name="calls_file"),
    path("desk/calls/new/", calls.announce, name="announce"),
    path("desk/calls/<slug:number>/cancel/", calls.cancel, name="cancel"),
    path("desk/returns/", returns.index, name="returns"),
    path("desk/returns.<slug:kind>", returns.export, name="returns_file"),
    path("desk/returns/new/", returns.new, name="return"),
    path("desk/returns/of/<slug:number>/", returns.ended, name="return_ended"),
    path("desk/returns/<slug:number>/", returns.letter, name="letter"),
]
