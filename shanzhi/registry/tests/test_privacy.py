"""The registers of the privacy law: notices, consents, assessments, incidents."""

from datetime import date, timedelta

import pytest

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.people.models import Notice, Post
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries
from shanzhi.registry.models import (
    Assessment,
    Consent,
    Incident,
    Person,
    PrivacyNotice,
    Purpose,
)
from shanzhi.registry.plugs import rights
from shanzhi.work import commands as work
from shanzhi.work.models import Duty

from . import rights_factories as make
from .rights_factories import LATER, NOON, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    staff.city()
    staff.civil_affairs()
    work.load_calendar(by=make.SYSTEM, at=NOON)


@pytest.fixture
def security():
    return staff.actor(staff.post("security_admin", staff.CITY))


@pytest.fixture
def zhang():
    return make.person(other_phone="13800000022")


@pytest.fixture
def account(zhang):
    account = make.resident()
    make.bound(account, zhang)
    return account


def publish(by, on=TODAY, text="说明收集什么、为什么收集、保存多久、如何行使权利。"):
    return commands.publish_notice(
        title="个人信息处理规则", text=text, changes="", in_force_from=on, by=by, at=NOON
    )


def test_the_version_in_force_is_the_latest_that_has_begun(security):
    first, second = publish(security), publish(security, TODAY + timedelta(days=5))
    assert (first.version, second.version) == (1, 2)
    assert queries.notice_in_force(TODAY) == first
    assert queries.notice_in_force(TODAY + timedelta(days=5)) == second
    assert queries.notice_in_force(TODAY - timedelta(days=1)) is None


def test_a_version_is_not_dated_back_nor_published_by_others(security):
    with pytest.raises(Refused, match="today or later"):
        publish(security, TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="does not keep"):
        publish(staff.actor(staff.post("community_worker")))
    publish(security, TODAY + timedelta(days=5))
    with pytest.raises(Refused, match="after the one before"):
        publish(security)
    assert PrivacyNotice.objects.count() == 1


# --- consent --------------------------------------------------------------------------------------


@pytest.fixture
def purpose(security):
    return commands.set_purpose(
        code="second-phone", title="紧急联系", text="在联系不上时使用备用电话。",
        elements=["person.other_phone"], by=security, at=NOON,
    )  # fmt: skip


def test_consent_is_given_kept_in_its_words_and_withdrawn_with_what_rested_on_it(
    zhang, account, purpose, security
):
    by = make.acting(account)
    consent = commands.give_consent(person=zhang, purpose=purpose, by=by, at=NOON)
    assert commands.give_consent(person=zhang, purpose=purpose, by=by, at=LATER) == consent
    commands.set_purpose(
        code="second-phone",
        title="紧急联系",
        text="改过的说明。",
        elements=[],
        by=security,
        at=NOON,
    )
    assert Consent.objects.get().text == "在联系不上时使用备用电话。"
    assert queries.consented(zhang.pk, "second-phone")
    commands.set_purpose(
        code="second-phone", title="紧急联系", text="改过的说明。",
        elements=["person.other_phone", "person.phone"], by=security, at=NOON,
    )  # fmt: skip

    purpose.refresh_from_db()
    commands.withdraw_consent(person=zhang, purpose=purpose, by=by, at=LATER)

    assert Consent.objects.get().withdrawn_at == LATER
    assert not queries.consented(zhang.pk, "second-phone")
    person = Person.objects.get()
    assert (person.other_phone, person.phone) == (None, "13800000021")
    entry = about(f"registry.Person:{zhang.pk}")[-1]
    assert entry.data["deleted"] == ["person.other_phone"]
    with pytest.raises(Refused, match="no consent"):
        commands.withdraw_consent(person=zhang, purpose=purpose, by=by, at=LATER)


def test_for_a_child_the_guardian_agrees_and_a_proxy_never(account, zhang, purpose):
    child = make.person("张小", date(2015, 6, 1), "006")
    make.bound(account, child, "guardian")
    by = make.acting(account)
    assert commands.give_consent(person=child, purpose=purpose, by=by, at=NOON).relation == (
        "guardian"
    )
    son = make.resident("13800000077", "张儿子")
    make.bound(son, zhang, "proxy", scope=["read", "correct", "copy", "fill"])
    with pytest.raises(Refused, match="guardian"):
        commands.give_consent(person=zhang, purpose=purpose, by=make.acting(son), at=NOON)
    assert Consent.objects.count() == 1


def test_a_purpose_that_is_closed_is_not_agreed_to(zhang, account, security, purpose):
    commands.set_purpose(
        code="second-phone", title="紧急联系", text="不再使用。", elements=[], open=False,
        by=security, at=NOON,
    )  # fmt: skip
    purpose.refresh_from_db()
    with pytest.raises(Refused, match="no longer asked"):
        commands.give_consent(person=zhang, purpose=purpose, by=make.acting(account), at=NOON)
    assert Consent.objects.count() == 0


def test_a_purpose_names_elements_of_the_catalogue(security):
    with pytest.raises(Refused, match=r"person\.shoe"):
        commands.set_purpose(
            code="shoes", title="鞋码", text="用于送鞋。", elements=["person.shoe"], by=security,
            at=NOON,
        )  # fmt: skip
    assert Purpose.objects.count() == 0


def test_children_are_those_under_fourteen(zhang):
    child = make.person("张小", date(2012, 3, 3), "006")
    assert queries.children([zhang.pk, child.pk], date(2026, 3, 2)) == {child.pk}
    assert queries.children([zhang.pk, child.pk], date(2026, 3, 3)) == set()


# --- assessments ----------------------------------------------------------------------------------


def test_an_assessment_is_kept_three_years(security):
    made = commands.keep_assessment(
        title="高龄津贴数据共享", purpose="发放津贴", effects="身份证号泄露", measures="脱敏、日志",
        elements=["person.identity"], risk="middle", made_on=date(2024, 2, 29), by=security,
        at=NOON,
    )  # fmt: skip
    assert made.kept_until == date(2027, 3, 1)
    clerk = staff.actor(staff.post("department_clerk", staff.DISTRICT, department="civil_affairs"))
    assert list(queries.assessments(clerk)) == []
    assert list(queries.assessments(security)) == [made]
    with pytest.raises(Refused, match="future"):
        commands.keep_assessment(
            title="预先", purpose="发放", effects="无", measures="有", elements=[], risk="low",
            made_on=TODAY + timedelta(days=1), by=security, at=NOON,
        )  # fmt: skip
    assert Assessment.objects.count() == 1


# --- incidents ------------------------------------------------------------------------------------


def found(by, persons, **more):
    values = {
        "title": "表格误发", "what": "一份名单发到了错误的群", "harm": "可能接到诈骗电话",
        "advice": "不要相信自称社区的陌生来电", "elements": ["person.phone"], "found_at": NOON,
    }  # fmt: skip
    return commands.open_incident(persons=persons, by=by, at=NOON, **(values | more))


def test_an_incident_goes_step_by_step_under_clocks_and_those_affected_are_told(
    security, zhang, account
):
    make.person("李二", date(1950, 1, 1), "008")
    incident = found(security, [zhang.pk, zhang.pk])
    assert incident.persons == [zhang.pk]
    duty = Duty.objects.get()
    clock = duty.clocks.get()
    assert (clock.amount, clock.unit, duty.place) == (4, "hours", staff.CITY)

    with pytest.raises(Refused, match="does not follow"):
        commands.step_incident(
            incident=incident, state="told", words="已告知", by=security, at=LATER
        )
    for state in ("contained", "reported", "told", "closed"):
        commands.step_incident(
            incident=incident, state=state, words=f"已{state}", by=security, at=LATER
        )
    incident = Incident.objects.get()
    assert incident.state == "closed"
    assert [step.state for step in incident.steps.order_by("pk")] == [
        "found", "contained", "reported", "told", "closed",
    ]  # fmt: skip
    assert Duty.objects.filter(closed_at=None).count() == 0
    assert Duty.objects.count() == 4

    rights.tell(about(f"registry.Incident:{incident.pk}"))
    notice = Notice.objects.get(text="registry.incident_told")
    assert notice.account_id == account.pk
    assert notice.values["advice"] == "不要相信自称社区的陌生来电"


def test_only_the_security_post_keeps_incidents(zhang):
    with pytest.raises(Refused, match="does not keep"):
        found(staff.actor(staff.post("city_clerk", staff.CITY)), [])
    assert (Incident.objects.count(), Duty.objects.count()) == (0, 0)


def test_an_incident_is_not_found_tomorrow(security):
    with pytest.raises(Refused, match="future"):
        found(security, [], found_at=LATER)
    assert Incident.objects.count() == 0


# --- notices of rights ----------------------------------------------------------------------------


def test_the_resident_hears_of_binding_decision_and_end(zhang, account, security):
    request = commands.ask_correction(
        person=zhang, element="person.phone", value="13800000033", reason="换号码",
        by=make.acting(account), at=NOON,
    )  # fmt: skip
    clerk = staff.actor(staff.post("department_clerk", staff.DISTRICT, department="civil_affairs"))
    commands.decide_correction(request=request, accept=False, answer="仍在使用", by=clerk, at=LATER)
    son = make.resident("13800000077", "张儿子")
    make.bound(son, zhang, "proxy", scope=["read"])
    rights.tell(
        [*about(f"registry.Person:{zhang.pk}"), *about(f"registry.ChangeRequest:{request.pk}")]
    )
    told = list(
        Notice.objects.filter(account=account).order_by("pk").values_list("text", flat=True)
    )
    assert told == ["registry.bound", "registry.proxy_named", "registry.correction_refused"]


def test_pages_of_the_registers_open_for_their_keepers(english, security, purpose):
    client = staff.enter(english, Post.objects.get(role="security_admin"))
    found(security, [])
    incident = Incident.objects.get()
    for url in (
        "", "notices/new/", "purposes/new/", "purposes/second-phone/", "assessments/new/",
        "incidents/new/", f"incidents/{incident.pk}/",
    ):  # fmt: skip
        assert client.get(f"/desk/registry/privacy/{url}").status_code == 200, url
    sent = client.post(
        "/desk/registry/privacy/assessments/new/",
        {"title": "评估", "purpose": "发放津贴", "effects": "有限", "measures": "脱敏",
         "elements": "person.phone\nperson.name", "risk": "low", "made_on": "2026-01-05"},
    )  # fmt: skip
    assert sent.status_code == 302
    made = Assessment.objects.get()
    assert client.get(f"/desk/registry/privacy/assessments/{made.pk}/").status_code == 200
    step = f"/desk/registry/privacy/incidents/{incident.pk}/"
    assert client.post(step, {"state": "contained", "words": ""}).status_code == 422
    assert client.post(step, {"state": "closed", "words": "好了"}).status_code == 422
    assert client.post(step, {"state": "contained", "words": "已撤回"}).status_code == 302
    assert Incident.objects.get().state == "contained"
