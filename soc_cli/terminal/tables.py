"""Tables on a terminal, with Japanese text in line; data is never read as markup."""

from collections.abc import Iterable, Sequence
from typing import Any

from soc_cli.model.text import visible, width
from soc_cli.terminal import progress

UNBROKEN = 13
"""A column of which no cell is wider, such as one of days or phone numbers, is not folded."""
FOLDED = 16
"""Columns of the terminal that a column needs which is folded."""
GAP = 3
"""Columns of the terminal from one column to the next."""
NARROWEST = 36
"""Where the terminal has less, a heading and its value are not put in columns."""


def show(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with headings; where the terminal is too narrow for it, a heading and a value a line."""
    console = _console()
    written = [[visible(cell) for cell in row] for row in rows]
    if not written:
        return
    widest = [max(width(row[at]) for row in written) for at in range(len(headings))]
    short = [wide <= UNBROKEN for wide in widest]
    needed = [
        max(width(heading), wide) if unbroken else FOLDED
        for heading, wide, unbroken in zip(headings, widest, short, strict=True)
    ]
    if sum(needed) + GAP * (len(needed) - 1) > console.width:
        for row in written:
            show_pairs(zip(headings, row, strict=True))
            console.print()
        return
    table = _table()
    for heading, unbroken in zip(headings, short, strict=True):
        table.add_column(_text(heading), overflow="fold", no_wrap=unbroken)
    for row in written:
        table.add_row(*map(_text, row))
    console.print(table)


BAR = 24
"""Columns of the widest bar, and of the narrowest that is drawn at all."""
BAR_LEAST = 6
FOLDED = 16
"""A column of texts may be folded to this."""


def show_bars(
    headings: Sequence[str], rows: Sequence[tuple[Sequence[str], float]], heading: str
) -> None:
    """A table with a bar in its last column: of each row its cells, and what the bar is as long as.

    Where the terminal is too narrow the bars are left out, and where it is much too narrow there is
    a heading and a value a line.
    """
    if not rows:
        return
    console = _console()
    written = [[visible(cell) for cell in cells] for cells, _value in rows]
    columns = [[words, *(row[at] for row in written)] for at, words in enumerate(headings)]
    natural = [max(map(width, column)) for column in columns]
    numbers = [all(not c or c.rstrip("%").isdigit() for c in column[1:]) for column in columns]
    between = 3
    least = sum(wide if wide <= UNBROKEN else min(wide, FOLDED) for wide in natural)
    least += between * len(headings)
    if console.width < least:
        show(headings, written)
        return
    from rich.bar import Bar

    table = _table()
    for words, wide, number in zip(headings, natural, numbers, strict=True):
        table.add_column(
            _text(words),
            overflow="fold",
            no_wrap=wide <= UNBROKEN,
            min_width=min(wide, FOLDED),
            justify="right" if number else "left",
        )
    room = min(BAR, console.width - least - between)
    drawn = room >= max(BAR_LEAST, width(heading))
    if drawn:
        table.add_column(_text(heading), width=room, no_wrap=True)
    most = max(1, *(value for _cells, value in rows))
    for cells, (_cells, value) in zip(written, rows, strict=True):
        bar = [Bar(size=most, begin=0, end=value, width=room)] if drawn else []
        table.add_row(*map(_text, cells), *bar)
    console.print(table)


def show_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """One thing: a heading and its value a line."""
    console = _console()
    if console.width < NARROWEST:
        for heading, value in pairs:
            console.print(_text(f"{heading}: {value}"), soft_wrap=True)
        return
    table = _table(show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for heading, value in pairs:
        table.add_row(_text(heading), _text(value))
    console.print(table)


def _table(show_header: bool = True) -> Any:
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD if show_header else None, show_header=show_header, pad_edge=False
    )


def _text(value: str) -> Any:
    from rich.text import Text

    return Text(visible(value))


def _console() -> Any:
    """What writes the table; from now on nothing else is drawn."""
    from rich.console import Console

    progress.end()
    return Console(highlight=False, markup=False, emoji=False)
