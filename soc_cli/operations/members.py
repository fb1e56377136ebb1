"""The acts on members: register, show, list, find, correct, leave and come back."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from soc_cli.model import meant, prefectures
from soc_cli.model.errors import NotFound, WrongData, WrongUse
from soc_cli.model.fields import (
    BY_KEY,
    CHOICES,
    ELEMENT,
    FIELDS,
    FieldError,
    Value,
    address_key,
    any_day,
    email_key,
    kana_key,
    name_key,
    past_day,
    plain,
    status,
    text,
    wrong,
)
from soc_cli.model.frozen import frozen
from soc_cli.model.instruction import of_entry
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.member import SHOWN, all_errors, checked, joined_before_birth, shown
from soc_cli.model.patterns import pattern
from soc_cli.operations import refusing
from soc_cli.operations.nicknames import Reserved, refuse_reserved
from soc_cli.policy.form import Policy
from soc_cli.store import history as store_history
from soc_cli.store import members, merging
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


def texts_of(data: Any) -> dict[str, str]:
    """A person's fields as text, from the JSON object that `member add --from` and `edit --from` read.

    Raises WrongData for a key that the policy does not name (C3).
    """
    if not isinstance(data, dict):
        raise WrongData(_("the JSON is not one object"), _('write it like {"name": "…"}'))
    flat = dict(data)
    choices = flat.pop("choices", None) or {}
    if not isinstance(choices, dict) or not choices.keys() <= set(CHOICES):
        raise WrongData(
            _("“{key}” is no field of the register").format(key="choices"), _choices_hint()
        )
    texts: dict[str, str] = {}
    for key, value in {**flat, **choices}.items():
        if key not in BY_KEY:
            raise _no_field(key, _C4)
        if value is None:
            texts[key] = ""
        elif isinstance(value, str):
            texts[key] = value
        elif isinstance(value, bool) and key in CHOICES:
            texts[key] = "yes" if value else "no"
        elif (
            isinstance(value, list)
            and key == "interests"
            and all(isinstance(one, str) for one in value)
        ):
            texts[key] = "".join(one + ELEMENT for one in value)
        else:
            raise WrongData(
                _("“{key}” is not written as a text").format(key=key),
                _('write it like {"name": "…"}'),
            )
    return texts


def _choices_hint() -> str:
    return _("the choices are: {names}").format(names=" ".join(CHOICES))


def _known(policy: Policy, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without blanks for what this club leaves out; raises WrongData for any other (C3)."""
    for key, said in texts.items():
        if key in policy.left_out and said.strip():
            raise _no_field(key, policy.clauses.get("C4"))
    return {key: text for key, text in texts.items() if key not in policy.left_out}


_C4 = N_("see “soc policy show C4”")


def _no_field(key: str, clause: object) -> WrongData:
    see = _(_C4) if clause is not None else _("see “soc policy show”")
    return WrongData(_("“{key}” is no field of the register").format(key=key), see)


def check_values(texts: Mapping[str, str], today: date) -> dict[str, Value]:
    """The values that these texts are by themselves, or WrongData with every reason."""
    values, errors = checked(texts, today)
    if errors:
        raise all_errors(errors, texts)
    return values


def check(upkeep: Register, texts: Mapping[str, str], but: int | None = None) -> dict[str, Value]:
    """The values that these texts are, or WrongData with every reason why they can't be registered.

    A nickname is not taken where the member `but` has it.
    """
    texts = _known(upkeep.policy, texts)
    values, errors = checked(texts, upkeep.today)
    called = values.get("nickname")
    if nickname_taken(upkeep, called, but):
        errors.append(("nickname", FieldError(_(NICKNAME_TAKEN))))
    elif not nickname_taken(upkeep, called) and (
        error := refuse_reserved(Reserved(upkeep.policy), called)
    ):
        errors.append(("nickname", error))
    if errors:
        raise all_errors(errors, texts)
    return values


NICKNAME_TAKEN = N_("this nickname is taken (withdrawn members keep theirs)")


def nickname_taken(upkeep: Register, called: Value, but: int | None = None) -> bool:
    """Whether somebody has this nickname, or had it when they were merged; `but` one member aside."""
    return isinstance(called, str) and members.nickname_taken(upkeep, kana_key(called), but)


@frozen
class Added:
    """A member who was registered, and whom they may be."""

    number: int
    doubles: Sequence[int]
    """Members who may be this person."""
    refused: Sequence[int]
    """Refusals of persons of this name (P8)."""


def add(upkeep: Register, texts: Mapping[str, str], not_the_same: bool = False) -> Added:
    """Registers a member (C2, occasion: registration).

    Raises Refused for somebody who is refused (P8), unless it was said that it is `not_the_same`
    person, which is on record.
    """

    said = {key: text for key, text in texts.items() if text.strip()}
    recogniser = refusing.Recogniser(upkeep)
    with upkeep.change():
        values = check(upkeep, {"name": "", "joined_on": upkeep.today.isoformat(), **said})
        found = (recogniser.recognise if not_the_same else recogniser.stop)(values)
        doubles = members.same_person(upkeep, values)
        number = members.insert(upkeep, values)
        details = f"not-the-same {refusing.said(found)}" if found.surely else ""
        upkeep.record(Entry("register", (number,), occasion="registration", details=details))
    return Added(number, doubles, found.by_name)


def show(register: Register, number: int) -> dict[str, object]:
    """What the purpose of the register grants of one member; the rest is named in `withheld`."""
    row = members.one(register, number)
    if row is None:
        raise NotFound(_("this member was erased meanwhile"))
    return _shown(register, _as_dict(row))


def _shown(register: Register, row: Mapping[str, object]) -> dict[str, object]:
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
    return (_shown(register, _as_dict(row)) for row in rows)


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
        found["prefecture"] = prefectures.called(said["prefecture"])
        if found["prefecture"] is None:
            raise WrongUse(_("--prefecture is a prefecture, like 愛知県 or Aichi"))
    if "choice" in said:
        meant.check("choice", said["choice"], list(policy.choices))
        found["choice"] = said["choice"]
    return members.Filter(**found)


def _as_dict(row: Any) -> dict[str, object]:
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
    return (_shown(register, _as_dict(row)) for row in rows)


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


def withdraw(upkeep: Register, number: int, text: str | None = None) -> str:
    """Records that a member has left, on this day unless said; gives the day. The data stay."""
    day = _day(upkeep, text)
    with upkeep.change():
        now = _open(upkeep, number)
        if now["status"] != "active":
            raise WrongData(_("is no active member"), _("see “soc member show MEMBER”"))
        if now["joined_on"] is not None and day < str(now["joined_on"]):
            raise WrongData(_("left before joining"))
        members.end_period(upkeep, number, day)
        fields = ("status", "left_on")
        upkeep.record(Entry("withdraw", (number,), ("registration",), "registration", fields))
    return day


def rejoin(upkeep: Register, number: int, text: str | None = None) -> str:
    """Records that somebody who left is a member again, under the same number; gives the day."""

    day = _day(upkeep, text)
    refusing.bar(upkeep, [number])
    with upkeep.change():
        now = _open(upkeep, number)
        if now["status"] == "active":
            raise WrongData(_("has not left"), _("see “soc member show MEMBER”"))
        if now["left_on"] is not None and day < str(now["left_on"]):
            raise WrongData(_("joined again before having left"))
        refusing.end_those_over(upkeep, number, day)
        members.begin_period(upkeep, number, day)
        fields = ("status", "joined_on", "left_on")
        upkeep.record(Entry("rejoin", (number,), ("registration",), "registration", fields))
    return day


def take_back_withdrawal(upkeep: Register, number: int) -> None:
    """A member who was recorded as gone by mistake never left; raises WrongData for one who is there."""
    with upkeep.change():
        if _open(upkeep, number)["status"] != "withdrawn":
            raise WrongData(_("has not left"), _("see “soc member show MEMBER”"))
        members.resume_period(upkeep, number)
        fields = ("status", "left_on")
        about = ("registration",)
        upkeep.record(Entry("take-back-withdrawal", (number,), about, "registration", fields))


def take_back_rejoining(upkeep: Register, number: int) -> None:
    """A member who was recorded as back by mistake is gone as before; raises WrongData for others."""
    with upkeep.change():
        active = _open(upkeep, number)["status"] == "active"
        if not active or not members.take_back_period(upkeep, number):
            raise WrongData(_("has not joined again"), _("see “soc member show MEMBER”"))
        fields = ("status", "joined_on", "left_on")
        about = ("registration",)
        upkeep.record(Entry("take-back-rejoining", (number,), about, "registration", fields))


def _day(upkeep: Register, text: str | None) -> str:
    """A day up to today; today unless said."""
    try:
        return past_day(text or "", upkeep.today) or upkeep.today.isoformat()
    except FieldError as error:
        raise wrong(text or "", error) from None


def _open(register: Register, number: int) -> dict[str, Value]:
    if not members.exists(register, number):
        raise NotFound(_("this member was erased meanwhile"))
    return members.open_values(register, number)


DOUBLE_KEYS = ("member", "other", "fields")


def doubles(upkeep: Register) -> list[dict[str, object]]:
    """Pairs of members that look like one person, by number, with the fields that say so."""
    club = upkeep.policy.club
    with upkeep.change():
        pairs = members.doubles(upkeep)
        # That two members have something in common is something about both of them.
        about = sorted({number for one, other, _fields in pairs for number in (one, other)})
        upkeep.record(Entry("read", tuple(about), ("registration",)))
    return [
        {"member": club.number(one), "other": club.number(other), "fields": list(fields)}
        for one, other, fields in pairs
    ]


def tell_apart(upkeep: Register, one: int, other: int) -> None:
    """Records that two members are two persons, so that they are no longer told as doubles."""
    with upkeep.change():
        members.tell_apart(upkeep, one, other)
        upkeep.record(Entry("tell-apart", (one, other)))


def tell_together(upkeep: Register, one: int, other: int) -> None:
    """Two members who were told apart by mistake are told as doubles again; raises WrongData for others."""
    with upkeep.change():
        if not members.tell_together(upkeep, one, other):
            raise WrongData(_("these two were not told apart"), _("see “soc member duplicates”"))
        upkeep.record(Entry("tell-together", (one, other)))


HISTORY_KEYS = ("at", "operator", "purpose", "command", "act", "fields", "request", "instruction")


def history(own_record: Register) -> list[dict[str, object]]:
    """What was done with the record that the register is open for: fields by name, never a value (P3)."""
    return [
        {
            "at": one.at,
            "operator": one.operator,
            "purpose": one.purpose,
            "command": one.command,
            "act": one.act,
            "fields": list(one.fields),
            "request": _request(one),
            "instruction": instruction_of(one),
        }
        for one in store_history.seen(own_record)
    ]


_REQUEST = pattern(r"\brequest=([0-9]+)")


def _request(seen: store_history.Seen) -> int | None:
    """The number of the inquiry that asked for what was done."""
    if said := of_entry(seen.act, seen.details):
        return said.request
    return int(found[1]) if (found := _REQUEST.search(seen.details)) else None


def instruction_of(seen: store_history.Seen) -> str | None:
    """When and how the member said that a form be filled in (P6)."""
    said = of_entry(seen.act, seen.details)
    return f"{said.day} {said.how}" if said else None


def edit(
    own_record: Register,
    texts: Mapping[str, str],
    request: int | None = None,
    keep: bool = True,
    seen: Mapping[str, object] | None = None,
) -> tuple[dict[str, object], dict[str, object]]:
    """Corrects the registration that the register is open for (R1); gives it, and what stood there before.

    An empty text clears its field. `request` is the number of the inquiry that asked for it; with
    `keep` false nothing is kept. `seen` is the record as it was shown: a field that somebody else has
    changed since raises WrongData. The stored record is read in the change that writes, so that two
    corrections at once are one after the other, each of its own fields.
    """
    texts = _known(own_record.policy, texts)
    values = check_values(texts, own_record.today)
    with own_record.change(keep):
        row = members.one(own_record, _number(own_record))
        if row is None:
            raise NotFound(_("this member was erased meanwhile"))
        stored = _as_dict(row)
        changed = differing(stored, values)
        before = flat_values(seen) if seen is not None else stored
        meanwhile = [key for key in changed if before[key] != stored[key]]
        if meanwhile:
            raise WrongData(
                _("somebody else has changed this meanwhile: {fields}").format(
                    fields=", ".join(_(BY_KEY[key].label) for key in meanwhile)
                ),
                _("look at the record again"),
            )
        if error := refuse_reserved(Reserved(own_record.policy), changed.get("nickname")):
            raise all_errors([("nickname", error)], texts)
        merged = {**stored, **changed}
        if joined_before_birth(merged):
            raise WrongData(_("joined before being born"))
        if changed:
            members.update(own_record, _number(own_record), changed)
            fields = tuple(field.key for field in FIELDS if field.key in changed)
            own_record.record(
                Entry(
                    "correct",
                    (_number(own_record),),
                    ("registration",),
                    "registration",
                    fields,
                    f"request={request}" if request is not None else "",
                )
            )
    return _shown(own_record, merged), {key: stored[key] for key in changed}


def differing(stored: Mapping[str, object], values: Mapping[str, Value]) -> dict[str, Value]:
    """Those of the values that are not stored already; a cleared field may have its default."""
    said = {
        **values,
        **{k: v for k, v in members.DEFAULTS.items() if k in values and values[k] is None},
    }
    return {key: value for key, value in said.items() if stored[key] != value}


def flat_values(shown: Mapping[str, object]) -> dict[str, Value]:
    """The fields of a member, as they are shown, as the values that are stored."""
    choices = shown["choices"]
    interests = shown["interests"]
    assert isinstance(choices, Mapping)
    assert isinstance(interests, list | None)
    flat: dict[str, Any] = {key: shown[key] for key in BY_KEY if key in shown}
    flat |= {key: None if chosen is None else int(chosen) for key, chosen in choices.items()}
    flat["interests"] = "、".join(interests or ()) or None
    flat["sex"] = (
        flat["sex"] or members.DEFAULTS["sex"]
    )  # which stands there where a club leaves it out
    return flat


def listing_columns(policy: Policy, purpose: str) -> tuple[str, ...]:
    """The keys of a member that a list for this purpose can fill."""
    granted = members.plan(policy, purpose)[0]
    return ("number", *(key for key in SHOWN if key in granted or key in members.OPEN))


def _number(own_record: Register) -> int:
    assert own_record.grant.member is not None
    return own_record.grant.member
