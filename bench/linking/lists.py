"""Two invented lists of a community's residents, kept by two people who write differently.

What goes wrong in such lists is in them at rates one meets in them: homophones, two spellings,
moved digits, births of which only the year is known or that follow the old calendar, phones of
somebody else in the family, addresses from before a marriage, empty fields; and what is no error:
twins, fathers and sons at one door, and one 王伟 beside the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shanzhi.registry.linking import Record
from shanzhi.registry.linking.homes import Home, read

SEED = 20260302
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
)
HOMOPHONES = (
    "伟玮炜苇", "静靖婧", "丽莉利俐", "军君钧", "洋阳扬", "勇咏永泳", "艳燕雁", "杰洁捷", "娟鹃",
    "涛韬", "明铭名", "英瑛", "华桦", "建健剑", "志智", "文雯", "玉钰", "兰岚", "梅玫", "红宏鸿虹",
    "云芸", "平萍", "晓筱", "宇雨羽", "子梓紫", "轩萱宣", "浩皓昊", "欣馨鑫昕", "怡宜", "涵晗",
    "佳嘉家", "琪琦淇祺", "俊峻骏", "凯恺", "辉晖", "海", "国", "强", "磊", "敏", "芳", "娜", "霞",
    "刚钢", "波", "斌彬", "鹏", "飞菲", "秀", "桂", "春", "荣蓉", "忠", "德", "福", "金锦", "林琳",
    "龙", "凤", "珍", "琴", "慧惠", "雪", "倩", "丹", "博", "泽", "睿", "诗", "然", "可", "一依",
)  # fmt: skip
SOUNDS_LIKE = {sign: group for group in HOMOPHONES for sign in group}
SIGNS = "".join(HOMOPHONES)
COMMON = (
    *"伟芳敏静丽强磊军勇艳杰娟涛明",
    "秀英", "桂英", "建国", "建华", "建军", "秀兰", "玉兰", "志强", "子轩", "梓涵", "欣怡", "浩宇",
)  # fmt: skip
MISHEARD = {"陈": "程", "程": "陈", "林": "宁", "黄": "王", "王": "黄", "吴": "胡", "何": "贺",
            "静": "金", "金": "静", "芳": "方", "兰": "男", "丽": "妮", "军": "勋"}  # fmt: skip
TRADITIONAL = {"伟": "偉", "玮": "瑋", "静": "靜", "丽": "麗", "军": "軍", "杰": "傑", "华": "華",
               "兰": "蘭", "红": "紅", "云": "雲", "刘": "劉", "陈": "陳", "张": "張", "国": "國",
               "坤": "堃", "哲": "喆", "强": "強", "建": "建", "龙": "龍", "凤": "鳳"}  # fmt: skip
ESTATES = (
    "天安别墅",
    "丽景花园",
    "河海新村",
    "通江家园",
    "太湖苑",
    "晋陵公寓",
    "燕兴小区",
    "飞龙新村",
)
ELSEWHERE = ("红梅新村", "清潭新村", "怀德苑", "翠竹新村", "湖塘花园")
FORMS = (
    "{e}{b}幢{u}单元{r}室", "{e}{b}-{u}-{r}", "{e}{b}-{r}", "{e}{b}栋{r}",
    "天安社区{e}{b}号楼{r}室",
    "江苏省常州市新北区三井街道{e}{b}幢{r}", "{e} {b}幢 {r}", "{e}{b}幢",
)  # fmt: skip

# how often a field of the second list is otherwise than in the first
NAME = (("homophone", 0.04), ("spelling", 0.03), ("misheard", 0.012), ("sign", 0.012),
        ("former", 0.008))  # fmt: skip
BIRTH = (("missing", 0.08), ("year", 0.05), ("digit", 0.03), ("lunar", 0.02), ("turned", 0.008),
         ("off", 0.01))  # fmt: skip
PHONE = (("missing", 0.25), ("new", 0.12), ("family", 0.08), ("digit", 0.03))
HOME = (("missing", 0.1), ("before", 0.08))
SEX_MISSING, SEX_WRONG, RELATION_KNOWN = 0.05, 0.005, 0.4


@dataclass(frozen=True)
class Lists:
    """`truth` holds (number in `left`, number in `right`) of those who are one person."""

    left: list[Record]
    right: list[Record]
    truth: set[tuple[int, int]]


@dataclass(frozen=True)
class Family:
    members: tuple[Record, ...]
    where: tuple[str, int, int, int]


class Hand(Random):
    """Of somebody who errs `errors` times as often as is usual."""

    errors = 1.0


def lists(
    size: int = 5_000, *, shared: float = 0.6, seed: int = SEED, errors: float = 1.0
) -> Lists:
    """`size` in each; of the second list, `shared` are in the first. Who is in one list only often
    has family in the other.
    """
    random = Hand(seed)
    random.errors = errors
    everybody = _everybody(random, int(size * (2 - shared)))
    order = list(range(len(everybody)))
    random.shuffle(order)
    both = order[: int(size * shared)]
    rest = order[len(both) :]
    only = size - len(both)
    left = sorted(both + rest[:only])
    right = both + rest[only : only * 2]
    random.shuffle(right)
    number = {person: place for place, person in enumerate(right, 1)}
    return Lists(
        left=[everybody[each][0] for each in left],
        right=[_written(random, number[each], *everybody[each]) for each in right],
        truth={(everybody[each][0].id, number[each]) for each in both},
    )


def doubled(size: int = 5_000, *, share: float = 0.03, seed: int = SEED) -> Lists:
    """One list in which some stand twice; `left` and `right` are the same list."""
    found = lists(size, shared=share, seed=seed)
    again = {right for _left, right in found.truth}
    far = 10_000_000
    second = [replace(each, id=each.id + far) for each in found.right if each.id in again]
    everybody = found.left + second
    return Lists(everybody, everybody, {(left, right + far) for left, right in found.truth})


# --- families -------------------------------------------------------------------------------------


def _everybody(random, count):
    """Everyone with the family; numbers count up."""
    people: list[tuple[Record, Family]] = []
    while len(people) < count:
        family = _family(random, len(people) + 1)
        people += [(member, family) for member in family.members]
    return people[:count]


def _family(random, number):
    where = (random.choice(ESTATES), random.randint(1, 60), random.randint(1, 3),
             random.randint(1, 18) * 100 + random.randint(1, 4))  # fmt: skip
    home = Home(estate=read(where[0] + "1").estate, building=str(where[1]), room=str(where[3]))
    age = random.randint(24, 88)
    sex = random.choice("12")
    surname = _surname(random)
    born = [(surname, sex, _born(random, 2026 - age), "02")]
    if random.random() < 0.72:
        other = "2" if sex == "1" else "1"
        born.append(
            (_surname(random), other, _born(random, 2026 - age + random.randint(-4, 4)), "10")
        )
    if age < 62 and random.random() < 0.75:
        born += _children(random, surname, age)
    if age < 65 and random.random() < 0.2:
        born.append((surname, random.choice("12"), _born(random, 2026 - age - 26), "50"))
    phones = [_phone(random) for _each in born]
    members = tuple(
        Record(
            id=number + place, name=name + _given(random), sex=sex, birth=f"{day:%Y%m%d}",
            phones=(phones[place] if day.year < 2012 else phones[0],), homes=(home,),
            relation=relation,
        )
        for place, (name, sex, day, relation) in enumerate(born)
    )  # fmt: skip
    return Family(members, where)


def _children(random, surname, age):
    first = _born(random, 2026 - age + random.randint(22, 32))
    if first >= date(2026, 1, 1):
        return []
    children = [(surname, random.choice("12"), first)]
    if random.random() < 0.03:
        children.append((surname, random.choice("12"), first))  # twins
    elif random.random() < 0.3:
        later = first + timedelta(days=random.randint(500, 3000))
        children.append((surname, random.choice("12"), min(later, date(2026, 2, 1))))
    return [(name, sex, day, "20" if sex == "1" else "30") for name, sex, day in children]


def _surname(random):
    """王, 李 and 张 are one in five."""
    return SURNAMES[min(int(random.expovariate(1 / 14)), len(SURNAMES) - 1)]


def _given(random):
    if random.random() < 0.25:
        return random.choice(COMMON)
    return "".join(random.choice(SIGNS) for _each in range(1 if random.random() < 0.2 else 2))


def _born(random, year):
    return date(year, 1, 1) + timedelta(days=random.randrange(365))


def _phone(random):
    return f"120{random.randrange(10**8):08d}"  # no mobile number begins so


# --- as somebody else writes it -------------------------------------------------------------------


def _written(random, number, person, family):
    name, former = _name(random, person)
    return Record(
        id=number,
        name=name,
        former=former,
        sex=_sex(random, person.sex),
        birth=_birth(random, person.birth),
        phones=_phones(random, person, family),
        homes=_homes(random, family),
        relation=person.relation if random.random() < RELATION_KNOWN else "",
    )


def _which(random, rates: Sequence[tuple[str, float]]) -> str:
    left = random.random()
    for kind, rate in rates:
        left -= rate * random.errors
        if left < 0:
            return kind
    return ""


def _name(random, person):
    kind, name = _which(random, NAME), person.name
    if kind == "former":
        return name[0] + _given(random), (name,)
    change = {"homophone": _homophone, "spelling": _spelling, "misheard": _misheard,
              "sign": _sign}.get(kind)  # fmt: skip
    if change and random.random() < 0.1:
        name = f"{name[0]} {name[1:]}"
    return (change(random, person.name) if change else name), ()


def _homophone(random, name):
    places = [place for place, sign in enumerate(name) if len(SOUNDS_LIKE.get(sign, "")) > 1]
    if not places:
        return name
    place = random.choice(places)
    other = random.choice(SOUNDS_LIKE[name[place]].replace(name[place], ""))
    return name[:place] + other + name[place + 1 :]


def _spelling(random, name):
    return "".join(TRADITIONAL.get(sign, sign) for sign in name)


def _misheard(random, name):
    places = [place for place, sign in enumerate(name) if sign in MISHEARD]
    if not places:
        return _homophone(random, name)
    place = random.choice(places)
    return name[:place] + MISHEARD[name[place]] + name[place + 1 :]


def _sign(random, name):
    place = random.randrange(1, len(name))
    return name[:place] + random.choice(SIGNS) + name[place + 1 :]


def _sex(random, sex):
    if random.random() < SEX_MISSING:
        return ""
    return ("2" if sex == "1" else "1") if random.random() < SEX_WRONG else sex


def _birth(random, text):
    kind = _which(random, BIRTH)
    day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if kind == "missing":
        return ""
    if kind == "year":
        return f"{day.year}0101"
    if kind == "digit":
        return _moved(random, text, 2)
    if kind == "lunar":
        return f"{day - timedelta(days=random.randint(20, 50)):%Y%m%d}"
    if kind == "turned":
        return f"{text[:4]}{text[6:]}{text[4:6]}"
    return f"{day.year + random.choice((-1, 1))}{text[4:]}" if kind == "off" else text


def _moved(random, digits, begin):
    """Two neighbours changed places, or one is another."""
    place = random.randrange(begin, len(digits) - 1)
    if random.random() < 0.6:
        return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    return digits[:place] + random.choice("0123456789") + digits[place + 1 :]


def _phones(random, person, family):
    kind = _which(random, PHONE)
    if kind == "missing":
        return ()
    if kind == "new":
        return (_phone(random),)
    if kind == "family":
        return random.choice(family.members).phones
    return (_moved(random, person.phones[0], 3),) if kind == "digit" else person.phones


def _homes(random, family):
    kind = _which(random, HOME)
    if kind == "missing":
        return ()
    estate, building, unit, room = family.where
    if kind == "before":
        estate, building, room = random.choice(ELSEWHERE), random.randint(1, 40), room + 100
    text = random.choice(FORMS).format(e=estate, b=building, u=unit, r=room)
    return (read(text),)
