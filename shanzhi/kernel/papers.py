"""Sheets as PDF, made by WeasyPrint without the network.

It draws with Pango, a library of the system: where that is missing, pages offer printing instead.
"""

import subprocess
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from . import Refused

if TYPE_CHECKING:
    from weasyprint import CSS, Document

# The faces of an official paper, each with what stands in for it where it is not installed.
SONG = '"FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, STSong, serif'
FANG = 'FangSong_GB2312, FangSong, STFangsong, FandolFang, "Noto Serif CJK SC", SimSun, serif'
KAI = 'KaiTi_GB2312, KaiTi, STKaiti, FandolKai, "Noto Serif CJK SC", SimSun, serif'
HEI = 'SimHei, STHeiti, "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'

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
    return laid_out(render_to_string(template, context, request), style).write_pdf()


def laid_out(html: str, style: str) -> "Document":
    """Its pages, for who must know where on them something stands."""
    if not can_make_pdf():
        raise Refused(_("This server cannot make PDF files; take the other form, or print."))
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # a sheet has all it needs: nothing is fetched, neither from the network nor from the disk
    fetcher = URLFetcher(allowed_protocols={"data"})
    return HTML(string=html, url_fetcher=fetcher).render(stylesheets=[_sheet(style)])


@lru_cache(8)
def _sheet(style: str) -> "CSS":
    """Read once: it takes a tenth of the time of a document."""
    from weasyprint import CSS

    return CSS(string=style)


def chinese_fonts() -> list[str]:
    """Families with Chinese characters that Pango finds; none where it cannot be asked."""
    try:
        told = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted({line.partition(",")[0] for line in told.stdout.splitlines() if line})
