"""What a PDF says: its characters, through the maps that its fonts carry."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.S)
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.S)  # what is packed may end with \r
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
FONT = re.compile(rb"/(\S+) (\d+) 0 R")
SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\((?:\\.|[^)])*\)")


def text_of(pdf: bytes) -> str:
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    for body in list(objects.values()):
        if b"/ObjStm" in body:
            objects |= _packed(body)
    maps = _maps(objects)
    found = []
    for body in objects.values():
        content = _stream(body)
        if b" Tf" in content and b"BT" in content:
            found += _shown(content, maps)
    return "".join(found)


def _packed(body):
    """Objects that lie in a compressed stream, behind a table of numbers and places."""
    first, content = int(re.search(rb"/First (\d+)", body)[1]), _stream(body)
    table = [int(each) for each in content[:first].split()]
    places = [first + each for each in table[1::2]]
    ends = [*places[1:], len(content)]
    return {number: content[start:end]
            for number, start, end in zip(table[::2], places, ends, strict=True)}  # fmt: skip


def _stream(body):
    found = STREAM.search(body)
    if not found:
        return b""
    return zlib.decompressobj().decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _maps(objects) -> dict[bytes, dict[bytes, str]]:
    """Of each font by its name on the page: glyph → character."""
    named = {}
    for body in objects.values():
        for name, number in FONT.findall(body):
            font = objects.get(int(number), b"")
            unicode = re.search(rb"/ToUnicode (\d+) 0 R", font)
            if unicode:
                named[name] = {
                    glyph.upper(): bytes.fromhex(code.decode()).decode("utf-16-be")
                    for glyph, code in PAIR.findall(_stream(objects[int(unicode[1])]))
                }
    return named


def _shown(content, maps):
    font: dict[bytes, str] = {}
    for name, glyphs in SHOWN.findall(content):
        if name:
            font = maps.get(name, {})
        elif glyphs:
            yield "".join(font.get(glyphs[at : at + 4].upper(), "")
                          for at in range(0, len(glyphs), 4))  # fmt: skip
