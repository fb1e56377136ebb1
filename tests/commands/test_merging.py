"""Two records of one person: made one, found whole, and two again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli.model.errors import WrongData
from soc_cli.model.fields import BY_KEY
from soc_cli.model.language import use
from soc_cli.model.member import shown
from soc_cli.operations import merging
from soc_cli.store import merging as store_merging
from soc_cli.store import schema
from soc_cli.store.register import Register
from tests.conftest import Soc
from tests.store import raw


@pytest.fixture
def two(club: Soc) -> Soc:
    """A register with two records of one person, and what belongs to each."""
    club("member", "add", "--name", "髙﨑 壮", "--phone", "052-123-0102", "--birth-date", "1975-04-01",
         "--joined-on", "2010-05-22", "--nickname", "そう", "--notice-email", "yes")  # fmt: skip
    club("member", "add", "--name", "高崎 壮", "--email", "s@example.jp", "--phone", "052-999-0102",
         "--joined-on", "2004-05-22", "--nickname", "たか", "--interest", "写真")  # fmt: skip
    club("meeting", "add", "--title", "spring", "--date", "2099-04-12")
    club("meeting", "add", "--title", "autumn", "--date", "2099-10-12")
    club("meeting", "declare", "1", "1", "--companions", "1")
    club("meeting", "declare", "1", "2")
    club("meeting", "attend", "1", "2")
    club("meeting", "declare", "2", "2")
    club("inquiry", "log", "--member", "2", "--body", "parking")
    club("inquiry", "reply", "1", "--body", "at eight")
    club("consent", "give", "--member", "2", "--recipient", "A", "--items", "name", "--how", "letter",
         "--given-on", "2026-02-01")  # fmt: skip
    return club


def exported(soc: Soc, number: str, folder: Path) -> dict[str, Any]:
    soc("export", number, "--to", folder, "--force", "--quiet")
    return dict(json.loads((folder / "own-data.json").read_text("utf-8")))


def test_r1_everything_of_the_other_moves(two: Soc, tmp_path: Path) -> None:
    two("member", "merge", "1", "2", "--yes")
    shown = two("member", "show", "1", "--json").json
    assert {k: shown[k] for k in ("name", "phone", "email", "nickname", "interests", "joined_on")} == {
        "name": "髙﨑 壮", "phone": "052-123-0102", "email": "s@example.jp", "nickname": "そう",
        "interests": ["写真"], "joined_on": "2004-05-22",
    }  # fmt: skip
    assert [one["number"] for one in two("member", "list", "--json").json] == ["SOC-0001"]
    spring, autumn = two("meeting", "list", "--json").json
    assert (spring["declared"], spring["attended"], spring["companions"]) == (1, 1, 1)
    assert autumn["declared"] == 1
    data = exported(two, "1", tmp_path / "own")
    assert [one["body"] for one in data["inquiries"]] == ["parking"]
    assert [one["recipient"] for one in data["consents"]] == ["A"]
    assert [one["title"] for one in data["meetings"]] == ["spring", "autumn"]
    (other,) = data["merged"]
    assert (other["number"], other["registration"]["name"]) == ("SOC-0002", "高崎 壮")
    assert "declare" in [one["act"] for one in data["accesses"]]
    (entry,) = [e for e in two("journal", "list", "--json").json if e["act"] == "merge"]
    assert entry["members"] == "1-2"


def test_the_others_number_nickname_and_mailbox_lead_to_the_kept_one(two: Soc) -> None:
    two("member", "merge", "1", "2", "--yes", "--take", "nickname")
    answer = two("member", "show", "2", "--json")
    assert answer.json["number"] == "SOC-0001"
    assert "SOC-0002 was merged into SOC-0001" in answer.err
    for called in ("そう", "たか", "s@example.jp"):
        assert two("member", "show", called, "--json").json["number"] == "SOC-0001"
        if "@" not in called:
            assert two("member", "add", "--name", "森 花", "--nickname", called, ok=False).code == 3
    two("member", "add", "--name", "森 花")
    assert two("member", "edit", "3", "--nickname", "そう", ok=False).code == 3
    assert two("member", "edit", "1", "--nickname", "そう").code == 0


def test_a_sheet_knows_who_was_merged(two: Soc, tmp_path: Path) -> None:
    two("member", "merge", "1", "2", "--yes")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("会員番号,氏名\n2,高崎 壮\n", "utf-8")
    answer = two("member", "import", sheet, "--json", ok=False)
    assert "merged into SOC-0001" in answer.json["problems"][0]["reason"]
    sheet.write_text("氏名,電話番号\n高崎 壮,052-999-0102\n", "utf-8")
    answer = two("member", "import", sheet, "--json", ok=False)
    assert "differs from SOC-0001" in answer.json["problems"][0]["reason"]
    sheet.write_text("氏名,ニックネーム\n森 花,たか\n", "utf-8")
    answer = two("member", "import", sheet, "--json", ok=False)
    assert "taken" in answer.json["problems"][0]["reason"]


def test_after_merge_and_unmerge_both_files_are_what_they_were(two: Soc, tmp_path: Path) -> None:
    before = [exported(two, number, tmp_path / number) for number in ("1", "2")]
    two("member", "merge", "1", "2", "--yes", "--take", "phone", "--take", "nickname")
    two("member", "unmerge", "2")
    after = [exported(two, number, tmp_path / number) for number in ("1", "2")]
    for old, new in zip(before, after, strict=True):
        last = len(old["accesses"])
        assert new["accesses"][:last] == old["accesses"]
        assert {one["command"] for one in new["accesses"][last:]} <= {
            "member merge", "member unmerge", "export",
        }  # fmt: skip
        for data in (old, new):
            data["corrections"] = [c for c in data["corrections"] if "merge" not in c["command"]]
            del data["accesses"], data["generated_at"], data["files"]
        assert new == old


def test_what_came_since_the_merge_stays_with_the_kept_one(two: Soc) -> None:
    two("member", "merge", "1", "2", "--yes", "--take", "phone")
    two("member", "edit", "1", "--email", "new@example.jp")
    two("inquiry", "log", "--member", "1", "--body", "since")
    two("member", "unmerge", "1")
    kept, other = (two("member", "show", n, "--json").json for n in ("1", "2"))
    assert (kept["email"], kept["phone"], kept["joined_on"]) == ("new@example.jp", "052-123-0102", "2010-05-22")  # fmt: skip
    assert (other["email"], other["phone"]) == ("s@example.jp", "052-999-0102")
    asked = {one["number"]: one["member"] for one in two("inquiry", "list", "--json").json}
    assert asked == {1: "SOC-0002", 2: "SOC-0001"}
    assert two("member", "unmerge", "1", ok=False).code == 3


def test_merges_are_undone_from_the_last_one_back(two: Soc) -> None:
    two(
        "member",
        "add",
        "--name",
        "髙﨑壮",
        "--postal-code",
        "450-0002",
        "--joined-on",
        "2010-05-22",
    )
    before = [two("member", "show", n, "--json").json for n in ("1", "2", "3")]
    two("member", "merge", "2", "1", "--yes")
    two("member", "merge", "3", "2", "--yes")
    assert two("member", "show", "1", "--json").json["number"] == "SOC-0003"
    answer = two("member", "unmerge", "1", ok=False)
    assert (answer.code, "SOC-0002" in answer.err) == (3, True)
    two("member", "unmerge", "2")
    assert two("member", "show", "1", "--json").json["number"] == "SOC-0002"
    two("member", "unmerge", "1")
    assert [two("member", "show", n, "--json").json for n in ("1", "2", "3")] == before


@pytest.mark.parametrize("named", ["1", "2"])
def test_r1_erasing_one_erases_both(two: Soc, path: Path, named: str) -> None:
    two("member", "merge", "1", "2", "--yes")
    answer = two("member", "erase", named, "--yes")
    assert "SOC-0002, which was merged into SOC-0001, goes with it" in answer.err
    data = b"".join(p.read_bytes() for p in path.parent.glob("register.db*"))
    for value in ("髙﨑", "高崎", "123-0102", "s@example.jp", "そう", "たか", "parking", "写真"):
        assert value.encode() not in data, value
    for number in ("1", "2"):
        assert "was erased on" in two("member", "show", number, ok=False).err
    assert [m["attended"] for m in two("meeting", "list", "--json").json] == [1, 0]
    two("journal", "verify")
    assert two("member", "unmerge", "2", ok=False).code == 4
    assert two("member", "merge", "1", "2", "--yes", ok=False).code == 4


def test_a_dry_run_shows_both_and_keeps_nothing(two: Soc, path: Path) -> None:
    before = content(path)
    rows = two("member", "merge", "1", "2", "--dry-run", "--take", "phone", "--json").json
    assert {"field": "phone", "keep": "052-123-0102", "other": "052-999-0102", "becomes": "052-999-0102"} in rows  # fmt: skip
    assert content(path) == before
    outcomes = [e["outcome"] for e in two("journal", "list", "--json").json if e["act"] == "merge"]
    assert outcomes == ["dry-run"]


def test_what_a_merge_needs(two: Soc) -> None:
    assert two("member", "merge", "1", "2", ok=False).code == 5
    assert two("member", "merge", "1", "1", "--yes", ok=False).code == 2
    assert two("member", "merge", "1", "9", "--yes", ok=False).code == 4
    for field in ("postal_code", "joined_on", "number", "x"):
        assert two("member", "merge", "1", "2", "--yes", "--take", field, ok=False).code == 2
    assert two("member", "unmerge", "1", ok=False).code == 3
    assert len(two("member", "list", "--json").json) == 2


def test_a_conflict_is_asked_on_a_terminal(
    two: Soc, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.terminal import ask

    asked: list[str] = []

    def select(question: str, answers: list[tuple[str, bool]], option: str) -> bool:
        asked.append(question)
        return question == "Phone:"

    monkeypatch.setattr(ask, "select", select)
    monkeypatch.setattr(ask, "confirm", lambda _question, _yes: None)
    answer = two("member", "merge", "1", "2", "--json")
    assert asked == ["Name:", "Nickname:", "Phone:"]
    assert "Phone: 052-123-0102 → 052-999-0102" in answer.err
    assert two("member", "show", "1", "--json").json["phone"] == "052-999-0102"


def on(path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """It is this day; only a sample may be told so."""
    con = raw.connect(path)
    con.execute("update register set value = 'yes' where key = 'sample'")
    con.commit()
    con.close()
    monkeypatch.setenv("SOC_TODAY", day)


def periods(soc: Soc, number: str, folder: Path) -> tuple[list[dict[str, str]], Any]:
    data = exported(soc, number, folder)
    return data["periods"], [data["member"][key] for key in ("status", "joined_on", "left_on")]


def test_what_was_done_with_the_membership_since_a_merge_stays_whole(
    club: Soc, tmp_path: Path
) -> None:
    club("member", "add", "--name", "鈴木 一", "--joined-on", "2010-01-01")
    club("member", "withdraw", "1", "--on", "2015-06-01")
    club("member", "add", "--name", "鈴木 一", "--joined-on", "2018-01-01")
    before = [{"joined_on": "2010-01-01", "left_on": "2015-06-01"}]
    club("member", "merge", "1", "2", "--yes")
    assert periods(club, "1", tmp_path / "a") == (before, ["active", "2018-01-01", None])
    club("member", "withdraw", "1", "--on", "2020-01-01")
    club("member", "rejoin", "1", "--on", "2021-01-01")
    club("member", "unmerge", "1")
    since = {"joined_on": "2018-01-01", "left_on": "2020-01-01"}
    assert periods(club, "1", tmp_path / "b") == ([*before, since], ["active", "2021-01-01", None])
    assert periods(club, "2", tmp_path / "c") == ([], ["active", "2018-01-01", None])


def test_p8_a_refusal_goes_with_the_person_through_merges(
    two: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(path, monkeypatch, "2026-11-20")
    rule = ("--rule", "会則第5条", "--reason", "x")
    two("member", "refuse", "2", *rule, "--until", "2026-12-31")
    two("member", "merge", "1", "2", "--yes")
    assert two("member", "show", "1", "--json").json["status"] == "refused"
    answer = two("member", "unmerge", "2")
    assert [two("member", "show", n, "--json").json["status"] for n in "12"] == [
        "active",
        "refused",
    ]
    assert "look like the same person" not in answer.err, "no phone or mailbox in common"
    two("member", "merge", "1", "2", "--yes")
    two("member", "readmit", "1")
    two("member", "unmerge", "2")
    assert two("member", "show", "2", "--json").json["status"] == "withdrawn"
    two("member", "rejoin", "2")
    two("member", "refuse", "2", *rule, "--until", "2026-12-31")
    on(path, monkeypatch, "2027-02-01")
    two("member", "merge", "1", "2", "--yes")
    shown = two("member", "show", "1", "--json").json
    assert (shown["status"], shown["left_on"]) == ("active", None), "the refusal has run out"


def test_p8_both_refusals_of_a_merged_person_are_told_at_the_erasure(two: Soc) -> None:
    for number, rule in (("1", "会則第5条"), ("2", "会則第6条")):
        two("member", "refuse", number, "--rule", rule, "--reason", "x")
    two("member", "merge", "1", "2", "--yes")
    told = two("member", "erase", "1", "--yes", "--json").json["retained"]
    assert [one["reason"] for one in told] == ["P8: 会則第5条", "P8: 会則第6条", "R1"]
    for said in (
        ("--birth-date", "1975-04-01"),
        ("--email", "s@example.jp"),
        ("--phone", "052-999-0102"),
    ):
        assert two("member", "add", "--name", "高崎壮", *said, ok=False).code == 5
    subjects = [e["members"] for e in two("journal", "list", "--json").json if e["act"] == "merge"]
    assert subjects == [None]
    two("journal", "verify")


def test_a_former_name_and_mailbox_are_known_to_sheets(club: Soc, tmp_path: Path) -> None:
    club("member", "add", "--name", "佐藤 花子", "--email", "a@example.jp")
    club("member", "add", "--name", "田中 花子", "--email", "b@example.jp")
    club("member", "merge", "1", "2", "--yes")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("氏名,メールアドレス\n佐藤 花子,B@example.jp\n", "utf-8")
    report = club("member", "import", sheet, "--match", "email", "--json", ok=False).json
    assert "differs from SOC-0001" in report["problems"][0]["reason"]
    club("meeting", "add", "--title", "spring", "--date", "2099-04-12")
    sheet.write_text("氏名,出欠\n田中 花子,○\n", "utf-8")
    club("meeting", "import-attendance", "1", sheet)
    assert club("meeting", "list", "--json").json[0]["attended"] == 1


# the store ------------------------------------------------------------------------------------


def test_every_table_that_leads_to_a_member_is_moved(path: Path, club: Soc) -> None:
    """A new table with a member's column makes this fail until it moves, or says why not."""
    own_way = {"declaration", "disclosure_member", "told_apart", "journal_subject", "written"}
    con = raw.connect(path)
    leading = set()
    for table in schema.TABLES:
        columns = {row[1] for row in con.execute(f"pragma table_xinfo({table})")}
        parents = {row[2] for row in con.execute(f"pragma foreign_key_list({table})")}
        if "member" in parents or {"member_id", "members"} & columns:
            leading.add(table)
    con.close()
    assert leading == set(store_merging.OWNED) | own_way


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    con = raw.connect(path)
    kept = [table for table in schema.TABLES if not table.startswith("journal")]
    found = {
        table: sorted(con.execute(f"select * from {table}").fetchall(), key=repr) for table in kept
    }
    con.close()
    return found


DAYS = st.sampled_from([None, "2001-01-01", "2005-05-05", "2012-12-12"])
PEOPLE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["髙﨑 壮", "高崎 壮"]),
        "phone": st.sampled_from([None, "052-123-0102", "052-999-0102"]),
        "sex": st.sampled_from(["undisclosed", "male"]),
        "survey": st.sampled_from([None, 0, 1]),
        "joined_on": DAYS,
        "status": st.sampled_from(["active", "withdrawn", "refused"]),
        "left_on": st.sampled_from([None, "2013-01-01", "2014-02-02"]),
    }
)
DECLARATIONS = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(1, 2), st.sampled_from([None, "2026-01-01", "2026-02-02"]),
        st.sampled_from([None, "attended", "absent"]), st.integers(0, 3), st.sampled_from([None, 1, 2]),
    ),
    unique_by=lambda one: one[:2], max_size=6,
)  # fmt: skip
OWNED = st.lists(st.sampled_from(["inquiry", "usage", "link", "consent", "membership", "ledger", "apart"]), max_size=8)  # fmt: skip
ROWS = {
    "inquiry": "insert into inquiry (received_at, kind, member_id, body) values ('x', 'question', {m}, 'b')",
    "usage": "insert into usage (at, member_id) values ('x', {m})",
    "link": "insert into link (kind, token, member_id, linked_on) values ('cookie', hex(randomblob(8)), {m}, '2026-01-01')",
    "consent": "insert into consent (member_id, recipient, items, how, given_on) values ({m}, 'r', 'name', 'h', '2020-01-01')",
    "membership": "insert into membership (member_id, joined_on, left_on) values ({m}, '1999-01-01', '2000-01-01')",
    "refusal": "insert into refusal (member_id, rule, reason, status_before, refused_on) values ({m}, 'r', 'x', 'active', '2020-01-01')",
    "ledger": "insert into disclosure_member (disclosure_id, member_id, handle) values (1, {m}, 'h') on conflict do nothing",
    "apart": "insert into told_apart (member_id, other_id) values ({m}, 3) on conflict do nothing",
}  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    PEOPLE,
    PEOPLE,
    DECLARATIONS,
    OWNED,
    OWNED,
    st.sets(st.sampled_from(["name", "phone", "survey"])),
)
def test_merging_and_unmerging_leaves_the_register_as_it_was(
    memory: Callable[..., Register],
    one: dict[str, Any],
    two: dict[str, Any],
    declared: list[tuple[Any, ...]],
    ones: list[str],
    twos: list[str],
    taken: set[str],
) -> None:
    use("en")
    filled = [
        f"insert into meeting (id, title, date) values ({n}, 't', '2026-01-01')" for n in (1, 2, 3)
    ]
    for number, person in ((1, one), (2, two), (3, {"name": "森 花", "status": "active"})):
        values = {"id": number, "name_key": "k", **person}
        columns = [key for key, value in values.items() if value is not None]
        said = ", ".join(repr(values[key]) for key in columns)
        filled.append(f"insert into member ({', '.join(columns)}) values ({said})")
    filled.append(
        "insert into disclosure (id, made_at, ground, recipient, recipient_address, recipient_representative,"
        " items, fields, visible_to_member) values (1, 'x', 'danger', 'r', 'a', 'p', 'name', '{}', 1)"
    )
    for meeting, member, day, attendance, companions, waiting in declared:
        said = ", ".join(
            "null" if x is None else repr(x)
            for x in (meeting, member, day, attendance, companions, waiting)
        )
        filled.append(
            f"insert into declaration (meeting_id, member_id, declared_on, attendance, companions, waiting) values ({said})"
        )
    for number, person, kinds in ((1, one, ones), (2, two, twos)):
        refused = ["refusal"] if person["status"] == "refused" else []
        filled += [ROWS[kind].format(m=number) for kind in (*kinds, *refused)]
    filled.append(
        "update member set name_key = name, phone_key = phone"
    )  # the folds do not matter here
    upkeep = memory("upkeep", filled=tuple(filled))
    con = upkeep._con

    def everything() -> dict[str, list[tuple[Any, ...]]]:
        with upkeep._unguarded():
            return {
                table: [tuple(row) for row in con.execute(f"select * from {table} order by 1, 2")]
                for table in schema.TABLES if not table.startswith("journal")
            }  # fmt: skip

    before = everything()
    sides = []
    for number, person in ((1, one), (2, two)):
        row = {"id": number, **dict.fromkeys(BY_KEY), "left_on": None, **person}
        sides.append(shown(f"SOC-000{number}", row))
    planned = merging.plan(1, sides[0], 2, sides[1])
    becomes = planned.becomes(taken & set(planned.conflicts))
    try:
        merging.merge(upkeep, planned, becomes)
    except WrongData:  # left before joining, and the like: nothing was kept
        assert everything() == before
        return
    merged = everything()
    assert {row[0] for row in merged["member"]} == {1, 3}
    assert 2 not in {
        row[1] for table in ("inquiry", "consent", "membership") for row in merged[table]
    }
    with upkeep._unguarded():
        row = con.execute("select id, keep_id, other_id, registration, undo from merged").fetchone()
    kept = merging.Kept(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))
    merging.unmerge(upkeep, kept)
    after = everything()
    # The folded keys are made anew from the values.
    for state in (before, after):
        state["member"] = [row[:19] for row in state["member"]]
    assert after == before
