"""The one place that knows the database driver: SQLCipher, which without a key is plain SQLite.

One driver gives every system the same SQLite version, with or without a passphrase.
"""

from pathlib import Path
from typing import TYPE_CHECKING

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


def connect(path: Path, wait_seconds: float) -> Connection:
    """A connection to the existing file at `path`; waits so long where another holds it."""
    con = dbapi2.connect(
        path.absolute().as_uri() + "?mode=rw", uri=True, isolation_level=None, timeout=wait_seconds
    )
    con.row_factory = Row
    return con


def connect_memory() -> Connection:
    """A connection to a database that is in memory only."""
    con = dbapi2.connect(":memory:", isolation_level=None)
    con.row_factory = Row
    return con
