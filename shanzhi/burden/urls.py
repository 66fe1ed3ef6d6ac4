from django.urls import path

from .views import accounts, campaigns, demands, ledgers, lists, overview, systems, walls

app_name = "burden"
B = "desk/burden/"
D = f"{B}demands/<slug:number>/"
S = f"{B}systems/<slug:number>/"
P = f"{B}wall/<int:pk>/"
urlpatterns = [
    path("closings/", systems.closings, name="closings"),
    path("closings/<slug:number>/", systems.closing, name="closing"),
    path(B, accounts.index, name="account"),
    path(f"{B}compare/", accounts.compare, name="compare"),
    path(f"{B}demands/", demands.index, name="demands"),
    path(f"{B}demands.csv", demands.export, name="demands_csv"),
    path(f"{B}campaign/", campaigns.index, name="campaign"),
    path(f"{B}campaign/begin/", campaigns.begin, name="begin"),
    path(f"{B}campaign/count/", campaigns.count, name="count"),
    path(f"{B}campaign/load/", campaigns.load, name="load"),
    path(f"{B}campaign/register.csv", campaigns.template, name="template"),
    path(f"{B}campaign/freeze/", campaigns.freeze, name="freeze"),
    path(f"{B}campaign/remark/<slug:category>/", campaigns.remark, name="remark"),
    path(f"{B}campaign/enter/", campaigns.enter, name="enter"),
    path(f"{B}cleanup/", campaigns.cleanup, name="cleanup"),
    path(f"{B}four/", overview.index, name="four"),
    path(f"{B}gate/", overview.gatekeeping, name="gatekeeping"),
    path(f"{B}wall/", walls.index, name="wall"),
    path(f"{B}wall/walk/", walls.walk, name="walk"),
    path(f"{B}wall/new/", walls.add, name="plaque_add"),
    path(f"{B}wall/sheet/", walls.sheet, name="wall_sheet"),
    path(f"{B}wall.csv", walls.export, name="wall_csv"),
    path(P, walls.plaque, name="plaque"),
    path(f"{P}mark/", walls.mark, name="plaque_mark"),
    path(f"{P}down/", walls.take_down, name="plaque_down"),
    path(f"{P}strike/", walls.strike, name="plaque_strike"),
    path(f"{B}ledgers/", ledgers.index, name="ledgers"),
    path(f"{B}ledgers/<slug:number>/", ledgers.ledger, name="ledger"),
    path(f"{B}systems/", systems.index, name="systems"),
    path(f"{B}systems/logins/", systems.logins, name="logins"),
    path(S, systems.system, name="system"),
    path(f"{S}announce/", systems.announce, name="announce_closing"),
    path(f"{S}notice/", systems.draft, name="closing_draft"),
    path(f"{B}lists/", lists.index, name="lists"),
    path(f"{B}lists/new/", lists.draft, name="draft"),
    path(f"{B}lists/entries/<int:pk>/", lists.entry, name="list_entry"),
    path(f"{B}lists/editions/<int:pk>.csv", lists.export, name="edition_csv"),
    path(f"{B}lists/editions/<int:pk>/", lists.compare, name="edition_compare"),
    path(f"{B}lists/editions/<int:pk>/publish/", lists.publish, name="edition_publish"),
    path(f"{B}lists/editions/<int:pk>/discard/", lists.discard, name="edition_discard"),
    path(f"{B}whose/", lists.whose, name="whose"),
    path(D, demands.demand, name="demand"),
    path(f"{D}amend/", campaigns.amend, name="amend"),
    path(f"{D}discard/", campaigns.discard, name="discard"),
    path(f"{D}undo/<int:pk>/", demands.undo, name="undo"),
    path(f"{D}<slug:verb>/", demands.decide, name="decide"),
]
