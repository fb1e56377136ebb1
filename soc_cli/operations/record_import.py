"""Records from a sheet - attendance, inquiries, consents, disclosures - compared with those that are stored.

Each kind declares its columns and how one record is found, added and changed; what becomes of a row
is the same for all of them.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from soc_cli.model.errors import NotFound, PolicyRefused, Refused, WrongData, WrongUse
from soc_cli.model.fields import (
    NUMBER_LABEL,
    Field,
    FieldError,
    Value,
    name_key,
    number_of,
    plain,
    text,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.operations import members as member_acts
from soc_cli.operations.importing import Import
from soc_cli.operations.reading import Batch, Row
from soc_cli.store import members
from soc_cli.store.register import Register

NUMBER = Field("number", N_("Number"), ("番号", "受付番号", "管理番号", "no", "id", "#"), number_of)
MEMBER = Field(
    "member", NUMBER_LABEL, ("会員番号", "会員No", "会員No.", "member number", "会員"), text
)
"""A column that names a member as MEMBER does on the command line."""


def one_of(meant: Mapping[str, str], written: str, _today: date) -> str | None:
    """The word that a cell means, of a closed set; raises FieldError for any other."""
    said = unicodedata.normalize("NFKC", plain(written) or "").casefold()
    if said and said not in meant:
        names = " ".join(dict.fromkeys(meant.values()))
        raise FieldError(_("not a word for this"), _("one of: {names}").format(names=names))
    return meant.get(said)


class Unfit(Exception):
    """A row that can't become a record: which field, and why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(key, reason)
        self.key, self.reason = key, reason


class People:
    """Who the rows are about: numbers, found through the register's upkeep."""

    def __init__(self, upkeep: Register) -> None:
        self._upkeep = upkeep
        self._found: dict[str, int] = {}

    def number(self, key: str, said: str) -> int:
        """The number of the member that a cell names; raises Unfit."""
        if said not in self._found:
            try:
                self._found[said] = member_acts.resolve(self._upkeep, said)
            except NotFound as error:
                raise Unfit(key, error.what) from None
        return self._found[said]

    def named(self, key: str, name: str) -> int:
        """The number of the one member of this name; raises Unfit."""
        numbers = members.numbers_named(self._upkeep, name_key(name))
        if len(numbers) == 1:
            return numbers[0]
        if not numbers:
            raise Unfit(key, _("there is no member “{text}”").format(text=name))
        written = ", ".join(map(self._upkeep.policy.club.number, numbers))
        raise Unfit(key, _("matches several members: {numbers}").format(numbers=written))

    def in_row(self, _register: Register, texts: Mapping[str, str]) -> set[int]:
        """Whoever a row names, taken or not: by MEMBER, by several of them, or by name."""
        found: set[int] = set()
        for said in (texts.get("member", ""), *re.split("[,、]", texts.get("members", ""))):
            with suppress(Unfit):
                found.add(self.number("member", said))
        for key in ("name", "nickname"):
            found.update(members.numbers_seeming(self._upkeep, texts.get(key, "")))
        return found

    def bears(self, number: int, name: str) -> bool:
        """Whether the member has this name."""
        return number in members.numbers_named(self._upkeep, name_key(name))


class Records(ABC):
    """The register's side of an import of records."""

    as_stored = False
    key = "number"
    """Where a row that differs is told."""

    def __init__(self, run: Import) -> None:
        self.run, self.register = run, run.register
        self._placed: dict[int, int] = {}
        self._about: dict[int, None] = {}

    @abstractmethod
    def prepared(self, row: Row) -> dict[str, Value]:
        """The values of the record that a row is; raises Unfit."""

    @abstractmethod
    def found(self, values: Mapping[str, Value]) -> int | None:
        """The stored record that the values are of; raises Unfit."""

    @abstractmethod
    def stored(self, record: int) -> Mapping[str, Value]:
        """What is stored of a record."""

    @abstractmethod
    def add(self, values: Mapping[str, Value]) -> int:
        """Adds a record, with its entry in the journal; gives what `found` would give for it."""

    @abstractmethod
    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """Takes note of what is stored of a record now."""

    @abstractmethod
    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """Changes these fields of a record, with its entry in the journal."""

    def says_nothing(self, _values: Mapping[str, Value]) -> bool:
        """Whether a row has nothing to record."""
        return False

    def agree(self, _key: str, stored: Value, said: Value) -> bool:
        """Whether what a sheet says of a field is what is stored."""
        return stored == said

    def filled_anyway(self) -> Sequence[str]:
        """Fields that a sheet is there to fill, so that filling them is no difference."""
        return ()

    def told(self, record: int) -> str:
        """How a record is told."""
        return str(record)

    def settle(self, batch: Batch) -> None:
        """Takes each row in, compares it with the record that it is, or tells why not."""
        for row in batch.rows():
            try:
                self._settle(row)
            except Unfit as unfit:
                self.run.reject(row.at, unfit.key, unfit.reason)
            except PolicyRefused:
                raise
            except (WrongData, Refused, WrongUse) as error:
                self.run.reject(row.at, self.key, error.sentence())

    def _settle(self, row: Row) -> None:
        values = self.prepared(row)
        if isinstance(member := values.get("member"), int):
            self._about[member] = None
        if self.says_nothing(values):
            self.run.report.unchanged += 1
            return
        record = None if self.run.how.match == "none" else self.found(values)
        if record is None:
            with self.register.change():
                record = self.add(values)
            self.remember(record, values)
            self._placed[record] = row.at
            self.run.report.added += 1
            return
        if record in self._placed:
            reason = _("the same as row {row}").format(row=self._placed[record])
            raise Unfit(self.key, reason)
        self._placed[record] = row.at
        self._same(row, record, values)

    def _same(self, row: Row, record: int, values: Mapping[str, Value]) -> None:
        how, stored = self.run.how, self.stored(record)
        said = {
            key: value
            for key, value in values.items()
            if key in stored and (value is not None or (how.clear_blank and key in self.run.keys))
        }
        differing = [key for key in said if not self.agree(key, stored[key], said[key])]
        if how.on_match == "fill":
            differing = [key for key in differing if stored[key] is None]
        filling = all(key in self.filled_anyway() and stored[key] is None for key in differing)
        if "member" in differing:
            raise Unfit("member", _("is another member's record"))
        if (differing and filling) or self.run.matched(row, differing, self.told(record)):
            with self.register.change():
                self.change(record, {key: said[key] for key in differing})
            self.remember(record, {**stored, **{key: said[key] for key in differing}})
            self.run.report.updated += 1

    def finish(self) -> None:  # noqa: B027 (nothing to do is an answer)
        """Every row is settled by itself."""

    categories: tuple[str, ...] = ()
    """What the records are, for the journal."""
    occasion: str | None = None

    def entries(self, details: str) -> list[Entry]:
        """The import's own entry; each record has one beside it.

        It names whoever the sheet is about, so that its hash goes with the last of them.
        """
        return [
            Entry("import", tuple(self._about), self.categories, self.occasion, details=details)
        ]

    def read_members(self) -> Sequence[int]:
        """The records that were there are read, and recorded, before the first row."""
        return ()
