"""From the draft of an application to the end of the grant: every step, every clock, every no."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.journal import queries as journal
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Notice
from shanzhi.registry import commands, queries, sharing_notices
from shanzhi.registry.kinds import Share
from shanzhi.registry.models import GrantElement
from shanzhi.registry.rules import sharing as rules
from shanzhi.registry.rules.sharing import Decision, State
from shanzhi.work.models import Duty

from . import sharing_factories as factories
from .sharing_factories import DAY, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def health():
    factories.city()
    return factories.clerk("health")


@contextmanager
def refuses(grant, sentence, field=None):
    before = factories.everything(grant)
    with pytest.raises(Refused, match=sentence) as refusal:
        yield
    assert factories.everything(grant) == before
    if field:
        assert refusal.value.field == field


def duty(part):
    return Duty.objects.get(about=f"registry.GrantPart:{part.pk}", closed_at=None)


def due(part):
    return localdate(duty(part).due_at)


# --- asking ---------------------------------------------------------------------------------------


def test_a_draft_is_numbered_and_seen_by_its_unit_alone(health):
    grant = factories.drafted(health)
    assert (grant.number[:3], len(grant.number), grant.state) == ("G26", 9, "draft")
    assert queries.grant(health, grant.number) == grant
    for other in (
        factories.owner("civil_affairs"), factories.clerk("health", factories.TIANNING),
        factories.clerk("civil_affairs"), factories.security(), factories.worker(),
    ):  # fmt: skip
        assert queries.grant(other, grant.number) is None


def test_it_is_divided_among_the_owners_of_its_elements(health):
    grant = factories.drafted(health, elements={
        "person.name": True, "person.phone": False, "person.work": False, "home.estate": False,
    })  # fmt: skip
    owners = grant.parts.order_by("owner").values_list("owner", flat=True)
    assert list(owners) == ["civil_affairs", "housing", "human_resources", "police"]


def test_sending_it_opens_a_duty_of_ten_working_days_with_each_owner(health):
    grant = factories.asked(health)
    assert grant.state == "asked"
    assert grant.parts.count() == 2
    for part in grant.parts.all():
        assert (duty(part).place, duty(part).department) == ("3204", part.owner_id)
        assert due(part) == date(2026, 3, 16)
    assert queries.grant(factories.owner("police"), grant.number) == grant
    assert queries.grant(factories.owner("housing"), grant.number) is None


def test_what_is_shared_unconditionally_is_answered_within_one_working_day(health):
    grant = factories.asked(health, elements={"home.place": False})
    assert due(factories.part(grant, "housing")) == date(2026, 3, 3)


def test_a_part_with_both_classes_has_the_longer_time(health):
    grant = factories.asked(health, elements={"home.place": False, "home.estate": False})
    assert due(factories.part(grant, "housing")) == date(2026, 3, 16)


def test_the_clock_of_a_friday_evening_counts_from_monday_on(health):
    friday = MONDAY + 4 * DAY + timedelta(hours=9)
    grant = factories.asked(health, friday, elements={"home.place": False})
    assert due(factories.part(grant, "housing")) == date(2026, 3, 9)


def test_who_owns_all_of_it_has_agreed_by_asking(health):
    civil = factories.owner("civil_affairs")
    grant = factories.asked(civil, elements={"person.phone": True}, scope="3204")
    assert grant.state == "granted"
    assert not Duty.objects.exists()


def test_a_draft_is_changed_and_discarded(health):
    grant = factories.drafted(health)
    wanted = factories.wanted(elements={"person.sex": False}, purpose="另一件事")
    grant = commands.redraft_grant(grant=grant, wanted=wanted, by=health, at=MONDAY)
    assert (grant.purpose, list(GrantElement.objects.values_list("element", flat=True))) == (
        "另一件事", ["person.sex"],
    )  # fmt: skip
    label = f"registry.Grant:{grant.pk}"
    commands.discard_grant(grant=grant, by=health, at=MONDAY)
    assert queries.grant(health, grant.number) is None
    told = [entry.verb for entry in journal.about(label)]
    assert told == [
        "registry.grant_drafted", "registry.grant_redrafted", "registry.grant_discarded",
    ]  # fmt: skip


WRONG = [
    ({"purpose": " "}, "what for", "purpose"),
    ({"basis": ""}, "what for", "basis"),
    ({"elements": {}}, "at least one element", "elements"),
    ({"elements": {"person.shoe": False}}, "no element person.shoe", "elements"),
    ({"scope": "320411999"}, "division of this city", "scope"),
    ({"scope": "320402"}, "its own division only", "scope"),
    ({"scope": "3204"}, "its own division only", "scope"),
    ({"filter": {}}, "live, are registered", "kind"),
    ({"filter": {"kind": 2, "age_from": -1}}, "between 0 and 150", "age_from"),
    ({"filter": {"kind": 2, "age_from": 80, "age_to": 60}}, "lower age", "age_from"),
    ({"until": date(2026, 3, 1)}, "ends before", "until"),
    ({"since": date(2025, 1, 1), "until": date(2026, 3, 1)}, "over already", "until"),
    ({"until": date(2030, 1, 1)}, "Three years", "until"),
    ({"confidential_basis": "监察法"}, "needs both", "review_on"),
    ({"confidential_basis": "监察法", "review_on": date(2028, 1, 1)}, "within a year", "review_on"),
]


@pytest.mark.parametrize(("change", "sentence", "field"), WRONG)
def test_an_application_that_says_too_little_or_too_much_is_refused(
    health, change, sentence, field
):
    before = factories.Grant.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        factories.drafted(health, **change)
    assert (refusal.value.field, factories.Grant.objects.count()) == (field, before)


def test_only_a_department_asks(health):
    with pytest.raises(Refused, match="department"):
        factories.drafted(factories.worker())


def test_another_unit_cannot_send_change_or_withdraw_it(health):
    grant = factories.drafted(health)
    other = factories.clerk("health", factories.TIANNING)
    for run in (
        lambda: commands.ask_grant(grant=grant, by=other, at=MONDAY),
        lambda: commands.discard_grant(grant=grant, by=other, at=MONDAY),
        lambda: commands.withdraw_grant(grant=grant, by=other, at=MONDAY),
        lambda: commands.redraft_grant(grant=grant, wanted=factories.wanted(), by=other, at=MONDAY),
    ):
        with refuses(grant, "Only the unit that asks"):
            run()


# --- deciding -------------------------------------------------------------------------------------


@pytest.fixture
def grant(health):
    return factories.asked(health)


@pytest.fixture
def civil(grant):
    return factories.part(grant, "civil_affairs")


def agree(part, **more):
    by = factories.owner(part.owner_id)
    return commands.agree_grant(part=part, by=by, at=MONDAY + DAY, **more)


def test_it_is_used_once_every_owner_has_provided(grant, civil):
    assert agree(civil).state == "asked"
    after = agree(factories.part(grant, "police"))
    assert after.state == "granted"
    assert localdate(after.decided_at) == date(2026, 3, 3)
    assert not Duty.objects.filter(closed_at=None).exists()


def test_consent_without_providing_begins_twenty_working_days(grant, civil):
    agree(factories.part(grant, "police"))
    assert agree(civil, provided=False).state == "agreed"
    assert due(civil) == date(2026, 3, 31)

    after = commands.provide_grant(part=civil, by=factories.owner(), at=MONDAY + 5 * DAY)
    assert after.state == "granted"


def test_what_one_owner_refuses_is_left_out(grant, civil):
    agree(civil)
    after = commands.refuse_grant(
        part=factories.part(grant, "police"), ground="excessive", reason="只需姓名的首字",
        by=factories.owner("police"), at=MONDAY,
    )  # fmt: skip
    assert after.state == "granted"


def refuse(part, **more):
    values = {"ground": "purpose", "reason": "体检通知不需要这些数据"} | more
    by = factories.owner(part.owner_id)
    return commands.refuse_grant(part=part, by=by, at=MONDAY, **values)


def test_it_is_refused_where_all_refuse(grant, civil):
    assert refuse(civil).state == "asked"
    assert refuse(factories.part(grant, "police")).state == "refused"


@pytest.mark.parametrize(
    ("more", "sentence", "field"),
    [
        ({"ground": "incomplete"}, "ask for it", "ground"),
        ({"ground": ""}, "ask for it", "ground"),
        ({"reason": "不"}, "Say why", "reason"),
    ],
)
def test_a_refusal_needs_a_listed_ground_and_a_reason(grant, civil, more, sentence, field):
    with refuses(grant, sentence, field):
        refuse(civil, **more)


def test_what_is_shared_unconditionally_is_not_refused(health):
    grant = factories.asked(health, elements={"home.place": False})
    with refuses(grant, "not refused"):
        refuse(factories.part(grant, "housing"))


def test_gaps_are_told_once_and_the_clock_stands_still_meanwhile(grant, civil, health):
    by = factories.owner()
    after = commands.tell_gaps(
        part=civil, gaps=["依据的条款", " ", "存放何处"], by=by, at=MONDAY + DAY
    )
    assert after.state == "gaps"
    civil.refresh_from_db()
    assert civil.gaps == ["依据的条款", "存放何处"]
    kinds = Duty.objects.filter(about=f"registry.GrantPart:{civil.pk}", closed_at=None)
    assert {(each.kind, each.department, each.paused) for each in kinds} == {
        ("registry.grant_decide", "civil_affairs", True),
        ("registry.grant_complete", "health", False),
    }

    later = MONDAY + 4 * DAY
    after = commands.complete_grant(part=civil, answer="第十二条；政务云", by=health, at=later)
    assert after.state == "asked"
    assert due(civil) == date(2026, 3, 19)  # three ends of day later than the 16th
    civil.refresh_from_db()
    with refuses(grant, "told once"):
        commands.tell_gaps(part=civil, gaps=["再补一项"], by=by, at=later)
    agree(civil)


def test_gaps_are_named(grant, civil):
    with refuses(grant, "Name everything", "gaps"):
        commands.tell_gaps(part=civil, gaps=[" "], by=factories.owner(), at=MONDAY)


def test_an_owner_takes_ten_working_days_more_once_with_approval(grant, civil):
    by = factories.owner()

    def extend(**more):
        values = {"days": 10, "approved": "市民政局负责人"} | more
        return commands.extend_grant(part=civil, by=by, at=MONDAY, **values)

    for more, sentence, field in (
        ({"days": 11}, "Ten working days", "days"),
        ({"days": 0}, "Ten working days", "days"),
        ({"approved": " "}, "who approved", "approved"),
    ):
        with refuses(grant, sentence, field):
            extend(**more)
    extend()
    assert due(civil) == date(2026, 3, 30)
    with refuses(grant, "lengthened once"):
        extend(days=1)


def test_the_one_day_of_unconditional_sharing_is_not_lengthened(health):
    grant = factories.asked(health, elements={"home.place": False})
    part = factories.part(grant, "housing")
    with refuses(grant, "cannot be lengthened"):
        commands.extend_grant(
            part=part, days=1, approved="局长", by=factories.owner("housing"), at=MONDAY
        )


def test_what_is_not_shared_is_opened_by_a_statute_only(grant, civil):
    GrantElement.objects.filter(part=civil).update(share=Share.NOT_SHARED)
    with refuses(grant, "not shared", "statute"):
        agree(civil)
    agree(civil, statute="某法第二十条")
    civil.refresh_from_db()
    assert (civil.state, civil.statute) == ("provided", "某法第二十条")


def test_an_owner_gives_less_in_full_than_was_asked_for_but_not_more(grant):
    part = factories.part(grant, "police")
    with refuses(grant, "not asked for so", "full"):
        agree(part, full=["person.name", "person.birth"])
    agree(part, full=[])
    assert not GrantElement.objects.filter(part=part, full=True).exists()


def test_only_the_city_s_owner_department_decides(grant, civil, health):
    strangers = (
        health, factories.owner("police"), factories.clerk("civil_affairs"), factories.worker(),
        factories.security(),
    )  # fmt: skip
    for by in strangers:
        for run in (
            lambda by: commands.agree_grant(part=civil, by=by, at=MONDAY),
            lambda by: commands.tell_gaps(part=civil, gaps=["缺"], by=by, at=MONDAY),
            lambda by: commands.provide_grant(part=civil, by=by, at=MONDAY),
            lambda by: commands.refuse_grant(
                part=civil, ground="law", reason="法律不允许", by=by, at=MONDAY
            ),
            lambda by: commands.extend_grant(part=civil, days=3, approved="局长", by=by, at=MONDAY),
        ):
            with refuses(grant, "Only the department that owns"):
                run(by)


def test_a_part_is_decided_once(grant, civil):
    agree(civil)
    with refuses(grant, "no longer possible"):
        agree(civil)
    with refuses(grant, "no longer possible"):
        refuse(civil)
    with refuses(grant, "no longer possible"):
        commands.tell_gaps(part=civil, gaps=["缺"], by=factories.owner(), at=MONDAY)
    with refuses(grant, "no longer possible"):
        commands.provide_grant(part=civil, by=factories.owner(), at=MONDAY)


def test_withdrawn_before_it_is_decided(grant, civil, health):
    after = commands.withdraw_grant(grant=grant, by=health, at=MONDAY)
    assert after.state == "withdrawn"
    assert not Duty.objects.filter(closed_at=None).exists()
    with refuses(grant, "no longer possible"):
        agree(civil)
    with refuses(grant, "no longer possible"):
        commands.withdraw_grant(grant=grant, by=health, at=MONDAY)


# --- in use ---------------------------------------------------------------------------------------


@pytest.fixture
def used(health):
    return factories.granted(health)


@pytest.mark.parametrize("who", ["owner", "security"])
def test_misuse_suspends_it_and_it_is_resumed(used, who):
    by = factories.owner("police") if who == "owner" else factories.security()
    after = commands.suspend_grant(grant=used, reason="用于商业推广", by=by, at=MONDAY)
    assert (after.state, after.suspended_for) == ("suspended", "用于商业推广")
    with refuses(used, "no longer possible"):
        commands.suspend_grant(grant=used, reason="再次暂停", by=by, at=MONDAY)
    assert commands.resume_grant(grant=used, by=by, at=MONDAY).state == "granted"


def test_strangers_suspend_resume_and_end_nothing(used, health):
    for by in (factories.owner("housing"), factories.worker(), factories.clerk("police")):
        for run in (
            lambda by: commands.suspend_grant(grant=used, reason="随便停一下", by=by, at=MONDAY),
            lambda by: commands.resume_grant(grant=used, by=by, at=MONDAY),
            lambda by: commands.end_grant(grant=used, reason="随便停一下", by=by, at=MONDAY),
        ):
            with refuses(used, "Only an owner"):
                run(by)
    with refuses(used, "Only an owner"):
        commands.suspend_grant(grant=used, reason="自己暂停", by=health, at=MONDAY)


def test_the_owner_or_the_unit_ends_it_for_good(used, health):
    with refuses(used, "Say why", "reason"):
        commands.end_grant(grant=used, reason="", by=health, at=MONDAY)
    after = commands.end_grant(grant=used, reason="工作已完成", by=health, at=MONDAY)
    assert (after.state, after.ended_on) == ("ended", date(2026, 3, 2))
    for run in (commands.suspend_grant, commands.end_grant):
        with refuses(used, "no longer possible"):
            run(grant=used, reason="再来一次", by=factories.owner(), at=MONDAY)


def test_the_night_after_its_last_day_ends_it(used):
    last = factories.datetime(2026, 12, 31, 23, 0, tzinfo=factories.SHANGHAI)
    assert commands.end_grants_due(by=SYSTEM, at=last) == 0
    assert commands.end_grants_due(by=SYSTEM, at=last + timedelta(hours=2)) == 1
    used.refresh_from_db()
    assert (used.state, used.ended_on) == ("ended", date(2026, 12, 31))


def test_its_whole_way_is_in_the_journal_without_words(health):
    grant = factories.granted(health)
    entries = journal.about(f"registry.Grant:{grant.pk}")
    assert [entry.verb for entry in entries] == [
        "registry.grant_drafted", "registry.grant_asked", "registry.grant_agreed",
        "registry.grant_agreed",
    ]  # fmt: skip
    assert entries[1].data == {
        "number": grant.number, "elements": ["person.birth", "person.name", "person.phone"],
    }  # fmt: skip


def test_the_clerk_who_asked_is_told(grant, civil, health):
    refuse(civil)
    sharing_notices.tell(journal.about(f"registry.Grant:{grant.pk}"))
    assert list(Notice.objects.values_list("account", "text")) == [
        (health.account_id, "registry.grant_refused")
    ]


# --- properties -----------------------------------------------------------------------------------

PARTS = st.lists(st.sampled_from([str(each) for each in Decision]), min_size=1, max_size=5)


@given(PARTS)
def test_a_whole_is_what_its_parts_are(parts):
    state = rules.state_of(parts)
    assert state == rules.state_of(list(reversed(parts)))
    assert (state == State.REFUSED) == (set(parts) == {"refused"})
    assert (state == State.GRANTED) == ("provided" in parts and set(parts) <= {
        "provided", "refused"})  # fmt: skip


@given(PARTS, st.data())
def test_every_decision_of_a_part_keeps_to_the_table_of_the_whole(parts, data):
    n = data.draw(st.integers(0, len(parts) - 1))
    after = sorted(rules.NEXT_OF_PART[Decision(parts[n])])
    if not after:
        return
    decided = [*parts[:n], str(data.draw(st.sampled_from(after))), *parts[n + 1 :]]
    before, now = rules.state_of(parts), rules.state_of(decided)
    assert now == before or now in rules.NEXT[before]


@given(st.lists(st.sampled_from(list(Share)), min_size=1))
def test_an_owner_has_one_day_only_where_all_is_unconditional(shares):
    assert rules.answer_days(shares) == (1 if set(shares) == {Share.UNCONDITIONAL} else 10)
