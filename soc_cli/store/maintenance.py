"""Upkeep without the guard: making a file, its schema steps, and giving freed bytes back.

This is the one module that may call what SQLite's authorizer does not see.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, NotYetErased, SocError, WrongData
from soc_cli.model.language import _
from soc_cli.store import driver, schema
from soc_cli.store.driver import Connection, Row
from soc_cli.store.faults import sentence_of

JOURNAL_MODE = "wal"
"""A list that is being shown locks nobody out, and a writer does not lock readers out. The price:
the file must lie on a local disk, since the shared memory of WAL does not work across a network."""


def _migrations() -> Any:
    from sqlite_utils.migrations import Migrations

    steps = Migrations("soc")
    for step, name in zip(schema.STEPS, schema.STEP_NAMES, strict=True):
        steps(name=name)(step)
    return steps


def apply_steps(con: Connection, stop_before: str | None = None) -> None:
    """Applies the schema steps that the file does not have yet, each in one transaction."""
    from sqlite_utils import Database

    _migrations().apply(Database(con), stop_before=stop_before)


def create(path: Path, made_at: datetime, sample: bool, fill: Callable[[Path], None]) -> None:
    """Makes a register at `path`, readable by its owner alone; refuses an existing file.

    `fill` writes its first entries. The register gets its name when it is whole: killed before,
    there is none.
    """
    unfinished = newfile.beside(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() or path.is_symlink():
            raise FileExistsError
        os.close(newfile.make(unfinished))
        con = driver.connect(unfinished, 1)
        try:
            con.execute(f"pragma application_id = {schema.APPLICATION_ID}")
            con.execute(f"pragma journal_mode = {JOURNAL_MODE}")
            apply_steps(con)
            settings = {"made_at": made_at.isoformat(), "sample": "yes" if sample else "no"}
            con.executemany("insert into register (key, value) values (?, ?)", settings.items())
        finally:
            con.close()
        fill(unfinished)
        newfile.claim(unfinished, path)
    except FileExistsError:
        raise WrongData(
            _("{path} exists already").format(path=path),
            _("a register is never overwritten; choose another file with --db"),
        ) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror),
            _("choose a folder that you may write in"),
        ) from None
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        for name in (unfinished, Path(f"{unfinished}-wal"), Path(f"{unfinished}-shm")):
            with suppress(OSError):
                name.unlink(missing_ok=True)


VACUUM_DUE = "vacuum_due"
"""The setting with the numbers of members whose values may still lie in free bytes of the file."""


def give_back(path: Path) -> None:
    """Rewrites the file without its free bytes and empties the log beside it.

    Raises NotYetErased where another program has the register open or the disk is full; run again,
    it finishes.
    """
    con = driver.connect(path, 2)
    try:
        con.execute("pragma secure_delete = on")
        # VACUUM would otherwise write a whole copy into the system's folder for temporary files.
        con.execute("pragma temp_store = memory")
        con.execute("vacuum")
        _empty_log(con)
        con.execute("delete from register where key = ?", (VACUUM_DUE,))
        _empty_log(con)
    except driver.Error as error:
        told: SocError = sentence_of(error, path)
        raise NotYetErased(
            _(
                "not yet erased: the member is deleted, but traces are left in the file ({reason})"
            ).format(reason=told.what),
            _("close other programs that use the register and run this again"),
        ) from None
    finally:
        con.close()


def _empty_log(con: Connection) -> None:
    busy = con.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    if busy:
        raise driver.OperationalError("database is locked")


def columns(path: Path) -> list[tuple[str, str]]:
    """Every (table, column) of the file, hidden and generated columns too, but SQLite's own tables."""
    rows = _asked(
        path,
        "select m.name as t, c.name as c from sqlite_schema m, pragma_table_xinfo(m.name) c"
        " where m.type in ('table', 'view') and m.name not like 'sqlite\\_%' escape '\\'"
        " order by m.name, c.cid",
    )
    return [(row["t"], row["c"]) for row in rows]


def triggers(path: Path) -> list[str]:
    """The triggers of the file; this program makes none."""
    return [
        row["name"] for row in _asked(path, "select name from sqlite_schema where type = 'trigger'")
    ]


def _asked(path: Path, sql: str) -> list[Row]:
    con = driver.connect(path, 2)
    try:
        return list(con.execute(sql))
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        con.close()
