"""Own data as one page that a person likes to read: HTML without script, network or colour needed."""

from html import escape

from soc_cli.formats.sections import LIST, RECORDS, Document, Row, Section
from soc_cli.model.language import language
from soc_cli.model.text import visible

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif;
  color: #222; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; line-break: strict; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #8a1c1c; }
h2 small { font-weight: 400; color: #777; }
p.lead { color: #555; margin: 0; }
p.none { color: #777; margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; }
th { font-weight: 600; color: #444; }
table.many thead th { overflow-wrap: normal; border-bottom: 1px solid #bbb; vertical-align: bottom; }
table.many tbody { border-bottom: 1px solid #ddd; }
table.many td { min-width: 3.2rem; }
table.many td.brief { white-space: nowrap; overflow-wrap: normal; }
table.many tr.beside td { padding: 0 0 .4rem .8rem; font-size: .88em; line-height: 1.5; color: #666; }
tr.beside span { margin-right: 1.2em; }
table.one { margin: 0 0 .8rem; border-bottom: 1px solid #bbb; }
table.one th { width: 11rem; color: #555; font-weight: 400; }
table.one tr + tr { border-top: 1px solid #eee; }
td, p { white-space: pre-wrap; }
ol { padding-left: 0; list-style: none; margin: 0; }
ol li { padding: .25rem 0 .25rem 3rem; text-indent: -3rem; }
ol b { display: inline-block; width: 3rem; text-indent: 0; }
@media (max-width: 34rem) { table.one th { width: 7.5rem; } table.many { display: block; overflow-x: auto; } table.many td { min-width: 6rem; } }
@media print { @page { size: A4; margin: 18mm 16mm; } body { font-size: 10pt; line-height: 1.55; margin: 0; max-width: none; padding: 0; }
  h2 { break-after: avoid; } h2 + * { break-before: avoid; } tbody.row, tr, li { break-inside: avoid; }
  tr.long { break-inside: auto; } p { orphans: 2; widows: 2; } }
"""

BRIEF = 17
"""A cell of a table that is no longer is not broken: a day and a time, a number, a short word."""
LONG = 1200
"""A text that is longer may be broken over two pages of paper."""


def own_data_page(document: Document) -> bytes:
    """The page of a document, in the language of the run."""
    parts = [
        f"<h1>{text(document.title)}</h1>",
        f'<p class="lead">{text(document.whose)}</p>',
        *(f'<p class="lead">{text(line)}</p>' for line in document.lead),
        *(_section(section, document.nothing) for section in document.sections),
        f"<p>{text(document.closing)}</p>",
    ]
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(document.title)}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    ).encode()


def text(value: str) -> str:
    """A text as HTML, with what would not be seen made visible."""
    return escape("\n".join(visible(line) for line in value.split("\n")))


def _section(section: Section, nothing: str) -> str:
    rows = section.rows
    count = f" <small>({len(rows):,})</small>" if rows and section.counted else ""
    heading = f"<h2>{text(section.heading)}{count}</h2>"
    if not rows:
        return f'{heading}<p class="none">{text(nothing)}</p>'
    if section.shape == RECORDS:
        return heading + "".join(map(_record, rows))
    if section.shape == LIST:
        items = "".join(
            f"<li><b>{text(first)}</b>{text(' '.join(rest))}</li>"
            for first, *rest in (row.cells for row in rows)
        )
        return f"{heading}<ol>{items}</ol>"
    head = "".join(f"<th>{text(words)}</th>" for words in section.headings)
    body = "\n".join(map(_row, rows))
    return f'{heading}<table class="many"><thead><tr>{head}</tr></thead>{body}</table>'


def _record(row: Row) -> str:
    lines = "".join(
        f"<tr{_long(value)}><th>{text(label)}</th><td>{text(value)}</td></tr>"
        for label, value in row.beside
    )
    return f'<table class="one">{lines}</table>'


def _row(row: Row) -> str:
    cells = "".join(map(cell, row.cells))
    beside = "".join(f"<span>{text(label)}: {text(value)}</span> " for label, value in row.beside)
    below = (
        f'<tr class="beside"><td colspan="{len(row.cells)}">{beside}</td></tr>' if beside else ""
    )
    return f'<tbody class="row"><tr>{cells}</tr>{below}</tbody>'


def cell(value: str) -> str:
    """A cell of a table; what is short is not broken."""
    return f"<td{_brief(value)}>{text(value)}</td>"


def _brief(value: str) -> str:
    return ' class="brief"' if len(value) <= BRIEF and value.isascii() else ""


def _long(value: str) -> str:
    return ' class="long"' if len(value) > LONG else ""
