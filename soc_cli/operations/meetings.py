"""The acts on meetings: plan, declare, attend, look up (C2, P7)."""

from collections.abc import Mapping, Sequence

from soc_cli.model import fields
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import FieldError
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.store import meetings
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KEYS = (
    "number", "title", "date", "time", "place", "capacity", "deadline", "status", "declared",
    "attended", "absent", "companions",
)  # fmt: skip


def add(register: Register, texts: Mapping[str, str | None], capacity: int | None) -> int:
    """Plans a meeting; gives its number. Raises WrongData for a wrong day or time."""
    values: dict[str, object] = {"capacity": capacity}
    for key, read in (
        ("title", fields.plain),
        ("date", _day),
        ("time", fields.time_of_day),
        ("place", fields.plain),
        ("deadline", _day),
    ):
        text = texts.get(key) or ""
        try:
            values[key] = read(text)
        except FieldError as error:
            raise fields.wrong(text, error) from None
    if values["title"] is None:
        raise WrongData(_("a meeting has a title"))
    if values["date"] is None:
        raise WrongData(_("a meeting has a day"))
    with register.change():
        number = meetings.insert(register, values)
        register.record(Entry("plan", details=f"meeting={number}"))
    return number


def _day(text: str) -> str | None:
    found = fields.day(text)
    return found.isoformat() if found else None


def _shown(row: Row) -> dict[str, object]:
    return {key: row["id"] if key == "number" else row[key] for key in KEYS}


def listed(register: Register) -> list[dict[str, object]]:
    """The meetings with their counts."""
    return [_shown(row) for row in meetings.counted(register)]


def show(register: Register, number: int) -> dict[str, object]:
    """A meeting with its people, by number and nickname."""
    found = list(meetings.counted(register, number))
    if not found:
        raise _unknown(number)
    club = register.policy.club
    people = [
        {
            "member": club.number(row["member_id"]) if row["member_id"] is not None else None,
            "nickname": row["nickname"],
            "declared_on": row["declared_on"],
            "attendance": row["attendance"],
            "companions": row["companions"],
        }
        for row in meetings.people(register, number)
    ]
    return {**_shown(found[0]), "people": people}


def _unknown(number: int) -> NotFound:
    return NotFound(
        _("there is no meeting {number}").format(number=number), _("see “soc meeting list”")
    )


def still_open(register: Register, number: int) -> None:
    """Raises unless the meeting is there and planned."""
    status = meetings.status(register, number)
    if status is None:
        raise _unknown(number)
    if status == "cancelled":
        raise WrongData(_("meeting {number} was cancelled").format(number=number))


def cancel(register: Register, number: int) -> None:
    """Cancels a meeting; who had declared stays on record."""
    with register.change():
        still_open(register, number)
        meetings.cancel(register, number)
        register.record(Entry("cancel", details=f"meeting={number}"))


def declare(register: Register, number: int, members: Sequence[int], companions: int = 0) -> None:
    """Records that members say they will come (C2, occasion: meeting), all of them or none."""
    club = register.policy.club
    with register.change():
        still_open(register, number)
        members = list(dict.fromkeys(members))
        declared = meetings.rows_of(register, number)
        for member in members:
            if member in declared:
                raise WrongData(
                    _("{member} has already declared, or come").format(member=club.number(member))
                )
            meetings.declare(register, number, member, register.today.isoformat(), companions)
        capacity = meetings.capacity(register, number)
        coming = sum(said for _row, said in declared.values()) + len(members)
        if capacity is not None and coming > capacity:
            raise WrongData(
                _("meeting {number} has {n} places, and with these {coming} would come").format(
                    number=number, n=capacity, coming=coming
                )
            )
        _record(register, "declare", number, members)


def attend(register: Register, number: int, members: Sequence[int], present: bool) -> None:
    """Records who came and who did not, all or none; whoever comes undeclared is a walk-in."""
    club = register.policy.club
    with register.change():
        still_open(register, number)
        declared = meetings.rows_of(register, number)
        for member in dict.fromkeys(members):
            if member in declared:
                row, _said = declared[member]
                meetings.attend(register, row, "attended" if present else "absent")
            elif present:
                meetings.walk_in(register, number, member)
            else:
                raise WrongData(
                    _("{member} has not declared, so can't be absent").format(
                        member=club.number(member)
                    )
                )
        _record(register, "attend" if present else "absent", number, members)


def _record(register: Register, act: str, number: int, members: Sequence[int]) -> None:
    """An entry a member, so that an erasure leaves nobody's meetings in the journal."""
    for member in dict.fromkeys(members):
        details = f"meeting={number}"
        register.record(Entry(act, (member,), ("meetings",), "meeting", details=details))
