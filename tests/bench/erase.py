"""What erasing one of many members costs beside the rewriting of the file alone.

    python -m tests.bench.erase [--members 100000] [--times 3] [--folder DIR]

makes a register of invented members (those of `tests.bench.import_members`) with usage, inquiries
and a backup, and prints the median seconds of `soc member erase` of one of them, as a ratio to
VACUUM and the emptying of the log alone on a copy of the same file, in the same run. The rest is the
start of the program, the deletion, the erasure lists and the certificate. It fails where the name
or the mailbox of the erased is still in the file.
"""

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.import_members import HEADER, rows

_VACUUM = """
import sys, time
from pathlib import Path
from soc_cli.store import driver
con = driver.connect(Path(sys.argv[1]), 10)
con.execute("pragma secure_delete = on")
con.execute("pragma temp_store = memory")
started = time.perf_counter()
con.execute("vacuum")
con.execute("pragma wal_checkpoint(truncate)")
print(time.perf_counter() - started)
"""


def fill(register: Path, folder: Path, members: int, soc: Callable[..., str]) -> None:
    """A register of so many members, five rows of usage and a tenth of an inquiry each, and a backup."""
    from soc_cli.store import driver

    sheet = folder / "members.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((HEADER, *rows(members)))
    soc("init", "--quiet")
    soc("member", "import", str(sheet), "--quiet")
    sheet.unlink()
    con = driver.connect(register, 10)
    con.execute("begin")
    con.executemany(
        "insert into usage (member_id, at, page, environment, ip, cookie) values (?, ?, ?, ?, ?, ?)",
        (
            (1 + at % members, "2026-01-01T12:00:00", f"/page{at % 97}", "Mozilla/5.0", "192.0.2.1", f"c{at}")
            for at in range(5 * members)
        ),
    )  # fmt: skip
    con.executemany(
        "insert into inquiry (member_id, received_at, kind, body) values (?, '2026-01-01T12:00', 'question', ?)",
        ((member, f"body {member} " * 20) for member in range(1, members + 1, 10)),
    )
    con.execute("commit")
    con.close()
    soc("backup", str(folder / "backup.db"), "--quiet")


def main() -> int:
    """Prints the table; 1 where a trace of somebody erased is left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        return _compare(Path(name), given.members, given.times)


def _compare(folder: Path, members: int, times: int) -> int:
    register, copy = folder / "register.db", folder / "copy.db"
    environment = {**os.environ, "SOC_DB": str(register), "SOC_OPERATOR": "bench", "SOC_LANG": "en"}

    def soc(*words: str) -> str:
        command = [sys.executable, "-m", "soc_cli", *words]
        return subprocess.run(command, env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout  # fmt: skip

    fill(register, folder, members, soc)
    print(f"{members:,} members, {register.stat().st_size / 1e6:.0f} MB")
    erasing: list[float] = []
    vacuum: list[float] = []
    left: set[str] = set()
    for at in range(times):
        shutil.copy(register, copy)
        done = subprocess.run([sys.executable, "-c", _VACUUM, str(copy)], check=True, stdout=subprocess.PIPE)  # fmt: skip
        vacuum.append(float(done.stdout))
        copy.unlink()
        member = members // 2 + at
        mailbox = f"user{member - 1}@"
        assert mailbox.encode() in register.read_bytes(), "the control"
        started = time.perf_counter()
        soc("member", "erase", str(member), "--yes", "--quiet")
        erasing.append(time.perf_counter() - started)
        if mailbox.encode() in b"".join(f.read_bytes() for f in folder.glob("register.db*")):
            left.add(mailbox)
    alone = statistics.median(vacuum)
    for label, seconds in (("VACUUM alone", alone), ("soc member erase", statistics.median(erasing))):  # fmt: skip
        print(f"{label:20} {seconds:8.2f} s {seconds / alone:6.2f} × VACUUM")
    if left:
        print(f"left in the file: {sorted(left)}")
    return bool(left)


if __name__ == "__main__":
    raise SystemExit(main())
