"""Our one template language: its globals, filters and components."""

from collections.abc import MutableMapping
from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup

from . import addresses, filters, icons, widgets


class Plain(Environment):
    """Every template of a page starts with a copy of the globals, and Jinja2 chains them with
    nothing: to copy such a chain takes thirty times as long.
    """

    def make_globals(self, own: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(own) if own else self.globals


def environment(**options) -> Environment:
    env = Plain(
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.install_gettext_callables(
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals |= {
        "_": _gettext,
        "gettext": _gettext,
        "static": cache(static),  # of a release, they stay
        "url": _url,
        "icon": icons.icon,
        "control": widgets.control,
        "control_kind": widgets.control_kind,
        "control_choices": widgets.control_choices,
        "description_ids": widgets.description_ids,
    }
    env.filters |= filters.FILTERS
    return env


def _url(name: str, *args, **kwargs) -> str:
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else addresses.of(name)


def _gettext(message: str, **values: Any) -> Markup:
    """As Jinja2's own, which asks four functions for each of a page's hundred messages."""
    if values:
        return Markup(translation.gettext(message)) % values
    return _fixed(message, translation.get_language())


@lru_cache(10_000)
def _fixed(message: str, language: str | None) -> Markup:
    return Markup(translation.gettext(message)) % {}
