"""The sheet at the door: names and boxes and nothing else, on a page, in CSV and in a workbook."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from soc_cli.formats import doorsheet
from soc_cli.formats.doorsheet import BOX, DoorSheet, Line
from soc_cli.model.language import use

SHEET = DoorSheet(
    "club", "<b>秋</b>", "2026-11-22 10:00", "=1+1",
    (Line("SOC-0001", "=cmd|'/c calc'!A1", "アオキ"), Line("SOC-0012", "𠮷田 http://x.example"), Line("guest-2", "007")),
)  # fmt: skip


def test_the_workbook_holds_text_alone() -> None:
    data = doorsheet.written(SHEET, "xlsx")
    (first, *_rest) = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(first).to_python()
    assert rows[3][:6] == [
        "Member number", "Name", "Reading (kana)", "Present", "Absent", "Companions",
    ]  # fmt: skip
    assert rows[4] == ["SOC-0001", "=cmd|'/c calc'!A1", "アオキ", BOX, BOX, ""]
    assert rows[5] == ["SOC-0012", "𠮷田 http://x.example", "", BOX, BOX, ""]
    assert rows[6][:2] == ["guest-2", "007"]
    book = zipfile.ZipFile(io.BytesIO(data))
    (page,) = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    xml = book.read(page).decode()
    assert not re.search(r"<f>|hyperlink|<v>7</v>(?!</c>)", xml)
    assert re.search(r'<dataValidation type="list"[^>]*sqref="D5:E13"', xml), "boxes are picked"
    assert 'paperSize="9"' in xml


def test_csv_is_what_excel_opens() -> None:
    data = doorsheet.written(SHEET, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 4
    assert "'=cmd" in data.decode(), "no live formula"


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_page_needs_no_network_and_is_in_one_language(spoken: str) -> None:
    use(spoken)
    page = doorsheet.written(SHEET, "html").decode()
    assert f'<html lang="{spoken}">' in page
    assert "&lt;b&gt;秋" in page
    assert not re.search("<script|src=|@import|url\\(|href=", page)
    assert page.count(BOX) == 2 * 3 + doorsheet.WALK_INS
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)
    assert bool(re.search("[ぁ-ん]{3}", words)) is (spoken == "ja")
