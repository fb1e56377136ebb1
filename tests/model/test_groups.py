"""Groups of members: what is told of is large enough, and nothing smaller follows from it (P1, P2)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.groups import BANDS, band, few, generalised, told

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12))
SMALLEST = st.integers(2, 9)


@given(COUNTS, SMALLEST)
def test_each_count_told_is_large_enough_and_the_total_gives_no_smaller_one_away(
    counts: dict[str, int], smallest: int
) -> None:
    kept, rest = told(counts, smallest)
    assert all(n >= smallest for n in (*kept.values(), *([rest] if rest else [])))
    assert all(kept[key] == counts[key] for key in kept)
    if kept or rest:
        assert sum(kept.values()) + rest == sum(counts.values())
    else:
        assert sum(counts.values()) < smallest
    # What is not told by itself: either nobody, or too large a group to be sure of any part of it.
    hidden = [n for key, n in counts.items() if key not in kept and n]
    assert sum(hidden) == rest or sum(hidden) < smallest
    assert len(hidden) != 1 or not (kept or rest)


@given(COUNTS, SMALLEST)
def test_nothing_is_hidden_that_need_not_be(counts: dict[str, int], smallest: int) -> None:
    kept, _rest = told(counts, smallest)
    large = {key for key, n in counts.items() if n >= smallest}
    assert len(large - kept.keys()) <= 1
    if all(n >= smallest or n == 0 for n in counts.values()):
        assert kept.keys() == large


def test_a_group_that_is_too_small_takes_the_next_one_with_it() -> None:
    assert told({"a": 20, "b": 6, "c": 3}, 5) == ({"a": 20}, 9)
    assert told({"a": 20, "b": 6, "c": 3, "d": 2}, 5) == ({"a": 20, "b": 6}, 5)
    assert told({"a": 4}, 5) == ({}, 0)
    assert told({}, 5) == ({}, 0)


@pytest.mark.parametrize(
    ("age", "found"),
    [(0, "0-17"), (17, "0-17"), (18, "18-29"), (29, "18-29"), (30, "30-39"), (79, "70-79"), (80, "80-"), (125, "80-"), (None, None)],
)  # fmt: skip
def test_an_age_is_in_one_band(age: int | None, found: str | None) -> None:
    assert band(age) == found
    assert found is None or found in BANDS


def test_a_count_by_itself_is_told_of_nobody_or_of_enough() -> None:
    assert [few(n, 5) for n in (0, 1, 4, 5)] == [0, None, None, 5]


ROWS = st.lists(
    st.tuples(*(st.sampled_from(["x", "y", "z", None]) for _column in range(3))), max_size=40
)


@given(ROWS, SMALLEST)
def test_what_a_row_tells_it_has_in_common_with_enough_others(
    rows: list[tuple[str | None, ...]], smallest: int
) -> None:
    found = generalised(rows, smallest)
    assert len(found) == len(rows)
    for row, before in zip(found, rows, strict=True):
        assert all(now in (None, was) for now, was in zip(row, before, strict=True))
    for row, n in Counter(found).items():
        assert n >= smallest or not any(row), (row, n)


def test_the_last_column_goes_first() -> None:
    rows = (
        [("30", "愛知県", "会社員")] * 3 + [("30", "愛知県", "医師")] + [("30", "東京都", "医師")]
    )
    assert generalised(rows, 3) == [("30", "愛知県", "会社員")] * 3 + [(None, None, None)] * 2
    assert generalised(rows, 4) == [("30", "愛知県", None)] * 4 + [(None, None, None)]
    assert generalised(rows, 5) == [("30", None, None)] * 5
    assert generalised(rows, 6) == [(None, None, None)] * 5
    assert generalised([], 5) == []
