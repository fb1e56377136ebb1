"""Making a register, and looking after it."""

from pathlib import Path

from soc_cli.model.journal import Entry
from soc_cli.model.keys import Key, Passphrase
from soc_cli.policy.form import Policy
from soc_cli.store import maintenance, policies, written
from soc_cli.store.driver import Connection
from soc_cli.store.register import Register, Run


def make(
    path: Path,
    policy: Policy,
    run: Run,
    sample: bool = False,
    key: Key | None = None,
    own: str = "",
) -> None:
    """Makes an empty register at `path`, encrypted where there is a key, and begins its journal.

    `own` is the text of the policy file, where it is the club's own.
    """
    at = run.clock.now()

    def first(con: Connection) -> None:
        if own:
            policies.insert(con, own, policy.sha256, at.isoformat(), None, None)

    def fill(unfinished: Path) -> None:
        with Register.open_upkeep(unfinished, policy, run) as register, register.change():
            register.record(Entry("init", details=f"policy={policy.sha256}" if own else ""))

    maintenance.create(path, at, sample, key, fill, first)


def change_key(path: Path, policy: Policy, run: Run, key: Key | None) -> list[Path]:
    """Gives the register another key, or with None takes its key away; that it was done is on record.

    Gives the backups that were made before, which keep the key they had, or have none. Raises
    Failed, after which the register is as it was.
    """

    def fill(unfinished: Path) -> None:
        with Register.open_upkeep(unfinished, policy, run) as register, register.change():
            register.record(Entry("rekey", details="plain" if key is None else "encrypted"))

    with Register.open_upkeep(path, policy, run) as register:
        before = [Path(row["path"]) for row in written.backups(register)]
    maintenance.change_key(path, key, fill)
    return before


def check_free(path: Path) -> None:
    """Raises WrongData where there is a register, or anything else, at `path` already."""
    maintenance.check_free(path)


def is_encrypted(path: Path) -> bool:
    """Whether the register at `path` is encrypted; raises NotFound, and as opening it does."""
    return maintenance.is_encrypted(path)


def opens_with(path: Path, key: Key) -> bool:
    """Whether there is a register at `path` that this key opens."""
    return maintenance.opens_with(path, key)


def opens(path: Path, said: str) -> bool:
    """Whether what somebody says is the passphrase of the register, which was opened before."""
    return maintenance.opens(path, Passphrase.of(said))


def _left_out(policy: Policy, table: str, column: str) -> bool:
    """Whether a column is one of the program's that this club has no use for, and nothing may be in."""
    return table == "member" and column.removesuffix("_key") in policy.left_out


def unclassified(path: Path, policy: Policy) -> list[str]:
    """What could hold or copy personal data and the policy does not name: columns, and triggers."""
    known = policy.classified()
    found = [
        f"{table}.{column}"
        for table, column in maintenance.columns(path)
        if table != "_sqlite_migrations"
        and (table, column) not in known
        and not _left_out(policy, table, column)
    ]
    return [*found, *maintenance.triggers(path)]
