"""Pictures are decoded and encoded anew: all that is not pixels, as the place, is gone."""

import io
import threading
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps

from shanzhi.kernel import Refused

LONG_SIDE = 2560
THUMB_SIDE = 320
MOST_PIXELS = 64_000_000
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
SAVING = {
    "JPEG": {"quality": 85, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 85, "method": 3},
}
# A decoded picture takes a few hundred megabytes: not as many at once as there are threads.
decoding = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Picture:
    content: bytes
    thumb: bytes  # JPEG


def clean(content: bytes, extension: str) -> Picture:
    """The same picture upright, in sRGB-like 8 bits, at most 2560 pixels long, without metadata."""
    form = FORMATS[extension]
    with decoding:
        try:
            picture = _decode(content, form)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_large() from None
        except Refused:
            raise
        except Exception:  # given hostile bytes, a decoder raises anything
            raise Refused(
                _("This picture is damaged or incomplete; take or save it again.")
            ) from None
        return Picture(_encode(picture, form), _thumb(picture))


def _decode(content, form):
    with Image.open(io.BytesIO(content), formats=[form]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _too_large()
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a large JPEG is decoded at a half or quarter
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on for the process
        opened.load()
        picture = _plain(ImageOps.exif_transpose(opened))
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    picture.info = {}  # or Pillow writes comments and colour profiles on
    return picture


def _plain(picture):
    if picture.mode.startswith(("I", "F")):  # 16 bits a pixel
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("L", "RGB", "RGBA"):
        return picture.copy()
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _too_large():
    return Refused(_("This picture has too many pixels; send it in a smaller size."))


def _encode(picture, form):
    out = io.BytesIO()
    picture.save(out, form, **SAVING[form])
    return out.getvalue()


def _thumb(picture):
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    if small.mode == "RGBA":
        white = Image.new("RGB", small.size, "white")
        white.paste(small, mask=small.getchannel("A"))
        small = white
    return _encode(small, "JPEG")
