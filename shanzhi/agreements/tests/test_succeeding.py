"""Communities that are merged, moved and split by the real commands: who carries agreements on."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from shanzhi.burden.tests.factories import text_of
from shanzhi.journal.tests import factories as following
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.places import commands as places
from shanzhi.places import queries as divisions
from shanzhi.places.plans import Part
from shanzhi.work.models import Duty
from tests import clock

from .. import commands, document, queries
from ..models import Agreement, Payment
from ..pades import seal as pades
from . import factories as make
from .factories import FUDU, PANLONG, STREET, TIANAN, YEAR
from .test_carrying import pay, scores
from .test_signing import content_of

pytestmark = pytest.mark.usefixtures("town")
A = "/desk/agreements/"
LATER = datetime(2027, 8, 2, 2, 0, tzinfo=UTC)
AUGUST = LATER.date()
NEW, OTHER = "320411002901", "320411002902"
FOLLOWERS = ("people.moves", "work.moves", "agreements.moves")


def change(command, **values):
    """By the command that the places' page calls; then the followers are through."""
    _follow()
    known = {"on": AUGUST, "reason": "新政发〔2027〕8号", "by": SYSTEM, "at": LATER}
    command(**known | values)
    _follow()


def halves(one=NEW):
    """天安社区 in two; its grids go to the first."""
    grids = tuple(each.code for each in divisions.children(TIANAN))
    return [Part(one, "东天安社区居委会", grids), Part(OTHER, "西天安社区居委会")]


def _follow():
    for follower in FOLLOWERS:
        following.catch_up(follower)


def merge(*olds, into=NEW, name="新天安社区居委会"):
    change(places.merge, olds=list(olds), new=into, name=name)


def of(place, year=YEAR):
    return list(Agreement.objects.filter(place=place, year=year, kind="yearly").order_by("pk"))


def waiting():
    rows = Duty.objects.filter(closed_at=None, kind__startswith="agreements.").order_by("pk")
    return sorted((each.kind.partition(".")[2], each.place) for each in rows)


def test_a_new_community_carries_on_what_both_that_it_came_from_have_signed():
    make.in_force()
    make.in_force(FUDU)
    signed = [content_of(each) for each in of(TIANAN)]
    commands.remind_payments(by=SYSTEM, at=LATER)

    merge(TIANAN, FUDU)

    one, two = of(NEW)
    assert [(each.former, each.number, each.state) for each in (one, two)] == [
        (TIANAN, f"{YEAR}-{TIANAN}", "in_force"), (FUDU, f"{YEAR}-{FUDU}", "in_force"),
    ]  # fmt: skip
    assert [content_of(one)] == signed and pades.examine(signed[0]).good
    secretary = make.secretary(NEW)
    assert [each.pk for each in queries.visible_to(secretary)] == [one.pk, two.pk]
    assert {each.agreement for each in queries.promised(NEW, AUGUST)} == {one.number, two.number}
    assert waiting() == [("pay", STREET), ("pay", STREET)]

    paid = pay(one.payments.order_by("due_on").first(), paid_on=AUGUST, at=LATER)
    commands.confirm_received(payment=paid, by=secretary, at=LATER)
    commands.ask_evaluations(by=SYSTEM, at=make.DECEMBER)
    assert ("evaluate", NEW) in waiting()
    given = scores(one, support=4, money=3)
    commands.evaluate(agreement=one, scores=given, words="", by=secretary, at=make.DECEMBER)
    given = scores(one, target=4)
    one = commands.evaluate(
        agreement=one, scores=given, words="", by=make.clerk(), at=make.DECEMBER
    )
    assert one.state == "evaluated"


def test_it_counts_once_in_the_overview_and_gets_no_second_agreement_of_the_year():
    make.in_force()
    make.in_force(FUDU)
    merge(TIANAN, FUDU)
    [row] = queries.below("320411", YEAR, AUGUST)[:1]
    assert (row.communities, row.signed, row.promised) == (1, 1, 2400)
    run = make.run_of(at=LATER)
    assert (run.made, run.kept) == (0, 1)
    assert len(of(NEW)) == 2


def test_one_that_goes_on_under_its_own_code_has_its_own_and_the_others():
    own, other = make.in_force(), make.in_force(FUDU)
    merge(TIANAN, FUDU, into=TIANAN, name="天安社区居委会")
    assert [(each.pk, each.former) for each in of(TIANAN)] == [(own.pk, ""), (other.pk, FUDU)]


def test_what_nobody_has_signed_is_negotiated_anew_by_the_new_one_and_only_once():
    make.half_signed()
    make.negotiated(FUDU)
    merge(TIANAN, FUDU)
    found = {each.number: each for each in of(NEW)}
    [talked] = found.values()
    assert (talked.state, talked.former, talked.frozen) == ("negotiated", "", False)
    assert talked.signatures.get().void_at
    [gone] = of(FUDU)
    assert gone.state == "withdrawn"
    assert waiting() == [("negotiate", NEW)]
    for by in (make.secretary(NEW), make.clerk()):
        talked = commands.agree(agreement=talked, by=by, at=LATER)
    for by in (make.secretary(NEW), make.clerk()):
        talked = commands.sign(agreement=talked, by=by, at=LATER)
    assert talked.state == "in_force"
    assert "新天安社区居委会" in {
        each.subject for each in pades.examine(content_of(talked)).signatures
    }


def test_a_community_that_moves_to_another_sub_district_is_carried_on_there():
    agreement = make.in_force()
    change(places.move, code=TIANAN, parent=PANLONG[:9], new="320411003901")
    agreement.refresh_from_db()
    assert (agreement.place, agreement.former) == ("320411003901", TIANAN)
    there, before = make.clerk("320411003"), make.clerk()
    for actor in (there, before):  # who signed it still reads it
        assert queries.found(actor, agreement.number)
    payment = agreement.payments.order_by("due_on").first()
    with pytest.raises(Refused, match="clerk of the sub-district"):
        pay(payment, by=before, paid_on=AUGUST, at=LATER)
    pay(payment, by=there, paid_on=AUGUST, at=LATER)


def test_a_renamed_community_keeps_all_under_its_new_name():
    agreement = make.in_force()
    change(places.rename, code=TIANAN, name="天泰社区居委会")
    agreement.refresh_from_db()
    assert (agreement.place, agreement.former) == (TIANAN, "")
    assert document.parties(agreement)[1] == "天泰社区居委会"


def test_after_a_split_the_sub_district_names_who_carries_it_on():
    agreement = make.in_force()
    make.run_of(year=YEAR + 1, at=LATER)
    change(places.split, code=TIANAN, parts=halves())
    agreement.refresh_from_db()
    assert (agreement.place, waiting()) == (TIANAN, [("carry_on", STREET), ("pay", STREET)])
    assert [each.state for each in of(TIANAN, YEAR + 1)] == ["withdrawn"]
    for place in (NEW, OTHER):  # both read it
        assert queries.found(make.secretary(place), agreement.number)
    assert not queries.found(make.secretary(FUDU), agreement.number)

    asked = {"agreement": agreement, "at": LATER}
    with pytest.raises(Refused, match="one of the communities"):
        commands.carry_on(place=FUDU, by=make.clerk(), **asked)
    with pytest.raises(Refused, match="clerk of the sub-district"):
        commands.carry_on(place=NEW, by=make.secretary(NEW), **asked)
    agreement = commands.carry_on(place=NEW, by=make.clerk(), **asked)
    assert (agreement.place, agreement.former) == (NEW, TIANAN)
    assert waiting() == [("pay", STREET)]
    assert not queries.found(make.secretary(OTHER), agreement.number)
    with pytest.raises(Refused, match="not possible now"):
        commands.carry_on(place=OTHER, by=make.clerk(), **asked)


def test_a_part_that_keeps_the_code_keeps_the_agreement():
    agreement = make.in_force()
    change(places.split, code=TIANAN, parts=halves(TIANAN))
    agreement.refresh_from_db()
    assert (agreement.place, agreement.former, waiting()) == (TIANAN, "", [])


# --- the end by a supplement ----------------------------------------------------------------------


def test_what_another_had_signed_is_ended_by_both_and_owes_nothing_later():
    make.in_force()
    commands.withdraw(agreement=of(FUDU)[0], by=make.clerk(), at=make.AT)
    merge(TIANAN, FUDU)
    [parent] = of(NEW)
    made = commands.end(agreement=parent, ends_on=AUGUST, by=make.clerk(), at=LATER)
    with pytest.raises(Refused, match="a supplement already"):
        commands.end(agreement=parent, ends_on=AUGUST, by=make.clerk(), at=LATER)
    made = commands.open_negotiation(agreement=made, by=make.clerk(), at=LATER)
    html = document.html(made, [], draft=True)
    assert "原协议书自2027年8月2日起终止" in html and "天安社区居委会在原协议书中" in html
    for command in (commands.agree, commands.sign):
        for by in (make.secretary(NEW), make.clerk()):
            made = command(agreement=made, by=by, at=LATER)
    parent.refresh_from_db()
    assert (made.state, parent.state) == ("in_force", "ended")
    assert [each.due_on for each in Payment.objects.all()] == [date(2027, 6, 30)]

    run = make.run_of(at=LATER)  # and the new community gets one of its own
    assert run.made == 1
    assert [each.state for each in of(NEW)] == ["ended", "draft"]
    payment = Payment.objects.get()  # that was due before is still owed
    commands.remind_payments(by=SYSTEM, at=LATER)
    assert ("pay", STREET) in waiting()
    pay(payment, paid_on=AUGUST, at=LATER)
    assert ("pay", STREET) not in waiting()


def test_an_agreement_of_one_s_own_runs_its_course():
    agreement = make.in_force()
    with pytest.raises(Refused, match="merged, moved or split ends early"):
        commands.end(agreement=agreement, ends_on=AUGUST, by=make.clerk(), at=LATER)
    merge(TIANAN, FUDU)
    agreement.refresh_from_db()
    with pytest.raises(Refused, match="between today and the end"):
        commands.end(agreement=agreement, ends_on=date(2028, 1, 1), by=make.clerk(), at=LATER)
    with pytest.raises(Refused, match="clerk of the sub-district"):
        commands.end(agreement=agreement, ends_on=AUGUST, by=make.secretary(NEW), at=LATER)
    made = commands.end(agreement=agreement, ends_on=AUGUST, by=make.clerk(), at=LATER)
    with pytest.raises(Refused, match="adds nothing"):
        commands.add_clause(
            agreement=made, entry=made.assist.entries.get(code="X01"), by=make.clerk(), at=LATER
        )


# --- as the pages show it -------------------------------------------------------------------------


def test_the_pages_of_the_new_community_show_it(english, monkeypatch):
    clock.runs_on_from(monkeypatch)
    make.in_force()
    merge(TIANAN, FUDU)
    secretary = people.enter(english, people.post("community_secretary", NEW))
    one = f"{A}{YEAR}-{TIANAN}/"
    assert "concluded by 天安社区" in text_of(secretary.get(f"{A}?year={YEAR}"))
    page = text_of(secretary.get(one))
    assert "天安社区 concluded it and was merged, moved or split; 新天安社区 carries it on." in page
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    assert "End it by a supplement" in text_of(clerk.get(one))
    assert clerk.post(f"{one}end/", {"ends_on": "2020-01-01"}).status_code == 422
    assert clerk.post(f"{one}end/", {"ends_on": f"{YEAR}-06-30"}).status_code == 302
    page = text_of(clerk.get(f"{one[:-1]}-1/"))
    assert f"this supplement ends the agreement {YEAR}-{TIANAN} on {YEAR}-06-30" in page
    assert "Add a clause" not in page


def test_the_sub_district_chooses_on_the_page(english):
    agreement = make.in_force()
    now = timezone.now()
    change(places.split, code=TIANAN, parts=halves(), on=timezone.localdate(now), at=now)
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    one = f"{A}{agreement.number}/"
    page = text_of(clerk.get(one))
    assert "天安社区 is no more" in page and "东天安社区" in page and "西天安社区" in page
    assert clerk.post(f"{one}carry-on/", {"place": FUDU}).status_code == 403
    assert clerk.post(f"{one}carry-on/", {"place": OTHER}).status_code == 302
    assert "西天安社区 carries it on" in text_of(clerk.get(one))
