"""Sending notices and getting in touch (P4): who is told, what is written for it, and the record of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soc_cli.model import fields, meant, notice
from soc_cli.model.errors import NotFound, PolicyRefused, Refused, WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, FieldError, name_key
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.newfile import Unnamed
from soc_cli.model.notice import Letter
from soc_cli.operations.grounds import says_nothing
from soc_cli.policy.form import AGE, Policy
from soc_cli.store import notices
from soc_cli.store.driver import Row
from soc_cli.store.members import Filter
from soc_cli.store.register import Register

KEYS = ("number", "at", "channel", "subject", "recipients")
SHOWN = ("number", "at", "operator", "channel", "subject", "reason", "body_sha256", "recipients")
PEOPLE = ("member", "household")
COUNTS = (
    "channel", "matched", "told", "letters", "household", "not_chosen", "never_asked", "said_no",
    "no_address", "withdrawn", "refused",
)  # fmt: skip

CATEGORY = "contact"


@dataclass(frozen=True)
class Wanted:
    """A notice, and to whom it is to go."""

    channel: str
    subject: str
    filter: Filter = field(default_factory=Filter)
    named: Sequence[int] | None = None
    """The members who are named one by one; None for everybody."""
    reason: str | None = None
    """Why the named ones must be reached whatever they chose: no notice then, but a necessary message."""
    one_per_household: bool = False
    body: str | None = None
    """The text, with `{name}` and the like in it; its SHA-256 is kept, the text is not."""


@dataclass(frozen=True)
class Found:
    """Who would be told, and how many are not and why."""

    letters: Sequence[Letter]
    members: Mapping[str, Sequence[int]]
    """The members whom each letter tells, the addressee first, by the addressee's number."""
    counts: Mapping[str, object]
    """Under the keys of `COUNTS`. `never_asked` and `said_no` count the active members of the whole
    club, so that they tell of nobody; None where choices do not matter."""
    no_address: Sequence[str]
    """Those who may be told, but cannot be reached by this channel."""
    left_out: Sequence[str]
    """Of those who were named: who gets nothing, as no member or by choice."""


Write = Callable[[Sequence[Letter]], tuple[Unnamed, Mapping[Path, Sequence[Letter]]]]
"""Makes the files of letters; gives them, and which letters stand in which."""


def checked_subject(text: str) -> str:
    """A subject of one line. Raises WrongData for none, or with control characters."""
    found = _plain(text)
    if found is None:
        raise WrongData(_("the subject is empty"), _("say what the notice is about: --subject"))
    return found


def checked_channel(policy: Policy, text: str, needed: bool = False) -> str:
    """`email` or `post`; raises WrongUse, and Refused where this club asks nobody whether it may.

    What is `needed` goes to the named ones, whatever they chose.
    """
    meant.check("channel", text, notice.CHANNELS)
    if not needed and notices.CHOICES[text] not in policy.choices:
        raise Refused(
            _("this club's policy has no choice “{choice}”").format(choice=notices.CHOICES[text]),
            _("its choices: {names}").format(names=" ".join(policy.choices) or "-"),
        )
    return text


def checked_reason(text: str) -> str:
    """Why somebody must be reached. Raises Refused for what says nothing."""
    found = _plain(text)
    if found is None or says_nothing(found):
        raise Refused(_("“{text}” says nothing").format(text=text), _("say --needed REASON"))
    return found


def _plain(text: str) -> str | None:
    try:
        return fields.plain(text)
    except FieldError as error:
        raise fields.wrong(text, error) from None


def prepare(register: Register, wanted: Wanted, write: Write) -> tuple[int, Found]:
    """Has the files of a notice written, with the record of who is told (P4); gives its number.

    The record is kept before the files get their names; where they can't, it goes again. Raises
    NotFound where nobody is to be told.
    """
    with register.change():
        found = _found(register, wanted)
        if found.letters:
            files, letters_in = write(found.letters)
            whose = {
                path: [number for letter in letters for number in found.members[letter.number]]
                for path, letters in letters_in.items()
            }
            register.unnamed(files, "notice", whose)
            number = notices.insert(register, _values(register, wanted, found))
            told = [
                (member, member != numbers[0])
                for numbers in found.members.values()
                for member in numbers
            ]
            notices.tell(register, number, told)
            _record(register, "notify", number, told)
    if not found.letters:
        raise NotFound(_nobody(found), _("nothing was written"))

    def undo() -> None:
        notices.take_back(register, number)
        _record(register, "take-back-notice", number, told)

    register.name(files, Entry("take-back-notice", details=f"notice={number}"), undo)
    return number, found


def take_back(upkeep: Register, number: int) -> int:
    """Takes a notice off the record that was never sent; gives how many it would have told."""
    with upkeep.change():
        if notices.one(upkeep, number) is None:
            raise _not_there(number)
        told = [(row["member_id"], bool(row["household"])) for row in notices.told(upkeep, number)]
        notices.take_back(upkeep, number)
        _record(upkeep, "take-back-notice", number, told)
    return len(told)


def tried(register: Register, wanted: Wanted) -> Found:
    """Who would be told; nothing is kept but that it was read."""
    with register.change(keep=False):
        return _found(register, wanted)


def _record(register: Register, act: str, number: int, told: Sequence[tuple[int, bool]]) -> None:
    """An entry a member, so that an erasure leaves nobody's notices in the journal."""
    for member, _household in told:
        register.record(Entry(act, (member,), (CATEGORY,), details=f"notice={number}"))


def _values(register: Register, wanted: Wanted, found: Found) -> dict[str, object]:
    import hashlib

    body = wanted.body
    return {
        "at": register.run.clock.now().isoformat(),
        "operator": register.run.operator,
        "channel": wanted.channel,
        "subject": wanted.subject,
        "reason": wanted.reason,
        "body_sha256": None if body is None else hashlib.sha256(body.encode()).hexdigest(),
        "told": found.counts["told"],
    }


def _nobody(found: Found) -> str:
    counts = found.counts
    if not counts["matched"]:
        return _("no active member is meant")
    return _(
        "nobody is to be told: of {matched} meant, {not_chosen} did not choose it, {no_address} can't be reached by it"
    ).format(**counts)


# Who is told --------------------------------------------------------------------------------------


def _found(register: Register, wanted: Wanted) -> Found:
    _check_filter(register, wanted)
    if wanted.body is not None and wanted.channel == notice.EMAIL:
        _check_body(wanted.body)
    needed = wanted.reason is not None
    which = replace(wanted.filter, status=None if needed else "active")
    rows = notices.recipients(register, wanted.channel, which, wanted.named, needed)
    by_status = notices.meeting_it(register, which, wanted.named)
    answers = {} if needed else notices.answers(register, wanted.channel, "active")
    matched = sum(by_status.values()) if needed else by_status.get("active", 0)
    reached = [row for row in rows if row[_where(wanted.channel)] is not None]
    homes = (
        _households(reached, wanted.channel)
        if wanted.one_per_household
        else [[row] for row in reached]
    )
    club = register.policy.club
    letters = [_letter(club.number, home, wanted.channel) for home in homes]
    members = {
        letter.number: [row["id"] for row in home]
        for letter, home in zip(letters, homes, strict=True)
    }
    lacking = [row["id"] for row in rows if row[_where(wanted.channel)] is None]
    given = {row["id"] for row in rows}
    counts: dict[str, object] = {
        "channel": wanted.channel,
        "matched": matched,
        "told": len(reached),
        "letters": len(letters),
        "household": len(reached) - len(letters),
        "not_chosen": matched - len(rows),
        "never_asked": None if needed else answers.get(None, 0),
        "said_no": None if needed else answers.get(False, 0),
        "no_address": len(lacking),
        "withdrawn": 0 if needed else by_status.get("withdrawn", 0),
        "refused": 0 if needed else by_status.get("refused", 0),
    }
    left_out = [club.number(number) for number in wanted.named or () if number not in given]
    return Found(letters, members, counts, list(map(club.number, lacking)), left_out)


def _check_filter(register: Register, wanted: Wanted) -> None:
    """Raises for what can't go together, and PolicyRefused for what notices do not read."""
    if wanted.reason is not None:
        if wanted.named is None:
            raise Refused(
                _("a necessary message goes to members who are named one by one"),
                _("say --member, or --members-from"),
            )
        if wanted.filter != Filter():
            raise WrongUse(
                _(
                    "a necessary message is for the members named, and no other option picks among them"
                ),
                _("leave it out"),
            )
    reads = register.policy.purposes[register.grant.purpose].reads
    meeting = (wanted.filter.attended, wanted.filter.declared)
    if meeting != (None, None) and "meetings" not in reads:
        error = PolicyRefused(
            _("who declared for a meeting, or came, is not read for sending notices (P4)"),
            _(
                "for a necessary message name the members (see “soc meeting show”): --member MEMBER --needed REASON"
            ),
        )
        error.categories = ("meetings",)
        raise error


def _check_body(body: str) -> None:
    """Raises PolicyRefused for a placeholder that notices do not read, WrongData for one unknown."""
    for name in notice.placeholders(body):
        if name in notice.PLACEHOLDERS:
            continue
        known = _("it may name: {names}").format(
            names=" ".join(f"{{{one}}}" for one in notice.PLACEHOLDERS)
        )
        told = f"{{{name}}}"
        if name in BY_KEY or name == AGE:
            raise PolicyRefused(_("the text names {name}, which is not read for an e-mail (P4)").format(name=told), known)  # fmt: skip
        raise WrongData(_("the text names {name}, which is nothing to fill in").format(name=told), known)  # fmt: skip


def _where(channel: str) -> str:
    """What a channel needs to reach somebody."""
    return "email" if channel == notice.EMAIL else "address"


def _households(rows: Sequence[Row], channel: str) -> list[list[Row]]:
    """The rows by household, each led by its lowest number: one mailbox, or one address and surname.

    An address alone is no household: without its room number it is a whole house of them. Whoever's
    surname can't be told from the name is one alone.
    """
    homes: dict[object, list[Row]] = {}
    for row in rows:
        surname, blank, _name = str(row["name"]).partition(" ")
        if channel == notice.EMAIL:
            home: object = row["home"]
        else:
            home = (row["home"], name_key(surname)) if blank else row["id"]
        homes.setdefault(home, []).append(row)
    return list(homes.values())


def _letter(written: Callable[[int], str], home: Sequence[Row], channel: str) -> Letter:
    first, *others = home
    reach = ("email",) if channel == notice.EMAIL else ("postal_code", "address")
    return Letter(
        written(first["id"]),
        first["name"],
        first["kana"],
        **{key: first[key] for key in reach},
        household=tuple(row["name"] for row in others),
    )


# What was told ------------------------------------------------------------------------------------


def listed(upkeep: Register) -> list[dict[str, object]]:
    """The notices, oldest first; how many were told counts those too who were erased since."""
    with upkeep.change():
        rows = notices.listed(upkeep)
        upkeep.record(Entry("read", (), ("history",)))
    return [_shown(row, KEYS) for row in rows]


def show(upkeep: Register, number: int) -> dict[str, object]:
    """A notice with its `people`: whom it told, by number, as far as they were not erased since."""
    with upkeep.change():
        row = notices.one(upkeep, number)
        rows = notices.told(upkeep, number)
        upkeep.record(Entry("read", tuple(one["member_id"] for one in rows), ("history",)))
    if row is None:
        raise _not_there(number)
    club = upkeep.policy.club
    people = [
        {"member": club.number(one["member_id"]), "household": bool(one["household"])}
        for one in rows
    ]
    return {**_shown(row, SHOWN), "people": people}


def _not_there(number: int) -> NotFound:
    return NotFound(
        _("there is no notice {number}").format(number=number), _("see “soc notice list”")
    )


def _shown(row: Row, keys: Sequence[str]) -> dict[str, object]:
    renamed = {"number": "id", "recipients": "told"}
    return {key: row[renamed.get(key, key)] for key in keys}
