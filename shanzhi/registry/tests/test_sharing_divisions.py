"""A grant whose division is merged into another never reads more than before."""

from datetime import date

import pytest

from shanzhi.places.models import Division, Succession
from shanzhi.registry import commands

from . import sharing_factories as factories
from .sharing_factories import MONDAY, PANLONG, TIANAN
from .test_sharing_pages import client, page


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
