from .conflicts import Conflict, Transfer
from .deaths import Death
from .homes import Dwelling, Household, Membership
from .imports import (
    Batch,
    BatchHousehold,
    Chunk,
    ColumnMap,
    Difference,
    Feed,
    FeedRun,
    Hidden,
    Problem,
)
from .linking import LinkJob, LinkPair, Merge, NotSame
from .persons import BankAccount, Fact, Person, Presence, Record
from .population import Headcount, Turn
from .privacy import Assessment, Consent, Incident, IncidentStep, PrivacyNotice, Purpose
from .rights import (
    Binding,
    BindingRequest,
    ChangeRequest,
    ErasureRequest,
    Level,
    Relation,
    SeenToken,
)
from .sharing import Grant, GrantElement, GrantPart, ReadEntry
from .tags import Tag
from .versions import FormerStay, PersonKey, Source, Version

__all__ = [
    "Assessment",
    "BankAccount",
    "Batch",
    "BatchHousehold",
    "Binding",
    "BindingRequest",
    "ChangeRequest",
    "Chunk",
    "ColumnMap",
    "Conflict",
    "Consent",
    "Death",
    "Difference",
    "Dwelling",
    "ErasureRequest",
    "Fact",
    "Feed",
    "FeedRun",
    "FormerStay",
    "Grant",
    "GrantElement",
    "GrantPart",
    "Headcount",
    "Hidden",
    "Household",
    "Incident",
    "IncidentStep",
    "Level",
    "LinkJob",
    "LinkPair",
    "Membership",
    "Merge",
    "NotSame",
    "Person",
    "PersonKey",
    "Presence",
    "PrivacyNotice",
    "Problem",
    "Purpose",
    "ReadEntry",
    "Record",
    "Relation",
    "SeenToken",
    "Source",
    "Tag",
    "Transfer",
    "Turn",
    "Version",
]
