"""The certificate of an erasure as a letter for whoever was erased: plain text, in one language."""

from collections.abc import Callable, Mapping
from typing import Any

from soc_cli.model.language import _
from soc_cli.model.text import visible


def letter(
    club: str,
    certificate: Mapping[str, Any],
    label: Callable[[str], str],
    written: Callable[[str, object], str],
) -> bytes:
    """The letter; `label` and `written` put keys and values into words.

    Where a file about others too lies is not said: its name may tell of them.
    """

    def line(key: str, value: object) -> str:
        return f"{label(key)}: {visible(written(key, value))}"

    def rows(key: str) -> list[str]:
        return [f"  - {visible(written(key, one))}" for one in certificate[key]]

    lines = [
        _("Certificate of erasure"),
        "",
        club,
        "",
        *(line(key, certificate[key]) for key in ("number", "erased_on")),
        *([line("request", certificate["request"])] if certificate["request"] is not None else []),
        "",
    ]
    if certificate["erased"] is not None:
        gone = {kind: n for kind, n in certificate["erased"].items() if n}
        lines += [label("erased"), *(f"  - {line(kind, n)}" for kind, n in gone.items()), ""]
    lines += [label("retained"), *rows("retained"), ""]
    if certificate["files"]:
        told = [
            {key: one[key] for key in ("at", "kind", "path") if key != "path" or not one["shared"]}
            for one in certificate["files"]
        ]
        lines += [
            _("Files that the club deletes by hand"),
            *(f"  - {visible(written('files', one))}" for one in told),
            "",
        ]
    lines += [line("entry", certificate["entry"]), line("hash", certificate["hash"])]
    return ("\n".join(lines) + "\n").encode()
