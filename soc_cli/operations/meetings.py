"""The acts on meetings: plan, declare, wait, attend, look up, report (C2, P7), and the sheet (P5)."""

from collections.abc import Callable, Mapping, Sequence

from soc_cli.model import fields, newfile
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import FieldError
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.meeting import Times, Who, guest
from soc_cli.policy.form import Club
from soc_cli.store import meetings
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KEYS = (
    "number", "title", "date", "time", "place", "capacity", "deadline", "status", "declared",
    "attended", "absent", "companions", "deadline_time", "fee", "waiting", "guests",
)  # fmt: skip
REPORT = (
    "number", "date", "title", "status", "declared", "attended", "absent", "walk_ins", "waiting",
    "guests", "guests_attended", "companions", "rate",
)  # fmt: skip
REPORT_BY_MEMBER = ("member", "nickname", "declared", "attended", "absent", "kept", "rate")

PEOPLE = (
    "member",
    "nickname",
    "declared_on",
    "attendance",
    "companions",
    "waiting",
    "guest",
)


def written(club: Club, who: Who) -> str:
    """Somebody by their number."""
    return club.number(who.number) if who.kind == "member" else guest(who.number)


# planning -------------------------------------------------------------------------------------


def _day(text: str) -> str | None:
    found = fields.day(text)
    return found.isoformat() if found else None


def deadline(text: str) -> tuple[str | None, str | None]:
    """A day, or a day with a time: the last minute to declare (Asia/Tokyo)."""
    found = fields.moment(text)
    if found is None:
        return None, None
    day = found.date().isoformat()
    try:
        fields.day(text)
    except FieldError:
        return day, found.strftime("%H:%M")
    return day, None


_READ: Mapping[str, Callable[[str], str | None]] = {
    "title": fields.plain,
    "date": _day,
    "time": fields.time_of_day,
    "place": fields.plain,
    "fee": fields.plain,
}


def check(texts: Mapping[str, str | None]) -> dict[str, object]:
    """What is planned, from texts; raises WrongData for a wrong one."""
    values: dict[str, object] = {}
    for key, text in texts.items():
        try:
            if key == "deadline":
                values["deadline"], values["deadline_time"] = deadline(text or "")
            else:
                values[key] = _READ[key](text or "")
        except FieldError as error:
            raise fields.wrong(text or "", error) from None
    return values


def _check_whole(values: Mapping[str, object]) -> None:
    if values.get("title") is None:
        raise WrongData(_("a meeting has a title"))
    if values.get("date") is None:
        raise WrongData(_("a meeting has a day"))
    if values.get("deadline") is not None and str(values["deadline"]) > str(values["date"]):
        raise WrongData(_("the deadline is after the meeting"))


def add(register: Register, texts: Mapping[str, str | None], capacity: int | None) -> int:
    """Plans a meeting; gives its number. Raises WrongData for a wrong day or time."""
    values = {"capacity": capacity, **check(texts)}
    _check_whole(values)
    with register.change():
        number = meetings.insert(register, values)
        register.record(Entry("plan", details=f"meeting={number}"))
    return number


@frozen
class Edited:
    """A changed meeting: which fields differ, who got a place, and how many too many have one."""

    fields: tuple[str, ...]
    moved_up: tuple[Who, ...]
    over: int
    before: Mapping[str, object]
    """What was planned of them before, the time of a deadline with its day."""


def edit(register: Register, number: int, values: Mapping[str, object]) -> Edited:
    """Changes what is planned of a meeting, by checked values; nobody loses a place.

    With more places those who wait move up.
    """
    with register.change():
        before = still_open(register, number)
        differing = {key: value for key, value in values.items() if before[key] != value}
        _check_whole({**{key: before[key] for key in meetings.COLUMNS}, **values})
        if not differing:
            raise WrongData(_("nothing of this differs from what is planned"))
        meetings.update(register, number, differing)
        named = tuple(sorted(differing))
        register.record(
            Entry("replan", (), ("meetings",), details=f"meeting={number} {' '.join(named)}")
        )
        moved_up = _move_up(register, number)
        capacity = meetings.capacity(register, number)
        over = 0 if capacity is None else max(0, meetings.taken(register, number) - capacity)
    both = {"deadline", "deadline_time"}
    told = [k for k in meetings.COLUMNS if k in differing or (k in both and both & set(differing))]
    return Edited(named, moved_up, over, {key: before[key] for key in told})


def cancel(register: Register, number: int) -> None:
    """Cancels a meeting; who had declared stays on record."""
    with register.change():
        still_open(register, number)
        meetings.cancel(register, number)
        register.record(Entry("cancel", details=f"meeting={number}"))


def reinstate(register: Register, number: int) -> None:
    """A meeting that was cancelled by mistake is held; whoever had declared is expected as before."""
    with register.change():
        status = meetings.status(register, number)
        if status is None:
            raise _unknown(number)
        if status != "cancelled":
            raise WrongData(_("meeting {number} is not cancelled").format(number=number))
        meetings.reinstate(register, number)
        register.record(Entry("reinstate", details=f"meeting={number}"))


def _unknown(number: int) -> NotFound:
    return NotFound(
        _("there is no meeting {number}").format(number=number), _("see “soc meeting list”")
    )


def planned(register: Register, number: int) -> Row:
    """What is planned of a meeting; raises NotFound."""
    row = meetings.planned(register, number)
    if row is None:
        raise _unknown(number)
    return row


def still_open(register: Register, number: int) -> Row:
    """What is planned of a meeting; raises unless it is there and not cancelled."""
    row = planned(register, number)
    if row["status"] == "cancelled":
        raise WrongData(_("meeting {number} was cancelled").format(number=number))
    return row


def _times(row: Row) -> Times:
    return Times(row["date"], row["deadline"], row["deadline_time"])


# looking up -----------------------------------------------------------------------------------


def _shown(row: Row) -> dict[str, object]:
    return {key: row["id"] if key == "number" else row[key] for key in KEYS}


def listed(register: Register) -> list[dict[str, object]]:
    """The meetings with their counts."""
    return [_shown(row) for row in meetings.counted(register)]


def show(register: Register, number: int) -> dict[str, object]:
    """A meeting with its people, by number and nickname; guests by number alone."""
    found = list(meetings.counted(register, number))
    if not found:
        raise _unknown(number)
    return {**_shown(found[0]), "people": people(register, number)}


def people(register: Register, number: int) -> list[dict[str, object]]:
    """Who declared or came: the members by number, then the guests by theirs."""
    club = register.policy.club
    said = ("declared_on", "attendance", "companions", "waiting")
    members: list[dict[str, object]] = [
        {
            "member": club.number(row["member_id"]) if row["member_id"] is not None else None,
            "nickname": row["nickname"],
            **{key: row[key] for key in said},
            "guest": None,
        }
        for row in meetings.people(register, number)
    ]
    guests: list[dict[str, object]] = [
        {"member": None, "nickname": None, **{key: row[key] for key in said}, "guest": row["id"]}
        for row in meetings.guests(register, number)
    ]
    return [*members, *guests]


@frozen
class Expected:
    """Somebody who declared and of whom nothing is told yet, or who waits."""

    who: Who
    nickname: str | None
    companions: int
    waiting: int | None


def expected(register: Register, number: int) -> list[Expected]:
    """Who is waited for at the door of a meeting, those in the line last; raises as `still_open`."""
    still_open(register, number)
    members = [
        Expected(
            Who("member", row["member_id"]), row["nickname"], row["companions"], row["waiting"]
        )
        for row in meetings.people(register, number)
        if row["member_id"] is not None and row["attendance"] is None
    ]
    guests = [
        Expected(Who("guest", row["id"]), None, row["companions"], row["waiting"])
        for row in meetings.guests(register, number)
        if row["attendance"] is None and row["erased_on"] is None
    ]
    return sorted([*members, *guests], key=lambda one: one.waiting or 0)


# declaring ------------------------------------------------------------------------------------


@frozen
class Declared:
    """Who has a place now, who waits at which place of the line, and who moved up from it."""

    placed: tuple[Who, ...] = ()
    waiting: tuple[tuple[Who, int], ...] = ()
    moved_up: tuple[Who, ...] = ()


def declare(
    register: Register,
    number: int,
    members: Sequence[int],
    companions: int = 0,
    guests: Sequence[str] = (),
    late: bool = False,
) -> Declared:
    """Records that members, and guests by the name given, say they will come (C2), all of them or none.

    Whoever does not fit, with companions, waits. Raises WrongData for a member who has declared, and
    after the deadline or the day unless `late`.
    """
    club = register.policy.club
    named = [_guest_name(text) for text in guests]
    placed: list[Who] = []
    waiting: list[tuple[Who, int]] = []
    with register.change():
        row = still_open(register, number)
        if not late:
            _check_in_time(register, row)
        members = list(dict.fromkeys(members))
        declared = meetings.rows_of(register, number)
        for member in members:
            if member in declared:
                raise WrongData(
                    _("{member} has already declared, or come").format(member=club.number(member))
                )
            note(register, "declare", number, Who("member", member), late)
        moved_up = _move_up(register, number)
        today = register.today.isoformat()
        coming: list[int | str] = [*members, *named]
        for one in coming:
            place = _place(register, row, 1 + companions)
            if isinstance(one, int):
                meetings.declare(register, number, one, today, companions, place)
                who = Who("member", one)
            else:
                who = Who(
                    "guest",
                    meetings.declare_guest(register, number, one, today, companions, place),
                )
                note(register, "declare", number, who, late)
            if place is None:
                placed.append(who)
            else:
                waiting.append((who, place))
    return Declared(tuple(placed), tuple(waiting), moved_up)


def _guest_name(text: str) -> str:
    try:
        name = fields.plain(text, 100)
    except FieldError as error:
        raise fields.wrong(text, error) from None
    if name is None:
        raise WrongData(_("a guest has a name"))
    return name


def _check_in_time(register: Register, row: Row) -> None:
    times, now, number = _times(row), register.run.clock.now(), row["id"]
    if times.is_over(now):
        raise WrongData(
            _("meeting {number} was on {day}").format(number=number, day=times.date),
            _("record who came with “soc meeting attend”, or say --late"),
        )
    if times.is_past_deadline(now):
        raise WrongData(
            _("the deadline of meeting {number} was {day}").format(
                number=number, day=times.last_minute()
            ),
            _("--late declares all the same"),
        )


def _place(register: Register, row: Row, places: int) -> int | None:
    """None where so many places are free, else the next place in the line."""
    if row["capacity"] is None or meetings.taken(register, row["id"]) + places <= row["capacity"]:
        return None
    return 1 + len(meetings.line(register, row["id"]))


def _move_up(register: Register, number: int) -> tuple[Who, ...]:
    """Gives free places to those who wait, the first who fits first; inside a change with an entry."""
    moved: list[Who] = []
    capacity = meetings.capacity(register, number)
    while any(not row["gone"] for row in meetings.line(register, number)):
        free = None if capacity is None else capacity - meetings.taken(register, number)
        if free is not None and free <= 0:
            break
        first = meetings.first_in_line(register, number, free)
        if first is None:
            break
        row, who = first
        meetings.wait(register, who.kind, row, None)
        note(register, "move-up", number, who)
        moved.append(who)
    meetings.close_ranks(register, number)
    return tuple(moved)


def withdraw(
    register: Register, number: int, members: Sequence[int], guests: Sequence[int] = ()
) -> Declared:
    """Takes back declarations, all of them or none; whoever waits and fits moves up.

    Raises WrongData for somebody who has not declared or of whom attendance is told, and when the day
    of the meeting is over: then it is absence.
    """
    with register.change():
        row = still_open(register, number)
        if _times(row).is_over(register.run.clock.now()):
            raise WrongData(
                _("meeting {number} was on {day}").format(number=number, day=row["date"]),
                _("record who stayed away with “soc meeting absent”"),
            )
        for who, at in _rows(register, number, members, guests):
            if at is None:
                raise WrongData(
                    _("{member} has not declared").format(member=written(register.policy.club, who))
                )
            note(register, "withdraw-declaration", number, who)
            if meetings.waiting_or_come(register, who.kind, at)[1] is not None:
                raise WrongData(
                    _("the attendance of {member} is recorded already").format(
                        member=written(register.policy.club, who)
                    )
                )
            meetings.remove(register, who.kind, at)
        moved_up = _move_up(register, number)
    return Declared(moved_up=moved_up)


def _rows(
    register: Register, number: int, members: Sequence[int], guests: Sequence[int]
) -> list[tuple[Who, int | None]]:
    """Each once, with the number of the row at this meeting, None where there is none.

    Raises NotFound for a guest of no or another meeting.
    """
    rows, known = meetings.rows_of(register, number), meetings.guests_of(register, number)
    found: list[tuple[Who, int | None]] = [
        (Who("member", member), rows[member][0] if member in rows else None)
        for member in dict.fromkeys(members)
    ]
    for one in dict.fromkeys(guests):
        if one not in known:
            raise NotFound(
                _("meeting {number} has no {guest}").format(number=number, guest=guest(one)),
                _("see “{command}”").format(command=f"soc meeting show {number}"),
            )
        found.append((Who("guest", one), one))
    return found


# attendance -----------------------------------------------------------------------------------


def attend(
    register: Register,
    number: int,
    members: Sequence[int],
    present: bool,
    guests: Sequence[int] = (),
    companions: int | None = None,
    walk_ins: Sequence[str] = (),
) -> tuple[Who, ...]:
    """Records who came and who did not, all or none; whoever comes undeclared is a walk-in.

    Whoever waited and comes has come. `walk_ins` are names of guests who come undeclared; `companions`
    how many really came along. Gives everybody of whom something is recorded.
    """
    club = register.policy.club
    names = [_guest_name(text) for text in walk_ins]
    with register.change():
        still_open(register, number)
        told = []
        for who, at in _rows(register, number, members, guests):
            note(register, "attend" if present else "absent", number, who)
            waits = at is not None and meetings.waiting_or_come(register, who.kind, at)[0]
            if not present and (at is None or waits):
                reason = (
                    _("{member} waits for a place, so can't be absent")
                    if waits
                    else _("{member} has not declared, so can't be absent")
                )
                raise WrongData(reason.format(member=written(club, who)))
            if at is None:
                meetings.record(register, number, who.number, "attended", companions or 0)
            else:
                attendance = "attended" if present else "absent"
                meetings.attend(register, at, attendance, who.kind, companions)
            told.append(who)
        for name in names:
            new = meetings.declare_guest(
                register, number, name, None, companions or 0, None, "attended"
            )
            told.append(Who("guest", new))
            note(register, "attend", number, told[-1])
        if present:
            meetings.close_ranks(register, number)
    return tuple(told)


def take_back(
    register: Register, number: int, present: bool, members: Sequence[int], guests: Sequence[int]
) -> tuple[Who, ...]:
    """Takes back, of all named or of none, that they came, or that they did not: nothing is known of it.

    Whoever came undeclared is not of the meeting any more. Raises WrongData for somebody of whom it is
    not recorded.
    """
    wanted = "attended" if present else "absent"
    with register.change():
        still_open(register, number)
        told = []
        for who, at in _rows(register, number, members, guests):
            gone = who.kind == "guest" and meetings.guest_erased_on(register, who.number)
            if at is None or gone or meetings.waiting_or_come(register, who.kind, at)[1] != wanted:
                name = written(register.policy.club, who)
                raise WrongData(
                    _("it is not recorded that {member} came").format(member=name)
                    if present
                    else _("it is not recorded that {member} stayed away").format(member=name),
                    _("see “{command}”").format(command=f"soc meeting show {number}"),
                )
            note(register, "take-back-attendance", number, who)
            meetings.forget_attendance(register, who.kind, at)
            told.append(who)
    return tuple(told)


def rest_absent(register: Register, number: int) -> tuple[Who, ...]:
    """Records that everybody who has a place and of whom nothing is told did not come."""
    with register.change():
        rest = [one.who for one in expected(register, number) if one.waiting is None]
        if not rest:
            raise WrongData(_("of everybody who declared it is told whether they came"))
        return attend(
            register,
            number,
            [who.number for who in rest if who.kind == "member"],
            False,
            [who.number for who in rest if who.kind == "guest"],
        )


def is_to_come(register: Register, number: int) -> str | None:
    """The day of a meeting that has not begun; None where it has, or there is no such meeting."""
    times = meetings.times(register, number)
    to_come = times is not None and times.is_to_come(register.run.clock.now())
    return times.date if times is not None and to_come else None


def note(register: Register, act: str, number: int, who: Who, late: bool = False) -> None:
    """An entry a member, so that an erasure leaves nobody's meetings in the journal; no guest's name."""
    members = (who.number,) if who.kind == "member" else ()
    details = f"meeting={number}" + (f" guest={who.number}" if who.kind == "guest" else "")
    details += " late" if late else ""
    register.record(Entry(act, members, ("meetings",), "meeting", details=details))


# the sheet ------------------------------------------------------------------------------------


@frozen
class AtTheDoor:
    """One line of the sheet: number, name and reading, and nothing else (P5)."""

    who: Who
    name: str
    kana: str | None


def coming(register: Register, number: int) -> tuple[dict[str, object], list[int], list[int]]:
    """A meeting, and the numbers of the members and guests who have a place or have come (P7)."""
    found = dict(still_open(register, number))
    members = [
        row["member_id"]
        for row in meetings.people(register, number)
        if row["member_id"] is not None and row["waiting"] is None
    ]
    guests = [
        row["id"]
        for row in meetings.guests(register, number)
        if row["waiting"] is None and row["erased_on"] is None
    ]
    return found, members, guests


def at_the_door(verify: Register, members: Sequence[int], guests: Sequence[int]) -> list[AtTheDoor]:
    """The lines of a sheet: members in the order of their readings, then guests by number (P5)."""
    lines = [
        AtTheDoor(Who("member", row["id"]), row["name"], row["kana"])
        for row in meetings.names(verify, members)
    ]
    lines += [
        AtTheDoor(Who("guest", row["id"]), row["name"], None)
        for row in meetings.guest_names(verify, guests)
        if row["name"] is not None
    ]
    return lines


def write_sheet(
    verify: Register,
    number: int,
    members: Sequence[int],
    guests: Sequence[int],
    prepare: Callable[[Sequence[AtTheDoor]], newfile.Unnamed],
) -> int:
    """Has the sheet written, with its record (P5); gives how many stand on it."""
    about = Entry("sheet", tuple(members), ("identity",), "meeting", details=f"meeting={number}")
    with verify.change():
        verify.record(about)
        lines = at_the_door(verify, members, guests)
        files = prepare(lines)
        verify.unnamed(files, "sheet", sorted(members), meeting=number if guests else None)
    verify.name(files, Entry("take-back", tuple(members), ("identity",), details=about.details))
    return len(lines)


# the year -------------------------------------------------------------------------------------


def report(register: Register, year: int) -> dict[str, object]:
    """The meetings of a year and who was at them (P7); `rate` is the part of the declarations kept."""
    club = register.policy.club
    by_meeting = [
        {
            **{key: row["id"] if key == "number" else row[key] for key in REPORT if key != "rate"},
            "rate": _rate(row),
        }
        for row in meetings.counted(register, year=year)
    ]
    by_member = [
        {
            "member": club.number(row["member_id"]),
            **{key: row[key] for key in REPORT_BY_MEMBER if key not in ("member", "rate")},
            "rate": _rate(row),
        }
        for row in meetings.by_member(register, year)
    ]
    return {"year": year, "meetings": by_meeting, "members": by_member}


def _rate(row: Row) -> float | None:
    """Of the members who declared and of whom it is told, the part that came; None of none."""
    told = row["kept"] + row["broken"]
    return round(row["kept"] / told, 3) if told else None


def events(register: Register, numbers: Sequence[int]) -> list[dict[str, object]]:
    """What is planned of these meetings or, without any, of those that are to come (no member)."""
    chosen = numbers or meetings.to_come(register, register.today.isoformat())
    return [dict(planned(register, number)) for number in dict.fromkeys(chosen)]
