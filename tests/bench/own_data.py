"""One member's own data among a thousand members, and among a million: `python -m tests.bench.own_data`.

The same member with the same data is exported from a small register and from a big one, in which
the others have five rows of usage each. Both journals hold as many entries that name the member
together with many others: lists of everybody, and searches that found a third of them at random.
What is measured is the whole command in a process of its own, and the gathering alone within one; and
both once more for the newest member of the big register, at the far end of every such entry.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from soc_cli.model.clocks import Clock
from soc_cli.model.journal import Entry, ranges
from soc_cli.store import driver
from tests.bench.import_members import timed

ME = 901
USAGE_OF_ME, USAGE_OF_OTHERS = 200, 5
LISTS, SEARCHES, OF_ME = 40, 40, 100
"""Entries of the journal that name everybody, a third of the members, and the member alone."""
MOST = 1.5


def fill(register: Path, members: int, mine: tuple[int, ...]) -> None:
    """So many members with their usage, and a journal; written past the program, as it is quick."""
    con = driver.connect(register, 10)
    con.execute("begin")
    con.executemany(
        "insert into member (id, name, name_key, nickname, nickname_key, email, email_key, joined_on)"
        " values (?, ?, ?, ?, ?, ?, ?, '2010-04-01')",
        (
            (n, f"会員 {n}", f"会員{n}", f"nick{n}", f"nick{n}", f"m{n}@example.jp", f"m{n}@example.jp")
            for n in range(1, members + 1)
        ),
    )  # fmt: skip
    con.executemany(
        "insert into usage (member_id, at, page, method, status, environment, ip, cookie)"
        " values (?, ?, ?, 'GET', 200, 'Mozilla/5.0', '192.0.2.1', ?)",
        _usage(members, mine),
    )
    con.execute("insert into meeting (id, title, date) values (1, '春', '2026-04-12')")
    con.executemany(
        "insert into declaration (meeting_id, member_id, declared_on) values (1, ?, '2026-04-01')",
        ((n,) for n in range(1, members + 1)),
    )
    con.executemany(
        "insert into inquiry (member_id, received_at, kind, body) values (?, '2026-01-01', 'question', '本文')",
        ((n,) for n in (*mine, *range(10, members - 1, 10))),
    )
    first = con.execute("select max(number) as n from journal").fetchone()["n"] + 1
    for number, named in enumerate(_journal(members, mine), first):
        con.execute(
            "insert into journal (number, at, operator, purpose, command, act, categories, outcome, commitment, hash)"
            " values (?, '2026-01-01T10:00:00+09:00', 'o', 'contact', 'member list', 'read', 'contact', 'done', 'x', 'y')",
            (number,),
        )
        con.execute(
            "insert into journal_subject (number, salt, members, fields, details, shown) values (?, 's', ?, '', '', 1)",
            (number, named),
        )
    con.execute("commit")
    con.execute("pragma wal_checkpoint(truncate)")
    con.close()


def _usage(members: int, mine: tuple[int, ...]) -> Iterator[tuple[int, str, str, str]]:
    for turn in range(USAGE_OF_ME):
        for n in range(1, members + 1) if turn < USAGE_OF_OTHERS else mine:
            yield n, f"2026-{1 + turn % 12:02}-01T10:00:00+09:00", f"/page/{turn}", f"c{n}"


def _journal(members: int, mine: tuple[int, ...]) -> Iterator[str]:
    chance, everybody = random.Random(1), ranges(range(1, members + 1))
    for at in range(max(LISTS, SEARCHES, OF_ME)):
        if at < LISTS:
            yield everybody
        if at < SEARCHES:
            found = {*chance.sample(range(1, members), members // 3), *mine}
            yield ranges(sorted(found))
        if at < OF_ME:
            yield from map(str, mine)
        for other in range(10, 10 + members // 1000):
            yield str(other)


def alone(register: Path, member: int, times: int) -> float:
    """Seconds that gathering one member's own data takes, at the median."""
    from soc_cli.operations import owndata
    from soc_cli.policy import form
    from soc_cli.store.register import Register, Run

    run, took = Run("bench", "export", Clock()), []
    for _turn in range(times):
        with Register.open(register, form.packaged(), run, "own-record", member) as opened:
            before = time.perf_counter()
            with opened.change():
                reads = opened.policy.purposes["own-record"].reads
                opened.record(Entry("export", (member,), reads))
                data = owndata.gather(opened)
            took.append(time.perf_counter() - before)
        usage, accesses = data["usage"], data["accesses"]
        assert isinstance(usage, list)
        assert isinstance(accesses, list)
        assert len(usage) == USAGE_OF_ME
        assert len(accesses) >= LISTS + SEARCHES + OF_ME, len(accesses)
    return statistics.median(took)


def command(register: Path, member: int, times: int) -> float:
    """Seconds that `soc export` takes, at the median."""
    environment = {**os.environ, "SOC_DB": str(register), "SOC_OPERATOR": "bench", "SOC_LANG": "en"}
    took = []
    for turn in range(times):
        folder = register.with_suffix(f".{turn}")
        words = [sys.executable, "-m", "soc_cli", "export", str(member), "--to", str(folder)]
        took.append(timed(words, environment)[0])
        usage = json.loads((folder / "own-data.json").read_text("utf-8"))["usage"]
        assert len(usage) == USAGE_OF_ME
        shutil.rmtree(folder)
    return statistics.median(took)


Measured = tuple[float, float]
"""Seconds for the gathering alone, and for the command."""


def compare(folder: Path, few: int, many: int, times: int) -> tuple[Measured, Measured, Measured]:
    """The member in the small register, in the big one, and the newest member of the big one."""
    found = []
    for members, mine in ((few, (ME,)), (many, (ME, many))):
        register = folder / f"{members}.db"
        environment = {**os.environ, "SOC_DB": str(register), "SOC_LANG": "en"}
        timed([sys.executable, "-m", "soc_cli", "init", "--quiet"], environment)
        fill(register, members, mine)
        for member in mine:
            found.append((alone(register, member, times), command(register, member, times)))
    small, big, newest = found
    return small, big, newest


def main() -> int:
    """Prints the table; 1 where the command takes more in the big register than it may."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        small, big, newest = compare(Path(name), given.few, given.many, given.times)
    print(f"{'':12} {given.few:>11,} {given.many:>20,} {'the newest of these':>21} members")
    for at, label in enumerate(("gathering", "soc export")):
        first, *others = (one[at] for one in (small, big, newest))
        told = "".join(f"{other * 1000:9.0f} ms {other / first:5.2f} × " for other in others)
        print(f"{label:12} {first * 1000:8.0f} ms {told}")
    return int(any(one[1] > MOST * small[1] for one in (big, newest)))


if __name__ == "__main__":
    raise SystemExit(main())
