import pytest

from shanzhi.people.models import Account
from shanzhi.people.tests import factories as people


@pytest.fixture
def resident(db, client):
    account = people.resident()
    people.enter(client, account)
    return account


def heading(client, path="/styleguide/plain/"):
    return client.get(path).content.decode().split("<h1>")[1].split("</h1>")[0]


def test_a_first_visit_is_in_chinese_whatever_the_browser_claims(client):
    response = client.get("/styleguide/plain/", headers={"accept-language": "en-US,en"})

    assert response["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans">' in response.content.decode()
    assert "界面规范" in response.content.decode()


def test_one_tap_changes_the_language_of_this_device(client):
    answer = client.post("/prefs/language", {"language": "en", "next": "/styleguide/plain/"})

    assert (answer.status_code, answer["Location"]) == (302, "/styleguide/plain/")
    assert heading(client) == "Style guide"


def test_traditional_chinese_is_made_from_simplified(client):
    client.post("/prefs/language", {"language": "zh-hant"})

    assert heading(client) == "界面規範"


def test_an_unknown_language_changes_nothing(client):
    client.post("/prefs/language", {"language": "xx"})

    assert heading(client) == "界面规范"


def test_one_tap_makes_the_type_large_and_one_more_makes_it_normal(client):
    client.post("/prefs/large", {"large": "1"})
    assert ' class="large">' in client.get("/styleguide/").content.decode()

    client.post("/prefs/large", {"large": "0"})
    assert ' class="large">' not in client.get("/styleguide/").content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "", "javascript:x"])
def test_a_choice_never_leads_to_a_foreign_site(client, address):
    assert client.post("/prefs/large", {"large": "1", "next": address})["Location"] == "/"


def test_a_link_cannot_change_a_preference(client):
    assert client.get("/prefs/large").status_code == 405


def test_the_choice_of_someone_signed_in_goes_into_the_account(client, resident):
    client.post("/prefs/language", {"language": "en"})
    client.post("/prefs/large", {"large": "1"})

    resident.refresh_from_db()
    assert (resident.language, resident.large) == ("en", True)


def test_a_new_device_learns_the_language_from_the_account(client, resident, settings):
    Account.objects.filter(pk=resident.pk).update(language="en", large=True)
    response = client.get("/styleguide/plain/")

    assert response["Content-Language"] == "en"
    assert '<html lang="en" class="large">' in response.content.decode()
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_the_device_counts_more_than_the_account(client, resident, settings):
    Account.objects.filter(pk=resident.pk).update(language="en")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"

    assert heading(client) == "界面规范"
