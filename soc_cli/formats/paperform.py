"""The registration form on paper: the purposes first, then a box a field (Act art. 21(2)); HTML to print on A4."""

from collections.abc import Sequence
from dataclasses import dataclass

from soc_cli.formats.report import text
from soc_cli.model.language import _, language

_STYLE = """
@page { size: A4; margin: 10mm 14mm; }
body { font: 9.5pt/1.45 "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif;
  color: #000; max-width: 182mm; margin: 0 auto; line-break: strict; overflow-wrap: anywhere; }
h1 { font-size: 15pt; text-align: center; margin: 0 0 3mm; }
h2 { font-size: 10.5pt; margin: 3mm 0 .8mm; border-bottom: 1.5pt solid #000; break-after: avoid; }
p { margin: 1mm 0; }
ol { list-style: none; margin: 0; padding: 0; }
ol li { padding: .4mm 0 .4mm 10mm; text-indent: -10mm; break-inside: avoid; }
ol b { display: inline-block; width: 10mm; text-indent: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border: .7pt solid #000; padding: 0 2mm; height: 6.9mm; text-align: left; vertical-align: middle; }
th { width: 38mm; font-weight: 600; background: #f2f2f2; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
tr.tall td { height: 11mm; }
tr { break-inside: avoid; }
.box { white-space: nowrap; margin-right: 7mm; }
.box::before { content: "\\2610"; font-size: 12pt; margin-right: 1.5mm; }
small { font-weight: 400; }
.sign { display: flex; gap: 8mm; margin-top: 4mm; break-inside: avoid; }
.sign div { flex: 1; border-bottom: .7pt solid #000; padding: 6mm 0 1mm; }
"""


@dataclass(frozen=True)
class Line:
    """One field of the form: its label, and the boxes to tick if it is a choice."""

    label: str
    boxes: tuple[str, ...] = ()
    needed: bool = False
    tall: bool = False


@dataclass(frozen=True)
class PaperForm:
    """What stands on the form beside its own words."""

    club: str
    purposes: Sequence[tuple[str, str]]
    """Clause, and what it says."""
    fields: Sequence[Line]
    choices: Sequence[Line]
    contact: Sequence[str]
    """Where to ask and to complain."""


def page(form: PaperForm) -> bytes:
    """The form, in the language of the run."""
    title = _("Registration form: {club}").format(club=form.club)
    parts = [
        f"<h1>{text(title)}</h1>",
        _headed(
            _("What we use your data for"),
            _("Please read this before you write anything (Act art. 21(2))."),
        ),
        f"<ol>{''.join(f'<li><b>{text(id)}</b>{text(says)}</li>' for id, says in form.purposes)}</ol>",
        _headed(
            _("Your registration"),
            _("Only the name is needed (★). Leave empty what you do not wish to give."),
        ),
        _table(form.fields),
    ]
    if form.choices:
        not_ticked = _("Not ticked means no. You may change them at any time.")
        parts += [_headed(_("Your choices"), not_ticked), _table(form.choices)]
    rights = _(
        "You may see your registration, have it corrected and have it deleted at any time, without a reason."
    )
    day, signature = _("Filled in on:"), _("Signature:")
    parts += [
        _headed(_("Seeing, correcting, deleting"), rights),
        *(f"<p>{text(line)}</p>" for line in form.contact),
        f'<div class="sign"><div>{text(day)}</div><div>{text(signature)}</div></div>',
    ]
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        f"<title>{text(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    ).encode()


def _headed(heading: str, words: str) -> str:
    return f"<h2>{text(heading)}</h2><p>{text(words)}</p>"


def _table(lines: Sequence[Line]) -> str:
    return f"<table>{''.join(map(_row, lines))}</table>"


def _row(line: Line) -> str:
    boxes = "".join(f'<span class="box">{text(box)}</span>' for box in line.boxes)
    star = " ★" if line.needed else ""
    tall = ' class="tall"' if line.tall else ""
    return f"<tr{tall}><th>{text(line.label)}{star}</th><td>{boxes}</td></tr>"
