"""Rows going out: harmless on a screen and in a spreadsheet, and the same when read back."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.formats import delimited, listing, sheets
from soc_cli.model.text import UNSAFE

HOSTILE = [
    "=1+1",
    "+81 90",
    "-1",
    "@cmd",
    "＝1+1",
    "'=1+1",
    " =1",
    "\t=1",
    '"=1',
    "[/x]",
    "a\x1b[2Jb",
    "x\u202ey",
    "'; drop table member; --",
]


def text_of(kind: str, values: list[str]) -> str:
    return "".join(listing.WRITERS[kind](["a"], [{"a": value} for value in values]))


@pytest.mark.parametrize("kind", listing.WRITERS)
def test_s1_no_format_lets_a_control_sequence_through(kind: str) -> None:
    text = text_of(kind, [*HOSTILE, "\u2028\x9b31m\x00"])
    assert not UNSAFE.search(text.replace("\n", "").replace("\r", "")) or kind == "csv"
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x9b" not in text


def test_s1_no_cell_is_a_live_formula() -> None:
    rows = list(csv.reader(io.StringIO(text_of("csv", HOSTILE), newline="")))[1:]
    for (cell,) in rows:
        assert not cell.lstrip('\u3000 "').startswith(delimited.FORMULA)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=20))
def test_what_is_written_as_csv_is_read_back(value: str) -> None:
    written = "".join(listing.as_csv(["a", "b"], [{"a": value, "b": "x"}]))
    data = io.BytesIO(b"\xef\xbb\xbf" + written.encode())
    sheet = sheets.open_sheet(data, lambda _heading: True, path="a.csv")
    assert list(sheet.rows()) == [(2, [value, "x"])]


def test_json_is_an_array_and_reads_back_what_was_stored() -> None:
    assert json.loads(text_of("json", HOSTILE)) == [{"a": value} for value in HOSTILE]
    assert text_of("json", []) == "[]\n"
    assert text_of("jsonl", []) == ""
    assert [json.loads(line) for line in text_of("jsonl", HOSTILE).splitlines()] == [
        {"a": v} for v in HOSTILE
    ]


def test_a_line_is_a_row() -> None:
    assert text_of("lines", ["a\nb\tc", "d"]) == "a\\nb\\tc\nd\n"


def test_values_in_one_cell() -> None:
    assert [
        listing.flat(v) for v in (None, True, False, 3, ["a", "b"], {"x": None, "y": True})
    ] == ["", "yes", "no", "3", "a、b", "x=- y=yes"]
