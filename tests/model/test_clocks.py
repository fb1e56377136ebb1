"""The ways of counting days, with the vectors of the law."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.clocks import (
    TOKYO,
    Clock,
    age,
    answer_by,
    closed,
    day_of,
    kept_through,
    over_before,
    report_by,
    suit_from,
    warn_on,
)


@pytest.mark.parametrize(
    ("made", "through"),
    [
        ("2026-11-22", "2029-11-22"),
        ("2024-02-29", "2027-02-28"),
        ("2025-02-28", "2028-02-29"),
        ("2024-02-28", "2027-02-28"),
    ],
)
def test_d1_three_years_are_counted_as_the_civil_code_does(made: str, through: str) -> None:
    assert kept_through(date.fromisoformat(made), 3) == date.fromisoformat(through)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_a_period_never_ends_early(made: date, years: int) -> None:
    through = kept_through(made, years)
    assert through.year == made.year + years
    assert 0 <= (through - date(made.year + years, made.month, min(made.day, 28))).days <= 3


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        ("2000-02-29", "2026-02-28", 25),
        ("2000-02-29", "2026-03-01", 26),
        ("2000-02-29", "2028-02-29", 28),
        ("1975-04-01", "2026-03-31", 50),
        ("1975-04-01", "2026-04-01", 51),
        ("2026-11-22", "2026-11-22", 0),
    ],
)
def test_p1_an_age_is_whole_years(born: str, today: str, years: int) -> None:
    assert age(date.fromisoformat(born), date.fromisoformat(today)) == years


def test_the_clock_speaks_tokyo_time() -> None:
    assert Clock().now().tzinfo is TOKYO
    assert Clock(date(2026, 11, 22)).now().isoformat() == "2026-11-22T12:00:00+09:00"
    assert Clock(date(2026, 11, 22)).today() == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("arrived", "suit"),
    [("2026-04-01", "2026-04-16"), ("2027-02-15", "2027-03-02"), ("2028-02-15", "2028-03-01")],
)
def test_r2_a_request_is_answered_before_the_member_may_sue(arrived: str, suit: str) -> None:
    day = date.fromisoformat(arrived)
    assert suit_from(day) == date.fromisoformat(suit)
    assert answer_by(day) + timedelta(days=1) == suit_from(day)


@pytest.mark.parametrize(
    ("due", "urgent"),
    [("2027-03-01", "2027-02-22"), ("2028-03-01", "2028-02-23"), ("2027-01-03", "2026-12-27")],
)
def test_r2_a_request_is_urgent_a_week_before_its_day(due: str, urgent: str) -> None:
    assert warn_on(date.fromisoformat(due)) == date.fromisoformat(urgent)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 30))
def test_a_period_is_over_from_the_day_after_its_last(today: date, years: int) -> None:
    last = over_before(today, years)
    assert kept_through(last, years) < today
    assert kept_through(last + timedelta(days=1), years) >= today


@pytest.mark.parametrize(
    ("known", "days", "by"),
    [
        ("2025-12-01", 30, "2026-01-05"),  # 30 December; 3 and 4 January are a weekend
        ("2026-04-04", 30, "2026-05-07"),  # Sunday 3 May, then three holidays, one of them a substitute
        ("2026-08-24", 30, "2026-09-24"),  # the Tuesday between two holidays is one too
        ("2026-03-02", 30, "2026-03-31"),  # an open day stays
        ("2025-11-05", 60, "2026-01-05"),  # Saturday 3 January
        ("2026-08-23", 30, "2026-09-24"),  # Monday 21 September
        ("2026-08-22", 30, "2026-09-24"),  # Sunday 20 September
        ("2026-08-20", 30, "2026-09-18"),  # the Friday before them
        ("2026-11-29", 30, "2026-12-28"),  # the last open day of the year
        ("2026-11-30", 30, "2027-01-04"),  # 29 December
        ("2026-12-06", 30, "2027-01-04"),  # 4 January is open, a Monday
        ("2026-10-31", 60, "2027-01-04"),  # 29 December again, by the longer count
        ("2027-02-20", 30, "2027-03-23"),  # Sunday 21 March is a holiday, and Monday its substitute
        ("2028-01-31", 30, "2028-02-29"),  # a leap day
        ("2032-08-23", 30, "2032-09-23"),  # 20 to 22 September 2032, as in 2026 a day later
    ],
)  # fmt: skip
def test_a_report_of_a_breach_is_due_on_an_open_day(known: str, days: int, by: str) -> None:
    assert report_by(date.fromisoformat(known), days) == date.fromisoformat(by)


def test_the_day_of_knowledge_is_day_1() -> None:
    known = date(2026, 4, 4)
    assert [day_of(known, n).isoformat() for n in (1, 3, 5)] == [
        "2026-04-04", "2026-04-06", "2026-04-08",
    ]  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from([30, 60]))
def test_a_report_is_never_due_early_and_never_on_a_closed_day(known: date, days: int) -> None:
    by = report_by(known, days)
    last = day_of(known, days)
    assert not closed(by)
    assert last <= by <= last + timedelta(days=11)
    assert all(closed(last + timedelta(days=n)) for n in range((by - last).days))
