"""`soc export`: hand a member their own data."""

from pathlib import Path

import typer

from soc_cli.commands import options, output
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = typer.Typer()


@app.command(
    "export", help=N_("Write everything that is stored on a member, for that member (R1 P3).")
)
def export(
    ctx: typer.Context,
    member: options.Member,
    to: options.To,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    from soc_cli.formats import files, report
    from soc_cli.formats.listing import json_text
    from soc_cli.operations import owndata

    screen.be_quiet(quiet)
    session: Session = ctx.obj
    if not to:
        raise WrongUse(_("--to names no folder"))
    folder = Path(to)
    number = session.member(member)

    def write(data: dict[str, object]) -> None:
        files.make_folder(folder)
        page = report.own_data_page(data, output.member_label, output.for_person)
        files.write_all(
            {
                folder / "own-data.json": (json_text(data) + "\n").encode(),
                folder / "own-data.html": page,
            },
            force,
        )

    with session.register("own-record", number) as register:
        owndata.export(register, write)
    screen.say(_("Own data of {number}:").format(number=session.policy.club.number(number)))
    screen.answer(f"{folder / name}\n" for name in ("own-data.json", "own-data.html"))
