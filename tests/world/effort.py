"""Workers that a community stated before it was split."""

from django.urls import reverse

from shanzhi.effort.models import Headcount
from shanzhi.journal.labels import label
from shanzhi.shell.demo.people import COMMUNITY
from shanzhi.work import duties


def furnish(world, at):
    stated = Headcount.objects.create(
        community=COMMUNITY, workers=9, source="花名册", valid_from="2025-12-31"
    )
    split = duties.open_duty(
        kind="effort.headcount", about=label(stated), place=world.actor("burden_office").place,
        department="burden_office", title="天安社区", link=reverse("effort:headcounts"), at=at,
        limits=[duties.Limit("promised", 10, "working_days")],
    )  # fmt: skip
    return {"split": split}
