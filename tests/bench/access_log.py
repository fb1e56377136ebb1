"""How fast an access log goes in: `soc usage import-log` beside the parser library alone.

    python -m tests.bench.access_log [--lines 1000000] [--cookies] [--stored 0] [--folder DIR]

takes the real lines of `tests/data/access-log-combined.log.gz` again and again, each time five days
later and from other addresses, and prints in this same run

- apachelogs alone, which makes an object of every line and keeps nothing,
- the import into an empty register, or one with so many visits `--stored`, and its peak memory,
- the same import of a tenth of the lines, for its memory,
- the log once more, of which nothing is new.

With `--cookies` each line ends with a Cookie header, and every tenth cookie is a member's. It fails
where the import is less than half as fast as the library, where it takes more than its memory, or where a
line is not counted.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.bench.import_members import timed
from tests.conftest import DATA

REAL = DATA / "access-log-combined.log.gz"
BROKEN = 1
"""Lines of the real log that are none."""
AT_LEAST = 0.5
"""Lines a second, of the library's alone."""
MOST_MEMORY = 200.0
"""MB, however long the log is: SQLite may hold 64 of them of the register."""
_DAY = re.compile(r"\[(\d\d)/May/2015:")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def lines(number: int, cookies: bool) -> Iterator[str]:
    """So many lines, none of them twice but where the real log has one twice."""
    real = gzip.open(REAL, "rt", encoding="utf-8").read().splitlines()  # noqa: SIM115
    for at in range(number):
        turn, place = divmod(at, len(real))

        def later(found: re.Match[str], turn: int = turn) -> str:
            day = date(2015, 5, int(found[1])) + timedelta(days=5 * turn)
            return f"[{day.day:02}/{_MONTHS[day.month - 1]}/{day.year}:"

        line = _DAY.sub(later, real[place], count=1)
        yield f'{line} "theme=dark; soc=v{at % 5000:05}; _ga=GA1.2"' if cookies else line


def write(path: Path, number: int, cookies: bool) -> None:
    """Writes a log of so many lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines(number, cookies))


_MAKE = """
import sys
from pathlib import Path
from tests.bench.access_log import write
write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True")
"""
_ALONE = """
import sys, time
from apachelogs import COMBINED, InvalidEntryError, LogParser
form = COMBINED + (' "%{Cookie}i"' if sys.argv[2] == "True" else "")
parser = LogParser(form, encoding="utf-8", errors="surrogateescape")
before, taken = time.perf_counter(), 0
with open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as file:
    for line in file:
        try:
            parser.parse(line)
            taken += 1
        except InvalidEntryError:
            pass
print(time.perf_counter() - before)
"""


def fill(register: Path, number: int) -> None:
    """Puts so many visits of earlier years into a register, past the program."""
    from soc_cli.store import driver

    con = driver.connect(register, 10)
    con.execute("pragma cache_size = -65536")
    con.execute("begin")
    con.executemany(
        "insert into usage (at, page, method, status, environment, ip, cookie, digest)"
        " values (?, ?, 'GET', 200, 'Firefox / Windows', ?, ?, ?)",
        (
            (f"20{10 + n * 5 // number}-{1 + n % 12:02}-{1 + n % 28:02}T12:{n % 60:02}:00+09:00", f"/page/{n % 997}", f"192.0.2.{n % 256}", f"old{n % 50_000}", n)
            for n in range(number)
        ),
    )  # fmt: skip
    con.execute("commit")
    con.close()


def main() -> int:
    """Prints the table; 1 where it is too slow, takes too much memory, or counts wrongly."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--stored", type=int, default=0)
    parser.add_argument("--cookies", action="store_true")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        return compare(Path(name), given.lines, given.stored, given.cookies)


def compare(folder: Path, number: int, stored: int = 0, cookies: bool = False) -> int:
    """The benchmark itself, in a folder."""
    log, part, register = folder / "access.log", folder / "part.log", folder / "register.db"
    for path, many in ((log, number), (part, number // 10)):
        made = [sys.executable, "-c", _MAKE, str(path), str(many), str(cookies)]
        subprocess.run(made, check=True)
    print(f"{number:,} lines, {log.stat().st_size / number:.0f} bytes a line")
    environment = {**os.environ, "SOC_DB": str(register), "SOC_OPERATOR": "bench", "SOC_LANG": "en"}

    def begun() -> None:
        for path in folder.glob("register.db*"):
            path.unlink()
        soc("init", "--quiet")
        if stored:
            fill(register, stored)
        if cookies:
            links = folder / "links.csv"
            rows = [f"v{n:05},{1 + n // 10}" for n in range(0, 5000, 10)]
            links.write_text("\n".join(("cookie,member", *rows, "")), "utf-8")
            people = folder / "people.csv"
            people.write_text("\n".join(("name", *(f"見本 {n}" for n in range(500)))), "utf-8")
            soc("member", "import", str(people))
            soc("usage", "link", "--from", str(links))

    def soc(*words: str) -> tuple[float, float, bytes]:
        return timed([sys.executable, "-m", "soc_cli", *words], environment)

    alone = [sys.executable, "-c", _ALONE, str(log), str(cookies)]
    library = float(subprocess.run(alone, check=True, stdout=subprocess.PIPE).stdout)
    begun()
    tenth, little, _answer = soc("usage", "import-log", str(part), "--json")
    begun()
    seconds, much, answer = soc("usage", "import-log", str(log), "--json")
    again, _memory, second = soc("usage", "import-log", str(log), "--json")
    first, once_more = json.loads(answer), json.loads(second)

    ratio = library / seconds
    print(f"{'apachelogs alone':30} {library:7.1f} s {number / library:9,.0f} lines/s")
    print(f"{'soc usage import-log':30} {seconds:7.1f} s {number / seconds:9,.0f} lines/s {ratio:5.2f} × the library {much:6.0f} MB")  # fmt: skip
    print(f"{'of a tenth':30} {tenth:7.1f} s {number / 10 / tenth:9,.0f} lines/s {little:24.0f} MB")
    print(f"{'the same log again':30} {again:7.1f} s {number / again:9,.0f} lines/s")
    broken = number // 10_000 * BROKEN
    wrong = [
        first["read"] != number or first["added"] != number - first["rejected"],
        number % 10_000 == 0 and first["rejected"] != broken,
        once_more["added"] != 0 or once_more["unchanged"] != first["added"],
        cookies and not first["members_visits"],
    ]
    if any(wrong):
        print(f"counted wrongly: {first}, {once_more}")
    return int(any(wrong) or ratio < AT_LEAST or max(little, much) > MOST_MEMORY)


if __name__ == "__main__":
    before = time.perf_counter()
    code = main()
    print(f"{time.perf_counter() - before:.0f} s")
    raise SystemExit(code)
