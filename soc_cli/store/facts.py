"""What the journal tells of upkeep: the last backup, and changes since bytes were last given back."""

from soc_cli.store.register import Register
from soc_cli.store.schema import GIVEN_BACK

PROVE = "prove-backup"
"""The act of restoring a backup to a scratch file, to look whether it can be."""

LOOKS = ("read", "check", "backup", PROVE, "handover", "breach")
"""Acts after which the register is what it was before."""

KEEPS = (
    "init", "read", "register", "verify", "export", "plan", "log", "consent", "disclose", "tell-apart",
    "correct-disclosure", "backup", "check", "breach", "import", "import-log", "link-visitor", "rekey", PROVE, "handover",
)  # fmt: skip
"""Acts that only look or add: whatever is no such act may have taken a stored value away."""


def changed_since_given_back(upkeep: Register) -> bool:
    """Whether anything was corrected, changed or deleted since freed bytes were last given back."""
    blanks = ", ".join("?" * len(KEEPS))
    since = int(upkeep.setting(GIVEN_BACK) or 0)
    rows = upkeep.look(
        "select 1 from journal where number > ? and outcome = 'done'"
        f" and act not in ({blanks}) limit 1",
        (since, *KEEPS),
    )
    return bool(rows)


def last_proof(upkeep: Register) -> str | None:
    """The moment when a backup was last restored to look whether it can be; None before the first."""
    rows = upkeep.look(
        "select max(at) as at from journal where act = ? and outcome = 'done'", (PROVE,)
    )
    at = rows[0]["at"]
    return None if at is None else str(at)


def last_backup(upkeep: Register) -> str | None:
    """The moment of the newest backup that has its name; None before the first."""
    rows = upkeep.look("select max(at) as at from backup")
    at = rows[0]["at"]
    return None if at is None else str(at)


def entry_after(upkeep: Register, at: str) -> int | None:
    """The number of the newest entry that was written at a moment after this one; None without one."""
    rows = upkeep.look("select max(number) as number from journal where at > ?", (at,))
    number = rows[0]["number"]
    return None if number is None else int(number)
