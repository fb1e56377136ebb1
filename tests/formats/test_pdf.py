"""Own data on paper: what is drawn, what is not, and that only the password opens it."""

import io
from datetime import datetime

import pypdf
import pytest

from soc_cli.formats import pdf
from soc_cli.formats.sections import LIST, RECORDS, TABLE, Document, Row, Section
from soc_cli.model.clocks import TOKYO

AT = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
NASTY = (
    "𠮷田", "髙﨑", "葛\U000e0100城", "[/x]", "=1+1", "'; drop table member", "**bold** __x__ --", "{nb}", "a" * 400,
    "é ñ ß Ω Ж", "か\u3099", "¥\\", "",
)  # fmt: skip
LACKING = ("🚗", "\u0e01", "אבג", "\U00031350", "\ue000")


def document(*sections: Section, whose: str = "SOC-0001　𠮷田 葛\U000e0100") -> Document:
    return Document("Your own data", whose, ("lead",), sections, "Nothing.", "closing")


def table(rows: list[tuple[str, ...]], *beside: tuple[str, str]) -> Section:
    headings = tuple(f"H{at}" for at in range(len(rows[0])))
    return Section("Table", TABLE, headings, tuple(Row(row, beside) for row in rows))


def read(body: bytes, password: str = "パスワード") -> list[str]:
    """The text of each page, without blanks."""
    reader = pypdf.PdfReader(io.BytesIO(body))
    assert reader.decrypt(password)
    return ["".join(page.extract_text().replace("\0", "").split()) for page in reader.pages]


def drawn(*sections: Section) -> list[str]:
    return read(pdf.own_data_pdf(document(*sections), "パスワード", AT))


def test_s1_only_the_password_opens_it() -> None:
    body = pdf.own_data_pdf(document(), "パスワード", AT)
    assert b"/AESV3" in body
    for wrong in ("", "x", "ハスワード"):
        assert not pypdf.PdfReader(io.BytesIO(body)).decrypt(wrong)
    reader = pypdf.PdfReader(io.BytesIO(body), password="パスワード")
    (page,) = reader.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (595.28, 841.89)
    )
    assert reader.metadata is not None
    assert "SOC" not in str(reader.metadata)


def test_every_text_is_drawn_in_every_shape() -> None:
    records = Section(
        "Records", RECORDS, (), (Row(beside=tuple((f"L{i}", t) for i, t in enumerate(NASTY))),)
    )
    listed = Section(
        "List", LIST, ("a", "b"), tuple(Row((f"P{i}", t)) for i, t in enumerate(NASTY))
    )
    for section in (records, listed, table([(t, "x", t) for t in NASTY], ("Beside", "z" * 300))):
        text = "".join(drawn(section))
        for said in NASTY:
            assert "".join(said.split()) in text, said
        assert pdf.MISSING not in text


def test_what_the_font_lacks_is_seen_to_be_missing() -> None:
    text = "".join(drawn(table([(f"<{t}>",) for t in LACKING])))
    for said in LACKING:
        assert f"<{pdf.MISSING * len(said)}>" in text
        assert said not in text
    assert "standsforacharacter" in text
    assert "standsforacharacter" not in "".join(drawn(table([("髙",)])))


def test_control_characters_are_made_visible() -> None:
    text = "".join(drawn(table([("\x1b[2J\u202e",)])))
    assert "\\u001b[2J\\u202e" in text


def test_a_variant_is_drawn_as_its_own_glyph() -> None:
    """葛 with its selector looks another way than without; where the font has none, as without."""
    import uharfbuzz
    from pylopdf_fonts_jp import sans_path

    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(sans_path()))))

    def glyphs(text: str) -> list[int]:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        return [one.codepoint for one in buffer.glyph_infos]

    assert len(glyphs("葛\U000e0100")) == 1
    assert glyphs("葛\U000e0100") != glyphs("葛")
    assert 0 not in glyphs("𠮷髙葛\U000e0100")
    pages = [_content(t) for t in ("葛\U000e0100", "葛")]
    assert pages[0] != pages[1]


def _content(text: str) -> bytes:
    """What draws one cell with this text."""
    body = pdf.own_data_pdf(document(table([(text,)]), whose="x"), "p", AT)
    reader = pypdf.PdfReader(io.BytesIO(body), password="p")
    fonts = reader.pages[0]["/Resources"]["/Font"]
    return b"".join(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2" if "/FontFile2" in font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] else "/FontFile3"].get_data() for font in fonts.values())  # fmt: skip


def test_long_tables_go_on_with_their_heads_and_each_page_has_its_number() -> None:
    rows = [(f"row{i}", "text " * (i % 9)) for i in range(200)]
    pages = drawn(table(rows, ("Beside", "b" * 90)))
    assert len(pages) > 5
    for at, text in enumerate(pages, 1):
        assert f"{at}/{len(pages)}" in text
    for text in pages[:-1]:
        assert text.count("H0H1") == 1
    whole = "".join(pages)
    for i in range(200):
        assert f"row{i}" in whole


def test_a_text_longer_than_a_page_goes_on() -> None:
    lines = "\n".join(f"line{i}." for i in range(300))
    for section in (table([("x", lines), ("last", "y")]), Section("R", RECORDS, (), (Row(beside=(("Text", lines),)),))):  # fmt: skip
        pages = drawn(section)
        assert len(pages) > 3
        for i in range(300):
            assert f"line{i}." in "".join(pages)


@pytest.mark.parametrize("lines", range(38, 56))
def test_a_heading_stands_with_what_it_heads(lines: int) -> None:
    before = Section("Before", RECORDS, (), (Row(beside=(("Text", "\n".join("x" * lines)),)),))
    for text in drawn(before, table([("first", "cell")])):
        assert ("Table(1)" in text) == ("first" in text)


def test_no_column_is_drawn_beyond_the_page() -> None:
    paper = pdf._Paper(document(), AT)
    for cells in (("a",), ("漢字" * 80,) * 6, ("x" * 500, "y", "2026-11-22 10:00"), ("",) * 3):
        section = table([cells])
        widths = paper._widths(section)
        assert sum(widths) + pdf.GAP * (len(widths) - 1) == pytest.approx(pdf.ACROSS)
        assert min(widths) > 0
        for cell, width in zip(cells, widths, strict=True):
            for line in paper._wrap(cell, width, pdf.TEXT):
                assert paper._measure(pdf.TEXT)(line) <= width + 0.01
