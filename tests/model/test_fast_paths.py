"""What is canonical already is recognized quickly; both ways must say the same of every text."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from soc_cli.model import fields
from soc_cli.model.fields import FieldError
from tests.conftest import TODAY

WRITTEN = st.text(
    st.one_of(
        st.sampled_from("佐藤髙橋一二丁目番地号々〆ヶヵー－・ 　@.-_+'0189AzアがｱﾞﾟぁヴヽゞA\u3099𠮷\U000e0100\u200d"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x3041, max_codepoint=0x30FF),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)  # fmt: skip
ADDRESSES = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["愛知県", "名古屋市", "栄", "三丁目", "丁目", "番", "番地", "号", "3", "12", "-", "ー", "ヶ丘", "ノ", "メゾン", " ", "101", "号室", "十", "龍", "竜"]
        ),
        max_size=10,
    ),
)  # fmt: skip
PHONES = st.from_regex(r"\A0[0-9]{0,4}-?[0-9]{1,4}-?[0-9]{3,5}\Z")
MAILS = st.one_of(
    st.emails(),
    st.from_regex(r"\A[a-zA-Z0-9_.+-]{1,70}@[a-z0-9.-]{1,20}\.(jp|com|test|invalid|c)\Z"),
)


def told(read: Callable[..., Any], *arguments: Any) -> Any:
    """What a reader gives, or that it refuses."""
    try:
        return read(*arguments)
    except FieldError:
        return "refused"


@given(WRITTEN)
def test_a_line_of_text(text: str) -> None:
    assert told(fields.plain, text, 200) == told(fields.plain_looked_at, text, 200)


@given(WRITTEN)
def test_a_name_key(text: str) -> None:
    if told(fields.plain, text) == text:
        assert fields.name_key(text) == fields.name_key_looked_at(text)


@given(WRITTEN)
def test_a_reading_key(text: str) -> None:
    if told(fields.plain, text) == text:
        assert fields.kana_key(text) == fields.kana_key_looked_at(text)


@given(st.one_of(ADDRESSES, WRITTEN))
@example("愛知県名古屋市栄3-13-6")
@example("栄３−１−１")
@example("愛知県一丁目3-13-6")
def test_an_address_key(text: str) -> None:
    stored = told(fields.address, text, TODAY)
    assert stored == told(fields.address_looked_at, text)
    if stored not in (None, "refused"):
        assert fields.address_key(stored) == fields.address_key_looked_at(stored)


@given(MAILS)
@example("a@example.test")
@example("a" * 65 + "@example.jp")
def test_an_email_address(text: str) -> None:
    assert told(fields.email, text, TODAY) == told(fields.email_looked_at, text)


@given(PHONES)
@example("0000-000-0000")
@example("090-1234-5678")
def test_a_phone_number(text: str) -> None:
    stored = told(fields.phone, text, TODAY)
    careful = told(fields.e164_looked_at, text.replace("-", ""))
    assert (stored == "refused") == (careful == "refused")
    if stored not in (None, "refused"):
        assert fields.phone_key(stored) == careful


@pytest.mark.parametrize("beginning", range(100))
def test_a_japanese_number_hangs_on_its_first_digits(beginning: int) -> None:
    for third in range(0, 100, 3):
        for rest in ("11111", "987654"):
            number = f"0{beginning:02}{third:02}{rest}"
            if number[1] != "0":
                assert told(fields.phone, number, TODAY) == (
                    "refused" if told(fields.e164_looked_at, number) == "refused" else number
                )


@given(WRITTEN)
@example("ｻﾄｳ ｲﾁﾛｳ")
@example("サトウ  イチロウ")
def test_a_reading(text: str) -> None:
    """A reading that is canonical is taken as it is, and what was read is canonical."""
    stored = told(fields.kana, text, TODAY)
    if stored not in (None, "refused"):
        assert told(fields.kana, stored, TODAY) == stored
        assert told(fields.plain_looked_at, stored, 100) == stored
