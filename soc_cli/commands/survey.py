"""`soc survey`: targets picked by attributes, told as tokens (P2); the invitation, a second act (P4)."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.options import Form
from soc_cli.commands.session import Session
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soc_cli.formats.files import NewFile

app = syntax.Verbs()

Survey = Annotated[
    int, syntax.Argument(metavar="SURVEY", min=1, max=99_999_999, help=N_("The survey's number."))
]


class Channel(StrEnum):
    """How an invitation reaches somebody."""

    email = "email"
    post = "post"


@app.command(
    "select",
    help=N_("Pick the targets of a survey by attributes; they are told as tokens, never names (P2)."),
)  # fmt: skip
def select(
    ctx: syntax.Context,
    title: Annotated[str | None, syntax.Option(help=N_("What it is called."))] = None,
    where: Annotated[
        list[str] | None,
        syntax.Option(
            metavar="FILTER",
            help=N_(
                "Whom to pick, like “age 30-39”, “prefecture 愛知県,岐阜県”, “occupation 会社員”; also sex, industry, interest and joined. All of several must match."
            ),
        ),
    ] = None,
    sample: Annotated[
        int | None, syntax.Option(min=1, max=99_999_999, help=N_("So many of them, by chance."))
    ] = None,
    seed: Annotated[
        str | None, syntax.Option(help=N_("The same seed picks the same sample again."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import surveys
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if not title:
        title = ask.text(_("Title:"), ask.needed, "--title")
    with session.register("improve") as register:
        number = surveys.select(register, surveys.Wanted(title, where or (), sample, seed))
        found = surveys.show(register, number)
    _show(found, form, json)
    screen.say(
        _("Survey {number}: {picked} picked of {matching} who match and may be asked.").format(
            number=number, picked=found["picked"], matching=found["matching"]
        )
    )
    back.tell(session, "survey select")


@app.command("list", help=N_("List the surveys, with their filters and how many were picked (P2)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import surveys

    with ctx.obj.register("improve") as register:
        output.rows(surveys.KEYS, surveys.listed(register), form, json)


@app.command("show", help=N_("Show a survey with the tokens of its targets (P2)."))
def show(
    ctx: syntax.Context, survey: Survey, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.operations import surveys

    with ctx.obj.register("improve") as register:
        found = surveys.show(register, survey)
    _show(found, form, json)


def _show(found: dict[str, object], form: options.Form | None, json: bool) -> None:
    from soc_cli.operations import surveys

    kind = output.chosen(form, json)
    if kind in (Form.json, Form.jsonl):
        output.thing(tuple(found), found, form, json)
        return
    if kind is not Form.csv:  # a CSV holds one table: that of the tokens
        output.thing(surveys.KEYS, found, form, json)
    tokens = found["tokens"]
    assert isinstance(tokens, list)
    output.rows(("token",), [{"token": token} for token in tokens], form, json)


@app.command(
    "invite",
    help=N_(
        "Turn the tokens of a survey into addresses, as a mail merge for its invitation; choices are obeyed (P4)."
    ),
)
def invite(
    ctx: syntax.Context,
    survey: Survey,
    channel: Annotated[Channel, syntax.Option(help=N_("How it is sent."))],
    to: Annotated[str, syntax.Option("--to", metavar="FILE.csv", help=N_("The file to write."))],
    force: options.Force = False,
) -> None:
    from soc_cli.formats import extracts, files
    from soc_cli.operations import notices, surveys

    session: Session = ctx.obj
    path = Path(to)
    notices.checked_channel(session.policy, channel.value)
    columns = surveys.CHANNELS[channel.value]
    labels = [output.label(key) for key in columns]

    def prepare(rows: "Sequence[Mapping[str, object]]") -> "NewFile":
        return files.prepare(path, extracts.written(".csv", columns, labels, rows), force)

    session.will_write(path.parent)
    with session.register("contact") as register:
        written, picked = surveys.invite(register, survey, channel.value, prepare)
    screen.say(
        _(
            "{n} of {picked} targets can be invited this way; whoever wants no such notice, has no address or is gone is not in the file."
        ).format(n=written, picked=picked)
    )
    screen.line(path.as_posix())
    back.tell(session, "survey invite")
