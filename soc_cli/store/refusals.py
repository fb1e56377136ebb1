"""Refusals (P8): who is refused, until when, and the marks by which they are known again."""

from collections.abc import Iterable, Mapping, Set

from soc_cli.model import marks
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

_CURRENT = "r.readmitted_on is null and (r.until is null or r.until >= :today)"
"""A refusal that has not ended; the member's status stays `refused` until somebody ends it."""

_KNOWN = "r.id, r.member_id, r.rule, r.status_before, r.refused_on, r.until, r.readmitted_on"


def add(
    register: Register,
    member: int,
    rule: str,
    reason: str,
    status_before: str,
    until: str | None,
) -> int:
    """Adds a refusal from today on, and its marks; gives its number."""
    cursor = register.execute(
        "insert into refusal (member_id, rule, reason, status_before, refused_on, until)"
        " values (?, ?, ?, ?, ?, ?)",
        (member, rule, reason, status_before, register.today.isoformat(), until),
    )
    number = cursor.lastrowid
    assert number is not None
    add_marks(register, number, member)
    return number


_MARKS = (marks.NAME, *(f"{kind}{form}" for kind in marks.WITH for form in ("", marks.READING)))
"""The columns of the marks: each kind with the name, and with its reading."""


def _marks_of(row: Row) -> list[tuple[str, str]]:
    found = ((column.removesuffix(marks.READING), row[column]) for column in _MARKS)
    return [(kind, mark) for kind, mark in found if mark is not None]


def marks_of(register: Register, member: int) -> list[tuple[str, str]]:
    """The marks of a member's stored values with their kinds, by the key that the register has."""
    rows = register.look(f"select {', '.join(_MARKS)} from soc_marks where id = ?", (member,))
    return [pair for row in rows for pair in _marks_of(row)]


def add_marks(register: Register, refusal: int, member: int, but: Set[str] = frozenset()) -> None:
    """Adds the marks of a member's stored values to a refusal, `but` those that it has."""
    found = sorted(set(marks_of(register, member)))
    register.execute_all(
        "insert into refusal_mark (refusal_id, kind, mark) values (?, ?, ?)",
        ((refusal, kind, mark) for kind, mark in found if mark not in but),
    )


def kept(upkeep: Register, refusal: int) -> set[str]:
    """The marks of a refusal."""
    rows = upkeep.look("select mark from refusal_mark where refusal_id = ?", (refusal,))
    return {row["mark"] for row in rows}


def alike(register: Register, member: int) -> list[int]:
    """The other members who have a mark of a person in common with this one, by number."""
    wanted = {mark for kind, mark in marks_of(register, member) if kind != marks.NAME}
    # A mark is made with the name or its reading: only who bears one of the two can have it too.
    bears = "select {} from soc_upkeep_member where id = :member"
    forms = f"({bears.format('name_key')} union all {bears.format('coalesce(kana_key, name_key)')})"
    rows = register.look(
        f"select id, {', '.join(_MARKS)} from soc_marks where id <> :member and id in"
        f" (select id from soc_upkeep_member where name_key in {forms} union all"
        f" select id from soc_upkeep_member where coalesce(kana_key, name_key) in {forms})"
        " order by id",
        {"member": member},
    )
    return [row["id"] for row in rows if wanted & {mark for _kind, mark in _marks_of(row)}]


def standing(upkeep: Register, member: int) -> list[Row]:
    """The refusals of a member that have not ended, oldest first."""
    return upkeep.look(
        f"select {_KNOWN} from refusal r where r.member_id = :member and {_CURRENT} order by r.id",
        {"member": member, "today": upkeep.today.isoformat()},
    )


def open_of(upkeep: Register, member: int) -> list[Row]:
    """The refusals of a member to which nobody has put an end, be their last day past, oldest first."""
    return upkeep.look(
        f"select {_KNOWN} from refusal r where r.member_id = ? and r.readmitted_on is null"
        " order by r.id",
        (member,),
    )


def numbered(upkeep: Register, number: int) -> Row:
    """The refusal with this number, which is there."""
    return upkeep.look(f"select {_KNOWN} from refusal r where r.id = ?", (number,))[0]


def read(
    register: Register, member: int | None = None, number: int | None = None
) -> list[dict[str, object]]:
    """Refusals with their reasons, oldest first, for P8: all, a member's, or the one of a number."""
    where, parameters = "", tuple[int, ...]()
    if member is not None:
        where, parameters = "where member_id = ?", (member,)
    elif number is not None:
        where, parameters = "where id = ?", (number,)
    with register.change():
        rows = list(
            register.read(
                "select id, member_id, rule, reason, status_before, refused_on, until, readmitted_on"
                f" from soc_category_conduct_refusal {where} order by id",
                parameters,
                member="member_id",
            )
        )
        kinds = register.read(
            "select distinct refusal_id, kind from soc_category_conduct_refusal_mark"
            " where kind <> ? order by refusal_id, kind",
            (marks.NAME,),
            member=None,
        )
        known: dict[int, list[str]] = {}
        for row in kinds:
            known.setdefault(row["refusal_id"], []).append(row["kind"])
    return [{**{k: row[k] for k in row.keys()}, "marks": known.get(row["id"], [])} for row in rows]  # noqa: SIM118


def end(register: Register, number: int) -> None:
    """Ends a refusal today: its marks go, and with a person who was erased the refusal too."""
    register.execute("delete from refusal_mark where refusal_id = ?", (number,))
    register.execute(
        "update refusal set readmitted_on = ? where id = ? and member_id is not null",
        (register.today.isoformat(), number),
    )
    register.execute("delete from refusal where id = ? and member_id is null", (number,))


def set_status(register: Register, member: int, status: str, left_on: str | None) -> None:
    """Sets whether somebody is a member, and the day of leaving."""
    register.execute(
        "update member set status = ?, left_on = ? where id = ?", (status, left_on, member)
    )


def known(upkeep: Register) -> dict[str, list[tuple[int, str]]]:
    """The marks of the refusals that have not ended: whose they are (refusal), and of which kind.

    Those that were kept, and of whoever is stored those of the values as they are today.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for row in upkeep.look(
        "select m.mark, m.refusal_id, m.kind from refusal_mark m join refusal r on r.id = m.refusal_id"
        f" where {_CURRENT}",
        {"today": upkeep.today.isoformat()},
    ):
        found.setdefault(row["mark"], []).append((row["refusal_id"], row["kind"]))
    for row in upkeep.look(
        f"select r.id as refusal_id, {', '.join('s.' + column for column in _MARKS)}"
        f" from refusal r join soc_marks s on s.id = r.member_id where {_CURRENT}",
        {"today": upkeep.today.isoformat()},
    ):
        for kind, mark in _marks_of(row):
            about = found.setdefault(mark, [])
            if (row["refusal_id"], kind) not in about:
                about.append((row["refusal_id"], kind))
    return found


def any_standing(upkeep: Register) -> bool:
    """Whether there is a refusal that has not ended."""
    today = upkeep.today.isoformat()
    return bool(upkeep.look(f"select 1 from refusal r where {_CURRENT} limit 1", {"today": today}))


def kinds(upkeep: Register, refusal: int) -> list[str]:
    """What a refused person is known by, together with the name."""
    rows = upkeep.look(
        "select distinct kind from refusal_mark where refusal_id = ? and kind <> ? order by kind",
        (refusal, marks.NAME),
    )
    return [row["kind"] for row in rows]


def forget(upkeep: Register, member: int) -> None:
    """What stays of a member's refusals when the member is erased: nothing of those that have ended.

    Of one that has not: the rule, the days and the marks; neither the reason nor whose it was.
    """
    parameters: Mapping[str, object] = {"member": member, "today": upkeep.today.isoformat()}
    upkeep.execute(
        f"delete from refusal as r where r.member_id = :member and not ({_CURRENT})",
        parameters,
    )
    upkeep.execute(
        "update refusal set reason = null, member_id = null where member_id = :member", parameters
    )


def unmarked(upkeep: Register) -> list[tuple[int, int | None]]:
    """The refusals to which nobody has put an end, each with the member, if still stored."""
    rows = upkeep.look("select id, member_id from refusal where readmitted_on is null order by id")
    return [(row["id"], row["member_id"]) for row in rows]


def remove(upkeep: Register, numbers: Iterable[int]) -> None:
    """Removes refusals by which nobody can be known any more."""
    upkeep.execute_all("delete from refusal where id = ?", ((number,) for number in numbers))


def drop_marks(upkeep: Register) -> None:
    """Removes every mark, when their key is lost."""
    upkeep.execute("delete from refusal_mark")


def over(upkeep: Register) -> list[Row]:
    """The refusals whose last day is past and to which nobody has put an end, oldest first."""
    return upkeep.look(
        f"select {_KNOWN} from refusal r where r.readmitted_on is null and r.until < ?"
        " order by r.until, r.id",
        (upkeep.today.isoformat(),),
    )


def conduct(register: Register, member: int) -> tuple[int, int]:
    """Declarations of a member that were kept, and that were broken (P8)."""
    rows = register.read(
        "select count(case when attendance = 'attended' then 1 end) as kept,"
        " count(case when attendance = 'absent' then 1 end) as broken"
        " from soc_category_conduct_declaration where member_id = ? and declared_on is not null",
        (member,),
        member=None,
    )
    (row,) = rows
    return row["kept"], row["broken"]
