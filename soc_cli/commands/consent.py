"""`soc consent`: what members agreed to, on which a disclosure can rest (D1)."""

from typing import Annotated

from soc_cli.commands import back, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.language import N_, _
from soc_cli.terminal import ask, screen

app = syntax.Verbs()

_ASKED = (
    ("recipient", N_("To whom the data may be given:")),
    ("items", N_("Which items, with commas:")),
    ("purpose", N_("What the recipient uses them for:")),
    ("how", N_("How it was given:")),
    ("given_on", N_("On which day:")),
    ("identity_check", N_("How the member's identity was checked:")),
)
"""What is asked for on a terminal, in this order."""

Consent = Annotated[
    int, syntax.Argument(metavar="CONSENT", min=1, max=99_999_999, help=N_("The consent's number."))
]


@app.command(
    "give", help=N_("Record that a member agreed: to whom, for which items, how and when (D1).")
)
def give(
    ctx: syntax.Context,
    member: Annotated[
        str | None, syntax.Option(metavar="MEMBER", help=N_("Whose consent it is."))
    ] = None,
    recipient: Annotated[
        str | None, syntax.Option(help=N_("To whom the data may be given."))
    ] = None,
    items: Annotated[
        str | None, syntax.Option(help=N_("Which items, with commas: name,address."))
    ] = None,
    how: Annotated[
        str | None, syntax.Option(help=N_("How it was given: in writing, by e-mail."))
    ] = None,
    given_on: Annotated[
        str | None, syntax.Option(help=N_("The day on which it was given."))
    ] = None,
    evidence: Annotated[
        str | None,
        syntax.Option(
            metavar="FILE", help=N_("The letter or mail; its SHA-256 is kept, not the file.")
        ),
    ] = None,
    purpose: Annotated[
        str | None, syntax.Option(help=N_("What the recipient uses the data for."))
    ] = None,
    identity_checked: Annotated[
        str | None,
        syntax.Option(
            metavar="TEXT",
            help=N_(
                "How the member's identity was checked; “soc member verify” of this day stands for itself."
            ),
        ),
    ] = None,
    country: Annotated[
        str | None, syntax.Option(help=N_("The recipient's country, where it is not Japan."))
    ] = None,
    country_information: Annotated[
        str | None,
        syntax.Option(
            help=N_("What the member was told of that country's protection (Act art. 28).")
        ),
    ] = None,
) -> None:
    import hashlib

    from soc_cli.formats import files
    from soc_cli.operations import disclosures

    session: Session = ctx.obj
    evidence = options.there(evidence, "--evidence")
    sha256 = hashlib.sha256(files.read(evidence)).hexdigest() if evidence is not None else None
    texts = {
        "recipient": recipient, "items": items, "how": how, "given_on": given_on, "purpose": purpose,
        "country": country, "country_information": country_information, "identity_check": identity_checked,
    }  # fmt: skip
    member = member or ask.text(_("Member:"), ask.needed, "--member")
    number_of_member = session.member(member)
    if screen.can_ask():
        for key, question in _ASKED:
            if not texts[key]:
                check = ask.needed if key in disclosures.NEEDED else str
                texts[key] = ask.text(_(question), check, "--" + key.replace("_", "-"))
        if not texts["country"]:
            asked = ask.text(_("The recipient's country (Enter: Japan):"), str, "--country")
            texts["country"] = asked or None
        if texts["country"] and not texts["country_information"]:
            question = _("What the member was told of that country's protection (Act art. 28):")
            texts["country_information"] = ask.text(question, ask.needed, "--country-information")
    with session.upkeep() as upkeep:
        number, checked = disclosures.give(upkeep, number_of_member, texts, sha256)
    if not checked:
        screen.say(
            _("How the member's identity was checked is not on record: --identity-checked says it.")
        )
    screen.line(number)
    back.tell(session, "consent give", CONSENT=number)


@app.command(
    "withdraw", help=N_("Record that a consent was withdrawn; nothing rests on it any more (D1).")
)
def withdraw(ctx: syntax.Context, consent: Consent) -> None:
    from soc_cli.operations import disclosures

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        disclosures.withdraw(upkeep, consent)
    screen.say(_("Consent {number} is withdrawn.").format(number=consent))
    back.tell(session, "consent withdraw")


@imports.verb(app, N_("Record the consents of a sheet, all or none (D1)."))
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import consent_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        noun = consent_import.noun(session.policy, People(upkeep))
        imports.run(session, session.upkeep, noun, asked)


@app.command("list", help=N_("List the consents, with members by number (D1)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import disclosures

    columns: tuple[str, ...] = disclosures.CONSENT_KEYS
    if output.chosen(form, json) is options.Form.table:  # the others are for programs
        columns = columns[: columns.index("purpose")]
    with ctx.obj.upkeep() as upkeep:
        output.rows(columns, disclosures.consents(upkeep), form, json)
