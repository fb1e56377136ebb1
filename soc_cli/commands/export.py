"""`soc export`: hand a member their own data."""

from pathlib import Path

import typer

from soc_cli.commands import options, output
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = typer.Typer()

NAMES = ("own-data.json", "own-data.html")


@app.command(
    "export", help=N_("Write everything that is stored on a member, for that member (R1 P3).")
)
def export(
    ctx: typer.Context,
    member: options.Member,
    to: options.To,
    force: options.Force = False,
) -> None:
    from soc_cli.formats import files, report
    from soc_cli.formats.listing import json_text
    from soc_cli.operations import owndata

    session: Session = ctx.obj
    if not to:
        raise WrongUse(_("--to names no folder"))
    folder = Path(to)
    number = session.member(member)

    def prepare(data: dict[str, object]) -> files.NewFiles:
        files.make_folder(folder)
        page = report.own_data_page(data, output.member_label, output.for_person)
        document = (json_text(data) + "\n").encode()
        return files.prepare_all({folder / NAMES[0]: document, folder / NAMES[1]: page}, force)

    with session.register("own-record", number) as register:
        owndata.export(register, prepare)
    screen.say(_("Own data of {number}:").format(number=session.policy.club.number(number)))
    screen.answer(f"{(folder / name).as_posix()}\n" for name in NAMES)
