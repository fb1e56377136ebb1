"""The journal: whatever is done to it by hand is told, at the entry that it was done to."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soc_cli.model.journal import Entry
from soc_cli.store import driver, journal, maintenance
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
    "a head made no text": ("update journal set operator = cast(x'ff41' as text) where number = 3", 3, "was changed"),
    "a subject made no text": ("update journal_subject set details = cast(x'ff41' as text) where number = 3", 3, "whom it is about was changed"),
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
    assert "can't be proven" in busy("journal", "verify").err
    answer = busy("journal", "verify", "--head", head, ok=False)
    assert (answer.code, "entry 7 of" in answer.err) == (1, True)
    answer = busy("journal", "verify", "--head", f"3:{'0' * 64}", ok=False)
    assert "entry 3 of" in answer.err
    assert busy("journal", "verify", "--head", "rubbish", ok=False).code == 2


def test_s1_what_is_written_after_a_tail_that_was_cut_off_does_not_hide_it(
    busy: Soc, path: Path
) -> None:
    con = raw.connect(path)
    con.executescript(
        "pragma foreign_keys = off; delete from journal where number >= 7; delete from journal_subject where number >= 7;"
    )
    con.close()
    for _more in range(3):  # until as many are there as before
        busy("member", "show", "2")
        found = busy("check", "--json", ok=False).json
        assert [one for one in found if "entry 7 of the journal does not verify" in one["what"]]
    assert "entry 7 of" in busy("journal", "verify", ok=False).err


def test_s1_a_journal_that_was_emptied_does_not_begin_again(busy: Soc, path: Path) -> None:
    con = raw.connect(path)
    con.executescript(
        "pragma foreign_keys = off; delete from journal_subject; delete from journal;"
        " delete from sqlite_sequence where name = 'journal';"
    )
    con.close()
    busy("member", "show", "1")
    assert "entry 1 of" in busy("journal", "verify", ok=False).err


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
    def fails(*_arguments: object) -> int:
        raise driver.OperationalError("database or disk is full")

    monkeypatch.setattr(journal, "append", fails)
    answer = busy("member", "show", "1", ok=False)
    assert (answer.code, answer.out) == (1, "")


# any entry, any field ------------------------------------------------------------------------------

ENTRIES = 12
HEADS = ("at", "operator", "purpose", "command", "act", "occasion", "categories", "outcome", "commitment", "hash")  # fmt: skip
SUBJECTS = ("salt", "members", "fields", "details", "shown")


def written() -> driver.Connection:
    """A journal in memory of entries that are all different."""
    con = driver.connect_memory()
    maintenance.apply_steps(con)
    for n in range(1, ENTRIES + 1):
        stamp = journal.Stamp(f"2026-11-{n:02}T12:00:00+09:00", f"operator {n}", "upkeep", f"command {n}")  # fmt: skip
        act = "correct" if n > 1 else journal.INIT
        entry = Entry(act, (n, n + 50), ("registration",), fields=("name", "phone"), details=f"n={n}")  # fmt: skip
        journal.append(con, stamp, entry)
    assert journal.verify(con) is None, "the control"
    return con


def other_value(value: object) -> object:
    return 1 - value if isinstance(value, int) else f"{value or ''}0"


@settings(max_examples=120, deadline=None)
@given(number=st.integers(1, ENTRIES), field=st.sampled_from(HEADS + SUBJECTS))
def test_s1_any_field_of_any_entry_that_is_changed_is_told_at_that_entry(
    number: int, field: str
) -> None:
    con = written()
    table = "journal" if field in HEADS else "journal_subject"
    con.execute("pragma ignore_check_constraints = on")
    row = con.execute(f"select {field} from {table} where number = ?", (number,)).fetchone()
    con.execute(f"update {table} set {field} = ? where number = ?", (other_value(row[0]), number))
    fault = journal.verify(con)
    assert fault is not None
    assert (fault.number, fault.reason) == (
        number,
        journal.CHANGED if field in HEADS else journal.SUBJECT_CHANGED,
    )


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(1, ENTRIES), other=st.integers(1, ENTRIES),
    how=st.sampled_from(["delete", "insert", "swap", "duplicate", "subject"]),
)  # fmt: skip
def test_s1_an_entry_deleted_inserted_swapped_or_doubled_is_told_where_it_is(
    number: int, other: int, how: str
) -> None:
    con = written()
    con.execute("pragma foreign_keys = off")
    columns = f"{', '.join(HEADS)}"
    if how == "delete":
        con.execute("delete from journal where number = ?", (number,))
        con.execute("delete from journal_subject where number = ?", (number,))
        expected = (number, journal.MISSING)
    elif how == "subject":
        con.execute("delete from journal_subject where number = ?", (number,))
        expected = (number, journal.SUBJECT_MISSING)
    elif how == "swap":
        first, last = sorted((number, other))
        if first == last:
            return
        for now, then in ((first, 99), (last, first), (99, last)):
            con.execute("update journal set number = ? where number = ?", (then, now))
        expected = (first, journal.CHANGED)
    else:  # one more, where all that follow make room, or at the end
        at = number if how == "insert" else ENTRIES + 1
        for n in range(ENTRIES, at - 1, -1):
            con.execute("update journal set number = ? where number = ?", (n + 1, n))
        of = other if other < at else other + 1
        con.execute(
            f"insert into journal (number, {columns}) select ?, {columns} from journal where number = ?",
            (at, of),
        )
        # A twin put before its original is that original; the one behind it is one too many.
        expected = (at + 1 if of == at + 1 else at, journal.CHANGED)
    fault = journal.verify(con)
    assert fault is not None
    assert (fault.number, fault.reason) == expected


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(1, ENTRIES - 1), kept=st.integers(1, ENTRIES))
def test_s1_a_tail_that_was_cut_off_is_told_against_each_head_that_it_held(
    cut: int, kept: int
) -> None:
    con = written()
    hash = con.execute("select hash from journal where number = ?", (kept,)).fetchone()[0]
    con.execute("pragma foreign_keys = off")
    for table in ("journal", "journal_subject"):
        con.execute(f"delete from {table} where number > ?", (ENTRIES - cut,))
    assert journal.verify(con) == journal.Fault(ENTRIES - cut + 1, journal.MISSING), "the counter"
    con.execute("update sqlite_sequence set seq = ? where name = 'journal'", (ENTRIES - cut,))
    assert journal.verify(con) is None, "without a head the tail can't be proven"
    fault = journal.verify(con, [(kept, hash)])
    gone = kept > ENTRIES - cut
    assert fault == (journal.Fault(ENTRIES - cut + 1, journal.MISSING) if gone else None)


def test_s1_a_journal_that_was_written_anew_is_told_against_a_head(
    busy: Soc, path: Path, tmp_path: Path
) -> None:
    """The whole chain made again is whole in itself: only what is kept outside tells."""
    head = busy("journal", "head").out.strip()
    con = raw.connect(path)
    con.execute("pragma foreign_keys = off")
    number = con.execute("select max(number) from journal").fetchone()[0]
    con.execute("delete from journal where number = ?", (number,))
    con.execute("delete from journal_subject where number = ?", (number,))
    con.execute("update sqlite_sequence set seq = ? where name = 'journal'", (number - 1,))
    con.row_factory = driver.Row
    journal.append(con, journal.Stamp("2026-11-22T12:00:00+09:00", "nobody", "upkeep", "x"), Entry("check"))  # fmt: skip
    con.close()
    assert "can't be proven" in busy("journal", "verify").err
    answer = busy("journal", "verify", "--head", head, ok=False)
    assert (answer.code, f"entry {number} of" in answer.err) == (1, True)


@pytest.mark.both
def test_s1_it_verifies_after_erasing_sweeping_backing_up_restoring_and_another_key(
    busy: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[str] = []

    def verified(*before: str) -> None:
        heads.append(busy(*before, "journal", "head").out.strip())
        kept = [word for head in heads for word in ("--head", head)]
        assert busy(*before, "journal", "verify", *kept).out.strip() == heads[-1]

    verified()
    busy("member", "erase", "1", "--yes")
    verified()
    busy("sweep", "--yes")
    verified()
    busy("backup", tmp_path / "b.db", "--verify")
    verified()
    busy("rekey", "--key-file", tmp_path / "settings" / "new.key")
    monkeypatch.setenv("SOC_KEY_FILE", str(tmp_path / "settings" / "new.key"))
    verified()
    busy("backup", tmp_path / "c.db")
    busy("restore", tmp_path / "c.db", "--to", tmp_path / "r.db")
    verified("--db", str(tmp_path / "r.db"))
