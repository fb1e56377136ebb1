"""The README's pictures of the terminal: `python -m tests.pictures` draws them anew from a copy of the sample."""

import os
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

from soc_cli.model.text import width
from tests.make_sample import SAMPLE
from tests.person import Person

FOLDER = Path(__file__).parent / "readme"
COLUMNS = 92


def main() -> None:
    """Draws the menu and the year in figures, both as a person sees them, in Japanese."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(SAMPLE, folder / "register.db")
        (folder / "register.db").chmod(0o600)
        os.environ |= {"SOC_DB": "register.db", "SOC_TODAY": "2026-11-22", "SOC_OPERATOR": "事務局", "SOC_MARK_KEY_FILE": "marks.key"}  # fmt: skip
        menu = Person(folder=folder, columns=COLUMNS, lines=32)
        menu.sees("何をしますか")
        menu.settle(1.0)
        _draw(menu, "menu", "soc")
        menu.child.close(force=True)
        stats = Person("stats", "--year", "2026", folder=folder, columns=COLUMNS, lines=90)
        stats.settle(2.5)
        _draw(stats, "stats", "soc stats --year 2026")


CELL, LINE, SIZE = 8.4, 19, 14
"""Width of a column and height of a line, and the size of the letters, in pixels."""


def _draw(person: Person, name: str, title: str) -> None:
    """The screen as an SVG, each piece in its own columns, so that Japanese stands where it stood."""
    lines = person.seen().strip("\n").rstrip().splitlines()
    wide, high = COLUMNS * CELL + 24, len(lines) * LINE + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{wide:.0f}" height="{high}" rx="8" fill="#1d2430"/>',
        f'<g font-family="monospace" font-size="{SIZE}" fill="#e6e9ee" xml:space="preserve">',
        f'<text x="{wide / 2:.0f}" y="22" text-anchor="middle" fill="#9aa7b8">{escape(title)}</text>',
    ]
    for row, line in enumerate(lines):
        column = 0
        for piece in re.findall(r"█+|[▉-▏]|[\x21-\x7e]+(?: [\x21-\x7e]+)*|\s+|[^\x20-\x7e]", line):
            cells = width(piece)
            x, y = 12 + column * CELL, 52 + row * LINE
            if piece[0] == "█":
                parts.append(f'<rect x="{x:.1f}" y="{y - 13}" width="{cells * CELL:.1f}" height="16" fill="#6aa5d8"/>')  # fmt: skip
            elif not piece.isspace():
                blue = ' fill="#6aa5d8"' if "▉" <= piece[0] <= "▏" else ""
                parts.append(f'<text x="{x:.1f}" y="{y}"{blue} textLength="{cells * CELL:.1f}">{escape(piece)}</text>')  # fmt: skip
            column += cells
    (FOLDER / f"{name}.svg").write_text("\n".join([*parts, "</g></svg>"]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
