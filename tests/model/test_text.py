"""Text as a screen takes it."""

from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.text import UNSAFE, visible, width, wrapped

HOSTILE = "\x1b[2J\x07\u202etxt.exe\u2066\n\t\r\x9b31m\x00\u2028"


def test_nothing_is_left_that_could_command_a_terminal() -> None:
    assert not UNSAFE.search(visible(HOSTILE))
    assert visible("a\x1b[31mb") == "a\\u001b[31mb"
    assert visible("髙﨑 葛\U000e0100城 𠮷 👨‍👩‍👧") == "髙﨑 葛\U000e0100城 𠮷 👨‍👩‍👧"


@given(st.text(max_size=80))
def test_visible_text_stays_visible(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert not UNSAFE.search(visible(text))


def test_width_counts_columns() -> None:
    assert (width("abc"), width("あいう"), width("ｱｲｳ"), width("葛\U000e0100"), width("①")) == (
        3,
        6,
        3,
        2,
        1,
    )


@given(st.text(st.sampled_from("あ漢ー、。）（a b1. "), max_size=120), st.integers(12, 60))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= columns


def test_a_mark_stays_with_its_character_and_a_long_word_is_broken() -> None:
    assert wrapped("葛\U000e0100葛\U000e0100葛", 4) == ["葛\U000e0100葛\U000e0100", "葛"]
    assert wrapped("か\u3099" * 3, 2) == ["か\u3099"] * 3
    assert wrapped("x" * 10 + " y", 4) == ["xxxx", "xxxx", "xx y"]
    assert wrapped("あああ。", 6) == ["ああ", "あ。"]
    assert wrapped("ああ（い）う", 6) == ["ああ", "（い）", "う"]
    assert wrapped("。" * 9, 6) == ["。。。"] * 3


def test_what_is_wide_is_said_by_whoever_measures() -> None:
    assert wrapped("iiiiWWWW", 4.0, lambda text: sum(0.5 if c == "i" else 2 for c in text)) == [
        "iiiiW", "WW", "W",
    ]  # fmt: skip


def test_no_line_begins_with_a_closing_mark() -> None:
    assert wrapped("ああああ。いいい", 8) == ["あああ", "あ。いい", "い"]
