"""The extract of a disclosure: exactly the named items, as CSV or JSON."""

from collections.abc import Mapping, Sequence

from soc_cli.formats.listing import as_csv, json_text
from soc_cli.formats.sheets import MARK


def written(
    suffix: str, items: Sequence[str], labels: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> bytes:
    """The bytes of the extract: JSON for `.json`, else CSV with headings that opens in Excel."""
    if suffix.lower() == ".json":
        return (json_text([{item: row[item] for item in items} for row in rows]) + "\n").encode()
    headed = [dict(zip(labels, (row[item] for item in items), strict=True)) for row in rows]
    return (MARK + "".join(as_csv(labels, headed))).encode()
