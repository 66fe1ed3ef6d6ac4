import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.files import names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("户口簿.jpeg", "户口簿.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\wang\\扫描件.pdf", "扫描件.jpg"),
        ("invoice.pdf.exe", "invoice.pdf.jpg"),
        ("photo.jpg.jpg", "photo.jpg"),
        ("gpj\u202efdp.exe", "gpjfdp.jpg"),
        ("猫\U0001f431\u200d\U0001f469.png", "猫\U0001f431\U0001f469.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("方案v1.2", "方案v1.2.jpg"),
        ("3.15活动.jpg", "3.15活动.jpg"),
        ('<b>"x"|?*', "b x.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("...", "file.jpg"),
        ("", "file.jpg"),
        (None, "file.jpg"),
        ("长" * 300 + ".jpg", "长" * 96 + ".jpg"),
    ],
)
def test_a_name_is_one_line_with_the_extension_of_the_content(sent, kept):
    assert names.clean(sent, "jpg") == kept


@given(st.text())
def test_any_name_becomes_a_harmless_one(sent):
    name = names.clean(sent, "pdf")
    assert name.endswith(".pdf")
    assert len(name) <= 100
    assert not set('/\\<>:"|?*\r\n\0') & set(name)
    assert not any(unicodedata.category(each)[0] == "C" for each in name)
    assert not name.startswith(".")
    name.encode()
