"""The numbers and nicknames that a word of the command line could become."""

import re

from soc_cli.model.fields import kana_key
from soc_cli.policy.form import Club, Policy
from soc_cli.store import members
from soc_cli.store.register import Register

MOST = 50
"""More than so many are no help to anybody who types."""

_DIGITS = 8
"""The longest number that is one."""


def numbers(upkeep: Register, text: str) -> list[str]:
    """The member numbers that begin with `text`, written as it begins: `SOC-0012`, or `12`."""
    club = upkeep.policy.club
    prefix = f"{club.number_prefix}-"
    if prefix.startswith(text):
        return [club.number(n) for n in members.numbers_within(upkeep, [(1, 10**_DIGITS)], MOST)]
    written = text.removeprefix(prefix)
    if not re.fullmatch(f"[0-9]{{1,{_DIGITS}}}", written):
        return []
    if text == written:
        ranges = [] if written.startswith("0") else _beginning(written, len(written))
        return [str(n) for n in members.numbers_within(upkeep, ranges, MOST)]
    found = members.numbers_within(upkeep, _padded(club, written), MOST)
    return [club.number(number) for number in found]


def _padded(club: Club, written: str) -> list[tuple[int, int]]:
    """The ranges of the numbers that begin so where short ones are led by zeros."""
    least = max(club.number_digits, len(written))
    if written.startswith("0"):  # only those that are filled up to the usual length
        return _range(written, club.number_digits) if len(written) <= club.number_digits else []
    return _beginning(written, least)


def _beginning(digits: str, least: int) -> list[tuple[int, int]]:
    """The ranges of the numbers of at least so many digits that begin with these."""
    return [one for length in range(least, _DIGITS + 1) for one in _range(digits, length)]


def _range(digits: str, length: int) -> list[tuple[int, int]]:
    return [(int(digits.ljust(length, "0")), int(digits.ljust(length, "9")))]


def may_be_nickname(policy: Policy, text: str) -> bool:
    """Whether a nickname could begin so: not nothing at all, and not as a number does."""
    begun = text.removeprefix(f"{policy.club.number_prefix}-")
    return begun != "" and not (begun.isascii() and begun.isdigit()) and bool(kana_key(text))


def nicknames(register: Register, text: str) -> list[str]:
    """The nicknames that begin with `text` (P7); each of whom it is has it on record.

    One that a shell could take for more than a word is left out: shells evaluate what they complete.
    """
    return [
        row["nickname"]
        for row in members.called_like(register, kana_key(text), MOST)
        if row["nickname"].startswith(text) and re.fullmatch(r"[\w.-]+", row["nickname"])
    ]
