"""Reads the State Council's yearly notice as it is published, so that nobody types dates.

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
"""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

from .rules import Rest

LINE = re.compile(r"([\u4e00-\u9fff、]{2,10})\s*[：:]([^\n]*)")
HEAD = re.compile(r"^[一二三四五六七八九十]+、")
BRACKETS = re.compile(r"[（(][^）)]*[）)]")
SPAN = re.compile(r"(\d{1,2})月(\d{1,2})日(?:至(?:(\d{1,2})月)?(\d{1,2})日)?[^。；;，,]*放假")
WORKS = re.compile(r"((?:(?:\d{1,2}月)?\d{1,2}日[、和及]?)+)[^。；;]*上班")
DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日")


def parse(text: str, year: int) -> tuple[tuple[Rest, ...], tuple[date, ...]]:
    """The holidays and the make-up workdays that the text names."""
    rests, makeups = [], []
    for name, words in LINE.findall(BRACKETS.sub("", text.replace(f"{year}年", ""))):
        if span := SPAN.search(words):
            month, first, last_month, last = span.groups()
            rests.append(
                Rest(
                    HEAD.sub("", name),
                    _day(year, month, first),
                    _day(year, last_month or month, last or first),
                )
            )
            makeups += _makeups(words[span.end() :], year)
    if not rests:
        raise Refused(
            _("No holidays were found in this text. Paste the numbered part of the notice."),
            field="text",
        )
    return tuple(rests), tuple(sorted(makeups))


def _makeups(words: str, year: int) -> list[date]:
    found, month = [], None
    for listed in WORKS.findall(words):
        for own, day in DAY.findall(listed):
            month = own or month
            found.append(_day(year, month, day))
    return found


def _day(year: int, month: str | None, day: str) -> date:
    try:
        return date(year, int(month or 0), int(day))
    except ValueError:
        raise Refused(
            _("%(month)s-%(day)s is no day of the calendar.") % {"month": month, "day": day},
            field="text",
        ) from None
