"""The agreement as a paper: laid out as an official document, in Chinese whatever page asks."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

import orjson
from django.template.loader import render_to_string
from django.utils.translation import override

from shanzhi.burden.models import Cycle
from shanzhi.kernel import papers
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions

from .certificates import DEMONSTRATION
from .kinds import capital, clause_values, parts, written_day
from .models import Agreement, Clause, Side
from .sealing import seal

POINTS = 0.75  # of a CSS pixel
STYLE = f"""
@page {{ size: A4; margin: 32mm 26mm 30mm 28mm;
  @bottom-center {{ content: "— " counter(page) " —"; font: 12pt {papers.SONG} }}
  @top-right {{ content: string(number); font: 9pt {papers.HEI}; color: #555 }}
  @top-left {{ content: string(mark); font: 9pt {papers.HEI}; color: #b3261e }} }}
body {{ font: 14pt/1.85 {papers.FANG}; text-align: justify; hyphens: none; margin: 0 }}
h1 {{ font: 21pt/1.4 {papers.SONG}; text-align: center; margin: 6mm 0 2mm }}
h2 {{ font: 14pt/1.85 {papers.HEI}; margin: 3mm 0 0; break-after: avoid }}
.year {{ text-align: center; font-family: {papers.KAI}; margin: 0 0 6mm; text-indent: 0 }}
h1 {{ string-set: number attr(data-number), mark attr(data-mark) }}
p {{ text-indent: 2em; margin: 0; orphans: 2; widows: 2 }} p.party {{ text-indent: 0 }}
/* borders not collapsed: to find out which of two is drawn takes a twelfth of a document */
table {{ width: 100%; table-layout: fixed; border-spacing: 0; border-left: .25mm solid #333;
  margin: 2mm 0; font: 9.5pt/1.45 {papers.FANG}; text-align: left }}
caption {{ font: 11pt/1.6 {papers.HEI}; text-align: center }}
thead {{ display: table-header-group }} tr {{ break-inside: avoid }}
th {{ font-family: {papers.HEI}; font-weight: normal; text-align: center }}
th, td {{ border: solid #333; border-width: 0 .25mm .25mm 0; padding: .9mm 1.3mm;
  vertical-align: top; overflow-wrap: anywhere }}
thead th {{ border-top-width: .25mm }}
td.money {{ text-align: right }} td.number {{ white-space: nowrap }}
small {{ font-size: 8.5pt; color: #333 }}
.w1 {{ width: 18mm }} .w2 {{ width: 38mm }} .w3 {{ width: 20mm }} .w4 {{ width: 27mm }}
.w5 {{ width: 20mm }}
.end {{ break-inside: avoid }} .signing {{ margin-top: 8mm; display: table; width: 100% }}
.signing > div {{ display: table-cell; width: 50% }} .signing p {{ text-indent: 0 }}
.seal {{ width: 60mm; height: 28mm; margin: 1mm 0; anchor: attr(id) }}
"""


def text_digest(agreement: Agreement, clauses: Iterable[Clause]) -> bytes:
    """What both agree on, byte for byte, whatever it is drawn with."""
    told = {
        "number": agreement.number, "own": agreement.own_id, "assist": agreement.assist_id,
        "terms": agreement.terms, "clauses": [clause_values(each) for each in clauses],
    }  # fmt: skip
    if agreement.ends_on:
        told["ends_on"] = agreement.ends_on
    return hashlib.sha256(orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def html(agreement: Agreement, clauses: list[Clause], *, draft: bool) -> str:
    with override("zh-hans"):
        return render_to_string("agreements/paper.html", _context(agreement, clauses, draft))


def draw(agreement: Agreement, clauses: list[Clause], *, draft: bool = True) -> bytes:
    """A draft to be read; or, for both sides to sign, with an empty field for each."""
    laid = papers.laid_out(html(agreement, clauses, draft=draft), STYLE)
    if draft:
        return laid.write_pdf()
    page = laid.pages[-1]
    boxes = {side: _box(page.anchors[side], page.height) for side in Side.values}
    return seal().prepare(laid.write_pdf(), boxes)


def _box(anchor, height):
    """From pixels below the upper left corner to points above the lower left one."""
    left, top, right, bottom = anchor
    return tuple(round(each * POINTS) for each in (left, height - bottom, right, height - top))


def _context(agreement, clauses, draft):
    funded = [each for each in clauses if each.amount]
    total = sum((each.amount for each in clauses), Decimal(0))
    first, second = parties(agreement)
    return {
        "agreement": agreement, "one": first, "two": second, "mark": _mark(agreement, draft),
        "own": [each for each in clauses if each.kind == Clause.Kind.OWN],
        "asked": [_row(each) for each in clauses if each.kind != Clause.Kind.OWN],
        "payments": sorted(
            (day, written_day(day), f"{amount:,.2f}", one.code, one.title, _payer(agreement, one))
            for one in funded for day, amount in parts(one.amount, one.due_on)
        ),
        "total": f"{total:,.2f}" if total else "", "capital": capital(total),
        "ends": written_day(agreement.ends_on) if agreement.ends_on else "",
        "former": _former(agreement), "parent": agreement.parent,
        "terms": agreement.terms.strip().splitlines(),
    }  # fmt: skip


def parties(agreement: Agreement) -> tuple[str, str]:
    """Their full names: 三井街道办事处, 天安社区居委会."""
    path = divisions.path_names(agreement.subdistrict)
    office = "人民政府" if path[-1].endswith(("镇", "乡")) else "办事处"
    community = divisions.latest(agreement.place)
    return f"{''.join(path)}{office}", community.name if community else agreement.place


def _former(agreement):
    """Who signed the agreement that this one ends or adds to, where that was another."""
    former = agreement.parent.former if agreement.parent else ""
    known = divisions.latest(former) if former else None
    return known.name if known else ""


def unit_of(agreement: Agreement, side: str) -> str:
    one, two = parties(agreement)
    return two if side == Side.COMMUNITY else one


def _mark(agreement, draft):
    if draft:
        return "草案，供协商"
    demonstration = any(
        seal().demonstration(place) for place in (agreement.place, agreement.subdistrict)
    )
    return DEMONSTRATION if demonstration else ""


def _payer(agreement, clause):
    return unit_name(agreement.subdistrict, clause.payer_id) if clause.payer_id else ""


def _row(clause):
    return {
        "clause": clause,
        "department": clause.department.name if clause.department else "",
        "cycle": Cycle(clause.cycle).label if clause.cycle in Cycle.values else "",
        "amount": f"{clause.amount:,.2f}" if clause.amount else "—",
    }
