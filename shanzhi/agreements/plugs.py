"""What agreements put into the plugs of the areas below."""

from django.utils.translation import gettext_lazy as t

from shanzhi.burden.kinds import AGREED
from shanzhi.files import kinds as files
from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.work.kinds import DutyKind, Kpi, register_duty, register_kpi

from . import desk, moving, notices, queries
from .rules import DRIVERS, OVERSEERS, READERS

ENTRIES = [
    Entry("agreements", t("Agreements"), "writing-sign", "agreements:index", "burden", order=25,
          roles=READERS),
    Entry("payments", t("Payments of agreements"), "coin", "agreements:payments", "burden",
          order=26, roles=DRIVERS | OVERSEERS),
    Entry("support", t("What communities say"), "message-star", "agreements:departments", "burden",
          order=27, roles=frozenset({"department_clerk"})),
]  # fmt: skip
DUTIES = [
    DutyKind("agreements.negotiate", t("Agreement to be negotiated"), t("Read"), "orange"),
    DutyKind("agreements.answer", t("Agreement to be answered"), t("Answer"), "blue"),
    DutyKind("agreements.sign", t("Agreement to be signed"), t("Sign"), "teal"),
    DutyKind("agreements.pay", t("Payment overdue"), t("Enter a payment"), "orange"),
    DutyKind("agreements.carry_on", t("Successor to be named"), t("Name it"), "orange"),
    DutyKind("agreements.evaluate", t("Year to be evaluated"), t("Evaluate"), "teal"),
]


def register() -> None:
    files.register(files.Owner("agreements.Agreement", _may_read))
    for kind in DUTIES:
        register_duty(kind)
    register_kpi(Kpi("agreements.arrears", t("Payments of agreements overdue"), desk.arrears))
    register_follower(Follower("agreements.notices", notices.tell, from_now=True))
    register_follower(Follower("agreements.moves", moving.follow, from_now=True))
    notices.register()
    AGREED.append(queries.promised)
    for entry in ENTRIES:
        navigation.register(entry)


def _may_read(pk, actor) -> bool:
    return queries.visible_to(actor).filter(pk=pk).exists()
