"""Deadlines to the minute in Asia/Tokyo, and how a guest is called."""

from datetime import UTC, datetime

import pytest

from soc_cli.model.clocks import TOKYO
from soc_cli.model.language import use
from soc_cli.model.meeting import Times, guest, guest_number


@pytest.mark.parametrize(
    ("deadline", "time", "now", "past"),
    [
        (None, None, "2026-12-31T23:59:59", False),
        ("2026-12-06", None, "2026-12-06T23:59:59", False),
        ("2026-12-06", None, "2026-12-07T00:00:00", True),
        ("2026-12-06", "18:00", "2026-12-06T18:00:59", False),
        ("2026-12-06", "18:00", "2026-12-06T18:01:00", True),
        ("2026-12-06", "09:05", "2026-12-06T10:00:00", True),
        ("2026-12-06", "18:00", "2026-12-05T23:00:00", False),
    ],
)
def test_the_last_minute_counts_whole(
    deadline: str | None, time: str | None, now: str, past: bool
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    assert Times("2026-12-13", deadline, time).is_past_deadline(moment) is past


def test_the_day_is_one_in_tokyo() -> None:
    times = Times("2026-12-13", "2026-12-13", None)
    still = datetime(2026, 12, 13, 14, 59, tzinfo=UTC).astimezone(TOKYO)
    over = datetime(2026, 12, 13, 15, 0, tzinfo=UTC).astimezone(TOKYO)
    before = datetime(2026, 12, 12, 14, 59, tzinfo=UTC).astimezone(TOKYO)
    assert (times.is_over(still), times.is_past_deadline(still)) == (False, False)
    assert (times.is_over(over), times.is_past_deadline(over)) == (True, True)
    assert (times.is_to_come(before), times.is_to_come(still)) == (True, False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("guest-2", 2), ("guest 2", 2), ("GUEST2", 2), ("ゲスト2", 2), ("ｹﾞｽﾄ２", 2), (" ゲスト－０２ ", 2), ("ゲスト12", 12),
        ("guest-0", None), ("guest", None), ("2", None), ("SOC-0002", None), ("ゲスト二", None), ("guests-2", None), ("", None),
    ],
)  # fmt: skip
def test_a_guest_is_known_by_number(text: str, number: int | None) -> None:
    assert guest_number(text) == number


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_what_is_written_is_read_again(spoken: str) -> None:
    use(spoken)
    assert guest_number(guest(17)) == 17
