"""A member's own instruction to fill a form in (P6), as it is kept with its entry in the journal."""

import re
from collections.abc import Sequence

from soc_cli.model.frozen import frozen

ACT = "prefill"
"""The act whose entry's details say an instruction."""

_KEPT = re.compile(r"instructed=(\S+) fields=(\S*)(?: request=([0-9]+))? how=(.*)")


@frozen
class Instruction:
    """What the member said: on which day (ISO 8601), how, and with which inquiry if with one."""

    day: str
    how: str
    request: int | None = None

    def kept(self, keys: Sequence[str]) -> str:
        """As it stands in the journal, with the fields that it was about."""
        request = f" request={self.request}" if self.request is not None else ""
        return f"instructed={self.day} fields={','.join(keys)}{request} how={self.how}"


def of_entry(act: str, details: str) -> Instruction | None:
    """The instruction that an entry of the journal tells of."""
    found = _KEPT.fullmatch(details) if act == ACT else None
    if found is None:
        return None
    return Instruction(found[1], found[4], int(found[3]) if found[3] else None)
