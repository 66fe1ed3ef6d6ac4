"""The electronic seal is a plug: SHANZHI_CERTIFICATE_SEAL names a function of (pdf, number, place)
that answers the PDF with the community's seal on it, or raises Refused.

Without one the sheet says 演示，无法律效力 where the electronic seal would be; the paper seal is
pressed by hand, and the register records both alike.
"""

from django.conf import settings
from django.utils.module_loading import import_string


def is_electronic() -> bool:
    return bool(settings.SHANZHI_CERTIFICATE_SEAL)


def press(pdf: bytes, *, number: str, place: str) -> bytes:
    return import_string(settings.SHANZHI_CERTIFICATE_SEAL)(pdf, number=number, place=place)
