"""The OpenAPI document as a page to read: no script, nothing from elsewhere."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase

from shanzhi.kernel.api import problems


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True)
class Operation:
    code: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    body: list[Field]
    body_type: str
    answers: list[tuple[str, str, str]]  # status, what it is, name of its shape
    problems: list[str]  # statuses


class Page(DocsBase):
    def render_page(self, request: HttpRequest, api, **kwargs: Any) -> HttpResponse:
        document = api.get_openapi_schema(path_params=kwargs)
        context = {
            "about": _plain(document["info"]["description"]).split("\n\n"),
            "json_url": self.get_openapi_url(api, kwargs),
            "groups": groups(document),
            "shapes": shapes(document),
            "problems": problems.KINDS,
        }
        return render(request, "shell/api.html", context)


def groups(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by tag, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, spec in methods.items():
            for tag in spec.get("tags", ["other"]):
                found.setdefault(tag, []).append(_operation(document, path, method, spec))
    return found


def shapes(document: dict[str, Any]) -> dict[str, list[Field]]:
    """What is named: fields of every shape that answers and bodies refer to."""
    schemas = document["components"]["schemas"]
    return {name: _fields(schemas[name]) for name in sorted(schemas)}


def _operation(document, path, method, spec):
    content = spec.get("requestBody", {}).get("content", {})
    body_type, body = next(iter(content.items()), ("", {}))
    return Operation(
        code=spec["operationId"],
        method=method.upper(),
        path=path,
        summary=spec["summary"],
        about=_plain(spec.get("description", "")),
        parameters=[_parameter(each) for each in spec["parameters"]],
        body=_fields(_resolved(document, body.get("schema", {}))),
        body_type=body_type,
        answers=[
            _answered(status, each)
            for status, each in spec["responses"].items()
            if "$ref" not in each
        ],
        problems=[str(status) for status, each in spec["responses"].items() if "$ref" in each],
    )


def _plain(text):
    """The document may mark code, as Markdown; the page says it in plain words."""
    return text.replace("`", "")


def _parameter(spec):
    kind = f"{spec['in']}, {_kind(spec['schema'])}"
    return Field(spec["name"], kind, spec["required"], _plain(spec.get("description", "")))


def _answered(status, spec):
    content = next(iter(spec.get("content", {}).values()), {})
    return str(status), spec["description"], _kind(content.get("schema", {}))


def _resolved(document, schema):
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _fields(schema):
    required = schema.get("required", [])
    return [
        Field(name, _kind(spec), name in required, _plain(spec.get("description", "")))
        for name, spec in schema.get("properties", {}).items()
    ]


def _kind(schema):
    """string, Unit, list of CaseRow, string or null."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(str(each) for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = schema.get("type", "any")
    return f"{kind} ({schema['format']})" if "format" in schema else kind
