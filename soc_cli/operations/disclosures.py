"""Giving to others: consents (D1), and the four grounds with their records (D1 to D4).

There is no other way for data to leave, and none for money (D0).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from soc_cli.model.clocks import kept_through
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, header_key, spellings, text_key
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.meant import among
from soc_cli.model.newfile import Unnamed
from soc_cli.operations.grounds import (
    DECIDED,
    FACTS,
    RECIPIENT,
    checked_fields,
    past_day,
    plain,
    says_nothing,
)
from soc_cli.policy.form import Policy
from soc_cli.store import disclosures, history, members
from soc_cli.store.disclosures import CORRECTION
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

CONSENT_KEYS = (
    "number", "member", "recipient", "items", "how", "given_on", "withdrawn_on", "purpose", "identity_check",
    "evidence_sha256", "country", "country_information",
)  # fmt: skip
RECORD_KEYS = (
    "number", "made_at", "ground", "recipient", "items", "members", "fields", "file_sha256",
    "visible_to_member", "keep_through", "kind", "recipient_address", "recipient_representative",
    "not_shown_because", "corrects",
)  # fmt: skip
REPORT_KEYS = ("ground", "kind", "disclosures", "members")


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
                among(part, list(known)),
            )
        found[key] = None
    if not found:
        raise WrongData(_("no items are named"), _("say for instance --items name,address"))
    return tuple(found)


def known(policy: Policy) -> tuple[str, ...]:
    """The items that can be named, in the order of a registration."""
    named = members.items(policy)
    return tuple(key for key in BY_KEY if key in named)


# consent --------------------------------------------------------------------------------------


NEEDED = {
    "recipient": N_("to whom"),
    "items": N_("for which items"),
    "how": N_("how it was given"),
    "given_on": N_("on which day"),
}
"""What a consent says at least."""


def give(
    upkeep: Register, member: int, texts: Mapping[str, str | None], evidence_sha256: str | None
) -> tuple[int, bool]:
    """Records that a member agreed to a disclosure (D1).

    Gives the consent's number, and whether it says how the member's identity was checked.
    """
    taken = {key: plain(text) for key, text in texts.items()}
    for key, why in NEEDED.items():
        if taken.get(key) is None:
            raise Refused(_("a consent says {what}").format(what=_(why)), _option(key))
    for key in ("how", "identity_check"):
        if says_nothing(taken.get(key) or "x"):
            raise Refused(_("“{text}” says nothing").format(text=taken[key]), _option(key))
    if taken.get("country_information") and not taken.get("country"):
        raise WrongUse(_("the information is on a country that is not named"), _option("country"))
    if taken.get("country") and not taken.get("country_information"):
        raise Refused(
            _("a recipient abroad needs the information of Act art. 28 first"),
            "--country-information",
        )
    given_on = past_day(taken["given_on"] or "", upkeep.today)
    values = {
        "member_id": member,
        "recipient": taken["recipient"],
        "items": ",".join(named_items(taken["items"] or "", known(upkeep.policy))),
        "how": taken["how"],
        "given_on": given_on,
        "evidence_sha256": evidence_sha256,
        "country": taken.get("country"),
        "country_information": taken.get("country_information"),
        "purpose": taken.get("purpose"),
        "identity_check": taken.get("identity_check") or _verified(upkeep, member),
    }
    with upkeep.change():
        number = disclosures.give(upkeep, values)
        upkeep.record(Entry("consent", (member,), details=f"consent={number}"))
    return number, values["identity_check"] is not None


def _verified(upkeep: Register, member: int) -> str | None:
    """That the member's identity was checked today by `soc member verify`, as its entry says."""
    entry = history.verified(upkeep, member, upkeep.today.isoformat())
    return None if entry is None else f"soc member verify ({entry})"


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
    computed: dict[str, Callable[[Row], object]] = {
        "number": lambda row: row["id"],
        "member": lambda row: club.number(row["member_id"]),
        "items": lambda row: row["items"].split(","),
    }
    return [
        {key: computed[key](row) if key in computed else row[key] for key in CONSENT_KEYS}
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


def shown_to_member(ground: str, not_shown_because: str | None) -> bool:
    """Whether the member may see a record: D2 never, the others unless a reason is named."""
    return ground != "authority" and not not_shown_because


def keep_through(policy: Policy, ground: str, day: date) -> str | None:
    """The last day of a record of a disclosure on this day that the law has a club keep (Act art. 29)."""
    if ground != "consent":
        return None
    return kept_through(day, policy.periods["consent_record"].years).isoformat()


@frozen
class Wanted:
    """What is to be given away, and on which ground."""

    ground: str
    texts: Mapping[str, str | None]
    """The ground's fields and the recipient, as they were said."""
    items: Sequence[str]
    members: Sequence[int]
    not_shown_because: str | None = None


Prepare = Callable[[list[dict[str, object]], Mapping[str, object]], Extract]
"""Makes the extract's file from its rows and the record."""


def record(register: Register, wanted: Wanted, prepare: Prepare) -> int:
    """Gives the named items of the named members to a third party, with its record (D1 to D4).

    The record is kept before the file gets its name; where the file can't, the record goes again.
    Raises Refused where something that must be on record is missing.
    """
    with register.change():
        values, names = _settled(register, wanted)
        extract = prepare(_rows(register, wanted), values)
        register.unnamed(extract, "extract", wanted.members)
        values["file_sha256"] = extract.sha256
        number = disclosures.record(register, values, wanted.members, names)
        details = f"disclosure={number}"
        register.record(Entry("disclose", tuple(wanted.members), ("disclosure",), details=details))
    taken_back = Entry("take-back", tuple(wanted.members), details=details)
    register.name(extract, taken_back, lambda: disclosures.take_back(register, number))
    return number


def tried(
    register: Register, wanted: Wanted
) -> tuple[list[dict[str, object]], Mapping[str, object]]:
    """What would leave, and its record; nothing is kept but that it was read."""
    with register.change(keep=False):
        values, _names = _settled(register, wanted)
        rows = _rows(register, wanted)
        register.record(Entry("disclose", tuple(wanted.members), ("disclosure",)))
    return rows, values


def _rows(register: Register, wanted: Wanted) -> list[dict[str, object]]:
    rows = disclosures.extract(register, wanted.items)
    if {row["id"] for row in rows} != set(wanted.members):
        raise NotFound(_("this member was erased meanwhile"))
    return rows


def _settled(
    register: Register, wanted: Wanted, made_at: datetime | None = None
) -> tuple[dict[str, object], dict[int, str]]:
    """The record, and the names that one by consent keeps; raises Refused where something is missing.

    A correction is of a disclosure that was made before, at its own moment.
    """
    policy, made = register.policy, made_at or register.run.clock.now()
    ground, texts = wanted.ground, wanted.texts
    kind, found = checked_fields(policy, ground, texts, register.today)
    names: dict[int, str] = {}
    if ground == "consent":
        number = int(found["consent"])
        consent = disclosures.consent_of(register, number)
        recipient, day = texts["recipient"] or "", made.date()
        before = made_at is not None
        found |= covered(consent, number, recipient, wanted.items, wanted.members, day, before)
        names = disclosures.names(register)
    elif ground in ("protection", "danger") and made_at is None:
        found.setdefault(DECIDED, register.run.operator)
    if ground == "authority" and wanted.not_shown_because:
        raise WrongUse(
            _("--not-shown is not for the ground of authority: its records are never shown"),
            _("leave it out"),
        )
    reason = kind if ground == "authority" else wanted.not_shown_because
    values: dict[str, object] = {
        "made_at": made.isoformat(),
        "ground": ground,
        "kind": kind,
        **{key: plain(texts[key]) for key in RECIPIENT},
        "items": ",".join(wanted.items),
        "fields": found,
        "file_sha256": None,
        "visible_to_member": int(register.shown),
        "not_shown_because": reason,
        "keep_through": keep_through(policy, ground, made.date()),
        "corrects_id": None,
    }
    return values, names


def as_it_was(old: Mapping[str, object], said: Mapping[str, str | None]) -> Wanted:
    """What a record says, with what is said anew in its place."""
    found, items = old["fields"], old["items"]
    assert isinstance(found, Mapping)
    assert isinstance(items, list)
    kept = {key: str(one) for key, one in found.items() if key not in (*FACTS, *CORRECTION)}
    texts = {**kept, **{key: str(old[key]) for key in RECIPIENT}}
    if old["kind"] is not None:
        texts["kind"] = str(old["kind"])
    new = {key: text for key, text in said.items() if text is not None}
    because = old["not_shown_because"]
    reason = str(because) if because is not None and old["kind"] is None else None
    return Wanted(str(old["ground"]), {**texts, **new}, items, (), reason)


def stored_members(upkeep: Register, old: Mapping[str, object]) -> list[int]:
    """The members of a record; raises WrongData where one of them was erased since."""
    told = old["members"]
    assert isinstance(told, list)
    numbers = [upkeep.policy.club.number_of(one) for one in told]
    found = [one for one in numbers if one is not None and members.exists(upkeep, one)]
    if len(found) != len(numbers):
        raise WrongData(
            _("a member of record {number} was erased since").format(number=old["number"])
        )
    return found


def correct(
    register: Register, old: Mapping[str, object], wanted: Wanted, reason: str | None
) -> int:
    """Records a disclosure anew that was recorded wrongly; gives the new record's number.

    The old record stays as it is, and the new one refers to it. Nothing leaves: items, members, the
    moment and the file's SHA-256 are those of the old one.
    """
    said = plain(reason)
    if said is None:
        raise Refused(_("a correction says what was wrong"), _option("reason"))
    made_at = datetime.fromisoformat(str(old["made_at"]))
    with register.change():
        if disclosures.corrected(register, int(str(old["number"]))):
            raise WrongData(
                _("record {number} was corrected already").format(number=old["number"]),
                _("correct the newer one (see “soc disclosure list”)"),
            )
        if not all(members.exists(register, number) for number in wanted.members):
            raise NotFound(_("this member was erased meanwhile"))
        values, names = _settled(register, wanted, made_at)
        assert isinstance(values["fields"], dict)
        values["fields"] |= dict(zip(CORRECTION, (said, register.today.isoformat()), strict=True))
        values |= {"file_sha256": old["file_sha256"], "corrects_id": old["number"]}
        number = disclosures.record(register, values, wanted.members, names)
        details = f"disclosure={number} corrects={old['number']}"
        about = tuple(wanted.members)
        register.record(Entry("correct-disclosure", about, ("disclosure",), details=details))
    return number


def report(upkeep: Register, year: int | None = None) -> list[dict[str, object]]:
    """How often data were given to others on each ground, and of how many members; no names.

    A record that was corrected is counted once.
    """
    counted = {
        (row["ground"], row["kind"]): (row["disclosures"], row["members"])
        for row in disclosures.counted(upkeep, year)
    }
    rows: list[dict[str, object]] = []
    for ground in upkeep.policy.grounds.values():
        for kind in ground.kinds:
            number, members = counted.get((ground.name, kind or None), (0, 0))
            rows.append(
                {"ground": ground.name, "kind": kind or None, "disclosures": number, "members": members}
            )  # fmt: skip
    return rows


def covered(
    row: Row | None,
    number: int,
    recipient: str,
    items: Sequence[str],
    numbers: Sequence[int],
    day: date,
    before: bool = False,
) -> dict[str, str]:
    """The facts of a consent, or Refused where it does not cover a disclosure on this day (D1).

    One that was made `before` may have been made on the day of the withdrawal, before that.
    """
    if row is None:
        raise Refused(
            _("consent {number} is not there, or not this member's").format(number=number),
            _("see “soc consent list”"),
        )
    if set(numbers) != {row["member_id"]}:
        raise Refused(
            _("consent {number} is one member's, and covers nobody else").format(number=number)
        )
    withdrawn_on = row["withdrawn_on"]
    if withdrawn_on is not None and (withdrawn_on < day.isoformat() or not before):
        raise Refused(
            _("consent {number} was withdrawn on {day}").format(number=number, day=withdrawn_on)
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
    facts = (row["given_on"], row["how"], row["purpose"], row["identity_check"])
    return {key: fact for key, fact in zip(FACTS, facts, strict=True) if fact is not None}


def records(upkeep: Register) -> list[dict[str, object]]:
    """The ledger, oldest first, with members by number."""
    return [_shown(upkeep, row) for row in read(upkeep)]


def show(upkeep: Register, number: int) -> dict[str, object]:
    """One record of the ledger."""
    for row in read(upkeep, number):
        return _shown(upkeep, row)
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
        "corrects": row["corrects_id"],
    }
    return {key: answer[key] for key in RECORD_KEYS}
