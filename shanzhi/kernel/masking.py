"""One rule of masking everywhere, so that fragments cannot be joined."""

import re

# Half-width twins of what people type for digits and dashes: \d knows them all, the masks do not.
# Signs without width, and those that turn the direction of what follows, part no digits: they go.
UNSEEN = (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
HALF_WIDTH = (
    {0xFF10 + n: str(n) for n in range(10)} | {0xFF0D: "-", 0x3000: " "} | dict.fromkeys(UNSEEN)
)
GAP = r"[^\S\n]?[\-–—·.]?[^\S\n]?"  # what may part the digits of one number, on one line
IDENTITY = re.compile(rf"(?<!\d)\d{{6}}{GAP}\d{{4}}{GAP}\d\d{GAP}\d\d{GAP}\d{{3}}{GAP}[\dXx](?!\d)")
PHONE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{GAP}|0)?(1[ \-–·]?[3-9](?:[ \-–·]?\d){{9}})(?!\d)")
DOTTED_PHONE = re.compile(rf"(?<!\d)(1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[ \-–—]{0,3}\d{3,4}[ \-]?\d{4}(?!\d)")
# From 13 digits on anything may be an account. Receipt numbers have 12 and stay; what looks like
# a phone with a digit too many does not.
BANK = re.compile(r"(?<!\d)(?:\d{4}(?: ?\d{4}){3}(?: ?\d{1,3})?|\d{6} \d{10,13})(?!\d)")
LONG = re.compile(r"(?<!\d)(?:\d{13,}|(?:0|1[3-9])\d{10,11})(?!\d)")

COMPOUND = tuple(
    re.findall(
        "..",
        "欧阳司马上官诸葛夏侯皇甫尉迟公孙慕容令狐司徒司空东方南宫西门独孤长孙宇文轩辕钟离申屠太史"
        "端木百里呼延澹台公冶濮阳淳于闻人赫连万俟拓跋仲孙公羊",
    )
)

ROAD_NUMBER = re.compile(  # between a road and the estate that stays
    r"(?<=[路街道巷弄])\s*\d+(?:[-之]\d+)?号"
    r"(?=[一-鿿]{1,12}?(?:小区|花园|花苑|新村|公寓|别墅|家园|名苑|山庄|广场|大厦|[苑园庭府城湾邸寓]))"
)
NUMERAL = "一二三四五六七八九十百零〇两"
ROOM = re.compile(
    r"(?:[A-Za-z][- ]?)?\d(?!\d*(?:国道|省道|县道|乡道))"
    rf"|[{NUMERAL}甲乙丙丁东西南北中A-Za-z]+(?:幢|栋|号楼|座|单元|室)"
    rf"|[{NUMERAL}]+(?:弄|组|队|层|楼(?!镇|村|社区))|[{NUMERAL}]+号(?![桥线路街])"
    rf"|[{NUMERAL}]*[零〇][{NUMERAL}]+"
)


def name(text: str) -> str:
    """The surname stays: 王小明 → 王**, 欧阳明 → 欧阳*."""
    text = (text or "").strip()
    kept = 2 if text.startswith(COMPOUND) and len(text) > 2 else 1
    return text[:kept] + "*" * min(len(text) - kept, 2)


def phone(number: str) -> str:
    """138****0019; of a landline the last four digits stay."""
    number = number or ""
    if len(number) == 11 and number.startswith("1"):
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(len(number) - 4, 0) + number[-4:]


def identity(number: str) -> str:
    """32****************"""
    return (number or "")[:2] + "*" * max(len(number or "") - 2, 0)


def bank(number: str) -> str:
    return "*" * max(len(number or "") - 4, 0) + (number or "")[-4:]


def address(text: str) -> str:
    """To the estate, never the room: 天安别墅12幢301室 → 天安别墅**.

    The number on the road is a gate of its own and goes too: 竹林北路256号 → 竹林北路**.
    """
    text = ROAD_NUMBER.sub("**", (text or "").translate(HALF_WIDTH))
    found = ROOM.search(text)
    return text[: found.start()].rstrip(" -,，#*") + "**" if found else text


BY_KIND = {"name": name, "phone": phone, "identity": identity, "bank": bank, "address": address}


def scrub(text: str) -> str:
    """Free text with the identity numbers, bank accounts and phones in it masked."""
    text = (text or "").translate(HALF_WIDTH)
    for pattern, mask in (
        (IDENTITY, lambda found: identity(_close(found[0]))),
        (PHONE, lambda found: phone(_close(found[1]))),
        (DOTTED_PHONE, lambda found: phone(_close(found[1]))),
        (BANK, lambda found: bank(_close(found[0]))),
        (LANDLINE, lambda found: phone(_close(found[0]))),
        (LONG, lambda found: bank(found[0])),
    ):
        text = pattern.sub(mask, text)
    return text


def _close(number):
    return re.sub(r"[^\dXx]", "", number)
