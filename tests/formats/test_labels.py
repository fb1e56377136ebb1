"""Labels and postcards: where each thing stands on the paper, that nothing is cut, and no character lost."""

import io
from collections.abc import Sequence
from datetime import datetime

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soc_cli.formats import drawing, labels
from soc_cli.model.clocks import TOKYO
from soc_cli.model.notice import Letter

AT = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
POINT = 25.4 / 72
"""Millimetres of a point of a PDF."""
CODE, ADDRESS = "450-0002", "愛知県名古屋市中村区名駅1-1-4"
LONG = Letter("SOC-0003", "長谷川 " + "あ" * 96, None, postal_code=CODE, address="漢" * 200)
HOUSE = Letter("SOC-0004", "林 昭", None, postal_code=CODE, address=ADDRESS * 4, household=("林 花子", "林 湊", "林 薫", "林 健"))  # fmt: skip
NASTY = (
    Letter("SOC-0001", "髙﨑 壮", None, postal_code=CODE, address=ADDRESS),
    Letter("SOC-0002", "葛\U000e0100城 𠮷子", None, address="葛\U000e0100ハイツ𠮷田201号室"),
    LONG,
    HOUSE,
    Letter("SOC-0005", "か\u3099 x" * 20, None, postal_code=CODE, address="w" * 200),
    Letter("SOC-0006", "あ", None, postal_code=CODE, address="1"),
)


def letters(n: int) -> list[Letter]:
    return [Letter(f"SOC-{at:04}", f"姓{at} 名", None, postal_code=CODE, address=ADDRESS) for at in range(n)]  # fmt: skip


def pages(data: bytes) -> Sequence[pypdf.PageObject]:
    return pypdf.PdfReader(io.BytesIO(data)).pages


def placed(page: pypdf.PageObject) -> list[tuple[str, float, float]]:
    """Each text of a page with where it begins, in millimetres from the upper left."""
    height = float(page.mediabox.height)
    got: list[tuple[str, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        if said := text.replace("\0", "").strip():
            got.append((said, (tm[4] + cm[4]) * POINT, (height - tm[5] - cm[5]) * POINT))

    page.extract_text(visitor_text=visit)
    return got


class Boxes:
    """What is drawn, with the box of ink that each text may take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: list[tuple[int, str, float, float, float, float]] = []
        real = drawing.Drawing._write

        def write(paper: drawing.Drawing, text: str, x: float, y: float, size: float, colour: drawing.Colour, width: float, height: float, align: str = "L") -> None:  # fmt: skip
            wide = paper._measure(size)(text)
            left = x + (width - wide) / 2 if align == "C" else x
            self.drawn.append((paper.pdf.page_no(), text, left, y, left + wide, y + height))
            real(paper, text, x, y, size, colour, width, height, align)

        monkeypatch.setattr(drawing.Drawing, "_write", write)


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> Boxes:
    return Boxes(monkeypatch)


@pytest.mark.parametrize("name", labels.SHEETS)
def test_a_sheet_fills_a4_evenly(name: str) -> None:
    sheet = labels.SHEETS[name]
    assert sheet.labels == 24
    left, top = sheet.at(0)
    right, bottom = (a + b for a, b in zip(sheet.at(23), (sheet.width, sheet.height), strict=True))
    assert (left, top) == pytest.approx((210 - right, 297 - bottom))
    assert left >= 0
    assert top >= 0
    assert sheet.at(3) == pytest.approx((left, top + sheet.height)), "row by row"


def test_the_margins_of_the_sheet_that_is_sold_with_margins_all_round() -> None:
    assert labels.SHEETS["66x33.9"].at(0) == pytest.approx((6.0, 12.9))


@pytest.mark.parametrize("name", labels.SHEETS)
@pytest.mark.parametrize("skip", [0, 5, 23])
def test_each_address_stands_in_its_label(name: str, skip: int) -> None:
    sheet = labels.SHEETS[name]
    made = pages(labels.labels(letters(30), sheet, skip, "t", AT).data)
    assert len(made) == (30 + skip + 23) // 24
    for place in range(30):
        number, at = divmod(place + skip, 24)
        page = made[number]
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((595.28, 841.89), abs=0.01)  # fmt: skip
        (where,) = [(x, y) for text, x, y in placed(page) if text == f"姓{place} 名 様"]
        x, y = sheet.at(at)
        assert x < where[0] < x + sheet.width
        assert y < where[1] < y + sheet.height


@pytest.mark.parametrize("name", labels.SHEETS)
def test_nothing_of_a_label_is_cut_and_nothing_lies_on_another(boxes: Boxes, name: str) -> None:
    sheet = labels.SHEETS[name]
    labels.labels(NASTY, sheet, 0, "t", AT)
    at = -1
    below = 0.0
    for _page, text, left, top, right, bottom in boxes.drawn:
        if text.startswith("〒") or text.startswith("葛\U000e0100ハイツ"):
            at, below = at + 1, 0.0
        x, y = sheet.at(at)
        assert left >= x + labels.NEAR - 0.01
        assert right <= x + sheet.width - labels.NEAR + 0.05
        assert top >= max(y + labels.NEAR - 0.01, below)
        assert bottom <= y + sheet.height - labels.NEAR + 0.01
        below = bottom - 0.01
    assert at == len(NASTY) - 1
    drawn = "".join(text for _page, text, *_box in boxes.drawn)
    for letter in NASTY:
        for said in (*letter.names, letter.address or ""):
            assert "".join(said.split()) in "".join(drawn.split()), said


@pytest.mark.long
def test_a_long_name_wraps_before_it_is_too_small_and_never_just_before_its_title(boxes: Boxes) -> None:  # fmt: skip
    for length in range(1, 100):
        labels.labels([Letter("x", "あ" * length, None, address="a")], labels.SHEETS["66x33.9"], 0, "t", AT)  # fmt: skip
        assert boxes.drawn[-1][1].strip() != "様", length
        assert boxes.drawn[-1][1].endswith("様")


def test_no_character_is_lost_and_what_the_font_lacks_is_told() -> None:
    made = labels.labels([*NASTY, Letter("SOC-0009", "\U00031350 🚗", None, address="a")], labels.SHEETS["66x33.9"], 0, "t", AT)  # fmt: skip
    text = "".join(
        "".join(page.extract_text() for page in pages(made.data)).replace("\0", "").split()
    )
    for said in ("髙﨑壮", "葛\U000e0100城𠮷子", "葛\U000e0100ハイツ𠮷田201号室"):
        assert said in text
    assert made.lacking == ["SOC-0009"]
    assert f"{drawing.MISSING}{drawing.MISSING}様" in text


def test_a_postcard_is_a_hagaki_and_its_code_stands_in_the_red_boxes(boxes: Boxes) -> None:
    made = labels.hagaki(letters(2), ("愛知県", "クラブ"), "t", AT)
    for page in pages(made.data):
        assert (float(page.mediabox.width) * POINT, float(page.mediabox.height) * POINT) == pytest.approx((100, 148), abs=0.01)  # fmt: skip
    digits = [one for one in boxes.drawn if one[0] == 1 and one[1] in "0123456789"]
    assert "".join(text for _page, text, *_box in digits) == "4500002"
    for (_page, _text, left, top, right, bottom), x in zip(digits, labels.BOXES, strict=True):
        assert x < left < right < x + 5.7
        assert (top, bottom) == pytest.approx((12.0, 20.0))
        assert (left + right) / 2 == pytest.approx(x + 2.85, abs=0.01)


def test_the_boxes_are_those_of_the_standard() -> None:
    """5.7 wide, 1.3 apart in the first three, 1.9 to the next four, 1.1 apart there; 8.0 from the edge."""
    gaps = [b - a - labels.BOX for a, b in zip(labels.BOXES, labels.BOXES[1:], strict=False)]
    assert gaps == pytest.approx([1.3, 1.3, 1.9, 1.1, 1.1, 1.1])
    assert labels.BOXES[-1] + labels.BOX == pytest.approx(100 - 8.0)
    assert labels.BOXES[0] == pytest.approx(100 - 8.0 - 47.7)


def test_nothing_of_a_postcard_is_cut(boxes: Boxes) -> None:
    sender = ("愛知県名古屋市中区栄1-2-3 みほんビル4階" * 4, "ソアラオーナーズクラブ")
    labels.hagaki(NASTY, sender, "t", AT)
    assert {page for page, *_more in boxes.drawn} == set(range(1, len(NASTY) + 1))
    below, before = 0.0, 0
    for page, text, left, top, right, bottom in boxes.drawn:
        if text in "0123456789":
            continue
        if page != before:
            before, below = page, 20.0
        assert left >= 10
        assert right <= 96.05
        assert top >= below
        assert bottom <= 142
        below = bottom - 0.01


def test_without_a_postal_code_the_rest_is_there(boxes: Boxes) -> None:
    letter = Letter("x", "森 花", None, address="愛知県刈谷市")
    labels.labels([letter], labels.SHEETS["66x33.9"], 0, "t", AT)
    assert [one[1] for one in boxes.drawn] == ["愛知県刈谷市", "森 花 様"]
    boxes.drawn.clear()
    labels.hagaki([letter], ("", "クラブ"), "t", AT)
    assert [one[1] for one in boxes.drawn] == ["愛知県刈谷市", "森 花 様", "クラブ"]


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))  # fmt: skip
def test_any_text_is_drawn(name: str, address: str) -> None:
    letter = Letter("x", name, None, postal_code=CODE, address=address, household=(name,))
    assert pages(labels.labels([letter], labels.SHEETS["66x33.9"], 3, "t", AT).data)
    assert pages(labels.hagaki([letter], ("s",), "t", AT).data)


def test_a_name_of_which_nothing_is_drawn_ends_too() -> None:
    letter = Letter(
        "x", "\u200b", None, postal_code=CODE, address="愛知県刈谷市", household=("\u200b",)
    )
    assert pages(labels.labels([letter], labels.SHEETS["66x33.9"], 0, "t", AT).data)


def test_a_pdf_of_addresses_tells_nobody_in_its_metadata() -> None:
    made = labels.labels(NASTY, labels.SHEETS["66x33.9"], 0, "ソアラオーナーズクラブ", AT)
    metadata = pypdf.PdfReader(io.BytesIO(made.data)).metadata
    assert metadata is not None
    assert metadata.title == "ソアラオーナーズクラブ"
    assert "髙﨑" not in str(metadata)
