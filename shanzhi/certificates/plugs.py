"""What certificates put into the plugs of the areas below."""

from django.utils.translation import gettext_lazy as t

from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.people.kinds import OwnPage, register_own_page
from shanzhi.registry import owning, retention
from shanzhi.registry.owning import Owned
from shanzhi.registry.retention import Rule
from shanzhi.work.kinds import DutyKind, register_duty

from . import commands, moving, notices, queries
from .models import Application, Certificate, Refusal
from .rules import REPORT_READERS

ENTRIES = [
    Entry("certificates", t("Certificates"), "rubber-stamp", "certificates:index", "burden",
          order=26),
    Entry("refusals", t("Refusals by unit"), "chart-bar", "certificates:report", "burden",
          order=28, roles=REPORT_READERS),
]  # fmt: skip


def register() -> None:
    for entry in ENTRIES:
        navigation.register(entry)
    register_duty(DutyKind("certificates.seal", t("Certificate to seal"), t("Look and seal")))
    register_duty(
        DutyKind("certificates.application", t("Certificate asked for"), t("Look at it"), "teal")
    )
    owning.register(Owned(Application, t("Certificates asked for on the phone"), column="person"))
    owning.register(Owned(Certificate, t("Seal register"), column="person"))
    retention.register(_rules)
    register_own_page(
        OwnPage("certificates", t("My certificates"), t("What you asked for, and how it stands."),
                "certificates:mine", "rubber-stamp")
    )  # fmt: skip
    notices.register()
    register_follower(Follower("certificates.moves", moving.follow, from_now=True))
    register_follower(Follower("certificates.notices", notices.tell, from_now=True))


def _rules() -> list[Rule]:
    return [
        Rule(
            "certificates", t("What certificates say of somebody"),
            t("3 years after they ran out, or until the person is forgotten"),
            lambda on: queries.due(Certificate, on).count(), commands.forget_certificates,
        ),
        Rule(
            "certificate-applications", t("Certificates asked for on the phone"),
            t("3 years, or until the person is forgotten"),
            lambda on: queries.due(Application, on).count(), commands.forget_applications,
        ),
        Rule(
            "refusals", t("Names on letters of refusal"),
            t("3 years"), lambda on: queries.due(Refusal, on).count(), commands.forget_refusals,
        ),
    ]  # fmt: skip
