"""What is sent. Unknown fields are refused: a mistyped name must not be lost in silence."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .. import rules
from ..models import Case


def text(limit: int, about: str = "", *, least: int = 1):
    return Annotated[str, Field(min_length=least, max_length=limit, description=about)]


PlaceCode = Annotated[str, Field(pattern=r"^[0-9]{2,20}$", description="code of a division")]
ItemCode = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """No words are needed."""


class Submission(Body):
    """A request someone made elsewhere, or a worker takes down."""

    item: ItemCode
    place: PlaceCode = Field(description="the community or grid it is about")
    name: str = Field(min_length=2, max_length=60)
    phone: str = Field("", max_length=20, description="may be empty where there is none")
    answers: dict[str, Any] = Field({}, description="by field key, as the item's form asks")
    category: str = Field("", pattern=r"^[0-9]{0,6}$", description="of a free report")
    estate: str = Field("", max_length=100)
    source: str = Field("", max_length=20, description="12345, or the code of another system")
    external_number: str = Field("", max_length=60, description="its number there")


class UnitChoice(Body):
    place: PlaceCode
    department: str = Field("", max_length=30)


class Missing(Body):
    gaps: list[text(300)] = Field(min_length=1, max_length=20, description="all at once")


class Answers(Body):
    answers: dict[str, Any] = Field(description="the whole form again, completed")


class NotAccept(Body):
    reason: Literal[tuple(rules.NOT_ACCEPTED_FOR)]
    text: text(1000, "told to the applicant")
    remedy: text(500, "where to object or go instead")


class StepDone(Body):
    step: int = Field(ge=0, le=99, description="counted from 0")


ADMISSION = "of the gate; a department needs it to pass work to a community"


class Transfer(Body):
    unit: UnitChoice
    reason: text(200)
    number: str = Field("", max_length=12, description=ADMISSION)


class Reason(Body):
    reason: text(200)


class AskHelp(Body):
    unit: UnitChoice
    task: text(300)
    days: int = Field(3, ge=1, le=30, description="working days")
    number: str = Field("", max_length=12, description=ADMISSION)


class HelperId(Body):
    helper: int = Field(ge=1, le=2**63 - 1)


class Opinion(HelperId):
    opinion: text(2000, least=2)


class Suspend(Body):
    reason: Literal[tuple(rules.PAUSES)]
    document: text(100, "number or title of the paper that orders it")


class Extend(Body):
    days: int = Field(ge=1, le=rules.EXTEND_AT_MOST, description="working days")
    reason: text(200, "told to the applicant")


class Decide(Body):
    decision: Literal[tuple(Case.Decision.values)]
    text: text(2000, least=5)
    grounds: str = Field("", max_length=1000, description="of a refusal")
    remedy: str = Field("", max_length=500, description="of a refusal")


class Answer(Body):
    text: text(2000, least=5)


class Deliver(Body):
    method: text(200, "how and to whom")


class Words(Body):
    text: text(1000)
