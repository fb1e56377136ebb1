"""Looking after the register: everything that is not as it should be, found and not mended (S1)."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from soc_cli.model import exposure
from soc_cli.model.clocks import WARN
from soc_cli.model.errors import SocError
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _, ngettext
from soc_cli.operations import erasing, journals, registers, sweeping
from soc_cli.store import disclosures, erasurelist, facts, inquiries, keyfile, maintenance, written
from soc_cli.store.register import Register

KEYS = ("what", "severity", "do")
ERROR, WARNING, NOTE = N_("error"), N_("warning"), N_("note")

Finding = dict[str, object]


def _finding(what: str, severity: str, do: str) -> Finding:
    return dict(zip(KEYS, (what, severity, do), strict=True))


def well(findings: list[Finding]) -> bool:
    """Whether nothing but notes was found."""
    return all(finding["severity"] == NOTE for finding in findings)


def check(upkeep: Register, secrets: Sequence[Path] = ()) -> list[Finding]:
    """What is wrong with the register or due, worst first; that it was looked for is on record.

    Nothing is written into a file that is damaged, or that other hands have changed. `secrets` are the
    files that its key or passphrase is read from.
    """
    found = [*_damage(upkeep)]
    if not found:  # what is damaged is to be kept as it is
        with upkeep.change():
            upkeep.record(Entry("check"))
    found += [
        *_permissions(upkeep),
        *_secrets(upkeep, secrets),
        *_encryption(upkeep),
        *_unfinished_files(upkeep, secrets),
        *_due(upkeep),
        *_requests(upkeep),
        *_backups(upkeep),
        *_lists(upkeep),
        *_clock(upkeep),
        *_unset(upkeep),
    ]
    order = (ERROR, WARNING, NOTE)
    return sorted(found, key=lambda finding: order.index(str(finding["severity"])))


def _damage(upkeep: Register) -> Iterator[Finding]:
    for reason in maintenance.damage(upkeep.path):
        yield _finding(
            _("the file is damaged: {reason}").format(reason=reason),
            ERROR,
            _("keep it, and restore the last backup"),
        )
    for name in maintenance.missing(upkeep.path):
        yield _finding(
            _("the file is damaged: {reason}").format(
                reason=_("{name} is missing").format(name=name)
            ),
            ERROR,
            _("keep it, and restore the last backup"),
        )
    for place in registers.unclassified(upkeep.path, upkeep.policy):
        yield _finding(
            _("the policy names no category for: {columns}").format(columns=place),
            ERROR,
            _("take the column out of the register, or name it in the policy file"),
        )
    if fault := upkeep.journal_fault():
        yield _finding(
            _("entry {number} of the journal does not verify: {reason}").format(
                number=fault.number, reason=journals.reason(fault)
            ),
            ERROR,
            _(
                "somebody has changed the file outside this program; keep it, and compare with a backup"
            ),
        )


def _permissions(upkeep: Register) -> Iterator[Finding]:
    """Who else could get at the register, or at what lies beside it."""
    beside = [Path(f"{upkeep.path}{suffix}") for suffix in ("-wal", "-shm")]
    backups = [Path(row["path"]) for row in written.backups(upkeep)]
    for path in (upkeep.path, *beside, erasurelist.beside(upkeep.path), *backups):
        for what, do in exposure.told(path, folder_too=path == upkeep.path):
            yield _finding(what, ERROR, do)


def _secrets(upkeep: Register, secrets: Sequence[Path]) -> Iterator[Finding]:
    folders = {upkeep.path.resolve().parent}
    folders |= {Path(row["path"]).parent for row in written.backups(upkeep)}
    mark_key = () if upkeep.run.mark_key is None else (upkeep.run.mark_key,)
    for path in (*secrets, *mark_key):
        with suppress(OSError):
            if reason := keyfile.exposed(path):
                yield _finding(
                    _("{path} holds a secret, and is not yours alone ({reason})").format(
                        path=path, reason=reason
                    ),
                    ERROR,
                    _("make it yours alone: chmod 600 {path}").format(path=path),
                )
            if path.is_file() and path.resolve().parent in folders:
                yield _finding(
                    _("{path} holds a secret, and lies beside the register or a backup").format(
                        path=path
                    ),
                    WARNING,
                    _("keep it in another place: whoever takes the folder has both"),
                )


def _encryption(upkeep: Register) -> Iterator[Finding]:
    if maintenance.journal_mode(upkeep.path) != maintenance.JOURNAL_MODE:
        yield _finding(
            _("changing the key was cut short; the register is whole"),
            WARNING,
            _("run “soc sweep --yes”, then “soc rekey” again if the old key still opens it"),
        )
    if not maintenance.is_encrypted(upkeep.path):
        yield _finding(
            _("the register is not encrypted"),
            NOTE,
            _("whoever gets the file can read it; “soc rekey” encrypts it"),
        )
        return
    for row in written.backups(upkeep):
        path = Path(row["path"])
        with suppress(OSError):
            if path.is_file() and maintenance.is_plain(path):
                yield _finding(
                    _("the backup {path} is not encrypted").format(path=path),
                    WARNING,
                    _("make a new one, delete this one, and say “soc backup --gone {path}”").format(
                        path=path
                    ),
                )


def _unfinished_files(upkeep: Register, secrets: Sequence[Path]) -> Iterator[Finding]:
    for path in erasing.left_over(upkeep, secrets):
        record = disclosures.of_file(upkeep, _sha256(path))
        if record is not None:
            yield _finding(
                _("disclosure {number} is on record, but its file got no name: {path}").format(
                    number=record, path=path
                ),
                WARNING,
                _(
                    "name it and give it; or delete it, and say so by “soc disclosure correct {number}”"
                ).format(number=record),
            )
            continue
        yield _finding(
            _("a file was begun and never finished: {path}").format(path=path),
            WARNING,
            _("unless another soc is at work now, delete it: people's data may be in it"),
        )
    for folder in sorted({Path(row["folder"]) for row in written.begun(upkeep)}):
        if not erasing.is_in_reach(folder):
            yield _finding(
                _("a file was begun in {folder}, which is out of reach").format(folder=folder),
                NOTE,
                _("check again when it is there: people's data may be left in it"),
            )


def _sha256(path: Path) -> str | None:
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None


def _due(upkeep: Register) -> Iterator[Finding]:
    if erasing.unfinished(upkeep):
        yield _finding(
            _("an erasure is not finished: traces may be left in the file"),
            ERROR,
            _("close other programs that use the register and run “soc sweep --yes”"),
        )
    elif facts.changed_since_given_back(upkeep):
        yield _finding(
            _("what was corrected or deleted may still lie in free bytes of the file"),
            WARNING,
            _("run “soc sweep --yes”, which rewrites the file"),
        )
    for one in sweeping.due(upkeep):
        if one.rows:
            label = one.label(upkeep.policy)
            yield _finding(
                _("past the period: {label}, {n} since {day}").format(
                    label=label, n=len(one.rows), day=one.rows[0][1]
                ),
                WARNING,
                _("run “soc sweep”"),
            )


def _requests(upkeep: Register) -> Iterator[Finding]:
    """The requests that nobody has decided, a week before their last day and after it (Act art. 39)."""
    urgent = (upkeep.today + timedelta(days=WARN)).isoformat()
    for number, due in inquiries.undecided(upkeep, urgent):
        days = (date.fromisoformat(due) - upkeep.today).days
        said = (
            ngettext(
                "request {number} was to be answered by {day}, {n} day ago",
                "request {number} was to be answered by {day}, {n} days ago",
                -days,
            )
            if days < 0
            else ngettext(
                "request {number} is to be answered by {day}: {n} day left",
                "request {number} is to be answered by {day}: {n} days left",
                days,
            )
        )
        yield _finding(
            said.format(number=number, day=due, n=abs(days)),
            WARNING,
            _("see “soc inquiry show {number}”, and carry it out or answer it").format(
                number=number
            ),
        )


def _backups(upkeep: Register) -> Iterator[Finding]:
    last = facts.last_backup(upkeep) or upkeep.setting("made_at") or ""
    with suppress(ValueError):
        days = (upkeep.today - datetime.fromisoformat(last).date()).days
        if days > upkeep.policy.backup_days:
            yield _finding(
                ngettext("no backup for {n} day", "no backup for {n} days", days).format(n=days),
                WARNING,
                _("run “soc backup DIR”, and keep the copy on another disk"),
            )
    made = facts.last_backup(upkeep)
    if made is not None and (facts.last_proof(upkeep) or "") < made:
        yield _finding(
            _("the newest backup was never restored to see whether it can be"),
            NOTE,
            _("run “soc backup --verify FILE”"),
        )


def _lists(upkeep: Register) -> Iterator[Finding]:
    """The erasure lists that do not know of everybody who was erased, beside the register or a backup."""
    known = maintenance.known_to(upkeep.path, "")
    backups = [Path(row["path"]) for row in written.backups(upkeep)]
    for path in (upkeep.path, *backups):
        if not path.exists():
            yield _finding(
                _("the backup {path} is out of reach").format(path=path),
                NOTE,
                _("where it is no more, say “soc backup --gone {path}”").format(path=path),
            )
            continue
        try:
            listed = set(erasurelist.read(erasurelist.beside(path)).erased)
        except SocError:
            listed = set()
        if known.erased.keys() - listed:
            yield _finding(
                _(
                    "the erasure list beside {path} is missing, or does not know of everybody"
                ).format(path=path),
                WARNING,
                _("run “soc sweep --yes”, which writes the lists anew"),
            )


def _clock(upkeep: Register) -> Iterator[Finding]:
    """A clock that jumped back: deadlines and the dates of the ledger are counted from its days."""
    number = facts.entry_after(upkeep, upkeep.run.clock.now().isoformat())
    if number is not None:
        yield _finding(
            _("entry {number} of the journal was written at a moment later than now").format(
                number=number
            ),
            NOTE,
            _("see whether this computer's date and time are right"),
        )


def _unset(upkeep: Register) -> Iterator[Finding]:
    for period in upkeep.policy.periods.values():
        if not period.years:
            yield _finding(
                _("no period is set for: {label}").format(label=str(period.label)),
                NOTE,
                _("nothing of it is swept until the policy file says for how many years"),
            )
