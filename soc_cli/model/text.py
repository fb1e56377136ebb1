"""Text as a screen takes it: what could command a terminal made visible, and how wide it is."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from soc_cli.model.patterns import pattern

UNSAFE = pattern(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, direction marks, line and paragraph separators, lone surrogates."""

DASHES = "－—–‐‑−ー─―"
"""What an input method or a word processor makes of a hyphen."""

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def visible(text: str) -> str:
    """The text with every unsafe character written as an escape, such as `\\u001b`."""
    if text.isprintable():  # which no unsafe character is
        return text
    return UNSAFE.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


# A line does not begin with these (kinsoku), nor end with those.
_NOT_FIRST = frozenset(
    "、。，．・：；？！）」』】〕”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ%)]}:;,.!?"
)
_NOT_LAST = frozenset("（「『【〔“‘")


_MARKS = "[\u0300-\u036f\u200d\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
_PIECES = pattern(rf"[\u0021-\u024f]+|\s+|.{_MARKS}")
_CHARACTERS = pattern(rf".{_MARKS}", re.S)


def wrapped(text: str, columns: float, measure: Callable[[str], float] = width) -> list[str]:
    """The text in lines of at most so many columns: broken at blanks, and between wide characters.

    A word that is longer than a line is broken anywhere; a mark stays with its character. `measure`
    tells how wide a piece of text is, where that is not counted in columns of a terminal.
    """
    lines: list[str] = []
    line: list[str] = []
    taken = 0.0
    for piece in _pieces(text, columns, measure):
        wide = measure(piece)
        if line and taken + wide > columns:
            start = _carried_from(line, piece, columns, measure)
            carried = [*line[start:], piece]
            lines.append("".join(line[:start]).rstrip())
            line, taken = carried, sum(map(measure, carried))
        else:
            line.append(piece)
            taken += wide
        if line[0].isspace():
            line = line[1:]
            taken = sum(map(measure, line))
    return [*lines, "".join(line).rstrip()] if line or not lines else lines


def cut(text: str, columns: int) -> str:
    """The text, ended by … where it takes more columns than there are."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in _CHARACTERS.findall(text):
        if width(kept + character) >= columns:
            break
        kept += character
    return kept.rstrip() + "…"


def _carried_from(
    line: list[str], piece: str, columns: float, measure: Callable[[str], float]
) -> int:
    """From where on a line goes over to the next one: none begins with 。 or the like, or ends with （."""
    start, first, taken = len(line), piece, measure(piece)
    while first[0] in _NOT_FIRST and start > 1:
        start -= 1
        first = line[start]
        taken += measure(first)
    if first[0] in _NOT_FIRST or taken > columns:
        start, taken = len(line), measure(piece)
    while (
        start > 1 and line[start - 1] in _NOT_LAST and taken + measure(line[start - 1]) <= columns
    ):
        start -= 1
        taken += measure(line[start])
    return start


def _pieces(text: str, columns: float, measure: Callable[[str], float]) -> Iterator[str]:
    """What stays together where a line is broken."""
    for piece in _PIECES.findall(text):
        if piece.isspace() or measure(piece) <= columns:
            yield piece
        else:
            yield from _CHARACTERS.findall(piece)
