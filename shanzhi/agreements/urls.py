from django.urls import path

from .views import agreements, carrying, editing, making, overview, signing

app_name = "agreements"
A = "desk/agreements/"
N = f"{A}<slug:number>/"
urlpatterns = [
    path(A, agreements.index, name="index"),
    path("desk/agreements.csv", agreements.export, name="csv"),
    path(f"{A}overview/", overview.overview, name="overview"),
    path(f"{A}departments/", overview.departments, name="departments"),
    path(f"{A}payments/", carrying.payments, name="payments"),
    path(f"{A}payments.csv", carrying.payments_csv, name="payments_csv"),
    path(f"{A}payments/<int:pk>/pay/", carrying.pay, name="pay"),
    path(f"{A}payments/<int:pk>/received/", carrying.received, name="received"),
    path(f"{A}verify/", signing.verify, name="verify"),
    path(f"{A}sign/", signing.sign_all, name="sign_all"),
    path(f"{A}pattern/", making.pattern, name="pattern"),
    path(f"{A}generate/", making.generate, name="generate"),
    path(f"{A}open/", making.open_all, name="open_all"),
    path(f"{A}runs/<int:pk>/", making.run, name="run"),
    path(f"{A}runs/<int:pk>/progress/", making.progress, name="run_progress"),
    path(f"{A}runs/<int:pk>/go-on/", making.go_on, name="run_go_on"),
    path(N, agreements.agreement, name="agreement"),
    path(f"{N}agreement.pdf", agreements.document, name="document"),
    path(f"{N}add/", editing.add, name="add"),
    path(f"{N}terms/", editing.terms, name="terms"),
    path(f"{N}supplement/", editing.supplement, name="supplement"),
    path(f"{N}end/", editing.end, name="end"),
    path(f"{N}carry-on/", editing.carry_on, name="carry_on"),
    path(f"{N}comment/", editing.comment, name="comment"),
    path(f"{N}comments/<int:pk>/answer/", editing.answer, name="answer"),
    path(f"{N}comments/<int:pk>/settle/", editing.settle, name="settle"),
    path(f"{N}clauses/<int:pk>/", editing.clause, name="clause"),
    path(f"{N}clauses/<int:pk>/remove/", editing.remove, name="remove"),
    path(f"{N}sign/", signing.sign, name="sign"),
    path(f"{N}signatures/", signing.signatures, name="signatures"),
    path(f"{N}evaluate/", carrying.evaluate, name="evaluate"),
    path(f"{N}<slug:step>/", agreements.step, name="step"),
]
