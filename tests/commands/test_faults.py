"""Each fault with its exit code and its one sentence, and nothing shown or lost."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from soc_cli.model.errors import Interrupted
from soc_cli.store import driver
from tests.conftest import DATA, Soc

unix = pytest.mark.skipif(sys.platform == "win32", reason="rights and signals of Unix")


def test_no_register(soc: Soc) -> None:
    answer = soc("member", "list", ok=False)
    assert answer.code == 4
    assert "soc init" in answer.err


@pytest.mark.parametrize(
    "content", [b"Dear secretary,\n" * 100, b"", b"SQLite format 3\0" + b"\xff" * 2000]
)
def test_not_a_database(soc: Soc, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    answer = soc("member", "list", ok=False)
    assert answer.code == 1
    assert path.read_bytes() == content


def test_a_database_but_not_a_register(soc: Soc, path: Path) -> None:
    con = driver.dbapi2.connect(path)
    con.execute("create table member (id integer)")
    con.close()
    answer = soc("member", "list", ok=False)
    assert answer.code == 1
    assert "not a register" in answer.err


def test_a_folder_instead_of_a_file(soc: Soc, tmp_path: Path) -> None:
    assert soc("--db", tmp_path, "member", "list", ok=False).code == 1


def test_init_refuses_an_existing_file(members: Soc, path: Path) -> None:
    before = path.stat().st_size
    answer = members("init", ok=False)
    assert answer.code == 3
    assert "never overwritten" in answer.err
    assert path.stat().st_size == before


@unix
def test_s1_the_file_is_readable_by_its_owner_alone(members: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute("select 1 from register").fetchone()
    for file in path.parent.glob(path.name + "*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    con.close()


@unix
def test_a_folder_that_can_not_be_written(members: Soc, path: Path, tmp_path: Path) -> None:
    """A read must be recorded, so nothing is shown; run as somebody who may not write there."""
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        shutil.copy(path, folder / "register.db")
        folder.chmod(0o555)
        (folder / "register.db").chmod(0o444)
        command = [
            sys.executable,
            "-m",
            "soc_cli",
            "--db",
            str(folder / "register.db"),
            "member",
            "show",
            "1",
        ]
        if os.geteuid() == 0:  # root may write anywhere, unless it gives that power up
            if not shutil.which("setpriv"):
                pytest.skip("root, and no setpriv")
            powers = "-dac_override,-dac_read_search"
            command = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", *command]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        said = [line for line in done.stderr.splitlines() if not line.startswith("Careful: ")]
        assert len(said) == 1
        assert "can't be written" in done.stderr
    finally:
        folder.chmod(0o755)


@pytest.mark.usefixtures("impatient")
def test_a_locked_file(members: Soc, path: Path) -> None:
    other = driver.connect(path, 1)
    other.execute("begin immediate")
    for command in (
        ("member", "show", "1"),
        ("member", "add", "--name", "a"),
        ("member", "import", DATA / "members-cp932.csv"),
    ):
        answer = members(*command, ok=False)
        assert (answer.code, answer.out) == (1, "")
        assert "another program is using" in answer.err
    other.execute("rollback")
    other.close()


def test_a_damaged_file(members: Soc, path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(8192, len(data) - 4096, 4096):
        data[start : start + 200] = os.urandom(200)
    path.write_bytes(data)
    answer = members("member", "list", ok=False)
    assert answer.code == 1


@pytest.mark.parametrize("day", ["2023-02-31", "1875-01-01", "平成31年5月1日", "2999-01-01"])
def test_an_impossible_date(club: Soc, day: str) -> None:
    answer = club("member", "add", "--name", "a", "--birth-date", day, ok=False)
    assert answer.code == 3
    assert day in answer.err
    assert club("member", "list").out == ""


def test_tomorrow_is_no_birth_date(club: Soc) -> None:
    from datetime import timedelta

    from soc_cli.model.clocks import Clock

    today = Clock().today()
    assert (
        club(
            "member", "add", "--name", "a", "--birth-date", str(today + timedelta(days=1)), ok=False
        ).code
        == 3
    )
    assert club("member", "add", "--name", "a", "--birth-date", str(today)).code == 0


def test_two_people_on_one_nickname(club: Soc) -> None:
    club("member", "add", "--name", "甲 一", "--nickname", "ターボ")
    answer = club("member", "add", "--name", "乙 二", "--nickname", "たーぼ", ok=False)
    assert answer.code == 3
    assert "nickname is taken" in answer.err
    club("member", "add", "--name", "乙 二")
    assert club("member", "edit", "2", "--nickname", "ﾀｰﾎﾞ", ok=False).code == 3


def test_an_ambiguous_member(members: Soc) -> None:
    answer = members("member", "show", "akira.hayashi.4@mail.example.co.jp", ok=False)
    assert answer.code == 4
    assert "SOC-0004, SOC-0005" in answer.err


def test_nobody_of_that_name(members: Soc) -> None:
    for text in ("誰か", "SOC-9999", "999", "", "nobody@example.jp"):
        assert members("member", "show", text, ok=False).code == 4


def test_no_terminal_to_ask_on(club: Soc) -> None:
    answer = club("member", "add", ok=False)
    assert answer.code == 2
    assert "--name" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("membr",), ("member", "shw"), ("member", "show"), ("member", "show", "1", "--nosuch"), ("member", "list", "--format", "xml"),
        ("member", "list", "--for", "curiosity"), ("member", "list", "--sort", "age"), ("member", "list", "--limit", "x"),
        (), ("member",), ("export", "1"), ("--lang", "fr", "path"),
    ],
)  # fmt: skip
def test_wrong_use(members: Soc, arguments: tuple[str, ...]) -> None:
    from soc_cli.main import execute

    assert execute(list(arguments)) == 2


def test_a_planted_read_outside_its_purpose_is_refused_and_on_record(
    members: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.store import members as store

    monkeypatch.setattr(
        store, "listed",
        lambda register, *_rest: register.read("select id, birth_date from soc_category_contact", member="id"),
    )  # fmt: skip
    answer = members("member", "list", ok=False)
    assert (answer.code, answer.out) == (5, "")
    last = members("journal", "list", "--json").json[-1]
    assert (last["outcome"], last["purpose"], last["categories"], last["command"]) == (
        "refused",
        "contact",
        ["contact"],
        "member list",
    )
    members("journal", "verify")


def test_an_unforeseen_error_tells_its_kind_and_no_data(
    members: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.operations import members as operations

    def broken(*_arguments: object) -> None:
        raise KeyError("髙﨑 壮 1999-04-28")

    monkeypatch.setattr(operations, "show", broken)
    for debug in ("", "1"):
        monkeypatch.setenv("SOC_DEBUG", debug)
        from soc_cli.main import execute

        assert execute(["member", "show", "7"]) == 1
        err = members.capsys.readouterr().err
        assert "KeyError" in err
        assert "髙﨑" not in err
        assert ("operations" in err or "member.py" in err) == bool(debug)


@unix
def test_interrupted(members: Soc, monkeypatch: pytest.MonkeyPatch) -> None:
    from soc_cli.store import members as store

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "insert", interrupted)
    assert members("member", "add", "--name", "a", ok=False).code == 130
    assert len(members("member", "list", "--json").json) == 120


def test_soc_today_sets_the_day_of_a_sample_alone(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.model.clocks import Clock

    monkeypatch.setenv("SOC_TODAY", "2030-01-01")
    members("member", "show", "1")
    assert members("journal", "list", "--json").json[-1]["at"][:4] == str(Clock().today().year)
    con = driver.connect(path, 1)
    con.execute("update register set value = 'yes' where key = 'sample'")
    con.close()
    members("member", "show", "1")
    assert members("journal", "list", "--json").json[-1]["at"] == "2030-01-01T12:00:00+09:00"
    monkeypatch.setenv("SOC_TODAY", "soon")
    assert members("member", "show", "1", ok=False).code == 2


def test_ctrl_c_within_a_function_that_sqlite_calls_is_ctrl_c(
    members: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would take it for a fault of the function; what it was is told, and nothing was kept."""
    from soc_cli import main
    from soc_cli.model import marks

    members("member", "refuse", "3", "--rule", "x", "--reason", "y", "--yes")
    before = members("journal", "head").out
    words = ("member", "refuse", "4", "--rule", "x", "--reason", "y", "--yes")
    with monkeypatch.context() as patch:
        patch.setattr(marks, "mark", lambda *_words: main._break_off())
        answer = members(*words, ok=False)
    assert (answer.code, answer.err) == (130, f"soc: {Interrupted().sentence()}\n")
    assert members("journal", "head").out == before
    members(*words)
