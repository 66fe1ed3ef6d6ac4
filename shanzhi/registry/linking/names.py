"""Chinese names: one spelling, how they sound, and how they sound to a tired ear."""

import csv
import re
import unicodedata
from functools import cache
from itertools import islice, product
from pathlib import Path

MOST_READINGS = 12  # of a name with several characters of several readings
DOTS = dict.fromkeys(map(ord, "·•・･‧∙⋅●．."), "·")
PARTS = re.compile(r"[\u3400-\U0003ffff]|[^\u3400-\U0003ffff·]+")
OTHER = re.compile(r"[^\w·]+")
# what the speech of the lower Yangtze, and a hurried clerk, do not tell apart
ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("ng", "n"), ("hu", "fu"))


def one_spelling(name: str) -> str:
    """王 瑋 → 王玮, 买买提•艾力 → 买买提·艾力, Ｗａｎｇ → wang; 喆 → 哲 (data/variants.csv)."""
    name = unicodedata.normalize("NFKC", name or "").translate(DOTS)
    name = re.sub(r"[(][^)]*[)]", "", name)  # 王伟(户主)
    name = _simplified().convert(OTHER.sub("", name)).translate(_variants())
    return name.strip("·").lower()


def sounds(name: str) -> list[str]:
    """Every way a name in one spelling may be read, without tones: 单乐 → chan·le, dan·le …"""
    readings = [_readings(part) for part in PARTS.findall(name)]
    return ["·".join(each) for each in islice(product(*readings), MOST_READINGS)]


def alike(sound: str) -> str:
    """Equal for what is easily misheard: zhang·lin and zang·ning."""
    for syllable, plain in ALIKE:
        sound = sound.replace(syllable, plain)
    return sound


@cache
def _readings(sign):
    from pypinyin import Style, pinyin

    if not "\u3400" <= sign <= "\U0003ffff":
        return (sign,)  # letters of another script sound as they are written
    found = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="default")[0]
    return tuple(dict.fromkeys(found[:4]))


@cache
def _simplified():
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _variants():
    """The rare character of a name, and the common one written where it could not be typed."""
    path = Path(__file__).parents[1] / "data" / "variants.csv"
    with path.open(encoding="utf-8") as file:
        return {ord(row["written"]): row["as"] for row in csv.DictReader(file)}
