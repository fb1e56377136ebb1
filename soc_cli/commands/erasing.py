"""What every erasure tells: what goes and stays beforehand, the certificate afterwards."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from soc_cli.commands import back, options, output
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.model.text import visible
from soc_cli.terminal import progress, screen

if TYPE_CHECKING:
    from soc_cli.operations.erasing import Erasure
    from soc_cli.store.register import Register


def check_letter(session: Session, to: str | None, force: bool) -> None:
    """Raises what writing the letter would raise, before anything is done but that it is begun."""
    from soc_cli.formats import files

    to = options.named(to, "--to")
    if to is None:
        return
    if to.lower().endswith((".html", ".htm")):  # where the text would be taken for a page
        raise WrongUse(_("the certificate is plain text"), _("write it like certificate.txt"))
    session.will_write(Path(to).parent)
    files.prepare(Path(to), b"", force).discard()


def foretell(
    goes: Mapping[str, int],
    stays: Sequence[Mapping[str, object]],
    files: Sequence[Mapping[str, object]],
    secret: Sequence[str] = (),
    left: Sequence[Path] = (),
) -> None:
    """Says what goes, what stays, why and until when, and which files are left to delete by hand."""
    counts = {kind: n for kind, n in goes.items() if n}
    screen.say(_("What goes: {counts}").format(counts=output.for_person("erased", counts)))
    for one in stays:
        screen.say(
            _("What stays: {what} ({reason}), until {until}").format(
                what=one["what"], reason=one["reason"], until=one["until"]
            )
            if one["until"]
            else _("What stays: {what} ({reason})").format(what=one["what"], reason=one["reason"])
        )
    for one in files:
        told = {key: one[key] for key in ("at", "kind", "path")}
        screen.say(
            _("Delete by hand: {file}").format(file=visible(output.for_person("files", told)))
        )
    for path in secret:  # in no certificate, so it is told even where talk is not wanted
        screen.tell_error(
            _(
                "Delete by hand, and do not tell of it: {path} (the record is not to be shown)"
            ).format(path=path)
        )
    for begun in left:
        screen.tell_error(
            _(
                "Delete by hand, unless another soc is at work now: {path} (begun and never finished, whosever data are in it)"
            ).format(path=begun)
        )


FINISHED = N_("The erasure that was not finished is finished now.")


def outsider(
    session: Session,
    inquiry: int,
    to: str | None,
    force: bool,
    yes: bool,
    form: options.Form | None,
    json: bool,
) -> None:
    """Erases an outsider's inquiry, with a certificate."""
    from soc_cli.operations import erasing as acts
    from soc_cli.terminal import ask

    check_letter(session, to, force)
    with session.upkeep() as upkeep:
        begun = acts.unfinished_inquiry(upkeep, inquiry)
        if begun is not None:
            finish(upkeep)
            answer(session, begun, to, force, form, json, said=_(FINISHED))
            return
        goes, stays, files = acts.of_inquiry(upkeep, inquiry)
        foretell(goes, stays, files, (), acts.left_over(upkeep))
        ask.confirm(_("Erase inquiry {number} for good?").format(number=inquiry), yes)
        done = acts.erase_inquiry(upkeep, inquiry)
        finish(upkeep)
    said = _("Inquiry {number} was erased on {day}.").format(number=inquiry, day=done.erased_on)
    answer(session, done, to, force, form, json, said=said)


def finish(upkeep: "Register") -> None:
    """Takes the last bytes; says which backups are to get their list by hand."""
    from soc_cli.operations import erasing

    progress.doing(_("Rewriting the file without what was erased …"))
    tell_unreached(upkeep.path, erasing.finish(upkeep))


def tell_unreached(register: Path, backups: Sequence[Path]) -> None:
    """Says which backups are to get their erasure list by hand."""
    for backup in backups:
        screen.say(
            _("The backup {path} is out of reach: copy {list} beside it, named {name}.").format(
                path=visible(str(backup)),
                list=visible(f"{register}.erased"),
                name=visible(f"{backup.name}.erased"),
            )
        )


def answer(
    session: Session,
    erasure: "Erasure",
    to: str | None,
    force: bool,
    form: options.Form | None,
    json: bool,
    headed: Callable[[str], str] = output.label,
    said: str = "",
) -> None:
    """Says what was done and answers with the certificate; writes it as a letter where that was asked for."""
    from soc_cli.formats import certificates, files

    certificate = erasure.certificate()
    if to is not None:  # before a word is said: whoever reads it may go away
        club = str(session.policy.club.name)
        text = certificates.letter(club, certificate, headed, output.for_person)
        files.prepare(Path(to), text, force).claim()
    if said:
        screen.say(said)
    output.thing(tuple(certificate), certificate, form, json, headed)
    back.tell(session, "member erase")
    if to is not None:
        screen.say(_("The letter: {path}").format(path=Path(to).as_posix()))
