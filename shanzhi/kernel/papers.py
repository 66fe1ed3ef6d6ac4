"""Sheets as PDF, made by WeasyPrint without the network.

It draws with Pango, a library of the system: where that is missing, pages offer printing instead.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from . import Refused

STYLE = """
@page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) " / " counter(pages);
  font-size: 8pt; color: #555 } }
body { font-family: "Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", sans-serif;
  font-size: 10pt; line-height: 1.5 }
h1 { font-size: 16pt; margin: 0 0 4mm } h2 { font-size: 12pt; margin: 6mm 0 2mm }
table { width: 100%; border-collapse: collapse } tr { break-inside: avoid }
th, td { border: .3mm solid #999; padding: 1.2mm 2mm; text-align: left; vertical-align: top }
th { background: #eee } p { margin: 0 0 2mm }
"""


@cache
def can_make_pdf() -> bool:
    try:
        import weasyprint  # noqa: F401  asks for its libraries only now
    except (ImportError, OSError):
        return False
    return True


def pdf(
    request: HttpRequest | None, template: str, context: dict[str, Any], style: str = STYLE
) -> bytes:
    if not can_make_pdf():
        raise Refused(_("This server cannot make PDF files; take the other form, or print."))
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    # a sheet has all it needs: nothing is fetched, neither from the network nor from the disk
    fetcher = URLFetcher(allowed_protocols={"data"})
    html = render_to_string(template, context, request)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[CSS(string=style)])
