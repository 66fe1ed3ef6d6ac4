"""Signing and examining PDF by pyHanko: PAdES baseline B-B, with a time stamp B-T; one revision a
signature.

Imported when something is signed or examined: pyHanko takes a fifth of the time of a start.
"""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from shanzhi.kernel import Refused, papers

from . import certificates, stamping
from .kinds import Checked, Examined, Seal, Sealed, Stamp, Wish, written_day
from .sealing import MOST

Boxes = Mapping[str, tuple[int, int, int, int]]


def _prepare(content: bytes, boxes: Boxes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    for name, box in boxes.items():
        spec = fields.SigFieldSpec(name, on_page=-1, box=box, readable_field_name=name)
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _sign(content: bytes, wish: Wish) -> Sealed:
    holder = certificates.holder(wish.place)
    signer = _signer(holder)
    meta = signers.PdfSignatureMetadata(
        field_name=wish.field, name=wish.unit, md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stamp.pdf"
        path.write_bytes(_stamp(wish, holder.demonstration))
        style = StaticStampStyle.from_pdf_file(str(path), border_width=0)
        out, stamped = _stamped(content, {"signature_meta": meta, "signer": signer,
                                          "stamp_style": style})  # fmt: skip
    subject = signer.signing_cert.subject.native.get("common_name", "")
    return Sealed(out, str(subject), holder.demonstration, stamped)


def _stamped(content, how) -> tuple[bytes, datetime | None]:
    """With a time stamp where an authority is named; without, only where it may be missing."""
    authority = stamping.authority()
    try:
        signed = _written(content, signers.PdfSigner(**how, timestamper=authority))
        return signed, authority.stamped if authority else None
    except stamping.NoStampError:
        if settings.SHANZHI_SEALS_TIMESTAMP_NEEDED:
            raise Refused(
                _("The time-stamp authority does not answer; nothing was signed. "
                  "Try again later, or tell the operator.")
            ) from None  # fmt: skip
    return _written(content, signers.PdfSigner(**how)), None


def _written(content, signer) -> bytes:
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue()


def _signer(holder: certificates.Holder) -> signers.SimpleSigner:
    try:
        return signers.SimpleSigner.load_pkcs12_data(
            holder.content, other_certs=[], passphrase=holder.passphrase
        )
    except ValueError:
        raise Refused(certificates.unreadable()) from None


def _stamp(wish: Wish, demonstration: bool) -> bytes:
    """What the signature looks like: the unit and the day."""
    words = {"unit": wish.unit, "day": written_day(localdate(wish.at)),
             "demonstration": certificates.DEMONSTRATION if demonstration else ""}  # fmt: skip
    return papers.pdf(None, "agreements/stamp.html", words, STAMP)


STAMP = f"""
@page {{ size: 60mm 28mm; margin: 0 }}
body {{ margin: 0; font-family: {papers.KAI}; color: #b3261e; text-align: center }}
div {{ box-sizing: border-box; width: 59mm; height: 27mm; margin: .5mm; border: .5mm solid #b3261e;
  border-radius: 2mm; padding-top: 5mm }}
b {{ display: block; font-size: 11pt; line-height: 1.3 }} span {{ display: block; font-size: 9pt }}
"""


# --- examining ------------------------------------------------------------------------------------


def _examine(content: bytes) -> Examined:
    if len(content) > MOST or not content.startswith(b"%PDF-"):
        raise Refused(_("Choose a signed PDF file."), field="file")
    contexts = _contexts()
    try:
        embedded = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
        found = [_checked(each, contexts) for each in embedded]
        covered = any(
            each.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
            for each in embedded
        )
    except Exception:  # given hostile bytes, a reader raises anything
        raise Refused(_("This PDF file is damaged."), field="file") from None
    return Examined(found, covered)


def _contexts():
    own, made_here = certificates.trusted()
    return {
        name: ValidationContext(trust_roots=[_asn1(each) for each in roots], allow_fetching=False)
        for name, roots in (("city", own), ("demonstration", made_here))
        if roots
    }


def _asn1(cert) -> Certificate:
    return Certificate.load(cert.public_bytes(Encoding.DER))


def _checked(embedded, contexts) -> Checked:
    subject = embedded.signer_cert.subject.native.get("common_name", "")
    about = {"field": embedded.field_name, "subject": str(subject),
             "at": embedded.self_reported_timestamp}  # fmt: skip
    trust, status = "unknown", None
    try:
        nobody = ValidationContext(trust_roots=[], allow_fetching=False)
        status = validate_pdf_signature(embedded, nobody)
        for name, context in contexts.items():
            known = validate_pdf_signature(embedded, context)
            trust, status = (name, known) if known.trusted else (trust, status)
        stamp = _stamp_of(validate_pdf_signature(embedded, nobody, contexts.get("city", nobody)))
    except SignatureValidationError:
        return Checked(**about, intact=False, valid=False, whole=False, trust="unknown")
    whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and bool(status.docmdp_ok)
    return Checked(
        **about, intact=status.intact, valid=status.valid, whole=whole, trust=trust, stamp=stamp
    )  # fmt: skip


def _stamp_of(status) -> Stamp | None:
    found = status.timestamp_validity
    if found is None:
        return None
    subject = found.signing_cert.subject.native.get("common_name", "")
    return Stamp(found.timestamp, str(subject), found.intact and found.valid, found.trusted)


seal = Seal(
    name="PAdES",
    prepare=_prepare,
    sign=_sign,
    examine=_examine,
    demonstration=lambda place: certificates.file_of(place) is None,
)
