"""`soc stats`: the register in figures, on a terminal, as rows, or as a page for the assembly."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.options import Form
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from soc_cli.formats.figures import Figure

app = syntax.Verbs()

Rows = Sequence[Mapping[str, object]]

HEADINGS = {
    "years": N_("Members by year"),
    "ages": N_("Members by age"),
    "prefectures": N_("Members by prefecture"),
    "occupations": N_("Members by occupation"),
    "meetings": N_("Who came to the meetings"),
    "inquiries": N_("Inquiries, and how long the answers took"),
    "disclosures": N_("What was given to others, by ground"),
}
"""The parts, in the order of the report."""

ATTRIBUTES = ("ages", "prefectures", "occupations")
"""The parts that are of today, whatever the year."""

GROUPS = {"ages": "age_band", "prefectures": "prefecture", "occupations": "occupation"}
"""What the groups of a part are groups of."""

BARS = {"years": "members", "meetings": "attended", "inquiries": "inquiries", "disclosures": "disclosures"}  # fmt: skip
"""What the bars measure; members where nothing is said."""

NUMBERS = {"years": 3, "meetings": 3, "inquiries": 5, "disclosures": 2}
"""How many of the last columns hold numbers; one where nothing is said."""

LINE = ("part", "group", "figure", "value")
"""The columns where all parts stand in one table."""


@app.command(
    "stats",
    help=N_(
        "Show the register in figures: members by year, age, prefecture and occupation, meetings, inquiries, disclosures; no small groups (P2)."
    ),
)
def stats(
    ctx: syntax.Context,
    year: Annotated[
        int | None,
        syntax.Option(min=1900, max=9998, help=N_("The report of this year, for the assembly.")),
    ] = None,
    to: Annotated[
        str | None,
        syntax.Option(
            "--to", metavar="FILE.html", help=N_("Write one page to print instead (HTML).")
        ),
    ] = None,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    session: Session = ctx.obj
    if to is not None and not to.lower().endswith((".html", ".htm")):
        raise WrongUse(_("--to names no page"), _("write it like report.html"))
    if year is not None and year > session.run().clock.today().year:
        raise WrongData(_("the year {year} is yet to come").format(year=year))
    parts, today = _gathered(session, year)
    if to is not None:
        _write(session, parts, year, today, Path(to), force)
        screen.line(Path(to).as_posix())
        back.tell(session, "stats")
        return
    kind = output.chosen(form, json)
    if kind is Form.table:
        from soc_cli.terminal import charts

        smallest = session.policy.rule.smallest_group
        for name, rows in parts.items():
            one = _figure(name, rows, smallest, today)
            note = one.note if one.rows else _("Nothing to tell.")
            charts.show(one.heading, note, one.headings, one.rows, one.bars, one.numbers)
        for note in _notes(smallest):
            screen.line(note)
    elif kind is Form.json:
        rule = session.policy.rule.smallest_group
        answer = {"as_of": today, "year": year, "smallest_group": rule, **parts}
        output.thing(tuple(answer), answer, form, json)
    else:
        output.rows(LINE, list(_lines(parts)), form, json)


def _gathered(session: Session, year: int | None) -> tuple[dict[str, Rows], str]:
    """Each part, read for the purpose that may read it; and the day of today."""
    from soc_cli.operations import statistics

    parts: dict[str, Rows] = {}
    with session.register("improve") as register:
        parts["years"] = statistics.by_year(register, year)
        parts["ages"] = statistics.by_age(register)
        parts["prefectures"] = statistics.by_prefecture(register)
        parts["occupations"] = statistics.by_occupation(register)
        parts["meetings"] = statistics.by_meeting(register, year)
        today = register.today.isoformat()
    with session.register("inquiry") as register:
        parts["inquiries"] = statistics.by_inquiry(register, year)
    with session.upkeep() as upkeep:
        parts["disclosures"] = statistics.by_ground(upkeep, year)
    return parts, today


def _lines(parts: Mapping[str, Rows]) -> Iterator[dict[str, object]]:
    """Every figure a line: its part, its group, what is counted, and the value; empty where too few."""
    for name, rows in parts.items():
        for row in rows:
            keys = list(row)
            first_number = len(keys) - NUMBERS.get(name, 1)
            group = "/".join(str(row[key]) for key in keys[:first_number] if row[key] is not None)
            for key in keys[first_number:]:
                yield dict(zip(LINE, (name, group, key, row[key]), strict=True))


def _figure(name: str, rows: Rows, smallest: int, today: str) -> "Figure":
    """A part in words."""
    from soc_cli.formats.figures import Figure

    keys = list(rows[0]) if rows else []
    numbers, bar = NUMBERS.get(name, 1), BARS.get(name, "members")
    # The number of a meeting is of use to programs; its day and title are to people.
    shown = [key for key in keys if key != "meeting"]
    first_number = len(shown) - numbers
    alone = len(rows) == 1
    cells = [
        [
            _number(key, row, smallest) if at >= first_number else _words(key, row[key], alone)
            for at, key in enumerate(shown)
        ]
        for row in rows
    ]
    lengths = [float(str(row[bar])) if row[bar] is not None else None for row in rows]
    note = _("As of {day}.").format(day=today) if name in ATTRIBUTES else ""
    headings = [output.label(GROUPS[name] if key == "group" else key) for key in shown]
    return Figure(
        _(HEADINGS[name]),
        note,
        headings,
        cells,
        lengths,
        numbers,
        output.label(bar) if numbers > 1 else "",
    )


def _words(key: str, value: object, alone: bool) -> str:
    if value == "others":
        return _("all") if alone else _("others")
    said = output.for_person(key, value)
    if key != "group":
        return said
    return _(", ").join(_("not known") if one == "unknown" else one for one in said.split(", "))


def _number(key: str, row: Mapping[str, object], smallest: int) -> str:
    value = row[key]
    if value is not None:
        return f"{value:g}" if isinstance(value, float) else str(value)
    # Times of too few answers are not told, and how few they are is not either.
    return "—" if key.endswith("_days") else _("under {n}").format(n=smallest)


def _notes(smallest: int) -> list[str]:
    return [
        _(
            "Groups of fewer than {n} are not told by themselves; days of joining and leaving are counted as they are."
        ).format(n=smallest)
    ]


def _write(
    session: Session, parts: Mapping[str, Rows], year: int | None, today: str, to: Path, force: bool
) -> None:
    from soc_cli.formats import figures, files

    club, smallest = session.policy.club, session.policy.rule.smallest_group
    title = _("The register in figures") if year is None else _("Report of the year {year}").format(year=year)  # fmt: skip
    report = figures.Report(
        title,
        (str(club.name), _("As of {day}.").format(day=today)),
        [_figure(name, rows, smallest, today) for name, rows in parts.items()],
        _("Nothing to tell."),
        _notes(smallest),
    )
    session.will_write(to.parent)
    file = files.prepare(to, figures.page(report), force)
    try:
        file.claim()
    finally:
        file.discard()
