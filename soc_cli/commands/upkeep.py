"""Verbs without a noun that look after the register: `check`, `backup`, `restore`, `sweep`, `path`."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, erasing, options, output, passphrase, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import Failed, Refused, SocError, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import progress, screen

if TYPE_CHECKING:
    from soc_cli.operations.backups import Proof

app = syntax.Verbs()


@app.command("path", help=N_("Print where the register is."))
def path(ctx: syntax.Context) -> None:
    session: Session = ctx.obj
    screen.line(session.path)


@app.command(
    "check",
    help=N_("Look whether all is well with the register (S1); mends nothing. Exit code 1 if not."),
)
def check(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import checking

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        progress.doing(_("Looking at the register …"))
        found = checking.check(upkeep, passphrase.files_named())
    output.rows(checking.KEYS, found, form, json)
    if not checking.well(found):
        n = sum(finding["severity"] != checking.NOTE for finding in found)
        raise Failed(
            ngettext("{n} thing is not as it should be", "{n} things are not as they should be", n).format(n=n),
            _("each line says what to do"),
        )  # fmt: skip
    screen.say(_("All is well."))


@app.command(
    "backup",
    help=N_("Write a whole, verified copy of the register, while others may go on working (S1)."),
    epilog=N_(
        "The copy is kept on record, and at each erasure the list of the erased is written beside it: FILE.erased. Keep"
        " both together, on another disk."
    ),
)
def backup(
    ctx: syntax.Context,
    to: Annotated[
        str | None,
        syntax.Argument(
            metavar="DIR|FILE", help=N_("A folder, where the copy is named by its time; or a new file.")
        ),
    ] = None,
    keep: Annotated[
        int | None,
        syntax.Option(
            metavar="N", min=1, max=9999, help=N_("In a folder: keep the newest N, delete the older ones.")
        ),
    ] = None,
    verify: Annotated[
        bool,
        syntax.Option(
            "--verify",
            help=N_("Restore it into a scratch file and compare; an existing backup is only tried, not written."),
        ),
    ] = False,
    gone: Annotated[
        str | None, syntax.Option(metavar="FILE", help=N_("This backup is no more: no erasure is to look for it."))
    ] = None,
) -> None:  # fmt: skip
    from soc_cli.operations import backups

    session: Session = ctx.obj
    gone = options.there(gone, "--gone")
    if gone is not None:
        if to is not None or keep is not None or verify:
            raise WrongUse(_("--gone stands alone"))
        with session.upkeep() as upkeep:
            backups.forget(upkeep, Path(gone))
        return
    if to is None and screen.can_ask():
        from soc_cli.terminal import ask

        to = ask.text(_("Folder or file of the backup, best on another disk:"), ask.needed, "TO")
    if not to or to == "-":
        raise WrongUse(_("the backup needs a folder or a file"))
    place = Path(to)
    if verify and place.is_file():
        session.will_write(place.parent)
        with session.upkeep() as upkeep:
            progress.doing(_("Restoring it into a scratch file and comparing …"))
            _tell_proof(backups.prove(upkeep, place))
        screen.line(place.as_posix())
        return
    in_folder = place.is_dir() or to.endswith(("/", "\\")) or keep is not None
    with session.upkeep() as upkeep:
        if in_folder:
            from soc_cli.formats import files

            files.make_folder(place)
            path = backups.path_in(upkeep, place)
        else:
            path = place
        progress.doing(_("Writing the copy and looking whether it is whole …"))
        backups.back_up(upkeep, path)
        if verify:
            progress.doing(_("Restoring it into a scratch file and comparing …"))
        proof = backups.prove(upkeep, path) if verify else None
        old = backups.thin_out(upkeep, place, keep) if keep is not None else []
    for older in old:
        screen.say(_("An older backup is deleted: {path}").format(path=older))
    if proof is not None:
        _tell_proof(proof)
    screen.say(_("A verified backup, which only you can read:"))
    screen.line(path.as_posix())
    back.tell(session, "backup", FILE=screen.as_typed([path.as_posix()]))


def _tell_proof(proof: "Proof") -> None:
    screen.say(
        _("It was restored into a scratch file and compared: {rows} rows in {tables} tables are the same.").format(
            rows=proof.rows, tables=proof.tables
        )
    )  # fmt: skip


@app.command(
    "restore",
    help=N_("Make a register of a backup, without those who were erased since (R1)."),
    epilog=N_(
        "Who was erased is read in the lists beside the backup and beside the register (FILE.erased), or in the one that"
        " --erasure-list names."
    ),
)
def restore(
    ctx: syntax.Context,
    file: Annotated[str, syntax.Argument(metavar="FILE", help=N_("The backup."))],
    to: Annotated[
        str | None,
        syntax.Option(metavar="FILE", help=N_("The new register; else where the register is.")),
    ] = None,
    erasure_list: Annotated[
        str | None, syntax.Option(metavar="FILE", help=N_("The list of the erased."))
    ] = None,
    without_erasure_list: Annotated[
        bool,
        syntax.Option(
            "--without-erasure-list",
            help=N_("Go on though there is no list: whoever was erased since the backup comes back."),
        ),
    ] = False,
    force: options.Force = False,
    yes: options.Yes = False,
) -> None:  # fmt: skip
    from soc_cli.operations import backups
    from soc_cli.store import maintenance
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    options.there(file, "FILE")
    to, erasure_list = options.named(to, "--to"), options.there(erasure_list, "--erasure-list")
    source, path = Path(file), Path(to) if to is not None else session.path
    run = session.run(of=source)
    named = Path(erasure_list) if erasure_list is not None else None
    known = backups.known_erasures(source, path, named, run.clock.now().isoformat())
    if not known.lists and not without_erasure_list:
        raise Refused(
            _("there is no list of those who were erased since this backup"),
            _("name it with --erasure-list, or say --without-erasure-list"),
        )
    was_encrypted = False
    if path.exists():
        if not force:
            raise maintenance.register_exists(path)
        opens, was_encrypted = False, True
        with suppress(SocError):
            was_encrypted, opens = maintenance.is_encrypted(path), True
        if not opens:
            screen.say(_("What stands there does not open: what is lost with it can't be told."))
        lost, last = backups.changes_since(source, path)
        if lost:
            screen.say(
                ngettext(
                    "Since this backup {n} change was made to the register, at {at}: it is lost.",
                    "Since this backup {n} changes were made to the register, the last at {at}: they are lost.",
                    lost,
                ).format(n=lost, at=output.for_person("at", last))
            )
        ask.confirm(_("Replace the register at {path} by this backup?").format(path=path), yes)
    progress.doing(_("Making a register of the backup …"))
    again, unreached = backups.restore(
        source, path, session.policy_of(source), run, known.erasures, force
    )
    for used in known.lists:
        screen.say(_("Erasures known from: {path}").format(path=used))
    if known.lists:
        screen.say(
            ngettext(
                "{n} erasure since the backup was done again; the lists know of erasures through {at}.",
                "{n} erasures since the backup were done again; the lists know of erasures through {at}.",
                again,
            ).format(n=again, at=output.for_person("at", known.erasures.at))
        )
    erasing.tell_unreached(path, unreached)
    if was_encrypted and maintenance.is_plain(path):
        screen.say(
            _("It is not encrypted any more, as the backup is not; “soc rekey” encrypts it.")
        )
    screen.say(_("The register, which only you can read:"))
    screen.line(path)
    back.tell(session, "restore")


@app.command(
    "sweep",
    help=N_("Tell what is past its period by the policy, then erase it to the last byte (R1)."),
)
def sweep(
    ctx: syntax.Context, dry_run: options.DryRun = False, yes: options.Yes = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import sweeping
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        due = sweeping.due(upkeep)
        output.rows(sweeping.KEYS, [one.told() for one in due], form, json)
        for one in due:
            if one.years == 0:
                label = one.label(session.policy)
                screen.say(_("No period is set for {label}: nothing is swept.").format(label=label))
        if dry_run:
            screen.say(_("Dry run: nothing was kept."))
            return
        if any(one.rows for one in due):
            ask.confirm(_("Erase this for good?"), yes)
            progress.doing(_("Erasing what is past its period …"))
            sweeping.sweep(upkeep)
        erasing.finish(upkeep)
    screen.say(_("Swept; the file is rewritten without what was deleted or corrected."))
    back.tell(session, "sweep")
