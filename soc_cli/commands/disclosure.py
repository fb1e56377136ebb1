"""`soc disclosure`: what is given to third parties, on one of four grounds, and the ledger of it."""

from pathlib import Path
from typing import Annotated

import typer

from soc_cli.commands import imports, options, output
from soc_cli.commands.help import OPTIONAL_VALUE
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = typer.Typer()

Text = str | None


@app.command(
    "record",
    help=N_(
        "Write the named items of the named members into one file, together with the record of it (D1-D4)."
    ),
    epilog=N_(
        "What must be on record first: consent: --consent; authority, kind order: --court --case-number"
        " --document-date --served-original; kind inquiry: --law --article --authority --officer --document-number"
        " --document-date --called-back; protection: --violation --protects --whose --why-no-consent; danger: --danger"
        " --protects --urgency --why-no-consent; and for each of them the recipient with address and representative."
    ),
)
def record(
    ctx: typer.Context,
    ground: Annotated[str, typer.Option(help=N_("consent, authority, protection or danger."))],
    items: Annotated[str, typer.Option(help=N_("Which items leave, with commas: name,address."))],
    member: Annotated[
        list[str], typer.Option(metavar="MEMBER", help=N_("Whose; may be said several times."))
    ],
    to: Annotated[str, typer.Option(metavar="FILE", help=N_("The new file: .csv, or .json."))],
    recipient: Annotated[Text, typer.Option(help=N_("To whom."))] = None,
    recipient_address: Annotated[Text, typer.Option(help=N_("The recipient's address."))] = None,
    recipient_representative: Annotated[
        Text, typer.Option(help=N_("Who represents the recipient."))
    ] = None,
    consent: Annotated[
        Text, typer.Option(metavar="CONSENT", help=N_("The number of the consent (D1)."))
    ] = None,
    kind: Annotated[Text, typer.Option(help=N_("Of an authority: order or inquiry (D2)."))] = None,
    court: Annotated[Text, typer.Option(help=N_("The court that ordered it (D2)."))] = None,
    case_number: Annotated[Text, typer.Option(help=N_("The case number (D2)."))] = None,
    document_date: Annotated[Text, typer.Option(help=N_("The day on the document (D2)."))] = None,
    served_original: Annotated[
        Text,
        typer.Option(
            metavar=OPTIONAL_VALUE, help=N_("That the original was served, and when (D2).")
        ),
    ] = None,
    law: Annotated[Text, typer.Option(help=N_("The law that gives the power to ask (D2)."))] = None,
    article: Annotated[Text, typer.Option(help=N_("Its article (D2)."))] = None,
    authority: Annotated[Text, typer.Option(help=N_("The public body (D2)."))] = None,
    officer: Annotated[Text, typer.Option(help=N_("Its officer (D2)."))] = None,
    document_number: Annotated[Text, typer.Option(help=N_("The document's number (D2)."))] = None,
    called_back: Annotated[
        Text,
        typer.Option(
            metavar=OPTIONAL_VALUE,
            help=N_(
                "That it was confirmed by calling back a number found independently, and how (D2)."
            ),
        ),
    ] = None,
    violation: Annotated[Text, typer.Option(help=N_("What was broken (D3)."))] = None,
    protects: Annotated[
        Text,
        typer.Option(
            metavar="life|body|property", help=N_("What is protected or threatened (D3 D4).")
        ),
    ] = None,
    whose: Annotated[Text, typer.Option(help=N_("Whose it is (D3)."))] = None,
    danger: Annotated[Text, typer.Option(help=N_("What the danger is (D4)."))] = None,
    urgency: Annotated[Text, typer.Option(help=N_("Why it can't wait (D4)."))] = None,
    why_no_consent: Annotated[
        Text, typer.Option(help=N_("Why the member's consent is hard to get (D3 D4)."))
    ] = None,
    not_shown: Annotated[
        Text,
        typer.Option(
            metavar="REASON",
            help=N_("Why the member may not see this record (Cabinet Orders 5 and 11)."),
        ),
    ] = None,
    force: options.Force = False,
) -> None:
    from soc_cli.formats import extracts, files
    from soc_cli.formats.files import NewFile
    from soc_cli.operations import disclosures

    session: Session = ctx.obj
    if ground not in session.policy.grounds:
        raise WrongUse(
            _("“{ground}” is none of the grounds").format(ground=ground),
            _("one of: {names}").format(names=" ".join(session.policy.grounds)),
        )
    if not to or to == "-":
        raise WrongUse(_("--to names no file"))
    texts = {
        "recipient": recipient, "recipient_address": recipient_address,
        "recipient_representative": recipient_representative, "consent": consent, "kind": kind, "court": court,
        "case_number": case_number, "document_date": document_date, "served_original": served_original, "law": law,
        "article": article, "authority": authority, "officer": officer, "document_number": document_number,
        "called_back": called_back, "violation": violation, "protects": protects, "whose": whose, "danger": danger,
        "urgency": urgency, "why_no_consent": why_no_consent,
    }  # fmt: skip
    path = Path(to)
    named = disclosures.named_items(items, disclosures.known(session.policy))
    numbers = session.members(member)

    def prepare(rows: list[dict[str, object]]) -> NewFile:
        labels = [output.label(item) for item in named]
        return files.prepare(path, extracts.written(path.suffix, named, labels, rows), force)

    reason = disclosures.plain(not_shown)
    shown = disclosures.shown_to_member(ground, reason)
    with session.disclosure(named, numbers, shown) as register:
        number = disclosures.record(register, ground, texts, named, numbers, reason, prepare)
    screen.say(
        _("Disclosure {number} is on record; the file: {path}").format(
            number=number, path=path.as_posix()
        )
    )
    screen.answer([f"{number}\n"])


@imports.verb(
    app, N_("Record the disclosures of a sheet, made before there was this register (D1-D4).")
)
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import disclosure_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        noun = disclosure_import.noun(session.policy, People(upkeep))
        imports.run(session, session.upkeep, noun, asked)


@app.command("list", help=N_("List what was given to others, with members by number (D1-D4)."))
def list_(ctx: typer.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import disclosures

    columns: tuple[str, ...] = disclosures.RECORD_KEYS
    if output.chosen(form, json) is options.Form.table:  # these are what “show” is for
        columns = tuple(c for c in columns if c not in ("fields", "file_sha256"))
    with ctx.obj.upkeep() as upkeep:
        output.rows(columns, disclosures.records(upkeep), form, json)


@app.command("show", help=N_("Show one record of the ledger (D1-D4)."))
def show(
    ctx: typer.Context,
    disclosure: Annotated[
        int,
        typer.Argument(
            metavar="DISCLOSURE", min=1, max=99_999_999, help=N_("The disclosure's number.")
        ),
    ],
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import disclosures

    with ctx.obj.upkeep() as upkeep:
        found = disclosures.show(upkeep, disclosure)
    output.thing(tuple(found), found, form, json)
