"""Who signs and examines documents here: what SHANZHI_SEAL names, imported when first asked."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from .kinds import Seal

MOST = 20_000_000  # bytes of a document that somebody brings to be examined


@cache
def seal() -> Seal:
    return import_string(settings.SHANZHI_SEAL)
