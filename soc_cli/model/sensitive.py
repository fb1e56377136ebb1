"""Numbers that nobody should store in a free text: payment cards and My Number, known by their check digits.

A number that fails its check is none: a phone number, a date or an order's number is left alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from soc_cli.model.language import N_

CARD, MY_NUMBER = "card", "my-number"
LABELS = {CARD: N_("the number of a payment card"), MY_NUMBER: N_("a My Number")}

MASK = "*"

_DIGIT = "[0-9０-９]"
_PARTED = "[-\\u2010-\\u2015\\u2212\\uff0dーｰ \\u00a0\\u3000\\t]"
"""What may part the digits: a hyphen in any of its forms, or a blank."""
_RUN = re.compile(rf"(?<![0-9０-９]){_DIGIT}(?:{_PARTED}?{_DIGIT})*")
_GROUP = re.compile(f"{_DIGIT}+")
_GROUPED = range(3, 7)
"""How many digits stand together where a number is written in groups: 4-4-4-4, 4-6-5, 4-4-4."""


@dataclass(frozen=True)
class Found:
    """A number that should not be stored: its kind, and where in the text it stands."""

    kind: str
    start: int
    end: int


def found(text: str) -> list[Found]:
    """The cards and My Numbers in a text, in any width, with or without hyphens or blanks, in order."""
    numbers: list[Found] = []
    for run in _RUN.finditer(text):
        end = -1
        for kind, start, stop in _in_run(text, run.start(), run.end()):
            if start >= end:
                numbers.append(Found(kind, start, stop))
                end = stop
    return numbers


def _in_run(text: str, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """Neighbouring groups of digits, parted by one kind of sign, that make a number together."""
    groups = [group.span() for group in _GROUP.finditer(text, first, last)]
    for at in range(len(groups)):
        for to in reversed(range(at, len(groups))):
            window = groups[at : to + 1]
            digits = _digits(text[window[0][0] : window[-1][1]])
            if len(digits) > 16 or (to > at and not _as_one(text, window)):
                continue
            kind = _kind(digits)
            # Twelve digits of a longer number that is written in fours are no number by themselves.
            if kind == MY_NUMBER and to > at and _goes_on(text, groups, at, to):
                continue
            if kind is not None:
                yield kind, window[0][0], window[-1][1]
                break


def _goes_on(text: str, groups: list[tuple[int, int]], at: int, to: int) -> bool:
    """Whether the groups beside a number are written as if they belonged to it."""
    before, after = groups[max(0, at - 1) : at + 2], groups[to - 1 : to + 2]
    return any(len(beside) == 3 and _as_one(text, beside) for beside in (before, after))


def _as_one(text: str, groups: list[tuple[int, int]]) -> bool:
    """Whether groups look like one number: none too short or long, and all parted by the same sign."""
    lengths = [end - start for start, end in groups]
    signs = {text[one[1] : other[0]] for one, other in pairwise(groups)}
    return len(signs) == 1 and all(length in _GROUPED for length in lengths)


def _digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")


def _kind(digits: str) -> str | None:
    """What a number of so many digits is by its check digit, if it is anything."""
    if len(set(digits)) == 1:
        return None
    if 14 <= len(digits) <= 16 and digits[0] in "23456" and luhn(digits):
        return CARD
    if len(digits) == 12 and my_number(digits):
        return MY_NUMBER
    return None


def luhn(digits: str) -> bool:
    """Whether the last digit is that of ISO/IEC 7812-1, Annex B (Luhn)."""
    doubled = (2 * int(d) if at % 2 else int(d) for at, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def my_number(digits: str) -> bool:
    """Whether the last of twelve digits is the check digit of a My Number.

    Ordinance of the Ministry of Internal Affairs No. 85 of 2014, art. 5: the eleven digits before
    it are weighed from the lowest by 2 to 7 and then 2 to 6; what is left over by 11 is taken from
    11, and 0 stands where one or nothing is left over.
    """
    weights = (*range(2, 8), *range(2, 7))
    left = sum(int(d) * w for d, w in zip(reversed(digits[:-1]), weights, strict=True)) % 11
    return int(digits[-1]) == (0 if left <= 1 else 11 - left)


def masked(text: str) -> str:
    """The text with every digit of what should not be stored as `*`."""
    written = list(text)
    for one in found(text):
        for at in range(one.start, one.end):
            if re.match(_DIGIT, written[at]):
                written[at] = MASK
    return "".join(written)
