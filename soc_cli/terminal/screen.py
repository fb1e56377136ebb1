"""What a person sees: the answer on standard output, all other talk on standard error."""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from soc_cli.model.text import visible

_quiet = False
_lines = 0


def begin() -> None:
    """Sets the streams up: UTF-8 in pipes, and on a terminal whatever it can show."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called us
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


def is_quiet() -> bool:
    """Whether only answers and errors are wanted."""
    return _quiet


def lines() -> int:
    """How many lines were written so far."""
    return _lines


def answer(pieces: Iterable[str]) -> None:
    """Writes the answer, piece by piece."""
    global _lines
    for piece in pieces:
        sys.stdout.write(piece)
        _lines += piece.count("\n")


def say(text: str) -> None:
    """Says something beside the answer, unless asked to be quiet."""
    global _lines
    if not _quiet:
        sys.stdout.flush()
        _lines += 1 + text.count("\n")
        sys.stderr.write(visible_lines(text) + "\n")


def tell_error(sentence: str) -> None:
    """The one sentence of an error, in one line."""
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
