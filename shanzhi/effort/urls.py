from django.urls import path

from .views import diary, results, settings

app_name = "effort"
E = "desk/effort/"
urlpatterns = [
    path(E, results.index, name="index"),
    path("desk/effort.csv", results.export, name="csv"),
    path(f"{E}diary/", diary.index, name="diary"),
    path(f"{E}diary/join/", diary.join, name="join"),
    path(f"{E}diary/leave/", diary.leave, name="leave"),
    path(f"{E}half-day/", diary.half_day, name="half_day"),
    path(f"{E}standards/", settings.index, name="standards"),
    path(f"{E}standards/<slug:kind>/", settings.standard, name="standard"),
    path(f"{E}workers/", settings.headcounts, name="headcounts"),
    path(f"{E}workers/posts/<int:pk>/", settings.posts_tell, name="posts_tell"),
]
