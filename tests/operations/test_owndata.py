"""R1: own data holds all of the member's and nothing of another's; which tables that is, the schema says."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from soc_cli.commands import output
from soc_cli.formats import handout
from soc_cli.formats.sections import KINDS, SHEET_ONLY
from soc_cli.operations import owndata
from soc_cli.policy.form import Policy
from soc_cli.store import driver, maintenance, schema
from soc_cli.store.register import Register, guard
from tests.conftest import RUN

ME, OTHER = 1, 2

# What has to be said of a column by hand ----------------------------------------------------------

KEYS = "a key for comparing: the field itself is there"
ROW = "the row's own number, which would tell by its gaps of others' rows"
LINK = "says only whose the row is, or to which other row it belongs"
LEFT_OUT: Mapping[tuple[str, str], str] = {
    **{("member", f"{name}_key"): KEYS for name in ("name", "kana", "nickname", "email", "phone", "address")},
    **{(table, "id"): ROW for table in ("declaration", "reply", "usage", "consent", "disclosure", "membership", "refusal", "merged", "stopped", "notice", "notice_recipient", "link", "survey_target")},
    ("inquiry", "entry"): "an entry's number, which would tell by its gaps of entries not shown",
    ("stopped", "inquiry_id"): LINK,
    **{("guest", name): "a guest is no member: nothing leads from one to a member" for name in ("id", "meeting_id", "name", "declared_on", "attendance", "companions", "waiting")},
    ("written", "meeting_id"): "that guests of a meeting are in the file too",
    ("reply", "inquiry_id"): LINK,
    ("reply", "operator"): "who of the club wrote it: the club's reply is what was said",
    **{(table, "member_id"): LINK for table in ("declaration", "inquiry", "usage", "consent", "membership", "disclosure_member", "refusal", "stopped", "notice_recipient", "link", "survey_target")},
    ("notice", "operator"): "who of the club prepared it is among the accesses",
    ("notice", "body_sha256"): "of the text before names were filled in: the member has the notice itself",
    ("notice", "told"): "how many others were told too",
    ("notice_recipient", "notice_id"): LINK,
    ("usage", "digest"): "by which the same line of a log is known again: what is kept of the line is there",
    ("usage", "traced"): "computed from the address, cookie and sign-in",
    ("refusal_mark", "refusal_id"): LINK,
    ("refusal_mark", "mark"): "a keyed hash, which says nothing without its key; what it is made of is there",
    ("merged", "keep_id"): LINK,
    ("disclosure", "visible_to_member"): "it is 1 in every row that the member may see",
    ("disclosure", "corrects_id"): "another record's number; the record that it corrects says so",
    ("disclosure", "not_shown_because"): "a reason there is only for what is not shown",
    ("disclosure_member", "disclosure_id"): LINK,
    ("disclosure_member", "handle"): "a random handle that stands for the person after an erasure",
    ("journal_subject", "number"): "the entry's number, which would tell by its gaps of entries not shown",
    ("journal_subject", "salt"): "keeps the chain from being tried back to a person; no information",
    ("journal_subject", "members"): "names other members beside this one",
    ("journal_subject", "member"): "computed from the members",
    ("journal_subject", "details"): "numbers of records that may be about others too; the act and its record are there",
    ("journal_subject", "shown"): "it is 1 in every row that the member may see",
    ("written", "id"): ROW,
    ("written", "path"): "where a file lies may name others who are in it",
    ("written", "members"): "names other members beside this one",
    ("written", "member"): "computed from the members",
    ("written", "inquiry_id"): LINK,
    ("written", "shown"): "it is 1 in every row that the member may see",
    ("told_apart", "member_id"): "the pair names another member; that it was told apart is among the accesses",
    ("told_apart", "other_id"): "the pair names another member; that it was told apart is among the accesses",
}  # fmt: skip
"""What a member's file leaves out, and why."""

MOMENTS = (
    ("inquiry", "received_at"), ("inquiry", "answered_at"), ("reply", "replied_at"), ("usage", "at"), ("disclosure", "made_at"),
)  # fmt: skip

SAID: Mapping[tuple[str, str], Callable[[int], tuple[object, ...]]] = {
    **{place: lambda m: (f"202{m}-08-01T10:01:00+09:00", f"202{m}-08-01T10:02:00+09:00") for place in MOMENTS},
    ("member", "status"): lambda _m: ("active", "withdrawn"),
    ("member", "joined_on"): lambda m: (f"200{m}-01-01", f"200{m}-01-02"),
    ("member", "left_on"): lambda m: (f"201{m}-01-01", f"201{m}-01-02"),
    ("member", "email"): lambda m: (f"canary{m}@a.example", f"canary{m}@b.example"),
    ("member", "phone"): lambda m: (f"0{m}1234", f"0{m}1235"),
    ("member", "birth_date"): lambda m: (f"19{m}0-02-03", f"19{m}0-02-04"),
    ("member", "sex"): lambda _m: ("male", "female"),
    ("member", "postal_code"): lambda m: (f"11{m}-0000", f"11{m}-0001"),
    **{("member", name): lambda _m: (1, 0) for name in ("notice_email", "notice_post", "survey")},
    ("declaration", "declared_on"): lambda m: (f"202{m}-03-03", f"202{m}-03-04"),
    ("declaration", "attendance"): lambda _m: ("attended", "absent"),
    ("declaration", "companions"): lambda m: (10 + m, 20 + m),
    ("declaration", "waiting"): lambda m: (70 + m, 80 + m),
    ("guest", "declared_on"): lambda m: (f"202{m}-03-05", f"202{m}-03-06"),
    ("guest", "attendance"): lambda _m: ("attended", "absent"),
    ("guest", "companions"): lambda m: (50 + m, 60 + m),
    ("guest", "waiting"): lambda m: (30 + m, 40 + m),
    ("inquiry", "kind"): lambda _m: ("question", "complaint"),
    ("inquiry", "status"): lambda _m: ("open", "closed"),
    ("inquiry", "identity"): lambda _m: ("checked", "failed"),
    ("inquiry", "outcome"): lambda _m: ("refused",),
    ("inquiry", "fee"): lambda m: (3330 + m, 4440 + m),
    ("inquiry", "entry"): lambda m: (m,),
    ("inquiry", "linked_on"): lambda m: (f"202{m}-12-05", f"202{m}-12-06"),
    ("stopped", "since"): lambda m: (f"202{m}-12-07", f"202{m}-12-08"),
    ("inquiry", "due_on"): lambda m: (f"202{m}-05-05", f"202{m}-05-06"),
    ("usage", "digest"): lambda m: (m, 10 + m),
    ("link", "kind"): lambda _m: ("cookie", "sign-in"),
    ("link", "linked_on"): lambda m: (f"202{m}-04-01", f"202{m}-04-02"),
    ("usage", "status"): lambda m: (200 + m, 300 + m),
    ("consent", "given_on"): lambda m: (f"202{m}-01-01", f"202{m}-01-02"),
    ("consent", "withdrawn_on"): lambda m: (f"202{m}-07-01", f"202{m}-07-02"),
    ("consent", "evidence_sha256"): lambda m: (f"{m}a" * 32, f"{m}b" * 32),
    ("disclosure", "ground"): lambda _m: ("consent",),
    ("disclosure", "kind"): lambda _m: (None,),
    ("disclosure", "corrects_id"): lambda _m: (0,),
    ("disclosure", "fields"): lambda m: (f'{{"consent": "canary{m}a"}}', f'{{"consent": "canary{m}b"}}'),
    ("disclosure", "file_sha256"): lambda m: (f"{m}c" * 32, f"{m}d" * 32),
    ("disclosure", "visible_to_member"): lambda _m: (1,),
    ("disclosure", "keep_through"): lambda m: (f"203{m}-01-01", f"203{m}-01-02"),
    ("membership", "joined_on"): lambda m: (f"199{m}-05-05", f"199{m}-05-06"),
    ("membership", "left_on"): lambda m: (f"199{m}-06-06", f"199{m}-06-07"),
    ("journal_subject", "members"): lambda m: (str(m),),
    ("journal_subject", "fields"): lambda m: (f"canary{m}a", f"canary{m}b"),
    ("journal_subject", "shown"): lambda _m: (1,),
    ("notice", "at"): lambda m: (f"202{m}-12-01T10:01:00+09:00", f"202{m}-12-01T10:02:00+09:00"),
    ("notice", "channel"): lambda _m: ("email", "post"),
    ("notice", "body_sha256"): lambda m: (f"{m}f" * 32,),
    ("notice", "told"): lambda m: (70 + m,),
    ("notice_recipient", "household"): lambda _m: (0, 1),
    ("refusal", "status_before"): lambda _m: ("active", "withdrawn"),
    ("refusal", "refused_on"): lambda m: (f"201{m}-09-01", f"201{m}-09-02"),
    ("refusal", "until"): lambda m: (f"209{m}-09-03", f"209{m}-09-04"),
    ("refusal", "readmitted_on"): lambda m: (f"205{m}-09-05", f"205{m}-09-06"),
    ("refusal_mark", "refusal_id"): lambda m: (m,),
    ("refusal_mark", "mark"): lambda m: (f"{m}e" * 32,),
    ("merged", "other_id"): lambda m: (900 + m, 910 + m),
    ("merged", "merged_on"): lambda m: (f"202{m}-10-10", f"202{m}-10-11"),
    ("merged", "registration"): lambda m: (f'{{"consent": "canary{m}ra"}}', f'{{"consent": "canary{m}rb"}}'),
    ("merged", "undo"): lambda m: tuple(json.dumps({"consent": text, "fields": {"phone": [text, None]}, "declarations": []}) for text in (f"canary{m}ua", f"canary{m}ub")),
    ("written", "at"): lambda m: (f"202{m}-11-01T10:01:00+09:00", f"202{m}-11-01T10:02:00+09:00"),
    ("written", "members"): lambda m: (str(m),),
    ("written", "shown"): lambda _m: (1,),
    ("told_apart", "member_id"): lambda m: (m,),
    ("told_apart", "other_id"): lambda m: (10 + m,),
}  # fmt: skip
"""Two values of a column in which a text of any kind can't stand; a single one is not tried."""

SINGLE = {("disclosure", "ground"), ("disclosure", "kind"), ("inquiry", "outcome")}
"""Columns that are in the file, but bound to others of their row: a test of their own tries them."""


# The schema, asked --------------------------------------------------------------------------------


def tables_of_members(con: driver.Connection) -> list[str]:
    """Every table that holds rows of a member, each after those that it refers to.

    Those are the ones that name a member by a foreign key or a column, those that the schema says
    belong to one, and those that refer to one of these.
    """
    tables = [
        row["name"]
        for row in con.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
            " and name not like '\\_%' escape '\\'"
        )
    ]
    refers = {table: {row["table"] for row in con.execute(f"pragma foreign_key_list({table})")} for table in tables}  # fmt: skip
    found = {
        table
        for table in tables
        if table in schema.OWNERS
        or any("member" in row["name"] for row in con.execute(f"pragma table_xinfo({table})"))
    }
    while more := {table for table in tables if refers[table] & found} - found:
        found |= more
    ordered: list[str] = []
    while len(ordered) < len(found):
        ordered += sorted(t for t in found - set(ordered) if refers[t] & found <= {*ordered, t})
    return ordered


def columns(con: driver.Connection, table: str) -> dict[str, driver.Row]:
    """The columns of a table, generated ones too."""
    return {row["name"]: row for row in con.execute(f"pragma table_xinfo({table})")}


def values(con: driver.Connection, table: str, column: driver.Row, member: int) -> tuple[object, ...]:  # fmt: skip
    """One or two values of a column in a member's row, each a canary where it can be one."""
    name = column["name"]
    if (table, name) in SAID:
        return SAID[table, name](member)
    refers = {row["from"]: row["table"] for row in con.execute(f"pragma foreign_key_list({table})")}
    if name in refers or name in ("id", "member_id"):
        return (member,)
    if column["type"] == "TEXT":
        stem = f"canary{member}{table}{name}".replace("_", "")
        return (f"{stem}a", f"{stem}b")
    raise AssertionError(f"say in SAID what can stand in {table}.{name}")


def filled(con: driver.Connection) -> None:
    """A row of each member in every table of members, with a canary in every column."""
    for member in (ME, OTHER):
        con.execute(
            "insert into meeting (id, title, date) values (?, ?, '2026-04-12')",
            (member, f"meeting of {member}"),
        )
        con.execute(
            "insert into survey (id, made_at, title, filters, matching, picked)"
            " values (?, ?, ?, '[\"age 30-39\"]', 9, 9)",
            (member, f"202{member}-12-01T10:01:00+09:00", f"survey of {member}"),
        )
        con.execute(
            "insert into journal (number, at, operator, purpose, command, act, categories, outcome, commitment, hash)"
            " values (?, '2026-01-01T10:00:00+09:00', 'o', 'upkeep', 'c', 'correct', '', 'done', 'x', 'y')",
            (member,),
        )
        con.execute(
            "insert into member (id, name, name_key) values (?, ?, 'x')",
            (10 + member, f"beside{member}"),
        )
    for table in tables_of_members(con):
        for member in (ME, OTHER):
            plain = [c for c in columns(con, table).values() if c["hidden"] == 0]
            row = {c["name"]: values(con, table, c, member)[0] for c in plain}
            names = ", ".join(row)
            blanks = ", ".join(f":{name}" for name in row)
            con.execute(f"insert into {table} ({names}) values ({blanks})", row)


@pytest.fixture
def con() -> Iterator[driver.Connection]:
    """A fresh register in memory, filled."""
    made = driver.connect_memory()
    made.execute("pragma foreign_keys = on")
    maintenance.apply_steps(made)
    made.execute("insert into register values ('made_at', '2026-11-01T12:00:00+09:00')")
    filled(made)
    yield made
    made.close()


def gathered(con: driver.Connection, policy: Policy, member: int = ME) -> dict[str, object]:
    """The own data of a member as the program gathers it; the register stays as it was."""
    register = Register(con, Path(":memory:"), policy, RUN, guard(policy).for_purpose("own-record", member))  # fmt: skip
    try:
        with register.change(keep=False):
            data = owndata.gather(register)
    finally:
        con.set_authorizer(None)
        for kind, name in con.execute("select type, name from sqlite_temp_master").fetchall():
            con.execute(f"drop {kind} if exists {name}")
    # That it was read is on record even of a dry run.
    con.execute("delete from journal_subject where number > 2")
    con.execute("delete from journal where number > 2")
    return data


def files_of(data: dict[str, object]) -> dict[str, str]:
    """The texts of the files: the JSON, the page, and all sheets as one."""
    made = handout.contents(data, output.member_label, output.for_person)
    sheets = "".join(body.decode("utf-8-sig") for name, body in sorted(made.items()) if name.endswith(".csv"))  # fmt: skip
    page = unescape(made["own-data.html"].decode())
    return {"json": made["own-data.json"].decode(), "html": page, "csv": sheets}


def written(value: object) -> str:
    """A canary as it stands in a page: as it is, or as the value of the one field that is JSON."""
    return json.loads(value)["consent"] if isinstance(value, str) and value[0] == "{" else str(value)  # fmt: skip


# The tests ----------------------------------------------------------------------------------------


def test_the_schema_is_asked_for_the_tables(con: driver.Connection) -> None:
    found = tables_of_members(con)
    assert {*schema.OWNERS} <= {*found}, "the control: each table that is known to be a member's"
    con.execute("create table car (id integer primary key, owner integer references member (id))")
    con.execute("create table car_part (id integer primary key, car_id integer references car (id))")  # fmt: skip
    con.execute("create table seen (at text, by_member text)")
    assert {*tables_of_members(con)} - {*found} == {"car", "car_part", "seen"}


def test_r1_every_column_of_every_table_of_the_members_is_in_their_own_data(
    con: driver.Connection, policy: Policy
) -> None:
    """A new table or column with something of a member's that own data does not tell makes this fail."""
    before = files_of(gathered(con, policy))
    others: list[str] = []
    for table in tables_of_members(con):
        for name, column in columns(con, table).items():
            mine = values(con, table, column, ME) if column["hidden"] == 0 else (None,)
            if column["hidden"] == 0:
                others += [text for value in values(con, table, column, OTHER) if len(text := written(value)) > 4 and value not in mine]  # fmt: skip
            if (table, name) in LEFT_OUT:
                for text in before.values():
                    assert not str(mine[0]).startswith("canary") or str(mine[0]) not in text, (table, name)  # fmt: skip
                continue
            if len(mine) == 1:
                assert (table, name) in SINGLE or name.endswith("id"), (table, name)
                continue
            assert _changed(con, policy, table, name, mine, before) == {"json", "html", "csv"}, (
                f"{table}.{name} is not in own data: tell it there, or say in LEFT_OUT why not"
            )
            for kind, text in before.items():
                if str(mine[0]).startswith("canary"):
                    assert written(mine[0]) in text, (kind, table, name)
    assert len(others) > 60
    for text in before.values():
        assert "canary2" not in text
        for canary in others:
            assert canary not in text, canary


def _changed(
    con: driver.Connection,
    policy: Policy,
    table: str,
    name: str,
    mine: tuple[object, ...],
    before: Mapping[str, str],
) -> set[str]:
    """Which of the files look another way when this column of the member's row holds another value."""
    where = f"{name} = ?" if mine[0] is not None else f"{name} is null"
    con.execute("savepoint tried")
    con.execute(f"update {table} set {name} = ? where {where} and {_mine(con, table)}", (mine[1], mine[0]))  # fmt: skip
    assert con.execute("select changes()").fetchone()[0] == 1, (table, name)
    con.execute("release tried")
    after = files_of(gathered(con, policy))
    con.execute(f"update {table} set {name} = ? where {name} = ? and {_mine(con, table)}", (mine[0], mine[1]))  # fmt: skip
    return {kind for kind in before if before[kind] != after[kind]}


def _mine(con: driver.Connection, table: str) -> str:
    """Which row of a filled table is the member's."""
    names = columns(con, table)
    key = next(
        k for k in ("id", "number", "member_id", "disclosure_id", "refusal_id") if k in names
    )
    return f"{key} = {ME}"


def test_what_is_left_out_is_there_to_be_left_out(con: driver.Connection) -> None:
    for table, name in (*LEFT_OUT, *SAID):
        assert name in columns(con, table), (table, name)


@pytest.mark.parametrize("ground", ["consent", "order", "inquiry", "protection", "danger"])
def test_each_ground_is_told_in_each_file(con: driver.Connection, policy: Policy, ground: str) -> None:  # fmt: skip
    said = {"order": "authority", "inquiry": "authority"}.get(ground, ground)
    kind = ground if said == "authority" else None
    fields = json.dumps(
        {"danger": "canaryfield", "whose": "hiddenwhose", "officer": "hiddenofficer"}
    )
    con.execute(
        "update disclosure set ground = ?, kind = ?, fields = ?, keep_through = ? where id = 1",
        (said, kind, fields, "2031-01-01" if said == "consent" else None),
    )
    data = gathered(con, policy)
    (one,) = data["disclosures"]  # type: ignore[misc]
    assert (one["ground"], one["kind"]) == (said, kind)
    for text in files_of(data).values():
        assert "canaryfield" in text
        assert "hiddenwhose" not in text, "it may name somebody else"
        assert "hiddenofficer" not in text, "it may name somebody else"
        assert output.for_person("ground", said) in text or said in text


def test_own_data_keeps_its_published_schema(con: driver.Connection, policy: Policy) -> None:
    published = json.loads(handout.SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(published)
    assert "\\d" not in handout.SCHEMA.read_text("utf-8"), "full-width digits would pass"
    validator = Draft202012Validator(published)
    full = gathered(con, policy)
    validator.validate(full)
    for kind in KINDS:
        assert full[kind.key], kind.key
    con.execute("insert into member (id, name, name_key) values (5, 'nobody', 'nobody')")
    validator.validate(gathered(con, policy, 5))
    for spoiled in (
        {**full, "more": 1},
        {**full, "member": {**full["member"], "car": "x"}},  # type: ignore[dict-item]
        {**full, "generated_at": "２０２６-11-22T12:00:00+09:00"},
        {key: value for key, value in full.items() if key != "retained"},
    ):
        assert not validator.is_valid(spoiled)


def test_the_promised_keys(con: driver.Connection, policy: Policy) -> None:
    assert list(gathered(con, policy)) == [
        "format", "policy", "generated_at", "complete_from", "member", "choices", "periods", "merged", "refusals", "meetings", "inquiries", "stops",
        "usage", "links", "surveys", "notices", "disclosures", "consents", "files", "accesses", "corrections", "purposes", "retained",
    ]  # fmt: skip


def test_page_and_sheets_have_a_column_for_each_key_of_the_schema() -> None:
    published = json.loads(handout.SCHEMA.read_text("utf-8"))["properties"]
    arrays = {key for key, rules in published.items() if rules.get("type") == "array"}
    assert arrays == {kind.key for kind in KINDS}
    for kind in KINDS:
        shown = [*kind.columns, *kind.beside, *SHEET_ONLY.get(kind.key, ())]
        assert sorted(shown) == sorted(published[kind.key]["items"]["properties"]), kind.key


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_no_two_columns_of_a_sheet_bear_one_heading_and_each_has_one(spoken: str) -> None:
    from soc_cli.formats.sections import AS
    from soc_cli.model import language

    language.use(spoken)
    for kind in KINDS:
        keys = [AS.get((kind.key, key), key) for key in (*kind.columns, *kind.beside, *SHEET_ONLY.get(kind.key, ()))]  # fmt: skip
        headings = [output.label(key) for key in keys]
        assert len(set(headings)) == len(headings), (kind.key, headings)
        assert not [h for h in headings if re.fullmatch("[a-z_0-9]+", h)], (kind.key, headings)


def test_no_view_of_one_member_looks_through_a_whole_table(con: driver.Connection, policy: Policy) -> None:  # fmt: skip
    """So the size of the register does not count; `python -m tests.bench.own_data` measures it."""
    Register(con, Path(":memory:"), policy, RUN, guard(policy).for_purpose("own-record", ME))
    con.set_authorizer(None)
    views = [row["name"] for row in con.execute("select name from sqlite_temp_master where type = 'view' and name like 'soc_category%'")]  # fmt: skip
    assert len(views) > 10
    for view in views:
        plan = [row[3] for row in con.execute(f"explain query plan select * from {view}")]
        assert not [step for step in plan if step.startswith("SCAN")], (view, plan)
