import dataclasses

import pytest

from shanzhi.kernel.acting import SYSTEM, Actor

CLERK = Actor(account_id=1, post_id=2, role="subdistrict_clerk", place="320411002")


def test_a_post_covers_its_place_and_all_below():
    for code in ("320411002", "320411002018", "320411002018003"):
        assert CLERK.covers(code)
    for code in ("320411", "3204", "32041100", "320411003", "320411001999", ""):
        assert not CLERK.covers(code)


def test_a_resident_and_the_system_cover_nothing():
    assert not Actor(account_id=1).is_staff
    assert not Actor(account_id=1).covers("320411002018")
    assert not SYSTEM.is_staff
    assert not SYSTEM.covers("3204")


def test_who_is_not_signed_in_is_not_the_system():
    assert Actor(account_id=None, name="anonymous") != SYSTEM


def test_an_actor_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CLERK.place = "3204"
