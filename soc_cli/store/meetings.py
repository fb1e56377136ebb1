"""Offline meetings: planned, declared, attended (P7: numbers and nicknames)."""

from collections.abc import Iterator, Mapping
from datetime import date

from soc_cli.store.driver import Row
from soc_cli.store.register import Register

_MEETING = "m.id, m.title, m.date, m.time, m.place, m.capacity, m.deadline, m.status"
_COUNTS = (
    "count(case when d.declared_on is not null then 1 end) as declared,"
    " count(case when d.attendance = 'attended' then 1 end) as attended,"
    " count(case when d.attendance = 'absent' then 1 end) as absent,"
    " coalesce(sum(d.companions), 0) as companions"
)


def insert(register: Register, values: Mapping[str, object]) -> int:
    """Adds a meeting; gives its number."""
    cursor = register.execute(
        "insert into meeting (title, date, time, place, capacity, deadline)"
        " values (:title, :date, :time, :place, :capacity, :deadline)",
        values,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def counted(register: Register, number: int | None = None) -> Iterator[Row]:
    """The meetings with their counts, by day; or the one with this number."""
    where = "where m.id = :number" if number is not None else ""
    return register.read(
        f"select {_MEETING}, {_COUNTS} from meeting m"
        f" left join soc_category_meetings d on d.meeting_id = m.id {where}"
        " group by m.id order by m.date, m.id",
        {"number": number} if number is not None else {},
        member=None,
    )


def people(register: Register, number: int) -> Iterator[Row]:
    """Who declared or came: number, nickname and attendance, by number; the erased have neither."""
    return register.read(
        "select d.member_id, n.nickname, d.declared_on, d.attendance, d.companions"
        " from soc_category_meetings d left join soc_category_nickname n on n.id = d.member_id"
        " where d.meeting_id = ? order by d.member_id",
        (number,),
        member="member_id",
    )


def status(register: Register, number: int) -> str | None:
    """`planned` or `cancelled`; None where there is no such meeting."""
    rows = register.look("select status from meeting where id = ?", (number,))
    return rows[0]["status"] if rows else None


def capacity(register: Register, number: int) -> int | None:
    """How many members can come; None where it is open."""
    rows = register.look("select capacity from meeting where id = ?", (number,))
    return rows[0]["capacity"] if rows else None


def planned(register: Register, first: date, last: date) -> list[Row]:
    """The meetings that are to be held from `first` to `last`: number, day and title, by day."""
    return register.look(
        "select id, date, title from meeting where status = 'planned' and date >= ? and date <= ?"
        " order by date, id",
        (first.isoformat(), last.isoformat()),
    )


def without_attendance(upkeep: Register) -> list[Row]:
    """The meetings before today to which people declared, and of which nobody's attendance is known."""
    return upkeep.look(
        "select id, date, title from meeting where status = 'planned' and date < ? and exists"
        " (select 1 from declaration d where d.meeting_id = meeting.id) and not exists"
        " (select 1 from declaration d where d.meeting_id = meeting.id and d.attendance is not null)"
        " order by date, id",
        (upkeep.today.isoformat(),),
    )


def cancel(register: Register, number: int) -> None:
    """Marks a meeting as cancelled; its declarations stay."""
    register.execute("update meeting set status = 'cancelled' where id = ?", (number,))


def declare(register: Register, meeting: int, member: int, day: str, companions: int) -> None:
    """Records that a member says they will come."""
    register.execute(
        "insert into declaration (meeting_id, member_id, declared_on, companions)"
        " values (?, ?, ?, ?)",
        (meeting, member, day, companions),
    )


def rows_of(register: Register, meeting: int) -> dict[int, tuple[int, bool]]:
    """The rows of a meeting: member to the row's number, and whether they had declared."""
    rows = register.look(
        "select id, member_id, declared_on from declaration"
        " where meeting_id = ? and member_id is not null",
        (meeting,),
    )
    return {row["member_id"]: (row["id"], row["declared_on"] is not None) for row in rows}


def attend(register: Register, row: int, attendance: str) -> None:
    """Records that somebody who declared came, or did not."""
    register.execute("update declaration set attendance = ? where id = ?", (attendance, row))


def record(
    register: Register, meeting: int, member: int, attendance: object, companions: object
) -> int:
    """Adds somebody who had not declared, present or absent; gives the row's number."""
    cursor = register.execute(
        "insert into declaration (meeting_id, member_id, attendance, companions)"
        " values (?, ?, ?, ?)",
        (meeting, member, attendance, companions),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def correct(register: Register, row: int, attendance: object, companions: object) -> None:
    """Sets who came, and with how many."""
    register.execute(
        "update declaration set attendance = ?, companions = ? where id = ?",
        (attendance, companions, row),
    )


def walk_in(register: Register, meeting: int, member: int) -> None:
    """Records that somebody came who had not declared."""
    register.execute(
        "insert into declaration (meeting_id, member_id, attendance) values (?, ?, 'attended')",
        (meeting, member),
    )
