"""Two records of one person: what the other has moves to the one that is kept, and can come back.

The other's row leaves the members, so that nothing counts, lists or finds it twice; it stays stored
whole, and goes with the member who is kept.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from soc_cli.model.fields import Value
from soc_cli.model.journal import members_of, ranges
from soc_cli.store import members
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

OWNED = {
    "inquiry": "member_id",
    "usage": "member_id",
    "link": "member_id",
    "consent": "member_id",
    "survey_target": "member_id",
    "membership": "member_id",
    "refusal": "member_id",
    "stopped": "member_id",
    "notice_recipient": "member_id",
    "merged": "keep_id",
}
"""The tables whose rows move as they are, by number, and the column that says whose they are.

Declarations, the ledger and the pairs told apart have a rule of their own; a test holds all of them
against the schema.
"""

_SAID = ("declared_on", "attendance", "companions", "waiting")


def into(upkeep: Register, number: int) -> int | None:
    """The member into whom the one with this number was merged."""
    rows = upkeep.look("select keep_id from merged where other_id = ?", (number,))
    return rows[0]["keep_id"] if rows else None


def others(upkeep: Register, keep: int) -> list[int]:
    """The numbers that were merged into a member, the last one first."""
    rows = upkeep.look("select other_id from merged where keep_id = ? order by id desc", (keep,))
    return [row["other_id"] for row in rows]


def numbers(upkeep: Register) -> dict[int, int]:
    """Every number that was merged, and into whom."""
    return {
        row["other_id"]: row["keep_id"]
        for row in upkeep.look("select other_id, keep_id from merged")
    }


def move(upkeep: Register, keep: int, other: int) -> dict[str, Any]:
    """Moves all that belongs to the other; gives what is needed to move it back."""
    moved: dict[str, str] = {}
    for table, column in OWNED.items():
        rows = upkeep.look(f"select id from {table} where {column} = ? order by id", (other,))
        moved[table] = ranges([row["id"] for row in rows])
        upkeep.execute(f"update {table} set {column} = ? where {column} = ?", (keep, other))
    return {
        "moved": moved,
        "declarations": _move_declarations(upkeep, keep, other, moved),
        "disclosures": _move_disclosures(upkeep, keep, other),
        "told_apart": _move_told_apart(upkeep, keep, other),
    }


def _declarations(upkeep: Register, member: int) -> dict[int, dict[str, Any]]:
    rows = upkeep.look(
        "select id, meeting_id, declared_on, attendance, companions, waiting from declaration"
        " where member_id = ? order by id",
        (member,),
    )
    return {row["meeting_id"]: dict(zip(row.keys(), row, strict=True)) for row in rows}


def _move_declarations(
    upkeep: Register, keep: int, other: int, moved: dict[str, str]
) -> list[dict[str, Any]]:
    """Moves the declarations; where both have one for a meeting, the kept one says what both say."""
    own, theirs = _declarations(upkeep, keep), _declarations(upkeep, other)
    combined = []
    for meeting in sorted(own.keys() & theirs.keys()):
        before, removed = own[meeting], theirs[meeting]
        after = {
            "declared_on": min(filter(None, (before["declared_on"], removed["declared_on"])), default=None),
            "attendance": "attended"
            if "attended" in (before["attendance"], removed["attendance"])
            else before["attendance"] or removed["attendance"],
            "companions": max(before["companions"], removed["companions"]),
            # Who has a place under one number has it; else the better place in the line.
            "waiting": None
            if None in (before["waiting"], removed["waiting"])
            else min(before["waiting"], removed["waiting"]),
        }  # fmt: skip
        upkeep.execute("delete from declaration where id = ?", (removed["id"],))
        _say(upkeep, before["id"], after)
        combined.append({"before": before, "after": after, "removed": removed})
    alone = [one["id"] for meeting, one in theirs.items() if meeting not in own]
    upkeep.execute_all(
        "update declaration set member_id = ? where id = ?", ((keep, id) for id in alone)
    )
    moved["declaration"] = ranges(sorted(alone))
    return combined


def _say(upkeep: Register, declaration: int, said: Mapping[str, Any]) -> None:
    upkeep.execute(
        "update declaration set declared_on = ?, attendance = ?, companions = ?, waiting = ?"
        " where id = ?",
        (*_said(said), declaration),
    )


def _said(declaration: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a declaration says; one that was kept before there was a waiting list waited for nothing."""
    return tuple(declaration.get(key) for key in _SAID)


def _move_disclosures(upkeep: Register, keep: int, other: int) -> str:
    """Moves the other's place in the records of the ledger, but where both stand in one."""
    rows = upkeep.look(
        "select disclosure_id from disclosure_member as d where member_id = ? and not exists"
        " (select 1 from disclosure_member k where k.disclosure_id = d.disclosure_id"
        " and k.member_id = ?) order by disclosure_id",
        (other, keep),
    )
    found = [row["disclosure_id"] for row in rows]
    _place(upkeep, found, other, keep)
    return ranges(found)


def _place(upkeep: Register, disclosures: Iterable[int], whose: int, now: int) -> None:
    upkeep.execute_all(
        "update disclosure_member set member_id = ? where disclosure_id = ? and member_id = ?",
        ((now, disclosure, whose) for disclosure in disclosures),
    )


def _apart_from(upkeep: Register, member: int) -> set[int]:
    rows = upkeep.look(
        "select member_id, other_id from told_apart where member_id = ? or other_id = ?",
        (member, member),
    )
    return {number for row in rows for number in row} - {member}


def _move_told_apart(upkeep: Register, keep: int, other: int) -> dict[str, str]:
    """Whoever was told apart from the other is told apart from the kept one."""
    theirs = _apart_from(upkeep, other)
    added = theirs - {keep} - _apart_from(upkeep, keep)
    upkeep.execute("delete from told_apart where member_id = ? or other_id = ?", (other, other))
    for number in sorted(added):
        members.tell_apart(upkeep, keep, number)
    return {"theirs": ranges(sorted(theirs)), "added": ranges(sorted(added))}


def add_period(upkeep: Register, keep: int, joined: Value, left: Value) -> int:
    """Adds a period of membership that is over; gives its number."""
    cursor = upkeep.execute(
        "insert into membership (member_id, joined_on, left_on) values (?, ?, ?)",
        (keep, joined, left),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def close(
    upkeep: Register,
    keep: int,
    other: int,
    registration: Mapping[str, Value],
    undo: Mapping[str, Any],
) -> None:
    """Takes the other's row out of the members and keeps it whole beside the one that is kept."""
    members.remove(upkeep, [other])
    upkeep.execute(
        "insert into merged (other_id, keep_id, merged_on, registration, undo) values (?, ?, ?, ?, ?)",
        (
            other,
            keep,
            upkeep.today.isoformat(),
            json.dumps(registration, ensure_ascii=False),
            json.dumps(undo, ensure_ascii=False),
        ),
    )


def newest(own_record: Register) -> Row | None:
    """The last merge into the member that the register is open for, with all that was kept of it."""
    rows = own_record.read(
        "select id, other_id, keep_id, registration, undo from soc_category_history_merged"
        " order by id desc limit 1",
        member="keep_id",
    )
    return next(iter(list(rows)), None)


def reopen(upkeep: Register, merge: int) -> None:
    """Forgets that there was a merge."""
    upkeep.execute("delete from merged where id = ?", (merge,))


def remove_periods(upkeep: Register, keep: int, periods: Iterable[int]) -> None:
    """Takes back the periods that a merge added to the kept one."""
    upkeep.execute_all(
        "delete from membership where id = ? and member_id = ?",
        ((period, keep) for period in periods),
    )


def move_back(upkeep: Register, keep: int, other: int, undo: Mapping[str, Any]) -> None:
    """Moves back what the other brought along; what came to the kept one since stays there."""
    for table, text in undo["moved"].items():
        column = OWNED.get(table, "member_id")
        upkeep.execute_all(
            f"update {table} set {column} = ? where id = ? and {column} = ?",
            ((other, id, keep) for id in members_of(text)),
        )
    now = _declarations(upkeep, keep)
    for one in undo["declarations"]:
        removed, after = one["removed"], one["after"]
        stored = now.get(removed["meeting_id"])
        if stored is not None and _said(stored) == _said(after):
            _say(upkeep, stored["id"], one["before"])
        upkeep.execute(
            "insert into declaration"
            " (id, meeting_id, member_id, declared_on, attendance, companions, waiting)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (removed["id"], removed["meeting_id"], other, *_said(removed)),
        )
    _place(upkeep, members_of(undo["disclosures"]), keep, other)
    apart = undo["told_apart"]
    for number in members_of(apart["added"]):
        upkeep.execute(
            "delete from told_apart where member_id = ? and other_id = ?",
            (min(keep, number), max(keep, number)),
        )
    for number in members_of(apart["theirs"]):
        if members.exists(upkeep, number):
            members.tell_apart(upkeep, other, number)


def restore(upkeep: Register, number: int, registration: Mapping[str, Value]) -> None:
    """Brings a merged member's row back as it was."""
    columns: Sequence[str] = [column for column in registration if column != "id"]
    upkeep.execute(
        members.insertion(columns), (number, *(registration[column] for column in columns))
    )
