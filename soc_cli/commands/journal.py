"""`soc journal`: the record of what was done, and whether anybody has changed it."""

from typing import Annotated

from soc_cli.commands import options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import Failed, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import progress, screen

app = syntax.Verbs()

COLUMNS = (
    "number",
    "at",
    "operator",
    "purpose",
    "command",
    "act",
    "categories",
    "members",
    "outcome",
)
KEYS = (*COLUMNS, "hash", "occasion", "fields", "details")


@app.command("list", help=N_("List what was done: who, when, for which purpose, to which members."))
def list_(
    ctx: syntax.Context,
    last: Annotated[
        int | None, syntax.Option(min=1, max=99_999_999, help=N_("Only the newest so many."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import journals

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        kind = output.chosen(form, json)
        columns = COLUMNS if kind in (options.Form.table, options.Form.lines) else KEYS
        output.rows(columns, journals.listed(upkeep, last), form, json)


@app.command(
    "verify",
    help=N_("Check every link of the journal (S1); names the first entry that was touched."),
)
def verify(
    ctx: syntax.Context,
    head: Annotated[
        list[str] | None,
        syntax.Option(
            metavar="NUMBER:HASH", help=N_("A head kept outside, as “soc journal head” printed it.")
        ),
    ] = None,
) -> None:
    from soc_cli.operations import journals

    session: Session = ctx.obj
    kept: list[tuple[int, str]] = []
    for text in head or []:
        number, _colon, hash = text.partition(":")
        if not number.isdecimal() or len(number) > 18 or len(hash) != 64:
            raise WrongUse(
                _("“{text}” is no head of a journal").format(text=text),
                _("use what “soc journal head” printed"),
            )
        kept.append((int(number), hash.lower()))
    with session.upkeep() as upkeep:
        progress.doing(_("Verifying the journal …"))
        fault, (number_of_entries, newest) = journals.verified(upkeep, kept)
    if fault is not None:
        raise Failed(
            _("entry {number} of the journal does not verify: {reason}").format(
                number=fault.number, reason=journals.reason(fault)
            ),
            _(
                "somebody has changed the file outside this program; keep it, and compare with a backup"
            ),
        )
    screen.line(f"{number_of_entries}:{newest}")
    screen.say(
        ngettext("{n} entry verified.", "{n} entries verified.", number_of_entries).format(
            n=number_of_entries
        )
    )
    if not kept:
        screen.say(
            _(
                "The tail can't be proven: only a head kept outside (--head) shows that the journal was cut short or written anew."
            )
        )


@app.command("head", help=N_("Print the newest entry's number and hash, to be kept outside."))
def head(ctx: syntax.Context) -> None:
    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        number, hash = upkeep.journal_head()
    screen.line(f"{number}:{hash}")
