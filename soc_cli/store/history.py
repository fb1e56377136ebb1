"""What happened around one member, or one outsider: entries of the journal, meetings, inquiries, usage."""

import json
from collections.abc import Iterator
from typing import Any

from soc_cli.model.frozen import frozen
from soc_cli.model.marks import NAME
from soc_cli.store.register import Register


@frozen
class Seen:
    """One entry of the journal, as whom it is about may see it."""

    at: str
    operator: str
    purpose: str
    command: str
    act: str
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    details: str


def seen(own_record: Register) -> list[Seen]:
    """The entries about whom the register is open for, oldest first."""
    rows = own_record.read(
        "select h.number as id, j.at, j.operator, j.purpose, j.command, j.act, j.categories, h.fields, h.details"
        " from soc_category_history h join journal j on j.number = h.number"
        " where j.outcome <> 'refused' order by h.number",
        member=None,
    )
    return [
        Seen(
            row["at"],
            row["operator"],
            row["purpose"],
            row["command"],
            row["act"],
            tuple(filter(None, row["categories"].split(","))),
            tuple(filter(None, row["fields"].split(","))),
            row["details"],
        )
        for row in rows
    ]


def refused(upkeep: Register, act: str, member: int, since: str, before: int | None = None) -> int:
    """How often an act on one member was refused since a moment (ISO 8601), `before` an entry; upkeep."""
    rows = upkeep.look(
        "select count(*) as n from journal_subject s join journal j on j.number = s.number"
        " where s.member = ?1 and j.act = ?2 and j.outcome = 'refused' and j.at >= ?3"
        " and (?4 is null or j.number < ?4)",
        (member, act, since, before),
    )
    return int(rows[0]["n"])


def verified(upkeep: Register, member: int, day: str) -> int | None:
    """The entry of the day by which a member's identity was checked; upkeep."""
    rows = upkeep.look(
        "select max(j.number) as entry from journal_subject s join journal j on j.number = s.number"
        " where s.member = ? and j.act = 'verify' and j.outcome = 'done' and j.at >= ?",
        (member, day),
    )
    entry = rows[0]["entry"]
    return int(entry) if entry is not None else None


def carried_out(upkeep: Register, act: str, request: int) -> int | None:
    """The newest entry of an act by which a request was carried out; upkeep."""
    rows = upkeep.look(
        "select max(j.number) as entry from journal_subject s join journal j on j.number = s.number"
        " where j.act = ? and j.outcome = 'done' and s.details in (?, ?)",
        (act, f"request={request}", f"inquiry={request}"),
    )
    entry = rows[0]["entry"]
    return int(entry) if entry is not None else None


def _dicts(rows: Iterator[Any]) -> list[dict[str, object]]:
    return [{key: row[key] for key in row.keys()} for row in rows]  # noqa: SIM118


def periods(own_record: Register) -> list[dict[str, object]]:
    """The periods of membership that are over, oldest first."""
    rows = own_record.look(
        "select joined_on, left_on from membership where member_id = ? order by left_on, id",
        (own_record.grant.member,),
    )
    return _dicts(iter(rows))


def refusals(own_record: Register) -> list[dict[str, object]]:
    """The member's refusals, oldest first, with what the marks are made of (P8)."""
    found = _dicts(
        own_record.read(
            "select id, rule, reason, status_before, refused_on, until, readmitted_on"
            " from soc_category_history_refusal order by id",
            member=None,
        )
    )
    marks = _dicts(
        own_record.read(
            "select distinct refusal_id, kind from soc_category_history_refusal_mark where kind <> ?"
            " order by refusal_id, kind",
            (NAME,),
            member=None,
        )
    )
    for refusal in found:
        number = refusal.pop("id")
        refusal["marks"] = [mark["kind"] for mark in marks if mark["refusal_id"] == number]
    return found


def merged(own_record: Register) -> list[dict[str, object]]:
    """The records that were merged into the member's, with all that is kept of them, oldest first."""
    found = _dicts(
        own_record.read(
            "select other_id as number, merged_on, registration, undo"
            " from soc_category_history_merged order by id",
            member=None,
        )
    )
    for one in found:
        registration = json.loads(str(one["registration"]))
        keys = [key for key in registration if key.endswith("_key")]
        one["registration"] = {k: v for k, v in registration.items() if k not in keys}
        undo = json.loads(str(one.pop("undo")))
        one["before"] = {key: before for key, (before, _after) in undo["fields"].items()}
        one["declarations"] = [
            {
                "meeting": pair[side]["meeting_id"],
                **{
                    key: pair[side].get(key)
                    for key in ("declared_on", "attendance", "companions", "waiting")
                },
            }
            for pair in undo["declarations"]
            for side in ("before", "removed")
        ]
    return found


def meetings(own_record: Register) -> list[dict[str, object]]:
    """The member's declarations and attendance, by day."""
    return _dicts(
        own_record.read(
            "select d.meeting_id as meeting, m.title, m.date, d.declared_on, d.attendance,"
            " d.companions, d.waiting from soc_category_meetings d join meeting m on m.id = d.meeting_id order by m.date, m.id",
            member=None,
        )
    )


def inquiries(own_record: Register) -> list[dict[str, object]]:
    """The inquiries of a member or an outsider with their replies, oldest first."""
    found = _dicts(
        own_record.read(
            "select id as number, received_at, channel, kind, from_name, from_contact, subject, body,"
            " status, due_on, answered_at, identity, identity_check, agent, mandate, outcome, reason,"
            " fee, linked_on from soc_category_inquiries order by id",
            member=None,
        )
    )
    replies = _dicts(
        own_record.read(
            "select inquiry_id, replied_at, body from soc_category_inquiries_reply order by id",
            member=None,
        )
    )
    for inquiry in found:
        inquiry["replies"] = [
            {"replied_at": reply["replied_at"], "body": reply["body"]}
            for reply in replies
            if reply["inquiry_id"] == inquiry["number"]
        ]
    return found


def stops(own_record: Register) -> list[dict[str, object]]:
    """The uses that the member had stopped, oldest first."""
    return _dicts(
        own_record.read(
            "select purpose, since from soc_category_history_stopped order by since, id",
            member=None,
        )
    )


def usage(own_record: Register) -> list[dict[str, object]]:
    """The member's usage of the services, with its traces, oldest first."""
    return _dicts(
        own_record.read(
            "select u.at, u.page, u.method, u.status, u.environment, u.service, u.action, t.ip, t.cookie,"
            " t.sign_in from soc_category_usage u join soc_category_traces t on t.id = u.id"
            " order by u.at, u.id",
            member=None,
        )
    )


def links(own_record: Register) -> list[dict[str, object]]:
    """The cookies and sign-ins that the club says are the member's, the first one first (C5, K1)."""
    return _dicts(
        own_record.read(
            "select kind, token, linked_on from soc_category_traces_link order by id", member=None
        )
    )


def surveys(own_record: Register) -> list[dict[str, object]]:
    """The surveys that the member was picked for: when, by which attributes, and under which token."""
    found = _dicts(
        own_record.read(
            "select s.made_at as picked_at, s.title, s.filters, t.token from soc_category_invitations t"
            " join survey s on s.id = t.survey_id order by s.id, t.token",
            member=None,
        )
    )
    return [{**one, "filters": json.loads(str(one["filters"]))} for one in found]


def consents(own_record: Register) -> list[dict[str, object]]:
    """What the member agreed to, oldest first."""
    found = _dicts(
        own_record.read(
            "select recipient, items, purpose, how, given_on, evidence_sha256, country,"
            " country_information, identity_check, withdrawn_on from soc_category_history_consent order by id",
            member=None,
        )
    )
    return [{**one, "items": str(one["items"]).split(",")} for one in found]


def files(own_record: Register) -> list[dict[str, object]]:
    """When the program wrote files with the member in them, and of which kind, oldest first.

    Without their numbers and paths: a gap, or a name in a path, would tell of others.
    """
    return _dicts(
        own_record.read(
            "select distinct at, kind from soc_category_history_written order by at, kind",
            member=None,
        )
    )


def notices(own_record: Register) -> list[dict[str, object]]:
    """What the member was told when, and why where it was no notice but necessary, oldest first."""
    found = _dicts(
        own_record.read(
            "select n.at, n.subject, n.channel, n.reason, r.household"
            " from soc_category_history_notice n"
            " join soc_category_history_notice_recipient r on r.notice_id = n.id order by n.at, r.id",
            member=None,
        )
    )
    return [{**one, "household": bool(one["household"])} for one in found]


OTHERS = ("whose", "officer")
"""Fields of a ground that may name somebody else: not the member's own data."""


def disclosures(own_record: Register) -> list[dict[str, object]]:
    """What was given to others, as far as the member may see it, oldest first.

    Without numbers: a gap in them would tell of a record that is not shown.
    """
    found = _dicts(
        own_record.read(
            "select d.made_at, d.ground, d.kind, d.fields, d.recipient, d.recipient_address,"
            " d.recipient_representative, d.items, d.file_sha256, d.keep_through, m.name,"
            " exists (select 1 from soc_category_history_disclosure n where n.corrects_id = d.id)"
            " as corrected_since from soc_category_history_disclosure d"
            " join soc_category_history_disclosure_member m on m.disclosure_id = d.id order by d.id",
            member=None,
        )
    )
    return [
        {
            **one,
            "items": str(one["items"]).split(","),
            "corrected_since": bool(one["corrected_since"]),
            "fields": {k: v for k, v in json.loads(str(one["fields"])).items() if k not in OTHERS},
        }
        for one in found
    ]
