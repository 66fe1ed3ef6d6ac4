"""What the registry knows is not asked again; what is sent is what it holds at that moment."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.cases import answers, applying, commands, editing, filling, forms_editing
from shanzhi.cases.commands.submitting import Request
from shanzhi.cases.models import Case, Filling, Item
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people_commands
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands as registry
from shanzhi.registry import opening, queries
from shanzhi.registry.models import ChangeRequest, Person, ReadEntry
from shanzhi.registry.tests import rights_factories as make
from tests import clock

from . import factories
from .factories import BANK, GRID, MONDAY, submission

pytestmark = pytest.mark.django_db

TODAY = localdate(MONDAY)
FORM = [
    {"key": "identity", "label": "身份证号码", "type": "identity", "fills": "person.identity"},
    {"key": "phone_of", "label": "联系电话", "type": "phone", "fills": "person.phone"},
    {"key": "bank", "label": "银行账号", "type": "bank", "fills": "bank.number"},
    {"key": "sex", "label": "性别", "type": "choice", "options": ["男", "女"],
     "fills": "person.sex", "required": False},
]  # fmt: skip


@pytest.fixture(autouse=True)
def in_their_year(monkeypatch):
    clock.runs_on_from(monkeypatch)


@pytest.fixture(autouse=True)
def city():
    factories.city()
    factories.make_item(form=FORM)


@pytest.fixture
def zhang():
    person = make.person()
    registry.change(
        section="bank", person=person, values={"bank": "示例银行", "number": BANK},
        effective=None, source=queries.source("community"), by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    return person


@pytest.fixture
def account(zhang):
    account = make.resident()
    make.bound(account, zhang)
    return account


def item():
    return Item.objects.get(code="elderly-allowance", state="published")


def request(**more):
    given = {"name": "张一", "phone": "13800000001", "place": GRID, "answers": {}} | more
    return Request(item=item(), **given)


def send(account, **more):
    return commands.submit(
        request=request(**more), submission=submission(), by=make.acting(account), at=MONDAY
    ).case


def test_a_bound_resident_types_nothing_and_the_case_says_where_it_is_from(account, zhang):
    case = send(account)

    assert (case.identity, case.sealed["bank"]) == (zhang.identity, BANK)
    kept = {each.key: (each.element, each.source, each.person) for each in Filling.objects.all()}
    assert kept["identity"] == ("person.identity", "社区采集", zhang.pk)
    assert set(kept) == {"identity", "phone_of", "bank"}


def test_what_the_browser_says_of_a_filled_answer_does_not_count(account, zhang):
    other = make.number(make.date(1950, 1, 1), "009")
    case = send(account, answers={"identity": other, "bank": "6222000000000000012"})
    assert (case.identity, case.sealed["bank"]) == (zhang.identity, BANK)


def test_it_is_the_registry_s_value_of_the_moment_of_sending(account, zhang):
    content = {"answers": {}, "person": "", "own": []}
    before = applying.filled(item(), content, make.acting(account), TODAY)
    assert before["phone_of"].value == "13800000021"
    registry.change(
        section="person", person=zhang, values={"phone": "13800000066"}, effective=None,
        source=queries.source("community"), by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    assert send(account).sealed["phone_of"] == "13800000066"


def test_an_account_that_nobody_proved_types_as_before(zhang):
    stranger = make.resident("13800000098")
    with pytest.raises(answers.Invalid) as invalid:
        send(stranger, phone="13800000098")
    assert set(invalid.value.errors) == {"identity", "phone_of", "bank"}
    case = send(
        stranger,
        answers={"identity": zhang.identity, "phone_of": "13800000098", "bank": BANK},
    )
    assert case.identity == zhang.identity
    assert Filling.objects.count() == 0


def test_somebody_else_s_entry_cannot_be_named(account, zhang):
    other = make.person("李二", make.date(1947, 5, 2), "002")
    with pytest.raises(answers.Invalid):
        send(account, person=str(other.pk))
    with pytest.raises(answers.Invalid):
        send(account, person=filling.OTHER)
    assert (Case.objects.count(), Filling.objects.count()) == (0, 0)


def test_a_number_that_changed_hands_fills_nothing(account, zhang):
    people_commands.change_phone(
        account=account, phone="13800000097", by=make.acting(account), at=MONDAY
    )
    with pytest.raises(answers.Invalid):
        send(account)
    assert Case.objects.count() == 0


def test_a_proxy_fills_only_where_named_for_it(zhang):
    son = make.resident("13800000096", "张儿子")
    proxy = make.bound(son, zhang, "proxy", scope=["read"])
    with pytest.raises(answers.Invalid):
        send(son, person=str(zhang.pk))
    registry.end_binding(binding=proxy, reason="resident", by=make.acting(son), at=MONDAY)
    make.bound(son, zhang, "proxy", scope=["fill"])
    assert send(son, person=str(zhang.pk)).identity == zhang.identity


def test_this_is_wrong_lets_the_case_go_on_and_asks_the_owner(account, zhang):
    case = send(account, own=("phone_of",), answers={"phone_of": "13800000095"})

    assert case.sealed["phone_of"] == "13800000095"
    change = ChangeRequest.objects.get()
    assert (change.element, change.wanted, change.case) == (
        "person.phone", "13800000095", case.number,
    )  # fmt: skip
    assert Person.objects.get(pk=zhang.pk).disputed == ["phone"]
    assert not Filling.objects.filter(key="phone_of").exists()

    again = send(account, own=("phone_of",), answers={"phone_of": "13800000094"})
    assert again.sealed["phone_of"] == "13800000094"
    assert ChangeRequest.objects.count() == 1


def test_the_same_value_typed_again_is_no_dispute(account, zhang):
    send(account, own=("phone_of",), answers={"phone_of": "13800000021"})
    assert ChangeRequest.objects.count() == 0


def test_a_worker_fills_for_a_resident_of_the_own_community_with_the_card_in_hand(zhang):
    worker = factories.worker()
    asked = request(person=str(zhang.pk), phone="")
    with pytest.raises(Refused, match="identity document"):
        commands.submit(request=asked, submission=submission(), by=worker, at=MONDAY)
    assert Case.objects.count() == 0

    proved = request(person=str(zhang.pk), phone="", proof="card")
    case = commands.submit(request=proved, submission=submission(), by=worker, at=MONDAY).case
    assert (case.identity, case.assisted_by) == (zhang.identity, worker.account_id)


def test_a_worker_of_another_community_gets_nothing_of_the_person(zhang):
    worker = factories.worker(people.PANLONG)
    proved = request(person=str(zhang.pk), phone="", proof="card", place=people.PANLONG)
    with pytest.raises(answers.Invalid):
        commands.submit(request=proved, submission=submission(), by=worker, at=MONDAY)
    assert Case.objects.count() == 0


# --- pages ----------------------------------------------------------------------------------------


def in_english(account) -> Client:
    client = Client()
    client.cookies["language"] = client.cookies["django_language"] = "en"
    return people.enter(client, account)


def begin(client):
    return client.get("/apply/elderly-allowance/").headers["Location"].partition("?")[0]


def test_three_screens_without_a_typed_field(account, zhang, english):
    client = people.enter(english, account)
    url = begin(client)
    page = client.get(url).text
    assert zhang.identity not in page
    assert BANK not in page
    assert "32****************" in page
    assert "From the registry: 社区采集" in page
    assert 'name="identity"' not in page
    assert 'value="张一"' in page

    sent = client.post(url, {"name": "张一", "phone": "13800000001", "place": GRID, "next": "1"})
    check = sent.headers["Location"]
    page = client.get(check).text
    assert "From the registry: 社区采集" in page
    assert zhang.identity not in page
    assert BANK not in page
    client.post(check)

    case = Case.objects.get()
    assert (case.identity, case.sealed["bank"]) == (zhang.identity, BANK)
    shown = client.get(f"/mine/{case.number}/").text
    assert "From the registry: 社区采集" in shown
    assert zhang.identity not in shown
    assert BANK not in shown


def test_in_full_only_after_a_code_of_the_phone_and_then_back_to_what_was_typed(
    account, zhang, english
):
    client = people.enter(english, account)
    url = begin(client)
    assert "Show all in full" in client.get(url).text
    pressed = client.post(url, {"name": "张一二", "place": GRID, "registry-show": "1"})
    assert pressed.headers["Location"] == f"/me/data/unlock/?next={quote(url, safe='')}"
    asked = client.get(pressed.headers["Location"]).text
    assert f'name="next" value="{url}"' in asked
    assert "Send the code" in asked

    session = client.session
    session[opening.OPEN] = int(timezone.now().timestamp()) + 60
    session.save()
    page = client.get(url).text
    assert zhang.identity in page
    assert 'value="张一二"' in page
    assert "Show all in full" not in page


def test_after_the_code_one_is_led_to_pages_of_this_site_only():
    assert opening.back("/apply/elderly-allowance/") == "/apply/elderly-allowance/"
    assert opening.back("https://elsewhere.example/") == ""
    assert opening.back("//elsewhere.example/") == ""


def test_pressing_this_is_wrong_opens_the_field_and_back(account, zhang, english):
    client = people.enter(english, account)
    url = begin(client)
    values = {"name": "张一", "phone": "13800000001", "place": GRID}
    page = client.post(url, values | {"registry-wrong": "phone_of"}).text
    assert 'name="phone_of"' in page
    assert 'name="registry-own" value="phone_of"' in page
    page = client.post(
        url, values | {"registry-own": "phone_of", "registry-right": "phone_of"}
    ).text
    assert 'name="phone_of"' not in page


def test_a_worker_finds_the_resident_and_sees_masked_values_and_is_logged(zhang, english, account):
    worker = people.post("community_worker")
    client = people.enter(english, worker)
    url = begin(client)
    found = client.post(url, {"registry-who": "张", "registry-find": "1"}).text
    assert f'name="registry-person" value="{zhang.pk}"' in found
    page = client.post(
        url, {"registry-person": zhang.pk, "registry-proof": "card", "registry-take": "1"}
    ).text
    assert "From the registry: 社区采集" in page
    assert zhang.identity not in page
    assert "32****************" in page
    assert 'value="张一"' in page
    resident = in_english(account)
    assert "天安社区" in resident.get("/me/data/readers/").text


def test_who_fills_for_somebody_else_has_read_it_and_who_fills_for_themselves_has_not(
    zhang, account, english
):
    client = people.enter(english, account)
    client.get(begin(client))
    assert not ReadEntry.objects.exists()

    son = make.resident("13800000062", "张儿子")
    registry.bind(
        account_id=son.pk, person=zhang, level=1, relation="proxy", scope=["fill"], by=SYSTEM,
        at=timezone.now(),
    )  # fmt: skip
    client = in_english(son)
    page = client.post(begin(client), {"registry-person": zhang.pk, "registry-take": "1"}).text
    assert "From the registry: 社区采集" in page
    line = ReadEntry.objects.latest("id")
    assert (line.persons, line.account, line.purpose) == ([zhang.pk], son.pk, item().name)
    assert "bank.number" in line.elements


def test_a_worker_sees_the_phone_masked_and_the_case_gets_it_whole(zhang, english):
    client = people.enter(english, people.post("community_worker"))
    url = begin(client)
    chosen = {"registry-person": zhang.pk, "registry-proof": "card"}
    page = client.post(url, chosen | {"registry-take": "1"}).text
    assert zhang.phone not in page
    assert 'value="138****0021"' in page
    who = {"name": "张一", "phone": "138****0021", "place": GRID}
    check = client.post(url, chosen | who | {"next": "1"}, follow=True)
    assert zhang.phone not in check.text
    client.post(check.request["PATH_INFO"])
    assert Case.objects.get().phone == zhang.phone


def test_a_masked_phone_of_nobody_is_no_phone(zhang, english):
    client = people.enter(english, people.post("community_worker"))
    url = begin(client)
    who = {"name": "张一", "phone": "139****0021", "place": GRID, "registry-person": zhang.pk,
           "registry-proof": "card"}  # fmt: skip
    check = client.post(url, who | {"next": "1"}, follow=True)
    client.post(check.request["PATH_INFO"])
    assert not Case.objects.exists()


@pytest.fixture
def gap(account):
    """A case of the account that the community wants completed."""
    case = send(account)
    worker = people.actor(people.post("community_worker"))
    return commands.ask_correction(case=case, gaps=["照片不清"], by=worker, at=MONDAY)


def test_what_was_filled_does_not_go_into_the_page_of_a_correction(zhang, account, gap):
    client, url = in_english(account), f"/correct/{gap.number}/"
    page = client.get(url).text
    for value in (zhang.identity, BANK):
        assert value not in page
    assert "32****************" in page
    assert "Show all in full" in page
    client.post(url, {})
    gap.refresh_from_db()
    assert (gap.state, gap.identity) == ("submitted", zhang.identity)
    assert gap.fillings.count() == 3


def test_in_a_correction_a_wrong_value_is_typed_and_asked_to_be_corrected(zhang, account, gap):
    client, url = in_english(account), f"/correct/{gap.number}/"
    page = client.post(url, {"registry-wrong": "bank"}).text
    assert BANK not in page
    assert 'name="registry-own" value="bank"' in page
    new = "6222000000000000012"
    client.post(url, {"registry-own": "bank", "bank": new})
    gap.refresh_from_db()
    assert gap.sealed["bank"] == new
    assert sorted(gap.fillings.values_list("key", flat=True)) == ["identity", "phone_of"]
    asked = ChangeRequest.objects.get()
    assert (asked.element, asked.wanted, asked.person) == ("bank.number", new, zhang)


def test_the_editor_warns_of_what_the_registry_knows_and_fills_it_by_one_press(english):
    client = people.enter(english, people.post("city_clerk", people.CITY))
    typed = editing.blank() | {
        "form": [
            dict(editing.ROWS["form"], label="申请人的身份证号码", type="identity", fields=[])
        ],
        "materials": [dict(editing.ROWS["materials"], name="居民身份证复印件")],
    }
    drawn = forms_editing.editor(typed, {})
    assert drawn.rows["form"][0].known
    assert drawn.rows["materials"][0].known
    pressed = editing.press(typed, "form.0.fill")
    assert pressed["form"][0]["fills"] == "person.identity"
    pressed = editing.press(pressed, "materials.0.fill")
    assert (pressed["materials"][0]["needed"], pressed["materials"][0]["obtainable"]) == ("", "on")
    drawn = forms_editing.editor(pressed, {})
    assert (drawn.rows["form"][0].known, drawn.rows["materials"][0].known) == ("", "")
    edit = client.get("/desk/items/elderly-allowance/edit/").text
    assert "Filled from the registry" in edit
    assert 'value="person.identity" selected' in edit


def test_an_item_names_only_elements_there_are():
    with pytest.raises(Refused, match="no such element"):
        factories.make_item("other-item", form=[FORM[0] | {"fills": "person.shoe"}])
    with pytest.raises(Refused, match="single value"):
        factories.make_item(
            "other-item",
            form=[{"key": "a", "label": "照片", "type": "file", "fills": "person.name"}],
        )
    assert not Item.objects.filter(code="other-item").exists()


def test_a_draft_is_filled_anew_when_it_is_opened_later(account, zhang):
    on = TODAY + timedelta(days=1)
    person_id = filling.person_of(item(), "", make.acting(account), on)
    assert person_id == zhang.pk
    assert filling.known(item(), person_id, make.acting(account), on)["bank"].value == BANK
