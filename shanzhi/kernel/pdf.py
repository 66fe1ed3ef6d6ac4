"""PDF from HTML, made by WeasyPrint without the network.

It draws with Pango, a library of the system, and with the fonts that are installed there.
"""

import subprocess
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from . import Refused

if TYPE_CHECKING:
    from weasyprint import CSS, Document

# The faces of an official paper, each with what stands in for it where it is not installed.
SONG = '"FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, STSong, serif'
FANG = 'FangSong_GB2312, FangSong, STFangsong, FandolFang, "Noto Serif CJK SC", SimSun, serif'
KAI = 'KaiTi_GB2312, KaiTi, STKaiti, FandolKai, "Noto Serif CJK SC", SimSun, serif'
HEI = 'SimHei, STHeiti, "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'


@cache
def can_make() -> bool:
    try:
        import weasyprint  # noqa: F401  asks for its libraries only now
    except (ImportError, OSError):
        return False
    return True


def laid_out(html: str, style: str) -> "Document":
    if not can_make():
        raise Refused(_("This server cannot make PDF files; take the other form, or print."))
    from weasyprint import HTML

    return HTML(string=html, url_fetcher=_nothing).render(stylesheets=[_sheet(style)])


@lru_cache(8)
def _sheet(style: str) -> "CSS":
    """Read once: it takes a tenth of the time of a document."""
    from weasyprint import CSS

    return CSS(string=style)


def make(html: str, style: str) -> bytes:
    return laid_out(html, style).write_pdf()


def chinese_fonts() -> list[str]:
    """Families with Chinese characters that Pango finds; none where it cannot be asked."""
    try:
        told = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted({line.partition(",")[0] for line in told.stdout.splitlines() if line})


def _nothing(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """A sheet has all it needs: nothing is fetched, neither from the network nor from the disk."""
    raise ValueError("a sheet fetches nothing")
