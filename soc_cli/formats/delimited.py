"""Text with cells between commas, tabs or semicolons: read as a spreadsheet reads it, and written."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from soc_cli.formats import encodings
from soc_cli.model.errors import WrongData
from soc_cli.model.language import _
from soc_cli.model.sheet import Manner, Rows

KINDS = {",": "csv", "\t": "tsv", ";": "semicolon"}
"""What separates the cells, the likeliest first, and what such a file is called."""

FORMULA = tuple("=+-@\t\r＝＋－＠")
"""How a cell begins that a spreadsheet may take for a formula."""


def protected(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `'` is put before what looks like one."""
    return "'" + cell if cell.lstrip("'\" \u3000").startswith(FORMULA) else cell


def unprotected(cell: str) -> str:
    """The cell as it was before `protected`."""
    return cell[1:] if cell.startswith("'") and protected(cell[1:]) == cell else cell


def rows(file: BinaryIO, encoding: str, delimiter: str) -> Rows:
    """The rows that hold something, numbered as a spreadsheet does.

    Raises WrongData for a row that can't be read.
    """
    text = encodings.text_of(file, encoding)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            line = "".join(cells)
            if not line or line.isspace():
                continue
            yield number, cells if "'" not in line else [unprotected(cell) for cell in cells]
    except (csv.Error, UnicodeError) as error:
        raise WrongData(
            _("row {row} can't be read as CSV ({reason})").format(row=number + 1, reason=error),
            _("a quotation mark may be missing its partner"),
        ) from None


def sample(file: BinaryIO, encoding: str, delimiter: str, most: int) -> list[tuple[int, list[str]]]:
    """The first rows that hold something, as far as they can be read with this delimiter."""
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend(islice(rows(file, encoding, delimiter), most))
    except WrongData:
        if not found and delimiter == ",":
            raise
    return found


def line_end(file: BinaryIO, encoding: str) -> str:
    r"""What the first line of the text ends in: `\r\n`, `\n` or, as old Macs wrote, `\r`."""
    line = encodings.text_of(file, encoding).readline()
    return line[len(line.rstrip("\r\n")) :][:2] or "\r\n"


def written(rows: Iterable[list[str]], manner: Manner) -> Iterator[bytes]:
    """Rows as bytes, in the manner of the sheet that they come from."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=manner.delimiter, lineterminator=manner.line_end)
    # A reason may quote what this encoding has no character for; the cells themselves came in it.
    encode = codecs.getincrementalencoder(manner.encoding)("replace").encode
    for cells in rows:
        writer.writerow([protected(cell) for cell in cells])
        yield encode(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
