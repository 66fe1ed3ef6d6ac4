"""QR codes as pictures that a page holds itself."""

import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def data_uri(text: str) -> str:
    """An SVG in a data: address, for the src of an img."""
    out = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(out)
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"
