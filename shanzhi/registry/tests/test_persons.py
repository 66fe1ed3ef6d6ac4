"""A person comes in, in one spelling; what cannot be is refused with a sentence."""

from datetime import date

import pytest
from django.db import connection

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused, crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, queries
from shanzhi.registry.commands import NewPresence
from shanzhi.registry.models import Conflict, Person, Presence

from . import factories
from .factories import FUDU, GRID, LIVING, MONDAY, REGISTERED, TIANAN, TODAY, WORKING

NUMBER = "320499195003150016"
NUMBER = NUMBER[:17] + factories.identifiers.check_digit(NUMBER[:17])


def refuses(sentence, command, field=None, **values):
    before = factories.everything()
    with pytest.raises(Refused, match=sentence) as refusal:
        command(**values)
    assert refusal.value.field == field
    assert factories.everything() == before


def add(**values):
    where = values.pop("place", TIANAN)
    by = values.pop("by", SYSTEM)
    return commands.add_person(
        values={"name": "张示例", **values}, presences=[NewPresence(LIVING, where)],
        source=factories.source(), by=by, at=MONDAY,
    )  # fmt: skip


def test_a_number_tells_birth_and_sex_and_is_found_by_its_hash(worker):
    person = add(identity=" 32049919500315" + NUMBER[14:17] + NUMBER[17].lower(), by=worker)
    person.refresh_from_db()
    assert (person.identity, person.birth, person.sex, person.document) == (
        NUMBER, date(1950, 3, 15), "1", "111",
    )  # fmt: skip
    assert bytes(person.identity_hash) == crypto.keyed_hash(NUMBER, kind="identity")
    here = Presence.objects.get()
    assert (here.name, here.birth, here.sex, here.since) == (
        "张示例", date(1950, 3, 15), "1", TODAY,
    )  # fmt: skip
    entry = Entry.objects.get(verb="registry.person_added")
    assert (entry.about, entry.place) == (f"registry.Person:{person.pk}", TIANAN)
    assert entry.data == {"source": "community", "presences": [2]}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽 ・ 吐尔逊", "阿依古丽·吐尔逊"),
        ("𬭎示例", "𬭎示例"),
        ("王\ue000", "王\ue000"),
        ("John O'Example", "John O'Example"),
        (" 李　示例 ", "李 示例"),
    ],
)
def test_names_with_a_dot_and_rare_characters_are_names(city, written, kept):
    assert add(name=written).name == kept


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter the name"),
        ("name", "张3", "letters only"),
        ("name", "·", "letters only"),
        ("name", "张" * 101, "At most 100"),
        ("identity", "320499500315001", "Numbers of 15 digits are no longer valid"),
        ("identity", "320499195003150019", "last digit does not fit"),
        ("birth", date(2026, 3, 3), "lies in the future"),
        ("birth", "1950-02-30", "Enter a date that exists"),
        ("birth", "1850-01-01", "too far back"),
        ("phone", "12345", "mobile number"),
        ("ethnic", "60", "is not in the list"),
        ("state", "asleep", "Choose one of the list"),
        ("employer", "厂" * 101, "At most 100"),
        ("registered_place", "天安社区", "Choose a division"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(city, field, value, sentence):
    refuses(sentence, add, field=field, **{field: value})


def test_a_number_that_contradicts_birth_or_sex_is_refused(city):
    refuses("date of birth differs", add, "birth", identity=NUMBER, birth=date(1950, 3, 16))
    refuses("sex differs", add, "sex", identity=NUMBER, sex="2")


@pytest.mark.parametrize(
    ("document", "number"),
    [("414", "EK1234567"), ("511", "01234567"), ("553", "USA110190010101"), ("990", "军字第12号")],
)
def test_other_documents_have_numbers_of_their_own_form(city, document, number):
    person = add(document=document, identity=number)
    assert (person.identity, person.birth, person.document) == (number, None, document)


def test_a_foreigners_card_of_eighteen_characters_is_checked(city):
    first = "911124198108030"
    number = first + "05" + factories.identifiers.check_digit(first + "05")
    assert add(document="553", identity=number).birth == date(1981, 8, 3)
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    refuses("last digit does not fit", add, "identity", document="553", identity=wrong)


def test_only_the_community_itself_enters_and_only_where_a_place_is(worker):
    refuses("Only the community itself", add, by=worker, place=FUDU)
    refuses("Choose a community or grid", add, "place", place="320411")
    refuses("Choose a community or grid", add, "place", place="320411002999")
    street = factories.worker(factories.STREET, "subdistrict_clerk")
    refuses("Only the community itself", add, by=street)


def test_who_is_registered_in_another_community_has_a_presence_there(worker):
    person = add(registered_place=FUDU, by=worker)
    kinds = Presence.objects.filter(person=person).values_list("kind", "place")
    assert sorted(kinds) == [(REGISTERED, FUDU), (LIVING, TIANAN)]
    add(name="李示例", registered_place="310101")
    assert Presence.objects.filter(kind=REGISTERED).count() == 1


# --- change ---------------------------------------------------------------------------------------


def change(person, by=SYSTEM, effective=None, when=MONDAY + factories.DAY, section="person", **v):
    return commands.change(
        section=section, person=person, values=v, effective=effective,
        source=factories.source(), by=by, at=when,
    )  # fmt: skip


def test_presences_follow_the_name_birth_and_sex(worker):
    zhang = factories.person("张示例", registered_place=FUDU)
    assert change(zhang, worker, name="章示例", sex="1") == ["name"]
    assert set(Presence.objects.values_list("name", flat=True)) == {"章示例"}
    entry = Entry.objects.get(verb="registry.changed")
    assert entry.data == {
        "section": "person", "fields": ["name"], "source": "community", "correction": True,
    }  # fmt: skip
    assert entry.place == TIANAN


def test_a_new_phone_is_found_and_the_old_one_is_not(worker):
    zhang = factories.person(phone="13800000001")
    change(zhang, worker, phone="138-0000-0002")
    assert [each.id for each in queries.find(worker, "13800000002")] == [zhang.pk]
    assert queries.find(worker, "13800000001") == []
    change(zhang, worker, phone="")
    zhang.refresh_from_db()
    assert (zhang.phone, zhang.phone_hash) == (None, None)


def test_a_section_begins_with_the_first_that_is_known(worker):
    zhang = factories.person()
    account = "6222000000000000004"
    assert change(zhang, worker, section="bank", number=account, bank="示例银行") == [
        "number", "bank",
    ]  # fmt: skip
    again = change(zhang, worker, section="bank", number="6222000000000000012")
    assert again == ["number"]
    assert (
        commands.persons.versions.as_of(
            zhang.pk, "bank", day=date(2026, 3, 3), known_at=MONDAY + factories.DAY
        )["number"]
        == "6222000000000000012"
    )


def test_changes_that_are_not_anybodys_to_make_are_refused(worker):
    zhang = factories.person(place=FUDU)
    refuses("Only the community where", change, None, person=zhang, by=worker, phone="13800000009")
    refuses("lies in the future", change, "effective", person=zhang, effective=date(2026, 3, 9),
            phone="13800000009")  # fmt: skip
    refuses("mobile number", change, "phone", person=zhang, phone="1")
    department = factories.people.Actor(7, 7, "department_clerk", "320411002", "civil_affairs")
    refuses("Only the community where", change, None, person=zhang, by=department, name="李示例")
    assert change(zhang, department, phone="13800000009") == ["phone"]


def test_changing_the_place_of_the_register_moves_the_presence(worker):
    zhang = factories.person(registered_place=FUDU)
    change(zhang, worker, date(2026, 3, 2), when=MONDAY + factories.DAY, registered_place=TIANAN)
    rows = Presence.objects.filter(kind=REGISTERED).order_by("id").values_list("place", "until")
    assert list(rows) == [(FUDU, TODAY), (TIANAN, None)]


# --- who sees whom --------------------------------------------------------------------------------


def test_a_community_sees_its_own_and_levels_above_see_nobody(worker):
    zhang, li = factories.person("张示例"), factories.person("李示例", place=FUDU)
    street = factories.worker(factories.STREET, "subdistrict_clerk")
    assert queries.person(worker, zhang.pk) == zhang
    assert queries.person(worker, li.pk) is None
    assert queries.person(street, zhang.pk) is None
    assert queries.find(street, "张") == []


def test_a_grid_leader_sees_the_grid(city):
    grid = factories.worker(GRID, "grid_leader")
    home = factories.dwelling()
    inside, outside = factories.person("张示例", home=home), factories.person("张示例二")
    assert home.place == GRID
    assert [each.id for each in queries.find(grid, "张")] == [inside.pk]
    assert queries.person(grid, outside.pk) is None


def test_a_name_is_found_by_its_beginning_and_once(worker):
    zhang = factories.person("张示例", registered_place=TIANAN)
    factories.person("王张示")
    assert [each.id for each in queries.find(worker, "张示")] == [zhang.pk]
    assert queries.find(worker, "示例") == []
    assert queries.find(worker, " ") == []


def test_the_city_answers_with_the_community_only(worker):
    factories.person(place=FUDU, identity=NUMBER)
    assert commands.look_up(identity=NUMBER, by=worker, at=MONDAY) == [FUDU]
    entry = Entry.objects.get(verb="registry.looked_up")
    assert entry.data == {"known": 1}
    assert NUMBER not in str(entry.data)


def plan(rows):
    """What the database would do if the table were large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return rows.explain()


def test_persons_are_found_by_their_indexes(worker):
    factories.person()
    people = Person.objects.filter(identity_hash=b"1" * 32)
    assert "person_identity" in plan(people)
    by_name = queries.presence.in_community(TIANAN).filter(name__gte="张", name__lt="李")
    assert "presence_in_community" in plan(by_name.order_by("name", "person_id"))
    listed = queries.residents._narrowed(worker, queries.residents.Wanted(), TODAY)
    assert "presence_in_community" in plan(listed.order_by("name", "person_id")[:21])


# --- two holders of one number --------------------------------------------------------------------


def test_two_holders_are_a_conflict_that_each_community_sees_and_settles(worker):
    mine = factories.person("张示例", identity=NUMBER)
    other = factories.person("李示例", identity=NUMBER, place=FUDU)
    conflict = Conflict.objects.get()
    assert (conflict.persons, conflict.communities) == ([mine.pk, other.pk], [TIANAN, FUDU])
    assert list(queries.conflicts.conflicts(worker)) == [conflict]
    refuses("still hold this number", commands.settle_conflict, conflict=conflict,
            outcome="corrected", by=worker, at=MONDAY)  # fmt: skip
    stranger = factories.worker("320411003001")
    refuses("other community", commands.settle_conflict, conflict=conflict,
            outcome="corrected", by=stranger, at=MONDAY)  # fmt: skip

    change(mine, worker, identity=factories.identity(date(1950, 3, 15), "1"))
    settled = commands.settle_conflict(
        conflict=conflict, outcome="corrected", by=worker, at=MONDAY + factories.DAY
    )
    assert (settled.outcome, settled.settled_by) == ("corrected", worker.account_id)
    assert not queries.conflicts.conflicts(worker).exists()


def test_a_third_holder_joins_the_open_conflict(city):
    persons = [factories.person(name, identity=NUMBER) for name in ("张示例", "李示例", "王示例")]
    assert Conflict.objects.get().persons == [each.pk for each in persons]


def test_a_merged_entry_holds_its_number_no_longer(city):
    kept, gone = (factories.person(identity=NUMBER) for _n in range(2))
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    conflict = Conflict.objects.get()
    commands.settle_conflict(conflict=conflict, outcome="merged", by=SYSTEM, at=MONDAY)
    assert WORKING == 3
