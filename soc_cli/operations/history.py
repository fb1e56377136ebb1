"""What was done with one member's record, as the member may see it (P3)."""

from soc_cli.model.instruction import of_entry
from soc_cli.model.patterns import pattern
from soc_cli.store import history as store_history
from soc_cli.store.register import Register

HISTORY_KEYS = ("at", "operator", "purpose", "command", "act", "fields", "request", "instruction")


def history(own_record: Register) -> list[dict[str, object]]:
    """What was done with the record that the register is open for: fields by name, never a value (P3)."""
    return [
        {
            "at": one.at,
            "operator": one.operator,
            "purpose": one.purpose,
            "command": one.command,
            "act": one.act,
            "fields": list(one.fields),
            "request": _request(one),
            "instruction": instruction_of(one),
        }
        for one in store_history.seen(own_record)
    ]


_REQUEST = pattern(r"\brequest=([0-9]+)")


def _request(seen: store_history.Seen) -> int | None:
    """The number of the inquiry that asked for what was done."""
    if said := of_entry(seen.act, seen.details):
        return said.request
    return int(found[1]) if (found := _REQUEST.search(seen.details)) else None


def instruction_of(seen: store_history.Seen) -> str | None:
    """When and how the member said that a form be filled in (P6)."""
    said = of_entry(seen.act, seen.details)
    return f"{said.day} {said.how}" if said else None
