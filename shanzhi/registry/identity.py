"""Identity services: who an account is, said by an authority that checked face and card.

The shape of the exchange is that of the provinces' unified identity services: the browser is sent
away with a signed request and comes back with a signed token, which is checked for signature,
issuer, audience, time and nonce, and taken once. A city registers its own IdentityAdapter where its
service words it differently.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

LEEWAY = timedelta(minutes=2)  # clocks differ
LIVES = timedelta(minutes=10)  # from the request to the way back


@dataclass(frozen=True)
class Asked:
    """What goes out with the browser: `state` names the request, `nonce` binds the token to it."""

    state: str
    nonce: str
    back: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """What came back and was found genuine; `token` names it, so that it is not taken twice."""

    state: str
    nonce: str
    token: str
    name: str
    identity: str


@dataclass(frozen=True)
class IdentityAdapter:
    """`begin` gives the address the browser goes to, `read` takes what it came back with."""

    code: str
    title: str | Promise
    begin: Callable[[Asked], str]
    read: Callable[[Mapping[str, str], datetime], Answer]


ADAPTERS: dict[str, IdentityAdapter] = {}


def register(adapter: IdentityAdapter) -> None:
    ADAPTERS[adapter.code] = adapter


# --- the usual protocol ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    """How a service is reached: our name there, the secret we sign with, the key it signs with."""

    address: str
    issuer: str
    client: str
    secret: str
    key: str  # public, PEM: RSA or Ed25519


def adapter(code: str, title: str | Promise, service: Callable[[], Service]) -> IdentityAdapter:
    return IdentityAdapter(
        code,
        title,
        begin=lambda asked: begin(service(), asked),
        read=lambda params, at: read(service(), params, at),
    )


def begin(service: Service, asked: Asked) -> str:
    params = {
        "client_id": service.client,
        "nonce": asked.nonce,
        "redirect_uri": asked.back,
        "state": asked.state,
        "timestamp": str(int(asked.at.timestamp())),
    }
    return f"{service.address}?{urlencode(params | {'sign': sign(service.secret, params)})}"


def sign(secret: str, params: Mapping[str, str]) -> str:
    """HMAC-SHA-256 over the parameters in the order of their names."""
    text = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read(service: Service, params: Mapping[str, str], at: datetime) -> Answer:
    if params.get("error"):
        raise Refused(_("The identity service did not confirm you. Nothing was changed."))
    claims = opened(params.get("token", ""), service.key)
    _check_claims(claims, service, at)
    return Answer(
        state=params.get("state", ""), nonce=str(claims["nonce"]), token=str(claims["jti"]),
        name=str(claims["name"]), identity=str(claims["id_number"]),
    )  # fmt: skip


NOT_GENUINE = _("The answer of the identity service is not genuine. Please begin again.")


def _check_claims(claims, service, at):
    wanted = {"iss", "aud", "iat", "exp", "nonce", "jti", "name", "id_number"}
    times = (claims.get("iat"), claims.get("exp"))
    if not wanted <= set(claims) or not all(isinstance(each, int) for each in times):
        raise Refused(NOT_GENUINE)
    if claims["iss"] != service.issuer or claims["aud"] != service.client:
        raise Refused(NOT_GENUINE)
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    if not claims["iat"] - leeway <= now < claims["exp"] + leeway:
        raise Refused(_("The answer of the identity service came too late. Please begin again."))


def opened(token: str, key: str) -> dict:
    """The claims of a token in the compact form of JWS. The algorithm follows from our key, never
    from what the token says of itself.
    """
    head, _dot, signature = token.rpartition(".")
    try:
        _verify(serialization.load_pem_public_key(key.encode()), _bytes(signature), head.encode())
        claims = json.loads(_bytes(head.partition(".")[2]))
    except (InvalidSignature, ValueError):
        raise Refused(NOT_GENUINE) from None
    if not isinstance(claims, dict):
        raise Refused(NOT_GENUINE)
    return claims


def _verify(key, signature, text):
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, text)
    else:
        raise ValueError("a key of RSA or Ed25519 is needed")


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
