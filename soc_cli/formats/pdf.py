"""Own data on paper: the sections of a document as an A4 PDF that opens with a password (AES-256)."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from soc_cli.formats.drawing import INK, MISSING, Colour, Drawing, shaped_pdf
from soc_cli.formats.sections import LIST, RECORDS, Document, Section
from soc_cli.model.errors import WrongData
from soc_cli.model.language import _

LONGEST_PASSWORD = 127
"""Bytes of a password that a PDF's encryption looks at."""

WIDTH, HEIGHT = 210.0, 297.0
LEFT, TOP, BOTTOM = 18.0, 18.0, 20.0
ACROSS = WIDTH - 2 * LEFT
GAP = 3.0
"""Millimetres between columns."""
LABELS = 42.0
"""Millimetres for the labels of a record."""

SOFT, FAINT, ACCENT = (95, 95, 95), (215, 215, 215), (138, 28, 28)
TEXT, SMALL = 9.0, 7.5
"""Points of a text, and of what stands small beside it."""
SAMPLED = 300
"""Rows that are looked at for the widths of a table's columns."""
TOTAL = "\ue000"
"""Stands for the number of pages until it is known; no text can hold it, as the font lacks it."""


def check_password(password: str) -> None:
    """Raises WrongData for a password that a PDF would shorten, change or not take (ISO 32000-2).

    A PDF prepares its password by SASLprep (RFC 4013), which takes out what can't be seen.
    """
    import stringprep

    if any(
        stringprep.in_table_b1(c) or stringprep.in_table_c21_c22(c) or stringprep.in_table_c12(c)
        or stringprep.in_table_c3(c) or stringprep.in_table_c4(c) or stringprep.in_table_c8(c)
        or stringprep.in_table_c9(c) or stringprep.in_table_c6(c) or stringprep.in_table_d1(c)
        or "\U000e0100" <= c <= "\U000e01ef"  # variation selectors, which readers drop
        for c in password
    ):  # fmt: skip
        raise WrongData(
            _("a PDF does not take this password: it holds characters that can't be seen or typed"),
            _("take letters, digits, signs and blanks"),
        )
    if len(password.encode()) > LONGEST_PASSWORD:
        raise WrongData(
            _("the password is too long for a PDF"), _("take one of at most 40 characters")
        )


def own_data_pdf(document: Document, password: str, made_at: datetime) -> bytes:
    """The document as a PDF in the language of the run, which nobody opens without the password."""
    from fpdf.enums import EncryptionMethod

    paper = _Paper(document, made_at)
    paper.draw()
    paper.pdf.set_encryption(
        owner_password=secrets.token_urlsafe(32),
        user_password=password,
        encryption_method=EncryptionMethod.AES_256,
    )
    return bytes(paper.pdf.output())


def _new_pdf() -> Any:
    class Numbered(shaped_pdf()):  # type: ignore[misc]
        """A4 with the page's number at its foot."""

        foot = ""

        def footer(self) -> None:
            """What stands below each page."""
            self.set_font("text", size=SMALL)
            self.set_text_color(*SOFT)
            self.set_text_shaping(True)
            self.set_xy(LEFT, HEIGHT - 13)
            self.cell(ACROSS - 30, 4, self.foot)
            self.set_text_shaping(False)
            self.set_xy(WIDTH - LEFT - 30, HEIGHT - 13)
            self.cell(30, 4, f"{self.page_no()} / {TOTAL}", align="R")

    numbered = Numbered(format="A4")
    numbered.alias_nb_pages(TOTAL)
    return numbered


class _Paper(Drawing):
    """Draws from top to bottom; `self.y` is how far down the page it has come."""

    def __init__(self, document: Document, made_at: datetime) -> None:
        super().__init__(_new_pdf(), document.title, made_at)
        self.document = document
        self.pdf.foot = self._drawable(document.whose)
        self.pdf.set_font("text", size=TEXT)
        self.y = TOP

    # what is drawn ---------------------------------------------------------------------------

    def draw(self) -> None:
        """The whole document."""
        document = self.document
        self._page()
        self._lines([document.title], LEFT, ACROSS, 17)
        self.y += 1.5
        self._lines([document.whose, *document.lead], LEFT, ACROSS, TEXT, SOFT)
        for section in document.sections:
            self._section(section)
        self.y += 4
        self._lines([document.closing], LEFT, ACROSS, TEXT)
        if self.lacking:
            told = _("{mark} stands for a character that the font of this page lacks.")
            self._lines([told.format(mark=MISSING)], LEFT, ACROSS, SMALL, SOFT)

    def _section(self, section: Section) -> None:
        rows = section.rows
        count = f" ({len(rows):,})" if rows and section.counted else ""
        self.y += 6
        # A heading is never the last on its page.
        self._room(9 + 3 * _step(TEXT))
        self._lines([section.heading + count], LEFT, ACROSS, 11.5, ACCENT)
        self._rule(ACCENT, 0.4)
        self.y += 1.2
        if not rows:
            self._lines([self.document.nothing], LEFT, ACROSS, TEXT, SOFT)
        elif section.shape == RECORDS:
            for row in rows:
                self._record(row.beside)
        elif section.shape == LIST:
            for row in rows:
                first, *rest = row.cells
                self._side_by_side([(first, 12, SOFT), (" ".join(rest), ACROSS - 12 - GAP, INK)])
                self.y += 0.6
        else:
            self._table(section)

    def _record(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._room(min(3, len(pairs)) * (_step(TEXT) + 0.8))
        for label, value in pairs:
            self._side_by_side([(label, LABELS, SOFT), (value, ACROSS - LABELS - GAP, INK)])
            self.y += 0.8
        self._rule(FAINT, 0.2)
        self.y += 1.6

    def _table(self, section: Section) -> None:
        widths = self._widths(section)

        def head() -> None:
            cells = [
                (words, width, SOFT) for words, width in zip(section.headings, widths, strict=True)
            ]
            self._side_by_side(cells)
            self._rule(SOFT, 0.2)
            self.y += 0.8

        head()
        for row in section.rows:
            cells = [(words, width, INK) for words, width in zip(row.cells, widths, strict=True)]
            beside = "　".join(f"{label}: {' '.join(value.split())}" for label, value in row.beside)
            small = self._wrap(beside, ACROSS - 4, SMALL) if beside else []
            tall = max(len(self._wrap(text, width, TEXT)) for text, width, _c in cells)
            self._room(tall * _step(TEXT) + len(small) * _step(SMALL) + 1.5, head)
            self._side_by_side(cells, head)
            self._lines(small, LEFT + 4, ACROSS - 4, SMALL, SOFT, head, wrap=False)
            self.y += 0.5
            self._rule(FAINT, 0.2)
            self.y += 0.8

    def _widths(self, section: Section) -> list[float]:
        """As wide as its widest cell where that fits; else the wide ones share what the others leave."""
        columns = zip(section.headings, *(row.cells for row in section.rows[:SAMPLED]), strict=True)
        wanted = [
            max(
                self._measure(TEXT)(line)
                for cell in column
                for line in self._drawable(cell).split("\n")
            )
            + 0.5
            for column in columns
        ]
        left = ACROSS - GAP * (len(wanted) - 1)
        widths = [0.0] * len(wanted)
        waiting = sorted(range(len(wanted)), key=lambda at: wanted[at])
        while waiting:
            at = waiting.pop(0)
            widths[at] = min(wanted[at], left / (len(waiting) + 1))
            left -= widths[at]
        widths[-1] += max(left, 0)
        return widths

    # how it is drawn -------------------------------------------------------------------------

    def _page(self) -> None:
        self.pdf.add_page()
        self.y = TOP

    def _room(self, needed: float, again: Callable[[], None] | None = None) -> None:
        """Goes to a new page where so much does not fit on this one, but would on a new one."""
        if self.y + needed > HEIGHT - BOTTOM and self.y > TOP + 20:
            self._page()
            if again is not None:
                again()

    def _side_by_side(
        self,
        cells: Sequence[tuple[str, float, Colour]],
        again: Callable[[], None] | None = None,
    ) -> None:
        """Texts beside each other, each with its width; goes on on a new page where one is long."""
        wrapped_cells = [self._wrap(text, width, TEXT) for text, width, _colour in cells]
        tall = max(map(len, wrapped_cells))
        self._room(min(tall, 3) * _step(TEXT), again)
        for at in range(tall):
            if self.y + _step(TEXT) > HEIGHT - BOTTOM:
                self._page()
                if again is not None:
                    again()
            x = LEFT
            for (_text, width, colour), lines in zip(cells, wrapped_cells, strict=True):
                if at < len(lines) and lines[at]:
                    self._put(lines[at], x, width, TEXT, colour)
                x += width + GAP
            self.y += _step(TEXT)

    def _lines(
        self,
        texts: Sequence[str],
        x: float,
        width: float,
        size: float,
        colour: Colour = INK,
        again: Callable[[], None] | None = None,
        wrap: bool = True,
    ) -> None:
        for text in texts:
            for line in self._wrap(text, width, size) if wrap else [text]:
                if self.y + _step(size) > HEIGHT - BOTTOM:
                    self._page()
                    if again is not None:
                        again()
                self._put(line, x, width, size, colour)
                self.y += _step(size)

    def _put(self, text: str, x: float, width: float, size: float, colour: Colour) -> None:
        self._write(text, x, self.y, size, colour, width, _step(size))

    def _rule(self, colour: Colour, thick: float) -> None:
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thick)
        self.pdf.line(LEFT, self.y, WIDTH - LEFT, self.y)


def _step(size: float) -> float:
    """Millimetres from one line to the next."""
    return size * 0.3528 * 1.55
