"""One sealed of the head of the household, one refused, and the catalogue they are of."""

from shanzhi.certificates import commands
from shanzhi.certificates.models import Edition
from shanzhi.certificates.tests import factories
from shanzhi.kernel.acting import SYSTEM
from shanzhi.shell.demo.people import COMMUNITY


def furnish(world, at):
    if not Edition.objects.exists():
        factories.edition()
    worker, secretary = world.actor("community_worker"), world.actor("community_secretary")
    asked = factories.requested(person=world.inhabitant, by=worker, at=at)
    banned = factories.entry("居民财产证明")
    return {
        "certificate": factories.sealed_by(asked, secretary, at),
        "refusal": factories.refused(place=COMMUNITY, at=at),
        "banned": banned,
        **_on_the_phone(world.actor("resident"), banned, at),
    }


def _on_the_phone(by, banned, at):
    """By the resident, of a matter; and the letter of what is banned."""
    matter = factories.entry("居民会议表决结果证明")
    said = {0: "2026-11-01", 1: "加装充电桩", 2: "赞成 61 户"}
    wish = factories.wish(said=said, holder="业主代表", unit="示例供电公司")
    asked = commands.apply(entry=matter, person_id=None, wish=wish, by=by, at=at)
    letter = commands.take_letter(entry=banned, unit="示例银行", by=by, at=at)
    unit = factories.refused(unit="示例信托公司", place=COMMUNITY, at=at).unit
    spelling = commands.join_units(unit=letter.unit, into=unit, by=SYSTEM, at=at)
    return {
        "of_a_matter": matter, "asked_certificate": asked, "own_letter": letter,
        "spelling": spelling,
    }  # fmt: skip
