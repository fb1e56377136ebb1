"""Text as a screen takes it: what could command a terminal made visible, and how wide it is."""

import re
import unicodedata

UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, direction marks, line and paragraph separators, lone surrogates."""

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def visible(text: str) -> str:
    """The text with every unsafe character written as an escape, such as `\\u001b`."""
    return UNSAFE.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


# A line does not begin with these (kinsoku).
_NOT_FIRST = frozenset(
    "、。，．・：；？！）」』】〕”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ%)]}:;,.!?"
)


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns: broken at blanks, and between wide characters."""
    lines: list[str] = []
    line: list[str] = []
    for piece in re.findall(r"[\u0021-\u024f]+|\s+|.", text):
        if line and width("".join(line)) + width(piece) > columns:
            carried = [piece]
            while carried[0][0] in _NOT_FIRST and len(line) > 1:
                carried.insert(0, line.pop())
            lines.append("".join(line).rstrip())
            line = carried
        else:
            line.append(piece)
        if line[0].isspace():
            line = line[1:]
    return [*lines, "".join(line).rstrip()] if line or not lines else lines
