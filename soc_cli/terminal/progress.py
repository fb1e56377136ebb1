"""What goes on when something takes long: one line on a terminal that goes again, nothing in a pipe.

It is drawn by whoever works (`model.pulse`: SQLite while a statement runs, and what counts its steps),
never by a thread. It comes after a moment, at most ten times a second, and is taken away before
anything else is written; while an answer is being written or a question waits, there is none.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from soc_cli.model import pulse
from soc_cli.model.language import _
from soc_cli.model.text import cut, width

PATIENCE = 0.5
"""Seconds before the line appears."""
OFTEN = 0.1
"""Seconds from one drawing of it to the next."""
BAR = 20
"""Columns of the bar, where there is room."""


class _Line:
    """The line, and what it says."""

    def __init__(self) -> None:
        self.on = self.drawn = False
        self.began = self.last = 0.0
        self.what = ""
        self.steps: tuple[int, float] | None = None

    def draw(self) -> None:
        now = time.monotonic()
        if not self.on or now - self.began < PATIENCE or now - self.last < OFTEN:
            return
        self.last, self.drawn = now, True
        try:
            sys.stderr.write(f"\r{_fitted(self.told(now), _columns() - 1)}\x1b[K")
            sys.stderr.flush()
        except OSError:  # nobody looks any more
            self.on = False

    def told(self, now: float) -> list[str]:
        """The parts of the line, what can be left out where there is no room last."""
        seconds = now - self.began
        if self.steps is None:
            passed = _("{n} s").format(n=f"{seconds:.0f}")
            return [self.what or _("Working …"), passed]
        n, part = self.steps
        done = min(round(BAR * part), BAR)
        bar = "█" * done + "░" * (BAR - done)
        rate = _("{n} rows, {rate} a second").format(n=f"{n:,}", rate=f"{n / (seconds or 1):,.0f}")
        return [f"{part:4.0%}", rate, bar]

    def clear(self) -> None:
        if self.drawn:
            self.drawn = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


_line = _Line()


def _columns() -> int:
    from soc_cli.terminal import screen

    return screen.window().columns


def _fitted(parts: list[str], columns: int) -> str:
    """The parts side by side, without the last ones where there is no room for them."""
    while len(parts) > 1 and width("  ".join(parts)) > columns:
        parts = parts[:-1]
    return cut("  ".join(parts), columns)


def begin(quiet: bool) -> None:
    """A command begins: what takes long is shown where a person sees it and wants it."""
    end()
    if not quiet and sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb":
        _line.on, _line.began, _line.what, _line.steps = True, time.monotonic(), "", None
        pulse.use(_line.draw)
    else:
        _line.on = False
        pulse.use(None)


def doing(what: str) -> None:
    """Says what is going on from now on, until something is written."""
    if pulse.listener() is not None:
        _line.clear()
        _line.on, _line.began, _line.what, _line.steps = True, time.monotonic(), what, None


def end() -> None:
    """Takes the line away: something else is written, or somebody is asked."""
    _line.clear()
    _line.on = False


def rest() -> None:
    """Takes the line away for something that is said in between."""
    _line.clear()
    _line.began = time.monotonic()


@contextmanager
def bar() -> Iterator[Callable[[int, float], None]]:
    """Gives what is to be called with the number of rows so far, and how much that is, 0 to 1."""

    def tick(rows: int, part: float) -> None:
        _line.steps = (rows, part)
        _line.draw()

    doing("")
    try:
        yield tick
    finally:
        _line.steps = None
        end()
