import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from shanzhi.kernel import navigation
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.navigation import RESIDENT, Entry
from shanzhi.people.tests import factories as people

from .. import icons, translations, vendor

PAGES = ["/styleguide/", "/styleguide/desk/", "/styleguide/plain/", "/styleguide/paper/"]
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\s(src=|type=.application/json))")
ALLOWED = 170 * 1024


@pytest.fixture
def worker(db, client):
    """A community worker at the desk, who holds a second post."""
    people.city()
    post = people.post("community_worker", people.TIANAN)
    people.post("burden_office", people.CITY, account=post.account)
    people.enter(client, post)


@pytest.mark.parametrize("path", PAGES)
def test_every_base_renders_for_a_visitor(client, path, db):
    html = client.get(path).content.decode()

    assert html.startswith("<!doctype html>")
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_needs_what_the_security_policy_forbids(client, path, db):
    html = client.get(path).content.decode()

    assert not re.search(r"\sstyle=", html)
    assert "<style" not in html
    assert not INLINE_SCRIPT.search(html)
    assert not re.search(r"\son[a-z]+=", html)


@pytest.mark.parametrize("path", ["/styleguide/", "/styleguide/plain/", "/offline/"])
def test_a_visitor_without_a_session_costs_no_query(client, path, django_assert_num_queries, db):
    client.get(path)
    with django_assert_num_queries(0):
        client.get(path)


def test_the_first_visit_fits_into_170_kilobytes(client, db):
    html = client.get("/styleguide/").content
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', html.decode())
    files = [Path(finders.find(name)).read_bytes() for name in set(names)]

    assert sum(len(gzip.compress(each)) for each in [html, *files]) < ALLOWED


def test_only_registered_entries_are_tabs(client, no_entries, db):
    assert '<nav class="tabs"' not in client.get("/styleguide/").content.decode()

    navigation.register(Entry("here", "Here", "home", "shell:styleguide", side=RESIDENT))
    navigation.register(Entry("lost", "Lost", "home", "nowhere:at_all", side=RESIDENT))
    html = client.get("/styleguide/").content.decode()

    assert html.count('aria-current="page"') == 1
    assert "Lost" not in html


def test_the_first_page_is_not_the_current_tab_of_every_other_page(client, no_entries, db):
    navigation.register(Entry("home", "Home", "home", "shell:home", side=RESIDENT))

    assert 'aria-current="page"' not in client.get("/styleguide/").content.decode()


def test_the_side_bar_shows_what_the_post_may_use_by_sections(client, worker, no_entries):
    navigation.register(Entry("a", "First", "home", "alive", order=1, count=lambda by, at: 7))
    navigation.register(Entry("b", "Second", "home", "alive", "services"))
    navigation.register(Entry("c", "Third", "home", "alive", roles=frozenset({"city_leader"})))
    html = client.get("/styleguide/desk/").content.decode()

    assert html.index("First") < html.index("<h2>服务</h2>") < html.index("Second")
    assert '<b class="count">7</b>' in html
    assert "Third" not in html


def test_the_desk_shows_the_hat_and_offers_the_others(client, worker):
    html = client.get("/styleguide/desk/").content.decode()

    assert "<b>天安社区</b>" in html
    assert f'action="{reverse("people:choose_post")}"' in html
    assert html.count('name="post"') == 2


def test_a_page_of_the_desk_costs_few_queries(
    client, worker, no_entries, django_assert_max_num_queries
):
    client.get("/styleguide/desk/")
    with django_assert_max_num_queries(4):  # session, account, posts, places
        client.get("/styleguide/desk/")


def test_nobody_without_a_post_sees_entries_of_the_desk(no_entries):
    navigation.register(Entry("a", "First", "home", "alive"))

    assert navigation.entries_for(None) == []
    assert navigation.entries_for(Actor(account_id=1)) == []
    assert len(navigation.entries_for(Actor(account_id=1, role="city_clerk"))) == 1


def test_an_entry_of_an_unknown_section_is_refused(no_entries):
    with pytest.raises(ValueError, match="no section"):
        navigation.register(Entry("a", "First", "home", "alive", "elsewhere"))


def test_every_registered_entry_leads_somewhere_and_has_an_icon(settings):
    settings.ROOT_URLCONF = "config.urls"

    for entry in navigation.entries():
        assert reverse(entry.url_name), entry
        assert entry.icon in icons.drawings(), entry


def test_every_icon_named_in_a_template_exists():
    named = re.compile(r"""\bicon(?:_name)?[(=]\s*"([a-z0-9-]+)\"""")
    for path in translations.ROOT.glob("shanzhi/**/jinja2/**/*.html"):
        missing = set(named.findall(path.read_text())) - set(icons.drawings())
        assert not missing, path


@pytest.mark.parametrize("path", sorted(translations.ROOT.glob("shanzhi/**/jinja2/**/*.html")))
def test_templates_hold_no_inline_scripts_or_styles(path):
    source = path.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", source)
    assert not INLINE_SCRIPT.search(source)


def test_gathering_makes_markup_of_the_icon_nodes():
    nodes = [["path", {"d": "M5 12"}], ["circle", {"cx": "1", "r": "2"}]]

    assert vendor.markup(nodes) == '<path d="M5 12"/><circle cx="1" r="2"/>'
