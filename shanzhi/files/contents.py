"""What is taken, told by the content alone: neither the name nor what a browser says counts."""

from dataclasses import dataclass

import filetype
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

from . import papers, pictures

TYPES = {  # extension: content type
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ofd": "application/ofd",  # GB/T 33190, the fixed layout of Chinese official papers
}

PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/apng": "png", "image/webp": "webp"}
PAPERS = {
    b"%PDF-": papers.check_pdf,
    b"PK\x03\x04": papers.check_zip,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": papers.check_old_office,
}


@dataclass(frozen=True)
class Cleaned:
    content: bytes
    extension: str
    thumb: bytes | None = None

    @property
    def content_type(self) -> str:
        return TYPES[self.extension]


def clean(content: bytes) -> Cleaned:
    """What may be kept of it; Refused where it is nothing we take."""
    for magic, check in PAPERS.items():
        if content.startswith(magic):
            return Cleaned(content, check(content))
    guessed = filetype.guess_mime(content[:8192]) or ""
    if guessed in PICTURES:
        picture = pictures.clean(content, PICTURES[guessed])
        return Cleaned(picture.content, PICTURES[guessed], picture.thumb)
    if guessed in ("image/heic", "image/heif", "image/avif"):
        raise Refused(_("HEIC photos are not taken; set the camera to JPEG, or send a screenshot."))
    raise Refused(_("Send photos as JPEG, PNG or WebP, and papers as PDF, OFD, Word or Excel."))
