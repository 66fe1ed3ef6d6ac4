import pytest
from django.core.exceptions import ImproperlyConfigured

from shanzhi.registry import kinds
from shanzhi.registry.models import BankAccount


def test_every_element_of_our_own_sections_has_a_synonym_people_use():
    assert [entry.code for entry in kinds.entries() if not entry.synonyms] == []


def test_what_the_column_says_is_read_off_it():
    birth, sex, identity = map(kinds.entry, ("person.birth", "person.sex", "person.identity"))
    assert (birth.type, sex.type, sex.codelist.code, sex.length) == ("date", "code", "sex", 1)
    assert (identity.type, identity.sealed) == ("text", True)
    assert "公民身份号码" in identity.synonyms


def test_owner_is_the_sections_unless_the_element_names_another():
    assert (kinds.entry("person.name").owner, kinds.entry("person.phone").owner) == (
        "police", "civil_affairs",
    )  # fmt: skip


@pytest.mark.parametrize("code", ["", "person", "person.", "person.nothing", "nobody.name"])
def test_an_unknown_name_is_no_element(code):
    assert kinds.entry(code) is None


def test_a_section_that_says_too_little_of_its_model_is_refused():
    element = kinds.Element("bank", "Bank", "Where the account is kept")
    with pytest.raises(ImproperlyConfigured, match="number"):
        kinds.register(kinds.Section("half", "Half", BankAccount, "civil_affairs", (element,)))
    assert "half" not in kinds.SECTIONS
