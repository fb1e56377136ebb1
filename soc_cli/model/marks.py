"""Keyed marks: how a refused person is known again once nothing else of them is stored (P8).

A mark is a keyed hash of the folded name together with one more thing that is known of the person.
Without the key nobody can try names and numbers against it; a plain hash would not do, since all
Japanese mobile numbers can be tried in minutes. So the key lies apart from the register.
"""

from collections.abc import Mapping

WITH: Mapping[str, str] = {
    "birth_date": "birth_date",
    "email": "email_key",
    "phone": "phone_key",
    "address": "address_key",
}
"""What makes a person together with the name: the field, and the column that is compared."""

NAME = "name"
"""The kind of the mark of the name alone, which many may bear: it only warns."""


def mark(key: bytes, kind: str, name_key: str | None, value: str | None) -> str | None:
    """The mark of a name and one value, 64 digits; None where either is not known."""
    if not name_key or not value:
        return None
    return _keyed(key, "\x1f".join((kind, name_key, value)))


def marks(key: bytes, stored: Mapping[str, object]) -> dict[str, str]:
    """The marks of a person by kind; `stored` are the values with their folded keys."""
    name = stored.get("name_key")
    columns = {NAME: "name_key", **WITH}
    found = {
        kind: mark(key, kind, *(v if isinstance(v, str) else None for v in (name, stored.get(at))))
        for kind, at in columns.items()
    }
    return {kind: said for kind, said in found.items() if said is not None}


def check(key: bytes) -> str:
    """What a register keeps of its key, to tell whether another one is at hand."""
    return _keyed(key, "soc marks")[:16]


def _keyed(key: bytes, text: str) -> str:
    import hmac

    return hmac.digest(key, text.encode(), "sha256").hex()
