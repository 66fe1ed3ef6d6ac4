"""A fresh installation, up to the first person who signs in and the first item asked for."""

import pytest

from operate import beginning
from operate.system import Problem
from shanzhi.cases.models import Item, Route
from shanzhi.kernel import Refused
from shanzhi.people.models import Account, Post
from shanzhi.people.tests import factories as people

pytestmark = pytest.mark.django_db


def appoint(username, role, name="某某", place="", department=""):
    return beginning.appoint(username, role, name=name, place=place, department=department)


def password_in(sentences):
    return sentences[1].removeprefix("Password for the first sign-in: ")


def test_the_first_administrator_gets_a_password_to_be_changed_and_comes_in(client):
    people.city()
    told = appoint("an.quan", "security_admin")

    account = Account.objects.get(username="an.quan")
    assert account.password_given and account.check_password(password_in(told))
    post = Post.objects.get()
    assert (post.role, post.place, post.reason) == ("security_admin", "3204", "by the operator")
    entered = {"login": "an.quan", "password": password_in(told)}
    assert client.post("/staff/sign-in/", entered).status_code == 302
    assert client.get("/desk/")["Location"].startswith("/me/security/password/")


def test_a_second_post_needs_no_name_and_shows_no_password():
    people.city()
    appoint("liu.yi", "subdistrict_clerk", place="320411002")
    told = appoint("liu.yi", "subdistrict_clerk", name="", place="320411003")
    assert told == ["liu.yi holds the post subdistrict_clerk of 320411003 from today on."]
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": "an.quan", "role": "king"}, "There is no post 'king'. There are: "),
        ({"username": "xi.tong", "role": "system_admin", "name": ""}, "give the person's --name"),
        ({"username": "an.quan", "role": "system_admin"}, "held by different people"),
        ({"username": "X", "role": "system_admin"}, "A user name has 3 to 40 small letters"),
        ({"username": "li.si", "role": "community_worker"}, "no such post at this level"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_left_behind(wrong, sentence):
    people.city()
    appoint("an.quan", "security_admin")
    with pytest.raises((Problem, Refused), match=sentence):
        appoint(**wrong)
    assert (Account.objects.count(), Post.objects.count()) == (1, 1)


def test_who_lost_everything_gets_a_new_first_password_from_the_operator():
    people.city()
    appoint("an.quan", "security_admin")
    told = beginning.reset_sign_in("an.quan")
    assert Account.objects.get().check_password(password_in(told))
    with pytest.raises(Problem, match="There is no account 'nobody'"):
        beginning.reset_sign_in("nobody")


def test_what_is_shipped_is_loaded_once_and_leaves_what_the_city_changed():
    people.city()
    beginning.load_shipped()
    items, routes = Item.objects.count(), Route.objects.count()
    assert (items, routes) == (len(beginning.importing.shipped_items()), routes) and routes > 9
    assert Item.objects.filter(code="open-report", state="published").exists()

    Item.objects.filter(code="open-report").update(name="我要说")
    Route.objects.filter(position__gt=1).delete()
    assert "; 0 new service items and 0 routing rules" in beginning.load_shipped()
    assert (Item.objects.count(), Route.objects.count()) == (items, 1)
    assert Item.objects.get(code="open-report").name == "我要说"
