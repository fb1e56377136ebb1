"""Bulk import: one engine for every noun that declares its columns.

Every row is read and checked, then settled: it is new, the same as what is stored, a change of it,
or a problem that is told. All of it is one transaction, and the file is streamed.
"""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

from soc_cli.model import language, meant
from soc_cli.model.errors import WrongData
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.newfile import TakenBack
from soc_cli.model.sheet import Rows, Sheet
from soc_cli.model.spool import Spool
from soc_cli.operations.reading import Batch, Job, Reading, Row, Shape, batches, place
from soc_cli.store.register import Register, spill_folder


@dataclass(frozen=True)
class How:
    """How a sheet is taken in, as the options say."""

    match: str | None = None
    on_match: str = "reject"
    on_error: str = "abort"
    clear_blank: bool = False
    dry_run: bool = False
    map: tuple[str, ...] = ()
    """`HEADING=field`, or `HEADING=` for a column that is left out."""


@dataclass(frozen=True)
class Noun:
    """One kind of sheet: its shape, and how its rows come into the register."""

    shape: Callable[[], Shape]
    """Makes the shape, in this process or in another."""
    begin: "Callable[[Import], Intake]"
    """Opens the register's side: what settles each row."""
    named: Callable[[Register, Mapping[str, str]], Iterable[int]]
    """The members whom the texts of a row name, taken or not, by number or by name."""
    matches: tuple[str, ...] = ("number", "none")


class Intake(Protocol):
    """The register's side of an import."""

    as_stored: bool
    """Whether it takes rows as they are stored, rather than as what the sheet says."""

    def settle(self, batch: Batch) -> None:
        """Takes each row in, or tells why not."""

    def finish(self) -> None:
        """Does what is done once, after the last row."""

    def entries(self, details: str) -> list[Entry]:
        """What goes into the journal for all of it, if it is kept."""

    def read_members(self) -> Sequence[int]:
        """Members whose stored values a row was compared with, kept or not."""


class Report:
    """What an import did, under the keys that `--json` promises."""

    COUNTS = ("read", "added", "updated", "unchanged", "skipped", "rejected")

    def __init__(self, reading: Reading, dry_run: bool, folder: Path | None) -> None:
        self.dry_run, self.sheet = dry_run, reading.sheet
        self.read = self.added = self.updated = self.unchanged = self.skipped = self.rejected = 0
        self.possible_doubles = Spool(folder)
        self.notes = Spool(folder)
        self._reading, self._folder = reading, folder
        self._problems: list[tuple[int, Spool]] = []

    def heading(self, key: str) -> str:
        """What the sheet calls the field; its own label where the sheet does not have it."""
        for column, at in self._reading.columns:
            if column.key == key:
                return self.sheet.header[at[0]].strip()
        return self._reading.shape.label(key) if key else ""

    def problem(self, row: int, key: str, value: str | None, reason: str) -> None:
        """Tells a problem; without a value, that which stands in the sheet.

        What is found late goes beside what is in the order of the rows.
        """
        told = (row, key, value, reason)
        for at, (last, spool) in enumerate(self._problems):
            if last <= row:
                self._problems[at] = (row, spool)
                spool.append(told)
                return
        spool = Spool(self._folder)
        spool.append(told)
        self._problems.append((row, spool))

    def problems(self) -> Iterator[dict[str, Any]]:
        """Every problem, in the order of the rows."""
        texts = self._texts()
        next(texts)
        for row, key, value, reason in self._in_order():
            said = texts.send(row).get(key, "") if value is None else value
            yield {"row": row, "column": self.heading(key), "value": said, "reason": reason}

    def rejected_rows(self) -> Iterator[Mapping[str, str]]:
        """The texts of each row that has a problem, by field."""
        texts = self._texts()
        next(texts)
        last = 0
        for row, _key, _value, _reason in self._in_order():
            if row != last:
                last = row
                yield texts.send(row)

    def _in_order(self) -> Iterator[tuple[int, str, str | None, str]]:
        from heapq import merge

        return merge(*(spool for _last, spool in self._problems), key=itemgetter(0))

    def _texts(self) -> Generator[dict[str, str], int, None]:
        """Gives the texts of the row that is sent to it; the rows are asked for in their order."""
        row = yield {}
        rows: Rows | None = None
        number, texts = 0, dict[str, str]()
        while True:
            rows = rows or self.sheet.rows()
            while number < row:
                number, cells = next(rows)
                texts = self._reading.texts(number, cells) if number == row else {}
            row = yield texts

    def as_json(self) -> dict[str, object]:
        """The promised keys in their order; the three lists are read as they go out."""
        return {
            **{key: getattr(self, key) for key in self.COUNTS},
            "dry_run": self.dry_run,
            "encoding": self.sheet.encoding,
            "format": self.sheet.kind,
            "possible_doubles": iter(self.possible_doubles),
            "notes": iter(self.notes),
            "problems": self.problems(),
        }


class Import:
    """One run of an import, as the register's side of it sees it."""

    def __init__(self, register: Register, noun: Noun, sheet: Sheet, how: How) -> None:
        self.register, self.noun, self.sheet, self.how = register, noun, sheet, how
        self.shape = noun.shape()
        self.placed = place(sheet.header, self.shape, how.map)
        self.reading = Reading(sheet, self.shape, self.placed, register.today)
        self.keys = self.reading.keys
        self.report = Report(self.reading, how.dry_run, spill_folder(register.path))
        if how.match is not None:
            meant.check("match", how.match, noun.matches)
        if how.match in BY_COLUMN and how.match not in self.keys:
            raise WrongData(
                _("--match {key} needs that column, and the sheet has none").format(key=how.match)
            )

    def batches(self, as_stored: bool) -> Generator[Batch, None, None]:
        """The rows of the sheet."""
        today, spoken = self.register.today, language.language()
        job = Job(self.sheet.reopen, self.noun.shape, self.placed, today, as_stored, spoken)
        return batches(self.reading, job)

    def reject(self, at: int, key: str, reason: str) -> None:
        """Tells why a row is not taken."""
        self.report.rejected += 1
        self.report.problem(at, key, None, reason)

    def note(self, at: int, key: str, value: str, note: str) -> None:
        """Tells something of a row that is taken all the same."""
        told = {"row": at, "column": self.report.heading(key), "value": value, "note": note}
        self.report.notes.append(told)

    def matched(self, row: Row, differing: Sequence[str], number: str) -> bool:
        """What becomes of a row of which something like it is stored; whether it is to be changed."""
        report, how = self.report, self.how
        if not differing:
            report.unchanged += 1
        elif how.on_match == "skip":
            report.skipped += 1
        elif how.on_match == "reject":
            names = ", ".join(map(report.heading, differing))
            reason = _("differs from {number} in: {columns}").format(number=number, columns=names)
            self.reject(row.at, differing[0], reason)
        else:
            return True
        return False


BY_COLUMN = ("number", "email")
"""Ways of matching that need a column of that name."""


class _NothingKept(Exception):
    """Undoes what an import has added so far."""


def take_in(
    register: Register,
    noun: Noun,
    sheet: Sheet,
    how: How,
    progress: Callable[[int, float], None] = lambda _rows, _done: None,
    rejects: "Rejects" = None,
) -> Report:
    """Takes a sheet in, in one transaction; gives the report.

    With `on_error` abort a single problem keeps everything out, and all of them are told. With skip
    the good rows go in; `rejects` makes the file of the others, which has its name before any row is
    kept. Raises WrongData for a column that can't be placed.
    """
    run = Import(register, noun, sheet, how)
    report = run.report
    with (
        without_collector(),
        _named(register, noun, rejects) as name,
        register.change(keep=not how.dry_run),
    ):
        entries: list[Entry] = []
        compared: Sequence[int] = ()
        with suppress(_NothingKept), register.change():
            intake = noun.begin(run)
            with closing(run.batches(intake.as_stored)) as read:
                for batch in read:
                    report.read += batch.read
                    report.rejected += batch.rejected
                    for problem in batch.problems:
                        report.problem(*problem)
                    for row, column, value, note in batch.notes:
                        report.notes.append(
                            {"row": row, "column": column, "value": value, "note": note}
                        )
                    rejected = report.rejected
                    intake.settle(batch)
                    if report.rejected > rejected:
                        gc.collect(0)  # errors and their frames do make circles
                    progress(report.read, batch.done)
            intake.finish()
            compared = intake.read_members()
            if report.rejected and how.on_error == "abort":
                raise _NothingKept
            # The hash of a sheet that was not kept would outlive the erasure of those in it.
            kept = "" if how.dry_run else f" sha256={sheet.sha256}"
            entries = intake.entries(f"rows={report.read} rejected={report.rejected}{kept}")
        if report.rejected and how.on_error == "abort":
            report.added = report.updated = 0
            details = f"rows={report.read} rejected={report.rejected}"
            entries = [Entry("import", outcome="rejected", details=details)]
        if compared:
            # Whether a value is the stored one is told, also where nothing is kept.
            register.record(Entry("read", compared, ("registration",)))
        for entry in entries:
            register.record(entry)
        if report.rejected and not how.dry_run:
            name(report)
    return report


Rejects = Callable[["Report"], TakenBack] | None


@contextmanager
def _named(register: Register, noun: Noun, rejects: Rejects) -> Iterator[Callable[[Report], None]]:
    """Gives the file of the rejected rows its name; it goes again where the import is not kept.

    It has its name before the register keeps a row, so that no row is in neither of them.
    """
    files: list[TakenBack] = []

    def name(report: Report) -> None:
        if rejects is not None:
            files.append(rejects(report))
            rows = report.rejected_rows()
            about = {member for texts in rows for member in noun.named(register, texts)}
            register.wrote(files[0].paths, "rejects", sorted(about))
            files[0].claim()

    try:
        yield name
    except BaseException:
        for file in files:
            file.take_back()
        raise


@contextmanager
def without_collector() -> Iterator[None]:
    """Rows make no circles, and looking for some among their values takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass
class Changed:
    """The members whose fields an import has changed, by the fields, for the journal."""

    by_fields: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def add(self, member: int, fields: Sequence[str]) -> None:
        """One member with the fields that were changed."""
        self.by_fields.setdefault(tuple(fields), []).append(member)
