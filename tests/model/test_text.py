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
        assert width(line) <= columns or " " not in line.strip()


def test_no_line_begins_with_a_closing_mark() -> None:
    assert wrapped("ああああ。いいい", 8) == ["あああ", "あ。いい", "い"]
