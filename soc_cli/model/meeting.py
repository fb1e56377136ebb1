"""A meeting's people and its deadline: how a guest is called, and until when one may declare."""

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from soc_cli.model.frozen import frozen
from soc_cli.model.language import _
from soc_cli.model.patterns import pattern

_GUEST = pattern(r"(?:guest|ゲスト)[ _-]?0*([1-9][0-9]{0,7})", re.I)


def guest_number(text: str) -> int | None:
    """The number in `guest-2`, `guest 2` or ゲスト2, full-width too; None for any other text."""
    found = _GUEST.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def guest(number: int) -> str:
    """How a guest is called where no name may be: by their number."""
    return _("guest-{number}").format(number=number)


class Who(NamedTuple):
    """Somebody who declares or comes: a member or a guest, by number."""

    kind: str
    """`member` or `guest`."""
    number: int


@frozen
class Times:
    """The day and time of a meeting and of its deadline, as ISO 8601 texts, all in Asia/Tokyo."""

    date: str
    deadline: str | None
    deadline_time: str | None

    def is_over(self, now: datetime) -> bool:
        """Whether the day of the meeting is over; `now` is in Asia/Tokyo."""
        return now.date().isoformat() > self.date

    def is_to_come(self, now: datetime) -> bool:
        """Whether the day of the meeting has not begun."""
        return now.date().isoformat() < self.date

    def is_past_deadline(self, now: datetime) -> bool:
        """Whether the last minute to declare is over: that of the day, or the one that is named."""
        if self.deadline is None:
            return False
        return now.strftime("%Y-%m-%dT%H:%M") > f"{self.deadline}T{self.deadline_time or '23:59'}"

    def last_minute(self) -> str:
        """The deadline as a person writes it."""
        return " ".join(filter(None, (self.deadline, self.deadline_time)))
