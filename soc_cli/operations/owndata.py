"""Own data: everything that the register holds on one member, for that member (R1, P3)."""

from collections.abc import Callable, Mapping, Sequence

from soc_cli.model import language, newfile
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.operations import members
from soc_cli.store import history
from soc_cli.store.register import Register

FORMAT = "soc-own-data/1"


def gather(own_record: Register) -> dict[str, object]:
    """Everything stored on the member that the register is open for, under the promised keys."""
    policy = own_record.policy
    assert own_record.grant.member is not None
    member = members.show(own_record, own_record.grant.member)
    choices = member.pop("choices")
    member.pop("withheld")
    seen = history.of_member(own_record)
    given = history.disclosures(own_record)
    return {
        "format": FORMAT,
        "policy": {
            "language": language.language(),
            "club": str(policy.club.name),
            "clauses": [{"id": c.id, "says": str(c.says), "does": str(c.does)} for c in policy.clauses.values()],
        },
        "generated_at": own_record.run.clock.now().isoformat(),
        "complete_from": own_record.setting("made_at"),
        "member": member,
        "choices": choices,
        "periods": history.periods(own_record),
        "meetings": history.meetings(own_record),
        "inquiries": history.inquiries(own_record),
        "usage": history.usage(own_record),
        "notices": [],
        "disclosures": given,
        "consents": history.consents(own_record),
        "files": history.files(own_record),
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
        "retained": _retained(own_record, given),
    }  # fmt: skip


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


def export(own_record: Register, prepare: Callable[[dict[str, object]], newfile.Unnamed]) -> None:
    """Gathers the member's own data and has it written, with its record (R1, P3).

    The export is on record before its files get their names; where they can't, that is on record too.
    """
    member = own_record.grant.member
    assert member is not None
    reads = own_record.policy.purposes["own-record"].reads
    with own_record.change():
        own_record.record(Entry("export", (member,), reads))
        files = prepare(gather(own_record))
        own_record.unnamed(files, "export", (member,))
    own_record.name(files, Entry("take-back", (member,)))
