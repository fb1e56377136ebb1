"""What waits for the secretary today: requests with their days, meetings, returns, the backup."""

from dataclasses import dataclass
from datetime import date, timedelta

from soc_cli.model.language import _, ngettext
from soc_cli.store import facts, inquiries, meetings
from soc_cli.store.register import Register

SOON = 7
"""Days ahead that “this week” looks."""


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: in words, and the command that looks at it."""

    words: str
    command: tuple[str, ...]


def waiting(upkeep: Register) -> list[Waiting]:
    """What waits, most urgent first; numbers and days only, and never a name."""
    return [*_requests(upkeep), *_meetings(upkeep), *_returns(upkeep), *_backup(upkeep)]


def _requests(upkeep: Register) -> list[Waiting]:
    return [
        Waiting(_request(number, date.fromisoformat(due), upkeep.today), ("inquiry", "show", str(number)))
        for number, due in inquiries.undecided(upkeep, date.max.isoformat())
    ]  # fmt: skip


def _request(number: int, due: date, today: date) -> str:
    days = (due - today).days
    if days < 0:
        return ngettext(
            "Request {number} is overdue by {n} day", "Request {number} is overdue by {n} days", -days
        ).format(number=number, n=-days)  # fmt: skip
    if days == 0:
        return _("Request {number} must be answered today").format(number=number)
    return ngettext(
        "Request {number} must be answered within {n} day", "Request {number} must be answered within {n} days", days
    ).format(number=number, n=days)  # fmt: skip


def _meetings(upkeep: Register) -> list[Waiting]:
    first, last = upkeep.today, upkeep.today + timedelta(days=SOON)
    return [
        Waiting(
            _("Meeting {number} is on {day}: {title}").format(number=row["id"], day=row["date"], title=row["title"]),
            ("meeting", "show", str(row["id"])),
        )
        for row in meetings.held_between(upkeep, first, last)
    ]  # fmt: skip


def _returns(upkeep: Register) -> list[Waiting]:
    return [
        Waiting(
            _("Meeting {number} was on {day}, and nobody's attendance is on record").format(
                number=row["id"], day=row["date"]
            ),
            ("meeting", "attend", str(row["id"])),
        )
        for row in meetings.without_attendance(upkeep)
    ]


def _backup(upkeep: Register) -> list[Waiting]:
    last = facts.last_backup(upkeep)
    if last is None:
        return [Waiting(_("No backup was ever made"), ("backup",))]
    days = (upkeep.today - date.fromisoformat(last[:10])).days
    if days <= upkeep.policy.backup_days:
        return []
    words = ngettext("The last backup is {n} day old", "The last backup is {n} days old", days)
    return [Waiting(words.format(n=days), ("backup",))]
