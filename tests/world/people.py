"""What accounts have: a notice, a contact card, keys of both kinds; and where they live."""

import json
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2 import webauthn
from fido2.cose import ES256
from fido2.utils import websafe_encode

from shanzhi.journal.queries import about
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands
from shanzhi.people.models import Card, Notice
from shanzhi.people.notices import NewNotice, send
from shanzhi.people.tests import factories as makes
from shanzhi.places import commands as places
from shanzhi.places.models import Estate
from shanzhi.shell.demo.people import COMMUNITY, GRID

SECURED, SECRET = "an.quan", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AREA = [[119.94, 31.83], [119.95, 31.83], [119.95, 31.84], [119.94, 31.84], [119.94, 31.83]]


def furnish(world, at):
    session = UserSession.objects.order_by("pk").first()
    return {
        "notice": _notice(world.resident, world.case, at),
        "card": Card.objects.filter(place__startswith=COMMUNITY).first() or _card(at),
        "key": _key(world.posts["community_worker"], world.actor("community_worker"), at),
        "estate": Estate.objects.filter(place=GRID).order_by("pk").first(),
        "session_id": session.pk if session else 1,
        "passkey": _passkey(),
    }


def draw(grid: str) -> None:
    places.set_grid(
        code=grid, name="第一网格", households=312, area={"type": "Polygon", "coordinates": [AREA]},
        by=SYSTEM, at=timezone.now(),
    )  # fmt: skip


def _notice(resident, case, at):
    values = {"title": case.title, "number": case.number, "unit": "天安社区"}
    entry = about(f"cases.Case:{case.pk}")[0].id
    send([NewNotice(resident.pk, "cases.submitted", entry, at, values)])
    return Notice.objects.get(account=resident, entry=entry)


def _card(at):
    return commands.set_card(
        place=COMMUNITY, kind="secretary", name="王书记", phone="0519-88000001", by=SYSTEM, at=at
    )


def _key(post, by, at):
    key, _secret = commands.issue_key(
        post=post, name="测试程序", place=COMMUNITY, items=[], may_write=False,
        valid_to=timezone.localdate(at) + timedelta(days=30), by=by, at=at,
    )  # fmt: skip
    return key


def _passkey():
    """Of someone with a password and an authenticator, for the pages of their own security."""
    account = makes.post("community_worker", COMMUNITY, account=makes.staff(SECURED)).account
    TOTP.activate(account, SECRET)
    data = {"name": "钥匙", "credential": _credential(), "passwordless": True}
    return Authenticator.objects.create(user=account, type="webauthn", data=data)


def _credential() -> dict:
    """What a passkey's device answers when it is made."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = webauthn.AttestedCredentialData.create(webauthn.Aaguid.NONE, b"passkey", public)
    flags = webauthn.AuthenticatorData.FLAG.UP | webauthn.AuthenticatorData.FLAG.AT
    data = webauthn.AuthenticatorData.create(bytes(32), flags, 0, made)
    client = {"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}
    return {
        "id": websafe_encode(b"passkey"), "rawId": websafe_encode(b"passkey"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(
                bytes(webauthn.AttestationObject.create("none", data, {}))
            ),
        },
    }  # fmt: skip
