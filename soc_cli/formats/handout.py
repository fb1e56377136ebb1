"""Own data as the files that are handed over: JSON with its schema, a page, sheets and a manifest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from soc_cli.formats.encodings import MARK
from soc_cli.formats.listing import as_csv, json_text
from soc_cli.formats.report import own_data_page
from soc_cli.formats.sections import KINDS, Label, Written, document, sheets

SCHEMA = Path(__file__).with_name("own-data.schema.json")
"""The published schema of `own-data.json`."""
PDF = "own-data.pdf"
MANIFEST = "MANIFEST.json"
NAMES = (
    "own-data.json", SCHEMA.name, "own-data.html", "member.csv", *(f"{kind.key}.csv" for kind in KINDS),
    MANIFEST, PDF,
)  # fmt: skip
"""Every name that a file of an export may bear."""


def contents(data: Mapping[str, object], label: Label, written: Written) -> dict[str, bytes]:
    """The files by name, the manifest last: a folder that has one is whole."""
    found = {
        "own-data.json": (json_text(data) + "\n").encode(),
        SCHEMA.name: SCHEMA.read_bytes(),
        "own-data.html": own_data_page(document(data, label, written)),
    }
    for name, headings, rows in sheets(data, label, written):
        found[f"{name}.csv"] = (MARK + "".join(as_csv(headings, rows))).encode()
    listed = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in found.items()
    ]
    found[MANIFEST] = (json_text({"files": listed}) + "\n").encode()
    return found
