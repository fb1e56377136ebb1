"""The one place that knows the database driver: SQLCipher, which without a key is plain SQLite.

One driver gives every system the same SQLite version, with or without a passphrase. An encrypted
file is opened with the keys of this run (`Keyring`), whoever opens it: a register, a backup, a copy
that is being made.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from soc_cli.model import pulse
from soc_cli.model.errors import Failed
from soc_cli.model.keys import SALT_BYTES, Key, Secret
from soc_cli.model.language import _

if TYPE_CHECKING:  # the driver has no types of its own; its interface is the standard library's
    import sqlite3 as dbapi2
    from sqlite3 import Connection as Connection
    from sqlite3 import Cursor as Cursor
    from sqlite3 import Row as Row
else:
    from sqlcipher3 import dbapi2

    Connection, Cursor, Row = dbapi2.Connection, dbapi2.Cursor, dbapi2.Row

Error = dbapi2.Error
IntegrityError = dbapi2.IntegrityError
OperationalError = dbapi2.OperationalError


LOCK_WAIT = 10.0
"""Seconds to wait for another program's change: longer than any but a huge import holds the lock."""
PAGE = 4096
"""Bytes of a page of an encrypted file, and so what its size is a multiple of."""
LOOKED_AT = 16 * PAGE
"""Bytes of a file by which it is told whether it may be encrypted."""


OFTEN = 20_000
"""Instructions of SQLite's machine from one beat to the next: a thousand a second or fewer."""


class Keyring:
    """The keys of one run: what opened a file before, else what `secrets` gives for it, one by one."""

    def __init__(self, secrets: Callable[[Path], Iterable[Secret]] = lambda _path: ()) -> None:
        self._secrets = secrets
        self._said: list[Secret] = []
        self._by_path: dict[Path, Key] = {}
        self._by_salt: dict[bytes, Key] = {}

    def known(self, path: Path) -> Key | None:
        """The key that opened the file before."""
        return self._by_path.get(path.absolute())

    def learn(self, path: Path, key: Key) -> None:
        """From now on this key opens the file, and each copy with the same salt."""
        self._by_path[path.absolute()] = self._by_salt[key.salt] = key

    def candidates(self, path: Path, salt: bytes) -> Iterable[Key]:
        """The keys to try on a file, what costs least first. A secret is asked for once a run."""
        if salt in self._by_salt:
            yield self._by_salt[salt]
        for secret in self._said:
            yield Key.of(secret, salt)
        for secret in self._secrets(path):
            if secret not in self._said:
                yield Key.of(secret, salt)
                self._said.append(secret)


keyring = Keyring()
"""That of the run; `unlock_with` begins another."""


def unlock_with(secrets: Callable[[Path], Iterable[Secret]]) -> None:
    """Forgets all keys; from now on `secrets` gives those for a file that nothing known opens."""
    global keyring
    keyring = Keyring(secrets)


def connect(
    path: Path, wait_seconds: float, key: Key | None = None, factory: type[Connection] = Connection
) -> Connection:
    """A connection to the existing file at `path`; waits so long where another holds it.

    With a `key` a file that is still empty becomes an encrypted one. Raises Failed where a file may
    be encrypted and no key opens it, and what the run's secrets raise. A file that can't be
    encrypted is connected to as it is, be it a database or not.
    """
    if key is not None:
        con = _opened(path, wait_seconds, key, factory)
        keyring.learn(path, key)
        return con
    known = keyring.known(path)
    if known is not None and (unlocked := _unlocked(path, wait_seconds, known, factory)):
        return unlocked
    con = _opened(path, wait_seconds, None, factory)
    if _is_database(con) or not _may_be_encrypted(path):
        return con
    con.close()
    for candidate in keyring.candidates(path, _salt(path)):
        if unlocked := _unlocked(path, wait_seconds, candidate, factory):
            keyring.learn(path, candidate)
            return unlocked
    raise Failed(
        _("{path} does not open with this key").format(path=path),
        _("it has another one, or is damaged, or is no register at all"),
    )


def key_of(path: Path) -> Key | None:
    """The key of the file at `path`, None for a plain one; raises as `connect` does."""
    con = connect(path, LOCK_WAIT)
    try:
        return None if _salt_of(con) is None else keyring.known(path)
    finally:
        con.close()


def is_plain(path: Path) -> bool:
    """Whether the file at `path` is a database that is not encrypted; asks for no key."""
    con = _opened(path, LOCK_WAIT, None)
    try:
        return _is_database(con)
    finally:
        con.close()


def opens_with(path: Path, key: Key) -> bool:
    """Whether this key opens the file at `path`."""
    con = _unlocked(path, LOCK_WAIT, key, Connection)
    if con is not None:
        con.close()
    return con is not None


def _opened(
    path: Path, wait_seconds: float, key: Key | None, factory: type[Connection] = Connection
) -> Connection:
    con = dbapi2.connect(
        path.absolute().as_uri() + "?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=wait_seconds,
        factory=factory,
    )
    con.row_factory = Row
    if (beat := pulse.listener()) is not None:
        con.set_progress_handler(beat, OFTEN)
    if key is not None:
        _set_key(con, key.spec())
    return con


def _set_key(con: Connection, spec: str) -> None:
    con.execute("pragma cipher_log_level = none")  # else it writes to standard error by itself
    con.set_key(spec)  # type: ignore[attr-defined]


def _unlocked(
    path: Path, wait_seconds: float, key: Key, factory: type[Connection]
) -> Connection | None:
    """The connection with this key; None where the key is not the file's."""
    con = _opened(path, wait_seconds, key, factory)
    if _is_database(con):
        return con
    con.close()
    return None


def _is_database(con: Connection) -> bool:
    """Whether the first page is readable as it is; any other failure is left to whoever uses it."""
    try:
        con.execute("select count(*) from sqlite_master").fetchone()
    except Error as error:
        return "not a database" not in str(error)
    return True


def _may_be_encrypted(path: Path) -> bool:
    """Whether the bytes of the file look like chance: whole pages, and no row of zeros at the beginning.

    An encrypted file has no such row; a plain one that has lost its first bytes is full of them.
    Only for a file that this process has not opened before, since closing it again would drop all
    locks that this process has on it.
    """
    if path.stat().st_size % PAGE:
        return False
    with path.open("rb") as file:
        return bytes(SALT_BYTES) not in file.read(LOOKED_AT)[SALT_BYTES:]


def _salt(path: Path) -> bytes:
    """The first bytes of an encrypted file.

    Asked of SQLite, which this process may have opened the file with before (see `_may_be_encrypted`).
    """
    con = _opened(path, LOCK_WAIT, Key(bytes(32), b""))
    try:
        salt = _salt_of(con)
    finally:
        con.close()
    return salt or bytes(SALT_BYTES)


def _salt_of(con: Connection) -> bytes | None:
    row = con.execute("pragma cipher_salt").fetchone()
    return bytes.fromhex(row[0]) if row and row[0] else None


def connect_memory() -> Connection:
    """A connection to a database that is in memory only."""
    con = dbapi2.connect(":memory:", isolation_level=None)
    con.row_factory = Row
    return con
