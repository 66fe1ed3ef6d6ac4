"""What is taken and what is refused, by its content alone."""

import io

import pytest
from PIL import Image

from shanzhi.files import contents
from shanzhi.kernel import Refused

from . import factories as make


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (make.jpeg(), "image/jpeg"),
        (make.picture("PNG", mode="RGBA"), "image/png"),
        (make.picture("PNG", mode="P"), "image/png"),
        (make.picture("PNG", mode="I;16"), "image/png"),
        (make.picture("PNG", mode="1"), "image/png"),
        (make.picture("JPEG", mode="CMYK"), "image/jpeg"),
        (make.picture("WEBP"), "image/webp"),
        (make.pdf(), "application/pdf"),
        (make.docx(), contents.TYPES["docx"]),
        (make.xlsx(), contents.TYPES["xlsx"]),
        (make.zipped(**{"OFD.xml": b"<OFD/>"}), "application/ofd"),
        (make.old_office("WordDocument"), "application/msword"),
        (make.old_office("Workbook"), "application/vnd.ms-excel"),
    ],
)
def test_photos_and_papers_are_taken(content, content_type):
    assert contents.clean(content).content_type == content_type


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF_AND_SCRIPT = b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HTML, "Send photos as"),
        (SVG, "Send photos as"),
        (b'<?xml version="1.0"?>' + SVG, "Send photos as"),
        (GIF_AND_SCRIPT, "Send photos as"),
        (make.picture("GIF"), "Send photos as"),
        (make.picture("TIFF"), "Send photos as"),
        (b"MZ" + bytes(1000), "Send photos as"),
        (b"\x1f\x8b\x08" + bytes(100), "Send photos as"),
        (b"plain text", "Send photos as"),
        (HTML + make.pdf(), "Send photos as"),
        (HEIC, "HEIC"),
        (make.png_bomb(), "too many pixels"),
        (make.png_bomb(9_000), "too many pixels"),
        (make.png_bomb(12_000), "too many pixels"),
        (make.jpeg()[:3000], "damaged or incomplete"),
        (make.picture("PNG")[:200], "damaged or incomplete"),
        (b"\xff\xd8\xff\xe0" + HTML, "damaged or incomplete"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "damaged or incomplete"),
        (make.pdf()[:-10], "damaged or incomplete"),
        (make.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "runs a program"),
        (make.pdf(b"/OpenAction << /S /#4aavaScript /J#53 (app.alert(1)) >>"), "runs a program"),
        (make.pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "runs a program"),
        (make.pdf(b"/Names << /EmbeddedFiles 5 0 R >>"), "runs a program"),
        (make.pdf_with_packed(b"3 0 << /S /JavaScript /JS (x) >>"), "runs a program"),
        (make.pdf_with_packed(bytes(6_000_000)), "too large when opened"),
        (make.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (make.docx(**{"word/big.xml": bytes(120_000_000)}), "too large when opened"),
        (make.docx(**{"../../etc/passwd": b"x"}), "damaged or incomplete"),
        (make.docx(**{"/etc/passwd": b"x"}), "damaged or incomplete"),
        (make.docx(**{"xl/workbook.xml": b"x"}), "Archives are not taken"),
        (make.docx()[:-40], "damaged or incomplete"),
        (make.zipped(**{"a.jpg": b"x"}), "Archives are not taken"),
        (make.old_office("PowerPoint Document"), "Of old Office papers"),
        (make.old_office("WordDocument", "_VBA_PROJECT"), "macros"),
        (make.old_office("EncryptedPackage"), "locked by a password"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(Refused, match=sentence):
        contents.clean(content)


def test_half_a_picture_is_refused_though_another_library_lets_pillow_take_it(monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(Refused, match="damaged or incomplete"):
        contents.clean(make.jpeg()[:3000])


def test_a_paper_with_a_byte_changed_inside_is_refused():
    content = bytearray(make.docx(**{"word/styles.xml": b"styles" * 50}))
    at = content.index(b"word/styles.xml") + len("word/styles.xml") + 3
    content[at] ^= 0xFF
    with pytest.raises(Refused, match="damaged or incomplete"):
        contents.clean(bytes(content))


def test_names_of_script_in_the_pictures_of_a_pdf_do_not_matter():
    content = make.pdf().replace(b"trailer", b"4 0 obj\n<<>>\nstream\nab/JS cd\nendstream\ntrailer")
    assert contents.clean(content).content == content


def test_where_and_with_what_a_photo_was_taken_is_gone():
    content = make.jpeg_with_place()
    assert opened(content).getexif().get_ifd(make.GPS)

    cleaned = contents.clean(content)

    for each in (cleaned.content, cleaned.thumb):
        assert not opened(each).getexif()
        for secret in (b"Exif", b"SecretCameraMaker", b"comment of the camera", b"SecretProfile"):
            assert secret in content
            assert secret not in each


def test_texts_in_a_png_are_gone():
    content = make.png_with_text()
    assert b"SecretAuthor" in content
    assert b"SecretAuthor" not in contents.clean(content).content


def test_what_is_appended_to_a_photo_is_gone():
    cleaned = contents.clean(make.jpeg() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in cleaned.content
    assert b"PK\x03\x04" not in cleaned.content


def test_a_photo_taken_upright_is_turned():
    assert opened(contents.clean(make.jpeg_with_place(orientation=6)).content).size == (400, 600)


def test_a_large_photo_gets_2560_pixels_and_a_small_one_keeps_its_size():
    assert opened(contents.clean(make.jpeg((5000, 2500))).content).size == (2560, 1280)
    assert opened(contents.clean(make.picture("PNG", (3000, 3000))).content).size == (2560, 2560)
    assert opened(contents.clean(make.jpeg((300, 20))).content).size == (300, 20)


def test_a_small_picture_is_made_beside_it():
    assert opened(contents.clean(make.jpeg((5000, 2500))).thumb).size == (320, 160)
    assert opened(contents.clean(make.picture("PNG", mode="RGBA")).thumb).mode == "RGB"
    assert contents.clean(make.pdf()).thumb is None


def test_of_a_moving_picture_the_first_frame_stays():
    red, blue = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    for form in ("WEBP", "PNG"):
        out = io.BytesIO()
        red.save(out, form, save_all=True, append_images=[blue], duration=100)
        cleaned = opened(contents.clean(out.getvalue()).content)
        assert getattr(cleaned, "n_frames", 1) == 1
        red_part, _green, blue_part = cleaned.convert("RGB").getpixel((20, 20))
        assert red_part > 240
        assert blue_part < 15


def test_16_bits_become_8_and_keep_their_brightness():
    image = Image.new("I;16", (20, 20), 32768)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(contents.clean(out.getvalue()).content).getpixel((5, 5)) == 128


def test_transparency_stays():
    image = Image.new("RGBA", (20, 20), (200, 10, 10, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(contents.clean(out.getvalue()).content).getpixel((5, 5))[3] == 0
