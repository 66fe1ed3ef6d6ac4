"""How many people work in each community, and who they are on the day of a draw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from shanzhi.burden.queries import communities
from shanzhi.journal import labels
from shanzhi.people.models import Post
from shanzhi.people.queries import held_on
from shanzhi.places import queries as divisions
from shanzhi.work.models import Duty

from ..models import Headcount

WORKERS = frozenset({"community_secretary", "community_worker", "grid_leader"})
COMMUNITY = 12  # digits
FEW = 20
HEADCOUNT = "effort.headcount"  # the duty after a split


def counts(days: Sequence[date]) -> list[dict[str, int]]:
    """By community, on each of the days: what the office stated, else the posts held then.

    Communities as they are now: what was two on the day and is one since counts as one.
    """
    known, became = frozenset(communities()), divisions.heirs()
    found = []
    for row, day in zip(as_of(days), days, strict=True):
        led: defaultdict[str, int] = defaultdict(int)
        for code, number in row.items():
            led[_led(code, became, lambda on, day=day: on > day)] += number
        found.append({code: number for code, number in led.items() if code in known})
    return found


def as_of(days: Sequence[date]) -> list[dict[str, int]]:
    """The same by the codes of each day; a number stated of a community that had ended by then is
    among them, and leads nowhere."""
    became = divisions.heirs()
    columns = ("account_id", "place", "valid_from", "valid_to")
    posts = list(Post.objects.filter(role__in=WORKERS).order_by("pk").values_list(*columns))
    stated = list(Headcount.objects.order_by("valid_from", "pk")
                  .values_list("community", "valid_from", "workers"))  # fmt: skip
    return [_counted(posts, day, became) | _stated(stated, day) for day in days]


def _led(code, became, when):
    """What a code is after the changes of these days."""
    while code in became and when(became[code][1]):
        code = became[code][0]
    return code


def _counted(posts, day, became):
    """Whoever holds several posts counts once, by the oldest. A post follows a change of divisions
    within seconds, but the change may hold from an earlier day."""
    homes: dict[int, str] = {}
    for account, place, start, end in posts:
        if start <= day and (end is None or day < end):
            homes.setdefault(account, place[:COMMUNITY])
    found: defaultdict[str, int] = defaultdict(int)
    for place in homes.values():
        found[_led(place, became, lambda on: on <= day)] += 1
    return dict(found)


def _stated(rows, day):
    latest = {community: number for community, start, number in rows if start <= day}
    return {community: number for community, number in latest.items() if number is not None}


def stated(community: str, day: date) -> Headcount | None:
    """What is stated of it on a day, under this very code."""
    rows = Headcount.objects.filter(community=community, valid_from__lte=day)
    found = rows.order_by("-valid_from").first()
    return found if found and found.workers is not None else None


def founded_after(codes: Iterable[str], day: date) -> dict[str, tuple[date, list[str]]]:
    """Those among them that were not there on the day and were made of others since: when, of which
    codes."""
    found = {}
    for code in codes:
        came = [each for each in divisions.successions(code) if each.new == code]
        if came and came[0].on > day and not divisions.at(code, day):
            first = came[0].on
            found[code] = first, [each.old for each in came if each.on == first]
    return found


def stated_last() -> list[Headcount]:
    return list(Headcount.objects.order_by("-pk")[:FEW])


def asked_anew(today: date) -> list[tuple[Duty, list[str]]]:
    """Communities that were split after a number was stated of them: duty, and their parts."""
    found = list(Duty.objects.filter(kind=HEADCOUNT, closed_at=None).order_by("pk"))
    rows = Headcount.objects.in_bulk([labels.pk(each.about) for each in found])
    return [(each, _parts(rows[labels.pk(each.about)].community, today)) for each in found]


def _parts(community, today):
    """The split leaves no row of the part that kept the code."""
    split = {each.new for each in divisions.successions(community) if each.old == community}
    return sorted(
        {now for code in {community, *split} for now in divisions.successors(code, today)}
    )


def accounts(places: Iterable[str], on: date) -> dict[str, list[int]]:
    """Who works in each of these on the day; a worker of two belongs to the older post."""
    wanted, seen = set(places), set()
    found: dict[str, list[int]] = {code: [] for code in wanted}
    held = Post.objects.filter(held_on(on), role__in=WORKERS, account__is_active=True)
    for account, place in held.order_by("pk").values_list("account_id", "place"):
        home = place[:COMMUNITY]
        if account not in seen and home in wanted:
            found[home].append(account)
        seen.add(account)
    return found
