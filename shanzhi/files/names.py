"""File names as people see them: no paths, no tricks, and the extension of what the file is."""

import re
import unicodedata

LONGEST = 100
EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


def clean(name: str, extension: str) -> str:
    """`..\\报告\\u202efdp.exe` of a PDF → `报告.pdf`-like: one line, at most 100 characters."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    # C: control, direction marks, surrogates; Zl, Zp: line breaks
    name = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    name = re.sub(r'[<>:"|?*\s]+', " ", name)
    stem = EXTENSION.sub("", name).removesuffix(f".{extension}").strip(" .")
    return f"{stem[: LONGEST - len(extension) - 1].rstrip(' .') or 'file'}.{extension}"
