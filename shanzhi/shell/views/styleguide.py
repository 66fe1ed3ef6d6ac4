"""The components on one page, for whoever builds pages; only in the demonstration."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.people.limits import TooMany

from .. import faults, samples
from . import errors

FAULTS = {
    "400": errors.BAD_REQUEST,
    "403": errors.FORBIDDEN,
    "404": errors.NOT_FOUND,
    "409": faults.of(Refused(_("This case was accepted already."))),
    "413": faults.TOO_BIG,
    "429": faults.of(TooMany(_("That was too often in a short time. Please try again later."))),
    "500": errors.BROKEN,
    "503": faults.UNREACHABLE,
    "507": faults.DISK_FULL,
    "busy": faults.BUSY,
    "csrf": errors.NO_TOKEN,
}


def phone(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/styleguide/phone.html", samples.context())


def desk(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return render(request, "shell/styleguide/desk.html", samples.context())


def plain(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/styleguide/plain.html", samples.context())


def paper(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/styleguide/paper.html", samples.context())


def fault(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FAULTS:
        raise Http404
    return faults.page(request, FAULTS[name])
