"""Sheets coming in: what kind of file it is, which row names the columns, and the rows below it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO

from soc_cli.formats import delimited, encodings, objects, workbooks
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import _
from soc_cli.model.sheet import Manner, Rows, Sheet

LOOKED_AT = 20
"""Rows among which the header is looked for: a club writes a title and a date above it, not more."""

Known = Callable[[str], bool]
"""Whether a heading is one that the reader of the sheet knows."""

Numbered = list[tuple[int, list[str]]]


def open_sheet(
    file: BinaryIO,
    known: Known,
    encoding: str | None = None,
    name: str | None = None,
    path: str = "",
) -> Sheet:
    """The sheet in a file: CSV, TSV, semicolons, XLSX, XLS, ODS, JSON or JSON lines.

    `name` is that of the sheet in a workbook (the first unless said), `path` what the file is
    called. Raises WrongData where nothing can be read, WrongUse where a name or an encoding does not
    go with the kind of file.
    """
    sha256 = encodings.sha256(file)
    file.seek(0)
    beginning = file.read(8)
    if not beginning:
        raise _empty()
    if beginning.startswith(workbooks.BEGINNINGS):
        if encoding is not None:
            raise WrongUse(_("--encoding is for text, and this is a workbook"))
        return _of_workbook(file, known, name, sha256)
    if name is not None:
        raise WrongUse(_("--sheet is for workbooks, and this is text"))
    found = encodings.encoding_of(file, encoding)
    if PurePath(path).suffix.lower() not in (".csv", ".tsv", ".txt") and _is_json(file, found):
        return _of_json(file, found, sha256)
    return _of_text(file, known, found, sha256, path)


def _empty() -> WrongData:
    return WrongData(_("the sheet is empty"), _("its first row names the columns"))


def _is_json(file: BinaryIO, encoding: str) -> bool:
    return encodings.text_of(file, encoding).read(1 << 12).lstrip().startswith(("[", "{"))


def _of_json(file: BinaryIO, encoding: str, sha256: str) -> Sheet:
    header = objects.header(file, encoding)
    return Sheet(
        header,
        header_row=0,
        above=0,
        kind="json" if objects.is_array(file, encoding) else "jsonl",
        encoding=encodings.shown(encoding),
        sha256=sha256,
        rows=lambda: objects.rows(file, encoding, header),
        manner=Manner(),
        is_text=False,
        size=encodings.size(file),
        done=lambda: _passed(file),
    )


def _passed(file: BinaryIO) -> float:
    return file.tell() / (encodings.size(file) or 1)


def _of_workbook(file: BinaryIO, known: Known, name: str | None, sha256: str) -> Sheet:
    book = workbooks.Workbook(file)
    if name is None:
        name = book.names[0] if book.names else ""
    several = name if len(book.names) > 1 else ""
    if name not in book.names:
        raise WrongData(
            _("the workbook has no sheet “{name}”").format(name=name),
            _("it has: {names}").format(names=", ".join(book.names) or "-"),
        )
    at, above = _header_among(list(islice(book.rows(name), LOOKED_AT)), known)
    (number, header), sheet = at, name
    return Sheet(
        header,
        header_row=number,
        above=above,
        kind=book.kind,
        encoding=book.kind,
        sha256=sha256,
        rows=lambda: _below(book.rows(sheet), number),
        manner=Manner(),
        is_text=False,
        size=encodings.size(file),
        name=several,
        done=book.done,
    )


def _of_text(file: BinaryIO, known: Known, encoding: str, sha256: str, path: str) -> Sheet:
    best: tuple[tuple[int, int], str, Numbered] | None = None
    for delimiter in delimited.KINDS:
        sample = delimited.sample(file, encoding, delimiter, LOOKED_AT)
        if not sample:
            continue
        header = _header_among(sample, known)[0][1]
        # The header's own words tell best what stands between them; else the number of its cells.
        score = (sum(map(known, header)), len(header))
        if best is None or score > best[0]:
            best = score, delimiter, sample
    if best is None:
        raise _empty()
    _score, delimiter, sample = best
    (number, header), above = _header_among(sample, known)
    manner = Manner(delimiter, encoding, delimited.line_end(file, encoding))
    reopened = partial(_reopened, path, encodings.identity(file), header, number, manner, sha256)
    return replace(
        _text_sheet(file, header, number, manner, sha256),
        above=above,
        reopen=reopened if _has_name(file, path) else None,
    )


def _text_sheet(
    file: BinaryIO, header: list[str], header_row: int, manner: Manner, sha256: str
) -> Sheet:
    encoding, delimiter = manner.encoding, manner.delimiter
    return Sheet(
        header,
        header_row=header_row,
        above=0,
        kind=delimited.KINDS[delimiter],
        encoding=encodings.shown(encoding),
        sha256=sha256,
        rows=lambda: _below(delimited.rows(file, encoding, delimiter), header_row),
        manner=manner,
        is_text=True,
        size=encodings.size(file),
        done=lambda: _passed(file),
    )


def _has_name(file: BinaryIO, path: str) -> bool:
    """Whether another process finds this very file by the path: no pipe, nothing of this process alone."""
    if path in ("", "-") or Path(path).absolute().is_relative_to("/dev") or "/fd/" in path:
        return False
    return encodings.identity(file) is not None


def _reopened(
    path: str,
    identity: tuple[int, ...] | None,
    header: list[str],
    header_row: int,
    manner: Manner,
    sha256: str,
) -> Sheet:
    """The same sheet of text, in another process. Raises WrongData where the file is another one now."""
    file = encodings.open_source(path)
    if encodings.identity(file) != identity:
        raise WrongData(
            _("{path} was changed while it was read").format(path=path), _("import it again")
        )
    return _text_sheet(file, header, header_row, manner, sha256)


def _header_among(rows: Numbered, known: Known) -> tuple[tuple[int, list[str]], int]:
    """The row that names the columns, and how many stand above it.

    It is the first of which half the cells are known; else the first with several cells.
    """
    for above, (number, cells) in enumerate(rows):
        named = [cell for cell in cells if cell.strip()]
        if sum(map(known, named)) * 2 >= len(named):
            return (number, cells), above
    for above, (number, cells) in enumerate(rows):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            return (number, cells), above
    if not rows:
        raise _empty()
    return rows[0], 0


def _below(rows: Rows, header_row: int) -> Rows:
    for number, cells in rows:
        if number > header_row:
            yield number, cells
            break
    yield from rows
