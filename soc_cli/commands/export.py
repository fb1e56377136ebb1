"""`soc export`: hand a member, or an outsider who inquired, their own data."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from soc_cli.commands import back, options, output, passphrase, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import screen

app = syntax.Verbs()


@app.command(
    "export",
    help=N_(
        "Write everything that is stored on a member, or on an outsider who inquired, for that person (R1 P3)."
    ),
)
def export(
    ctx: syntax.Context,
    to: options.To,
    member: Annotated[
        str | None,
        syntax.Argument(
            metavar="MEMBER", help=N_("A member number (SOC-0012 or 12), a nickname or an e-mail.")
        ),
    ] = None,
    inquiry: Annotated[
        int | None,
        syntax.Option(
            metavar="INQUIRY",
            min=1,
            max=99_999_999,
            help=N_("Instead of a member: an outsider, by the number of their inquiry."),
        ),
    ] = None,
    encrypt: Annotated[
        bool,
        syntax.Option(
            "--encrypt",
            help=N_(
                "One PDF with a password instead of the files (SOC_EXPORT_PASSPHRASE_FILE, or asked)."
            ),
        ),
    ] = False,
    force: options.Force = False,
) -> None:
    session: Session = ctx.obj
    if not to:
        raise WrongUse(_("--to names no folder"))
    if (member is None) == (inquiry is None):
        raise WrongUse(_("own data is a member's or an outsider's"), _("say MEMBER, or --inquiry"))
    number = session.member(member) if member is not None else None
    hand_over(session, number, inquiry, Path(to), encrypt, force)


def hand_over(
    session: Session,
    number: int | None,
    inquiry: int | None,
    folder: Path,
    encrypt: bool,
    force: bool,
    request: int | None = None,
) -> None:
    """Writes the own data of a member, or of the outsider of an inquiry, into a folder.

    `request` is the number of the member's inquiry that asked for it.
    """
    from datetime import datetime

    from soc_cli.formats import drawing, files, handout, pdf
    from soc_cli.formats.sections import document
    from soc_cli.operations import owndata

    if inquiry is not None:
        with session.upkeep() as upkeep:
            owndata.check_outsider(upkeep, inquiry)
    password = ""
    if encrypt:
        drawing.check_there()
        password = passphrase.new(_("Password of the PDF:"), _checked(session))
    written: list[str] = []
    left_over: list[Path] = []

    def prepare(data: dict[str, object]) -> files.NewFiles:
        if encrypt:
            told = document(data, output.member_label, output.for_person)
            made_at = datetime.fromisoformat(str(data["generated_at"]))
            contents = {handout.PDF: pdf.own_data_pdf(told, password, made_at)}
        else:
            contents = handout.contents(data, output.member_label, output.for_person)
        files.make_folder(folder)
        written.extend(contents)
        # A file of an earlier export, perhaps of somebody else, must not lie among these.
        others = (folder / name for name in handout.NAMES if name not in contents)
        left_over.extend(files.to_clear(others, force))
        return files.prepare_all({folder / name: data for name, data in contents.items()}, force)

    session.will_write(folder)
    with (
        session.register("own-record", number)
        if inquiry is None
        else session.outsider(inquiry) as register
    ):
        data = owndata.export(register, prepare, request)
    files.clear(left_over)
    screen.say(*_whose(session, number, inquiry, data))
    screen.line(*((folder / name).as_posix() for name in written))
    back.tell(session, "export")


def _checked(session: Session) -> Callable[[str], None]:
    """What a password of a PDF must stand: it is told to a member, so it is not the register's own."""
    from soc_cli.formats import pdf
    from soc_cli.operations import registers

    def check(said: str) -> None:
        pdf.check_password(said)
        if registers.opens(session.path, said):
            raise WrongData(
                _("this passphrase opens the register itself"),
                _("take another for the member, and name its file in {variable}").format(
                    variable=passphrase.EXPORT_VARIABLE
                ),
            )

    return check


def _whose(
    session: Session, number: int | None, inquiry: int | None, data: dict[str, object]
) -> tuple[str, ...]:
    """Whose data were written; of an outsider, which inquiries were taken for theirs."""
    if number is not None:
        return (_("Own data of {number}:").format(number=session.policy.club.number(number)),)
    found = data["inquiries"]
    assert isinstance(found, list)
    numbers = _(", ").join(str(one["number"]) for one in found)
    return (
        _("Own data of the outsider of inquiry {number}:").format(number=inquiry),
        ngettext(
            "It holds inquiry {numbers}. What this person asked under another name or contact is not in it: export that by its own number.",
            "It holds the inquiries {numbers}. What this person asked under another name or contact is not in it: export that by its own number.",
            len(found),
        ).format(numbers=numbers),
    )
