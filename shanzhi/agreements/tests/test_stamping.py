"""Signatures with the time stamp of a third party: given, silent, wrong, trusted or not."""

import pytest

from shanzhi.burden.tests.factories import text_of
from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people

from .. import commands, stamping
from ..models import Signature
from ..pades import seal as pades
from . import authority
from . import factories as make
from .factories import AT, STREET
from .test_signing import content_of, refuses

pytestmark = pytest.mark.usefixtures("town")
A = "/desk/agreements/"


@pytest.fixture
def stamps(settings, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with authority.serving() as server:
        settings.SHANZHI_SEALS_TIMESTAMP = server.url
        yield server


def test_both_signatures_carry_the_time_of_the_authority(stamps):
    agreement = make.in_force()
    examined = pades.examine(content_of(agreement))
    assert examined.good and len(examined.signatures) == 2
    for each in examined.signatures:
        assert (each.stamp.at, each.stamp.subject) == (authority.STAMPED, authority.NAME)
        assert (each.stamp.valid, each.stamp.trusted, each.trust) == (True, False, "demonstration")
    times = Signature.objects.values_list("stamped_at", flat=True)
    assert set(times) == {authority.STAMPED}


def test_an_authority_the_city_trusts_is_shown_so(stamps, settings, tmp_path):
    path = tmp_path / "authorities.pem"
    path.write_bytes(stamps.pem)
    settings.SHANZHI_SEALS_TRUST = str(path)
    [signed] = pades.examine(content_of(make.half_signed())).signatures
    assert signed.stamp.trusted and signed.stamp.valid


@pytest.mark.parametrize("how", ["nonsense", "garbled", "refuses", "another"])
def test_where_it_gives_no_stamp_nothing_is_signed(stamps, how):
    agreement = make.agreed()
    stamps.how = how
    refuses(agreement, "time-stamp authority does not answer", commands.sign, by=make.secretary())
    stamps.how = "stamps"
    commands.sign(agreement=agreement, by=make.secretary(), at=AT)


def test_nobody_at_its_address_signs_nothing(stamps, settings):
    settings.SHANZHI_SEALS_TIMESTAMP = "http://127.0.0.1:9/"
    refuses(make.agreed(), "nothing was signed", commands.sign, by=make.secretary())


def test_where_the_setting_says_so_it_is_signed_without_one(stamps, settings):
    settings.SHANZHI_SEALS_TIMESTAMP_NEEDED = False
    stamps.how = "nonsense"
    agreement = make.half_signed()
    [signed] = pades.examine(content_of(agreement)).signatures
    assert signed.good and signed.stamp is None
    assert agreement.signatures.get().stamped_at is None


def test_by_default_there_is_none():
    agreement = make.half_signed()
    assert stamping.authority() is None
    [signed] = pades.examine(content_of(agreement)).signatures
    assert signed.stamp is None and agreement.signatures.get().stamped_at is None


def test_signing_together_says_of_each_that_the_authority_is_silent(stamps):
    clerk, agreement = make.clerk(), make.half_signed()
    run = commands.start_signing(
        place=STREET, year=agreement.year, numbers=[agreement.number], by=clerk, at=AT
    )
    stamps.how = "refuses"
    while commands.sign_more(run=run, by=clerk, at=AT):
        pass
    run.refresh_from_db()
    assert run.made == 0 and "nothing was signed" in run.failures[0][1]


def test_verify_says_whether_there_is_a_stamp(stamps, settings, english):
    agreement = make.half_signed()
    settings.SHANZHI_SEALS_TIMESTAMP = ""
    agreement = commands.sign(agreement=agreement, by=make.clerk(), at=AT)
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    page = text_of(clerk.get(f"{A}{agreement.number}/signatures/"))
    assert "All signatures are valid" in page
    assert authority.NAME in page and "none: the time is that of the server" in page
    assert "time stamp 16 Nov 10:00" in text_of(clerk.get(f"{A}{agreement.number}/"))


def test_the_doctor_is_told_what_the_authority_fails_at(stamps, settings):
    assert stamping.fault() == ""
    for how, why in (("nonsense", "text/html"), ("refuses", "time_stamp_token"),
                     ("another", "something else")):  # fmt: skip
        stamps.how = how
        assert why in stamping.fault()
    settings.SHANZHI_SEALS_TIMESTAMP = "file:///etc/hostname"
    assert stamping.fault() == "no http address"


def test_a_refusal_is_a_sentence(stamps):
    stamps.how = "garbled"
    with pytest.raises(Refused, match="Try again later, or tell the operator"):
        make.half_signed()
