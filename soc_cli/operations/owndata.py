"""Own data: everything that the register holds on one member, or on an outsider, for that person (R1, P3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from soc_cli.model import language, newfile
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import BY_KEY
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.operations import members, registering
from soc_cli.operations.history import instruction_of
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
    refused = history.refusals(own_record)
    return _document(
        own_record,
        member=member,
        choices=choices,
        periods=history.periods(own_record),
        merged=_numbered(own_record, history.merged(own_record)),
        refusals=refused,
        meetings=history.meetings(own_record),
        inquiries=history.inquiries(own_record),
        stops=history.stops(own_record),
        usage=history.usage(own_record),
        notices=history.notices(own_record),
        links=history.links(own_record),
        surveys=history.surveys(own_record),
        disclosures=given,
        consents=history.consents(own_record),
        files=history.files(own_record),
        retained=_retained(own_record, given, refused),
    )


def _outsiders(own_record: Register) -> Data:
    found = history.inquiries(own_record)
    if not found:
        raise NotFound(_("this inquiry is not there any more"), _("see “soc inquiry list”"))
    return _document(own_record, inquiries=found, files=history.files(own_record))


def _document(own_record: Register, **parts: object) -> Data:
    """The document with these parts, and nothing in the others."""
    policy = own_record.policy
    seen = history.seen(own_record)
    answer: Data = {
        "format": FORMAT,
        "policy": {
            "language": language.language(),
            "club": str(policy.club.name),
            "left_out": sorted(policy.left_out),
            "clauses": [{"id": c.id, "says": str(c.says), "does": str(c.does)} for c in policy.clauses.values()],
        },
        "generated_at": own_record.run.clock.now().isoformat(),
        "complete_from": own_record.setting("made_at"),
        "member": None,
        "choices": None,
        **{key: [] for key in ("periods", "merged", "refusals", "meetings", "inquiries", "stops", "usage", "links", "surveys", "notices", "disclosures", "consents", "files")},
        "accesses": [
            {
                "at": e.at, "operator": e.operator, "purpose": e.purpose, "command": e.command,
                "act": e.act, "categories": list(e.categories), "instruction": instruction_of(e),
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


def _numbered(
    own_record: Register, merged: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    club = own_record.policy.club
    return [{**one, "number": club.number(int(str(one["number"])))} for one in merged]


def _retained(
    own_record: Register,
    given: Sequence[Mapping[str, object]],
    refused: Sequence[Mapping[str, object]],
) -> list[dict[str, object]]:
    """What would outlive an erasure today, with its reason and last day (R1)."""
    period = own_record.policy.periods["consent_record"]
    kept = [
        {"what": str(period.label), "reason": str(period.law or ""), "until": one["keep_through"]}
        for one in given
        if one["keep_through"] is not None
    ]
    today = own_record.today.isoformat()
    marked = [
        {
            "what": _("keyed marks by which a refused person is known again"),
            "reason": f"P8: {one['rule']}",
            "until": one["until"],
        }
        for one in refused
        if one["readmitted_on"] is None and (one["until"] is None or str(one["until"]) >= today)
    ]
    return [
        *kept,
        *marked,
        {"what": _("the member number, which is never given again"), "reason": "R1", "until": None},
    ]


def export(
    own_record: Register,
    prepare: Callable[[Data], newfile.Unnamed],
    request: int | None = None,
) -> Data:
    """Gathers the own data and has it written, with its record (R1, P3); gives what was gathered.

    `request` is the number of the inquiry that asked for it.
    The export is on record before its files get their names; where they can't, that is on record too.
    """
    about = _about(own_record, "export")
    if request is not None and not about.details:
        about = replace(about, details=f"request={request}")
    with own_record.change():
        own_record.record(about)
        data = gather(own_record)
        files = prepare(data)
        own_record.unnamed(files, "export", *_whose(own_record, data))
    own_record.name(files, _about(own_record, "take-back"))
    return data


def _whose(own_record: Register, data: Data) -> tuple[list[int], list[int]]:
    """The members whose data these are, those who were merged too; or the outsider's inquiries."""
    member, club = own_record.grant.member, own_record.policy.club
    merged, asked = data["merged"], data["inquiries"]
    assert isinstance(merged, list)
    assert isinstance(asked, list)
    if member is None:
        return [], [int(one["number"]) for one in asked]
    others = (club.number_of(one["number"]) for one in merged)
    return sorted({member, *(other for other in others if other is not None)}), []


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


# A page that comes back ---------------------------------------------------------------------------

OF_THE_EXPORT = (
    "format", "policy", "generated_at", "complete_from", "files", "accesses", "corrections", "purposes", "retained",
)  # fmt: skip
"""What tells of the export itself, and is another at each one."""


@dataclass(frozen=True)
class Returned:
    """What a member has changed in their own data, against what is stored now."""

    texts: dict[str, str]
    """The fields of the registration that differ, as text; an empty one is cleared."""
    not_taken: tuple[str, ...]
    """The keys of what differs and can't be corrected there."""
    corrected_since: tuple[str, ...]
    """Fields among them that were corrected after the page was made."""
    shown: dict[str, object]
    """The record as it was compared."""


def is_own_data(document: object) -> bool:
    """Whether a JSON document is own data as this program writes it."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def returned(own_record: Register, document: Mapping[str, object]) -> Returned:
    """Compares own data that came back with the record that the register is open for (R1).

    Raises WrongData for another member's, and for a field that the policy does not name (C3).
    """
    number = own_record.grant.member
    assert number is not None
    member, choices = document.get("member"), document.get("choices")
    if not isinstance(member, dict) or not isinstance(choices, dict | None):
        raise WrongData(_("this is not the own data of a member"))
    club = own_record.policy.club
    if club.number_of(str(member.get("number"))) != number:
        raise WrongData(
            _("this is not the own data of {number}").format(number=club.number(number)),
            _("its “member” says whose it is, under “number”"),
        )
    with own_record.change():
        own_record.record(_about(own_record, "read"))
        now = gather(own_record)
        shown = members.show(own_record, number)
    stored, chosen = now["member"], now["choices"]
    assert isinstance(stored, dict)
    assert isinstance(chosen, dict)
    fixed = [key for key in stored if key not in BY_KEY]
    said = {key: value for key, value in member.items() if key not in fixed}
    texts = registering.texts_of({**said, "choices": choices})
    same = {
        key for key, value in (*member.items(), *(choices or {}).items())
        if key in BY_KEY and {**stored, **chosen}[key] == value
    }  # fmt: skip
    changed = {key: text for key, text in texts.items() if key not in same}
    at = str(document.get("generated_at"))
    corrections = now["corrections"]
    assert isinstance(corrections, list)
    corrected = {key for one in corrections if one["at"] > at for key in one["fields"]}
    return Returned(
        changed,
        (
            *(key for key in fixed if key in member and member[key] != stored[key]),
            *(
                key
                for key, value in document.items()
                if key not in ("member", "choices", *OF_THE_EXPORT) and now.get(key) != value
            ),
        ),
        tuple(key for key in changed if key in corrected),
        shown,
    )
