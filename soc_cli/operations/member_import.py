"""Members from a sheet: who is new, who is there already, and who is in it twice (C2, C3)."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from heapq import merge
from itertools import count

from soc_cli.model import places
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
from soc_cli.operations import refusing
from soc_cli.operations.importing import Changed, Import, Intake, Noun
from soc_cli.operations.nicknames import Reserved, refuse_reserved
from soc_cli.operations.reading import Batch, Row, Shape
from soc_cli.operations.registering import NICKNAME_TAKEN, nickname_taken
from soc_cli.policy.form import Club, Policy
from soc_cli.store import members, merging
from soc_cli.store.register import Register

NUMBER = "number"


def noun(policy: Policy, match: str | None = None) -> Noun:
    """Sheets of members, and how they come into the register, matched in this way."""
    return Noun(
        partial(shape, policy.club, match == "email", policy.left_out),
        _begin,
        _in_row,
        (NUMBER, "person", "email", "none"),
    )


def _in_row(upkeep: Register, texts: Mapping[str, str]) -> set[int]:
    """Whoever a row names, taken or not: by number, or by name."""
    number = upkeep.policy.club.number_of(texts.get(NUMBER, ""))
    numbered = {number} if number is not None and members.exists(upkeep, number) else set()
    return {*numbered, *members.numbers_seeming(upkeep, texts.get("name", ""))}


def shape(club: Club, by_email: bool = False, left_out: frozenset[str] = frozenset()) -> Shape:
    """What a sheet of members holds: the number, the registration (C4), and whether they left.

    A column of what the club leaves out is unknown (C3).
    """
    fields = (field for field in FIELDS if field.key not in left_out)
    return Shape(
        columns=(number_field(club), *fields, STATUS, LEFT_ON),
        required=(("name",),),
        computed=("age",),
        check=together,
        surely_right=together_at_a_glance,
        doubts=_elsewhere,
        completed=_completed,
        stored=_stored,
        marks=partial(_marks, by_email),
    )


def _stored(values: Mapping[str, Sequence[Value]]) -> dict[str, Sequence[Value]]:
    """The columns of the insertions, and the numbers."""
    numbers = {NUMBER: values[NUMBER]} if NUMBER in values else {}
    return numbers | members.columns_of(values)


def _marks(by_email: bool, columns: Mapping[str, Sequence[Value]]) -> list[list[int]]:
    """What two members can't, or hardly, have in common: numbers, nicknames, marks of a person."""
    names = columns["name_key"]
    found = [
        [0 if value is None else hash((key, value)) for value in columns[key]]
        for key in (NUMBER, "nickname_key", *(("email_key",) if by_email else ()))
        if key in columns
    ]
    marked = [False] * len(names)
    for key in members.MARKS:
        if key in columns:
            pairs = list(zip(names, columns[key], strict=True))
            found.append([0 if mark is None else hash((name, mark)) for name, mark in pairs])
            marked = [a or mark is not None for a, (_name, mark) in zip(marked, pairs, strict=True)]
    known = [hash(name) for name in names]
    return [*found, known, [0 if a else key for a, key in zip(marked, known, strict=True)]]


def _elsewhere(columns: Mapping[str, Sequence[Value]]) -> Iterator[tuple[int, str, str]]:
    """The addresses that lie elsewhere than their postal code."""
    if "postal_code" not in columns or "address" not in columns:
        return
    for at, (code, address) in enumerate(
        zip(columns["postal_code"], columns["address"], strict=True)
    ):
        if isinstance(code, str) and isinstance(address, str):
            question = places.doubt(code, address)
            if question is not None:
                yield at, "address", question


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

    def __init__(self, run: Import, next: int | None = None) -> None:
        self.run, self.register, self.club = run, run.register, run.register.policy.club
        self.erased = members.erased(self.register)
        self.merged = merging.numbers(self.register)
        self.recogniser = refusing.Recogniser(self.register)
        self._nobodys = Reserved(self.register.policy)
        if next is None:
            next = 1 + max(members.last_number(self.register), self._highest())
        self.next = next

    def _highest(self) -> int:
        """The highest number in the sheet, so that none of its numbers is given to another row."""
        at = next((at[0] for column, at in self.run.reading.columns if column.key == NUMBER), None)
        if at is None:
            return 0
        numbers = (self.club.number_of(c[at]) for _row, c in self.run.sheet.rows() if at < len(c))
        return max(filter(None, numbers), default=0)

    def barred(self, row: Row) -> bool:
        """Whether the row's number was erased, or merged into another."""
        number = row.values.get(NUMBER)
        if number in self.erased:
            reason = _("this number was erased on {day} and is never given again")
            self.run.reject(row.at, NUMBER, reason.format(day=self.erased[number]))
            return True
        if number in self.merged:
            reason = _("this number was merged into {number}")
            kept = self.club.number(self.merged[number])
            self.run.reject(row.at, NUMBER, reason.format(number=kept))
            return True
        return False

    def no_newcomer(self, row: Row) -> bool:
        """Whether the row is a refused person, who is not registered by a sheet (P8): told so."""
        if row.values.get("status") == "refused":
            reason = _("a refused person is not registered by a sheet")
            self.run.reject(row.at, "status", reason)
            return True
        if not self.recogniser:
            return False
        found = self.recogniser.recognise(row.values)
        if found.surely:
            self.run.reject(row.at, "name", self.recogniser.sentence(found))
        elif found.by_name:
            self.namesake(row, found.by_name)
        return bool(found.surely)

    def namesake(self, row: Row, refusals: Sequence[int]) -> None:
        """Tells of somebody who bears the name of a refused person, and is taken in."""
        told = _("has the name of somebody refused: {refusals}")
        numbers = ", ".join(map(str, refusals))
        self.run.note(row.at, "name", str(row.values["name"]), told.format(refusals=numbers))

    def reserved(self, row: Row) -> bool:
        """Whether the row brings a nickname that nobody may have: told so."""
        error = refuse_reserved(self._nobodys, row.values.get("nickname"))
        if error is not None:
            self.run.reject(row.at, "nickname", error.sentence())
        return error is not None

    def column_of(self, row: Row) -> str:
        """The field of which the register itself takes no second: a nickname, where there is one."""
        return "nickname" if row.values.get("nickname") else "name"

    def told_twice(self, row: Row, at: int) -> None:
        """Tells that an earlier row has this row's number."""
        reason = _("number used twice in the file: row {row} has it too").format(row=at)
        self.run.reject(row.at, NUMBER, reason)

    def double(self, at: int, numbers: Iterable[int], rows: Iterable[int]) -> None:
        """Tells of somebody who may be registered already, or stand in another row."""
        told = {"row": at, "members": [self.club.number(n) for n in numbers], "rows": list(rows)}
        self.run.report.possible_doubles.append(told)


class Founding(_Members):
    """A sheet that comes into a register without members: nobody to compare with but its own rows.

    All rows are added at once, those that have something in common with another row are taken back
    when the sheet is read, and settled one by one as in a register with members.
    """

    as_stored = True

    def __init__(self, run: Import) -> None:
        super().__init__(run)
        self._indexes = ExitStack()
        self._indexes.enter_context(self.register.indexed_afterwards("member"))
        self._rows = _Rows()
        self._barred: set[int] = set()
        self._failed: dict[int, tuple[str, str]] = {}
        self._joining: Joining | None = None

    def settle(self, batch: Batch) -> None:
        """Takes the rows in."""
        if batch.ended:
            self._indexes.close()
            self._joining = self._take_back(batch.ats)
        elif batch.again:
            assert self._joining is not None
            for row in batch.rows():
                if row.at not in self._barred:
                    self._failed.pop(row.at, None)
                    self._joining.settle_row(row)
        elif batch.ats:
            self._add(batch)

    def _take_back(self, ats: Iterable[int]) -> "Joining":
        """Takes back the rows that are like others; gives what settles them, each as it comes again.

        Each is settled as if it came to a register with members.
        """
        places = [place for place in map(self._rows.place, ats) if place is not None]
        reserved = {self._rows.ats[place]: self._rows.ids[place] for place in places}
        members.remove(self.register, reserved.values())
        for place in places:
            self._rows.forget(place)
        self.run.report.added = self._rows.kept()
        return Joining(self.run, self._rows, reserved, self.next)

    def _add(self, batch: Batch) -> None:
        if self.erased or self.recogniser or "refused" in batch.values.get("status", ()):
            rows = list(enumerate(batch.rows()))
            out = {at for at, row in rows if self.barred(row) or self.no_newcomer(row)}
            self._barred |= {batch.ats[at] for at in out}
            batch.keep([at for at, _row in rows if at not in out])
        self._bar_reserved(batch)
        numbers = batch.values.pop(NUMBER, None) or [None] * len(batch.ats)
        new = count(self.next)
        ids = [next(new) if number is None else int(number) for number in numbers]
        self.next = next(new)
        self._rows.extend(ids, batch.ats, [number is not None for number in numbers])
        stored = list(zip(ids, *batch.values.values(), strict=True))
        sql = members.insertion(batch.values)
        try:
            with self.register.change():
                self.register.execute_all(sql, stored)
        except WrongData:
            self._one_by_one(batch, sql, stored)

    def _bar_reserved(self, batch: Batch) -> None:
        """Takes the rows out that bring a nickname that nobody may have."""
        pairs = zip(*(batch.values.get(k, ()) for k in ("nickname", "nickname_key")), strict=True)
        said = [(str(one), str(key)) for one, key in pairs if one is not None]
        barred = self._nobodys.among(*zip(*said, strict=True)) if said else set()
        if barred:
            rows = [
                (at, row) for at, row in enumerate(batch.rows()) if row.values["nickname"] in barred
            ]
            for _at, row in rows:
                self.reserved(row)
            out = {at for at, _row in rows}
            self._barred |= {batch.ats[at] for at in out}
            batch.keep([at for at in range(len(batch.ats)) if at not in out])

    def _one_by_one(self, batch: Batch, sql: str, stored: list[tuple[Value, ...]]) -> None:
        """The rows of which at least one can't be taken, most likely since it is like another."""
        first = len(self._rows) - len(stored)
        for place, (row, values) in enumerate(zip(batch.rows(), stored, strict=True), first):
            try:
                with self.register.telling():
                    self.register.execute(sql, values)
            except WrongData as error:
                self._rows.forget(place)
                self._failed[row.at] = self.column_of(row), error.what

    def finish(self) -> None:
        """Tells of the rows that could not be taken, though they are like no other."""
        for at, (key, reason) in self._failed.items():
            self.run.reject(at, key, reason)

    def entries(self, details: str) -> list[Entry]:
        """One entry, whose members are ranges."""
        assert self._joining is not None
        return self._joining.entries(details)

    def read_members(self) -> Sequence[int]:
        """Nobody was there to be compared with."""
        return ()


class _Rows:
    """The rows of a sheet that are members now: 18 bytes each, in the order of the sheet."""

    def __init__(self) -> None:
        self.ids, self.ats = array("q"), array("q")
        self._numbered, self._gone = bytearray(), bytearray()
        self._in_order = True
        self._by_id: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def extend(self, ids: Sequence[int], ats: Sequence[int], numbered: Iterable[bool]) -> None:
        """Adds rows with their members' numbers, and whether the sheet gave them."""
        self.ids.extend(ids)
        self.ats.extend(ats)
        self._numbered.extend(numbered)
        self._gone.extend(bytes(len(ids)))
        self._in_order = self._in_order and not any(self._numbered[-len(ids) :])

    def forget(self, place: int) -> None:
        """A row that is no member after all."""
        self._gone[place] = True

    def place(self, at: int) -> int | None:
        """The place of a row that is a member."""
        return self._there(bisect_left(self.ats, at), self.ats, at)

    def row_of(self, number: int) -> tuple[int, bool] | None:
        """The row that is this member, and whether the sheet gave the number."""
        if not self._in_order:
            if self._by_id is None:
                gone = zip(self.ids, self._gone, strict=True)
                self._by_id = {n: place for place, (n, out) in enumerate(gone) if not out}
            place = self._there(self._by_id.get(number, len(self)), self.ids, number)
        else:  # the numbers were given in order
            place = self._there(bisect_left(self.ids, number), self.ids, number)
        return None if place is None else (self.ats[place], bool(self._numbered[place]))

    def _there(self, place: int, values: "array[int]", value: int) -> int | None:
        there = place < len(self) and values[place] == value and not self._gone[place]
        return place if there else None

    def kept(self) -> int:
        """How many rows are members."""
        return len(self.ids) - sum(self._gone)

    def numbers(self) -> "array[int]":
        """The members' numbers."""
        return array("q", (n for n, gone in zip(self.ids, self._gone, strict=True) if not gone))


class Joining(_Members):
    """A sheet that comes into a register with members: each row is compared with them."""

    as_stored = False

    def __init__(
        self,
        run: Import,
        rows: _Rows | None = None,
        reserved: Mapping[int, int] | None = None,
        next: int | None = None,
    ) -> None:
        """`rows` are members already; `reserved` are the numbers of some rows that are not."""
        super().__init__(run, next)
        self._rows, self._reserved = rows or _Rows(), reserved or {}
        self._added, self._compared = array("q"), array("q")
        self._placed: dict[int, tuple[int, bool]] = {}
        self._changed = Changed()

    def settle(self, batch: Batch) -> None:
        """Takes each row in, compares it with the member that it is, or tells why not."""
        for row in batch.rows():
            self.settle_row(row)

    def settle_row(self, row: Row) -> None:
        """Takes one row in, compares it with the member that it is, or tells why not."""
        if self.barred(row):
            return
        number = row.values.get(NUMBER)
        assert number is None or isinstance(number, int)
        if number is not None and (earlier := self._row_of(number)) and earlier[1]:
            self.told_twice(row, earlier[0])
            return
        matched = self._matched(row, number)
        if len(matched) > 1:
            numbers = ", ".join(map(self.club.number, matched))
            reason = _("matches several members: {numbers}").format(numbers=numbers)
            self.run.reject(row.at, "name", reason)
        elif matched and (earlier := self._row_of(matched[0])):
            reason = _("the same person as row {row}").format(row=earlier[0])
            self.run.reject(row.at, "name", reason)
        elif number is not None and matched != [number] and members.exists(self.register, number):
            self.run.reject(row.at, NUMBER, _("this number is somebody else's"))
        elif matched and number is not None and matched != [number]:
            said = self.club.number(matched[0])
            reason = _("has the number {number} already").format(number=said)
            self.run.reject(row.at, NUMBER, reason)
        elif matched:
            self._placed[matched[0]] = (row.at, number is not None)
            self._same(row, matched[0])
        elif not self.no_newcomer(row):
            self._add(row, number)

    def _row_of(self, member: int) -> tuple[int, bool] | None:
        """The row of this sheet that is a member, and whether it gave the number."""
        return self._placed.get(member) or self._rows.row_of(member)

    def _matched(self, row: Row, number: int | None) -> list[int]:
        way = self.run.how.match
        if way == "none" or (way == NUMBER and number is None):
            return []
        if way == "email":
            address = row.values.get("email")
            if not isinstance(address, str):
                return []
            return members.numbers_at(self.register, email_key(address))
        if way != "person" and number is not None:
            return [number] if members.exists(self.register, number) else []
        return members.same_person(self.register, row.values)

    def _same(self, row: Row, member: int) -> None:
        how = self.run.how
        self._compared.append(member)
        differing = members.differing(self.register, member, row.values, how.clear_blank)
        if how.on_match == "fill" and differing:
            blank = members.blank(self.register, member, differing)
            differing = [key for key in differing if key in blank]
        stored = members.open_values(self.register, member)
        if "status" in differing and "refused" in (stored["status"], row.values["status"]):
            reason = _(
                "a refusal begins with “soc member refuse” and ends with “soc member readmit”"
            )
            self.run.reject(row.at, "status", reason)
            return
        if not self.run.matched(row, differing, self.club.number(member)):
            return
        changes = {
            key: members.DEFAULTS.get(key) if row.values[key] is None else row.values[key]
            for key in differing
        }
        for key, error in together({**stored, **changes}):
            self.run.reject(row.at, key, error.sentence())
            return
        if "nickname" in changes and (self._of_the_merged(row, member) or self.reserved(row)):
            return
        try:
            with self.register.telling():
                members.update(self.register, member, changes)
        except WrongData as error:
            self.run.reject(row.at, differing[0], error.what)
            return
        self.run.report.updated += 1
        self._look_again(row, member)
        fields = [field.key for field in self.run.shape.columns if field.key in changes]
        self._changed.add(member, fields)

    def _look_again(self, row: Row, member: int) -> None:
        """Notes that a member who was corrected bears the marks of somebody refused (P8)."""
        found = self.recogniser.of_member(member)
        if found.surely:
            told = self.recogniser.sentence(found)
            self.run.note(row.at, "name", str(row.values.get("name") or ""), told)

    def _of_the_merged(self, row: Row, member: int | None = None) -> bool:
        """Whether the row's nickname is kept for somebody who was merged: told so.

        Of all others the register itself takes no second.
        """
        if not self.merged or not nickname_taken(self.register, row.values.get("nickname"), member):
            return False
        self.run.reject(row.at, "nickname", _(NICKNAME_TAKEN))
        return True

    def _add(self, row: Row, number: int | None) -> None:
        if self._of_the_merged(row) or self.reserved(row):
            return
        doubles: list[int] = []
        if number is not None or self.run.how.match in ("none", "email", NUMBER):
            doubles = members.same_person(self.register, row.values)
        if number is None:
            number = self._reserved.get(row.at)
        if number is None:
            number = self.next
            self.next += 1
        try:
            with self.register.telling():
                members.insert(self.register, row.values, number)
        except WrongData as error:
            self.run.reject(row.at, self.column_of(row), error.what)
            return
        if doubles:
            rows = [earlier[0] for one in doubles if (earlier := self._row_of(one))]
            self.double(row.at, [one for one in doubles if not self._row_of(one)], sorted(rows))
        self._placed[number] = (row.at, row.values.get(NUMBER) is not None)
        self._added.append(number)
        self.run.report.added += 1

    def finish(self) -> None:
        """Every row is settled by itself."""

    def entries(self, details: str) -> list[Entry]:
        """One entry for the new and those that were there, one for each set of changed fields."""
        corrected = [
            Entry("correct", tuple(numbers), ("registration",), "registration", fields)
            for fields, numbers in self._changed.by_fields.items()
        ]
        # The hash of the sheet goes with the last of those who stand in it.
        there = merge(self._rows.numbers(), sorted(self._added), sorted(set(self._compared)))
        members = array("q", there)
        return [Entry("import", members, occasion="registration", details=details), *corrected]

    def read_members(self) -> Sequence[int]:
        """Whoever a row was compared with."""
        return self._compared
