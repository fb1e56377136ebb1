"""The examples that the help of each command shows, in `examples.txt`: two a command, and tests run them."""

from functools import cache
from pathlib import Path


@cache
def every() -> dict[str, tuple[str, ...]]:
    """The examples of each command, by its words without the program's name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line:
            found[name].append(line)
    return {name: tuple(lines) for name, lines in found.items()}
