"""`soc breach`: whom it concerns, whether it must be reported, by when, and what the report says."""

import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.breach import ITEMS, TRIGGERS, Incident, triggers
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.operations import breaches
from soc_cli.store import driver
from tests.conftest import RUN, TODAY, Soc

KNOWN = date(2026, 4, 4)


def changed(path: Path, *statements: str) -> None:
    con = driver.connect(path, 1)
    for statement in statements:
        con.execute(statement)
    con.close()


# the four triggers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "persons", "met"),
    [
        ({}, 1, ()),
        ({}, 1000, ()),
        ({}, 1001, ("many",)),
        ({}, None, ("many",)),
        ({"sensitive": True}, 1, ("sensitive",)),
        ({"money": True}, 1, ("money",)),
        ({"suspected": True}, 1, ("dishonest",)),
        ({"sensitive": True, "money": True, "suspected": True}, 1001, TRIGGERS),
        ({"sensitive": True, "money": True, "suspected": True, "encrypted": True}, 5000, ()),
        ({"encrypted": True}, None, ()),
        ({"key_lost": True}, 1001, ("many",)),
        ({"key_lost": True}, 1, ()),
        ({"encrypted": True, "key_lost": True, "sensitive": True}, 1, ("sensitive",)),
    ],
)
def test_s1_the_four_triggers(said: dict[str, bool], persons: int | None, met: tuple[str, ...]) -> None:  # fmt: skip
    assert triggers(Incident(KNOWN, **said), persons, 1000) == met


@given(st.booleans(), st.booleans(), st.booleans(), st.one_of(st.none(), st.integers(0, 5000)))
def test_s1_more_is_never_reported_less(a: bool, b: bool, c: bool, persons: int | None) -> None:
    met = set(triggers(Incident(KNOWN, a, b, c), persons, 1000))
    assert met <= set(triggers(Incident(KNOWN, True, True, True), None, 1000))
    assert bool(met) == (a or b or c or persons is None or persons > 1000)


# the days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "more", "final"),
    [
        ("2025-12-01", ("--money",), "2026-01-05"),
        ("2026-04-04", ("--sensitive",), "2026-05-07"),
        ("2026-08-24", ("--persons", "1001"), "2026-09-24"),
        ("2026-03-02", ("--money",), "2026-03-31"),
        ("2025-11-05", ("--suspected",), "2026-01-05"),
        ("2025-11-05", ("--suspected", "--money", "--sensitive", "--persons", "2000"), "2026-01-05"),
        ("2025-11-05", ("--money", "--sensitive", "--persons", "2000"), "2025-12-04"),
    ],
)  # fmt: skip
def test_s1_the_final_report_is_due(
    members: Soc, known: str, more: tuple[str, ...], final: str
) -> None:
    answer = members("breach", "--known-on", known, "--member", "7", *more, "--json").json
    assert answer["must_report"] is True
    assert answer["must_notify"] is True
    assert answer["final_by"] == final
    assert answer["final_days"] == (60 if "--suspected" in more else 30)
    first, last = (date.fromisoformat(answer[f"preliminary_{x}"]) for x in ("from", "by"))
    assert (first - date.fromisoformat(known)).days == 2  # the third day
    assert (last - date.fromisoformat(known)).days == 4  # the fifth


def test_s1_what_need_not_be_reported_has_no_days(members: Soc) -> None:
    answer = members("breach", "--known-on", "2026-04-04", "--member", "7", "--json").json
    assert answer["must_report"] is False
    assert answer["must_notify"] is False
    assert answer["triggers"] == answer["laws"] == []
    for key in ("preliminary_from", "preliminary_by", "final_by", "final_days"):
        assert answer[key] is None


def test_a_day_is_taken_as_elsewhere_and_not_in_the_future(members: Soc) -> None:
    said = ("breach", "--member", "7", "--money", "--json")
    assert members(*said, "--known-on", "令和8年4月4日").json["known_on"] == "2026-04-04"
    assert members(*said, "--known-on", "2999-01-01", ok=False).code == 3
    assert members(*said, "--known-on", "soon", ok=False).code == 3


def test_it_has_happened_before_it_was_known(members: Soc) -> None:
    said = ("breach", "--known-on", "2026-04-04", "--json", "--happened-on")
    assert members(*said, "2026-04-04", "--what", "register").code == 0
    assert members(*said, "2026-04-05", "--what", "register", ok=False).code == 3
    assert members(*said, "2026-04-03", "--member", "7", ok=False).code == 2


@pytest.mark.parametrize("digits", [19, 5000])
def test_no_number_is_too_long_to_be_told(members: Soc, digits: int) -> None:
    number = "9" * digits
    assert members("breach", "--member", "7", "--persons", number, ok=False).code == 3
    assert members("breach", "--file", number, ok=False).code in (1, 4)
    assert members("journal", "verify", "--head", f"{number}:{'a' * 64}", ok=False).code == 2


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own there")
def test_a_link_that_leads_back_to_itself_is_told(members: Soc, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for words in (
        ("breach", "--file", loop), ("backup", loop), ("backup", "--gone", loop), ("backup", loop / "x"),
        ("handover", "--to", loop), ("restore", loop, "--to", tmp_path / "x.db"), ("--db", loop, "check"),
    ):  # fmt: skip
        answer = members(*words, ok=False)
        assert "error in the program itself" not in answer.err
        assert str(loop) in answer.err


# whom it concerns -------------------------------------------------------------------------------


def test_s1_the_whole_register_is_everybody_in_it(members: Soc) -> None:
    members("inquiry", "log", "--from-name", "見本 一", "--from-contact", "a@example.com", "--kind", "question", "--body", "x")  # fmt: skip
    answer = members("breach", "--what", "register", "--json").json
    assert answer["held"] == {"members": 120, "erased_since": 0, "outsiders": 1, "in_ledger": 0}
    assert answer["persons"] is None
    assert answer["persons_at_most"] == 121
    assert answer["members"] == [f"SOC-{n:04}" for n in range(1, 121)]
    assert {"name", "birth_date", "address"} <= set(answer["fields"])
    assert "inquiries" in answer["categories"]
    assert "usage" not in answer["categories"]


def test_s1_an_earlier_day_has_those_who_were_there(members: Soc, path: Path) -> None:
    members("member", "add", "--name", "見本 新")
    changed(path, "update journal set at = '2026-03-01T12:00:00+09:00' where act = 'import'")
    changed(path, "update journal set at = '2026-05-01T12:00:00+09:00' where act = 'register'")
    said = ("breach", "--what", "register", "--json", "--happened-on")
    assert members(*said, "2026-04-30").json["held"]["members"] == 120
    assert members(*said, "2026-05-01").json["held"]["members"] == 121
    assert members(*said, "2026-02-01").json["held"]["members"] == 0


def test_s1_who_was_in_the_sheet_of_a_later_import_was_there_before(members: Soc, path: Path) -> None:  # fmt: skip
    from tests.conftest import DATA

    changed(path, "update journal set at = '2026-03-01T12:00:00+09:00' where act = 'import'")
    members("member", "import", DATA / "members-cp932.csv")
    answer = members("breach", "--what", "register", "--happened-on", "2026-04-01", "--json").json
    assert answer["held"]["members"] == 120


def test_s1_the_erased_count_where_they_may_have_been_there(members: Soc, path: Path) -> None:
    members("member", "erase", "7", "--yes")
    changed(path, "update erased set erased_on = '2026-05-01'")
    said = ("breach", "--what", "register", "--json", "--happened-on")
    earlier = members(*said, "2026-05-01").json
    assert earlier["held"]["erased_since"] == 1
    assert earlier["persons"] is None
    assert members(*said, "2026-05-02").json["held"]["erased_since"] == 0


def test_s1_a_file_has_those_who_are_on_record_for_it(members: Soc, tmp_path: Path) -> None:
    members("export", "12", "--to", tmp_path / "own")
    answer = members("breach", "--file", tmp_path / "own" / "own-data.json", "--json").json
    assert answer["members"] == ["SOC-0012"]
    assert answer["persons"] == answer["persons_at_most"] == 1
    assert answer["made_by"] == "tester"
    assert answer["made_with"] == "export"
    assert answer["made_at"]
    assert "history" in answer["categories"]


def test_s1_of_a_file_only_what_its_command_had_read(club: Soc, tmp_path: Path) -> None:
    club("member", "add", "--name", "見本 花", "--email", "a@example.jp", "--birth-date", "1980-01-01", "--notice-email", "yes")  # fmt: skip
    club("notice", "prepare", "--subject", "冬の集まり", "--channel", "email", "--to", tmp_path / "list.csv")  # fmt: skip
    answer = club("breach", "--file", tmp_path / "list.csv", "--json").json
    assert answer["made_with"] == "notice prepare"
    assert answer["members"] == ["SOC-0001"]
    assert "email" in answer["fields"]
    assert "birth_date" not in answer["fields"]
    con = driver.connect(tmp_path / "register.db", 1)
    (row,) = con.execute("select id from written").fetchall()
    con.close()
    assert club("breach", "--file", str(row["id"]), "--json").json["path"] == answer["path"]


def test_s1_a_backup_is_the_register_of_its_moment(members: Soc, tmp_path: Path, path: Path) -> None:  # fmt: skip
    members("backup", tmp_path / "copy.db")
    changed(
        path,
        "update journal set at = '2026-03-01T12:00:00+09:00' where act = 'import'",
        "update backup set at = '2026-04-01T12:00:00+09:00'",
        "update written set at = '2026-04-01T12:00:00+09:00'",
        "update journal set at = '2026-04-01T12:00:00+09:00' where act = 'backup'",
    )
    members("member", "add", "--name", "見本 新")
    answer = members("breach", "--file", tmp_path / "copy.db", "--json").json
    assert answer["what"] == "file"
    assert answer["held"]["members"] == 120
    assert answer["made_at"].startswith("2026-04-01")
    assert answer["made_with"] == "backup"


def test_the_register_itself_may_be_named_as_a_file(members: Soc, path: Path) -> None:
    assert members("breach", "--file", path, "--json").json["what"] == "register"


def test_a_file_that_is_not_on_record_is_told(members: Soc) -> None:
    answer = members("breach", "--file", "nothing.csv", ok=False)
    assert answer.code == 4
    assert "--persons" in answer.err
    assert members("breach", "--file", "99", ok=False).code == 4


def test_more_than_one_thing_is_refused(members: Soc, tmp_path: Path) -> None:
    for said in (
        ("--file", "a", "--member", "7"),
        ("--what", "register", "--member", "7"),
        ("--what", "file", "--member", "7"),
        (),
    ):
        assert members("breach", *said, ok=False).code == 2


@pytest.mark.parametrize(
    ("said", "persons", "at_most", "must"),
    [
        ("1000", 1000, 1000, False),
        ("1001", 1001, 1001, True),
        ("unknown", None, 1, False),
        ("不明", None, 1, False),
        ("１００１", 1001, 1001, True),
    ],
)
def test_s1_the_number_of_persons(
    members: Soc, said: str, persons: int | None, at_most: int, must: bool
) -> None:
    answer = members("breach", "--member", "7", "--persons", said, "--json").json
    assert answer["persons"] == persons
    assert answer["persons_at_most"] == at_most
    assert answer["must_report"] is must
    assert members("breach", "--member", "7", "--persons", "many", ok=False).code == 3


def test_s1_an_unknown_number_counts_as_its_maximum(memory) -> None:
    member = "insert into member (id, name, name_key) values ({0}, 'x', 'x')"
    for n, must in ((1000, False), (1001, True)):
        upkeep = memory("upkeep", filled=tuple(member.format(i + 1) for i in range(n)))
        lost = breaches.register_lost(upkeep, TODAY)
        assert lost.at_most == n
        found = breaches.assess(upkeep, Incident(TODAY), lost, None)
        assert found.must_report is must


# what is told -----------------------------------------------------------------------------------


def test_s1_nine_items_are_reported_and_five_told(members: Soc) -> None:
    answer = members("breach", "--member", "7", "--money", "--json").json
    assert tuple(answer["report"]) == ITEMS
    assert list(answer["notice"]) == ["outline", "items", "cause", "harm", "other"]
    assert all(answer["report"].values())


def test_s1_no_name_is_told_and_none_is_read(members: Soc, path: Path, tmp_path: Path) -> None:
    con = driver.connect(path, 1)
    values = {
        value
        for row in con.execute("select name, email, phone, address, nickname from member")
        for value in row
        if value and len(value) > 2
    }
    con.close()
    for form in ("table", "lines", "csv", "json", "jsonl"):
        answer = members("breach", "--what", "register", "--suspected", "-f", form)
        assert not {value for value in values if value in answer.out + answer.err}
    entry = members("journal", "list", "--last", "1", "--json").json[0]
    assert (entry["act"], entry["purpose"], entry["categories"]) == ("breach", "upkeep", [])
    assert "report=dishonest" in entry["details"]
    assert members("policy", "check").code == 0


def test_what_was_not_said_is_told_as_taken_for_no(members: Soc) -> None:
    answer = members("breach", "--member", "7", "--not-suspected", "--json")
    assert answer.json["assumed"] == ["sensitive", "money"]
    assert "--sensitive --money" in answer.err
    answer = members("breach", "--member", "7", "--not-suspected", "--not-sensitive", "--no-money", "--json")  # fmt: skip
    assert answer.json["assumed"] == []
    assert answer.err == ""


def test_the_draft_is_a_file_on_record(members: Soc, tmp_path: Path) -> None:
    to = tmp_path / "draft.txt"
    members("breach", "--member", "7", "--member", "9", "--money", "--to", to)
    text = to.read_text("utf-8")
    assert "SOC-0007, SOC-0009" in text
    assert "nine items" in text
    assert "five items" in text
    if os.name == "posix":
        assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert members("breach", "--member", "7", "--to", to, ok=False).code == 3
    assert to.read_text("utf-8") == text
    members("breach", "--member", "7", "--to", to, "--force")
    assert "SOC-0009" not in to.read_text("utf-8")
    erased = members("member", "erase", "7", "--yes", "--json").json
    assert str(to.resolve()) in json.dumps(erased["files"])


def test_looking_into_a_breach_leaves_nothing_to_sweep(club: Soc) -> None:
    club("sweep", "--yes")
    club("breach", "--what", "register", "--suspected")
    assert "free bytes" not in club("check", ok=None).out


def test_a_table_says_first_what_to_do(members: Soc) -> None:
    answer = members(
        "breach", "--member", "7", "--money", "--known-on", "2026-04-04", "-f", "table"
    )
    lines = answer.out.splitlines()
    assert lines[0].startswith("It must be reported")
    assert "2026-05-07" in answer.out
    assert "2026-04-06 and 2026-04-08" in answer.out


def test_what_the_operation_refuses(memory) -> None:
    upkeep = memory("upkeep")
    with pytest.raises(NotFound):
        breaches.file_lost(upkeep, "nothing")
    for text in ("", "2999-01-01", "x"):
        with pytest.raises(WrongData):
            breaches.known_day(text, RUN.clock.today())


def test_a_person_is_asked(members: Soc, tmp_path: Path) -> None:
    from tests.person import Person

    person = Person("breach", folder=tmp_path, lang="en", columns=120)
    person.sees("On which day")
    person.settle()
    person.presses("\r")
    person.choose("the whole register")
    person.choose("no")
    person.choose("no")
    person.choose("yes, or it can't be ruled out")
    person.choose("no, or nobody knows")
    assert person.ends() == 0
    told = person.all.decode("utf-8", "replace")
    assert "It must be reported" in told
    assert "Enforcement Rules 7(ii)" in told
