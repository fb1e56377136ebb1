"""The register in figures, part by part, each for its own purpose; small groups are told of nowhere.

Days of joining and leaving stand open to every purpose, so the years are counted as they are. Of
everything else a group of fewer than the policy's smallest is never told by itself.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from soc_cli.model import prefectures
from soc_cli.model.groups import BANDS, band, few, told
from soc_cli.model.inquiry import KINDS
from soc_cli.operations import disclosures
from soc_cli.store import statistics
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

YEAR_KEYS = ("year", "joined", "left", "members")
GROUP_KEYS = ("group", "members")
MEETING_KEYS = ("meeting", "date", "title", "attended", "absent", "companions")
INQUIRY_KEYS = ("kind", "inquiries", "answered", "median_days", "longest_days", "overdue")
DISCLOSURE_KEYS = ("ground", "kind", "disclosures", "members")

OTHERS, UNKNOWN = "others", "unknown"
"""The groups that are too small by themselves, together; those of whom it is not known."""

Rows = list[dict[str, object]]
Key = TypeVar("Key", bound=Hashable)


def by_year(register: Register, last: int | None = None) -> Rows:
    """Of each year since the first member joined: who joined, who left, who was a member at its end.

    Coming back is joining again. The current year is counted up to today, and is the last one unless an
    earlier one is said.
    """
    today = register.today
    first = statistics.first_year(register)
    rows: Rows = []
    end = min(last or today.year, today.year)
    for year in range(end if first is None else min(first, end), end + 1):
        begun, ended = statistics.begun_and_ended(register, year)
        day = min(f"{year:04}-12-31", today.isoformat())
        members = statistics.members_on(register, day)
        rows.append({"year": year, "joined": begun, "left": ended, "members": members})
    return rows


def by_age(register: Register) -> Rows:
    """How many active members are in each age band today, youngest first."""
    counted: Counter[str] = Counter()
    for age, n in statistics.ages(register).items():
        counted[band(age) or UNKNOWN] += n
    return _groups(register, counted, BANDS)


def by_prefecture(register: Register) -> Rows:
    """How many active members live in each prefecture today, from north to south."""
    counted: Counter[str] = Counter()
    for code, n in statistics.postal_codes(register).items():
        counted[UNKNOWN if code is None else prefectures.of_code(code)] += n
    return _groups(register, counted, tuple(prefectures.NAMES))


def by_occupation(register: Register) -> Rows:
    """How many active members have each occupation today, the most frequent first."""
    counted = Counter({k or UNKNOWN: n for k, n in statistics.occupations(register).items()})
    order = sorted(counted, key=lambda key: (-counted[key], key))
    return _groups(register, counted, order)


def _groups(register: Register, counted: Mapping[str, int], order: Sequence[str]) -> Rows:
    """The groups that are large enough in this order, then those unknown, then all others together."""
    there = {key: n for key, n in counted.items() if n}
    kept, rest = told(there, _smallest(register))
    names = [key for key in (*order, UNKNOWN) if key in kept]
    rows: Rows = [{"group": key, "members": kept[key]} for key in names]
    # Age bands are known without the register: which of them stand together may be said.
    named = ", ".join(key for key in (*order, UNKNOWN) if key in there and key not in kept)
    return rows + ([{"group": named if order == BANDS else OTHERS, "members": rest}] if rest else [])  # fmt: skip


def _smallest(register: Register) -> int:
    return register.policy.rule.smallest_group


def by_meeting(register: Register, year: int | None = None) -> Rows:
    """How many came to each meeting, and did not though they had declared, by day.

    None for somebody, but too few to be told. Each stands by itself: no sum gives another away.
    """
    smallest = _smallest(register)
    rows: Rows = []
    for row in statistics.attendance(register, year, register.today.isoformat()):
        counts = {key: few(int(row[key]), smallest) for key in ("attended", "absent", "companions")}
        rows.append({key: row[key] for key in ("meeting", "date", "title")} | counts)
    return rows


def by_inquiry(register: Register, year: int | None = None) -> Rows:
    """How many inquiries of each kind came in, and how many days the answers took (P9).

    The median and the longest in days; overdue is what was due before today and waits. Kinds of which
    there are too few stand together; so do times of too few answers: None.
    """
    smallest, today = _smallest(register), register.today.isoformat()
    found: dict[str, list[Row]] = {}
    for row in statistics.answers(register, year):
        found.setdefault(row["kind"], []).append(row)
    kept, rest = told({kind: len(rows) for kind, rows in found.items()}, smallest)
    rows = [_answered(kind, found[kind], smallest, today) for kind in KINDS if kind in kept]
    if rest:
        others = [row for kind, rows in found.items() if kind not in kept for row in rows]
        rows.append(_answered(OTHERS, others, smallest, today))
    return rows


def _answered(kind: str, rows: Sequence[Row], smallest: int, today: str) -> dict[str, object]:
    days = sorted(
        (date.fromisoformat(row["answered_at"][:10]) - date.fromisoformat(row["received_at"][:10])).days
        for row in rows
        if row["answered_at"] is not None
    )  # fmt: skip
    waiting = len(rows) - len(days)
    overdue = sum(
        row["status"] == "open" and row["due_on"] is not None and row["due_on"] < today for row in rows
    )  # fmt: skip
    # How many were answered also tells how many were not.
    said = None if 0 < waiting < smallest else few(len(days), smallest)
    times = (_median(days), days[-1]) if len(days) >= smallest else (None, None)
    values = (kind, len(rows), said, *times, few(overdue, smallest))
    return dict(zip(INQUIRY_KEYS, values, strict=True))


def _median(days: Sequence[int]) -> float:
    middle = len(days) // 2
    return float(days[middle]) if len(days) % 2 else (days[middle - 1] + days[middle]) / 2


def by_ground(upkeep: Register, year: int | None = None) -> Rows:
    """How often data were given to others on each ground, and of how many members; upkeep."""
    smallest = _smallest(upkeep)
    return [
        {key: few(value, smallest) if isinstance(value, int) else value for key, value in row.items()}
        for row in disclosures.report(upkeep, year)
    ]  # fmt: skip
