"""S1, R1: backups are whole, and restored they bring nobody back who was erased since."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from soc_cli.model import newfile
from soc_cli.store import driver, erasurelist, maintenance
from tests.conftest import Soc
from tests.make_sample import SAMPLE
from tests.store import raw
from tests.store.raw import found

pytestmark = pytest.mark.both
unix = pytest.mark.skipif(sys.platform == "win32", reason="rights and signals of Unix")

SOMEBODY = "秘密の名前 某"


@pytest.fixture
def backed(members: Soc, tmp_path: Path) -> Soc:
    """A register with a backup in which somebody is who was erased since, and an outsider too."""
    members("member", "add", "--name", SOMEBODY, "--occupation", "灯台守")
    members("inquiry", "log", "--from-name", "外の人", "--body", "外からの相談")
    members("backup", tmp_path / "backup.db")
    members("member", "erase", "121", "--yes")
    members("inquiry", "erase", "1", "--yes")
    return members


def test_a_backup_is_whole_private_and_on_record(members: Soc, path: Path, tmp_path: Path) -> None:
    answer = members("backup", tmp_path / "backup.db")
    backup = tmp_path / "backup.db"
    assert answer.out == f"{backup}\n"
    if os.name == "posix":
        for file in (backup, erasurelist.beside(backup)):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("backup.db-*")), "no log beside it"
    assert not list(tmp_path.glob(".soc-*"))
    con = raw.connect(backup)
    assert con.execute("select count(*) from member").fetchone() == (120,)
    assert con.execute("select act from journal order by number desc").fetchone() == ("backup",)
    assert con.execute("select kind, path, members from written").fetchall() == [
        ("backup", str(backup), "1-120")
    ]
    con.close()
    members("--db", backup, "journal", "verify")


@unix
def test_it_is_private_before_any_byte_is_in_it(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    connect = driver.connect

    def watched(path: Path, wait: float, key: object = None) -> driver.Connection:
        seen.extend(
            (f.stat().st_size, stat.S_IMODE(f.stat().st_mode)) for f in tmp_path.glob(".soc-*")
        )
        return connect(path, wait, key)  # type: ignore[arg-type]

    monkeypatch.setattr(driver, "connect", watched)
    before = os.umask(0)
    try:
        members("backup", tmp_path / "backup.db")
    finally:
        os.umask(before)
    assert (0, 0o600) in seen
    assert {mode for _size, mode in seen} == {0o600}


def test_a_corrected_value_does_not_go_along(members: Soc, tmp_path: Path) -> None:
    members("member", "edit", "1", "--occupation", "前の職業の名")
    members("member", "edit", "1", "--occupation", "今の職業の名")
    members("backup", tmp_path / "backup.db")
    there = found(tmp_path / "backup.db", ["前の職業の名", "今の職業の名"])
    assert there == {"今の職業の名"}


def test_generations(members: Soc, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    strangers = "not ours.db"
    names: list[str] = []
    for made in range(4):
        names.append(Path(members("backup", folder, "--keep", "2").out.strip()).name)
        (folder / strangers).write_text("x")
        kept = names[-2:]
        left = {file.name for file in folder.iterdir()}
        assert left == {strangers, *kept, *(f"{name}.erased" for name in kept)}, made
    assert members("backup", folder / strangers, ok=False).code == 3, (
        "an existing file is not written over"
    )


def test_a_backup_that_can_not_be_written_is_taken_back(members: Soc, tmp_path: Path) -> None:
    answer = members("backup", tmp_path / "nowhere" / "backup.db", ok=False)
    assert answer.code == 1
    acts = [e["act"] for e in members("journal", "list", "--last", "2", "--json").json]
    assert acts == ["backup", "take-back"]
    con = raw.connect(tmp_path / "register.db")
    assert con.execute("select count(*) from written").fetchone() == (0,)
    con.close()


def test_a_damaged_register_gives_no_backup(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "damage", lambda _path: ["row 3 missing from index x"])
    answer = members("backup", tmp_path / "backup.db", ok=False)
    assert answer.code == 1
    assert "can't be relied on" in answer.err
    assert not (tmp_path / "backup.db").exists()
    assert not list(tmp_path.glob(".soc-*"))


def test_r1_the_erased_do_not_come_back(backed: Soc, path: Path, tmp_path: Path) -> None:
    backup, new = tmp_path / "backup.db", tmp_path / "elsewhere" / "new.db"
    assert found(backup, [SOMEBODY, "灯台守", "外からの相談"]) == {SOMEBODY, "灯台守", "外からの相談"}  # fmt: skip
    answer = backed("restore", backup, "--to", new)
    assert answer.out == f"{new}\n"
    assert "2 erasures since the backup were done again" in answer.err
    assert found(new, [SOMEBODY, "灯台守", "外の人", "外からの相談"]) == set()
    gone = backed("--db", new, "member", "show", "121", ok=False)
    assert (gone.code, "was erased on" in gone.err) == (4, True)
    assert "was erased on" in backed("--db", new, "inquiry", "erase", "1", "--yes", ok=False).err
    assert len(backed("--db", new, "member", "list", "--json").json) == 120
    backed("--db", new, "journal", "verify")
    backed("--db", new, "check")
    assert erasurelist.beside(new).exists()
    assert backed("--db", new, "member", "add", "--name", "新井 一").out == "SOC-0122\n"
    assert backed("--db", new, "inquiry", "log", "--from-name", "a", "--body", "b").out == "2\n"


def test_r1_a_number_given_and_erased_after_the_backup_is_not_given_again(
    backed: Soc, tmp_path: Path
) -> None:
    backed("member", "add", "--name", "後の 人")
    backed("member", "erase", "122", "--yes")
    new = tmp_path / "new.db"
    backed("restore", tmp_path / "backup.db", "--to", new)
    assert "was erased on" in backed("--db", new, "member", "show", "122", ok=False).err
    assert backed("--db", new, "member", "add", "--name", "新井 一").out == "SOC-0123\n"


def test_a_restored_register_is_brought_up_to_its_list_by_a_second_restore(
    backed: Soc, tmp_path: Path
) -> None:
    """The list of one register holds what all its copies knew."""
    new, newer = tmp_path / "new.db", tmp_path / "newer.db"
    backed("restore", tmp_path / "backup.db", "--to", new)
    backed("--db", new, "member", "erase", "7", "--yes")
    backed("restore", tmp_path / "backup.db", "--to", newer, "--erasure-list", f"{new}.erased")
    assert backed("--db", newer, "member", "show", "7", ok=False).code == 4
    assert backed("--db", newer, "member", "show", "121", ok=False).code == 4


def test_without_a_list_it_is_refused_unless_said(backed: Soc, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(tmp_path / "backup.db", alone)
    answer = backed("restore", alone / "backup.db", "--to", alone / "new.db", ok=False)
    assert answer.code == 5
    assert not (alone / "new.db").exists()
    backed("restore", alone / "backup.db", "--to", alone / "new.db", "--without-erasure-list")
    assert (
        backed("--db", alone / "new.db", "member", "show", "121", "--json").json["name"] == SOMEBODY
    )


def test_a_foreign_or_broken_list_is_refused(backed: Soc, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    backed("--db", other, "init")
    backed("--db", other, "member", "add", "--name", "a")
    backed("--db", other, "member", "erase", "1", "--yes")
    new = tmp_path / "new.db"
    restore = ("restore", tmp_path / "backup.db", "--to", new, "--erasure-list")
    answer = backed(*restore, f"{other}.erased", ok=False)
    assert (answer.code, "another register" in answer.err) == (5, True)
    broken = tmp_path / "broken.erased"
    good = erasurelist.beside(tmp_path / "backup.db").read_text("utf-8")
    head = json.loads(good.splitlines()[0])
    for text in (
        "", "{}", "[1]\n", "x", good + "{}\n", good + '{"member": 0, "on": "2026-01-01"}\n', good + '{"member": 3}\n',
        good + '{"member": 3, "on": "tomorrow"}\n', good + '{"cat": 3, "on": "2026-01-01"}\n',
        json.dumps({**head, "format": "soc-erased/2"}), json.dumps({**head, "highest": {"member": -1, "inquiry": 0}}),
    ):  # fmt: skip
        broken.write_text(text, "utf-8")
        answer = backed(*restore, broken, ok=False)
        assert (answer.code, "is no erasure list" in answer.err) == (3, True), text
    assert backed(*restore, tmp_path / "none", ok=False).code == 4
    assert not new.exists()


def test_an_existing_register_is_replaced_only_by_force_and_yes(
    backed: Soc, path: Path, tmp_path: Path
) -> None:
    backed("member", "erase", "8", "--yes")
    erasurelist.beside(path).unlink()
    erasurelist.beside(tmp_path / "backup.db").unlink()
    before = path.read_bytes()
    assert backed("restore", tmp_path / "backup.db", ok=False).code == 3
    assert backed("restore", tmp_path / "backup.db", "--force", ok=False).code == 5
    assert path.read_bytes() == before
    # The register that is there knows of its erasures itself, without any list.
    backed("member", "edit", "7", "--occupation", "灯台守")
    answer = backed("restore", tmp_path / "backup.db", "--force", "--yes")
    assert "Since this backup 1 change was made" in answer.err
    assert backed("member", "show", "8", ok=False).code == 4
    assert len(backed("member", "list", "--json").json) == 119
    assert found(path, [SOMEBODY]) == set()


def test_a_register_in_use_or_another_one_is_not_replaced(
    backed: Soc, path: Path, tmp_path: Path
) -> None:
    restore = ("restore", tmp_path / "backup.db", "--force", "--yes")
    reader = driver.connect(path, 1)
    reader.execute("begin")
    reader.execute("select count(*) from member").fetchone()
    answer = backed(*restore, ok=False)
    assert (answer.code, "another program is using" in answer.err) == (1, True)
    reader.close()
    other = tmp_path / "other.db"
    backed("--db", other, "init")
    answer = backed("--db", other, *restore, ok=False)
    assert (answer.code, "another register" in answer.err) == (5, True)


def test_a_damaged_register_is_replaced_and_its_log_does_not_outlive_it(
    backed: Soc, path: Path, tmp_path: Path
) -> None:
    path.write_bytes(b"\xff" * 8192)
    Path(f"{path}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\xff" * 4096)
    backed("restore", tmp_path / "backup.db", "--force", "--yes")
    assert len(backed("member", "list", "--json").json) == 120
    backed("journal", "verify")


def test_what_is_no_backup_is_told(backed: Soc, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    text = tmp_path / "text.db"
    text.write_text("Dear secretary,\n" * 100)
    foreign = tmp_path / "foreign.db"
    con = driver.dbapi2.connect(foreign)
    con.execute("create table t (a)")
    con.close()
    for file, code in ((tmp_path / "none.db", 4), (text, 1), (foreign, 1)):
        assert backed("restore", file, "--to", new, ok=False).code == code
    data = bytearray((tmp_path / "backup.db").read_bytes())
    for at in range(8192, len(data), 4096):
        data[at : at + 64] = os.urandom(64)
    (tmp_path / "backup.db").write_bytes(data)
    assert backed("restore", tmp_path / "backup.db", "--to", new, ok=False).code == 1
    assert not new.exists()
    assert not list(tmp_path.glob(".soc-*"))


def test_a_backup_of_before_the_list_is_restored_with_it(
    backed: Soc, path: Path, tmp_path: Path
) -> None:
    """A plain copy made of an older form of the register: it knows no erased inquiries."""
    backup = tmp_path / "backup.db"
    con = raw.connect(backup)
    con.executescript(
        "drop table written; drop table backup; drop table erased_inquiry;"
        "drop table guest; drop table erased_guest;"
        "alter table declaration drop column waiting; alter table meeting drop column fee;"
        "alter table meeting drop column deadline_time; alter table meeting drop column revision;"
        "delete from _sqlite_migrations where name in ('0011_written_files', '0013_meetings')"
    )
    con.close()
    backed("restore", backup, "--to", tmp_path / "new.db")
    assert backed("--db", tmp_path / "new.db", "member", "show", "121", ok=False).code == 4


KILLED = """
import os, signal, sys
from soc_cli.store import maintenance
from soc_cli.main import execute
def dies(*_a): os.kill(os.getpid(), signal.SIGKILL)
setattr(maintenance, sys.argv[1], dies)
sys.exit(execute(sys.argv[2:]))
"""


@unix
@pytest.mark.parametrize("at", ["copy", "apply_steps", "give_back", "fault", "_let_go"])
def test_killed_in_the_middle_there_is_no_register_under_the_name(
    backed: Soc, path: Path, tmp_path: Path, at: str
) -> None:
    before = path.read_bytes()
    new = tmp_path / "new.db"
    target = ["--force", "--yes"] if at == "_let_go" else ["--to", str(new)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, at, "restore", str(tmp_path / "backup.db"), *target],
        env={**os.environ, "SOC_DB": str(path)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done
    assert not new.exists()
    assert path.read_bytes() == before
    backed("journal", "verify")


def test_backups_out_of_reach_are_named(backed: Soc, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    backed("backup", shelf / "far.db")
    backed("backup", shelf / "thrown-away.db")
    (shelf / "thrown-away.db").unlink()
    shelf.rename(tmp_path / "taken-away")
    answer = backed("member", "erase", "9", "--yes")
    assert "far.db is out of reach" in answer.err
    (tmp_path / "taken-away").rename(shelf)
    answer = backed("member", "erase", "10", "--yes")
    assert "far.db is out of reach" not in answer.err
    assert "thrown-away.db is out of reach" in answer.err
    backed("backup", "--gone", shelf / "thrown-away.db")
    assert "out of reach" not in backed("member", "erase", "11", "--yes").err
    assert backed("backup", "--gone", shelf / "thrown-away.db", ok=False).code == 4
    known = erasurelist.read(shelf / "far.db.erased")
    assert {("member", 9), ("member", 10)} <= known.erased.keys()
    assert known.highest == {"member": 121, "inquiry": 1, "guest": 0}


def test_the_list_holds_numbers_and_days_only(backed: Soc, path: Path) -> None:
    lines = erasurelist.beside(path).read_text("utf-8").splitlines()
    head, *rest = map(json.loads, lines)
    assert head.keys() == {"format", "register", "at", "highest", "erased", "sha256"}
    assert [line.keys() for line in rest] == [{"inquiry", "on"}, {"member", "on"}]


def test_r1_a_merged_pair_that_was_erased_together_stays_so(members: Soc, tmp_path: Path) -> None:
    members("member", "merge", "8", "7", "--yes")
    members("backup", tmp_path / "b.db")
    members("member", "erase", "8", "--yes")
    members("restore", tmp_path / "b.db", "--to", tmp_path / "again.db")
    for number in ("7", "8"):
        answer = members("--db", tmp_path / "again.db", "member", "show", number, ok=False)
        assert "was erased on" in answer.err
    members("--db", tmp_path / "again.db", "journal", "verify")


def test_r1_who_was_unmerged_and_erased_is_not_in_the_kept_record_of_a_backup(
    members: Soc, tmp_path: Path
) -> None:
    kept = members("member", "show", "8", "--json").json
    name = members("member", "show", "7", "--json").json["name"]
    members("inquiry", "log", "--member", "7", "--body", "駐車場は")
    members("member", "merge", "8", "7", "--yes", "--take", "name")
    members("member", "merge", "8", "9", "--yes")
    members("backup", tmp_path / "b.db")
    members("member", "unmerge", "9")
    members("member", "unmerge", "7")
    members("member", "erase", "7", "--yes")
    members("restore", tmp_path / "b.db", "--to", tmp_path / "again.db")
    again = ("--db", tmp_path / "again.db")
    assert members(*again, "member", "show", "8", "--json").json == kept
    assert members(*again, "member", "show", "9", "--json").json["number"] == "SOC-0009"
    assert "was erased on" in members(*again, "member", "show", "7", ok=False).err
    data = (tmp_path / "again.db").read_bytes()
    assert name.encode() not in data
    assert "駐車場は".encode() not in data
    members(*again, "journal", "verify")


def test_r1_who_was_merged_after_the_backup_and_erased_is_gone_from_both(
    members: Soc, tmp_path: Path
) -> None:
    members("backup", tmp_path / "b.db")
    members("member", "merge", "8", "7", "--yes")
    members("member", "erase", "7", "--yes")
    members("restore", tmp_path / "b.db", "--to", tmp_path / "again.db")
    for number in ("7", "8"):
        answer = members("--db", tmp_path / "again.db", "member", "show", number, ok=False)
        assert "was erased on" in answer.err


def test_r1_the_last_one_in_a_backup_does_not_come_back_either(club: Soc, tmp_path: Path) -> None:
    club("member", "add", "--name", "髙橋 花子")
    club(
        "inquiry",
        "log",
        "--from-name",
        "外の 人",
        "--from-contact",
        "out@example.com",
        "--body",
        "秘密",
    )
    club("backup", tmp_path / "b.db")
    told = club("inquiry", "erase", "1", "--yes", "--json").json["files"]
    assert [one["path"] for one in told] == [str(tmp_path / "b.db")]
    club("member", "erase", "1", "--yes")
    assert len(erasurelist.read(erasurelist.beside(tmp_path / "b.db")).erased) == 2
    away = tmp_path / "away"
    away.mkdir()
    for name in ("b.db", "b.db.erased"):
        (away / name).write_bytes((tmp_path / name).read_bytes())
    club("restore", away / "b.db", "--to", away / "again.db")
    assert club("--db", away / "again.db", "member", "show", "1", ok=False).code == 4
    assert club("--db", away / "again.db", "inquiry", "show", "1", ok=False).code == 4
    assert "髙橋".encode() not in (away / "again.db").read_bytes()


def test_a_list_that_was_cut_off_is_no_list(backed: Soc, tmp_path: Path) -> None:
    beside = erasurelist.beside(tmp_path / "backup.db")
    lines = beside.read_text("utf-8").splitlines(keepends=True)
    assert len(lines) > 2
    beside.write_text("".join(lines[:-1]), "utf-8")
    answer = backed("restore", tmp_path / "backup.db", "--to", tmp_path / "n.db", ok=False)
    assert (answer.code, "is no erasure list" in answer.err) == (3, True)
    assert any(
        "erasure list beside" in one["what"] for one in backed("check", "--json", ok=None).json
    )
    backed("sweep", "--yes")
    backed("restore", tmp_path / "backup.db", "--to", tmp_path / "n.db")


def test_who_is_erased_while_a_backup_is_being_made_is_in_its_list(
    backed: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = maintenance.copy

    def slow(register: Path, target: Path) -> None:
        copy(register, target)
        monkeypatch.setattr(maintenance, "copy", copy)
        backed("member", "erase", "9", "--yes")

    monkeypatch.setattr(maintenance, "copy", slow)
    backed("backup", tmp_path / "late.db")
    assert ("member", 9) in erasurelist.read(erasurelist.beside(tmp_path / "late.db")).erased


def test_a_restore_onto_a_folder_leaves_nothing(backed: Soc, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    answer = backed("restore", tmp_path / "backup.db", "--to", folder, "--force", "--yes", ok=False)
    assert (answer.code, erasurelist.beside(folder).exists()) == (3, False)


def test_a_backup_in_a_folder_that_takes_no_file_is_tried_beside_the_register(
    backed: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "disc"
    locked.mkdir()
    backup = locked / "backup.db"
    shutil.copy(tmp_path / "backup.db", backup)
    shutil.copy(erasurelist.beside(tmp_path / "backup.db"), erasurelist.beside(backup))
    made: list[Path] = []
    beside = newfile.beside

    def watched(place: Path) -> Path:
        made.append(place)
        return beside(place)

    monkeypatch.setattr(newfile, "beside", watched)
    backed("backup", "--verify", backup)
    assert {place.parent for place in made} == {locked}
    made.clear()
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda at, *how: Path(at) != locked and access(at, *how)
    )  # as root one may write anywhere
    backed("backup", "--verify", backup)
    assert {place.parent for place in made} == {path.parent}
    assert {one.name for one in locked.iterdir()} == {"backup.db", "backup.db.erased"}


def test_a_backup_that_is_refused_leaves_the_one_that_is_there_on_record(
    backed: Soc, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    assert backed("backup", backup, ok=False).code == 3
    told = backed("member", "erase", "7", "--yes", "--json").json
    assert str(backup) in str(told["files"]), "the certificate names it, and its list knows of it"
    assert '{"member": 7,' in erasurelist.beside(backup).read_text("utf-8")


def test_the_newest_backup_stays_though_the_clock_went_back(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(SAMPLE, os.environ["SOC_DB"])
    shelf = tmp_path / "shelf"
    for day in ("2026-11-22", "2026-11-20"):
        monkeypatch.setenv("SOC_TODAY", day)
        made = club("backup", "--keep", "1", shelf).out.strip()
    assert list(shelf.glob("*.db")) == [Path(made)]


def test_gone_stands_alone(backed: Soc, tmp_path: Path) -> None:
    assert backed("backup", "--gone", tmp_path / "backup.db", "other.db", ok=False).code == 2
    assert backed("backup", "--gone", "", ok=False).code == 2
