"""R1: what is erased is gone to the last byte, and the number is never given again."""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from soc_cli.model.keys import Key
from soc_cli.store import driver, maintenance
from tests.conftest import Soc
from tests.store.raw import raw

VALUES = {
    "name": "髙﨑 紗英子", "kana": "タカサキ サエコ", "nickname": "さえぴょん", "email": "saeko.t@example.org",
    "phone": "090-1234-7777", "birth_date": "1971-09-13", "address": "愛知県豊田市トヨタ町1-9-9",
    "occupation": "灯台守", "industry": "海運業", "interests": "凧揚げ",
}  # fmt: skip
KEYS = (
    "高崎紗英子",
    "タカサキサエコ",
    "さえぴょん",
    "サエピョン",
    "+819012347777",
    "愛知県豊田市トヨタ町1/9/9",
)

pytestmark = pytest.mark.both


def forms(values: Iterator[str] | list[str]) -> Iterator[tuple[str, bytes]]:
    for value in values:
        for text in {value, unicodedata.normalize("NFC", value)}:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                yield value, text.encode(encoding)


def found(path: Path, values: list[str]) -> set[str]:
    data = raw(path)
    return {value for value, form in forms(values) if form in data}


def register_and_touch(soc: Soc) -> str:
    """Somebody who is registered, read, corrected and read again."""
    options = [
        part for key, value in VALUES.items() for part in ("--" + key.replace("_", "-"), value)
    ]
    number = soc("member", "add", *options).out.strip()
    soc("member", "show", number)
    soc(
        "member",
        "edit",
        number,
        "--address",
        "愛知県豊田市トヨタ町1-9-10",
        "--occupation",
        "船大工",
    )
    soc("member", "edit", number, "--address", VALUES["address"])
    soc("member", "list", "--json")
    return number


@pytest.fixture
def secure_delete_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the SQLite of other systems is built."""
    connect = driver.connect

    def off(path: Path, wait_seconds: float, key: Key | None = None) -> driver.Connection:
        con = connect(path, wait_seconds, key)
        con.execute("pragma secure_delete = off")
        return con

    monkeypatch.setattr(driver, "connect", off)


@pytest.mark.usefixtures("secure_delete_off_by_default")
def test_r1_no_byte_of_the_erased_is_left(members: Soc, path: Path) -> None:
    number = register_and_touch(members)
    everything = [*VALUES.values(), *KEYS]
    assert found(path, everything) == set(everything) - {VALUES["occupation"]}, "the control"
    members("member", "erase", number, "--yes")
    assert found(path, [*everything, "船大工", "トヨタ町1-9-10"]) == set()
    members("journal", "verify")
    assert members("member", "show", number, ok=False).code == 4
    assert "was erased on" in members("member", "show", number, ok=False).err


@pytest.mark.usefixtures("secure_delete_off_by_default")
def test_the_test_sees_what_vacuum_is_for(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without giving the freed bytes back the test above would fail, so it can."""
    other = driver.connect(path, 1)
    other.execute("select 1 from register").fetchone()
    number = register_and_touch(members)
    monkeypatch.setattr(maintenance, "give_back", lambda _path: None)
    members("member", "erase", number, "--yes")
    assert found(path, [*VALUES.values(), *KEYS])
    other.close()


def test_the_number_of_the_erased_is_never_given_again(members: Soc, tmp_path: Path) -> None:
    members("member", "erase", "SOC-0120", "--yes")
    assert members("member", "add", "--name", "新井 一").out == "SOC-0121\n"
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("会員番号,氏名\nSOC-0120,新井 二\n", "utf-8")
    answer = members("member", "import", sheet, "--json", ok=False)
    assert answer.code == 3
    assert "never given again" in answer.json["problems"][0]["reason"]


def test_erasing_twice_is_told_and_harmless(members: Soc) -> None:
    members("member", "erase", "5", "--yes")
    assert members("member", "erase", "5", "--yes", ok=False).code == 4
    assert len(members("member", "list", "--json").json) == 119


def test_in_a_script_it_takes_a_yes(members: Soc) -> None:
    answer = members("member", "erase", "5", ok=False)
    assert answer.code == 5
    assert "--yes" in answer.err
    assert members("member", "show", "5").code == 0


def test_meetings_keep_their_counts_without_the_person(members: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute("insert into meeting (id, title, date) values (1, 'spring', '2026-04-01')")
    con.execute(
        "insert into declaration (meeting_id, member_id, companions) values (1, 5, 2), (1, 6, 0)"
    )
    con.execute(
        "insert into inquiry (id, received_at, kind, member_id, body) values (1, 'x', 'question', 5, '本文の秘密')"
    )
    con.execute(
        "insert into reply (inquiry_id, replied_at, operator, body) values (1, 'x', 'o', '返信の秘密')"
    )
    con.execute("insert into usage (member_id, at, page) values (5, 'x', '/himitsu')")
    con.close()
    members("member", "erase", "5", "--yes")
    con = driver.connect(path, 1)
    rows = con.execute("select member_id, companions from declaration order by id").fetchall()
    con.close()
    assert [tuple(row) for row in rows] == [(None, 2), (6, 0)]
    assert found(path, ["本文の秘密", "返信の秘密", "/himitsu"]) == set()


def test_with_a_reader_open_it_says_not_yet_and_finishes_when_run_again(
    members: Soc, path: Path
) -> None:
    number = register_and_touch(members)
    reader = driver.connect(path, 1)
    reader.execute("begin")
    reader.execute("select count(*) from member").fetchone()
    answer = members("member", "erase", number, "--yes", ok=False)
    assert answer.code == 1
    assert "not yet erased" in answer.err
    reader.execute("rollback")
    reader.close()
    assert "finished now" in members("member", "erase", number, "--yes").err
    assert found(path, [*VALUES.values(), *KEYS]) == set()
    assert members("member", "erase", number, "--yes", ok=False).code == 4


KILLED = """
import os, signal, sys, threading
timer = threading.Timer(float(sys.argv[1]), lambda: os.kill(os.getpid(), signal.SIGKILL))
timer.daemon = True
timer.start()
from soc_cli.main import execute
sys.exit(execute(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_in_the_middle_of_an_import_it_holds_all_or_nothing(
    club: Soc, path: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "big.csv"
    people = "".join(
        f"会員{i} 太郎,090-1234-{i:04},member{i}@example.jp,1970-01-{i % 28 + 1:02}\n"
        for i in range(9_000)
    )
    sheet.write_text("氏名,電話番号,メールアドレス,生年月日\n" + people, "utf-8")
    outcomes = set()
    for delay in (0.15, 0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 60):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(delay), "member", "import", str(sheet), "-q"],
            capture_output=True, env={**os.environ, "SOC_DB": str(path)}, check=False,
        )  # fmt: skip
        held = len(club("member", "list", "--json").json)
        assert held in (0, 9_000), (delay, done)
        con = driver.connect(path, 1)
        assert con.execute("pragma integrity_check").fetchone()[0] == "ok"
        con.close()
        club("journal", "verify")
        outcomes.add(held)
        if held:
            break
    assert outcomes == {0, 9_000}, "both before and after were seen"
