"""Cards and My Numbers are known by their check digits, in any spelling, and nothing else is taken for one."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from soc_cli.model.sensitive import CARD, MY_NUMBER, found, luhn, masked, my_number

WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def with_luhn(body: str) -> str:
    return next(body + last for last in "0123456789" if luhn(body + last))


def with_check(body: str) -> str:
    return next(body + last for last in "0123456789" if my_number(body + last))


cards = st.builds(
    lambda first, rest: with_luhn(first + rest),
    st.sampled_from("23456"),
    st.text("0123456789", min_size=12, max_size=14),
).filter(lambda digits: len(set(digits)) > 1)
my_numbers = st.text("0123456789", min_size=11, max_size=11).map(with_check).filter(lambda d: len(set(d)) > 1)  # fmt: skip
words = st.text("あいうカードの番号はですabc、。\n", max_size=12)


def in_fours(digits: str, sign: str) -> str:
    """In groups as on a card: 4-4-4-4, 4-6-5 and 4-6-4."""
    sizes = {12: (4, 4, 4), 14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4)}[len(digits)]
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return sign.join(groups)


@given(st.one_of(cards, my_numbers), st.sampled_from(["", "-", " ", "　", "−", "‐"]), st.booleans(), words, words)  # fmt: skip
def test_a_number_is_found_in_any_spelling_and_every_digit_is_masked(
    digits: str, sign: str, wide: bool, before: str, after: str
) -> None:
    written = in_fours(digits, sign)
    written = written.translate(WIDE) if wide else written
    text = before + written + after
    (one,) = found(text)
    assert text[one.start : one.end] == written
    assert one.kind == (MY_NUMBER if len(digits) == 12 else CARD)
    assert masked(text) == before + re.sub("[0-9０-９]", "*", written) + after
    assert found(masked(text)) == []


@given(st.text("0123456789", min_size=1, max_size=16))
def test_what_fails_its_check_is_none(digits: str) -> None:
    assume(not (14 <= len(digits) <= 16 and luhn(digits)))
    assume(not (len(digits) == 12 and my_number(digits)))
    assert found(f"注文番号 {digits} です") == []
    assert masked(digits) == digits


@given(st.one_of(cards, my_numbers), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_makes_another_number(digits: str, at: int, by: int) -> None:
    """Both checks know every single mistyped digit but, of a My Number, those that weigh the same."""
    at %= len(digits)
    other = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    if len(digits) != 12:
        assert not luhn(other)
    elif my_number(other):
        left = sum(int(d) * w for d, w in zip(digits[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6), strict=True)) % 11  # fmt: skip
        assert digits[-1] == "0" or left <= 1, (
            "only where nothing or one is left over are two alike"
        )


@pytest.mark.parametrize(
    "digits",
    ["4111111111111111", "5555555555554444", "378282246310005", "3530111333300000", "30569309025904", "6011111111111117"],
)  # fmt: skip
def test_the_test_numbers_of_the_card_companies(digits: str) -> None:
    assert [one.kind for one in found(digits)] == [CARD]


def test_the_worked_example_of_the_ordinance() -> None:
    """98320567321: 1×2 2×3 3×4 7×5 6×6 5×7 0×2 2×3 3×4 8×5 9×6 = 238; 238 mod 11 = 7; 11 - 7 = 4."""
    assert my_number("983205673214")
    assert not any(my_number(f"98320567321{last}") for last in "012356789")


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678", "052-123-4567 052-123-4568", "2026-11-22 10:30", "〒460-0008", "SOC-0012", "2026年11月22日",
        "+81 90-1234-5678", "03-1234-5678 2026-11-22 06-1234-5678", "0000 0000 0000", "注文 20261122-0001",
        "4111 1111 1111 1112", "4111-1111 1111-1111", "41111111111111111111",
    ],
)  # fmt: skip
def test_phones_dates_and_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []
    assert masked(text) == text


def test_what_stands_beside_a_number_does_not_hide_it() -> None:
    text = "4111 1111 1111 1111 1227、電話090-1234-5678、4111-1111-1111-1111-5555-5555-5555-4444"
    assert masked(text) == "**** **** **** **** 1227、電話090-1234-5678、****-****-****-****-****-****-****-****"  # fmt: skip
