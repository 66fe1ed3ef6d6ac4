"""The registry's own sections, field by field as the catalogue shows them.

Owners are departments; laws are named where they are known, else the collecting duty of
the community (城市居民委员会组织法).
"""

from django.utils.translation import gettext_lazy as _

from .kinds import Element, Section, Sensitivity, Share
from .models import BankAccount, Dwelling, Household, Person

POLICE, CIVIL, HUMAN, EDUCATION, ORGANISATION, HOUSING = (
    "police", "civil_affairs", "human_resources", "education", "organisation", "housing",
)  # fmt: skip
REGISTER = "户口登记条例"
COMMITTEE = "城市居民委员会组织法第三条"
GENERAL, SENSITIVE = Sensitivity.GENERAL, Sensitivity.SENSITIVE

PERSON = Section(
    "person",
    _("Person"),
    Person,
    POLICE,
    (
        Element(
            "name",
            _("Full name"),
            _("As on the identity document, with rare characters"),
            basis=REGISTER,
            mask="name",
        ),
        Element(
            "former_name", _("Former name"), _("The name used before"), basis=REGISTER, mask="name"
        ),
        Element(
            "sex", _("Sex"), _("As on the identity document"), basis=REGISTER, sensitivity=GENERAL
        ),
        Element("ethnic", _("Ethnic group"), _("As in the household register"), basis=REGISTER),
        Element(
            "birth",
            _("Date of birth"),
            _("As on the identity document"),
            basis=REGISTER,
            mask="year",
        ),
        Element(
            "document",
            _("Kind of identity document"),
            _("Which document the number is from"),
            basis=REGISTER,
            sensitivity=GENERAL,
        ),
        Element(
            "identity",
            _("Identity number"),
            _("The number on the identity document"),
            basis="居民身份证法",
            sensitivity=SENSITIVE,
            mask="identity",
            hashed="identity",
        ),
        Element(
            "phone",
            _("Phone"),
            _("The number on which the person is reached"),
            owner=CIVIL,
            basis=COMMITTEE,
            mask="phone",
            hashed="phone",
        ),
        Element(
            "other_phone",
            _("Further phone"),
            _("A second number"),
            owner=CIVIL,
            basis=COMMITTEE,
            mask="phone",
            hashed="phone",
        ),
        Element(
            "registered_place",
            _("Division of the household register"),
            _("Where the person's household register is"),
            basis=REGISTER,
            sensitivity=GENERAL,
        ),
        Element(
            "registered_address",
            _("Registered address"),
            _("As in the household register"),
            basis=REGISTER,
            mask="address",
        ),
        Element(
            "education",
            _("Education"),
            _("The highest completed level"),
            owner=EDUCATION,
            basis=COMMITTEE,
        ),
        Element(
            "marital", _("Marital status"), _("As registered"), owner=CIVIL, basis="婚姻登记条例"
        ),
        Element(
            "political",
            _("Political status"),
            _("As the organisation keeps it"),
            owner=ORGANISATION,
            basis=COMMITTEE,
            sensitivity=SENSITIVE,
        ),
        Element(
            "work",
            _("Work"),
            _("What the person lives from, or does"),
            owner=HUMAN,
            basis="就业促进法",
        ),
        Element(
            "employer",
            _("Employer"),
            _("Where the person works or studies"),
            owner=HUMAN,
            basis="就业促进法",
        ),
        Element(
            "state", _("State"), _("Lives, moved away, died"), basis=REGISTER, sensitivity=GENERAL
        ),
        Element("died_on", _("Date of death"), _("As registered"), basis=REGISTER),
    ),
)

HOME = Section(
    "home",
    _("Dwelling"),
    Dwelling,
    HOUSING,
    (
        Element(
            "place",
            _("Community or grid"),
            _("The division the dwelling lies in"),
            sensitivity=GENERAL,
            share=Share.UNCONDITIONAL,
            basis=COMMITTEE,
        ),
        Element(
            "estate",
            _("Estate"),
            _("The named group of buildings"),
            sensitivity=GENERAL,
            basis=COMMITTEE,
        ),
        Element(
            "road",
            _("Road"),
            _("Road or lane, without the number"),
            sensitivity=GENERAL,
            basis=COMMITTEE,
        ),
        Element(
            "building",
            _("Building"),
            _("Number of the building"),
            sensitivity=GENERAL,
            basis=COMMITTEE,
        ),
        Element(
            "door",
            _("Number, unit and room"),
            _("What leads to the door"),
            basis=COMMITTEE,
            mask="hidden",
            hashed="door",
        ),
        Element(
            "written",
            _("Address as written"),
            _("The address as somebody wrote it"),
            basis=COMMITTEE,
            mask="address",
        ),
        Element(
            "holding", _("How the dwelling is held"), _("Owned, rented, public …"), basis=COMMITTEE
        ),
        Element(
            "longitude",
            _("Longitude"),
            _("In CGCS2000"),
            unit=_("degrees"),
            basis=COMMITTEE,
            mask="hidden",
        ),
        Element(
            "latitude",
            _("Latitude"),
            _("In CGCS2000"),
            unit=_("degrees"),
            basis=COMMITTEE,
            mask="hidden",
        ),
    ),
)

HOUSEHOLD = Section(
    "household",
    _("Household"),
    Household,
    POLICE,
    (
        Element(
            "kind",
            _("Kind of household"),
            _("Family or collective"),
            sensitivity=GENERAL,
            basis=REGISTER,
        ),
        Element(
            "place",
            _("Division of the household"),
            _("Where the household lives"),
            sensitivity=GENERAL,
            basis=REGISTER,
        ),
        Element(
            "dwelling",
            _("Dwelling of the household"),
            _("The home it lives in"),
            basis=REGISTER,
            mask="hidden",
        ),
        Element(
            "number",
            _("Number of the household"),
            _("On the household register"),
            basis=REGISTER,
            mask="hidden",
        ),
        Element(
            "ended_on",
            _("Ended on"),
            _("When the household was dissolved"),
            sensitivity=GENERAL,
            basis=REGISTER,
        ),
    ),
)

BANK = Section(
    "bank",
    _("Bank account"),
    BankAccount,
    CIVIL,
    (
        Element("bank", _("Bank"), _("Where the account is kept"), basis="社会救助暂行办法"),
        Element(
            "number",
            _("Account number"),
            _("The account benefits are paid to"),
            sensitivity=SENSITIVE,
            basis="社会救助暂行办法",
            mask="bank",
            hashed="bank",
        ),
    ),
    retention=5,
)

OWN = (PERSON, HOME, HOUSEHOLD, BANK)
