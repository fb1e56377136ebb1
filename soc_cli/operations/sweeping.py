"""Retention: what is past its period by the policy is told, and erased (R1, S1, Act art. 29)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from soc_cli.model.clocks import over_before
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.operations import erasing, refusing
from soc_cli.policy.form import Policy
from soc_cli.store import meetings, retention
from soc_cli.store.register import Register

REFUSAL = "refusal"
"""What has its own last day, and no period: a refusal, with its marks (P8)."""

KEYS = ("period", "years", "count", "oldest")


@dataclass(frozen=True)
class Due:
    """What is past one period: the numbers, with the day that the period counts from."""

    period: str
    years: int | None
    """0 where the club has not set it; None for what has a last day of its own."""
    rows: tuple[tuple[int, str], ...]
    outsiders: frozenset[int] = frozenset()
    """Of inquiries: those that are no member's."""

    @property
    def numbers(self) -> list[int]:
        """The numbers alone."""
        return [number for number, _day in self.rows]

    def label(self, policy: Policy) -> str:
        """What has the period, in words."""
        if self.period == REFUSAL:
            return _("refusals whose last day is past")
        return str(policy.periods[self.period].label)

    def told(self) -> dict[str, object]:
        """Under the promised keys; never a number of anybody."""
        oldest = self.rows[0][1] if self.rows else None
        return dict(zip(KEYS, (self.period, self.years, len(self.rows), oldest), strict=True))


def due(upkeep: Register) -> list[Due]:
    """What is past its period today, one a period; nothing of a period that the club has not set.

    The record of a disclosure by consent is kept through the day that it bears, and no longer, also
    of members who are still stored. Of guests the names go, counted from the day of the meeting.
    """
    by_period = [
        _FIND[name](upkeep, period.years) if period.years else Due(name, 0, ())
        for name, period in upkeep.policy.periods.items()
        if name in _FIND
    ]
    return [*by_period, Due(REFUSAL, None, tuple(refusing.over(upkeep)))]


def _through(upkeep: Register, years: int) -> str:
    return over_before(upkeep.today, years).isoformat()


def _consent_records(upkeep: Register, years: int) -> Due:
    found = retention.consent_records(upkeep, upkeep.today.isoformat())
    return Due("consent_record", years, tuple(found))


def _usage(upkeep: Register, years: int) -> Due:
    return Due("usage", years, tuple(retention.usage(upkeep, _through(upkeep, years))))


def _traces(upkeep: Register, years: int) -> Due:
    return Due("traces", years, tuple(retention.traces(upkeep, _through(upkeep, years))))


def usage_gone_through(upkeep: Register) -> str:
    """The last day of which no usage may come in any more; an empty text where there is none.

    It is past one of its periods, or was swept when a period was shorter than it is now.
    """
    years = (upkeep.policy.periods[name].years for name in ("usage", "traces"))
    over = (_through(upkeep, one) for one in years if one)
    return max(retention.usage_swept_through(upkeep), *over, "")


def _inquiries(upkeep: Register, years: int) -> Due:
    found = retention.inquiries(upkeep, _through(upkeep, years))
    outsiders = frozenset(number for number, _day, owned in found if not owned)
    return Due("inquiry", years, tuple((n, day) for n, day, _owned in found), outsiders)


def _survey_targets(upkeep: Register, years: int) -> Due:
    return Due("survey", years, tuple(retention.survey_targets(upkeep, _through(upkeep, years))))


def _withdrawn(upkeep: Register, years: int) -> Due:
    return Due("withdrawn", years, tuple(retention.withdrawn(upkeep, _through(upkeep, years))))


def _guests(upkeep: Register, years: int) -> Due:
    return Due("guest", years, tuple(meetings.guests_due(upkeep, _through(upkeep, years))))


_FIND: Mapping[str, Callable[[Register, int], Due]] = {
    "consent_record": _consent_records,
    "usage": _usage,
    "inquiry": _inquiries,
    "guest": _guests,
    "withdrawn": _withdrawn,
    "traces": _traces,
    "survey": _survey_targets,
}


def sweep(upkeep: Register) -> list[Due]:
    """Deletes what is past its period; gives what that was. `erasing.finish` takes the last bytes.

    Members who left are erased as at their own request, and each number stays known as erased.
    """
    today = upkeep.today.isoformat()
    with upkeep.change():
        found = due(upkeep)
        for one in found:
            if one.rows:
                _DELETE[one.period](upkeep, one, today)
        counts = " ".join(f"{one.period}={len(one.rows)}" for one in found if one.rows)
        upkeep.record(Entry("sweep", details=counts))
    return found


def _delete_inquiries(upkeep: Register, found: Due, today: str) -> None:
    for number in sorted(found.outsiders):
        erasing.inquiry_gone(upkeep, number, today)
    retention.delete_inquiries(upkeep, set(found.numbers) - found.outsiders)


def _delete_guests(upkeep: Register, found: Due, today: str) -> None:
    for number in found.numbers:
        erasing.guest_gone(upkeep, number, today)


def _delete_withdrawn(upkeep: Register, found: Due, today: str) -> None:
    for number in found.numbers:
        erasing.gone(upkeep, number, today)


_DELETE: Mapping[str, Callable[[Register, Due, str], None]] = {
    "consent_record": lambda upkeep, found, _day: retention.delete_consent_records(
        upkeep, found.numbers
    ),
    REFUSAL: lambda upkeep, _found, _day: refusing.sweep(upkeep),
    "usage": lambda upkeep, found, _day: retention.delete_usage(
        upkeep, found.numbers, _through(upkeep, upkeep.policy.periods["usage"].years)
    ),
    "traces": lambda upkeep, found, _day: retention.cut_traces(
        upkeep, found.numbers, _through(upkeep, upkeep.policy.periods["traces"].years)
    ),
    "inquiry": _delete_inquiries,
    "survey": lambda upkeep, found, _day: retention.delete_survey_targets(upkeep, found.numbers),
    "guest": _delete_guests,
    "withdrawn": _delete_withdrawn,
}
