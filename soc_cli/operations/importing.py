"""Taking a sheet of members in: every bad row told, nothing kept if one is bad, nobody twice."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from soc_cli.model.errors import WrongData
from soc_cli.model.fields import BY_KEY, NUMBER_HEADERS, NUMBER_LABEL, Value, header_key, spellings
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import Problem, checked
from soc_cli.model.sheet import Sheet
from soc_cli.store import members
from soc_cli.store.register import Register

NUMBER = "number"


@dataclass
class Report:
    """What an import did, under the keys that `--json` promises."""

    encoding: str
    dry_run: bool
    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    possible_doubles: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The promised keys in their order."""
        keys = (
            "read",
            "added",
            "updated",
            "unchanged",
            "skipped",
            "rejected",
            "dry_run",
            "encoding",
            "possible_doubles",
        )
        answer: dict[str, object] = {key: getattr(self, key) for key in keys}
        answer["problems"] = [vars(problem) for problem in self.problems]
        return answer


class _NothingKept(Exception):
    """Undoes what an import has added so far."""


@dataclass(frozen=True)
class _Row:
    at: int
    number: int | None
    values: dict[str, Value]
    texts: dict[str, str]


def _known_headers() -> dict[str, str]:
    numbers = {header_key(name): NUMBER for name in (*NUMBER_HEADERS, NUMBER, NUMBER_LABEL)}
    return numbers | spellings(BY_KEY)


def columns_of(header: list[str]) -> dict[int, str]:
    """Which field each column of the sheet holds; raises WrongData for a column it can't place (C3)."""
    known = _known_headers()
    columns: dict[int, str] = {}
    unknown: list[str] = []
    for at, written in enumerate(header):
        if not written.strip():
            continue
        key = known.get(header_key(written))
        if key is None:
            unknown.append(written.strip())
        elif key in columns.values():
            raise WrongData(
                _("two columns of the sheet hold the same field (the second is “{column}”)").format(
                    column=written.strip()
                ),
                _("leave one of them out"),
            )
        else:
            columns[at] = key
    if unknown:
        raise WrongData(
            _("the policy names no field for: {columns}").format(
                columns=_("“{items}”").format(items="”, “".join(unknown))
            ),
            _("rename or take out these columns; “soc policy show C4” lists the fields"),
        )
    if "name" not in columns.values():
        raise WrongData(_("the sheet has no column for the name"), _("name it 氏名 or name"))
    return columns


def take_in(upkeep: Register, sheet: Sheet, dry_run: bool = False) -> Report:
    """Registers the people of a sheet (C2, occasion: registration) in one transaction.

    With a bad row, or a row that differs from the member it matches, nothing is kept and the report
    tells every problem. People who are there already, unchanged, are not added again.
    """
    report = Report(sheet.encoding, dry_run)
    columns = columns_of(sheet.header)
    rows = [
        row
        for row in (_read(upkeep, sheet, columns, at, cells, report) for at, cells in sheet.rows)
        if row
    ]
    report.read = len(sheet.rows)
    with upkeep.change(keep=not dry_run):
        fresh = _match(upkeep, rows, sheet, columns, report)
        added: list[int] = []
        with suppress(_NothingKept), upkeep.change():
            # With a bad row too, so that a taken nickname is told along with the rest.
            added = _insert(upkeep, fresh, sheet, columns, report)
            if report.problems:
                raise _NothingKept
        report.problems.sort(key=lambda problem: problem.row or 0)
        report.rejected = len({problem.row for problem in report.problems})
        report.added = 0 if report.problems else len(added)
        upkeep.record(
            Entry(
                "import",
                () if report.problems else tuple(added),
                occasion="registration",
                outcome="rejected" if report.problems else "done",
                # The hash of a sheet that was not kept would outlive the erasure of those in it.
                details=f"rows={report.read} rejected={report.rejected}"
                + ("" if dry_run or report.problems else f" sha256={sheet.sha256}"),
            )
        )
    return report


def _read(
    upkeep: Register,
    sheet: Sheet,
    columns: dict[int, str],
    at: int,
    cells: list[str],
    report: Report,
) -> _Row | None:
    """One row as checked values, or None with its problems told."""
    before = len(report.problems)
    texts = {key: cells[i] if i < len(cells) else "" for i, key in columns.items()}
    beyond = [cell for i, cell in enumerate(cells) if i not in columns and cell.strip()]
    if beyond:
        report.problems.append(
            Problem(at, "", beyond[0], _("a value in a column without a heading"))
        )
    heading = {key: sheet.header[i].strip() for i, key in columns.items()}
    number, written = None, texts.get(NUMBER, "")
    if written.strip():
        number = upkeep.policy.club.number_of(written)
        if number is None:
            example = upkeep.policy.club.number(12)
            report.problems.append(
                Problem(
                    at,
                    heading[NUMBER],
                    written,
                    _("not a member number: write it like {example}").format(example=example),
                )
            )
    values, errors = checked({k: v for k, v in texts.items() if k != NUMBER}, upkeep.today)
    report.problems += [
        Problem(at, heading[key], texts[key], error.sentence()) for key, error in errors
    ]
    return _Row(at, number, values, texts) if len(report.problems) == before else None


def _match(
    upkeep: Register, rows: Iterable[_Row], sheet: Sheet, columns: dict[int, str], report: Report
) -> list[_Row]:
    """The rows that are nobody yet; counts the unchanged and tells the rest."""
    club = upkeep.policy.club
    heading = {key: sheet.header[i].strip() for i, key in columns.items()}
    number_heading = heading.get(NUMBER, "")
    numbers: dict[int, int] = {}
    people: dict[tuple[Value, ...], _Row] = {}
    fresh: list[_Row] = []

    def tell(row: _Row, column: str, value: str, reason: str) -> None:
        report.problems.append(Problem(row.at, column, value, reason))

    for row in rows:
        twin = next((people[mark] for mark in members.marks(row.values) if mark in people), None)
        people.update({mark: row for mark in members.marks(row.values) if mark not in people})
        if row.number is not None:
            if row.number in numbers:
                tell(
                    row,
                    number_heading,
                    row.texts[NUMBER],
                    _("number used twice in the file: row {row} has it too").format(
                        row=numbers[row.number]
                    ),
                )
                continue
            numbers[row.number] = row.at
            if day := members.erased_on(upkeep, row.number):
                tell(
                    row,
                    number_heading,
                    row.texts[NUMBER],
                    _("this number was erased on {day} and is never given again").format(day=day),
                )
                continue
            matched = [row.number] if members.exists(upkeep, row.number) else []
        elif twin is not None and twin.number is None:
            tell(
                row,
                heading["name"],
                row.texts["name"],
                _("the same person as row {row}").format(row=twin.at),
            )
            continue
        else:
            matched = members.same_person(upkeep, row.values)
        if len(matched) > 1:
            tell(
                row,
                heading["name"],
                row.texts["name"],
                _("matches several members: {numbers}").format(
                    numbers=", ".join(map(club.number, matched))
                ),
            )
        elif matched:
            differing = members.differing(upkeep, matched[0], row.values)
            if differing:
                names = ", ".join(heading.get(key, _(BY_KEY[key].label)) for key in differing)
                tell(
                    row,
                    heading.get(differing[0], ""),
                    row.texts.get(differing[0], ""),
                    _("differs from {number} in: {columns}").format(
                        number=club.number(matched[0]), columns=names
                    ),
                )
            else:
                report.unchanged += 1
        else:
            fresh.append(row)
            doubles = members.same_person(upkeep, row.values) if row.number is not None else []
            if doubles or twin is not None:
                report.possible_doubles.append(
                    {
                        "row": row.at,
                        "members": [club.number(one) for one in doubles],
                        "rows": [twin.at] if twin is not None else [],
                    }
                )
    return fresh


def _insert(
    upkeep: Register, rows: list[_Row], sheet: Sheet, columns: dict[int, str], report: Report
) -> list[int]:
    """Adds the rows, those with a number of their own first, so that none of these is given away."""
    heading = {key: sheet.header[i].strip() for i, key in columns.items()}
    added: list[int] = []
    for row in sorted(rows, key=lambda row: row.number is None):
        try:
            with upkeep.change():
                added.append(members.insert(upkeep, row.values, row.number))
        except WrongData as error:
            column = "nickname" if row.texts.get("nickname") else "name"
            report.problems.append(Problem(row.at, heading[column], row.texts[column], error.what))
    return added
