"""Personal values at rest: sealed for reading by key holders, hashed for finding by equality.

A sealed value is `version (1) | key id (4) | nonce (12) | AES-256-GCM ciphertext and tag`, all
bytes. The key id is the start of the key's SHA-256, so a value tells which key opens it and keys
can be rotated (SHANZHI_KEYS: the first encrypts, all decrypt). A city that needs SM4 names its own
`Cipher` in SHANZHI_CIPHER. The hash is HMAC-SHA-256 under a key derived from the last, that is
oldest, entry of SHANZHI_KEYS: it must not change when an encryption key is added in front.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.module_loading import import_string

VERSION = b"\x01"


@dataclass(frozen=True)
class Cipher:
    """Authenticated encryption: `encrypt(key, nonce, plain, context)` and back, all bytes.

    `decrypt` raises InvalidTag or ValueError where the sealed bytes are not what was encrypted.
    """

    name: str
    encrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes, bytes], bytes]


_aead = lru_cache(8)(AESGCM)  # its making costs twice what sealing a phone does
aes_gcm = Cipher(
    name="AES-256-GCM",
    encrypt=lambda key, nonce, plain, context: _aead(key).encrypt(nonce, plain, context),
    decrypt=lambda key, nonce, sealed, context: _aead(key).decrypt(nonce, sealed, context),
)


class CannotOpen(Exception):  # noqa: N818
    """The value was sealed under a key this server does not have, or was altered."""


@cache
def _keys():
    keys = [base64.b64decode(text) for text in settings.SHANZHI_KEYS]
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError("SHANZHI_KEYS must hold at least one key of 32 bytes in base64")
    return {hashlib.sha256(key).digest()[:4]: key for key in keys}


@cache
def _cipher():
    return import_string(settings.SHANZHI_CIPHER)


@cache
def _hash_key():
    oldest = list(_keys().values())[-1]
    return hmac.digest(oldest, b"shanzhi equality search", "sha256")


def seal(plain: bytes, *, context: str = "") -> bytes:
    """Encrypt under the first key. `context` binds the value to its place and must match later."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return VERSION + key_id + nonce + _cipher().encrypt(key, nonce, plain, context.encode())


def unseal(sealed: bytes, *, context: str = "") -> bytes:
    """Decrypt; raises CannotOpen where the key is missing or the value was altered."""
    sealed = bytes(sealed)
    key = _keys().get(sealed[1:5])
    if sealed[:1] != VERSION or key is None:
        raise CannotOpen("sealed under a key that is not in SHANZHI_KEYS")
    try:
        return _cipher().decrypt(key, sealed[5:17], sealed[17:], context.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("altered, or sealed for another place") from None


def seal_under(key: bytes, plain: bytes, *, context: str) -> bytes:
    """Encrypt under a key of one's own, such as a person's, which is kept sealed itself."""
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(key, nonce, plain, context.encode())


def unseal_under(key: bytes, sealed: bytes, *, context: str) -> bytes:
    sealed = bytes(sealed)
    try:
        return _cipher().decrypt(key, sealed[:12], sealed[12:], context.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("altered, or sealed under another key") from None


def keyed_hash(text: str, *, kind: str) -> bytes:
    """32 bytes by which equal texts of one `kind` ("phone", "identity") find each other."""
    return hmac.digest(_hash_key(), f"{kind}:{text}".encode(), "sha256")
