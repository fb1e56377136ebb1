"""The record of what was done: listing it and verifying it."""

from collections.abc import Iterator, Sequence

from soc_cli.model.journal import readable
from soc_cli.model.language import N_, _
from soc_cli.store import journal
from soc_cli.store.journal import Fault
from soc_cli.store.register import Register

_REASONS = {
    journal.CHANGED: N_("it was changed, or stands in another's place"),
    journal.MISSING: N_("it is missing"),
    journal.SUBJECT_CHANGED: N_("whom it is about was changed"),
    journal.SUBJECT_MISSING: N_("whom it is about was taken out without an erasure"),
    journal.NOT_THE_HEAD: N_("it is not the entry whose head was kept outside"),
}


def reason(fault: Fault) -> str:
    """What is wrong with an entry, in words."""
    return _(_REASONS[fault.reason])


def listed(upkeep: Register, last: int | None = None) -> Iterator[dict[str, object]]:
    """The entries under the keys that JSON promises; `members` is null where they were erased."""
    for entry in upkeep.journal_entries(last):
        yield {
            "number": entry.number,
            "at": entry.at,
            "operator": entry.operator,
            "purpose": entry.purpose,
            "command": entry.command,
            "act": entry.act,
            "categories": list(entry.categories),
            "members": None if entry.members is None else readable(entry.members),
            "outcome": entry.outcome,
            "hash": entry.hash,
            "occasion": entry.occasion,
            "fields": list(entry.fields),
            "details": entry.details,
        }


def verified(
    upkeep: Register, kept: Sequence[tuple[int, str]]
) -> tuple[Fault | None, tuple[int, str]]:
    """The first fault, and the head of the journal."""
    return upkeep.journal_fault(kept), upkeep.journal_head()
