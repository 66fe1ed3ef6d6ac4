from django.conf import settings
from django.urls import path

from .views import errors, home, prefs, styleguide

app_name = "shell"
urlpatterns = [
    path("", home.home, name="home"),
    path("prefs/large", prefs.large, name="large"),
    path("prefs/language", prefs.language, name="language"),
    path("offline/", errors.offline, name="offline"),
    path("sw.js", errors.worker, name="worker"),
]
if settings.SHANZHI_DEMO:
    urlpatterns += [
        path("styleguide/", styleguide.phone, name="styleguide"),
        path("styleguide/desk/", styleguide.desk, name="styleguide_desk"),
        path("styleguide/plain/", styleguide.plain, name="styleguide_plain"),
        path("styleguide/paper/", styleguide.paper, name="styleguide_paper"),
        path("styleguide/fault/<slug:name>/", styleguide.fault, name="styleguide_fault"),
    ]
