"""`soc stats`: the register in figures."""

from soc_cli.commands import options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.language import N_

app = syntax.Verbs()


@app.command("stats", help=N_("Count by year who joined, who left and who was a member (P2)."))
def stats(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import statistics

    session: Session = ctx.obj
    with session.register("improve") as register:
        output.rows(statistics.YEAR_KEYS, statistics.by_year(register), form, json)
