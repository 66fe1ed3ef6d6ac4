"""Uploads as they come: photos with a place in them, papers, and pretenders."""

import io
import struct
import zipfile
import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from shanzhi.files import commands, kinds
from shanzhi.kernel.acting import Actor

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
WANG = Actor(account_id=501, name="王小明")
LI = Actor(account_id=502, name="李华")
CLERK = Actor(account_id=503, post_id=7, role="subdistrict_clerk", place="320411002")

OWNER = "tests.Thing:17"
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def register_owner(reader: Actor = CLERK) -> None:
    kinds.register(
        kinds.Owner(
            "tests.Thing", may_read=lambda pk, by: (pk, by.account_id) == (17, reader.account_id)
        )
    )


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_file(content: bytes | None = None, *, name="photo.jpg", by=WANG, at=MONDAY):
    return commands.store(upload=upload(content or jpeg(), name), by=by, at=at)


def picture(form="JPEG", size=(600, 400), mode="RGB", **saving) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    image.save(out, form, **saving)
    return out.getvalue()


def jpeg(size=(600, 400)) -> bytes:
    return picture("JPEG", size)


def jpeg_with_place(orientation=1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "SecretCameraMaker"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 46.0, 30.0), 3: "E", 4: (119.0, 58.0, 12.0)})
    return picture(
        "JPEG", exif=exif, comment=b"comment of the camera", icc_profile=b"SecretProfile"
    )


def png_with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretAuthor")
    return picture("PNG", pnginfo=text)


def png_bomb(side=50_000) -> bytes:
    """A kilobyte that claims to be two and a half billion pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def pdf(extra: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def pdf_with_packed(objects: bytes) -> bytes:
    packed = zlib.compress(objects)
    stream = b"3 0 obj\n<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode >>\nstream\n"
    return pdf().replace(b"trailer", stream + packed + b"\nendstream\nendobj\ntrailer")


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped(
        **{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}, **more
    )


def xlsx() -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def old_office(*names: str) -> bytes:
    entries = b""
    for name in names:
        encoded = name.encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2) + bytes(62)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries
