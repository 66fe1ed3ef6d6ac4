"""How a code reaches a phone. SHANZHI_SMS names a function of (phone, text); these come along.

A city's gateway is one more such function: it returns when the gateway has taken the message and
raises Refused when it has not.
"""

import logging

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from shanzhi.kernel import masking
from shanzhi.kernel.acting import SYSTEM

from . import commands

logger = logging.getLogger(__name__)


def send(phone: str, text: str) -> None:
    import_string(settings.SHANZHI_SMS)(phone, text)


def inbox(phone: str, text: str) -> None:
    """Keeps it for the demonstration's sign-in page."""
    commands.keep_sent_code(phone=phone, text=text, by=SYSTEM, at=timezone.now())


def log(phone: str, text: str) -> None:
    """For trying an installation out before it has a gateway: the operator reads the code."""
    logger.info("to %s: %s", masking.phone(phone), text)
