"""Charts on a terminal: a table whose rows end in a bar, right beside Japanese words."""

from collections.abc import Sequence
from typing import Any

from soc_cli.model.text import visible, width
from soc_cli.terminal import progress

NARROWEST_BAR = 8
"""Columns that a bar needs; with less beside the words, none is drawn."""
FOLDED = 24
"""A column of words that is wider is folded where the terminal is narrow."""
GAP = 2
"""Columns between two columns of a table."""


def show(
    heading: str,
    note: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    bars: Sequence[float | None],
    numbers: int,
) -> None:
    """A heading, and a row a group: its cells, the last `numbers` of them set right, and its bar.

    Bars are as long as `bars` says, the longest as long as there is room; None has none.
    """
    from rich.bar import Bar
    from rich.console import Console
    from rich.style import Style
    from rich.table import Table
    from rich.text import Text

    progress.end()
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(Text(visible(heading), style="bold"), soft_wrap=True)
    if note:
        console.print(Text(visible(note), style="dim"))
    written = [[visible(cell) for cell in row] for row in rows]
    if not written:
        console.print()
        return
    first_number = len(headings) - numbers
    wide = [max(width(cell) for cell in column) for column in zip(headings, *written, strict=True)]
    words = sum(min(w, FOLDED) for w in wide[:first_number]) + sum(wide[first_number:])
    room = console.width - words - GAP * len(headings)
    drawn = room >= NARROWEST_BAR
    longest = max((bar for bar in bars if bar), default=0.0)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), expand=drawn)
    for at, words_of in enumerate(headings):
        right = at >= first_number
        table.add_column(
            Text(visible(words_of), style="dim"),
            justify="right" if right else "left",
            # Where there is no room even for the words, headings are folded; numbers are short.
            no_wrap=room >= 0 and (right or wide[at] <= FOLDED),
            overflow="fold",
        )
    if drawn:
        table.add_column(ratio=1, min_width=NARROWEST_BAR)
    for row, length in zip(written, bars, strict=True):
        cells: list[Any] = [Text(cell) for cell in row]
        if drawn:
            cells.append(Bar(longest, 0, length, color="red") if length else Text(""))
        table.add_row(*cells, style=Style.null())
    console.print(table)
    console.print()
