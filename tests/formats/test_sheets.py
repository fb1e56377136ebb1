"""Sheets coming in: any kind of file, any encoding of a Japanese office, any separator."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.formats import delimited, encodings, objects, rejects, sheets
from soc_cli.model.errors import SocError, WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, ELEMENT, header_key, spellings
from soc_cli.model.sheet import Broken, Manner, Number, Sheet
from tests.conftest import DATA

KNOWN = spellings(BY_KEY)


def opened(
    data: bytes, encoding: str | None = None, name: str | None = None, path: str = ""
) -> Sheet:
    return sheets.open_sheet(
        io.BytesIO(data), lambda heading: header_key(heading) in KNOWN, encoding, name, path
    )


TEXT = "氏名,フリガナ,住所\n髙﨑 壮～,タカサキ ソウ,愛知県①㈱\n"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp932", "cp932"), ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)  # fmt: skip
def test_the_encoding_is_told_apart_by_the_bytes(encoding: str, shown: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    sheet = opened((mark + TEXT).encode(encoding))
    assert (sheet.encoding, sheet.header) == (shown, ["氏名", "フリガナ", "住所"])
    assert list(sheet.rows()) == [(2, ["髙﨑 壮～", "タカサキ ソウ", "愛知県①㈱"])]


def test_euc_jp_is_found_where_it_would_be_kana_that_nobody_wrote() -> None:
    sheet = opened("氏名,住所\n山田 太郎,東京都千代田区\n".encode("euc_jp"))
    assert sheet.encoding == "euc_jp"
    assert list(sheet.rows()) == [(2, ["山田 太郎", "東京都千代田区"])]


def test_narrow_kana_of_cp932_stays_cp932() -> None:
    sheet = opened("氏名,ﾌﾘｶﾞﾅ\nｶﾞﾝﾊﾞﾚ,ﾀﾅｶ ﾀﾛｳ\n".encode("cp932"))
    assert sheet.encoding == "cp932"


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x81\x00\xff\xfe", b"\xff\xfea", b"name\n\xa0\n", "name\n\x80".encode("latin-1")],
)  # fmt: skip
def test_bytes_that_are_no_text_ask_for_an_encoding(data: bytes) -> None:
    with pytest.raises(WrongData, match="encoding"):
        opened(data)


@pytest.mark.parametrize(("delimiter", "kind"), list(delimited.KINDS.items()))
def test_what_stands_between_the_cells_is_read_off_the_header(delimiter: str, kind: str) -> None:
    rows = [["氏名", "住所", "趣味"], ["田中, 誠", "愛知県;名古屋市\t栄", "a\nb"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    sheet = opened(out.getvalue().encode())
    assert (sheet.kind, sheet.header) == (kind, rows[0])
    assert list(sheet.rows()) == [(2, rows[1])]


def test_a_title_is_no_header_and_rows_keep_the_sheets_numbers() -> None:
    text = '\n会員名簿, 2026年度\n,,\n氏名,電話番号\n\n"田中\n誠",1\n,\n小野,2\n'
    sheet = opened(text.encode())
    assert (sheet.header_row, sheet.above) == (4, 1)
    assert list(sheet.rows()) == [(6, ["田中\n誠", "1"]), (8, ["小野", "2"])]
    assert list(sheet.rows()) == list(sheet.rows())


def test_a_line_that_names_the_separator_is_no_header() -> None:
    sheet = opened("sep=;\r\n氏名;住所\r\n田中;x\r\n".encode())
    assert (sheet.kind, sheet.header) == ("semicolon", ["氏名", "住所"])


def test_a_workbook_gives_dates_as_dates_and_tells_its_numbers() -> None:
    sheet = opened((DATA / "members.xlsx").read_bytes())
    assert (sheet.kind, sheet.header_row, sheet.above) == ("xlsx", 3, 1)
    number, cells = next(iter(sheet.rows()))
    assert number == 4
    row = dict(zip(sheet.header, cells, strict=True))
    assert (row["生年月日"], row["電話番号"], row["郵便番号"]) == (
        "1953-06-12",
        "9012341001",
        "9001170",
    )
    assert isinstance(row["電話番号"], Number)
    assert len(list(sheet.rows())) == 60


def test_a_sheet_of_a_workbook_is_chosen_by_name() -> None:
    data = (DATA / "members.xlsx").read_bytes()
    assert opened(data, name="メモ").header == ["このシートは名簿ではありません"]
    with pytest.raises(WrongData, match="会員名簿, メモ"):
        opened(data, name="名簿")
    with pytest.raises(WrongUse):
        opened(TEXT.encode(), name="名簿")
    with pytest.raises(WrongUse):
        opened(data, encoding="cp932")


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>
<office:spreadsheet><table:table table:name="名簿">
<table:table-row><table:table-cell office:value-type="string"><text:p>氏名</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>生年月日</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>田中 誠</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="1975-04-01"><text:p>75/4/1</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr("content.xml", ODS.replace("\n", ""))
    sheet = opened(packed.getvalue())
    assert sheet.kind == "ods"
    assert list(sheet.rows()) == [(2, ["田中 誠", "1975-04-01"])]


@pytest.mark.parametrize("data", [b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_a_broken_workbook_is_one_sentence(data: bytes) -> None:
    with pytest.raises(WrongData, match="no workbook that can be read"):
        opened(data)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[{"name": "a", "choices": {"survey": true}}, {"email": null, "age": 3}]', "json"),
        ('{"name": "a", "choices": {"survey": true}}\n{"email": null, "age": 3}\n', "jsonl"),
        ('\ufeff{"name":"a","survey":"yes"}{"email":"","age":3}', "jsonl"),
    ],
)
def test_objects_are_rows_under_their_keys(text: str, kind: str) -> None:
    sheet = opened(text.encode())
    assert (sheet.kind, sheet.header) == (kind, ["name", "survey", "email", "age"])
    assert list(sheet.rows()) == [(1, ["a", "yes", "", ""]), (2, ["", "", "", "3"])]


def test_an_answer_of_the_program_has_nothing_beside_its_fields() -> None:
    text = '[{"name": "a", "interests": ["b", "c"], "choices": null, "withheld": ["sex"]}]'
    sheet = opened(text.encode())
    assert sheet.header == ["name", "interests"]
    assert list(sheet.rows()) == [(1, ["a", f"b{ELEMENT}c{ELEMENT}"])]
    assert opened(b"[]").header == []


@pytest.mark.parametrize(
    "text", ["[", "[1]", '{"a": 1', '[{"a": 1}', '[{"a": 1}] x', '{"a": 1}]', "[" * 100_000, '{"a": NaNN}', '[{"a":1},"b"]']
)  # fmt: skip
def test_json_that_is_none_is_told_by_its_object(text: str) -> None:
    with pytest.raises(WrongData, match="JSON"):
        list(opened(text.encode()).rows())


def test_a_long_list_of_objects_is_read_piece_by_piece() -> None:
    many = [{"name": f"n{at}", "address": "東" * (at % 2000)} for at in range(300)]
    for text in (json.dumps(many), "\n".join(map(json.dumps, many))):
        assert list(objects.objects(io.BytesIO(text.encode()), "utf-8")) == many


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    st.sampled_from(list(delimited.KINDS)),
    st.sampled_from(["utf-8-sig", "utf-8", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_written_read_written_is_the_same(
    rows: list[list[str]], delimiter: str, encoding: str, line_end: str
) -> None:
    manner = Manner(delimiter, encoding, line_end)
    data = b"".join(delimited.written([["氏名", "住所", "趣味"], *rows], manner))
    sheet = opened(data, path="x.csv")
    assert sheet.manner.delimiter == delimiter
    read = [cells for _at, cells in sheet.rows()]
    assert read == [cells for cells in rows if "".join(cells).strip()]
    assert b"".join(delimited.written([sheet.header, *read], sheet.manner)) == b"".join(
        delimited.written([sheet.header, *read], manner)
    )


def test_rejected_rows_go_out_as_they_came() -> None:
    text = '題\r\n氏名;住所\r\n田中;"a\nb"\r\n小野;c\r\n林\r\n'
    sheet = opened(text.encode("cp932"))
    problems = [
        {"row": 3, "column": "氏名", "reason": "r1"}, {"row": 3, "column": "", "reason": "㋿ r2"},
        {"row": 5, "column": "住所", "reason": "r3"},
    ]  # fmt: skip
    data = b"".join(rejects.pieces(sheet, problems, "理由", again=False))
    assert data.decode("cp932") == (
        '氏名;住所;理由\r\n田中;"a\nb";"氏名: r1; ? r2"\r\n林;;住所: r3\r\n'
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_one_sentence(data: bytes) -> None:
    with suppress(SocError):
        for number, cells in opened(data).rows():
            assert number > 0
            assert any(cells)


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    """An XLSX file whose first sheet is filled by `fill`."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("名簿"))
    return packed.getvalue()


def test_an_error_of_the_spreadsheet_is_no_blank() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["氏名", "職業", "業種"])
        sheet.write_row(1, 0, ["田中", "", ""])
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(1, 2, "=A2", None, "")
        sheet.write_formula(2, 0, "=A2", None, "小野")

    ((_, cells), (_, second)) = opened(workbook(fill)).rows()
    assert cells == ["田中", "#N/A", ""]
    assert isinstance(cells[1], Broken)
    assert second[0] == "小野"


def test_a_cell_far_away_does_not_take_all_memory() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["氏名", "職業"])
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(WrongData, match="reaches to row 1048576 and column 16384"):
        opened(workbook(fill))


def test_dates_times_and_truths_of_a_workbook() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy/m/d"})
        moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(0, 0, ["氏名", "生年月日", "入会日", "メール案内", "郵便番号", "電話番号"])
        sheet.write(1, 0, "田中")
        sheet.write_datetime(1, 1, datetime(1975, 4, 1), day)
        sheet.write_datetime(1, 2, datetime(2001, 2, 3, 10, 30), moment)
        sheet.write_boolean(1, 3, True)
        sheet.write_number(1, 4, 600008)
        sheet.write_number(1, 5, 1.5)

    ((_, cells),) = opened(workbook(fill)).rows()
    assert cells == ["田中", "1975-04-01", "2001-02-03 10:30:00", "yes", "600008", "1.5"]
    assert [isinstance(cell, Number) for cell in cells[3:]] == [False, True, True]


def test_a_source_that_cannot_be_read_twice_is_put_by(tmp_path: object) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    from pathlib import Path

    folder = Path(str(tmp_path))
    data = b"x" * (encodings.PIECE + 5)
    kept = encodings._put_by(Pipe(data), folder)
    assert kept.read() == data
    assert encodings.sha256(kept) == encodings.sha256(io.BytesIO(data))
    kept.close()
    assert list(folder.iterdir()) == []
