"""A breach: whom it may concern, what was held, whether it must be reported, and by when (Act art. 26)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from soc_cli.model import clocks
from soc_cli.model.breach import DISHONEST, FILE, MEMBERS, REGISTER, Incident, triggers
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import BY_KEY, FieldError, day
from soc_cli.model.journal import Entry, members_of
from soc_cli.model.language import _
from soc_cli.model.newfile import Unnamed
from soc_cli.policy.form import AGE
from soc_cli.store import breaches, written
from soc_cli.store.register import Register

UNKNOWN = "unknown"
BREACH = "breach"
"""The act, and the kind of the file with the draft."""

_DIGITS = 10
"""Of a number of persons, or of a file's number on record, at most."""
_TICK = timedelta(seconds=1)
"""As far as the moments of one act may be apart."""
_RUN = timedelta(seconds=60)
"""How long before its file the command that wrote it has read what is in it, at most."""


@dataclass(frozen=True)
class Lost:
    """What may have got out or lost, and what the register knows of it."""

    what: str
    """`register`, `file` or `members`."""
    path: str | None
    kind: str | None
    """The kind of the file."""
    at: str | None
    """The moment that the data are of."""
    made_by: str | None
    made_with: str | None
    """The command that wrote the file."""
    members: Sequence[int]
    """The numbers of today's members who are concerned."""
    erased_since: int
    """Members who were erased since and may have been among them, at most."""
    outsiders: int
    in_ledger: int
    categories: Sequence[str]
    """The names of the policy's categories that were held, at most."""

    @property
    def at_most(self) -> int:
        """How many persons it concerns at most, as far as the register knows."""
        return len(self.members) + self.erased_since + self.outsiders + self.in_ledger


@dataclass(frozen=True)
class Assessment:
    """Whether a breach must be reported and its persons be told, why, and by when."""

    incident: Incident
    lost: Lost
    persons: int | None
    """How many persons it concerns; None where that is not known."""
    at_most: int
    triggers: Sequence[str]
    preliminary: tuple[date, date] | None
    final_days: int | None
    final_by: date | None

    @property
    def must_report(self) -> bool:
        """Whether it must be reported to the Commission, and the persons be told."""
        return bool(self.triggers)


def known_day(text: str, today: date) -> date:
    """A day that is not after today; raises WrongData."""
    try:
        found = day(text)
    except FieldError as error:
        raise WrongData(_("“{text}”: {reason}").format(text=text, reason=error.reason)) from None
    if found is None or found > today:
        raise WrongData(_("“{text}”: this day is yet to come, or none").format(text=text))
    return found


def persons_of(text: str) -> int | None:
    """How many persons, or None for `unknown`; raises WrongData."""
    said = text.strip().lower()
    if said in (UNKNOWN, "不明"):
        return None
    number = _whole_number(said)
    if number is None:
        raise WrongData(
            _("“{text}” is no number of persons").format(text=text),
            _("write a whole number, or unknown"),
        )
    return number


def _whole_number(text: str) -> int | None:
    """The number that digits are, full-width ones too; None for more than people can be counted by."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def register_lost(upkeep: Register, happened: date) -> Lost:
    """The whole register, as it was at the end of a day."""
    return _whole(upkeep, REGISTER, f"{happened}T23:59:59+09:00")


def members_concerned(upkeep: Register, members: Sequence[int]) -> Lost:
    """Some data of these members."""
    every = tuple(upkeep.policy.categories)
    return Lost(MEMBERS, None, None, None, None, None, sorted(set(members)), 0, 0, 0, every)


def file_lost(upkeep: Register, text: str) -> Lost:
    """A file that the register has on record, by its path or its number there.

    Raises NotFound where it has none.
    """
    number = _whole_number(text)
    path = None if number is None else breaches.file_of_number(upkeep, number)
    named = path or written.place(Path(text))
    if named == written.place(upkeep.path):
        return register_lost(upkeep, upkeep.today)
    rows = breaches.file_on_record(upkeep, named)
    if rows:
        at, kind = rows[0]["at"], rows[0]["kind"]
    else:  # everybody of a backup may have been erased since
        backups = [row for row in written.backups(upkeep) if row["path"] == named]
        if not backups:
            raise NotFound(
                _("no file {path} is on record").format(path=text),
                _("say whom it held: --member MEMBER …, and --persons N"),
            )
        at, kind = backups[-1]["at"], written.BACKUP
    if kind == written.BACKUP:
        return _whole(upkeep, FILE, at, named)
    members = sorted({n for row in rows for n in members_of(row["members"])})
    outsiders = sum(row["inquiry_id"] is not None for row in rows)
    by, command, categories = _maker(upkeep, at)
    erased = breaches.erased_since(upkeep, at[:10])
    return Lost(FILE, named, kind, at, by, command, members, erased, outsiders, 0, categories)


def files(upkeep: Register) -> list[tuple[str, str, str]]:
    """The files on record, newest first: moment, kind, path."""
    return [(row["at"], row["kind"], row["path"]) for row in breaches.files(upkeep)]


def _whole(upkeep: Register, what: str, at: str, path: str | None = None) -> Lost:
    """The whole register as it was at a moment, or a backup of it."""
    held = {"member", *breaches.tables_held(upkeep)}
    categories = [name for name, one in upkeep.policy.categories.items() if held & set(one.columns)]
    by, command, _read = _maker(upkeep, at) if path is not None else (None, None, ())
    return Lost(
        what,
        path,
        written.BACKUP if path is not None else None,
        at,
        by,
        command,
        breaches.members_at(upkeep, at),
        breaches.erased_since(upkeep, at[:10]),
        breaches.outsiders_at(upkeep, at),
        breaches.in_ledger_at(upkeep, at),
        categories,
    )


def _maker(upkeep: Register, at: str) -> tuple[str | None, str | None, Sequence[str]]:
    """Who wrote the file of this moment, by which command, and which categories that had read.

    Every category where the journal does not tell.
    """
    moment = datetime.fromisoformat(at)
    since, until = (moment - _RUN).isoformat(), (moment + _TICK).isoformat()
    acts = breaches.acts_at(upkeep, since, until)
    # The entry and the file of one act may fall on two sides of a second.
    near = [act for act in acts if abs(datetime.fromisoformat(act["at"]) - moment) <= _TICK]
    of_moment = [act for act in near if act["at"] == at] or near
    every = tuple(upkeep.policy.categories)
    if not of_moment:
        return None, None, every
    by, command = of_moment[0]["operator"], of_moment[0]["command"]
    read = {
        name
        for act in acts
        if (act["operator"], act["command"]) == (by, command)
        for name in act["categories"].split(",")
    }
    return by, command, tuple(name for name in every if name in read) or every


def fields_of(upkeep: Register, lost: Lost) -> list[str]:
    """The fields of the registration that were held, by their keys, in their order."""
    held = {
        column
        for name in lost.categories
        for column in upkeep.policy.categories[name].columns.get("member", ())
    }
    known = [key for key in BY_KEY if key in held]
    return [*known, AGE] if AGE in held and "birth_date" not in held else known


def assess(
    upkeep: Register,
    incident: Incident,
    lost: Lost,
    persons: int | None,
    prepare: Callable[[Assessment], Unnamed] | None = None,
) -> Assessment:
    """Whether it must be reported, and by when; that it was looked for is on record.

    `persons` is None where their number is not known: then the most that the register knows of
    counts, and nobody can tell where it knows of none. `prepare` makes the file with the draft, which is on
    record with the members whose numbers are in it.
    """
    rules = upkeep.policy.breach
    at_most = max(lost.at_most, 1) if persons is None else persons
    nobody_knows = persons is None and not lost.at_most
    met = triggers(incident, None if nobody_knows else at_most, rules.more_than)
    days = rules.final_days_dishonest if DISHONEST in met else rules.final_days
    first, last = (clocks.day_of(incident.known_on, number) for number in rules.preliminary_days)
    found = Assessment(
        incident,
        lost,
        persons,
        at_most,
        met,
        (first, last) if met else None,
        days if met else None,
        clocks.report_by(incident.known_on, days) if met else None,
    )
    with upkeep.change():
        upkeep.record(Entry(BREACH, details=_details(found)))
        file = prepare(found) if prepare is not None else None
        if file is not None:
            upkeep.unnamed(file, BREACH, lost.members)
    if file is not None:
        upkeep.name(file, Entry("take-back"))
    return found


def _details(found: Assessment) -> str:
    """What the journal keeps of it: numbers and days."""
    said = "+".join(found.triggers) or "no"
    persons = UNKNOWN if found.persons is None else found.persons
    return (
        f"what={found.lost.what} known={found.incident.known_on}"
        f" persons={persons} at-most={found.at_most} report={said}"
    )
