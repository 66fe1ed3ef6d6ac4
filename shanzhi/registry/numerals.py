"""Numbers written in Chinese, as they stand in addresses."""

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SIGNS = "零〇一二两三四五六七八九十百"


def counted(text: str) -> str:
    """十二 → 12, 三〇一 → 301, 一百零五 → 105."""
    if not {"十", "百"} & set(text):
        return "".join(str(DIGITS[sign]) for sign in text)
    total, digit = 0, 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
    return str(total + digit)
