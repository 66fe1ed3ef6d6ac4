"""Rights in the plugs of the areas below: duties, files, notices, navigation, the phone's watch."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy

from shanzhi.files import kinds as files
from shanzhi.journal.kinds import EntryRow, Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.kernel.navigation import Entry
from shanzhi.people import kinds as people
from shanzhi.people.notices import NewNotice, send
from shanzhi.registry import commands, fence, identity, identity_demo, kinds, queries
from shanzhi.registry.models import BindingRequest, ChangeRequest, Incident, Relation
from shanzhi.registry.rules import CHECKERS, DECIDERS
from shanzhi.registry.rules.privacy import KEEPERS
from shanzhi.work.kinds import DutyKind, register_duty

t = gettext_lazy


def register() -> None:
    fence.set_persons_of(queries.bound_ids)
    people.register_phone_watch(people.PhoneWatch("registry.bindings", _phone_lost))
    people.register_sign_in_note(
        people.SignInNote("privacy", t("How we handle personal information"), "registry:privacy")
    )
    people.register_own_page(
        people.OwnPage(
            "registry", t("My data"),
            t("What is known of you, where it comes from, and who has read it."),
            "registry:my_data", "id",
        )
    )  # fmt: skip
    files.register(files.Owner("registry.ChangeRequest", _may_read_change))
    files.register(files.Owner("registry.BindingRequest", _may_read_binding))
    register_duty(DutyKind("registry.correction", t("To correct"), t("Check"), "orange"))
    register_duty(DutyKind("registry.binding", t("To check"), t("Check"), "blue"))
    register_duty(DutyKind("registry.incident", t("Data incident"), t("Handle"), "orange"))
    people.register_notices(TEXTS)
    register_follower(Follower("registry.rights", tell, from_now=True))
    if settings.SHANZHI_DEMO:
        identity.register(
            identity.adapter(
                "demo", t("Identity service (demonstration)"),
                lambda: identity_demo.service("/demo/identity/"),
            )
        )  # fmt: skip
    for entry in ENTRIES:
        navigation.register(entry)


ENTRIES = [
    Entry("corrections", t("Corrections"), "edit", "registry:corrections", "services", order=60,
          roles=DECIDERS),
    Entry("bindings", t("Accounts and persons"), "user-check", "registry:bindings", "services",
          order=61, roles=CHECKERS),
    Entry("privacy", t("Personal information"), "shield-lock", "registry:privacy_desk",
          "administration", order=70, roles=KEEPERS),
]  # fmt: skip


def _phone_lost(account_id: int, at: datetime) -> None:
    commands.end_bindings_of(account_id=account_id, by=SYSTEM, at=at)


def _may_read_change(pk: int | str, actor: Actor) -> bool:
    """Who asked, and the unit that decides. The evidence shows no more than the request does."""
    with fence.within(actor):
        request = ChangeRequest.objects.filter(pk=pk).first()
    if request is None:
        return False
    if actor.is_staff:
        return queries.is_of_unit(request, actor)
    return request.asked_by == actor.account_id


def _may_read_binding(pk: int | str, actor: Actor) -> bool:
    try:
        request = BindingRequest.objects.filter(pk=UUID(str(pk))).first()
    except ValueError:
        return False
    if request is None:
        return False
    if actor.is_staff:
        return actor.role in CHECKERS and actor.covers(request.place)
    return request.account_id == actor.account_id


# --- notices --------------------------------------------------------------------------------------

TEXTS = {
    "registry.bound": (
        t("Identity confirmed"),
        t("This account can now see the data it was bound to, and forms fill themselves."),
    ),
    "registry.binding_ended": (
        t("Binding ended"),
        t("This account is no longer bound to a person. Bind it again at your community."),
    ),
    "registry.binding_refused": (
        t("Identity not confirmed"), t("What you sent was not enough. See the reason."),
    ),
    "registry.correction_accepted": (
        t("Corrected"), t("“%(element)s” was corrected as you said."),
    ),
    "registry.correction_refused": (
        t("Not corrected"), t("“%(element)s” stays as it is. See the reason."),
    ),
    "registry.incident_told": (
        t("Your data were affected"), t("%(title)s. %(advice)s"),
    ),
}  # fmt: skip


def tell(entries: list[EntryRow]) -> None:
    """The notices follower: to the account a line is about, or to all that an incident touches."""
    send([notice for entry in entries for notice in _notices(entry)])


def _notices(entry: EntryRow) -> list[NewNotice]:
    if entry.verb == "registry.incident_told":
        return _of_incident(entry)
    if entry.verb == "registry.binding_decided":
        refused = not entry.data["accepted"]
        return [_new(entry, entry.data["account"], "registry.binding_refused")] if refused else []
    if entry.verb == ENDS:
        text = f"{ENDS}_{'grown' if entry.data['grown'] else entry.data['relation']}"
        return [_new(entry, entry.data["account"], text, {"day": entry.data["day"]})]
    if entry.verb not in TEXTS or not entry.data.get("account"):
        return []
    values = {}
    if code := entry.data.get("element"):
        found = kinds.entry(code)
        values = {"element": str(found.element.title) if found else code}
    text = ENDED.get(entry.data.get("reason", ""), entry.verb)
    told = [_new(entry, entry.data["account"], text, values)]
    if entry.verb == "registry.bound":
        told += _others(entry, entry.data["account"], entry.data["relation"])
    return told


def _others(entry, account, relation):
    """Whoever gets a proxy hears of it; of a guardian the child and the guardians it has."""
    if relation not in NAMED:
        return []
    text, hearing = NAMED[relation]
    bound = queries.speakers(int(entry.about.partition(":")[2]), account)
    told = {each.account_id for each in bound if each.relation in hearing}
    return [_new(entry, each, text) for each in sorted(told)]


TEXTS |= {
    "registry.proxy_named": (
        t("A proxy was named"),
        t("Someone may now act for you with your data. You can end it at any time."),
    ),
    "registry.guardian_named": (
        t("A guardian was bound"),
        t("One more account may act as guardian, for you or for a child you are the guardian of. "
          "If you know nothing of it, tell your community."),
    ),
    "registry.binding_resumed": (
        t("Binding goes on"),
        t("The entry of a death was taken back: this account is bound as it was before."),
    ),
    "registry.binding_of_age": (
        t("The child has come of age"),
        t("Your binding as guardian has ended. They see their data themselves now, "
          "or name a proxy at the counter."),
    ),
    "registry.binding_over": (
        t("A binding is over"),
        t("Its time is over: this account no longer sees the data. To go on, bind it again, at the "
          "counter of the community or with photos of papers."),
    ),
    "registry.binding_died": (
        t("Binding ended"),
        t("By the registry a person has died, and the binding ended with it. Close relatives may "
          "ask the community to see the data. If the entry is wrong, tell the community."),
    ),
}  # fmt: skip
ENDED = {  # by its reason
    "age": "registry.binding_of_age",
    "died": "registry.binding_died",
    "over": "registry.binding_over",
}
ENDS = "registry.binding_ends_soon"  # by what the account is to the person
TEXTS |= {
    f"{ENDS}_self": (
        t("The proof of your identity ends soon"),
        t("It holds until %(day)s. To go on seeing your data and having forms filled, prove it "
          "again before: with your identity card at the counter of your community, or with photos "
          "of it."),
    ),
    f"{ENDS}_guardian": (
        t("A guardian's binding ends soon"),
        t("It holds until %(day)s. To go on acting for the child, prove again before that you are "
          "the guardian: with identity card and household register at the counter of the child's "
          "community, or with photos of them."),
    ),
    f"{ENDS}_grown": (
        t("The child comes of age"),
        t("On %(day)s the child turns 18, and your binding as guardian ends by itself. From then "
          "on they see their data with a phone of their own; if you are to go on helping, they "
          "name you as a proxy at the counter."),
    ),
    f"{ENDS}_proxy": (
        t("The time of a proxy ends soon"),
        t("You are named until %(day)s. To go on acting for them, have yourself named again "
          "before, together or with their written authority, at the counter of their community or "
          "with photos of the papers."),
    ),
    f"{ENDS}_relative": (
        t("Seeing the data of the dead ends soon"),
        t("You can see them until %(day)s. If you still need them then, ask at the counter of the "
          "community that entered the death."),
    ),
}  # fmt: skip
NAMED = {
    Relation.PROXY: ("registry.proxy_named", {Relation.SELF}),
    Relation.GUARDIAN: ("registry.guardian_named", {Relation.SELF, Relation.GUARDIAN}),
}
LINKS = {
    "registry.binding_ended": "/me/data/bind/",
    "registry.binding_of_age": "/me/data/bind/",
    "registry.binding_died": "/me/data/bind/",
    "registry.binding_over": "/me/data/bind/",
    f"{ENDS}_self": "/me/data/bind/",
    f"{ENDS}_guardian": "/me/data/people/",
    f"{ENDS}_grown": "/me/data/people/",
    f"{ENDS}_proxy": "/me/data/people/",
    f"{ENDS}_relative": "/me/data/people/",
    "registry.guardian_named": "/me/data/people/",
    "registry.binding_refused": "/me/data/bind/",
    "registry.correction_accepted": "/me/data/requests/",
    "registry.correction_refused": "/me/data/requests/",
    "registry.proxy_named": "/me/data/people/",
}


def _new(entry, account, text, values=None):
    return NewNotice(
        account_id=account, text=text, entry=entry.id, at=entry.at, values=values or {},
        link=LINKS.get(text, "/me/data/"),
    )  # fmt: skip


def _of_incident(entry):
    incident = Incident.objects.filter(pk=entry.about.partition(":")[2]).first()
    if incident is None:
        return []
    values = {"title": incident.title, "advice": incident.advice[:300]}
    found = queries.bound_accounts(incident.persons)
    accounts = sorted({account for each in found.values() for account in each})
    return [_new(entry, account, entry.verb, values) for account in accounts]
