"""`soc inquiry`: what people ask, and what was answered."""

from typing import Annotated

from soc_cli.commands import erasing, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()

Inquiry = Annotated[
    int, syntax.Argument(metavar="INQUIRY", min=1, max=99_999_999, help=N_("The inquiry's number."))
]
Body = Annotated[str | None, syntax.Option(help=N_("The text; - reads it from standard input."))]

LISTED = (
    "number",
    "received_at",
    "kind",
    "member",
    "from_name",
    "subject",
    "status",
    "due_on",
    "answered_at",
)


@app.command(
    "log",
    help=N_("Log an inquiry of a member or an outsider (C2 P9); a request under R1 gets its day."),
)
def log(
    ctx: syntax.Context,
    member: Annotated[
        str | None, syntax.Option(metavar="MEMBER", help=N_("The member who inquires."))
    ] = None,
    from_name: Annotated[str | None, syntax.Option(help=N_("An outsider's name."))] = None,
    from_contact: Annotated[
        str | None, syntax.Option(help=N_("How the outsider can be reached."))
    ] = None,
    kind: Annotated[
        str,
        syntax.Option(
            help=N_(
                "question complaint other; view correct delete (R1); purposes stop-use third-party-records."
            )
        ),
    ] = "question",
    subject: Annotated[str | None, syntax.Option(help=N_("What it is about."))] = None,
    body: Body = None,
    channel: Annotated[
        str | None, syntax.Option(help=N_("How it came: e-mail, phone, post."))
    ] = None,
    received_at: Annotated[
        str | None, syntax.Option(help=N_("When it came: 2026-11-22 10:30; now unless said."))
    ] = None,
) -> None:
    from soc_cli.operations import inquiries
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if member is None and from_name is None:
        from_name = ask.text(_("Who inquires (name):"), ask.needed, "--member / --from-name")
    texts = {
        "from_name": from_name, "from_contact": from_contact, "kind": kind, "subject": subject,
        "body": _text(body, _("The inquiry:")), "channel": channel, "received_at": received_at,
    }  # fmt: skip
    number_of_member = session.member(member) if member is not None else None
    with session.register("inquiry") as register:
        number, due = inquiries.log(register, texts, number_of_member)
    if due:
        screen.say(_("A request: answer it by {day}.").format(day=due))
    screen.answer([f"{number}\n"])


def _text(body: str | None, question: str) -> str:
    """The text of `--body`, of standard input for `-`, or as typed on the terminal."""
    from soc_cli.formats import encodings, files
    from soc_cli.terminal import ask

    if body == "-":
        return encodings.decoded(files.read("-"))[0]
    return ask.text(question, ask.needed, "--body") if body is None else body


@imports.verb(app, N_("Log the inquiries of a sheet, all or none (C2 P9)."))
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import inquiry_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        noun = inquiry_import.noun(People(upkeep))
        imports.run(session, lambda: session.register("inquiry"), noun, asked)


@app.command("list", help=N_("List the inquiries (P9)."))
def list_(
    ctx: syntax.Context,
    open_only: Annotated[
        bool, syntax.Option("--open", help=N_("Only those that wait for an answer."))
    ] = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.register("inquiry") as register:
        kind = output.chosen(form, json)
        columns = inquiries.KEYS if kind is options.Form.csv else LISTED
        output.rows(columns, inquiries.listed(register, open_only), form, json)


@app.command("show", help=N_("Show an inquiry with its replies (P9)."))
def show(
    ctx: syntax.Context, inquiry: Inquiry, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.register("inquiry") as register:
        found = inquiries.show(register, inquiry)
    output.thing(tuple(found), found, form, json)


@app.command("reply", help=N_("Record what was answered; the club sends it itself."))
def reply(ctx: syntax.Context, inquiry: Inquiry, body: Body = None) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.register("inquiry") as register:
        inquiries.reply(register, inquiry, _text(body, _("The answer:")))
    screen.say(_("Inquiry {number} is answered.").format(number=inquiry))


@app.command("close", help=N_("Close an inquiry."))
def close(ctx: syntax.Context, inquiry: Inquiry) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.register("inquiry") as register:
        inquiries.close(register, inquiry)
    screen.say(_("Inquiry {number} is closed.").format(number=inquiry))


@app.command(
    "erase",
    help=N_("Erase an outsider's inquiry to the last byte (R1), with a certificate."),
)
def erase(
    ctx: syntax.Context, inquiry: Inquiry, to: erasing.Letter = None, force: options.Force = False,
    yes: options.Yes = False, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import erasing as acts
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    erasing.check_letter(to, force)
    with session.upkeep() as upkeep:
        begun = acts.unfinished_inquiry(upkeep, inquiry)
        if begun is not None:
            erasing.finish(upkeep)
            screen.say(_("The erasure that was not finished is finished now."))
            erasing.answer(session, begun, to, force, form, json)
            return
        goes, stays, files = acts.of_inquiry(upkeep, inquiry)
        erasing.foretell(goes, stays, files)
        ask.confirm(_("Erase inquiry {number} for good?").format(number=inquiry), yes)
        done = acts.erase_inquiry(upkeep, inquiry)
        erasing.finish(upkeep)
    screen.say(
        _("Inquiry {number} was erased on {day}.").format(number=inquiry, day=done.erased_on)
    )
    erasing.answer(session, done, to, force, form, json)
