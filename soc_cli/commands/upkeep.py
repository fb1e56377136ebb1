"""Verbs without a noun that look after the register: `init`, `path`."""

import typer

from soc_cli.commands.session import Session
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = typer.Typer()


@app.command("init", help=N_("Make a new register; an existing file is refused (S1)."))
def init(ctx: typer.Context) -> None:
    from soc_cli.operations import registers

    session: Session = ctx.obj
    registers.make(session.path, session.policy, session.run(new=True))
    screen.say(_("A new register, which only you can read:"))
    screen.answer([f"{session.path}\n"])


@app.command("path", help=N_("Print where the register is."))
def path(ctx: typer.Context) -> None:
    session: Session = ctx.obj
    screen.answer([f"{session.path}\n"])
