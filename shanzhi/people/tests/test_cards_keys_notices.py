from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import acting, commands, kinds, notices, queries
from ..models import Card, Key, Notice, Post
from . import factories as make
from .factories import DISTRICT, FUDU, GRID, NOON, PANLONG, STREET, TIANAN

PHOTO = UUID("11111111-1111-4111-8111-111111111111")


def set_card(by, **values):
    values = {
        "place": TIANAN,
        "kind": "police",
        "name": "李警官",
        "phone": "0519-88000110",
    } | values
    return commands.set_card(by=by, at=NOON, **values)


# --- cards


def test_a_card_is_set_changed_and_removed_by_its_community(city):
    by = make.actor(make.post("community_secretary"))

    card = set_card(by, unit="三井派出所")
    set_card(by, name="周警官")
    card.refresh_from_db()
    assert (card.name, card.phone, card.unit) == ("周警官", "051988000110", "")

    commands.remove_card(card=card, by=by, at=NOON)
    assert not Card.objects.exists()
    verbs = [entry.verb for entry in journal.about(label(card))]
    assert verbs == ["people.card_set", "people.card_set", "people.card_removed"]
    with pytest.raises(Refused, match="gone already"):
        commands.remove_card(card=card, by=by, at=NOON)


def test_cards_are_refused_to_others_and_in_wrong_places(city):
    by = make.actor(make.post("community_secretary"))

    def refuse(match, by=by, **values):
        with pytest.raises(Refused, match=match):
            set_card(by, **values)
        assert not Card.objects.exists()

    refuse("Only the community", by=make.actor(make.post("community_secretary", FUDU)))
    refuse("Only the community", by=make.actor(make.post("grid_leader", GRID)))
    refuse("Only the community", by=acting.ANONYMOUS)
    refuse("kind of card", kind="emperor")
    refuse("communities and grids", by=SYSTEM, place=STREET)
    refuse("belongs to the community", kind="secretary", place=GRID)
    refuse("1 to 30", name="")
    refuse("landline", phone="hello")
    refuse("consent", photo=PHOTO)


def test_removal_is_refused_from_outside(city):
    card = set_card(SYSTEM)
    with pytest.raises(Refused, match="Only the community"):
        commands.remove_card(
            card=card, by=make.actor(make.post("community_secretary", FUDU)), at=NOON
        )
    assert Card.objects.get() == card


def test_a_photo_stands_with_the_time_of_consent_and_goes_with_it(city):
    card = set_card(SYSTEM, photo=PHOTO, consent=True)
    assert (card.photo, card.photo_consent_at) == (PHOTO, NOON)

    card = set_card(SYSTEM)
    assert (card.photo, card.photo_consent_at) == (None, None)


def test_the_database_holds_consent_and_one_card_of_a_kind(city):
    set_card(SYSTEM)
    with pytest.raises(IntegrityError, match="card_once"), transaction.atomic():
        Card.objects.create(place=TIANAN, kind="police", name="x", phone="1")
    with pytest.raises(IntegrityError, match="card_photo_needs_consent"), transaction.atomic():
        Card.objects.create(place=FUDU, kind="police", name="x", phone="1", photo=PHOTO)


def test_what_a_grid_lacks_comes_from_its_community(city, django_assert_num_queries):
    set_card(SYSTEM, kind="health", name="周医生")
    set_card(SYSTEM, kind="secretary", name="王书记")
    set_card(SYSTEM, name="李警官")
    set_card(SYSTEM, name="陈警官", place=GRID)
    set_card(SYSTEM, kind="grid_leader", name="陈网格长", place=GRID)

    with django_assert_num_queries(1):
        cards = queries.cards(GRID)

    assert [(card.kind, card.name) for card in cards] == [
        ("secretary", "王书记"),
        ("grid_leader", "陈网格长"),
        ("police", "陈警官"),
        ("health", "周医生"),
    ]
    assert [card.name for card in queries.cards(TIANAN)] == ["王书记", "李警官", "周医生"]
    assert queries.cards(PANLONG) == []


def test_cards_come_in_pages(city):
    for place in (TIANAN, GRID, FUDU):
        set_card(SYSTEM, place=place)
    set_card(SYSTEM, place=PANLONG)

    page = queries.cards_within(STREET, size=2)
    assert [card.place for card in page.rows] == [TIANAN, GRID]
    page = queries.cards_within(STREET, size=2, cursor=page.next)
    assert ([card.place for card in page.rows], page.next) == ([FUDU], "")


# --- keys


def issue(post, **values):
    values = {
        "name": "线上办事大厅",
        "place": TIANAN,
        "items": [],
        "may_write": False,
        "valid_to": date(2026, 12, 31),
    } | values
    by = values.pop("by", make.actor(post))
    return commands.issue_key(post=post, by=by, at=NOON, **values)


def test_a_key_acts_through_its_post_within_its_limits(city):
    post = make.post("subdistrict_clerk", STREET)

    key, secret = issue(post, items=["subsidy"], may_write=True)

    bearer = queries.bearer(secret, NOON)
    assert (bearer.items, bearer.may_write) == ({"subsidy"}, True)
    assert (bearer.actor.account_id, bearer.actor.post_id) == (post.account_id, post.pk)
    assert (bearer.actor.role, bearer.actor.place, bearer.actor.key_id) == (
        "subdistrict_clerk",
        TIANAN,
        key.pk,
    )
    assert secret.encode() not in bytes(key.digest)
    assert secret not in str(journal.about(label(key)))


def test_a_key_stops_when_revoked_expired_or_when_its_post_or_account_ends(city):
    post = make.post("subdistrict_clerk", STREET)
    key, secret = issue(post)

    assert queries.bearer("sz_wrong", NOON) is None
    assert queries.bearer(secret, NOON + timedelta(days=400)) is None
    Post.objects.update(valid_to=localdate(NOON))
    assert queries.bearer(secret, NOON) is None
    Post.objects.update(valid_to=None)
    post.account.is_active = False
    post.account.save()
    assert queries.bearer(secret, NOON) is None
    post.account.is_active = True
    post.account.save()
    assert queries.bearer(secret, NOON) is not None
    commands.revoke_key(key=key, by=make.actor(post), at=NOON)
    assert queries.bearer(secret, NOON) is None


def test_keys_are_refused_beyond_the_post_and_the_year(city):
    post = make.post("subdistrict_clerk", STREET)

    def refuse(match, post=post, **values):
        with pytest.raises(Refused, match=match):
            issue(post, **values)
        assert not Key.objects.exists()

    refuse("holder of the post", by=make.actor(make.post()))
    refuse("Name the program", name=" ")
    refuse("inside the post's place", place=PANLONG)
    refuse("inside the post's place", place="320411002999")
    refuse("codes of service items", items=["x" * 41])
    refuse("one year", valid_to=date(2027, 3, 4))
    refuse("one year", valid_to=date(2026, 3, 2))
    ended = make.post("subdistrict_clerk", STREET, valid_to=date(2026, 3, 2))
    refuse("not held today", post=ended)


def test_keys_are_revoked_by_holder_or_administrator_once(city):
    post = make.post("subdistrict_clerk", STREET)
    key, _secret = issue(post)

    with pytest.raises(Refused, match="Only the holder"):
        commands.revoke_key(key=key, by=make.actor(make.post()), at=NOON)
    with pytest.raises(Refused, match="Only the holder"):
        commands.revoke_key(key=key, by=make.actor(make.post("city_clerk", "3204")), at=NOON)
    key.refresh_from_db()
    assert key.revoked_at is None
    commands.revoke_key(key=key, by=make.actor(make.post("system_admin", "3204")), at=NOON)
    with pytest.raises(Refused, match="revoked already"):
        commands.revoke_key(key=key, by=make.actor(post), at=NOON)


def test_the_list_of_keys_is_of_the_own_post(city):
    post, other = make.post("subdistrict_clerk", STREET), make.post("district_clerk", DISTRICT)
    key, _secret = issue(post)
    admin = make.post("system_admin", "3204")

    assert list(queries.keys(make.actor(post))) == [key]
    assert list(queries.keys(make.actor(other))) == []
    assert list(queries.keys(make.actor(admin))) == [key]


def test_use_is_noted_once_an_hour(city):
    key, _secret = issue(make.post("subdistrict_clerk", STREET))
    for minutes in (0, 30, 61):
        at = NOON + timedelta(minutes=minutes)
        commands.mark_key_used(key_id=key.pk, by=SYSTEM, at=at)
    key.refresh_from_db()
    assert key.used_at == NOON + timedelta(minutes=61)


# --- notices


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(kinds, "_notices", {})
    kinds.register_notice(kinds.NoticeText("told", _("News"), _("%(number)s is done")))


def send(account, entries, text="told"):
    notices.send(
        notices.NewNotice(
            account.pk,
            text,
            entry=entry,
            at=NOON + timedelta(minutes=entry),
            values={"number": f"N{entry}"},
            link=f"/cases/{entry}/",
        )
        for entry in entries
    )


def test_notices_come_once_newest_first_in_pages(db, told, django_assert_num_queries):
    account = make.resident()
    send(account, [1, 2, 3])
    send(account, [3])

    with django_assert_num_queries(1):
        page = queries.notices(account.pk, size=2)
    assert [(row.title, row.text, row.read) for row in page.rows] == [
        ("News", "N3 is done", False),
        ("News", "N2 is done", False),
    ]
    page = queries.notices(account.pk, page.next, size=2)
    assert ([row.text for row in page.rows], page.next) == (["N1 is done"], "")


def test_reading_concerns_only_the_own_notices(db, told):
    account, other = make.resident(), make.resident("13800000002")
    send(account, [1, 2])
    send(other, [3])
    mine = list(Notice.objects.filter(account=account))

    by = make.actor(account)
    theirs = Notice.objects.get(account=other)
    commands.read_notices(account_id=account.pk, ids=[mine[0].pk, theirs.pk], by=by, at=NOON)
    assert (queries.unread(account.pk), queries.unread(other.pk)) == (1, 1)
    with pytest.raises(Refused, match="own account"):
        commands.read_notices(account_id=other.pk, by=by, at=NOON)
    commands.read_notices(account_id=account.pk, by=by, at=NOON)
    assert (queries.unread(account.pk), queries.unread(other.pk)) == (0, 1)


def test_a_notice_whose_text_is_gone_still_shows(db, told):
    account = make.resident()
    send(account, [1], text="forgotten")

    assert [row.title for row in queries.notices(account.pk).rows] == ["forgotten"]
