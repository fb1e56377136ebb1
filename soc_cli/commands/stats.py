"""`soc stats`: the register in figures."""

import typer

from soc_cli.commands import options, output
from soc_cli.commands.session import Session
from soc_cli.model.language import N_

app = typer.Typer()


@app.command("stats", help=N_("Count by year who joined, who left and who was a member (P2)."))
def stats(ctx: typer.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import statistics

    session: Session = ctx.obj
    with session.register("improve") as register:
        output.rows(statistics.YEAR_KEYS, statistics.by_year(register), form, json)
