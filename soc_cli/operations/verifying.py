"""Checking that somebody is the member they say they are (P5): yes or no, and never which was wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from soc_cli.model.errors import NotFound, Refused
from soc_cli.model.fields import (
    FieldError,
    address,
    address_key,
    kana_key,
    name_key,
    past_day,
    phone,
    phone_key,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.store import history, members
from soc_cli.store.register import Register

ASKED = ("name", "address", "birth_date", "phone")
AGENTS = ("guardian", "mandate")
"""Who may ask for a member: a guardian, or somebody with a written mandate (Act art. 37(3))."""

MOST = 10
"""Wrong tries in a day; after that nobody is verified until the next."""
LONGEST = 60
"""Seconds that an answer waits at most."""


@dataclass(frozen=True)
class Answer:
    """Whether it is the member, and the entry of the journal that says so."""

    verified: bool
    entry: int


def wait(upkeep: Register, number: int, before: int | None = None) -> int:
    """Seconds that an answer waits: twice as many after each wrong try of the last day.

    Only the tries that stand in the journal `before` an entry count, so that many at once wait as
    long as one after another. Raises Refused where somebody was too often not this member.
    """
    since = upkeep.run.clock.now() - timedelta(days=1)
    tries = history.refused(upkeep, "verify", number, since.isoformat(), before)
    if tries >= MOST:
        raise Refused(
            _("too many wrong answers today"), _("try again tomorrow, or ask for a document")
        )
    return int(min(2**tries - 1, LONGEST))


def verify(register: Register, number: int, texts: Mapping[str, str], agent: str | None) -> Answer:
    """Compares what somebody says with what is stored, and records the outcome.

    Everything that is stored must be said rightly, in any spelling; the name and something beside
    it must be stored. The answer is to be given after `wait`, and not at all where that refuses.
    """
    with register.change():
        row = members.one(register, number)
        if row is None:
            raise NotFound(_("this member was erased meanwhile"))
        held = set(row.keys())
        stored = {key: row[key] if key in held else None for key in (*ASKED, "kana")}
        beside = [key for key in ASKED[1:] if stored[key] is not None]
        verified = bool(beside) and all(
            _same(register, key, stored, texts.get(key, "")) for key in ("name", *beside)
        )
        details = f"agent={agent}" if agent is not None else ""
        outcome = "done" if verified else "refused"
        entry = register.record(
            Entry("verify", (number,), ("identity",), details=details, outcome=outcome)
        )
    return Answer(verified, entry)


def _same(register: Register, key: str, stored: Mapping[str, str | None], said: str) -> bool:
    kept = stored[key]
    if kept is None or not said.strip():
        return False
    try:
        if key == "name":
            reading = stored["kana"]
            return name_key(said) == name_key(kept) or (
                reading is not None and kana_key(said) == kana_key(reading)
            )
        if key == "birth_date":
            return past_day(said, register.today) == kept
        read, fold = _READ[key]
        return fold(read(said, register.today) or "") == fold(kept)
    except FieldError:
        return False


_READ: Mapping[str, tuple[Callable[..., str | None], Callable[[str], str]]] = {
    "address": (address, address_key),
    "phone": (phone, phone_key),
}
