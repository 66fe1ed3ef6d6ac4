"""The pages of an import: list, file, columns, check, what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused, sheets
from shanzhi.people.decorators import desk

from .. import bringing, fence, refusing
from ..commands import imports as commands
from ..commands.imports_transfer import ask_for_row
from ..forms import imports as forms
from ..intake import keeping
from ..models import Batch, Problem
from ..presenting import imports as presenting
from ..queries import imports as batches
from ..rules import imports as rules
from ..rules.persons import keeps_residents
from ..tasks import imports as tasks

# --- the list, and a file -------------------------------------------------------------------------


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    page = batches.batches(request.actor, request.GET.get("cursor", ""))
    rows = [presenting.line(each) for each in page.rows]
    return render(request, "registry/imports/index.html", {"page": page, "rows": rows})


class Limit(FileUploadHandler):
    """Larger files than elsewhere; what is too large is not kept, not even for a moment."""

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None):
        if content_length > 2 * keeping.largest():
            self._note()
            raise StopUpload(connection_reset=True)

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > keeping.largest():
            self._note()
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None

    def _note(self):
        self.request.too_large = True


def large_files(view: Callable) -> Callable:
    """Of the one page that takes them; the token is looked for once they may be received."""
    checked = csrf_protect(view)

    @csrf_exempt
    def wrapped(request, *args, **kwargs):
        if request.method == "POST":
            request.upload_handlers = [Limit(request), TemporaryFileUploadHandler(request)]
        return checked(request, *args, **kwargs)

    return wrapped


@large_files
@desk(roles=rules.IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@fence.fenced
def new(request: HttpRequest) -> HttpResponse:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.Upload(*data, actor=request.actor)
    if data and getattr(request, "too_large", False):
        _say_too_large(form)
    elif data and form.is_valid():
        try:
            return redirect("registry:import", _bring(request, form).pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 422 if data else 200
    return render(request, "registry/imports/new.html", {"form": form}, status=status)


def _say_too_large(form):
    form.errors.pop("file", None)
    form.add_error("file", str(keeping.too_large()))


def _bring(request, form):
    upload = form.cleaned_data["file"]
    return bringing.bring(
        content=upload.chunks(1 << 20), name=upload.name, source=form.cleaned_data["source"],
        place=form.chosen_place, by=request.actor, at=timezone.now(),
    )  # fmt: skip


# --- one import -----------------------------------------------------------------------------------


def _found(request, pk) -> Batch:
    batch = batches.batch(request.actor, pk)
    if batch is None:
        raise Http404
    return batch


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever state it is in; its columns have a page of their own."""
    found = _found(request, pk)
    if found.state == Batch.State.UPLOADED:
        return redirect("registry:import_columns", pk)
    return _page(request, found)


def _page(request, found, form=None, problem="", status=200):
    context = {
        "batch": found,
        "line": presenting.line(found),
        "progress": presenting.progress(found, timezone.now()),
        "outcomes": presenting.outcomes(found),
        "problems": presenting.problem_counts(found),
        "columns": presenting.target_titles(found),
        "form": form or forms.TakeOver(),
        "before": batches.same_file(found),
        "moves": found.counts.get("moves", 0),
        "kept": found.counts.get("kept", 0),
        "problem": problem,
    }
    return render(request, "registry/imports/batch.html", context, status=status)


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, for a page that looks again every two seconds."""
    found = _found(request, pk)
    if found.state not in rules.BUSY or found.trouble:
        return HttpResponse(headers={"HX-Refresh": "true"})
    told = presenting.progress(found, timezone.now())
    context = {"batch": found, "progress": told}
    return render(request, "registry/imports/parts/progress.html", context)


@desk(roles=rules.IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@fence.fenced
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        assigning = bringing.header_of(found, *_titles(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        assigning = bringing.header_of(found)
    form = forms.Columns(request.POST or None, found=assigning)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            _assign(request, found, assigning, form)
            return redirect("registry:import", pk)
        except Refused as refusal:
            problem = str(refusal)
    return _columns_page(request, found, assigning, form, problem)


def _titles(request):
    """Where somebody says the titles are: the row as the spreadsheet counts it."""
    form = forms.Titles(request.GET if "row" in request.GET else None)
    if not form.is_valid():
        return ()
    return form.cleaned_data["row"] - 1, form.cleaned_data["height"]


def _assign(request, found, assigning, form):
    layout = bringing.layout_with(found, assigning)
    commands.assign_columns(
        batch=found, layout=layout, columns=form.chosen,
        fingerprint=assigning.header.fingerprint, by=request.actor, at=timezone.now(),
    )  # fmt: skip
    tasks.go_on(found.pk)


def _columns_page(request, found, assigning, form, problem):
    header = assigning.header
    context = {
        "batch": found,
        "line": presenting.line(found),
        "columns": presenting.columns(assigning, form),
        "titles": forms.Titles({"row": header.first + 1, "height": header.height}),
        "left": assigning.left,
        "kept": sum(not each.target for each in assigning.columns),
        "before": batches.same_file(found),
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "registry/imports/columns.html", context, status=status)


# --- steps ----------------------------------------------------------------------------------------


def _step(request, pk, form, command, **given):
    found = _found(request, pk)
    if form is not None and not form.is_valid():
        return _page(request, found, problem=_("Please look at this again."), status=422)
    values = form.cleaned_data if form else {}
    try:
        command(batch=found, by=request.actor, at=timezone.now(), **values)
    except Refused as refusal:
        return _page(request, found, problem=str(refusal), status=422)
    tasks.go_on(found.pk)
    return redirect("registry:import", pk)


@desk(roles=rules.IMPORTERS)
@require_POST
@fence.fenced
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, forms.TakeOver(request.POST), commands.take_over)


@desk(roles=rules.IMPORTERS)
@require_POST
@fence.fenced
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, forms.Undo(request.POST), commands.undo)


@desk(roles=rules.IMPORTERS)
@require_POST
@fence.fenced
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, None, commands.discard)


@desk(roles=rules.IMPORTERS)
@require_POST
@fence.fenced
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """A job that stopped is tried again."""
    tasks.go_on(_found(request, pk).pk)
    return redirect("registry:import", pk)


# --- rows -----------------------------------------------------------------------------------------


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    found, code = _found(request, pk), request.GET.get("code", "")
    page = batches.problems(found, code, request.GET.get("cursor", ""))
    context = {
        "batch": found,
        "page": page,
        "rows": presenting.problems(found, page.rows),
        "kinds": presenting.problem_counts(found),
        "code": code,
        "may_ask": keeps_residents(request.actor),
    }
    return render(request, "registry/imports/problems.html", context)


@desk(roles=rules.IMPORTERS)
@require_POST
@fence.fenced
def ask_transfer(request: HttpRequest, pk: int, problem: int) -> HttpResponse:
    """For somebody whom another community has."""
    found = _found(request, pk)
    row = get_object_or_404(Problem, batch=found, pk=problem)
    try:
        ask_for_row(batch=found, problem=row, by=request.actor, at=timezone.now())
        messages.success(request, _("The other community is asked."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('registry:import_problems', args=[pk])}?code=elsewhere")


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    moves = "moves" in request.GET
    page = batches.differences(found, request.GET.get("cursor", ""), moves=moves)
    context = {"batch": found, "page": page, "rows": presenting.differences(page.rows)}
    return render(request, "registry/imports/differences.html", context)


@desk(roles=rules.IMPORTERS)
@require_safe
@fence.fenced
def refused(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Rows of the clerk's own file that were left out; nothing of the registry is in them."""
    found = _found(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}-left-out.{kind}"'}
    if kind == "xlsx":
        return HttpResponse(refusing.as_xlsx(found), content_type=sheets.XLSX, headers=headers)
    content = refusing.as_csv(found)  # whole: the fence ends with the view
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
