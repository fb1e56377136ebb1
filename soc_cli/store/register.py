"""The register: one SQLite file, opened for one purpose; changes are whole, reads are recorded.

Invariants that this module keeps:

- A connection reads what its purpose grants and nothing else (`policy.guard`).
- A change is `begin immediate` outside and a savepoint inside. Leaving it by an exception forgets
  everything, and leaving the outermost one without an entry in the journal is an error.
- Reading people writes the entry of that read in the transaction that reads, before a row is given.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soc_cli.model import clocks, marks
from soc_cli.model.clocks import Clock
from soc_cli.model.errors import Failed, NotFound, PolicyRefused, Refused, SocError
from soc_cli.model.fields import BY_KEY
from soc_cli.model.frozen import frozen, replace
from soc_cli.model.journal import Entry, holds
from soc_cli.model.language import _
from soc_cli.policy.form import Policy
from soc_cli.policy.guard import (
    Grant,
    Guard,
    categories_in,
    reads_people,
    refusal,
    writes,
)
from soc_cli.store import driver, journal, schema
from soc_cli.store.driver import Connection, Row
from soc_cli.store.faults import not_granted, sentence_of

if TYPE_CHECKING:
    from soc_cli.model.newfile import Unnamed

PATIENCE = driver.LOCK_WAIT
"""Seconds that a command waits where another program changes the register."""

CACHE = 64 * 1024
"""KiB of the file that a connection may hold in memory."""


@frozen
class Run:
    """What one run of the program tells the register: who works, through which command, and when."""

    operator: str
    command: str
    clock: Clock
    mark_key: Path | None = None
    """Where the key of the marks of refused persons is (P8)."""
    patience: float = PATIENCE
    """Seconds to wait where another program changes the register."""


def open_connection(path: Path, patience: float = PATIENCE) -> Connection:
    """A connection to the register at `path`, set up but not yet bound to a purpose.

    Raises NotFound where there is none, Failed where it can't be used.
    """
    try:
        there, folder = path.exists(), path.is_dir()
    except OSError as error:
        reason = error.strerror
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=reason)
        ) from None
    if not there:
        raise NotFound(
            _("there is no register at {path}").format(path=path), _("make one with “soc init”")
        )
    if folder:
        raise Failed(_("{path} is a folder").format(path=path), _("name the register with --db"))
    con: Connection | None = None
    try:
        con = driver.connect(path, patience)
        for pragma in (
            "foreign_keys = on",
            "temp_store = memory",
            f"cache_size = -{CACHE}",
            "threads = 2",  # for sorting a new index
            "synchronous = full",
            "trusted_schema = off",
        ):
            con.execute(f"pragma {pragma}")
        # Some builds of SQLite leave deleted bytes in the file unless told otherwise.
        if con.execute("pragma secure_delete = on").fetchone()[0] != 1:
            raise Failed(_("this SQLite can't overwrite what it deletes"))
        if con.execute("pragma application_id").fetchone()[0] != schema.APPLICATION_ID:
            if not path.stat().st_size:
                raise Failed(
                    _("{path} is empty").format(path=path),
                    _("restore the last backup, or name the register with --db"),
                )
            raise Failed(
                _("{path} is a database, but not a register").format(path=path),
                _("name the register with --db"),
            )
        _check_steps(con, path)
    except BaseException as error:
        if con is not None:
            con.close()
        if isinstance(error, driver.Error):
            raise sentence_of(error, path) from None
        raise
    return con


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells the file at `path` from another that takes its name."""
    try:
        status = path.stat()
    except OSError:  # which opening it tells
        return None
    return (status.st_dev, status.st_ino)


def _replaced(path: Path) -> Failed:
    return Failed(
        _("{path} was moved, deleted or replaced meanwhile").format(path=path),
        _("nothing of this command was kept; see where it is, and try again"),
    )


def _check_steps(con: Connection, path: Path) -> None:
    """Raises Failed for a step that this program does not know; applies those that are missing."""
    query = f"select name from {schema.STEPS_TABLE} where migration_set = 'soc'"
    applied = {row[0] for row in con.execute(query)}
    unknown = sorted(applied - set(schema.STEP_NAMES))
    if unknown:
        raise Failed(
            _("{path} was written by a newer soc (it has the step “{step}”)").format(
                path=path, step=unknown[0]
            ),
            _("install the newest version"),
        )
    if set(schema.STEP_NAMES) - applied:
        from soc_cli.store import maintenance

        maintenance.apply_steps(con)


def _governed(path: Path, policy: Policy, patience: float) -> Connection:
    """A connection to the register at `path`, which this policy governs and no other."""
    con = open_connection(path, patience)
    try:
        row = con.execute("select sha256 from club_policy order by id desc limit 1").fetchone()
    except driver.Error as error:
        con.close()
        raise sentence_of(error, path) from None
    if policy.sha256 != (row[0] if row is not None else ""):
        con.close()
        raise Failed(
            _("the policy of {path} has changed meanwhile").format(path=path),
            _("run the command again"),
        )
    return con


def _check_text(sql: str, people: bool = False, reading: bool = False) -> None:
    """Raises PolicyRefused for what the authorizer would not see, and for people read unrecorded."""
    if word := refusal(sql):
        raise not_granted(word)
    if reading and writes(sql):
        raise not_granted(_("a change outside a change"))
    if reads_people(sql) and not people:
        raise not_granted(_("reading people without recording it"))


def spill_folder(path: Path) -> Path | None:
    """Where what does not fit into memory may wait while the register at `path` works; None: nowhere.

    What goes into an encrypted register, or is said of it, lies nowhere in plain (S1).
    """
    return path.parent if path.exists() and driver.is_plain(path) else None


class Register:
    """A register that is open for one purpose, and for one member where the purpose asks for it."""

    def __init__(self, con: Connection, path: Path, policy: Policy, run: Run, grant: Grant) -> None:
        self._con = con
        self.path = path
        self.policy = policy
        self.run = run
        self.grant = grant
        self.today: date = run.clock.today()
        self.shown = True
        self.mark_key = b""
        """The key that `soc_mark` makes marks with; whoever reads them sets it before."""
        self.visitor_key = ""
        """The key that `soc_visitor` makes tokens with; whoever reads them sets it before."""
        self._unnamed: Unnamed | None = None
        self._wrote: list[int] = []
        self._depth = 0
        self._entries: list[Entry] = []
        self._file: tuple[int, int] | None = None
        self._bind()

    # opening ---------------------------------------------------------------------------------

    @classmethod
    def _opened(cls, path: Path, policy: Policy, run: Run, grant: Grant) -> "Register":
        file = _identity(path)
        try:
            register = cls(_governed(path, policy, run.patience), path, policy, run, grant)
        except Failed:
            if file is not None and _identity(path) != file:
                raise _replaced(path) from None
            raise
        register._file = file
        return register

    @classmethod
    def open(
        cls, path: Path, policy: Policy, run: Run, purpose: str, member: int | None = None
    ) -> "Register":
        """The register at `path` for one of the purposes, bound to one member where it asks for it."""
        return cls._opened(path, policy, run, guard(policy).for_purpose(purpose, member))

    @classmethod
    def open_upkeep(cls, path: Path, policy: Policy, run: Run) -> "Register":
        """The register for upkeep: numbers and folded keys."""
        return cls._opened(path, policy, run, guard(policy).for_upkeep())

    @classmethod
    def open_outsider(cls, path: Path, policy: Policy, run: Run, inquiry: int) -> "Register":
        """The register for the own data of the outsider of this inquiry, and for nobody else's."""
        return cls._opened(path, policy, run, guard(policy).for_outsider(inquiry))

    @classmethod
    def open_disclosure(
        cls,
        path: Path,
        policy: Policy,
        run: Run,
        items: Sequence[str],
        members: Sequence[int],
        shown: bool,
        by_consent: bool,
    ) -> "Register":
        """The register for one disclosure: the named items of the named members.

        Where the members may not see the disclosure, its entries in the journal are not `shown`.
        """
        grant = guard(policy).for_disclosure(items, members, by_consent)
        register = cls._opened(path, policy, run, grant)
        register.shown = shown
        return register

    def _bind(self) -> None:
        today, key = self.today, os.urandom(32)

        def soc_age(born: str | None) -> int | None:
            return None if born is None else clocks.age(date.fromisoformat(born), today)

        def soc_mark(kind: str, name_key: str | None, value: str | None) -> str | None:
            return marks.mark(self.mark_key, kind, name_key, value)

        def soc_visitor(cookie: str | None) -> str | None:
            from soc_cli.model import visitors

            return None if cookie is None else visitors.token(self.visitor_key, cookie)

        self._digest_key = key
        create = self._con.create_function
        create("soc_age", 1, soc_age, deterministic=True)
        create("soc_digest", 1, lambda value: digest(key, value), deterministic=True)
        create("soc_holds", 2, holds, deterministic=True)
        create("soc_mark", 3, soc_mark)
        create("soc_visitor", 1, soc_visitor)
        for statement in self.grant.statements():
            self._con.execute(statement)
        self._con.set_authorizer(self.grant.callback())

    def close(self) -> None:
        """Closes the file."""
        self._con.close()

    def __enter__(self) -> "Register":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # changing --------------------------------------------------------------------------------

    @contextmanager
    def change(self, keep: bool = True) -> Iterator[None]:
        """All or nothing. With `keep=False` nothing stays but the record of what was read.

        Raises the driver's errors as ours; a read that was refused leaves its entry in the journal.
        """
        outermost = self._depth == 0
        name = f"level_{self._depth}"
        before = len(self._entries)
        if outermost:
            self._begin()
        else:
            with self.telling():
                self._con.execute(f"savepoint {name}")
        self._depth += 1
        try:
            yield
            if outermost and len(self._entries) == before:
                raise AssertionError("a change that left no entry in the journal")
            if keep:
                self._con.execute("commit" if outermost else f"release {name}")
                if outermost:
                    self._check_place()
        except BaseException as error:
            raised = sentence_of(error, self.path) if isinstance(error, driver.Error) else error
            self._undo(outermost, name)
            if outermost and self._unnamed is not None:
                self._unnamed.discard()
                self._unnamed = None
            del self._entries[before:]
            if outermost and isinstance(raised, Refused):
                self._record_refusal(raised)
            if raised is error:
                raise
            raise raised from None
        else:
            if not keep:
                self._undo(outermost, name)
        finally:
            self._depth -= 1
        if outermost:
            self._unnamed = None
            written, self._entries = self._entries, []
            if not keep:
                self._record_dry_run(written)

    def _begin(self) -> None:
        """Begins a change, unless the file was replaced while it was waited for.

        Whoever replaces it (a new key, a restored backup) does so under this lock; what was written
        into the old file then would be lost with it.
        """
        error: driver.Error | None = None
        try:
            self._con.execute("begin immediate")
        except driver.Error as raised:
            error = raised
        if self._file is not None and _identity(self.path) != self._file:
            if error is None:
                self._con.execute("rollback")
            raise _replaced(self.path)
        if error is not None:
            raise sentence_of(error, self.path) from None

    def _check_place(self) -> None:
        """Raises Failed where what was just committed is not in the file that bears the register's name.

        SQLite itself commits into a file that was moved or deleted without a word.
        """
        if self._file is not None and _identity(self.path) != self._file:
            raise Failed(
                _("{path} was moved, deleted or replaced while this command wrote into it").format(
                    path=self.path
                ),
                _(
                    "what it wrote is in that file: find it and put it back; if it is gone, restore the last backup and do this again"
                ),
            )

    def _undo(self, outermost: bool, name: str) -> None:
        if not self._con.in_transaction:  # SQLite itself has rolled back, as it does on a full disk
            return
        if outermost:
            self._con.execute("rollback")
        else:
            self._con.execute(f"rollback to {name}")
            self._con.execute(f"release {name}")

    def _record_refusal(self, refused: Refused) -> None:
        entry = refused.entry
        if isinstance(refused, PolicyRefused):
            members = (self.grant.member,) if self.grant.member is not None else ()
            entry = Entry("read", members, refused.categories, outcome="refused")
        if entry is not None:
            self._append_alone([entry])

    def _record_dry_run(self, written: Sequence[Entry]) -> None:
        # What the dry run would have added has no number: only existing members were read.
        self._append_alone(
            [
                replace(
                    entry, members=entry.members if entry.act == "read" else (), outcome="dry-run"
                )
                for entry in written
            ]
        )

    def _append_alone(self, entries: Sequence[Entry]) -> None:
        """Writes entries in a transaction of their own."""
        with self._alone():
            for entry in entries:
                journal.append(self._con, self._stamp(), entry)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A transaction of its own, of what tells of nobody or is an entry itself."""
        with self.telling():
            self._begin()
            try:
                yield
                self._con.execute("commit")
            except BaseException:
                self._undo(outermost=True, name="")
                raise
            self._check_place()

    def _stamp(self) -> journal.Stamp:
        return journal.Stamp(
            self.run.clock.now().isoformat(),
            self.run.operator,
            self.grant.purpose,
            self.run.command,
        )

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turns the driver's errors into ours.

        That is enough around a single statement, which is whole by itself. A savepoint beside it would
        cost much where the schema has changed in the same change: undone, it reads the schema anew.
        """
        try:
            yield
        except driver.Error as error:
            raise sentence_of(error, self.path) from None

    def record(self, entry: Entry) -> int:
        """Writes an entry into the journal, inside a change; gives its number."""
        assert self._depth, "an entry belongs to a change"
        entry = replace(entry, shown=entry.shown and self.shown)
        self._entries.append(entry)
        return journal.append(self._con, self._stamp(), entry)

    def execute(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> driver.Cursor:
        """Runs a statement of a change; reading people is `read`."""
        assert self._depth, "a statement belongs to a change"
        _check_text(sql)
        return self._con.execute(sql, parameters)

    def execute_all(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs a statement of a change once a row; where one fails, those before it stay done."""
        assert self._depth, "a statement belongs to a change"
        _check_text(sql)
        self._con.executemany(sql, rows)

    @contextmanager
    def indexed_afterwards(self, table: str) -> Iterator[None]:
        """While many rows come into an empty table its indexes are away, and then made at once.

        Inside a change, and whole like it: the guard, which grants no change of the schema, is back
        on before and after.
        """
        assert self._depth, "a statement belongs to a change"
        assert table in schema.TABLES
        with self._unguarded():
            indexes = self._con.execute(
                "select name, sql from sqlite_master"
                " where type = 'index' and tbl_name = ? and sql is not null",
                (table,),
            ).fetchall()
            for index in indexes:
                self._con.execute(f"drop index {index['name']}")
        yield
        with self._unguarded():
            for index in indexes:
                self._con.execute(index["sql"])

    @contextmanager
    def _unguarded(self) -> Iterator[None]:
        self._con.set_authorizer(None)
        try:
            yield
        finally:
            self._con.set_authorizer(self.grant.callback())

    # files that leave with a record ------------------------------------------------------------

    def begin_files(self, folders: Iterable[Path]) -> list[int]:
        """Puts on record that files are begun in these folders, before the change that fills them."""
        from soc_cli.store import written

        assert not self._depth, "what is begun is on record before the change"
        with self._alone(), self._unguarded():
            return written.begin(self._con, self.run.clock.now().isoformat(), folders)

    def end_files(self, begun: Sequence[int]) -> None:
        """Takes that off the record again: the files have their names, or are gone."""
        from soc_cli.store import written

        with self._alone(), self._unguarded():
            written.end(self._con, begun)

    def unnamed(
        self,
        files: "Unnamed",
        kind: str,
        members: Sequence[int] | Mapping[Path, Sequence[int]],
        inquiries: Sequence[int] = (),
        meeting: int | None = None,
    ) -> None:
        """Files that are written in this change: they go again where the change is not kept.

        They are on record as of this kind, with these members in each of them (or in each its own, by
        path), or an outsider's inquiries, or the guests of a meeting.
        """
        self._unnamed = files
        if isinstance(members, Mapping):
            wrote = [self.wrote([path], kind, members[path]) for path in files.paths]
            self._wrote = [number for numbers in wrote for number in numbers]
        else:
            self._wrote = self.wrote(files.paths, kind, members, inquiries, meeting)

    def wrote(
        self,
        paths: Iterable[Path],
        kind: str,
        members: Sequence[int],
        inquiries: Sequence[int] = (),
        meeting: int | None = None,
    ) -> list[int]:
        """Puts files on record in this change, unless nobody is in them; gives the rows' numbers."""
        from soc_cli.store import written

        assert self._depth, "files belong to a change"
        if not members and not inquiries and meeting is None:
            return []
        at = self.run.clock.now().isoformat()
        with self._unguarded():  # no purpose may change this record, but each adds to it
            return [
                written.add(self._con, at, kind, path, members, inquiry, meeting, self.shown)
                for path in paths
                for inquiry in inquiries or (None,)
            ]

    def keep_names(self, disclosure: int) -> None:
        """The record of a disclosure by consent keeps its members' names as they stand (Act art. 29).

        They are copied inside the file, so that upkeep, which reads no name, may ask for it.
        """
        assert self._depth, "a statement belongs to a change"
        with self._unguarded():
            self._con.execute(
                "update disclosure_member set name ="
                " (select m.name from member m where m.id = disclosure_member.member_id)"
                " where disclosure_id = ? and name is null",
                (disclosure,),
            )

    def clear(self, fields: Sequence[str]) -> None:
        """Clears fields of every registration, also of those that were merged (C3); upkeep, in a change.

        Inside the file, so that nothing is read of whom it was.
        """
        assert self._depth, "a statement belongs to a change"
        for field in map(BY_KEY.__getitem__, fields):
            nothing = "undisclosed" if field.key == "sex" else None
            keys = (field.key, *((field.key_column,) if field.fold is not None else ()))
            with self._unguarded():
                for key in keys:
                    self._con.execute(f"update member set {key} = ?", (nothing,))
                    self._con.execute(
                        "update merged set registration = json_set(registration, ?, ?),"
                        " undo = json_remove(undo, ?, ?)",
                        (f"$.{key}", nothing, f"$.fields.{key}", f"$.{key}"),
                    )

    def name(self, files: "Unnamed", undone: Entry, undo: Callable[[], None] | None = None) -> None:
        """Gives the files of a kept change their names; where they can't have them, undoes it."""
        try:
            files.claim()
        except BaseException:
            if files.named:  # interrupted when all was done: file and record stand
                raise
            files.discard()
            from soc_cli.store import written

            with self.change():
                if undo is not None:
                    undo()
                with self._unguarded():
                    written.take_back(self._con, self._wrote)
                self.record(undone)
            raise

    # reading ---------------------------------------------------------------------------------

    def look(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """Rows that identify nobody: numbers, what stands open, settings, meetings; else it is refused."""
        try:
            _check_text(sql, reading=True)
            return list(self._con.execute(sql, parameters))
        except (driver.Error, PolicyRefused) as error:
            told = self._told(error)
            if isinstance(told, PolicyRefused) and not self._depth:
                self._record_refusal(told)
            raise told from None

    def _told(self, error: driver.Error | SocError, categories: tuple[str, ...] = ()) -> SocError:
        told = sentence_of(error, self.path) if isinstance(error, driver.Error) else error
        if isinstance(told, PolicyRefused):
            told.categories = categories
        return told

    def read(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), *, member: str | None
    ) -> Iterator[Row]:
        """The rows of a select on categories, recorded before the first of them is given.

        `member` names the column of the answer that holds the member's number, None where it tells
        of nobody by themselves (counts) or goes with another read. The rows come from
        the snapshot in which the entry was written, after its commit: nothing is shown inside an
        open transaction.
        """
        categories = categories_in(sql)
        with self.change():
            try:
                _check_text(sql, people=True, reading=True)
                if not self._covered(categories, member):
                    members = self._members_read(sql, parameters, member)
                    self.record(Entry("read", members, categories))
                cursor = self._con.execute(sql, parameters)
                first = cursor.fetchone()
            except (driver.Error, PolicyRefused) as error:
                raise self._told(error, categories) from None
        return self._rest(first, cursor)

    def matching(self, sql: str, parameters: Mapping[str, Any], beside: str) -> list[Row]:
        """The numbers (`id`) of the members of whom a search finds something, inside a change.

        That they were found is recorded, together with the reading of what is shown of them by the
        statement `beside`, which then needs no entry of its own.
        """
        assert self._depth, "a search belongs to a change"
        categories = tuple(sorted({*categories_in(sql), *categories_in(beside)}))
        try:
            _check_text(sql, people=True, reading=True)
            rows = list(self._con.execute(sql, parameters))
        except (driver.Error, PolicyRefused) as error:
            raise self._told(error, categories) from None
        self.record(Entry("read", tuple(sorted({row["id"] for row in rows})), categories))
        return rows

    def _covered(self, categories: Sequence[str], member: str | None) -> bool:
        """Whether an entry of this change tells of this reading already.

        It does for the one member that the register is open for, and for a read that names no
        member of its own and goes with another one.
        """
        own = self.grant.member
        return any(
            set(categories) <= set(entry.categories)
            and (own in entry.members if own is not None else member is None)
            for entry in self._entries
        )

    def _members_read(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any], member: str | None
    ) -> tuple[int, ...]:
        if self.grant.member is not None:
            found = self._con.execute(f"select 1 from ({sql}) limit 1", parameters).fetchone()
            return (self.grant.member,) if found else ()
        if member is None:
            return ()
        rows = self._con.execute(
            f"select distinct {member} from ({sql}) where {member} is not null", parameters
        )
        return tuple(row[0] for row in rows)

    def _rest(self, first: Row | None, cursor: driver.Cursor) -> Iterator[Row]:
        try:
            if first is not None:
                yield first
                with self.telling():
                    for row in cursor:  # noqa: UP028 (`yield from` would close a cursor of a closed file)
                        yield row
        finally:
            with suppress(driver.Error):  # whoever has read enough may have closed the file first
                cursor.close()

    # upkeep ----------------------------------------------------------------------------------

    def journal_entries(self, last: int | None = None) -> Iterator[journal.Written]:
        """The entries of the journal, oldest first."""
        with self.telling():
            yield from journal.entries(self._con, last)

    def journal_head(self) -> tuple[int, str]:
        """Number and hash of the newest entry."""
        with self.telling():
            return journal.head(self._con)

    def journal_fault(self, kept: Sequence[tuple[int, str]] = ()) -> journal.Fault | None:
        """The first entry that does not verify."""
        with self.telling():
            return journal.verify(self._con, kept)

    def forget(self, members: Sequence[int]) -> list[int]:
        """Erases the subject of the entries about these members alone, inside a change; gives them."""
        assert self._depth, "a statement belongs to a change"
        return journal.forget(self._con, members)

    def digest(self, value: object) -> str | None:
        """What `soc_digest` gives for a value on this connection, to tell whether it is the stored one."""
        return digest(self._digest_key, value)

    def setting(self, key: str) -> str | None:
        """A setting of the file."""
        rows = self.look("select value from register where key = ?", (key,))
        return rows[0]["value"] if rows else None


def digest(key: bytes, value: object) -> str | None:
    """A keyed hash of a value, with a key that lives as long as the connection; None stays None."""
    if value is None:
        return None
    import hashlib

    return hashlib.blake2b(str(value).encode(), key=key, digest_size=16).hexdigest()


def guard(policy: Policy) -> Guard:
    """The policy's guard over the tables of this schema."""
    return Guard(policy, schema.OWNERS)
