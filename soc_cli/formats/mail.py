"""A mail from an `.eml` file: from whom, when, about what, and its text; what is attached is only named."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from soc_cli.formats.jis import text_of
from soc_cli.model.clocks import TOKYO
from soc_cli.model.errors import WrongData
from soc_cli.model.language import _

EARLIEST = 1990
"""A mail that says it is older has no true date."""
LONGEST = 200
"""Characters of a subject, a name or an address; the rest of a longer one is cut off."""


@dataclass(frozen=True)
class Mail:
    """What an inquiry takes from a mail."""

    name: str
    """As the sender wrote it; the address where there is none."""
    address: str
    sent_at: datetime | None
    """In Asia/Tokyo; None where the mail has no true date."""
    subject: str
    body: str
    attachments: tuple[str, ...]
    """The names of what is attached, which is not read."""
    whole: bool
    """Whether every character could be read."""


def read(data: bytes, source: str) -> Mail:
    """The mail that `data` is; raises WrongData where it is none, or has no text."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    headers = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    if not headers.keys() & {"from", "date", "subject", "message-id"}:
        raise WrongData(
            _("{file} is no mail").format(file=source),
            _("save it from the mail program as an .eml file"),
        )
    seen = _Seen()
    sender, address = _sender(headers.get("from", ""), seen)
    texts = [text for text in _texts(message, seen) if text.strip()]
    return Mail(
        _cut(sender or address),
        _cut(address),
        _moment(headers.get("date", "")),
        _cut(_header(headers.get("subject", ""), seen)),
        _clean("\n\n".join(text.strip("\n") for text in texts)),
        tuple(seen.attachments),
        seen.whole,
    )


class _Seen:
    """What is noticed while a mail is read."""

    def __init__(self) -> None:
        self.attachments: list[str] = []
        self.whole = True

    def text(self, data: bytes, charset: str | None) -> str:
        text, whole = text_of(data, charset)
        self.whole = self.whole and whole
        return text


# headers ----------------------------------------------------------------------------------------


def _header(raw: str, seen: _Seen) -> str:
    """A header in words: RFC 2047, or the bytes that old mailers put there as they are."""
    raw = re.sub(r"\r?\n[ \t]+", " ", raw)
    if "=?" not in raw:
        return seen.text(raw.encode("utf-8", "surrogateescape"), None)
    # Between two encoded words a blank is none, and some mailers forget even that.
    apart = re.sub(r"\?=(?==\?)", "?= ", raw)
    pieces = []
    for piece, charset in decode_header(apart):
        data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        pieces.append(seen.text(data, charset))
    return "".join(pieces)


def _sender(raw: str, seen: _Seen) -> tuple[str, str]:
    """Name and address; what is encoded is read after the two are told apart."""
    raw = re.sub(r"\r?\n[ \t]+", " ", raw)
    if "=?" not in raw:  # an escape sequence holds brackets and commas that are none
        raw = _header(raw, seen)
    name, address = parseaddr(raw)
    if not address:  # not as RFC 5322 has it; the address is told by its brackets, or by its sign
        found = re.search(r"<\s*([^<>\s]+)\s*>|([^<>\s,;]+@[^<>\s,;]+)", raw)
        address = (found[1] or found[2]) if found else ""
        name = raw[: found.start()] if found else raw
    return _header(name, seen).strip(" \"'"), address.strip()


def _moment(raw: str) -> datetime | None:
    """When a mail was sent, in Asia/Tokyo; a time without a zone is UTC (RFC 5322, 3.3)."""
    try:
        found = parsedate_to_datetime(raw)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        found = found.astimezone(TOKYO)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.year >= EARLIEST else None


def _cut(text: str) -> str:
    line = " ".join(_clean(text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _clean(text: str) -> str:
    """The text without what is no text: control characters, lost surrogates, marks that turn it round."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        c
        for c in text
        if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING)
    )


_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


# the text ---------------------------------------------------------------------------------------


def _texts(part: Message, seen: _Seen) -> Iterator[str]:
    """The texts of a mail, in their order; of two forms of one text the plain one."""
    kind = part.get_content_type()
    payload = part.get_payload() if part.is_multipart() else None
    parts = [p for p in payload if isinstance(p, Message)] if isinstance(payload, list) else None
    if _is_attached(part) or kind == "message/rfc822":
        seen.attachments.append(_file_name(part, seen))
    elif parts and kind == "multipart/alternative":
        yield from _texts(_best(parts), seen)
    elif parts and kind == "multipart/related":
        for at, one in enumerate(parts):
            if at == 0:
                yield from _texts(one, seen)
            else:
                seen.attachments.append(_file_name(one, seen))
    elif parts:
        for one in parts:
            yield from _texts(one, seen)
    elif kind in ("text/plain", "text/html"):
        data = part.get_payload(decode=True)
        text = seen.text(data if isinstance(data, bytes) else b"", part.get_content_charset())
        if kind == "text/html":
            yield _from_html(text)
        else:
            yield _unflowed(text, part)
    elif not kind.startswith("multipart/"):
        seen.attachments.append(_file_name(part, seen))


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or (
        not part.is_multipart() and bool(part.get_filename())
    )


def _best(parts: list[Message]) -> Message:
    """Of several forms of one text the plain one, else one with a text in it, else the last."""
    for wanted in ("text/plain", "multipart/related", "text/html"):
        for part in parts:
            if part.get_content_type() == wanted:
                return part
    return parts[-1]


def _file_name(part: Message, seen: _Seen) -> str:
    """The name of what is attached, also where it is encoded as a header (which RFC 2231 forbids)."""
    name = part.get_filename() or ""
    return _cut(_header(name, seen)) or part.get_content_type()


def _unflowed(text: str, part: Message) -> str:
    """The lines of `format=flowed` as they were before they were broken (RFC 3676)."""
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    without_blank = str(part.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    flowing = False
    for line in text.split("\n"):
        unstuffed = line.removeprefix(" ") if not line.startswith(">") else line
        goes_on = unstuffed.endswith(" ") and unstuffed != "-- " and not line.startswith(">")
        content = unstuffed[:-1] if goes_on and without_blank else unstuffed
        if flowing and unstuffed != "-- " and not line.startswith(">"):
            lines[-1] += content
        else:
            lines.append(content)
        flowing = goes_on
    return "\n".join(lines)


class _Words(HTMLParser):
    """The words of a page: what is shown, with a line where the page has one."""

    HIDDEN = ("script", "style", "head", "title", "template")
    BLOCKS = ("p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "ul", "ol", "pre", "hr")  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A hidden part begins, or a line."""
        if tag in self.HIDDEN:
            self._hidden.append(tag)
        elif tag == "br" or tag in self.BLOCKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """A hidden part ends, or a line."""
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag == "body":
            self._hidden.clear()
        elif tag in self.BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        """Words; a line break in the source of a page is a blank, and between wide letters nothing."""
        if not self._hidden:
            data = re.sub(r"(?<=[^\x00-\u024f])\s*\n\s*(?=[^\x00-\u024f])", "", data)
            self.words.append(re.sub(r"[ \t\r\n]+", " ", data))


def _from_html(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (line.strip() for line in "".join(parser.words).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))
