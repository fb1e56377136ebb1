"""What every `import` verb shares: its options, the run, and how the report is told."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model import meant
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.frozen import frozen
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from soc_cli.operations.importing import How, Noun, Report
    from soc_cli.store.register import Register

File = Annotated[
    str,
    syntax.Argument(
        metavar="FILE",
        help=N_(
            "CSV, TSV, XLSX, ODS, JSON or JSON lines; text in UTF-8, CP932, UTF-16 or EUC-JP; - is standard input."
        ),
    ),
]
SheetName = Annotated[
    str | None,
    syntax.Option(
        "--sheet", metavar="NAME", help=N_("The sheet of a workbook; the first unless said.")
    ),
]
Encoding = Annotated[
    str | None, syntax.Option(help=N_("The encoding, if it is not found out rightly."))
]
Map = Annotated[
    list[str] | None,
    syntax.Option(
        "--map",
        metavar="HEADING=field",
        help=N_(
            "What a column holds; HEADING= leaves it out; several to one field are joined in order."
        ),
    ),
]
Match = Annotated[
    str | None,
    syntax.Option(
        metavar="number|person|email|none",
        help=N_(
            "How a row is known to be a member; by number where the sheet has one, else by person."
        ),
    ),
]
RecordMatch = Annotated[
    str | None,
    syntax.Option(
        metavar="number|none",
        help=N_("How a row is known to be there already; by its number, else by what it says."),
    ),
]
OnMatch = Annotated[
    str,
    syntax.Option(
        metavar="reject|skip|update|fill",
        help=N_(
            "What becomes of a row that differs from what is stored; fill fills what is empty."
        ),
    ),
]
OnError = Annotated[
    str,
    syntax.Option(
        metavar="abort|skip",
        help=N_("With a wrong row nothing is kept (abort), or the right rows are (skip)."),
    ),
]
Rejects = Annotated[
    str | None,
    syntax.Option(
        metavar="FILE.csv",
        help=N_("With skip: the rows that were not taken, as they came, with the reason."),
    ),
]
ClearBlank = Annotated[
    bool, syntax.Option("--clear-blank", help=N_("A blank cell clears what is stored."))
]

WAYS = {"on_match": ("reject", "skip", "update", "fill"), "on_error": ("abort", "skip")}


@frozen
class Asked:
    """What was asked of an `import` verb, as its options have it."""

    file: str
    sheet: str | None
    encoding: str | None
    map: list[str] | None
    match: str | None
    on_match: str
    on_error: str
    rejects: str | None
    clear_blank: bool
    dry_run: bool
    force: bool
    form: options.Form | None
    json: bool

    def how(self) -> "How":
        """How the sheet is taken in; raises WrongUse where the options contradict each other."""
        from soc_cli.operations.importing import How

        for name, said in (("on_match", self.on_match), ("on_error", self.on_error)):
            meant.check(name.replace("_", "-"), said, WAYS[name])
        if self.clear_blank and self.on_match in ("skip", "fill"):
            raise WrongUse(_("--clear-blank goes with --on-match update"))
        if self.rejects is not None and self.on_error != "skip":
            raise WrongUse(
                _("--rejects goes with --on-error skip"),
                _("without it nothing is kept, and the sheet itself is what is to be mended"),
            )
        if self.rejects is not None and Path(self.rejects).absolute() == Path(self.file).absolute():
            raise WrongUse(_("--rejects is the sheet itself"), _("choose another name"))
        return How(
            self.match,
            self.on_match,
            self.on_error,
            self.clear_blank,
            self.dry_run,
            tuple(self.map or ()),
        )


def verb(
    app: syntax.Verbs, help: str, way: object = RecordMatch
) -> "Callable[[Callable[[Session, Asked], None]], None]":
    """Adds the verb `import` to a noun: a function of the session and of what was asked."""

    def add(take: Callable[[Session, Asked], None]) -> None:
        def command(
            ctx: syntax.Context, file: File, sheet: SheetName = None, encoding: Encoding = None, map: Map = None,
            match: RecordMatch = None, on_match: OnMatch = "reject", on_error: OnError = "abort",
            rejects: Rejects = None, clear_blank: ClearBlank = False, dry_run: options.DryRun = False,
            force: options.Force = False, form: options.Format = None, json: options.Json = False,
        ) -> None:  # fmt: skip
            take(
                ctx.obj,
                Asked(
                    file, sheet, encoding, map, match, on_match, on_error, rejects, clear_blank, dry_run, force, form, json
                ),
            )  # fmt: skip

        command.__annotations__["match"] = way
        app.command("import", help=help)(command)

    return add


def run(session: Session, opened: "Callable[[], Register]", noun: "Noun", asked: Asked) -> None:
    """Takes a file in and tells the report. Raises WrongData (exit 3) where a row was rejected."""
    from soc_cli.formats import encodings, files, sheets
    from soc_cli.formats import rejects as rejected_rows
    from soc_cli.formats.files import NewFile
    from soc_cli.operations import importing, reading
    from soc_cli.terminal import progress

    how = asked.how()

    def written(report: "Report") -> NewFile:
        sheet = report.sheet
        again = bool(sheet.header) and reading.is_reason(sheet.header[-1])
        found = rejected_rows.pieces(sheet, report.problems(), _(reading.REASON), again)
        return files.prepare(Path(str(asked.rejects)), found, asked.force)

    if asked.rejects is not None:
        session.will_write(Path(asked.rejects).parent)
    with encodings.open_source(asked.file, session.spill_folder()) as source:
        known = reading.known(noun.shape(), how.map)
        sheet = sheets.open_sheet(source, known, asked.encoding, asked.sheet, asked.file)
        with opened() as register, progress.bar() as tick:
            report = importing.take_in(
                register, noun, sheet, how, tick, written if asked.rejects is not None else None
            )
        _tell(report, asked)
    if not report.dry_run and (report.added or report.updated):
        back.tell(session, session.command)


SHOWN = (
    "read",
    "added",
    "updated",
    "unchanged",
    "skipped",
    "rejected",
    "dry_run",
    "encoding",
    "format",
)
MOST = 10
"""How many notes are told one by one."""


def _tell(report: "Report", asked: Asked) -> None:
    answer = report.as_json()
    if output.chosen(asked.form, asked.json) is options.Form.json:
        output.thing(tuple(answer), answer, asked.form, asked.json)
    else:
        output.thing(SHOWN, answer, asked.form, asked.json)
        for problem in report.problems():
            screen.tell_error(
                _("row {row}, {column} “{value}”: {reason}").format(
                    row=problem["row"],
                    column=problem["column"] or "-",
                    value=problem["value"],
                    reason=problem["reason"],
                )
            )
        _talk(report)
    if report.dry_run:
        screen.say(_("Dry run: nothing was kept."))
    if not report.rejected:
        return
    if asked.on_error == "abort":
        raise WrongData(
            ngettext(
                "nothing was kept, since {n} row is not right",
                "nothing was kept, since {n} rows are not right",
                report.rejected,
            ).format(n=report.rejected),
            _("mend them and import the sheet again, or say --on-error skip"),
        )
    if report.dry_run:
        raise WrongData(
            ngettext(
                "{n} row would not be taken", "{n} rows would not be taken", report.rejected
            ).format(n=report.rejected)
        )
    raise WrongData(
        ngettext(
            "{n} row was not taken, the others were",
            "{n} rows were not taken, the others were",
            report.rejected,
        ).format(n=report.rejected),
        _("mend them in {file} and import that").format(file=asked.rejects)
        if asked.rejects is not None
        else _("--rejects FILE.csv writes them into a file of their own"),
    )


def _talk(report: "Report") -> None:
    """What is worth knowing and is no problem."""
    if report.sheet.name:
        screen.say(_("Read from the sheet “{name}”.").format(name=report.sheet.name))
    if report.sheet.above:
        screen.say(
            _("Row {row} names the columns; what stands above it was left out.").format(
                row=report.sheet.header_row
            )
        )
    for note in islice(report.notes, MOST):
        screen.say(
            _("row {row}, {column} “{value}”: {reason}").format(
                row=note["row"], column=note["column"], value=note["value"], reason=note["note"]
            )
        )
    for double in islice(report.possible_doubles, MOST):
        if double["members"]:
            names = ", ".join(double["members"])
            said = _("row {row} may be somebody who is registered already: {numbers}")
        else:
            names = ", ".join(map(str, double["rows"]))
            said = _("row {row} may be the same person as row {numbers}")
        screen.say(said.format(row=double["row"], numbers=names))
    more = max(0, len(report.notes) - MOST) + max(0, len(report.possible_doubles) - MOST)
    if more:
        screen.say(_("… and {n} more notes; --json tells all of them.").format(n=more))
