"""Keyed marks: how a refused person is known again once nothing else of them is stored (P8).

A mark is a keyed hash of the folded name, or of its reading, together with one more thing that is
known of the person.
Without the key nobody can try names and numbers against it; a plain hash would not do, since all
Japanese mobile numbers can be tried in minutes. So the key lies apart from the register.
"""

from collections.abc import Mapping

from soc_cli.model.fields import kana_key

WITH: Mapping[str, str] = {
    "birth_date": "birth_date",
    "email": "email_key",
    "phone": "phone_key",
    "address": "address_key",
}
"""What makes a person together with the name: the field, and the column that is compared."""

NAME = "name"
"""The kind of the mark of the name alone, which many may bear: it only warns."""


READING = "_reading"
"""After a kind: the mark that is made with the reading in the place of the name."""


def mark(key: bytes, kind: str, form: str | None, value: str | None) -> str | None:
    """The mark of a name, or its reading, and one value, 64 digits; None where either is not known."""
    if not form or not value:
        return None
    return _keyed(key, "\x1f".join((kind, form, value)))


def marks(key: bytes, stored: Mapping[str, object]) -> list[tuple[str, str]]:
    """The marks of somebody who is at the door, with their kinds.

    `stored` are the values with their folded keys. Somebody who writes the name in kana is known by
    the reading.
    """
    name, reading, written = (stored.get(at) for at in ("name_key", "kana_key", "name"))
    forms = {name, reading, kana_key(written) if isinstance(written, str) else None}
    columns = [(kind, form, stored.get(at)) for form in forms for kind, at in WITH.items()]
    found = [
        (kind, mark(key, kind, form, value))
        for kind, form, value in (*columns, (NAME, name, name))
        if isinstance(form, str) and isinstance(value, str)
    ]
    return [(kind, said) for kind, said in found if said is not None]


def check(key: bytes) -> str:
    """What a register keeps of its key, to tell whether another one is at hand."""
    return _keyed(key, "soc marks")[:16]


def _keyed(key: bytes, text: str) -> str:
    import hmac

    return hmac.digest(key, text.encode(), "sha256").hex()
