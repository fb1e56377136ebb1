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
    kept_through,
    over_before,
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
