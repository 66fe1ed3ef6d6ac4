from shanzhi.kernel import crypto
from shanzhi.registry import demo, queries
from shanzhi.registry.models import BankAccount, Conflict, Household, Person

from . import factories
from .factories import MONDAY, TIANAN


def test_the_demonstration_is_small_invented_and_has_the_resident_who_signs_in(city, monkeypatch):
    monkeypatch.setattr(demo, "HOUSEHOLDS", 5)
    factories.estate("天安别墅")
    assert demo.fill(TIANAN, MONDAY) == Person.objects.count()
    resident = Person.objects.get(phone_hash=crypto.keyed_hash("13800000001", kind="phone"))
    assert (resident.name, resident.registered_place) == ("张演示", TIANAN)
    assert BankAccount.objects.get(person=resident).number == "6222000000000000004"
    assert Household.objects.count() == 6
    assert Conflict.objects.count() == 1
    for person in Person.objects.all():
        assert person.identity.startswith("320499")
        assert (person.phone or "1380000").startswith("1380000")
    worker = factories.worker()
    assert queries.residents.counts(worker).gone == 4
