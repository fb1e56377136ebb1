"""Addresses on paper: sheets of labels (A4) and postcards (hagaki), as a PDF to print at its own size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from soc_cli.formats.drawing import INK, Drawing, shaped_pdf
from soc_cli.model import pulse
from soc_cli.model.notice import Letter

MM = 0.3528
"""Millimetres of a point."""
STEP = 1.32
"""From one line to the next, in heights of the text."""


HONORIFIC = "様"
LEAST = 0.6
"""How much smaller a name may be drawn to stand in one line."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels, in millimetres; the labels of a row, and of a column, touch each other."""

    across: int
    down: int
    width: float
    height: float
    page: tuple[float, float] = (210.0, 297.0)

    @property
    def labels(self) -> int:
        """How many labels it has."""
        return self.across * self.down

    def at(self, place: int) -> tuple[float, float]:
        """The upper left corner of a label; they are counted row by row, and stand in the middle of the page."""
        left = (self.page[0] - self.across * self.width) / 2
        top = (self.page[1] - self.down * self.height) / 2
        row, column = divmod(place, self.across)
        return left + column * self.width, top + row * self.height


SHEETS: Mapping[str, Sheet] = {
    "66x33.9": Sheet(3, 8, 66.0, 33.9),
    "70x33.9": Sheet(3, 8, 70.0, 33.9),
    "70x37.1": Sheet(3, 8, 70.0, 37.125),
}
"""The A4 sheets of 24 labels that shops in Japan have: with margins all round, above and below, and none."""
USUAL = "66x33.9"

NEAR = 4.5
"""Millimetres of a label's edge that stay free, since printers and cuts are off by some."""

HAGAKI = (100.0, 148.0)
BOXES = (44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3)
"""The left edges of the seven boxes for the postal code (Japan Post's manual of postal codes, figure 2):
5.7 wide, the last one 8.0 from the right edge, 1.3, 1.9 and 1.1 between them."""
BOX, BOX_TOP, BOX_HEIGHT = 5.7, 12.0, 8.0


@dataclass(frozen=True)
class Area:
    """Where an address stands: the upper left corner and the size, in millimetres."""

    x: float
    y: float
    width: float
    height: float


_ADDRESS = Area(14.0, 42.0, 76.0, 34.0)
_NAMES = Area(20.0, 78.0, 70.0, 30.0)
_SENDER = Area(40.0, 118.0, 54.0, 22.0)


@dataclass(frozen=True)
class Printed:
    """A PDF, and the numbers of those in whose address a character is missing in the font."""

    data: bytes
    lacking: Sequence[str]


def labels(
    letters: Sequence[Letter], sheet: Sheet, skip: int, title: str, made_at: datetime
) -> Printed:
    """Labels on sheets, of which the first has its first `skip` labels gone already."""
    paper = _Paper(sheet.page, title, made_at)
    for place, letter in enumerate(pulse.each(letters), skip):
        if place == skip or place % sheet.labels == 0:
            paper.pdf.add_page()
        x, y = sheet.at(place % sheet.labels)
        paper.label(
            letter, Area(x + NEAR, y + NEAR, sheet.width - 2 * NEAR, sheet.height - 2 * NEAR)
        )
    return paper.printed()


def hagaki(
    letters: Sequence[Letter], sender: Sequence[str], title: str, made_at: datetime
) -> Printed:
    """A postcard a page, written horizontally; the red boxes are printed on the card already."""
    paper = _Paper(HAGAKI, title, made_at)
    for letter in pulse.each(letters):
        paper.pdf.add_page()
        paper.postcard(letter, sender)
    return paper.printed()


@dataclass(frozen=True)
class _Line:
    """Text of a size, which wraps where it is an address and shrinks where it is a name."""

    text: str
    size: float
    before: float = 0.0
    """Space above it, in points."""
    wraps: bool = True


class _Paper(Drawing):
    """Draws addresses into areas, each as large as it can be without being cut."""

    def __init__(self, page: tuple[float, float], title: str, made_at: datetime) -> None:
        super().__init__(shaped_pdf()(format=page), title, made_at)
        self._lacks: list[str] = []

    def printed(self) -> Printed:
        """What was drawn."""
        return Printed(bytes(self.pdf.output()), self._lacks)

    def label(self, letter: Letter, area: Area) -> None:
        """A whole address in one area."""
        code = [_Line(f"〒{letter.postal_code}", 9, wraps=False)] if letter.postal_code else []
        names = [
            _Line(f"{name} {HONORIFIC}", 13, 3 if at == 0 else 0, False)
            for at, name in enumerate(letter.names)
        ]
        self._fill([*code, _Line(letter.address or "", 9.5), *names], area)
        self._note(letter)

    def postcard(self, letter: Letter, sender: Sequence[str]) -> None:
        """A postal code in its boxes, the address, the names, and small the sender."""
        digits = (letter.postal_code or "").replace("-", "")
        for x, digit in zip(BOXES, digits, strict=False):
            self._write(digit, x, BOX_TOP, 16, INK, BOX, BOX_HEIGHT, "C")
        self._fill([_Line(letter.address or "", 12)], _ADDRESS)
        self._fill([_Line(f"{name} {HONORIFIC}", 20, wraps=False) for name in letter.names], _NAMES)
        self._note(letter)
        self._fill([_Line(line, 8.5) for line in sender if line], _SENDER)

    def _note(self, letter: Letter) -> None:
        if self.lacking:
            self._lacks.append(letter.number)
            self.lacking = False

    def _fill(self, lines: Sequence[_Line], area: Area) -> None:
        """Draws the lines, all smaller by the same measure until they fit."""
        scale = 1.0
        while (drawn := self._fitted(lines, area, scale)) is None:
            scale *= 0.95
        y = area.y
        for text, size, before in drawn:
            y += before * scale * MM
            height = size * MM * STEP
            self._write(text, area.x, y, size, INK, area.width, height)
            y += height

    def _fitted(
        self, lines: Sequence[_Line], area: Area, scale: float
    ) -> list[tuple[str, float, float]] | None:
        """Texts with their sizes and the space above, or None where they do not fit at this scale."""
        drawn: list[tuple[str, float, float]] = []
        for line in lines:
            size = line.size * scale
            if not line.wraps:
                size = self._narrowed(line.text, area.width, size)
            texts = self._wrap(line.text, area.width, size)
            drawn += [(text, size, line.before if at == 0 else 0) for at, text in enumerate(texts)]
        tall = sum(size * MM * STEP + before * scale * MM for _text, size, before in drawn)
        return drawn if tall <= area.height else None

    def _narrowed(self, name: str, width: float, size: float) -> float:
        """The size at which a name stands in one line; a very long one wraps, but not before its 様."""
        least = size * LEAST
        wide = self._measure(1)(self._drawable(name))
        size = max(min(size, width / wide), least)
        # A name of which nothing is drawn leaves the 様 alone at any size.
        while size > least / 2 and self._wrap(name, width, size)[-1].strip() == HONORIFIC:
            size *= 0.97
        return size
