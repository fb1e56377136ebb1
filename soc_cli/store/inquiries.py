"""Inquiries with their replies, from members and from outsiders (P9)."""

from collections.abc import Iterator, Mapping

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


_BROUGHT_IN = ("id", *COLUMNS, "status", "answered_at")


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
    assert stored.keys() <= set(_BROUGHT_IN)
    assignments = ", ".join(f"{name} = :{name}" for name in stored)
    register.execute(f"update inquiry set {assignments} where id = :id", {**stored, "id": number})


def listed(register: Register, number: int | None = None, open_only: bool = False) -> Iterator[Row]:
    """The inquiries, oldest first; or the one with this number, or those that wait for an answer."""
    where = (
        "where id = :number" if number is not None else "where status = 'open'" if open_only else ""
    )
    return register.read(
        "select id, received_at, channel, kind, member_id, from_name, from_contact, subject, body,"
        f" status, due_on, answered_at from soc_category_inquiries {where} order by id",
        {"number": number} if number is not None else {},
        member="member_id",
    )


def open_requests(upkeep: Register) -> list[Row]:
    """The requests that wait for an answer, by their day: number and day; upkeep."""
    return upkeep.look(
        "select id, due_on from inquiry where status = 'open' and due_on is not null"
        " order by due_on, id"
    )


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


def reply(register: Register, number: int, at: str, operator: str, body: str) -> None:
    """Adds a reply; the inquiry is answered."""
    register.execute(
        "insert into reply (inquiry_id, replied_at, operator, body) values (?, ?, ?, ?)",
        (number, at, operator, body),
    )
    register.execute(
        "update inquiry set status = 'answered', answered_at = ? where id = ?", (at, number)
    )


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
