"""Who sees which cases, and what of them; nobody else learns that there is one."""

import subprocess

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH, MAX_CACHED_STATEMENT_PARAMS

from operate.postgres import binaries
from shanzhi.cases import arrival, commands, presenting, queries
from shanzhi.cases.models import Case, Draft
from shanzhi.people.tests import factories as people
from shanzhi.work.models import Duty

from . import factories
from .factories import (
    ADDRESS,
    BANK,
    DAY,
    FUDU,
    GRID,
    IDENTITY,
    MONDAY,
    PHONE,
    STREET,
    TIANAN,
    accepted,
    ask,
    make_case,
    submission,
)  # fmt: skip


def sees(actor):
    return set(queries.visible_to(actor).values_list("pk", flat=True))


def test_a_phone_sees_what_it_sent_itself_and_nothing_typed_for_its_number(resident, worker):
    own = make_case(by=resident)
    typed = commands.submit(
        request=ask(phone=PHONE), submission=submission(), by=worker, at=MONDAY
    ).case

    assert sees(resident) == {own.pk}
    assert typed.pk not in sees(resident)


def test_a_recycled_number_sees_nothing_of_its_former_holder(resident):
    make_case(by=resident)
    account = people.Account.objects.get(pk=resident.account_id)
    people.commands.release_phone(account=account, reason="new holder", by=resident, at=MONDAY)
    newcomer = factories.resident(PHONE)

    assert newcomer.account_id != resident.account_id
    assert sees(newcomer) == set()


def test_posts_see_their_place_and_what_was_handed_to_them(worker, resident):
    here = make_case(by=resident)
    there = make_case(place=FUDU)

    assert sees(worker) == {here.pk}
    assert sees(factories.worker(FUDU)) == {there.pk}
    assert sees(factories.street()) == {here.pk, there.pk}
    assert sees(factories.street("320411003")) == set()
    assert sees(factories.worker(GRID, "grid_leader")) == {here.pk}


def test_a_department_sees_what_it_decides_or_was_asked_about(worker, clerk):
    door = accepted(by=worker)
    allowance = make_case("elderly-allowance")
    assert sees(clerk) == {allowance.pk}

    commands.ask_help(
        case=door, unit=queries.routing.Unit(STREET, "civil_affairs"), task="核实", days=2,
        by=worker, at=MONDAY + DAY,
    )  # fmt: skip

    assert sees(clerk) == {allowance.pk, door.pk}


@pytest.mark.parametrize("role", ["city_leader", "burden_office", "system_admin", "audit_admin"])
def test_leaders_and_administrators_see_numbers_not_cases(city, role):
    make_case()

    assert sees(people.actor(people.post(role, "3204"))) == set()


def test_a_dump_of_the_database_shows_no_personal_number(transactional_db):
    factories.city()
    me = factories.resident("13800000031")
    told = f"我是{IDENTITY}，电话13800000032，座椅断了"
    make_case("elderly-allowance", by=me, phone="13800000031")
    make_case("open-report", by=me, phone="13800000031", what=told, address=ADDRESS)
    commands.save_draft(
        draft_id=submission(), item_code="elderly-allowance", by=me, at=MONDAY,
        content={"phone": "13800000033", "answers": {"identity": IDENTITY, "bank": BANK}},
    )  # fmt: skip

    dump = _dump()

    for value in (IDENTITY, BANK, "301室", "13800000031", "13800000032", "13800000033"):
        assert value not in dump
    assert "3204****" in dump or "32****************" in dump


def _dump():
    database = connection.settings_dict
    command = [str(binaries() / "pg_dump"), "-h", database["HOST"], "-U", database["USER"],
               "--data-only", database["NAME"]]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_free_text_is_searched_with_its_numbers_masked(resident, worker):
    case = make_case("open-report", by=resident, what="健身角座椅断了，找 13800000044 老张")
    case.refresh_from_db()

    assert "13800000044" not in case.words and "138****0044" in case.words
    assert [row["id"] for row in queries.search(worker, "座椅").rows] == [case.pk]
    assert presenting.answer_rows(case, shown=True)[0].value.endswith("13800000044 老张")
    assert presenting.answer_rows(case, shown=False)[0].value.endswith("138****0044 老张")


@pytest.mark.parametrize("text", ["", "number", "phone", "identity", "name", "words", "external"])
def test_the_desk_finds_by_number_phone_identity_name_and_words(worker, text):
    case = make_case("elderly-allowance", phone="13800000055", name="欧阳示例")
    make_case(place=FUDU, name="欧阳示例", phone="13800000056")
    Case.objects.filter(pk=case.pk).update(source="12345", external_number="GD-7")
    asked = {
        "": "", "number": f"{case.number[:4]} {case.number[4:]}", "phone": "13800000055",
        "identity": IDENTITY.lower(), "name": "欧阳示例", "words": "高龄津贴", "external": "GD-7",
    }[text]  # fmt: skip

    found = [row["id"] for row in queries.search(worker, asked).rows]

    assert found == ([case.pk] if text else [])


def test_the_database_holds_no_phone_that_cannot_be_found(resident):
    case = make_case(by=resident)
    with pytest.raises(IntegrityError, match="case_phone_is_found"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(phone_hash=None)


def test_the_desk_shows_masks_and_the_owner_sees_all(resident):
    case = make_case("elderly-allowance", by=resident)
    case.refresh_from_db()

    masked = {row.key: row.value for row in presenting.answer_rows(case, shown=False)}
    full = {row.key: row.value for row in presenting.answer_rows(case, shown=True)}

    assert masked == {
        "identity": "32****************", "address": "天安别墅**", "bank": "***************0004",
    }  # fmt: skip
    assert full == {"identity": IDENTITY, "address": ADDRESS, "bank": BANK}


def test_lists_page_by_key_and_keep_their_order(worker):
    made = [make_case().pk for _n in range(5)]

    first = queries.case_list(worker, size=2)
    second = queries.case_list(worker, size=2, cursor=first.next)
    third = queries.case_list(worker, size=2, cursor=second.next)

    seen = [row["id"] for page in (first, second, third) for row in page.rows]
    assert (seen, third.next) == (made[::-1], "")


@pytest.mark.parametrize("place", [STREET, STREET[:6]])
def test_the_list_is_narrowed_by_item_and_by_a_place_below(city, place):
    lamp, door = make_case("elderly-allowance"), make_case(place=TIANAN + "002")
    actor = factories.street(place)

    def found(**wanted):
        return {row["id"] for row in queries.case_list(actor, **wanted).rows}

    assert found(place=TIANAN) == found(place=STREET) == {lamp.pk, door.pk}
    assert found(place=TIANAN, item="security-door") == {door.pk}
    assert found(place=TIANAN + "002") == {door.pk}
    assert found(place=STREET + "099") == found(place="320402") == set()


def test_a_department_narrows_its_list_too(clerk):
    case = make_case("elderly-allowance")

    rows = queries.case_list(clerk, place=TIANAN, item="elderly-allowance").rows

    assert [row["id"] for row in rows] == [case.pk]
    assert queries.case_list(clerk, place=STREET + "099").rows == []


def test_a_duty_says_of_which_item_and_where(resident, worker):
    case = make_case("elderly-allowance", by=resident)
    commands.accept(case=case, by=worker, at=MONDAY)

    told = Duty.objects.order_by("id").values_list("kind", "item", "scene")
    assert set(told) == {
        ("cases.accept", "elderly-allowance", case.place),
        ("cases.answer", "elderly-allowance", case.place),
    }


def test_the_statement_of_a_new_case_stays_small_enough_to_be_remembered(resident, monkeypatch):
    """Of more than fifty values, or a longer text, the driver forgets how to read it."""
    kept, plain = [], arrival.statement

    def statement(*given, **named):
        kept.append(plain(*given, **named))
        return kept[-1]

    monkeypatch.setattr(arrival, "statement", statement)
    make_case(by=resident)

    [(text, values)] = kept
    assert len(values) <= MAX_CACHED_STATEMENT_PARAMS
    assert len(text) <= MAX_CACHED_STATEMENT_LENGTH


def test_a_receipt_opens_only_with_its_six_digits(resident):
    receipt = commands.submit(request=ask(), submission=submission(), by=resident, at=MONDAY)
    wrong = f"{(int(receipt.code) + 1) % 1_000_000:06d}"

    assert queries.by_receipt(receipt.case.number, receipt.code) == receipt.case
    assert queries.by_receipt(receipt.case.number, wrong) is None
    assert queries.by_receipt("26", receipt.code) is None


def test_a_draft_is_its_owners(resident):
    draft = commands.save_draft(
        draft_id=submission(), item_code="security-door", content={"name": "张示例"},
        by=resident, at=MONDAY,
    )  # fmt: skip
    other = factories.resident("13800008888")

    assert queries.draft(resident, draft.pk) == draft
    assert queries.draft(other, draft.pk) is None
    with pytest.raises(Exception, match="someone else"):
        commands.save_draft(
            draft_id=draft.pk, item_code="security-door", content={}, by=other, at=MONDAY
        )
    assert Draft.objects.get().sealed == {"name": "张示例"}
    assert settings.SHANZHI_CITY == "3204" and TIANAN.startswith("3204")
