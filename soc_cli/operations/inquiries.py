"""The acts on inquiries: log, look up, check who asks, link, reply, close (C2, P9, R1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from soc_cli.model import fields, meant, sensitive
from soc_cli.model.clocks import answer_by, suit_from, warn_on
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.fields import FieldError
from soc_cli.model.inquiry import (
    CHECKED,
    DONE,
    FAILED,
    KINDS,
    NO_MANDATE,
    NOTHING_HELD,
    OUTCOMES,
    REFUSED,
    REQUESTS,
    WITHDRAWN,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.newfile import Unnamed
from soc_cli.policy.form import CHECKS, Request
from soc_cli.store import history, inquiries, members
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KEYS = (
    "number", "received_at", "channel", "kind", "member", "from_name", "from_contact", "subject",
    "body", "status", "due_on", "answered_at", "replies", "identity", "identity_check", "agent",
    "mandate", "outcome", "reason", "fee", "entry", "linked_on", "warn_on", "suit_from", "days_left",
)  # fmt: skip


# a free text ------------------------------------------------------------------------------------


def check_text(text: str | None, as_it_is: bool) -> None:
    """Raises Refused for a text with a card's number or a My Number in it, unless it stays as it is."""
    kinds = dict.fromkeys(one.kind for one in sensitive.found(text or ""))
    if kinds and not as_it_is:
        raise Refused(
            _("the text looks as if it held {what}, which the club should not store").format(
                what=_(", ").join(_(sensitive.LABELS[kind]) for kind in kinds)
            ),
            _("say --mask to have the digits hidden, or --as-it-is where it is none"),
        )


def _body(text: str | None, as_it_is: bool = False) -> str:
    try:
        body = fields.long_text(text or "")
    except FieldError as error:
        raise fields.wrong(text or "", error) from None
    if body is None:
        raise WrongData(_("the text is empty"), _("say --body, or --body - for standard input"))
    check_text(body, as_it_is)
    return body


def _line(text: str | None) -> str | None:
    try:
        return fields.plain(text or "")
    except FieldError as error:
        raise fields.wrong(text or "", error) from None


# arriving ---------------------------------------------------------------------------------------


def log(
    register: Register,
    texts: Mapping[str, str | None],
    member: int | None,
    as_it_is: bool = False,
) -> tuple[int, str | None]:
    """Logs an inquiry of a member or an outsider (occasion: inquiry); gives its number and due day.

    Raises Refused for a text that holds what nobody should store, unless it is stored `as_it_is`.
    """
    if member is not None and (texts.get("from_name") or texts.get("from_contact")):
        raise WrongUse(
            _("an inquiry is a member's or an outsider's"), _("say --member, or --from-name")
        )
    now = register.run.clock.now()
    kind = checked_kind(texts.get("kind") or "question")
    arrived = _moment(texts.get("received_at"), now)
    due = answer_by(arrived.date()).isoformat() if kind in REQUESTS else None
    values: dict[str, object] = {
        "received_at": arrived.isoformat(timespec="minutes"),
        "kind": kind,
        "member_id": member,
        "body": _body(texts.get("body"), as_it_is),
        "due_on": due,
    }
    for key in ("channel", "from_name", "from_contact", "subject"):
        values[key] = _line(texts.get(key))
    check_text(texts.get("subject"), as_it_is)
    if member is None and values["from_name"] is None:
        raise WrongData(_("nobody knows who inquires"), _("say --member, or --from-name"))
    with register.change():
        number = inquiries.insert(register, values)
        register.record(entry("log", number, member))
    return number, due


def checked_kind(kind: str) -> str:
    """A kind of inquiry; raises WrongData for what is none."""
    if kind not in KINDS:
        raise WrongData(
            _("“{kind}” is no kind of inquiry").format(kind=kind),
            meant.among(kind, KINDS),
        )
    return kind


def _moment(text: str | None, now: datetime) -> datetime:
    """When an inquiry arrived; now unless said."""
    try:
        arrived = fields.moment(text or "") or now
    except FieldError as error:
        raise fields.wrong(text or "", error) from None
    if arrived > now:
        raise WrongData(_("“{text}”: {reason}").format(text=text, reason=_("in the future")))
    return arrived


def entry(act: str, number: int, member: int | None) -> Entry:
    """What an act on an inquiry leaves in the journal."""
    members = (member,) if member is not None else ()
    return Entry(act, members, ("inquiries",), "inquiry", details=f"inquiry={number}")


# looking up -------------------------------------------------------------------------------------


def _shown(
    register: Register, row: Row | Mapping[str, Any], replies: list[Row]
) -> dict[str, object]:
    member, due = row["member_id"], row["due_on"]
    counted = ("warn_on", "suit_from", "days_left")
    answer: dict[str, object] = {
        key: row[key] for key in KEYS if key not in ("number", "member", "replies", *counted)
    }
    answer |= {
        "number": row["id"],
        "member": register.policy.club.number(member) if member is not None else None,
        "replies": [
            {"replied_at": r["replied_at"], "operator": r["operator"], "body": r["body"]}
            for r in replies
            if r["inquiry_id"] == row["id"]
        ],
        **dict.fromkeys(counted),
    }
    if due is not None:
        last = date.fromisoformat(due)
        answer["warn_on"] = warn_on(last).isoformat()
        request = register.policy.requests.get(row["kind"])
        if request is not None and request.suit:
            arrived = datetime.fromisoformat(row["received_at"]).date()
            answer["suit_from"] = suit_from(arrived).isoformat()
        if row["outcome"] is None and row["status"] != "closed":
            answer["days_left"] = (last - register.today).days
    return {key: answer[key] for key in KEYS}


def listed(
    register: Register,
    open_only: bool = False,
    overdue: bool = False,
    kind: str | None = None,
    member: int | None = None,
) -> list[dict[str, object]]:
    """The inquiries with their replies, oldest first; or those that wait for an answer, are overdue,
    of a kind or of a member."""
    before = register.today.isoformat() if overdue else None
    wanted = inquiries.Wanted(open_only, before, checked_kind(kind) if kind else None, member)
    with register.change():
        rows = list(inquiries.listed(register, None, wanted))
        replies = list(inquiries.replies(register))
    return [_shown(register, row, replies) for row in rows]


def show(register: Register, number: int) -> dict[str, object]:
    """One inquiry with its replies."""
    with register.change():
        return _told(register, number)


def _told(register: Register, number: int) -> dict[str, object]:
    row = _found(register, number)
    return _shown(register, row, list(inquiries.replies(register, number)))


def _found(register: Register, number: int) -> Row:
    rows = list(inquiries.listed(register, number))
    if not rows:
        raise _not_there(number)
    return rows[0]


def _not_there(number: int) -> NotFound:
    return NotFound(
        _("there is no inquiry {number}").format(number=number), _("see “soc inquiry list”")
    )


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


def _open(register: Register, number: int) -> Row:
    """An inquiry that is not closed; raises NotFound or WrongData."""
    row = _found(register, number)
    if row["status"] == "closed":
        raise WrongData(_("inquiry {number} is closed").format(number=number))
    return row


# who asks ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """What came of checking whoever makes a request, and how it was checked."""

    result: str
    """`checked`, `failed` or `no-mandate`."""
    how: str | None
    agent: str | None = None
    mandate: str | None = None


def identify(register: Register, number: int, identity: Identity) -> None:
    """Records how whoever makes a request was checked; with an agent, the mandate too (Act art. 37)."""
    values = {
        "identity": identity.result,
        "identity_check": _line(identity.how),
        "agent": _line(identity.agent),
        "mandate": _line(identity.mandate),
    }
    if identity.result != NO_MANDATE and values["identity_check"] is None:
        raise WrongUse(_("how the identity was checked is missing"), _("say --how or --verified"))
    if values["agent"] is None and (values["mandate"] is not None or identity.result == NO_MANDATE):
        raise WrongUse(_("a mandate is an agent's"), _("say --agent NAME"))
    if identity.result == CHECKED and values["agent"] is not None and values["mandate"] is None:
        raise WrongUse(
            _("an agent needs a mandate (Act art. 37(3), Cabinet Order art. 13)"),
            _("say --mandate, or --no-mandate where there is none"),
        )
    with register.change():
        row = _open(register, number)
        _request(register, number, row["kind"])
        inquiries.correct(register, number, values)
        register.record(entry("identify", number, row["member_id"]))


def verified_as(upkeep: Register, member: int | None) -> str:
    """How a member was checked today by `soc member verify`; raises Refused where they were not."""
    found = (
        history.verified(upkeep, member, upkeep.today.isoformat()) if member is not None else None
    )
    if found is None:
        raise Refused(
            _("the identity was not verified today"),
            _("run “soc member verify MEMBER”, or say --how it was checked"),
        )
    return _("asked for what is registered (entry {entry} of the journal)").format(entry=found)


def member_of(upkeep: Register, number: int) -> int | None:
    """The member whose inquiry it is, None for an outsider's; raises NotFound."""
    found, member = inquiries.member_of(upkeep, number)
    if not found:
        raise _not_there(number)
    return member


def members_at(upkeep: Register, address: str) -> list[int]:
    """The members with this e-mail address: a hint, since a sender is easily forged."""
    if "@" not in address:
        return []
    with upkeep.change():
        found = members.numbers_at(upkeep, fields.email_key(address))
        upkeep.record(Entry("read", tuple(found), ("contact",)))
    return found


def link(upkeep: Register, number: int, member: int) -> None:
    """An outsider's inquiry is a member's from now on, with what was written for them."""
    now = member_of(upkeep, number)
    if now is not None:
        raise WrongData(
            _("inquiry {number} is {member}'s").format(
                number=number, member=upkeep.policy.club.number(now)
            ),
            _("where it was linked wrongly, say “soc inquiry unlink {number}” first").format(
                number=number
            ),
        )
    with upkeep.change():
        inquiries.link(upkeep, number, member, upkeep.today.isoformat())
        upkeep.record(entry("link", number, member))


def unlink(upkeep: Register, number: int) -> int:
    """An inquiry that was linked is an outsider's again; gives the member whose it was."""
    member = member_of(upkeep, number)
    if member is None or not inquiries.is_linked(upkeep, number):
        raise WrongData(
            _("inquiry {number} was not linked").format(number=number),
            _("a member's own inquiry goes with the member alone"),
        )
    with upkeep.change():
        inquiries.unlink(upkeep, number)
        upkeep.record(entry("unlink", number, member))
    return member


# the end of a request ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """How a request ends: done, nothing held, or refused with its reason; and a fee in yen."""

    outcome: str
    reason: str | None = None
    fee: int | None = None


@dataclass(frozen=True)
class Answered:
    """An answered inquiry, and whom a letter about it goes to: the name is the last line."""

    inquiry: Mapping[str, object]
    recipient: tuple[str, ...]


Prepare = Callable[[Answered], Unnamed]
"""Writes the letter of an answer; its file gets its name when the answer is on record."""


def _request(register: Register, number: int, kind: str) -> Request:
    request = register.policy.requests.get(kind)
    if request is None:
        raise WrongUse(
            _("inquiry {number} is no request (its kind is {kind})").format(
                number=number, kind=kind
            ),
            _("answer it by “soc inquiry reply {number}”").format(number=number),
        )
    return request


def _check_decision(register: Register, row: Row, decision: Decision) -> None:
    """Raises what stands against ending a request so."""
    number = row["id"]
    request = _request(register, number, row["kind"])
    meant.check("outcome", decision.outcome, OUTCOMES)
    if (decision.reason is not None) != (decision.outcome == REFUSED):
        raise WrongUse(
            _("a refusal names its reason, and nothing else does"),
            _("--outcome refused --reason, one of: {names}").format(
                names=" ".join(request.refusals)
            ),
        )
    _check_undecided(row)
    if decision.fee is not None and (decision.fee < 1 or decision.outcome != DONE):
        raise WrongUse(_("a fee is a number of yen, for what was done"))
    if decision.fee is not None and not request.fee:
        raise Refused(
            _("no fee may be taken for this ({law})").format(law=request.law),
            _("Act art. 38 allows one for articles 32(2) and 33 alone, and R1 promises none"),
        )
    if decision.outcome == DONE:
        check_identity(row)
    own = row["member_id"] is not None and row["kind"] in ("view", "correct", "delete")
    if decision.outcome == NOTHING_HELD and own:
        raise WrongData(
            _("something is held: the registration of {member}").format(
                member=register.policy.club.number(row["member_id"])
            ),
            _("carry it out by “soc inquiry do {number}”").format(number=number),
        )
    if decision.reason is not None:
        _check_reason(request, row, decision.reason)


def _check_undecided(row: Row) -> None:
    if row["outcome"] is not None:
        raise WrongData(_("inquiry {number} is decided already").format(number=row["id"]))


def _check_reason(request: Request, row: Row, reason: str) -> None:
    """Raises Refused where a request can't be refused for this, or the check did not come out so."""
    if reason not in request.refusals:
        raise Refused(
            _("“{reason}” is no reason to refuse this ({law})").format(
                reason=reason, law=request.law
            ),
            meant.among(reason, list(request.refusals)),
        )
    if reason in CHECKS and row["identity"] != CHECKS[reason]:
        raise Refused(
            _("that the check failed is not on record"),
            _("say so by “soc inquiry identify {number}”, with --{option}").format(
                number=row["id"], option=CHECKS[reason]
            ),
        )


def check_identity(row: Mapping[str, object] | Row) -> None:
    """Raises Refused where whoever makes a request was not checked, or failed the check."""
    if row["identity"] == CHECKED:
        return
    if row["identity"] in (FAILED, NO_MANDATE):
        raise Refused(
            _("the identity or the mandate was checked, and failed"),
            _("answer by “soc inquiry reply”, with --outcome refused"),
        )
    raise Refused(
        _("the identity is not verified"),
        _("run “soc inquiry identify”, with --how it was checked or --verified"),
    )


def reply(
    register: Register,
    number: int,
    text: str | None,
    decision: Decision | None = None,
    prepare: Prepare | None = None,
    as_it_is: bool = False,
) -> bool:
    """Records what was answered, when and by whom; the club itself sends it.

    Gives whether it is a request that still waits for its decision. A request ends with its decision. With `prepare` the letter is written along with the record, and
    is on record itself; where it can't have its name, the answer goes again.
    """
    return _answered(register, number, _body(text, as_it_is), decision, prepare)


def carried_out(
    register: Register,
    number: int,
    text: str,
    decision: Decision,
    prepare: Prepare | None = None,
    entry_of_act: int | None = None,
    stops: tuple[str, ...] = (),
) -> None:
    """Closes a request that was carried out, with the entry of the journal that did it.

    Uses that it stops are stopped in the same change (Act art. 35).
    """
    _answered(register, number, text, decision, prepare, entry_of_act, stops, closing=True)


def _answered(
    register: Register,
    number: int,
    body: str,
    decision: Decision | None,
    prepare: Prepare | None,
    entry_of_act: int | None = None,
    stops: tuple[str, ...] = (),
    closing: bool = False,
) -> bool:
    at = register.run.clock.now().isoformat(timespec="minutes")
    letter: Unnamed | None = None
    with register.change():
        row = _open(register, number)
        member = row["member_id"]
        if decision is not None:
            _check_decision(register, row, decision)
        answer = inquiries.reply(register, number, at, register.run.operator, body)
        day = register.today.isoformat()
        stopped = [inquiries.stop(register, member, one, day, number) for one in stops]
        if stopped:
            about = replace(entry("stop-use", number, member), details=_stops(number, stops))
            entry_of_act = register.record(about)
        ends: dict[str, object] = {}
        done = register.record(entry("reply", number, member))
        if decision is not None:
            ends = {key: getattr(decision, key) for key in ("outcome", "reason", "fee")}
            ends["entry"] = entry_of_act or done
            inquiries.correct(register, number, ends)
        if closing:
            inquiries.close(register, number)
            register.record(entry("close", number, member))
        if prepare is not None:
            now = {**_as_dict(row), **ends, "answered_at": at}
            letter = prepare(Answered(_shown(register, now, []), _recipient(register, row)))
            whose = ([member], []) if member is not None else ([], [number])
            register.unnamed(letter, LETTER, *whose)
    if letter is not None:
        before = {key: row[key] for key in ("status", "answered_at", *inquiries.CASE)}

        def undo() -> None:
            inquiries.take_back_reply(register, answer)
            inquiries.correct(register, number, before)
            for one in stopped:
                inquiries.take_back_stop(register, one)

        register.name(letter, entry("take-back", number, member), undo)
    return row["kind"] in REQUESTS and row["outcome"] is None and decision is None


LETTER = "letter"
"""The kind of a file that is a letter."""


def _as_dict(row: Row) -> dict[str, object]:
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 (a Row iterates over its values)


def _stops(number: int, purposes: tuple[str, ...]) -> str:
    return f"inquiry={number} stops={','.join(purposes)}"


def _recipient(register: Register, row: Row) -> tuple[str, ...]:
    """Whom a letter goes to: where they are reached, and last the name."""
    if row["member_id"] is None:
        lines = [row["from_contact"], row["from_name"]]
    else:
        found = inquiries.addressee(register, row["member_id"])
        lines = [found[key] for key in ("postal_code", "address", "name")] if found else []
    return tuple(line for line in lines if line)


def close(register: Register, number: int, withdrawn: bool = False) -> bool:
    """Closes an inquiry, or a request that was taken back; gives whether it is a request left undecided.

    Raises WrongData where it is closed already.
    """
    with register.change():
        row = _open(register, number)
        if withdrawn:
            _request(register, number, row["kind"])
            _check_undecided(row)
            inquiries.correct(register, number, {"outcome": WITHDRAWN})
        inquiries.close(register, number)
        register.record(entry("close", number, row["member_id"]))
    return row["kind"] in REQUESTS and row["outcome"] is None and not withdrawn


def reopen(register: Register, number: int) -> None:
    """An inquiry that was closed by mistake is as before; a request was not taken back then either.

    Raises WrongData where it is not closed.
    """
    with register.change():
        row = _found(register, number)
        if row["status"] != "closed":
            raise WrongData(_("inquiry {number} is not closed").format(number=number))
        before: dict[str, object] = {"status": "answered" if row["answered_at"] else "open"}
        if row["outcome"] == WITHDRAWN:
            before["outcome"] = None
        inquiries.correct(register, number, before)
        register.record(entry("reopen", number, row["member_id"]))


# stops ------------------------------------------------------------------------------------------

STOP_KEYS = ("member", "purpose", "since", "inquiry")


def told_records(own_record: Register, request: int) -> list[dict[str, object]]:
    """What was given to others, as far as the member may see it, to answer a request (Act art. 33(5))."""
    member = own_record.grant.member
    assert member is not None
    with own_record.change():
        found = history.disclosures(own_record)
        about = Entry("tell-records", (member,), ("history",), details=f"request={request}")
        own_record.record(about)
    return found


def entry_of(upkeep: Register, act: str, number: int) -> int | None:
    """The entry of the act that carried a request out."""
    return history.carried_out(upkeep, act, number)


def ready(register: Register, number: int) -> dict[str, object]:
    """A request that may be carried out.

    Raises WrongUse for what is no request, WrongData for one that is closed or decided, Refused
    where whoever makes it was not checked.
    """
    with register.change():
        row = _open(register, number)
        _request(register, number, row["kind"])
        _check_decision(register, row, Decision(DONE))
        return _shown(register, row, [])


def stopped(upkeep: Register, member: int | None = None) -> list[dict[str, object]]:
    """The uses that members, or one member, had stopped, by number, oldest first."""
    club = upkeep.policy.club
    rows = inquiries.stops(upkeep, member)
    return [
        {
            "member": club.number(row["member_id"]),
            "purpose": row["purpose"],
            "since": row["since"],
            "inquiry": row["inquiry_id"],
        }
        for row in rows
    ]


def resume(upkeep: Register, member: int, purpose: str) -> None:
    """Ends the stop of a use, as the member wants it again; raises WrongData where there is none."""
    with upkeep.change():
        if not inquiries.resume(upkeep, member, purpose):
            raise WrongData(
                _("{member} has not had “{purpose}” stopped").format(
                    member=upkeep.policy.club.number(member), purpose=purpose
                ),
                _("see “soc inquiry stops”"),
            )
        upkeep.record(Entry("resume-use", (member,), occasion="inquiry", details=purpose))
