"""A grant whose division is merged into another never reads more than before."""

from datetime import date

import pytest

from shanzhi.journal import queries as journal
from shanzhi.kernel import Refused
from shanzhi.people.models import Notice
from shanzhi.places.models import Division, Succession
from shanzhi.registry import commands, sharing_notices

from . import sharing_factories as factories
from .sharing_factories import FUDU, MONDAY, PANLONG, TIANAN
from .test_sharing_pages import client, page, posted


@pytest.mark.django_db
def test_a_merge_does_not_widen_a_grant_and_its_page_says_so(settings):
    factories.city()
    health = factories.clerk("health")
    grant = factories.granted(health, scope=PANLONG)
    own, other = factories.person("甲示例", place=PANLONG), factories.person("乙示例")
    desk, owner = client(health), client(factories.owner())
    for browser in (desk, owner):
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sentence = "still reads only those entered under the old code"
    assert sentence not in page(desk, "grant", grant.number)

    day = date(2026, 2, 1)
    Division.objects.filter(code=PANLONG).update(valid_to=day)
    Succession.objects.create(old=PANLONG, new=TIANAN, kind=Succession.Kind.MERGED, on=day)

    for viewer in (desk, owner):
        text = page(viewer, "grant", grant.number)
        assert sentence in text and "天安社区" in text
    rows = commands.read_by_grant(grant=grant, by=health, at=MONDAY).rows
    assert [row.person for row in rows] == [own.pk] != [other.pk]


def merged(old=PANLONG, new=TIANAN):
    day = date(2026, 2, 1)
    Division.objects.filter(code=old).update(valid_to=day)
    Succession.objects.create(old=old, new=new, kind=Succession.Kind.MERGED, on=day)


@pytest.fixture
def grant(db):
    """Of two owners, for a community that was merged into another."""
    factories.city()
    return factories.granted(factories.clerk("health"), scope=PANLONG)


def test_the_owners_confirm_by_one_press_and_both_sides_are_told(grant):
    health = factories.clerk("health")
    other = factories.person("乙示例")
    owners = [factories.owner(each) for each in grant.parts.values_list("owner", flat=True)]
    merged()
    for owner, part in zip(owners, grant.parts.all(), strict=True):
        assert commands.read_by_grant(grant=grant, by=health, at=MONDAY).rows == []
        browser = client(owner)
        page(browser, "grant_part_step", grant.number, part.owner_id, "move")
        posted(browser, "grant_part_step", grant.number, part.owner_id, "move")
    grant.refresh_from_db()
    assert grant.scope == TIANAN
    rows = commands.read_by_grant(grant=grant, by=health, at=MONDAY).rows
    assert [row.person for row in rows] == [other.pk]
    entries = journal.about(f"registry.Grant:{grant.pk}")
    sharing_notices.tell([each for each in entries if each.verb == "registry.grant_moved"])
    told = Notice.objects.filter(text="registry.grant_moved").values_list("account", flat=True)
    decided = set(grant.parts.values_list("decided_by", flat=True))
    assert set(told) == {grant.made_by} | decided


def test_nobody_else_confirms_and_nothing_where_nothing_was_merged(grant):
    part = grant.parts.first()
    told = {"part": part, "at": MONDAY}
    owner = factories.owner(part.owner_id)
    with pytest.raises(Refused, match="not merged into a single one"):
        commands.move_grant(by=owner, **told)
    merged()
    with pytest.raises(Refused, match="Only the department that owns"):
        commands.move_grant(by=factories.clerk("health"), **told)
    Succession.objects.create(old=PANLONG, new=FUDU, kind=Succession.Kind.MERGED,
                              on=date(2026, 2, 1))  # fmt: skip
    with pytest.raises(Refused, match="not merged into a single one"):
        commands.move_grant(by=owner, **told)
    grant.refresh_from_db()
    assert grant.scope == PANLONG
