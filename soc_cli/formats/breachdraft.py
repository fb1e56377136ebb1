"""The draft of the report of a breach and of the notice to its persons: plain text, to be filled in."""

from collections.abc import Sequence

from soc_cli.model.text import visible

Parts = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Each part's heading, with its items: the label and what is said under it."""


def written(title: str, parts: Parts) -> bytes:
    """The draft, an item a paragraph; nothing in it can command a terminal."""
    lines = [title, ""]
    for heading, items in parts:
        lines += [f"== {visible(heading)} ==", ""]
        for label, said in items:
            lines += [f"[{visible(label)}]", *map(visible, said.split("\n")), ""]
    return "\n".join(lines).encode()
