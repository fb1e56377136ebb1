"""How fast a member sheet goes in: `soc member import` beside two tools that check nothing.

    python -m tests.bench.import_members [--rows 1000000] [--folder DIR]

makes a CSV of invented members (12 columns, about 190 bytes a row, 3 % of the rows with full-width
digits, half-width kana and the like), in which one row in a hundred thousand of each kind is wrong,
and prints what each tool took in this same run, as ratios, with its peak memory. It fails where a
wrong row got through, or a right one did not.

`.import` fills the register's own member table, with its constraints and indexes, from a file that
holds every stored column ready to be stored; `insert --csv` fills a bare table of texts and numbers
that it makes itself.
"""

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HEADER = (
    "氏名", "フリガナ", "ニックネーム", "メールアドレス", "電話番号", "生年月日", "性別", "郵便番号", "住所", "職業",
    "業種", "入会日",
)  # fmt: skip
SURNAMES = [
    "佐藤",
    "鈴木",
    "髙橋",
    "田中",
    "伊藤",
    "渡邉",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
SYLLABLES = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"
)
GIVEN = "一郎二太健美子恵由香里真翔大輔裕誠拓也陽菜結衣明和幸雄正信勝義久弘隆清秀文武英俊博葵蓮凛"
TOWNS = [
    (code, f"{prefecture}{city}{town}")
    for code, prefecture, city in (("460", "愛知県", "名古屋市中区"), ("530", "大阪府", "大阪市北区"), ("158", "東京都", "世田谷区"), ("060", "北海道", "札幌市中央区"))
    for town in ("栄", "大須", "丸の内", "桜丘町", "若葉", "緑町", "東町", "錦町", "本町", "幸町")
]  # fmt: skip
OCCUPATIONS = [
    "会社員",
    "自営業",
    "公務員",
    "教職員",
    "医師",
    "学生",
    "主婦・主夫",
    "農林漁業",
    "パート・アルバイト",
    "その他",
]
INDUSTRIES = [
    "製造業",
    "情報通信業",
    "小売業",
    "建設業",
    "医療・福祉",
    "運輸業",
    "不動産業",
    "その他",
]
WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789"}

Row = list[str]


def _like(*columns: int) -> Callable[[Row, Row], None]:
    """Makes a row the same as the first one in these columns."""

    def spoil(row: Row, first: Row) -> None:
        for column in columns:
            row[column] = first[column]

    return spoil


def _cell(column: int, change: Callable[[str], str]) -> Callable[[Row, Row], None]:
    """Changes one cell."""

    def spoil(row: Row, _first: Row) -> None:
        row[column] = change(row[column])

    return spoil


_CELLS: tuple[tuple[int, Callable[[str], str]], ...] = (
    (0, lambda _: ""),
    (1, lambda _: "山田"),
    (2, lambda _: "\x1b[31mred"),
    (3, lambda text: text.partition("@")[0] + "@"),
    (3, lambda text: text.replace(".", "..")),
    (4, lambda _: "12345"),
    (5, lambda _: "2019/02/30"),
    (5, lambda _: "2130-01-01"),
    (6, lambda _: "三"),
    (7, lambda _: "12-34567"),
    (8, lambda text: text + "\ufffd"),
    (11, lambda _: "1901-01-01"),
)
WRONG = (*(_cell(column, change) for column, change in _CELLS), _like(2), _like(0, 5))
"""What is planted: a wrong value of each kind, a nickname that is taken, a person who is there twice."""


def rows(number: int, seed: int = 4) -> Iterator[list[str]]:
    """So many invented members, nearly all in canonical form."""
    chance = random.Random(seed)
    pick = chance.choice
    people: set[tuple[str, str]] = set()
    for at in range(number):
        kana = (
            "".join(chance.choices(SYLLABLES, k=4)) + " " + "".join(chance.choices(SYLLABLES, k=3))
        )
        born = f"{chance.randint(1940, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        name = f"{pick(SURNAMES)} {pick(GIVEN)}{pick(GIVEN)}"
        while (name, born) in people:  # who has both in common is one person
            name = f"{pick(SURNAMES)} {pick(GIVEN)}{pick(GIVEN)}{pick(GIVEN)}"
        people.add((name, born))
        code, town = pick(TOWNS)
        row = [
            name, kana, f"nick{at}", f"user{at}@example{at % 50}.jp",
            f"0{pick((70, 80, 90))}-{1000 + at % 9000}-{at // 9000 % 10000:04}", born,
            pick(("男", "女", "")), f"{code}-{chance.randint(0, 9999):04}",
            f"{town}{chance.randint(1, 9)}-{chance.randint(1, 40)}-{at}",
            pick(OCCUPATIONS), pick(INDUSTRIES), f"{chance.randint(2005, 2025)}-04-{chance.randint(1, 28):02}",
        ]  # fmt: skip
        if chance.random() < 0.03:
            row[4], row[7] = row[4].translate(WIDE), "〒" + row[7].translate(WIDE)
            row[5] = "{}年{}月{}日".format(*map(int, born.split("-")))
            row[1] = pick(("ﾀﾅｶ ﾀﾛｳ", "たなか たろう"))
        yield row


def write(path: Path, number: int, wrong_every: int) -> list[int]:
    """The CSV; gives the sheet's numbers of the rows that were made wrong."""
    planted: list[int] = []
    first: Row = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for at, row in enumerate(rows(number), 2):
            kind, beside = (at % wrong_every) // 97, (at % wrong_every) % 97
            first = first or row
            if beside == 0 and kind < len(WRONG) and at > 2:
                WRONG[kind](row, first)
                planted.append(at)
            writer.writerow(row)
    return planted


def timed(
    command: list[str], environment: dict[str, str], given: str = ""
) -> tuple[float, float, bytes]:
    """Seconds, peak memory of the largest process in MB, and what it answered."""
    before = time.perf_counter()
    process = subprocess.Popen(
        ["/usr/bin/env", *command], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(given.encode())
    process.stdin.close()
    answer = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return time.perf_counter() - before, usage.ru_maxrss / scale, answer


def stored_columns(register: Path, target: Path) -> None:
    """What the register holds, as the CSV that `.import` needs to fill the same table."""
    from soc_cli.store import driver

    con = driver.connect(register, 10)
    cursor = con.execute("select * from member order by id")
    with target.open("w", encoding="utf-8", newline="") as file:
        # `.import` has no NULL: what may be empty is given something of the usual length.
        fill = {"left_on": "2026-01-01", "kana": "カ", "interests": "読書", "notice_email": 0, "notice_post": 0, "survey": 1}  # fmt: skip
        names = [column[0] for column in cursor.description]
        csv.writer(file).writerows(
            [fill.get(name, "x") if value is None else value for name, value in zip(names, row, strict=True)]
            for row in cursor
        )  # fmt: skip
    con.close()


def empty_copy(register: Path) -> None:
    """Takes the members out again, so that the table is there with its indexes and nothing in it."""
    from soc_cli.store import driver

    con = driver.connect(register, 10)
    con.execute("delete from member")
    con.execute("vacuum")
    con.execute("pragma wal_checkpoint(truncate)")
    con.close()


_MAKE = """
import json, sys
from pathlib import Path
from tests.bench.import_members import write
print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
"""


def main() -> int:
    """Prints the table; 1 where a wrong row was taken, or a right one was not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--wrong-every", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        return _compare(Path(name), given.rows, given.wrong_every)


def _compare(folder: Path, number: int, wrong_every: int) -> int:
    sheet, register = folder / "members.csv", folder / "register.db"
    # In a process of its own: what it takes would count as the memory of those that are started here.
    made = [sys.executable, "-c", _MAKE, str(sheet), str(number), str(wrong_every)]
    planted = set(json.loads(subprocess.run(made, check=True, stdout=subprocess.PIPE).stdout))
    size = sheet.stat().st_size
    print(
        f"{number:,} rows, {len(HEADER)} columns, {size / number:.0f} bytes a row, {len(planted)} planted wrong"
    )
    environment = {**os.environ, "SOC_DB": str(register), "SOC_OPERATOR": "bench", "SOC_LANG": "en"}
    soc = [sys.executable, "-m", "soc_cli"]
    timed([*soc, "init", "--quiet"], environment)
    seconds, memory, answer = timed([*soc, "member", "import", str(sheet), "--on-error", "skip", "--json"], environment)  # fmt: skip
    report = json.loads(answer)
    told = {problem["row"] for problem in report["problems"]}
    table = [("soc member import", seconds, memory)]

    full, filled = folder / "full.csv", folder / "import.db"
    stored_columns(register, full)
    shutil.copy(register, filled)
    register.unlink()
    empty_copy(filled)
    shell = shutil.which("sqlite3")
    if shell:
        seconds, memory, _ = timed(
            [shell, str(filled)], environment, f".mode csv\n.import {full} member\n"
        )
        table.append(("sqlite3 .import (same table)", seconds, memory))
    filled.unlink()
    full.unlink()
    utils = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "insert",
        str(folder / "utils.db"),
        "member",
        str(sheet),
        "--csv",
    ]
    seconds, memory, _ = timed(utils, environment)
    table.append(("sqlite-utils insert --csv", seconds, memory))

    ours = table[0][1]
    for label, seconds, memory in table:
        print(f"{label:30} {seconds:8.1f} s {seconds / ours:6.2f} × soc {memory:7.0f} MB")
    print(f"read {report['read']:,}, added {report['added']:,}, rejected {report['rejected']}")
    if told != planted or report["added"] != number - len(planted):
        print(f"not told: {sorted(planted - told)}; told for nothing: {sorted(told - planted)}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
