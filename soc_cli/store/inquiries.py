"""Inquiries with their replies, from members and from outsiders (P9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from soc_cli.model.journal import ranges
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

COLUMNS = (
    "received_at", "channel", "kind", "member_id", "from_name", "from_contact", "subject", "body",
    "due_on",
)  # fmt: skip


def insert(register: Register, values: Mapping[str, object]) -> int:
    """Adds an inquiry; gives its number."""
    names = ", ".join(COLUMNS)
    blanks = ", ".join(f":{name}" for name in COLUMNS)
    cursor = register.execute(f"insert into inquiry ({names}) values ({blanks})", values)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


CASE = ("identity", "identity_check", "agent", "mandate", "outcome", "reason", "fee", "entry")
"""What makes a case of a request."""
_BROUGHT_IN = ("id", *COLUMNS, "status", "answered_at", *CASE)


def bring_in(register: Register, values: Mapping[str, object]) -> int:
    """Adds an inquiry as it stood elsewhere, with its number and status; gives its number."""
    stored = {name: values.get(name) for name in _BROUGHT_IN} | {"id": values.get("number")}
    blanks = ", ".join(f":{name}" for name in _BROUGHT_IN)
    cursor = register.execute(
        f"insert into inquiry ({', '.join(_BROUGHT_IN)}) values ({blanks})", stored
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def correct(register: Register, number: int, values: Mapping[str, object]) -> None:
    """Sets the given fields of an inquiry."""
    stored = {"member_id" if key == "member" else key: value for key, value in values.items()}
    assert stored.keys() <= {*_BROUGHT_IN, *CASE}
    assignments = ", ".join(f"{name} = :{name}" for name in stored)
    register.execute(f"update inquiry set {assignments} where id = :id", {**stored, "id": number})


_SHOWN = (
    "id, received_at, channel, kind, member_id, from_name, from_contact, subject, body, status, due_on,"
    " answered_at, identity, identity_check, agent, mandate, outcome, reason, fee, entry, linked_on"
)


@dataclass(frozen=True)
class Wanted:
    """Which inquiries are listed."""

    open_only: bool = False
    """Only those that wait for an answer."""
    overdue: str | None = None
    """Only requests that are undecided, and were due before this day."""
    kind: str | None = None
    member: int | None = None


EVERY = Wanted()


def listed(register: Register, number: int | None = None, wanted: Wanted = EVERY) -> Iterator[Row]:
    """The inquiries, oldest first; or the one with this number, or those that are wanted."""
    # Only the terms that are asked: “:number is null or id = :number” goes through the whole table.
    terms = {
        "id = :number": number is not None,
        "status = 'open'": wanted.open_only,
        "kind = :kind": wanted.kind is not None,
        "member_id = :member": wanted.member is not None,
        "due_on < :day and outcome is null and status <> 'closed'": wanted.overdue is not None,
    }
    where = " and ".join(term for term, asked in terms.items() if asked) or "true"
    return register.read(
        f"select {_SHOWN} from soc_category_inquiries where {where} order by id",
        {"number": number, "kind": wanted.kind, "member": wanted.member, "day": wanted.overdue},
        member="member_id",
    )


def addressee(register: Register, member: int) -> Row | None:
    """Whom a letter to a member goes to."""
    rows = register.read(
        "select id, name, postal_code, address, email from soc_category_contact where id = ?",
        (member,),
        member="id",
    )
    return next(iter(list(rows)), None)


def member_of(upkeep: Register, number: int) -> tuple[bool, int | None]:
    """Whether there is an inquiry with this number, and the member whose it is; upkeep."""
    rows = upkeep.look("select member_id from inquiry where id = ?", (number,))
    return bool(rows), rows[0]["member_id"] if rows else None


def replies(register: Register, number: int | None = None) -> Iterator[Row]:
    """The replies, oldest first; or those to one inquiry."""
    where = "where inquiry_id = :number" if number is not None else ""
    return register.read(
        f"select inquiry_id, replied_at, operator, body from soc_category_inquiries_reply {where} order by id",
        {"number": number} if number is not None else {},
        member=None,
    )


def reply(register: Register, number: int, at: str, operator: str, body: str) -> int:
    """Adds a reply; the inquiry is answered. Gives the reply's number."""
    cursor = register.execute(
        "insert into reply (inquiry_id, replied_at, operator, body) values (?, ?, ?, ?)",
        (number, at, operator, body),
    )
    register.execute(
        "update inquiry set status = 'answered', answered_at = ? where id = ?", (at, number)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def take_back_reply(register: Register, reply: int) -> None:
    """Removes a reply whose letter could not be written."""
    register.execute("delete from reply where id = ?", (reply,))


REPLY = ("replied_at", "operator", "body")


def bring_in_reply(register: Register, number: int, reply: Mapping[str, str]) -> None:
    """Adds a reply as it was given elsewhere."""
    register.execute(
        "insert into reply (inquiry_id, replied_at, operator, body) values (?, ?, ?, ?)",
        (number, *(reply[key] for key in REPLY)),
    )


def close(register: Register, number: int) -> None:
    """Marks an inquiry as closed."""
    register.execute("update inquiry set status = 'closed' where id = ?", (number,))


# whose an inquiry is --------------------------------------------------------------------------


def link(upkeep: Register, number: int, member: int, day: str) -> None:
    """An outsider's inquiry, with the files that were written for them, is a member's; upkeep."""
    upkeep.execute(
        "update inquiry set member_id = ?, linked_on = ? where id = ?", (member, day, number)
    )
    upkeep.execute(
        "update written set members = ? where inquiry_id = ? and members = ''",
        (ranges([member]), number),
    )


def unlink(upkeep: Register, number: int) -> None:
    """A linked inquiry is an outsider's again, with its files; upkeep."""
    upkeep.execute("update inquiry set member_id = null, linked_on = null where id = ?", (number,))
    upkeep.execute("update written set members = '' where inquiry_id = ?", (number,))
    upkeep.execute("update stopped set inquiry_id = null where inquiry_id = ?", (number,))


def linked(upkeep: Register, member: int) -> list[int]:
    """The inquiries of a member that were an outsider's first; upkeep."""
    rows = upkeep.look(
        "select id from inquiry where member_id = ? and linked_on is not null order by id",
        (member,),
    )
    return [row["id"] for row in rows]


def is_linked(upkeep: Register, number: int) -> bool:
    """Whether an inquiry was an outsider's first; upkeep."""
    rows = upkeep.look("select 1 from inquiry where id = ? and linked_on is not null", (number,))
    return bool(rows)


# clocks and stops -----------------------------------------------------------------------------


def undecided(upkeep: Register, through: str) -> list[tuple[int, str]]:
    """The requests that nobody has decided and that are due up to a day, with that day; upkeep."""
    rows = upkeep.look(
        "select id, due_on from inquiry where due_on <= ? and outcome is null and status <> 'closed'"
        " order by due_on, id",
        (through,),
    )
    return [(row["id"], row["due_on"]) for row in rows]


def stop(register: Register, member: int, purpose: str, day: str, number: int) -> int:
    """A use of a member's data is stopped: from now on the store does without them for this purpose.

    Gives the number of the row.
    """
    cursor = register.execute(
        "insert into stopped (member_id, purpose, since, inquiry_id) values (?, ?, ?, ?)",
        (member, purpose, day, number),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def take_back_stop(register: Register, stop: int) -> None:
    """Removes a stop that did not come about."""
    register.execute("delete from stopped where id = ?", (stop,))


def stops(upkeep: Register, member: int | None = None) -> list[Row]:
    """The uses that members, or one member, had stopped, oldest first; upkeep."""
    return upkeep.look(
        "select member_id, purpose, since, inquiry_id from stopped"
        " where (:member is null or member_id = :member) order by since, id",
        {"member": member},
    )


def resume(upkeep: Register, member: int, purpose: str) -> bool:
    """Ends the stop of a use; whether there was one. Upkeep."""
    cursor = upkeep.execute(
        "delete from stopped where member_id = ? and purpose = ?", (member, purpose)
    )
    return cursor.rowcount > 0
