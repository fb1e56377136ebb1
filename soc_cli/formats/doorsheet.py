"""The sheet at the door of a meeting: a page to print, CSV, and a workbook that comes back typed (P5)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from soc_cli.formats.encodings import MARK
from soc_cli.formats.listing import as_csv
from soc_cli.formats.report import STYLE, text
from soc_cli.model.language import N_, _, language

BOX = "☐"
TICKED = "☑"
COLUMNS = (N_("Member number"), N_("Name"), N_("Reading (kana)"), N_("Present"), N_("Absent"), N_("Companions"))  # fmt: skip
WALK_INS = 6
"""Empty lines for whoever comes undeclared."""

KINDS = ("html", "csv", "xlsx")
"""What a sheet can be, by the ending of its file's name."""

_STYLE = """
body { max-width: 52rem; }
table.door { border-collapse: collapse; width: 100%; margin: 1rem 0; table-layout: fixed; }
table.door th, table.door td { border: 1px solid #888; padding: .25rem .5rem; vertical-align: middle; }
table.door th { background: none; color: #222; font-weight: 600; text-align: left; font-size: .85em; }
table.door td { height: 2.1rem; }
table.door .number { width: 6.5rem; white-space: nowrap; }
table.door .box { width: 4rem; text-align: center; }
table.door td.box { font-size: 1.4em; line-height: 1; }
table.door .few { width: 5.5rem; }
table.door small { display: block; color: #444; line-height: 1.25; }
@media print { table.door { font-size: 10pt; line-height: 1.3; } table.door th, table.door td { padding: .1rem .4rem; }
  table.door td { height: 1.75rem; } table.door thead { display: table-header-group; }
  h2 { margin-top: 1.2rem; } .together { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Line:
    """Somebody on the sheet: number, name and reading."""

    number: str
    name: str
    kana: str = ""


@dataclass(frozen=True)
class DoorSheet:
    """What stands on a sheet, in words: the meeting, and its people in their order."""

    club: str
    title: str
    when: str
    place: str
    lines: Sequence[Line]


def written(sheet: DoorSheet, kind: str) -> bytes:
    """The sheet as a file of one of the `KINDS`."""
    return {"html": _page, "csv": _csv, "xlsx": _workbook}[kind](sheet)


def _rows(sheet: DoorSheet) -> list[tuple[str, ...]]:
    return [(line.number, line.name, line.kana, BOX, BOX, "") for line in sheet.lines]


def _csv(sheet: DoorSheet) -> bytes:
    headings = [_(column) for column in COLUMNS]
    rows = (dict(zip(headings, row, strict=True)) for row in _rows(sheet))
    return (MARK + "".join(as_csv(headings, rows))).encode()


def _page(sheet: DoorSheet) -> bytes:
    number, name, kana, present, absent, companions = (text(_(column)) for column in COLUMNS)
    head = (
        f'<thead><tr><th class="number">{number}</th><th>{name} <small>{kana}</small></th>'
        f'<th class="box">{present}</th><th class="box">{absent}</th>'
        f'<th class="few">{companions}</th></tr></thead>'
    )

    def row(line: Line) -> str:
        reading = f"<small>{text(line.kana)}</small>" if line.kana else ""
        return (
            f'<tr><td class="number">{text(line.number)}</td><td>{text(line.name)}{reading}</td>'
            f'<td class="box">{BOX}</td><td class="box">{BOX}</td><td class="few"></td></tr>'
        )

    empty = (
        f'<tr><td class="number"></td><td></td><td class="box">{BOX}</td><td class="box"></td>'
        '<td class="few"></td></tr>'
    )
    lead = " ".join(filter(None, (sheet.when, sheet.place)))
    use = _(
        "For checking at the door who is who, and for nothing else: give it back to the secretary after the meeting."
    )
    undeclared = _("Whoever comes without having declared")
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(sheet.title)}</title><style>{STYLE}{_STYLE}</style></head><body>\n"
        f'<h1>{text(sheet.title)}</h1>\n<p class="lead">{text(lead)}</p>\n'
        f'<p class="lead">{text(sheet.club)}　{text(use)}</p>\n'
        f'<table class="door">{head}<tbody>\n' + "\n".join(map(row, sheet.lines)) + "\n</tbody></table>\n"
        f'<div class="together"><h2>{text(undeclared)}</h2>\n'
        f'<table class="door">{head}<tbody>{empty * WALK_INS}</tbody></table></div>\n</body></html>\n'
    ).encode()  # fmt: skip


def _workbook(sheet: DoorSheet) -> bytes:
    """A workbook in which no text is a formula, a number or a link; the boxes are picked from a list."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = dict.fromkeys(
        ("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False
    ) | {"in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(_("Attendance"))
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#eeeeee"})
        cell = book.add_format({"border": 1, "valign": "vcenter"})
        box = book.add_format(
            {"border": 1, "align": "center", "valign": "vcenter", "font_size": 14}
        )
        page.write_string(0, 0, sheet.title, title)
        page.write_string(1, 0, " ".join(filter(None, (sheet.when, sheet.place))))
        first = 3
        for at, column in enumerate(COLUMNS):
            page.write_string(first, at, _(column), head)
        rows = [*_rows(sheet), *[("",) * len(COLUMNS)] * WALK_INS]
        for down, row in enumerate(rows, first + 1):
            page.set_row(down, 21)
            for at, value in enumerate(row):
                page.write_string(down, at, value, box if at in (3, 4) else cell)
        last = first + len(rows)
        picked = {"validate": "list", "source": [BOX, TICKED], "error_type": "information"}
        page.data_validation(first + 1, 3, last, 4, picked)
        for at, width in enumerate((13, 26, 26, 8, 8, 10)):
            page.set_column(at, at, width)
        page.freeze_panes(first + 1, 0)
        page.repeat_rows(first)
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P / &N")
    return buffer.getvalue()
