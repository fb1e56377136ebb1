"""A sheet: a header and numbered rows of text, whatever kind of file it came from."""

from collections.abc import Callable, Iterator

from soc_cli.model.frozen import frozen

Rows = Iterator[tuple[int, list[str]]]


class Number(str):
    """A cell that its file held as a number, written plainly: what it has lost can be put back."""

    __slots__ = ()


class Broken(str):
    """A cell in which the spreadsheet has no value, but an error of its own (`#N/A`)."""

    __slots__ = ()


@frozen
class Manner:
    """How a sheet is written as text, so that rows can go out as they came in."""

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    line_end: str = "\r\n"


@frozen
class Sheet:
    """A sheet: its header, its rows with the numbers a spreadsheet gives them, and where it is from."""

    header: list[str]
    header_row: int
    """Its number; 0 where the file has none of its own, as JSON has none."""
    above: int
    """How many rows with something in them stand above the header."""
    kind: str
    """`csv`, `tsv`, `semicolon`, `xlsx`, `xls`, `ods`, `json` or `jsonl`."""
    encoding: str
    """Of its text; the kind again where the file holds no plain text."""
    sha256: str
    """Of the file's bytes, for the journal."""
    rows: Callable[[], Rows]
    """The rows below the header that hold something, as often as asked for, one after another."""
    manner: Manner
    is_text: bool
    """Whether every cell is text, and none a `Number`."""
    size: int
    """Of the file, in bytes."""
    name: str = ""
    """Of the sheet, where the file has several."""
    reopen: "Callable[[], Sheet] | None" = None
    """Opens it again in another process, where its file has a name."""
    done: Callable[[], float] = lambda: 0.0
    """How much of the file the rows have passed, from 0 to 1."""
