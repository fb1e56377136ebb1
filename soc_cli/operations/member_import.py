"""Members from a sheet: who is new, who is there already, and who is in it twice (C2, C3)."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from itertools import count

from soc_cli.model.errors import WrongData
from soc_cli.model.fields import (
    FIELDS,
    LEFT_ON,
    NUMBER_HEADERS,
    NUMBER_LABEL,
    STATUS,
    Field,
    FieldError,
    Value,
    email_key,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import together, together_at_a_glance
from soc_cli.operations.importing import Changed, Import, Intake, Noun
from soc_cli.operations.reading import Batch, Row, Shape
from soc_cli.policy.form import Club, Policy
from soc_cli.store import members

NUMBER = "number"


def noun(policy: Policy) -> Noun:
    """Sheets of members, and how they come into the register."""
    return Noun(partial(shape, policy.club), _begin, (NUMBER, "person", "email", "none"))


def shape(club: Club) -> Shape:
    """What a sheet of members holds: the number, the registration (C4), and whether they left."""
    return Shape(
        columns=(number_field(club), *FIELDS, STATUS, LEFT_ON),
        required=(("name",),),
        computed=("age",),
        check=together,
        surely_right=together_at_a_glance,
        completed=_completed,
        stored=_stored,
        marks=_marks,
    )


def _stored(values: Mapping[str, Sequence[Value]]) -> dict[str, Sequence[Value]]:
    """The columns of the insertions, and the numbers."""
    numbers = {NUMBER: values[NUMBER]} if NUMBER in values else {}
    return numbers | members.columns_of(values)


def _marks(columns: Mapping[str, Sequence[Value]], match: str | None) -> list[list[int]]:
    """What two rows of one person have in common, as hashes: 0 for a mark that a row does not have."""
    if match == "email":
        return [[0 if mark is None else hash(mark) for mark in columns["email_key"]]]
    names = columns["name_key"]
    found: list[list[int]] = []
    marked = [False] * len(names)
    for key in members.MARKS:
        if key in columns:
            pairs = list(zip(names, columns[key], strict=True))
            found.append([0 if mark is None else hash((name, mark)) for name, mark in pairs])
            marked = [
                one or mark is not None for one, (_name, mark) in zip(marked, pairs, strict=True)
            ]
    if all(marked):
        return [*found, [0] * len(names)]
    # Where there is nothing but a name: everything that is said.
    said = zip(*(column for key, column in columns.items() if key != NUMBER), strict=True)
    return [*found, [0 if one else hash(row) for one, row in zip(marked, said, strict=True)]]


def _completed(columns: dict[str, Sequence[Value]]) -> None:
    """Whoever has left is withdrawn, also where the sheet does not say so."""
    if "left_on" in columns:
        statuses = columns.get("status") or [None] * len(columns["left_on"])
        columns["status"] = [
            "withdrawn" if status is None and left is not None else status
            for status, left in zip(statuses, columns["left_on"], strict=True)
        ]


def number_field(club: Club) -> Field:
    """The column of a member number, written in any of its ways."""

    def read(text: str, _today: date) -> int | None:
        number = club.number_of(text)
        if number is None and text.strip():
            raise FieldError(
                _("not a member number: write it like {example}").format(example=club.number(12))
            )
        return number

    return Field(NUMBER, NUMBER_LABEL, NUMBER_HEADERS, read, varied=True)


def _begin(run: Import) -> Intake:
    return Founding(run) if members.none_yet(run.register) else Joining(run)


class _Members:
    """What both ways of taking members in share."""

    def __init__(self, run: Import) -> None:
        self.run, self.register, self.club = run, run.register, run.register.policy.club
        self.erased = members.erased(self.register)
        self.next = 1 + max(members.last_number(self.register), self._highest())

    def _highest(self) -> int:
        """The highest number in the sheet, so that none of its numbers is given to another row."""
        at = next((at[0] for column, at in self.run.reading.columns if column.key == NUMBER), None)
        if at is None:
            return 0
        numbers = (self.club.number_of(c[at]) for _row, c in self.run.sheet.rows() if at < len(c))
        return max(filter(None, numbers), default=0)

    def barred(self, row: Row) -> bool:
        """Whether the row's number was erased."""
        number = row.values.get(NUMBER)
        if number in self.erased:
            reason = _("this number was erased on {day} and is never given again")
            self.run.reject(row.at, NUMBER, reason.format(day=self.erased[number]))
            return True
        return False

    def no_newcomer(self, row: Row) -> bool:
        """Whether the row is a refused person, who is not registered by a sheet (P8)."""
        if row.values.get("status") == "refused":
            reason = _("a refused person is not registered by a sheet")
            self.run.reject(row.at, "status", reason)
            return True
        return False

    def not_taken(self, row: Row, error: WrongData) -> None:
        """Tells what the register itself refuses: a nickname that is taken."""
        self.run.reject(row.at, "nickname" if row.values.get("nickname") else "name", error.what)

    def told_twice(self, row: Row, at: int) -> None:
        """Tells that an earlier row has this row's number."""
        reason = _("number used twice in the file: row {row} has it too").format(row=at)
        self.run.reject(row.at, NUMBER, reason)

    def entry(self, added: Sequence[int], details: str) -> Entry:
        """The import's own entry in the journal."""
        return Entry("import", added, occasion="registration", details=details)

    def double(self, at: int, numbers: Iterable[int], rows: Iterable[int]) -> None:
        """Tells of somebody who may be registered already, or stand in another row."""
        told = {"row": at, "members": [self.club.number(n) for n in numbers], "rows": list(rows)}
        self.run.report.possible_doubles.append(told)


class Founding(_Members):
    """A sheet that comes into a register without members: nobody to compare with but its own rows."""

    as_stored = True

    def __init__(self, run: Import) -> None:
        super().__init__(run)
        self._indexes = ExitStack()
        self._indexes.enter_context(self.register.indexed_afterwards("member"))
        # One element each a row; who is taken back has the number 0.
        self._ids, self._ats, self._numbered = array("q"), array("q"), bytearray()
        self._by_id: dict[int, int] = {}
        self._twins: list[list[int]] = []

    def settle(self, batch: Batch) -> None:
        """Takes the rows in."""
        self._twins += batch.twins
        if batch.ended:
            # Meanwhile the other process, if there is one, looks who is in the sheet twice.
            self._indexes.close()
        if not batch.ats:
            return
        if self.erased or "refused" in batch.values.get("status", ()):
            rows = enumerate(batch.rows())
            batch.keep([at for at, row in rows if not (self.barred(row) or self.no_newcomer(row))])
        numbers = batch.values.pop(NUMBER, None) or [None] * len(batch.ats)
        self._numbered += bytes(number is not None for number in numbers)
        new = count(self.next)
        ids = [next(new) if number is None else int(number) for number in numbers]
        self.next = next(new)
        self._ids.extend(ids)
        self._ats.extend(batch.ats)
        stored = list(zip(ids, *batch.values.values(), strict=True))
        sql = members.insertion(batch.values)
        try:
            with self.register.change():
                self.register.execute_all(sql, stored)
        except WrongData:
            self._one_by_one(batch, sql, stored)

    def _one_by_one(self, batch: Batch, sql: str, stored: list[tuple[Value, ...]]) -> None:
        """The rows of which at least one can't be taken."""
        first = len(self._ids) - len(stored)
        for place, (row, values) in enumerate(zip(batch.rows(), stored, strict=True), first):
            try:
                with self.register.change():
                    self.register.execute(sql, values)
            except WrongData as error:
                earlier = self._row_with(self._ids[place], place)
                self._ids[place] = 0
                if earlier is not None:
                    self.told_twice(row, earlier)
                else:
                    self.not_taken(row, error)

    def _row_with(self, number: int, before: int) -> int | None:
        """The row before this place that has the number already."""
        for place in range(len(self._by_id), before):
            self._by_id.setdefault(self._ids[place] or -1 - place, self._ats[place])
        return self._by_id.get(number)

    def finish(self) -> None:
        """Takes back whoever stands in the sheet twice."""
        twice: dict[int, int] = {}
        for group in self._twins:
            first, *others = [place for place in map(self._place, group) if place is not None] or [
                0
            ]
            twice |= {place: min(first, twice.get(place, first)) for place in others}
        taken_back: dict[int, int] = {}
        for place, first in sorted(twice.items()):
            if self.run.how.match == "none" or (self._numbered[place] and self._numbered[first]):
                self.double(self._ats[place], (), (self._ats[first],))
            else:
                taken_back[place] = first
        if taken_back:
            self._take_back(taken_back)
        self.run.report.added = len(self._ids) - self._ids.count(0)

    def _place(self, at: int) -> int | None:
        """The place of a row that was taken in."""
        place = bisect_left(self._ats, at)
        return (
            place
            if place < len(self._ats) and self._ats[place] == at and self._ids[place]
            else None
        )

    def _take_back(self, twice: Mapping[int, int]) -> None:
        wanted = {self._ats[place]: self._ats[first] for place, first in twice.items()}
        members.remove(self.register, [self._ids[place] for place in twice])
        for place in twice:
            self._ids[place] = 0
        for at, first_at in wanted.items():
            reason = _("the same person as row {row}").format(row=first_at)
            self.run.reject(at, "name", reason)

    def entries(self, details: str) -> list[Entry]:
        """One entry, whose members are ranges."""
        return [self.entry(array("q", filter(None, self._ids)), details)]


class Joining(_Members):
    """A sheet that comes into a register with members: each row is compared with them."""

    as_stored = False

    def __init__(self, run: Import) -> None:
        super().__init__(run)
        self._added = array("q")
        self._placed: dict[int, tuple[int, bool]] = {}
        self._changed = Changed()

    def settle(self, batch: Batch) -> None:
        """Takes each row in, compares it with the member that it is, or tells why not."""
        for row in batch.rows():
            self._settle(row)

    def _settle(self, row: Row) -> None:
        if self.barred(row):
            return
        number = row.values.get(NUMBER)
        assert number is None or isinstance(number, int)
        if number is not None and number in self._placed and self._placed[number][1]:
            self.told_twice(row, self._placed[number][0])
            return
        matched = self._matched(row, number)
        if len(matched) > 1:
            numbers = ", ".join(map(self.club.number, matched))
            reason = _("matches several members: {numbers}").format(numbers=numbers)
            self.run.reject(row.at, "name", reason)
        elif matched and matched[0] in self._placed:
            reason = _("the same person as row {row}").format(row=self._placed[matched[0]][0])
            self.run.reject(row.at, "name", reason)
        elif number is not None and matched != [number] and members.exists(self.register, number):
            self.run.reject(row.at, NUMBER, _("this number is somebody else's"))
        elif matched and number is not None and matched != [number]:
            said = self.club.number(matched[0])
            self.run.reject(
                row.at, NUMBER, _("has the number {number} already").format(number=said)
            )
        elif matched:
            self._placed[matched[0]] = (row.at, number is not None)
            self._same(row, matched[0])
        elif not self.no_newcomer(row):
            self._add(row, number)

    def _matched(self, row: Row, number: int | None) -> list[int]:
        way = self.run.how.match
        if way == "none":
            return []
        if way == "email":
            address = row.values.get("email")
            return (
                members.numbers_at(self.register, email_key(address))
                if isinstance(address, str)
                else []
            )
        if way != "person" and number is not None:
            return [number] if members.exists(self.register, number) else []
        return members.same_person(self.register, row.values) if way != NUMBER else []

    def _same(self, row: Row, member: int) -> None:
        how, report = self.run.how, self.run.report
        differing = members.differing(self.register, member, row.values, how.clear_blank)
        if how.on_match == "fill" and differing:
            blank = members.blank(self.register, member, differing)
            differing = [key for key in differing if key in blank]
        if not self.run.matched(row, differing, self.club.number(member)):
            return
        changes = {key: row.values[key] for key in differing}
        changes |= {
            k: members.DEFAULTS[k]
            for k, v in changes.items()
            if v is None and k in members.DEFAULTS
        }
        try:
            with self.register.change():
                members.update(self.register, member, changes)
        except WrongData as error:
            self.run.reject(row.at, differing[0], error.what)
            return
        report.updated += 1
        self._changed.add(
            member, [field.key for field in self.run.shape.columns if field.key in changes]
        )

    def _add(self, row: Row, number: int | None) -> None:
        way = self.run.how.match
        doubles: list[int] = []
        if number is not None or way in ("none", "email", NUMBER):
            doubles = members.same_person(self.register, row.values)
        if number is None:
            number = self.next
            self.next += 1
        try:
            with self.register.change():
                members.insert(self.register, row.values, number)
        except WrongData as error:
            self.not_taken(row, error)
            return
        self._placed[number] = (row.at, row.values.get(NUMBER) is not None)
        self._added.append(number)
        self.run.report.added += 1
        if doubles:
            self.double(
                row.at,
                [one for one in doubles if one not in self._placed],
                [self._placed[one][0] for one in doubles if one in self._placed],
            )

    def finish(self) -> None:
        """Every row is settled by itself."""

    def entries(self, details: str) -> list[Entry]:
        """One entry for the new, and one for each set of fields that were changed."""
        corrected = [
            Entry("correct", tuple(numbers), ("registration",), "registration", fields)
            for fields, numbers in self._changed.by_fields.items()
        ]
        return [self.entry(self._added, details), *corrected]
