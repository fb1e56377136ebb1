"""Use of the services: access logs taken in, cookies and sign-ins joined to members, counts (C1, C5, K1)."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from soc_cli.model import meant
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import FieldError, plain
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.newfile import TakenBack
from soc_cli.model.spool import Spool
from soc_cli.model.visits import BY, COOKIE, SIGN_IN, Broken, Log, Piece, Visit
from soc_cli.operations.importing import without_collector
from soc_cli.operations.sweeping import usage_gone_through
from soc_cli.store import history, usage
from soc_cli.store.register import Register, spill_folder

SHOWN = ("at", "page", "method", "status", "environment", "service", "action", "ip", "cookie", "sign_in")  # fmt: skip
COOKIES = ("kind", "token", "first", "last", "visits", "member")
CATEGORIES = ("usage", "traces")
LONGEST = 4096
"""Characters of a cookie or sign-in."""


# Access logs ----------------------------------------------------------------------------------


class Report:
    """What taking logs in did: of the lines that were read each is in one of the other counts."""

    COUNTS = ("read", "added", "updated", "unchanged", "skipped", "rejected")

    def __init__(self, dry_run: bool, folder: Path | None) -> None:
        self.dry_run = dry_run
        self.read = self.added = self.updated = self.unchanged = self.skipped = self.rejected = 0
        self.members_visits = 0
        """How many of the visits that were added are a member's."""
        self.members: set[int] = set()
        self._problems = Spool(folder)
        self._raws = Spool(folder)

    def broken(self, log: str, found: Broken) -> None:
        """Tells a line that is none of a log."""
        self.rejected += 1
        self._problems.append((log, found.line, found.reason))
        if found.raw:
            self._raws.append(found.raw.decode("latin-1"))

    def problems(self) -> Iterator[dict[str, object]]:
        """Every broken line by log and number; never what it says, which may be anybody's data."""
        for log, line, reason in self._problems:
            yield {"file": log, "line": line, "reason": _(reason)}

    def raws(self) -> Iterator[bytes]:
        """The broken lines as they came."""
        for raw in self._raws:
            yield raw.encode("latin-1")

    def as_json(self) -> dict[str, object]:
        """The promised keys; the problems are read as they go out."""
        counts = {key: getattr(self, key) for key in self.COUNTS}
        return {
            **counts,
            "members_visits": self.members_visits,
            "dry_run": self.dry_run,
            "problems": self.problems(),
        }


Rejects = Callable[[Iterator[bytes]], TakenBack] | None
"""Makes the file of the broken lines."""


def take_logs(
    upkeep: Register,
    logs: Sequence[Log],
    dry_run: bool = False,
    progress: Callable[[int, float], None] = lambda _lines, _done: None,
    rejects: Rejects = None,
) -> Report:
    """Takes access logs in, in one transaction; gives the report (C1).

    A line that is stored already adds nothing, whichever file it comes in: of lines that are the same
    letter for letter there are afterwards as many as in the log that has most of them. A visit is
    joined to a member only by a cookie or sign-in that is linked to one (C5). What is past its period
    is not taken in.
    """
    report = Report(dry_run, spill_folder(upkeep.path))
    with (
        without_collector(),
        _named(upkeep, report, rejects) as name,
        upkeep.change(keep=not dry_run),
    ):
        run = _Logs(upkeep, report)
        size, passed = sum(log.size for log in logs) or 1, 0
        for log in logs:
            run.begin()
            for piece in log.pieces:
                run.take(log.name, piece)
                progress(report.read, (passed + piece.done * log.size) / size)
            passed += log.size
        run.end()
        details = " ".join(f"{key}={getattr(report, key)}" for key in Report.COUNTS)
        upkeep.record(Entry("import-log", sorted(report.members), CATEGORIES, details=details))
        if report.rejected and not dry_run:
            name(run.by_kind)
    return report


class _Logs:
    """Takes one log after another in, and knows what is stored of each already."""

    def __init__(self, upkeep: Register, report: Report) -> None:
        self._upkeep, self._report = upkeep, report
        self._gone = usage_gone_through(upkeep)
        links = usage.links(upkeep)
        self.by_kind = {kind: {t: m for (k, t), m in links.items() if k == kind} for kind in BY}
        self._completed: set[str] = set()

    def begin(self) -> None:
        """Before a log: what was stored until now is what its lines are compared with."""
        self._up_to = usage.last(self._upkeep)
        # How often each line has come in this log, in this piece and the one before it: lines that
        # are the same have the same second, so they stand near each other.
        self._seen: dict[tuple[str, int], int] = {}
        self._seen_before: dict[tuple[str, int], int] = {}

    def take(self, log: str, piece: Piece) -> None:
        """Adds what is new in a piece."""
        report, gone = self._report, self._gone
        report.read += piece.lines
        for broken in piece.broken:
            report.broken(log, broken)
        visits = piece.visits
        if gone:
            visits = [visit for visit in visits if visit.at[:10] > gone]
            report.skipped += len(piece.visits) - len(visits)
        if visits:
            self._add(self._new(visits))

    def _new(self, visits: list[Visit]) -> list[Visit]:
        moments = sorted({visit.at for visit in visits})
        if not usage.any_between(self._upkeep, moments[0], moments[-1], self._up_to):
            return visits
        known = usage.stored(self._upkeep, moments, self._up_to)
        seen, before = self._seen, self._seen_before
        new: list[Visit] = []
        incomplete: list[tuple[str, int]] = []
        for visit in visits:
            key = (visit.at, visit.digest)
            rows = known.get(key)
            if rows is None:
                new.append(visit)
                continue
            seen[key] = times = 1 + (seen.get(key) or before.get(key, 0))
            if times > len(rows):
                new.append(visit)
            elif visit.cookie is not None and rows[times - 1][1]:
                incomplete.append((visit.cookie, rows[times - 1][0]))
            else:
                self._report.unchanged += 1
        self._seen_before, self._seen = seen, {}
        self._complete(incomplete)
        return new

    def _complete(self, incomplete: list[tuple[str, int]]) -> None:
        usage.complete(self._upkeep, incomplete)
        self._report.updated += len(incomplete)
        self._completed.update(
            cookie for cookie, _row in incomplete if cookie in self.by_kind[COOKIE]
        )

    def _add(self, visits: list[Visit]) -> None:
        report = self._report
        cookies, sign_ins = self.by_kind[COOKIE], self.by_kind[SIGN_IN]
        members: list[int | None] = [None] * len(visits)
        if cookies or sign_ins:
            members = [
                sign_ins.get(visit.sign_in or "") or cookies.get(visit.cookie or "")
                for visit in visits
            ]
            joined = [member for member in members if member is not None]
            report.members_visits += len(joined)
            report.members.update(joined)
        rows = ((*visit, member) for visit, member in zip(visits, members, strict=True))
        usage.add_visits(self._upkeep, rows)
        report.added += len(visits)

    def end(self) -> None:
        """After the last log: visits that have got a cookie are joined by it."""
        for cookie in sorted(self._completed):
            usage.join(self._upkeep, COOKIE, cookie)
            self._report.members.add(self.by_kind[COOKIE][cookie])


@contextmanager
def _named(upkeep: Register, report: Report, rejects: Rejects) -> Iterator[Callable[[dict[str, dict[str, int]]], None]]:  # fmt: skip
    """Gives the file of the broken lines its name; it goes again where the visits are not kept."""
    files: list[TakenBack] = []

    def name(links: dict[str, dict[str, int]]) -> None:
        if rejects is not None:
            files.append(rejects(report.raws()))
            upkeep.wrote(files[0].paths, "rejects", sorted(_in_lines(report.raws(), links)))
            files[0].claim()

    try:
        yield name
    except BaseException:
        for file in files:
            file.take_back()
        raise


def _in_lines(raws: Iterator[bytes], links: dict[str, dict[str, int]]) -> set[int]:
    """The members of whom a cookie or sign-in stands in lines that can't be read."""
    found: set[int] = set()
    for raw in raws:
        for word in re.split(r'[\s;="]+', raw.decode("utf-8", "replace")):
            found.update(tokens[word] for tokens in links.values() if word in tokens)
    return found


# Links ----------------------------------------------------------------------------------------


def token_of(text: str) -> str:
    """A cookie or sign-in as it is typed; raises WrongData for an empty one."""
    try:
        token = plain(text, LONGEST)
    except FieldError as error:
        raise WrongData(_("the cookie or sign-in: {reason}").format(reason=error.reason)) from None
    if token is None:
        raise WrongData(_("the cookie or sign-in is empty"))
    return token


def link(upkeep: Register, kind: str, token: str, member: int, keep: bool = True) -> int:
    """Keeps that a cookie or sign-in is this member's, and joins its visits, earlier ones too (C5, K1).

    Gives how many visits there are. Raises WrongData where it is another member's.
    """
    token = token_of(token)
    with upkeep.change(keep):
        whose = usage.linked(upkeep, kind, token)
        if whose not in (None, member):
            raise WrongData(
                _("this is {member}'s").format(member=upkeep.policy.club.number(whose)),
                _("if that is wrong, say “soc usage unlink” first: no visit is joined to two members"),
            )  # fmt: skip
        if whose is None:
            usage.link(upkeep, kind, token, member)
        visits = usage.join(upkeep, kind, token)
        upkeep.record(Entry("link-visitor", (member,), ("traces",)))
    return visits


def unlink(upkeep: Register, kind: str, token: str) -> tuple[int, int]:
    """Takes back that a cookie or sign-in is somebody's: its visits are nobody's again.

    Gives whose it was, and how many visits there are. Raises NotFound where it is nobody's.
    """
    token = token_of(token)
    with upkeep.change():
        whose = usage.linked(upkeep, kind, token)
        if whose is None:
            raise NotFound(
                _("no member is known by this cookie or sign-in"), _("see “soc usage cookies”")
            )
        usage.unlink(upkeep, kind, token)
        visits = usage.join(upkeep, kind, token)
        upkeep.record(Entry("unlink-visitor", (whose,), ("traces",)))
    return whose, visits


def cookies(upkeep: Register) -> Iterator[dict[str, object]]:
    """Which cookie or sign-in was seen when, and whose it is if known, by number (K1).

    Upkeep reads this and shows numbers: no address, page or browser. That it was read is recorded
    for the members whose they are.
    """
    with upkeep.change():
        links = usage.links(upkeep)
        upkeep.record(Entry("read", sorted(set(links.values())), ("traces",)))
    club = upkeep.policy.club
    for kind in BY[::-1]:
        known = sorted((token, None) for of, token in links if of == kind)
        seen = ((row["token"], row) for row in usage.seen(upkeep, kind))
        for token, rows in groupby(merge(seen, known, key=itemgetter(0)), itemgetter(0)):
            row = next((row for _token, row in rows if row is not None), None)
            member = links.get((kind, token))
            yield {
                "kind": kind,
                "token": token,
                "first": row and row["first"],
                "last": row and row["last"],
                "visits": row["visits"] if row else 0,
                "member": None if member is None else club.number(member),
            }


# What was used --------------------------------------------------------------------------------


def shown(own_record: Register) -> list[dict[str, object]]:
    """The use of the services by the member that the register is open for, oldest first (P3)."""
    return history.usage(own_record)


COUNTED = ("visits", "members_visits", "first", "last")
BY_WHAT = usage.BY_WHAT


def counts(improve: Register, what: str) -> Iterator[dict[str, object]]:
    """How often the services were used, by page, environment, service, day or hour (P2)."""
    meant.check("by", what, list(BY_WHAT))
    for row in usage.counts(improve, what):
        yield {what: row["what"], **{key: row[key] for key in COUNTED}}
