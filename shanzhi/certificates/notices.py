"""What who asked on the phone, and the community, are told in the inbox; made from the journal."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people import queries as people
from shanzhi.people.kinds import register_notices
from shanzhi.people.notices import NewNotice, tell_of

from . import seals
from .models import Application
from .queries import WORKERS

t = gettext_lazy
TEXTS = {
    "certificates.applied": (
        t("Certificate asked for"), t("A resident asks for “%(title)s” on the phone."),
    ),
    "certificates.completed": (
        t("Certificate completed"), t("What was missing for “%(title)s” is there now."),
    ),
    "certificates.taken": (
        t("Certificate taken up"),
        t("“%(title)s” was checked against the registry; the community secretary seals it."),
    ),
    "certificates.incomplete": (
        t("Something is missing"), t("“%(title)s”: see what your community asks for."),
    ),
    "certificates.declined": (
        t("Certificate not issued"), t("“%(title)s” is not issued. See the reason."),
    ),
    "certificates.request_refused": (
        t("Certificate not issued"), t("“%(title)s” is not issued. See the reason."),
    ),
    "certificates.revoked": (
        t("Certificate revoked"), t("“%(title)s” no longer holds. See the reason."),
    ),
    "certificates.ready": (
        t("Certificate is ready"), t("“%(title)s” is sealed: download it here."),
    ),
    "certificates.ready_to_collect": (
        t("Certificate is ready"), t("“%(title)s” is sealed: collect it at your community."),
    ),
}  # fmt: skip
TO_COMMUNITY = frozenset({"certificates.applied", "certificates.completed"})
OF_APPLICATION = TO_COMMUNITY | {
    "certificates.taken", "certificates.incomplete", "certificates.declined",
}  # fmt: skip
OF_CERTIFICATE = frozenset(
    {"certificates.sealed", "certificates.request_refused", "certificates.revoked"}
)


def register() -> None:
    register_notices(TEXTS)


def tell(entries: list[EntryRow]) -> None:
    """The follower: the account that asked, or those who hold the community's desk."""
    tell_of(entries, OF_APPLICATION, _rows().in_bulk, _of_application)
    tell_of(entries, OF_CERTIFICATE, _by_certificate, _to_asker)


def _rows():
    return Application.objects.select_related("entry").filter(account__isnull=False)


def _by_certificate(keys):
    return {each.certificate_id: each for each in _rows().filter(certificate__in=keys)}


def _of_application(entry, application):
    if entry.verb not in TO_COMMUNITY:
        yield from _to_asker(entry, application)
        return
    link = reverse("certificates:application", args=[application.pk])
    for account in people.holders(application.place, "", WORKERS, localdate(entry.at)):
        if account != application.account:
            yield _new(entry, application, account, entry.verb, link)


def _to_asker(entry, application):
    text = entry.verb
    if text == "certificates.sealed":
        text = "certificates.ready" + ("" if seals.is_electronic() else "_to_collect")
    yield _new(entry, application, application.account, text,
               reverse("certificates:own", args=[application.pk]))  # fmt: skip


def _new(entry, application, account, text, link):
    return NewNotice(
        account_id=account, text=text, entry=entry.id, at=entry.at,
        values={"title": application.entry.name}, link=link,
    )  # fmt: skip
