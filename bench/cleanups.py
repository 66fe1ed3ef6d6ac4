"""The clean-ups of a whole city: what hangs in each community, what replaces each ledger, what
becomes of each system, and who signs in where.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.test import Client
from django.urls import reverse

from shanzhi.burden.models import (
    Category,
    Demand,
    Plan,
    Plaque,
    Replacement,
    SystemUse,
    WalkRound,
)

from . import looking
from .report import Row

SYSTEMS, OF_PLAQUES = 60, 40  # of the demands there are
ASKED, UNKNOWN, SIGNED_IN = 8, 4, 10  # of one community
AGO = timedelta(days=20)
SPOTS = tuple(Demand.PlaquePlace.values)


def fill(communities: Sequence[str], chosen: random.Random, today: date) -> str:
    """What the pages have to look through, and in a sentence how much it is."""
    systems, asked, ledgers = _demands()
    on = today - AGO
    went_round = [WalkRound(community=each, walked_on=on, unit="社区") for each in communities]
    WalkRound.objects.bulk_create(went_round, batch_size=1000)
    plaques = [row for each in communities for row in _plaques(each, asked, chosen, on)]
    Plaque.objects.bulk_create(plaques, batch_size=2000)
    Replacement.objects.bulk_create(_replacement(each, chosen, on) for each in ledgers)
    Plan.objects.bulk_create(_plans(systems, on))
    uses = [row for each in communities for row in _uses(each, systems, chosen, on)]
    SystemUse.objects.bulk_create(uses, batch_size=5000)
    counted = (("communities", communities), ("plaques", plaques), ("ledgers", ledgers),
               ("systems", systems), ("sign-ins", uses))  # fmt: skip
    return ", ".join(f"{len(rows):,} {name}" for name, rows in counted)


def _demands():
    """Some of the register become systems and plaques; the others stay ledgers."""
    rows = list(Demand.objects.order_by("-pk")[: SYSTEMS + OF_PLAQUES])
    systems, asked = rows[:SYSTEMS], rows[SYSTEMS:]
    for row in systems:
        row.category, row.url = Category.SYSTEM, "https://system.example/"
    for row in asked:
        row.category, row.plaque = Category.BODY, row.title[:20]
        row.plaque_place = SPOTS[row.pk % len(SPOTS)]
    Demand.objects.bulk_update(rows, ["category", "url", "plaque", "plaque_place"], batch_size=200)
    return systems, asked, list(Demand.objects.filter(category=Category.LEDGER))


def _plaques(community, asked, chosen, on) -> Iterator[Plaque]:
    known = chosen.sample(asked, min(ASKED, len(asked)))
    for demand in [*known, *[None] * UNKNOWN]:
        verdict = chosen.choice(("keep", "take_down", "take_down", ""))
        down = verdict == "take_down" and chosen.random() < 0.5
        yield Plaque(
            community=community, demand=demand, text=demand.plaque if demand else "学习园地",
            department_id=demand.department_id if demand else None, place=chosen.choice(SPOTS),
            recorded_on=on, verdict=verdict, reason="清理" if verdict else "",
            decided_on=on if verdict else None, down_on=on if down else None,
            evidence="移交清单" if down else "",
        )  # fmt: skip


def _replacement(demand, chosen, on):
    kind = chosen.choice(("elements", "nothing"))
    elements = ["person.name", "home.written"] if kind == "elements" else []
    return Replacement(demand=demand, kind=kind, elements=elements, reason="数据已有",
                       decided_on=on, unit="减负办")  # fmt: skip


def _plans(systems, on) -> Iterator[Plan]:
    """One of six stays, and three of the five after it go into it."""
    for number, demand in enumerate(systems):
        first = systems[number - number % 6]
        fate = ("stay", "merge", "merge", "merge", "close", "close")[number % 6]
        yield Plan(
            demand=demand, fate=fate, heir=first if fate == "merge" else None, reason="功能重复",
            closes_on=None if fate == "stay" else on + timedelta(days=90), decided_on=on,
            unit="减负办",
        )  # fmt: skip


def _uses(community, systems, chosen, on) -> Iterator[SystemUse]:
    for demand in chosen.sample(systems, min(SIGNED_IN, len(systems))):
        yield SystemUse(
            demand=demand, community=community, people=chosen.randint(1, 9), often="weekly",
            login=chosen.choice(("unified", "named", "shared")), told_on=on,
        )  # fmt: skip


def pages(client: Client, community: str, many: str) -> list[Row]:
    wall = reverse("burden:wall")
    addresses = {
        "four": ("The four clean-ups of the city", reverse("burden:four")),
        "wall": ("Walls of the city", wall),
        "wall.over": ("Walls with too many plaques", f"{wall}?show=over"),
        "wall.community": ("Walls of a community", f"{wall}?place={community}"),
        "ledgers": ("The ledgers of the city", reverse("burden:ledgers")),
        "systems": ("The systems of the city", reverse("burden:systems")),
    }
    return [
        looking.page(code, title, client, url, many) for code, (title, url) in addresses.items()
    ]
