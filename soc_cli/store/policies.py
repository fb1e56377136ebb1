"""The policy file that a register carries of its own, and every one that it carried before.

A register without one is kept by the policy that comes with the program.
"""

from collections.abc import Iterator
from pathlib import Path

from soc_cli.model.fields import BY_KEY
from soc_cli.store import driver
from soc_cli.store.driver import Connection, Row
from soc_cli.store.faults import sentence_of
from soc_cli.store.members import DEFAULTS
from soc_cli.store.register import Register

_NEWEST = "select file from club_policy order by id desc limit 1 offset ?"


def kept(path: Path, before: int = 0) -> str | None:
    """The text of the policy file of the register at `path`; None where it has none, or is none.

    `before` goes so many back from the one in force.

    Raises Failed where it can't be read: a register is never opened under another's policy.
    """
    try:
        if not path.is_file():
            return None
    except OSError:
        return None  # whoever opens it tells why
    try:
        con = driver.connect(path, driver.LOCK_WAIT)
        try:
            row = con.execute(_NEWEST, (before,)).fetchone()
        finally:
            con.close()
    except driver.Error as error:
        if "no such table" in str(error) or "not a database" in str(error):
            return None
        raise sentence_of(error, path) from None
    return row[0] if row is not None else None


def insert(
    con: Connection, policy: str, sha256: str, at: str, notified_on: str | None, how: str | None
) -> None:
    """Adds a policy file, which is in force from then on."""
    con.execute(
        "insert into club_policy (adopted_at, notified_on, notified_how, sha256, file)"
        " values (?, ?, ?, ?, ?)",
        (at, notified_on, how, sha256, policy),
    )


def adopt(
    upkeep: Register, policy: str, sha256: str, notified_on: str | None, how: str | None
) -> None:
    """Adds a policy file inside a change; it is in force when the register is opened next."""
    upkeep.execute(
        "insert into club_policy (adopted_at, notified_on, notified_how, sha256, file)"
        " values (?, ?, ?, ?, ?)",
        (upkeep.run.clock.now().isoformat(), notified_on, how, sha256, policy),
    )


def carried(upkeep: Register) -> Iterator[Row]:
    """Every policy file that the register has carried, oldest first, without its text."""
    yield from upkeep.look(
        "select adopted_at, notified_on, notified_how, sha256 from club_policy order by id"
    )


def holding(upkeep: Register, field: str) -> list[int]:
    """The numbers of the members of whom a field says something, ascending; upkeep."""
    assert field in BY_KEY
    rows = upkeep.look(
        f"select id from soc_upkeep_member where {field}_digest is not null"
        f" and (:nothing is null or {field}_digest <> :nothing) order by id",
        {"nothing": upkeep.digest(DEFAULTS.get(field))},
    )
    return [row["id"] for row in rows]
