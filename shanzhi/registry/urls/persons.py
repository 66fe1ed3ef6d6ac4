"""Residents, households, transfers and conflicts, restricted tags, numbers."""

from django.urls import path

from ..views import (
    deaths,
    households,
    households_steps,
    numbers,
    persons,
    persons_steps,
    settling,
    tags,
)

R = "desk/registry/"
urlpatterns = [
    path(R, persons.index, name="residents"),
    path(f"{R}search/", persons.search, name="search"),
    path(f"{R}twins/", persons.twins, name="twins"),
    path(f"{R}numbers/", numbers.index, name="numbers"),
    path(f"{R}persons/<int:pk>/", persons.person, name="person"),
    path(f"{R}persons/<int:pk>/verify/", persons.verify, name="verify"),
    path(f"{R}persons/<int:pk>/tags/", tags.new, name="tag_new"),
    path(f"{R}persons/<int:pk>/edit/<slug:section>/", persons.edit, name="edit_person"),
    path(f"{R}persons/<int:pk>/step/<slug:code>/", persons_steps.step, name="person_step"),
    path(f"{R}households/new/", households.new, name="new_household"),
    path(f"{R}households/<int:pk>/", households.household, name="household"),
    path(f"{R}households/<int:pk>/print/", households.paper, name="household_paper"),
    path(f"{R}households/<int:pk>/add/", households.add_member, name="add_member"),
    path(f"{R}households/<int:pk>/step/<slug:code>/", households_steps.step, name="household_step"),
    path(f"{R}settling/", settling.index, name="settling"),
    path(f"{R}deaths/<int:pk>/", deaths.death, name="death"),
    path(f"{R}conflicts/<int:pk>/", settling.settle, name="settle_conflict"),
    path(f"{R}transfers/new/", settling.ask, name="transfer_new"),
    path(f"{R}transfers/<int:pk>/", settling.transfer, name="transfer"),
    path(f"{R}tags/", tags.index, name="tags"),
    path(f"{R}tags/<int:pk>/", tags.tag, name="tag"),
]
