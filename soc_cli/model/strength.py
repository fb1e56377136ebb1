"""How long a passphrase holds against somebody who has the file, and passphrases that hold."""

import re
import secrets
from collections.abc import Sequence
from itertools import product

from soc_cli.model.errors import WrongData
from soc_cli.model.language import _, ngettext

RATE = 100_000
"""Guesses a second of somebody with a dozen graphics cards, at `keys.ROUNDS` rounds a guess."""
DAY = 86_400
YEAR = 365 * DAY
LONGEST = 72
"""Characters that are estimated; more can only hold longer."""
KNOWN = ("soc", "soarer", "register", "ソアラ", "会員", "名簿", "会員名簿", "事務局")
"""What somebody who guesses would begin with here."""


def seconds(passphrase: str, words: Sequence[str] = ()) -> float:
    """An estimate of the seconds until a passphrase is guessed; `words` are known to who guesses."""
    from zxcvbn import zxcvbn

    cut = passphrase[:LONGEST]
    parts = [part for word in words for part in re.split(r"['’s]*[\s・_.-]+|['’]s?", word) if part]
    known = [*KNOWN, *words, *parts]
    return float(zxcvbn(cut, known, max_length=LONGEST)["guesses"]) / 2 / RATE


def check(passphrase: str, words: Sequence[str] = ()) -> None:
    """Takes a passphrase that holds a day at least; raises WrongData."""
    if not passphrase.strip():
        raise WrongData(_("the new passphrase is empty"))
    if passphrase != passphrase.strip():
        raise WrongData(
            _("the new passphrase begins or ends with a blank"),
            _("leave it out: nobody sees that it is there"),
        )
    if seconds(passphrase, words) < DAY:
        raise WrongData(
            _("this passphrase would be guessed within a day by somebody who has the file"),
            _("take four or more words that have nothing to do with each other or with the club"),
        )


def told(passphrase: str, words: Sequence[str] = ()) -> str:
    """How long a passphrase holds, as a sentence."""
    holds = seconds(passphrase, words)
    if holds < YEAR:
        days = int(holds / DAY)
        return ngettext(
            "This passphrase is weak: somebody who has the file would need about {n} day. More words are better.",
            "This passphrase is weak: somebody who has the file would need about {n} days. More words are better.",
            days,
        ).format(n=days)
    if holds < 100 * YEAR:
        years = int(holds / YEAR)
        return ngettext(
            "This passphrase is fair: somebody who has the file would need about {n} year. More words are better.",
            "This passphrase is fair: somebody who has the file would need about {n} years. More words are better.",
            years,
        ).format(n=years)
    return _("This passphrase is strong: somebody who has the file would need more than a century.")


# Syllables that are written in one way only, and typed alike on every keyboard.
_SYLLABLES = tuple(
    consonant + vowel
    for consonant, vowel in product("kstnhmyrgzdbpw", "aiueo")
    if consonant + vowel
    not in {"si", "ti", "tu", "hu", "yi", "ye", "zi", "di", "du", "wi", "wu", "we", "wo"}
)
WORDS, SYLLABLES = 5, 3


def generated() -> str:
    """A passphrase of five made-up words, 87 bits of chance."""
    return "-".join(
        "".join(secrets.choice(_SYLLABLES) for _syllable in range(SYLLABLES))
        for _word in range(WORDS)
    )
