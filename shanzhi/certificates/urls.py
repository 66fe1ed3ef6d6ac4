from django.urls import path

from .views import catalogue, issuing, public, refusing, register, report

app_name = "certificates"
D = "desk/certificates/"
urlpatterns = [
    # everybody
    path("certificates/", public.index, name="public"),
    path("certificates/commitment/<int:pk>/", public.commitment, name="commitment"),
    path("c/<str:token>/", public.check, name="check"),
    # the desk: catalogue
    path(D, catalogue.index, name="index"),
    path(f"{D}catalogue/", catalogue.editions, name="editions"),
    path(f"{D}catalogue/new/", catalogue.draft, name="draft"),
    path(f"{D}catalogue/<int:pk>.csv", catalogue.export, name="edition_csv"),
    path(f"{D}catalogue/<int:pk>/", catalogue.compare, name="edition_compare"),
    path(f"{D}catalogue/<int:pk>/publish/", catalogue.publish, name="edition_publish"),
    path(f"{D}catalogue/<int:pk>/discard/", catalogue.discard, name="edition_discard"),
    path(f"{D}entries/<int:pk>/", catalogue.entry, name="entry"),
    # refused
    path(f"{D}entries/<int:pk>/refuse/", refusing.refuse, name="refuse"),
    path(f"{D}refuse/", refusing.refuse_unlisted, name="refuse_unlisted"),
    path(f"{D}refusals/", refusing.index, name="refusals"),
    path(f"{D}refusals.csv", refusing.export, name="refusals_csv"),
    path(f"{D}refusals/<slug:number>/", refusing.refusal, name="refusal"),
    path(f"{D}report/", report.index, name="report"),
    path(f"{D}report.csv", report.export, name="report_csv"),
    # issued
    path(f"{D}entries/<int:pk>/find/", issuing.find, name="find"),
    path(f"{D}entries/<int:pk>/request/", issuing.request_one, name="request"),
    path(f"{D}entries/<int:pk>/request/<int:person>/", issuing.request_one, name="request_for"),
    path(f"{D}register/", register.index, name="register"),
    path(f"{D}register.csv", register.export, name="register_csv"),
    path(f"{D}register/<int:pk>/", issuing.certificate, name="certificate"),
    path(f"{D}register/<int:pk>/pdf/", issuing.pdf, name="pdf"),
    path(f"{D}register/<int:pk>/seal/", issuing.seal, name="seal"),
    path(f"{D}register/<int:pk>/end/", issuing.end, name="end"),
    path(f"{D}register/<int:pk>/hand-out/", issuing.hand_out, name="hand_out"),
]
