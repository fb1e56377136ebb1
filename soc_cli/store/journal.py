"""The journal: a hash chain over salted commitments, so that a subject can be erased later.

An entry has a head (when, operator, purpose, command, act, occasion, categories, outcome), which
stays, and a subject (member numbers, names of corrected fields, details), which is bound into the
chain by `commitment = SHA-256(salt, subject)` alone. With its salt a subject is gone for good: the
chain still verifies, and nothing in it can be tried back to a person.
"""

import json
import os
from collections.abc import Iterator, Sequence

from soc_cli.model.digest import sha256
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry, members_of, ranges
from soc_cli.store.driver import Connection, OperationalError, Row

GENESIS = "0" * 64
LAST = 2**63 - 1
"""The highest number that SQLite has for an entry; reached by forgery alone."""
INIT = "init"
"""The act of the first entry of every register."""
ERASE = "erase"
"""The act whose entry's details name the entries that lost their subject."""

HEAD = (
    "number",
    "at",
    "operator",
    "purpose",
    "command",
    "act",
    "occasion",
    "categories",
    "outcome",
)


def _digest(*parts: object) -> str:
    """SHA-256 over the parts as one JSON array, so that no two different lists of parts collide."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


@frozen
class Stamp:
    """Who acts now, through which command, for which purpose, and when."""

    at: str
    operator: str
    purpose: str
    command: str


def append(con: Connection, stamp: Stamp, entry: Entry) -> int:
    """Writes one entry at the end of the chain, inside the caller's transaction; gives its number."""
    last = con.execute("select number, hash from journal order by number desc limit 1").fetchone()
    number, previous = (last["number"] + 1, last["hash"]) if last else (1, GENESIS)
    # By the counter: what follows a tail that was cut off leaves the gap that tells of it.
    given = con.execute("select seq from sqlite_sequence where name = 'journal'").fetchone()
    seq = given["seq"] if given else 0
    if not isinstance(seq, int):
        raise OperationalError("malformed journal: its counter is no number")
    number = max(number, seq + 1)
    if number > LAST:
        raise OperationalError("malformed journal: no number is left")
    subject = (ranges(entry.members), ",".join(entry.fields), entry.details, int(entry.shown))
    salt = os.urandom(16).hex()
    commitment = _digest(salt, *subject)
    head = (
        number, stamp.at, stamp.operator, stamp.purpose, stamp.command, entry.act, entry.occasion,
        ",".join(entry.categories), entry.outcome,
    )  # fmt: skip
    con.execute(
        "insert into journal (number, at, operator, purpose, command, act, occasion, categories,"
        " outcome, commitment, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*head, commitment, _digest(previous, *head, commitment)),
    )
    con.execute(
        "insert into journal_subject (number, salt, members, fields, details, shown)"
        " values (?, ?, ?, ?, ?, ?)",
        (number, salt, *subject),
    )
    return number


@frozen
class Written:
    """An entry as it stands in the journal; `members` is None where the subject was erased."""

    number: int
    at: str
    operator: str
    purpose: str
    command: str
    act: str
    occasion: str | None
    categories: tuple[str, ...]
    outcome: str
    hash: str
    members: str | None
    fields: tuple[str, ...]
    details: str


def entries(con: Connection, last: int | None = None) -> Iterator[Written]:
    """The entries in their order, or the `last` ones of them."""
    after = -1
    if last is not None:
        after = con.execute("select coalesce(max(number), 0) - ? from journal", (last,)).fetchone()[
            0
        ]
    for row in con.execute(
        "select j.number, at, operator, purpose, command, act, occasion, categories, outcome, hash,"
        " members, fields, details from journal j left join journal_subject s on s.number = j.number"
        " where j.number > ? order by j.number",
        (after,),
    ):
        yield Written(
            **{key: row[key] for key in (*HEAD, "hash", "members")}
            | {
                "categories": tuple(filter(None, row["categories"].split(","))),
                "fields": tuple(filter(None, (row["fields"] or "").split(","))),
                "details": row["details"] or "",
            }
        )


def head(con: Connection) -> tuple[int, str]:
    """Number and hash of the newest entry; (0, zeros) where there is none."""
    row = con.execute("select number, hash from journal order by number desc limit 1").fetchone()
    return (row["number"], row["hash"]) if row else (0, GENESIS)


def forget(con: Connection, members: Sequence[int]) -> list[int]:
    """Erases the subject of every entry that is about nobody but these members; gives their numbers."""
    about: set[int] = set()
    for member in members:
        rows = con.execute("select number from journal_subject where member = ?", (member,))
        about |= {row["number"] for row in rows}
    if len(members) > 1:  # numbers of one person, who was merged: their entries name them together
        rows = con.execute(
            "select number, members from journal_subject"
            " where member is null and members glob '[0-9]*' and length(members) < 1000"
        )
        about |= {r["number"] for r in rows if set(members_of(r["members"])) <= set(members)}
    con.executemany("delete from journal_subject where number = ?", ((n,) for n in sorted(about)))
    return sorted(about)


@frozen
class Fault:
    """The first entry that does not verify, and what is wrong with it."""

    number: int
    reason: str


CHANGED = "changed"
MISSING = "missing"
SUBJECT_CHANGED = "subject changed"
SUBJECT_MISSING = "subject missing"
NOT_THE_HEAD = "not the head kept outside"


def _links(con: Connection) -> Iterator[Row]:
    """Every entry with what binds it; what is no text any more is given all the same, as other text."""
    usual, con.text_factory = con.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield from con.execute(
            "select j.number, at, operator, purpose, command, act, occasion, categories, outcome,"
            " commitment, hash, salt, members, fields, details, shown"
            " from journal j left join journal_subject s on s.number = j.number order by j.number"
        )
    finally:
        con.text_factory = usual


def verify(con: Connection, kept: Sequence[tuple[int, str]] = ()) -> Fault | None:
    """Walks every link; gives the first entry that was changed, removed, swapped or cut.

    `kept` are heads kept outside (number, hash): the chain must hold each of them. Without one,
    a journal that was cut or written anew from some entry on can't be told from a true one.
    """
    erased = {
        row["id"]
        for row in con.execute("select id from erased where id not in (select id from member)")
    }
    forgotten: set[int] = set()
    missing: list[int] = []
    hashes: dict[int, str] = {}
    wanted = {number for number, _hash in kept}
    expected, previous = 1, GENESIS
    for row in _links(con):
        number = row["number"]
        if number == 1 and row["act"] != INIT:
            return Fault(1, CHANGED)
        if number > expected:
            return Fault(expected, MISSING)
        if number < expected or row["hash"] != _digest(
            previous, *(row[key] for key in HEAD), row["commitment"]
        ):
            return Fault(number, CHANGED)
        if number in wanted:
            hashes[number] = row["hash"]
        if row["salt"] is None:
            if row["act"] == ERASE:
                return Fault(number, SUBJECT_MISSING)
            missing.append(number)
        elif row["commitment"] != _digest(
            *(row[key] for key in ("salt", "members", "fields", "details", "shown"))
        ):
            return Fault(number, SUBJECT_CHANGED)
        elif row["act"] == ERASE and set(members_of(row["members"])) <= erased:
            forgotten.update(n for n in members_of(row["details"]) if n < number)
        expected, previous = number + 1, row["hash"]
    for number, hash in kept:
        if number >= expected or expected == 1:
            return Fault(expected, MISSING)
        if hashes.get(number) != hash:
            return Fault(number, NOT_THE_HEAD)
    ever = con.execute("select seq from sqlite_sequence where name = 'journal'").fetchone()
    if expected == 1 or ever is None or ever["seq"] != expected - 1:
        return Fault(expected, MISSING)
    unaccounted = [number for number in missing if number not in forgotten]
    if unaccounted:
        return Fault(unaccounted[0], SUBJECT_MISSING)
    orphan = con.execute(
        "select min(number) from journal_subject where number not in (select number from journal)"
    ).fetchone()[0]
    return Fault(orphan, MISSING) if orphan is not None else None
