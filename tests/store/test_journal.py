"""The journal: whatever is done to it by hand is told, at the entry that it was done to."""

from pathlib import Path

import pytest

from tests.conftest import Soc
from tests.store import raw


@pytest.fixture
def busy(members: Soc) -> Soc:
    members("member", "show", "1")
    members("member", "edit", "1", "--address", "名古屋市中区栄3-1-1")
    members("member", "find", "小野")
    members("member", "add", "--name", "新井 一")
    members("member", "list", "-f", "csv")
    return members


SWAP = (
    "update journal set number = 99 where number = 3; update journal set number = 3 where number = 4;"
    " update journal set number = 4 where number = 99"
)
TOUCHED = {
    "a head changed": ("update journal set operator = 'nobody' where number = 3", 3, "was changed"),
    "a time changed": ("update journal set at = '2020-01-01T00:00:00+09:00' where number = 5", 5, "was changed"),
    "an outcome changed": ("update journal set outcome = 'refused' where number = 2", 2, "was changed"),
    "a hash changed": ("update journal set hash = replace(hash, substr(hash, 1, 1), 'x') where number = 4", 4, "was changed"),
    "a subject changed": ("update journal_subject set members = '2' where number = 3", 3, "whom it is about was changed"),
    "a field changed": ("update journal_subject set fields = 'kana' where number = 5", 5, "whom it is about was changed"),
    "a salt changed": ("update journal_subject set salt = '00' where number = 6", 6, "whom it is about was changed"),
    "a subject removed": ("delete from journal_subject where number = 4", 4, "without an erasure"),
    "an entry removed": ("delete from journal where number = 4; delete from journal_subject where number = 4", 4, "is missing"),
    "the first entry removed": ("delete from journal where number = 1; delete from journal_subject where number = 1", 1, "is missing"),
    "the newest entries removed": ("delete from journal where number >= 7; delete from journal_subject where number >= 7", 7, "is missing"),
    "two entries swapped": (SWAP, 3, "was changed"),
    "an entry put in": (
        "insert into journal (at, operator, purpose, command, act, categories, outcome, commitment, hash)"
        " select at, operator, purpose, command, act, categories, outcome, commitment, hash from journal where number = 3",
        None, "was changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOUCHED)
def test_s1_whatever_is_done_to_the_journal_is_told_at_its_entry(
    busy: Soc, path: Path, case: str
) -> None:
    sql, number, reason = TOUCHED[case]
    newest = int(busy("journal", "verify").out.split(":")[0])
    con = raw.connect(path)
    con.executescript("pragma foreign_keys = off;" + sql)
    con.close()
    answer = busy("journal", "verify", ok=False)
    assert answer.code == 1
    assert f"entry {number or newest + 1} of" in answer.err
    assert reason in answer.err


def test_s1_a_tail_that_is_cut_off_with_its_counter_is_told_against_a_head_kept_outside(
    busy: Soc, path: Path
) -> None:
    head = busy("journal", "head").out.strip()
    busy("journal", "verify", "--head", head)
    con = raw.connect(path)
    con.executescript(
        "pragma foreign_keys = off; delete from journal where number >= 7; delete from journal_subject where number >= 7;"
        " update sqlite_sequence set seq = 6 where name = 'journal';"
    )
    con.close()
    assert "head kept outside" in busy("journal", "verify").err
    answer = busy("journal", "verify", "--head", head, ok=False)
    assert (answer.code, "entry 7 of" in answer.err) == (1, True)
    answer = busy("journal", "verify", "--head", f"3:{'0' * 64}", ok=False)
    assert "entry 3 of" in answer.err
    assert busy("journal", "verify", "--head", "rubbish", ok=False).code == 2


def test_s1_after_an_erasure_it_still_verifies(busy: Soc) -> None:
    before = busy("journal", "list", "--json").json
    busy("member", "erase", "1", "--yes")
    after = busy("journal", "list", "--json").json
    busy("journal", "verify")
    assert [e["hash"] for e in after[: len(before)]] == [e["hash"] for e in before]
    alone = {e["number"] for e in before if e["members"] == "1"}
    assert alone
    assert {e["number"] for e in after if e["members"] is None} == alone
    assert [e["act"] for e in after[len(before) :]] == ["erase"]


def test_every_act_and_every_identified_read_is_an_entry(busy: Soc) -> None:
    acts = [
        (e["command"], e["act"], e["purpose"], e["members"], e["operator"])
        for e in busy("journal", "list", "--json").json
    ]
    assert acts == [
        ("init", "init", "upkeep", "", "tester"),
        ("member import", "import", "upkeep", "1-120", "tester"),
        ("member show", "read", "own-record", "1", "tester"),
        ("member edit", "read", "own-record", "1", "tester"),
        ("member edit", "correct", "own-record", "1", "tester"),
        ("member find", "read", "contact", "1", "tester"),
        ("member add", "register", "upkeep", "121", "tester"),
        ("member list", "read", "contact", "1-121", "tester"),
    ]


def test_no_value_is_ever_in_the_journal(busy: Soc, path: Path) -> None:
    busy("member", "edit", "2", "--name", "秘密 花子", "--phone", "090-1234-9999")
    con = raw.connect(path)
    text = str(
        con.execute("select * from journal").fetchall()
        + con.execute("select * from journal_subject").fetchall()
    )
    con.close()
    for value in ("秘密", "1234-9999", "小野", "栄3", "新井"):
        assert value not in text
    assert "name,phone" in text


def test_a_read_that_can_not_be_recorded_shows_nothing(
    busy: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.store import driver, journal

    def fails(*_arguments: object) -> int:
        raise driver.OperationalError("database or disk is full")

    monkeypatch.setattr(journal, "append", fails)
    answer = busy("member", "show", "1", ok=False)
    assert (answer.code, answer.out) == (1, "")
