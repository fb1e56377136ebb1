"""What a command costs among a million members, against a thousand: `python -m tests.bench.scale`.

Two registers of invented members, a small one and a big one, in which everybody has five rows of usage
and an inquiry. Both hold the same member with the same data, and a journal in which as many entries
name the member: lists of everybody, searches that found a third of them at random, and the member's own.
Each command is a process of its own; what counts is the fastest of a few, in milliseconds and as a ratio
to the same command in the small register.

But for erase, backup and check, which go through the whole file, and for a list, which is about
many, nothing that touches one member may take more than `--at-most` times as long. It fails where one
does, and where a command says something wrong.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from soc_cli.store import driver
from tests.bench.readme import put
from tests.bench.timing import run

ME = 901
USAGE = 5
LISTS, SEARCHES, OF_ME = 20, 20, 50
"""Entries of the journal that name everybody, a third of the members, and the member alone."""

ONE, MANY, WHOLE = "one member", "many members", "the whole file"

RECIPIENT = (
    "--recipient",
    "見本署",
    "--recipient-address",
    "刈谷市",
    "--recipient-representative",
    "見本 三",
)
AUTHORITY = (
    "--kind", "inquiry", "--law", "刑事訴訟法", "--article", "197条2項", "--authority", "見本署", "--officer", "見本 三",
    "--document-number", "第1号", "--document-date", "令和8年10月1日", "--called-back", "代表番号",
)  # fmt: skip

COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "member show": (ONE, ("member", "show", str(ME))),
    "member show NICKNAME": (ONE, ("member", "show", f"nick{ME}")),
    "member find (phone)": (MANY, ("member", "find", f"+819012{ME:06}")),
    "member find (name)": (MANY, ("member", "find", f"会員{ME}号")),
    "member list, filtered": (MANY, ("member", "list", "--for", "contact", "--joined-from", "2025-01-01")),
    "member edit": (ONE, ("member", "edit", str(ME), "--occupation", "会社員 {turn}", "-q")),
    "member history": (ONE, ("member", "history", str(ME))),
    "member verify": (ONE, ("member", "verify", str(ME), "--name", f"会員 {ME}号", "--birth-date", "1970-04-01")),
    "member refuse": (ONE, ("member", "refuse", "2{turn}", "--rule", "会則第5条", "--reason", "迷惑行為", "--yes", "-q")),
    "inquiry log": (ONE, ("inquiry", "log", "--member", str(ME), "--kind", "question", "--body", "本文 {turn}")),
    "inquiry show": (ONE, ("inquiry", "show", "1")),
    "consent list": (ONE, ("consent", "list")),
    "export": (ONE, ("export", str(ME), "--to", "{folder}/own-{turn}")),
    "disclosure record": (
        ONE,
        ("disclosure", "record", "--ground", "authority", "--items", "name,phone", "--member", str(ME),
         "--to", "{folder}/given-{turn}.csv", *RECIPIENT, *AUTHORITY),
    ),
    "completion": (ONE, ()),
    "backup": (WHOLE, ("backup", "{folder}/backup-{turn}.db", "-q")),
    "check": (WHOLE, ("check",)),
    "journal verify": (WHOLE, ("journal", "verify")),
    "member erase": (WHOLE, ("member", "erase", "{erased}", "--yes", "-q")),
}  # fmt: skip
"""What is measured: what it is about, and its words."""

EXPECTED = {"member verify": (0, 5), "check": (0, 1, 3, 5)}
"""Exit codes that are right, where that is not 0 alone: invented registers have findings."""


def fill(register: Path, members: int) -> None:
    """So many members with usage, an inquiry each, a meeting and a journal; past the program, as it is quick."""
    con = driver.connect(register, 10)
    con.execute("pragma synchronous = off")
    con.execute("begin")
    con.executemany(
        "insert into member (id, name, name_key, nickname, nickname_key, email, email_key, phone, phone_key,"
        " birth_date, postal_code, address, address_key, joined_on)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, '1970-04-01', '448-0007', ?, ?, ?)",
        _members(members),
    )
    con.executemany(
        "insert into usage (member_id, at, page, method, status, environment, ip, cookie)"
        " values (?, ?, ?, 'GET', 200, 'Mozilla/5.0', '192.0.2.1', ?)",
        (
            (n, f"2026-{1 + turn:02}-01T10:00:00+09:00", f"/page/{turn}", f"c{n}")
            for turn in range(USAGE)
            for n in range(1, members + 1)
        ),
    )
    con.executemany(
        "insert into inquiry (member_id, received_at, kind, body)"
        " values (?, '2026-01-01T10:00:00+09:00', 'question', '本文')",
        ((n,) for n in range(1, members + 1)),
    )
    con.execute("insert into meeting (id, title, date) values (1, '春', '2026-04-12')")
    con.executemany(
        "insert into declaration (meeting_id, member_id, declared_on) values (1, ?, '2026-04-01')",
        ((n,) for n in range(1, members + 1, 10)),
    )
    con.execute("commit")
    con.close()
    _write_journal(register, members)


def _members(members: int) -> Iterator[tuple[object, ...]]:
    for n in range(1, members + 1):
        # A name in which no other's number is found as a part.
        name, town = f"会員 {n}号", f"愛知県刈谷市東境町{n}"
        # Five of them joined last year, however many there are.
        joined = "2025-04-01" if 5 <= n < 10 else "2010-04-01"
        mail = f"m{n}@example.jp"
        yield (
            n, name, f"会員{n}号", f"nick{n}", f"nick{n}", mail, mail, f"090-12{n // 10000:02}-{n % 10000:04}",
            f"+819012{n:06}", town, town, joined,
        )  # fmt: skip


def _write_journal(register: Path, members: int) -> None:
    """The entries, written by the program's own journal, so that it verifies."""
    from soc_cli.model.journal import Entry
    from soc_cli.store import journal

    con = driver.connect(register, 10)
    con.execute("begin")
    stamp = journal.Stamp("2026-01-01T10:00:00+09:00", "bench", "contact", "member list")
    chance, everybody = random.Random(1), range(1, members + 1)
    for at in range(max(LISTS, SEARCHES, OF_ME)):
        if at < LISTS:
            journal.append(con, stamp, Entry("read", everybody, ("contact",)))
        if at < SEARCHES:
            found = sorted({*chance.sample(everybody, members // 3), ME})
            journal.append(con, stamp, Entry("read", found, ("contact",)))
        if at < OF_ME:
            journal.append(con, stamp, Entry("read", (ME,), ("contact",)))
        for other in range(10, 10 + members // 1000):
            journal.append(con, stamp, Entry("read", (other,), ("contact",)))
    con.execute("commit")
    con.execute("pragma wal_checkpoint(truncate)")
    con.close()


class Measured:
    """One register that commands are run on, each in a process of its own."""

    def __init__(self, folder: Path, members: int) -> None:
        """Makes and fills the register."""
        self.folder, self.members = folder / str(members), members
        self.folder.mkdir()
        self.register = self.folder / "register.db"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SOC_"))} | {
            "SOC_DB": str(self.register), "SOC_OPERATOR": "bench", "SOC_LANG": "en", "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }  # fmt: skip
        self.erased = members
        run([sys.executable, "-m", "soc_cli", "init", "-q"], self.environment)
        fill(self.register, members)

    def seconds(self, line: str, times: int, cpu: bool) -> float:
        """The fastest of so many runs of a line of the table. Raises RuntimeError where it goes wrong."""
        words = COMMANDS[line][1]
        asking = {
            "_SOC_COMPLETE": "complete_bash",
            "COMP_WORDS": "soc member show SOC-090",
            "COMP_CWORD": "3",
        }
        taken = []
        for turn in range(times):
            said = [
                word.format(folder=self.folder, turn=turn, erased=self.erased) for word in words
            ]  # fmt: skip
            self.erased -= line == "member erase"
            around = self.environment if words else {**self.environment, **asking}
            seconds, done = run([sys.executable, "-m", "soc_cli", *said], around, cpu)
            taken.append(seconds)
            if done.returncode not in EXPECTED.get(line, (0,)):
                raise RuntimeError(f"{line}: {done.returncode} {done.stderr.decode()}")
            for left in self.folder.glob("backup-*"):
                left.unlink()
        return min(taken)


def compare(
    folder: Path,
    few: int,
    many: int,
    times: int,
    cpu: bool,
    told: Callable[[str, float, float], None],
) -> tuple[dict[str, float], str]:
    """Measures each command in both registers; gives the ratios, and how big the big one is."""
    small, big = Measured(folder, few), Measured(folder, many)
    size = big.register.stat().st_size
    found = {}
    for line, (about, _words) in COMMANDS.items():
        runs = 1 if about == WHOLE else times
        one, other = (register.seconds(line, runs, cpu) for register in (small, big))
        told(line, one, other)
        found[line] = other / one
    said = f"{many:,} members, {USAGE * many:,} rows of usage, {many:,} inquiries: {size / 1e6:,.0f} MB."
    return found, said


def main() -> int:
    """Prints the table; 1 where a command about one member grows with their number."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument(
        "--cpu", action="store_true", help="count processor time, on a machine that is busy"
    )
    parser.add_argument("--at-most", type=float, default=1.5)
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()

    lines = [
        f"| | about | {given.few:,} members, ms | {given.many:,} members, ms | ratio |",
        "|---|---|---:|---:|---:|",
    ]
    print("\n".join(lines), flush=True)

    def told(line: str, one: float, other: float) -> None:
        row = f"| `{line}` | {COMMANDS[line][0]} | {one * 1000:.0f} | {other * 1000:,.0f} | {other / one:.2f} |"
        lines.append(row)
        print(row, flush=True)

    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        assert shutil.disk_usage(name).free > 6000 * given.many, "too little room for the registers"
        found, size = compare(Path(name), given.few, given.many, given.times, given.cpu, told)
    print(size)
    if given.readme:
        put("scale", [size, "", *lines])
    grown = [
        line for line, ratio in found.items() if COMMANDS[line][0] == ONE and ratio > given.at_most
    ]
    if grown:
        print(f"grows with the number of members: {', '.join(grown)}", file=sys.stderr)
    return bool(grown)


if __name__ == "__main__":
    raise SystemExit(main())
