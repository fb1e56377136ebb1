"""What whoever takes over as secretary needs to know: where things are, how they stand, what is due."""

from pathlib import Path

from soc_cli.model.errors import SocError
from soc_cli.model.journal import Entry
from soc_cli.operations import inquiries, sweeping
from soc_cli.store import erasurelist, facts, maintenance, markkey, written
from soc_cli.store.register import Register

REQUEST = ("number", "kind", "received_at", "due_on")
"""What is told of an open inquiry: nothing of who asked, nor of what they wrote."""


def gathered(upkeep: Register, inquiry: Register, key: str | None) -> dict[str, object]:
    """The handover, under the keys that JSON promises; that it was written is on record.

    `inquiry` is the same register for answering inquiries (P9); `key` names the file that the
    register's key is read from, None where a passphrase is typed.
    """
    backups = [_backup(row["at"], Path(row["path"])) for row in written.backups(upkeep)]
    open_requests = [
        {name: row[name] for name in REQUEST} for row in inquiries.listed(inquiry, open_only=True)
    ]
    with upkeep.change():
        upkeep.record(Entry("handover"))
    number, hash = upkeep.journal_head()
    path = upkeep.path.absolute()
    return {
        "club": str(upkeep.policy.club.name),
        "written_at": upkeep.run.clock.now().isoformat(),
        "register": str(path),
        "encrypted": maintenance.is_encrypted(upkeep.path),
        "key": key,
        "fingerprint": maintenance.fingerprint(upkeep.path),
        "mark_key": _mark_key(upkeep),
        "head": f"{number}:{hash}",
        "erasure_lists": [
            str(erasurelist.beside(place))
            for place in (path, *(Path(str(backup["path"])) for backup in backups))
            if erasurelist.beside(place).exists()
        ],
        "backups": backups,
        "last_backup": facts.last_backup(upkeep),
        "last_proof": facts.last_proof(upkeep),
        "overdue": [
            {"what": one.label(upkeep.policy), "count": len(one.rows), "since": one.rows[0][1]}
            for one in sweeping.due(upkeep)
            if one.rows
        ],
        "unset": [str(p.label) for p in upkeep.policy.periods.values() if not p.years],
        "open_inquiries": open_requests,
    }


def _backup(at: str, path: Path) -> dict[str, object]:
    """A backup on record, and whether it can be reached and is encrypted."""
    encrypted: bool | None = None
    try:
        if path.is_file():
            encrypted = not maintenance.is_plain(path)
    except (OSError, SocError):
        pass
    return {"at": at, "path": str(path), "there": path.is_file(), "encrypted": encrypted}


def _mark_key(upkeep: Register) -> dict[str, object]:
    """Where the key of the marks of refused persons is (P8), whether it is needed, and is at hand."""
    named = None if markkey.needs_no_file(upkeep) else upkeep.run.mark_key
    return {
        "path": None if named is None else str(named),
        "needed": markkey.is_known(upkeep) and not markkey.needs_no_file(upkeep),
        "there": markkey.is_there(upkeep),
    }
