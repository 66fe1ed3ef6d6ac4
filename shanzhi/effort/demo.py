"""The demonstration city's week: invented numbers of workers and quarters of a diary.

Nobody kept this diary. It falls from quarter to quarter as a clean-up would have it, and differs
between communities as it would anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random

from django.utils.timezone import localdate, make_aware

from shanzhi.burden import commands as burden
from shanzhi.burden.models import Demand
from shanzhi.burden.queries import communities
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people import commands as people

from . import commands
from .commands.drawing import window, working_days
from .kinds import DIARY, PARTS, Quarter
from .models import Group, Half
from .queries import diary
from .sampling import half_days

SEED = 20150724
STAFF = ("何演示", "吕演示", "施演示", "严演示")  # who work beside the roles of the demonstration
OTHERS = 20  # every so many communities elsewhere keeps the diary
WEEKS: Sequence[Mapping[Group, float]] = (  # of the latest quarters, the last one last
    dict(zip(Group, (.23, .12, .27, .07, .08, .05, .12, .06), strict=True)),
    dict(zip(Group, (.20, .10, .23, .06, .07, .05, .21, .08), strict=True)),
    dict(zip(Group, (.17, .08, .18, .05, .07, .04, .31, .10), strict=True)),
)  # fmt: skip


def week(city: str, secretary: Actor, worker: int, founded: datetime, at: datetime) -> None:
    """Workers everywhere, three quarters that are over, and half-days to be asked about now."""
    community, quarters = secretary.place, _over(localdate(at))
    known = {code: _workers(code) for code in communities()} | {community: 9}
    commands.state_headcounts(
        rows=known, source="演示数据", valid_from=quarters[0].first, by=SYSTEM, at=at
    )
    _admit(city, quarters[0], at)
    keepers = _keepers(known, community)
    for number, quarter in enumerate(quarters):
        _invent(quarter, {code: known[code] for code in keepers}, WEEKS[number], at)
    _now(secretary, worker, founded, at)


def _over(today) -> list[Quarter]:
    last = Quarter.of(today).before
    while not diary.published(last, today):
        last = last.before
    return [last.before.before, last.before, last]


def _workers(code) -> int:
    """Mostly six to thirteen; some places are too small to be shown alone."""
    random = Random(int(code))
    return random.choice((3, 4)) if random.random() < 0.08 else random.randint(6, 13)


def _keepers(known, community) -> list[str]:
    """The whole sub-district of the demonstration, and some elsewhere."""
    codes = sorted(known)
    near = [code for code in codes if code[:9] == community[:9]]
    return sorted({code for code in [*near, *codes[::OTHERS]] if known[code] >= 5})


def _admit(city, quarter, at):
    burden.admit(
        number=f"A{quarter.first:%y}-9001", origin=Demand.Origin.ADMITTED, fields=[],
        values={
            "title": DIARY, "category": "target", "place": city, "department": "social_work",
            "purpose": "了解社区工作者一周时间用在哪里", "basis": "社区减负工作联席会议纪要",
            "scope": [city], "cycle": "quarterly", "times": 8, "minutes": 1, "staff": 9,
            "money": 0, "payer": None, "medium": "electronic", "plaque": "", "url": "",
            "valid_from": quarter.first, "valid_to": quarter.first + timedelta(days=3 * 365),
        },
        by=SYSTEM, at=at,
    )  # fmt: skip


def _invent(quarter, workers, week, at):
    answers = {}
    for code, number in workers.items():
        random = Random(f"{SEED} {quarter} {code}")
        answers[code] = list(_answers(random, number, _own(random, week)))
    commands.keep_invented(
        quarter=quarter, workers=workers, answers=answers, seed=SEED, by=SYSTEM, at=at
    )


def _own(random, week) -> Mapping[Group, float]:
    """No community is the average one."""
    return {group: share * random.lognormvariate(0, 0.2) for group, share in week.items()}


def _answers(random, workers, week) -> Iterator[tuple[Half, Sequence[str]]]:
    """Some let it pass. What one begins with often goes on."""
    for _worker in range(workers):
        for half in Half:
            if random.random() < 0.72:
                yield half, _parts(random, week)


def _parts(random, week):
    parts: list[str] = []
    while len(parts) < PARTS:
        goes_on = parts and random.random() < 0.45
        parts.append(parts[-1] if goes_on else random.choices(list(week), list(week.values()))[0])
    return parts


def _now(secretary, worker, founded, at):
    """Five and more with posts, who keep the diary since the quarter or the city began."""
    for number, name in enumerate(STAFF, 1):
        account = people.open_account(
            username=f"demo-colleague-{number}", name=name, by=SYSTEM, at=founded
        )
        people.grant_post(
            account=account, role="community_worker", place=secretary.place, reason="演示",
            valid_from=localdate(founded), by=SYSTEM, at=founded,
        )  # fmt: skip
    began = max(Quarter.of(localdate(at)).first, localdate(founded))
    morning = make_aware(datetime.combine(began, time(0, 20)))
    commands.join(by=secretary, at=morning)
    commands.draw(community=secretary.place, seed=_seed(worker, began, at), by=SYSTEM, at=morning)
    commands.expire(by=SYSTEM, at=at)


def _seed(worker, began, at) -> int:
    """The first by which the demonstration's own worker is asked right now."""
    days = working_days(began, Quarter.of(began).last)
    for seed in range(SEED, SEED + 1000):
        drawn = zip(half_days(seed, worker, days), Half, strict=True)
        if any(opens <= at < closes for opens, closes in (window(*each) for each in drawn)):
            return seed
    return SEED  # before the first half-day of a quarter nobody is asked
