"""When two entries may become one, and when that can be taken back."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions

from ..models import Batch, LinkJob, LinkPair, Merge, NotSame, Person, Transfer
from ..queries import presence
from .persons import FULL, keeps_residents, sight

S = LinkPair.State
NEXT = {
    S.OPEN: {S.SAME, S.NOT_SAME, S.LATER, S.GONE},
    S.LATER: {S.SAME, S.NOT_SAME, S.OPEN, S.GONE},
    S.SAME: {S.OPEN},  # and whatever else it was before
    S.NOT_SAME: {S.OPEN, S.SAME},
    S.GONE: set(),  # only with the merge that settled it
}
KEPT, OTHER = "kept", "other"


def check_may_link(by: Actor, place: str) -> None:
    if by != SYSTEM and not (keeps_residents(by) and by.covers(place)):
        raise Refused(_("Only the community itself compares the entries of its residents."))


def check_start(by: Actor, place: str, running: LinkJob | None) -> None:
    check_may_link(by, place)
    if running:
        raise Refused(_("A comparison is under way here; wait for it to finish."))


def check_pair(by: Actor, pair: LinkPair, to: str) -> None:
    check_may_link(by, pair.place)
    if to not in NEXT[S(pair.state)]:
        raise Refused(_("Somebody decided this meanwhile; reload the page."))


def check_merge(by: Actor, kept: Person, other: Person) -> None:
    if kept.pk == other.pk:
        raise Refused(_("This is one entry, not two."))
    check_unmerged(kept, other)
    check_sees_both(by, kept, other)
    if kept.identity and other.identity and kept.identity != other.identity:
        raise Refused(
            _("Their identity numbers differ. If it is one person, correct the wrong number first.")
        )
    asked = Transfer.objects.filter(person__in=[kept, other], state=Transfer.State.ASKED)
    if asked.exists():
        raise Refused(_("A transfer of one of them is under way; let it be answered first."))


def check_sees_both(by: Actor, *persons: Person) -> None:
    """Whoever merges has both in front of them; others ask for a transfer first."""
    if by == SYSTEM:
        return
    for person in persons:
        seen = sight(by, person)
        if not seen:
            raise Refused(_("One of them is not in the registry of your community."))
        if seen != FULL:
            where = divisions.name(presence.living_community(person.pk))
            raise Refused(
                _("One of them lives in %(place)s by the registry; ask it for a transfer first.")
                % {"place": where}
            )


def check_choices(choices: Mapping[str, str], possible: Iterable[str]) -> None:
    """Each choice names something that can be chosen, and one of the two entries."""
    if set(choices) - set(possible) or set(choices.values()) - {KEPT, OTHER}:
        raise Refused(_("Choose one of the two values."))


def check_undo(by: Actor, merge: Merge, kept: Person, later: bool) -> None:
    if merge.undone_at:
        raise Refused(_("This merge was undone already."))
    if kept.merged_into_id or later:
        raise Refused(_("A later merge of this person has to be undone first."))
    check_sees_both(by, kept)
    if merge.sealed is None:
        raise Refused(_("What the entry held was deleted since; the merge cannot be undone."))


def check_unchanged(changed: Sequence[str]) -> None:
    if changed:
        raise Refused(
            _("This was changed since the merge, so it cannot be undone: %(list)s.")
            % {"list": _(", ").join(dict.fromkeys(changed))}
        )


def check_opens(key: bytes | None) -> None:
    if key is None:
        raise Refused(_("What the entry held was deleted since; the merge cannot be undone."))


def check_batch(batch: Batch | None, place: str) -> None:
    if batch and (batch.state != Batch.State.OPENED or not batch.place.startswith(place[:12])):
        raise Refused(_("Only an import that was taken over here can be compared."))


def check_unfinished(job: LinkJob) -> None:
    if job.state not in (LinkJob.State.WAITING, LinkJob.State.RUNNING):
        raise Refused(_("This comparison is over; start another one."))


def check_two(by: Actor, persons: Sequence[Person]) -> None:
    """`persons` as they are now: one where both are one entry."""
    if len(persons) < 2:
        raise Refused(_("This is one entry, not two."))
    check_unmerged(*persons)
    check_sees_both(by, *persons)


def check_unmerged(*persons: Person) -> None:
    if any(person.merged_into_id for person in persons):
        raise Refused(_("One of them was merged with another entry meanwhile; reload the page."))


def check_reopen(
    by: Actor, merged: Merge | None, said: Sequence[NotSame], pairs: Sequence[LinkPair]
) -> None:
    """A merge has its own rules; of the rest, something must have been decided in this place."""
    if merged:
        return
    for each in said:
        check_may_link(by, each.place)
    decided = [pair for pair in pairs if S.OPEN in NEXT[S(pair.state)] and pair.state != S.SAME]
    if not said and not decided:
        raise Refused(_("There is nothing to undo here; reload the page."))
    for pair in decided:
        check_may_link(by, pair.place)
