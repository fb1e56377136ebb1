"""The extract of a disclosure as a letter to its recipient, to be printed: HTML without script or network."""

from collections.abc import Sequence
from dataclasses import dataclass

from soc_cli.formats.report import STYLE, cell, text
from soc_cli.model.language import _, language

Pairs = Sequence[tuple[str, str]]

STYLE_OF_LETTERS = """
p.right { text-align: right; }
h1 { margin: 2rem 0 0; }
"""


@dataclass(frozen=True)
class Letter:
    """From and to whom, of which day, and on which ground; all in words."""

    sender: Sequence[str]
    recipient: Sequence[str]
    day: str
    ground: Pairs


def written(letter: Letter, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The letter with exactly the items that leave: a member's are a list, several members' a table."""
    ground, items = _("Ground"), _("Items")
    title = _("Personal data given under the club's privacy policy")
    end = _(
        "Nothing but the items above was given. Please use them for what they were asked for and for nothing else."
    )
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(title)}</title><style>{STYLE}{STYLE_OF_LETTERS}</style></head><body>\n"
        f'<p class="right">{text(letter.day)}</p>\n<p>{lines(letter.recipient)}</p>\n'
        f'<p class="right">{lines(letter.sender)}</p>\n<h1>{text(title)}</h1>\n'
        f"<h2>{text(ground)}</h2>{pairs(letter.ground)}\n"
        f"<h2>{text(items)}</h2>{_items(labels, rows)}\n"
        f"<p>{text(end)}</p>\n</body></html>\n"
    ).encode()


def lines(values: Sequence[str]) -> str:
    """Lines of an address, but for those that are empty."""
    return "<br>".join(text(value) for value in values if value)


def pairs(pairs: Pairs) -> str:
    """Labels with what is said of each."""
    rows = "".join(f"<tr><th>{text(key)}</th><td>{text(said)}</td></tr>" for key, said in pairs)
    return f'<table class="one">{rows}</table>'


def _items(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if len(rows) == 1:
        return pairs(list(zip(labels, rows[0], strict=True)))
    head = "".join(f"<th>{text(label)}</th>" for label in labels)
    body = "".join(f'<tbody class="row"><tr>{"".join(map(cell, row))}</tr></tbody>' for row in rows)
    return f'<table class="many"><thead><tr>{head}</tr></thead>{body}</table>'
