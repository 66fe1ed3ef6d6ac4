from django.urls import path

from . import views

app_name = "work"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("duties/<int:pk>/take/", views.take, name="take"),
    path("duties/<int:pk>/give-back/", views.give_back, name="give_back"),
    path("duties/<int:pk>/assign/", views.assign, name="assign"),
    path("duties/several/", views.several_at_once, name="several"),
    path("units/", views.units, name="units"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:year>/", views.calendar, name="year"),
    path("calendar/<int:year>/edit/", views.edit_year, name="edit_year"),
]
