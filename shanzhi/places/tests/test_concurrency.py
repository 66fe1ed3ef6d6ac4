from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import translation

from shanzhi.kernel import Refused
from shanzhi.places import commands, queries
from shanzhi.places.models import Division

from .factories import CLERK, LONGCHENG, MONDAY, SECRETARY, TIANAN, TODAY, make_city, make_grid


def apart(command, **values):
    """In this thread's own connection, which is closed afterwards."""
    try:
        with translation.override("en"):
            return command(**values)
    finally:
        connection.close()


def test_a_second_list_is_refused_while_one_is_being_loaded(database):
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            make_city()
            second = other.submit(apart, make_city)
            with pytest.raises(Refused, match="Another list is being loaded"):
                second.result(timeout=10)
        assert Division.objects.count() == 9
        assert other.submit(apart, make_city).result(timeout=10).unchanged == 9


def test_a_change_waits_for_another_and_is_refused_if_that_takes_long(database):
    make_city()
    rename = {"code": TIANAN, "on": TODAY, "reason": "更名", "by": CLERK, "at": MONDAY}
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        commands.rename(**rename, name="甲社区居委会")
        second = other.submit(apart, commands.rename, **rename, name="乙社区居委会")
        with pytest.raises(Refused, match="Somebody else is changing"):
            second.result(timeout=10)
    assert queries.name(TIANAN) == "甲社区"


def test_two_new_grids_at_once_get_two_codes(database):
    make_city()
    make_grid(1)
    grid = {"community": TIANAN, "households": 1, "by": SECRETARY, "at": MONDAY}
    with ThreadPoolExecutor(2) as others:
        both = [others.submit(apart, commands.add_grid, **grid, name=f"{n} 号") for n in (1, 2)]
        codes = {each.result(timeout=10).code for each in both}
    assert codes == {f"{TIANAN}002", f"{TIANAN}003"}


def test_of_two_mergers_of_the_same_community_only_one_comes_through(database):
    make_city()
    merge = {"on": TODAY, "reason": "合并", "by": CLERK, "at": MONDAY}
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            commands.merge(olds=[TIANAN, LONGCHENG], new=LONGCHENG, **merge)
            second = other.submit(
                apart, commands.merge, olds=[TIANAN, LONGCHENG], new=TIANAN, **merge
            )
        with pytest.raises(Refused, match="no division 320411002018"):
            second.result(timeout=10)
    assert queries.successors(TIANAN, TODAY) == [LONGCHENG]
