"""A notice as plain values: by which channel, in which form, and to whom."""

import re
from dataclasses import dataclass

EMAIL, POST = "email", "post"
CHANNELS = (EMAIL, POST)

CSV, EML, LABELS, HAGAKI = "csv", "eml", "labels", "hagaki"
FORMS = {EMAIL: (CSV, EML), POST: (CSV, LABELS, HAGAKI)}
"""What a notice can be written as, by channel: a sheet for a mail merge, drafts, labels, postcards."""


@dataclass(frozen=True)
class Letter:
    """What goes to one member, or to the members of one household."""

    number: str
    """Of the addressee, as it is written: `SOC-0012`."""
    name: str
    kana: str | None
    email: str | None = None
    postal_code: str | None = None
    address: str | None = None
    household: tuple[str, ...] = ()
    """The names of the others of the household who are told by this letter."""

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody whom it is addressed to."""
        return (self.name, *self.household)


PLACEHOLDERS = ("name", "kana", "number", "email")
"""What a text may name, and each member gets filled in: what an e-mail reads of a member (P4)."""

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}")


def placeholders(text: str) -> list[str]:
    """What stands between braces in a text, in its order; `{{` and `}}` are braces themselves."""
    names = (found[1] for found in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(name for name in names if name is not None))


def filled(text: str, letter: Letter) -> str:
    """The text as one member gets it; of a household the names of all."""
    said = {
        "name": "、".join(letter.names),
        "kana": letter.kana or "",
        "number": letter.number,
        "email": letter.email or "",
    }
    return _PLACEHOLDER.sub(lambda found: found[0][0] if found[1] is None else said[found[1]], text)
