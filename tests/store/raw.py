"""Looking for stored values in the raw bytes of a register and of all the files beside it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from soc_cli.model.keys import Key
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
    """The register, its log, its shared memory, its journal, its erasure list.

    Of an encrypted register every page is decrypted, free ones too: what is left of a value would
    be left for whoever has the key.
    """
    files = {p: p.read_bytes() for p in sorted(path.parent.glob(path.name + "*"))}
    key = driver.key_of(path) if path.exists() else None
    if key is not None:
        assert files[path][:16] == key.salt
        files[path] = _decrypted(files[path], key, 0, driver.PAGE)
        log = Path(f"{path}-wal")
        if log in files:
            files[log] = _decrypted(files[log][32:], key, 24, driver.PAGE)
    return b"\0".join(files.values())


def _decrypted(data: bytes, key: Key, head: int, page: int) -> bytes:
    """The pages of a file of SQLCipher 4, each after `head` bytes: AES-256-CBC, its vector behind it."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    pages = []
    for at in range(0, len(data) - page + 1, head + page):
        one = data[at + head : at + head + page]
        start = 16 if one.startswith(key.salt) else 0
        cipher = Cipher(algorithms.AES(key.raw), modes.CBC(one[page - 80 : page - 64])).decryptor()
        pages.append(cipher.update(one[start : page - 80]) + cipher.finalize())
    return b"".join(pages)


def connect(path: Path) -> driver.Connection:
    """A connection to a register, encrypted or not, whose rows are tuples."""
    con = driver.connect(path, 1)
    con.row_factory = None
    return con


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
    as_it_is = driver.connect

    def connect(path: Path, wait_seconds: float, key: Key | None = None) -> driver.Connection:
        con = as_it_is(path, wait_seconds, key, Connection)
        con.execute("pragma secure_delete = off")
        if temp_files:
            con.execute("pragma temp_store = file")
        con.deaf = re.compile(deaf, re.I) if deaf else None
        return con

    monkeypatch.setattr(driver, "connect", connect)
