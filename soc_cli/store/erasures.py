"""What an erasure takes: the rows of one member or of an outsider's inquiry; what is known of it after."""

import json
from collections.abc import Mapping
from typing import Any

from soc_cli.model.journal import holds, members_of, ranges
from soc_cli.store.driver import Row
from soc_cli.store.journal import ERASE
from soc_cli.store.register import Register
from soc_cli.store.schema import TOLD, VACUUM_DUE

ERASE_INQUIRY = "erase-inquiry"
"""The act whose entry's details name the outsider's inquiry."""

ERASE_GUEST = "erase-guest"
"""The act whose entry's details name the guest."""

_COUNT = {
    "member": "select count(*) as n from member where id = :number",
    "membership": "select count(*) as n from membership where member_id = :number",
    "declaration": "select count(*) as n from declaration where member_id = :number",
    "inquiry": "select count(*) as n from inquiry where member_id = :number",
    "usage": "select count(*) as n from usage where member_id = :number",
    "link": "select count(*) as n from link where member_id = :number",
    "consent": "select count(*) as n from consent where member_id = :number",
    "notice_recipient": "select count(*) as n from notice_recipient where member_id = :number",
    "survey_target": "select count(*) as n from survey_target where member_id = :number",
    "told_apart": "select count(*) as n from told_apart where member_id = :number or other_id = :number",
    "stopped": "select count(*) as n from stopped where member_id = :number",
    "refusal": "select count(*) as n from refusal where member_id = :number",
    "merged": "select count(*) as n from merged where keep_id = :number",
    "written": "select count(*) as n from written where shown = 1 and (member = :number"
    " or member in (select other_id from merged where keep_id = :number))",
    "journal_subject": "select count(*) as n from journal_subject where shown = 1"
    " and (member = :number or member in (select other_id from merged where keep_id = :number))",
    "reply": "select count(*) as n from reply where inquiry_id in"
    " (select id from inquiry where member_id = :number)",
}
"""The kinds that an erasure tells of; nothing of what the member may not learn of. What was given to others stays, by number (`disclosures`)."""


def counted(upkeep: Register, number: int) -> dict[str, int]:
    """How many rows of each kind belong to a member alone."""
    return {kind: int(upkeep.look(sql, {"number": number})[0]["n"]) for kind, sql in _COUNT.items()}


def counted_of_inquiry(upkeep: Register, number: int) -> dict[str, int]:
    """How many rows belong to an outsider's inquiry."""
    replies = upkeep.look("select count(*) as n from reply where inquiry_id = ?", (number,))
    files = upkeep.look("select count(*) as n from written where inquiry_id = ?", (number,))
    return {"inquiry": 1, "reply": int(replies[0]["n"]), "written": int(files[0]["n"])}


def mark_due(upkeep: Register, numbers: list[int]) -> None:
    """Something was deleted: what the free bytes of the file may still hold is due to be given back.

    `numbers` are the members whose values it is.
    """
    due = members_of(upkeep.setting(VACUUM_DUE) or "")
    upkeep.execute("delete from register where key = ?", (VACUUM_DUE,))
    upkeep.execute(
        "insert into register (key, value) values (?, ?)", (VACUUM_DUE, ranges([*due, *numbers]))
    )


def owner_of_inquiry(upkeep: Register, number: int) -> int | None:
    """The member whose inquiry it is; 0 for an outsider's, None where there is none."""
    rows = upkeep.look("select member_id from inquiry where id = ?", (number,))
    return (rows[0]["member_id"] or 0) if rows else None


def inquiry_erased_on(register: Register, number: int) -> str | None:
    """The day on which the outsider's inquiry with this number was erased."""
    rows = register.look("select erased_on from erased_inquiry where id = ?", (number,))
    return str(rows[0]["erased_on"]) if rows else None


def inquiry_erased_with(upkeep: Register, number: int) -> tuple[str, int, str] | None:
    """The day of an inquiry's erasure, and the number and hash of its entry; None where it is not."""
    rows = upkeep.look(
        "select e.erased_on, j.number, j.hash from erased_inquiry e"
        " join journal_subject s on s.details = 'inquiry=' || e.id"
        " join journal j on j.number = s.number and j.act = ? where e.id = ?",
        (ERASE_INQUIRY, number),
    )
    return _erased(rows)


def guest_erased_with(upkeep: Register, number: int) -> tuple[str, int, str] | None:
    """The day of the erasure of a guest's name, and the number and hash of its entry; None where it is not."""
    rows = upkeep.look(
        "select e.erased_on, j.number, j.hash from erased_guest e"
        " join journal_subject s on s.details = 'guest=' || e.id"
        " join journal j on j.number = s.number and j.act = ? where e.id = ?",
        (ERASE_GUEST, number),
    )
    return _erased(rows)


def delete_inquiry(upkeep: Register, number: int, day: str) -> None:
    """Deletes an outsider's inquiry with its replies; the number stays known as erased."""
    mark_due(upkeep, [])
    upkeep.execute("delete from inquiry where id = ?", (number,))
    note_inquiry(upkeep, number, day)


def note(upkeep: Register, number: int, day: str) -> None:
    """A member's number is known as erased."""
    upkeep.execute("insert into erased (id, erased_on) values (?, ?)", (number, day))


def note_inquiry(upkeep: Register, number: int, day: str) -> None:
    """An inquiry's number is known as erased."""
    upkeep.execute("insert into erased_inquiry (id, erased_on) values (?, ?)", (number, day))


def erased_with(upkeep: Register, number: int) -> tuple[str, int, str] | None:
    """The day of a member's erasure, and the number and hash of its entry; None where it is not."""
    rows = upkeep.look(
        "select e.erased_on, j.number, j.hash, s.members from erased e join journal j on j.act = ?"
        " join journal_subject s on s.number = j.number where e.id = ? order by j.number",
        (ERASE, number),
    )
    return _erased([row for row in rows if holds(row["members"], number)])


def tell(upkeep: Register, number: int, told: Mapping[str, object]) -> None:
    """Keeps what the certificate of an erasure tells until its last bytes are gone."""
    kept = json.loads(upkeep.setting(TOLD) or "{}")
    kept[str(number)] = told
    upkeep.execute("delete from register where key = ?", (TOLD,))
    upkeep.execute(
        "insert into register (key, value) values (?, ?)",
        (TOLD, json.dumps(kept, ensure_ascii=False)),
    )


def told(upkeep: Register, number: int) -> dict[str, Any]:
    """What the certificate of an erasure tells that is not finished yet."""
    found = json.loads(upkeep.setting(TOLD) or "{}").get(str(number), {})
    return dict(found)


def _erased(rows: list[Row]) -> tuple[str, int, str] | None:
    return (str(rows[0][0]), int(rows[0][1]), str(rows[0][2])) if rows else None
