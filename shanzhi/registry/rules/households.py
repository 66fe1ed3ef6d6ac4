"""Who makes up a household."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from ..codelists import HEAD, RELATION
from ..models import Household, Membership, Person
from .persons import check_alive, check_may_write, sight


def check_household(by: Actor, household: Household) -> None:
    if household.ended_on:
        raise Refused(_("This household was ended."))
    check_may_write(by, household.place)


def check_day(on: date, today: date, not_before: Iterable[date] = ()) -> None:
    if on > today:
        raise Refused(_("This date lies in the future."), field="since")
    if any(on < day for day in not_before):
        raise Refused(_("This is before the day on which the entry begins."), field="since")


def check_relation(relation: str, *, head_allowed: bool = False) -> None:
    if relation not in RELATION.entries or (relation == HEAD and not head_allowed):
        raise Refused(_("Choose the relation to the head of household."), field="relation")


def check_joins(
    by: Actor, person: Person, present: Membership | None, household: Household
) -> None:
    """A person the actor sees, alive, not a member already, and not a head whom others need."""
    check_alive(person)
    if by != SYSTEM and not sight(by, person):
        raise Refused(_("Only persons who are entered in your community can be members."))
    if present is None:
        return
    if present.household_id == household.pk:
        raise Refused(_("This person belongs to this household already."))
    check_leaves(present)


def check_leaves(member: Membership) -> None:
    if member.relation == HEAD and others(member).exists():
        raise Refused(_("This person is the head of household; choose a new head first."))


def others(member: Membership):
    rows = Membership.objects.filter(household=member.household_id, until=None)
    return rows.exclude(pk=member.pk)


def check_new_head(members: list[Membership], head: Person, relations: Mapping[int, str]) -> None:
    """Everybody else needs a relation to the new head."""
    ids = {member.person_id for member in members}
    if head.pk not in ids:
        raise Refused(_("The head must be a member of the household."), field="head")
    if any(member.person_id == head.pk and member.relation == HEAD for member in members):
        raise Refused(_("This person is the head already."), field="head")
    for pk in ids - {head.pk}:
        check_relation(relations.get(pk, ""))


def check_split(members: list[Membership], leaving: Iterable[int], head: Person) -> None:
    leaving = set(leaving)
    if not leaving <= {member.person_id for member in members}:
        raise Refused(_("Only members of the household can leave it."))
    if not leaving or len(leaving) == len(members):
        raise Refused(_("Choose who leaves; somebody must stay."))
    if head.pk not in leaving:
        raise Refused(_("The head must be a member of the household."), field="head")
    if any(member.relation == HEAD and member.person_id in leaving for member in members):
        raise Refused(_("This person is the head of household; choose a new head first."))
