"""The desk's pages of cases: list, search, one case with its remarks and helpers, print."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import desk
from shanzhi.people.limits import limit

from .. import commands, forms, presenting, queries
from ..models import Involvement
from .actions import ACTIONS, perform


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All cases this post may see, by state and item, or those a search finds."""
    form = forms.Filter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text = wanted.get("q", "")
    if text:
        page = queries.search(request.actor, text, cursor=wanted["cursor"])
    else:
        page = queries.case_list(
            request.actor,
            **{name: wanted.get(name, "") for name in ("state", "item", "place", "cursor")},
        )  # fmt: skip
    context = {
        "page": page,
        "rows": presenting.list_rows(page.rows, timezone.now()),
        "text": text,
        "chips": presenting.state_chips(wanted),
        "wanted": wanted,
        "chosen": presenting.chosen(wanted),
        "choices": presenting.choices(request.actor) if "choose" in request.GET else None,
    }
    return render(request, "cases/desk/index.html", context)


def _case(request, number):
    case = queries.visible(request.actor, number)
    if case is None:
        raise Http404
    return case


@desk
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _case(request, number))


def _page(request, case, status=200, **shown):
    context = presenting.for_desk(case, request.actor, timezone.now(), shown.pop("revealed", None))
    steps = [(code, ACTIONS[code]) for code in context["possible"]]
    offered = bool(steps) and steps[0][1].kind != "danger"  # nobody is led to end a case
    context |= {
        "primary": steps[0] if offered else None,
        "others": steps[1:] if offered else steps,
        "remark_form": forms.Remark(),
        "reveal_form": forms.Reveal(),
        "opinion_form": forms.Opinion(),
    } | shown
    return render(request, "cases/desk/case.html", context, status=status)


@desk
@require_POST
def remark(request: HttpRequest, number: str) -> HttpResponse:
    case, form = _case(request, number), forms.Remark(request.POST)
    if form.is_valid() and perform(request, form, partial(commands.note, case=case), _("Noted.")):
        return redirect("cases:case", number=number)
    return _page(request, case, status=422, remark_form=form)


@desk
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Masked values in full, on this one page, for a reason; who looked is recorded."""
    limit(request, "reveal", per="account", amount=60, seconds=3600)
    case, form = _case(request, number), forms.Reveal(request.POST)
    if form.is_valid():
        fields = presenting.masked_fields(case)
        try:
            values = commands.reveal(
                case=case, fields=fields, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _page(request, case, revealed=values)
    return _page(request, case, status=422, reveal_form=form)


@desk
@require_POST
def step(request: HttpRequest, number: str, step: int) -> HttpResponse:
    """Tick off a step of the item."""
    case, form = _case(request, number), forms.Nothing(request.POST)
    form.is_valid()
    finish = partial(commands.finish_step, case=case, step=step)
    if perform(request, form, finish, _("Step finished.")):
        return redirect("cases:case", number=number)
    return _page(request, case, status=422, step_form=form)


@desk
@require_POST
def answer_help(request: HttpRequest, number: str, helper: int) -> HttpResponse:
    case, form = _case(request, number), forms.Opinion(request.POST)
    row = get_object_or_404(Involvement, pk=helper, case=case, leads=False)
    answer = partial(commands.answer_help, helper=row)
    if form.is_valid() and perform(request, form, answer, _("Your answer was sent.")):
        return redirect("cases:case", number=number)
    return _page(request, case, status=422, opinion_form=form)


@desk
@require_POST
def release_helper(request: HttpRequest, number: str, helper: int) -> HttpResponse:
    case, form = _case(request, number), forms.Nothing(request.POST)
    row = get_object_or_404(Involvement, pk=helper, case=case, leads=False)
    form.is_valid()
    if perform(request, form, partial(commands.release_helper, helper=row), _("Released.")):
        return redirect("cases:case", number=number)
    return _page(request, case, status=422, release_form=form)


@desk
@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The case as a page to print: masked, like the screen."""
    case = _case(request, number)
    context = presenting.for_desk(case, request.actor, timezone.now(), None)
    return render(request, "cases/desk/paper.html", context)


@desk
@require_http_methods(["GET"])
def start(request: HttpRequest) -> HttpResponse:
    """A resident without a phone is here: choose what it is about."""
    text = asked.words(request.GET.get("q", ""))
    context = {
        "text": text,
        "found": queries.find_items(text) if text else [],
        "themes": {} if text else queries.items_by_theme(),
        "drafts": presenting.draft_rows(request.actor),
    }
    return render(request, "cases/desk/start.html", context)
