"""The extract of a disclosure: exactly the named items, as CSV or JSON."""

from collections.abc import Mapping, Sequence

from soc_cli.formats.encodings import MARK
from soc_cli.formats.listing import as_csv, json_text
from soc_cli.model.fields import CHOICES


def written(
    suffix: str, items: Sequence[str], labels: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> bytes:
    """The bytes of the extract: JSON for `.json`, else CSV with headings that opens in Excel."""
    named = typed(items, rows)
    if suffix.lower() == ".json":
        return (json_text(named) + "\n").encode()
    headed = [dict(zip(labels, row.values(), strict=True)) for row in named]
    return (MARK + "".join(as_csv(labels, headed))).encode()


def typed(items: Sequence[str], rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """The named items of each row, and nothing else, as the JSON keys promise them."""
    return [{item: _typed(item, row[item]) for item in items} for row in rows]


def _typed(item: str, value: object) -> object:
    """A stored value as the JSON keys promise it: interests as a list, choices as true and false."""
    if item == "interests":
        return str(value).split("、") if value else []
    if item in CHOICES:
        return None if value is None else bool(value)
    return value
