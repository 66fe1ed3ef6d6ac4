"""Rows ticked on the desk: narrowed, taken, handed on and given back together."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shanzhi.journal.queries import about
from shanzhi.work import duties, kinds, several
from shanzhi.work.models import Duty

from .factories import COMMUNITY, GRID, STREET, hours, make_account, make_duty

CLERK = {"role": "subdistrict_clerk", "place": STREET}


def now_duty(title="楼道防盗门损坏", **fields):
    return make_duty(hours(25), opened=timezone.now() - timedelta(hours=1), title=title, **fields)


def press(client, do, *ticked, **more):
    keys = [duty.pk for duty in ticked]
    return client.post("/desk/duties/several/", {"do": do, "duty": keys} | more)


def holders(*ticked):
    return [Duty.objects.get(pk=duty.pk).assignee for duty in ticked]


def verbs(*ticked):
    return [[entry.verb for entry in about(duty.about)] for duty in ticked]


# --- narrowed -------------------------------------------------------------------------------------


def test_the_address_keeps_what_the_list_is_narrowed_to(signed_in, published, monkeypatch):
    monkeypatch.setattr(kinds, "_items", [lambda codes: {"lamp": "路灯损坏"}])
    now_duty("灯不亮", item="lamp", scene=COMMUNITY, place=STREET)
    now_duty("狗叫", item="dog", scene=GRID, place=STREET)
    client, _account = signed_in(**CLERK)

    choosing = client.get("/desk/?filter=soon&choose=1").text
    assert "路灯损坏 (1)" in choosing and 'name="filter" value="soon"' in choosing

    narrowed = client.get("/desk/?item=lamp").text
    assert "灯不亮" in narrowed and "狗叫" not in narrowed
    assert "Service item: 路灯损坏" in narrowed
    assert 'href="?item=lamp&amp;filter=overdue"' in narrowed
    assert 'name="back" value="item=lamp"' in narrowed
    assert ">2</b>" in narrowed  # waits for the unit altogether, in the card at the head


def test_what_does_not_exist_is_an_empty_list(signed_in, published):
    now_duty(place=STREET)
    client, _account = signed_in(**CLERK)

    assert "Nothing of this kind waits." in client.get("/desk/?item=%00nonsense").text


@pytest.mark.parametrize(
    ("address", "asked"),
    # the list, its counts, and the number in the side bar; once more the counts of the whole
    # unit; and one for each of the three lists to choose from
    [("/desk/", 3), ("/desk/?item=lamp", 4), ("/desk/?item=lamp&choose=1", 7)],
)
@pytest.mark.parametrize("n", [1, 3])
def test_a_narrowed_desk_costs_the_same_for_one_duty_and_for_three(
    signed_in, published, address, asked, n
):
    client, _account = signed_in(**CLERK)
    for _n in range(n):
        now_duty(item="lamp", scene=COMMUNITY, place=STREET)
    client.get(address)

    with CaptureQueriesContext(connection) as sent:
        client.get(address)
    assert sum("work_duty" in each["sql"] for each in sent) == asked


# --- ticked ---------------------------------------------------------------------------------------


def test_all_of_a_page_are_ticked_without_a_script(signed_in, published):
    now_duty()
    client, _account = signed_in()

    assert " checked" not in client.get("/desk/").text
    ticked = client.get("/desk/?all=1").text
    assert ticked.count(" checked") == 1 and 'name="back" value=""' in ticked


def test_what_can_be_taken_is_taken_and_the_rest_is_told(signed_in, published):
    mine, free, gone, done = now_duty("一"), now_duty("二"), now_duty("三"), now_duty("四")
    client, account = signed_in()
    duties.assign(duty=mine, account=account.pk)
    duties.assign(duty=gone, account=999)
    duties.close(duty=done, at=timezone.now(), outcome="replied")

    page = press(client, "take", mine, free, gone, done).text

    assert "You have taken 1." in page and "3 were left as they are:" in page
    for why in ("You have taken this already", "A colleague has taken this", "This is done"):
        assert why in page
    assert holders(mine, free, gone) == [account.pk, account.pk, 999]
    assert verbs(mine, free, gone, done) == [[], ["work.taken"], [], []]


def test_what_was_taken_together_is_given_back_together(signed_in, published):
    one, other = now_duty("一"), now_duty("二")
    client, _account = signed_in()

    page = press(client, "take", one, other, back="filter=today").text
    assert 'value="give_back"' in page and "/desk/?filter=today" in page
    press(client, "give_back", one, other)

    assert holders(one, other) == [None, None]
    assert verbs(one, other) == [["work.taken", "work.given_back"]] * 2


def test_before_they_change_hands_one_sees_which_and_chooses_to_whom(signed_in, published):
    one, other = now_duty("一"), now_duty("二", place=GRID)
    colleague, _post = make_account("李某")
    client, _account = signed_in()

    asking = press(client, "assign", one, other).text
    assert "2 matters change hands" in asking and "李某" in asking
    assert holders(one, other) == [None, None]

    page = press(client, "assign", one, other, to=colleague.pk).text
    assert "Handed to your colleague: 2." in page
    assert holders(one, other) == [colleague.pk] * 2
    assert verbs(one, other) == [["work.assigned"]] * 2


def test_a_stranger_is_no_colleague(signed_in, published):
    duty = now_duty()
    stranger, _post = make_account("赵某", place="320411002017")
    client, _account = signed_in()

    page = press(client, "assign", duty, to=stranger.pk)

    assert "error" in page.text and holders(duty) == [None]


def test_what_waits_elsewhere_is_not_there(signed_in, published):
    elsewhere = now_duty(place=STREET)
    client, _account = signed_in()

    answer = client.post("/desk/duties/several/", {"do": "take", "duty": [elsewhere.pk, "x"]})

    assert (answer.status_code, holders(elsewhere)) == (302, [None])
    assert "Tick the rows" in client.get("/desk/").text


@pytest.mark.parametrize("do", ["", "accept", "reply"])
def test_nothing_is_decided_on_several_at_once(signed_in, published, do):
    duty = now_duty()
    client, _account = signed_in()

    assert press(client, do, duty).status_code == 302
    assert holders(duty) == [None]
    assert set(several.COMMANDS) == {"take", "assign", "give_back"}


def test_each_further_row_costs_what_its_own_button_costs(signed_in, published):
    client, _account = signed_in()
    ticked = [now_duty(str(n)) for n in range(5)]

    press(client, "take", ticked[0])
    with CaptureQueriesContext(connection) as two:
        press(client, "take", *ticked[1:3])
    with CaptureQueriesContext(connection) as one:
        press(client, "take", ticked[3])
    # a savepoint here and a transaction in life, the locked row, the change, the journal
    assert len(two) - len(one) == 5
