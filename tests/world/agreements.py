"""One in force, one that is talked about, and a run that made some."""

from django.utils import timezone

from shanzhi.agreements import commands, queries
from shanzhi.agreements.models import Run
from shanzhi.agreements.tests import factories
from shanzhi.burden.models import Edition
from shanzhi.burden.tests import factories as burden
from shanzhi.shell.demo.people import COMMUNITY, STREET


def furnish(world, at):
    if not Edition.objects.filter(kind="assist", state="in_force").exists():
        burden.edition(factories.ASSIST.replace("urban_management", "civil_affairs"), "assist")
    clerk, secretary = world.actor("subdistrict_clerk"), world.actor("community_secretary")
    year = timezone.localdate(at).year
    signed = queries.yearly(year).filter(place=COMMUNITY, state="in_force").first()
    signed = signed or _signed(year, clerk, secretary, at)
    talked = signed.supplements.filter(state="negotiated").first() or _open(year + 1, clerk, at)
    clause = queries.asked(talked)[0]
    return {
        "agreement": talked, "clause": clause, "signed": signed,
        "payment": signed.payments.order_by("pk").first(), "run": Run.objects.latest("pk"),
        "said": commands.comment(
            agreement=talked, code=clause.code, text="经费偏低", by=secretary, at=at
        ),
    }  # fmt: skip


def _open(year, clerk, at):
    factories.run_of(STREET, year, at=at)
    made = queries.yearly(year).get(place=COMMUNITY)
    return commands.open_negotiation(agreement=made, by=clerk, at=at)


def _signed(year, clerk, secretary, at):
    factories.run_of(STREET, year, at=at)
    found = queries.yearly(year).get(place=COMMUNITY)
    values = factories.values(due_on=[timezone.localdate(at).replace(month=12, day=20)])
    commands.edit_clause(
        clause=queries.asked(found)[0], values=values, everywhere=False, by=clerk, at=at
    )
    found = commands.open_negotiation(agreement=found, by=clerk, at=at)
    for command in (commands.agree, commands.sign):
        for by in (secretary, clerk):
            found = command(agreement=found, by=by, at=at)
    return found
