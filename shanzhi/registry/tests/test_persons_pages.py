"""The community's pages: lists, a person, household by household."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands, queries, readlog
from shanzhi.registry.models import Death, Household, Person, Presence, Tag, Transfer

from . import factories
from .factories import FUDU, GRID, MONDAY, TIANAN


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"registry:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(client, view, *args, status=302, query="", **data):
    answer = client.post(reverse(f"registry:{view}", args=args) + query, data)
    assert answer.status_code == status, answer.content.decode()
    return answer


HOME = {"building": "12", "unit": "1", "room": "301", "road": "竹林北路", "number": ""}
HEAD = {
    "name": "张示例", "document": "111", "sex": "0", "birth": "", "phone": "13800000077",
    "registered_place": TIANAN, "since": "2024-05-01", "kind": "family", "holding": "10",
}  # fmt: skip


def test_an_empty_registry_says_how_to_begin(desk):
    text = page(desk, "residents")
    assert "Nobody is entered yet" in text
    assert reverse("registry:new_household") in text
    population = page(desk, "population")
    assert "Nobody is registered here yet." in population
    assert "100 and older" not in population  # no figure of nobody


def test_the_list_shows_names_in_full_and_numbers_masked(desk):
    person = factories.person("张示例", phone="13800000001", home=factories.dwelling("301"))
    text = page(desk, "residents")
    assert "张示例" in text
    assert "138****0001" in text
    assert person.identity not in text
    assert "天安别墅12幢1单元301室" in text
    assert "Registered elsewhere" in text


def test_the_list_is_narrowed_by_name_age_grid_and_separation(desk):
    factories.person(
        "张示例", identity=factories.identity(date(1940, 5, 1)), registered_place=TIANAN
    )
    factories.person(
        "李示例", identity=factories.identity(date(2015, 5, 1)), home=factories.dwelling()
    )
    factories.person("王示例", place=FUDU, registered_place=TIANAN)
    for query, names in [
        ({"q": "张"}, ["张示例"]), ({"band": "80"}, ["张示例"]), ({"band": "6"}, ["李示例"]),
        ({"grid": GRID}, ["李示例"]), ({"apart": "here"}, ["李示例"]),
        ({"apart": "gone"}, ["王示例"]), ({"kind": "1"}, ["张示例", "王示例"]),
        ({"kind": "nonsense", "band": "7"}, ["张示例", "李示例", "王示例"]),
        ({"grid": "320411003001"}, ["张示例", "李示例", "王示例"]),
    ]:  # fmt: skip
        text = page(desk, "residents", **query)
        found = [name for name in ("张示例", "李示例", "王示例") if f">{name}</a>" in text]
        assert found == names, query


def test_pages_go_on_where_the_last_one_ended_and_cost_the_same(desk, django_assert_num_queries):
    for number in range(25):
        factories.person(f"张{'一二三四五'[number % 5]}", home=factories.dwelling(str(number)))
    first = desk.get(reverse("registry:residents"))
    assert first.content.decode().count("row-link") == 20
    cursor = re.search(r"cursor=([\w-]+)", first.content.decode())[1]
    second = desk.get(reverse("registry:residents"), {"cursor": cursor})
    assert second.content.decode().count("row-link") == 5
    desk.get(reverse("registry:residents"))
    with django_assert_num_queries(QUERIES_OF_LIST):
        desk.get(reverse("registry:residents"), {"cursor": cursor})


QUERIES_OF_LIST = 17  # of these 5 are the session's and the frame's, 4 the fence's


def test_a_number_is_sought_without_going_into_an_address(desk):
    person = factories.person(phone="13800000001")
    answer = send(desk, "search", q="138 0000 0001")
    assert answer.url == reverse("registry:person", args=[person.pk])
    assert (
        "Nobody in your community"
        in send(desk, "search", q="13800000002", status=200).content.decode()
    )
    assert send(desk, "search", q="张").url == reverse("registry:residents") + "?q=%E5%BC%A0"


def test_how_it_was_on_another_day_is_asked_for(desk):
    person = factories.person("张示例", education="20")
    assert 'name="day"' not in page(desk, "person", person.pk)
    assert 'name="day"' in page(desk, "person", person.pk, ask="day")
    assert "Nothing is known of that day" in page(desk, "person", person.pk, day="1990-01-01")


def test_a_person_is_shown_by_section_with_source_and_dates(desk):
    person = factories.person("张示例", phone="13800000001", education="20")
    text = page(desk, "person", person.pk)
    for words in (
        "张示例",
        "138****0001",
        "Bachelor",
        "社区采集",
        "2 Mar 2026",
        "Belongs to no household",
    ):
        assert words in text
    assert person.identity not in text
    read = readlog.ReadEntry.objects.get()
    assert (read.persons, read.purpose, "person.phone" in read.elements) == (
        [person.pk], "社区采集与服务", True,
    )  # fmt: skip


def test_of_who_lives_elsewhere_the_community_of_registration_sees_a_stub(desk):
    person = factories.person(place=FUDU, registered_place=TIANAN, phone="13800000001")
    text = page(desk, "person", person.pk)
    assert "富都社区" in text
    assert "138****0001" not in text
    page(desk, "edit_person", person.pk, "person", status=404)
    page(desk, "person_step", person.pk, "move-out", status=404)


def test_another_communitys_persons_and_households_do_not_exist(desk):
    person, household = factories.person(place=FUDU), factories.household(place=FUDU)
    page(desk, "person", person.pk, status=404)
    page(desk, "household", household.pk, status=404)
    page(desk, "add_member", household.pk, status=404)
    assert "No one" not in page(desk, "residents")


def test_levels_above_see_numbers_only(english, city):
    factories.household()
    street = people.enter(english, people.post("subdistrict_clerk", factories.STREET))
    text = page(street, "numbers")
    assert "天安社区" in text
    assert "张示例" not in text
    page(street, "residents", status=403)
    page(street, "numbers", place="320402", status=404)
    district = people.enter(english, people.post("district_clerk", factories.people.DISTRICT))
    assert "三井街道" in page(district, "numbers")


def test_a_change_from_a_day_on_and_what_was_before(desk):
    person = factories.person("张示例", phone="13800000001", when=factories.at("2026-03-02 10:00"))
    form = {"how": "change", "effective": "2026-04-01", "name": "张示例", "sex": "1",
            "document": "111", "phone": "13800000002"}  # fmt: skip
    assert "Known; leave it empty to keep it" in page(desk, "edit_person", person.pk, "person")
    birth = person.birth.isoformat()
    send(desk, "edit_person", person.pk, "person", **form, birth=birth)
    text = page(desk, "person", person.pk)
    assert "138****0002" in text
    assert "138****0001" in page(desk, "person", person.pk, day="2026-03-15")
    assert "138****0001" in page(desk, "person", person.pk, day="2026-04-15", known="on")
    page(desk, "person", person.pk, day="2026-04-15", section="nonsense")
    assert "Nothing is known of that day" in page(desk, "person", person.pk, day="2019-12-31")
    assert "Nothing is known here" in page(desk, "person", person.pk, day="2020-01-01")  # a stay is
    person.refresh_from_db()
    assert person.identity  # an empty field keeps what is sealed


def test_a_change_needs_its_day_and_a_wrong_value_stays_on_the_page(desk):
    person = factories.person()
    form = {"how": "change", "name": "张示例", "sex": "1", "birth": person.birth.isoformat()}
    answer = send(desk, "edit_person", person.pk, "person", status=422, **form)
    assert "From which day on does it hold?" in answer.content.decode()
    answer = send(desk, "edit_person", person.pk, "person", status=422, **form,
                  effective="2026-03-03", phone="1")  # fmt: skip
    assert "mobile number" in answer.content.decode()


def test_a_household_is_entered_with_its_dwelling_and_head_and_then_its_members(desk):
    estate = factories.estate()
    number = factories.identity()
    answer = send(desk, "new_household", **HOME, estate=estate.pk, **HEAD, identity=number)
    household = Household.objects.get()
    assert answer.url == reverse("registry:add_member", args=[household.pk])
    assert (household.place, household.valid_from) == (GRID, date(2024, 5, 1))

    member = {"relation": "10", "since": "2024-05-01", "name": "李示例", "document": "990",
              "sex": "2", "birth": "1955-02-03"}  # fmt: skip
    again = send(desk, "add_member", household.pk, **member, more="1")
    assert again.url == reverse("registry:add_member", args=[household.pk])
    done = send(desk, "add_member", household.pk, **member | {"name": "张小例", "relation": "20"})
    assert done.url == reverse("registry:household", args=[household.pk])
    text = page(desk, "household", household.pk)
    assert text.index("张示例") < text.index("李示例") < text.index("张小例")
    assert "天安别墅12幢1单元301室" in text
    assert "李示例" in page(desk, "household_paper", household.pk)
    assert Presence.objects.filter(kind=2, dwelling=household.dwelling).count() == 3


def test_a_number_that_is_known_needs_a_second_look(desk):
    there = factories.person(place=FUDU)
    here = factories.person()
    estate = factories.estate()
    for person, words in (
        (there, "known in 富都社区"),
        (here, "an entry with this number already"),
    ):
        answer = send(desk, "new_household", status=422, **HOME, estate=estate.pk, **HEAD,
                      identity=person.identity)  # fmt: skip
        assert words in answer.content.decode()
        assert 'name="nevertheless"' in answer.content.decode()
    assert not Household.objects.exists()
    send(desk, "new_household", **HOME, estate=estate.pk, **HEAD, identity=here.identity,
         nevertheless="on")  # fmt: skip
    assert Household.objects.count() == 1
    assert queries.conflicts.waiting(factories.worker()) == 1


def test_somebody_who_is_known_founds_and_joins_a_household(desk):
    head, spouse = factories.person("张示例"), factories.person("李示例")
    estate = factories.estate()
    page(desk, "new_household", person=head.pk)
    send(desk, "new_household", query=f"?person={head.pk}", **HOME, estate=estate.pk,
         since="2026-03-01")  # fmt: skip
    household = Household.objects.get()
    send(desk, "add_member", household.pk, query=f"?person={spouse.pk}", relation="10",
         since="2026-03-01")  # fmt: skip
    assert [each.person.name for each in queries.residents.members(household).now] == [
        "张示例", "李示例",
    ]  # fmt: skip
    here = Presence.objects.filter(until=None, dwelling=household.dwelling)
    assert here.count() == 2
    page(desk, "new_household", person=factories.person(place=FUDU).pk, status=404)


def test_twins_show_while_typing_and_elsewhere_the_community_only(desk):
    here = factories.person("张示例", home=factories.dwelling())
    there = factories.person("李示例", place=FUDU)
    text = send(desk, "twins", status=200, identity=here.identity, document="111").content.decode()
    assert "Your community has this number already" in text
    text = send(desk, "twins", status=200, identity=there.identity, document="111").content.decode()
    assert "富都社区" in text
    assert "李示例" not in text
    estate = factories.estate()
    text = send(desk, "twins", status=200, name="张示例", birth=here.birth.isoformat(),
                estate=str(estate.pk)).content.decode()  # fmt: skip
    assert "Same name and birth" in text
    text = send(desk, "twins", status=200, identity="320499195003150019").content.decode()
    assert "last digit does not fit" in text
    assert send(desk, "twins", status=200).content.decode().strip() == ""


def test_the_city_is_asked_only_so_often(desk, monkeypatch):
    from shanzhi.registry.views import persons

    monkeypatch.setattr(persons, "QUESTIONS_AN_HOUR", 2)
    for _n in range(2):
        send(desk, "twins", status=200, identity=factories.identity(), document="111")
    send(desk, "twins", status=429, identity=factories.identity(), document="111")


@pytest.mark.parametrize("code", ["move-in", "move-out", "register", "die"])
def test_each_step_of_a_person_has_its_page(desk, code):
    person = factories.person()
    page(desk, "person_step", person.pk, code)
    page(desk, "person_step", person.pk, "nonsense", status=404)


def test_a_person_moves_out_and_dies_on_their_pages(desk):
    person = factories.person(registered_place=TIANAN)
    send(desk, "person_step", person.pk, "move-out", which=f"2/{TIANAN}", on="2026-03-10")
    assert Presence.objects.get(kind=2).until == date(2026, 3, 10)
    send(desk, "person_step", person.pk, "die", on="2026-03-20")
    person.refresh_from_db()
    assert (person.state, person.died_on) == ("dead", date(2026, 3, 20))
    page(desk, "person", person.pk, status=404)


def test_a_wrong_step_says_why(desk):
    person = factories.person(since=date(2024, 1, 1))
    answer = send(desk, "person_step", person.pk, "move-out", status=422, which=f"2/{TIANAN}",
                  on="2023-01-01")  # fmt: skip
    assert "before the day on which the entry begins" in answer.content.decode()
    answer = send(
        desk, "person_step", person.pk, "register", status=422, place="虚构县", on="2024-01-01"
    )
    assert "No division of this name" in answer.content.decode()


def test_an_entry_is_confirmed_once_a_day(desk):
    person = factories.person()
    for words in ("confirmed as of today", "confirmed today already"):
        url = reverse("registry:verify", args=[person.pk])
        assert words in desk.post(url, follow=True).content.decode()
    person.refresh_from_db()
    assert person.verified_on is not None
    send(desk, "verify", factories.person(place=FUDU).pk, status=404)


def test_who_moved_away_is_known_and_comes_back_by_transfer(desk):
    gone = factories.person(place=FUDU)
    commands.move_out(person=gone, on=factories.TODAY, by=SYSTEM, at=MONDAY)
    text = send(desk, "twins", status=200, identity=gone.identity, document="111").content.decode()
    assert "moved away or died" in text


def test_households_change_on_their_pages(desk):
    household = factories.household("张示例", "李示例", "张小例")
    head, spouse, child = (each.person for each in queries.residents.members(household).now)
    for code in ("head", "split", "leave", "end"):
        page(desk, "household_step", household.pk, code)
    send(desk, "household_step", household.pk, "head", head=spouse.pk, since="2026-03-01",
         **{f"relation_{head.pk}": "10", f"relation_{child.pk}": "20"})  # fmt: skip
    assert queries.residents.members(household).head == spouse
    send(desk, "household_step", household.pk, "split", head=child.pk, since="2026-03-02",
         building="15", unit="1", room="101", estate=factories.estate().pk)  # fmt: skip
    assert Household.objects.count() == 2
    assert Presence.objects.get(person=child, until=None).dwelling.building == "15"
    answer = send(desk, "household_step", household.pk, "leave", status=422, who=spouse.pk,
                  on="2026-03-03")  # fmt: skip
    assert "choose a new head first" in answer.content.decode()
    send(desk, "household_step", household.pk, "leave", who=head.pk, on="2026-03-03")
    send(desk, "household_step", household.pk, "end", on="2026-03-04")
    assert "ended on" in page(desk, "household", household.pk)
    page(desk, "household_step", household.pk, "end", status=404)


def test_a_transfer_is_asked_and_answered_on_the_pages(desk, client):
    person = factories.person("张示例", place=FUDU)
    estate = factories.estate()
    form = {
        "identity": person.identity, "name": "张示例", "since": "2026-03-01", "building": "3",
        "room": "101", "unit": "", "road": "", "number": "", "note": "已租住", "estate": estate.pk,
    }  # fmt: skip
    text = send(desk, "transfer_new", status=200, begin="1", **form).content.decode()
    assert person.identity in text
    assert not Transfer.objects.exists()
    send(desk, "transfer_new", **form)
    transfer = Transfer.objects.get()
    assert "Withdraw the request" in page(desk, "transfer", transfer.pk)
    assert "张示例" in page(desk, "settling")

    other = people.enter(client, people.post("community_secretary", FUDU))
    assert "Confirm the transfer" in page(other, "transfer", transfer.pk)
    answer = send(other, "transfer", transfer.pk, status=422, answer="object", objection="")
    assert answer.status_code == 422
    send(other, "transfer", transfer.pk, answer="confirm")
    assert Presence.objects.get(person=person, until=None).place == GRID
    stranger = people.enter(client, people.post("community_secretary", "320411003001"))
    page(stranger, "transfer", transfer.pk, status=404)


def test_conflicts_stand_on_a_list_until_they_are_settled(desk):
    number = factories.identity()
    factories.person("张示例", identity=number)
    factories.person("李示例", identity=number, place=FUDU)
    text = page(desk, "settling")
    assert "张示例" in text
    assert "富都社区" in text
    conflict = queries.conflicts.conflicts(factories.worker()).get()
    answer = desk.post(reverse("registry:settle_conflict", args=[conflict.pk]),
                       {"outcome": "corrected"}, follow=True)  # fmt: skip
    assert "still hold this number" in answer.content.decode()
    Person.objects.filter(name="李示例").update(identity=None, identity_hash=None)
    send(desk, "settle_conflict", conflict.pk, outcome="corrected")
    assert "No number is held twice" in page(desk, "settling")


# --- restricted tags ------------------------------------------------------------------------------


def tagged(kind="left_behind", by=None, place=TIANAN, person=None):
    person = person or factories.person("张示例")
    secretary = by or factories.worker(role="community_secretary")
    return commands.set_tag(
        person=person, kind=kind, place=place, note="父母在外务工", since=date(2026, 3, 1),
        by=secretary, at=MONDAY,
    )  # fmt: skip


def test_a_tag_is_seen_by_its_access_list_and_by_nobody_else(english, city):
    tag = tagged()
    words = "Left behind by working parents"
    worker = people.enter(english, people.post("community_worker", TIANAN))
    assert words in page(worker, "person", tag.person_id)
    assert "父母在外务工" in page(worker, "tag", tag.pk)
    assert "张示例" in page(worker, "tags")

    grid = people.enter(english, people.post("grid_leader", GRID))
    page(grid, "tags", status=403)
    page(grid, "tag", tag.pk, status=403)
    neighbour = people.enter(english, people.post("community_worker", FUDU))
    page(neighbour, "tag", tag.pk, status=404)
    assert "张示例" not in page(neighbour, "tags")
    people.civil_affairs()
    civil = people.post("department_clerk", factories.STREET, department="civil_affairs")
    assert "张示例" in page(people.enter(english, civil), "tags")


def test_every_role_off_the_list_sees_nothing_of_a_tag(english, city):
    tag = tagged("released")
    for role, place in (
        ("community_worker", TIANAN), ("subdistrict_clerk", factories.STREET),
        ("district_clerk", factories.people.DISTRICT), ("city_clerk", factories.CITY),
        ("city_leader", factories.CITY), ("system_admin", factories.CITY),
        ("security_admin", factories.CITY), ("burden_office", factories.CITY),
    ):  # fmt: skip
        held = people.post(role, place)
        actor = people.actor(held)
        assert not queries.tags.visible(actor).exists(), role
        client = people.enter(english, held)
        for name, args in (("tag", [tag.pk]), ("tags", [])):
            text = client.get(reverse(f"registry:{name}", args=args)).content.decode()
            assert "张示例" not in text, role
    worker = people.enter(english, people.post("community_worker", TIANAN))
    assert "Released from prison" not in page(worker, "person", tag.person_id)


def test_each_look_at_a_tag_is_written_down_and_withheld_where_the_law_says(english, city):
    people.commands.load_departments(
        rows=[{"code": "justice", "name": "司法", "bureau": "司法局", "office": "司法所"}],
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    held = people.post("department_clerk", factories.STREET, department="justice")
    tag = tagged("correction", by=people.actor(held))
    page(people.enter(english, held), "tags")
    read = readlog.ReadEntry.objects.get()
    assert (read.persons, read.elements, read.withheld) == (
        [tag.person_id], ["tag.correction"], "社区矫正法第五十四条",
    )  # fmt: skip
    assert read.review_on == tag.review_on


def test_a_tag_is_set_looked_at_again_and_ended_on_its_pages(english, city):
    person = factories.person("张示例")
    client = people.enter(english, people.post("community_secretary", TIANAN))
    page(client, "tag_new", person.pk)
    send(client, "tag_new", person.pk, kind="youth", since="2026-03-01", note="")
    tag = Tag.objects.get()
    before = tag.review_on
    send(client, "tag", tag.pk, note="")
    tag.refresh_from_db()
    assert tag.review_on >= before
    send(client, "tag", tag.pk, answer="end", note="")
    tag.refresh_from_db()
    assert (tag.until is not None, tag.note) == (True, None)
    page(client, "tag", tag.pk, status=404)


def test_a_tag_nobody_looked_at_ends_by_itself_with_its_note(city):
    tag = tagged()
    assert commands.expire_tags(by=SYSTEM, at=factories.at("2027-02-24 00:05")) == 0
    assert commands.expire_tags(by=SYSTEM, at=factories.at("2027-02-25 00:05")) == 1
    tag.refresh_from_db()
    assert (tag.until, tag.note) == (date(2027, 2, 25), None)


def test_tags_are_no_part_of_the_catalogue():
    from shanzhi.registry import kinds

    assert [entry.code for entry in kinds.entries() if entry.code.startswith("tag")] == []


def test_a_death_is_taken_back_by_the_secretary_with_a_reason(english, desk, worker):
    person = factories.person("张示例")
    commands.die(person=person, on=date(2026, 3, 1), by=worker, at=timezone.now())
    death = Death.objects.get()
    address = reverse("registry:death", args=[death.pk])
    assert address in page(desk, "settling")
    assert "The secretary of your community can take it back" in page(desk, "death", death.pk)
    send(desk, "death", death.pk, status=422, reason="写错了")

    secretary = people.enter(english, people.post("community_secretary", TIANAN))
    assert "1 presence goes on" in page(secretary, "death", death.pk)
    send(secretary, "death", death.pk, status=422, reason="")
    answer = send(secretary, "death", death.pk, reason="派出所核实，本人健在")
    assert answer.url == reverse("registry:person", args=[person.pk])
    assert "State, Date of death" in page(secretary, "person", person.pk)  # what was wrong
    assert "张示例" in page(secretary, "residents")
    page(secretary, "death", death.pk, status=404)
    other = people.enter(english, people.post("community_secretary", FUDU))
    page(other, "death", death.pk, status=404)
