"""Sets of member numbers written as ranges."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.journal import _PIECE, holds, members_of, ranges, readable


@given(st.sets(st.integers(1, 5000)))
def test_what_is_written_is_read_back(numbers: set[int]) -> None:
    text = ranges(numbers)
    assert members_of(text) == sorted(numbers)
    for number in (*list(numbers)[:5], 1, 2, 5001):
        assert holds(text, number) == (number in numbers)


def test_short_ranges_are_readable_and_long_ones_short() -> None:
    assert ranges([]) == ""
    assert ranges([7]) == "7"
    assert ranges([3, 1, 2, 7]) == "1-3,7"
    assert ranges(range(1, 1_000_001)) == "1-1000000"
    assert len(ranges(range(1, 1_000_001, 2))) < 3_000


def test_a_long_bitmap_is_looked_into_piece_by_piece() -> None:
    chance = random.Random(1)
    numbers = set(chance.sample(range(1, 300_000), 100_000))
    text = ranges(sorted(numbers))
    assert text.startswith("*")
    assert len(text) > 20 * _PIECE
    for number in (*chance.sample(sorted(numbers), 50), max(numbers), min(numbers)):
        assert holds(text, number)
    for number in (*chance.sample(range(1, 300_000), 50), max(numbers) + 1, 999_999):
        assert holds(text, number) == (number in numbers)


@pytest.mark.parametrize("text", ["*abc", "*////", "*", "x-y", "-", "3-x", "*" + "A" * 64])
def test_what_somebody_else_wrote_names_nobody(text: str) -> None:
    assert members_of(text) == []
    assert not holds(text, 3)
    assert isinstance(readable(text), str)
