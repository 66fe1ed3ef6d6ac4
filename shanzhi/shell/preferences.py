"""What a visitor chose for this device: language, and large type. A cookie, then the account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

LARGE = "large"
YEAR = 365 * 24 * 3600


def language(request: HttpRequest) -> str:
    """The language of the cookie, or ""."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else ""


def large(request: HttpRequest) -> bool | None:
    return {"1": True, "0": False}.get(request.COOKIES.get(LARGE))


def remember(
    response: HttpResponse, *, language: str | None = None, large: bool | None = None
) -> HttpResponse:
    if language is not None:
        _set(response, settings.LANGUAGE_COOKIE_NAME, language)
    if large is not None:
        _set(response, LARGE, "1" if large else "0")
    return response


def _set(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
