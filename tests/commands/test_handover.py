"""The handover to the next secretary, and backups that are proved by restoring them."""

import os
import stat
import sys
from pathlib import Path

import pytest

from soc_cli.policy import form
from soc_cli.store import driver, erasurelist, maintenance
from tests.commands.test_five_jobs import give
from tests.conftest import Soc
from tests.store import raw

pytestmark = pytest.mark.both
unix = pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
KEYS = [
    "club", "written_at", "register", "encrypted", "key", "fingerprint", "mark_key", "head", "erasure_lists", "backups",
    "last_backup", "last_proof", "overdue", "unset", "open_inquiries",
]  # fmt: skip


# proving a backup ---------------------------------------------------------------------------------


def test_s1_a_backup_is_proved_by_restoring_it(members: Soc, path: Path, tmp_path: Path) -> None:
    members("member", "edit", "7", "--occupation", "公務員")
    members("inquiry", "log", "--member", "7", "--body", "駐車場は")
    members("member", "erase", "9", "--yes")
    shelf = tmp_path / "shelf"
    answer = members("backup", f"{shelf}/", "--verify", "--keep", "2")
    (backup,) = shelf.glob("*.db")
    assert answer.out == f"{backup.as_posix()}\n"
    rows = sum(maintenance.counted(backup).values())
    assert f"{rows} rows" in answer.err
    before = backup.read_bytes()
    again = members("backup", "--verify", backup)
    assert (again.out, f"{rows} rows" in again.err) == (f"{backup.as_posix()}\n", True)
    assert backup.read_bytes() == before
    assert sorted(file.name for file in shelf.iterdir()) == [backup.name, f"{backup.name}.erased"]
    acts = [one["act"] for one in members("journal", "list", "--json", "--last", "3").json]
    assert acts == ["backup", "prove-backup", "prove-backup"]
    members("journal", "verify")


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("member", "update member set occupation = '別の職業' where id = 3"),
        ("member", "delete from member where id = 120"),
        ("inquiry", "insert into inquiry (received_at, kind, body, status, channel) select received_at, kind, body, status, channel from inquiry"),
        ("meeting", "drop table meeting"),
    ],
    ids=["changed", "lost", "added", "no table"],
)  # fmt: skip
def test_s1_what_a_restored_backup_lacks_is_found(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, sql: str
) -> None:
    """As if restoring lost something on its way."""
    members("inquiry", "log", "--member", "7", "--body", "駐車場は")
    members("backup", tmp_path / "b.db")
    give_back = maintenance.give_back

    def spoils(unfinished: Path) -> None:
        give_back(unfinished)
        con = raw.connect(unfinished)
        con.execute("pragma foreign_keys = off")
        con.execute(sql)
        con.close()

    monkeypatch.setattr(maintenance, "give_back", spoils)
    answer = members("backup", "--verify", tmp_path / "b.db", ok=False)
    assert answer.code == 1
    assert "can't be relied on" in answer.err
    assert table in answer.err
    assert not list(tmp_path.glob(".soc-*"))


def test_s1_a_damaged_backup_or_anothers_is_not_proved(members: Soc, tmp_path: Path) -> None:
    members("backup", tmp_path / "b.db")
    members("--db", tmp_path / "other.db", "init")
    answer = members("--db", tmp_path / "other.db", "backup", "--verify", tmp_path / "b.db", ok=False)  # fmt: skip
    assert (answer.code, "another register" in answer.err) == (5, True)
    data = bytearray((tmp_path / "b.db").read_bytes())
    for at in range(8192, len(data), 4096):
        data[at : at + 64] = os.urandom(64)
    (tmp_path / "b.db").write_bytes(data)
    assert members("backup", "--verify", tmp_path / "b.db", ok=False).code == 1
    assert not list(tmp_path.glob(".soc-*"))


@unix
def test_s1_the_scratch_file_is_its_owners_alone_and_encrypted_as_the_backup_is(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    members("backup", tmp_path / "b.db")
    seen: list[tuple[int, bool]] = []
    differences = maintenance.differences

    def watched(one: Path, other: Path, but: tuple[str, ...] = ()) -> list[str]:
        seen.append((stat.S_IMODE(other.stat().st_mode), maintenance.is_plain(other)))
        return differences(one, other, but)

    monkeypatch.setattr(maintenance, "differences", watched)
    members("backup", "--verify", tmp_path / "b.db")
    assert seen == [(0o600, not encrypted)]


def test_a_backup_of_an_older_form_is_proved_too(members: Soc, tmp_path: Path) -> None:
    members("backup", tmp_path / "b.db")
    con = raw.connect(tmp_path / "b.db")
    con.executescript(
        "drop table backup; delete from _sqlite_migrations where name = '0011_written_files';"
        " drop table written; drop table erased_inquiry;"
    )
    con.close()
    members("backup", "--verify", tmp_path / "b.db")


def test_check_asks_for_the_newest_backup_to_be_tried(members: Soc, tmp_path: Path) -> None:
    def never_tried() -> bool:
        return "never restored" in members("check", "--json", ok=None).out

    assert not never_tried(), "there is none"
    members("backup", tmp_path / "b.db")
    assert never_tried()
    members("backup", "--verify", tmp_path / "b.db")
    assert not never_tried()


def test_s1_a_backup_is_overdue_by_the_policys_own_days(
    members: Soc, path: Path, policy: form.Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    con = driver.connect(path, 1)
    con.execute("update register set value = '2020-01-01T12:00:00+09:00' where key = 'made_at'")
    con.close()
    assert "no backup for" in members("check", "--json", ok=None).out
    text = form.PACKAGED.read_text("utf-8")
    generous = form.read_policy(text.replace("backup_days = 30", "backup_days = 99999"))
    monkeypatch.setattr(form, "packaged", lambda: generous)
    assert "no backup for" not in members("check", "--json", ok=None).out


# the handover -------------------------------------------------------------------------------------


def test_the_handover_tells_where_everything_is_and_nothing_of_anybody(
    members: Soc, path: Path, tmp_path: Path, encrypted: bool
) -> None:
    members("inquiry", "log", "--member", "7", "--kind", "view", "--subject", "件名", "--body", "見せて")  # fmt: skip
    members("inquiry", "log", "--from-name", "外の 人", "--body", "外からの相談")
    members("inquiry", "reply", "2", "--body", "返事")
    members("member", "refuse", "5", "--rule", "会則第5条", "--reason", "暴れた", "--until", "2099-03-31")  # fmt: skip
    members("backup", tmp_path / "shelf" / "far.db", ok=False)
    members("backup", tmp_path / "b.db", "--verify")
    give(members, "danger", tmp_path / "given.csv", members=("7",))
    told = members("handover", "--json").json
    assert list(told) == KEYS
    assert (told["register"], told["encrypted"]) == (str(path), encrypted)
    assert (told["fingerprint"] is not None) is encrypted
    assert told["mark_key"] == {
        "path": os.environ["SOC_MARK_KEY_FILE"], "needed": True, "there": True,
    }  # fmt: skip
    assert told["erasure_lists"] == [str(erasurelist.beside(tmp_path / "b.db"))]
    assert [(one["path"], one["there"], one["encrypted"]) for one in told["backups"]] == [
        (str(tmp_path / "b.db"), True, encrypted)
    ]
    assert told["last_proof"] >= told["last_backup"]
    assert [(one["number"], one["kind"]) for one in told["open_inquiries"]] == [(1, "view")]
    assert told["open_inquiries"][0]["due_on"] is not None
    text = members("handover").out
    for said in (str(path), os.environ["SOC_MARK_KEY_FILE"], str(tmp_path / "b.db"), "1: "):
        assert said in text
    name = members("member", "show", "7", "--json").json["name"]
    for private in (name, "件名", "見せて", "外の 人", "暴れた", "外からの相談"):
        assert private not in text
    if encrypted:
        key = Path(os.environ["SOC_KEY_FILE"])
        assert str(key) in text
        assert key.read_text("ascii").strip() not in text


def test_p9_the_open_inquiries_were_read_and_that_is_on_record(members: Soc) -> None:
    members("inquiry", "log", "--member", "7", "--kind", "view", "--body", "見せて")
    head = members("handover", "--json").json["head"]
    read, told = members("journal", "list", "--json", "--last", "2").json
    assert (read["act"], read["purpose"], read["members"], read["categories"]) == (
        "read", "inquiry", "7", ["inquiries"],
    )  # fmt: skip
    assert (told["act"], f"{told['number']}:{told['hash']}") == ("handover", head)
    members("journal", "verify", "--head", head)


@unix
def test_the_handover_as_a_file(members: Soc, tmp_path: Path) -> None:
    file = tmp_path / "handover.txt"
    assert members("handover", "--to", file).out == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert members("handover", "--to", file, ok=False).code == 3
    members("handover", "--to", file, "--force", "--json")
    assert file.read_text("utf-8").startswith("{")
    assert members("handover", "--to", "", ok=False).code == 2


def test_what_is_overdue_is_in_the_handover(members: Soc, path: Path) -> None:
    assert members("handover", "--json").json["overdue"] == []
    members("member", "refuse", "5", "--rule", "会則第5条", "--reason", "暴れた", "--until", "2099-03-31")  # fmt: skip
    con = driver.connect(path, 1)
    con.execute("update refusal set refused_on = '2020-01-01', until = '2021-01-01'")
    con.close()
    (overdue,) = members("handover", "--json").json["overdue"]
    assert overdue["count"] == 1
    assert f"{overdue['what']}: 1 since" in members("handover").out
