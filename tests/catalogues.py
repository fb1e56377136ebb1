"""The message catalogues: `python -m tests.catalogues` brings them up to date with the sources.

Messages are extracted with Babel, `locale/*/LC_MESSAGES/soc.po` keeps the translations, and
`soc.mo`, which the program reads, is compiled from it. The English catalogue says what the sources
say; a message that the Japanese one does not have yet is written with an empty translation.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "soc_cli"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
LANGUAGES = ("ja", "en")
DAY = datetime(2026, 11, 22, tzinfo=UTC)
"""A fixed one: the same messages make the same files."""


def extracted() -> list[str | tuple[str, ...]]:
    """Every message of the sources, in the order of their files."""
    found: dict[str | tuple[str, ...], None] = {}
    for _file, _line, message, _comments, _context in extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS
    ):
        if message:
            found[message] = None
    return list(found)


def po_file(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "soc.po"


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The catalogue with exactly the messages of the sources."""
    old = read(language)
    new = Catalog(
        locale=language,
        project="soc",
        header_comment=f"# soc in {language}",
        fuzzy=False,
        creation_date=DAY,
        revision_date=DAY,
    )
    for message in extracted():
        kept = old.get(message if isinstance(message, str) else message[0])
        string = kept.string if kept else ""
        new.add(message, message if language == "en" else string)
    return new


def po_bytes(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, omit_header=False, no_location=True)
    lines = buffer.getvalue().split(b"\n")
    return b"\n".join(
        line for line in lines if b"-Date:" not in line and b"Generated-By" not in line
    )


def mo_bytes(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    catalog.creation_date = catalog.revision_date = DAY
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> None:
    for language in LANGUAGES:
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(updated(language)))
        path.with_suffix(".mo").write_bytes(mo_bytes(read(language)))
        missing = [m.id for m in read(language) if m.id and not m.string]
        print(language, len(read(language)), "messages,", len(missing), "untranslated")


if __name__ == "__main__":
    main()
