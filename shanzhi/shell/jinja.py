"""Our one template language: its globals, filters and components."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment

from . import filters, icons, widgets


def environment(**options) -> Environment:
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.install_gettext_callables(
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals |= {
        "static": static,
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
    return reverse(name, args=args, kwargs=kwargs)
