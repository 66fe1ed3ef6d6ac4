"""What ninja's API lacks for ours: problem documents everywhere, languages, one documented set of
errors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI

from shanzhi.kernel.api import problems
from shanzhi.kernel.api.problems import Problem

from . import mistakes

View = Callable[..., HttpResponse]


class Frame(NinjaAPI):
    def __init__(self, **options: Any):
        super().__init__(**options)
        self._document: dict[str, Any] | None = None

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, mistakes.answer)

    def get_openapi_operation_id(self, operation) -> str:
        return operation.view_func.__name__

    @property
    def urls(self):
        """All views inside our edge, and a problem document for every other address."""
        patterns, app_name, namespace = super().urls
        for pattern in patterns:
            pattern.callback = edge(pattern.callback)
        home = path("", edge(lambda request: redirect(f"{namespace}:openapi-view")))
        rest = re_path("", edge(_nothing_here))
        return [home, *patterns, rest], app_name, namespace

    def get_openapi_schema(self, *, path_prefix=None, path_params=None) -> dict[str, Any]:
        """Made once: it depends on the code alone."""
        if self._document is None:
            made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            self._document = with_problems(made)
        return self._document


def _nothing_here(request):
    raise Problem(problems.NOT_FOUND)


def edge(view: View) -> View:
    """The language, what ninja does not answer as a problem, and the headers of every answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            answer = _answer(view, request, args, kwargs)
        answer.headers.setdefault("Content-Language", language)
        answer.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(answer, ["Accept-Language"])
        for name, value in getattr(getattr(request, "quota", None), "headers", {}).items():
            answer.headers.setdefault(name, value)
        return answer

    wrapped.csrf_exempt = True
    return wrapped


def _answer(view, request, args, kwargs):
    try:
        answer = view(request, *args, **kwargs)
    except Exception as error:
        return mistakes.answer(request, error)
    if answer.status_code == 405:
        allowed = {"Allow": answer.headers["Allow"]}
        return problems.answer(request, Problem(problems.NO_SUCH_METHOD, headers=allowed))
    return answer


# --- the document ---------------------------------------------------------------------------------

OF_EVERY = (400, 401, 403, 404, 422, 429, 500, 503)
OF_POST = (409, 413, 415)


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Every operation may answer with every problem: said once, referred to everywhere."""
    components = document["components"]
    components["schemas"]["Problem"] = problems.SCHEMA
    components["responses"] = {
        f"Problem{status}": {
            "description": problems.phrase(status),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in problems.STATUSES
    }
    for methods in document["paths"].values():
        for method, operation in methods.items():
            for status in (*OF_EVERY, *(OF_POST if method == "post" else ())):
                operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    return document
