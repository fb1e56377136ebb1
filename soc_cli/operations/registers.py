"""Making a register, and looking after it."""

from pathlib import Path

from soc_cli.model.journal import Entry
from soc_cli.policy.form import Policy
from soc_cli.store import maintenance
from soc_cli.store.register import Register, Run


def make(path: Path, policy: Policy, run: Run, sample: bool = False) -> None:
    """Makes an empty register at `path` and writes the first entry of its journal."""

    def fill(unfinished: Path) -> None:
        with Register.open_upkeep(unfinished, policy, run) as register, register.change():
            register.record(Entry("init"))

    maintenance.create(path, run.clock.now(), sample, fill)


def unclassified(path: Path, policy: Policy) -> list[str]:
    """What could hold or copy personal data and the policy does not name: columns, and triggers."""
    known = policy.classified()
    found = [
        f"{table}.{column}"
        for table, column in maintenance.columns(path)
        if table != "_sqlite_migrations" and (table, column) not in known
    ]
    return [*found, *maintenance.triggers(path)]
