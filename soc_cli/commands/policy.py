"""`soc policy`: the club's privacy policy, and whether the register keeps to it."""

from typing import Annotated

from soc_cli.commands import options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import NotFound, Refused
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()


@app.command(
    "show", help=N_("Show the policy, or one clause: what the club says and what the program does.")
)
def show(
    ctx: syntax.Context,
    clause: Annotated[
        str | None, syntax.Argument(metavar="[CLAUSE]", help=N_("A clause, such as P4."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    policy = ctx.obj.policy
    wanted = clause.upper() if clause else None
    if wanted and wanted not in policy.clauses:
        raise NotFound(
            _("the policy has no clause “{clause}”").format(clause=clause),
            _("its clauses: {names}").format(names=" ".join(policy.clauses)),
        )
    purposes = {purpose.clause: purpose for purpose in policy.purposes.values()}
    found: list[dict[str, object]] = []
    for id, c in policy.clauses.items():
        if wanted in (None, id):
            purpose = purposes.get(id)
            counted = _("{name} (counts)")
            reads = (
                [*purpose.reads, *(counted.format(name=n) for n in purpose.counts)]
                if purpose
                else []
            )
            named = purpose.name if purpose else None
            found.append(
                {
                    "clause": id,
                    "says": str(c.says),
                    "does": str(c.does),
                    "purpose": named,
                    "categories": reads,
                }
            )
    if wanted:
        (one,) = found
        output.thing(tuple(key for key in one if one[key]), one, form, json)
    else:
        output.rows(("clause", "says", "does"), found, form, json)


@app.command(
    "check", help=N_("Check that every column that can hold personal data is in the policy (C3).")
)
def check(ctx: syntax.Context) -> None:
    from soc_cli.operations import registers

    session: Session = ctx.obj
    with session.upkeep():
        unknown = registers.unclassified(session.path, session.policy)
    if unknown:
        raise Refused(
            _("the policy names no category for: {columns}").format(columns=", ".join(unknown)),
            _("take the column out of the register, or name it in the policy file"),
        )
    screen.say(_("Every column that can hold personal data is in the policy."))
