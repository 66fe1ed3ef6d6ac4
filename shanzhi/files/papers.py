"""Papers cannot be encoded anew: each must be what it says, end where it ends, and run nothing."""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

MOST_UNPACKED = 100_000_000  # bytes
MOST_MEMBERS = 3000

STREAM = re.compile(rb"\bstream\r?\n(.*?)endstream", re.S)
PACKED_OBJECTS = re.compile(
    rb"/Type\s*/ObjStm\b(?:(?!endobj).){0,2000}?stream\r?\n(.*?)endstream", re.S
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")

OFFICE = {  # the member that makes a zip file this kind of paper
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "OFD.xml": "ofd",
}
OLD_OFFICE = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}


def check_pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-1024:]:
        raise _damaged()
    bare = STREAM.sub(b"", content) + _packed_objects(content)
    if ACTIVE.search(ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), bare)):
        raise Refused(
            _("This PDF runs a program or carries files; print it to a new PDF and send that.")
        )
    return "pdf"


def _packed_objects(content):
    """Objects may lie in compressed streams; others hold pictures and text, where names mean
    nothing."""
    unpacked = []
    for found in PACKED_OBJECTS.finditer(content):
        inflate = zlib.decompressobj()
        try:
            unpacked.append(inflate.decompress(found[1].lstrip(b"\r\n"), 5_000_000))
        except zlib.error:  # encrypted, or another filter
            continue
        if inflate.unconsumed_tail or len(unpacked) > 2000:
            raise _bomb()
    return b"\n".join(unpacked)


def check_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            kind = _kind_of_zip(archive)
            _check_members(archive)
            if archive.testzip() is not None:
                raise _damaged()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        raise _damaged() from None
    except (EOFError, ValueError, UnicodeDecodeError):
        raise _damaged() from None
    return kind


def _kind_of_zip(archive):
    names = set(archive.namelist())
    found = [kind for member, kind in OFFICE.items() if member in names]
    if len(found) != 1 or (found != ["ofd"] and "[Content_Types].xml" not in names):
        raise Refused(_("Archives are not taken; send each paper by itself."))
    return found[0]


def _check_members(archive):
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
        raise _bomb()
    for each in members:
        if each.filename.startswith("/") or ".." in each.filename.split("/") or each.flag_bits & 1:
            raise _damaged()
        if each.filename.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".dll")):
            raise _macros()


def check_old_office(content: bytes) -> str:
    if _in_directory(content, "EncryptedPackage"):
        raise Refused(_("This paper is locked by a password; save it without and send it again."))
    kind = next((kind for name, kind in OLD_OFFICE.items() if _in_directory(content, name)), None)
    if kind is None:
        raise Refused(_("Of old Office papers only Word and Excel are taken; or send a PDF."))
    if _in_directory(content, "_VBA_PROJECT") or _in_directory(content, "_VBA_PROJECT_CUR"):
        raise _macros()
    return kind


def _in_directory(content, name):
    """An entry is the name in 64 bytes of UTF-16 and then its length with the closing zero."""
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little")
    return entry in content


def _damaged():
    return Refused(_("This paper is damaged or incomplete; save it again and send that."))


def _bomb():
    return Refused(_("This paper is too large when opened; send a smaller one."))


def _macros():
    return Refused(_("This paper contains macros; save it without them, or send a PDF."))
