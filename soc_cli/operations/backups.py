"""Backups, and registers made of them that do not bring the erased back (S1, R1)."""

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, Interrupted, NotFound, Refused, SocError, WrongData
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.operations import erasing
from soc_cli.operations import merging as merging_acts
from soc_cli.policy.form import Policy
from soc_cli.policy.guard import OWN_RECORD
from soc_cli.store import (
    erasurelist,
    erasures,
    facts,
    journal,
    maintenance,
    meetings,
    members,
    merging,
    written,
)
from soc_cli.store.erasurelist import GUEST, INQUIRY, MEMBER, ErasureList
from soc_cli.store.register import Register, Run


def path_in(upkeep: Register, folder: Path) -> Path:
    """A name with date and time for a backup in a folder, not taken yet."""
    stem = f"{upkeep.path.stem}-{upkeep.run.clock.now():%Y-%m-%d-%H%M%S}"
    path, at = folder / f"{stem}.db", 2
    while path.exists() or path.is_symlink():
        path, at = folder / f"{stem}-{at}.db", at + 1
    return path


def back_up(upkeep: Register, path: Path) -> None:
    """Writes the register as it is now into a new file, verified, with the erasure list beside it.

    The backup is on record, with everybody in it, before it gets its name; where it can't, that is
    on record too. Raises WrongData where the name is taken, Failed where it can't be relied on.
    """
    at = upkeep.run.clock.now().isoformat()
    made = maintenance.Copy(upkeep.path, path, at)
    with upkeep.change():
        upkeep.record(Entry("backup"))
        everybody = sorted({*members.numbers(upkeep), *merging.numbers(upkeep)})
        upkeep.unnamed(made, written.BACKUP, everybody)
        number = written.add_backup(upkeep, at, path)
    upkeep.name(made, Entry("take-back"), lambda: written.take_back_backup(upkeep, number))


def forget(upkeep: Register, path: Path) -> None:
    """Records that a backup is no more, so that no erasure asks for it; raises NotFound."""
    with upkeep.change():
        if not written.drop_backup(upkeep, path):
            raise NotFound(_("no backup {path} is on record").format(path=path))
        upkeep.record(Entry("thin-out", details="backups=1"))


def thin_out(upkeep: Register, folder: Path, keep: int) -> list[Path]:
    """Deletes the oldest backups of this register in a folder until `keep` are left; gives them.

    Only those that it has on record itself. Raises OSError.
    """
    here = Path(written.place(folder))
    there = [
        row
        for row in written.backups(upkeep)
        if Path(row["path"]).parent == here and Path(row["path"]).exists()
    ]
    old = there[: max(0, len(there) - keep)]
    if not old:
        return []
    with upkeep.change():
        for row in old:
            path = Path(row["path"])
            path.unlink(missing_ok=True)
            erasurelist.beside(path).unlink(missing_ok=True)
            written.drop_backup(upkeep, path)
        upkeep.record(Entry("thin-out", details=f"backups={len(old)}"))
    return [Path(row["path"]) for row in old]


# proving --------------------------------------------------------------------------------------

GROWN = ("journal", "journal_subject", "register", "sqlite_sequence", "_sqlite_migrations")
"""Tables that a restoring adds to: its own entry and settings, the steps of a newer schema. Of these
the journal and the highest numbers are compared by themselves."""


@dataclass(frozen=True)
class Proof:
    """What was found the same in a backup and in the register that was made of it."""

    tables: int
    rows: int


def prove(upkeep: Register, backup: Path) -> Proof:
    """Restores a backup into a scratch file, compares both table by table, and throws it away.

    The scratch file is encrypted as the backup is. That the backup was tried is on record. Raises
    NotFound, Refused for a backup of another register, Failed where it can't be restored as it is.
    """
    known = maintenance.known_to(backup, "")
    if known.register != maintenance.known_to(upkeep.path, "").register:
        raise Refused(
            _("{path} is the backup of another register").format(path=backup),
            _("name that register with --db"),
        )
    head = maintenance.head(backup)
    scratch = newfile.beside(_place_to_try(upkeep, backup))

    def fill(unfinished: Path) -> None:
        with Register.open_upkeep(unfinished, upkeep.policy, upkeep.run) as made, made.change():
            made.record(Entry("restore", details="erased=0"))

    try:
        maintenance.restore(backup, scratch, False, fill, known)
        different = maintenance.differences(backup, scratch, GROWN)
        if maintenance.known_to(scratch, "") != known:
            different.append("sqlite_sequence")
        if reason := maintenance.fault(scratch, [head]):
            different.append(reason)
        if different:
            raise Failed(
                _("{path} can't be relied on ({reason})").format(
                    path=backup, reason=_(", ").join(different)
                ),
                _("make another backup, and see “soc check”"),
            )
    finally:
        maintenance.discard(scratch)
    rows = maintenance.counted(backup)
    with upkeep.change():
        upkeep.record(Entry(facts.PROVE))
    return Proof(len(rows), sum(rows.values()))


def _place_to_try(upkeep: Register, backup: Path) -> Path:
    """The file beside which a backup is tried: itself, or the register where its folder takes no file.

    A plain backup is not brought beside an encrypted register (S1).
    """
    if os.access(backup.parent, os.W_OK):
        return backup
    if maintenance.is_plain(backup) and not maintenance.is_plain(upkeep.path):
        return backup
    return upkeep.path


# restoring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What is known of erasures for a backup, and from which lists."""

    erasures: ErasureList
    lists: Sequence[Path]


def known_erasures(backup: Path, path: Path, named: Path | None, at: str) -> Known:
    """What the lists beside the backup and beside the register, or the one that is named, know of.

    So does the register itself where it can still be read. Raises NotFound where there is no backup
    or no such list, Failed for what is no backup, Refused for a list of another register, WrongData
    where no file can have the name of the new register.
    """
    for one in (backup, path):
        if one.exists() and not one.is_file():
            raise WrongData(
                _("{path} is a folder, a device or a pipe").format(path=one), _("name a file")
            )
    known = maintenance.known_to(backup, "")
    used: list[Path] = []
    places = [named] if named is not None else map(erasurelist.beside, (backup, path))
    for place in places:
        try:
            found = erasurelist.read(place)
        except NotFound:
            if named is None:
                continue
            raise
        if found.register != known.register:
            raise Refused(
                _("{path} is the erasure list of another register").format(path=place),
                _("name the one that belongs to this backup with --erasure-list"),
            )
        known = known.joined(found)
        used.append(place)
    current = _known_to(path, at)
    if current is not None:
        if current.register != known.register:
            raise Refused(
                _("{path} is another register than this backup's").format(path=path),
                _("choose another place with --to"),
            )
        known = known.joined(current)
        used.append(path)
    return Known(known, used)


def _known_to(path: Path, at: str) -> ErasureList | None:
    """What the register at `path` knows, where it is there and not damaged."""
    try:
        return maintenance.known_to(path, at)
    except Interrupted:
        raise
    except SocError:
        return None


def changes_since(backup: Path, path: Path) -> tuple[int, str]:
    """How many changes were made to the register after a backup of it, and when the last was.

    Those that would be lost, which erasures are not; none where the register is damaged.
    """
    but = (*facts.LOOKS, journal.ERASE, erasures.ERASE_INQUIRY, erasures.ERASE_GUEST)
    try:
        return maintenance.entries_after(path, maintenance.head(backup)[0], but)
    except Interrupted:
        raise
    except SocError:
        return 0, ""


def restore(
    backup: Path, path: Path, policy: Policy, run: Run, known: ErasureList, replace: bool
) -> tuple[int, list[Path]]:
    """Makes a register of a backup, without those who were erased since (R1).

    Gives how many erasures were done again, and the backups whose erasure list is out of reach. The
    register has its name only when all that is done. Raises WrongData where there is one already,
    unless `replace`; Failed where the backup is damaged.
    """
    known = dataclasses.replace(known, at=run.clock.now().isoformat())
    again = 0

    def fill(unfinished: Path) -> None:
        nonlocal again
        _bring_apart(unfinished, policy, run, known)
        with Register.open_upkeep(unfinished, policy, run) as upkeep, upkeep.change():
            again = sum(
                _erased_again(upkeep, kind, number, day)
                for (kind, number), day in sorted(known.erased.items())
            )
            upkeep.record(Entry("restore", details=f"erased={again}"))

    if path.is_symlink() or (path.exists() and not replace):
        raise maintenance.register_exists(path)
    maintenance.restore(backup, path, path.exists(), fill, known)
    return again, maintenance.publish(path, known.at)


def _bring_apart(path: Path, policy: Policy, run: Run, known: ErasureList) -> None:
    """Brings those back to a record of their own who were erased by themselves after the backup.

    In the backup they are merged into somebody who was not erased, and would take them along.
    """
    erased = {number for kind, number in known.erased if kind == MEMBER}
    with Register.open_upkeep(path, policy, run) as upkeep:
        merged = merging.numbers(upkeep)
    for keep in sorted({kept for other, kept in merged.items() if other in erased} - erased):
        while erased & {other for other, kept in merged.items() if kept == keep}:
            with Register.open(path, policy, run, OWN_RECORD, keep) as own_record:
                last = merging_acts.last(own_record)
            with Register.open_upkeep(path, policy, run) as upkeep:
                merging_acts.unmerge(upkeep, last)
                merged = merging.numbers(upkeep)


def _erased_again(upkeep: Register, kind: str, number: int, day: str) -> bool:
    """Erases what bears this number, if it is there; either way the number is known as erased."""
    if kind == MEMBER:
        if members.exists(upkeep, number):
            erasing.gone(upkeep, number, day)
            return True
        if members.erased_on(upkeep, number) is None:
            erasures.note(upkeep, number, day)
    elif kind == INQUIRY:
        if erasures.owner_of_inquiry(upkeep, number) is not None:
            erasing.inquiry_gone(upkeep, number, day)
            return True
        if erasures.inquiry_erased_on(upkeep, number) is None:
            erasures.note_inquiry(upkeep, number, day)
    elif kind == GUEST and meetings.guest_erased_on(upkeep, number) is None:
        if meetings.meeting_of_guest(upkeep, number) is not None:
            erasing.guest_gone(upkeep, number, day)
            return True
        meetings.note_guest(upkeep, number, day)
    return False
