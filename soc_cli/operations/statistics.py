"""The register in figures (P2)."""

from soc_cli.store import statistics
from soc_cli.store.register import Register

YEAR_KEYS = ("year", "joined", "left", "members")


def by_year(register: Register) -> list[dict[str, object]]:
    """Of each year since the first member joined: who joined, who left, who was a member at its end.

    Coming back is joining again. The current year is counted up to today.
    """
    today = register.today
    first = statistics.first_year(register)
    rows: list[dict[str, object]] = []
    for year in range(today.year if first is None else first, today.year + 1):
        begun, ended = statistics.begun_and_ended(register, year)
        day = min(f"{year:04}-12-31", today.isoformat())
        members = statistics.members_on(register, day)
        rows.append({"year": year, "joined": begun, "left": ended, "members": members})
    return rows
