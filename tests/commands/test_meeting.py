"""`soc meeting`: the line and the deadline, guests, the door, scanned lists, and what a year was like."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from prompt_toolkit.output import DummyOutput
from python_calamine import CalamineWorkbook

from soc_cli.model.clocks import TOKYO, Clock
from soc_cli.policy import form
from soc_cli.terminal import ask
from tests.conftest import Soc
from tests.store import raw
from tests.store.raw import found
from tests.terminal.test_ask import typing

GUEST = "隠名 梅子"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the moment of the program's clock, in Asia/Tokyo."""

    def set_(moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=TOKYO)
        monkeypatch.setattr(Clock, "now", lambda _self: now)

    set_("2026-11-22T12:00:00")
    return set_


@pytest.fixture
def planned(members: Soc, at: Callable[[str], None]) -> Soc:
    """A register with a meeting for three."""
    members("meeting", "add", "--title", "冬", "--date", "2026-12-13", "--time", "10:30", "--capacity", "3",
            "--deadline", "2026年12月6日 18:00", "--fee", "3,000円")  # fmt: skip
    return members


def shown(soc: Soc, number: int = 1) -> dict[str, Any]:
    meeting: dict[str, Any] = soc("meeting", "show", str(number), "--json").json
    return meeting


def people(soc: Soc) -> dict[str, tuple[Any, ...]]:
    return {
        one["member"] or f"guest-{one['guest']}": (
            one["attendance"],
            one["companions"],
            one["waiting"],
        )
        for one in shown(soc)["people"]
    }


# planning ---------------------------------------------------------------------------------------


def test_what_is_planned_is_told_and_changed(planned: Soc) -> None:
    meeting = shown(planned)
    assert (meeting["deadline"], meeting["deadline_time"], meeting["fee"]) == (
        "2026-12-06", "18:00", "3,000円",
    )  # fmt: skip
    answer = planned("meeting", "edit", "1", "--deadline", "2026/12/5", "--place", "刈谷", "--fee", "", "--no-capacity")  # fmt: skip
    assert "Capacity, Deadline, Until the minute, Fee, Place" in answer.err
    meeting = shown(planned)
    assert (meeting["deadline"], meeting["deadline_time"], meeting["fee"], meeting["place"], meeting["capacity"]) == (
        "2026-12-05", None, None, "刈谷", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 2),
        (("--capacity", "5", "--no-capacity"), 2),
        (("--title", ""), 3),
        (("--date", ""), 3),
        (("--deadline", "2026-12-14"), 3),
        (("--date", "2026-12-01"), 3),
        (("--deadline", "2026-12-06 25:00"), 3),
        (("--time", "10:30"), 3),
        (("--capacity", "0"), 2),
    ],
)
def test_a_wrong_change_changes_nothing(planned: Soc, options: tuple[str, ...], code: int) -> None:
    before = shown(planned)
    assert planned("meeting", "edit", "1", *options, ok=False).code == code
    assert shown(planned) == before


def test_a_cancelled_meeting_keeps_who_declared(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "2")
    planned("meeting", "cancel", "1")
    assert (shown(planned)["status"], shown(planned)["declared"]) == ("cancelled", 2)
    for words in (
        ("declare", "1", "3"), ("withdraw-declaration", "1", "1"), ("edit", "1", "--title", "x"), ("attend", "1", "1"),
        ("sheet", "1"), ("absent", "1", "--rest"), ("cancel", "1"),
    ):  # fmt: skip
        assert planned("meeting", *words, ok=False).code == 3, words
    assert "STATUS:CANCELLED" in planned("meeting", "calendar", "1").out


# the line ---------------------------------------------------------------------------------------


def test_c2_companions_take_places_and_the_line_moves_up(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "--companions", "1")
    answer = planned("meeting", "declare", "1", "2", "--companions", "1")
    assert "SOC-0002 waits, as number 1" in answer.err
    assert "Declared" not in answer.err
    answer = planned("meeting", "declare", "1", "3", "4")
    assert "Declared for meeting 1: SOC-0003" in answer.err
    assert "SOC-0004 waits, as number 2" in answer.err
    answer = planned("meeting", "withdraw-declaration", "1", "3")
    assert "SOC-0004 moves up" in answer.err, "the first who fits"
    assert people(planned)["SOC-0002"] == (None, 1, 1)
    answer = planned("meeting", "edit", "1", "--capacity", "5")
    assert "SOC-0002 moves up" in answer.err
    meeting = shown(planned)
    assert (meeting["declared"], meeting["companions"], meeting["waiting"]) == (3, 2, 0)
    assert "4 people more" in planned("meeting", "edit", "1", "--capacity", "1").err


def test_who_waits_and_comes_has_come_and_can_not_be_absent(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "2", "3", "4", "5")
    answer = planned("meeting", "absent", "1", "4", ok=False)
    assert (answer.code, "SOC-0004 waits" in answer.err) == (3, True)
    planned("meeting", "attend", "1", "4")
    assert people(planned)["SOC-0004"] == ("attended", 0, None)
    assert people(planned)["SOC-0005"] == (None, 0, 1)
    answer = planned("meeting", "withdraw-declaration", "1", "4", ok=False)
    assert (answer.code, "attendance of SOC-0004 is recorded" in answer.err) == (3, True)


def test_two_records_of_one_person_have_the_better_place(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "2", "3", "4", "5")
    planned("member", "merge", "5", "1", "--yes")
    assert people(planned)["SOC-0005"] == (None, 0, None), "a place, since one of them had it"
    planned("member", "unmerge", "5")
    assert (people(planned)["SOC-0001"][2], people(planned)["SOC-0005"][2]) == (None, 2)
    planned("member", "merge", "5", "4", "--yes")
    assert people(planned)["SOC-0005"] == (None, 0, 1), "the place of the one who was before"


def test_all_or_none_withdraw(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "2", "3", "4")
    assert planned("meeting", "withdraw-declaration", "1", "1", "9", ok=False).code == 3
    assert planned("meeting", "withdraw-declaration", "1", "1", "guest-9", ok=False).code == 4
    assert shown(planned)["declared"] == 3
    assert planned("meeting", "withdraw-declaration", "1", ok=False).code == 2


SCRIPT = """
import sys
from soc_cli.main import build
me = int(sys.argv[1])
def soc(*words):
    code = build().main(list(words) + ["-q"], "soc", standalone_mode=False)
    assert code == 0, (words, code)
for i in range(6):
    number = str(me * 10 + i)
    soc("meeting", "declare", "1", number, "--companions", str(i % 2))
    if i % 3 == 2:
        soc("meeting", "withdraw-declaration", "1", number)
    soc("meeting", "declare", "1", "--guest", f"guest {me} {i}")
"""


def test_two_processes_at_once_keep_to_the_places(planned: Soc, path: Path) -> None:
    planned("meeting", "edit", "1", "--date", "2099-12-13", "--deadline", "", "--capacity", "9")
    environment = {**os.environ, "SOC_DB": str(path)}
    running = [
        subprocess.Popen([sys.executable, "-c", SCRIPT, str(me)], env=environment, stderr=subprocess.PIPE)
        for me in (1, 2, 3)
    ]  # fmt: skip
    for one in running:
        _out, err = one.communicate(timeout=300)
        assert one.returncode == 0, err
    meeting = shown(planned)
    assert meeting["declared"] + meeting["guests"] + meeting["companions"] == 9
    assert meeting["declared"] + meeting["guests"] + meeting["waiting"] == 3 * (4 + 6)
    line = sorted(p["waiting"] for p in meeting["people"] if p["waiting"] is not None)
    assert line == list(range(1, meeting["waiting"] + 1))
    planned("journal", "verify")


# the deadline -----------------------------------------------------------------------------------


def test_the_deadline_is_one_of_minutes_in_tokyo(planned: Soc, at: Callable[[str], None]) -> None:
    at("2026-12-06T18:00:59")
    planned("meeting", "declare", "1", "1")
    at("2026-12-06T18:01:00")
    answer = planned("meeting", "declare", "1", "2", ok=False)
    assert (answer.code, "the deadline of meeting 1 was 2026-12-06 18:00" in answer.err) == (3, True)  # fmt: skip
    assert planned("meeting", "declare", "1", "--guest", GUEST, ok=False).code == 3
    planned("meeting", "declare", "1", "2", "--late")
    planned("meeting", "withdraw-declaration", "1", "2")
    (late,) = [e for e in planned("journal", "list", "--json").json if e["members"] == "2" and e["act"] == "declare"]  # fmt: skip
    assert late["details"] == "meeting=1 late"


def test_after_the_day_one_comes_or_is_absent(planned: Soc, at: Callable[[str], None]) -> None:
    planned("meeting", "declare", "1", "1", "2")
    assert "only on 2026-12-13" in planned("meeting", "attend", "1", "1").err
    at("2026-12-13T23:59:59")
    assert "only on" not in planned("meeting", "attend", "1", "1").err
    planned("meeting", "declare", "1", "4", "--late")
    at("2026-12-14T00:00:00")
    answer = planned("meeting", "declare", "1", "3", ok=False)
    assert (answer.code, "soc meeting attend" in answer.err) == (3, True)
    answer = planned("meeting", "withdraw-declaration", "1", "2", ok=False)
    assert (answer.code, "soc meeting absent" in answer.err) == (3, True)
    planned("meeting", "attend", "1", "5")
    planned("meeting", "absent", "1", "--rest")
    assert {who: said[0] for who, said in people(planned).items()} == {
        "SOC-0001": "attended", "SOC-0002": "absent", "SOC-0004": "absent", "SOC-0005": "attended",
    }  # fmt: skip
    assert planned("meeting", "absent", "1", "--rest", ok=False).code == 3


# guests -----------------------------------------------------------------------------------------


def test_p7_a_guests_name_is_shown_at_the_door_alone(planned: Soc, path: Path) -> None:
    assert "guest-1" in planned("meeting", "declare", "1", "--guest", GUEST, "--companions", "1").err  # fmt: skip
    planned("meeting", "declare", "1", "7")
    told = "".join(
        planned(*words).out
        for words in (
            ("meeting", "show", "1", "--json"), ("meeting", "list", "--json"), ("meeting", "report", "--json"),
            ("meeting", "calendar", "1"), ("journal", "list", "--json"),
        )
    )  # fmt: skip
    assert GUEST not in told
    assert planned("meeting", "sheet", "1", "-f", "lines").out.splitlines() == [
        "SOC-0007\t髙﨑 壮\tタカサキ ソウ", f"guest-1\t{GUEST}\t",
    ]  # fmt: skip
    entry = planned("journal", "list", "--json").json[-1]
    assert (entry["purpose"], entry["categories"]) == ("verify", ["identity"])
    con = raw.connect(path)
    assert con.execute("select count(*) from journal_subject where details like '%隠%' or fields like '%隠%'").fetchone() == (0,)  # fmt: skip
    con.close()


def test_r1_a_guests_name_goes_to_the_last_byte_and_stays_away(
    planned: Soc, path: Path, tmp_path: Path
) -> None:
    planned("meeting", "declare", "1", "7")
    planned("meeting", "declare", "1", "--guest", GUEST)
    planned("meeting", "sheet", "1", "--to", tmp_path / "door.html")
    planned("backup", tmp_path / "backup.db")
    assert planned("meeting", "erase-guest", "guest-9", "--yes", ok=False).code == 4
    assert planned("meeting", "erase-guest", "x", "--yes", ok=False).code == 2
    assert planned("meeting", "erase-guest", "1", ok=False).code == 5
    answer = planned(
        "meeting", "erase-guest", "ゲスト1", "--yes", "--json", "--to", tmp_path / "letter.txt"
    )
    assert answer.json["erased"] == {"guest_name": 1}
    assert {Path(one["path"]).name for one in answer.json["files"]} == {"door.html", "backup.db"}
    assert found(path, [GUEST]) == set()
    assert GUEST not in (tmp_path / "letter.txt").read_text("utf-8")
    meeting = shown(planned)
    assert (meeting["guests"], meeting["declared"]) == (1, 1)
    assert GUEST not in planned("meeting", "sheet", "1").out
    planned("meeting", "declare", "1", "8", "9", "10")
    assert shown(planned)["waiting"] == 1, "whoever is erased holds no place"
    assert planned("meeting", "erase-guest", "1", "--yes", ok=False).code == 4
    restored = tmp_path / "restored.db"
    planned("restore", tmp_path / "backup.db", "--to", restored)
    assert found(restored, [GUEST]) == set()
    planned("--db", restored, "meeting", "declare", "1", "--guest", "別の客")
    numbers = [p["guest"] for p in planned("--db", restored, "meeting", "show", "1", "--json").json["people"]]  # fmt: skip
    assert [n for n in numbers if n] == [1, 2]


def test_the_sheet_is_told_to_the_members_on_it(planned: Soc, tmp_path: Path) -> None:
    planned("meeting", "declare", "1", "1", "7")
    planned("meeting", "declare", "1", "--guest", GUEST)
    planned("meeting", "sheet", "1", "--to", tmp_path / "door.xlsx")
    if os.name == "posix":
        assert (tmp_path / "door.xlsx").stat().st_mode & 0o777 == 0o600
    assert planned("meeting", "sheet", "1", "--to", tmp_path / "door.xlsx", ok=False).code == 3
    planned("meeting", "sheet", "1", "--to", tmp_path / "door.xlsx", "--force")
    answer = planned("member", "erase", "7", "--yes", "--json")
    assert [one["kind"] for one in answer.json["files"]] == ["sheet"]
    planned("member", "erase", "1", "--yes")
    answer = planned("meeting", "erase-guest", "1", "--yes", "--json")
    assert [one["kind"] for one in answer.json["files"]] == ["sheet"], "still told, for the guest"


def test_a_swept_period_takes_the_names_and_leaves_the_counts(
    planned: Soc, path: Path, at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned("meeting", "declare", "1", "--guest", GUEST)
    planned("meeting", "attend", "1", "guest-1")
    policy = form.packaged()
    kept = {**policy.periods, "guest": replace(policy.periods["guest"], years=1)}
    monkeypatch.setattr(form, "packaged", lambda: replace(policy, periods=kept))

    def due() -> int:
        rows = planned("sweep", "--dry-run", "--json").json
        return next(row["count"] for row in rows if row["period"] == "guest")  # type: ignore[no-any-return]

    at("2027-12-13T12:00:00")
    assert due() == 0
    at("2027-12-14T12:00:00")
    assert due() == 1
    assert found(path, [GUEST])
    planned("sweep", "--yes")
    assert found(path, [GUEST]) == set()
    assert due() == 0
    report = planned("meeting", "report", "--year", "2026", "--json").json["meetings"][0]
    assert (report["guests"], report["guests_attended"]) == (1, 1)


# attendance -------------------------------------------------------------------------------------


def test_a_scanned_list_is_taken_whole(planned: Soc) -> None:
    planned("meeting", "declare", "1", "1", "2")
    planned("meeting", "declare", "1", "--guest", GUEST)
    scanned = "\ufeffSOC-0001\r\n2\r\r\n  \r\n1\nゲスト1\r\n"
    planned("meeting", "attend", "1", "-", stdin=scanned.encode())
    assert {who: said[0] for who, said in people(planned).items()} == {
        "SOC-0001": "attended", "SOC-0002": "attended", "guest-1": "attended",
    }  # fmt: skip
    planned("meeting", "absent", "1", "-", stdin=b"2\n")
    assert people(planned)["SOC-0002"][0] == "absent"


@pytest.mark.parametrize(
    ("scanned", "code", "lines"),
    [("1\n9999\n\nだれか\n", 3, (2, 4)), ("", 3, ()), ("\r\n \n", 3, ()), ("1\nguest-5\n", 4, ())],
)
def test_a_line_that_names_nobody_keeps_everything_out(
    planned: Soc, scanned: str, code: int, lines: tuple[int, ...]
) -> None:
    answer = planned("meeting", "attend", "1", "-", stdin=scanned.encode(), ok=False)
    assert answer.code == code
    assert [f"line {n}: " in answer.err for n in range(1, 5)] == [n in lines for n in range(1, 5)]
    assert shown(planned)["people"] == []


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_there_is_a_list_to_tick(planned: Soc, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(ask, "_output", DummyOutput)
    asked: list[str] = []
    checkbox = ask.checkbox

    def watched(question: str, answers: Any, option: str) -> Any:
        asked.extend(words for words, _who in answers)
        return checkbox(question, answers, option)

    monkeypatch.setattr(ask, "checkbox", watched)
    planned("meeting", "declare", "1", "7", "3")
    planned("meeting", "declare", "1", "--guest", GUEST)
    planned("meeting", "declare", "1", "8", "--companions", "2")
    with typing("\x03"):
        assert planned("meeting", "attend", "1", ok=False).code == 130
    assert {said[0] for said in people(planned).values()} == {None}
    assert asked[2:] == ["guest-1", "SOC-0008  +2  (waits)"]  # fmt: skip
    assert "髙﨑" not in "".join(asked), "numbers and nicknames alone"
    with typing("\r"):
        assert planned("meeting", "attend", "1", ok=False).code == 2
    with typing(" \x1b[B\x1b[B \r"):  # the first and the third
        planned("meeting", "attend", "1")
    with typing(" \r"):
        planned("meeting", "absent", "1")
    assert {who: said[0] for who, said in people(planned).items()} == {
        "SOC-0003": "attended", "SOC-0007": "absent", "SOC-0008": None, "guest-1": "attended",
    }  # fmt: skip
    answer = planned("meeting", "absent", "1", ok=False)
    assert (answer.code, "is told whether they came" in answer.err) == (3, True)


def test_without_a_terminal_somebody_is_named(planned: Soc) -> None:
    for verb in ("attend", "absent", "declare"):
        assert planned("meeting", verb, "1", ok=False).code == 2
    assert planned("meeting", "absent", "1", "1", "--rest", ok=False).code == 2
    assert planned("meeting", "declare", "1", "guest-1", ok=False).code == 2
    assert planned("meeting", "attend", "1", "1", "2", "--companions", "1", ok=False).code == 2
    assert planned("meeting", "attend", "1", "guest-1", ok=False).code == 4


def test_walk_ins_members_and_guests(planned: Soc) -> None:
    planned("meeting", "attend", "1", "7", "--companions", "2")
    answer = planned("meeting", "attend", "1", "--guest", GUEST)
    assert "Present at meeting 1: guest-1" in answer.err
    assert people(planned) == {"SOC-0007": ("attended", 2, None), "guest-1": ("attended", 0, None)}
    meeting = shown(planned)
    assert (meeting["declared"], meeting["attended"], meeting["guests"]) == (0, 1, 1)


# the sheet comes back ---------------------------------------------------------------------------


def typed(path: Path, ticks: dict[str, tuple[str, str, str]], names: tuple[str, ...]) -> None:
    """The workbook as it comes back from Excel: boxes ticked, walk-ins added below by name."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for down, row in enumerate(rows):
            page.write_row(down, 0, [*row[:3], *ticks[row[0]]] if row[0] in ticks else row)
        for more, name in enumerate(names):
            page.write_row(len(rows) + more, 1, [name, "", "☑", "☐"])


@pytest.mark.parametrize("spoken", ["ja", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_the_sheet_wrote_is_taken_back(
    planned: Soc, tmp_path: Path, spoken: str, kind: str
) -> None:
    def soc(*words: str | Path, **more: Any) -> Any:
        return planned("--lang", spoken, *words, **more)

    soc("meeting", "edit", "1", "--capacity", "5")
    soc("meeting", "declare", "1", "1", "7", "3")
    soc("meeting", "declare", "1", "--guest", GUEST, "--guest", "隠名 二郎")
    soc("meeting", "declare", "1", "8")
    door = tmp_path / f"door.{kind}"
    soc("meeting", "sheet", "1", "--to", door)
    report = soc("meeting", "import-attendance", "1", door, "--json").json
    assert (report["read"], report["unchanged"]) == (5, 5), "an empty sheet says nothing"
    guests = ("guest-1", "guest-2") if spoken == "en" else ("ゲスト1", "ゲスト2")
    ticks = {
        "SOC-0001": ("☑", "☐", "2"), "SOC-0003": ("☐", "☑", ""), guests[0]: ("レ", "☐", ""), guests[1]: ("☐", "○", ""),
    }  # fmt: skip
    name8 = soc("member", "show", "8", "--json").json["name"]
    if kind == "xlsx":
        typed(door, ticks, (name8,))
    else:
        text = door.read_text("utf-8-sig")
        for number, said in ticks.items():
            line = next(one for one in text.splitlines() if one.startswith(number + ","))
            text = text.replace(line, ",".join([*line.split(",")[:3], *said]))
        door.write_text(text + f",{name8},,☑,☐,\r\n", "utf-8-sig", newline="")
    report = soc("meeting", "import-attendance", "1", door, "--json").json
    assert (report["updated"], report["unchanged"], report["rejected"]) == (5, 1, 0)
    assert people(planned) == {
        "SOC-0001": ("attended", 2, None), "SOC-0003": ("absent", 0, None), "SOC-0007": (None, 0, None),
        "SOC-0008": ("attended", 0, None), "guest-1": ("attended", 0, None), "guest-2": ("absent", 0, None),
    }  # fmt: skip
    assert soc("meeting", "import-attendance", "1", door, "--json").json["unchanged"] == 6


def test_a_sheet_that_contradicts_itself_is_told(planned: Soc, tmp_path: Path) -> None:
    planned("meeting", "declare", "1", "1", "2", "3", "4")
    planned("meeting", "declare", "1", "--guest", GUEST)
    door = tmp_path / "door.csv"
    door.write_text("会員番号,出席,欠席\n1,☑,☑\n2,☐,いいえ\n4,☐,☑\nゲスト9,☑,\n", encoding="utf-8")
    answer = planned("meeting", "import-attendance", "1", door, "--json", ok=False)
    assert [(p["row"], p["column"]) for p in answer.json["problems"]] == [
        (2, "欠席"), (3, "欠席"), (4, "出席"), (5, "会員番号"),
    ]  # fmt: skip
    assert {said[0] for said in people(planned).values()} == {None}


# the year and the calendar ----------------------------------------------------------------------


def test_the_forms_of_a_report(planned: Soc) -> None:
    planned("meeting", "declare", "1", "7", "8")
    planned("meeting", "attend", "1", "7")
    planned("meeting", "absent", "1", "8")
    report = planned("meeting", "report", "--json").json
    assert list(report) == ["year", "meetings", "members"]
    assert report["year"] == 2026
    assert [m["rate"] for m in report["members"]] == [1.0, 0.0]
    assert planned("meeting", "report", "--year", "2025", "--json").json["meetings"] == []
    header = planned("meeting", "report", "-f", "csv").out.splitlines()[0]
    assert header.startswith("number,date,title")
    header = planned("meeting", "report", "-f", "csv", "--by", "member").out.splitlines()[0]
    assert header.startswith("member,nickname,declared")
    assert len(planned("meeting", "report").out.splitlines()) == 3
    assert planned("meeting", "report", "--by", "day", ok=False).code == 2


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("spoken", ["ja", "en"])
@pytest.mark.parametrize(("columns", "drawn"), [("120", True), ("66", False), ("30", False)])
def test_the_chart_fits_the_terminal(
    planned: Soc, monkeypatch: pytest.MonkeyPatch, spoken: str, columns: str, drawn: bool
) -> None:
    from soc_cli.model.text import width

    planned("meeting", "attend", "1", "7", "8")
    monkeypatch.setenv("COLUMNS", columns)
    out = planned("--lang", spoken, "meeting", "report", "--by", "meeting").out
    assert max(map(width, out.splitlines())) <= int(columns)
    assert ("█" in out) is drawn
    assert "2026-12-13" in out


def test_a_calendar_of_what_is_to_come(planned: Soc, tmp_path: Path) -> None:
    planned("meeting", "add", "--title", "過ぎた", "--date", "2026-01-10")
    planned("meeting", "declare", "1", "7")
    text = planned("meeting", "calendar").out
    assert text.count("BEGIN:VEVENT") == 1
    assert "SEQUENCE:0" in text
    assert not [word for word in ("髙﨑", "SOC-0007") if word in text]
    planned("meeting", "edit", "1", "--time", "11時")
    again = planned("meeting", "calendar", "1", "2").out
    assert "SEQUENCE:1" in again
    uid = next(line for line in text.splitlines() if line.startswith("UID"))
    assert uid in again
    target = tmp_path / "meetings.ics"
    assert planned("meeting", "calendar", "--to", target).out == f"{target.as_posix()}\n"
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert planned("meeting", "calendar", "9", ok=False).code == 4
