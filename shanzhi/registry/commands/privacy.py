"""The registers of the privacy law, written: notices, consents, assessments, incidents."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.duties import Limit

from .. import queries, rules
from ..models import (
    Assessment,
    Consent,
    Incident,
    IncidentStep,
    Person,
    PrivacyNotice,
    Purpose,
)
from ..rules import privacy as needs
from .rights import person_label, person_place
from .rights_own import erase

INCIDENT = "registry.incident"  # the kind of duty


@transaction.atomic
def publish_notice(
    *, title: str, text: str, changes: str, in_force_from: date, by: Actor, at: datetime
) -> PrivacyNotice:
    """A version is never altered: what residents were told stays readable."""
    needs.check_keeper(by, needs.ANSWERS_FOR_ALL)
    rows = PrivacyNotice.objects.select_for_update().order_by("-version")
    last = rows.first()
    needs.check_in_force(in_force_from, last.in_force_from if last else None, localdate(at))

    notice = PrivacyNotice.objects.create(
        version=last.version + 1 if last else 1, title=needs.check_text(title, "title"),
        text=needs.check_text(text, "text", 20), changes=changes.strip(),
        in_force_from=in_force_from, published_at=at, published_by=by.account_id,
    )  # fmt: skip
    record("registry.notice_published", about=label(notice), by=by, at=at,
           place=settings.SHANZHI_CITY, version=notice.version)  # fmt: skip
    return notice


@transaction.atomic
def set_purpose(
    *,
    code: str,
    title: str,
    text: str,
    elements: Sequence[str],
    open: bool = True,
    by: Actor,
    at: datetime,
) -> Purpose:
    """Something that needs consent; what was agreed to before keeps its own words."""
    needs.check_keeper(by)
    purpose = Purpose.objects.select_for_update().filter(pk=code).first()
    if purpose and by.department and purpose.department != by.department:
        raise Refused(_("Another department keeps this purpose."))
    purpose = purpose or Purpose(code=code, department=by.department)
    purpose.title, purpose.text = needs.check_text(title, "title"), needs.check_text(text, "text")
    purpose.elements, purpose.open = needs.check_elements(elements), open
    purpose.save()
    record("registry.purpose_set", about=f"registry.Purpose:{code}", by=by, at=at,
           place=by.place or settings.SHANZHI_CITY, open=open)  # fmt: skip
    return purpose


@transaction.atomic
def give_consent(*, person: Person, purpose: Purpose, by: Actor, at: datetime) -> Consent:
    person = Person.objects.select_for_update().get(pk=person.pk)
    binding = queries.binding_for(by.account_id, person.pk, on=localdate(at))
    needs.check_consent(binding, purpose)
    if given := _given(person, purpose):
        return given

    consent = Consent.objects.create(
        person_id=person.pk, purpose=purpose, text=purpose.text, relation=binding.relation,
        account=by.account_id, through=Consent.Through.PHONE, given_at=at,
    )  # fmt: skip
    record("registry.consent_given", about=person_label(person), by=by, at=at,
           place=person_place(person), purpose=purpose.pk, relation=binding.relation)  # fmt: skip
    return consent


def _given(person, purpose):
    return Consent.objects.filter(person_id=person.pk, purpose=purpose, withdrawn_at=None).first()


@transaction.atomic
def withdraw_consent(*, person: Person, purpose: Purpose, by: Actor, at: datetime) -> None:
    """As easy as giving it (article 15); what rested on it alone is deleted (article 47)."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    rules.check_erase(queries.binding_for(by.account_id, person.pk, on=localdate(at)))
    consent = _given(person, purpose)
    if consent is None:
        raise Refused(_("There is no consent to withdraw."))

    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    gone = _resting_on(person, purpose)
    erase(person, gone, at)
    record("registry.consent_withdrawn", about=person_label(person), by=by, at=at,
           place=person_place(person), purpose=purpose.pk, deleted=gone)  # fmt: skip


def _resting_on(person, purpose):
    """Elements of this purpose that no law and no other consent needs, where they are filled."""
    others = {
        code
        for each in queries.consents(person.pk)
        if each.given and each.purpose.pk != purpose.pk
        for code in each.purpose.elements
    }
    return [
        held.entry.code
        for held in queries.all_values(person)
        if held.entry.code in set(purpose.elements) - others and not rules.keeps(held.entry)
    ]


@transaction.atomic
def keep_assessment(
    *,
    title: str,
    purpose: str,
    effects: str,
    measures: str,
    elements: Sequence[str],
    risk: str,
    made_on: date,
    by: Actor,
    at: datetime,
) -> Assessment:
    needs.check_keeper(by)
    if made_on > localdate(at):
        raise Refused(_("This date lies in the future."), field="made_on")
    if risk not in Assessment.Risk.values:
        raise Refused(_("Choose how great the risk is."), field="risk")

    assessment = Assessment.objects.create(
        title=needs.check_text(title, "title"), purpose=needs.check_text(purpose, "purpose"),
        effects=needs.check_text(effects, "effects"),
        measures=needs.check_text(measures, "measures"),
        elements=needs.check_elements(elements), risk=risk,
        place=by.place or settings.SHANZHI_CITY, department=by.department, made_on=made_on,
        kept_until=queries.years_after(made_on, needs.ASSESSMENT_YEARS),
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    record("registry.assessment_kept", about=label(assessment), by=by, at=at,
           place=assessment.place, risk=risk)  # fmt: skip
    return assessment


# --- incidents ------------------------------------------------------------------------------------


@transaction.atomic
def open_incident(
    *,
    title: str,
    what: str,
    harm: str,
    advice: str,
    elements: Sequence[str],
    persons: Sequence[int],
    found_at: datetime,
    by: Actor,
    at: datetime,
) -> Incident:
    """Found. The clock to containing it begins with the finding."""
    needs.check_keeper(by, needs.ANSWERS_FOR_ALL)
    needs.check_found(found_at, at)

    incident = Incident.objects.create(
        title=needs.check_text(title, "title"), what=needs.check_text(what, "what"),
        harm=needs.check_text(harm, "harm"), advice=needs.check_text(advice, "advice"),
        elements=needs.check_elements(elements), persons=sorted(set(persons)),
        place=by.place or settings.SHANZHI_CITY, found_at=found_at, recorded_at=at,
        recorded_by=by.account_id,
    )  # fmt: skip
    IncidentStep.objects.create(
        incident=incident, state=Incident.State.FOUND, words=incident.what, at=found_at,
        by=by.account_id,
    )  # fmt: skip
    _next_duty(incident, found_at)
    record("registry.incident_found", about=label(incident), by=by, at=at,
           place=incident.place, persons=len(incident.persons))  # fmt: skip
    return incident


def _next_duty(incident, at):
    state = needs.NEXT.get(Incident.State(incident.state))
    if state is None:
        return
    amount, unit = needs.LIMITS[state]
    with translation.override(settings.LANGUAGE_CODE):
        duties.open_duty(
            kind=INCIDENT, about=label(incident),
            title=_("Incident: %(title)s") % {"title": incident.title},
            detail=_("Next: %(step)s") % {"step": state.label},
            link=f"/desk/registry/privacy/incidents/{incident.pk}/", place=incident.place, at=at,
            limits=[Limit("promised", amount, unit)],
        )  # fmt: skip


@transaction.atomic
def step_incident(
    *, incident: Incident, state: str, words: str, by: Actor, at: datetime
) -> Incident:
    """One step further; with "told" those affected get a notice on their phones."""
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    needs.check_step(incident, state, by)
    words = needs.check_text(words, "words")

    incident.state = state
    incident.save(update_fields=["state"])
    IncidentStep.objects.create(
        incident=incident, state=state, words=words, at=at, by=by.account_id
    )
    duties.close_duties(about=label(incident), at=at, outcome=str(state))
    _next_duty(incident, at)
    record(f"registry.incident_{state}", about=label(incident), by=by, at=at,
           place=incident.place, state=str(state))  # fmt: skip
    return incident
