"""Finding somebody among many: `python -m tests.bench.find_members`, as a ratio to a bare LIKE scan.

Makes an invented register (`tests.bench.import_members`), and in one process, on the same file, times
what `soc member find` does against `select … where name like '%…%'` over one column without an
index. The median of several runs each; fails where a search takes more than `--at-most` times the
scan. What is found is checked against that scan.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jaconv

from soc_cli.model.clocks import Clock
from soc_cli.operations import members, registers
from soc_cli.policy import form
from soc_cli.store import driver
from soc_cli.store.register import Register, Run
from tests.bench.import_members import Row, rows, write

RUNS = 7


def searches(one: Row) -> dict[str, tuple[str, str, str]]:
    """What is searched: the column that the scan goes through, the text as stored, and as typed."""
    return {
        "name": ("name", one[0], one[0].replace(" ", "　")),
        "reading": ("kana", one[1][:4], jaconv.kata2hira(one[1][:4])),
        "phone": ("phone", one[4][4:], one[4][4:]),
        "e-mail": ("email", one[3].split("@")[0] + "@", one[3].split("@")[0].upper() + "@"),
        "address": ("address", one[8][-16:], one[8][-16:]),
    }


def median(do: Callable[[], object]) -> float:
    """Seconds, of several runs after a first one that is not counted."""
    do()
    taken = []
    for _run in range(RUNS):
        before = time.perf_counter()
        do()
        taken.append(time.perf_counter() - before)
    return statistics.median(taken)


def main() -> int:
    """Prints the table; 1 where a search is too slow or finds somebody else."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--at-most", type=float, default=1.5)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        return _compare(Path(name), given.rows, given.at_most)


def _compare(folder: Path, number: int, at_most: float) -> int:
    path, sheet = folder / "register.db", folder / "members.csv"
    policy, run = form.packaged(), Run("bench", "bench", Clock(date(2026, 11, 22)))
    registers.make(path, policy, run)
    write(sheet, number, number + 1)
    words = ["--db", str(path), "--operator", "bench", "member", "import", str(sheet), "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "soc_cli", *words, "--on-error", "skip"],
        check=False,  # some rows are wrong, which is another benchmark's
        capture_output=True,
    )
    print(f"{number:,} members")
    slow = False
    con = driver.connect(path, 10)
    con.execute("pragma cache_size = -65536")
    with Register.open(path, policy, run, "contact") as register:
        for label, (column, stored, typed) in searches(list(rows(number // 2))[-1]).items():
            scan = f"select id from member where {column} like '%{stored}%' and +id > 0"
            seen = {row["id"] for row in con.execute(scan)}
            hits = {int(one["number"][4:]) for one in members.find(register, typed)}  # type: ignore[index]
            bare = median(lambda sql=scan: con.execute(sql).fetchall())  # type: ignore[misc]
            ours = median(lambda text=typed: list(members.find(register, text)))  # type: ignore[misc]
            print(f"find by {label:8} {ours * 1000:8.1f} ms, bare LIKE {bare * 1000:8.1f} ms: {ours / bare:5.2f} times; {len(hits)} found")  # fmt: skip
            slow |= ours > at_most * bare
            if not seen <= hits:  # blanks and spellings aside, there may be more
                print(f"found {sorted(hits)[:5]}, the scan {sorted(seen)[:5]}")
                slow = True
    con.close()
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
