"""Letters as a sheet for the mail merge of a word processor: CSV as Excel opens it, with no live formula."""

from collections.abc import Mapping, Sequence

from soc_cli.formats.encodings import MARK
from soc_cli.formats.listing import as_csv
from soc_cli.model.notice import EMAIL, POST, Letter

COLUMNS: Mapping[str, tuple[str, ...]] = {
    EMAIL: ("number", "name", "kana", "email", "together_with"),
    POST: ("number", "name", "kana", "postal_code", "address", "together_with"),
}
"""What a sheet holds, by channel; `together_with` are the others of the household."""


def sheet(letters: Sequence[Letter], channel: str, headings: Sequence[str]) -> bytes:
    """A row a letter under these headings, which stand for the channel's `COLUMNS`."""
    rows = []
    for letter in letters:
        values = {**vars(letter), "together_with": list(letter.household)}
        cells = (values[column] for column in COLUMNS[channel])
        rows.append(dict(zip(headings, cells, strict=True)))
    return (MARK + "".join(as_csv(headings, rows))).encode()
