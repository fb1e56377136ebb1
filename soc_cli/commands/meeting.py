"""`soc meeting`: offline meetings, who declared and who came."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, erasing, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model import meant
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from soc_cli.model.meeting import Who
    from soc_cli.operations.meetings import AtTheDoor, Declared

app = syntax.Verbs()

Meeting = Annotated[
    int, syntax.Argument(metavar="MEETING", min=1, max=99_999_999, help=N_("The meeting's number."))
]
PEOPLE_HELP = N_(
    "Members, each by number, nickname or e-mail; guests as guest-2; - reads them from standard input, one a line."
)
People = Annotated[list[str] | None, syntax.Argument(metavar="[MEMBER...]", help=PEOPLE_HELP)]
Text = str | None
Title = Annotated[Text, syntax.Option(help=N_("What it is called."))]
Date = Annotated[Text, syntax.Option(help=N_("The day."))]
Time = Annotated[Text, syntax.Option(help=N_("The time, like 10:30."))]
Place = Annotated[Text, syntax.Option(help=N_("Where it is."))]
Capacity = Annotated[
    int | None,
    syntax.Option(min=1, max=99999, help=N_("How many people can come, companions too.")),
]
Deadline = Annotated[
    Text,
    syntax.Option(help=N_("The last day to declare, or the last minute: “2026-12-06 18:00”.")),
]
Fee = Annotated[Text, syntax.Option(help=N_("What it costs, as information."))]
Companions = Annotated[
    int | None,
    syntax.Option(min=0, max=99, help=N_("How many come along with the one who is named.")),
]
Guests = Annotated[
    list[str] | None,
    syntax.Option(
        "--guest", metavar="NAME", help=N_("Somebody who is no member, by the name given.")
    ),
]


@app.command("add", help=N_("Plan a meeting; on a terminal, asks for its title and day."))
def add(
    ctx: syntax.Context, title: Title = None, date: Date = None, time: Time = None,
    place: Place = None, capacity: Capacity = None, deadline: Deadline = None, fee: Fee = None,
) -> None:  # fmt: skip
    from soc_cli.model import fields
    from soc_cli.operations import meetings
    from soc_cli.terminal import ask

    session: Session = ctx.obj

    def day(text: str) -> None:
        ask.needed(text)
        fields.day(text)

    with session.register("nickname") as register:
        if not title:
            title = ask.text(_("Title:"), ask.needed, "--title")
        if not date:
            date = ask.text(_("Day:"), day, "--date")
        texts = {"title": title, "date": date, "time": time, "place": place, "deadline": deadline, "fee": fee}  # fmt: skip
        number = meetings.add(register, texts, capacity)
    screen.line(number)
    back.tell(session, "meeting add", MEETING=number)


@app.command(
    "edit",
    help=N_(
        "Change what is planned; nobody loses a place, and with more of them those who wait move up."
    ),
)
def edit(
    ctx: syntax.Context, meeting: Meeting, title: Title = None, date: Date = None,
    time: Time = None, place: Place = None, capacity: Capacity = None,
    no_capacity: Annotated[bool, syntax.Option("--no-capacity", help=N_("As many as want can come."))] = False,
    deadline: Deadline = None, fee: Fee = None,
) -> None:  # fmt: skip
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    said = {"title": title, "date": date, "time": time, "place": place, "deadline": deadline, "fee": fee}  # fmt: skip
    values = meetings.check({key: text for key, text in said.items() if text is not None})
    if capacity is not None and no_capacity:
        raise WrongUse(_("--capacity and --no-capacity exclude each other"))
    if capacity is not None or no_capacity:
        values["capacity"] = capacity
    if not values:
        raise WrongUse(_("nothing is said to be changed"), _("see “soc meeting edit --help”"))
    with session.register("nickname") as register:
        edited = meetings.edit(register, meeting, values)
    names = _(", ").join(map(output.label, edited.fields))
    screen.say(_("Meeting {meeting} is changed: {fields}").format(meeting=meeting, fields=names))
    _tell_moved_up(session, edited.moved_up)
    if edited.over:
        screen.say(
            ngettext(
                "{n} person more than there are places has one: nobody loses theirs.",
                "{n} people more than there are places have one: nobody loses theirs.",
                edited.over,
            ).format(n=edited.over)
        )
    back.tell(session, "meeting edit", MEETING=meeting, OPTIONS=_options(edited.before))


def _options(values: Mapping[str, object]) -> str:
    """What is planned of a meeting as the options that say it."""
    words: list[str] = []
    for key, value in values.items():
        if key == "capacity" and value is None:
            words.append("--no-capacity")
        elif key == "deadline_time":
            continue
        else:
            said = [value, values.get("deadline_time")] if key == "deadline" else [value]
            words += [f"--{key}", " ".join(str(one) for one in said if one is not None)]
    return screen.as_typed(words)


LISTED = ("number", "date", "title", "status", "declared", "waiting", "attended", "guests")
"""What of a meeting a table has room for; `show` tells the rest."""


@app.command("list", help=N_("List the meetings, with how many declared and came (P7)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import meetings

    with ctx.obj.register("nickname") as register:
        found = meetings.listed(register)
    table = output.chosen(form, json) is options.Form.table
    output.rows(LISTED if table else meetings.KEYS, found, form, json)


@app.command(
    "show",
    help=N_("Show a meeting with its people, by number and nickname; guests by number (P7)."),
)
def show(
    ctx: syntax.Context, meeting: Meeting, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.operations import meetings

    with ctx.obj.register("nickname") as register:
        found = meetings.show(register, meeting)
    people = found["people"]
    assert isinstance(people, list)
    kind = output.chosen(form, json)
    if kind in (options.Form.json, options.Form.jsonl):
        output.thing(tuple(found), found, form, json)
        return
    if kind is not options.Form.csv:  # a CSV holds one table: that of the people
        output.thing(meetings.KEYS, found, form, json)
    if kind is not options.Form.table:
        output.rows(meetings.PEOPLE, people, form, json)
        return
    columns = [
        key for key in meetings.PEOPLE if key != "guest" and (key != "waiting" or found[key])
    ]
    named = [
        {**one, "member": one["member"] or output.for_person("guest", one["guest"])}
        for one in people
    ]
    output.rows(columns, named, form, json)


# declaring ------------------------------------------------------------------------------------


@app.command(
    "declare",
    help=N_(
        "Record that members or guests say they will come (C2); all of them, or none. Whoever does not fit waits."
    ),
)
def declare(
    ctx: syntax.Context, meeting: Meeting, members: People = None, companions: Companions = None,
    guest: Guests = None,
    late: Annotated[bool, syntax.Option("--late", help=N_("Also after the deadline, or the day."))] = False,
) -> None:  # fmt: skip
    from soc_cli.operations import meetings, refusing
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if not members and not guest and screen.can_ask():
        members = [ask.text(_("Who comes (number, nickname or e-mail):"), ask.needed, "MEMBER")]
    numbers, guests = _who(session, members or [])
    if guests:
        raise WrongUse(_("a guest declares by name"), _("say --guest NAME"))
    if not numbers and not guest:
        raise WrongUse(_("nobody is named"), _("say MEMBER, or --guest NAME"))
    _one_has_companions(companions, len(numbers) + len(guest or []))
    if numbers:
        with session.upkeep() as upkeep:
            refusing.bar(upkeep, numbers)
    with session.register("nickname") as register:
        done = meetings.declare(register, meeting, numbers, companions or 0, guest or [], late)
    _tell(session, _("Declared for meeting {meeting}: {members}"), meeting, done.placed)
    for who, place in done.waiting:
        screen.say(
            _("Meeting {meeting} has no place left: {member} waits, as number {place}.").format(
                meeting=meeting, member=_written(session, who), place=place
            )
        )
    _tell_moved_up(session, done.moved_up)
    declared = [*done.placed, *(who for who, _place in done.waiting)]
    back.tell(session, "meeting declare", MEETING=meeting, WHO=_named(session, declared))


@app.command(
    "withdraw-declaration",
    help=N_("Take back that somebody will come; whoever waits and fits gets the place."),
)
def withdraw_declaration(ctx: syntax.Context, meeting: Meeting, members: People = None) -> None:
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    numbers, guests = _who(session, members or [])
    if not numbers and not guests:
        raise WrongUse(_("nobody is named"), _("say MEMBER, or guest-2"))
    with session.register("nickname") as register:
        done: Declared = meetings.withdraw(register, meeting, numbers, guests)
    _say(
        session,
        _("Not declared any more for meeting {meeting}: {members}"),
        meeting,
        [*_members(numbers), *_guests(guests)],
    )
    _tell_moved_up(session, done.moved_up)
    who = " ".join(
        filter(None, [_named(session, _members(numbers)), *["--guest NAME"] * len(guests)])
    )
    back.tell(session, "meeting withdraw-declaration", MEETING=meeting, WHO=who)


def _tell_moved_up(session: Session, moved_up: "Sequence[Who]") -> None:
    for who in moved_up:
        screen.say(
            _("{member} moves up from the waiting list: let them know.").format(
                member=_written(session, who)
            )
        )


# attendance -----------------------------------------------------------------------------------


@app.command(
    "attend",
    help=N_(
        "Record who came, also who had not declared (C2); on a terminal, without MEMBER, a list to tick."
    ),
)
def attend(
    ctx: syntax.Context, meeting: Meeting, members: People = None, companions: Companions = None,
    guest: Guests = None, undo: options.Undo = False,
) -> None:  # fmt: skip
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    if undo:
        if companions is not None or guest:
            raise WrongUse(_("--undo takes no more than who is meant"))
        _take_back(session, meeting, members, True)
        return
    walk_ins = guest or []
    numbers, guests = (
        ([], []) if walk_ins and not members else _attendees(session, meeting, members, True)
    )
    _one_has_companions(companions, len(numbers) + len(guests) + len(walk_ins))
    with session.register("nickname") as register:
        told = meetings.attend(register, meeting, numbers, True, guests, companions, walk_ins)
        to_come = meetings.is_to_come(register, meeting)
    _tell(session, _("Present at meeting {meeting}: {members}"), meeting, told)
    _tell_to_come(meeting, to_come)
    back.tell(session, "meeting attend", MEETING=meeting, WHO=_named(session, told))


@app.command(
    "absent",
    help=N_(
        "Record who had declared and did not come (C2); on a terminal, without MEMBER, a list to tick."
    ),
)
def absent(
    ctx: syntax.Context, meeting: Meeting, members: People = None,
    rest: Annotated[bool, syntax.Option("--rest", help=N_("Everybody who declared and of whom nothing is told yet."))] = False,
    undo: options.Undo = False,
) -> None:  # fmt: skip
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    if undo:
        if rest:
            raise WrongUse(_("--undo takes no more than who is meant"))
        _take_back(session, meeting, members, False)
        return
    if rest and members:
        raise WrongUse(_("--rest goes without MEMBER"))
    if rest:
        with session.register("nickname") as register:
            told = meetings.rest_absent(register, meeting)
            to_come = meetings.is_to_come(register, meeting)
    else:
        numbers, guests = _attendees(session, meeting, members, False)
        with session.register("nickname") as register:
            told = meetings.attend(register, meeting, numbers, False, guests)
            to_come = meetings.is_to_come(register, meeting)
    _tell(session, _("Absent from meeting {meeting}: {members}"), meeting, told)
    _tell_to_come(meeting, to_come)
    back.tell(session, "meeting absent", MEETING=meeting, WHO=_named(session, told))


def _take_back(session: Session, meeting: int, members: list[str] | None, present: bool) -> None:
    """Takes back what was recorded of attendance by mistake."""
    from soc_cli.operations import meetings

    numbers, guests = _scanned(session) if members == ["-"] else _who(session, members or [])
    if not numbers and not guests:
        raise WrongUse(_("nobody is named"), _("say MEMBER, or guest-2"))
    with session.register("nickname") as register:
        told = meetings.take_back(register, meeting, present, numbers, guests)
    _tell(
        session, _("Attendance of meeting {meeting} not known any more: {members}"), meeting, told
    )


def _attendees(
    session: Session, meeting: int, members: list[str] | None, present: bool
) -> tuple[list[int], list[int]]:
    """Who is named in the command, in a scanned list on standard input, or ticked on the terminal."""
    if members == ["-"]:
        return _scanned(session)
    if members:
        return _who(session, members)
    from soc_cli.operations import meetings
    from soc_cli.terminal import ask

    if not screen.can_ask():
        raise WrongUse(_("nobody is named"), _("say MEMBER, or - for a list on standard input"))
    with session.register("nickname") as register:
        there = [
            one for one in meetings.expected(register, meeting) if present or one.waiting is None
        ]
    if not there:
        raise WrongData(_("of everybody who declared it is told whether they came"))
    answers = []
    for one in there:
        words = [_written(session, one.who), one.nickname or ""]
        if one.companions:
            words.append(f"+{one.companions}")
        if one.waiting is not None:
            words.append(_("(waits)"))
        answers.append((screen.visible_lines("  ".join(filter(None, words))), one.who))
    picked = ask.checkbox(_("Who came?") if present else _("Who did not come?"), answers, "MEMBER")
    if not picked:
        raise WrongUse(_("nobody is ticked: nothing was changed"))
    return (
        [who.number for who in picked if who.kind == "member"],
        [who.number for who in picked if who.kind == "guest"],
    )


def _scanned(session: Session) -> tuple[list[int], list[int]]:
    """A list as a scanner sends it: one a line, blank lines and doubles count for nothing.

    Raises WrongData with the number of each line that names nobody; then nothing is kept.
    """
    from soc_cli.formats import encodings, files
    from soc_cli.model.errors import NotFound
    from soc_cli.model.meeting import guest_number
    from soc_cli.operations import members as acts

    text, _encoding = encodings.decoded(files.read("-"))
    numbers: dict[int, None] = {}
    guests: dict[int, None] = {}
    unknown: list[int] = []
    with session.upkeep() as upkeep:
        for at, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            named = line.strip()
            if not named:
                continue
            if (one := guest_number(named)) is not None:
                guests[one] = None
                continue
            try:
                numbers[acts.resolve(upkeep, named)] = None
            except NotFound as error:
                unknown.append(at)
                screen.tell_error(_("line {row}: {reason}").format(row=at, reason=error.sentence()))
    if unknown:
        raise WrongData(
            ngettext(
                "nothing was kept, since {n} line names nobody",
                "nothing was kept, since {n} lines name nobody",
                len(unknown),
            ).format(n=len(unknown)),
            _("mend them and scan again"),
        )
    if not numbers and not guests:
        raise WrongData(_("the list is empty"))
    return list(numbers), list(guests)


def _tell_to_come(meeting: int, day: str | None) -> None:
    if day is not None:
        screen.say(
            _("Meeting {meeting} is only on {day}: look whether it is the right one.").format(
                meeting=meeting, day=day
            )
        )


# who is named, and how it is told -------------------------------------------------------------


def _who(session: Session, texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """The numbers of the members and of the guests that are named, each once."""
    from soc_cli.model.meeting import guest_number

    guests = [guest_number(text) for text in texts]
    members = [text for text, one in zip(texts, guests, strict=True) if one is None]
    numbers = session.members(members) if members else []
    return numbers, list(dict.fromkeys(one for one in guests if one is not None))


def _one_has_companions(companions: int | None, named: int) -> None:
    if companions and named > 1:
        raise WrongUse(
            _("companions are one person's"), _("name each person with companions alone")
        )


def _members(numbers: Sequence[int]) -> "list[Who]":
    from soc_cli.model.meeting import Who

    return [Who("member", number) for number in numbers]


def _guests(numbers: Sequence[int]) -> "list[Who]":
    from soc_cli.model.meeting import Who

    return [Who("guest", number) for number in numbers]


def _written(session: Session, who: "Who") -> str:
    from soc_cli.operations import meetings

    return meetings.written(session.policy.club, who)


def _named(session: Session, people: "Sequence[Who]") -> str:
    """Who is meant, as a command names them."""
    return " ".join(_written(session, who) for who in people)


def _tell(session: Session, words: str, meeting: int, people: "Sequence[Who]") -> None:
    """Says who is meant, where there is somebody."""
    if people:
        _say(session, words, meeting, people)


def _say(session: Session, words: str, meeting: int, people: "Sequence[Who]") -> None:
    written = ", ".join(_written(session, who) for who in people)
    screen.say(words.format(meeting=meeting, members=written))


# the sheet ------------------------------------------------------------------------------------

DOOR = ("number", "name", "kana")


@app.command(
    "sheet",
    help=N_(
        "The names at the door in the order of their readings, with boxes to tick (P5): a page, CSV or XLSX by --to, else shown."
    ),
)
def sheet(
    ctx: syntax.Context, meeting: Meeting,
    to: Annotated[Text, syntax.Option("--to", metavar="FILE", help=N_("Write it: FILE.html to print, FILE.xlsx or FILE.csv to type in."))] = None,
    force: options.Force = False, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.formats import doorsheet, files
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    kind = Path(to or "").suffix.lower().removeprefix(".")
    if to is not None and kind not in doorsheet.KINDS:
        raise WrongUse(
            _("--to ends in one of: {names}").format(
                names=" ".join(f".{k}" for k in doorsheet.KINDS)
            )
        )
    with session.register("nickname") as register:
        planned, members, guests = meetings.coming(register, meeting)
    if not members and not guests:
        raise WrongData(_("nobody has declared for meeting {meeting}").format(meeting=meeting))

    def lines(found: "Sequence[AtTheDoor]") -> list[doorsheet.Line]:
        return [
            doorsheet.Line(_written(session, one.who), one.name, one.kana or "") for one in found
        ]

    def prepare(found: "Sequence[AtTheDoor]") -> files.NewFile:
        when = " ".join(str(planned[key]) for key in ("date", "time") if planned[key])
        told = doorsheet.DoorSheet(
            str(session.policy.club.name), str(planned["title"]), when, str(planned["place"] or ""), lines(found)
        )  # fmt: skip
        return files.prepare(Path(str(to)), doorsheet.written(told, kind), force)

    if to is not None:
        session.will_write(Path(to).parent)
    with session.register("verify") as register:
        if to is None:
            found = lines(meetings.at_the_door(register, members, guests))
        else:
            count = meetings.write_sheet(register, meeting, members, guests, prepare)
    if to is None:
        rows = [{"number": one.number, "name": one.name, "kana": one.kana or None} for one in found]
        output.rows(DOOR, rows, form, json, output.member_label)
        return
    screen.say(
        ngettext("{n} person is on the sheet.", "{n} people are on the sheet.", count).format(
            n=count
        )
    )
    screen.line(Path(to).as_posix())
    back.tell(session, "meeting sheet")


@app.command(
    "import-attendance",
    help=N_("Take in the tick sheet of a meeting: who came, who did not (C2)."),
)
def import_attendance(
    ctx: syntax.Context, meeting: Meeting, file: imports.File, sheet: imports.SheetName = None,
    encoding: imports.Encoding = None, map: imports.Map = None, on_match: imports.OnMatch = "reject",
    on_error: imports.OnError = "abort", rejects: imports.Rejects = None, clear_blank: imports.ClearBlank = False,
    dry_run: options.DryRun = False, force: options.Force = False, form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import attendance_import
    from soc_cli.operations.record_import import People

    session: Session = ctx.obj
    asked = imports.Asked(
        file, sheet, encoding, map, None, on_match, on_error, rejects, clear_blank, dry_run, force, form, json
    )  # fmt: skip
    with session.upkeep() as upkeep:
        noun = attendance_import.noun(meeting, People(upkeep))
        imports.run(session, lambda: session.register("nickname"), noun, asked)


@app.command("cancel", help=N_("Cancel a meeting; who had declared stays on record."))
def cancel(ctx: syntax.Context, meeting: Meeting, undo: options.Undo = False) -> None:
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    with session.register("nickname") as register:
        if undo:
            meetings.reinstate(register, meeting)
        else:
            meetings.cancel(register, meeting)
    if undo:
        screen.say(_("Meeting {meeting} is held after all.").format(meeting=meeting))
        return
    screen.say(_("Meeting {meeting} is cancelled.").format(meeting=meeting))
    back.tell(session, "meeting cancel", MEETING=meeting)


# a calendar, a year, a guest's request --------------------------------------------------------


@app.command(
    "calendar",
    help=N_(
        "Meetings as a calendar file (.ics), without anybody's name; those to come, or those named."
    ),
)
def calendar(
    ctx: syntax.Context,
    meetings: Annotated[
        list[int] | None, syntax.Argument(metavar="[MEETING...]", help=N_("The meetings' numbers."))
    ] = None,
    to: Annotated[
        Text, syntax.Option("--to", metavar="FILE.ics", help=N_("Write it; else it is printed."))
    ] = None,
    force: options.Force = False,
) -> None:
    from soc_cli.formats import calendar as format
    from soc_cli.formats import files
    from soc_cli.operations import meetings as acts

    session: Session = ctx.obj
    with session.register("nickname") as register:
        events = acts.events(register, meetings or [])
        known_as = str(register.setting("made_at"))
    if not events:
        raise WrongData(_("there is no meeting to come"), _("name one by its number"))
    data = format.written(events, known_as, session.run().clock.now())
    if to is None:
        screen.answer([data.decode()])
        return
    files.prepare(Path(to), data, force).claim()
    screen.line(Path(to).as_posix())
    back.tell(ctx.obj, "meeting calendar")


@app.command(
    "report",
    help=N_(
        "A year's meetings: how many declared, came and stayed away, by meeting and by member (P7)."
    ),
)
def report(
    ctx: syntax.Context,
    year: Annotated[
        int | None, syntax.Option(min=1900, max=9999, help=N_("The year; this one unless said."))
    ] = None,
    by: Annotated[
        Text,
        syntax.Option(metavar="meeting|member", help=N_("One of the two tables; CSV holds one.")),
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import meetings

    session: Session = ctx.obj
    if by is not None:
        meant.check("by", by, ("meeting", "member"))
    with session.register("nickname") as register:
        found = meetings.report(register, year or register.today.year)
    tables = {
        "meeting": (meetings.REPORT, found["meetings"]),
        "member": (meetings.REPORT_BY_MEMBER, found["members"]),
    }
    kind = output.chosen(form, json)
    if by is None and kind in (options.Form.json, options.Form.jsonl):
        output.thing(tuple(found), found, form, json)
        return
    chosen = [by] if by else ["meeting"] if kind is options.Form.csv else list(tables)
    for name in chosen:
        columns, rows = tables[name]
        assert isinstance(rows, list)
        if kind is options.Form.table:
            _chart(name, rows)
        else:
            output.rows(columns, rows, form, json)


_CHARTED = {
    "meeting": ("date", "title", "declared", "attended", "absent", "walk_ins", "guests", "rate"),
    "member": ("member", "nickname", "declared", "attended", "absent", "rate"),
}
"""What of each table a terminal has room for."""


def _chart(name: str, rows: Sequence[dict[str, object]]) -> None:
    """A table whose last column draws how many came, or how often."""
    from soc_cli.terminal import tables

    columns = _CHARTED[name]
    tables.show_bars(
        [output.label(column) for column in columns],
        [
            (
                [output.for_person(column, row[column]) for column in columns],
                int(str(row["attended"])),
            )
            for row in rows
            if row.get("status") != "cancelled"
        ],
        "",
    )


@app.command(
    "erase-guest",
    help=N_(
        "Erase the name of a guest to the last byte (R1), with a certificate; the counts stay."
    ),
)
def erase_guest(
    ctx: syntax.Context,
    guest: Annotated[str, syntax.Argument(metavar="GUEST", help=N_("The guest's number: guest-2 or 2."))],
    to: options.Letter = None, force: options.Force = False, yes: options.Yes = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.model.meeting import guest_number
    from soc_cli.operations import erasing as acts
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    number = guest_number(guest) or guest_number(f"guest-{guest}")
    if number is None:
        raise WrongUse(
            _("“{text}” is no guest's number").format(text=guest), _("write it like guest-2")
        )
    erasing.check_letter(session, to, force)
    with session.upkeep() as upkeep:
        begun = acts.unfinished_guest(upkeep, number)
        if begun is not None:
            erasing.finish(upkeep)
            screen.say(_("The erasure that was not finished is finished now."))
            erasing.answer(session, begun, to, force, form, json)
            return
        goes, stays, files = acts.of_guest(upkeep, number)
        erasing.foretell(goes, stays, files, (), acts.left_over(upkeep))
        ask.confirm(
            _("Erase the name of {guest} for good?").format(
                guest=_written(session, _guests([number])[0])
            ),
            yes,
        )
        done = acts.erase_guest(upkeep, number)
        erasing.finish(upkeep)
    screen.say(
        _("The name of {guest} was erased on {day}.").format(guest=done.number, day=done.erased_on)
    )
    erasing.answer(session, done, to, force, form, json)
