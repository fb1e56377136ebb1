"""The schema: rules that stand twice, steps that are only added to, and whose each row is."""

import re
from pathlib import Path

import pytest
from sqlite_utils import Database

from soc_cli.model.errors import Failed, WrongData
from soc_cli.policy.form import Policy
from soc_cli.store import driver, maintenance, schema
from soc_cli.store.faults import sentence_of
from tests.conftest import Soc


@pytest.fixture
def con() -> driver.Connection:
    con = driver.connect_memory()
    maintenance.apply_steps(con)
    con.execute("pragma foreign_keys = on")
    return con


def test_every_constraint_has_a_sentence_and_every_sentence_a_constraint(
    con: driver.Connection,
) -> None:
    text = "\n".join(
        row[0] for row in con.execute("select sql from sqlite_schema where sql is not null")
    )
    checks = set(re.findall(r"constraint (\w+)\s+check", text))
    unique: set[str] = set()
    for (table,) in con.execute(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
    ).fetchall():
        if table == schema.STEPS_TABLE:
            continue
        keys = [row["name"] for row in con.execute(f"pragma table_info({table})") if row["pk"]]
        unique.add(", ".join(f"{table}.{key}" for key in keys))
        for index in con.execute(f"pragma index_list({table})").fetchall():
            if index["unique"]:
                columns = [
                    row["name"] for row in con.execute(f"pragma index_info({index['name']})")
                ]
                unique.add(", ".join(f"{table}.{column}" for column in columns))
    assert checks | unique == set(schema.SENTENCES)
    assert text.count("check (") == len(checks), "every CHECK has a name"


def test_every_table_is_strict_and_known(con: driver.Connection) -> None:
    found = {
        row["name"]: row["strict"]
        for row in con.execute("pragma table_list")
        if row["schema"] == "main" and row["type"] == "table"
    }
    tables = {
        name: strict
        for name, strict in found.items()
        if not name.startswith(("sqlite_", "_sqlite_"))
    }
    assert set(tables) == set(schema.TABLES)
    assert all(tables.values())


def test_whose_a_row_is_follows_the_foreign_keys(con: driver.Connection) -> None:
    """A table that leads to a member, directly or over another, is known to OWNERS."""
    leads = {"member"}
    while True:
        more = {
            table
            for table in schema.TABLES
            if {row["table"] for row in con.execute(f"pragma foreign_key_list({table})")} & leads
        } - leads
        if not more:
            break
        leads |= more
    # A guest leads to nobody, and its category is read for P3 too.
    ledgers = {"journal_subject", "disclosure", "disclosure_member", "notice", "guest"}
    assert leads | ledgers == set(schema.OWNERS)


WRONG = [
    (
        "insert into member (name, name_key, birth_date) values ('a', 'a', '2023-02-31')",
        "the birth date is no date",
    ),
    (
        "insert into member (name, name_key, birth_date) values ('a', 'a', '2023-2-1')",
        "the birth date is no date",
    ),
    (
        "insert into member (name, name_key, sex) values ('a', 'a', 'x')",
        "not a sex the register knows",
    ),
    ("insert into member (name, name_key) values ('', 'a')", "a member has a name"),
    (
        "insert into member (name, name_key, postal_code) values ('a', 'a', '4600008')",
        "not a postal code",
    ),
    (
        "insert into member (name, name_key, joined_on, left_on) values ('a', 'a', '2020-01-02', '2020-01-01')",
        "left before joined",
    ),
    (
        "insert into member (name, name_key, birth_date, joined_on) values ('a', 'a', '2020-01-02', '2020-01-01')",
        "joined before being born",
    ),
    ("insert into member (name, name_key, notice_email) values ('a', 'a', 2)", "not yes or no"),
    (
        "insert into member (name, name_key, survey) values ('a', 'a', 'yes')",
        "the register does not take this",
    ),
    (
        "insert into member (name, name_key, nickname_key) values ('a', 'a', 'n'), ('b', 'b', 'n')",
        "this nickname is taken",
    ),
    (
        "insert into declaration (meeting_id, declared_on) values (1, '2026-01-01')",
        "the register does not take this",
    ),
    (
        "insert into inquiry (received_at, kind, body) values ('x', 'sale', 'x')",
        "not a kind of inquiry",
    ),
]


@pytest.mark.parametrize(("sql", "sentence"), WRONG)
def test_the_file_itself_refuses_what_the_model_refuses(
    con: driver.Connection, sql: str, sentence: str
) -> None:
    with pytest.raises(driver.Error) as error:
        con.execute(sql)
    told = sentence_of(error.value, Path("x"))
    assert isinstance(told, WrongData)
    assert str(told).startswith(sentence)


@pytest.mark.parametrize("step", [*schema.STEP_NAMES[1:], None])
def test_an_older_register_is_brought_up_to_date_when_it_is_opened(
    club: Soc, path: Path, tmp_path: Path, step: str | None
) -> None:
    """From the oldest form and from the middle: nobody is lost and nothing of the schema differs."""
    old = tmp_path / "old.db"
    con = driver.connect(_empty(old), 1)
    con.execute(f"pragma application_id = {schema.APPLICATION_ID}")
    maintenance.apply_steps(con, stop_before=step)
    con.execute("insert into register values ('made_at', '2020-01-01'), ('sample', 'no')")
    con.execute("insert into member (name, name_key) values ('古い 会員', '古い会員')")
    con.close()
    assert club("--db", old, "member", "show", "1", "--json").json["name"] == "古い 会員"
    assert Database(driver.connect(old, 1)).schema == Database(driver.connect(path, 1)).schema


def _empty(path: Path) -> Path:
    path.touch()
    return path


def test_a_newer_register_is_refused_by_name(club: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute(
        f"insert into {schema.STEPS_TABLE} (migration_set, name, applied_at) values ('soc', '9999_future', 'x')"
    )
    con.close()
    answer = club("member", "list", ok=False)
    assert answer.code == Failed.exit_code
    assert "9999_future" in answer.err


def test_c3_every_column_is_in_the_policy(club: Soc, path: Path) -> None:
    club("policy", "check")
    con = driver.connect(path, 1)
    con.execute("alter table member add column salary integer")
    con.close()
    answer = club("policy", "check", ok=False)
    assert answer.code == 5
    assert "member.salary" in answer.err
    assert club("member", "list").code == 0


def test_c3_a_whole_new_table_is_told_column_by_column(club: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute("create table car (member_id integer, plate text)")
    con.close()
    answer = club("policy", "check", ok=False)
    assert "car.member_id, car.plate" in answer.err


def test_c3_a_column_where_nobody_should_be_and_a_trigger_are_told(club: Soc, path: Path) -> None:
    con = driver.connect(path, 1)
    con.execute("alter table meeting add column organiser_phone text")
    con.execute(
        "create trigger copies after insert on member begin update meeting set place = new.name; end"
    )
    con.close()
    answer = club("policy", "check", ok=False)
    assert "meeting.organiser_phone, copies" in answer.err


def test_the_policy_names_no_column_that_is_not_there(
    con: driver.Connection, policy: Policy
) -> None:
    there = {
        (table, row["name"])
        for table in schema.TABLES
        for row in con.execute(f"pragma table_xinfo({table})")
    }
    assert policy.classified() - {("member", "age"), ("usage", "visitor")} <= there
    assert set(policy.impersonal) <= set(schema.TABLES)


def test_what_a_member_is_checked_for_is_the_same_in_a_list_and_in_alternatives(
    club: Soc, path: Path
) -> None:
    con = driver.connect(path, 1)
    (sql,) = con.execute("select sql from sqlite_master where name = 'member'").fetchone()
    assert " in (" not in sql
    for column, value in (("status", "'x'"), ("notice_email", "2"), ("survey", "-1")):
        with pytest.raises(driver.Error, match=f"member_{column}"):
            con.execute(f"insert into member (name, name_key, {column}) values ('a', 'a', {value})")
    assert con.execute("pragma integrity_check").fetchone()[0] == "ok"
    con.close()
