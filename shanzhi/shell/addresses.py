"""Addresses of pages without parameters, worked out once: a page's frame has thirty of them."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_urlconf, reverse


def of(name: str) -> str:
    """Raises NoReverseMatch where there is no such page."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(1000)
def _reversed(name: str, urlconf: str) -> str:
    return reverse(name, urlconf)
