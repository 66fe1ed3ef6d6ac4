from django.urls import path

from .views import actions, apply, desk, resident

app_name = "cases"
urlpatterns = [
    # residents
    path("serve/", resident.serve, name="serve"),
    path("serve/<slug:code>/", resident.guide, name="guide"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<slug:number>/", resident.case, name="own"),
    path("mine/<slug:number>/rate/", resident.rate, name="rate"),
    path("mine/<slug:number>/reopen/", resident.reopen, name="reopen"),
    path("mine/<slug:number>/withdraw/", resident.withdraw, name="withdraw"),
    path("progress/", resident.progress, name="progress"),
    # residents, and workers for residents
    path("apply/<slug:code>/", apply.begin, name="apply"),
    path("apply/<slug:code>/<uuid:submission>/", apply.fill, name="fill"),
    path("apply/<slug:code>/<uuid:submission>/check/", apply.check, name="check"),
    path("receipt/<slug:number>/", apply.receipt, name="receipt"),
    path("correct/<slug:number>/", resident.correct, name="correct"),
    path("drafts/<uuid:submission>/discard/", apply.discard, name="discard"),
    # the desk
    path("desk/cases/", desk.index, name="index"),
    path("desk/cases/new/", desk.start, name="start"),
    path("desk/cases/<slug:number>/", desk.case, name="case"),
    path("desk/cases/<slug:number>/print/", desk.paper, name="paper"),
    path("desk/cases/<slug:number>/remark/", desk.remark, name="remark"),
    path("desk/cases/<slug:number>/reveal/", desk.reveal, name="reveal"),
    path("desk/cases/<slug:number>/step/<int:step>/", desk.step, name="step"),
    path("desk/cases/<slug:number>/help/<int:helper>/", desk.answer_help, name="answer_help"),
    path(
        "desk/cases/<slug:number>/help/<int:helper>/release/",
        desk.release_helper,
        name="release_helper",
    ),
    path("desk/cases/<slug:number>/<slug:code>/", actions.act, name="act"),
]
