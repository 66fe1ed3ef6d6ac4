from .homes import Dwelling, Household, Membership
from .persons import BankAccount, Fact, Person, Presence, Record
from .versions import PersonKey, Source, Version

__all__ = [
    "BankAccount",
    "Dwelling",
    "Fact",
    "Household",
    "Membership",
    "Person",
    "PersonKey",
    "Presence",
    "Record",
    "Source",
    "Version",
]
