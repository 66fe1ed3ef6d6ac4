"""The shapes inside an item's JSON columns, checked whenever an item is saved or imported."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Limit
from pydantic_core import PydanticCustomError as Misfit

FieldType = Literal[
    "text", "longtext", "choice", "choices", "date", "number", "name", "identity", "phone", "bank",
    "address", "file", "group",
]  # fmt: skip
FILLABLE = {"text", "choice", "date", "number", "name", "identity", "phone", "bank", "address"}
SEALED = {"name", "identity", "phone", "bank", "address", "file"}  # never stored in the clear


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormField(Strict):
    """One question. `key` names the answer; a group repeats its `fields` `min` to `max` times."""

    key: str = Limit(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    label: str = Limit(min_length=1, max_length=40)
    type: FieldType
    required: bool = True
    help: str = Limit("", max_length=120)
    options: list[Annotated[str, Limit(max_length=60)]] = []  # of choice and choices
    min: int | None = None  # number: value; text: length; group: rows; date: not used
    max: int | None = None
    past: bool = False  # a date that may not lie in the future
    sensitive: bool = False  # sealed although its type is not
    fields: list["FormField"] = []  # of a group
    fills: str = Limit("", max_length=80)  # an element of the registry: "person.birth"

    @model_validator(mode="after")
    def fits(self):
        """Misfits are told apart by code; catalogue.py has the sentences."""
        if (self.type in {"choice", "choices"}) != bool(self.options):
            raise Misfit("options", "options belong to a choice, and a choice needs them")
        if len(set(self.options)) < len(self.options) or not all(self.options):
            raise Misfit("options_differ", "options are different texts")
        if (self.type == "group") != bool(self.fields):
            raise Misfit("fields", "fields belong to a group, and a group needs them")
        if any(inner.type in {"group", "file"} for inner in self.fields):
            raise Misfit("inner", "a group holds neither another group nor files")
        if self.fills and self.type not in FILLABLE:
            raise Misfit("fills", "only a single value is filled from the registry")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Misfit("range", "the smallest is larger than the largest")
        return self

    @property
    def sealed(self) -> bool:
        return self.sensitive or self.type in SEALED


class Material(Strict):
    """One paper. Not asked for where data or a written commitment can stand in for it."""

    name: str = Limit(min_length=1, max_length=60)
    needed: bool = True
    obtainable: bool = False  # from data that government already holds
    commitment: bool = False  # a written promise replaces it (告知承诺)
    deferrable: bool = False  # may follow later (容缺)
    form: str = Limit("", max_length=40)  # original, copy, electronic
    copies: int = Limit(1, ge=1, le=99)
    note: str = Limit("", max_length=120)


class Step(Strict):
    """One step of handling. When it is finished, the case goes to the unit of the next one."""

    name: str = Limit(min_length=1, max_length=40)
    level: Literal["community", "subdistrict", "district", "city"]
    department: str = ""
    days: int | None = Limit(None, ge=0, le=999)
    accepts: bool = False  # the first step, done by accepting the case


class Question(Strict):
    question: str = Limit(min_length=1, max_length=200)
    answer: str = Limit(min_length=1, max_length=2000)


class Instead(Strict):
    """Why this is not done here, and who does it."""

    reason: str = Limit("", max_length=500)
    where: str = Limit("", max_length=500)
    items: list[str] = []  # codes of items that serve the need
