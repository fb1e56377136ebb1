"""What a club publishes, as plain text, Markdown or a page for its web site."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from soc_cli.formats.report import STYLE, text
from soc_cli.model.language import _, language
from soc_cli.model.text import visible


class Item(Protocol):
    """One item of a publication."""

    @property
    def heading(self) -> str:
        """What it is about."""

    @property
    def article(self) -> str:
        """The article that has it published."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What is said of it."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What is said of it as a list of pairs."""


def _title(club: str) -> str:
    return _("{club}: on the personal data that we keep").format(club=club)


def as_text(club: str, day: str, items: Sequence[Item]) -> str:
    """Plain text."""
    lines = [_title(club), _("As of {day}").format(day=day), ""]
    for number, item in enumerate(items, 1):
        lines.append(
            _("{number}. {heading} ({article})").format(
                number=number, heading=item.heading, article=item.article
            )
        )
        lines += [f"   {key}: {said}" for key, said in item.pairs]
        lines += [f"   {said}" for said in item.paragraphs]
        lines.append("")
    return "\n".join(visible(line) for line in "\n".join(lines).split("\n"))


_MARKED = re.compile(r"([\\`*_{}\[\]<>#|])")


def as_markdown(club: str, day: str, items: Sequence[Item]) -> str:
    """Markdown, in which nothing of the policy's own is taken for a mark."""

    def plain(said: str) -> str:
        return _MARKED.sub(r"\\\1", visible(said))

    lines = [f"# {plain(_title(club))}", "", plain(_("As of {day}").format(day=day)), ""]
    for number, item in enumerate(items, 1):
        lines += [f"## {number}. {plain(item.heading)}", "", f"*{plain(item.article)}*", ""]
        lines += [f"- **{plain(key)}** {plain(said)}" for key, said in item.pairs]
        lines += [""] if item.pairs else []
        for said in item.paragraphs:
            lines += [plain(said.replace("\n", " ")), ""]
    return "\n".join(lines)


_STYLE = """
.article { color: #777; font-size: .85em; margin: 0 0 .4rem; }
p { margin: .3rem 0; }
"""


def as_page(club: str, day: str, items: Sequence[Item]) -> str:
    """A page without script or network."""
    as_of = _("As of {day}").format(day=day)
    parts = [f"<h1>{text(_title(club))}</h1>", f'<p class="lead">{text(as_of)}</p>']
    for number, item in enumerate(items, 1):
        parts.append(
            f'<h2>{number}. {text(item.heading)}</h2><p class="article">{text(item.article)}</p>'
        )
        if item.pairs:
            rows = "".join(
                f"<tr><th>{text(key)}</th><td>{text(said)}</td></tr>" for key, said in item.pairs
            )
            parts.append(f'<table class="one">{rows}</table>')
        parts += [f"<p>{text(said)}</p>" for said in item.paragraphs]
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{text(_title(club))}</title><style>{STYLE}{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


WRITERS: Mapping[str, Callable[[str, str, Sequence[Item]], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "html": as_page,
}
SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown"}
"""Which of them a file is, by how its name ends; any other is text."""
