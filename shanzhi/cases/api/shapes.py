"""The documented shapes of answers. Rows are made without them; the tests hold them to it."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ..models import Case
from ..shapes import FieldType, FormField, Instead, Material, Question, Step

State = Literal[tuple(Case.State.values)]
Channel = Literal[tuple(Case.Channel.values)]


class Unit(BaseModel):
    place: str = Field(description="code of its division")
    department: str = Field(description='"" is the general desk')
    name: str


class CaseRow(BaseModel):
    """A case in a list, and the answer to every step."""

    number: str = Field(description="twelve digits of the receipt")
    title: str
    item: str
    item_name: str
    category: str
    state: State
    decision: Literal["", "granted", "refused"]
    place: str = Field(description="where the matter is")
    location: str
    applicant: str = Field(description="masked")
    channel: Channel
    source: str = Field(description="the system it came from, if not sent here")
    external_number: str = Field(description="its number there")
    unit: Unit = Field(description="who answers")
    submitted_at: datetime
    accepted_at: datetime | None
    promised_due_at: datetime | None
    statutory_due_at: datetime | None
    provisional: bool = Field(description="counted with a year whose holidays are not published")
    replied_at: datetime | None
    closed_at: datetime | None


class CasePage(BaseModel):
    rows: list[CaseRow]
    next: str = Field(description='cursor of the following page; "" on the last')


class Receipt(BaseModel):
    """The new case. A repeated number of the same source gives the case of the first time."""

    case: CaseRow
    code: str = Field(description="six digits that follow the case without an account; once only")
    created: bool


class Answered(BaseModel):
    key: str
    label: str
    type: FieldType
    value: Any = Field(description="text, list of texts or file ids, or rows of a group")
    masked: bool


class Attachment(BaseModel):
    id: UUID
    name: str
    content_type: str
    size: int


class Gaps(BaseModel):
    gaps: list[str]
    asked_at: datetime
    answered_at: datetime | None


class Reply(BaseModel):
    kind: Literal["not_accepted", "decision", "answer", "call_back"]
    at: datetime
    text: str
    grounds: str
    remedy: str


class Helper(BaseModel):
    id: int
    unit: Unit
    task: str
    began_at: datetime
    ended_at: datetime | None
    opinion: str


class Rated(BaseModel):
    score: int = Field(description="5 very satisfied … 1 very dissatisfied")
    words: str
    at: datetime


class Remark(BaseModel):
    at: datetime
    text: str


class Event(BaseModel):
    at: datetime
    verb: str
    text: str


class ItemStep(BaseModel):
    name: str
    done: bool


class CaseWhole(CaseRow):
    """Everything about a case; personal values are masked."""

    item_version: int
    phone: str = Field(description="masked")
    deemed: bool = Field(description="accepted because nobody spoke within five working days")
    extended_reason: str
    delivery: str
    steps: list[ItemStep]
    answers: list[Answered]
    attachments: list[Attachment]
    correction: Gaps | None
    replies: list[Reply]
    helpers: list[Helper]
    ratings: list[Rated]
    notes: list[Remark]
    timeline: list[Event]
    possible: list[str] = Field(description="steps that the key's post may take now")


class Change(BaseModel):
    at: datetime
    verb: str
    number: str
    state: State = Field(description="of the case now")


class Changes(BaseModel):
    rows: list[Change]
    next: str = Field(description="cursor from which to ask on; never empty")


class ItemRow(BaseModel):
    code: str
    version: int
    name: str
    summary: str
    theme: str
    kind: str
    department: str
    level: str
    promised_amount: int
    promised_unit: str


class ItemPage(BaseModel):
    rows: list[ItemRow]
    next: str


class ItemWhole(ItemRow):
    provider: str
    audience: str
    basis: list[str]
    conditions: list[str]
    materials: list[Material]
    steps: list[Step]
    form: list[FormField]
    answers_schema: dict[str, Any] = Field(description="JSON Schema of `answers` of a submission")
    statutory_amount: int | None
    statutory_unit: str
    fee: str
    result: str
    delivery: str
    window: str
    phone: str
    faq: list[Question]
    instead: Instead
    published_at: datetime


class Category(BaseModel):
    code: str
    name: str
    path: str


class Categories(BaseModel):
    rows: list[Category]


class Routed(BaseModel):
    unit: Unit
    rule: str = Field(description='name of the routing rule; "" is the item\'s own first step')


class Place(BaseModel):
    code: str
    name: str
    level: str
    path: str = Field(description="names above it, from the city down")


class Places(BaseModel):
    rows: list[Place]


class Duty(BaseModel):
    """What waits for the key's unit."""

    id: int
    kind: str
    kind_title: str
    title: str
    detail: str
    person: str = Field(description="masked")
    link: str = Field(description="its page on the desk")
    due_at: datetime
    mark: str = Field(description='"", blue, yellow, red')
    provisional: bool
    paused: bool
    remaining: str


class DutyPage(BaseModel):
    rows: list[Duty]
    next: str


class Tally(BaseModel):
    key: str = Field(description="a day, the code of a division, or the code of an item")
    count: int


class Tallies(BaseModel):
    measure: str
    place: str
    since: date
    until: date
    total: int
    rows: list[Tally]
