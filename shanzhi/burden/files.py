"""The register as a file: what a burden office keeps in a spreadsheet, read and written.

Columns by their names below, or by their Chinese titles; UTF-8 or GB18030. `scope` and `fields` are
joined by "|"; a scope is a code or the name of a division. `level` says who asks: the city, the
district or the sub-district of the scope. Codes are read as well as words; words are written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.kernel import Refused, places, sheets
from shanzhi.people.queries import departments
from shanzhi.places import queries as divisions

from . import rules
from .kinds import TIMES, Line
from .models import Campaign, Category, Cycle, Demand, Medium

TITLES = {
    "category": "类别", "title": "事项名称", "department": "发起部门", "level": "层级",
    "scope": "涉及范围", "basis": "依据", "cycle": "周期", "times": "每年次数",
    "minutes": "每次分钟", "staff": "每次人数", "money": "每年经费（元）", "payer": "付费部门",
    "fields": "要求填报的字段", "plaque_text": "牌匾文字", "plaque_place": "挂牌位置",
    "medium": "介质", "url": "系统地址",
}  # fmt: skip
NEEDED = ("category", "title", "department", "scope", "cycle", "minutes")
MOST = 20_000_000  # bytes
MOST_ROWS = 20_000
EXAMPLE = "示例："
WORDS = {  # as people write them, beside the codes
    Category: {"组织机构": "body", "活动阵地": "venue", "工作任务与指标": "target",
               "创建达标评比": "appraisal", "网站及信息系统": "system", "台账资料": "ledger",
               "盖章证明": "certificate", "考核": "assessment"},
    Cycle: {"一次性": "once", "每年": "yearly", "每半年": "half_yearly", "每季度": "quarterly",
            "每月": "monthly", "每周": "weekly", "每日": "daily", "每工作日": "daily",
            "按需": "on_demand"},
    Medium: {"纸质": "paper", "电子": "electronic", "纸质和电子": "both"},
    Demand.PlaquePlace: {"门口": "outside", "门外": "outside", "室内": "inside", "墙上": "wall"},
}  # fmt: skip
LEVELS = {"市级": "city", "区级": "district", "县级": "district", "街道级": "subdistrict",
          "镇级": "subdistrict"}  # fmt: skip
WRITTEN = {kind: {code: word for word, code in words.items()} for kind, words in WORDS.items()}


def read(content: bytes, campaign: Campaign) -> list[Line]:
    """Refused names every line of the file that cannot be read."""
    if len(content) > MOST:
        raise Refused(_("The file is larger than 20 MB."), field="file")
    rows = list(sheets.table(content, TITLES, NEEDED, {}))
    if not rows:
        raise Refused(_("There is no demand in this file."), field="file")
    if len(rows) > MOST_ROWS:
        raise Refused(_("More than %(most)s lines: split the file.") % {"most": MOST_ROWS},
                      field="file")  # fmt: skip
    known = _Known(campaign)
    found, wrong = [], []
    for number, row in rows:
        try:
            found.append(Line(number, known.values(row), _pieces(row.get("fields", ""))))
        except Refused as refusal:
            wrong.append(rules.in_line(number, refusal))
    rules.check_lines(wrong)
    return found


def _pieces(text):
    return [piece.strip()[:60] for piece in text.split("|") if piece.strip()]


class _Known:
    """What the cells of a file may name, read once for all its lines."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        self.departments = {name: code for code, name in departments().items()}
        self.departments |= {code: code for code in departments()}
        self.names = _names(campaign.place)
        self.shared = Counter(self.names.values())
        self.places = {name: code for code, name in self.names.items()}

    def values(self, row: Mapping[str, str]) -> dict[str, Any]:
        scope = [self._place(piece) for piece in _pieces(row["scope"])]
        cycle = _chosen(Cycle, row["cycle"], "cycle")
        times = row.get("times", "")
        return {
            "category": _chosen(Category, row["category"], "category"),
            "title": _title(row["title"]),
            "department": self._department(row["department"], "department"),
            "place": rules.issuer(_level(row.get("level", "")), scope, self.campaign.place),
            "scope": scope,
            "purpose": "",
            "basis": row.get("basis", "")[:300],
            "cycle": cycle,
            "times": _number(times, "times") if times else TIMES.get(Cycle(cycle), 0),
            "minutes": _number(row["minutes"], "minutes"),
            "staff": _number(row.get("staff") or "1", "staff"),
            "money": _number(row.get("money") or "0", "money"),
            "payer": self._department(row["payer"], "payer") if row.get("payer") else None,
            "medium": _chosen(Medium, row.get("medium", ""), "medium", blank=True),
            "plaque": row.get("plaque_text", "")[:60],
            "plaque_place": _chosen(
                Demand.PlaquePlace, row.get("plaque_place", ""), "plaque_place", blank=True
            ),
            "url": row.get("url", "")[:200],
            "valid_from": self.campaign.began_on,
            "valid_to": None,
        }

    def _department(self, text, column):
        if text not in self.departments:
            raise Refused(_("There is no department “%(name)s”.") % {"name": text}, field=column)
        return self.departments[text]

    def _place(self, text):
        if text in self.names:
            return text
        if self.shared[text] > 1:
            raise Refused(_("Several divisions are called “%(name)s”; write the code.")
                          % {"name": text}, field="scope")  # fmt: skip
        if text not in self.places:
            raise Refused(_("There is no division “%(name)s” here.") % {"name": text},
                          field="scope")  # fmt: skip
        return self.places[text]


def _names(place):
    """The short name of each division of a place, by code."""
    found = divisions.inside(place).exclude(level="grid")
    return dict(found.values_list("code", "short_name"))


def _level(text):
    level = LEVELS.get(text, text) or "city"
    if level not in LEVELS.values():
        raise Refused(_("The level “%(level)s” does not fit its scope.") % {"level": text},
                      field="level")  # fmt: skip
    return level


def _chosen(kind, text, column, blank=False):
    code = WORDS[kind].get(text, text)
    if code in kind.values or (blank and not code):
        return code
    raise Refused(not_one_of(text, TITLES.get(column, column), WORDS[kind]), field=column)


def not_one_of(text: str, column: str, known: Iterable[str]) -> str:
    words = {"text": text, "column": column, "known": "、".join(known)}
    return _("“%(text)s” is not one of %(column)s: %(known)s.") % words


def _title(text):
    if text.startswith(EXAMPLE):
        raise Refused(_("this is the example of the form; delete this line."), field="title")
    return _text(text, 100, "title")


def _text(text, most, column):
    if not text or len(text) > most:
        raise Refused(_("%(column)s: between 1 and %(most)s characters.")
                      % {"column": TITLES[column], "most": most}, field=column)  # fmt: skip
    return text


def _number(text, column):
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Refused(_("%(column)s: a whole number, not “%(text)s”.")
                      % {"column": TITLES[column], "text": text}, field=column)  # fmt: skip
    return int(text)


# --- writing --------------------------------------------------------------------------------------


def written(demands: Iterable[Demand]) -> Iterator[str]:
    """What `read` reads back, and three columns more."""
    more = [pgettext("demand", "Number"), _("State"), _("Hours a year in one community")]
    words = _Words()
    return sheets.lines(
        chain([[*TITLES.values(), *more]], (_cells(each, words) for each in demands))
    )


class _Words:
    """What codes are called, read once for all lines; a name that several share stays a code."""

    def __init__(self):
        self.departments = departments()
        names = _names(settings.SHANZHI_CITY)
        shared = Counter(names.values())
        self.places = {code: name for code, name in names.items() if shared[name] == 1}
        self.levels = {code: word for word, code in reversed(LEVELS.items())}

    def department(self, code):
        return self.departments.get(code, code) if code else ""

    def scope(self, codes):
        return "|".join(self.places.get(code, code) for code in codes)


def _cells(each, words):
    fields = "|".join(field.name for field in each.fields.all())
    return [
        WRITTEN[Category][each.category], each.title, words.department(each.department_id),
        words.levels[places.level(each.place)], words.scope(each.scope), each.basis,
        WRITTEN[Cycle][each.cycle], each.times, each.minutes, each.staff, each.money,
        words.department(each.payer_id), fields, each.plaque,
        WRITTEN[Demand.PlaquePlace].get(each.plaque_place, ""),
        WRITTEN[Medium].get(each.medium, ""), each.url, each.number, each.get_state_display(),
        round(each.times * each.minutes * each.staff / 60, 1),
    ]  # fmt: skip


def example(place: str) -> Iterator[str]:
    """The columns, and one line as an example of what stands in them."""
    values = {
        "category": "台账资料", "title": f"{EXAMPLE}垃圾分类周报表（上传前请删去本行）",
        "department": "城管", "level": "市级", "scope": _names(place).get(place, place),
        "cycle": "每周", "times": 52, "minutes": 40, "staff": 1, "money": 0,
        "fields": "户数|常住人口|本周督导次数", "medium": "电子",
    }  # fmt: skip
    return sheets.lines([list(TITLES.values()), [values.get(name, "") for name in TITLES]])
