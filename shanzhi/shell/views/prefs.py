from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shanzhi.people.commands import set_preferences

from .. import preferences


@require_POST
def large(request: HttpRequest) -> HttpResponse:
    return _remember(request, large=request.POST.get("large") == "1")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    return _remember(request, language=code if code in dict(settings.LANGUAGES) else None)


def _remember(request: HttpRequest, **chosen) -> HttpResponse:
    if request.user.is_authenticated:
        set_preferences(account_id=request.user.pk, **chosen, by=request.actor, at=timezone.now())
    return preferences.remember(HttpResponseRedirect(_next(request)), **chosen)


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else "/"
