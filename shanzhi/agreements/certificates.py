"""With which certificate a place signs: the city's own, or one made here for the demonstration.

SHANZHI_SEALS is a folder of PKCS#12 files named by the division: 320411002018.p12, 320411002.p12,
3204.p12. A place signs with its own, or with that of the nearest place above it.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places

from .models import DemoCertificate

DEMONSTRATION = "演示，无法律效力"
LASTS = timedelta(days=3650)


@dataclass(frozen=True)
class Holder:
    content: bytes  # PKCS#12
    passphrase: bytes | None
    demonstration: bool


def file_of(place: str) -> Path | None:
    """The city's own PKCS#12 for this place, where there is one."""
    if not settings.SHANZHI_SEALS:
        return None
    folder = Path(settings.SHANZHI_SEALS)
    found = (folder / f"{code}.p12" for code in reversed(places.above(place)))
    return next((each for each in found if each.is_file()), None)


def passphrase() -> bytes | None:
    if settings.SHANZHI_SEALS_PASSPHRASE_FILE:
        return Path(settings.SHANZHI_SEALS_PASSPHRASE_FILE).read_bytes().strip()
    return settings.SHANZHI_SEALS_PASSPHRASE.encode() or None


def unreadable() -> str:
    return _("The certificate of this unit cannot be read; tell the operator.")


def holder(place: str) -> Holder:
    if path := file_of(place):
        try:
            return Holder(path.read_bytes(), passphrase(), demonstration=False)
        except OSError:
            raise Refused(unreadable()) from None
    made = DemoCertificate.objects.get(place=place)
    return Holder(base64.b64decode(made.pkcs12), None, demonstration=True)


def fault(at: datetime) -> tuple[str, str] | None:
    """The first of the city's files that cannot sign, and why: missing, closed or expired."""
    folder = Path(settings.SHANZHI_SEALS)
    files = sorted(folder.glob("*.p12")) if folder.is_dir() else []
    if not files:
        return str(folder), "missing"
    for path in files:
        try:
            opened = pkcs12.load_pkcs12(path.read_bytes(), passphrase())
        except (OSError, ValueError):
            return path.name, "closed"
        if opened.cert is None or opened.key is None:
            return path.name, "closed"
        if opened.cert.certificate.not_valid_after_utc <= at:
            return path.name, "expired"
    return None


def trusted() -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """Those of the city, and those of the demonstration."""
    own = []
    if settings.SHANZHI_SEALS_TRUST:
        try:
            own = x509.load_pem_x509_certificates(Path(settings.SHANZHI_SEALS_TRUST).read_bytes())
        except (OSError, ValueError):
            raise Refused(
                _("The list of trusted authorities cannot be read; tell the operator.")
            ) from None
    root = DemoCertificate.objects.filter(place="").first()
    return own, [_opened(root).cert.certificate] if root else []


def _opened(made: DemoCertificate):
    return pkcs12.load_pkcs12(base64.b64decode(made.pkcs12), None)


# --- made here ------------------------------------------------------------------------------------


def new_root(at: datetime) -> bytes:
    """What all demonstration certificates of this installation hang from."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("善治演示根证书")
    cert = _builder(name, name, key, at, authority=True).sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(b"root", key, cert, None, NoEncryption())


def new_unit(root: DemoCertificate, unit: str, at: datetime) -> bytes:
    above = _opened(root)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(unit), above.cert.certificate.subject, key, at, authority=False)
    cert = builder.sign(above.key, hashes.SHA256())
    chain = [above.cert.certificate]
    return pkcs12.serialize_key_and_certificates(b"unit", key, cert, chain, NoEncryption())


def _name(unit):
    names = {NameOID.COMMON_NAME: unit[:64], NameOID.ORGANIZATIONAL_UNIT_NAME: DEMONSTRATION}
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in names.items()])


def _builder(subject, issuer, key, at, *, authority):
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority,
        key_cert_sign=authority, crl_sign=authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LASTS)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
