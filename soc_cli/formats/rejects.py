"""The rows that were not taken, as they came, with the reason in a last column."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from soc_cli.formats import delimited
from soc_cli.model.fields import ELEMENT
from soc_cli.model.sheet import Sheet


def pieces(
    sheet: Sheet, problems: Iterable[Mapping[str, Any]], heading: str, again: bool
) -> Iterator[bytes]:
    """The file in the sheet's own manner: its header, and each row that has a problem.

    `problems` come in the order of the rows; `again` says that the last column is that of the
    reasons already.
    """
    return delimited.written(_rows(sheet, problems, heading, again), sheet.manner)


def _rows(
    sheet: Sheet, problems: Iterable[Mapping[str, Any]], heading: str, again: bool
) -> Iterator[list[str]]:
    width = len(sheet.header) - again
    yield [*sheet.header[:width], heading]
    rows = sheet.rows()
    for at, told in groupby(problems, key=lambda problem: problem["row"]):
        cells = next(cells for number, cells in rows if number == at)
        reasons = "; ".join(
            f"{problem['column']}: {problem['reason']}" if problem["column"] else problem["reason"]
            for problem in told
        )
        kept = [cell.rstrip(ELEMENT).replace(ELEMENT, "、") for cell in cells[:width]]
        yield [*kept, *[""] * (width - len(kept)), reasons, *cells[width + again :]]
