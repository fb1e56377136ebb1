"""The answer to an inquiry as a letter: plain text, or a page to print; HTML without script or network."""

from collections.abc import Sequence
from dataclasses import dataclass

from soc_cli.formats.letter import STYLE_OF_LETTERS, lines, pairs
from soc_cli.formats.report import STYLE, text
from soc_cli.model.language import language
from soc_cli.model.text import visible

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """Something that the letter tells at length: a heading, and records of labels with their words."""

    heading: str
    rows: Sequence[Pairs]


@dataclass(frozen=True)
class Answer:
    """A letter: of which day, from and to whom, what it answers, what it says; all in words."""

    day: str
    recipient: Sequence[str]
    sender: Sequence[str]
    title: str
    about: Pairs
    paragraphs: Sequence[str]
    parts: Sequence[Part]
    end: Sequence[str]


def written(answer: Answer, suffix: str) -> bytes:
    """The letter as a page for `.html` and `.htm`, else as plain text."""
    return as_page(answer) if suffix.lower() in (".html", ".htm") else as_text(answer)


def as_text(answer: Answer) -> bytes:
    """The letter as plain text, UTF-8."""
    told = [
        answer.day,
        "",
        *answer.recipient,
        "",
        *answer.sender,
        "",
        answer.title,
        "",
        *(f"{label}: {said}" for label, said in answer.about),
        "",
    ]
    for paragraph in answer.paragraphs:
        told += [*paragraph.split("\n"), ""]
    for part in answer.parts:
        told += [part.heading, ""]
        for row in part.rows:
            told += [*(f"  {label}: {said}" for label, said in row), ""]
    told += answer.end
    return (
        "\n".join(visible(line) for piece in told for line in piece.split("\n")) + "\n"
    ).encode()


def as_page(answer: Answer) -> bytes:
    """The letter as one page of HTML."""
    body = [
        f'<p class="right">{text(answer.day)}</p>',
        f"<p>{lines(answer.recipient)}</p>",
        f'<p class="right">{lines(answer.sender)}</p>',
        f"<h1>{text(answer.title)}</h1>",
        pairs(answer.about),
        *(f"<p>{text(paragraph)}</p>" for paragraph in answer.paragraphs),
    ]
    for part in answer.parts:
        body += [f"<h2>{text(part.heading)}</h2>", *map(pairs, part.rows)]
    body += [f"<p>{text(paragraph)}</p>" for paragraph in answer.end]
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(answer.title)}</title><style>{STYLE}{STYLE_OF_LETTERS}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    ).encode()
