"""A certificate asked for on the phone: what is allowed, who is told, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shanzhi.journal.labels import label
from shanzhi.journal.models import Entry as JournalEntry
from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Notice
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands as registry_commands
from shanzhi.registry import retention
from shanzhi.registry.models import Binding, Person
from shanzhi.registry.tests import factories as registry
from shanzhi.work.models import Duty

from .. import commands, notices, queries, rules
from ..models import Application, Certificate, Refusal, RequestingUnit
from . import factories as make
from .factories import BANK, FUDU, MONDAY, SCHOOL, TIANAN

pytestmark = pytest.mark.usefixtures("city")
DAY = timedelta(days=1)
State = Application.State


def verbs(row) -> list[str]:
    return [each.verb for each in about(label(row))]


def tell() -> None:
    notices.tell(list(JournalEntry.objects.order_by("id")))


def told(account: int) -> list[str]:
    return list(
        Notice.objects.filter(account=account).order_by("id").values_list("text", flat=True)
    )


def everything() -> list:
    tables = (Application, Certificate, Refusal, RequestingUnit, Duty, JournalEntry)
    return [sorted(map(str, each.objects.values_list())) for each in tables]


def refuses(sentence, command, **values):
    before = everything()
    with pytest.raises(Refused, match=sentence):
        command(**{"at": MONDAY} | values)
    assert everything() == before


# --- the way --------------------------------------------------------------------------------------


def test_from_the_phone_over_the_desk_to_the_phone():
    person = make.known()
    by, worker, secretary = make.asker(person=person), make.worker(), make.secretary()
    application = make.applied(by, person=person, note="请尽快，13800000019")
    assert (application.place, application.state) == (TIANAN, State.SENT)
    assert (application.holder, application.note) == ("张示例", "请尽快，138****0019")
    duty = Duty.objects.get(about=label(application))
    assert (duty.kind, duty.place, duty.person) == ("certificates.application", TIANAN, "张**")
    assert duty.due_at.date() == date(2026, 3, 4)  # two working days
    assert not RequestingUnit.objects.exists()  # a resident's words are no unit yet

    application = make.taken(application, worker)
    certificate = application.certificate
    assert (certificate.state, certificate.asked_by) == ("requested", worker.account_id)
    assert (certificate.person, certificate.unit.name) == (person.pk, SCHOOL)
    duties = Duty.objects.filter(closed_at=None)
    assert [each.kind for each in duties] == ["certificates.seal"]
    make.sealed_by(certificate, secretary, MONDAY)

    assert verbs(application) == ["certificates.applied", "certificates.taken"]
    tell()
    assert told(by.account_id) == ["certificates.taken", "certificates.ready_to_collect"]
    assert told(worker.account_id) == told(secretary.account_id) == ["certificates.applied"]


def test_what_is_missing_is_told_completed_and_its_time_begins_anew():
    person = make.known()
    by, worker = make.asker(person=person), make.worker()
    application = make.applied(by, person=person)
    application = commands.ask_missing(
        application=application, missing=" 哪个学校？ ", by=worker, at=MONDAY + DAY
    )
    assert (application.state, application.missing) == (State.INCOMPLETE, "哪个学校？")
    assert not Duty.objects.filter(closed_at=None).exists()

    later = MONDAY + 3 * DAY
    application = commands.complete(
        application=application, wish=make.wish(unit="示例实验小学"), by=by, at=later
    )
    assert (application.state, application.unit) == (State.SENT, "示例实验小学")
    assert Duty.objects.get(closed_at=None).opened_at == later
    tell()
    assert told(by.account_id) == ["certificates.incomplete"]
    assert told(worker.account_id) == ["certificates.applied", "certificates.completed"]


def test_it_is_declined_with_a_reason_and_withdrawn_while_nobody_has_taken_it():
    person = make.known()
    by, worker = make.asker(person=person), make.worker()
    declined = commands.decline(
        application=make.applied(by, person=person), reason="学校已可在线核验", by=worker, at=MONDAY
    )
    assert (declined.state, declined.reason) == (State.DECLINED, "学校已可在线核验")
    withdrawn = commands.withdraw(application=make.applied(by, person=person), by=by, at=MONDAY)
    assert (withdrawn.state, withdrawn.ended_by) == (State.WITHDRAWN, by.account_id)
    assert not Duty.objects.filter(closed_at=None).exists()
    tell()
    assert told(by.account_id) == ["certificates.declined"]

    taken = make.taken(make.applied(by, person=person), worker)
    refuses("not possible now", commands.withdraw, application=taken, by=by)
    commands.refuse_request(
        certificate=taken.certificate, reason="登记有误", by=make.secretary(), at=MONDAY
    )
    tell()
    assert told(by.account_id)[-1] == "certificates.request_refused"


def test_with_an_electronic_seal_the_inbox_says_download_and_a_revocation_is_told(settings):
    settings.SHANZHI_CERTIFICATE_SEAL = "some.seal"
    person, secretary = make.known(), make.secretary()
    by = make.asker(person=person)
    certificate = make.taken(make.applied(by, person=person)).certificate
    make.sealed_by(certificate, secretary, MONDAY)
    commands.revoke(certificate=certificate, reason="登记有误", by=secretary, at=MONDAY)
    tell()
    assert told(by.account_id)[1:] == ["certificates.ready", "certificates.revoked"]


def test_the_journal_holds_no_word_of_anybody():
    person = make.known()
    by = make.asker(person=person)
    application = make.applied(by, person=person, note="请尽快", purpose="孙辈入学")
    commands.ask_missing(application=application, missing="补充说明", by=make.worker(), at=MONDAY)
    commands.complete(
        application=application, wish=make.wish(purpose="孙辈入学"), note="已补", by=by, at=MONDAY
    )
    make.taken(application)
    said = str(list(JournalEntry.objects.values_list("verb", "about", "data")))
    for words in ("张示例", "请尽快", "孙辈入学", "补充说明", "已补", SCHOOL):
        assert words not in said


@pytest.mark.parametrize("state", list(State))
def test_every_step_is_in_the_table_and_no_other_is_possible(state):
    person = make.known()
    by, worker = make.asker(person=person), make.worker()
    application = make.applied(by, person=person)
    certificate = make.requested(person=person) if state == State.TAKEN else None
    ended = MONDAY if state in (State.DECLINED, State.WITHDRAWN) else None
    Application.objects.update(
        state=state, certificate=certificate, ended_at=ended,
        reason="x" if state == State.DECLINED else None, missing="x",
    )  # fmt: skip
    steps = {
        "take": (commands.take, {"wish": make.wish(), "by": worker}),
        "ask": (commands.ask_missing, {"missing": "x", "by": worker}),
        "decline": (commands.decline, {"reason": "x", "by": worker}),
        "complete": (commands.complete, {"wish": make.wish(), "by": by}),
        "withdraw": (commands.withdraw, {"by": by}),
    }
    for name, (command, values) in steps.items():
        with transaction.atomic():
            row = Application.objects.get(pk=application.pk)
            if name in rules.applying.NEXT[state]:
                after = command(application=row, at=MONDAY, **values).state
                assert after == rules.applying.NEXT[state][name]
            else:
                with pytest.raises(Refused, match="not possible now"):
                    command(application=row, at=MONDAY, **values)
            transaction.set_rollback(True)


# --- what is refused ------------------------------------------------------------------------------


def test_whoever_is_not_bound_asks_for_nobody():
    person, stranger = make.known(), make.asker()
    values = {"entry": make.entry("居住情况证明"), "wish": make.wish(), "by": stranger}
    refuses("not bound", commands.apply, person_id=person.pk, **values)
    refuses("not bound", commands.apply, person_id=None, **values)
    make.bound(stranger.account_id, person)
    commands.apply(person_id=person.pk, at=MONDAY, **values)
    Binding.objects.update(ended_at=MONDAY, ended="staff")
    other = {"wish": make.wish(unit=BANK)}
    refuses("not bound", commands.apply, person_id=person.pk, **values | other)


def test_a_guardian_asks_for_a_child_and_a_proxy_for_nobody():
    child, adult = (
        registry.person("张小示例", identity=registry.identity(date(2015, 5, 1))),
        registry.person("王示例"),
    )
    by = make.asker()
    make.bound(by.account_id, child, "guardian")
    registry_commands.bind(
        account_id=by.account_id, person=adult, level=1, relation="proxy", scope=["read", "fill"],
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    row = make.entry("青少年社区实践活动证明")
    said = {position: "2026年2月" for position, code in enumerate(row.fields)
            if not code.startswith("person.")}  # fmt: skip
    values = {"entry": row, "wish": make.wish(said=said, days=row.days), "by": by}
    assert commands.apply(person_id=child.pk, at=MONDAY, **values).holder == "张小示例"
    refuses("not bound", commands.apply, person_id=adult.pk, **values)


def test_of_a_matter_the_community_of_the_account_is_asked():
    by, homeless = make.asker(), make.asker("13800000012", home="")
    values = {"name": "居民会议表决结果证明", "holder": "天安别墅业主代表", "days": 90,
              "said": {0: "2026-02-01", 1: "加装充电桩", 2: "赞成 61 户"}}  # fmt: skip
    with pytest.raises(Refused, match="Choose your community"):
        make.applied(homeless, **values)
    application = make.applied(by, **values)
    assert (application.person, application.place) == (None, TIANAN)
    assert application.said == {"0": "2026-02-01", "1": "加装充电桩", "2": "赞成 61 户"}
    with pytest.raises(Refused, match="Fill in"):
        make.applied(by, **values | {"said": {}, "unit": BANK})


def test_so_many_and_no_more_and_none_twice():
    person = make.known()
    by = make.asker(person=person)
    first = make.applied(by, person=person)
    with pytest.raises(Refused, match="asked for this already"):
        make.applied(by, person=person, unit=f" {SCHOOL} ")
    for number in range(rules.applying.MOST_OPEN - 1):
        make.applied(by, person=person, unit=f"示例单位{number}")
    with pytest.raises(Refused, match="5 of your requests are open"):
        make.applied(by, person=person, unit=BANK)
    commands.withdraw(application=first, by=by, at=MONDAY)
    make.applied(by, person=person, unit=BANK)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "居民财产证明"}, "take the letter"),
        ({"unit": "银"}, "Name the unit"),
        ({"purpose": ""}, "needed for"),
        ({"copies": 0}, "copies"),
    ],
)
def test_what_cannot_be_asked_for(values, sentence):
    person = make.known()
    by = make.asker(person=person)
    with pytest.raises(Refused, match=sentence):
        make.applied(by, person=person, **values)
    assert not Application.objects.exists() and not Duty.objects.exists()


def test_whose_home_is_elsewhere_by_the_registry_hears_it_at_once():
    person = registry.person("张示例", place=FUDU)
    by = make.asker(person=person)
    application = None
    with pytest.raises(Refused, match=r"Fill in|does not live"):
        application = make.applied(by, person=person)
    assert application is None
    household = registry.household("李示例", place=FUDU)
    other = household.members.get().person
    sent = make.applied(make.asker("13800000013", person=other), person=other)
    assert sent.place == FUDU  # where the person lives, not what the account chose


def test_another_community_another_role_and_oneself_do_not_work_on_it():
    person = make.known()
    application = make.applied(make.asker(person=person), person=person)
    leader = people.actor(people.post("grid_leader", make.people.GRID))
    for by in (make.worker(FUDU), leader, make.asker("13800000014")):
        for command, values in ((commands.take, {"wish": make.wish()}),
                                (commands.ask_missing, {"missing": "x"}),
                                (commands.decline, {"reason": "x"})):  # fmt: skip
            refuses("Only the community itself", command, application=application, by=by, **values)
    refuses("Only who asked", commands.withdraw, application=application, by=make.worker())
    refuses("in a sentence", commands.decline, application=application, reason=" ",
            by=make.worker())  # fmt: skip
    worker = make.worker()
    Application.objects.update(account=worker.account_id)
    refuses("handled by somebody else", commands.take, application=application, wish=make.wish(),
            by=worker)  # fmt: skip


def test_a_secretary_does_not_seal_the_own_request():
    person, secretary = make.known(), make.secretary()
    application = make.taken(make.applied(make.asker(person=person), person=person))
    Application.objects.update(account=secretary.account_id)
    refuses("handled by somebody else", commands.seal, certificate=application.certificate,
            by=secretary)  # fmt: skip


def test_what_the_catalogue_no_longer_has_is_not_taken():
    person = make.known()
    application = make.applied(make.asker(person=person), person=person)
    make.edition("code,name,allowed,issuer,check\nB1,转学证明,no,学校,学籍系统\n")
    refuses("no longer has this certificate", commands.take, application=application,
            wish=make.wish(), by=make.worker())  # fmt: skip


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "taken"}, "application_taken_has_certificate"),
        ({"state": "withdrawn"}, "application_ended"),
        ({"state": "declined", "ended_at": MONDAY}, "application_declined_with_reason"),
        ({"state": "incomplete"}, "application_says_what_is_missing"),
        ({"copies": 21}, "application_copies"),
        ({"forgotten_on": MONDAY.date()}, "application_forgotten_is_empty"),
    ],
)
def test_what_the_database_holds(values, name):
    make.applied()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Application.objects.update(**values)


# --- the letter -----------------------------------------------------------------------------------


def test_a_resident_takes_the_letter_of_what_is_banned():
    by, row = make.asker(), make.entry("居民财产证明")
    first = commands.take_letter(entry=row, unit=BANK, purpose="贷款", by=by, at=MONDAY)
    assert (first.number, first.place, first.asker) == (
        "G2026-11002018-0001", TIANAN, by.account_id,
    )  # fmt: skip
    assert (first.by, first.holder, first.unit.name) == (None, None, BANK)
    again = commands.take_letter(entry=row, unit=f" {BANK}", by=by, at=MONDAY + DAY)
    assert again == first and RequestingUnit.objects.get().asked == 1
    report = queries.report("3204", MONDAY.date(), MONDAY.date())
    assert report.cells == {(BANK, "居民财产证明"): 1}
    later = commands.take_letter(entry=row, unit=BANK, by=by, at=MONDAY + 31 * DAY)
    assert later != first


def test_letters_are_not_taken_without_end_and_not_of_what_is_issued():
    by, row = make.asker(), make.entry("居民财产证明")
    for number in range(rules.applying.MOST_LETTERS):
        commands.take_letter(entry=row, unit=f"示例单位{number}", by=by, at=MONDAY)
    refuses("too often", commands.take_letter, entry=row, unit=BANK, by=by)
    commands.take_letter(entry=row, unit=BANK, by=by, at=MONDAY + DAY)
    allowed = make.entry("居住情况证明")
    refuses("allows this certificate", commands.take_letter, entry=allowed, unit=BANK, by=by)
    homeless = make.asker("13800000012", home="")
    refuses("Choose your community", commands.take_letter, entry=row, unit=BANK, by=homeless)


# --- kept and let go ------------------------------------------------------------------------------


def test_whom_the_registry_forgets_the_request_forgets_and_nobody_waits_for_it():
    application = make.applied(note="请尽快")
    kept = {rule.code: rule for rule in retention.rules()}["certificate-applications"]
    assert kept.due(MONDAY.date()) == 0
    Person.objects.filter(pk=application.person).update(name="")
    assert kept.due(MONDAY.date()) == 1 and kept.deal(by=SYSTEM, at=MONDAY) == 1
    row = Application.objects.get()
    assert (row.account, row.person, row.holder, row.note, row.said) == (None,) * 5
    assert (row.state, row.unit, row.purpose) == (State.WITHDRAWN, SCHOOL, "子女入学")
    assert not Duty.objects.filter(closed_at=None).exists()


def test_after_three_years_the_letter_no_longer_says_whose_it_was():
    by = make.asker()
    commands.take_letter(entry=make.entry("居民财产证明"), unit=BANK, by=by, at=MONDAY)
    assert commands.forget_refusals(by=SYSTEM, at=MONDAY.replace(year=2029, day=3)) == 1
    assert Refusal.objects.get().asker is None


def test_what_is_open_goes_to_the_community_that_takes_the_place_over():
    person = make.known()
    by, worker = make.asker(person=person), make.worker()
    sent, sealed = make.applied(by, person=person), make.sealed(person=person)
    waits = make.taken(make.applied(by, person=person, unit=BANK), worker).certificate
    assert commands.follow_move(old=TIANAN, new=FUDU, by=SYSTEM, at=MONDAY) == 2
    for row, place in ((sent, FUDU), (waits, FUDU), (sealed, TIANAN)):
        row.refresh_from_db()
        assert row.place == place
    assert commands.follow_move(old=TIANAN, new=FUDU, by=SYSTEM, at=MONDAY) == 0


def test_requests_go_along_when_two_entries_are_one_person():
    application = make.applied()
    given_up = Person.objects.get(pk=application.person)
    kept = registry.person("张示例", identity=None)
    merge = registry_commands.merge(
        kept=kept, other=given_up, choices={}, by=make.worker(), at=MONDAY + DAY
    )
    assert Application.objects.get().person == kept.pk
    registry_commands.undo_merge(merge=merge, by=make.worker(), at=MONDAY + DAY)
    assert Application.objects.get().person == given_up.pk
