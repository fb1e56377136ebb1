"""What the website may fit its pages to (P1): attributes and usage of members, by their browsers' tokens."""

from collections.abc import Iterator

from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KEY = "visitor_key"
"""The setting that holds the key of the tokens."""


def key(register: Register) -> str | None:
    """The key that tokens are made with; None before the first export."""
    return register.setting(KEY)


def add_key(register: Register, key: str) -> None:
    """Keeps the key; inside a change."""
    register.execute("insert into register (key, value) values (?, ?)", (KEY, key))


def visits(register: Register) -> Iterator[Row]:
    """The visits of active members by a known browser: its token, whose, when, and with what.

    The one place that knows how a browser is joined to a member.
    """
    return register.read(
        "select v.visitor, v.member_id, u.at, u.environment from soc_category_visitors v"
        " join soc_category_usage u on u.id = v.id join member m on m.id = v.member_id"
        " where v.visitor is not null and m.status = 'active'",
        member="member_id",
    )


def attributes(register: Register) -> Iterator[Row]:
    """The attributes of active members who have come by a browser, by number."""
    return register.read(
        "select a.id, a.age, a.postal_code, a.occupation from soc_category_attributes a"
        " join member m on m.id = a.id where m.status = 'active'"
        " and a.id in (select member_id from soc_category_visitors where visitor is not null)"
        " order by a.id",
        member="id",
    )
