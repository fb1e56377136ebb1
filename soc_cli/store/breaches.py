"""Whom and what the register held at a moment, as numbers; and who wrote which file when."""

from collections.abc import Sequence

from soc_cli.model.journal import members_of
from soc_cli.store.driver import Row
from soc_cli.store.register import Register


def members_at(upkeep: Register, until: str) -> list[int]:
    """The members of today who were in the register at a moment, whatever has come of them since.

    Whoever the journal names in a registration for the first time after it came later.
    """
    rows = upkeep.look(
        "select j.at, s.members from journal j join journal_subject s on s.number = j.number"
        " where j.act in ('register', 'import') and j.occasion = 'registration'"
        " and j.outcome = 'done'"
    )
    before: set[int] = set()
    after: set[int] = set()
    for row in rows:
        (after if row["at"] > until else before).update(members_of(row["members"]))
    there = {row["id"] for row in upkeep.look("select id from member")}
    return sorted(there - (after - before))


def erased_since(upkeep: Register, day: str) -> int:
    """How many members were erased on a day or since, so that they may have been there before."""
    rows = upkeep.look("select count(*) as n from erased where erased_on >= ?", (day,))
    return int(rows[0]["n"])


def outsiders_at(upkeep: Register, until: str) -> int:
    """How many persons who are no members were there at a moment: each inquiry another, and each guest.

    Those that were erased on its day or since count too. When a guest was named is known to no upkeep,
    so that all of them count.
    """
    rows = upkeep.look(
        "select (select count(*) from inquiry where member_id is null and received_at <= :until)"
        " + (select count(*) from erased_inquiry where erased_on >= substr(:until, 1, 10))"
        " + (select count(*) from guest)"
        " + (select count(*) from erased_guest where erased_on >= substr(:until, 1, 10)) as n",
        {"until": until},
    )
    return int(rows[0]["n"])


def in_ledger_at(upkeep: Register, until: str) -> int:
    """How many persons beside the members the ledger of disclosures names up to a moment, at most.

    The representatives of recipients, the officers who inquired, and those who were erased before
    and whose record is kept.
    """
    rows = upkeep.look(
        "select (select count(distinct recipient_representative) from disclosure"
        "  where made_at <= :until)"
        " + (select count(*) from disclosure where made_at <= :until and kind = 'inquiry')"
        " + (select count(distinct m.member_id) from disclosure_member m"
        "  join disclosure d on d.id = m.disclosure_id where d.made_at <= :until"
        "  and m.member_id not in (select id from member) and m.member_id not in"
        "  (select id from erased where erased_on >= substr(:until, 1, 10))) as n",
        {"until": until},
    )
    return int(rows[0]["n"])


_HELD = (
    "select 'declaration' as name, exists (select 1 from declaration) as held"
    " union all select 'guest', exists (select 1 from guest)"
    " union all select 'inquiry', exists (select 1 from inquiry)"
    " union all select 'usage', exists (select 1 from usage)"
    " union all select 'consent', exists (select 1 from consent)"
    " union all select 'disclosure', exists (select 1 from disclosure)"
    " union all select 'refusal', exists (select 1 from refusal)"
    " union all select 'survey_target', exists (select 1 from survey_target)"
)


def tables_held(upkeep: Register) -> set[str]:
    """The tables with personal data in them, beside the registrations, that are not empty."""
    return {row["name"] for row in upkeep.look(_HELD) if row["held"]}


def file_on_record(upkeep: Register, path: str) -> list[Row]:
    """What is on record of the newest file of this path: a row for all, or one for each inquiry."""
    return upkeep.look(
        "select id, at, kind, path, members, inquiry_id from written"
        " where path = :path and at = (select max(at) from written where path = :path) order by id",
        {"path": path},
    )


def file_of_number(upkeep: Register, number: int) -> str | None:
    """The path of the file with this number on record."""
    rows = upkeep.look("select path from written where id = ?", (number,))
    return rows[0]["path"] if rows else None


def files(upkeep: Register) -> Sequence[Row]:
    """The files on record, newest first, each path once."""
    return upkeep.look(
        "select min(id) as id, max(at) as at, kind, path from written group by kind, path"
        " order by 2 desc, 1 desc"
    )


def acts_at(upkeep: Register, since: str, at: str) -> list[Row]:
    """Who did what from one moment to another, newest first."""
    return upkeep.look(
        "select at, operator, command, categories from journal"
        " where at between ? and ? and outcome = 'done' order by number desc",
        (since, at),
    )
