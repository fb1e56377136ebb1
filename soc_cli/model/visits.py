"""A visit as a web server's log tells it, and the pieces in which a log is read."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

COOKIE, SIGN_IN = "cookie", "sign-in"
"""What a visit may be joined to a member by (C5), as a link's kind."""
BY = (SIGN_IN, COOKIE)
"""The kinds in their order: a sign-in says who it was, a cookie only which browser."""


LONGEST_PAGE = 2000
"""Characters that are kept of a page."""

_BEYOND = re.compile("[?#;]")
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#;]*")


def page_of(target: str) -> str:
    """The page that an address or the target of a request asks for: its path alone.

    What follows the path (`?`, `#`, `;`) may hold anything, also what somebody has typed, and is not
    kept (C3); nor is the server's name.
    """
    if "://" in target and (authority := _AUTHORITY.match(target)):
        target = target[authority.end() :]
    if _BEYOND.search(target):
        target = _BEYOND.split(target, maxsplit=1)[0]
    return target[:LONGEST_PAGE] or "/"


def digest_of(data: bytes) -> int:
    """64 bits of a hash, as SQLite holds a number, to know again what is the same; of one second only."""
    digest = hashlib.blake2b(data, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Visit(NamedTuple):
    """One line of a log: what is kept of it, and nothing else (C1, C3)."""

    digest: int
    """By which the same line is known again: 64 bits of a hash of the whole line."""
    at: str
    """ISO 8601, to the second, in Asia/Tokyo."""
    page: str | None
    """The path, without the query; None where the request asks for no page."""
    method: str | None
    status: int | None
    environment: str | None
    """Families of browser and system, or which bot."""
    ip: str | None
    """The address, or the name that the server had looked up for it."""
    cookie: str | None
    """The value of the club's cookie."""
    sign_in: str | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is none of a log: its number, why, and the line where it is wanted."""

    line: int
    reason: str
    raw: bytes = b""


@dataclass(slots=True)
class Piece:
    """Some lines of a log, in their order."""

    lines: int
    """How many of them there are: visits and broken ones."""
    visits: list[Visit] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    done: float = 0.0
    """How much of the log is read with this piece, from 0 to 1."""


@dataclass(frozen=True)
class Log:
    """A log: what it is called, and its pieces, which are read once."""

    name: str
    pieces: Iterator[Piece]
    size: int = 0
    """In bytes, as it lies there; 0 where nobody knows."""
