"""Upkeep without the guard: making, copying and restoring files, and giving freed bytes back.

This is the one module that may call what SQLite's authorizer does not see.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, NotFound, NotYetErased, WrongData
from soc_cli.model.language import _
from soc_cli.store import driver, erasurelist, journal, schema
from soc_cli.store.driver import Connection, Row
from soc_cli.store.erasurelist import ErasureList
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


def create(
    path: Path,
    made_at: datetime,
    sample: bool,
    fill: Callable[[Path], None],
    first: Callable[[Connection], None] | None = None,
) -> None:
    """Makes a register at `path`, readable by its owner alone; refuses an existing file.

    `first` fills the bare tables with what an opening needs, `fill` writes its first entries. The register gets its name when it is whole: killed before,
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
            if first is not None:
                first(con)
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
        _remove(unfinished)


VACUUM_DUE = "vacuum_due"
"""The setting with the numbers of members whose values may still lie in free bytes of the file; it is
there, be it empty, while an erasure is not finished."""
TOLD = "told"
"""The setting with what the certificates of erasures tell that are not finished, as JSON."""

GIVEN_BACK = "given_back"
"""The setting with the number of the journal's newest entry when freed bytes were last given back."""


def publish(path: Path, at: str) -> list[Path]:
    """Writes the erasure list beside the register and each of its backups; gives those out of reach.

    Under the lock of a change, so that of two erasures at once neither list lacks the other's. Raises NotYetErased where the register's own can't be written.
    """
    unreached: list[Path] = []
    con = driver.connect(path, driver.LOCK_WAIT)
    try:
        con.execute("begin immediate")
        known = erasurelist.of_register(con, at)
        erasurelist.write(path, known)
        for row in con.execute("select distinct path from backup order by path"):
            backup = Path(row["path"])
            try:
                if backup.exists():
                    erasurelist.write(backup, known)
                else:  # moved, on a disk that is not there, or being made
                    unreached.append(backup)
            except (OSError, Failed):
                unreached.append(backup)
        con.execute("rollback")
    except OSError as error:
        raise _not_yet(str(error.strerror)) from None
    except Failed as error:
        raise _not_yet(error.what) from None
    except driver.Error as error:
        raise _not_yet(sentence_of(error, path).what) from None
    finally:
        con.close()
    return unreached


def give_back(path: Path) -> None:
    """Rewrites the file without its free bytes and empties the log beside it.

    Raises NotYetErased where another program has the register open or the disk is full; run again,
    it finishes.
    """
    con = driver.connect(path, 2)
    try:
        # Some builds of SQLite leave deleted bytes in the file unless told otherwise.
        con.execute("pragma secure_delete = on")
        # VACUUM would otherwise write a whole copy into the system's folder for temporary files.
        con.execute("pragma temp_store = memory")
        # The samples of ANALYZE, which this program never runs, are values of rows.
        for samples in ("sqlite_stat1", "sqlite_stat4"):
            con.execute(f"drop table if exists {samples}")
        due = con.execute("select value from register where key = ?", (VACUUM_DUE,)).fetchone()
        newest = con.execute("select coalesce(max(number), 0) from journal").fetchone()[0]
        con.execute("vacuum")
        _empty_log(con)
        con.execute("begin immediate")
        if due is not None:  # another's erasure since then is another's to finish
            con.execute("delete from register where key = ? and value = ?", (VACUUM_DUE, due[0]))
            con.execute(
                "delete from register where key = ?"
                " and not exists (select 1 from register where key = ?)",
                (TOLD, VACUUM_DUE),
            )
        con.execute("delete from register where key = ?", (GIVEN_BACK,))
        con.execute("insert into register (key, value) values (?, ?)", (GIVEN_BACK, str(newest)))
        con.execute("commit")
        _empty_log(con)
    except driver.Error as error:
        raise _not_yet(sentence_of(error, path).what) from None
    finally:
        con.close()


def _not_yet(reason: str) -> NotYetErased:
    return NotYetErased(
        _(
            "not yet erased: the rows are deleted, but traces are left in the file ({reason})"
        ).format(reason=reason),
        _(
            "close other programs that use the register and run this again by its number, or “soc sweep --yes”"
        ),
    )


def _empty_log(con: Connection) -> None:
    busy = con.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    if busy:
        raise driver.OperationalError("database is locked")


# copies ---------------------------------------------------------------------------------------


class Copy:
    """A backup of a register: one whole, verified file that gets its name, and its list, by `claim`."""

    def __init__(self, register: Path, path: Path, at: str) -> None:
        """Of the register as it will be at `claim`; `at` is the moment that the list knows of."""
        self.paths = (path,)
        self.named = False
        self._register, self._at = register, at
        self._unfinished = newfile.beside(path)

    def claim(self) -> None:
        """Makes it and gives it its name. Raises WrongData where that is taken, else Failed."""
        (path,) = self.paths
        try:
            if path.exists() or path.is_symlink():
                raise FileExistsError
            copy(self._register, self._unfinished)
            if reason := fault(self._unfinished):
                raise Failed(
                    _("the backup can't be relied on ({reason})").format(reason=reason),
                    _("see “{command}”").format(command="soc check"),
                )
            erasurelist.write(path, known_to(self._unfinished, self._at))
            newfile.claim(self._unfinished, path)
            self.named = True
            # Of whoever was erased while the copy was being made, the register itself knows.
            erasurelist.write(path, known_to(self._register, self._at))
        except FileExistsError:
            raise WrongData(
                _("{path} exists already").format(path=path), _("choose another name")
            ) from None
        except OSError as error:
            raise Failed(
                _("{path} can't be written ({reason})").format(path=path, reason=error.strerror)
            ) from None
        except driver.Error as error:
            raise sentence_of(error, path) from None

    def discard(self) -> None:
        """Removes it, if it never got its name."""
        _remove(self._unfinished)


def copy(register: Path, path: Path) -> None:
    """Writes the register as it is now into a new file, whole and flushed, for its owner alone.

    Without free bytes and log, so that nothing that was corrected or deleted goes along; nobody is
    locked out meanwhile. Raises OSError or the driver's errors.
    """
    os.close(newfile.make(path))
    con = driver.connect(register, driver.LOCK_WAIT)
    try:
        con.execute("pragma temp_store = memory")
        con.execute("vacuum into ?", (str(path.absolute()),))  # else `file:` would be a URI
    finally:
        con.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def restore(
    backup: Path, path: Path, replace: bool, fill: Callable[[Path], None], known: ErasureList
) -> None:
    """Makes a register at `path` of a backup; `fill` does what must be done before its first use.

    It gets its name when that is done and its freed bytes are given back: killed before, there is
    none. With `replace` it takes an existing one's place, which nobody may have open then.
    """
    unfinished = newfile.beside(path)
    try:
        if path.is_dir():
            raise Failed(_("{path} is a folder").format(path=path), _("name a file"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy(backup, unfinished)
        con = driver.connect(unfinished, 1)
        try:
            con.execute("pragma secure_delete = on")
            con.execute(f"pragma journal_mode = {JOURNAL_MODE}")
            apply_steps(con)
            for kind, number in known.highest.items():
                _never_again(con, kind, number)
        finally:
            con.close()
        fill(unfinished)
        give_back(unfinished)
        if reason := fault(unfinished):
            raise Failed(
                _("{path} can't be relied on ({reason})").format(path=backup, reason=reason)
            )
        if replace:
            _let_go(path)
        erasurelist.write(path, known)
        if replace:
            unfinished.replace(path)
        else:
            newfile.claim(unfinished, path)
    except FileExistsError:
        raise register_exists(path) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror),
            _("choose a folder that you may write in"),
        ) from None
    except driver.Error as error:
        raise sentence_of(error, backup) from None
    finally:
        _remove(unfinished)


def register_exists(path: Path) -> WrongData:
    """The error of a restore over a register that is there."""
    return WrongData(
        _("{path} exists already").format(path=path), _("choose another name, or say --force")
    )


def _never_again(con: Connection, table: str, number: int) -> None:
    """No number up to this one is given again."""
    row = con.execute("select seq from sqlite_sequence where name = ?", (table,)).fetchone()
    if row is None:
        con.execute("insert into sqlite_sequence (name, seq) values (?, ?)", (table, number))
    elif row["seq"] < number:
        con.execute("update sqlite_sequence set seq = ? where name = ?", (number, table))


def _let_go(path: Path) -> None:
    """Sees that nobody has the register open, and that no log beside it outlives it.

    A log of the old file would be taken for the new one's.
    """
    try:
        con = driver.connect(path, 2)
        try:
            if con.execute("pragma journal_mode = delete").fetchone()[0] != "delete":
                raise driver.OperationalError("database is locked")
        finally:
            con.close()
    except driver.Error as error:
        told = str(error)
        if "locked" in told or "busy" in told:
            raise sentence_of(error, path) from None
    for suffix in ("-wal", "-shm"):  # of a damaged one
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _remove(unfinished: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            Path(f"{unfinished}{suffix}").unlink(missing_ok=True)


# looking at a file ----------------------------------------------------------------------------


def known_to(path: Path, at: str) -> ErasureList:
    """The erasure list as the register or backup at `path` itself knows it.

    Raises NotFound where there is no file, Failed for what is no register.
    """
    if not path.exists():
        raise NotFound(_("there is no file {path}").format(path=path))
    con: Connection | None = None
    try:
        con = driver.connect(path, 2)
        if con.execute("pragma application_id").fetchone()[0] != schema.APPLICATION_ID:
            raise Failed(_("{path} is no backup of a register").format(path=path))
        found = con.execute("select name from sqlite_master where name = 'erased_inquiry'")
        if found.fetchone() is None:  # of before there was this table
            con.execute("create temp table erased_inquiry (id integer, erased_on text)")
        return erasurelist.of_register(con, at)
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        if con is not None:
            con.close()


def setting(path: Path, key: str) -> str | None:
    """A setting of the file at `path`, which is not opened as a register; raises NotFound or Failed."""
    if not path.exists():
        raise NotFound(_("there is no file {path}").format(path=path))
    rows = _asked(path, "select value from register where key = ?", (key,))
    return str(rows[0]["value"]) if rows else None


def damage(path: Path) -> list[str]:
    """What SQLite finds wrong with the file itself: its pages, indexes, constraints, references."""
    found = [row[0] for row in _asked(path, "pragma integrity_check(20)") if row[0] != "ok"]
    broken = {(row["table"], row["parent"]) for row in _asked(path, "pragma foreign_key_check")}
    return [*found, *(f"{table} → {parent}" for table, parent in sorted(broken))]


def fault(path: Path) -> str | None:
    """Why a copy can't be relied on: damage, or a journal that does not verify."""
    if found := damage(path):
        return found[0]
    con = driver.connect(path, 2)
    try:
        wrong = journal.verify(con)
    finally:
        con.close()
    return f"{wrong.number}: {wrong.reason}" if wrong is not None else None


def missing(path: Path) -> list[str]:
    """Tables and indexes that every register has, and the file at `path` has not."""
    query = "select name from sqlite_master where sql is not null"
    con = driver.connect_memory()
    try:
        apply_steps(con)
        there = {row["name"] for row in con.execute(query)}
    finally:
        con.close()
    return sorted(there - {row["name"] for row in _asked(path, query)})


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


def _asked(path: Path, sql: str, parameters: Sequence[str] = ()) -> list[Row]:
    con: Connection | None = None
    try:
        con = driver.connect(path, 2)
        return list(con.execute(sql, parameters))
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        if con is not None:
            con.close()
