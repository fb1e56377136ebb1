"""Two records of one person made one, and two again (R1, P3)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from soc_cli.model import meant
from soc_cli.model.errors import NotFound, WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, FIELDS, Value
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import with_keys
from soc_cli.operations.registering import flat_values
from soc_cli.store import members, merging, refusals
from soc_cli.store.register import Register

KEYS = ("field", "keep", "other", "becomes")

_PERIOD = ("status", "joined_on", "left_on")


@frozen
class Plan:
    """What a merge would make of two records."""

    keep: int
    other: int
    kept: Mapping[str, Value]
    """The registration of the one that is kept, as it is stored."""
    closed: Mapping[str, Value]
    """The registration of the other."""
    filled: Mapping[str, Value]
    """What is empty in the one and not in the other."""
    conflicts: tuple[str, ...]
    """The fields of which both say something, and not the same."""

    def becomes(self, taken: Iterable[str]) -> dict[str, Value]:
        """The fields of the kept record afterwards, with these taken from the other.

        Raises WrongUse for a field of which the other says nothing.
        """
        said = {**self.kept, **self.filled}
        for key in taken:
            if key not in BY_KEY or key == "joined_on" or self.closed[key] is None:
                raise WrongUse(
                    _("--take {field}: the other record says nothing of it").format(field=key),
                    meant.among(key, list(self.conflicts)),
                )
            said[key] = self.closed[key]
        return said


def plan(keep: int, kept: Mapping[str, object], other: int, closed: Mapping[str, object]) -> Plan:
    """Compares two records as they were shown, one for each of two readings (P3)."""
    one, two = _stored(kept), _stored(closed)
    filled: dict[str, Value] = {}
    conflicts = []
    for field in FIELDS:
        key = field.key
        if key == "joined_on" or _nothing(key, two[key]) or one[key] == two[key]:
            continue
        if _nothing(key, one[key]):
            filled[key] = two[key]
        else:
            conflicts.append(key)
    return Plan(keep, other, one, two, filled, tuple(conflicts))


def _stored(shown: Mapping[str, object]) -> dict[str, Value]:
    days = {key: None if shown[key] is None else str(shown[key]) for key in ("status", "left_on")}
    return {**flat_values(shown), **days}


def _nothing(key: str, value: Value) -> bool:
    return value is None or value == members.DEFAULTS.get(key)


def rows(planned: Plan, becomes: Mapping[str, Value]) -> list[dict[str, object]]:
    """Both records side by side, field by field, where one of them says something."""
    return [
        {"field": key, "keep": planned.kept[key], "other": planned.closed[key], "becomes": becomes[key]}
        for key in (*(field.key for field in FIELDS if field.key != "joined_on"),)
        if not (_nothing(key, planned.kept[key]) and _nothing(key, planned.closed[key]))
    ]  # fmt: skip


def merge(
    upkeep: Register, planned: Plan, becomes: Mapping[str, Value], keep: bool = True
) -> tuple[str, ...]:
    """Makes the other record part of the one that is kept; gives the fields that changed there.

    All that belongs to the other moves. Raises WrongData where one of the records is no longer what
    was shown. With `keep` false nothing is kept.
    """
    one, two = planned.keep, planned.other
    with upkeep.change(keep):
        for number, seen in ((one, planned.kept), (two, planned.closed)):
            _still(upkeep, number, seen)
        undo = merging.move(upkeep, one, two)
        period, over = _periods(upkeep, planned)
        undo["periods"] = [merging.add_period(upkeep, one, *days) for days in over]
        after = {**becomes, **period}
        changed = {key: after[key] for key in after if after[key] != planned.kept[key]}
        undo["fields"] = {
            key: [planned.kept[key], value] for key, value in changed.items() if key not in _PERIOD
        }
        undo["period"] = {key: [planned.kept[key], after[key]] for key in _PERIOD}
        if "nickname" in changed:  # nobody else may have it, so that it can come back
            undo["nickname_key"] = with_keys({"nickname": planned.kept["nickname"]})["nickname_key"]
        merging.close(upkeep, one, two, with_keys(planned.closed), undo)
        if changed:
            members.update(upkeep, one, changed)
        upkeep.record(
            Entry(
                "merge", (one, two), ("registration",), "registration", tuple(changed)
            )
        )  # fmt: skip
    return tuple(changed)


def _still(upkeep: Register, number: int, seen: Mapping[str, Value]) -> None:
    if (kept := merging.into(upkeep, number)) is not None:
        club = upkeep.policy.club
        told = _("{other} was merged into {number}.")
        raise WrongData(told.format(other=club.number(number), number=club.number(kept)))
    if not members.exists(upkeep, number):
        raise NotFound(_("this member was erased meanwhile"))
    if members.differing(upkeep, number, seen, blanks_count=True):
        raise WrongData(
            _("somebody else has changed {number} meanwhile").format(
                number=upkeep.policy.club.number(number)
            ),
            _("look at the record again"),
        )


def _periods(upkeep: Register, planned: Plan) -> tuple[dict[str, Value], list[tuple[Value, Value]]]:
    """The current, or last, period of the kept record afterwards, and those that are over besides."""
    one, two = planned.kept, planned.closed
    joined = [str(side["joined_on"]) for side in (one, two) if side["joined_on"] is not None]
    over: list[tuple[Value, Value]] = []
    if one["status"] == two["status"] == "active":
        now: dict[str, Value] = {"status": "active", "joined_on": min(joined, default=None), "left_on": None}  # fmt: skip
    else:
        stays, ends = one, two
        if two["status"] == "active" or (
            one["status"] != "active" and str(two["left_on"] or "") > str(one["left_on"] or "")
        ):
            stays, ends = two, one
        now = {key: stays[key] for key in _PERIOD}
        days = (ends["joined_on"], ends["left_on"])
        if ends["left_on"] is not None and days != (now["joined_on"], now["left_on"]):
            over.append(days)
    if refusals.standing(upkeep, planned.keep):
        now |= {"status": "refused", "left_on": now["left_on"] or upkeep.today.isoformat()}
    elif now["status"] == "refused":  # its last day is past
        now["status"] = "withdrawn"
    return now, over


@frozen
class Kept:
    """A merge that can be undone."""

    id: int
    keep: int
    other: int
    registration: Mapping[str, Value]
    undo: Mapping[str, Any]


def last(own_record: Register, wanted: int | None = None) -> Kept:
    """The last merge into the member that the register is open for.

    Merges are undone from the last one back: raises WrongData where `wanted` is an earlier one.
    """
    club = own_record.policy.club
    row = merging.newest(own_record)
    if row is None:
        raise WrongData(_("nothing was merged into this member"))
    if wanted not in (None, row["other_id"]):
        raise WrongData(
            _("another was merged after it: {number}").format(number=club.number(row["other_id"])),
            _("unmerge that one first"),
        )
    registration, undo = json.loads(row["registration"]), json.loads(row["undo"])
    return Kept(row["id"], row["keep_id"], row["other_id"], registration, undo)


def _since_the_merge(
    upkeep: Register, keep: int, fields: Mapping[str, list[Value]]
) -> dict[str, Value]:
    """What the fields held before the merge, of those that were not changed since."""
    after = {key: value for key, (_before, value) in fields.items()}
    since = members.differing(upkeep, keep, after, blanks_count=True)
    return {key: before for key, (before, _after) in fields.items() if key not in since}


def unmerge(upkeep: Register, found: Kept) -> None:
    """Makes two records of one again: each with what it had, and the kept one with what came since.

    A field that was changed since the merge stays as it is.
    """
    with upkeep.change():
        if merging.into(upkeep, found.other) != found.keep:
            raise NotFound(_("this member was erased meanwhile"))
        fields: Mapping[str, list[Value]] = found.undo["fields"]
        before = _since_the_merge(upkeep, found.keep, fields)
        # A membership is one thing: what was done with it since stays, with the periods before it.
        period: Mapping[str, list[Value]] = found.undo["period"]
        as_it_was = _since_the_merge(upkeep, found.keep, period)
        if len(as_it_was) == len(period):
            before |= as_it_was
            merging.remove_periods(upkeep, found.keep, found.undo["periods"])
        if before:
            members.update(upkeep, found.keep, before)
        nickname = found.registration["nickname_key"]
        if nickname is not None and members.has_nickname(upkeep, str(nickname)):
            raise WrongData(
                _("the nickname of {number} was taken meanwhile").format(
                    number=upkeep.policy.club.number(found.other)
                ),
                _("change it there first"),
            )
        merging.restore(upkeep, found.other, found.registration)
        merging.move_back(upkeep, found.keep, found.other, found.undo)
        if found.registration["status"] == "refused" and not refusals.open_of(upkeep, found.other):
            left = found.registration["left_on"]
            refusals.set_status(
                upkeep, found.other, "withdrawn", None if left is None else str(left)
            )
        merging.reopen(upkeep, found.id)
        upkeep.record(
            Entry(
                "unmerge",
                (found.keep, found.other),
                ("registration",),
                "registration",
                tuple(before),
            )
        )
