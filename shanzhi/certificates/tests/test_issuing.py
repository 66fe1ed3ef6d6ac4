"""A certificate from the request over the seal to the paper: who may, what stops it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.journal.models import Entry as JournalEntry
from shanzhi.kernel import Refused
from shanzhi.registry import commands as registry_commands
from shanzhi.registry.models import Membership, Presence, ReadEntry
from shanzhi.registry.tests import factories as registry
from shanzhi.work.models import Duty

from .. import commands, queries, rules
from ..commands.issuing import stated
from ..kinds import AGREES, UNKNOWN
from ..models import Certificate
from . import factories as make
from .factories import FUDU, MONDAY, SINCE, TIANAN

DAY = timedelta(days=1)
RESIDENCE = "居住情况证明"


def refuses(sentence, command, **values):
    before = everything()
    with pytest.raises(Refused, match=sentence):
        command(at=MONDAY, **values)
    assert everything() == before


def everything():
    return [
        sorted(map(str, model.objects.values_list())) for model in (Certificate, JournalEntry, Duty)
    ]


@pytest.mark.usefixtures("city")
def test_from_the_request_over_the_seal_to_the_hand():
    certificate = make.requested()
    assert (certificate.state, certificate.number, certificate.token) == ("requested", "", None)
    assert [line.verdict for line in stated(certificate)] == [AGREES] * 5
    assert stated(certificate)[3].value == SINCE.isoformat()
    duty = Duty.objects.get(about=label(certificate), closed_at=None)
    assert (duty.kind, duty.place, duty.title) == ("certificates.seal", TIANAN, RESIDENCE)

    certificate = commands.seal(certificate=certificate, by=make.secretary(), at=MONDAY)
    assert (certificate.state, certificate.number) == ("sealed", "Z2026-11002018-0001")
    assert certificate.valid_until == date(2026, 5, 31)  # 90 days after 2 March
    assert not Duty.objects.filter(closed_at=None).exists()

    certificate = commands.hand_out(
        certificate=certificate, receiver="李示例", by=make.worker(), at=MONDAY + DAY
    )
    assert (certificate.state, certificate.receiver) == ("issued", "李示例")
    verbs = [each.verb for each in journal.about(label(certificate))]
    assert verbs == ["certificates.requested", "certificates.sealed", "certificates.handed_out"]


@pytest.mark.usefixtures("city")
def test_nothing_personal_is_in_the_journal_and_whoever_is_read_can_see_it():
    certificate = make.sealed()
    told = str(list(JournalEntry.objects.values_list("data", flat=True)))
    assert "张示例" not in told and make.SCHOOL not in told
    reads = ReadEntry.objects.filter(persons=[certificate.person]).order_by("id")
    assert [each.purpose for each in reads] == [f"出具证明：{RESIDENCE}"] * 2
    assert "person.identity" in reads[0].elements and "home.written" in reads[0].elements


@pytest.mark.usefixtures("city")
def test_another_community_finds_nobody_and_no_certificate():
    person = registry.person("张示例")
    row = make.entry(RESIDENCE)
    stranger, certificate = make.worker(FUDU), make.requested()
    refuses("does not have this person", commands.request, entry=row, person_id=person.pk,
            wish=make.wish(), by=stranger)  # fmt: skip
    refuses("Only the community itself", commands.seal, certificate=certificate,
            by=make.secretary(FUDU))  # fmt: skip
    assert not queries.certificates(stranger).exists()
    assert queries.certificates(make.worker()).get() == certificate


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"copies": 0}, "Between one and 20 copies"),
        ({"copies": 21}, "Between one and 20 copies"),
        ({"days": 0}, "between one day and 90"),
        ({"days": 91}, "between one day and 90"),
        ({"unit": ""}, "Name the unit"),
        ({"purpose": ""}, "what it is needed for"),
        ({"said": {3: "2015-09-01"}}, "Lives here since: the registry says otherwise"),
        ({"said": {4: "10"}}, "Relation to the head of household: the registry says otherwise"),
    ],
)
def test_what_is_no_request(changed, sentence):
    person = registry.household("张示例").members.get().person
    refuses(sentence, commands.request, entry=make.entry(RESIDENCE), person_id=person.pk,
            wish=make.wish(**changed), by=make.worker())  # fmt: skip


@pytest.mark.usefixtures("city")
def test_of_the_dead_and_of_who_only_works_here_nothing_is_certified():
    row, by = make.entry(RESIDENCE), make.worker()
    dead = registry.household("张示例", "李示例").members.get(relation="10").person
    works = registry.person(
        "王示例", presences=[registry.NewPresence(Presence.Kind.WORKING, TIANAN, None, SINCE)]
    )
    refuses("does not live in this community", commands.request, entry=row, person_id=works.pk,
            wish=make.wish(), by=by)  # fmt: skip
    certificate = make.requested(person=dead)
    registry_commands.die(person=dead, on=MONDAY.date(), by=by, at=MONDAY)
    refuses("does not have this person|has died", commands.seal, certificate=certificate,
            by=make.secretary())  # fmt: skip


@pytest.mark.usefixtures("city")
def test_what_the_registry_does_not_know_the_secretary_stands_for():
    person = registry.person("李示例", home=registry.dwelling())
    certificate = make.requested(person=person, said={4: "10"})
    assert [line.verdict for line in stated(certificate)] == [AGREES] * 4 + [UNKNOWN]
    secretary = make.secretary()
    refuses("how you know what the registry does not: Relation", commands.seal,
            certificate=certificate, by=secretary, vouched="  ")  # fmt: skip
    certificate = commands.seal(
        certificate=certificate, vouched="看过户口簿", by=secretary, at=MONDAY
    )
    assert (certificate.state, certificate.vouched) == ("sealed", "看过户口簿")


@pytest.mark.usefixtures("city")
def test_a_disputed_value_counts_as_not_known():
    person = registry.person("李示例", birth=date(1950, 3, 15))
    type(person).objects.filter(pk=person.pk).update(disputed=["birth"])
    certificate = make.requested(
        "青少年社区实践活动证明", person=person, days=30,
        said={2: "植树", 3: "2026-02-01", 4: "4 小时"},
    )  # fmt: skip
    assert [line.verdict for line in stated(certificate)] == [AGREES] + [UNKNOWN] * 4


@pytest.mark.usefixtures("city")
def test_what_changed_since_the_request_is_not_sealed():
    certificate = make.requested()
    Membership.objects.filter(person=certificate.person).update(relation="80")
    refuses("Relation to the head of household: the registry says otherwise", commands.seal,
            certificate=certificate, by=make.secretary())  # fmt: skip


@pytest.mark.usefixtures("city")
def test_two_people_and_one_of_them_the_secretary():
    secretary = make.secretary()
    certificate = make.requested(by=secretary)
    refuses("Who asked for the seal does not press it", commands.seal, certificate=certificate,
            by=secretary)  # fmt: skip
    refuses("secretary decides on the seal", commands.seal, certificate=certificate,
            by=make.worker())  # fmt: skip
    refuses("secretary decides", commands.refuse_request, certificate=certificate, reason="不符",
            by=make.worker())  # fmt: skip
    with pytest.raises(IntegrityError, match="certificate_by_two"), transaction.atomic():
        Certificate.objects.update(asked_by=1, sealed_by=1)


@pytest.mark.usefixtures("city")
def test_what_the_catalogue_forbids_or_nobody_has_checked_is_not_requested():
    person, by = registry.person("张示例"), make.worker()
    wanted = {"person_id": person.pk, "wish": make.wish(), "by": by}
    refuses("The catalogue forbids", commands.request, entry=make.entry("居民财产证明"), **wanted)
    refuses("Nobody has checked the basis", commands.request,
            entry=make.entry("人民调解情况说明", confirmed=False), **wanted)  # fmt: skip
    old = make.entry(RESIDENCE)
    make.edition()
    refuses("not in force", commands.request, entry=old, **wanted)


@pytest.mark.usefixtures("city")
def test_of_a_matter_somebody_is_named_and_an_estate_is_looked_up():
    row = make.entry("加装电梯方案公示情况证明")
    registry.estate("天安别墅")
    said = {0: "天安别墅", 1: "12 幢 1 单元", 2: "2026-01-01", 3: "2026-01-10", 4: "无异议"}
    refuses("Say for whom", commands.request, entry=row, person_id=None,
            wish=make.wish(said=said), by=make.worker())  # fmt: skip
    certificate = make.requested(row.name, said=said, holder="12 幢 1 单元全体业主")
    assert [line.verdict for line in stated(certificate)] == [AGREES] + [UNKNOWN] * 4
    assert (certificate.person, certificate.shown_holder) == (None, "1**")


@pytest.mark.usefixtures("city")
def test_refused_and_revoked_say_why_and_nothing_follows():
    secretary, first = make.secretary(), make.requested()
    refuses("Give the reason", commands.refuse_request, certificate=first, reason=" ",
            by=secretary)  # fmt: skip
    first = commands.refuse_request(
        certificate=first, reason="学校已可查询，电话 13800000019", by=secretary, at=MONDAY
    )
    assert (first.state, first.reason) == ("refused", "学校已可查询，电话 138****0019")
    refuses("not possible now", commands.seal, certificate=first, by=secretary)

    second = make.sealed()
    refuses("not possible now", commands.refuse_request, certificate=second, reason="不",
            by=secretary)  # fmt: skip
    second = commands.revoke(certificate=second, reason="已迁出", by=secretary, at=MONDAY)
    assert second.state == "revoked" and queries.shown(second.token).revoked
    refuses("not possible now", commands.hand_out, certificate=second, by=secretary)
    refuses("not possible now", commands.revoke, certificate=second, reason="再", by=secretary)
    with pytest.raises(Refused, match="sealed and not revoked"):
        rules.check_paper(second, secretary)


@pytest.mark.usefixtures("city")
def test_numbers_have_no_gaps_and_begin_anew_each_year_in_each_community():
    first = make.sealed()
    commands.refuse_request(
        certificate=make.requested(), reason="不符", by=make.secretary(), at=MONDAY
    )
    second = make.sealed()
    later = make.sealed(at=MONDAY.replace(year=2027))
    assert [first.number, second.number, later.number] == [
        "Z2026-11002018-0001", "Z2026-11002018-0002", "Z2027-11002018-0001",
    ]  # fmt: skip
    fudu = registry.household("王示例", home=registry.dwelling(place=FUDU, estate=registry.estate(
        "富都新村", FUDU)), place=FUDU).members.get().person  # fmt: skip
    asked = make.requested(person=fudu, by=make.worker(FUDU))
    there = commands.seal(certificate=asked, by=make.secretary(FUDU), at=MONDAY)
    assert there.number == "Z2026-11002019-0001"


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 3660))
def test_a_certificate_holds_for_all_its_days_and_not_one_more(on, days):
    until = rules.holds_until(on, days)
    held = sum(not rules.has_expired(until, on + timedelta(days=n)) for n in range(days + 3))
    assert held == days + 1  # the day of the seal and the days after it
    assert not rules.has_expired(until, until) and rules.has_expired(until, until + DAY)


@given(copies=st.integers(-5, 60), days=st.integers(-5, 200))
def test_copies_and_days_are_taken_exactly_within_their_bounds(copies, days):
    entry = type("Row", (), {"days": 90})
    try:
        rules.issuing.check_wish(entry, replace(make.wish(), copies=copies, days=days))
        taken = True
    except Refused:
        taken = False
    assert taken == (1 <= copies <= 20 and 1 <= days <= 90)
