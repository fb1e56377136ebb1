"""Meetings as iCalendar files: read by a second library, and line by line as RFC 5545 has it."""

import re
from datetime import datetime

import vobject

from soc_cli.formats import calendar
from soc_cli.model.clocks import TOKYO

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=TOKYO)
MEETING = {
    "id": 7, "title": "忘年会; 鍋, \\ と\n酒" + "長い名前" * 20, "date": "2026-12-27", "time": "17:00",
    "place": "刈谷,愛知", "status": "planned", "revision": 3,
}  # fmt: skip


def properties(data: bytes) -> dict[str, str]:
    """The lines of the event unfolded, by name with its parameters; each line as RFC 5545 3.1 wants it."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # folded between characters, never inside one
    unfolded = data.decode().replace("\r\n ", "").split("\r\n")
    event = unfolded[unfolded.index("BEGIN:VEVENT") : unfolded.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in event)


def test_the_event_as_the_rfc_has_it() -> None:
    data = calendar.written([MEETING], "r", NOW)
    event = properties(data)
    assert event["DTSTART;TZID=Asia/Tokyo"] == "20261227T170000"
    assert event["DTSTAMP"] == "20261122T030000Z"
    assert (event["SEQUENCE"], event["STATUS"]) == ("3", "CONFIRMED")
    assert event["SUMMARY"].startswith(r"忘年会\; 鍋\, \\ と\n酒")
    assert event["LOCATION"] == r"刈谷\,愛知"
    assert set(event) == {
        "BEGIN", "SUMMARY", "DTSTART;TZID=Asia/Tokyo", "DTSTAMP", "UID", "SEQUENCE", "LOCATION", "STATUS",
    }  # fmt: skip
    text = data.decode()
    assert re.search("BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\n", text)
    assert "TZOFFSETTO:+0900" in text
    assert text.count("BEGIN:") == text.count("END:")


def test_another_library_reads_it() -> None:
    data = calendar.written([MEETING, {**MEETING, "id": 8, "time": None}], "r", NOW)
    read = vobject.readOne(data.decode())
    first, second = read.vevent_list
    assert first.summary.value == MEETING["title"]
    assert first.dtstart.value.isoformat() == "2026-12-27T17:00:00+09:00"
    assert second.dtstart.value.isoformat() == "2026-12-27", "a day, where no time is planned"


def test_the_same_meeting_keeps_its_uid_and_another_registers_has_another() -> None:
    def uid(meeting: dict[str, object], register: str) -> str:
        return properties(calendar.written([meeting], register, NOW))["UID"]

    assert uid(MEETING, "r") == uid({**MEETING, "title": "x", "revision": 9}, "r")
    assert len({uid(MEETING, "r"), uid(MEETING, "s"), uid({**MEETING, "id": 8}, "r")}) == 3


def test_a_cancelled_meeting_says_so() -> None:
    cancelled = calendar.written([{**MEETING, "status": "cancelled"}], "r", NOW)
    assert properties(cancelled)["STATUS"] == "CANCELLED"
