"""Notices: whom they may reach (P4), and the record of who was told what, when."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from soc_cli.model.fields import email_key, kana_key, name_key
from soc_cli.policy.guard import CHOSEN, COUNTED
from soc_cli.store import members
from soc_cli.store.driver import Row
from soc_cli.store.members import Filter
from soc_cli.store.register import Register

CHOICES = {"email": "notice_email", "post": "notice_post"}
"""The choice that each channel obeys (R2)."""

_SHOWN = {
    "email": "contact.name, contact.kana, contact.email, contact.email_key as home",
    "post": "contact.name, contact.kana, contact.postal_code, contact.address, contact.address_key as home",
}
"""What a channel reads of a member: no phone, and of e-mail and address the one that it needs."""


def recipients(
    register: Register,
    channel: str,
    wanted: Filter,
    named: Collection[int] | None = None,
    beyond_choice: bool = False,
) -> list[Row]:
    """Who may be told, by number: those who meet the filter, are among the `named`, and chose it.

    `beyond_choice` takes the named ones whatever they chose. That they were read is on record.
    """
    where, parameters = _condition(register, wanted, named)
    if not beyond_choice:
        where = _and(where, f"m.id in (select id from {CHOSEN}{CHOICES[channel]})")
    return list(
        register.read(
            f"select m.id, {_SHOWN[channel]} from member m"
            f" join soc_category_contact contact on contact.id = m.id {where} order by m.id",
            parameters,
            member="id",
        )
    )


def meeting_it(
    register: Register, wanted: Filter, named: Collection[int] | None = None
) -> dict[str, int]:
    """How many members of each status meet the filter, whatever that says of the status."""
    where, parameters = _condition(register, replace(wanted, status=None), named)
    rows = register.read(
        "select m.status, count(*) as n from member m"
        f" join soc_category_contact contact on contact.id = m.id {where} group by m.status",
        parameters,
        member=None,
    )
    return {row["status"]: row["n"] for row in rows}


def answers(register: Register, channel: str, status: str) -> dict[bool | None, int]:
    """How many of the whole club with a status chose the channel, did not, or were never asked."""
    rows = register.read(
        f"select answer, number from {COUNTED}{CHOICES[channel]} where status = ?",
        (status,),
        member=None,
    )
    return {None if row["answer"] is None else bool(row["answer"]): row["number"] for row in rows}


def _condition(
    register: Register, wanted: Filter, named: Collection[int] | None
) -> tuple[str, dict[str, object]]:
    where, said = members.filtered(register, wanted)
    if named is not None:
        where = _and(where, f"m.id in ({', '.join(str(int(number)) for number in named)})")
    used = set(re.findall(r":(\w+)", where))
    return where, {key: value for key, value in said.items() if key in used}


def _and(where: str, term: str) -> str:
    return f"{where} and {term}" if where else f"where {term}"


def insert(register: Register, values: Mapping[str, object]) -> int:
    """Adds a notice; gives its number."""
    cursor = register.execute(
        "insert into notice (at, operator, channel, subject, reason, body_sha256, told)"
        " values (:at, :operator, :channel, :subject, :reason, :body_sha256, :told)",
        values,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def tell(register: Register, notice: int, told: Iterable[tuple[int, bool]]) -> None:
    """Adds whom a notice told: members, and whether by a letter to another of the household."""
    register.execute_all(
        "insert into notice_recipient (notice_id, member_id, household) values (?, ?, ?)",
        ((notice, member, int(household)) for member, household in told),
    )


def take_back(register: Register, notice: int) -> None:
    """Takes a notice off the record whose files did not come about."""
    register.execute("delete from notice_recipient where notice_id = ?", (notice,))
    register.execute("delete from notice where id = ?", (notice,))


_NOTICE = "id, at, operator, channel, subject, reason, body_sha256, told"


def listed(upkeep: Register) -> list[Row]:
    """The notices, oldest first; upkeep."""
    return upkeep.look(f"select {_NOTICE} from notice order by id")


def one(upkeep: Register, number: int) -> Row | None:
    """One notice; upkeep."""
    rows = upkeep.look(f"select {_NOTICE} from notice where id = ?", (number,))
    return rows[0] if rows else None


def told(upkeep: Register, number: int) -> list[Row]:
    """Whom a notice told and who is still there, by number; upkeep."""
    return upkeep.look(
        "select member_id, household from notice_recipient where notice_id = ? order by member_id, id",
        (number,),
    )


def forget(upkeep: Register, member: int, keys: Sequence[str]) -> None:
    """What notices say of an erased member goes: of those to nobody else all words, of others what names them.

    `keys` are the member's folded names and mailboxes.
    """
    rows = upkeep.look(
        "select n.id, n.subject, n.reason, (select count(distinct o.member_id) from notice_recipient o"
        " where o.notice_id = n.id and o.member_id <> ?1) as others from notice n"
        " where n.id in (select r.notice_id from notice_recipient r where r.member_id = ?1)",
        (member,),
    )
    for row in rows:
        if not row["others"]:
            upkeep.execute(
                "update notice set subject = null, reason = null, body_sha256 = null where id = ?",
                (row["id"],),
            )
        elif any(_tells(row[said], keys) for said in ("subject", "reason")):
            kept = [
                None if _tells(row[said], keys) else row[said] for said in ("subject", "reason")
            ]
            upkeep.execute(
                "update notice set subject = ?, reason = ? where id = ?", (*kept, row["id"])
            )


def _tells(text: str | None, keys: Sequence[str]) -> bool:
    """Whether a text holds one of the folded keys."""
    if text is None:
        return False
    folded = [fold(text) for fold in (name_key, kana_key, email_key)]
    return any(len(key) > 1 and key in one for key in keys for one in folded)
