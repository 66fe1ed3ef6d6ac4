"""Sheets as PDF. Where the server cannot make them, pages offer printing instead."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shanzhi.kernel import pdf as papers
from shanzhi.kernel.pdf import can_make as can_make_pdf

__all__ = ["can_make_pdf", "pdf"]

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


def pdf(request: HttpRequest, template: str, context: dict[str, Any]) -> bytes:
    return papers.make(render_to_string(template, context, request), STYLE)
