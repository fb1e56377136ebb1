"""Making a register, and looking after it."""

from pathlib import Path

from soc_cli.model.journal import Entry
from soc_cli.policy.form import Policy
from soc_cli.store import maintenance, policies
from soc_cli.store.driver import Connection
from soc_cli.store.register import Register, Run


def make(path: Path, policy: Policy, run: Run, sample: bool = False, own: str = "") -> None:
    """Makes an empty register at `path` and writes the first entry of its journal.

    `own` is the text of the policy file, where it is the club's own.
    """
    at = run.clock.now()

    def first(con: Connection) -> None:
        if own:
            policies.insert(con, own, policy.sha256, at.isoformat(), None, None)

    def fill(unfinished: Path) -> None:
        with Register.open_upkeep(unfinished, policy, run) as register, register.change():
            register.record(Entry("init", details=f"policy={policy.sha256}" if own else ""))

    maintenance.create(path, at, sample, fill, first)


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
