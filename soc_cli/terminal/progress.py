"""How far something long has come: a bar on a terminal after the first second, nothing in a pipe."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from soc_cli.model.language import _
from soc_cli.terminal import screen

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def bar() -> Iterator[Callable[[int, float], None]]:
    """Gives what is to be called with the number of rows so far, and how much that is, 0 to 1."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield lambda _rows, _done: None
        return
    shown = _Bar()
    try:
        yield shown.tick
    finally:
        shown.stop()


class _Bar:
    def __init__(self) -> None:
        self._began, self._last = time.monotonic(), 0.0
        self._bar: Any = None
        self._task: Any = None

    def tick(self, rows: int, done: float) -> None:
        now = time.monotonic()
        if now - self._began < PATIENCE or now - self._last < 0.1:
            return
        self._last = now
        rate = _("{n} rows, {rate} a second").format(
            n=f"{rows:,}", rate=f"{rows / (now - self._began):,.0f}"
        )
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

            self._bar = Progress(
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[rate]}", markup=False),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._task = self._bar.add_task("", total=1.0, rate=rate)
            self._bar.start()
        self._bar.update(self._task, completed=done, rate=rate)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
