from functools import cache

from csp.constants import HEADER
from csp.utils import build_policy
from django.utils import translation

from . import faults as fault_pages
from . import preferences

DEFAULT = "zh-hans"


def content_policy(get_response):
    """django-csp's header. Its own middleware composes it anew for each answer, and ours is one."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault(HEADER, _policy())
        return response

    return middleware


@cache
def _policy():
    return build_policy()


def faults(get_response):
    """Turns what a page cannot help into a page that says so, at once."""

    def middleware(request):
        if fault_pages.breaker.is_open:
            with translation.override(preferences.language(request) or DEFAULT):
                return fault_pages.page(request, fault_pages.UNREACHABLE)
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            return _only_sent(request, response)
        return response

    middleware.process_exception = fault_pages.answer
    return middleware


def _only_sent(request, response):
    """A reload, or a change of language, asks for the address that a form was sent to."""
    page = fault_pages.page(request, fault_pages.ONLY_SENT)
    for name, value in response.headers.items():
        page.headers.setdefault(name, value)
    del page.headers["Content-Length"]  # of the empty answer
    return page


def language(get_response):
    """Chinese, unless this device or this account chose another language.

    Accept-Language is not asked: browsers of Chinese users often claim English.
    """

    def middleware(request):
        chosen = preferences.language(request)
        translation.activate(chosen or DEFAULT)
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or DEFAULT)
        if not chosen and _account(request):
            preferences.remember(response, language=translation.get_language())
        return response

    def process_view(request, view, args, kwargs):
        """Only now is it known who asks."""
        account = None if preferences.language(request) else _account(request)
        if account and account.language:
            translation.activate(account.language)

    middleware.process_view = process_view
    return middleware


def _account(request):
    if getattr(request, "faulty", False):
        return None
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
