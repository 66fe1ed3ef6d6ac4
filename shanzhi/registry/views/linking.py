"""Double entries: looking for them, and one pair after the other."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import desk

from .. import commands, fence, merging, queries, tasks
from ..forms import linking as forms
from ..models import Batch, LinkPair
from ..presenting import linking as presenting
from .persons import KEEPERS, note

SHOWN = ("open", "later", "same", "not_same")


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """The comparisons made here; another one is begun."""
    form = forms.Start(
        request.POST or None, batches=queries.linking.batches(request.actor),
        initial={"batch": request.GET.get("batch", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        batch = Batch.objects.filter(pk=form.cleaned_data["batch"]).first()
        run = partial(commands.start_comparison, place=request.actor.place, batch=batch)
        if job := _perform(request, run):
            transaction.on_commit(tasks.linking.soon)
            return redirect("registry:comparison", job.pk)
    page = queries.linking.jobs(request.actor, request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "rows": presenting.job_rows(page.rows)}
    return render(request, "registry/linking/index.html", context)


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and its pairs by what was decided."""
    job = queries.linking.job(request.actor, pk)
    if job is None:
        raise Http404
    state = request.GET.get("state", "open")
    state = state if state in SHOWN else "open"
    page = queries.linking.pairs(job, state, request.GET.get("cursor", ""))
    rows = presenting.pair_rows(page.rows)
    note(request, [end for each in page.rows for end in (each.first, each.second)],
         presenting.SEEN)  # fmt: skip
    context = {
        "job": job, "page": page, "rows": rows, "state": state,
        "title": presenting.job_title(job), "chips": _chips(job, state),
        "last": queries.linking.last_decided(request.actor, job),
    }  # fmt: skip
    return render(request, "registry/linking/comparison.html", context)


def _chips(job, state):
    counts = queries.linking.counts(job)
    labels = dict(LinkPair.State.choices)
    return [{"label": labels[each], "count": counts.get(each, 0), "href": f"?state={each}",
             "active": each == state} for each in SHOWN]  # fmt: skip


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def pair(request: HttpRequest, one: int, two: int) -> HttpResponse:
    """Two entries side by side: the same, not the same, or later."""
    if request.method == "POST":
        return _answer(request, one, two)
    low, high = sorted((one, two))
    persons = [queries.person(request.actor, each) for each in (low, high)]
    if merged := queries.linking.merge_of_two(low, high):
        return _merged(request, merged)
    if low == high or not all(persons):
        raise Http404
    return _side_by_side(request, *merging.order(*persons))


def _side_by_side(request, kept, other):
    found = _pair_of(request, kept, other)
    lines = presenting.lines(merging.sides(kept, other))
    note(request, [kept.pk, other.pk], presenting.elements(lines))
    low, high = sorted((kept.pk, other.pk))
    context = {
        "kept": kept, "other": other, "lines": lines, "pair": found,
        "why": presenting.reasons(found) if found else [],
        "verdict": presenting.verdict(found.weight) if found else "",
        "percent": presenting.percent(found.weight) if found else "",
        "said_no": queries.linking.is_said_not_same(low, high),
        **_around(request, found),
    }  # fmt: skip
    return render(request, "registry/linking/pair.html", context)


def _pair_of(request, one, two):
    number = asked.key(request.GET.get("job", ""))
    low, high = sorted((one.pk, two.pk))
    return queries.linking.pair(request.actor, low, high, number)


def _around(request, found):
    """The neighbours in the list, and what was decided last."""
    if found is None:
        return {"before": "", "after": "", "last": None}
    before, after = (queries.linking.beside(found, before=each) for each in (True, False))
    return {
        "before": presenting.pair_href(before) if before else "",
        "after": presenting.pair_href(after) if after else "",
        "last": queries.linking.last_decided(request.actor, found.job),
    }


def _merged(request, merged):
    kept = queries.person(request.actor, merged.kept_id)
    if kept is None:
        raise Http404
    note(request, [kept.pk], ["person.name"])
    context = {
        "kept": kept, "merge": merged, "day": presenting.on(localdate(merged.made_at)),
        "taken": [presenting.title(code) for code in merged.taken],
        "job": queries.linking.pair(request.actor, merged.kept_id, merged.given_up_id),
    }  # fmt: skip
    return render(request, "registry/linking/merged.html", context)


# --- answers --------------------------------------------------------------------------------------


def _answer(request, one, two):
    form = forms.Answer(request.POST)
    if not form.is_valid():
        raise Http404
    low, high = sorted((one, two))
    job = form.cleaned_data["job"]
    found = queries.linking.pair(request.actor, low, high, job)
    after = queries.linking.beside(found) if found else None
    if _perform(request, _step(request, form, low, high, found)) is None:
        return redirect(_back(low, high, job))
    messages.success(request, str(DONE[form.cleaned_data["answer"]]))
    if form.cleaned_data["answer"] == "undo" or not (job and found):
        return redirect(_back(low, high, job))
    return redirect(presenting.pair_href(after) if after else _list(job))


def _step(request, form, low, high, found):
    answer = form.cleaned_data["answer"]
    if answer == "undo":
        return partial(_reopen, low=low, high=high)
    persons = {each: queries.person(request.actor, each) for each in (low, high)}
    if low == high or not all(persons.values()):
        raise Http404
    if answer == "same":
        kept, other = merging.order(persons[low], persons[high])
        return partial(commands.merge, kept=kept, other=other, choices=form.choices())
    if answer == "not_same":
        return partial(commands.say_not_same, one=persons[low], two=persons[high])
    if found is None:
        raise Http404
    return partial(commands.put_aside, pair=found)


def _reopen(**given) -> bool:
    commands.reopen(**given)
    return True


DONE = {"same": t("Merged."), "not_same": t("Noted: two persons. They are not proposed again."),
        "later": t("Put aside."), "undo": t("Undone.")}  # fmt: skip


def _back(low, high, job):
    base = reverse("registry:link_pair", args=[low, high])
    return f"{base}?job={job}" if job else base


def _list(job):
    return reverse("registry:comparison", args=[job])


def _perform(request, run):
    try:
        return run(by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
