"""Access logs: the usual formats and others, taken + told = lines, and nothing kept that is not named (C1, C3)."""

import gzip
import io
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from apachelogs import COMBINED, InvalidEntryError, LogParser
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soc_cli.formats import accesslog, browsers
from soc_cli.formats.accesslog import Reader, Usual
from soc_cli.model.clocks import TOKYO
from soc_cli.model.errors import Failed, NotFound, WrongUse
from soc_cli.model.visits import Broken, Visit
from tests.conftest import DATA

REAL = DATA / "access-log-combined.log.gz"
MOMENT = "[22/Nov/2026:09:15:02 +0900]"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
COMMON = f'192.0.2.7 - - {MOMENT} "GET /bbs/ HTTP/1.1" 200 512'
WHOLE = f'{COMMON} "https://example.jp/from" "{PHONE}"'

Read = Callable[..., tuple[list[Visit], list[Broken]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads lines, or bytes, as a log."""

    def read_(log: str | bytes, *, form: str | None = None, cookie: str = "soc", keep: bool = False, check: bool = True) -> tuple[list[Visit], list[Broken]]:  # fmt: skip
        path = tmp_path / "access.log"
        data = log.encode() if isinstance(log, str) else log
        path.write_bytes(data)
        pieces = list(Reader(cookie, form, keep).log(str(path)).pieces)
        visits = [visit for piece in pieces for visit in piece.visits]
        broken = [one for piece in pieces for one in piece.broken]
        assert sum(piece.lines for piece in pieces) == len(visits) + len(broken)
        if check and data[:2] != b"\x1f\x8b":
            assert len(visits) + len(broken) == len(data.removesuffix(b"\n").split(b"\n"))
        return visits, broken

    return read_


def test_c1_a_real_log_taken_and_told_are_its_lines(read: Read) -> None:
    lines = gzip.decompress(REAL.read_bytes())
    visits, broken = read(lines)
    assert (len(visits), [one.line for one in broken]) == (9_999, [8_899])
    assert len(visits) + len(broken) == lines.count(b"\n")
    assert (visits, broken) == read(REAL.read_bytes())
    first = visits[0]
    assert first[1:] == (
        "2015-05-17T19:05:03+09:00", "/presentations/logstash-monitorama-2013/images/kibana-search.png",
        "GET", 200, "Chrome / Mac OS X", "83.149.9.216", None, None,
    )  # fmt: skip


# The library is asked as well ---------------------------------------------------------------------


def agrees(line: str, library: LogParser) -> bool:
    """Whether both read a line, and read the same; the library may refuse what is read here."""
    ours = Usual("soc")(line)
    try:
        entry = library.parse(line)
    except (InvalidEntryError, ValueError):
        return False
    assert ours is not None, line
    words = [entry.remote_host, entry.remote_user, entry.request_line, entry.headers_in["User-Agent"]]  # fmt: skip
    host, user, request, agent = (word if word is not None else "-" for word in words)
    assert ours.host == host, line
    assert ours.user in (user, '""'), line
    assert ours.request == request, line
    assert ours.status == ("-" if entry.final_status is None else str(entry.final_status)), line
    assert ours.agent == agent, line
    assert ours.at == entry.request_time.astimezone(TOKYO).isoformat(), line
    return True


LIBRARY = LogParser(COMBINED, encoding="utf-8", errors="surrogateescape")


def test_every_real_line_is_read_as_the_library_reads_it() -> None:
    lines = gzip.decompress(REAL.read_bytes()).decode("utf-8", "surrogateescape").splitlines()
    assert sum(agrees(line, LIBRARY) for line in lines) == 9_999


_PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
_WORD = st.text("abcXYZ019.-_:%", min_size=1, max_size=12)


def escaped(text: str) -> str:
    """As Apache's ap_escape_logitem writes a text."""
    shorts = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\v": "\\v"}  # fmt: skip
    return "".join(
        shorts.get(c) or (c if " " <= c <= "~" else "".join(f"\\x{b:02x}" for b in c.encode()))
        for c in text
    )


@settings(max_examples=300, deadline=None)
@example(
    host="0:0", user="yama da", at=datetime(2000, 1, 1), zone=0, request="", status="-", size="-", agent="",
)  # fmt: skip
@given(
    host=st.one_of(_WORD, st.ip_addresses().map(str)),
    user=st.one_of(st.just("-"), _WORD, st.sampled_from(["yama da", "山田", "a b c"])),
    at=st.datetimes(datetime(1990, 1, 2), datetime(2190, 1, 1)),
    zone=st.integers(-12 * 4, 14 * 4),
    request=st.one_of(_PRINTABLE, st.text(max_size=20), st.sampled_from(["GET / HTTP/1.1", '"', "\\", "\x1b[2J"])),
    status=st.one_of(st.integers(100, 999).map(str), st.just("-")),
    size=st.one_of(st.integers(0, 10**12).map(str), st.just("-")),
    agent=st.one_of(_PRINTABLE, st.text(max_size=20)),
)  # fmt: skip
def test_made_lines_are_read_as_the_library_reads_them(
    host: str, user: str, at: datetime, zone: int, request: str, status: str, size: str, agent: str
) -> None:
    offset = timedelta(minutes=15 * zone)
    sign, rest = ("+", offset) if zone >= 0 else ("-", -offset)
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
    moment = f"{at.day:02}/{months[at.month - 1]}/{at.year}:{at:%H:%M:%S} {sign}{hours:02}{minutes:02}"  # fmt: skip
    line = f'{host} - {escaped(user)} [{moment}] "{escaped(request)}" {status} {size} "-" "{escaped(agent)}"'
    ours = Usual("soc")(line)
    assert ours is not None, line
    assert ours.at == at.replace(microsecond=0, tzinfo=timezone(offset)).astimezone(TOKYO).isoformat()  # fmt: skip
    assert ours.request == request
    assert ours.agent == agent
    assert ours.user == user
    agrees(line, LIBRARY)


# Formats ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "cookie"),
    [
        (COMMON, None),
        (WHOLE, None),
        (f"www.example.jp:443 {WHOLE}", None),
        (f'{WHOLE} "-"', None),
        (f'{WHOLE} "soc=abc123"', "abc123"),
        (f'{WHOLE} "_ga=GA1.2.3; soc=abc123; theme=dark"', "abc123"),
        (f'{WHOLE} "a=b; soc=\\"quoted1\\""', "quoted1"),
        (f'{WHOLE} "mysoc=no; soc2=no"', None),
        (f'{WHOLE} "203.0.113.9" "soc=abc123"', "abc123"),  # nginx: $http_x_forwarded_for
        (f'{WHOLE} "203.0.113.9, 2001:db8::1"', None),
        (f'{WHOLE} "abc123def"', "abc123def"),  # %{soc}C, $cookie_soc
        (f'{WHOLE} "www.example.jp"', None),  # $host
        (f'{WHOLE} "2.35"', None),  # $gzip_ratio
        (f'{WHOLE} "MISS" 0.012 1234', None),
        (f"{WHOLE} 192.0.2.7.1763770502123456", "192.0.2.7.1763770502123456"),  # mod_usertrack
        (f'{WHOLE} "192.0.2.7.1763770502123456"', "192.0.2.7.1763770502123456"),
        (f'{COMMON} "soc=abc123"', "abc123"),
    ],
)
def test_c1_the_usual_formats(read: Read, line: str, cookie: str | None) -> None:
    (visit,), broken = read(line + "\n")
    assert broken == []
    assert (visit.ip, visit.page, visit.method, visit.status) == ("192.0.2.7", "/bbs/", "GET", 200)
    assert visit.at == "2026-11-22T09:15:02+09:00"
    assert visit.cookie == cookie
    assert visit.environment == (None if line.startswith(COMMON) and PHONE not in line else "Mobile Safari / iOS")  # fmt: skip


@pytest.mark.parametrize(
    "host",
    ["192.0.2.7", "2001:db8::7", "::1", "::ffff:192.0.2.7", "fe80::1%eth0", "host.example.jp"],
)
def test_c1_addresses_of_both_kinds(read: Read, host: str) -> None:
    (visit,), _broken = read(WHOLE.replace("192.0.2.7", host))
    assert visit.ip == host


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("22/Nov/2026:00:15:02 +0000", "2026-11-22T09:15:02+09:00"),
        ("21/Nov/2026:19:15:02 -0500", "2026-11-22T09:15:02+09:00"),
        ("22/Nov/2026:05:45:02 +0530", "2026-11-22T09:15:02+09:00"),
        ("31/Dec/2026:23:59:59 +0000", "2027-01-01T08:59:59+09:00"),
        ("29/Feb/2024:12:00:00 +0900", "2024-02-29T12:00:00+09:00"),
        ("29/Feb/2026:12:00:00 +0900", None),
        ("31/Apr/2026:12:00:00 +0900", None),
        ("22/Nov/2026:24:15:02 +0900", None),
        ("22/Nop/2026:09:15:02 +0900", None),
        ("22/Nov/2026:09:15:02 +2500", None),
        ("01/Jan/0001:00:00:00 +1400", None),
        ("31/Dec/9999:23:59:59 -0900", None),
        ("22/Nov/0000:09:15:02 +0900", None),
    ],
)
def test_days_and_times_with_their_zones(read: Read, said: str, stored: str | None) -> None:
    visits, broken = read(WHOLE.replace(MOMENT, f"[{said}]") + "\n" + WHOLE)
    assert [visit.at for visit in visits[:-1]] == ([stored] if stored else [])
    assert [one.reason for one in broken] == ([] if stored else [accesslog.NO_MOMENT])


def test_a_name_with_a_blank_signs_in_too(read: Read) -> None:
    (visit,), _broken = read(WHOLE.replace("- - [", "- yama da [", 1))
    assert visit.sign_in == "yama da"
    (visit,), _broken = read(WHOLE.replace("- - [", '- "" [', 1))
    assert visit.sign_in is None


# What is kept, and what is not (C3) ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_line", "method", "page"),
    [
        ("GET /a/b HTTP/1.1", "GET", "/a/b"),
        ("GET /a?email=canary@example.jp&x=1 HTTP/1.1", "GET", "/a"),
        ("GET /a#canary HTTP/2.0", "GET", "/a"),
        ("GET /a;jsessionid=canary?x HTTP/1.1", "GET", "/a"),
        ("GET http://user:canary@example.jp/a?q HTTP/1.1", "GET", "/a"),
        ("GET http://example.jp HTTP/1.1", "GET", "/"),
        ("GET ?canary HTTP/1.1", "GET", "/"),
        ("GET /with a blank HTTP/1.1", "GET", "/with a blank"),
        ("GET /old", "GET", "/old"),
        ("POST /%E3%81%82 HTTP/1.1", "POST", "/%E3%81%82"),
        ("OPTIONS * HTTP/1.1", "OPTIONS", "*"),
        ("-", None, None),
        ("\\x16\\x03\\x01", None, None),
        ("", None, None),
    ],
)
def test_c3_of_a_page_the_path_alone_is_kept(
    read: Read, request_line: str, method: str | None, page: str | None
) -> None:
    (visit,), broken = read(WHOLE.replace("GET /bbs/ HTTP/1.1", request_line))
    assert broken == []
    assert (visit.method, visit.page) == (method, page)
    assert "canary" not in str(visit)


def test_c3_k1_no_other_cookie_and_no_page_they_came_from_is_kept(read: Read) -> None:
    log = WHOLE.replace("/from", "/canary") + ' "_ga=canary; session=canary2; soc=abc1"'
    (visit,), _broken = read(log)
    assert "canary" not in str(visit)
    assert visit.cookie == "abc1"
    reader = Usual("soc")
    reader.header("_ga=canary; session=canary2")
    assert reader.others == {"_ga": 1, "session": 1}
    assert not reader.found


def test_a_version_of_a_browser_is_not_kept() -> None:
    read = browsers.reader()
    assert read(PHONE) == "Mobile Safari / iOS"
    assert read("-") is None
    assert read("something") == "other / other"
    assert read("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)") == "Googlebot (bot)"  # fmt: skip
    assert read("curl/7.22.0 (i686-pc-linux-gnu)") == "curl (bot)"
    assert "bot" not in str(read("DoCoMo/2.0 N905i(c100;TB;W24H16)")), "an old phone is no bot"


# Other formats, in the server's words -------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("combined", WHOLE),
        ("common", COMMON),
        ('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"', WHOLE),
        (r"%h %l %u %t \"%r\" %>s %b", COMMON),
        (
            '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
            WHOLE,
        ),
    ],
)
def test_a_format_that_is_told_reads_as_the_usual_one(read: Read, form: str, line: str) -> None:
    assert read(line, form=form) == read(line)


@pytest.mark.parametrize(
    ("form", "line", "cookie"),
    [
        ('"%{soc}C" %r %t', '"abc.1.2" GET /bbs/ HTTP/1.1 ' + MOMENT, "abc.1.2"),
        ("%{cookie}n %r %t", "tracked.1 GET /bbs/ HTTP/1.1 " + MOMENT, "tracked.1"),
        ('%t %m %U "%{Cookie}i"', MOMENT + ' GET /bbs/ "x=canary; soc=abc"', "abc"),
        ('[$time_local] "$request" "$cookie_soc" $request_time', MOMENT + ' "GET /bbs/ HTTP/1.1" "abc.9" 0.003', "abc.9"),
        ('$msec [$time_local] "$request" "$http_cookie"', "1763770502.123 " + MOMENT + ' "GET /bbs/?q=canary HTTP/1.1" "y=canary; soc=abc"', "abc"),
    ],
)  # fmt: skip
def test_a_format_that_is_told(read: Read, form: str, line: str, cookie: str) -> None:
    (visit,), broken = read(line, form=form)
    assert broken == []
    assert (visit.at, visit.method, visit.page, visit.cookie) == ("2026-11-22T09:15:02+09:00", "GET", "/bbs/", cookie)  # fmt: skip
    assert "canary" not in str(visit)


def test_a_format_that_is_told_tells_broken_lines_too(read: Read) -> None:
    log = "\n".join((WHOLE, "nothing", WHOLE.replace("22/Nov", "31/Nov"), WHOLE))
    visits, broken = read(log, form="combined")
    assert (len(visits), [one.line for one in broken]) == (2, [2, 3])


@pytest.mark.parametrize("form", ["%h %Q", "%", "%h %r", "$request", "nothing", "%{%Y}t%"])
def test_a_format_that_says_no_moment_or_can_not_be_read_is_refused(form: str) -> None:
    with pytest.raises(WrongUse):
        Reader("soc", form)


# Whatever comes -----------------------------------------------------------------------------------


def test_hostile_lines_neither_stop_nor_reach_a_terminal_alive(read: Read) -> None:
    escape = WHOLE.replace("/bbs/", "/\x1b[2J\u202e").replace("192.0.2.7", "\x1b]0;x\x07")
    written = WHOLE.replace("/bbs/", r"/\x1b[2J").replace("- - [", r"- \x1b[2J [", 1)
    lines = [
        escape.encode(), written.encode(), WHOLE.replace("/bbs/", "/a\x00b").encode(),
        WHOLE.encode().replace(b"/bbs/", b"/\xff\xfe"), WHOLE.replace("/bbs/", "/" + "x" * 100_000).encode(),
        b"\x00" * 100, b"\xff" * 100_000, b'"' * 1000, b"",
        WHOLE.replace(PHONE, "\x1b[2J" + "a" * 100_000).encode() + b"\r",
    ]  # fmt: skip
    visits, broken = read(b"\n".join(lines) + b"\n")
    assert [one.line for one in broken] == [6, 7, 8, 9]
    assert broken[3].reason == accesslog.EMPTY
    for visit in visits:
        for value in visit:
            assert not isinstance(value, str) or value.isprintable(), value
            assert not isinstance(value, str) or value.encode()
    assert [visit.page for visit in visits[:4]] == ["/\\u001b[2J\\u202e", "/\\u001b[2J", "/a\\u0000b", "/\\udcff\\udcfe"]  # fmt: skip
    assert visits[1].sign_in == "\\u001b[2J"
    assert len(visits[4].page or "") == 2000


def test_a_line_longer_than_any_is_told_and_what_follows_is_taken(read: Read) -> None:
    for size in (accesslog.LONGEST + 1, accesslog.LONGEST * 3 + 7):
        visits, broken = read(b"x" * size + b"\n" + WHOLE.encode() + b"\n", keep=True)
        assert (len(visits), [(one.line, one.reason) for one in broken]) == (1, [(1, accesslog.TOO_LONG)])  # fmt: skip
        assert len(broken[0].raw) == accesslog.LONGEST
    log = WHOLE.encode() + b"\n" + b"x" * (accesslog.LONGEST * 2)
    visits, broken = read(log)
    assert (len(visits), [one.line for one in broken]) == (1, [2])


@settings(max_examples=200, deadline=None)
@given(data=st.lists(st.one_of(st.binary(max_size=80), st.sampled_from([WHOLE.encode(), COMMON.encode(), b"\n", b"\r", b"\x1f\x8b", b'"', b" "])), max_size=12).map(b"".join))  # fmt: skip
def test_whatever_comes_taken_and_told_are_its_lines(data: bytes) -> None:
    source = io.BytesIO(data)
    reader = Reader("soc")
    pieces = list(reader._pieces(source, len(data)))
    told = sum(len(piece.visits) + len(piece.broken) for piece in pieces)
    assert told == sum(piece.lines for piece in pieces)
    if data[:2] != b"\x1f\x8b":
        assert told == (len(data.removesuffix(b"\n").split(b"\n")) if data else 0)


@pytest.mark.parametrize(
    "line",
    ["a " * 400_000, '"' + "\\" * 800_000, WHOLE + ' "a' * 200_000, f'x - {"[ " * 300_000}', COMMON + " a" * 300_000 + '"',
     f'{COMMON} "{"a=;" * 150_000}" "', f'{COMMON} "-" "-" "{"a=b " * 150_000}"'],
)  # fmt: skip
def test_no_line_takes_long_to_be_read(line: str) -> None:
    before = time.process_time()
    Usual("soc")(line)
    assert time.process_time() - before < 2


def test_lines_may_end_as_windows_ends_them_and_the_file_may_begin_with_a_mark(read: Read) -> None:
    plain, _broken = read(WHOLE + "\n" + COMMON + "\n")
    for other in (
        f"{WHOLE}\r\n{COMMON}\r\n",
        f"\ufeff{WHOLE}\n{COMMON}\n",
    ):
        assert read(other) == (plain, [])


def test_a_last_line_without_an_end_is_taken_unless_it_was_cut(read: Read) -> None:
    full = f'{WHOLE} "soc=abc1"'
    visits, broken = read(f"{full}\n{full}")
    assert (len(visits), broken) == (2, [])
    for cut in (COMMON, WHOLE, COMMON[:-1], full[:-1], full[:30]):
        visits, broken = read(f"{full}\n{cut}")
        assert len(visits) == 1, cut
        assert [one.line for one in broken] == [2], cut
    assert read(COMMON + "\n" + COMMON)[1] == []
    assert len(read(WHOLE)[0]) == 1


def test_pieces_meet_within_a_line(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    log = "".join(WHOLE.replace("/bbs/", f"/{n}") + "\n" for n in range(50))
    whole = read(log)
    assert [visit.page for visit in whole[0]] == [f"/{n}" for n in range(50)]
    for size in (1, 7, 100, len(WHOLE), len(WHOLE) + 1):
        monkeypatch.setattr(accesslog, "PIECE", size)
        assert read(log) == whole


# Gzip ---------------------------------------------------------------------------------------------


def test_gzip_is_known_by_its_bytes_and_may_have_several_parts(read: Read) -> None:
    one, two = (WHOLE + "\n").encode(), (COMMON + "\n").encode()
    plain = read(one + two)
    assert read(gzip.compress(one + two)) == plain
    assert read(gzip.compress(one) + gzip.compress(two)) == plain


@pytest.mark.long
def test_of_a_damaged_gzip_is_taken_what_can_be_read(read: Read) -> None:
    log = "".join(WHOLE.replace("/bbs/", f"/{n}") + "\n" for n in range(20_000)).encode()
    packed = gzip.compress(log)
    for spoiled in (packed[: len(packed) // 2], packed + b"nothing", packed[:-4] + b"xxxx"):
        visits, broken = read(spoiled)
        assert broken[-1].reason == accesslog.DAMAGED
        assert broken[-1].line == len(visits) + len(broken)
        assert 0 < len(visits) <= 20_000
        assert {one.reason for one in broken[:-1]} <= {accesslog.NOT_A_LINE, accesslog.UNFINISHED}
    middle = len(packed) // 2
    visits, broken = read(packed[:middle] + bytes(50) + packed[middle + 50 :])
    assert broken[-1].reason == accesslog.DAMAGED


# Files --------------------------------------------------------------------------------------------


def test_what_is_no_file_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader("soc")
    with pytest.raises(NotFound):
        reader.log(str(tmp_path / "none.log"))
    with pytest.raises(Failed):
        reader.log(str(tmp_path))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(NotFound):
        reader.log("-")


def test_the_progress_ends_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes((WHOLE + "\n").encode() * 20_000)
    done = [piece.done for piece in Reader("soc").log(str(path)).pieces]
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert len(done) > 3
