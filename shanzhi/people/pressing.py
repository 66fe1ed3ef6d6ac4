"""What a view does with a command that may refuse."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from shanzhi.kernel import Refused

from .decorators import refused


def tried(form: forms.Form, run: Callable[[], Any]) -> Any:
    """What the command gives; None where it refused, and the form says why."""
    try:
        return run()
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal).splitlines())
        return None


def done(
    request: HttpRequest, sentence: str, run: Callable[[], Any], to: str, *args: Any
) -> HttpResponse:
    """After one press: what was done, or the page that says why not and leads back."""
    try:
        run()
    except Refused as refusal:
        return refused(request, str(refusal), resolve_url(to, *args))
    messages.success(request, sentence)
    return redirect(to, *args)
