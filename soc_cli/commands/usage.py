"""`soc usage`: how the club's services are used, and which cookies and sign-ins are whose (C1, C5, K1)."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.model.visits import COOKIE, SIGN_IN
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from soc_cli.formats.files import NewFile
    from soc_cli.operations.usage import Report

app = syntax.Verbs()

MOST = 10
"""How many broken lines are told one by one."""

SignIn = Annotated[
    str | None,
    syntax.Option(
        "--sign-in", metavar="NAME", help=N_("The name of a sign-in, in place of a cookie.")
    ),
]


@app.command(
    "import-log",
    help=N_(
        "Take in a web server's access logs (C1): the time, the page without its query, how and with"
        " which browser, the IP address, the sign-in and the club's own cookie. Where visitors came"
        " from, queries and all other cookies are not kept (C3)."
    ),
)
def import_log(
    ctx: syntax.Context,
    logs: Annotated[
        list[str],
        syntax.Argument(
            metavar="FILE...",
            help=N_(
                "Logs of Apache or nginx, plain or gzipped; - is standard input. What is in already adds nothing."
            ),
        ),
    ],
    cookie: Annotated[
        str | None,
        syntax.Option(
            metavar="NAME", help=N_("The name of the club's cookie; else the policy says it.")
        ),
    ] = None,
    log_format: Annotated[
        str | None,
        syntax.Option(
            metavar="FORMAT",
            help=N_(
                "The server's LogFormat or log_format, where it is another than common, combined or vhost_combined."
            ),
        ),
    ] = None,
    rejects: Annotated[
        str | None,
        syntax.Option(
            metavar="FILE",
            help=N_("Writes the lines that can't be read into a file, as they came."),
        ),
    ] = None,
    dry_run: options.DryRun = False,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.formats import accesslog, files
    from soc_cli.operations import usage
    from soc_cli.terminal import progress

    session: Session = ctx.obj
    rejects = options.there(rejects, "--rejects")
    if rejects is not None and any(_same(rejects, log) for log in logs):
        raise WrongUse(_("--rejects is the log itself"), _("choose another name"))

    def written(raws: Iterator[bytes]) -> "NewFile":
        return files.prepare(Path(str(rejects)), (raw + b"\n" for raw in raws), force)

    name = cookie or session.policy.club.cookie
    reader = accesslog.Reader(name, log_format, keep=rejects is not None)
    opened = [reader.log(log) for log in logs]
    if rejects is not None:
        session.will_write(Path(rejects).parent)
    with session.upkeep() as upkeep, progress.bar() as tick:
        report = usage.take_logs(
            upkeep, opened, dry_run, tick, written if rejects is not None else None
        )
    if reader.cookies.others and not reader.cookies.found:
        screen.say(
            _(
                "No line has the club's cookie “{name}”. The log has cookies of these names: {names}."
                " If one of them is the club's, import the log again with --cookie NAME."
            ).format(name=name, names=_(", ").join(name for name, _n in reader.cookies.others.most_common(MOST)))
        )  # fmt: skip
    _tell(session, report, rejects, form, json)


def _same(one: str, other: str) -> bool:
    return other != "-" and Path(one).absolute() == Path(other).absolute()


def _tell(
    session: Session,
    report: "Report",
    rejects: str | None,
    form: options.Format,
    json: options.Json,
) -> None:
    answer = report.as_json()
    if output.chosen(form, json) is options.Form.json:
        output.thing(tuple(answer), answer, form, json)
    else:
        output.thing((*report.COUNTS, "members_visits", "dry_run"), answer, form, json)
        for problem in islice(report.problems(), MOST):
            screen.tell_error(_("{file}, line {line}: {reason}").format_map(problem))
        if report.rejected > MOST:
            more = _("… and {n} more lines; --json tells all of them.")
            screen.say(more.format(n=report.rejected - MOST))
    if report.dry_run:
        screen.say(_("Dry run: nothing was kept."))
    elif report.added:
        back.tell(session, "usage import-log")
    if report.skipped:
        screen.say(
            ngettext(
                "{n} line is past its period and was not taken in.",
                "{n} lines are past their period and were not taken in.",
                report.skipped,
            ).format(n=report.skipped)
        )
    if not report.rejected:
        return
    if report.rejected == report.read:
        raise WrongData(
            _("no line could be read: this may be no access log"),
            _("say --log-format where the server has a format of its own"),
        )
    raise WrongData(
        ngettext(
            "{n} line can't be read, the others were taken",
            "{n} lines can't be read, the others were taken",
            report.rejected,
        ).format(n=report.rejected),
        _("they are in {file}").format(file=rejects)
        if rejects is not None and not report.dry_run
        else _("--rejects FILE writes them into a file of their own"),
    )


@imports.verb(
    app,
    N_(
        "Take in from a sheet which member used which service when: posted, listed, made a page (C5)."
    ),
    Annotated[
        str | None,
        syntax.Option(
            metavar="none", help=N_("With none each row is new; else what is the same is the same.")
        ),
    ],
)
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import usage_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        imports.run(session, session.upkeep, usage_import.noun(People(upkeep)), asked)


@app.command(
    "link",
    help=N_(
        "Record that a cookie or a sign-in is a member's: its visits, earlier ones too, are the member's (C5, K1)."
    ),
)
def link(
    ctx: syntax.Context,
    words: Annotated[
        list[str] | None,
        syntax.Argument(
            metavar="COOKIE MEMBER",
            help=N_("The cookie's value, and whose it is; after --sign-in NAME the member alone."),
        ),
    ] = None,
    sign_in: SignIn = None,
    from_: Annotated[
        str | None,
        syntax.Option(
            "--from",
            metavar="FILE",
            help=N_("A sheet of many, with the columns cookie or sign_in, and member."),
        ),
    ] = None,
    dry_run: options.DryRun = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    session: Session = ctx.obj
    said = words or []
    if from_ is not None:
        if said or sign_in is not None:
            raise WrongUse(_("--from stands alone"), _("the sheet names cookies and members"))
        _link_from(session, from_, dry_run, form, json)
        return
    kind, token, (member,) = _token(said, sign_in, 1, _("COOKIE MEMBER, or --sign-in NAME MEMBER"))
    from soc_cli.operations import usage

    number = session.member(member)
    with session.upkeep() as upkeep:
        visits = usage.link(upkeep, kind, token, number, keep=not dry_run)
    written = session.policy.club.number(number)
    screen.say(
        ngettext(
            "Linked to {member}: {n} visit.", "Linked to {member}: {n} visits.", visits
        ).format(member=written, n=visits)
    )
    if dry_run:
        screen.say(_("Dry run: nothing was kept."))
    else:
        back.tell(session, "usage link")


def _token(words: list[str], sign_in: str | None, more: int, takes: str) -> tuple[str, str, list[str]]:  # fmt: skip
    """Kind and value of what is named, and the words that follow it; raises WrongUse."""
    kind, token, rest = (SIGN_IN, sign_in, words) if sign_in is not None else (COOKIE, *_first(words))  # fmt: skip
    if token is None or len(rest) != more:
        raise WrongUse(_("it takes: {words}").format(words=takes))
    return kind, token, rest


def _first(words: list[str]) -> tuple[str | None, list[str]]:
    return (words[0], words[1:]) if words else (None, [])


def _link_from(session: Session, file: str, dry_run: bool, form: options.Format, json: bool) -> None:  # fmt: skip
    from soc_cli.operations import usage_import
    from soc_cli.operations.record_import import People

    asked = imports.Asked(
        file, None, None, None, None, "reject", "abort", None, False, dry_run, False, form, json
    )
    with session.upkeep() as upkeep:
        imports.run(session, session.upkeep, usage_import.links(People(upkeep)), asked)


@app.command(
    "unlink",
    help=N_(
        "Take back that a cookie or a sign-in is a member's: its visits are nobody's again (C5)."
    ),
)
def unlink(
    ctx: syntax.Context,
    words: Annotated[
        list[str] | None,
        syntax.Argument(
            metavar="COOKIE", help=N_("The cookie's value; nothing after --sign-in NAME.")
        ),
    ] = None,
    sign_in: SignIn = None,
) -> None:
    from soc_cli.operations import usage

    session: Session = ctx.obj
    kind, token, _rest = _token(words or [], sign_in, 0, _("COOKIE, or --sign-in NAME"))
    with session.upkeep() as upkeep:
        whose, visits = usage.unlink(upkeep, kind, token)
    screen.say(
        ngettext(
            "Unlinked from {member}: {n} visit.", "Unlinked from {member}: {n} visits.", visits
        ).format(member=session.policy.club.number(whose), n=visits)
    )
    back.tell(session, "usage unlink", MEMBER=session.policy.club.number(whose))


@app.command("show", help=N_("Show a member's own use of the services (P3)."))
def show(
    ctx: syntax.Context,
    member: options.Member,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import usage

    session: Session = ctx.obj
    with session.register("own-record", session.member(member)) as own_record:
        rows = usage.shown(own_record)
    columns: tuple[str, ...] = usage.SHOWN
    if output.chosen(form, json) is options.Form.table:  # what is empty in all rows takes no room
        columns = tuple(c for c in columns if any(row[c] is not None for row in rows))
    output.rows(columns, rows, form, json)


@app.command(
    "cookies",
    help=N_(
        "List which cookie or sign-in was seen when and, by number, whose it is if known (K1)."
    ),
)
def cookies(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import usage

    with ctx.obj.upkeep() as upkeep:
        output.rows(usage.COOKIES, usage.cookies(upkeep), form, json)


@app.command("stats", help=N_("Count how the services are used, without telling by whom (P2)."))
def stats(
    ctx: syntax.Context,
    by: Annotated[
        str,
        syntax.Option(metavar="page|environment|service|day|hour", help=N_("What is counted by.")),
    ] = "page",
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import usage

    with ctx.obj.register("improve") as improve:
        output.rows((by, *usage.COUNTED), usage.counts(improve, by), form, json)
