"""From the draft to two signatures that a PDF reader accepts."""

import hashlib
import io
from datetime import date

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from shanzhi.burden.tests import factories as burden
from shanzhi.files import disk
from shanzhi.files.models import File
from shanzhi.kernel import Refused

from .. import certificates, commands, document
from ..models import Agreement, Clause, DemoCertificate, Payment, Signature
from ..pades import seal as pades
from . import factories as make
from .factories import AT, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("town")


def content_of(agreement) -> bytes:
    return b"".join(disk.read(agreement.document))


def test_two_signatures_the_second_leaves_the_first_valid():
    agreement = make.half_signed()
    one = content_of(agreement)
    first = pades.examine(one)
    assert [each.field for each in first.signatures] == ["community"] and first.good

    agreement = commands.sign(agreement=agreement, by=make.clerk(), at=AT)
    two = content_of(agreement)
    assert two.startswith(one)  # nothing was rewritten
    both = pades.examine(two)
    assert both.good and both.covered
    assert [(each.field, each.trust, each.intact, each.valid) for each in both.signatures] == [
        ("community", "demonstration", True, True), ("subdistrict", "demonstration", True, True),
    ]  # fmt: skip
    assert both.signatures[0].subject == "天安社区居委会"
    assert both.signatures[1].subject == "常州市新北区三井街道办事处"
    assert agreement.state == "in_force"
    rows = Signature.objects.order_by("pk")
    assert [bytes(each.digest) for each in rows] == [
        hashlib.sha256(each).digest() for each in (one, two)
    ]
    assert all(each.demonstration for each in rows)


def test_every_change_after_signing_is_noticed():
    signed = content_of(make.in_force())
    middle = len(signed) // 3
    for changed in (
        signed[:middle] + bytes([signed[middle] ^ 1]) + signed[middle + 1 :],
        signed + b"\n% more\n",
    ):
        assert not pades.examine(changed).good
    with pytest.raises(Refused, match=r"damaged|signed PDF"):
        pades.examine(signed[: len(signed) // 2])
    with pytest.raises(Refused, match="signed PDF"):
        pades.examine(b"hello")


def test_whatever_a_reader_meets_in_a_broken_file_is_said_in_a_sentence():
    head, mark, tail = content_of(make.in_force()).rpartition(b"/Index [ ")
    packed = tail.index(b"x\x9c") + 8
    for broken in (b"-1" + tail[1:], tail[:packed] + b"\xff" * 4 + tail[packed + 4 :]):
        with pytest.raises(Refused, match="damaged"):
            pades.examine(head + mark + broken)


def test_the_paper_says_what_was_agreed_and_that_it_is_a_demonstration():
    agreement = make.agreed()
    html = document.html(agreement, list(agreement.clauses.order_by("position")), draft=False)
    for text in (
        "群众自治组织政务工作协议书", "天安社区居委会", "常州市新北区三井街道办事处", "X01",
        "知晓率百分之九十五", "壹仟贰佰元整", "600.00", "2027年12月20日",
        certificates.DEMONSTRATION,
    ):  # fmt: skip
        assert text in html, text
    assert "X03" not in html  # its basis is not confirmed
    reader = PdfFileReader(io.BytesIO(content_of(agreement)))
    fields = {each.get_object()["/T"] for each in reader.root["/AcroForm"]["/Fields"]}
    assert fields == {"community", "subdistrict"}


def test_a_city_signs_with_its_own_certificate(settings, tmp_path):
    commands.certify(place=TIANAN, unit="天安社区居委会", by=make.SYSTEM, at=AT)
    made = certificates.holder(TIANAN)
    (tmp_path / f"{STREET}.p12").write_bytes(made.content)
    settings.SHANZHI_SEALS = str(tmp_path)

    agreement = make.in_force()

    assert not any(each.demonstration for each in agreement.signatures.all())
    assert certificates.file_of(TIANAN) == tmp_path / f"{STREET}.p12"
    html = document.html(agreement, [], draft=False)
    assert certificates.DEMONSTRATION not in html


def test_a_signature_of_an_authority_the_city_trusts_is_shown_so(settings, tmp_path):
    signed = content_of(make.in_force())
    _own, [root] = certificates.trusted()
    path = tmp_path / "authorities.pem"
    settings.SHANZHI_SEALS_TRUST = str(path)
    with pytest.raises(Refused, match="trusted authorities cannot be read"):
        pades.examine(signed)
    path.write_bytes(root.public_bytes(Encoding.PEM))
    DemoCertificate.objects.all().delete()
    assert {each.trust for each in pades.examine(signed).signatures} == {"city"}
    settings.SHANZHI_SEALS_TRUST = ""
    examined = pades.examine(signed)
    assert examined.good and {each.trust for each in examined.signatures} == {"unknown"}


def test_a_broken_certificate_refuses_and_nothing_is_signed(settings, tmp_path):
    (tmp_path / f"{STREET}.p12").write_bytes(b"not a certificate")
    agreement = make.agreed()
    settings.SHANZHI_SEALS = str(tmp_path)
    refuses(agreement, "cannot be read", commands.sign, by=make.secretary())


def test_a_demonstration_certificate_is_made_once_and_its_key_is_sealed():
    make.in_force()
    make.in_force(make.FUDU)
    places = DemoCertificate.objects.order_by("place").values_list("place", flat=True)
    assert list(places) == ["", STREET, TIANAN, make.FUDU]


def refuses(agreement, sentence, command, **values):
    before, files = make.everything(agreement), File.objects.count()
    with pytest.raises(Refused, match=sentence):
        command(agreement=agreement, at=AT, **values)
    assert make.everything(agreement) == before
    assert File.objects.count() == files


def test_who_signs_and_in_which_order():
    agreement = make.agreed()
    refuses(agreement, "community signs first", commands.sign, by=make.clerk())
    refuses(agreement, "secretary", commands.sign, by=make.worker())
    refuses(agreement, "community signs first", commands.sign, by=make.secretary(make.FUDU))
    refuses(agreement, "community signs first", commands.sign, by=make.office())
    agreement = commands.sign(agreement=agreement, by=make.secretary(), at=AT)
    refuses(agreement, "now the sub-district", commands.sign, by=make.secretary())
    refuses(agreement, "now the sub-district", commands.sign, by=make.clerk("320411003"))
    refuses(agreement, "not possible now", commands.reopen, by=make.clerk())
    refuses(agreement, "not possible now", commands.withdraw, by=make.clerk())


def test_an_agreement_signed_while_the_list_changes_is_refused_and_renewed():
    agreement = make.half_signed()
    make.newer_list()
    refuses(agreement, "X02 协助低保公示、X04 高龄津贴协助", commands.sign, by=make.clerk())

    renewed = commands.renew(agreement=agreement, by=make.clerk(), at=AT)

    assert (renewed.state, renewed.frozen, renewed.community_agreed_at) == (
        "negotiated", False, None,
    )  # fmt: skip
    texts = dict(renewed.clauses.values_list("code", "text"))
    assert texts["X02"] == "公示五日" and "X04" in texts
    kept = renewed.clauses.get(code="X01")
    assert (kept.amount, kept.due_on) == (1200, [date(2027, 6, 30), date(2027, 12, 20)])
    assert renewed.signatures.get().void_at == AT
    refuses(renewed, "nothing to renew", commands.renew, by=make.clerk())
    for by in (make.secretary(), make.clerk()):
        renewed = commands.agree(agreement=renewed, by=by, at=AT)
    for by in (make.secretary(), make.clerk()):
        renewed = commands.sign(agreement=renewed, by=by, at=AT)
    assert renewed.state == "in_force"
    assert pades.examine(content_of(renewed)).good


def test_a_clause_of_law_that_was_corrected_in_the_same_edition_is_found():
    agreement = make.agreed()
    entry = agreement.assist.entries.get(code="X01")
    burden.commands.confirm_entry(entry=entry, clause="社会救助法", by=make.SYSTEM, at=AT)
    refuses(agreement, "X01", commands.sign, by=make.secretary())


def test_a_text_changed_behind_the_back_of_the_two_is_not_signed():
    agreement = make.agreed()
    Clause.objects.filter(agreement=agreement, code="X01").update(target="别的")
    refuses(agreement, "not the one both agreed on", commands.sign, by=make.secretary())


def test_what_is_promised_is_what_stands_in_the_text():
    agreement = make.in_force()
    paid = [(each.due_on, each.amount) for each in Payment.objects.order_by("due_on")]
    assert paid == [(date(2027, 6, 30), 600), (date(2027, 12, 20), 600)]
    assert Agreement.objects.get(pk=agreement.pk).in_force_at == AT
