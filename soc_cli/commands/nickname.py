"""`soc nickname`: who is who in the club's boards, by number and nickname alone."""

from pathlib import Path
from typing import Annotated

from soc_cli.commands import back, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()


@app.command("list", help=N_("List the nicknames with their members' numbers (P7)."))
def list_(
    ctx: syntax.Context,
    status: Annotated[
        str | None, syntax.Option(metavar="active|withdrawn|refused", help=N_("Only those."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import members, nicknames

    session: Session = ctx.obj
    with session.register(nicknames.PURPOSE) as register:
        wanted = members.wanted(session.policy, register.today, {"status": status})
        found = nicknames.listed(register, wanted.status)
        output.rows(nicknames.KEYS, found, form, json, output.member_label)


@app.command(
    "check",
    help=N_(
        "Tell whether a nickname is free, taken, reserved or like another; exit code 3 if not free."
    ),
)
def check(
    ctx: syntax.Context,
    nickname: Annotated[str, syntax.Argument(metavar="NICKNAME", help=N_("The nickname wanted."))],
    form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import nicknames

    with ctx.obj.upkeep() as upkeep:
        found = nicknames.check(upkeep, nickname)
    output.thing(nicknames.CHECK_KEYS, found, form, json)
    if found["verdict"] != nicknames.FREE:
        raise WrongData(_("this nickname can't be had"), _("choose another"))


@app.command(
    "fill",
    help=N_(
        "Put the nicknames of those who posted, listed or made a page beside their numbers in a sheet of the club's boards (P7)."
    ),
    epilog=N_(
        "Whoever left or was erased is shown as a former member. Nothing of the sheet is kept. Who posted by cookie or"
        " sign-in is not looked up: P7 reads no usage."
    ),
)
def fill(
    ctx: syntax.Context,
    file: imports.File,
    number: Annotated[
        str | None,
        syntax.Option(metavar="HEADING", help=N_("The heading of the column with the member numbers.")),
    ] = None,
    sheet: imports.SheetName = None,
    encoding: imports.Encoding = None,
    to: Annotated[
        str | None,
        syntax.Option(metavar="FILE", help=N_("The new file: .csv or .json; else it is shown.")),
    ] = None,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.formats import encodings, files, listing, sheets
    from soc_cli.formats.encodings import MARK
    from soc_cli.operations import nicknames

    session: Session = ctx.obj
    if to == "":
        raise WrongUse(_("--to names no file"))
    path = Path(to) if to else None
    with encodings.open_source(file, session.spill_folder()) as source:
        usual = nicknames.Board((), (), number)
        opened = sheets.open_sheet(source, usual.is_number, encoding, sheet, file)
        board = nicknames.Board(opened.header, list(opened.rows()), number)

    def prepare(filled: nicknames.Filled) -> files.NewFile:
        assert path is not None
        header, rows = filled
        if path.suffix.lower() == ".json":
            data = "".join(listing.as_json(header, rows))
        else:
            data = MARK + "".join(listing.as_csv(header, rows))
        return files.prepare(path, data.encode(), force)

    if path is not None:
        session.will_write(path.parent)
    with session.upkeep() as upkeep:
        posted = nicknames.posters(upkeep, board)
    with session.register(nicknames.PURPOSE) as register:
        header, rows = nicknames.fill(register, board, posted, prepare if path else None)
    if path is not None:
        screen.line(path.as_posix())
        back.tell(session, "nickname fill")
    else:
        output.rows(header, rows, form, json)
