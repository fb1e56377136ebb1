"""`soc prefill`: fill a form in for a member, on that member's own instruction."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import Refused, WrongData, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import ask, screen

app = syntax.Verbs()


class Form(StrEnum):
    """The formats that a form is filled in with."""

    vcard = "vcard"
    json = "json"
    csv = "csv"


SUFFIXES = {".vcf": Form.vcard, ".json": Form.json, ".csv": Form.csv}


@app.command(
    "prefill",
    help=N_(
        "Fill a form in for a member, on that member's own instruction, which is put on record (P6)."
    ),
    epilog=N_(
        "For the member, or for a form of the club's own. What goes to a service outside the club is a disclosure:"
        " “soc disclosure record --ground consent”."
    ),
)
def prefill(
    ctx: syntax.Context,
    member: options.Member,
    how: Annotated[
        str | None,
        syntax.Option(help=N_("How the member said so: by phone, by e-mail, at the desk.")),
    ] = None,
    instructed_on: Annotated[
        str, syntax.Option(metavar="DAY", help=N_("When the member said so; today unless said."))
    ] = "",
    request: Annotated[
        int | None,
        syntax.Option(
            metavar="INQUIRY",
            min=1,
            max=99_999_999,
            help=N_("The number of the inquiry with the instruction, where there is one."),
        ),
    ] = None,
    fields: Annotated[
        list[str] | None,
        syntax.Option(help=N_("Which fields, with commas: name,address; else all that fit.")),
    ] = None,
    form: Annotated[
        Form | None,
        syntax.Option(
            "--format",
            "-f",
            help=N_("vcard (a contact card), json or csv; else as the file's name ends, or vcard."),
        ),
    ] = None,
    json: options.Json = False,
    to: Annotated[
        str | None,
        syntax.Option(metavar="FILE", help=N_("The new file: .vcf, .json or .csv; else it is shown.")),
    ] = None,
    for_service: Annotated[
        str | None,
        syntax.Option(
            metavar="NAME", help=N_("Not possible: what goes to a service outside is a disclosure.")
        ),
    ] = None,
    force: options.Force = False,
) -> None:  # fmt: skip
    from soc_cli.formats import files
    from soc_cli.operations import prefill as operation

    session: Session = ctx.obj
    if for_service is not None:
        raise Refused(
            _("what goes to a service outside the club is a disclosure to it"),
            _("say “soc disclosure record --ground consent --recipient {name}” (D1)").format(
                name=for_service
            ),
        )
    if to == "":
        raise WrongUse(_("--to names no file"))
    path = Path(to) if to else None
    kind = Form.json if json else form or (SUFFIXES.get(path.suffix.lower()) if path else None)
    kind = kind or Form.vcard
    session.need(operation.PURPOSE)
    keys = _keys(session, fields or [], kind)
    number = session.member(member)
    said = operation.instruction(
        how or ask.text(_("How did the member say so?"), ask.needed, "--how"),
        instructed_on, request, session.run().clock.today(),
    )  # fmt: skip

    def prepare(values: operation.Values) -> files.NewFile:
        assert path is not None
        return files.prepare(path, _written(kind, values).encode(), force)

    if path is not None:
        session.will_write(path.parent)
    with session.register(operation.PURPOSE, number) as register:
        values = operation.fill(register, keys, said, prepare if path is not None else None)
    club = session.policy.club
    screen.say(
        _("Filled in for {number}, as said on {day}: {fields}").format(
            number=club.number(number),
            day=said.day,
            fields=_(", ").join(output.member_label(key) for key in keys),
        )
    )
    if path is not None:
        screen.line(path.as_posix())
        back.tell(session, "prefill")
    else:
        screen.answer([_written(kind, values)])


def _keys(session: Session, said: list[str], kind: Form) -> tuple[str, ...]:
    """The fields that are asked for. Raises WrongData for what is none, or has no place in the format."""
    from soc_cli.formats import vcard
    from soc_cli.operations import prefill as operation

    held = vcard.HELD if kind is Form.vcard else ()
    wanted = operation.chosen(session.policy, said)
    if kind is not Form.vcard:
        return wanted
    without = [key for key in wanted if key not in held]
    if said and without:
        raise WrongData(
            _("a vCard has no place for: {fields}").format(
                fields=_(", ").join(map(output.member_label, without))
            ),
            _("leave it out, or say --format json or csv"),
        )
    if "name" not in wanted:
        raise WrongData(_("a vCard bears a name"), _("name it among --fields"))
    return tuple(key for key in wanted if key in held)


def _written(kind: Form, values: dict[str, object]) -> str:
    """The named fields in a format; a sheet for Excel has a mark that tells its encoding."""
    from soc_cli.formats import listing, vcard
    from soc_cli.formats.encodings import MARK

    if kind is Form.vcard:
        return vcard.written({key: said for key, said in values.items() if key != "number"})
    if kind is Form.json:
        return "".join(listing.json_thing(values))
    row = {
        output.member_label(key): "" if said is None else output.for_person(key, said)
        for key, said in values.items()
    }
    return MARK + "".join(listing.as_csv(tuple(row), [row]))
