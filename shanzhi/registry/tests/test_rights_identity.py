"""The exchange with an identity service: signed out, signed back, taken once."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.utils import timezone

from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, identity, identity_demo, queries
from shanzhi.registry.models import Binding, BindingRequest

from . import rights_factories as make
from .rights_factories import NOON

pytestmark = pytest.mark.django_db

BACK = "http://testserver/me/data/bind/with/demo/back/"


@pytest.fixture(autouse=True)
def city():
    staff.city()


@pytest.fixture
def zhang():
    return make.person("张演示", make.date(1945, 3, 15), "001")


@pytest.fixture
def account():
    return make.resident(name="张演示")


def start(account, at=NOON):
    address = commands.start_identity(
        account_id=account.pk, adapter="demo", back=BACK, by=make.acting(account), at=at
    )
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def answered(params, name="张演示", number=None, at=NOON):
    """What the service sends the browser back with."""
    back = identity_demo.back(params, name, number or make.number(make.date(1945, 3, 15)), at)
    return {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}


def finish(account, params, at=NOON):
    answer = identity.ADAPTERS["demo"].read(params, at)
    return commands.finish_identity(
        account_id=account.pk, adapter="demo", answer=answer, by=make.acting(account), at=at
    )


def refuses(account, params, sentence, at=NOON):
    with pytest.raises(Refused, match=sentence):
        finish(account, params, at)
    assert Binding.objects.count() == 0


def test_there_and_back_binds_the_account(account, zhang):
    sent = start(account)
    identity_demo.check_request(sent, NOON)
    binding = finish(account, answered(sent))

    assert (binding.person_id, binding.level, binding.proved_by) == (zhang.pk, 2, None)
    assert BindingRequest.objects.get().state == "done"


def test_the_request_is_signed_and_the_service_refuses_an_altered_or_old_one(account):
    sent = start(account)
    for altered in (
        {"redirect_uri": "http://evil.example/"}, {"nonce": "x"}, {"sign": "0" * 64},
        {"timestamp": "yesterday"},
    ):  # fmt: skip
        with pytest.raises(Refused, match="not genuine"):
            identity_demo.check_request(sent | altered, NOON)
    with pytest.raises(Refused, match="not genuine"):
        identity_demo.check_request(sent, NOON + timedelta(minutes=6))


def test_a_token_is_taken_once(account, zhang):
    params = answered(start(account))
    finish(account, params)
    with pytest.raises(Refused, match="not genuine"):
        finish(account, params)
    second = start(account)
    replayed = params | {"state": second["state"]}
    with pytest.raises(Refused, match="not genuine"):
        finish(account, replayed)
    assert Binding.objects.count() == 1


def test_the_answer_to_another_account_s_request_binds_nobody(account, zhang):
    stranger = make.resident("13800000099", "路人")
    refuses(stranger, answered(start(account)), "not genuine")


def test_a_state_that_was_never_asked_for_binds_nobody(account, zhang):
    params = answered(start(account))
    refuses(account, params | {"state": "no-such-state"}, "not genuine")


def test_it_must_come_back_in_time(account, zhang):
    params = answered(start(account))
    refuses(account, params, "too late", NOON + timedelta(minutes=8))
    late = answered(start(account), at=NOON + timedelta(minutes=11))
    refuses(account, late, "too late", NOON + timedelta(minutes=11))


def test_a_no_at_the_service_binds_nobody(account, zhang):
    params = answered(start(account), name=None)
    refuses(account, params, "did not confirm")


def test_an_altered_token_a_foreign_key_and_no_signature_at_all_are_refused(account, zhang):
    params = answered(start(account))
    head, claims, signature = params["token"].split(".")
    other = json.loads(base64.urlsafe_b64decode(claims + "=="))
    other["id_number"] = make.number(make.date(1950, 1, 1))
    forged = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for token in (
        f"{head}.{forged}.{signature}", f"{none}.{claims}.", f"{head}.{claims}", "", "x.y.z",
        f"{head}.{claims}.{'A' * 86}",
    ):  # fmt: skip
        refuses(account, params | {"token": token}, "not genuine")


def test_a_number_the_registry_does_not_have_and_another_name_bind_nobody(account, zhang):
    unknown = make.number(make.date(1960, 1, 1), "777")
    refuses(account, answered(start(account), number=unknown), "does not know you")
    refuses(account, answered(start(account), name="李演示"), "does not know you")


def test_two_holders_of_one_number_are_settled_first(account, zhang):
    make.person("张演示", make.date(1945, 3, 15), "001", place=staff.FUDU)
    refuses(account, answered(start(account)), "does not know you")


def test_a_service_with_an_rsa_key_speaks_the_same(account):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    service = identity.Service("https://id.example/", "id.example", "us", "secret", public.decode())
    issued = int(NOON.timestamp())
    claims = {
        "iss": "id.example", "aud": "us", "iat": issued, "exp": issued + 60, "nonce": "n",
        "jti": "1", "name": "张演示", "id_number": "1",
    }  # fmt: skip

    def token(claims):
        parts = [b'{"alg":"RS256"}', json.dumps(claims).encode()]
        text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    answer = identity.read(service, {"state": "s", "token": token(claims)}, NOON)
    assert (answer.name, answer.token, answer.state) == ("张演示", "1", "s")
    for wrong in ({"aud": "them"}, {"iss": "them"}, {"exp": "soon"}, {"jti": None, "nonce": 5}):
        if wrong.get("jti", "") is None:
            altered = {name: claims[name] for name in claims if name != "jti"}
        else:
            altered = claims | wrong
        with pytest.raises(Refused, match="not genuine"):
            identity.read(service, {"state": "s", "token": token(altered)}, NOON)


def test_in_the_browser_through_the_demonstration_s_service(english, account, zhang):
    phone = staff.enter(english, account)
    away = phone.post("/me/data/bind/with/demo/").headers["Location"]
    assert away.startswith("/demo/identity/?")
    assert "张演示" in phone.get(away).text
    back = phone.post(away, {"number": make.number(make.date(1945, 3, 15))}).headers["Location"]
    assert phone.get(back).headers["Location"] == "/me/data/"
    assert queries.bound_person(account.pk) == zhang
    assert phone.get(back).headers["Location"] == "/me/data/bind/"
    no = phone.post("/me/data/bind/with/demo/").headers["Location"]
    refused = phone.post(no, {"number": "none"}).headers["Location"]
    assert phone.get(refused).headers["Location"] == "/me/data/bind/"
    assert timezone.now() is not None
