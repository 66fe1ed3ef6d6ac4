"""Icons as inline SVG: nothing to fetch, coloured by the text around them."""

from functools import cache, lru_cache

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from markupsafe import Markup

from . import vendor

FALLBACK = "point"  # a page is not lost for a name mistyped in an item's data
FRAME = (
    '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none"'
    ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
)


@cache
def drawings() -> dict[str, str]:
    try:
        return orjson.loads(vendor.ICONS.read_bytes())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "Icons are missing: run `npm ci` and `python -m shanzhi.shell.vendor`."
        ) from None


def icon(name: str, label: str = "") -> Markup:
    """`label` is read out; without it the icon is decoration beside a text that says the same."""
    if not label:
        return decoration(name)
    drawing = drawings().get(name) or drawings()[FALLBACK]
    return Markup(FRAME + format_html('role="img" aria-label="{}">', label) + drawing + "</svg>")


@lru_cache(1000)
def decoration(name: str) -> Markup:
    drawing = drawings().get(name) or drawings()[FALLBACK]
    return Markup(f'{FRAME}aria-hidden="true" focusable="false">{drawing}</svg>')
