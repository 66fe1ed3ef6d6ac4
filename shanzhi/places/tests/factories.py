from datetime import date, datetime
from zoneinfo import ZoneInfo

from shanzhi.journal.models import Entry
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import commands
from shanzhi.places.models import Division, Estate, Grid, Succession

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=SHANGHAI)  # 1 March, 23:30 in UTC
BEGAN = date(2024, 1, 1)
TODAY = date(2026, 3, 2)

CITY = [
    ("32", "江苏省"),
    ("3204", "常州市"),
    ("320402", "天宁区"),
    ("320411", "新北区"),
    ("320411001", "河海街道"),
    ("320411002", "三井街道"),
    ("320411002003", "龙城社区居委会"),
    ("320411002018", "天安社区居委会"),
    ("320411001001", "河海社区居委会"),
]

SECRETARY = Actor(account_id=3, post_id=3, role="community_secretary", place="320411002018")
NEIGHBOUR = Actor(account_id=4, post_id=4, role="community_secretary", place="320411002003")
STREET = Actor(account_id=5, post_id=5, role="subdistrict_clerk", place="320411002")
CLERK = Actor(account_id=6, post_id=6, role="city_clerk", place="3204")
RESIDENT = Actor(account_id=7)
TIANAN, LONGCHENG, HEHAI = "320411002018", "320411002003", "320411001001"


def make_city(rows=CITY, valid_from=BEGAN):
    return commands.load_divisions(
        rows=[{"code": code, "name": name} for code, name in rows],
        by=SYSTEM,
        at=MONDAY,
        valid_from=valid_from,
    )


def make_grid(number=1, community=TIANAN, west=119.95, name=None, area=True, at=None):
    """A grid two hundredths of a degree wide; the next number begins where it ends."""
    start = round(west + 0.02 * (number - 1), 6)
    return commands.set_grid(
        code=f"{community}{number:03d}",
        name=name or f"第{number}网格",
        area=square(start, 31.83, 0.02) if area else None,
        households=300 + number,
        by=SYSTEM,
        at=at or datetime(2024, 6, 1, 9, tzinfo=SHANGHAI),
    )


def square(west, south, size):
    east, north = round(west + size, 6), round(south + size, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_estate(name="丽景花园", place=TIANAN, **more):
    return commands.add_estate(name=name, place=place, by=SYSTEM, at=MONDAY, **more)


def everything():
    """All rows of this area, to assert that nothing changed."""
    tables = (Division, Succession, Grid, Estate)
    rows = [sorted(map(str, table.objects.values_list())) for table in tables]
    return rows, Entry.objects.count()


def told(verb):
    found = Entry.objects.filter(verb=verb).order_by("id")
    return [(entry.about, entry.by, entry.place, entry.data) for entry in found]
