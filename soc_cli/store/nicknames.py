"""Nicknames in the register: listed, looked up, and compared by their folded keys (P7)."""

from collections.abc import Iterator, Sequence

from soc_cli.store.driver import Row
from soc_cli.store.register import Register

_AT_ONCE = 500
"""Members that are named in one statement."""


def listed(register: Register, status: str | None) -> Iterator[Row]:
    """Number, nickname and status of each member who has a nickname, by its folded key."""
    return register.read(
        "select m.id, m.status, n.nickname from soc_category_nickname n join member m on m.id = n.id"
        " where n.nickname is not null and (:status is null or m.status = :status)"
        " order by n.nickname_key, m.id",
        {"status": status},
        member="id",
    )


def of(register: Register, numbers: Sequence[int]) -> Iterator[tuple[int, str, str | None]]:
    """Number, status and nickname of these members; inside a change whose entry names them."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = register.read(
            "select m.id, m.status, n.nickname from soc_category_nickname n join member m on m.id = n.id"
            f" where m.id in ({', '.join('?' * len(some))})",
            some,
            member=None,
        )
        for row in rows:
            yield row["id"], row["status"], row["nickname"]


def bearers(upkeep: Register, nickname_key: str) -> list[int]:
    """The members who have this nickname, or had it when they were merged; upkeep."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where nickname_key = :key"
        " union select id from soc_upkeep_merged"
        " where nickname_key = :key or given_up_nickname_key = :key order by id",
        {"key": nickname_key},
    )
    return [row["id"] for row in rows]


def keys(upkeep: Register) -> Iterator[tuple[int, str]]:
    """The number and the folded nickname of everybody who has one; upkeep."""
    rows = upkeep.look(
        "select id, nickname_key from soc_upkeep_member where nickname_key is not null order by id"
    )
    for row in rows:
        yield row["id"], row["nickname_key"]
