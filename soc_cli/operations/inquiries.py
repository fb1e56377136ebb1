"""The acts on inquiries: log, look up, reply, close (C2, P9, R1)."""

from collections.abc import Mapping
from datetime import datetime

from soc_cli.model import fields
from soc_cli.model.clocks import answer_by
from soc_cli.model.errors import NotFound, WrongData, WrongUse
from soc_cli.model.fields import FieldError
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.store import inquiries
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KINDS = (
    "question", "complaint", "view", "correct", "delete", "purposes", "stop-use",
    "third-party-records", "other",
)  # fmt: skip
REQUESTS = ("view", "correct", "delete", "purposes", "stop-use", "third-party-records")
"""Kinds with a clock: requests under R1, and the Act's articles 32, 33(5) and 35."""

KEYS = (
    "number", "received_at", "channel", "kind", "member", "from_name", "from_contact", "subject",
    "body", "status", "due_on", "answered_at", "replies",
)  # fmt: skip


def log(
    register: Register, texts: Mapping[str, str | None], member: int | None
) -> tuple[int, str | None]:
    """Logs an inquiry of a member or an outsider (occasion: inquiry); gives its number and due day."""
    if member is not None and (texts.get("from_name") or texts.get("from_contact")):
        raise WrongUse(
            _("an inquiry is a member's or an outsider's"), _("say --member, or --from-name")
        )
    now = register.run.clock.now()
    kind = texts.get("kind") or "question"
    if kind not in KINDS:
        raise WrongData(
            _("“{kind}” is no kind of inquiry").format(kind=kind),
            _("one of: {names}").format(names=" ".join(KINDS)),
        )
    arrived = _moment(texts.get("received_at"), now)
    due = answer_by(arrived.date()).isoformat() if kind in REQUESTS else None
    values: dict[str, object] = {
        "received_at": arrived.isoformat(timespec="minutes"),
        "kind": kind,
        "member_id": member,
        "body": _body(texts.get("body")),
        "due_on": due,
    }
    for key in ("channel", "from_name", "from_contact", "subject"):
        try:
            values[key] = fields.plain(texts.get(key) or "")
        except FieldError as error:
            raise fields.wrong(texts[key] or "", error) from None
    if member is None and values["from_name"] is None:
        raise WrongData(_("nobody knows who inquires"), _("say --member, or --from-name"))
    with register.change():
        number = inquiries.insert(register, values)
        register.record(entry("log", number, member))
    return number, due


def _moment(text: str | None, now: datetime) -> datetime:
    """When an inquiry arrived; now unless said."""
    try:
        arrived = fields.moment(text or "") or now
    except FieldError as error:
        raise fields.wrong(text or "", error) from None
    if arrived > now:
        raise WrongData(_("“{text}”: {reason}").format(text=text, reason=_("in the future")))
    return arrived


def _body(text: str | None) -> str:
    body = fields.long_text(text or "")
    if body is None:
        raise WrongData(_("the text is empty"), _("say --body, or --body - for standard input"))
    return body


def entry(act: str, number: int, member: int | None) -> Entry:
    """What an act on an inquiry leaves in the journal."""
    members = (member,) if member is not None else ()
    return Entry(act, members, ("inquiries",), "inquiry", details=f"inquiry={number}")


def _shown(register: Register, row: Row, replies: list[Row]) -> dict[str, object]:
    member = row["member_id"]
    answer: dict[str, object] = {
        key: row[key] for key in KEYS if key not in ("number", "member", "replies")
    }
    answer |= {
        "number": row["id"],
        "member": register.policy.club.number(member) if member is not None else None,
        "replies": [
            {"replied_at": r["replied_at"], "operator": r["operator"], "body": r["body"]}
            for r in replies
            if r["inquiry_id"] == row["id"]
        ],
    }
    return {key: answer[key] for key in KEYS}


def listed(register: Register, open_only: bool = False) -> list[dict[str, object]]:
    """The inquiries with their replies, oldest first; or those that wait for an answer."""
    with register.change():
        rows = list(inquiries.listed(register, open_only=open_only))
        replies = list(inquiries.replies(register))
    return [_shown(register, row, replies) for row in rows]


def show(register: Register, number: int) -> dict[str, object]:
    """One inquiry with its replies."""
    with register.change():
        return _shown(register, _found(register, number), list(inquiries.replies(register, number)))


def _found(register: Register, number: int) -> Row:
    rows = list(inquiries.listed(register, number))
    if not rows:
        raise NotFound(
            _("there is no inquiry {number}").format(number=number), _("see “soc inquiry list”")
        )
    return rows[0]


def check_request(register: Register, number: int, member: int) -> str:
    """The kind of a member's inquiry; raises NotFound for no such one, WrongData for somebody else's."""
    with register.change():
        row = _found(register, number)
        if row["member_id"] != member:
            raise WrongData(
                _("inquiry {number} is not {member}'s").format(
                    number=number, member=register.policy.club.number(member)
                )
            )
        return str(row["kind"])


def reply(register: Register, number: int, text: str | None) -> None:
    """Records what was answered, when and by whom; the club itself sends it."""
    body = _body(text)
    at = register.run.clock.now().isoformat(timespec="minutes")
    with register.change():
        row = _found(register, number)
        if row["status"] == "closed":
            raise WrongData(_("inquiry {number} is closed").format(number=number))
        inquiries.reply(register, number, at, register.run.operator, body)
        register.record(entry("reply", number, row["member_id"]))


def close(register: Register, number: int) -> None:
    """Closes an inquiry. Raises WrongData where it is closed already."""
    with register.change():
        row = _found(register, number)
        if row["status"] == "closed":
            raise WrongData(_("inquiry {number} is closed").format(number=number))
        inquiries.close(register, number)
        register.record(entry("close", number, row["member_id"]))
