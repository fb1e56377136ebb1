"""A web server's access log as visits: of any size, plain or gzipped, line by line.

Apache's and nginx's usual formats are told apart by their lines: common, combined, both behind the
name of a virtual host, and with more fields at the end, of which one may be the club's cookie. Any
other format is read with the server's own words for it.
"""

import io
import re
import sys
import zlib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from gzip import GzipFile
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from soc_cli.formats import browsers
from soc_cli.model.clocks import TOKYO
from soc_cli.model.errors import Failed, NotFound, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.model.text import visible
from soc_cli.model.visits import Broken, Log, Piece, Visit, digest_of, page_of

PIECE = 1 << 20
"""Bytes that are read at a time."""
LONGEST = 1 << 20
"""Bytes of the longest line that is looked at; of a longer one only so many are held."""
LONGEST_WORD = 4096
"""Characters that are kept of a cookie, sign-in or host."""
NAMES = 50
"""How many names of other cookies are remembered, to be told where the club's is not found."""

NOT_A_LINE = N_("not a line of an access log")
NO_MOMENT = N_("no such day or time")
EMPTY = N_("an empty line")
TOO_LONG = N_("longer than any line of a log")
UNFINISHED = N_("not finished: the log was being written")
DAMAGED = N_("from here on the compressed file is damaged, or ends too soon")


class Parsed(NamedTuple):
    """What a line says of a visit, before anything is made of it."""

    host: str
    user: str
    at: str | None
    """ISO 8601 in Asia/Tokyo; None where there is no such moment."""
    request: str
    status: str
    agent: str
    cookie: str | None
    shape: int
    """How much the line holds, so that a cut one is told from a whole one of another format."""


Parser = Callable[[str], Parsed | None]
"""From a line as text to what it says; None where it is none of the format."""


# Moments --------------------------------------------------------------------------------------

_MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip


class _Minutes(dict[tuple[str, str], str | None]):
    """Minutes of a log in Asia/Tokyo, by what the log writes: neighbours are in the same one."""

    MOST = 4096

    def __missing__(self, said: tuple[str, str]) -> str | None:
        minute, zone = said
        day, month, year, hour, minutes = re.split("[/:]", minute)
        if len(self) >= self.MOST:
            self.clear()
        self[said] = found = None
        if month in _MONTHS and int(zone[1:3]) < 24 and int(zone[3:]) < 60:
            try:
                written = f"{year}-{_MONTHS[month]}-{day}T{hour}:{minutes}{zone[:3]}:{zone[3:]}"
                found = datetime.fromisoformat(written).astimezone(TOKYO).isoformat()[:17]
            except (ValueError, OverflowError):
                return None
            self[said] = found
        return found


# The usual formats ----------------------------------------------------------------------------

_TEXT = r'[^"\\]*(?:\\.[^"\\]*)*'
_LINE = re.compile(
    r"(?:[^\s:]+:\d+ (?!- ))?"  # the virtual host, which a client follows
    r"(\S+) \S+ (.+?) "
    r"\[(\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d):([0-5]\d) ([+-]\d{4})\] "
    rf'"({_TEXT})" (\d{{3}}|-) (?:\d+|-)'
    rf'(?: "{_TEXT}" "({_TEXT})")?'
    rf'((?: "{_TEXT}"| [^\s"]+)*)',
    re.ASCII | re.DOTALL,
)
_FIELD = re.compile(rf' (?:"({_TEXT})"|([^\s"]+))', re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "v": "\v", "f": "\f"}

_CRUMB = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=\s*(.*?)\s*", re.DOTALL)
_VALUE = re.compile(r"(?=.*\d)[A-Za-z0-9_+/-]{4,}={0,2}", re.ASCII)
"""A cookie's value that stands alone, as `%{NAME}C` and `$cookie_NAME` write it: no host, address or number with a point."""
_TRACKED = re.compile(r"[\w.:-]+\.\d{10,}", re.ASCII)
"""The value that Apache's mod_usertrack makes: the address, and when the cookie was given."""


def unescaped(text: str) -> str:
    """What the server had escaped (`\\"`, `\\\\`, `\\xE3`), as text; bytes that are no UTF-8 stay lone surrogates."""
    if "\\" not in text:
        return text
    data = b"".join(_unescaped(piece, at % 2 == 1) for at, piece in enumerate(_ESCAPE.split(text)))
    return data.decode("utf-8", "surrogateescape")


def _unescaped(piece: str, escape: bool) -> bytes:
    if escape and piece[0] == "x" and len(piece) == 3:
        return bytes([int(piece[1:], 16)])
    said = _ESCAPES.get(piece, piece) if escape else piece
    return said.encode("utf-8", "surrogateescape")


class Usual:
    """Reads the usual formats; `cookie` is the name of the club's cookie."""

    def __init__(self, cookie: str) -> None:
        self._cookie = cookie
        self._minutes = _Minutes()
        self.found = False
        """Whether a line had the club's cookie."""
        self.others: Counter[str] = Counter()
        """Names of other cookies, never a value (C3)."""

    def __call__(self, line: str) -> Parsed | None:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        host, user, minute, second, zone, request, status, agent, more = found.groups()
        if "\\" in line:
            host, user, request = unescaped(host), unescaped(user), unescaped(request)
            agent = agent and unescaped(agent)
        begun = self._minutes[minute, zone]
        at = None if begun is None else f"{begun}{second}+09:00"
        cookie, shape = self._cookie_in(more) if more else (None, 0)
        if agent is None:
            agent, shape = "-", -shape - 1
        return Parsed(host, user, at, request, status, agent, cookie, shape)

    def _cookie_in(self, more: str) -> tuple[str | None, int]:
        """The club's cookie among the fields that follow the browser, and how many they are."""
        fields = _FIELD.findall(more)
        value = self._value(fields)
        self.found = self.found or value is not None
        return value, len(fields)

    def _value(self, fields: list[tuple[str, str]]) -> str | None:
        for quoted, bare in fields:
            if bare:
                if _TRACKED.fullmatch(bare):
                    return bare
                continue
            text = unescaped(quoted)
            if _TRACKED.fullmatch(text) or _VALUE.fullmatch(text):
                return text
            if value := self.header(text):
                return value
        return None

    def header(self, text: str) -> str | None:
        """The value of the club's cookie in a Cookie header; of the others only the names are seen."""
        value = None
        for crumb in text.split(";"):
            if (found := _CRUMB.fullmatch(crumb)) is None:
                continue
            if found[1] == self._cookie:
                value = value or found[2].strip('"')
            elif len(self.others) < NAMES or found[1] in self.others:
                self.others[found[1]] += 1
        return value


# Formats in the server's own words ------------------------------------------------------------

_NGINX = {
    "remote_addr": "%a", "remote_user": "%u", "time_local": "%{%d/%b/%Y:%H:%M:%S %z}t", "request": "%r",
    "status": "%>s", "body_bytes_sent": "%b", "bytes_sent": "%O", "http_referer": "%{Referer}i",
    "http_user_agent": "%{User-Agent}i", "http_cookie": "%{Cookie}i", "request_method": "%m", "uri": "%U",
    "document_uri": "%U", "server_name": "%v", "server_port": "%p",
}  # fmt: skip
NAMED = {
    "common": '%h %l %u %t "%r" %>s %b',
    "combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    "vhost_combined": '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
}
"""Apache's names of its formats."""


def _of_nginx(written: str) -> str:
    """An nginx `log_format` in Apache's words; a variable that is not looked at may hold anything."""

    def directive(found: re.Match[str]) -> str:
        name = found[1]
        if name.startswith("cookie_"):
            return f"%{{{name[7:]}}}C"
        return _NGINX.get(name, f"%{{{name}}}n")

    return re.sub(r"\$\{?(\w+)\}?", directive, written.replace("%", "%%"))


class Told:
    """Reads the format that is told, through the library that knows every word of Apache's."""

    def __init__(self, written: str, cookie: str) -> None:
        """Raises WrongUse for a format that can't be read, or that has no day and time in it."""
        from apachelogs import LogParser
        from apachelogs.errors import Error

        said = NAMED.get(written, written.replace('\\"', '"'))
        try:
            parser = LogParser(_of_nginx(said) if "$" in said else said, "utf-8", "surrogateescape")
        except (Error, ValueError, re.error):
            raise WrongUse(
                _("--log-format can't be read"),
                _("write it as the server's settings have it, in one pair of quotes"),
            ) from None
        if not re.search(r"%[^%]*?t", parser.format):
            raise WrongUse(_("--log-format says no day and time"), _("it needs %t"))
        self._parser = parser
        self.usual = Usual(cookie)
        """Takes headers apart."""
        self._cookie = cookie

    def __call__(self, line: str) -> Parsed | None:
        from apachelogs.errors import InvalidEntryError

        try:
            entry = self._parser.parse(line)
        except (InvalidEntryError, ValueError, OverflowError):
            return None
        cookie = (
            self._in(entry, "cookies", self._cookie)
            or self._in(entry, "notes", "cookie")
            or self.usual.header(self._in(entry, "headers_in", "Cookie") or "")
        )
        self.usual.found = self.usual.found or bool(cookie)
        return Parsed(
            self._first(entry, "remote_host", "remote_address", "remote_client_address") or "-",
            self._first(entry, "remote_user") or "-",
            self._at(entry),
            self._request(entry),
            self._first(entry, "final_status", "status", "original_status") or "-",
            self._in(entry, "headers_in", "User-Agent") or "-",
            cookie or None,
            0,
        )

    @staticmethod
    def _first(entry: Any, *names: str) -> str | None:
        found = (getattr(entry, name, None) for name in names)
        return next((str(one) for one in found if one is not None), None)

    @staticmethod
    def _in(entry: Any, attribute: str, name: str) -> str | None:
        found = getattr(entry, attribute, {}).get(name)
        return None if found is None else str(found)

    def _at(self, entry: Any) -> str | None:
        at = next(
            (
                found
                for name in ("request_time", "begin_request_time", "end_request_time")
                if isinstance(found := getattr(entry, name, None), datetime)
            ),
            None,
        )
        if at is None:
            return None
        at = at.astimezone(TOKYO) if at.tzinfo else at.replace(tzinfo=TOKYO)
        return at.isoformat(timespec="seconds")

    def _request(self, entry: Any) -> str:
        if line := self._first(entry, "request_line"):
            return line
        target = self._first(entry, "request_uri")
        return f"{self._first(entry, 'request_method') or 'GET'} {target}" if target else "-"


# Visits ---------------------------------------------------------------------------------------

_REQUEST = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S.*?)(?: HTTP/[0-9.]+)?", re.DOTALL)


def request_of(line: str) -> tuple[str | None, str | None]:
    """Method and page of a request line; (None, None) for what asks for no page."""
    found = _REQUEST.fullmatch(line)
    return (found[1], _kept(page_of(found[2]))) if found else (None, None)


def _kept(text: str) -> str:
    """A text as it is kept: without what could command a terminal, or is no text."""
    return text if text.isprintable() else visible(text)


def _word(text: str) -> str | None:
    """A word of a log, where it is one: `-` is nothing."""
    return None if text in ("-", '""', "") else _kept(text[:LONGEST_WORD])


def visit_of(line: bytes, said: Parsed, environment: Callable[[str], str | None]) -> Visit:
    """What is kept of a line that says when it was."""
    assert said.at is not None
    method, page = request_of(said.request)
    return Visit(
        digest_of(line),
        said.at,
        page,
        method,
        None if said.status == "-" else int(said.status),
        environment(said.agent),
        _word(said.host),
        None if said.cookie is None else _word(said.cookie),
        _word(said.user),
    )


# Reading --------------------------------------------------------------------------------------


class _Lines:
    """The lines of a stream, some at a time, however long they are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.damaged = False
        self.ended = True
        """Whether the last line had its end."""

    def __iter__(self) -> Iterator[list[bytes]]:
        begun: list[bytes] = []
        held = 0
        while data := self._read():
            first, *lines = data.split(b"\n")
            if held <= LONGEST:  # of a line that has no end only the beginning is held
                begun.append(first)
            held += len(first)
            if lines:
                rest = lines.pop()
                yield [self._whole(begun, held), *lines]
                begun, held = [rest], len(rest)
        if held:
            self.ended = False
            yield [self._whole(begun, held)]

    @staticmethod
    def _whole(begun: list[bytes], held: int) -> bytes:
        line = b"".join(begun)
        return line if held <= LONGEST else line[: LONGEST + 1]

    def _read(self) -> bytes:
        if self.damaged:
            return b""
        try:
            return self._stream.read(PIECE)
        except (EOFError, zlib.error, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise Failed(
                    _("the file can't be read ({reason})").format(reason=error.strerror)
                ) from None
            self.damaged = True
            return b""


class Reader:
    """Reads logs as visits, in one format or whichever of the usual ones each line is in."""

    def __init__(self, cookie: str, written: str | None = None, keep: bool = False) -> None:
        """`written` is the format in the server's words; `keep` says whether broken lines are wanted."""
        told = Told(written, cookie) if written else None
        self.cookies = told.usual if told else Usual(cookie)
        """What was seen of cookies: whether the club's was found, and the names of others."""
        self._parse: Parser = told or self.cookies
        self._environment = browsers.reader()
        self._keep = keep

    def log(self, path: str) -> Log:
        """The log at a path, or on standard input for `-`. Raises NotFound or Failed."""
        if path == "-":
            if sys.stdin is None:
                raise NotFound(_("there is no standard input"))
            return Log(path, self._pieces(sys.stdin.buffer, 0))
        with _opened(path) as raw:  # a year of rotated logs is more than may be open at a time
            size = raw.seek(0, io.SEEK_END)
        return Log(path, self._of_file(path, size), size)

    def _of_file(self, path: str, size: int) -> Iterator[Piece]:
        with _opened(path) as raw:
            yield from self._pieces(raw, size)

    def _pieces(self, raw: BinaryIO, size: int) -> Iterator[Piece]:
        source = io.BufferedReader(cast("io.RawIOBase", raw), PIECE)
        packed = source.peek(2)[:2] == b"\x1f\x8b"
        stream = GzipFile(fileobj=source) if packed else source
        lines, number = _Lines(cast("BinaryIO", stream)), 0
        shape: int | None = None
        for taken in lines:
            piece = Piece(len(taken))
            if number == 0 and taken[0].startswith(BOM_UTF8):
                taken[0] = taken[0].removeprefix(BOM_UTF8)
            shape = self._read(taken, number, piece, shape, lines.ended)
            number += len(taken)
            piece.done = raw.tell() / size if size else 0.0
            yield piece
        if lines.damaged:
            yield Piece(1, broken=[Broken(number + 1, DAMAGED)], done=1.0)
        source.detach()  # whoever opened the file closes it

    def _read(
        self, taken: list[bytes], before: int, piece: Piece, shape: int | None, ended: bool
    ) -> int | None:
        """Puts the lines into the piece; gives the shape of the last visit."""
        parse, environment, visits = self._parse, self._environment, piece.visits
        for at, line in enumerate(taken, before + 1):
            if line.endswith(b"\r"):
                line = line[:-1]
            said = parse(line.decode("utf-8", "surrogateescape")) if len(line) <= LONGEST else None
            # A last line without an end that holds less than the one before it was cut.
            cut = said is not None and not ended and shape not in (None, said.shape)
            if said is None or said.at is None or cut:
                piece.broken.append(self._broken(at, line, said))
                continue
            shape = said.shape
            visits.append(visit_of(line, said, environment))
        return shape

    def _broken(self, at: int, line: bytes, said: Parsed | None) -> Broken:
        if said is not None:
            reason = NO_MOMENT if said.at is None else UNFINISHED
        else:
            reason = NOT_A_LINE if line.strip() else EMPTY
            reason = TOO_LONG if len(line) > LONGEST else reason
        return Broken(at, reason, line[:LONGEST] if self._keep else b"")


def _opened(path: str) -> BinaryIO:
    """The bytes of a file, unbuffered: a reader of our own stands before it."""
    try:
        return cast("BinaryIO", Path(path).open("rb", buffering=0))
    except FileNotFoundError:
        raise NotFound(_("there is no file {path}").format(path=path)) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=error.strerror)
        ) from None
