"""Sheets of text coming in: bytes to numbered rows, with the encoding told apart by its bytes."""

import csv
import hashlib
import io
from collections.abc import Iterator

from soc_cli.model.errors import WrongData
from soc_cli.model.language import _
from soc_cli.model.sheet import Sheet

MARK = "\ufeff"


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the encoding it is in: a byte order mark, else UTF-8, else CP932, strictly.

    Raises WrongData where the bytes are neither, or not what `encoding` says.
    """
    candidates = [encoding] if encoding else ["utf-8-sig", "cp932"]
    for candidate in candidates:
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        except (LookupError, ValueError, AttributeError):
            raise WrongData(_("“{name}” is no encoding of text").format(name=candidate)) from None
        if "\0" in text or (candidate == "cp932" and encoding is None and _mistaken(data, text)):
            break
        return text.removeprefix(MARK), "utf-8" if candidate == "utf-8-sig" else candidate
    raise WrongData(
        _("the file is not text in UTF-8 or CP932"),
        _("save it as “CSV UTF-8”, or name its encoding with --encoding"),
    )


def _mistaken(data: bytes, text: str) -> bool:
    """Whether bytes that pass for CP932 are rather UTF-8 with a flaw, or EUC-JP.

    Both make text of half-width kana that nobody wrote.
    """
    beyond = [c for c in data.decode("utf-8", "surrogateescape") if not c.isascii()]
    flaws = sum("\udc80" <= c <= "\udcff" for c in beyond)
    if len(beyond) - flaws > flaws:
        return True
    wide = [c for c in text if not c.isascii()]
    narrow_kana = sum("\uff61" <= c <= "\uff9f" for c in wide)
    try:
        data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return narrow_kana * 2 > len(wide)


def read_csv(data: bytes, encoding: str | None = None) -> Sheet:
    """A CSV sheet; blank rows are passed over but counted, as a spreadsheet counts them."""
    text, known = decoded(data, encoding)
    rows = _rows(text)
    for _row, header in rows:
        return Sheet(header, list(rows), known, hashlib.sha256(data).hexdigest())
    raise WrongData(_("the sheet is empty"), _("its first row names the columns"))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield number, [_unprotected(cell) for cell in cells]
    except csv.Error as error:
        raise WrongData(
            _("row {row} can't be read as CSV ({reason})").format(row=number + 1, reason=error),
            _("a quotation mark may be missing its partner"),
        ) from None


FORMULA = tuple("=+-@\t\r＝＋－＠")
"""How a cell begins that a spreadsheet may take for a formula."""


def protected(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `'` is put before what looks like one."""
    return "'" + cell if cell.lstrip("'\" \u3000").startswith(FORMULA) else cell


def _unprotected(cell: str) -> str:
    """The cell as it was before `protected`."""
    return cell[1:] if cell.startswith("'") and protected(cell[1:]) == cell else cell
