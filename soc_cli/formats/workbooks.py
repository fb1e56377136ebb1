"""Workbooks of a spreadsheet program: XLSX, ODS and XLS, read by calamine."""

import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from soc_cli.model.errors import Failed, WrongData
from soc_cli.model.language import _
from soc_cli.model.sheet import Broken, Number, Rows

MOST_BYTES = 1 << 30
"""A packed file that unpacks to more is none that a club has."""

BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a packed file (XLSX, ODS) and an old workbook (XLS) begin."""


def kind_of(file: BinaryIO) -> str:
    """`xlsx`, `ods` or `xls`. Raises WrongData for a packed file that is no workbook, or too large."""
    file.seek(0)
    if file.read(4) != BEGINNINGS[0]:
        return "xls"
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _unreadable() from None
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise WrongData(
            _("the workbook unpacks to more than {n} bytes").format(n=MOST_BYTES),
            _("save the sheet alone as CSV"),
        )
    names = {entry.filename for entry in entries}
    return "ods" if "content.xml" in names else "xlsx"


def _unreadable() -> WrongData:
    return WrongData(
        _("the file is no workbook that can be read"),
        _("it may be damaged or have a password; save the sheet as CSV"),
    )


MOST_CELLS = 20_000_000
"""A sheet that reaches so far is held cell by cell, empty ones too, which takes a gigabyte."""

_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d+)"')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})\d+"')
_FAULT = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d+)"[^>]*?\st="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)',
    re.S,
)
_UNCOUNTED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb"\s*</(?:\w+:)?c>"
)


def _column(letters: bytes) -> int:
    """The place of a column, from 0: A, B, … Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _sheets(packed: zipfile.ZipFile) -> dict[str, str]:
    """The parts of an XLSX file that hold its sheets, by the sheets' names."""
    from xml.etree import ElementTree

    kept = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): "xl/" + targets[sheet.get(kept)].removeprefix("/xl/")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }


def faults(file: BinaryIO, name: str) -> dict[tuple[int, int], str]:
    """The cells of a sheet that hold an error or a formula without a value, by row and column from 0.

    The reader gives them as empty. Raises WrongData for a sheet that reaches further than memory.
    """
    from xml.etree.ElementTree import ParseError

    found: dict[tuple[int, int], str] = {}
    try:
        with zipfile.ZipFile(file) as packed:
            data = packed.read(_sheets(packed)[name])
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        KeyError,
        ParseError,
        EOFError,
        zlib.error,
        RuntimeError,
    ):
        return found
    last = max(map(int, _ROW.findall(data)), default=0)
    widest = max(map(_column, set(_COLUMN.findall(data))), default=0) + 1
    if last * widest > MOST_CELLS:
        raise WrongData(
            _("the sheet reaches to row {row} and column {column}").format(row=last, column=widest),
            _("delete the cells far away, or save the sheet as CSV"),
        )
    if b't="e"' in data:
        for letters, row, value in _FAULT.findall(data):
            found[int(row) - 1, _column(letters)] = value.decode("utf-8", "replace")
    if b"<f" in data or b":f" in data:
        for letters, row in _UNCOUNTED.findall(data):
            found[int(row) - 1, _column(letters)] = "="
    return found


class Workbook:
    """An open workbook: the names of its sheets, and the rows of one."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises WrongData where the file can't be read as a workbook."""
        self.kind = kind_of(file)
        file.seek(0)
        try:
            from python_calamine import CalamineWorkbook
        except ImportError:
            raise Failed(_("the reader of workbooks is not installed")) from None
        self._book: Any = _guarded(lambda: CalamineWorkbook.from_filelike(file))
        self._file = file
        self._faults: dict[tuple[int, int], str] = {}
        self.names: list[str] = list(self._book.sheet_names)
        self._loaded: dict[str, list[list[Any]]] = {}
        self._passed = 0.0

    def rows(self, name: str) -> Rows:
        """The rows of a sheet that hold something, numbered as the sheet does, with cells as text."""
        if name not in self._loaded:
            self._faults = faults(self._file, name) if self.kind == "xlsx" else {}
            sheet = _guarded(lambda: self._book.get_sheet_by_name(name))
            self._loaded = {name: _guarded(lambda: sheet.to_python(skip_empty_area=False))}
        return self._numbered(self._loaded[name])

    def _numbered(self, loaded: list[list[Any]]) -> Rows:
        for number, cells in enumerate(loaded, 1):
            self._passed = number / len(loaded)
            texts = [as_text(cell) for cell in cells]
            if self._faults:
                for at in range(len(texts)):
                    if not texts[at] and (number - 1, at) in self._faults:
                        texts[at] = Broken(self._faults[number - 1, at])
            if any(text.strip() for text in texts):
                yield number, texts

    def done(self) -> float:
        """How much of the sheet was passed, from 0 to 1."""
        return self._passed


def _guarded(read: Any) -> Any:
    """What the reader gives; its errors, and even its panics, are one sentence."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise _unreadable() from None


def as_text(cell: Any) -> str:
    """A cell as somebody would write it: dates in ISO 8601, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return Number(plain_number(cell))
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def plain_number(number: float) -> str:
    """A number without exponent, and without a point where it is whole."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return str(number)
