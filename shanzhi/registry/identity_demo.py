"""The demonstration's identity service: speaks the protocol of identity.py with real signatures.

Its key follows from the secret of the installation, so that all its processes have the same one.
It is served only where SHANZHI_DEMO is on.
"""

import base64
import hmac
import json
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from shanzhi.kernel import Refused

from . import identity

CLIENT, ISSUER = "shanzhi-demo", "identity.example"
LATE = timedelta(minutes=5)


def _derived(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), purpose.encode(), "sha256")


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived("demonstration identity key"))


def service(address: str) -> identity.Service:
    public = (
        _private()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    secret = _derived("demonstration identity secret").hex()
    return identity.Service(address, ISSUER, CLIENT, secret, public.decode())


def check_request(params: dict[str, str], at: datetime) -> None:
    """What the real service would check of us before it asks for face and card."""
    secret = service("").secret
    signed = {name: value for name, value in params.items() if name != "sign"}
    if not hmac.compare_digest(identity.sign(secret, signed), params.get("sign", "")):
        raise Refused(identity.NOT_GENUINE)
    stamp = params.get("timestamp", "")
    if not stamp.isdecimal() or abs(at.timestamp() - int(stamp)) > LATE.total_seconds():
        raise Refused(identity.NOT_GENUINE)


def token(params: dict[str, str], name: str, number: str, at: datetime) -> str:
    """The signed answer: who is behind the browser that brought this request."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER, "aud": params["client_id"], "iat": issued, "exp": issued + 300,
        "nonce": params["nonce"], "jti": secrets.token_hex(16), "name": name, "id_number": number,
    }  # fmt: skip
    text = f"{_part({'alg': 'EdDSA', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{text}.{_text(_private().sign(text.encode()))}"


def _part(value):
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


PEOPLE = (  # whom one can be here: number and name
    ("320499194503150016", "张演示"),
    ("320499199002030027", "李演示"),
)


def back(params: dict[str, str], name: str | None, number: str, at: datetime) -> str:
    """The address the browser goes back to; without a name the person has said no."""
    found = {"token": token(params, name, number, at)} if name else {"error": "access_denied"}
    return f"{params['redirect_uri']}?{urlencode({'state': params['state']} | found)}"
