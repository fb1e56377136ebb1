"""Tables on a terminal, with Japanese text in line; data is never read as markup."""

from collections.abc import Iterable, Sequence
from typing import Any


def show(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with headings; on a narrow terminal cells are folded, never cut away."""
    table = _table()
    for heading in headings:
        table.add_column(_text(heading), overflow="fold")
    count = 0
    for row in rows:
        table.add_row(*map(_text, row))
        count += 1
    if count:
        _console().print(table)


def show_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """One thing: a heading and its value a line."""
    table = _table(show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for heading, value in pairs:
        table.add_row(_text(heading), _text(value))
    _console().print(table)


def _table(show_header: bool = True) -> Any:
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD if show_header else None, show_header=show_header, pad_edge=False
    )


def _text(value: str) -> Any:
    from rich.text import Text

    from soc_cli.model.text import visible

    return Text(visible(value))


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)
