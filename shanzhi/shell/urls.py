from django.conf import settings
from django.urls import path

from .views import audit, errors, home, photos, prefs, styleguide

app_name = "shell"
urlpatterns = [
    path("", home.home, name="home"),
    path("prefs/large", prefs.large, name="large"),
    path("prefs/language", prefs.language, name="language"),
    path("desk/cards/<int:card_id>/photo/", photos.card, name="card_photo"),
    path("desk/cards/<int:card_id>/photo/remove/", photos.remove, name="remove_card_photo"),
    path("desk/audit/", audit.index, name="audit"),
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
