"""What requests say: a thousand of them, really checked, parted, sealed and cut into words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import orjson
from django.db import connection

from shanzhi.cases import answers, kinds, queries
from shanzhi.cases.content import content
from shanzhi.cases.models import Case, Item
from shanzhi.cases.shapes import FormField
from shanzhi.kernel import identifiers

from .tables import binary, text

SIZE = 1000
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
)
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
NAMES = [f"{a}{b}{c}" for b in STEMS for c in BRANCHES for a in SURNAMES]  # nobody is called so
ESTATES = [
    f"{a}{b}"
    for a in ("丽景", "天安", "河海", "通江", "太湖", "晋陵")
    for b in ("花园", "新村", "家园", "苑")
]

WHERE = [
    "小区南门",
    "单元门口",
    "地下车库",
    "楼道里",
    "河边步道",
    "菜场旁边",
    "健身角",
    "公交站后面",
]
WHAT = [
    "路灯不亮",
    "堆了很多杂物",
    "一直在漏水",
    "夜里很吵",
    "门关不上",
    "有人乱停车",
    "井盖松动",
    "树枝压到电线",
]
SINCE = [
    "已经一个星期了",
    "从上个月开始",
    "昨天晚上又是这样",
    "反映过还没有解决",
    "老人和孩子都不敢走",
]
WISH = ["希望尽快派人来看", "请帮忙联系物业", "能不能装一个提示牌", "麻烦给个答复", "谢谢"]


@dataclass(frozen=True)
class Variant:
    """The columns of a case that come from what was said, as text of COPY."""

    item: int  # position in Pool.items
    line: str
    title: str
    identified: bool


COLUMNS = ("item_id", "category", "title", "answers", "sealed", "words", "identity", "search")


@dataclass(frozen=True)
class Pool:
    items: list[Item]
    variants: list[Variant]
    of_item: np.ndarray  # item of each variant
    raw: list[tuple[Item, dict[str, Any]]]  # the same, as a browser would send them


def make(rng: np.random.Generator, today: date, size: int = SIZE) -> Pool:
    items = [item for item in queries.published().order_by("code") if _is_sent_without_files(item)]
    chosen = rng.integers(0, len(items), size).tolist()
    raw = [(items[n], _answers(rng, _fields(items[n]))) for n in chosen]
    variants = [
        _variant(n, items[n], typed, today) for n, (_i, typed) in zip(chosen, raw, strict=True)
    ]
    return Pool(items, variants, np.array(chosen), raw)


def _is_sent_without_files(item):
    files = [each for each in _fields(item) if each.type == "file" and each.required]
    return kinds.get(item.kind).sent and not files


def _fields(item):
    return [FormField.model_validate(each) for each in item.form]


def _variant(n, item, typed, today):
    fields = _fields(item)
    made = content(item, fields, answers.clean(fields, typed, today=today), location="")
    case = Case._meta
    sealed = case.get_field("sealed").get_prep_value(made["sealed"])
    identity = case.get_field("identity").get_prep_value(made["identity"])
    category = "010203" if item.code == "open-report" else ""
    values = [
        str(item.pk), category, text(made["title"]), text(orjson.dumps(made["answers"]).decode()),
        binary(sealed), text(made["words"]), binary(identity), text(_vector(made["search"])),
    ]  # fmt: skip
    return Variant(n, "\t".join(values), text(made["title"]), identity is not None)


def _vector(expression):
    """The search column as the database itself makes it."""
    value = expression.get_source_expressions()[0].value
    with connection.cursor() as cursor:
        cursor.execute("select to_tsvector('simple', %s)::text", [value])
        return cursor.fetchone()[0]


# --- invented answers -----------------------------------------------------------------------------


def _answers(rng, fields) -> dict[str, Any]:
    return {each.key: _answer(rng, each) for each in fields if each.type != "file"}


def _answer(rng, field):
    return ANSWERS[field.type](rng, field)


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]


def sentence(rng: np.random.Generator) -> str:
    return f"{_pick(rng, WHERE)}{_pick(rng, WHAT)}，{_pick(rng, SINCE)}。{_pick(rng, WISH)}。"


def _short(rng, field):
    return _pick(rng, NAMES) if (field.max or 99) < 20 else _pick(rng, WHERE)


def _date(rng, field):
    year, month, day = rng.integers([2010, 1, 1], [2020, 13, 29]).tolist()
    return f"{year}-{month:02d}-{day:02d}"


def _number(rng, field):
    low = field.min or 1
    return str(int(rng.integers(low, max(low + 1, (field.max or low + 50) + 1))))


def _identity(rng, field):
    year, month, day, number = rng.integers([1940, 1, 1, 0], [1999, 13, 29, 1000]).tolist()
    first = f"320499{year}{month:02d}{day:02d}{number:03d}"
    return first + identifiers.check_digit(first)


def _bank(rng, field):
    return f"62220000000{int(rng.integers(10_000)):04d}"  # 15 digits carry no check digit


def _address(rng, field):
    building, floor = rng.integers(1, [41, 7]).tolist()
    return f"{_pick(rng, ESTATES)}{building}幢{floor}01室"


def _group(rng, field):
    rows = max(field.min or 0, 1)
    return [_answers(rng, field.fields) for _row in range(rows)]


ANSWERS = {
    "text": _short,
    "longtext": lambda rng, field: sentence(rng)[: field.max or 2000],
    "choice": lambda rng, field: _pick(rng, field.options),
    "choices": lambda rng, field: [_pick(rng, field.options)],
    "date": _date,
    "number": _number,
    "name": lambda rng, field: _pick(rng, NAMES),
    "identity": _identity,
    "phone": lambda rng, field: f"1380000{int(rng.integers(10_000)):04d}",
    "bank": _bank,
    "address": _address,
    "group": _group,
}
