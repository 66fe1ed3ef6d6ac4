from django.urls import path

from .views import actions, apply, desk, items, resident, routes

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
    # the desk: service items and routing
    path("desk/items/", items.index, name="items"),
    path("desk/items/new/", items.new, name="item_new"),
    path("desk/items/import/", items.take, name="item_import"),
    path("desk/items/export.json", items.export, {"kind": "json"}, name="item_json"),
    path("desk/items/export.csv", items.export, {"kind": "csv"}, name="item_csv"),
    path("desk/items/<slug:code>/", items.item, name="item"),
    path("desk/items/<slug:code>/edit/", items.edit, name="item_edit"),
    path("desk/items/<slug:code>/compare/", items.compare, name="item_compare"),
    path("desk/items/<slug:code>/publish/", items.publish, name="item_publish"),
    path("desk/items/<slug:code>/retire/", items.retire, name="item_retire"),
    path("desk/items/<slug:code>/discard/", items.discard, name="item_discard"),
    path("desk/routes/", routes.index, name="routes"),
    path("desk/routes/new/", routes.new, name="route_new"),
    path("desk/routes/try/", routes.simulate, name="route_try"),
    path("desk/routes/<int:pk>/", routes.edit, name="route"),
    path("desk/routes/<int:pk>/move/", routes.move, name="route_move"),
    path("desk/routes/<int:pk>/delete/", routes.delete, name="route_delete"),
    # the desk: cases
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
