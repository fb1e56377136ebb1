"""Erasing with a certificate, sweeping, and looking whether all is well."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from soc_cli.policy import form
from soc_cli.store import driver, erasurelist, maintenance, schema
from soc_cli.store.erasures import _COUNT
from tests.commands.test_five_jobs import give
from tests.conftest import Soc
from tests.store import raw
from tests.store.raw import found

pytestmark = pytest.mark.both
unix = pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    con = driver.connect(path, 1)
    answer = [tuple(row) for row in con.execute(sql)]
    con.close()
    return answer


def run_sql(path: Path, *statements: str) -> None:
    con = driver.connect(path, 1)
    for statement in statements:
        con.execute(statement)
    con.close()


# files that the program wrote -------------------------------------------------------------------


def test_every_file_with_members_in_it_is_on_record(
    members: Soc, path: Path, tmp_path: Path
) -> None:
    members("export", "7", "--to", tmp_path / "own")
    give(members, "danger", tmp_path / "given.csv", members=("7", "8"))
    give(members, "inquiry", tmp_path / "secret.csv", members=("7",))
    members("backup", tmp_path / "b.db")
    sheet = tmp_path / "sheet.csv"
    name = members("member", "show", "9", "--json").json["name"]
    sheet.write_text(
        f"会員番号,氏名,生年月日\n7,別の名,1970-01-01\n,{name},昨日\n,知らない人,昨日\n", "utf-8"
    )
    rejects = tmp_path / "rejects.csv"
    members("member", "import", sheet, "--on-error", "skip", "--rejects", rejects, ok=False)
    on_record = rows(path, "select kind, path, members, shown from written order by id")
    exported = [row for row in on_record if row[0] == "export"]
    assert {row[1] for row in exported} == {str(file) for file in (tmp_path / "own").iterdir()}
    assert {row[2:] for row in exported} == {("7", 1)}
    assert [row for row in on_record if row[0] != "export"] == [
        ("extract", str(tmp_path / "given.csv"), "7-8", 1),
        ("extract", str(tmp_path / "secret.csv"), "7", 0),
        ("backup", str(tmp_path / "b.db"), "1-120", 1),
        ("rejects", str(rejects), "7,9", 1),
    ]


def test_a_file_that_did_not_come_about_is_not_on_record(
    members: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.model import newfile

    def full(self: object, force: bool = False) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(newfile.Prepared, "claim", full)
    assert members("export", "7", "--to", tmp_path / "own", ok=False).code == 1
    assert rows(path, "select * from written") == []


def test_r1_own_data_tells_of_files_but_not_of_where_others_are(
    members: Soc, tmp_path: Path
) -> None:
    give(members, "danger", tmp_path / "suzuki.csv", members=("7", "8"))
    give(members, "inquiry", tmp_path / "secret.csv", members=("7",))
    members("export", "7", "--to", tmp_path / "own")
    text = (tmp_path / "own" / "own-data.json").read_text("utf-8")
    assert [one["kind"] for one in json.loads(text)["files"]] == ["extract"]
    assert "suzuki" not in text


def test_r1_a_path_keeps_no_name_of_the_erased_while_others_of_it_are_stored(
    members: Soc, path: Path, tmp_path: Path
) -> None:
    name = members("member", "show", "7", "--json").json["name"]
    folder = tmp_path / f"{name}さんほか"
    folder.mkdir()
    give(members, "danger", folder / "given.csv", members=("7", "8"))
    give(members, "danger", tmp_path / "plain.csv", members=("7", "8"))
    give(members, "danger", tmp_path / "alone.csv", members=("7",))
    members("member", "erase", "7", "--yes")
    assert rows(path, "select members, path from written order by id") == [
        ("8", str(tmp_path / "…")), ("8", str(tmp_path / "plain.csv")),
    ]  # fmt: skip
    assert found(path, [name, folder.name]) == set()
    members("member", "erase", "8", "--yes")
    assert rows(path, "select * from written") == []


# erasing ------------------------------------------------------------------------------------------


def test_r1_the_certificate(members: Soc, path: Path, tmp_path: Path) -> None:
    members("inquiry", "log", "--member", "7", "--kind", "delete", "--body", "消してください")
    members("consent", "give", "--member", "7", "--recipient", "店", "--items", "氏名", "--how", "書面", "--given-on", "2026-01-01")  # fmt: skip
    give(members, "danger", tmp_path / "given.csv", members=("7", "8"))
    give(members, "inquiry", tmp_path / "secret.csv", members=("7",))
    members("export", "7", "--to", tmp_path / "own")
    answer = members(
        "member", "erase", "7", "--inquiry", "1", "--yes", "--json", "--to", tmp_path / "letter.txt"
    )
    told = answer.json
    assert list(told) == [
        "number", "erased_on", "request", "erased", "retained", "files", "entry", "hash",
    ]  # fmt: skip
    assert (told["number"], told["request"]) == ("SOC-0007", 1)
    assert {k: n for k, n in told["erased"].items() if n} == {
        "member": 1, "inquiry": 1, "consent": 1, "written": told["erased"]["written"], "journal_subject": told["erased"]["journal_subject"],
    }  # fmt: skip
    assert [one["what"] for one in told["retained"]] == [
        "the member number, which is never given again"
    ]
    exported = {file.name for file in (tmp_path / "own").iterdir()}
    assert {Path(one["path"]).name for one in told["files"]} == {"given.csv", *exported}
    assert told["erased"]["written"] == len(exported), (
        "nothing of the one that is not to be told of"
    )
    assert f"{told['entry']}:{told['hash']}\n" == members("journal", "head").out
    assert "secret.csv" not in answer.out
    assert "secret.csv" in answer.err, "the secretary deletes it too"
    letter = (tmp_path / "letter.txt").read_text("utf-8")
    assert "SOC-0007" in letter
    assert told["hash"] in letter
    assert "own-data.json" in letter
    assert "given.csv" not in letter, "another is in it, and its name may tell of them"
    assert rows(path, "select count(*) from inquiry") == [(0,)]


def test_r1_a_record_that_the_member_may_not_see_is_in_no_certificate(
    members: Soc, tmp_path: Path
) -> None:
    members("consent", "give", "--member", "7", "--recipient", "みほん板金", "--items", "氏名", "--how", "書面", "--given-on", "2026-01-01")  # fmt: skip
    members(
        "disclosure", "record", "--ground", "consent", "--consent", "1", "--recipient", "みほん板金", "--recipient-address", "a",
        "--recipient-representative", "b", "--items", "氏名", "--member", "7", "--to", tmp_path / "d.csv", "--not-shown", "施行令11条",
    )  # fmt: skip
    answer = members("member", "erase", "7", "--yes", "--json")
    assert len(answer.json["retained"]) == 1
    assert "by consent" in answer.err, "the secretary knows"


def test_a_request_that_asks_for_something_else_erases_nobody(members: Soc) -> None:
    members("inquiry", "log", "--member", "7", "--kind", "view", "--body", "見せて")
    members("inquiry", "log", "--member", "8", "--kind", "delete", "--body", "消して")
    for request, code in (("1", 3), ("2", 3), ("9", 4)):
        assert members("member", "erase", "7", "--inquiry", request, "--yes", ok=False).code == code
    members("member", "show", "7")


def test_a_letter_that_can_not_be_written_is_told_before_anything_is_erased(
    members: Soc, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("x")
    assert members("member", "erase", "7", "--yes", "--to", letter, ok=False).code == 3
    assert (
        members("member", "erase", "7", "--yes", "--to", tmp_path / "no" / "l", ok=False).code == 1
    )
    assert members("member", "erase", "7", "--yes", "--to", "-", ok=False).code == 2
    members("member", "show", "7")


def test_every_table_that_leads_to_a_member_is_counted(club: Soc) -> None:
    assert set(_COUNT) == set(schema.OWNERS) - {
        "disclosure", "disclosure_member", "notice", "refusal_mark", "guest",
    }  # fmt: skip


def test_an_outsiders_inquiry(members: Soc, path: Path) -> None:
    members("inquiry", "log", "--from-name", "外の 人", "--body", "消してほしい相談")
    members("inquiry", "reply", "1", "--body", "外への返事")
    members("inquiry", "log", "--member", "7", "--body", "会員の相談")
    secrets = ["外の 人", "消してほしい相談", "外への返事"]
    assert found(path, secrets) == set(secrets), "the control"
    assert members("inquiry", "erase", "1", ok=False).code == 5
    told = members("inquiry", "erase", "1", "--yes", "--json").json
    assert (told["number"], told["erased"]) == ("1", {"inquiry": 1, "reply": 1, "written": 0})
    assert found(path, secrets) == set()
    assert "was erased on" in members("inquiry", "erase", "1", "--yes", ok=False).err
    assert members("inquiry", "erase", "2", "--yes", ok=False).code == 3
    assert members("inquiry", "erase", "9", "--yes", ok=False).code == 4
    members("journal", "verify")


def in_use(path: Path) -> driver.Connection:
    reader = driver.connect(path, 1)
    reader.execute("begin")
    reader.execute("select count(*) from member").fetchone()
    return reader


def test_an_erasure_that_is_not_finished_is_told_by_check_and_finished_by_sweep(
    members: Soc, path: Path
) -> None:
    members("inquiry", "log", "--from-name", "外の 人", "--body", "消してほしい相談")
    reader = in_use(path)
    assert members("inquiry", "erase", "1", "--yes", ok=False).code == 1
    assert members("member", "erase", "7", "--yes", ok=False).code == 1
    reader.close()
    findings = members("check", "--json", ok=False)
    assert findings.code == 1
    assert "not finished" in findings.out
    members("sweep", "--yes")
    members("check")
    assert found(path, ["消してほしい相談"]) == set()
    assert members("inquiry", "erase", "1", "--yes", ok=False).code == 4


def test_each_says_it_is_finished_when_run_again(members: Soc, path: Path) -> None:
    members("inquiry", "log", "--from-name", "外の 人", "--body", "消してほしい相談")
    for words in (("inquiry", "erase", "1"), ("member", "erase", "7")):
        reader = in_use(path)
        answer = members(*words, "--yes", ok=False)
        assert (answer.code, "not yet erased" in answer.err) == (1, True)
        assert answer.out == "", "no certificate yet"
        reader.close()
        answer = members(*words, "--yes", "--json")
        assert "finished now" in answer.err
        assert (answer.json["erased"] or {}).get("member", 1) == 1
        assert answer.json["hash"] == members("journal", "head").out.strip().partition(":")[2]
        assert members(*words, "--yes", ok=False).code == 4


def test_while_the_list_can_not_be_written_it_is_not_yet_erased(members: Soc, path: Path) -> None:
    erasurelist.beside(path).symlink_to(path.with_name("elsewhere"))
    answer = members("member", "erase", "7", "--yes", ok=False)
    assert (answer.code, "not yet erased" in answer.err) == (1, True)
    assert not path.with_name("elsewhere").exists()
    erasurelist.beside(path).unlink()
    assert "finished now" in members("member", "erase", "7", "--yes").err
    assert ("member", 7) in erasurelist.read(erasurelist.beside(path)).erased


def test_anothers_erasure_meanwhile_stays_due(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the rewriting and the note that it is done somebody else may erase."""
    empty = maintenance._empty_log
    calls: list[int] = []

    def meanwhile(con: driver.Connection) -> None:
        empty(con)
        calls.append(1)
        if len(calls) == 1:
            run_sql(path, "update register set value = '7-8' where key = 'vacuum_due'")

    monkeypatch.setattr(maintenance, "_empty_log", meanwhile)
    members("member", "erase", "7", "--yes")
    assert rows(path, "select value from register where key = 'vacuum_due'") == [("7-8",)]


# sweeping -----------------------------------------------------------------------------------------


@pytest.fixture
def periods(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the club's periods, in years."""

    def set_(**years: int) -> None:
        policy = form.packaged()
        changed = {
            name: replace(period, years=years.get(name, period.years))
            for name, period in policy.periods.items()
        }
        monkeypatch.setattr(form, "packaged", lambda: replace(policy, periods=changed))

    return set_


@pytest.fixture
def on(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the day of the register."""

    def set_(day: str) -> None:
        run_sql(path, "update register set value = 'yes' where key = 'sample'")
        monkeypatch.setenv("SOC_TODAY", day)

    return set_


@pytest.mark.parametrize(
    ("made", "through", "after"),
    [
        ("2026-11-22", "2029-11-22", "2029-11-23"), ("2024-02-29", "2027-02-28", "2027-03-01"),
        ("2025-02-28", "2028-02-29", "2028-03-01"),
    ],
)  # fmt: skip
def test_d1_records_go_the_day_after_their_three_years(
    members: Soc, path: Path, tmp_path: Path, on: Callable[[str], None],
    made: str, through: str, after: str,
) -> None:  # fmt: skip
    on(made)
    members("consent", "give", "--member", "7", "--recipient", "みほん板金", "--items", "氏名", "--how", "書面", "--given-on", made)  # fmt: skip
    give = (
        "disclosure", "record", "--ground", "consent", "--consent", "1", "--recipient", "みほん板金", "--recipient-address", "見本町",
        "--recipient-representative", "板金 五郎", "--items", "氏名", "--member", "7", "--to",
    )  # fmt: skip
    members(*give, tmp_path / "a.csv")
    name = members("member", "show", "7", "--json").json["name"]
    members("member", "erase", "7", "--yes")
    on(through)
    members("sweep", "--yes")
    assert rows(path, "select keep_through from disclosure") == [(through,)]
    assert found(path, [name]) == {name}, "the law has a club keep it"
    on(after)
    answer = members("sweep", "--dry-run", "--json")
    assert answer.json[0] == {"period": "consent_record", "years": 3, "count": 1, "oldest": made}
    assert members("sweep", ok=False).code == 5
    assert len(rows(path, "select * from disclosure")) == 1
    members("sweep", "--yes")
    assert rows(path, "select * from disclosure_member") == []
    assert found(path, [name, "板金 五郎"]) == set()
    members("journal", "verify")
    members("sweep", "--yes")  # twice is harmless


def test_nothing_is_swept_of_a_period_that_is_not_set(
    members: Soc, path: Path, on: Callable[[str], None], encrypted: bool
) -> None:
    old(path)
    on("2090-01-01")
    assert {one["count"] for one in members("sweep", "--yes", "--json").json} == {0}
    notes = [one["severity"] for one in members("check", "--json", ok=False).json]
    assert notes.count("note") == (6 if encrypted else 7), "and that it is not encrypted"


def old(path: Path) -> None:
    """What is old: usage, closed inquiries of a member and of an outsider, members who left."""
    run_sql(
        path,
        "insert into usage (member_id, at, page) values (5, '2020-05-01T23:59:59+09:00', '/old'),"
        " (5, '2020-05-02T00:00:00+09:00', '/new'), (null, '2019-01-01', '/nobody')",
        "insert into inquiry (id, received_at, kind, member_id, from_name, body, status, answered_at) values"
        " (1, '2020-01-01T10:00', 'question', 5, null, '会員の古い相談', 'closed', '2020-05-01T09:00'),"
        " (2, '2020-01-01T10:00', 'question', null, '外の古い人', '外の古い相談', 'closed', null),"
        " (3, '2019-01-01T10:00', 'question', null, '外の人', '開いた相談', 'answered', '2019-01-02T10:00'),"
        " (4, '2020-01-01T10:00', 'question', 5, null, '答えの遅い相談', 'closed', '2020-05-02T09:00')",
        "insert into reply (inquiry_id, replied_at, operator, body) values (1, 'x', 'o', '古い返事')",
        "update member set status = 'withdrawn', left_on = '2020-05-01', joined_on = null where id = 6",
        "update member set status = 'withdrawn', left_on = '2020-05-02', joined_on = null where id = 7",
        "update member set status = 'withdrawn', left_on = null where id = 8",
    )


def test_periods_that_the_club_has_set(
    members: Soc, path: Path, on: Callable[[str], None], periods: Callable[..., None]
) -> None:
    name = members("member", "show", "6", "--json").json["name"]
    old(path)
    periods(usage=2, inquiry=2, withdrawn=2)
    on("2022-05-02")  # 2020-05-01 was kept through 2022-05-01
    told = {one["period"]: one for one in members("sweep", "--dry-run", "--json").json}
    assert (told["usage"]["count"], told["usage"]["oldest"]) == (2, "2019-01-01")
    assert (told["inquiry"]["count"], told["inquiry"]["oldest"]) == (2, "2020-01-01")
    assert (told["withdrawn"]["count"], told["withdrawn"]["oldest"]) == (1, "2020-05-01")
    due = members("check", "--json", ok=False)
    assert due.out.count("past the period") == 3
    members("sweep", "--yes")
    assert rows(path, "select page from usage") == [("/new",)]
    assert rows(path, "select id from inquiry order by id") == [(3,), (4,)]
    assert rows(path, "select id from erased") == [(6,)]
    assert rows(path, "select id from erased_inquiry") == [(2,)]
    assert rows(path, "select id from member where status = 'withdrawn' order by id") == [(7,), (8,)]  # fmt: skip
    gone = [name, "/old", "会員の古い相談", "外の古い人", "外の古い相談", "古い返事"]
    assert found(path, gone) == set()
    known = erasurelist.read(erasurelist.beside(path)).erased
    assert known == {("member", 6): "2022-05-02", ("inquiry", 2): "2022-05-02"}
    members("journal", "verify")
    assert {one["count"] for one in members("sweep", "--yes", "--json").json} == {0}


def test_the_day_of_closing_stands_in_the_journal(
    members: Soc, path: Path, on: Callable[[str], None], periods: Callable[..., None]
) -> None:
    on("2020-05-01")
    members("inquiry", "log", "--from-name", "a", "--body", "b")
    on("2021-08-01")
    members("inquiry", "close", "1")
    periods(inquiry=1)
    on("2022-08-01")
    assert members("sweep", "--dry-run", "--json").json[2]["count"] == 0
    on("2022-08-02")
    assert members("sweep", "--dry-run", "--json").json[2] == {
        "period": "inquiry", "years": 1, "count": 1, "oldest": "2021-08-01",
    }  # fmt: skip


def test_the_periods_of_the_policy_are_all_swept() -> None:
    from soc_cli.operations import sweeping

    assert {*sweeping._FIND, sweeping.REFUSAL} == set(sweeping._DELETE)
    assert set(form.packaged().periods) == set(sweeping._FIND)


# looking after it -----------------------------------------------------------------------------------


def whats(soc: Soc, ok: bool) -> list[str]:
    return [one["what"] for one in soc("check", "--json", ok=ok).json]


def test_a_correction_makes_a_rewriting_due_and_a_look_does_not(members: Soc, path: Path) -> None:
    members("member", "show", "1")
    members("check")
    members("member", "edit", "1", "--occupation", "船大工")
    assert any("free bytes" in what for what in whats(members, ok=False))
    members("sweep", "--yes")
    members("check")
    members("member", "edit", "1", "--occupation", "大工")
    members("member", "erase", "5", "--yes")
    members("check")


@unix
def test_rights_of_others_are_told(members: Soc, path: Path) -> None:
    members("check")
    for file in (path, erasurelist.beside(path)):
        file.touch()
        file.chmod(0o640)
        assert f"others can read {file}" in whats(members, ok=False)
        file.chmod(0o600)


def test_damage_and_tampering_are_told(members: Soc, path: Path) -> None:
    con = raw.connect(path)
    con.execute("alter table member add column salary integer")
    con.execute("update journal set operator = 'x' where number = 2")
    con.execute("insert into declaration (meeting_id, member_id) values (77, 1)")
    con.commit()
    con.close()
    told = "\n".join(whats(members, ok=False))
    assert "member.salary" in told
    assert "entry 2 of the journal" in told
    assert "declaration → meeting" in told
    con = raw.connect(path)
    con.execute("pragma wal_checkpoint(truncate)")
    con.close()
    as_it_is = path.read_bytes()
    severities = [one["severity"] for one in members("check", "--json", ok=False).json]
    assert path.read_bytes() == as_it_is, (
        "what is damaged is kept as it is, for whoever looks into it"
    )
    assert severities == sorted(severities, key=["error", "warning", "note"].index)


@pytest.mark.plain("an encrypted one is never empty")
def test_an_empty_file_is_told_as_one(members: Soc, path: Path) -> None:
    path.write_bytes(b"")
    answer = members("check", ok=False)
    assert (answer.code, path.read_bytes()) == (1, b"")
    assert "is empty: restore the last backup" in answer.err


def test_a_backup_is_overdue_after_thirty_days(
    members: Soc, path: Path, tmp_path: Path, on: Callable[[str], None]
) -> None:
    run_sql(path, "update register set value = '2026-01-01T12:00:00+09:00' where key = 'made_at'")
    on("2026-01-31")
    assert not any("no backup" in what for what in whats(members, ok=True))
    on("2026-02-01")
    assert "no backup for 31 days" in whats(members, ok=False)
    members("backup", tmp_path / "b.db")
    members("check")


def test_check_mends_nothing(members: Soc, path: Path) -> None:
    members("member", "edit", "1", "--occupation", "船大工")
    before = rows(path, "select key, value from register")
    members("check", ok=False)
    assert rows(path, "select key, value from register") == before
    if os.name == "posix":
        path.chmod(0o644)
        members("check", ok=False)
        assert path.stat().st_mode & 0o777 == 0o644


def test_what_a_killed_program_has_left_is_told(members: Soc, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    members("backup", folder, "--keep", "3")
    left = (tmp_path / ".soc-0123456789abcdef", folder / ".soc-0123456789abcdef")
    (folder / ".soc-config").write_text("not ours")
    for file in left:
        file.write_text("x")
        assert any(str(file) in what for what in whats(members, ok=False))
        file.unlink()
    members("check")


def test_r1_an_erased_inquirys_number_is_never_given_again(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--from-name", "外の 人", "--body", "消してほしい")
    members("inquiry", "erase", "1", "--yes")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("番号,受付日時,氏名,本文\n1,2026-01-01 10:00,別の 人,別の相談\n", "utf-8")
    answer = members("inquiry", "import", sheet, "--json", ok=False)
    assert answer.code == 3
    assert "never given again" in answer.json["problems"][0]["reason"]


def test_a_file_that_the_member_may_not_learn_of_is_told_even_quietly(
    members: Soc, tmp_path: Path
) -> None:
    give(members, "inquiry", tmp_path / "secret.csv", members=("7",))
    answer = members("member", "erase", "7", "--yes", "--quiet")
    assert "secret.csv" in answer.err
    assert "secret.csv" not in answer.out


def test_the_certificate_of_an_erasure_that_was_finished_later_tells_the_same(
    members: Soc, path: Path, tmp_path: Path
) -> None:
    members(
        "member", "refuse", "7", "--rule", "会則第5条", "--reason", "x", "--until", "2099-01-01"
    )
    members("member", "merge", "7", "8", "--yes")
    members("inquiry", "log", "--member", "7", "--kind", "delete", "--body", "x")
    members("export", "7", "--to", tmp_path / "own")
    reader = in_use(path)
    asked = ("member", "erase", "7", "--inquiry", "1", "--yes")
    assert "soc sweep --yes" in members(*asked, ok=False).err
    reader.close()
    told = members("member", "erase", "8", "--yes", "--json").json
    assert (told["request"], told["erased"]["inquiry"]) == (1, 1)
    assert [one["reason"] for one in told["retained"]] == ["P8: 会則第5条", "R1"]
    assert {Path(one["path"]).name for one in told["files"]} >= {"own-data.json", "own-data.html"}
    assert rows(path, "select * from register where key in ('told', 'vacuum_due')") == []
    assert members("member", "erase", "7", "--yes", ok=False).code == 4


def test_r1_a_phone_number_in_the_path_of_a_file_goes_too(
    members: Soc, tmp_path: Path, path: Path
) -> None:
    phone = members("member", "show", "7", "--json").json["phone"]
    give(members, "danger", tmp_path / f"{phone}b.csv", members=("7", "8"))
    members("member", "erase", "7", "--yes")
    assert phone.encode() not in path.read_bytes()


def test_the_list_of_the_erased_is_never_written_over(members: Soc, path: Path) -> None:
    members("member", "erase", "7", "--yes")
    words = ("member", "erase", "8", "--yes", "--force", "--to", erasurelist.beside(path))
    assert members(*words, ok=False).code == 3


def test_check_sees_what_is_missing(members: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute("drop index usage_by_member")
    con.execute("drop table usage")
    con.close()
    found = [one["what"] for one in members("check", "--json", ok=None).json]
    assert [one for one in found if "usage" in one and "is missing" in one] == [
        "the file is damaged: usage is missing",
        *(f"the file is damaged: usage_by_{what} is missing" for what in ("cookie", "member", "sign_in", "time")),
    ]  # fmt: skip
