"""Every way of counting days, all of them days in Asia/Tokyo."""

from datetime import date, datetime, time, timedelta, timezone

from soc_cli.model.frozen import frozen

# Japan has had one offset and no summer time since 1951, so no time zone table is needed.
TOKYO = timezone(timedelta(hours=9), "JST")


@frozen
class Clock:
    """The time of one run; a sample register's stands still at noon of its own day."""

    fixed: date | None = None

    def now(self) -> datetime:
        """The moment, in Asia/Tokyo, to the second."""
        if self.fixed is not None:
            return datetime.combine(self.fixed, time(12), TOKYO)
        return datetime.now(TOKYO).replace(microsecond=0)

    def today(self) -> date:
        """The day, in Asia/Tokyo."""
        return self.now().date()


def age(born: date, today: date) -> int:
    """Whole years from `born` to `today`; somebody born on 29 February turns on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def kept_through(made: date, years: int) -> date:
    """The last day of a retention period of `years` years from `made` (Civil Code 140, 143).

    The first day is not counted; the period ends on the day before the one that corresponds to
    its first counted day, or with the month where there is no such day.
    """
    first = made + timedelta(days=1)
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:
        return date(first.year + years, first.month + 1, 1) - timedelta(days=1)


def answer_by(arrived: date) -> date:
    """The last day to answer a request: two weeks, the day of arrival not counted (Act art. 39).

    From the day after it the member may go to court.
    """
    return arrived + timedelta(days=14)


def suit_from(arrived: date) -> date:
    """The day from which a request that was not met may be taken to court (Act art. 39)."""
    return answer_by(arrived) + timedelta(days=1)


WARN = 7
"""Days before the last day to answer from which on a request is urgent."""


def warn_on(due: date) -> date:
    """The day from which on a request that is due on a day is urgent."""
    return due - timedelta(days=WARN)


def over_before(today: date, years: int) -> date:
    """The last day of which a period of `years` years is over on `today`."""
    day = date(today.year - years, today.month, 1) + timedelta(days=31)
    while kept_through(day, years) >= today:
        day -= timedelta(days=1)
    return day


def closed(day: date) -> bool:
    """Whether public offices are closed (Act 91 of 1988, art. 1).

    On Saturdays, Sundays, national holidays (with their substitutes and the days between two of
    them), and from 29 December to 3 January.
    """
    import jpholiday

    return (
        day.weekday() >= 5
        or (day.month, day.day) >= (12, 29)
        or (day.month, day.day) <= (1, 3)
        or jpholiday.is_holiday(day)
    )


def day_of(known: date, number: int) -> date:
    """The day of this number, where the day on which a breach became known is day 1."""
    return known + timedelta(days=number - 1)


def report_by(known: date, days: int) -> date:
    """The last day of a report that is due within so many days of knowing of a breach.

    The day of knowledge is day 1 (Enforcement Rules 8(2)); where the last one is closed, the next
    open day takes its place (Act 91 of 1988, art. 2; Civil Code 142).
    """
    last = day_of(known, days)
    while closed(last):
        last += timedelta(days=1)
    return last
