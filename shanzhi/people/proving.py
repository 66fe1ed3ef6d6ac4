"""Who sits there: the password typed once more before something that binds."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

from . import limits


def asks_password(request: HttpRequest) -> bool:
    """Not of the demonstration's people, who have none."""
    return not (settings.SHANZHI_DEMO and request.session.get("demo"))


def check_password(request: HttpRequest, password: str) -> None:
    """Wrong ones are counted with those of the sign-in, and lock the name as there."""
    if not asks_password(request):
        return
    subject = request.user.username.lower()
    if not limits.count_try(subject):
        limits.ask_to_wait(request, limits.LOCKED_SECONDS)
        raise limits.TooMany(_("That was too often in a short time. Please try again later."))
    if not request.user.check_password(password):
        raise Refused(_("The password is wrong."), field="password")
    limits.forget_tries(subject)
