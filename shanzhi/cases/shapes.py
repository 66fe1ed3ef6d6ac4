"""The shapes inside an item's JSON columns, checked whenever an item is saved or imported."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Limit

FieldType = Literal[
    "text", "longtext", "choice", "choices", "date", "number", "name", "identity", "phone", "bank",
    "address", "file", "group",
]  # fmt: skip
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
    options: list[str] = []  # of choice and choices
    min: int | None = None  # number: value; text: length; group: rows; date: not used
    max: int | None = None
    past: bool = False  # a date that may not lie in the future
    sensitive: bool = False  # sealed although its type is not
    fields: list["FormField"] = []  # of a group

    @model_validator(mode="after")
    def fits(self):
        if (self.type in {"choice", "choices"}) != bool(self.options):
            raise ValueError(f"{self.key}: options belong to a choice, and a choice needs them")
        if (self.type == "group") != bool(self.fields):
            raise ValueError(f"{self.key}: fields belong to a group, and a group needs them")
        if any(inner.type == "group" for inner in self.fields):
            raise ValueError(f"{self.key}: a group does not hold another group")
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
    copies: int = 1
    note: str = Limit("", max_length=120)


class Step(Strict):
    """One step of handling. When it is finished, the case goes to the unit of the next one."""

    name: str = Limit(min_length=1, max_length=40)
    level: Literal["community", "subdistrict", "district", "city"]
    department: str = ""
    days: int | None = None
    accepts: bool = False  # the first step, done by accepting the case


class Question(Strict):
    question: str
    answer: str


class Instead(Strict):
    """Why this is not done here, and who does it."""

    reason: str = ""
    where: str = ""
    items: list[str] = []  # codes of items that serve the need
