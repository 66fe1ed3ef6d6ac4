"""Comments, answers, agreeing; whose turn it is, and who is told."""

import pytest

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.journal.tests import factories as following
from shanzhi.kernel import Refused
from shanzhi.people.models import Notice
from shanzhi.work.models import Duty

from .. import commands
from . import factories as make
from .factories import AT, FUDU, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("town")


def turns(agreement):
    found = Duty.objects.filter(about=label(agreement), closed_at=None).order_by("kind")
    return [(each.kind.partition(".")[2], each.place) for each in found]


def comment(agreement, by, text="经费偏低", code="X01"):
    return commands.comment(agreement=agreement, code=code, text=text, by=by, at=AT)


def test_a_comment_is_answered_and_settled_and_only_then_both_agree():
    agreement = make.negotiated()
    said = comment(agreement, make.secretary())
    with pytest.raises(Refused, match="Settle all comments"):
        commands.agree(agreement=agreement, by=make.secretary(), at=AT)
    with pytest.raises(Refused, match="other side answers"):
        commands.answer(comment=said, text="好", by=make.secretary(), at=AT)
    with pytest.raises(Refused, match="Who made the comment"):
        commands.settle(comment=said, by=make.clerk(), at=AT)

    commands.answer(comment=said, text="增加二百元", by=make.clerk(), at=AT)
    said = commands.settle(comment=said, by=make.secretary(), at=AT)

    assert (said.answer, said.settled_at) == ("增加二百元", AT)
    with pytest.raises(Refused, match="not possible now"):
        commands.settle(comment=said, by=make.secretary(), at=AT)
    agreement = commands.agree(agreement=agreement, by=make.secretary(), at=AT)
    assert agreement.state == "negotiated"
    with pytest.raises(Refused, match="agreed already"):
        commands.agree(agreement=agreement, by=make.secretary(), at=AT)
    assert commands.agree(agreement=agreement, by=make.clerk(), at=AT).state == "agreed"


@pytest.mark.parametrize("change", ["clause", "terms", "comment", "remove"])
def test_who_had_agreed_is_asked_again_after_a_change(change):
    agreement = make.negotiated()
    agreement = commands.agree(agreement=agreement, by=make.secretary(), at=AT)
    {
        "clause": lambda: make.priced(agreement, amount=1500),
        "terms": lambda: commands.write_terms(
            agreement=agreement, terms="另行约定", by=make.clerk(), at=AT
        ),
        "comment": lambda: comment(agreement, make.clerk()),
        "remove": lambda: commands.remove_clause(
            clause=agreement.clauses.get(code="X02"), by=make.clerk(), at=AT
        ),
    }[change]()
    agreement.refresh_from_db()
    assert agreement.community_agreed_at is None


def test_a_fixed_text_is_changed_only_after_reopening():
    agreement = make.agreed()
    before = make.everything(agreement)
    with pytest.raises(Refused, match="text is fixed"):
        make.priced(agreement, amount=1)
    with pytest.raises(Refused, match="while it is negotiated"):
        comment(agreement, make.secretary())
    assert make.everything(agreement) == before
    agreement = commands.reopen(agreement=agreement, by=make.secretary(), at=AT)
    assert (agreement.state, agreement.document) == ("negotiated", None)
    make.priced(agreement, amount=1500)


def test_whose_turn_it_is_stands_in_the_inbox():
    agreement = make.draft()
    assert turns(agreement) == []
    agreement = commands.open_negotiation(agreement=agreement, by=make.clerk(), at=AT)
    assert turns(agreement) == [("negotiate", TIANAN)]
    said = comment(agreement, make.secretary())
    assert turns(agreement) == [("answer", STREET), ("negotiate", TIANAN)]
    commands.answer(comment=said, text="好", by=make.clerk(), at=AT)
    assert turns(agreement) == [("negotiate", TIANAN)]
    commands.settle(comment=said, by=make.secretary(), at=AT)
    commands.agree(agreement=agreement, by=make.secretary(), at=AT)
    assert turns(agreement) == [("answer", STREET)]
    agreement = commands.agree(agreement=agreement, by=make.clerk(), at=AT)
    assert turns(agreement) == [("sign", TIANAN)]
    agreement = commands.sign(agreement=agreement, by=make.secretary(), at=AT)
    assert turns(agreement) == [("sign", STREET)]
    agreement = commands.sign(agreement=agreement, by=make.clerk(), at=AT)
    assert turns(agreement) == []


def test_others_have_no_say():
    agreement = make.negotiated()
    before = make.everything(agreement)
    for by in (make.secretary(FUDU), make.clerk("320411003"), make.office()):
        with pytest.raises(Refused, match="two parties"):
            comment(agreement, by)
        with pytest.raises(Refused, match="two parties"):
            commands.agree(agreement=agreement, by=by, at=AT)
        with pytest.raises(Refused, match="clerk of the sub-district"):
            commands.withdraw(agreement=agreement, by=by, at=AT)
    with pytest.raises(Refused, match="secretary of the community"):
        commands.agree(agreement=agreement, by=make.worker(), at=AT)
    comment(agreement, make.worker())
    agreement.comments.all().delete()
    assert make.everything(agreement) == before


def test_the_other_side_is_told_and_nothing_that_was_said_is_in_the_journal():
    clerk, secretary = make.clerk(), make.secretary()
    agreement = make.negotiated()
    comment(agreement, secretary, "王大妈的意见")
    following.catch_up("agreements.notices")
    told = Notice.objects.order_by("id").values_list("account_id", "text")
    assert list(told) == [
        (secretary.account_id, "agreements.opened"), (clerk.account_id, "agreements.commented"),
    ]  # fmt: skip
    entries = journal.about(label(agreement))
    assert not [each for each in entries if "王大妈" in str(each.data)]
