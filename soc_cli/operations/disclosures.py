"""Giving to others: consents (D1), and the four grounds with their records (D1 to D4).

There is no other way for data to leave, and none for money (D0).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from soc_cli.model import fields
from soc_cli.model.clocks import kept_through
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, FieldError, header_key, spellings, text_key
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.newfile import Unnamed
from soc_cli.policy.form import Ground, Policy
from soc_cli.store import disclosures, members
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

CONSENT_KEYS = ("number", "member", "recipient", "items", "how", "given_on", "withdrawn_on")
RECORD_KEYS = (
    "number", "made_at", "ground", "recipient", "items", "members", "fields", "file_sha256",
    "visible_to_member", "keep_through",
)  # fmt: skip

RECIPIENT = ("recipient", "recipient_address", "recipient_representative")
PROTECTED = ("life", "body", "property")
DAYS = ("document_date",)

WHY = {
    "recipient": N_("the law asks who received the data"),
    "recipient_address": N_("the law asks for the recipient's address"),
    "recipient_representative": N_("the law asks who represents the recipient"),
    "kind": N_(
        "say --kind order (a court's) or --kind inquiry (under a law with powers of investigation)"
    ),
    "consent": N_("say which consent it rests on"),
    "court": N_("without the court it is no order"),
    "case_number": N_("an order without a case number is not acted on"),
    "document_date": N_("the day on the document"),
    "served_original": N_("the original must have been served, not a copy or a call"),
    "law": N_("voluntary cooperation, without a law behind it, is not enough for this policy"),
    "article": N_("the article that gives the power to ask"),
    "authority": N_("which public body asks"),
    "officer": N_("who of that body asks"),
    "document_number": N_("oral requests and requests without a number are refused"),
    "called_back": N_("inquiries are forged: call back a number that you found yourself"),
    "violation": N_("what of the law, the terms or the guidelines was broken"),
    "protects": N_("name which: life, body or property"),
    "whose": N_("whose right is protected"),
    "why_no_consent": N_("why the member's consent is hard to get"),
    "danger": N_("what the danger is"),
    "urgency": N_("why it can't wait"),
}
"""Why each field of a ground is asked for, where it is missing."""


def named_items(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The items that a text names, by key or heading, with commas between.

    Raises WrongData for one that is no field of the register, and where none is named.
    """
    meant = spellings(known)
    found: dict[str, None] = {}
    for part in filter(
        None, (part.strip() for part in text.replace("、", ",").replace("，", ",").split(","))
    ):
        key = meant.get(header_key(part))
        if key is None:
            raise WrongData(
                _("“{item}” is no item of the registration").format(item=part),
                _("one of: {names}").format(names=" ".join(known)),
            )
        found[key] = None
    if not found:
        raise WrongData(_("no items are named"), _("say for instance --items name,address"))
    return tuple(found)


def known(policy: Policy) -> tuple[str, ...]:
    """The items that can be named, in the order of a registration."""
    named = members.items(policy)
    return tuple(key for key in BY_KEY if key in named)


def plain(text: str | None) -> str | None:
    """The words of one option, or None; raises WrongData for what no field takes."""
    try:
        return fields.plain(text or "", 500)
    except FieldError as error:
        raise fields.wrong(text or "", error) from None


def _day(text: str) -> str:
    try:
        found = fields.day(text)
    except FieldError as error:
        raise fields.wrong(text or "", error) from None
    assert found is not None
    return found.isoformat()


# consent --------------------------------------------------------------------------------------


def give(
    upkeep: Register, member: int, texts: Mapping[str, str | None], evidence_sha256: str | None
) -> int:
    """Records that a member agreed to a disclosure (D1); gives the consent's number."""
    taken = {key: plain(text) for key, text in texts.items()}
    for key, why in (
        ("recipient", _("to whom")),
        ("items", _("for which items")),
        ("how", _("how it was given")),
        ("given_on", _("on which day")),
    ):
        if taken.get(key) is None:
            raise Refused(_("a consent says {what}").format(what=why), _option(key))
    if taken.get("country") and not taken.get("country_information"):
        raise Refused(
            _("a recipient abroad needs the information of Act art. 28 first"),
            "--country-information",
        )
    given_on = _day(taken["given_on"] or "")
    if given_on > upkeep.today.isoformat():
        raise WrongData(_("{day} is in the future").format(day=given_on))
    values = {
        "member_id": member,
        "recipient": taken["recipient"],
        "items": ",".join(named_items(taken["items"] or "", known(upkeep.policy))),
        "how": taken["how"],
        "given_on": given_on,
        "evidence_sha256": evidence_sha256,
        "country": taken.get("country"),
        "country_information": taken.get("country_information"),
        "identity_check": taken.get("identity_check"),
    }
    with upkeep.change():
        number = disclosures.give(upkeep, values)
        upkeep.record(Entry("consent", (member,), details=f"consent={number}"))
    return number


def _option(key: str) -> str:
    return _("say --{option}").format(option=key.replace("_", "-"))


def withdraw(upkeep: Register, number: int) -> None:
    """Records that a consent was withdrawn; what was disclosed before stays on record."""
    with upkeep.change():
        row = _consent(upkeep, number)
        if row["withdrawn_on"] is not None:
            raise WrongData(
                _("consent {number} was withdrawn on {day}").format(
                    number=number, day=row["withdrawn_on"]
                )
            )
        disclosures.withdraw(upkeep, number, upkeep.today.isoformat())
        upkeep.record(Entry("withdraw-consent", (row["member_id"],), details=f"consent={number}"))


def _consent(upkeep: Register, number: int) -> Row:
    rows = disclosures.consents(upkeep, number)
    if not rows:
        raise NotFound(
            _("there is no consent {number}").format(number=number), _("see “soc consent list”")
        )
    return rows[0]


def consents(upkeep: Register) -> list[dict[str, object]]:
    """The consents, oldest first, with members by number."""
    club = upkeep.policy.club
    return [
        {
            "number": row["id"],
            "member": club.number(row["member_id"]),
            "recipient": row["recipient"],
            "items": row["items"].split(","),
            "how": row["how"],
            "given_on": row["given_on"],
            "withdrawn_on": row["withdrawn_on"],
        }
        for row in read_consents(upkeep)
    ]


def read_consents(upkeep: Register) -> list[Row]:
    """The consents, oldest first; that they were read is on record."""
    with upkeep.change():
        rows = disclosures.consents(upkeep)
        upkeep.record(Entry("read", tuple(row["member_id"] for row in rows), ("history",)))
    return rows


# disclosure -----------------------------------------------------------------------------------


class Extract(Unnamed, Protocol):
    """A finished file that has no name yet."""

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""


def checked_fields(
    policy: Policy, ground: str, texts: Mapping[str, str | None], today: date
) -> tuple[str | None, dict[str, str]]:
    """The kind of a ground and its fields; raises Refused (exit 5) for the first that is missing."""
    rules = policy.grounds[ground]
    for key in RECIPIENT:
        if plain(texts.get(key)) is None:
            raise _missing(rules, key)
    kind: str | None = None
    if "" not in rules.kinds:
        kind = texts.get("kind")
        if kind not in rules.kinds:
            raise _missing(rules, "kind")
    wanted = rules.kinds[kind or ""]
    for key in texts.keys() - {*RECIPIENT, *wanted, *(("kind",) if kind else ())}:
        if plain(texts[key]) is not None:
            raise WrongUse(
                _("--{option} does not belong to the ground of {ground}").format(
                    option=key.replace("_", "-"), ground=ground
                ),
                _("see “{command}”").format(command="soc disclosure record --help"),
            )
    asked = " ".join(text_key(texts.get(key) or "") for key in ("law", "authority"))
    if any(word in asked for word in ("弁護士会", "弁護士法", "barassociation")):
        raise Refused(
            _("a bar association's inquiry is lawful, but not promised in this policy"),
            _("ask the member for their consent"),
        )
    found: dict[str, str] = {}
    for key in wanted:
        value = plain(texts.get(key))
        if value is None or _says_nothing(key, value):
            raise _missing(rules, key)
        if key in DAYS:
            value = _day(value)
            if value > today.isoformat():
                raise WrongData(_("{day} is in the future").format(day=value))
        if key == "protects":
            value = {"生命": "life", "身体": "body", "財産": "property"}.get(value, value)
        if key == "protects" and value not in PROTECTED:
            raise Refused(
                _("“{right}” is none of life, body and property").format(right=value), _(WHY[key])
            )
        if key == "consent" and not re.fullmatch("[0-9]{1,8}", value):
            raise WrongData(_("“{text}” is no number of a consent").format(text=value))
        found[key] = value
    return kind, found


_NOTHING = ("none", "n/a", "なし", "無し", "不明")
_NOT_DONE = ("no", "n", "false", "0", "いいえ", "未", "未了", "まだ", "not yet", *_NOTHING)
_NOT_FORMAL = {"law": "任意", "document_number": "口頭"}


def _says_nothing(key: str, value: str) -> bool:
    """Whether what stands in a field is only there to fill it, or says that it was not done."""
    said = text_key(value)
    if key in ("served_original", "called_back") and said in map(text_key, _NOT_DONE):
        return True
    informal = _NOT_FORMAL.get(key)
    return (
        said in _NOTHING
        or not any(c.isalnum() for c in said)
        or bool(informal and informal in said)
    )


def _missing(ground: Ground, key: str) -> Refused:
    return Refused(
        _("on the ground of {ground}, --{option} must be on record first").format(
            ground=str(ground.label), option=key.replace("_", "-")
        ),
        _(WHY[key]),
    )


def shown_to_member(ground: str, not_shown_because: str | None) -> bool:
    """Whether the member may see a record: D2 never, the others unless a reason is named."""
    return ground != "authority" and not not_shown_because


def keep_through(policy: Policy, ground: str, day: date) -> str | None:
    """The last day of a record of a disclosure on this day that the law has a club keep (Act art. 29)."""
    if ground != "consent":
        return None
    return kept_through(day, policy.periods["consent_record"].years).isoformat()


def record(
    register: Register,
    ground: str,
    texts: Mapping[str, str | None],
    items: Sequence[str],
    numbers: Sequence[int],
    not_shown_because: str | None,
    prepare: Callable[[list[dict[str, object]]], Extract],
) -> int:
    """Gives the named items of the named members to a third party, with its record (D1 to D4).

    The record is kept before the file gets its name; where the file can't, the record goes again.
    Raises Refused where something that must be on record is missing.
    """
    policy, now = register.policy, register.run.clock.now()
    kind, found = checked_fields(policy, ground, texts, register.today)
    reason = not_shown_because or (kind if ground == "authority" else None)
    with register.change():
        if ground == "consent":
            number = int(found["consent"])
            consent = disclosures.consent_of(register, number)
            recipient = texts["recipient"] or ""
            found |= covered(consent, number, recipient, items, numbers, register.today)
        rows = disclosures.extract(register, items)
        if {row["id"] for row in rows} != set(numbers):
            raise NotFound(_("this member was erased meanwhile"))
        extract = prepare(rows)
        register.unnamed(extract, "extract", numbers)
        keep = keep_through(policy, ground, register.today)
        values = {
            "made_at": now.isoformat(),
            "ground": ground,
            "kind": kind,
            **{key: plain(texts[key]) for key in RECIPIENT},
            "items": ",".join(items),
            "fields": found,
            "file_sha256": extract.sha256,
            "visible_to_member": int(register.shown),
            "not_shown_because": reason,
            "keep_through": keep,
        }
        names = disclosures.names(register) if ground == "consent" else {}
        number = disclosures.record(register, values, numbers, names)
        details = f"disclosure={number}"
        register.record(Entry("disclose", tuple(numbers), ("disclosure",), details=details))
    taken_back = Entry("take-back", tuple(numbers), details=details)
    register.name(extract, taken_back, lambda: disclosures.take_back(register, number))
    return number


def covered(
    row: Row | None,
    number: int,
    recipient: str,
    items: Sequence[str],
    numbers: Sequence[int],
    day: date,
) -> dict[str, str]:
    """The facts of a consent, or Refused where it does not cover a disclosure on this day (D1)."""
    if row is None:
        raise Refused(
            _("consent {number} is not there, or not this member's").format(number=number),
            _("see “soc consent list”"),
        )
    if set(numbers) != {row["member_id"]}:
        raise Refused(
            _("consent {number} is one member's, and covers nobody else").format(number=number)
        )
    if row["withdrawn_on"] is not None and row["withdrawn_on"] <= day.isoformat():
        raise Refused(
            _("consent {number} was withdrawn on {day}").format(
                number=number, day=row["withdrawn_on"]
            )
        )
    if text_key(row["recipient"]) != text_key(recipient):
        raise Refused(_("consent {number} is for another recipient").format(number=number))
    if beyond := set(items) - set(row["items"].split(",")):
        raise Refused(
            _("consent {number} does not cover: {items}").format(
                number=number,
                items=", ".join(_(BY_KEY[item].label) for item in items if item in beyond),
            )
        )
    if row["given_on"] > day.isoformat():
        raise Refused(_("consent {number} is dated after this day").format(number=number))
    facts = {"consent_given_on": row["given_on"], "consent_how": row["how"]}
    return facts | ({"identity_check": row["identity_check"]} if row["identity_check"] else {})


def records(upkeep: Register) -> list[dict[str, object]]:
    """The ledger, oldest first, with members by number."""
    return [_shown(upkeep, row) for row in read(upkeep)]


def show(upkeep: Register, number: int) -> dict[str, object]:
    """One record of the ledger, with the recipient's address and representative."""
    for row in read(upkeep, number):
        more = ("kind", "recipient_address", "recipient_representative", "not_shown_because")
        return {**_shown(upkeep, row), **{key: row[key] for key in more}}
    raise NotFound(
        _("there is no disclosure {number}").format(number=number), _("see “soc disclosure list”")
    )


def read(upkeep: Register, number: int | None = None) -> list[dict[str, object]]:
    """Records of the ledger; that they were read is on record for the members who may see them."""
    with upkeep.change():
        found = list(disclosures.records(upkeep, number))
        for shown in (True, False):
            about = [
                m for row in found if bool(row["visible_to_member"]) is shown for m in _numbers(row)
            ]
            if about or shown:
                upkeep.record(Entry("read", tuple(about), ("history",), shown=shown))
    return found


def _numbers(row: Mapping[str, object]) -> list[int]:
    numbers = row["members"]
    assert isinstance(numbers, list)
    return numbers


def _shown(upkeep: Register, row: Mapping[str, object]) -> dict[str, object]:
    club = upkeep.policy.club
    answer = {
        **row,
        "number": row["id"],
        "items": str(row["items"]).split(","),
        "members": [club.number(number) for number in _numbers(row)],
        "visible_to_member": bool(row["visible_to_member"]),
    }
    return {key: answer[key] for key in RECORD_KEYS}
