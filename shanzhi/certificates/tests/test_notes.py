"""What no catalogue has: a note for the unit, which refuses nothing, and a gap for the office."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shanzhi.burden.tests.factories import text_of
from shanzhi.kernel import Refused
from shanzhi.people.models import Account
from shanzhi.people.tests import factories as people

from .. import commands, queries, rules
from ..models import Edition, Refusal, RequestingUnit
from . import factories as make
from .factories import MONDAY, TIANAN

pytestmark = pytest.mark.usefixtures("city")
BANK, ASKED = "示例银行", "加装电梯无异议证明"
DAY = timedelta(days=1)


def note(by=None, asked=ASKED, unit=BANK, at=MONDAY, **more):
    return commands.take_note(asked=asked, unit=unit, by=by or make.asker(), at=at, **more)


def test_a_resident_takes_a_note_of_what_no_catalogue_has():
    by = make.asker()
    first = note(by, purpose="贷款 13800000019")
    assert (first.number, first.place, first.asker) == (
        "G2026-11002018-0001", TIANAN, by.account_id,
    )  # fmt: skip
    assert (first.gap, first.entry, first.by, first.holder) == (True, None, None, None)
    assert "13800000019" not in first.purpose
    again = note(by, asked=f" {ASKED}", unit=f"{BANK} ", at=MONDAY + DAY)
    assert again == first and RequestingUnit.objects.get().asked == 1
    assert note(by, at=MONDAY + 31 * DAY) != first


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"asked": " "}, "Say which certificate"),
        ({"unit": "行"}, "Name the unit"),
        ({"asked": "居民财产证明"}, "The catalogue has “居民财产证明”"),
    ],
)
def test_what_the_catalogue_has_or_nobody_named_gets_no_note(changed, sentence):
    with pytest.raises(Refused, match=sentence):
        note(**changed)
    assert not Refusal.objects.exists()


def test_other_names_of_the_catalogue_are_known_too():
    row = next(
        each
        for each in queries.catalogue.entries(queries.catalogue.edition(TIANAN))
        if each.aliases
    )
    with pytest.raises(Refused, match=f"The catalogue has “{row.name}”"):
        note(asked=row.aliases[0])


def test_notes_and_letters_of_a_day_are_counted_together():
    by, row = make.asker(), make.entry("居民财产证明")
    for number in range(rules.applying.MOST_LETTERS - 1):
        note(by, unit=f"示例单位{number}")
    commands.take_letter(entry=row, unit=BANK, by=by, at=MONDAY)
    with pytest.raises(Refused, match="too often"):
        note(by)
    with pytest.raises(Refused, match="Choose your community"):
        note(make.asker("13800000012", home=""))


def test_without_a_catalogue_nothing_is_said_of_it():
    Edition.objects.update(state="retired")
    with pytest.raises(Refused, match="no catalogue in force"):
        note()


def test_the_report_counts_by_unit_and_tells_the_gap():
    commands.refuse(place=TIANAN, entry=None, asked=ASKED, unit="示例保险公司", by=make.worker(),
                    at=MONDAY)  # fmt: skip
    note(make.asker())
    note(make.asker("13800000013"))
    on = MONDAY.date()
    report = queries.report("3204", on, on)
    assert report.cells == {(BANK, ""): 2, ("示例保险公司", ""): 1}
    assert (report.total, report.notes) == (3, 2)
    [gap] = queries.gaps("3204", on, on)
    assert (gap.asked, gap.many, gap.notes) == (ASKED, 3, 2)
    assert gap.units == [(BANK, 2), ("示例保险公司", 1)]
    assert queries.gaps("3204", on + DAY, on + DAY) == []


def test_after_three_years_it_no_longer_says_whose_it_was_and_stays_a_note():
    note()
    commands.forget_refusals(by=make.SYSTEM, at=MONDAY.replace(year=2029, day=3))
    row = Refusal.objects.get()
    assert (row.asker, row.gap) == (None, True)


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def phone(english):
    english.force_login(Account.objects.get(pk=make.asker().account_id))
    return english


def test_from_the_search_to_the_note_nothing_claims_a_ban(phone):
    text = text_of(phone.get(reverse("certificates:public"), {"q": ASKED}))
    assert "Is yours not here?" in text and "not issued by communities" not in text
    page = phone.get(reverse("certificates:take_note"), {"asked": ASKED})
    assert ASKED in page.content.decode()
    assert "does not say that it is forbidden" in text_of(page)
    made = phone.post(reverse("certificates:take_note"), {"asked": ASKED, "unit": BANK},
                      follow=True)  # fmt: skip
    text = text_of(made)
    assert "Note for the unit" in text and "names the law" in text
    assert ASKED in text_of(phone.get(reverse("certificates:mine")))

    number = Refusal.objects.get().number
    sheet = text_of(phone.get(reverse("certificates:own_letter", args=[number]), {"print": "1"}))
    assert BANK in sheet and ASKED in sheet and number in sheet
    assert "既不是证明，也不是不予出具的决定" in sheet
    for claim in ("不予出具。", "严禁", "禁止", "取消", "请勿再"):
        assert claim not in sheet


def test_the_desk_letter_of_a_worker_stays_a_refusal():
    row = commands.refuse(place=TIANAN, entry=None, asked=ASKED, unit=BANK, by=make.worker(),
                          at=MONDAY)  # fmt: skip
    assert row.gap is False


def test_the_community_and_the_office_see_what_it_is(english):
    row = note()
    worker = people.enter(english, people.post("community_worker", TIANAN))
    text = text_of(worker.get(reverse("certificates:refusals")))
    assert "note, in no catalogue" in text
    text = text_of(worker.get(reverse("certificates:refusal", args=[row.number])))
    assert "nothing is refused by it" in text
    office = people.enter(english, people.post("burden_office", "3204"))
    day = {"since": "2026-01-01", "until": "2026-12-31"}
    text = text_of(office.get(reverse("certificates:report"), day))
    assert "What the catalogue may lack" in text and ASKED in text
