"""The files that the program wrote with somebody's data in them: when, what, where, and of whom."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from soc_cli.model.fields import email_key, kana_key, name_key
from soc_cli.model.journal import holds, members_of, ranges
from soc_cli.store.driver import Connection, Row

if TYPE_CHECKING:  # the register puts files on record by `add`
    from soc_cli.store.register import Register

BACKUP = "backup"
"""The kind of a whole register."""


def place(path: Path) -> str:
    """How a path stands on record: whole, links followed as far as they lead."""
    return os.path.realpath(path)


def add(
    con: Connection,
    at: str,
    kind: str,
    path: Path,
    members: Sequence[int],
    inquiry: int | None,
    meeting: int | None,
    shown: bool,
) -> int:
    """Puts a file on record, inside the caller's transaction; gives the row's number.

    `inquiry` is the outsider's whose file it is, `meeting` the one whose guests are in it; `shown` says whether the members in it may learn
    of it.
    """
    cursor = con.execute(
        "insert into written (at, kind, path, members, inquiry_id, meeting_id, shown)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (at, kind, place(path), ranges(members), inquiry, meeting, int(shown)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def take_back(con: Connection, numbers: Iterable[int]) -> None:
    """Takes files off the record that did not come about."""
    con.executemany("delete from written where id = ?", ((number,) for number in numbers))


_SELECT = "select id, at, kind, path, members, member, meeting_id, shown from written"


def of_member(upkeep: "Register", member: int) -> list[Row]:
    """The files with this member in them, oldest first."""
    rows = upkeep.look(f"{_SELECT} where member = ? or member is null order by at, id", (member,))
    return [row for row in rows if holds(row["members"], member)]


def of_inquiry(upkeep: "Register", inquiry: int) -> list[Row]:
    """The files of an outsider who inquired, oldest first."""
    return upkeep.look(f"{_SELECT} where inquiry_id = ? order by at, id", (inquiry,))


def of_guests(upkeep: "Register", meeting: int) -> list[Row]:
    """The files with the guests of a meeting in them, oldest first."""
    return upkeep.look(f"{_SELECT} where meeting_id = ? order by at, id", (meeting,))


def backups(upkeep: "Register") -> list[Row]:
    """The backups that were made and are not known to be gone, in the order in which they were made.

    By their numbers, not by the clock, which may have been set back.
    """
    return upkeep.look("select id, at, path from backup order by id")


def add_backup(upkeep: "Register", at: str, path: Path) -> int:
    """Puts a backup on record, for the erasure list that goes beside it; gives the row's number."""
    row = upkeep.execute("insert into backup (at, path) values (?, ?)", (at, place(path))).lastrowid
    assert row is not None
    return row


def take_back_backup(upkeep: "Register", number: int) -> None:
    """Takes a backup off the record that never got its name; another one at its place stays on it."""
    upkeep.execute("delete from backup where id = ?", (number,))


def drop_backup(upkeep: "Register", path: Path) -> bool:
    """Takes a backup off the record that is no more; whether it was on it."""
    resolved = place(path)
    upkeep.execute("delete from written where kind = ? and path = ?", (BACKUP, resolved))
    return upkeep.execute("delete from backup where path = ?", (resolved,)).rowcount > 0


def folders(upkeep: "Register") -> set[Path]:
    """The folders that files were written into, or begun in."""
    files = (*upkeep.look("select path from written"), *backups(upkeep))
    return {Path(row["path"]).parent for row in files} | {
        Path(row["folder"]) for row in begun(upkeep)
    }


def begin(con: Connection, at: str, folders: Iterable[Path]) -> list[int]:
    """Puts on record that files are begun in these folders, inside the caller's transaction.

    Gives the rows' numbers, for `end` when the files have their names or are gone again.
    """
    numbers = []
    for folder in sorted({str(folder.resolve()) for folder in folders}):
        row = con.execute("insert into begun (at, folder) values (?, ?)", (at, folder)).lastrowid
        assert row is not None
        numbers.append(row)
    return numbers


def end(con: Connection, numbers: Iterable[int]) -> None:
    """Takes folders off the record in which nothing is being written any more."""
    con.executemany("delete from begun where id = ?", ((number,) for number in numbers))


def begun(upkeep: "Register") -> list[Row]:
    """The folders in which files are being written, or were by a program that was killed; oldest first."""
    return upkeep.look("select id, at, folder from begun order by id")


def drop(upkeep: "Register", number: int) -> None:
    """Takes a file off the record that is there no more."""
    upkeep.execute("delete from written where id = ?", (number,))


def forget(upkeep: "Register", member: int, keys: Sequence[str]) -> None:
    """Takes an erased member out of the record; the row of a file about nobody else goes.

    Of a file about others too the path stays for them, but cut off before any part that holds one of
    the member's folded keys.
    """
    for row in of_member(upkeep, member):
        others = [number for number in members_of(row["members"]) if number != member]
        if others or row["meeting_id"] is not None:  # guests stand there too
            upkeep.execute(
                "update written set members = ?, path = ? where id = ?",
                (ranges(others), _without(row["path"], keys), row["id"]),
            )
        else:
            drop(upkeep, row["id"])


def _without(path: str, keys: Sequence[str]) -> str:
    """The path up to the first part that tells one of the keys."""
    parts = PurePath(path).parts
    for at, part in enumerate(parts):
        folded = [fold(part) for fold in (name_key, kana_key, email_key)]
        digits = "".join(c for c in part if c.isdigit())
        phones = [key.removeprefix("+81") for key in keys if key.startswith("+")]
        if any(len(key) > 1 and key in text for key in keys for text in folded) or any(
            phone in digits for phone in phones
        ):
            return str(PurePath(*parts[:at], "…"))
    return path
