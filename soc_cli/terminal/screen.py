"""What a person sees: the answer on standard output, all other talk on standard error."""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from soc_cli.model.errors import Failed
from soc_cli.model.language import _
from soc_cli.model.text import visible
from soc_cli.terminal import progress

_quiet = False
_lines = 0
_closed = False
"""Whether whoever called us has closed standard output: what is written there goes nowhere."""


def begin() -> None:
    """Sets the streams up: UTF-8 in pipes, and on a terminal whatever it can show."""
    global _closed
    _closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(io.FileIO(os.devnull, "w"), "utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def be_quiet(quiet: bool) -> None:
    """From now on only answers and errors, or again all of it."""
    global _quiet
    _quiet = quiet
    progress.begin(quiet)


def is_quiet() -> bool:
    """Whether only answers and errors are wanted."""
    return _quiet


def lines() -> int:
    """How many lines were written so far."""
    return _lines


def answer(pieces: Iterable[str]) -> None:
    """Writes the answer, piece by piece, as a format has made it."""
    global _lines
    for piece in pieces:
        progress.end()
        sys.stdout.write(piece)
        _lines += piece.count("\n")


def hand_over(text: str) -> None:
    """Writes an answer that nothing else holds; raises Failed or OSError where it did not get out."""
    if _closed:
        raise Failed(_("standard output is closed"), _("name a file"))
    answer([text])
    sys.stdout.flush()


def line(*said: object) -> None:
    """Writes an answer that is one line each: a number, a path; whatever stands in it, a line it stays."""
    answer(visible(str(one)) + "\n" for one in said)


def say(*lines: str) -> None:
    """Says something beside the answer, unless asked to be quiet: one line each, whatever stands in it."""
    global _lines
    if not _quiet:
        progress.rest()
        sys.stdout.flush()
        _lines += len(lines)
        for said in lines:
            sys.stderr.write(visible(said) + "\n")


def window() -> os.terminal_size:
    """Columns and lines of the window that a person looks at.

    Of the terminal itself, as whoever draws the questions asks it: a COLUMNS that is handed down may be
    another window's.
    """
    size = os.terminal_size((0, 0))
    with suppress(OSError, ValueError):  # no terminal
        size = os.get_terminal_size(sys.stderr.fileno())
    return size if all(size) else os.terminal_size((80, 24))


def can_hint() -> bool:
    """Whether a person reads what is said beside the answer: standard error is a terminal."""
    return not _quiet and sys.stderr.isatty()


def hint(text: str) -> None:
    """Says something that is good to know and need not be read: dim, where a person reads it."""
    global _lines
    if can_hint():
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
        shown = visible_lines(text)
        _lines += 1 + shown.count("\n")
        progress.rest()
        sys.stdout.flush()
        sys.stderr.write(f"{shown}\n" if plain else f"\x1b[2m{shown}\x1b[0m\n")


def as_typed(words: Iterable[str]) -> str:
    """Words as they are typed: quoted where a shell would take them apart, Japanese as it is."""
    import re
    import shlex

    plain = re.compile(r"[\w@%+=:,./-]+")
    return " ".join(word if plain.fullmatch(word) else shlex.quote(word) for word in words)


def tell_error(sentence: str) -> None:
    """The one sentence of an error, in one line."""
    global _lines
    _lines += 1
    progress.rest()
    with suppress(OSError):
        sys.stdout.flush()
    sys.stderr.write(visible(sentence) + "\n")


def visible_lines(text: str) -> str:
    """The text with everything made visible that could command a terminal; line breaks stay."""
    return "\n".join(visible(line) for line in text.split("\n"))


def is_terminal() -> bool:
    """Whether the answer goes to a person's terminal."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """Whether there is somebody who can be asked: standard input and error are a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
