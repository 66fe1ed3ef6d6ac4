"""A sub-district signs what is ready in one go: each for itself, killed anywhere, two at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shanzhi.burden.tests.factories import text_of
from shanzhi.files import disk
from shanzhi.kernel import Refused
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, queries, tasks
from ..models import Agreement, Run, Signature
from ..pades import seal as pades
from . import factories as make
from .factories import AT, FUDU, STREET, TIANAN, YEAR
from .test_signing import content_of

A = "/desk/agreements/"
ONE, TWO = f"{YEAR}-{TIANAN}", f"{YEAR}-{FUDU}"
BOTH = {"year": YEAR, "place": STREET, "numbers": [ONE, TWO], "at": AT}


@pytest.fixture
def ready(town):
    for place in (TIANAN, FUDU):
        make.half_signed(place)


def states() -> dict[str, str]:
    rows = Agreement.objects.filter(number__in=[ONE, TWO])
    return dict(rows.values_list("number", "state"))


def through(run, by):
    while commands.sign_more(run=run, by=by, at=AT):
        pass
    return Run.objects.get(pk=run.pk)


def test_all_that_are_chosen_are_signed_one_after_the_other(ready):
    clerk = make.clerk()
    run = through(commands.start_signing(**BOTH, by=clerk), clerk)
    assert (run.state, run.made, run.done, run.failures) == ("done", 2, 2, [])
    assert set(states().values()) == {"in_force"}
    for agreement in Agreement.objects.filter(number__in=[ONE, TWO]):
        assert pades.examine(content_of(agreement)).good
    assert set(Signature.objects.filter(side="subdistrict").values_list("account", flat=True)) \
        == {clerk.account_id}  # fmt: skip


def test_what_cannot_be_signed_is_said_with_its_reason_and_the_others_are_signed(ready):
    clerk = make.clerk()
    agreement = Agreement.objects.get(number=ONE)
    agreement.clauses.filter(code="X01").update(target="别的")
    run = through(commands.start_signing(**BOTH, by=clerk), clerk)
    [[number, why]] = run.failures
    assert (run.made, number) == (1, ONE) and "not the one both agreed on" in why
    assert states() == {ONE: "half_signed", TWO: "in_force"}
    agreement.clauses.filter(code="X01").update(target="知晓率百分之九十五")
    again = commands.start_signing(**BOTH | {"numbers": [ONE]}, by=clerk)
    assert through(again, clerk).made == 1


def test_a_list_that_changes_in_between_stops_those_that_are_left(ready):
    clerk = make.clerk()
    run = commands.start_signing(**BOTH, by=clerk)
    assert commands.sign_more(run=run, by=clerk, at=AT)
    make.newer_list()
    run = through(run, clerk)
    assert (run.made, len(run.failures)) == (1, 1)
    assert "The list has changed" in run.failures[0][1]


def test_nobody_signs_whose_post_has_ended_meanwhile(ready):
    clerk = make.clerk()
    run = commands.start_signing(**BOTH, by=clerk)
    assert commands.sign_more(run=run, by=clerk, at=AT)
    Post.objects.filter(pk=clerk.post_id).update(valid_to=AT.date())
    run = through(run, clerk)
    assert (run.state, run.failures) == ("done", [[
        TWO, "The post of who began this has ended; another clerk signs it."]])  # fmt: skip
    assert states() == {ONE: "in_force", TWO: "half_signed"}


def test_a_document_that_is_gone_is_a_reason_and_no_end(ready):
    clerk = make.clerk()
    path = disk.path(Agreement.objects.get(number=ONE).document)
    path.unlink()
    run = through(commands.start_signing(**BOTH, by=clerk), clerk)
    assert (run.made, [each[0] for each in run.failures]) == (1, [ONE])


def test_killed_in_the_middle_it_goes_on_with_the_next(ready, monkeypatch):
    clerk = make.clerk()
    run = commands.start_signing(**BOTH, by=clerk)
    commands.sign_more(run=run, by=clerk, at=AT)

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("shanzhi.agreements.commands.signing.keep", killed)
        with pytest.raises(Killed), transaction.atomic():
            commands.sign_more(run=run, by=clerk, at=AT)
    run.refresh_from_db()
    assert (run.made, run.done, run.state) == (1, 1, "running")
    assert sorted(states().values()) == ["half_signed", "in_force"]
    assert queries.unfinished(AT.replace(hour=5)) == [run.pk]
    assert tasks.sign(run=run.pk) == 2
    assert set(states().values()) == {"in_force"}
    assert Signature.objects.filter(side="subdistrict").count() == 2


def test_who_may_and_what_is_chosen(ready):
    clerk = make.clerk()
    asked = BOTH | {"by": clerk}
    with pytest.raises(Refused, match="Choose what is to be signed"):
        commands.start_signing(**asked | {"numbers": []})
    with pytest.raises(Refused, match="does not wait for your signature"):
        commands.start_signing(**asked | {"numbers": [ONE, f"{YEAR}-320411003001"]})
    for by in (make.secretary(), make.office(), make.clerk("320411003")):
        with pytest.raises(Refused, match="clerk of the sub-district"):
            commands.start_signing(**asked | {"by": by})
    assert not Run.objects.filter(kind="sign").exists()
    commands.start_signing(**asked)
    with pytest.raises(Refused, match="being signed at this moment"):
        commands.start_signing(**asked)


# --- two at once ----------------------------------------------------------------------------------


@pytest.fixture
def town_for_two(transactional_db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    make.town()
    for place in (TIANAN, FUDU):
        make.half_signed(place)


def test_two_workers_on_one_run_sign_each_once(town_for_two):
    clerk = make.clerk()
    run = commands.start_signing(**BOTH, by=clerk)
    asked = {"run": run, "by": clerk, "at": AT}
    with ThreadPoolExecutor(1) as second_worker:
        with transaction.atomic():
            commands.sign_more(**asked)
            second = second_worker.submit(in_own_connection, commands.sign_more, **asked)
            wait_until_someone_waits_for_me()
        assert second.result(timeout=20) is True
    run.refresh_from_db()
    assert (run.made, run.done, run.failures) == (2, 2, [])
    assert Signature.objects.filter(side="subdistrict").count() == 2


def test_one_signed_by_hand_while_all_are_signed_is_signed_once(town_for_two):
    clerk = make.clerk()
    run = commands.start_signing(**BOTH, by=clerk)
    with ThreadPoolExecutor(1) as worker:
        with transaction.atomic():
            first = Agreement.objects.get(number=sorted([ONE, TWO])[0])
            commands.sign(agreement=first, by=clerk, at=AT)
            job = worker.submit(in_own_connection, commands.sign_more, run=run, by=clerk, at=AT)
            wait_until_someone_waits_for_me()
        job.result(timeout=20)
    run.refresh_from_db()
    [[number, why]] = run.failures
    assert number == first.number and "not possible now" in why
    assert Signature.objects.filter(agreement=first, side="subdistrict").count() == 1


# --- on the page ----------------------------------------------------------------------------------


def test_chosen_on_the_page_with_one_password_and_told_how_it_went(ready, english):
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    assert "2 agreements that their communities have signed wait" in text_of(
        clerk.get(f"{A}?year={YEAR}")
    )
    url = f"{A}sign/?year={YEAR}"
    page = clerk.get(url)
    assert page.content.decode().count("checked") == 2 and "天安社区" in text_of(page)
    chosen = {"numbers": [ONE, TWO], "sure": "on", "password": people.PASSWORD}
    for wrong, sentence in (({"numbers": []}, "Choose what is to be signed."),
                            ({"password": "wrong"}, "password is wrong")):  # fmt: skip
        page = clerk.post(url, chosen | wrong)
        assert page.status_code == 422 and sentence in text_of(page)
    assert not Run.objects.filter(kind="sign").exists()

    page = clerk.post(url, chosen)
    run = Run.objects.get(kind="sign")
    assert page.url == f"{A}runs/{run.pk}/"
    page = text_of(clerk.get(page.url))
    assert "Agreements are being signed" in page and "0 of 2 agreements" in page
    assert "being signed at this moment" in text_of(clerk.get(url))
    Agreement.objects.get(number=TWO).clauses.filter(code="X01").update(target="别的")
    tasks.sign(run=run.pk)
    page = text_of(clerk.get(f"{A}runs/{run.pk}/"))
    assert "The signing is through" in page and "One agreement was not signed" not in page
    assert "1 agreement was not signed." in page and TWO in page and "both agreed on" in page
    assert "天安社区" not in text_of(clerk.get(url))


def test_the_list_asks_the_database_no_more_for_more_of_them(ready, english):
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    for url in (f"{A}sign/?year={YEAR}", f"{A}?year={YEAR}", f"{A}overview/?year={YEAR}"):
        clerk.get(url)
        with CaptureQueriesContext(connection) as two:
            clerk.get(url)
        with transaction.atomic():
            Agreement.objects.filter(number=ONE).update(state="withdrawn")
            with CaptureQueriesContext(connection) as one:
                clerk.get(url)
            transaction.set_rollback(True)
        assert len(one) == len(two) <= 24, url
