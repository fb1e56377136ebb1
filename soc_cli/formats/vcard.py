"""One person as a vCard (version 3.0, RFC 2426), which telephones, Outlook and mail programs take in."""

import re
from collections.abc import Mapping

from soc_cli.model import prefectures
from soc_cli.model.text import visible

HELD = (
    "name", "kana", "nickname", "email", "phone", "birth_date", "postal_code", "address", "occupation",
)  # fmt: skip
"""The fields of a registration that a vCard has a place for."""

_MOBILE = re.compile(r"(?:0|\+81-?)[789]0")


def written(values: Mapping[str, object]) -> str:
    """The vCard of these fields, among which the name is; what is empty has no line.

    Surname and given name are parted where the name has a blank, and nowhere else. An address that
    begins with its prefecture is parted there: both together are the address as it is stored.
    """
    import vobject

    said = {key: visible(str(value)) for key, value in values.items() if value is not None}
    card = vobject.vCard()
    card.add("fn").value = said["name"]
    surname, given = _parted(said["name"])
    card.add("n").value = vobject.vcard.Name(family=surname, given=given)
    if "kana" in said:
        card.add("sort-string").value = said["kana"]
        last, first = _parted(said["kana"])
        if bool(first) == bool(given):
            card.add("x-phonetic-last-name").value = last
            if first:
                card.add("x-phonetic-first-name").value = first
    for key, line in (("nickname", "nickname"), ("birth_date", "bday"), ("occupation", "role")):
        if key in said:
            card.add(line).value = said[key]
    if "email" in said:
        _typed(card.add("email"), said["email"], "INTERNET")
    if "phone" in said:
        kind = "CELL" if _MOBILE.match(said["phone"]) else "VOICE"
        _typed(card.add("tel"), said["phone"], kind)
    if "address" in said or "postal_code" in said:
        prefecture, rest = _prefecture(said.get("address", ""))
        code = said.get("postal_code", "")
        place = vobject.vcard.Address(street=rest, region=prefecture, code=code)
        _typed(card.add("adr"), place, "HOME")
    text: str = card.serialize()
    return text


def _typed(line: object, value: object, kind: str) -> None:
    line.value, line.type_param = value, [kind]  # type: ignore[attr-defined]


def _parted(name: str) -> tuple[str, str]:
    """Surname and given name; the whole as surname where it has no blank."""
    surname, _blank, given = name.partition(" ")
    return surname, given


def _prefecture(address: str) -> tuple[str, str]:
    for name in prefectures.NAMES:
        if address.startswith(name):
            return name, address.removeprefix(name)
    return "", address
