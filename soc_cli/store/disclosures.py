"""The ledger: consents (D1), and what was given to others (D1 to D4)."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence

from soc_cli.store.driver import Row
from soc_cli.store.register import Register

CONSENT = (
    "member_id", "recipient", "items", "how", "given_on", "evidence_sha256", "country",
    "country_information", "identity_check", "purpose",
)  # fmt: skip

RECORD = (
    "made_at", "ground", "kind", "recipient", "recipient_address", "recipient_representative",
    "items", "fields", "file_sha256", "visible_to_member", "not_shown_because", "keep_through",
    "corrects_id",
)  # fmt: skip

CORRECTION = ("correction", "corrected_on")
"""Fields of a record that corrects an older one: what was wrong there, and the day of this one."""


def _insert(
    register: Register, table: str, columns: Sequence[str], values: Mapping[str, object]
) -> int:
    blanks = ", ".join(f":{name}" for name in columns)
    cursor = register.execute(
        f"insert into {table} ({', '.join(columns)}) values ({blanks})", values
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def give(upkeep: Register, values: Mapping[str, object]) -> int:
    """Adds a consent; gives its number."""
    return _insert(upkeep, "consent", CONSENT, values)


def withdraw(upkeep: Register, number: int, day: str) -> None:
    """Marks a consent as withdrawn."""
    upkeep.execute("update consent set withdrawn_on = ? where id = ?", (day, number))


def bring_in_consent(upkeep: Register, values: Mapping[str, object]) -> int:
    """Adds a consent as it stood elsewhere, with its number and withdrawal; gives its number."""
    columns = ("id", *CONSENT, "withdrawn_on")
    stored = {**dict.fromkeys(columns), **values}
    stored |= {"id": values.get("number"), "member_id": values["member"]}
    return _insert(upkeep, "consent", columns, stored)


def correct_consent(upkeep: Register, number: int, values: Mapping[str, object]) -> None:
    """Sets the given fields of a consent."""
    stored = {"member_id" if key == "member" else key: value for key, value in values.items()}
    assert stored.keys() <= {*CONSENT, "withdrawn_on"}
    assignments = ", ".join(f"{name} = :{name}" for name in stored)
    upkeep.execute(f"update consent set {assignments} where id = :id", {**stored, "id": number})


_LISTED = f"id, {', '.join(CONSENT)}, withdrawn_on"


def consents(upkeep: Register, number: int | None = None) -> list[Row]:
    """The consents, oldest first, with members by number; or the one with this number."""
    where = "where id = ?" if number is not None else ""
    return upkeep.look(
        f"select {_LISTED} from consent {where} order by id", () if number is None else (number,)
    )


def consent_of(register: Register, number: int) -> Row | None:
    """The consent with this number, if it is one of the members of this disclosure."""
    rows = register.read(
        f"select {_LISTED} from soc_disclosure_consent where id = ?", (number,), member="member_id"
    )
    return next(iter(list(rows)), None)


def extract(register: Register, items: Sequence[str]) -> list[dict[str, object]]:
    """The named items of the named members, by number, and nothing else."""
    rows = register.read(
        f"select {', '.join(('id', *items))} from soc_disclosure order by id", member="id"
    )
    return [{key: row[key] for key in ("id", *items)} for row in rows]


def names(register: Register) -> dict[int, str]:
    """The names of the members of this disclosure, for a record that must hold them (D1)."""
    rows = register.read("select id, name from soc_disclosure_name order by id", member=None)
    return {row["id"]: row["name"] for row in rows}


def record(
    register: Register,
    values: Mapping[str, object],
    members: Sequence[int],
    names: Mapping[int, str],
) -> int:
    """Adds a record, its members by number and a random handle; gives its number."""
    stored = {"id": None, **values, "fields": json.dumps(values["fields"], ensure_ascii=False)}
    number = _insert(register, "disclosure", ("id", *RECORD), stored)
    for member in members:
        register.execute(
            "insert into disclosure_member (disclosure_id, member_id, handle, name) values (?, ?, ?, ?)",
            (number, member, os.urandom(8).hex(), names.get(member)),
        )
    return number


def take_back(register: Register, number: int) -> None:
    """Removes the record of a file that could not be written."""
    register.execute("delete from disclosure_member where disclosure_id = ?", (number,))
    register.execute("delete from disclosure where id = ?", (number,))


def records(upkeep: Register, number: int | None = None) -> Iterator[dict[str, object]]:
    """The records, oldest first, with members by number; or the one with this number."""
    where = "where id = ?" if number is not None else ""
    rows = upkeep.look(
        f"select id, {', '.join(RECORD)} from disclosure {where} order by id",
        () if number is None else (number,),
    )
    for row in rows:
        members = upkeep.look(
            "select member_id from disclosure_member where disclosure_id = ? order by member_id",
            (row["id"],),
        )
        yield {
            **{key: row[key] for key in ("id", *RECORD)},
            "fields": json.loads(row["fields"]),
            "members": [member["member_id"] for member in members],
        }


def corrected(register: Register, number: int) -> bool:
    """Whether a newer record corrects the one with this number; `corrects` names nobody."""
    return bool(register.look("select 1 from disclosure where corrects_id = ?", (number,)))


def of_file(upkeep: Register, sha256: str | None) -> int | None:
    """The record of the extract with this SHA-256."""
    rows = upkeep.look("select max(id) as number from disclosure where file_sha256 = ?", (sha256,))
    number = rows[0]["number"]
    return None if number is None else int(number)


def counted(upkeep: Register, year: int | None) -> list[Row]:
    """How many records there are of each ground and kind, and how many members they are about."""
    return upkeep.look(
        "select d.ground, d.kind, count(distinct d.id) as disclosures,"
        " count(distinct m.member_id) as members from disclosure d"
        " left join disclosure_member m on m.disclosure_id = d.id"
        " where (:first is null or d.made_at between :first and :last)"
        " and not exists (select 1 from disclosure n where n.corrects_id = d.id)"
        " group by d.ground, d.kind",
        {
            "first": None if year is None else f"{year:04}-",
            "last": None if year is None else f"{year:04}-~",
        },
    )


def forget(upkeep: Register, member: int) -> None:
    """Takes the words about an erased member out of the records on the grounds D2, D3 and D4.

    These keep the ground, the document, the items, the number and the handle (R1). A record of
    several members keeps its words until the last of them goes.
    """
    rows = upkeep.look(
        "select d.id, d.ground, d.fields from disclosure d"
        " join disclosure_member m on m.disclosure_id = d.id"
        " where m.member_id = ? and d.ground <> 'consent'"
        " and not exists (select 1 from disclosure_member o join member l on l.id = o.member_id"
        " where o.disclosure_id = d.id and o.member_id <> ?)",
        (member, member),
    )
    for row in rows:
        document = row["ground"] == "authority"
        kept = {
            key: said
            for key, said in json.loads(row["fields"]).items()
            if (key not in CORRECTION if document else key == "protects")
        }
        upkeep.execute(
            "update disclosure set fields = :fields, not_shown_because = case"
            " when ground = 'authority' or not_shown_because is null then not_shown_because"
            " else '-' end where id = :id",
            {"fields": json.dumps(kept, ensure_ascii=False), "id": row["id"]},
        )


def retained(upkeep: Register, member: int, shown: bool) -> list[str]:
    """The last days of the D1 records about a member, which outlive an erasure (Act art. 29).

    `shown` leaves out the records that the member may not see.
    """
    rows = upkeep.look(
        "select distinct d.keep_through from disclosure d"
        " join disclosure_member m on m.disclosure_id = d.id"
        " where m.member_id = ? and d.keep_through is not null and d.visible_to_member >= ?"
        " order by d.keep_through",
        (member, int(shown)),
    )
    return [row["keep_through"] for row in rows]
