"""A sheet of text: a header and numbered rows, whatever kind of file it came from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """A sheet: its header, its rows with the numbers a spreadsheet gives them, and where it is from."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str
    sha256: str
    """Of the file's bytes, for the journal."""
