import re
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog

from .. import translations

LEGAL = {"agreements/paper.html"}  # a Chinese legal text
TEMPLATES = sorted(
    path
    for path in translations.ROOT.glob("shanzhi/**/jinja2/**/*.html")
    if "/".join(path.parts[-2:]) not in LEGAL
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff]\s*[,;:?!(]|[,;:?!)]\s*[\u4e00-\u9fff]|[\"']")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
COMMENT = re.compile(r"\{#.*?#\}", re.S)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
SPOKEN = re.compile(r'\b(?:alt|title|placeholder|aria-label|data-label)="([^"]*)"')
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
NAMES = {
    "JSON",
    "CSV",
    "Problem",
    "/problems/",
}  # of formats and shapes: the same in every language
CLASSES = re.compile(r"\{% block \w+_class %\}.*?\{% endblock %\}")
DATA = re.compile(r"<script[^>]*application/json.*?</script>", re.S)
IN_TRANS = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.S)


@pytest.fixture(autouse=True, scope="module")
def read_once():
    """The code is searched for its messages once for all tests."""
    once = cache(translations.extract)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translations, "extract", lambda: deepcopy(once()))
        yield


def bare_texts(source: str) -> list[str]:
    """Words of a template that no translation can reach."""
    for unspoken in (COMMENT, CLASSES, DATA, IN_TRANS, JINJA):
        source = unspoken.sub("", source)
    spoken = SPOKEN.findall(source)
    texts = re.sub(r"&\w+;", "", TAG.sub("\n", source)).split("\n")
    found = [text.strip() for text in [*spoken, *texts] if WORD.search(text)]
    return [text for text in found if text not in NAMES]


def test_a_text_outside_of_a_translation_is_found():
    source = (
        '{# note #}<p title="Hello there">{{ _("Fine") }} Bare</p>{% trans %}Fine{% endtrans %}'
    )

    assert bare_texts(source) == ["Hello there", "Bare"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_templates_say_nothing_outside_of_a_translation(path: Path):
    source = path.read_text()

    assert bare_texts(source) == []
    assert not CHINESE.search(COMMENT.sub("", source)), "Chinese belongs into the .po"


def test_every_message_has_its_chinese():
    assert translations.check() == []


def test_a_plural_and_its_placeholders_stay_in_traditional_chinese():
    catalog = Catalog(locale="zh_Hans")
    catalog.add(("%(n)s case", "%(n)s cases"), ("%(n)s 个办件",))
    catalog.add("Community", "社区")

    made = translations.traditional(catalog)

    assert made.get("%(n)s case").string == ("%(n)s 個辦件",)
    assert made.get("Community").string == "社區"


@pytest.mark.parametrize(
    ("simplified", "made"),
    [
        ("使用演示证书签名", "使用演示證書簽名"),
        ("社区先签，街道（镇）后签。", "社區先簽，街道（鎮）後簽。"),
        ("答复满 15 天后自动办结", "答覆滿 15 天後自動辦結"),
        ("再次导入只影响其后", "再次導入只影響其後"),
        ("保存并发布", "保存並發佈"),
        ("发布后公布", "發佈後公佈"),
    ],
)
def test_traditional_chinese_reads_word_by_word(simplified, made):
    catalog = Catalog(locale="zh_Hans")
    catalog.add("Said", simplified)

    assert translations.traditional(catalog).get("Said").string == made


def test_chinese_is_punctuated_as_chinese_and_polite():
    for message in translations._read(translations.CHINESE):
        said = "".join(message.string)
        assert not HALF_WIDTH.search(said), said
        assert "你" not in said, said


def test_merging_takes_what_the_code_says_and_names_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "CHINESE", tmp_path / "zh" / "django.po")
    theirs = tmp_path / "theirs.po"
    theirs.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Skip to the content"\nmsgstr "跳到正文"\n\n'
        'msgid "Nobody says this"\nmsgstr "没有人说"\n'
    )

    assert translations.merge([theirs]) == ["theirs.po: Nobody says this"]
    assert 'msgid "Skip to the content"\nmsgstr "跳到正文"' in translations.CHINESE.read_text()
    assert "Nobody says this" not in translations.CHINESE.read_text()


def test_merging_again_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "CHINESE", tmp_path / "django.po")
    translations.merge()
    first = translations.CHINESE.read_text()
    translations.merge()

    assert translations.CHINESE.read_text() == first
