"""From the official name of a committee to the name people call the place by."""

import re

REMARK = re.compile(r"[（(][^（()）]*[)）]+$")
RESIDENTS = re.compile(r"居民委员会|居委会|居民委会|居民管理委员会|居委员会")
VILLAGERS = re.compile(r"村民委员会|村委会|村民委会|牧民委员会|村委员会")
OTHER = re.compile(r"委员会|人民委员会|委会")
COMMITTEE = re.compile(
    rf"(?P<stem>.+?)(?:(?P<residents>{RESIDENTS.pattern})"
    rf"|(?P<villagers>{VILLAGERS.pattern})|(?P<other>{OTHER.pattern}))"
)
NUMBERED = re.compile(r"第[〇零一二三四五六七八九十百\d]+$")
PLACES = ("社区", "村", "嘎查")


def short_name(name: str, level: str) -> str:
    """天安社区居委会 → 天安社区, 长山村委会 → 长山村, 河滨居委会 → 河滨社区; oddities stay."""
    if level != "community":
        return name
    bare = name
    while REMARK.search(bare):
        bare = REMARK.sub("", bare)
    found = COMMITTEE.fullmatch(bare)
    return (found and _called(found)) or name


def _called(found):
    stem = found["stem"]
    if found["residents"]:
        if NUMBERED.search(stem):
            return f"{stem}居委会"
        return stem if stem.endswith("社区") else f"{stem}社区"
    if found["villagers"]:
        return stem if stem.endswith(PLACES) else f"{stem}村"
    return stem if len(stem) > 1 and stem.endswith(PLACES) else None
