from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import acting, commands, kinds, queries
from ..models import Account, Post
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, GRID, NOON, PANLONG, STREET, TIANAN

MARCH, JUNE = date(2026, 3, 2), date(2026, 6, 1)


def grant(account, *, by, role="community_worker", place=TIANAN, **changes):
    values = {
        "department": "",
        "valid_from": MARCH,
        "valid_to": None,
        "reason": "appointed",
    } | changes
    return commands.grant_post(account=account, role=role, place=place, by=by, at=NOON, **values)


def refused(match, account, **values):
    before = list(Post.objects.order_by("pk").values())
    with pytest.raises(Refused, match=match):
        grant(account, **values)
    assert list(Post.objects.order_by("pk").values()) == before


def test_the_secretary_appoints_a_worker_and_the_journal_says_so(city):
    secretary, worker = make.post("community_secretary"), make.staff()

    post = grant(worker, by=make.actor(secretary), valid_to=JUNE)

    assert (post.account, post.role, post.place) == (worker, "community_worker", TIANAN)
    assert (post.valid_from, post.valid_to, post.granted_by) == (MARCH, JUNE, secretary)
    entry = journal.about(label(post))[0]
    assert (entry.verb, entry.place, entry.by) == (
        "people.post_granted",
        TIANAN,
        secretary.account_id,
    )
    assert entry.data == {
        "account": worker.pk,
        "role": "community_worker",
        "department": "",
        "valid_from": "2026-03-02",
        "valid_to": "2026-06-01",
    }


# Who grants what: (granter, its place, what, where)
LADDER = [
    ("community_secretary", TIANAN, "community_worker", TIANAN),
    ("community_secretary", TIANAN, "grid_leader", GRID),
    ("subdistrict_clerk", STREET, "community_secretary", TIANAN),
    ("subdistrict_clerk", STREET, "community_worker", FUDU),
    ("subdistrict_clerk", STREET, "grid_leader", GRID),
    ("district_clerk", DISTRICT, "subdistrict_clerk", STREET),
    ("city_clerk", CITY, "district_clerk", DISTRICT),
    ("system_admin", CITY, "city_clerk", CITY),
    ("system_admin", CITY, "city_leader", CITY),
    ("system_admin", CITY, "burden_office", CITY),
    ("system_admin", CITY, "district_clerk", DISTRICT),
    ("security_admin", CITY, "system_admin", CITY),
    ("security_admin", CITY, "audit_admin", CITY),
]
SOMEWHERE = {
    "city": CITY,
    "district": DISTRICT,
    "subdistrict": STREET,
    "community": TIANAN,
    "grid": GRID,
}


@pytest.mark.parametrize(("granter", "at", "role", "place"), LADDER)
def test_the_post_above_grants(city, granter, at, role, place):
    post = grant(make.staff(), by=make.actor(make.post(granter, at)), role=role, place=place)

    assert (post.role, post.place) == (role, place)


@pytest.mark.parametrize("granter", sorted(kinds.ROLES))
def test_a_role_grants_only_what_its_list_names(city, granter):
    own = kinds.ROLES[granter]
    place = SOMEWHERE[sorted(own.levels)[0]]
    held = make.post(granter, place)
    worker = make.staff()
    for code, role in kinds.ROLES.items():
        for level in role.levels:
            if level in own.grants.get(code, ()) or role.department == "required":
                continue
            refused(
                "does not let you",
                worker,
                by=make.actor(held),
                role=code,
                place=SOMEWHERE[level],
            )


def test_department_clerks_need_a_department_and_others_have_none(city):
    make.civil_affairs()
    district = make.actor(make.post("district_clerk", DISTRICT))
    clerk = make.staff()

    refused("Choose the department", clerk, by=district, role="department_clerk", place=STREET)
    refused(
        "from the list",
        clerk,
        by=district,
        role="department_clerk",
        place=STREET,
        department="nothing",
    )
    refused(
        "no department",
        clerk,
        by=district,
        role="subdistrict_clerk",
        place=STREET,
        department="civil_affairs",
    )
    post = grant(
        clerk, by=district, role="department_clerk", place=STREET, department="civil_affairs"
    )
    assert post.department_id == "civil_affairs"


def test_a_grant_is_refused_outside_the_granters_place(city):
    street = make.actor(make.post("subdistrict_clerk", STREET))

    refused("outside your area", make.staff(), by=street, place=PANLONG)


def test_nobody_grants_a_post_to_themselves(city):
    secretary = make.post("community_secretary")

    refused("themselves", secretary.account, by=make.actor(secretary))


def test_a_resident_or_stranger_grants_nothing(city):
    worker = make.staff()

    refused("does not let you", worker, by=make.actor(make.resident()))
    refused("does not let you", worker, by=acting.ANONYMOUS)


def test_period_reason_place_and_role_must_make_sense(city):
    by = make.actor(make.post("community_secretary"))
    worker = make.staff()

    refused("before the first", worker, by=by, valid_from=JUNE, valid_to=MARCH)
    refused("before the first", worker, by=by, valid_from=JUNE, valid_to=JUNE)
    refused("State the reason", worker, by=by, reason="  ")
    refused("from the list", worker, by=by, role="emperor")
    refused("at this level", worker, by=by, place=GRID)
    refused("at this level", worker, by=by, place="32041100201")
    refused("place from the list", worker, by=SYSTEM, place="320411002999")


def test_a_closed_account_gets_no_post(city):
    worker = make.staff()
    Account.objects.filter(pk=worker.pk).update(is_active=False)

    refused("closed", worker, by=SYSTEM)


def test_the_same_post_is_not_held_twice_at_a_time(city):
    by = make.actor(make.post("community_secretary"))
    worker = make.staff()
    grant(worker, by=by, valid_to=JUNE)

    refused("holds the post already", worker, by=by, valid_from=date(2026, 5, 1))
    grant(worker, by=by, valid_from=JUNE)

    assert Post.objects.filter(account=worker).count() == 2


@pytest.mark.parametrize("first", sorted(kinds.TRIO))
@pytest.mark.parametrize("second", sorted(kinds.TRIO))
def test_the_three_administrators_are_three_people(city, first, second):
    if first == second:
        return
    account = make.post(first, CITY).account

    refused("different people", account, by=SYSTEM, role=second, place=CITY)


def test_one_may_follow_the_other_when_the_first_has_ended(city):
    account = make.post("audit_admin", CITY, valid_to=MARCH).account

    assert grant(account, by=SYSTEM, role="system_admin", place=CITY).role == "system_admin"


def test_a_post_ends_today_with_a_reason(city):
    secretary, post = make.post("community_secretary"), make.post()

    commands.end_post(post=post, reason="moved", by=make.actor(secretary), at=NOON)

    post.refresh_from_db()
    assert post.valid_to == MARCH
    assert queries.posts_of(post.account_id, MARCH) == []
    assert journal.about(label(post))[0].data["reason"] == "moved"


def test_a_post_that_has_not_begun_never_does(city):
    secretary, post = make.post("community_secretary"), make.post(valid_from=JUNE)

    commands.end_post(post=post, reason="moved", by=make.actor(secretary), at=NOON)

    post.refresh_from_db()
    assert post.valid_to == JUNE


def test_ending_is_refused_to_holder_stranger_and_twice(city):
    secretary, post = make.post("community_secretary"), make.post()
    other = make.post("community_secretary", FUDU)

    def refuse(match, **values):
        values = {"post": post, "reason": "x", "by": make.actor(secretary)} | values
        with pytest.raises(Refused, match=match):
            commands.end_post(at=NOON, **values)
        assert not Post.objects.exclude(valid_to=None).exists()

    refuse("outside your area", by=make.actor(other))
    refuse("does not let you", by=make.actor(post))
    refuse("State the reason", reason=" ")
    own = Post.objects.create(
        account=secretary.account,
        role="community_worker",
        place=TIANAN,
        valid_from=MARCH,
        reason="x",
    )
    refuse("of their own", post=own)
    own.delete()
    commands.end_post(post=post, reason="x", by=make.actor(secretary), at=NOON)
    with pytest.raises(Refused, match="ended already"):
        commands.end_post(post=post, reason="x", by=make.actor(secretary), at=NOON)


def test_the_database_holds_period_and_uniqueness(city):
    post = make.post()
    with pytest.raises(IntegrityError, match="post_held_once"), transaction.atomic():
        make.post(account=post.account)
    with pytest.raises(IntegrityError, match="post_ends_after"), transaction.atomic():
        make.post(valid_from=JUNE, valid_to=MARCH)


def test_unit_names(city):
    make.civil_affairs()

    assert queries.unit_name(STREET, "civil_affairs") == "三井街道民政办"
    assert queries.unit_name(CITY, "civil_affairs") == "常州市民政局"
    assert queries.unit_name(TIANAN) == "天安社区"
    assert queries.unit_name(STREET, "unknown") == "三井街道"


def test_unit_names_ask_no_query_again(city, django_assert_num_queries):
    make.civil_affairs()
    queries.unit_name(STREET, "civil_affairs")

    with django_assert_num_queries(0):
        queries.unit_name(STREET, "civil_affairs")


def test_holders_of_a_unit(city):
    make.civil_affairs()
    here = make.post("department_clerk", STREET, department="civil_affairs")
    make.post("department_clerk", DISTRICT, department="civil_affairs")
    make.post("subdistrict_clerk", STREET)
    make.post("department_clerk", STREET, department="civil_affairs", valid_to=MARCH)

    found = queries.holders(STREET, "civil_affairs", {"department_clerk"}, MARCH)

    assert found == [here.account_id]


def test_posts_of_an_account_on_a_day(city):
    account = make.staff()
    first = make.post(account=account, valid_to=JUNE)
    second = make.post("grid_leader", GRID, account=account, valid_from=JUNE)

    assert [post.id for post in queries.posts_of(account.pk, MARCH)] == [first.pk]
    assert queries.posts_of(account.pk, JUNE) == [
        queries.PostRow(second.pk, "grid_leader", GRID, "")
    ]


def test_the_staff_list_shows_the_own_area_in_pages(city, django_assert_num_queries):
    by = make.actor(make.post("subdistrict_clerk", STREET))
    posts = [make.post(account=make.staff(f"worker{n}", f"员工{n}")) for n in range(3)]
    second = make.post("grid_leader", GRID, account=posts[0].account)
    make.post(place=PANLONG)
    queries.unit_name(TIANAN)  # names are kept in memory

    with django_assert_num_queries(2):
        page = queries.staff(by, on=MARCH, size=2)
    held = [[post.id for post in row.posts] for row in page.rows]
    assert held == [[by.post_id], [posts[0].pk, second.pk]]
    page = queries.staff(by, on=MARCH, size=2, cursor=page.next)
    assert [row.account_id for row in page.rows] == [each.account_id for each in posts[1:]]
    assert page.next == ""
    for text, found in (("worker1", posts[1]), ("员工2", posts[2])):
        rows = queries.staff(by, on=MARCH, text=text).rows
        assert [row.account_id for row in rows] == [found.account_id]
    assert queries.staff(by, on=MARCH, text="nobody").rows == []


def test_departments_are_loaded_by_the_citys_desk_only(city):
    make.civil_affairs()
    row = {"code": "civil_affairs", "name": "x", "bureau": "x", "office": "x"}

    with pytest.raises(Refused, match="city's desk"):
        commands.load_departments(rows=[row], by=make.actor(make.post()), at=NOON)
    assert queries.departments() == {"civil_affairs": "民政"}
    by = make.actor(make.post("city_clerk", CITY))
    assert commands.load_departments(rows=[row], by=by, at=NOON) == 1
    assert queries.departments() == {"civil_affairs": "x"}
