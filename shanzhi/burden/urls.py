from django.urls import path

from .views import accounts, campaigns, demands

app_name = "burden"
B = "desk/burden/"
D = f"{B}demands/<slug:number>/"
urlpatterns = [
    path(B, accounts.index, name="account"),
    path(f"{B}compare/", accounts.compare, name="compare"),
    path(f"{B}demands/", demands.index, name="demands"),
    path(f"{B}demands.csv", demands.export, name="demands_csv"),
    path(f"{B}campaign/", campaigns.index, name="campaign"),
    path(f"{B}campaign/count/", campaigns.count, name="count"),
    path(f"{B}campaign/load/", campaigns.load, name="load"),
    path(f"{B}campaign/register.csv", campaigns.template, name="template"),
    path(f"{B}campaign/freeze/", campaigns.freeze, name="freeze"),
    path(f"{B}campaign/remark/<slug:category>/", campaigns.remark, name="remark"),
    path(f"{B}campaign/enter/", campaigns.enter, name="enter"),
    path(f"{B}cleanup/", campaigns.cleanup, name="cleanup"),
    path(D, demands.demand, name="demand"),
    path(f"{D}amend/", campaigns.amend, name="amend"),
    path(f"{D}discard/", campaigns.discard, name="discard"),
    path(f"{D}undo/<int:pk>/", demands.undo, name="undo"),
    path(f"{D}<slug:verb>/", demands.decide, name="decide"),
]
