from django.urls import include, path

urlpatterns = [path("", include("shanzhi.places.urls")), path("", include("config.urls"))]
