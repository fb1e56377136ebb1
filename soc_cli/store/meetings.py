"""Offline meetings: planned, declared, waited for, attended (P7: numbers and nicknames; P5: names).

Whoever was erased keeps a row without a number, so that the counts of old meetings stay, but holds no
place at one to come. `waiting` is a place in the line, counted from 1, of members and guests together;
who has none has a place at the meeting, or has come.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from soc_cli.model.meeting import Times, Who
from soc_cli.store import erasures
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

COLUMNS = ("title", "date", "time", "place", "capacity", "deadline", "deadline_time", "fee")
"""What is planned of a meeting."""

_TABLES = {"member": "declaration", "guest": "guest"}

_MEETING = "m.id, m.title, m.date, m.time, m.place, m.capacity, m.deadline, m.deadline_time, m.fee, m.status"
_DECLARED = (
    "(select meeting_id,"
    " count(case when declared_on is not null and waiting is null then 1 end) as declared,"
    " count(case when attendance = 'attended' then 1 end) as attended,"
    " count(case when attendance = 'absent' then 1 end) as absent,"
    " count(case when attendance = 'attended' and declared_on is null then 1 end) as walk_ins,"
    " count(case when attendance = 'attended' and declared_on is not null then 1 end) as kept,"
    " count(case when attendance = 'absent' and declared_on is not null then 1 end) as broken,"
    " sum(case when waiting is null then companions else 0 end) as companions,"
    " count(case when member_id is not null then waiting end) as waiting"
    " from soc_category_meetings group by meeting_id)"
)
_GUESTS = (
    "(select g.meeting_id,"
    " count(case when g.waiting is null then 1 end) as guests,"
    " count(case when g.attendance = 'attended' then 1 end) as guests_attended,"
    " sum(case when g.waiting is null then g.companions else 0 end) as companions,"
    " count(case when e.id is null then g.waiting end) as waiting"
    " from soc_category_meetings_guest g left join erased_guest e on e.id = g.id"
    " group by g.meeting_id)"
)
_COUNTS = (
    "coalesce(d.declared, 0) as declared, coalesce(d.attended, 0) as attended,"
    " coalesce(d.absent, 0) as absent, coalesce(d.walk_ins, 0) as walk_ins,"
    " coalesce(d.kept, 0) as kept, coalesce(d.broken, 0) as broken,"
    " coalesce(d.companions, 0) + coalesce(g.companions, 0) as companions,"
    " coalesce(d.waiting, 0) + coalesce(g.waiting, 0) as waiting,"
    " coalesce(g.guests, 0) as guests, coalesce(g.guests_attended, 0) as guests_attended"
)


def insert(register: Register, values: Mapping[str, object]) -> int:
    """Adds a meeting; gives its number."""
    cursor = register.execute(
        "insert into meeting (title, date, time, place, capacity, deadline, deadline_time, fee)"
        " values (:title, :date, :time, :place, :capacity, :deadline, :deadline_time, :fee)",
        {**dict.fromkeys(COLUMNS), **values},
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(register: Register, number: int, values: Mapping[str, object]) -> None:
    """Changes what is planned of a meeting, as its next revision."""
    assert set(values) <= set(COLUMNS)
    changes = ", ".join(f"{column} = :{column}" for column in values)
    register.execute(
        f"update meeting set {changes}, revision = revision + 1 where id = :number",
        {**values, "number": number},
    )


def planned(register: Register, number: int) -> Row | None:
    """What is planned of a meeting, with its status and revision; None where there is no such meeting."""
    rows = register.look(
        "select id, title, date, time, place, capacity, deadline, deadline_time, fee, status, revision"
        " from meeting where id = ?",
        (number,),
    )
    return rows[0] if rows else None


def to_come(register: Register, day: str) -> list[int]:
    """The numbers of the meetings on this day and after, the cancelled too, by day."""
    rows = register.look("select id from meeting where date >= ? order by date, id", (day,))
    return [row["id"] for row in rows]


def counted(
    register: Register, number: int | None = None, year: int | None = None
) -> Iterator[Row]:
    """The meetings with their counts, by day; or the one with this number, or those of a year."""
    return register.read(
        f"select {_MEETING}, {_COUNTS} from meeting m"
        f" left join {_DECLARED} d on d.meeting_id = m.id left join {_GUESTS} g on g.meeting_id = m.id"
        " where (:number is null or m.id = :number) and (:first is null or m.date between :first and :last)"
        " order by m.date, m.id",
        {"number": number, **_year(year)},
        member=None,
    )


def _year(year: int | None) -> dict[str, str | None]:
    if year is None:
        return {"first": None, "last": None}
    return {"first": f"{year:04}-01-01", "last": f"{year:04}-12-31"}


def by_member(register: Register, year: int) -> Iterator[Row]:
    """How often each member declared, came and stayed away at the meetings of a year, by number.

    Meetings that were cancelled do not count, nor does waiting without a place.
    """
    return register.read(
        "select d.member_id, n.nickname,"
        " count(case when d.declared_on is not null then 1 end) as declared,"
        " count(case when d.attendance = 'attended' then 1 end) as attended,"
        " count(case when d.attendance = 'absent' then 1 end) as absent,"
        " count(case when d.attendance = 'attended' and d.declared_on is not null then 1 end) as kept,"
        " count(case when d.attendance = 'absent' and d.declared_on is not null then 1 end) as broken"
        " from soc_category_meetings d join meeting m on m.id = d.meeting_id"
        " left join soc_category_nickname n on n.id = d.member_id"
        " where d.member_id is not null and d.waiting is null and m.status = 'planned'"
        " and m.date between :first and :last"
        " group by d.member_id, n.nickname order by d.member_id",
        _year(year),
        member="member_id",
    )


def people(register: Register, number: int) -> Iterator[Row]:
    """Who declared or came: number, nickname and attendance, by number; the erased have neither."""
    return register.read(
        "select d.member_id, n.nickname, d.declared_on, d.attendance, d.companions, d.waiting"
        " from soc_category_meetings d left join soc_category_nickname n on n.id = d.member_id"
        " where d.meeting_id = ? order by d.member_id",
        (number,),
        member="member_id",
    )


def guests(register: Register, number: int) -> Iterator[Row]:
    """The guests of a meeting, by number, and when one was erased; the name is granted elsewhere."""
    return register.read(
        "select g.id, g.declared_on, g.attendance, g.companions, g.waiting, e.erased_on"
        " from soc_category_meetings_guest g left join erased_guest e on e.id = g.id"
        " where g.meeting_id = ? order by g.id",
        (number,),
        member=None,
    )


def names(register: Register, members: Sequence[int]) -> Iterator[Row]:
    """Number, name and reading of these members in the order of their readings (P5)."""
    numbers = ", ".join(str(int(number)) for number in members)
    return register.read(
        "select id, name, kana from soc_category_identity"
        f" where id in ({numbers}) order by coalesce(kana_key, name_key), id",
        member="id",
    )


def guest_names(register: Register, guests: Sequence[int]) -> Iterator[Row]:
    """Number and name of these guests, by number; an erased one has no name (P5)."""
    numbers = ", ".join(str(int(number)) for number in guests)
    return register.read(
        f"select id, name from soc_category_identity_guest where id in ({numbers}) order by id",
        member=None,
    )


def times(register: Register, number: int) -> Times | None:
    """The day of a meeting and its deadline; None where there is no such meeting."""
    row = planned(register, number)
    return Times(row["date"], row["deadline"], row["deadline_time"]) if row else None


def status(register: Register, number: int) -> str | None:
    """`planned` or `cancelled`; None where there is no such meeting."""
    row = planned(register, number)
    return row["status"] if row else None


def capacity(register: Register, number: int) -> int | None:
    """How many people can come; None where it is open."""
    row = planned(register, number)
    return row["capacity"] if row else None


def held_between(register: Register, first: date, last: date) -> list[Row]:
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
    register.execute(
        "update meeting set status = 'cancelled', revision = revision + 1 where id = ?", (number,)
    )


def reinstate(register: Register, number: int) -> None:
    """Marks a cancelled meeting as planned; its declarations are as they were."""
    register.execute(
        "update meeting set status = 'planned', revision = revision + 1 where id = ?", (number,)
    )


# places and the line --------------------------------------------------------------------------


def taken(register: Register, meeting: int) -> int:
    """How many places are taken, companions too.

    Who comes undeclared takes none, and the erased hold one only where they have come.
    """
    rows = register.read(
        "select coalesce((select sum(1 + companions) from soc_category_meetings"
        " where meeting_id = :meeting and waiting is null and declared_on is not null"
        " and (member_id is not null or attendance is not null)), 0)"
        " + coalesce((select sum(1 + g.companions) from soc_category_meetings_guest g"
        " left join erased_guest e on e.id = g.id where g.meeting_id = :meeting and g.waiting is null"
        " and g.declared_on is not null and (e.id is null or g.attendance is not null)), 0) as places",
        {"meeting": meeting},
        member=None,
    )
    return int(next(rows)["places"])


def first_in_line(register: Register, meeting: int, free: int | None) -> tuple[int, Who] | None:
    """The row of the first who waits and fits into the free places, and who that is.

    None is any number of places. Whoever is refused since (P8) keeps waiting.
    """
    rows = register.read(
        "select d.id, d.member_id, d.waiting from soc_category_meetings d"
        " join member m on m.id = d.member_id where d.meeting_id = :meeting and d.waiting is not null"
        " and m.status <> 'refused' and (:free is null or 1 + d.companions <= :free)"
        " union all select g.id, null, g.waiting from soc_category_meetings_guest g"
        " left join erased_guest e on e.id = g.id"
        " where g.meeting_id = :meeting and g.waiting is not null and e.id is null"
        " and (:free is null or 1 + g.companions <= :free) order by 3 limit 1",
        {"meeting": meeting, "free": free},
        member="member_id",
    )
    for row in rows:
        number = row["member_id"]
        who = Who("guest", row["id"]) if number is None else Who("member", number)
        return row["id"], who
    return None


def line(register: Register, meeting: int) -> list[Row]:
    """The rows of those who wait, in order: table, row, place, and whether they are gone since."""
    return list(
        register.read(
            "select 'member' as kind, id, waiting, member_id is null as gone"
            " from soc_category_meetings where meeting_id = :meeting and waiting is not null"
            " union all select 'guest', g.id, g.waiting, e.id is not null"
            " from soc_category_meetings_guest g left join erased_guest e on e.id = g.id"
            " where g.meeting_id = :meeting and g.waiting is not null order by 3",
            {"meeting": meeting},
            member=None,
        )
    )


def close_ranks(register: Register, meeting: int) -> int:
    """Numbers those who wait from 1, without those who are gone; gives how many wait."""
    place = 0
    for row in line(register, meeting):
        if row["gone"]:
            remove(register, row["kind"], row["id"])
            continue
        place += 1
        if row["waiting"] != place:
            wait(register, row["kind"], row["id"], place)
    return place


def wait(register: Register, kind: str, row: int, place: int | None) -> None:
    """Puts somebody at a place in the line, or with None takes them out of it: they have a place."""
    register.execute(f"update {_TABLES[kind]} set waiting = ? where id = ?", (place, row))


def remove(register: Register, kind: str, row: int) -> None:
    """Deletes a declaration, or a guest with the name."""
    register.execute(f"delete from {_TABLES[kind]} where id = ?", (row,))


# declarations and attendance ------------------------------------------------------------------


def declare(
    register: Register, meeting: int, member: int, day: str, companions: int, waiting: int | None
) -> None:
    """Records that a member says they will come; `waiting` is their place in the line."""
    register.execute(
        "insert into declaration (meeting_id, member_id, declared_on, companions, waiting)"
        " values (?, ?, ?, ?, ?)",
        (meeting, member, day, companions, waiting),
    )


def declare_guest(
    register: Register,
    meeting: int,
    name: str,
    day: str | None,
    companions: int,
    waiting: int | None,
    attendance: str | None = None,
) -> int:
    """Records that a guest says they will come or, without a day, that one came; gives the number."""
    cursor = register.execute(
        "insert into guest (meeting_id, name, declared_on, companions, waiting, attendance)"
        " values (?, ?, ?, ?, ?, ?)",
        (meeting, name, day, companions, waiting, attendance),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def rows_of(register: Register, meeting: int) -> dict[int, tuple[int, bool]]:
    """The rows of a meeting: member to the row's number, and whether they had declared."""
    rows = register.look(
        "select id, member_id, declared_on from declaration"
        " where meeting_id = ? and member_id is not null",
        (meeting,),
    )
    return {row["member_id"]: (row["id"], row["declared_on"] is not None) for row in rows}


def guests_of(register: Register, meeting: int) -> set[int]:
    """The numbers of a meeting's guests."""
    rows = register.look("select id from guest where meeting_id = ?", (meeting,))
    return {row["id"] for row in rows}


def waiting_or_come(register: Register, kind: str, row: int) -> tuple[int | None, str | None]:
    """Somebody's place in the line, and whether they came."""
    view = {"member": "soc_category_meetings", "guest": "soc_category_meetings_guest"}[kind]
    found = register.read(
        f"select waiting, attendance from {view} where id = ?", (row,), member=None
    )
    (one,) = found
    return one["waiting"], one["attendance"]


def attend(
    register: Register, row: int, attendance: str, kind: str = "member", companions: int | None = None
) -> None:  # fmt: skip
    """Records that somebody came, or did not; whoever waited has come all the same."""
    register.execute(
        f"update {_TABLES[kind]} set attendance = ?, waiting = null where id = ?", (attendance, row)
    )
    if companions is not None:
        register.execute(
            f"update {_TABLES[kind]} set companions = ? where id = ?", (companions, row)
        )


def forget_attendance(register: Register, kind: str, row: int) -> None:
    """Whether somebody came is not known; who had not declared is not of the meeting any more."""
    table = _TABLES[kind]
    register.execute(f"delete from {table} where id = ? and declared_on is null", (row,))
    register.execute(f"update {table} set attendance = null where id = ?", (row,))


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


# guests' names --------------------------------------------------------------------------------


def meeting_of_guest(upkeep: Register, guest: int) -> int | None:
    """The meeting of a guest; None where there is no such guest."""
    rows = upkeep.look("select meeting_id from guest where id = ?", (guest,))
    return rows[0]["meeting_id"] if rows else None


def guest_erased_on(register: Register, guest: int) -> str | None:
    """The day on which the name of a guest was erased."""
    rows = register.look("select erased_on from erased_guest where id = ?", (guest,))
    return rows[0]["erased_on"] if rows else None


def guests_due(upkeep: Register, through: str) -> list[tuple[int, str]]:
    """The guests with a name of meetings on this day or before, oldest first, with that day."""
    rows = upkeep.look(
        "select g.id, m.date from guest g join meeting m on m.id = g.meeting_id"
        " left join erased_guest e on e.id = g.id where m.date <= ? and e.id is null"
        " order by m.date, g.id",
        (through,),
    )
    return [(row["id"], row["date"]) for row in rows]


def forget_guest(upkeep: Register, guest: int, day: str) -> None:
    """Deletes the name of a guest; the number stays, known as erased, and the meeting's counts."""
    erasures.mark_due(upkeep, [])
    upkeep.execute("update guest set name = null where id = ?", (guest,))
    note_guest(upkeep, guest, day)


def note_guest(upkeep: Register, guest: int, day: str) -> None:
    """A guest's number is known as erased."""
    upkeep.execute("insert into erased_guest (id, erased_on) values (?, ?)", (guest, day))
