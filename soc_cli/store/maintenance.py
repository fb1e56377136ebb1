"""Upkeep without the guard: making, copying and restoring files, and giving freed bytes back.

This is the one module that may call what SQLite's authorizer does not see.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, Interrupted, NotFound, NotYetErased, SocError, WrongData
from soc_cli.model.keys import SALT_BYTES, Key, Secret
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
    key: Key | None,
    fill: Callable[[Path], None],
    first: Callable[[Connection], None] | None = None,
) -> None:
    """Makes a register at `path`, readable by its owner alone; refuses an existing file.

    With a `key` it is encrypted from its first byte on. `first` fills the bare tables with what an
    opening needs, `fill` writes its first entries. The register gets its name when it is whole: killed before,
    there is none.
    """
    newfile.check_name(path)
    unfinished = newfile.beside(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() or path.is_symlink():
            raise FileExistsError
        os.close(newfile.make(unfinished))
        con = driver.connect(unfinished, 1, key)
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
        raise _never_overwritten(path) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror),
            _("choose a folder that you may write in"),
        ) from None
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        _remove(unfinished)


def check_free(path: Path) -> None:
    """Raises WrongData where something stands where a register is to be made."""
    if path.exists() or path.is_symlink():
        raise _never_overwritten(path)


def _never_overwritten(path: Path) -> WrongData:
    return WrongData(
        _("{path} exists already").format(path=path),
        _("a register is never overwritten; choose another file with --db"),
    )


def new_key(secret: Secret) -> Key:
    """The key of a file that is to be made, which gets a salt of its own."""
    return Key.of(secret, os.urandom(SALT_BYTES))


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
        due = con.execute(
            "select value from register where key = ?", (schema.VACUUM_DUE,)
        ).fetchone()
        newest = con.execute("select coalesce(max(number), 0) from journal").fetchone()[0]
        con.execute("vacuum")
        con.execute(f"pragma journal_mode = {JOURNAL_MODE}")  # should a new key have been cut short
        _empty_log(con)
        con.execute("begin immediate")
        if due is not None:  # another's erasure since then is another's to finish
            con.execute(
                "delete from register where key = ? and value = ?", (schema.VACUUM_DUE, due[0])
            )
            con.execute(
                "delete from register where key = ?"
                " and not exists (select 1 from register where key = ?)",
                (schema.TOLD, schema.VACUUM_DUE),
            )
        con.execute("delete from register where key = ?", (schema.GIVEN_BACK,))
        con.execute(
            "insert into register (key, value) values (?, ?)", (schema.GIVEN_BACK, str(newest))
        )
        con.execute("commit")
        _empty_log(con)
    except (driver.Error, KeyboardInterrupt) as error:
        told = sentence_of(error, path) if isinstance(error, driver.Error) else Interrupted()
        raise _not_yet(told.what, told.exit_code) from None
    finally:
        con.close()


def _not_yet(reason: str, exit_code: int = NotYetErased.exit_code) -> NotYetErased:
    error = NotYetErased(
        _(
            "not yet erased: the rows are deleted, but traces are left in the file ({reason})"
        ).format(reason=reason),
        _(
            "close other programs that use the register and run this again by its number, or “soc sweep --yes”"
        ),
    )
    error.exit_code = exit_code
    return error


def _empty_log(con: Connection) -> None:
    busy = con.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    if busy:
        raise driver.OperationalError("database is locked")


# copies ---------------------------------------------------------------------------------------


class Copy:
    """A backup of a register: one whole, verified file that gets its name, and its list, by `claim`."""

    def __init__(self, register: Path, path: Path, at: str) -> None:
        """Of the register as it will be at `claim`; `at` is the moment that the list knows of."""
        newfile.check_name(path)
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
    locked out meanwhile. The copy is encrypted as the register is, with its key. Raises OSError or
    the driver's errors.
    """
    os.close(newfile.make(path))
    con = driver.connect(register, driver.LOCK_WAIT)
    try:
        con.execute("pragma temp_store = memory")
        con.execute("vacuum into ?", (str(path.absolute()),))  # else `file:` would be a URI
    finally:
        con.close()
    _flush(path)


def copy_with_key(register: Path, path: Path, key: Key | None) -> None:
    """Like `copy`, but the copy has this key, or none."""
    os.close(newfile.make(path))
    con = driver.connect(register, driver.LOCK_WAIT)
    try:
        con.execute("pragma temp_store = memory")
        con.execute("attach ? as copied key ?", (str(path.absolute()), key.spec() if key else ""))
        con.execute("pragma copied.journal_mode = off")  # not finished, the file is thrown away
        con.execute("begin")  # one snapshot
        con.execute("select sqlcipher_export('copied')").fetchall()
        con.execute(f"pragma copied.application_id = {schema.APPLICATION_ID}")
        con.execute("commit")
    finally:
        con.close()
    _flush(path)
    if key is not None:
        driver.keyring.learn(path, key)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# another key ----------------------------------------------------------------------------------


def change_key(path: Path, key: Key | None, fill: Callable[[Path], None]) -> None:
    """Gives the register another key, or none; `fill` writes the entry of it.

    It is written anew beside the old one, verified, compared table by table, and then takes the old
    one's place in one step: killed at any moment, the register is the old one with the old key or
    the new one with the new key. Nobody else may have it open, and whoever waits for the lock
    meanwhile is told that the file was replaced. Raises Failed.
    """
    path = path.resolve()  # a link stays one
    unfinished = newfile.beside(path)
    try:
        with _alone(path) as old:
            copy_with_key(path, unfinished, key)
            if different := differences(path, unfinished):
                raise Failed(
                    _("{path} can't be relied on ({reason})").format(
                        path=unfinished, reason=", ".join(different)
                    )
                )
            con = driver.connect(unfinished, 1)
            try:
                con.execute(f"pragma journal_mode = {JOURNAL_MODE}")
            finally:
                con.close()
            fill(unfinished)
            if reason := fault(unfinished):
                raise Failed(
                    _("{path} can't be relied on ({reason})").format(path=path, reason=reason)
                )
            _flush(unfinished)
            _take_place(unfinished, path, old)
    except OSError as error:
        raise Failed(
            _("{path} can't be written ({reason})").format(path=path, reason=error.strerror)
        ) from None
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        _remove(unfinished)


@contextmanager
def _alone(path: Path) -> Iterator[Connection]:
    """The register while nobody else has it open for a change, nor may begin one.

    For that time its log is the old kind of journal, so that nothing of it is left beside the file
    that takes its place.
    """
    con = driver.connect(path, 2)
    try:
        if con.execute("pragma journal_mode = delete").fetchone()[0] != "delete":
            raise driver.OperationalError("database is locked")
        con.execute("begin immediate")
        yield con
    except BaseException:
        with suppress(driver.Error):
            con.execute("rollback")
        with suppress(driver.Error):
            con.execute(f"pragma journal_mode = {JOURNAL_MODE}")
        raise
    finally:
        con.close()


def _keep_readers_out(con: Connection) -> None:
    """Turns the lock of `_alone` into one against readers too; raises where somebody was faster."""
    version = con.execute("pragma data_version").fetchone()[0]
    con.execute("rollback")
    con.execute("begin exclusive")
    if con.execute("pragma data_version").fetchone()[0] != version:
        raise driver.OperationalError("database is locked")


def _take_place(finished: Path, path: Path, old_con: Connection) -> None:
    """Puts the finished file in the register's place, and overwrites the old one's bytes."""
    _keep_readers_out(old_con)
    if os.name != "posix":  # where an open file can't be replaced
        old_con.close()
        finished.replace(path)
        return
    with path.open("rb+") as old:
        finished.replace(path)
        old_con.close()
        _flush_folder(path.parent)
        # The old file has no name any more. What a disk keeps of it by itself is out of reach.
        with suppress(OSError):
            size = old.seek(0, os.SEEK_END)
            old.seek(0)
            for _at in range(0, size, 1 << 20):
                old.write(bytes(1 << 20))
            old.flush()
            os.fsync(old.fileno())


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every file system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def differences(one: Path, other: Path, but: Sequence[str] = ()) -> list[str]:
    """The tables of one file, but for some, whose rows are not the same in another, or not there."""
    first, second = driver.connect(one, 2), driver.connect(other, 2)
    try:
        return [
            table
            for table in _tables(first)
            if table not in but
            and (table not in _tables(second) or not _same_rows(first, second, table))
        ]
    except driver.Error as error:
        raise sentence_of(error, other) from None
    finally:
        first.close()
        second.close()


def _tables(con: Connection) -> list[str]:
    rows = con.execute(
        "select name from sqlite_master where type = 'table' and sql is not null order by name"
    )
    return [row["name"] for row in rows]


def counted(path: Path) -> dict[str, int]:
    """How many rows each table of the file has."""
    con = driver.connect(path, 2)
    try:
        return {
            table: int(con.execute(f"select count(*) from [{table}]").fetchone()[0])
            for table in _tables(con)
        }
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        con.close()


def _same_rows(first: Connection, second: Connection, table: str) -> bool:
    """Whether a table, named by the schema itself, holds the same in both, column by column.

    A column that a later step of the schema has added to the second is not asked for.
    """
    query = "select name from pragma_table_xinfo(?)"
    columns = [row["name"] for row in first.execute(query, (table,))]
    others = {row["name"] for row in second.execute(query, (table,))}
    if not set(columns) <= others:
        return False
    named = ", ".join(f"[{column}]" for column in columns)
    order = ", ".join(str(at) for at in range(1, len(columns) + 1))
    query = f"select {named} from [{table}] order by {order}"
    rows = zip_longest(first.execute(query), second.execute(query))
    return all(
        one is not None and other is not None and tuple(one) == tuple(other) for one, other in rows
    )


def restore(
    backup: Path, path: Path, replace: bool, fill: Callable[[Path], None], known: ErasureList
) -> None:
    """Makes a register at `path` of a backup; `fill` does what must be done before its first use.

    It gets its name when that is done and its freed bytes are given back: killed before, there is
    none. With `replace` it takes an existing one's place, which nobody may have open then, and its
    key; else it is encrypted as the backup is.
    """
    newfile.check_name(path)
    unfinished = newfile.beside(path)
    try:
        if path.is_dir():
            raise Failed(_("{path} is a folder").format(path=path), _("name a file"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _key_at_hand(path)
        if key is None or key == driver.key_of(backup):
            copy(backup, unfinished)
        else:
            copy_with_key(backup, unfinished, key)
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
    except NotYetErased as error:  # there is no register yet, so nothing is half erased
        raise (Interrupted() if error.exit_code == Interrupted.exit_code else error) from None
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


def _key_at_hand(path: Path) -> Key | None:
    """The key of the register at `path`; None where there is none, or where it can't be opened."""
    try:
        return driver.key_of(path) if path.exists() else None
    except (SocError, driver.Error):
        return None


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
    except SocError:  # no key opens it: it is damaged, or the key is lost
        pass
    for suffix in ("-wal", "-shm"):  # of a damaged one
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def discard(scratch: Path) -> None:
    """Removes a scratch register, and its list."""
    _remove(scratch)
    with suppress(OSError):
        erasurelist.beside(scratch).unlink(missing_ok=True)


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
        there = {row["name"] for row in con.execute("select name from sqlite_master")}
        for table in set(erasurelist.KINDS.values()) - there:  # of before there was this table
            con.execute(f"create temp table {table} (id integer, erased_on text)")
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


def is_encrypted(path: Path) -> bool:
    """Whether the register at `path` is encrypted; raises NotFound, and as opening it does."""
    if not path.exists():
        raise NotFound(_("there is no register at {path}").format(path=path))
    return driver.key_of(path) is not None


def is_plain(path: Path) -> bool:
    """Whether the file at `path` is a database that anybody can read; needs no key."""
    return driver.is_plain(path)


def fingerprint(path: Path) -> str | None:
    """What tells the key of an encrypted register from others; None of one that is not encrypted."""
    key = driver.key_of(path)
    return None if key is None else key.fingerprint()


def opens_with(path: Path, key: Key) -> bool:
    """Whether there is a register at `path` that this key opens."""
    return path.exists() and driver.opens_with(path, key)


def opens(path: Path, secret: Secret) -> bool:
    """Whether a secret is that of the encrypted register at `path`."""
    key = driver.key_of(path)
    return key is not None and Key.of(secret, key.salt) == key


def journal_mode(path: Path) -> str:
    """How the file keeps its log: `JOURNAL_MODE`, unless changing its key was cut short."""
    return str(_asked(path, "pragma journal_mode")[0][0])


def damage(path: Path) -> list[str]:
    """What SQLite finds wrong with the file itself: its pages, indexes, constraints, references."""
    found = [row[0] for row in _asked(path, "pragma integrity_check(20)") if row[0] != "ok"]
    broken = {(row["table"], row["parent"]) for row in _asked(path, "pragma foreign_key_check")}
    return [*found, *(f"{table} → {parent}" for table, parent in sorted(broken))]


def head(path: Path) -> tuple[int, str]:
    """Number and hash of the newest entry of the journal of the file at `path`."""
    con = driver.connect(path, 2)
    try:
        return journal.head(con)
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        con.close()


def entries_after(path: Path, number: int, but: Sequence[str]) -> tuple[int, str]:
    """How many entries come after one in the journal of the file at `path`, and when the last was.

    Those of what was done; acts of the kinds `but` aside.
    """
    blanks = ", ".join("?" * len(but))
    rows = _asked(
        path,
        "select count(*) as n, max(at) as at from journal"
        f" where number > ? and outcome = 'done' and act not in ({blanks})",
        (number, *but),
    )
    return int(rows[0]["n"]), str(rows[0]["at"] or "")


def fault(path: Path, kept: Sequence[tuple[int, str]] = ()) -> str | None:
    """Why a copy can't be relied on: damage, or a journal that does not verify against the heads."""
    if found := damage(path):
        return found[0]
    con = driver.connect(path, 2)
    try:
        wrong = journal.verify(con, kept)
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


def _asked(path: Path, sql: str, parameters: Sequence[str | int] = ()) -> list[Row]:
    con: Connection | None = None
    try:
        con = driver.connect(path, 2)
        return list(con.execute(sql, parameters))
    except driver.Error as error:
        raise sentence_of(error, path) from None
    finally:
        if con is not None:
            con.close()
