"""The certificate as a sheet of A4: in Chinese, with a code that leads to its page."""

import base64
from typing import Any

from django.urls import reverse
from django.utils import translation

from shanzhi.kernel import papers, qr

from . import presenting, seals
from .commands.issuing import stated
from .models import Certificate

STYLE = """
@page { size: A4; margin: 26mm 27mm 44mm;
  @bottom-center { content: element(foot); width: 100%; vertical-align: top; padding-top: 6mm } }
body { font-family: "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", serif; font-size: 12.5pt;
  line-height: 1.9; color: #111 }
h1 { font-size: 23pt; letter-spacing: .2em; text-indent: .2em; text-align: center; font-weight: 700;
  margin: 4mm 0 2mm }
.number { text-align: center; font-size: 10pt; color: #444; margin: 0 0 9mm }
p { text-indent: 2em; margin: 0 0 2mm; text-align: justify }
table { width: 100%; border-collapse: collapse; margin: 4mm 0 5mm; font-size: 11.5pt }
tr { break-inside: avoid }
th, td { border: .25mm solid #666; padding: 2mm 3mm; text-align: left; line-height: 1.5;
  vertical-align: top }
th { width: 34%; font-weight: 400; background: #f4f4f2 }
.sign { margin: 14mm 0 0 auto; width: 96mm; text-align: center; break-inside: avoid }
.sign p { text-indent: 0; text-align: center; margin: 0 }
.seal { margin: 4mm auto; width: 38mm; height: 38mm; border: .4mm dashed #999; border-radius: 50%;
  color: #666; font-size: 8.5pt; line-height: 1.5; display: flex; align-items: center;
  justify-content: center; text-align: center }
.foot { position: running(foot); display: flex; gap: 5mm; align-items: center; width: 100%;
  border-top: .2mm solid #999; padding-top: 3mm; font-family: "Noto Sans CJK SC", sans-serif;
  font-size: 8pt; line-height: 1.6; color: #444; text-align: left }
.foot img { width: 24mm; height: 24mm }
.foot .address { word-break: break-all; color: #777 }
"""
TEMPLATE = "certificates/sheet.html"


def context(certificate: Certificate, site: str) -> dict[str, Any]:
    """`site` is where the public page is reached: https://city.example."""
    address = site + reverse("certificates:check", args=[certificate.token])
    return {
        "certificate": certificate,
        "subject": presenting.subject(certificate.entry),
        "lines": presenting.stated(stated(certificate), full=True),
        "unit": presenting.unit_name(certificate.place),
        "on": presenting.written(certificate.sealed_on),
        "until": presenting.written(certificate.valid_until),
        "address": address,
        "qr": qr.data_uri(address),
        "electronic": seals.is_electronic(),
    }


def pdf(certificate: Certificate, site: str) -> bytes:
    with translation.override("zh-hans"):
        return papers.pdf(None, TEMPLATE, context(certificate, site), STYLE)


def kept(certificate: Certificate) -> bytes | None:
    return base64.b64decode(certificate.paper) if certificate.paper else None
