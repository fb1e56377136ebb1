"""`soc meeting`: offline meetings, who declared and who came."""

from typing import Annotated

from soc_cli.commands import imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()

PEOPLE = ("member", "nickname", "declared_on", "attendance", "companions")

Meeting = Annotated[
    int, syntax.Argument(metavar="MEETING", min=1, max=99_999_999, help=N_("The meeting's number."))
]
Members = Annotated[
    list[str],
    syntax.Argument(metavar="MEMBER...", help=N_("Members, each by number, nickname or e-mail.")),
]


@app.command("add", help=N_("Plan a meeting; on a terminal, asks for its title and day."))
def add(
    ctx: syntax.Context,
    title: Annotated[str | None, syntax.Option(help=N_("What it is called."))] = None,
    date: Annotated[str | None, syntax.Option(help=N_("The day."))] = None,
    time: Annotated[str | None, syntax.Option(help=N_("The time, like 10:30."))] = None,
    place: Annotated[str | None, syntax.Option(help=N_("Where it is."))] = None,
    capacity: Annotated[
        int | None, syntax.Option(min=1, max=99999, help=N_("How many members can come."))
    ] = None,
    deadline: Annotated[str | None, syntax.Option(help=N_("The last day to declare."))] = None,
) -> None:
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
        texts = {"title": title, "date": date, "time": time, "place": place, "deadline": deadline}
        number = meetings.add(register, texts, capacity)
    screen.answer([f"{number}\n"])


@app.command("list", help=N_("List the meetings, with how many declared and came (P7)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import meetings

    with ctx.obj.register("nickname") as register:
        output.rows(meetings.KEYS, meetings.listed(register), form, json)


@app.command("show", help=N_("Show a meeting with its people, by number and nickname (P7)."))
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
    output.rows(PEOPLE, people, form, json)


@app.command(
    "declare", help=N_("Record that members say they will come (C2); all of them, or none.")
)
def declare(
    ctx: syntax.Context,
    meeting: Meeting,
    members: Members,
    companions: Annotated[
        int, syntax.Option(min=0, max=99, help=N_("How many come along with the member."))
    ] = 0,
) -> None:
    from soc_cli.operations import meetings, refusing

    session: Session = ctx.obj
    if companions and len(members) > 1:
        raise WrongUse(
            _("companions are one member's"), _("declare each member with companions alone")
        )
    numbers = session.members(members)
    with session.upkeep() as upkeep:
        refusing.bar(upkeep, numbers)
    with session.register("nickname") as register:
        meetings.declare(register, meeting, numbers, companions)
    _say(session, _("Declared for meeting {meeting}: {members}"), meeting, numbers)


@app.command("attend", help=N_("Record that members came, also those who had not declared (C2)."))
def attend(ctx: syntax.Context, meeting: Meeting, members: Members) -> None:
    _attendance(ctx.obj, meeting, members, True)


@app.command("absent", help=N_("Record that members who had declared did not come (C2)."))
def absent(ctx: syntax.Context, meeting: Meeting, members: Members) -> None:
    _attendance(ctx.obj, meeting, members, False)


def _attendance(session: Session, meeting: int, members: list[str], present: bool) -> None:
    from soc_cli.operations import meetings

    numbers = session.members(members)
    with session.register("nickname") as register:
        meetings.attend(register, meeting, numbers, present)
    said = (
        _("Present at meeting {meeting}: {members}")
        if present
        else _("Absent from meeting {meeting}: {members}")
    )
    _say(session, said, meeting, numbers)


def _say(session: Session, words: str, meeting: int, numbers: list[int]) -> None:
    written = ", ".join(map(session.policy.club.number, numbers))
    screen.say(words.format(meeting=meeting, members=written))


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
def cancel(ctx: syntax.Context, meeting: Meeting) -> None:
    from soc_cli.operations import meetings

    with ctx.obj.register("nickname") as register:
        meetings.cancel(register, meeting)
    screen.say(_("Meeting {meeting} is cancelled.").format(meeting=meeting))
