"""Visits and other use of the services, and which cookies and sign-ins are whose (C1, C5, K1)."""

from collections.abc import Iterable, Iterator, Sequence

from soc_cli.model.visits import COOKIE, SIGN_IN
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

Links = dict[tuple[str, str], int]
"""Members by the kind and the value of what is theirs."""
Stored = dict[tuple[str, int], list[tuple[int, bool]]]
"""Visits by moment and digest: the numbers of their rows, and whether each lacks a cookie."""

_AT_A_TIME = 500
"""Moments in one question, and cookies in one page."""


# Visits ---------------------------------------------------------------------------------------


def last(upkeep: Register) -> int:
    """The number of the newest row; 0 where there is none."""
    return int(upkeep.look("select coalesce(max(id), 0) as id from usage")[0]["id"])


def any_between(upkeep: Register, first: str, end: str, up_to: int) -> bool:
    """Whether anything from one moment to another is among the rows up to a number."""
    return bool(
        upkeep.look(
            "select 1 from usage where at between ? and ? and id <= ? limit 1", (first, end, up_to)
        )
    )


def stored(upkeep: Register, moments: Sequence[str], up_to: int) -> Stored:
    """The visits of these moments among the rows up to a number."""
    found: Stored = {}
    for start in range(0, len(moments), _AT_A_TIME):
        some = moments[start : start + _AT_A_TIME]
        blanks = ", ".join("?" * len(some))
        for row in upkeep.look(
            "select id, at, digest, cookie is null as bare from usage"
            f" where at in ({blanks}) and digest is not null and id <= ? order by id",
            (*some, up_to),
        ):
            found.setdefault((row["at"], row["digest"]), []).append((row["id"], bool(row["bare"])))
    return found


def add_visits(upkeep: Register, rows: Iterable[Sequence[object]]) -> None:
    """Adds visits: digest, at, page, method, status, environment, ip, cookie, sign-in and member."""
    upkeep.execute_all(
        "insert into usage (digest, at, page, method, status, environment, ip, cookie, sign_in, member_id)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def complete(upkeep: Register, rows: Iterable[tuple[str, int]]) -> None:
    """Adds the cookie, by the number of its row, to visits that were taken in without one."""
    upkeep.execute_all("update usage set cookie = ? where id = ?", rows)


# Services -------------------------------------------------------------------------------------


def used(upkeep: Register, member: int, at: str, digest: int) -> list[int]:
    """The rows that say this of a member at a moment."""
    rows = upkeep.look(
        "select id from usage where member_id = ? and at = ? and digest = ? order by id",
        (member, at, digest),
    )
    return [row["id"] for row in rows]


def add_use(
    upkeep: Register, member: int, at: str, service: str, action: str | None, page: str | None, digest: int
) -> int:  # fmt: skip
    """Adds a use of a service; gives the number of its row."""
    cursor = upkeep.execute(
        "insert into usage (member_id, at, service, action, page, digest) values (?, ?, ?, ?, ?, ?)",
        (member, at, service, action, page, digest),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


# Links ----------------------------------------------------------------------------------------


def links(upkeep: Register) -> Links:
    """Every cookie and sign-in that is known as somebody's."""
    rows = upkeep.look("select kind, token, member_id from link")
    return {(row["kind"], row["token"]): row["member_id"] for row in rows}


def linked(upkeep: Register, kind: str, token: str) -> int | None:
    """Whose a cookie or sign-in is."""
    rows = upkeep.look("select member_id from link where kind = ? and token = ?", (kind, token))
    return rows[0]["member_id"] if rows else None


def link(upkeep: Register, kind: str, token: str, member: int) -> int:
    """Keeps whose a cookie or sign-in is; gives the number of the row."""
    cursor = upkeep.execute(
        "insert into link (kind, token, member_id, linked_on) values (?, ?, ?, ?)",
        (kind, token, member, upkeep.today.isoformat()),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def unlink(upkeep: Register, kind: str, token: str) -> None:
    """Forgets whose a cookie or sign-in is."""
    upkeep.execute("delete from link where kind = ? and token = ?", (kind, token))


_OWNER = (
    "coalesce((select l.member_id from link l where l.kind = 'sign-in' and l.token = usage.sign_in),"
    " (select l.member_id from link l where l.kind = 'cookie' and l.token = usage.cookie))"
)
"""Whose a visit is: a sign-in says who it was, a cookie only which browser."""

_JOIN = {
    COOKIE: f"update usage set member_id = {_OWNER} where cookie = ?",
    SIGN_IN: f"update usage set member_id = {_OWNER} where sign_in = ?",
}
_COUNT = {
    COOKIE: "select count(*) as n from usage where cookie = ?",
    SIGN_IN: "select count(*) as n from usage where sign_in = ?",
}


def join(upkeep: Register, kind: str, token: str) -> int:
    """Joins the visits of a cookie or sign-in to the member whose it is now; gives how many there are."""
    upkeep.execute(_JOIN[kind], (token,))
    return int(upkeep.look(_COUNT[kind], (token,))[0]["n"])


_SEEN = (
    "select {column} as token, min(at) as first, max(at) as last, count(*) as visits from usage"
    " where {column} > ? group by {column} order by {column} limit ?"
)
_SEEN_BY = {COOKIE: _SEEN.format(column="cookie"), SIGN_IN: _SEEN.format(column="sign_in")}


def seen(upkeep: Register, kind: str) -> Iterator[Row]:
    """Every cookie, or sign-in, with its first and last moment and its visits, in its order."""
    token = ""
    while rows := upkeep.look(_SEEN_BY[kind], (token, _AT_A_TIME)):
        yield from rows
        token = rows[-1]["token"]


# Counts (P2) ----------------------------------------------------------------------------------

_COUNTED = (
    "select {what} as what, count(*) as visits, count(member_id) as members_visits,"
    " min(at) as first, max(at) as last from soc_category_usage{where} group by {what}"
)
_COUNTS = {
    "page": _COUNTED.format(what="page", where="") + " order by visits desc, what",
    "environment": _COUNTED.format(what="environment", where="") + " order by visits desc, what",
    "service": _COUNTED.format(what="service", where=" where service is not null")
    + " order by visits desc, what",
    "day": _COUNTED.format(what="substr(at, 1, 10)", where="") + " order by what",
    "hour": _COUNTED.format(what="substr(at, 12, 2)", where="") + " order by what",
}
BY_WHAT = tuple(_COUNTS)


def counts(improve: Register, what: str) -> Iterator[Row]:
    """How often the services were used, by one of BY_WHAT: numbers, which tell of nobody by themselves."""
    return improve.read(_COUNTS[what], member=None)
