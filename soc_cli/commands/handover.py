"""`soc handover`: what the next secretary needs, on one page."""

import os
from pathlib import Path
from typing import Annotated

from soc_cli.commands import back, options, output, passphrase, syntax
from soc_cli.commands.session import Session
from soc_cli.formats import listing
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()


@app.command(
    "handover",
    help=N_("Print what whoever takes over needs: where things are, how they stand, what is due."),
    epilog=N_(
        "No key and nobody's data stand in it; of open inquiries number, kind and days (P9)."
    ),
)
def handover(
    ctx: syntax.Context,
    to: Annotated[
        str | None, syntax.Option(metavar="FILE", help=N_("Write it into a file instead."))
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    from soc_cli.formats import files
    from soc_cli.formats import handover as page
    from soc_cli.operations import handover as act

    session: Session = ctx.obj
    if to == "":
        raise WrongUse(_("{option} names no file").format(option="--to"))
    named = os.environ.get(passphrase.KEY_VARIABLE) or os.environ.get(passphrase.VARIABLE)
    key = str(Path(named).absolute()) if named else None
    with session.upkeep() as upkeep, session.register("inquiry") as inquiry:
        told = act.gathered(upkeep, inquiry, key)
    written = "".join(listing.json_thing(told)) if json else page.text(told, output.for_person)
    if to is None or to == "-":
        screen.answer([written])
        return
    session.will_write(Path(to).parent)
    new = files.prepare(Path(to), written.encode(), force)
    try:
        new.claim()
    finally:
        new.discard()
    screen.line(Path(to).as_posix())
    back.tell(session, "handover")
