"""`soc content`: what the website fits its pages to, by a browser's token (P1)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.options import Form
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soc_cli.formats.files import NewFile

app = syntax.Verbs()

FILES = {".csv": Form.csv, ".json": Form.json, ".jsonl": Form.jsonl}
"""What a file's name asks for where no format is said."""


@app.command(
    "export",
    help=N_(
        "Write what a page can be fitted to, a row a member's browser: age band, prefecture, occupation, hour and device; no name, no address, no birth date (P1)."
    ),
)
def export(
    ctx: syntax.Context,
    to: Annotated[
        str | None,
        syntax.Option(
            "--to", metavar="FILE", help=N_("The file to write (.csv, .json or .jsonl).")
        ),
    ] = None,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.formats import files, listing
    from soc_cli.operations import content

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        content.key(upkeep)
    if to is None:
        with session.register("content") as register:
            rows = content.export(register, None)
        output.rows(content.KEYS, rows, form, json)
    else:
        path = Path(to)
        kind = Form.json if json else form or FILES.get(path.suffix.lower())
        if kind is None or kind is Form.table:
            raise WrongUse(_("--to names no kind of file"), _("write it like content.csv"))

        def prepare(rows: "Sequence[Mapping[str, object]]") -> "NewFile":
            pieces = listing.WRITERS[kind](content.KEYS, rows)
            return files.prepare(path, (piece.encode() for piece in pieces), force)

        session.will_write(path.parent)
        with session.register("content") as register:
            rows = content.export(register, prepare)
        screen.line(path.as_posix())
        back.tell(session, "content export")
    screen.say(
        _(
            "The website makes the same tokens by HMAC-SHA-256 of its cookie, with the key that “soc content key” prints."
        )
    )


@app.command(
    "key", help=N_("Print the key with which the website makes tokens of its cookies (P1).")
)
def key(ctx: syntax.Context) -> None:
    from soc_cli.operations import content

    with ctx.obj.upkeep() as upkeep:
        found = content.key(upkeep)
    screen.line(found)
