"""Looking members up: by what they are called, one, in a list, by a search."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from soc_cli.model import meant
from soc_cli.model.errors import NotFound, WrongData, WrongUse
from soc_cli.model.fields import (
    FieldError,
    Value,
    address_key,
    any_day,
    email_key,
    kana_key,
    name_key,
    plain,
    status,
    text,
    wrong,
)
from soc_cli.model.language import _
from soc_cli.model.member import SHOWN, shown
from soc_cli.policy.form import Policy
from soc_cli.store import members
from soc_cli.store.register import Register


def resolve(upkeep: Register, text: str) -> int:
    """The number of the member that `text` names: a number, a nickname or an e-mail, in that order.

    A number that was merged into another is that one. Raises NotFound for nobody, for somebody erased, and where several answer to it.
    """
    club = upkeep.policy.club
    number = club.number_of(text)
    if number is not None:
        if members.exists(upkeep, number):
            return number
        from soc_cli.store import merging

        if (kept := merging.into(upkeep, number)) is not None:
            return kept
        if day := members.erased_on(upkeep, number):
            raise NotFound(
                _("{number} was erased on {day}").format(number=club.number(number), day=day)
            )
    answering = members.numbers_called(upkeep, kana_key(text), email_key(text.strip()))
    if len(answering) == 1:
        return answering[0]
    if answering:
        raise NotFound(
            _("“{text}” is {n} members: {numbers}").format(
                text=text, n=len(answering), numbers=", ".join(map(club.number, answering))
            ),
            _("say which by number"),
        )
    raise NotFound(
        _("there is no member “{text}”").format(text=text), _("search with “soc member find”")
    )


def show(register: Register, number: int) -> dict[str, object]:
    """What the purpose of the register grants of one member; the rest is named in `withheld`."""
    row = members.one(register, number)
    if row is None:
        raise NotFound(_("this member was erased meanwhile"))
    return as_shown(register, as_dict(row))


def as_shown(register: Register, row: Mapping[str, object]) -> dict[str, object]:
    """A member's row as it is shown: under the number's name, what is not granted named in `withheld`."""
    number = row["id"]
    assert isinstance(number, int)
    return shown(register.policy.club.number(number), row, register.policy.left_out)


def listed(
    register: Register,
    sort: str = "kana",
    limit: int | None = None,
    wanted: members.Filter | None = None,
) -> Iterator[dict[str, object]]:
    """The members with what the purpose of the register grants; the rest is named in `withheld`."""
    rows = members.listed(register, sort, limit, wanted)
    return (as_shown(register, as_dict(row)) for row in rows)


_FILTERS: Mapping[str, Callable[[str, date], Value]] = {
    "status": status,
    "joined_from": any_day,
    "joined_to": any_day,
    "interest": text,
}


def wanted(policy: Policy, today: date, texts: Mapping[str, str | None]) -> members.Filter:
    """The filter that options say; raises WrongUse or WrongData for what says nothing."""
    said = {key: text for key, text in texts.items() if text is not None}
    found: dict[str, Any] = {}
    for key, read in _FILTERS.items():
        if key in said:
            try:
                found[key] = read(said[key], today)
            except FieldError as error:
                raise wrong(said[key], error) from None
    if "age" in said:
        band = re.fullmatch("([0-9]{1,3})(?:(-)([0-9]{0,3}))?", plain(said["age"]) or "")
        if band is None:
            raise WrongUse(_("--age is a number or a band, like 30-39 or 60-"))
        found["age_from"] = int(band[1])
        found["age_to"] = int(band[3] or 999) if band[2] else int(band[1])
    if "prefecture" in said:
        from soc_cli.model import prefectures

        found["prefecture"] = prefectures.called(said["prefecture"])
        if found["prefecture"] is None:
            raise WrongUse(_("--prefecture is a prefecture, like 愛知県 or Aichi"))
    if "choice" in said:
        meant.check("choice", said["choice"], list(policy.choices))
        found["choice"] = said["choice"]
    return members.Filter(**found)


def as_dict(row: Any) -> dict[str, object]:
    """The row as it is stored, by column."""
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 (a Row iterates over its values)


def find(register: Register, text: str) -> Iterator[dict[str, object]]:
    """The members of whom something that the purpose grants holds `text`, best match first."""
    wanted = text.strip()
    if not wanted:
        raise WrongData(_("nothing to search for"))
    folded = {key: fold(wanted) for key, fold in _FOLDED.items()}
    if any(c.isalpha() for c in unicodedata.normalize("NFKC", wanted)):
        folded["phone_key"] = ""  # the digits of an address are no phone number
    likely = _likely(wanted)
    rows = members.found(register, folded, (likely, _FOLDED.keys() - likely))
    return (as_shown(register, as_dict(row)) for row in rows)


def _digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789").lstrip("0")


_FOLDED: Mapping[str, Callable[[str], str]] = {
    "name_key": name_key,
    "kana_key": kana_key,
    "nickname_key": kana_key,
    "email_key": email_key,
    "phone_key": _digits,
    "address_key": address_key,
}


def _likely(text: str) -> set[str]:
    """The keys in which a text like this stands, if it stands anywhere.

    A reading is kana, a mailbox ASCII, a phone number digits; each key that need not be looked
    through saves the time of a scan.
    """
    narrow = unicodedata.normalize("NFKC", text)
    digits = sum(c in "0123456789" for c in narrow)
    number = digits >= 4 and not any(c.isalpha() for c in narrow)
    if number and digits >= 7:
        return {"phone_key"}
    found = {"nickname_key"}
    if narrow.isascii():
        found.add("email_key")
    if number:
        return found | {"phone_key"}
    if "@" not in narrow:
        found.add("name_key")
    if re.search("[\u3041-\u30ff]", narrow) and not re.search("[\u3400-\u9fff]", narrow):
        found.add("kana_key")
    return found


def listing_columns(policy: Policy, purpose: str) -> tuple[str, ...]:
    """The keys of a member that a list for this purpose can fill."""
    granted = members.plan(policy, purpose)[0]
    return ("number", *(key for key in SHOWN if key in granted or key in members.OPEN))
