"""Children under 14 are read by a grant on purpose only; restricted tags never."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.kernel.workdays import years_before
from shanzhi.registry import commands, tags
from shanzhi.registry.models import Consent, Grant, Presence, Purpose, ReadEntry
from shanzhi.registry.presenting import sharing as presenting
from shanzhi.registry.queries import granted
from shanzhi.registry.queries.rights import years_after

from . import sharing_factories as factories
from .sharing_factories import DAY, MONDAY
from .test_sharing_pages import client, form, page, posted

DUTY = {"children": "duty", "children_basis": "未成年人保护法第四十三条"}


def whom(**changes):
    return {"kind": 2, "age_from": None, "age_to": None, "sex": ""} | changes


@pytest.fixture
def health(db):
    factories.city()
    return factories.clerk("health")


def read(grant, by, at=MONDAY, **more):
    rows = commands.read_by_grant(grant=grant, by=by, at=at, **more).rows
    return {row.person for row in rows}


def test_children_are_left_out_until_their_fourteenth_birthday(health):
    grant = factories.granted(health, filter=whom(), method="both")
    grown = factories.person("甲示例", date(2012, 3, 2))  # 14 on this Monday
    child = factories.person("乙示例", date(2012, 3, 3))
    key = replace(health, key_id=7)
    assert read(grant, health) == read(grant, key) == {grown.pk}
    assert read(grant, health, MONDAY + DAY) == {grown.pk, child.pk}
    assert not ReadEntry.objects.filter(at=MONDAY, persons__contains=[child.pk]).exists()


def test_a_child_s_number_finds_nobody(health):
    number = factories.identity(date(2015, 5, 5), 911)
    child = factories.person("乙示例", date(2015, 5, 5), identity=number)
    without = factories.granted(health, filter=whom())
    on_duty = factories.granted(health, filter=whom(**DUTY))
    for grant, found in ((without, []), (on_duty, [child.pk])):
        rows = commands.look_up_by_grant(grant=grant, identity=number, by=health, at=MONDAY).rows
        assert [row.person for row in rows] == found


def test_a_grant_that_names_the_duty_reads_them(health):
    child = factories.person("乙示例", date(2015, 5, 5))
    old = factories.person("甲示例")
    grant = factories.granted(health, filter=whom(**DUTY))
    assert read(grant, health) == {child.pk, old.pk}


WRONG = [
    ({"age_to": 13}, "say so on purpose", "children"),
    ({"children": "duty"}, "Name the law", "children_basis"),
    ({"children": "duty", "children_basis": "  法 "}, "Name the law", "children_basis"),
    ({"age_from": 14} | DUTY, "Nobody of this age", "children"),
    ({"children": "all", "children_basis": "某法第一条"}, "whether children", "children"),
]


@pytest.mark.parametrize(("change", "sentence", "field"), WRONG)
def test_an_application_says_of_children_what_it_means(health, change, sentence, field):
    with pytest.raises(Refused, match=sentence) as refusal:
        factories.drafted(health, filter=whom(**change))
    assert (refusal.value.field, Grant.objects.count()) == (field, 0)


def test_the_form_asks_and_every_page_says_it(health):
    desk = client(health)
    answer = desk.post(
        reverse("registry:grant_new"),
        form(age_from="", age_to="13", children="", children_basis=""),
    )
    assert answer.status_code == 422 and Grant.objects.count() == 0
    posted(desk, "grant_new", **form(age_from="", age_to="13", **DUTY))
    grant = Grant.objects.get()
    assert grant.filter == whom(age_to=13, **DUTY)
    with translation.override("en"):  # the pages above were Chinese
        assert "children under 14 too" in presenting.whom(grant)
    owner = client(factories.owner())
    assert DUTY["children_basis"] in page(owner, "grant", grant.number)
    assert DUTY["children_basis"] in page(
        owner, "grant_part_step", grant.number, "civil_affairs", "agree"
    )


def test_a_law_without_children_is_not_kept(health):
    posted(client(health), "grant_new", **form(children="", children_basis="某法第一条"))
    assert "children_basis" not in Grant.objects.get().filter


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_who_is_left_out_is_under_fourteen_to_the_day(birth):
    turns = years_after(birth, granted.GROWN)
    assert birth <= years_before(turns, granted.GROWN)
    assert birth > years_before(turns - DAY, granted.GROWN)


# --- what is not shared ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(tags.KINDS))
def test_a_restricted_tag_is_refused_with_its_law(health, code):
    with pytest.raises(Refused, match=tags.KINDS[code].basis) as refusal:
        factories.drafted(health, elements={"person.name": False, f"tag.{code}": False})
    assert (refusal.value.field, Grant.objects.count()) == ("elements", 0)


def test_the_catalogue_names_what_is_not_shared_with_its_law(health):
    desk = client(health)
    whole = page(desk, "catalogue")
    for kind in tags.KINDS.values():
        assert kind.basis in whole
    assert "社区矫正法" not in page(desk, "catalogue", section="bank")
    assert "社区矫正法" not in page(desk, "catalogue", q="手机")
    assert "tag." not in page(desk, "catalogue_csv")


# --- whose birth is not known, and guardians who agreed -------------------------------------------


def test_whose_birth_is_not_known_counts_as_a_child_unless_their_number_proves_it(health):
    grant = factories.granted(health, filter=whom())
    unknown = factories.person("甲示例", document="414", identity="E12345678")
    Presence.objects.filter(person=unknown).update(birth=None)
    assert read(grant, health) == set()
    assert read(factories.granted(health, filter=whom(**DUTY)), health) == {unknown.pk}

    number = factories.identity(date(1950, 5, 5), 912)
    grown = factories.person("乙示例", identity=number)
    Presence.objects.filter(person=grown).update(birth=None)  # as an old list brought it
    assert read(grant, health) == set()
    rows = commands.look_up_by_grant(grant=grant, identity=number, by=health, at=MONDAY).rows
    assert [row.person for row in rows] == [grown.pk]


@pytest.fixture
def agreed(health):
    """Two children, for one of whom the guardian agreed; the grant reads by that consent."""
    purpose = Purpose.objects.create(
        code="vaccine", title="疫苗接种提醒", text="用于提醒接种", department="health",
        elements=["person.name", "person.birth", "person.phone"],
    )  # fmt: skip
    yes, no = (factories.person(name, date(2015, 5, 5)) for name in ("甲示例", "乙示例"))
    consent = Consent.objects.create(
        person_id=yes.pk, purpose=purpose, text=purpose.text, relation="guardian", account=7,
        through="phone", given_at=MONDAY,
    )  # fmt: skip
    Consent.objects.create(
        person_id=no.pk, purpose=purpose, text=purpose.text, relation="self", account=8,
        through="phone", given_at=MONDAY,
    )  # fmt: skip
    grant = factories.granted(health, filter=whom(children="consent", consent="vaccine"))
    return grant, yes, consent


def test_a_grant_reads_children_whose_guardian_agreed_while_they_agree(health, agreed):
    grant, child, consent = agreed
    assert read(grant, health) == {child.pk}
    consent.withdrawn_at = MONDAY
    consent.save()
    assert read(grant, health) == set()


def test_guardians_agree_to_what_is_read_and_to_nothing_more(health, agreed):
    for change, sentence in (
        ({"filter": whom(children="consent", consent="none")}, "Choose the purpose"),
        ({"filter": whom(children="consent", consent="vaccine"),
          "elements": {"person.identity": True}}, "does not name"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            factories.drafted(health, **change)
