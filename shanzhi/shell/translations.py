"""Languages: message ids are English, locale/zh_Hans/LC_MESSAGES/django.po holds the Chinese.

    python -m shanzhi.shell.translations extract    brings the .po up to date with the code
    python -m shanzhi.shell.translations merge a.po takes translations over from other files
    python -m shanzhi.shell.translations check      names what has no Chinese yet
    python -m shanzhi.shell.translations compile    makes the .mo files, a step of every build

Only the .po is kept in the repository. Traditional Chinese is made from it: OpenCC's `s2tw`, which
turns characters and leaves words alone; `s2twp` would make an online 社群 of every 社区.
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
TRADITIONAL = LOCALE / "zh_Hant" / "LC_MESSAGES" / "django.mo"

METHODS = [("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.js", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/jinja2/**.html": {"extensions": "jinja2.ext.loopcontrols", "silent": "false"},
    "**/jinja2/**.js": {"extensions": "jinja2.ext.loopcontrols", "silent": "false"},
}
KEYWORDS = (
    DEFAULT_KEYWORDS
    | {
        f"{name}_lazy": DEFAULT_KEYWORDS[name]
        for name in ("gettext", "ngettext", "pgettext", "npgettext")
    }
    | {"t": None}
)  # gettext_lazy, in tables of many sentences
SKIPPED = {"tests", "migrations", "__pycache__"}
EPOCH = datetime(2026, 1, 1)  # a date that changed with every run would only make noise
MISREAD = {  # OpenCC reads across the border of two words: 書籤 in 證書簽名, a goddess in 15 天後
    "證書籤": "證書簽", "後籤": "後簽", "補籤": "補簽", "天后": "天後",
    "隻影響": "只影響", "獲準": "獲准", "行政複議": "行政復議", "舍入": "捨入", "併發布": "並發佈",
    "發布": "發佈", "一周的": "一週的", "一周比重": "一週比重",
}  # fmt: skip
Key = tuple[str, str | None]


def extract() -> Catalog:
    """What the code says now, without translations."""
    catalog = _empty()
    for folder in ("shanzhi", "operate"):
        found = extract_from_dir(
            ROOT / folder,
            METHODS,
            OPTIONS,
            KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=lambda each: Path(each).name not in SKIPPED,
        )
        for filename, _line, message, comments, context in found:
            locations = [(f"{folder}/{filename}", None)]
            catalog.add(message, locations=locations, auto_comments=comments, context=context)
    return catalog


def merge(paths: Iterable[Path] = ()) -> list[str]:
    """Rewrites the .po: messages of the code, Chinese of the .po and of `paths`; a later one wins.

    Answers the messages of `paths` that nothing in the code says.
    """
    catalog, unused = extract(), []
    known = {key_of(message): message for message in catalog if message.id}
    for path in [CHINESE, *paths]:
        for message in _read(path):
            ours = known.get(key_of(message))
            if ours is None and message.id and path != CHINESE:
                unused.append(f"{path.name}: {_first(message)}")
            elif ours and translated(message):
                ours.string = message.string
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    with CHINESE.open("wb") as file:
        write_po(file, catalog, width=0, sort_by_file=True, include_lineno=False)
    return unused


def check() -> list[str]:
    """Messages without Chinese, or with Chinese whose placeholders differ."""
    chinese = {key_of(message): message for message in _read(CHINESE)}
    wrong = []
    for message in extract():
        if not message.id:
            continue
        ours = chinese.get(key_of(message))
        if ours is None or not translated(ours):
            wrong.append(f"{message.locations[0][0]}: {_first(message)}")
        else:
            ours.flags |= message.flags
            wrong += [f"{_first(message)}: {error}" for error in ours.check()]
    return wrong


def compile_all() -> None:
    """Makes what Django reads; takes a moment only where the .po is newer."""
    simplified = CHINESE.with_suffix(".mo")
    if not CHINESE.exists() or (_is_newer(simplified) and _is_newer(TRADITIONAL)):
        return
    catalog = _read(CHINESE)
    _write_mo(simplified, catalog)
    _write_mo(TRADITIONAL, traditional(catalog))


def traditional(catalog: Catalog) -> Catalog:
    from opencc import OpenCC  # loads its dictionaries, which only a build needs

    opencc = OpenCC("s2tw")

    def convert(text: str) -> str:
        made = opencc.convert(text)
        for wrong, right in MISREAD.items():
            made = made.replace(wrong, right)
        return made

    for message in catalog:
        strings = message.string
        plural = isinstance(strings, tuple | list)
        message.string = tuple(map(convert, strings)) if plural else convert(strings)
    return catalog


def key_of(message: Message) -> Key:
    return _first(message), message.context


def translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not message.fuzzy and all(strings)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _empty() -> Catalog:
    return Catalog(
        locale="zh_Hans",
        project="Shanzhi",
        version="1",
        header_comment="# The Chinese of the interface; see shanzhi/shell/translations.py.",
        creation_date=EPOCH,
        revision_date=EPOCH,
        msgid_bugs_address="Shanzhi",
        last_translator="Shanzhi",
        language_team="Shanzhi",
        fuzzy=False,
    )


def _read(path: Path) -> Catalog:
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _is_newer(made: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= CHINESE.stat().st_mtime


def _write_mo(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


def main(arguments: list[str]) -> int:
    verb, *paths = arguments or ["check"]
    lines = []
    if verb in ("extract", "merge"):
        lines = merge(map(Path, paths))
    elif verb == "check":
        lines = check()
    compile_all()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if verb == "check" and lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
