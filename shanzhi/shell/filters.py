"""How values look on pages, in the reader's language."""

import datetime as dt
from functools import lru_cache
from urllib.parse import urlencode

from django.utils import dateformat, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from jinja2 import pass_context

from shanzhi.kernel import masking


def date(value: dt.date | dt.datetime | None) -> str:
    """11月18日, 18 Nov; with the year where it is not this one."""
    if not value:
        return ""
    day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return _written(day, timezone.localdate().year, get_language())


@lru_cache(4096)
def _written(day, year, language):
    if day.year == year:
        return dateformat.format(day, pgettext("date format", "j M"))
    return dateformat.format(day, pgettext("date format", "j M Y"))


def clock_time(value: dt.datetime | None) -> str:
    return _local(value).strftime("%H:%M") if value else ""


def full_date(value: dt.date | None) -> str:
    """2026年11月18日: as on paper, with the year in any year."""
    return _written(value, 0, get_language()) if value else ""


def date_and_time(value: dt.datetime | None) -> str:
    return f"{date(value)} {clock_time(value)}" if value else ""


def number(value: float) -> str:
    """36,365: rounded to a whole, in thousands."""
    return f"{round(value):,}"


BROWSERS = (  # the first that is named: most of them call themselves Safari as well
    ("MicroMessenger", t("WeChat")), ("Edg", "Edge"), ("HuaweiBrowser", t("Huawei browser")),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
DEVICES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("OpenHarmony", t("Harmony phone")),
    ("Android", t("Android phone")), ("Windows", t("Windows computer")),
    ("Macintosh", t("Mac computer")), ("Linux", t("Linux computer")),
)  # fmt: skip


def device(user_agent: str) -> str:
    """What somebody would call it: Android 手机 · 微信."""
    names = (
        next((str(name) for mark, name in known if mark in user_agent), "")
        for known in (DEVICES, BROWSERS)
    )
    return " · ".join(filter(None, names)) or _("Unknown device")


def qs(query, **changes) -> str:
    """The query string with some values changed; None takes one out: request.GET|qs(page=None)"""
    values = dict(query.items()) | changes
    return urlencode({key: value for key, value in values.items() if value not in (None, "")})


def _local(value):
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


def _spoken(function):
    """Jinja2 would work out a filter over a constant once, in the language of its first reader."""

    @pass_context
    def filter_of_context(context, value):
        return function(value)

    return filter_of_context


FILTERS = {
    "number": number,
    "date": _spoken(date),
    "full_date": _spoken(full_date),
    "time": clock_time,
    "datetime": _spoken(date_and_time),
    "device": _spoken(device),
    "qs": qs,
    "mask_name": masking.name,
    "mask_phone": masking.phone,
    "mask_identity": masking.identity,
    "mask_address": masking.address,
}
