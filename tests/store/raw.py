"""Looking for stored values in the raw bytes of a register and of all the files beside it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from soc_cli.store import driver

Value = str | int


def forms(value: Value) -> Iterator[bytes]:
    """Each way in which SQLite could hold a value: UTF-8, UTF-16, and an integer's bytes."""
    if isinstance(value, int):
        yield value.to_bytes(6, "big")
        yield value.to_bytes(8, "big")
        return
    for text in {value, unicodedata.normalize("NFC", value)}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield text.encode(encoding)


def raw(path: Path) -> bytes:
    """The register, its log, its shared memory, its journal, its erasure list."""
    return b"\0".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))


def found(path: Path, values: Iterable[Value], beside: bytes = b"") -> set[Value]:
    """Those of the values of which a trace is there."""
    data = raw(path) + beside
    return {value for value in values if any(form in data for form in forms(value))}


class Connection(driver.Connection):
    """A connection as another build of SQLite would make it, and deaf to some statements."""

    deaf: re.Pattern[str] | None = None

    def execute(self, sql: str, *parameters: Any) -> Any:
        if self.deaf is not None and self.deaf.search(sql):
            answer = 1 if "secure_delete" in sql else 0
            return super().execute(f"select {answer}")
        return super().execute(sql, *parameters)


def other_build(monkeypatch: Any, deaf: str | None = None, temp_files: bool = False) -> None:
    """From now on SQLite is as others build it: secure_delete off, temporary files on the disk.

    `deaf` takes away one of the measures: statements that match it do nothing.
    """

    def connect(path: Path, wait_seconds: float) -> driver.Connection:
        con = driver.dbapi2.connect(
            path.absolute().as_uri() + "?mode=rw", uri=True, isolation_level=None,
            timeout=wait_seconds, factory=Connection,
        )  # fmt: skip
        con.row_factory = driver.Row
        con.execute("pragma secure_delete = off")
        if temp_files:
            con.execute("pragma temp_store = file")
        con.deaf = re.compile(deaf, re.I) if deaf else None
        return con

    monkeypatch.setattr(driver, "connect", connect)
