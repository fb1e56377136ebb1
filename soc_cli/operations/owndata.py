"""Own data: everything that the register holds on one member, or on an outsider, for that person (R1, P3)."""

from collections.abc import Callable, Mapping, Sequence

from soc_cli.model import language, newfile
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.operations import members
from soc_cli.store import history, inquiries
from soc_cli.store.register import Register

FORMAT = "soc-own-data/1"

Data = dict[str, object]


def gather(own_record: Register) -> Data:
    """Everything stored on whom the register is open for, under the promised keys."""
    return _of_member(own_record) if own_record.grant.member is not None else _outsiders(own_record)


def _of_member(own_record: Register) -> Data:
    assert own_record.grant.member is not None
    member = members.show(own_record, own_record.grant.member)
    choices = member.pop("choices")
    member.pop("withheld")
    given = history.disclosures(own_record)
    return _document(
        own_record,
        member=member,
        choices=choices,
        periods=history.periods(own_record),
        meetings=history.meetings(own_record),
        inquiries=history.inquiries(own_record),
        usage=history.usage(own_record),
        disclosures=given,
        consents=history.consents(own_record),
        retained=_retained(own_record, given),
    )


def _outsiders(own_record: Register) -> Data:
    found = history.inquiries(own_record)
    if not found:
        raise NotFound(_("this inquiry is not there any more"), _("see “soc inquiry list”"))
    return _document(own_record, inquiries=found)


def _document(own_record: Register, **parts: object) -> Data:
    """The document with these parts, and nothing in the others."""
    policy = own_record.policy
    seen = history.seen(own_record)
    answer: Data = {
        "format": FORMAT,
        "policy": {
            "language": language.language(),
            "club": str(policy.club.name),
            "clauses": [{"id": c.id, "says": str(c.says), "does": str(c.does)} for c in policy.clauses.values()],
        },
        "generated_at": own_record.run.clock.now().isoformat(),
        "complete_from": own_record.setting("made_at"),
        "member": None,
        "choices": None,
        **{key: [] for key in ("periods", "meetings", "inquiries", "usage", "notices", "disclosures", "consents")},
        "accesses": [
            {
                "at": e.at, "operator": e.operator, "purpose": e.purpose, "command": e.command,
                "act": e.act, "categories": list(e.categories),
            }
            for e in seen
        ],
        "corrections": [
            {"at": e.at, "operator": e.operator, "command": e.command, "fields": list(e.fields)} for e in seen if e.fields
        ],
        "purposes": [
            {"clause": p.clause, "purpose": p.name, "label": str(p.label), "says": str(policy.clauses[p.clause].says)}
            for p in policy.purposes.values()
        ],
        "retained": [],
    }  # fmt: skip
    assert parts.keys() <= answer.keys()
    return {**answer, **parts}


def _retained(
    own_record: Register, given: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    """What would outlive an erasure today, with its reason and last day (R1)."""
    period = own_record.policy.periods["consent_record"]
    kept = [
        {"what": str(period.label), "reason": str(period.law or ""), "until": one["keep_through"]}
        for one in given
        if one["keep_through"] is not None
    ]
    return [
        *kept,
        {"what": _("the member number, which is never given again"), "reason": "R1", "until": None},
    ]


def export(own_record: Register, prepare: Callable[[Data], newfile.Unnamed]) -> Data:
    """Gathers the own data and has it written, with its record (R1, P3); gives what was gathered.

    The export is on record before its files get their names; where they can't, that is on record too.
    """
    about = _about(own_record, "export")
    with own_record.change():
        own_record.record(about)
        data = gather(own_record)
        files = prepare(data)
        own_record.unnamed(files)
    own_record.name(files, _about(own_record, "take-back"))
    return data


def _about(own_record: Register, act: str) -> Entry:
    """The entry of an act on this own data: the categories that it reads, and whose they are."""
    member, inquiry = own_record.grant.member, own_record.grant.inquiry
    if member is not None:
        return Entry(act, (member,), own_record.policy.purposes["own-record"].reads)
    return Entry(act, (), ("inquiries", "history"), details=f"inquiry={inquiry}")


def check_outsider(upkeep: Register, inquiry: int) -> None:
    """Raises NotFound for no such inquiry, WrongData for a member's, which is in that member's own data."""
    found, member = inquiries.member_of(upkeep, inquiry)
    if not found:
        raise NotFound(
            _("there is no inquiry {number}").format(number=inquiry), _("see “soc inquiry list”")
        )
    if member is not None:
        written = upkeep.policy.club.number(member)
        raise WrongData(
            _("inquiry {inquiry} is {member}'s").format(inquiry=inquiry, member=written),
            _("say “soc export {member}”").format(member=written),
        )
