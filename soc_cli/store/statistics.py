"""Counts over the whole register, which tell of nobody by themselves (P2)."""

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
