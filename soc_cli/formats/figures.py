"""The register in figures as one page to print for the assembly: HTML without script or network."""

from collections.abc import Sequence
from dataclasses import dataclass

from soc_cli.formats.report import STYLE, text
from soc_cli.model.language import language

_STYLE = """
table.figures { width: 100%; margin: 0 0 .6rem; overflow-wrap: break-word; }
table.figures caption { text-align: left; color: #555; font-size: .88em; padding-bottom: .3rem; }
table.figures thead th { border-bottom: 1px solid #bbb; vertical-align: bottom; }
table.figures th[scope=row] { font-weight: 400; color: #222; min-width: 6rem; }
table.figures td.word { min-width: 8rem; }
table.figures .number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1rem; }
table.figures td.number { white-space: nowrap; }
table.figures tbody tr + tr { border-top: 1px solid #eee; }
table.figures th.number { min-width: 3.2rem; }
table.figures .bar { width: 36%; padding-right: 0; }
table.figures td.bar { vertical-align: middle; }
table.figures td.bar span { display: block; height: .85em; min-width: 1px; background: #8a1c1c;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
p.note { color: #555; font-size: .88em; }
@media (max-width: 34rem) { table.figures .bar { width: 15%; } table.figures td.word { min-width: 6rem; } }
@media print { table.figures { break-inside: avoid; } thead { display: table-header-group; } }
"""


@dataclass(frozen=True)
class Figure:
    """One part of the figures in words: a row a group, and how long its bar is."""

    heading: str
    note: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[float | None]
    """A length a row, of any unit; None where there is nothing to draw."""
    numbers: int
    """How many columns, counted from the last, hold numbers."""
    bar: str
    """The heading of the bars: which of several numbers they measure; empty for the only one."""


@dataclass(frozen=True)
class Report:
    """All figures of a year or of all years."""

    title: str
    lead: Sequence[str]
    figures: Sequence[Figure]
    nothing: str
    """What stands where a figure has no rows."""
    notes: Sequence[str]


def page(report: Report) -> bytes:
    """The page of a report, in the language of the run."""
    parts = [
        f"<h1>{text(report.title)}</h1>",
        *(f'<p class="lead">{text(line)}</p>' for line in report.lead),
        *(_figure(figure, report.nothing) for figure in report.figures),
        *(f'<p class="note">{text(note)}</p>' for note in report.notes),
    ]
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(report.title)}</title><style>{STYLE}{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    ).encode()


def _figure(figure: Figure, nothing: str) -> str:
    heading = f"<h2>{text(figure.heading)}</h2>"
    if not figure.rows:
        return f'{heading}<p class="none">{text(nothing)}</p>'
    first_number = len(figure.headings) - figure.numbers
    head = "".join(
        f'<th scope="col" class="{"number" if at >= first_number else "word"}">{text(words)}</th>'
        for at, words in enumerate(figure.headings)
    )
    longest = max((bar for bar in figure.bars if bar), default=0)
    body = "\n".join(
        _row(row, first_number, bar / longest if bar and longest else 0)
        for row, bar in zip(figure.rows, figure.bars, strict=True)
    )
    # The bar repeats a number of its row, so that whoever hears the page misses nothing.
    return (
        f'{heading}<table class="figures"><caption>{text(figure.note)}</caption>'
        f'<thead><tr>{head}<th scope="col" class="bar" aria-hidden="true">{text(figure.bar)}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _row(row: Sequence[str], first_number: int, length: float) -> str:
    cells = "".join(
        f"<td{' class=number' if at >= first_number else ''}>{text(words)}</td>"
        for at, words in enumerate(row[1:], 1)
    )
    bar = f'<span style="width:{length:.1%}"></span>' if length else ""
    return (
        f'<tr><th scope="row">{text(row[0])}</th>{cells}'
        f'<td class="bar" aria-hidden="true">{bar}</td></tr>'
    )
