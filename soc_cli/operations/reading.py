"""Reading a sheet: which column holds which field, and every row as checked values.

This is the part of an import that knows no register, so that a large sheet can be read by a second
process while the first one writes.
"""

import marshal
import os
import pickle
import subprocess
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, repeat
from typing import IO, Any

from soc_cli.model import language
from soc_cli.model.errors import Failed, SocError, WrongData, WrongUse
from soc_cli.model.fields import Field, FieldError, Value, header_key
from soc_cli.model.language import N_, _
from soc_cli.model.meant import among
from soc_cli.model.sheet import Broken, Number, Sheet

REASON = N_("Why this row was not taken")
"""The heading of the last column of a rejects file, which is passed over when it comes back."""
_REASONS = (REASON, "取り込めなかった理由")


def is_reason(heading: str) -> bool:
    """Whether a heading is that of the reasons, in whichever language the file was written."""
    return header_key(heading) in map(header_key, _REASONS)


BATCH = 500
"""Rows that are read at a time."""
FEW = 16
"""Rows that are read one by one, where something is wrong among them."""


@dataclass(frozen=True)
class Shape:
    """What one kind of sheet holds: its columns, and what they must be together."""

    columns: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...] = ()
    """Of each group one column at least must be there."""
    computed: tuple[str, ...] = ()
    """Keys of the program's own answers that say nothing new, and are passed over."""
    check: Callable[[Mapping[str, Value]], Sequence[tuple[str, FieldError]]] = lambda _values: ()
    """What is wrong with the values of a row together."""
    surely_right: Callable[[Mapping[str, Sequence[Value]]], bool] = lambda _columns: False
    """Whether a glance at whole columns shows that `check` would find nothing."""
    doubts: Callable[[Mapping[str, Sequence[Value]]], Iterable[tuple[int, str, str]]] = (
        lambda _columns: ()
    )
    """Of whole columns: what to look at again in a row that is taken all the same, as the row's place
    among them, the field, and the question."""
    completed: Callable[[dict[str, Sequence[Value]]], None] = lambda _columns: None
    """Puts into whole columns what follows from others."""
    stored: Callable[[Mapping[str, Sequence[Value]]], dict[str, Sequence[Value]]] | None = None
    """Whole columns as they are stored, with folded keys and defaults."""
    marks: Callable[[Mapping[str, Sequence[Value]]], list[list[int]]] | None = None
    """Of stored columns: hashes of what two rows may not have, or hardly have, in common; 0 for nothing.

    The last two lists are of whoever is only known by name: the name of every row, and of such a row.
    """

    def spellings(self) -> dict[str, str]:
        """Every heading that these columns are known by, folded, and the key it means."""
        return {
            header_key(name): column.key
            for column in self.columns
            for name in (*column.headers, column.key, column.label, _(column.label))
        }

    def label(self, key: str) -> str:
        """What people call a column."""
        return next((_(column.label) for column in self.columns if column.key == key), key)


@dataclass(slots=True)
class Row:
    """One row of a sheet: its number, and its values by field."""

    at: int
    values: dict[str, Value]


@dataclass(slots=True)
class Batch:
    """Some rows of a sheet: the values of those that can be taken, and what is wrong with the rest."""

    read: int
    ats: list[int] = field(default_factory=list)
    values: dict[str, Sequence[Value]] = field(default_factory=dict)
    rejected: int = 0
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Row, field, text, reason; an empty field for a value that stands in no column."""
    notes: list[tuple[int, str, str, str]] = field(default_factory=list)
    """The same of what is taken all the same."""
    ended: bool = False
    """Whether the last row was in a batch before this one; its rows are those that come again."""
    again: bool = False
    """Whether these rows have come before, and are to be looked at with those that they are like."""
    done: float = 0.0
    """How much of the sheet is read with this batch, from 0 to 1."""

    def rows(self, keys: Iterable[str] | None = None) -> Iterator[Row]:
        """The rows one by one, with all their values or some."""
        chosen = {key: self.values[key] for key in keys or self.values}
        for place, at in enumerate(self.ats):
            yield Row(at, {key: column[place] for key, column in chosen.items()})

    def and_then(self, other: "Batch") -> "Batch":
        """This batch and the rows that follow it."""
        return Batch(
            self.read + other.read,
            self.ats + other.ats,
            {key: [*column, *other.values[key]] for key, column in self.values.items()},
            self.rejected + other.rejected,
            self.problems + other.problems,
            self.notes + other.notes,
        )

    def keep(self, places: Sequence[int]) -> None:
        """Forgets the rows at all other places."""
        self.ats = [self.ats[place] for place in places]
        self.values = {key: [column[p] for p in places] for key, column in self.values.items()}


Placed = tuple[tuple[str, tuple[int, ...]], ...]
"""The keys of fields, and which cells of a row hold each."""


def known(shape: Shape, mapped: Sequence[str]) -> Callable[[str], bool]:
    """Whether a heading is one that this shape or `--map` knows."""
    names = shape.spellings().keys() | {header_key(one.rpartition("=")[0]) for one in mapped}
    return lambda heading: header_key(heading) in names


def place(header: Sequence[str], shape: Shape, mapped: Sequence[str]) -> Placed:
    """Which cells of a row hold each field.

    Raises WrongData for a column that it can't place (C3), for two that hold one field, and where
    a column is missing; WrongUse for a `--map` that says nothing.
    """
    meant = shape.spellings()
    chosen = _mapped(header, shape, mapped, meant)
    computed = {header_key(name) for name in shape.computed}
    found: dict[str, list[int]] = {}
    unknown: list[str] = []
    for at, written in enumerate(header):
        folded = header_key(written)
        passed_over = folded in computed or is_reason(written)
        if not written.strip() or (passed_over and folded not in chosen):
            continue
        key = chosen.get(folded, meant.get(folded))
        if key is None:
            unknown.append(written.strip())
        elif key in found and key not in chosen.values():
            raise WrongData(
                _("two columns of the sheet hold the same field (the second is “{column}”)").format(
                    column=written.strip()
                ),
                _("leave one of them out: --map “{column}”=").format(column=written.strip()),
            )
        elif key:
            found.setdefault(key, []).append(at)
    if unknown:
        raise WrongData(
            _("the policy names no field for: {columns}").format(
                columns=_(", ").join(_("“{items}”").format(items=one) for one in unknown)
            ),
            _("rename these columns, or say --map COLUMN=field, or --map COLUMN= to leave one out"),
        )
    for group in shape.required if header else ():
        if not any(key in found for key in group):
            column = next(c for c in shape.columns if c.key == group[0])
            if group == ("name",):
                raise WrongData(
                    _("the sheet has no column for the name"), _("name it 氏名 or name")
                )
            raise WrongData(
                _("the sheet has no column for: {column}").format(column=_(column.label)),
                _("name it one of: {names}").format(names=" ".join((column.key, *column.headers))),
            )
    return tuple((key, tuple(at)) for key, at in found.items())


def _mapped(
    header: Sequence[str], shape: Shape, mapped: Sequence[str], meant: Mapping[str, str]
) -> dict[str, str]:
    """What `--map` says: folded heading to key, `""` for a column that is left out."""
    there = {header_key(written) for written in header}
    chosen: dict[str, str] = {}
    for said in mapped:
        heading, equals, name = said.rpartition("=")
        if not equals or not heading.strip():
            raise WrongUse(
                _("--map “{text}” says nothing").format(text=said), _("write --map HEADING=field")
            )
        if header_key(heading) not in there:
            raise WrongData(
                _("the sheet has no column “{column}”").format(column=heading),
                _("it has: {names}").format(names=", ".join(filter(None, map(str.strip, header)))),
            )
        key = meant.get(header_key(name)) if name.strip() else ""
        if key is None:
            raise WrongUse(
                _("“{key}” is no field of the register").format(key=name),
                among(name, [c.key for c in shape.columns]),
            )
        chosen[header_key(heading)] = key
    return chosen


# rows -----------------------------------------------------------------------------------------


class _Memo(dict[str, Value]):
    """A field's values by the text that was read: most sheets say the same few things."""

    MOST = 100_000

    def __init__(self, column: Field, today: date) -> None:
        super().__init__()
        self._read, self._today = column.read, today

    def __missing__(self, text: str) -> Value:
        if len(self) >= self.MOST:
            self.clear()
        self[text] = value = self._read(text, self._today)
        return value


ColumnReader = Callable[[Iterable[str]], list[Value]]


def _reader(column: Field, today: date) -> ColumnReader:
    """Reads the texts of a column; raises the FieldError of the first that can't be read."""
    if column.varied:
        return lambda texts: list(map(column.read, texts, repeat(today)))
    memo = _Memo(column, today)
    return lambda texts: list(map(memo.__getitem__, texts))


class _Same:
    """Which rows have a mark in common; 8 bytes a mark and row, since a sheet may have a million."""

    PART = 500_000

    def __init__(self) -> None:
        self._ats = array("q")
        self._marks: list[array[int]] = []

    def add(self, ats: Iterable[int], marks: Sequence[Sequence[int]]) -> None:
        """Some rows, with the hashes of their marks."""
        self._marks = self._marks or [array("q") for _mark in marks]
        self._ats.extend(ats)
        for kept, hashes in zip(self._marks, marks, strict=True):
            kept.extend(hashes)

    def alike(self) -> set[int]:
        """The numbers of the rows that have something in common with another row."""
        found: set[int] = set()
        parts = 1 + len(self._ats) // self.PART
        *marks, names, bare = self._marks or [array("q"), array("q")]
        for hashes in marks:
            for part in range(parts):
                chosen = [key for key in hashes if key % parts == part and key]
                if len(set(chosen)) < len(chosen):
                    often = {key for key, times in Counter(chosen).items() if times > 1}
                    found |= {a for a, key in zip(self._ats, hashes, strict=True) if key in often}
        if alone := set(bare) - {0}:
            times = Counter(key for key in names if key in alone)
            found |= {a for a, key in zip(self._ats, names, strict=True) if times[key] > 1}
        return found


class Reading:
    """The rows of one sheet as batches of checked values."""

    def __init__(self, sheet: Sheet, shape: Shape, placed: Placed, today: date) -> None:
        by_key = {column.key: column for column in shape.columns}
        self.sheet, self.shape, self.width = sheet, shape, len(sheet.header)
        self.columns = [(by_key[key], places) for key, places in placed]
        self.keys = [key for key, _places in placed]
        self._readers = [_reader(column, today) for column, _places in self.columns]
        self._unheaded = [at for at, text in enumerate(sheet.header) if not text.strip()]
        self._plain = sheet.is_text and all(len(places) == 1 for _key, places in placed)

    def batches(self, as_stored: bool = False) -> Iterator[Batch]:
        """Every row, some at a time, as values that the sheet says or as what is stored of them.

        Where all is well, which it nearly always is, a batch is read column by column; else row by
        row, and each problem is told.
        """
        rows, same = self.sheet.rows(), _Same()
        while taken := list(islice(rows, BATCH)):
            batch = self._read(taken)
            batch.done = self.sheet.done()
            self.shape.completed(batch.values)
            if as_stored and self.shape.stored is not None:
                batch.values = self.shape.stored(batch.values)
                if self.shape.marks is not None:
                    same.add(batch.ats, self.shape.marks(batch.values))
            yield batch
        yield Batch(0, ended=True, done=1.0)
        if alike := same.alike():
            yield Batch(0, sorted(alike), ended=True, done=1.0)
            rows = ((at, cells) for at, cells in self.sheet.rows() if at in alike)
            while taken := list(islice(rows, BATCH)):
                found = self._by_rows(taken)
                self.shape.completed(found.values)
                yield Batch(0, found.ats, found.values, again=True, done=1.0)

    def _read(self, taken: list[tuple[int, list[str]]]) -> Batch:
        """The batch: halved until what is wrong in it stands among a few rows."""
        if batch := self._by_columns(taken):
            return batch
        if len(taken) <= FEW:
            return self._by_rows(taken)
        half = len(taken) // 2
        return self._read(taken[:half]).and_then(self._read(taken[half:]))

    def _by_columns(self, taken: list[tuple[int, list[str]]]) -> Batch | None:
        """The batch, or None where its rows must be looked at one by one."""
        if not self._plain or {len(cells) for _at, cells in taken} != {self.width}:
            return None
        columns = list(zip(*(cells for _at, cells in taken), strict=True))
        if any("".join(columns[at]).strip() for at in self._unheaded):
            return None
        values: dict[str, Sequence[Value]] = {}
        try:
            for (column, places), read in zip(self.columns, self._readers, strict=True):
                values[column.key] = read(columns[places[0]])
        except FieldError:
            return None
        batch = Batch(len(taken), [at for at, _cells in taken], values)
        shape = self.shape
        if not shape.surely_right(values) and any(shape.check(r.values) for r in batch.rows()):
            return None
        self._doubt(batch)
        return batch

    def _doubt(self, batch: Batch) -> None:
        """Notes what to look at again in the rows that are taken."""
        for place, key, question in self.shape.doubts(batch.values):
            value = batch.values[key][place]
            batch.notes.append((batch.ats[place], self._heading(key), str(value), question))

    def _heading(self, key: str) -> str:
        places = next(places for column, places in self.columns if column.key == key)
        return self.sheet.header[places[0]].strip()

    def _by_rows(self, taken: list[tuple[int, list[str]]]) -> Batch:
        """The rows of a batch that can be taken; each problem of the others is told."""
        batch = Batch(len(taken), values={key: [] for key in self.keys})
        for at, cells in taken:
            values: dict[str, Value] = {}
            # Sentences, not errors: an error that is kept keeps its frame, which keeps the error.
            wrong: dict[str, str] = {}
            texts = self.texts(at, cells, batch)
            for key, read in zip(self.keys, self._readers, strict=True):
                try:
                    if isinstance(texts[key], Broken):
                        raise FieldError(_("the spreadsheet has no value here, but an error"))
                    (values[key],) = read((texts[key],))
                except FieldError as error:
                    wrong[key] = error.sentence()
            wrong = {**{k: e.sentence() for k, e in self.shape.check(values)}, **wrong}
            beyond = self._beyond(cells)
            if wrong or beyond is not None:
                self._tell(batch, at, texts, wrong, beyond)
            else:
                batch.ats.append(at)
                for key, value in values.items():
                    batch.values[key].append(value)  # type: ignore[attr-defined]
        self._doubt(batch)
        return batch

    def texts(self, at: int, cells: list[str], batch: Batch | None = None) -> dict[str, str]:
        """The text of each field: several columns joined, what a number has lost put back.

        What was done about it is noted in the batch, as is a row that ends too early.
        """
        if len(cells) < self.width:
            if batch is not None:
                said = _("the row ends before this column: it has {n} cells of {width}")
                heading = self.sheet.header[len(cells)].strip()
                batch.notes.append((at, heading, "", said.format(n=len(cells), width=self.width)))
            cells = cells + [""] * (self.width - len(cells))
        texts: dict[str, str] = {}
        for column, places in self.columns:
            parts = [cells[place] for place in places]
            number = parts[0]
            if column.from_number is not None and isinstance(number, Number):
                parts[0] = column.from_number(number)
                if parts[0] != number and batch is not None:
                    said = _("a number in the sheet; taken as {text}").format(text=parts[0])
                    heading = self.sheet.header[places[0]].strip()
                    batch.notes.append((at, heading, str(number), said))
            text = parts[0]
            for part in filter(None, (part.strip() for part in parts[1:])):
                # Two numbers that meet would become another one.
                apart = column.joint or (" " if text[-1:].isdigit() else "")
                text = text.strip() + (apart if text.strip() else "") + part
            broken = next(
                (cells[place] for place in places if isinstance(cells[place], Broken)), None
            )
            texts[column.key] = text if broken is None else broken
        return texts

    def _beyond(self, cells: list[str]) -> str | None:
        """What stands in a column without a heading."""
        unheaded = (at for at in self._unheaded if at < len(cells))
        places = (*unheaded, *range(self.width, len(cells)))
        return next((cells[place] for place in places if cells[place].strip()), None)

    def _tell(
        self,
        batch: Batch,
        at: int,
        texts: Mapping[str, str],
        wrong: Mapping[str, str],
        beyond: str | None,
    ) -> None:
        """Every problem of a row that can't be taken, in the order of its columns."""
        batch.rejected += 1
        if beyond is not None:
            said = _("a value in a column without a heading")
            batch.problems.append((at, "", str(beyond), said))
        for key in self.keys:
            if key in wrong:
                batch.problems.append((at, key, str(texts[key]), wrong[key]))


# a second process -----------------------------------------------------------------------------

LARGE = 4 << 20
"""Bytes of a sheet from which a second process pays for its start."""


@dataclass(frozen=True)
class Job:
    """What a second process is to read."""

    sheet: Callable[[], Sheet] | None
    """Opens the sheet again, by the name of its file."""
    shape: Callable[[], Shape]
    placed: Placed
    today: date
    as_stored: bool
    language: str


def batches(reading: Reading, job: Job) -> Generator[Batch, None, None]:
    """The batches of a sheet, read by a second process where it is large and has a name."""
    if job.sheet is None or reading.sheet.size < LARGE or not sys.executable:
        yield from reading.batches(job.as_stored)
        return
    child = _child()
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with suppress(BrokenPipeError), child.stdin:
            pickle.dump(job, child.stdin)
        while (found := _received(child.stdout)) is not None:
            if isinstance(found, SocError):
                raise found
            yield found
    finally:
        child.stdout.close()
        child.kill()
        child.wait()


def _child() -> "subprocess.Popen[bytes]":
    # -P: no module is taken from the folder that somebody happens to stand in.
    command = [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    # What goes wrong there is told here, in one sentence.
    pipes["stderr"] = None if os.environ.get("SOC_DEBUG") else subprocess.DEVNULL
    try:
        return subprocess.Popen(command, pipesize=1 << 20, **pipes)
    except OSError:  # large pipes are not everybody's
        return subprocess.Popen(command, **pipes)


def serve() -> None:
    """What the second process does: reads a job, and writes the batches, and None after the last."""
    import gc
    import signal

    # An interruption goes to every process of a terminal; the first one tells of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    job: Job = pickle.load(sys.stdin.buffer)
    language.use(job.language)
    out = sys.stdout.buffer
    assert job.sheet is not None
    with suppress(BrokenPipeError):  # nobody listens any more
        try:
            reading = Reading(job.sheet(), job.shape(), job.placed, job.today)
            for batch in reading.batches(job.as_stored):
                _send(out, tuple(getattr(batch, key) for key in _BATCH))
            _send(out, None)
        except BrokenPipeError:
            raise
        except SocError as error:
            _send(out, pickle.dumps(error))
        except Exception as error:
            if os.environ.get("SOC_DEBUG"):
                raise
            reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
            said = _("the file can't be read ({reason})").format(reason=reason)
            _send(out, pickle.dumps(Failed(said)))


_BATCH = ("read", "ats", "values", "rejected", "problems", "notes", "ended", "again", "done")


def _send(out: IO[bytes], found: Any) -> None:
    data = marshal.dumps(found)
    out.write(len(data).to_bytes(8, "little") + data)
    out.flush()


def _received(source: IO[bytes]) -> Any:
    """The next batch, an error of the other process, or None after the last."""
    length = source.read(8)
    data = source.read(int.from_bytes(length, "little")) if len(length) == 8 else b""
    if not data or len(length) < 8:
        raise Failed(_("reading the sheet ended before its end"), _("try again"))
    found = marshal.loads(data)
    if isinstance(found, bytes):
        return pickle.loads(found)
    return None if found is None else Batch(*found)
