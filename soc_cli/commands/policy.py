"""`soc policy`: the club's privacy policy, and whether the register keeps to it."""

from pathlib import Path
from typing import Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import NotFound, Refused, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import screen

app = syntax.Verbs()


@app.command(
    "show", help=N_("Show the policy, or one clause: what the club says and what the program does.")
)
def show(
    ctx: syntax.Context,
    clause: Annotated[
        str | None, syntax.Argument(metavar="[CLAUSE]", help=N_("A clause, such as P4."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    policy = ctx.obj.policy
    wanted = clause.upper() if clause else None
    if wanted and wanted not in policy.clauses:
        raise NotFound(
            _("the policy has no clause “{clause}”").format(clause=clause),
            _("its clauses: {names}").format(names=" ".join(policy.clauses)),
        )
    purposes = {purpose.clause: purpose for purpose in policy.purposes.values()}
    found: list[dict[str, object]] = []
    for id, c in policy.clauses.items():
        if wanted in (None, id):
            purpose = purposes.get(id)
            counted = _("{name} (counts)")
            reads = (
                [*purpose.reads, *(counted.format(name=n) for n in purpose.counts)]
                if purpose
                else []
            )
            named = purpose.name if purpose else None
            found.append(
                {
                    "clause": id,
                    "says": str(c.says),
                    "does": str(c.does),
                    "purpose": named,
                    "categories": reads,
                }
            )
    if wanted:
        (one,) = found
        output.thing(tuple(key for key in one if one[key]), one, form, json)
    else:
        output.rows(("clause", "says", "does"), found, form, json)


@app.command(
    "check", help=N_("Check that every column that can hold personal data is in the policy (C3).")
)
def check(ctx: syntax.Context) -> None:
    from soc_cli.operations import registers

    session: Session = ctx.obj
    with session.upkeep():
        unknown = registers.unclassified(session.path, session.policy)
    if unknown:
        raise Refused(
            _("the policy names no category for: {columns}").format(columns=", ".join(unknown)),
            _("take the column out of the register, or name it in the policy file"),
        )
    screen.say(_("Every column that can hold personal data is in the policy."))


PolicyFile = Annotated[str, syntax.Argument(metavar="FILE", help=N_("The policy file."))]


@app.command(
    "diff",
    help=N_(
        "Show what another policy file changes, and of what the members must be told; changes nothing."
    ),
)
def diff(
    ctx: syntax.Context, file: PolicyFile, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.formats import files
    from soc_cli.operations import policies
    from soc_cli.policy import club

    found = policies.differences(ctx.obj.policy, club.read(files.text(file)))
    rows = [one.told() for one in found]
    output.rows(policies.DIFFERENCE_KEYS, rows, form, json, _difference_label)
    _say_whom_to_tell(len(policies.to_tell(found)))


def _difference_label(key: str) -> str:
    return _("Before") if key == "before" else output.label(key)


def _say_whom_to_tell(n: int) -> None:
    if n:
        screen.say(
            ngettext(
                "Members must be told of {n} change, or it must be published (Act art. 21(3)).",
                "Members must be told of {n} changes, or they must be published (Act art. 21(3)).",
                n,
            ).format(n=n)
        )
        screen.say(
            _(
                "What goes beyond what a member would reasonably connect with the purpose before needs that member's consent first (Act art. 17(2) and 18(1))."
            )
        )
    else:
        screen.say(_("Nothing of it must be told to the members."))


@app.command(
    "change",
    help=N_(
        "Make another policy file the one in force; a change of purposes needs the day on which members were told (Act art. 21(3))."
    ),
    epilog=N_(
        "What is stored in a field that the new policy leaves out is erased, once confirmed (C3)."
    ),
)
def change(
    ctx: syntax.Context,
    file: PolicyFile,
    notified_on: Annotated[
        str | None,
        syntax.Option(metavar="DAY", help=N_("When the members were told, or it was published.")),
    ] = None,
    how: Annotated[
        str | None, syntax.Option(help=N_("How: by post, by e-mail, on the web site."))
    ] = None,
    yes: options.Yes = False,
) -> None:  # fmt: skip
    from soc_cli.commands import erasing
    from soc_cli.formats import files
    from soc_cli.model.fields import past_day
    from soc_cli.operations import policies
    from soc_cli.policy import club
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    text = files.text(file)
    new = club.read(text)
    with session.upkeep() as upkeep:
        found = policies.differences(session.policy, new)
        due = policies.to_tell(found)
        if due and notified_on is None and screen.can_ask():
            _say_whom_to_tell(len(due))

            def day(said: str) -> None:
                past_day(said, upkeep.today)

            notified_on = ask.text(_("When were the members told?"), day, "--notified-on")
            how = how or ask.text(_("How?"), ask.needed, "--how")
        told = policies.notified(upkeep, found, notified_on, how)
        clear = policies.stored(upkeep, new)
        for key, numbers in clear.items():
            screen.say(
                ngettext(
                    "{field}: stored of {n} member, and erased.",
                    "{field}: stored of {n} members, and erased.",
                    len(numbers),
                ).format(field=output.label(key), n=len(numbers))
            )
        if clear:
            ask.confirm(_("Erase this for good?"), yes)
        policies.change(upkeep, text, new, told, clear)
        if clear:
            erasing.finish(upkeep)
    screen.say(_("The policy is in force."))
    back.tell(session, "policy change")


@app.command(
    "file",
    help=N_("Write the policy file in force, to be changed and adopted with “soc policy change”."),
)
def file(
    ctx: syntax.Context,
    to: Annotated[
        str | None, syntax.Option(metavar="FILE", help=N_("The new file; else it is shown."))
    ] = None,
    before: Annotated[
        bool,
        syntax.Option("--before", help=N_("The one that was in force before the last change.")),
    ] = False,
    force: options.Force = False,
) -> None:
    from soc_cli.policy import club
    from soc_cli.store import policies

    if to == "":
        raise WrongUse(_("--to names no file"))
    session: Session = ctx.obj
    if before and policies.kept(session.path) is None:
        raise NotFound(_("the policy of this register was never changed"))
    text = policies.kept(session.path, int(before)) or club.to_begin_with()
    if to:
        _write(session, Path(to), text.encode(), force)
    else:
        screen.answer([text])


@app.command("history", help=N_("List the policy files that this register has carried of its own."))
def history(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import policies

    with ctx.obj.upkeep() as upkeep:
        output.rows(policies.HISTORY_KEYS, policies.carried(upkeep), form, json)


@app.command(
    "publish",
    help=N_(
        "Write what the Act has a club publish: the five items of its article 32(1); exit code 5 where one is missing."
    ),
)
def publish(
    ctx: syntax.Context,
    to: Annotated[
        str | None,
        syntax.Option(metavar="FILE", help=N_("The new file: .html, .md or .txt; else it is shown as text.")),
    ] = None,
    force: options.Force = False,
) -> None:  # fmt: skip
    from soc_cli.formats import publication
    from soc_cli.operations import publishing

    session: Session = ctx.obj
    if to == "":
        raise WrongUse(_("--to names no file"))
    policy = session.policy
    items = publishing.items(policy)
    day = session.run().clock.today().isoformat()
    kind = publication.SUFFIXES.get(Path(to).suffix.lower(), "text") if to else "text"
    written = publication.WRITERS[kind](str(policy.club.name), day, items)
    if to:
        _write(session, Path(to), written.encode(), force)
    else:
        screen.answer([written])


def _write(session: Session, path: Path, data: bytes, force: bool) -> None:
    from soc_cli.formats import files

    files.prepare(path, data, force).claim()
    screen.line(path.as_posix())
    back.tell(session, "policy file")


@app.command(
    "form",
    help=N_(
        "Write the registration form on paper, with the purposes first (Act art. 21(2)); HTML to print."
    ),
)
def form_(
    ctx: syntax.Context,
    to: Annotated[str, syntax.Option(metavar="FILE", help=N_("The new file, such as form.html."))],
    force: options.Force = False,
) -> None:  # fmt: skip
    from soc_cli.formats import paperform
    from soc_cli.model.fields import CHOICES, FIELDS

    policy = ctx.obj.policy
    if not to:
        raise WrongUse(_("--to names no file"))
    boxes = {
        "sex": tuple(
            output.for_person("sex", one) for one in ("male", "female", "other", "undisclosed")
        )
    }
    yes_no = (_("yes"), _("no"))
    lines = {
        field.key: paperform.Line(
            _(field.label),
            yes_no if field.choice else boxes.get(field.key, ()),
            field.key == "name",
            field.key == "address",
        )
        for field in FIELDS
        if field.key not in policy.left_out and field.key != "joined_on"
    }
    club = policy.club
    contact = (
        (_("Where to ask"), club.requests),
        (_("Where to complain"), club.complaints),
        (_("Address"), club.address),
        (_("Representative"), club.representative),
    )
    told = paperform.PaperForm(
        str(club.name),
        [(p.clause, str(policy.clauses[p.clause].says)) for p in policy.purposes.values()],
        [line for key, line in lines.items() if key not in CHOICES],
        [line for key, line in lines.items() if key in CHOICES],
        [_("{what}: {do}").format(what=label, do=said) for label, said in contact if said],
    )
    _write(ctx.obj, Path(to), paperform.page(told), force)


@app.command(
    "coverage",
    help=N_(
        "Show which commands carry out each clause of the policy, and which tests hold them to it."
    ),
)
def coverage(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.commands import clauses

    assert ctx.obj.tree is not None
    found = clauses.coverage(ctx.obj.policy, ctx.obj.tree())
    if output.chosen(form, json) is options.Form.table:
        found = [{**row, "tests": len(row["tests"])} for row in found]
    output.rows(clauses.KEYS, found, form, json)
