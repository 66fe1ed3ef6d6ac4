"""How many people work in each community, and who they are on the day of a draw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from shanzhi.burden.queries import communities
from shanzhi.people.models import Post
from shanzhi.people.queries import held_on

from ..models import Headcount

WORKERS = frozenset({"community_secretary", "community_worker", "grid_leader"})
COMMUNITY = 12  # digits


def counts(days: Sequence[date]) -> list[dict[str, int]]:
    """By community, on each of the days: what the office stated, else the posts held then.

    Communities as they are now: what was merged has handed its posts on.
    """
    known = frozenset(communities())
    columns = ("account_id", "place", "valid_from", "valid_to")
    posts = list(Post.objects.filter(role__in=WORKERS).order_by("pk").values_list(*columns))
    stated = list(Headcount.objects.order_by("valid_from", "pk")
                  .values_list("community", "valid_from", "workers"))  # fmt: skip
    found = [_counted(posts, day) | _stated(stated, day) for day in days]
    return [{code: row[code] for code in row if code in known} for row in found]


def _counted(posts, day):
    """Whoever holds several posts counts once, by the oldest."""
    homes: dict[int, str] = {}
    for account, place, start, end in posts:
        if start <= day and (end is None or day < end):
            homes.setdefault(account, place[:COMMUNITY])
    found: defaultdict[str, int] = defaultdict(int)
    for place in homes.values():
        found[place] += 1
    return dict(found)


def _stated(rows, day):
    return {community: number for community, start, number in rows if start <= day}


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
