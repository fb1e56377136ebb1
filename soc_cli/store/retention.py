"""What is older than the club's periods allow: told by kind and day, then deleted."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from soc_cli.store import erasures
from soc_cli.store.register import Register

USAGE_SWEPT = "usage_swept_through"
"""The setting that keeps what was swept from coming in again with an old log."""

Due = list[tuple[int, str]]
"""Numbers, each with the day that its period counts from, oldest first."""


def consent_records(upkeep: Register, today: str) -> Due:
    """The D1 records that were kept through a day before `today`; the day is that of the record."""
    rows = upkeep.look(
        "select id, made_at from disclosure where keep_through < ? order by made_at, id", (today,)
    )
    return [(row["id"], row["made_at"][:10]) for row in rows]


def usage(upkeep: Register, through: str) -> Due:
    """The usage of this day and before."""
    after = date.fromisoformat(through) + timedelta(days=1)
    rows = upkeep.look(
        "select id, at from usage where at < ? order by at, id", (after.isoformat(),)
    )
    return [(row["id"], row["at"][:10]) for row in rows]


def traces(upkeep: Register, through: str) -> Due:
    """The usage of this day and before in which an IP address, cookie or sign-in still stands."""
    after = date.fromisoformat(through) + timedelta(days=1)
    rows = upkeep.look(
        "select id, at from usage where at < ? and traced = 1 order by at, id",
        (after.isoformat(),),
    )
    return [(row["id"], row["at"][:10]) for row in rows]


def survey_targets(upkeep: Register, through: str) -> Due:
    """The targets of the surveys of this day and before; the surveys with their counts stay."""
    after = date.fromisoformat(through) + timedelta(days=1)
    rows = upkeep.look(
        "select t.id, s.made_at from survey_target t join survey s on s.id = t.survey_id"
        " where s.made_at < ? order by s.made_at, t.id",
        (after.isoformat(),),
    )
    return [(row["id"], row["made_at"][:10]) for row in rows]


def withdrawn(upkeep: Register, through: str) -> Due:
    """The members who left on this day or before."""
    rows = upkeep.look(
        "select id, left_on from member where status = 'withdrawn' and left_on <= ?"
        " order by left_on, id",
        (through,),
    )
    return [(row["id"], row["left_on"]) for row in rows]


def inquiries(upkeep: Register, through: str) -> list[tuple[int, str, bool]]:
    """The inquiries closed on this day or before, oldest first; and whether each is a member's.

    When one was closed stands in the journal. One that came closed from a sheet has no such entry:
    then it is the day of the answer or, without one, that of the inquiry.
    """
    closed = {
        int(found[1]): row["at"][:10]
        for row in upkeep.look(
            "select s.details, j.at from journal j join journal_subject s on s.number = j.number"
            " where j.act = 'close' and j.outcome = 'done' order by j.number"
        )
        if (found := re.fullmatch("inquiry=([0-9]+)", row["details"]))
    }
    rows = upkeep.look(
        "select id, member_id, coalesce(answered_at, received_at) as day from inquiry"
        " where status = 'closed'"
    )
    days = ((closed.get(r["id"], r["day"][:10]), r["id"], r["member_id"] is not None) for r in rows)
    return [(number, day, owned) for day, number, owned in sorted(days) if day <= through]


def delete_consent_records(upkeep: Register, numbers: Iterable[int]) -> None:
    """Deletes records of the ledger, with the names in them."""
    each = [(number,) for number in numbers]
    upkeep.execute_all("delete from disclosure_member where disclosure_id = ?", each)
    upkeep.execute_all("delete from disclosure where id = ?", each)
    erasures.mark_due(upkeep, [])


def delete_usage(upkeep: Register, numbers: Iterable[int], through: str) -> None:
    """Deletes usage of this day and before; none of those days comes in again."""
    upkeep.execute_all("delete from usage where id = ?", ((number,) for number in numbers))
    _swept(upkeep, through)


def cut_traces(upkeep: Register, numbers: Iterable[int], through: str) -> None:
    """Cuts IP address, cookie and sign-in out of usage of this day and before, and what is made of them."""
    upkeep.execute_all(
        "update usage set ip = null, cookie = null, sign_in = null, digest = null where id = ?",
        ((number,) for number in numbers),
    )
    _swept(upkeep, through)


def usage_swept_through(upkeep: Register) -> str:
    """The last day of which usage was deleted or cut; an empty text before the first time."""
    return upkeep.setting(USAGE_SWEPT) or ""


def _swept(upkeep: Register, through: str) -> None:
    day = max(usage_swept_through(upkeep), through)
    upkeep.execute("delete from register where key = ?", (USAGE_SWEPT,))
    upkeep.execute("insert into register (key, value) values (?, ?)", (USAGE_SWEPT, day))
    erasures.mark_due(upkeep, [])


def delete_survey_targets(upkeep: Register, numbers: Iterable[int]) -> None:
    """Deletes targets of surveys with their tokens."""
    upkeep.execute_all("delete from survey_target where id = ?", ((number,) for number in numbers))
    erasures.mark_due(upkeep, [])


def delete_inquiries(upkeep: Register, numbers: Iterable[int]) -> None:
    """Deletes members' inquiries with their replies; their members stay."""
    upkeep.execute_all("delete from inquiry where id = ?", ((number,) for number in numbers))
    erasures.mark_due(upkeep, [])
