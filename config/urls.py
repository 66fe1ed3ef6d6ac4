from django.conf import settings
from django.urls import include, path

from shanzhi.shell.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("shanzhi.shell.urls")),
    path("", include("shanzhi.effort.urls")),
    path("", include("shanzhi.cases.urls")),
    path("", include("shanzhi.agreements.urls")),
    path("", include("shanzhi.gate.urls")),
    path("", include("shanzhi.certificates.urls")),
    path("", include("shanzhi.burden.urls")),
    path("", include("shanzhi.registry.urls")),
    path("", include("shanzhi.people.urls")),
    path("", include("shanzhi.places.urls")),
    path("files/", include("shanzhi.files.urls")),
    path("desk/", include("shanzhi.work.urls")),
    *(path("", include(f"shanzhi.lines.{line}.urls")) for line in settings.LINES),
]

handler400 = "shanzhi.shell.views.errors.bad_request"
handler403 = "shanzhi.shell.views.errors.forbidden"
handler404 = "shanzhi.shell.views.errors.not_found"
handler500 = "shanzhi.shell.views.errors.broken"
