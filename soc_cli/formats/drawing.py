"""Text on a PDF's page in Japanese: the font, its shaping, what it lacks, and lines that fit a width."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from soc_cli.model.errors import Failed
from soc_cli.model.language import _, language
from soc_cli.model.text import visible, wrapped

NEEDED = ("fpdf", "uharfbuzz", "cryptography", "pylopdf_fonts_jp")
"""What the extra `pdf` brings: the drawing, the shaping of text, the encryption, and a font."""

INK = (34, 34, 34)
MISSING = "〓"
"""Stands, as Japanese printers have it, for a character that the font lacks."""

_PLAIN = re.compile("[\u0020-\u007e\u3000-\u3098\u309b-\u30ff\u4e00-\u9fff\uff00-\uffef]*")
"""Text of which every character is drawn by itself, one after another."""

Colour = tuple[int, int, int]


def check_there() -> None:
    """Raises Failed, saying how to get it, where the extra is not installed."""
    if not all(find_spec(name) for name in NEEDED):
        raise Failed(
            _("the PDF needs more than is installed"),
            _("in the program's folder say: python -m pip install -e '.[pdf]'"),
        )


def shaped_pdf() -> Any:
    """The class of PDFs whose text keeps its variation selectors."""
    from fpdf import FPDF
    from fpdf.line_break import Fragment

    class Shaped(FPDF):
        """A PDF that shapes each text whole."""

        def _parse_chars(self, text: str, markdown: bool, **more: Any) -> Iterator[Any]:
            """Would part a variation selector from its character, as two scripts."""
            if self.text_shaping:
                yield Fragment(text, self._get_current_graphics_state(), self.k)
            else:
                yield from super()._parse_chars(text, markdown, **more)

    return Shaped


class Drawing:
    """A PDF without margins that is drawn on by millimetres from the upper left, sizes in points."""

    def __init__(self, pdf: Any, title: str, made_at: datetime) -> None:
        import pylopdf_fonts_jp
        from fontTools.ttLib import TTFont

        for name in ("fpdf", "fontTools"):  # what they log may quote the text
            logging.getLogger(name).setLevel(logging.CRITICAL)
        font = pylopdf_fonts_jp.sans_path()
        with TTFont(font, lazy=True) as opened:
            self._known = frozenset(opened.getBestCmap())
        self.lacking = False
        """Whether something was drawn that the font lacks."""
        self.pdf = pdf
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        pdf.add_font("text", fname=font)
        pdf.set_title(title)
        pdf.set_lang("ja-JP" if language() == "ja" else "en")
        pdf.set_creation_date(made_at)
        pdf.set_creator("soc")

    def _write(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: Colour,
        width: float,
        height: float,
        align: str = "L",
    ) -> None:
        """One line in a box, which cuts nothing off; the text is one that `_drawable` gave."""
        self.pdf.set_font("text", size=size)
        self.pdf.set_text_color(*colour)
        # Shaping takes most of the time, and only what bears marks looks another way for it.
        self.pdf.set_text_shaping(not _PLAIN.fullmatch(text))
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, height, text, align=align)

    def _wrap(self, text: str, width: float, size: float) -> list[str]:
        measure = self._measure(size)
        return [
            line
            for paragraph in self._drawable(text).split("\n")
            for line in wrapped(paragraph, width, measure)
        ]

    def _measure(self, size: float) -> Callable[[str], float]:
        """How wide a piece of text is at a size."""
        return lambda text: self._width(text) * size

    @lru_cache(maxsize=1 << 16)  # noqa: B019 (a drawing is short-lived, and drawn once)
    def _width(self, text: str) -> float:
        self.pdf.set_font("text", size=10)
        self.pdf.set_text_shaping(not _PLAIN.fullmatch(text))
        return float(self.pdf.get_string_width(text)) / 10

    def _drawable(self, text: str) -> str:
        """The text with what commands nothing made visible, and a mark for what the font lacks."""
        shown = "\n".join(visible(line) for line in text.split("\n"))
        known = self._known
        if all(ord(character) in known or character == "\n" for character in shown):
            return shown
        drawn = []
        for character in shown:
            code = ord(character)
            if code in known or character == "\n" or _selects(code):
                drawn.append(character)
            else:
                self.lacking = True
                drawn.append(MISSING)
        return "".join(drawn)


def _selects(code: int) -> bool:
    """Whether it is a variation selector, which is no character of its own."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
