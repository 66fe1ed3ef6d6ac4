from django.urls import path

from .views import (
    applications,
    applying,
    catalogue,
    issuing,
    public,
    refusing,
    register,
    report,
    units,
)

app_name = "certificates"
ME = "certificates/mine/"
D = "desk/certificates/"
urlpatterns = [
    # everybody
    path("certificates/", public.index, name="public"),
    path("certificates/commitment/<int:pk>/", public.commitment, name="commitment"),
    path("c/<str:token>/", public.check, name="check"),
    # a resident
    path("certificates/<int:pk>/apply/", applying.apply, name="apply"),
    path("certificates/<int:pk>/letter/", applying.take_letter, name="take_letter"),
    path("certificates/note/", applying.take_note, name="take_note"),
    path("certificates/units/", applying.units, name="units"),
    path(ME, applying.mine, name="mine"),
    path(f"{ME}<int:pk>/", applying.own, name="own"),
    path(f"{ME}<int:pk>/complete/", applying.complete, name="complete"),
    path(f"{ME}<int:pk>/withdraw/", applying.withdraw, name="withdraw"),
    path(f"{ME}<int:pk>/file/", applying.own_pdf, name="own_pdf"),
    path(f"{ME}letters/<slug:number>/", applying.own_letter, name="own_letter"),
    # the desk: what was asked for on the phone
    path(f"{D}applications/", applications.index, name="applications"),
    path(f"{D}applications/<int:pk>/", applications.application, name="application"),
    path(f"{D}applications/<int:pk>/ask/", applications.ask, name="application_ask"),
    path(f"{D}applications/<int:pk>/decline/", applications.decline, name="application_decline"),
    # the desk: catalogue
    path(D, catalogue.index, name="index"),
    path(f"{D}catalogue/", catalogue.editions, name="editions"),
    path(f"{D}catalogue/new/", catalogue.draft, name="draft"),
    path(f"{D}catalogue/new/pattern.csv", catalogue.pattern, name="pattern"),
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
    path(f"{D}report/units/", units.index, name="unit_names"),
    path(f"{D}report/units/<int:pk>/part/", units.part, name="unit_part"),
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
