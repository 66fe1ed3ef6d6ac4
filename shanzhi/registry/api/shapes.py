"""The documented shapes of answers."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..models import Grant


class Element(BaseModel):
    """A data item as the catalogue knows it."""

    code: str = Field(description="the catalogue name: person.phone")
    title: str
    section: str
    definition: str
    type: Literal["text", "code", "date", "number", "yes_no"]
    length: int | None
    code_list: str
    standard: str = Field(description="of the code list, with its year")
    unit: str
    owner: str
    source: str
    basis: str
    sensitivity: str
    share: str
    cycle: str
    retention: int = Field(description="years after the person has left or died")
    mask: str
    synonyms: list[str]


class Elements(BaseModel):
    rows: list[Element]


class Code(BaseModel):
    code: str
    words: str


class ElementWhole(Element):
    codes: list[Code]


class GrantedElement(BaseModel):
    code: str
    title: str
    full: bool = Field(description="without a mask")


class GrantRow(BaseModel):
    number: str
    state: Literal[tuple(Grant.State.values)]
    purpose: str
    basis: str
    scope: str = Field(description="code of the division")
    method: Literal[tuple(Grant.Method.values)]
    since: date
    until: date = Field(description="the last day")


class GrantPage(BaseModel):
    rows: list[GrantRow]
    next: str


class GrantWhole(GrantRow):
    elements: list[GrantedElement] = Field(description="what can be read")


class PersonRow(BaseModel):
    """`values` by catalogue name: codes as codes, days as ISO 8601, masked where not in full."""

    person: int = Field(description="the same person has the same number in every answer")
    place: str = Field(description="code of the community or grid of the presence")
    values: dict[str, str]


class PersonPage(BaseModel):
    rows: list[PersonRow]
    next: str = Field(description='cursor of the following page; "" on the last')


class Persons(BaseModel):
    rows: list[PersonRow]


class LookUp(BaseModel):
    model_config = ConfigDict(extra="forbid")

    identity: str = Field(min_length=15, max_length=24)
    elements: list[str] = Field([], max_length=100, description="fewer than granted; empty is all")
