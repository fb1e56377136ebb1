"""Counts over the whole register, which tell of nobody by themselves (P2)."""

from soc_cli.store.driver import Row
from soc_cli.store.register import Register

_PERIODS = (
    "with period as (select member_id, joined_on, left_on, 'withdrawn' as status from membership"
    " union all select id, joined_on, left_on, status from member)"
)
"""Every period of membership: those that are over, and the current or last one of each member."""


def first_year(register: Register) -> int | None:
    """The year in which the first member joined; None where no day of joining is known."""
    rows = register.look(f"{_PERIODS} select min(joined_on) as first from period")
    first = rows[0]["first"]
    return int(first[:4]) if first is not None else None


def begun_and_ended(register: Register, year: int) -> tuple[int, int]:
    """How many periods of membership began in a year, and how many ended."""
    rows = register.look(
        f"{_PERIODS} select count(case when joined_on between :first and :last then 1 end) as begun,"
        " count(case when left_on between :first and :last then 1 end) as ended from period",
        {"first": f"{year:04}-01-01", "last": f"{year:04}-12-31"},
    )
    return rows[0]["begun"], rows[0]["ended"]


def members_on(register: Register, day: str) -> int:
    """How many were members at the end of a day, each once however often they came back.

    Whose day of joining is not known was one from the beginning; whoever has left on a day that is
    not known is in no count.
    """
    rows = register.look(
        f"{_PERIODS} select count(distinct member_id) as n from period"
        " where (joined_on is null or joined_on <= :day)"
        " and (left_on > :day or (left_on is null and status = 'active'))",
        {"day": day},
    )
    return int(rows[0]["n"])


def ages(register: Register) -> dict[int | None, int]:
    """How many active members are of each age in years, and of how many it is not known; recorded."""
    rows = register.read(
        "select a.age, count(*) as n from soc_category_attributes a join member m on m.id = a.id"
        " where m.status = 'active' group by a.age order by a.age",
        member=None,
    )
    return {row["age"]: row["n"] for row in rows}


def postal_codes(register: Register) -> dict[str | None, int]:
    """How many active members live under each postal code; recorded."""
    rows = register.read(
        "select a.postal_code, count(*) as n from soc_category_attributes a"
        " join member m on m.id = a.id where m.status = 'active' group by a.postal_code",
        member=None,
    )
    return {row["postal_code"]: row["n"] for row in rows}


def occupations(register: Register) -> dict[str | None, int]:
    """How many active members have each occupation, as written; recorded."""
    rows = register.read(
        "select a.occupation, count(*) as n from soc_category_attributes a"
        " join member m on m.id = a.id where m.status = 'active' group by a.occupation",
        member=None,
    )
    return {row["occupation"]: row["n"] for row in rows}


def attendance(register: Register, year: int | None, today: str) -> list[Row]:
    """Of each meeting up to today that was not cancelled: how many came, did not come, and came along.

    Of one year or of all, by day; recorded.
    """
    return list(
        register.read(
            "select m.id as meeting, m.date, m.title,"
            " sum(case when c.attendance = 'attended' then c.number else 0 end) as attended,"
            " sum(case when c.attendance = 'absent' then c.number else 0 end) as absent,"
            " total(c.companions) as companions"
            " from meeting m left join soc_category_meetings c on c.meeting_id = m.id"
            " where m.status = 'planned' and m.date <= :today"
            " and (:first is null or m.date between :first and :last)"
            " group by m.id order by m.date, m.id",
            {"today": today, **_within(year)},
            member=None,
        )
    )


def answers(register: Register, year: int | None) -> list[Row]:
    """Of each inquiry of a year or of all: its kind, and when it came, was due and was answered (P9).

    Recorded; of whom each is, or what it says, is not read.
    """
    return list(
        register.read(
            "select kind, received_at, due_on, answered_at, status from soc_category_inquiries"
            " where :first is null or (received_at >= :first and received_at < :after) order by id",
            _within(year),
            member=None,
        )
    )


def _within(year: int | None) -> dict[str, str | None]:
    """The first and last day of a year, and the first day after it; None for all years."""
    if year is None:
        return {"first": None, "last": None, "after": None}
    return {
        "first": f"{year:04}-01-01",
        "last": f"{year:04}-12-31",
        "after": f"{year + 1:04}-01-01",
    }
