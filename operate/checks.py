"""Django's system check, with what only this project knows. Registered when this is imported."""

import base64
import binascii

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.utils.translation import gettext as _

from config.settings import development

DEVELOPMENT_KEYS = frozenset(development.SHANZHI_KEYS)


def weak_keys(keys: list[str]) -> str:
    """What is wrong with SHANZHI_KEYS, "" where nothing is."""
    if not keys:
        return _("SHANZHI_KEYS is empty: personal values cannot be sealed.")
    if DEVELOPMENT_KEYS & set(keys):
        return _("SHANZHI_KEYS holds the development key, which everybody can read in the source.")
    for key in keys:
        try:
            plain = base64.b64decode(key, validate=True)
        except (ValueError, binascii.Error):
            return _("A key in SHANZHI_KEYS is not base64.")
        if len(plain) != 32:
            return _("A key in SHANZHI_KEYS does not have 32 bytes.")
        if len(set(plain)) < 12:
            return _("A key in SHANZHI_KEYS is not random.")
    return ""


@register(Tags.security, deploy=True)
def no_demo_sign_in(app_configs, **kwargs) -> list[Error]:
    if not settings.SHANZHI_DEMO:
        return []
    return [
        Error(
            "One-click sign-in of the demonstration is on: anybody becomes anybody.",
            hint="Set SHANZHI_SETTINGS=production, which has it off.",
            id="shanzhi.E001",
        )
    ]


@register(Tags.security, deploy=True)
def strong_keys(app_configs, **kwargs) -> list[Error]:
    trouble = weak_keys(settings.SHANZHI_KEYS)
    if not trouble:
        return []
    hint = "Make one with `shanzhi keys new`; keep older keys at the end of the list."
    return [Error(trouble, hint=hint, id="shanzhi.E002")]
