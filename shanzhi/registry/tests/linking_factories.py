"""Two entries of one invented person, and everything that can hang on one."""

import base64
from datetime import date
from typing import Any

from django.apps import apps

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, versions
from shanzhi.registry.models import (
    BankAccount,
    Binding,
    ChangeRequest,
    Consent,
    Person,
    PersonKey,
    Purpose,
    Tag,
    Version,
)

from . import factories
from .factories import MONDAY, TODAY

# what a decision adds, or the database keeps up by itself
NOT_COMPARED = {"registry.Merge", "registry.Turn", "registry.Headcount", "registry.ReadEntry"}


def listed(name: str = "王伟", **values: Any) -> Person:
    """As a list without numbers brings somebody."""
    return factories.person(name, **({"identity": None, "phone": None} | values))


def bank(person: Person, number: str, name: str = "江南农商银行") -> BankAccount:
    commands.change(
        section="bank", person=person, values={"bank": name, "number": number}, effective=None,
        source=factories.source(), by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    return BankAccount.objects.get(person=person)


def tag(person: Person, kind: str = "left_behind") -> Tag:
    return Tag.objects.create(
        person=person, kind=kind, place=factories.TIANAN, since=date(2025, 1, 1),
        review_on=date(2027, 1, 1), set_at=MONDAY,
    )  # fmt: skip


def binding(person: Person, account: Any, relation: str = "self") -> Binding:
    return Binding.objects.create(
        account=account, person=person, level=2, relation=relation, phone_hash=b"p" * 32,
        proved_at=MONDAY, since=TODAY, until=date(2029, 1, 1),
    )  # fmt: skip


def asked(person: Person, element: str = "person.education") -> ChangeRequest:
    return ChangeRequest.objects.create(
        person=person, element=element, wanted="20", reason="如证件", place=factories.TIANAN,
        asked_at=MONDAY,
    )  # fmt: skip


def consent(person: Person) -> Consent:
    purpose, _new = Purpose.objects.get_or_create(
        code="sms", defaults={"title": "短信", "text": ""}
    )
    return Consent.objects.create(
        person_id=person.pk, purpose=purpose, text="", account=1, through="phone", given_at=MONDAY
    )


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the registry with what is sealed in them, opened; but for what a merge leaves."""
    found = {}
    for model in apps.get_app_config("registry").get_models():
        if model._meta.label not in NOT_COMPARED:
            rows = model._default_manager.order_by("pk")
            found[model._meta.label] = [_plain(row) for row in rows]
    return found


def _plain(row):
    values = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    if isinstance(row, PersonKey):
        values["wrapped"] = versions.open_key(row.pk)
    return {name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in values.items()}  # fmt: skip


def history(person_id: int) -> list[Any]:
    """What versions say of a person: readable as long as the key is there."""
    key = versions.open_key(person_id)
    return [
        crypto.unseal_under(key, row.sealed, context=f"{person_id}:{row.section}") if key else None
        for row in Version.objects.filter(person_id=person_id).order_by("pk")
    ]


def text(value: bytes) -> str:
    return base64.b64encode(value).decode()
