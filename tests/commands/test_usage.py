"""`soc usage`: logs taken in once however they come, visits joined by cookie or sign-in alone, traces cut."""

import gzip
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli.formats import accesslog
from soc_cli.model import language
from soc_cli.policy import form
from tests.conftest import DATA, Soc
from tests.store import raw
from tests.store.raw import found

REAL = DATA / "access-log-combined.log.gz"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and rights of Unix")


def line(second: int, page: str = "/", cookie: str = "", user: str = "-", ip: str = "192.0.2.7", day: str = "20/Nov/2026") -> str:  # fmt: skip
    minutes, seconds = divmod(second, 60)
    tail = f' "soc={cookie}"' if cookie else ' "-"'
    return f'{ip} - {user} [{day}:10:{minutes:02}:{seconds:02} +0900] "GET {page} HTTP/1.1" 200 12 "-" "{AGENT}"{tail}\n'


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines as a log."""

    def write(*lines: str, name: str = "access.log", pack: bool = False) -> Path:
        path = tmp_path / name
        data = "".join(lines).encode()
        path.write_bytes(gzip.compress(data) if pack else data)
        return path

    return write


@pytest.fixture
def three(club: Soc) -> Soc:
    """A register of three members."""
    for name in ("青木 一", "森 花", "林 昭"):
        club("member", "add", "--name", name)
    return club


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    con = raw.connect(path)
    found = con.execute(sql).fetchall()
    con.close()
    return found


def counts(soc: Soc, *words: str | Path, code: int = 0) -> tuple[int, ...]:
    """Added, updated, unchanged, skipped and rejected lines, which are together those that were read."""
    answer = soc("usage", "import-log", *words, "--json", ok=None)
    assert answer.code == code, answer
    told = answer.json
    parts = tuple(told[key] for key in ("added", "updated", "unchanged", "skipped", "rejected"))
    assert sum(parts) == told["read"]
    assert len(told["problems"]) == told["rejected"]
    return parts


# Taken in once (C1) -------------------------------------------------------------------------------


def test_c1_a_real_log_taken_and_told_are_its_lines_and_twice_is_once(club: Soc, path: Path) -> None:  # fmt: skip
    assert counts(club, REAL, code=3) == (9_999, 0, 0, 0, 1)
    before = rows(path, "select * from usage order by id")
    assert len(before) == 9_999
    assert counts(club, REAL, code=3) == (0, 0, 9_999, 0, 1)
    assert rows(path, "select * from usage order by id") == before
    club("journal", "verify")


def test_c1_the_same_lines_add_nothing_however_they_come(
    club: Soc, log: Callable[..., Path], path: Path
) -> None:
    first = [line(n, f"/{n}") for n in range(50)]
    second = [line(n, f"/{n}") for n in range(50, 80)]
    third = [line(n, f"/{n}") for n in range(80, 90)]
    assert counts(club, log(*first)) == (50, 0, 0, 0, 0)
    assert counts(club, log(*first, pack=True)) == (0, 0, 50, 0, 0)
    assert counts(club, log(*first, *second)) == (30, 0, 50, 0, 0), "it has grown"
    assert counts(club, log(*first, *second, name="access.log.1")) == (0, 0, 80, 0, 0), "rotated"
    assert counts(club, log(*third)) == (10, 0, 0, 0, 0), "begun anew, as copytruncate does"
    assert counts(club, log(*third, *first)) == (0, 0, 60, 0, 0), "joined, in another order"
    assert counts(club, log(*second[10:], *third)) == (0, 0, 30, 0, 0), "the last part alone"
    assert counts(club, log(*reversed(second))) == (0, 0, 30, 0, 0)
    old = log(*first, name="access.log.2.gz", pack=True)
    assert counts(club, old, log(*second, name="access.log.1"), log(*third)) == (0, 0, 90, 0, 0)
    assert rows(path, "select count(*) from usage") == [(90,)]


def test_c1_lines_that_are_the_same_within_one_log_all_count(
    club: Soc, log: Callable[..., Path], path: Path
) -> None:
    twice = [line(1), line(1), line(2)]
    assert counts(club, log(*twice)) == (3, 0, 0, 0, 0)
    assert counts(club, log(*twice)) == (0, 0, 3, 0, 0)
    assert counts(club, log(*twice, line(2))) == (1, 0, 3, 0, 0), "the second one came later"
    assert counts(club, log(line(1), *twice)) == (1, 0, 3, 0, 0)
    assert counts(club, log(line(1))) == (0, 0, 1, 0, 0)
    assert rows(path, "select count(*) from usage") == [(5,)]


def test_the_same_log_twice_in_one_command_is_once(club: Soc, log: Callable[..., Path]) -> None:
    path = log(line(1), line(1), line(2))
    assert counts(club, path, path) == (3, 0, 3, 0, 0)


def test_lines_that_are_the_same_are_counted_across_pieces(
    club: Soc, log: Callable[..., Path], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line(n // 3, f"/{n % 3 // 2}") for n in range(60)]
    monkeypatch.setattr(accesslog, "PIECE", len(lines[0]) * 2 - 5)
    assert counts(club, log(*lines)) == (60, 0, 0, 0, 0)
    assert counts(club, log(*lines)) == (0, 0, 60, 0, 0)
    assert counts(club, log(*lines, lines[-2])) == (1, 0, 60, 0, 0)


def test_of_what_the_log_itself_brought_nothing_is_there_already(
    club: Soc, log: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counts(club, log(line(1, "/other"))) == (1, 0, 0, 0, 0)  # of the same second
    monkeypatch.setattr(accesslog, "PIECE", len(line(1)) * 2 - 5)
    assert counts(club, log(*[line(1)] * 9)) == (9, 0, 0, 0, 0)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    seconds=st.lists(st.integers(0, 9), min_size=1, max_size=25),
    parts=st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=5),
)
def test_of_each_line_there_are_as_many_as_in_the_log_with_most(
    club: Soc, path: Path, tmp_path: Path, seconds: list[int], parts: list[tuple[int, int]]
) -> None:
    con = raw.connect(path)
    con.execute("delete from usage")
    con.commit()
    con.close()
    lines = [line(second) for second in sorted(seconds)]
    most: dict[str, int] = {}
    for first, size in parts:
        taken = lines[first : first + size]
        log = tmp_path / "part.log"
        log.write_text("".join(taken), "utf-8")
        counts(club, log)
        for one in taken:
            most[one] = max(most.get(one, 0), taken.count(one))
    assert rows(path, "select count(*) from usage") == [(sum(most.values()),)]


def test_a_log_comes_from_standard_input_too(club: Soc, log: Callable[..., Path]) -> None:
    data = log(line(1), line(2), pack=True).read_bytes()
    assert club("usage", "import-log", "-", "--json", stdin=data).json["added"] == 2
    assert club("usage", "import-log", "-", "--json", stdin=gzip.decompress(data)).json["added"] == 0  # fmt: skip


def test_a_dry_run_keeps_nothing(club: Soc, log: Callable[..., Path], path: Path, tmp_path: Path) -> None:  # fmt: skip
    rejects = tmp_path / "rejects.log"
    logged = log(line(1), "nothing\n")
    answer = club("usage", "import-log", logged, "--dry-run", "--rejects", rejects, "--json", ok=False)  # fmt: skip
    assert (answer.json["added"], answer.json["dry_run"]) == (1, True)
    assert rows(path, "select count(*) from usage") == [(0,)]
    assert not rejects.exists()
    assert rows(path, "select outcome from journal where act = 'import-log'") == [("dry-run",)]


# Broken lines, kept apart -------------------------------------------------------------------------


def test_broken_lines_are_told_by_number_and_never_stop(
    three: Soc, log: Callable[..., Path], path: Path, tmp_path: Path
) -> None:
    three("usage", "link", "v1", "1")
    broken = ["canary \x1b[2J v1\n", line(2).replace("20/Nov", "31/Nov"), "\n", "\x00\n"]
    logged = log(line(1), broken[0], line(3), *broken[1:], line(4))
    rejects = tmp_path / "rejects.log"
    answer = three("usage", "import-log", logged, "--rejects", rejects, ok=False)
    assert answer.code == 3
    assert "canary" not in answer.out + answer.err
    assert [told for told in answer.err.splitlines() if ", line " in told] == [
        f"{logged}, line 2: not a line of an access log", f"{logged}, line 4: no such day or time",
        f"{logged}, line 5: an empty line", f"{logged}, line 6: not a line of an access log",
    ]  # fmt: skip
    assert rows(path, "select count(*) from usage") == [(3,)]
    assert rejects.read_bytes() == "".join((broken[0], broken[1], broken[3])).encode()
    if sys.platform != "win32":
        assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert rows(path, "select kind, path, members from written") == [("rejects", str(rejects), "1")]
    assert "canary" not in str(rows(path, "select * from journal_subject"))
    mended = rejects.read_text("utf-8").replace("31/Nov", "19/Nov")
    rejects.write_text(mended, "utf-8")
    assert counts(three, rejects, code=3) == (1, 0, 0, 0, 2)


def test_a_file_of_rejects_is_never_in_the_way(club: Soc, log: Callable[..., Path], path: Path) -> None:  # fmt: skip
    logged = log(line(1), "nothing\n")
    assert club("usage", "import-log", logged, "--rejects", logged, ok=False).code == 2
    taken = log("kept", name="kept.log")
    assert club("usage", "import-log", logged, "--rejects", taken, ok=False).code == 3
    assert taken.read_text("utf-8") == "kept"
    assert rows(path, "select count(*) from usage") == [(0,)], "neither file nor visits"
    club("usage", "import-log", logged, "--rejects", taken, "--force", ok=False)
    assert taken.read_text("utf-8") == "nothing\n"


def test_what_is_no_log_is_told(club: Soc, tmp_path: Path) -> None:
    answer = club("usage", "import-log", DATA / "members-cp932.csv", ok=False)
    assert answer.code == 3
    assert "may be no access log" in answer.err
    assert "more lines" in answer.err
    assert club("usage", "import-log", tmp_path / "none.log", ok=False).code == 4
    assert club("usage", "import-log", tmp_path, ok=False).code == 1


def test_only_ten_broken_lines_are_told_one_by_one(club: Soc, log: Callable[..., Path]) -> None:
    answer = club("usage", "import-log", log(line(1), *["x\n"] * 25), ok=False)
    assert answer.err.count("not a line of an access log") == 10
    assert "15 more lines" in answer.err


# Interrupted --------------------------------------------------------------------------------------


@unix
@pytest.mark.long
def test_killed_the_register_is_as_before_and_the_log_comes_in_whole(
    three: Soc, tmp_path: Path, path: Path
) -> None:
    many = 50_000
    log = tmp_path / "big.log"
    log.write_text("".join(line(n % 3600, f"/{n}", f"v{n % 7}") for n in range(many)), "utf-8")
    three("usage", "link", "v1", "1")
    before = rows(path, "select * from journal")
    chance = random.Random(1)
    for _time in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", "soc_cli", "usage", "import-log", str(log)],
            env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wal = path.with_name(path.name + "-wal")
        until = time.monotonic() + 60
        while not (wal.exists() and wal.stat().st_size > 500_000):  # it is well under way
            assert process.poll() is None, "it has ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.005)
        time.sleep(chance.random() / 10)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = len(rows(path, "select id from usage"))
        assert kept in (0, many), "all or nothing, whenever it is killed"
        assert (rows(path, "select * from journal") == before) == (kept == 0)
        if kept:  # it was committed before it could be killed
            break
    counts(three, log)
    assert len(rows(path, "select id from usage")) == many
    three("journal", "verify")


# Joined by cookie or sign-in alone (C5) -----------------------------------------------------------


def of_members(path: Path) -> list[tuple[str, int | None]]:
    return rows(path, "select page, member_id from usage order by at, id")


def test_c5_a_visit_is_joined_by_its_cookie_earlier_and_later_ones(
    three: Soc, log: Callable[..., Path], path: Path
) -> None:
    counts(three, log(line(1, "/a", "v1"), line(2, "/b", "v2"), line(3, "/c")))
    assert of_members(path) == [("/a", None), ("/b", None), ("/c", None)]
    assert "Linked to SOC-0002: 1 visit." in three("usage", "link", "v1", "2").err
    assert of_members(path) == [("/a", 2), ("/b", None), ("/c", None)]
    answer = three("usage", "import-log", log(line(4, "/d", "v1"), line(5, "/e", "v2")), "--json")
    assert (answer.json["added"], answer.json["members_visits"]) == (2, 1)
    assert [member for _page, member in of_members(path)] == [2, None, None, 2, None]
    # The same address and browser say nothing of who it was.
    assert rows(path, "select count(distinct ip), count(distinct environment) from usage") == [(1, 1)]  # fmt: skip


def test_c5_a_sign_in_says_who_it_was_and_a_cookie_only_which_browser(
    three: Soc, log: Callable[..., Path], path: Path
) -> None:
    counts(three, log(line(1, "/a", "v1"), line(2, "/b", "v1", "hana"), line(3, "/c", "", "hana")))
    three("usage", "link", "v1", "1")
    assert of_members(path) == [("/a", 1), ("/b", 1), ("/c", None)]
    three("usage", "link", "--sign-in", "hana", "2")
    assert of_members(path) == [("/a", 1), ("/b", 2), ("/c", 2)]
    counts(three, log(line(4, "/d", "v1", "hana")))
    assert of_members(path)[-1] == ("/d", 2)
    three("usage", "unlink", "v1")
    assert of_members(path) == [("/a", None), ("/b", 2), ("/c", 2), ("/d", 2)]
    three("usage", "link", "v1", "3")
    assert of_members(path) == [("/a", 3), ("/b", 2), ("/c", 2), ("/d", 2)]
    three("usage", "unlink", "--sign-in", "hana")
    assert of_members(path) == [("/a", 3), ("/b", 3), ("/c", None), ("/d", 3)]


def test_c5_no_cookie_is_two_members(three: Soc, log: Callable[..., Path], path: Path) -> None:
    counts(three, log(line(1, "/a", "v1")))
    three("usage", "link", "v1", "1")
    answer = three("usage", "link", "v1", "2", ok=False)
    assert answer.code == 3
    assert "SOC-0001" in answer.err
    assert of_members(path) == [("/a", 1)]
    three("usage", "link", "v1", "1")  # once more is harmless
    assert rows(path, "select count(*) from link") == [(1,)]


@pytest.mark.parametrize(
    "words",
    [["link"], ["link", "v1"], ["link", "v1", "1", "2"], ["link", "--sign-in", "hana"],
     ["link", "--sign-in", "hana", "v1", "1"], ["link", "--from", "x.csv", "v1"], ["unlink"], ["unlink", "v1", "1"],
     ["unlink", "--sign-in", "hana", "v1"]],
)  # fmt: skip
def test_words_that_are_missing_or_too_many_are_wrong_use(three: Soc, words: list[str]) -> None:
    assert three("usage", *words, ok=False).code == 2


def test_links_name_what_is_there(three: Soc) -> None:
    assert three("usage", "unlink", "v1", ok=False).code == 4
    assert three("usage", "link", "v1", "9", ok=False).code == 4
    assert three("usage", "link", " ", "1", ok=False).code == 3
    assert three("usage", "link", "a\x1b[2Jb", "1", ok=False).code == 3
    assert three("usage", "link", "v" * 5000, "1", ok=False).code == 3


def test_a_link_can_be_tried(three: Soc, log: Callable[..., Path], path: Path) -> None:
    counts(three, log(line(1, "/a", "v1")))
    answer = three("usage", "link", "v1", "1", "--dry-run")
    assert "1 visit" in answer.err
    assert of_members(path) == [("/a", None)]
    assert rows(path, "select count(*) from link") == [(0,)]


def test_many_links_come_from_a_sheet(three: Soc, log: Callable[..., Path], path: Path, tmp_path: Path) -> None:  # fmt: skip
    counts(three, log(line(1, "/a", "v1"), line(2, "/b", "", "hana")))
    sheet = tmp_path / "links.csv"
    sheet.write_text("クッキー,サインイン,会員番号\nv1,,1\n,hana,2\n", "utf-8")
    answer = three("usage", "link", "--from", sheet, "--json")
    assert (answer.json["added"], answer.json["unchanged"]) == (2, 0)
    assert of_members(path) == [("/a", 1), ("/b", 2)]
    answer = three("usage", "link", "--from", sheet, "--json")
    assert (answer.json["added"], answer.json["unchanged"]) == (0, 2)
    sheet.write_text("cookie,sign_in,member\nv2,,1\nv1,,3\nv3,hana,1\n,,1\nv4,,99\n", "utf-8")
    answer = three("usage", "link", "--from", sheet, "--json", ok=False)
    assert answer.code == 3
    assert [problem["row"] for problem in answer.json["problems"]] == [3, 4, 5, 6]
    assert "SOC-0001" in answer.json["problems"][0]["reason"]
    assert rows(path, "select count(*) from link") == [(2,)], "all or none"


def test_a_cookie_whose_name_comes_to_be_known_completes_what_is_in_already(
    three: Soc, tmp_path: Path, path: Path
) -> None:
    log = tmp_path / "access.log"
    lines = [
        line(n, f"/{n}", f"v{n % 2}").replace("soc=", "_ga=canary; session=") for n in range(4)
    ]
    log.write_text("".join(lines), "utf-8")
    three("usage", "link", "v1", "1")
    answer = three("usage", "import-log", log)
    assert "“soc”" in answer.err
    assert "session" in answer.err
    assert "canary" not in answer.err
    assert found(path, ["canary"]) == set(), "no other cookie is kept (C3)"
    assert counts(three, log, "--cookie", "session") == (0, 4, 0, 0, 0)
    assert of_members(path) == [("/0", None), ("/1", 1), ("/2", None), ("/3", 1)]
    assert counts(three, log, "--cookie", "session") == (0, 0, 4, 0, 0)
    assert found(path, ["canary"]) == set()


# A member's life ----------------------------------------------------------------------------------


def test_r1_an_erasure_takes_links_and_visits_and_no_log_brings_them_back(
    three: Soc, log: Callable[..., Path], path: Path
) -> None:
    logged = log(line(1, "/himitsu", "canarycookie", "canaryuser"), line(2, "/open", "v2"))
    counts(three, logged)
    three("usage", "link", "canarycookie", "1")
    three("usage", "link", "--sign-in", "canaryuser", "1")
    erased = three("member", "erase", "1", "--yes", "--json").json["erased"]
    assert (erased["usage"], erased["link"]) == (1, 2)
    assert found(path, ["canarycookie", "canaryuser", "himitsu"]) == set()
    assert of_members(path) == [("/open", None)]
    assert counts(three, logged) == (1, 0, 1, 0, 0)
    assert of_members(path) == [("/himitsu", None), ("/open", None)], "a stranger's now"
    three("journal", "verify")


def test_a_merge_moves_links_and_visits_and_an_unmerge_moves_them_back(
    three: Soc, log: Callable[..., Path], path: Path
) -> None:
    counts(three, log(line(1, "/a", "v1"), line(2, "/b", "v2")))
    three("usage", "link", "v1", "1")
    three("usage", "link", "v2", "2")
    three("member", "merge", "1", "2", "--yes")
    assert of_members(path) == [("/a", 1), ("/b", 1)]
    counts(three, log(line(3, "/c", "v2")))
    assert of_members(path)[-1] == ("/c", 1)
    three("member", "unmerge", "1")
    assert of_members(path)[:2] == [("/a", 1), ("/b", 2)]
    assert rows(path, "select token, member_id from link order by id") == [("v1", 1), ("v2", 2)]


def test_r1_own_data_tell_the_links_and_the_traces(
    three: Soc, log: Callable[..., Path], tmp_path: Path
) -> None:
    counts(three, log(line(1, "/a", "v1", "hana"), line(2, "/b", "v2")))
    three("usage", "link", "v1", "1")
    three("usage", "link", "v2", "2")
    three("export", "1", "--to", tmp_path / "own")
    data = (tmp_path / "own" / "own-data.json").read_text("utf-8")
    for text in ('"v1"', '"hana"', '"192.0.2.7"', "Firefox / Windows"):
        assert text in data
    assert "v2" not in data
    acts = [entry["act"] for entry in three("member", "history", "1", "--json").json]
    assert "link-visitor" in acts


# Retention ----------------------------------------------------------------------------------------


@pytest.fixture
def on(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the day of the register."""

    def set_(day: str) -> None:
        con = raw.connect(path)
        con.execute("insert or replace into register (key, value) values ('sample', 'yes')")
        con.commit()
        con.close()
        monkeypatch.setenv("SOC_TODAY", day)

    return set_


@pytest.fixture
def periods(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the club's periods, in years."""
    policy = form.packaged()

    def set_(**years: int) -> None:
        changed = {name: replace(one, years=years.get(name, one.years)) for name, one in policy.periods.items()}  # fmt: skip
        monkeypatch.setattr(form, "packaged", lambda: replace(policy, periods=changed))

    return set_


def test_the_traces_are_cut_when_their_period_ends_and_the_visit_stays(
    three: Soc, log: Callable[..., Path], path: Path, on: Callable[[str], None], periods: Callable[..., None]
) -> None:  # fmt: skip
    on("2026-11-22")
    logged = log(line(1, "/a", "canarycookie", "canaryuser", "192.0.2.77"), line(2, "/b", "v2", day="21/Nov/2026"))  # fmt: skip
    counts(three, logged)
    three("usage", "link", "v2", "2")
    periods(traces=1)
    on("2027-11-20")
    assert {one["period"]: one["count"] for one in three("sweep", "--dry-run", "--json").json}["traces"] == 0  # fmt: skip
    on("2027-11-21")
    (told,) = [one for one in three("sweep", "--yes", "--json").json if one["period"] == "traces"]
    assert (told["count"], told["oldest"]) == (1, "2026-11-20")
    assert rows(path, "select page, ip, cookie, sign_in, digest from usage where page = '/a'") == [("/a", None, None, None, None)]  # fmt: skip
    assert found(path, ["canarycookie", "canaryuser", "192.0.2.77"]) == set()
    assert rows(path, "select cookie from usage where page = '/b'") == [("v2",)]
    # What was cut does not come back with its log, nor when the period is longer later.
    assert counts(three, logged) == (0, 0, 1, 1, 0)
    periods(traces=5)
    answer = three("usage", "import-log", logged, "--json")
    assert (answer.json["added"], answer.json["skipped"]) == (0, 1)
    assert "past its period" in answer.err
    assert found(path, ["canarycookie"]) == set()
    assert {one["count"] for one in three("sweep", "--yes", "--json").json} == {0}


def test_what_is_past_its_period_is_not_taken_in(
    three: Soc, log: Callable[..., Path], path: Path, on: Callable[[str], None], periods: Callable[..., None], tmp_path: Path
) -> None:  # fmt: skip
    periods(usage=2)
    on("2028-11-21")
    logged = log(line(1, "/old"), line(2, "/new", day="21/Nov/2026"))
    assert counts(three, logged) == (1, 0, 0, 1, 0)
    assert of_members(path) == [("/new", None)]
    sheet = tmp_path / "uses.csv"
    sheet.write_text("member,at,service\n1,2026-11-20 10:00,掲示板\n1,2026-11-21 10:00,掲示板\n", "utf-8")  # fmt: skip
    answer = three("usage", "import", sheet, "--json", ok=False)
    assert [problem["row"] for problem in answer.json["problems"]] == [2]
    on("2028-11-22")
    three("sweep", "--yes")
    assert counts(three, logged) == (0, 0, 0, 2, 0)
    periods(usage=9)
    assert counts(three, logged) == (0, 0, 0, 2, 0), "what was swept stays away"


# Used services ------------------------------------------------------------------------------------


def test_c5_used_services_come_from_a_sheet_and_the_same_adds_nothing(
    three: Soc, path: Path, tmp_path: Path
) -> None:
    three("member", "edit", "2", "--nickname", "はな")
    sheet = tmp_path / "uses.csv"
    sheet.write_text(
        "会員番号,日時,サービス,操作,ページ\n"
        "SOC-0001,2026-11-01 10:00:05,掲示板,書き込み,https://example.jp/bbs/12?email=canary#x\n"
        "はな,2026/11/2 8:30,出品,,\n"
        "はな,2026/11/2 8:30,出品,,\n"
        "3,令和8年11月3日　８:05:09,出品,,\n"
        "3,2026-11-03T00:00:00Z,出品,,\n",
        "utf-8",
    )
    assert three("usage", "import", sheet, "--json").json["added"] == 5
    for _again in range(2):
        told = three("usage", "import", sheet, "--json").json
        assert (told["added"], told["unchanged"]) == (0, 5)
    assert three("usage", "show", "1", "--json").json == [
        {"at": "2026-11-01T10:00:05+09:00", "page": "/bbs/12", "method": None, "status": None, "environment": None,
         "service": "掲示板", "action": "書き込み", "ip": None, "cookie": None, "sign_in": None}
    ]  # fmt: skip
    assert len(three("usage", "show", "2", "--json").json) == 2
    assert [one["at"] for one in three("usage", "show", "3", "--json").json] == [
        "2026-11-03T08:05:09+09:00", "2026-11-03T09:00:00+09:00",
    ]  # fmt: skip
    assert found(path, ["canary"]) == set()
    assert three("usage", "import", sheet, "--match", "none", "--json").json["added"] == 5
    assert rows(path, "select members from journal_subject s join journal j on j.number = s.number where act = 'import' and outcome = 'done' limit 1") == [("1-3",)]  # fmt: skip


def test_used_services_that_are_wrong_are_told(three: Soc, path: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "uses.csv"
    sheet.write_text("member,at,service\n9,2026-11-01,x\n1,,x\n1,2026-11-01,\n1,2999-01-01,x\n1,2026-11-01,x\n", "utf-8")  # fmt: skip
    answer = three("usage", "import", sheet, "--json", ok=False)
    assert answer.code == 3
    assert [problem["row"] for problem in answer.json["problems"]] == [2, 3, 4, 5]
    assert rows(path, "select count(*) from usage") == [(0,)]
    sheet.write_text("member,at,service,car\n1,2026-11-01,x,y\n", "utf-8")
    assert "car" in three("usage", "import", sheet, ok=False).err, "no column is silently dropped (C3)"  # fmt: skip


# Shown and counted, each for its purpose ----------------------------------------------------------


@pytest.fixture
def canaries(club: Soc, log: Callable[..., Path]) -> Soc:
    """Two members with a canary in each of their values, and a stranger; all have used the services."""
    for number in (1, 2):
        club(
            "member", "add", "--name", f"canaryname{number}", "--nickname", f"canarynick{number}", "--email",
            f"canarymail{number}@example.jp", "--address", f"canaryaddress{number}", "--birth-date", f"198{number}-02-03",
            "--phone", f"090-1234-000{number}",
        )  # fmt: skip
    lines = [
        line(n, f"/canarypage{who}", f"canarycookie{who}", f"canaryuser{who}", f"198.51.100.{who}")
        for n, who in enumerate((1, 2, 3, 1, 2))
    ]
    counts(club, log(*lines))
    for number in (1, 2):
        club("usage", "link", f"canarycookie{number}", str(number))
        club("usage", "link", "--sign-in", f"canaryuser{number}", str(number))
    return club


OF_PEOPLE = ("canaryname", "canarymail", "canaryaddress", "198", "090-1234", "canarynick")
FORMATS = ("table", "lines", "csv", "json", "jsonl")


def said(soc: Soc, *words: str | Path) -> str:
    answer = soc("usage", *words, ok=None)
    return answer.out + answer.err


def test_k1_upkeep_lists_cookies_with_numbers_and_shows_no_canary_but_them(
    canaries: Soc, log: Callable[..., Path], path: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "links.csv"
    sheet.write_text("cookie,member\ncanarycookie1,2\nnew,canarynick1\n", "utf-8")
    texts = [said(canaries, "cookies", "-f", one) for one in FORMATS]
    assert all("canarycookie3" in text for text in texts)
    talk = [
        said(canaries, "link", "canarycookie2", "1"),
        said(canaries, "link", "canarycookie1", "2"),
        said(canaries, "link", "--sign-in", "canaryuser1", "2"),
        said(canaries, "unlink", "nothing"),
        said(canaries, "link", "--from", sheet),
        said(canaries, "import-log", log(line(9, "/x", "canarycookie1"), "y\n")),
    ]
    for text in (*texts, *talk):
        for canary in (*OF_PEOPLE, "canarypage", "51.100", "Firefox"):
            if not (canary == "canarynick" and text is talk[4]):  # what the sheet itself says
                assert canary not in text.replace("1980", "").replace("1981", ""), (canary, text)
    kept = rows(path, "select members, purpose, categories from journal j join journal_subject s on s.number = j.number where command = 'usage cookies'")  # fmt: skip
    assert kept == [("1-2", "upkeep", "traces")] * len(FORMATS), "recorded for whose they are"


def test_p3_a_member_sees_their_own_use_and_nobody_elses(canaries: Soc, path: Path) -> None:
    for one in FORMATS:
        text = said(canaries, "show", "canarynick1", "-f", one)
        assert text.count("canarypage1") == 2
        assert "canarycookie1" in text
        for canary in ("canarypage2", "canarycookie2", "canaryuser2", "canarypage3", "51.100.2", "canaryname"):  # fmt: skip
            assert canary not in text
    assert canaries("usage", "show", "canarynick9", ok=False).code == 4
    kept = rows(path, "select members, purpose, categories from journal j join journal_subject s on s.number = j.number where command = 'usage show' and act = 'read'")  # fmt: skip
    assert set(kept) == {("1", "own-record", "traces,usage")}


@pytest.mark.parametrize("by", ["page", "environment", "service", "day", "hour"])
def test_p2_counts_tell_of_nobody(canaries: Soc, by: str) -> None:
    for one in FORMATS:
        text = said(canaries, "stats", "--by", by, "-f", one)
        for canary in (*OF_PEOPLE, "canarycookie", "canaryuser", "51.100", "SOC-"):
            assert canary not in text, text
    assert "canary" not in said(canaries, "stats", "--by", "cookie")
    assert canaries("usage", "stats", "--by", "ip", ok=False).code == 2
    assert canaries("usage", "stats", "--by", "member_id", ok=False).code == 2


def test_p2_counts(canaries: Soc) -> None:
    pages = canaries("usage", "stats", "--json").json
    assert [(one["page"], one["visits"], one["members_visits"]) for one in pages] == [
        ("/canarypage1", 2, 2), ("/canarypage2", 2, 2), ("/canarypage3", 1, 0),
    ]  # fmt: skip
    (hour,) = canaries("usage", "stats", "--by", "hour", "--json").json
    assert (hour["hour"], hour["visits"]) == ("10", 5)
    (day,) = canaries("usage", "stats", "--by", "day", "--json").json
    assert (day["day"], day["first"]) == ("2026-11-20", "2026-11-20T10:00:00+09:00")
    assert canaries("usage", "stats", "--by", "service", "--json").json == []


def test_k1_cookies_are_listed_seen_or_only_linked(canaries: Soc) -> None:
    canaries("usage", "link", "never-seen", "1")
    listed = canaries("usage", "cookies", "--json").json
    assert [(one["kind"], one["token"], one["visits"], one["member"]) for one in listed] == [
        ("cookie", "canarycookie1", 2, "SOC-0001"), ("cookie", "canarycookie2", 2, "SOC-0002"),
        ("cookie", "canarycookie3", 1, None), ("cookie", "never-seen", 0, "SOC-0001"),
        ("sign-in", "canaryuser1", 2, "SOC-0001"), ("sign-in", "canaryuser2", 2, "SOC-0002"),
        ("sign-in", "canaryuser3", 1, None),
    ]  # fmt: skip
    assert listed[0]["first"] == "2026-11-20T10:00:00+09:00"
    assert listed[0]["last"] == "2026-11-20T10:00:03+09:00"
    assert listed[3]["first"] is None


def test_k1_more_cookies_than_fit_into_one_page_are_all_listed(club: Soc, log: Callable[..., Path]) -> None:  # fmt: skip
    counts(club, log(*(line(n % 3600, "/", f"v{n:05}") for n in range(1203))))
    listed = [one["token"] for one in club("usage", "cookies", "--json").json]
    assert listed == [f"v{n:05}" for n in range(1203)]


def test_hostile_values_reach_no_terminal_alive(three: Soc, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(
        line(1, "/\x1b[2J\x9b", "v1").replace("Firefox", "\x1b]0;x\x07Firefox").encode()
        + line(2, "/=cmd()", "v1", "\\x1b[31m").encode()
        + b"\x1b[2J\xff broken\n"
    )
    three("usage", "import-log", log, ok=False)
    three("usage", "link", "v1", "1")
    for one in FORMATS:
        for words in (("show", "1"), ("cookies",), ("stats",)):
            text = said(three, *words, "-f", one)
            assert not set("\x1b\x9b\x07") & set(text)


def test_the_journal_says_that_a_log_came_in_and_no_value(canaries: Soc, path: Path) -> None:
    entries = rows(path, "select act, purpose, categories, details, members from journal j join journal_subject s on s.number = j.number where command like 'usage%' order by j.number")  # fmt: skip
    assert entries[0] == (
        "import-log", "upkeep", "usage,traces", "read=5 added=5 updated=0 unchanged=0 skipped=0 rejected=0", "",
    )  # fmt: skip
    assert "canary" not in str(entries)
    assert {entry[0] for entry in entries[1:]} == {"link-visitor"}


def test_in_japanese_too(three: Soc, log: Callable[..., Path]) -> None:
    three("--lang", "ja", "usage", "import-log", log(line(1, "/a", "v1")))
    answer = three("--lang", "ja", "usage", "link", "v1", "1")
    assert "SOC-0001 に結び付けました（利用 1回）" in answer.err
    answer = three("--lang", "ja", "usage", "show", "1", "-f", "table")
    assert "日時" in answer.out or "いつ" in answer.out, answer.out
    language.use("en")
