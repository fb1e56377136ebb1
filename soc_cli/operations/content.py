"""What the website is told so that its pages fit: attributes by a browser's token, never a name (P1)."""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from soc_cli.model import newfile, prefectures
from soc_cli.model.clocks import TOKYO
from soc_cli.model.groups import band, generalised
from soc_cli.model.journal import Entry
from soc_cli.store import content
from soc_cli.store.register import Register

KEYS = ("token", "age_band", "prefecture", "occupation", "hour", "device")

_BOT = re.compile(r"bot\b|crawl|spider|slurp", re.I)
_MOBILE = re.compile(r"mobile|iphone|ipad|ipod|android|\bios\b|docomo|kddi|softbank", re.I)
_DESKTOP = re.compile(r"windows|mac ?os|macintosh|linux|x11|cros|chrome ?os|ubuntu", re.I)


@lru_cache(maxsize=65536)
def device(environment: str | None) -> str | None:
    """`mobile`, `desktop`, or None where the browser environment does not say; None of a robot too."""
    said = environment or ""
    if _BOT.search(said):
        return None
    if _MOBILE.search(said):
        return "mobile"
    return "desktop" if _DESKTOP.search(said) else None


def hour(at: str) -> int:
    """The hour in Asia/Tokyo of a moment (ISO 8601); one without an offset is one in Asia/Tokyo."""
    if at.endswith("+09:00"):  # which nearly all are
        return int(at[11:13])
    moment = datetime.fromisoformat(at)
    return (moment.astimezone(TOKYO) if moment.tzinfo else moment).hour


@dataclass
class _Browser:
    member: int
    hours: Counter[int] = field(default_factory=Counter)
    devices: Counter[str] = field(default_factory=Counter)


def key(upkeep: Register, draw: Callable[[int], bytes] = os.urandom) -> str:
    """The key by which the website makes the same tokens of its cookies; drawn when first asked for."""
    found = content.key(upkeep)
    if found is None:
        found = draw(16).hex()
        with upkeep.change():
            content.add_key(upkeep, found)
            upkeep.record(Entry("visitor-key"))
    return found


def gather(register: Register) -> tuple[list[dict[str, object]], list[int]]:
    """A row for each browser of an active member, by token, and the members who are in it; recorded.

    Age band, prefecture and occupation are left out, the last one first, where fewer members of
    the file than the policy's smallest group have them in common. The tokens need the `key`.
    """
    register.visitor_key = content.key(register) or ""
    assert register.visitor_key, "the key is drawn before"
    with register.change():
        browsers: dict[str, _Browser] = {}
        for row in content.visits(register):
            one = browsers.get(row["visitor"])
            if one is None:
                one = browsers[row["visitor"]] = _Browser(row["member_id"])
            one.hours[hour(row["at"])] += 1
            if found := device(row["environment"]):
                one.devices[found] += 1
        come = {one.member for one in browsers.values()}
        people = [row for row in content.attributes(register) if row["id"] in come]
    known = [
        (
            band(row["age"]),
            None if row["postal_code"] is None else prefectures.of_code(row["postal_code"]),
            row["occupation"],
        )
        for row in people
    ]
    coarse = generalised(known, register.policy.rule.smallest_group)
    of = {row["id"]: told for row, told in zip(people, coarse, strict=True)}
    rows = [
        dict(zip(KEYS, (token, *of[one.member], _most(one.hours), _most(one.devices)), strict=True))
        for token, one in sorted(browsers.items())
    ]
    return rows, sorted(come)


def _most(counted: Counter[int] | Counter[str]) -> object:
    """What was counted most often; of several the first in order."""
    return min(counted, key=lambda one: (-counted[one], one), default=None)


Prepare = Callable[[Sequence[Mapping[str, object]]], newfile.Unnamed]


def export(register: Register, prepare: Prepare | None) -> list[dict[str, object]]:
    """The rows for the website; where `prepare` makes a file of them, that is on record."""
    if prepare is None:
        return gather(register)[0]
    with register.change():
        rows, members = gather(register)
        files = prepare(rows)
        register.unnamed(files, "content", members)
        register.record(Entry("content", (), ("attributes", "usage", "visitors")))
    register.name(files, Entry("take-back"))
    return rows
