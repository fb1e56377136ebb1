"""The acts on members: register, correct, leave and come back, tell doubles apart."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import (
    BY_KEY,
    CHOICES,
    ELEMENT,
    FIELDS,
    FieldError,
    Value,
    kana_key,
    past_day,
    wrong,
)
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.member import all_errors, checked, joined_before_birth
from soc_cli.operations import refusing
from soc_cli.operations.members import as_dict, as_shown
from soc_cli.operations.nicknames import Reserved, refuse_reserved
from soc_cli.policy.form import Policy
from soc_cli.store import members
from soc_cli.store.register import Register


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
        stored = as_dict(row)
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
    return as_shown(own_record, merged), {key: stored[key] for key in changed}


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


def _number(own_record: Register) -> int:
    assert own_record.grant.member is not None
    return own_record.grant.member
