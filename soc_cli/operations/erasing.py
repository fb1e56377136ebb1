"""Erasing to the last byte: a member, an outsider's inquiry, and the certificate of it (R1)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.fields import BY_KEY
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry, members_of, ranges
from soc_cli.model.language import _
from soc_cli.model.meeting import guest
from soc_cli.operations import inquiries as inquiry_acts
from soc_cli.operations import refusing
from soc_cli.store import (
    disclosures,
    erasures,
    inquiries,
    maintenance,
    meetings,
    members,
    merging,
    notices,
    written,
)
from soc_cli.store.driver import Row
from soc_cli.store.register import Register
from soc_cli.store.schema import VACUUM_DUE

KEYS = ("number", "erased_on", "request", "erased", "retained", "files", "entry", "hash")


@frozen
class Erasure:
    """An erasure: what went, what stays, and which files are to be deleted by hand."""

    number: str
    """Of the member, or of an outsider's inquiry."""
    erased_on: str
    request: int | None
    erased: Mapping[str, int] | None
    """How many rows of each kind; None where it was only finished now."""
    retained: Sequence[Mapping[str, object]]
    files: Sequence[Mapping[str, object]] | None
    """With `at`, `kind`, `path`, and whether others are in it; None where it was only finished now."""
    secret: Sequence[str]
    """Paths of files that the member may not learn of: no part of the certificate."""
    entry: int
    hash: str

    def certificate(self) -> dict[str, object]:
        """What the member gets, under the promised keys."""
        return {key: getattr(self, key) for key in KEYS}


def what_goes(upkeep: Register, number: int) -> dict[str, int]:
    """How many rows of each kind an erasure of this member takes."""
    return erasures.counted(upkeep, number)


def retained(upkeep: Register, number: int, to_member: bool = True) -> list[dict[str, object]]:
    """What outlives the erasure of this member, why and until when (R1).

    `to_member` leaves out the records that the member may not see.
    """
    period = upkeep.policy.periods["consent_record"]
    kept: list[dict[str, object]] = [
        {
            "what": _("the record of a disclosure by consent, with the name"),
            "reason": str(period.law or ""),
            "until": day,
        }
        for day in disclosures.retained(upkeep, number, to_member)
    ]
    marks: list[dict[str, object]] = [
        {
            "what": _("keyed marks of {kinds}, by which a refused person is known again").format(
                kinds=_(", ").join(_(BY_KEY[kind].label) for kind in ("name", *one.kinds))
            ),
            "reason": f"P8: {one.rule}",
            "until": one.until,
        }
        for one in refusing.retained(upkeep, number)
    ]
    return [
        *kept,
        *marks,
        {"what": _("the member number, which is never given again"), "reason": "R1", "until": None},
    ]


def files(upkeep: Register, number: int) -> tuple[list[dict[str, object]], list[str]]:
    """The files with this member in them, and the paths of those that the member may not learn of."""
    rows = [row for one in _all_of(upkeep, number) for row in written.of_member(upkeep, one)]
    shown, secret = _told(list({row["id"]: row for row in rows}.values()))
    there = {one["path"] for one in shown}
    if inquiries.linked(
        upkeep, number
    ):  # which any backup may hold from when they were an outsider's
        shown += [one for one in _copies(upkeep) if one["path"] not in there]
    return shown, secret


def _copies(upkeep: Register) -> list[dict[str, object]]:
    """The backups, as files with others in them."""
    return [
        {"at": row["at"], "kind": written.BACKUP, "path": row["path"], "shared": True}
        for row in written.backups(upkeep)
    ]


def _all_of(upkeep: Register, number: int) -> tuple[int, ...]:
    """The member's number, and those that were merged into it: one person."""
    return (number, *merged_into(upkeep, number))


def merged_into(upkeep: Register, number: int) -> list[int]:
    """The numbers that were merged into this member, and go along with it."""
    return merging.others(upkeep, number)


def _told(rows: Sequence[Row]) -> tuple[list[dict[str, object]], list[str]]:
    shown: dict[str, dict[str, object]] = {}
    for row in rows:
        if row["shown"]:  # written again in its place, a file is told once, with its newest day
            shown[row["path"]] = {
                "at": row["at"],
                "kind": row["kind"],
                "path": row["path"],
                "shared": bool(row["members"]) and row["member"] is None,
            }
    secret = dict.fromkeys(row["path"] for row in rows if row["path"] not in shown)
    return list(shown.values()), list(secret)


def check_request(inquiry: Register, request: int, number: int) -> None:
    """Raises NotFound for no such inquiry, WrongData for one that is no request of this member to be erased."""
    found = inquiry_acts.check_request(inquiry, request, number)
    if found != "delete":
        raise WrongData(
            _("inquiry {number} does not ask to be deleted (its kind is {kind})").format(
                number=request, kind=found
            ),
            _("see “{command}”").format(command=f"soc inquiry show {request}"),
        )


def erase(upkeep: Register, number: int, request: int | None = None) -> Erasure:
    """Deletes a member with all that belongs to them (R1); `finish` takes the last bytes.

    The number stays known as erased, and the journal's entries about this member alone lose their
    subject. Raises NotFound where there is no such member any more.
    """
    today = upkeep.today.isoformat()
    with upkeep.change():
        if not members.exists(upkeep, number):
            raise NotFound(
                _("there is no member “{text}”").format(text=upkeep.policy.club.number(number))
            )
        counts = erasures.counted(upkeep, number)
        kept = retained(upkeep, number)
        shown, secret = files(upkeep, number)
        numbers = _all_of(upkeep, number)
        if request is not None:
            # The request goes too: that the entry after this one met it stays, and tells of nobody.
            upkeep.record(Entry("carry-out", details=f"inquiry={request}"))
        entry = gone(upkeep, number, today)
        hash = upkeep.journal_head()[1]
        told = {"request": request, "erased": counts, "retained": kept, "files": shown}
        for one in numbers:
            erasures.tell(upkeep, one, told)
    name = upkeep.policy.club.number(number)
    return Erasure(name, today, request, counts, kept, shown, secret, entry, hash)


def gone(upkeep: Register, number: int, day: str) -> int:
    """Deletes one member, inside a change; gives the number of the entry."""
    keys = members.keys(upkeep, number)
    numbers = _all_of(upkeep, number)
    linked = inquiries.linked(upkeep, number)
    refusing.forget(upkeep, number)
    notices.forget(upkeep, number, keys)
    for one in numbers:
        written.forget(upkeep, one, keys)
    members.delete(upkeep, numbers, day)
    for one in numbers:
        disclosures.forget(upkeep, one)
    for inquiry in linked:  # in a backup from before the link it is nobody's of this number
        erasures.note_inquiry(upkeep, inquiry, day)
    return upkeep.record(Entry("erase", numbers, details=ranges(upkeep.forget(numbers))))


def of_inquiry(
    upkeep: Register, number: int
) -> tuple[dict[str, int], list[dict[str, object]], list[dict[str, object]]]:
    """Of an outsider's inquiry: how many rows go, what stays, and the files about the outsider.

    Raises NotFound where there is none, WrongData for a member's, which goes with the member.
    """
    owner = erasures.owner_of_inquiry(upkeep, number)
    if owner is None:
        if day := erasures.inquiry_erased_on(upkeep, number):
            raise NotFound(_("inquiry {number} was erased on {day}").format(number=number, day=day))
        raise NotFound(
            _("there is no inquiry {number}").format(number=number), _("see “soc inquiry list”")
        )
    if owner:
        raise WrongData(
            _("inquiry {number} is {member}'s").format(
                number=number, member=upkeep.policy.club.number(owner)
            ),
            _("it goes with the member: see “soc member erase”"),
        )
    counts = erasures.counted_of_inquiry(upkeep, number)
    shown = _told(written.of_inquiry(upkeep, number))[0]
    return counts, _stays_of_inquiry(), [*shown, *_copies(upkeep)]


def _stays_of_inquiry() -> list[dict[str, object]]:
    what = _("the number of the inquiry, which is never given again")
    return [{"what": what, "reason": "R1", "until": None}]


def erase_inquiry(upkeep: Register, number: int) -> Erasure:
    """Deletes an outsider's inquiry with its replies (R1); `finish` takes the last bytes.

    Raises what `of_inquiry` raises.
    """
    today = upkeep.today.isoformat()
    with upkeep.change():
        counts, stays, shown = of_inquiry(upkeep, number)
        entry = inquiry_gone(upkeep, number, today)
        hash = upkeep.journal_head()[1]
    return Erasure(str(number), today, None, counts, stays, shown, (), entry, hash)


def inquiry_gone(upkeep: Register, number: int, day: str) -> int:
    """Deletes one outsider's inquiry, inside a change; gives the number of the entry."""
    erasures.delete_inquiry(upkeep, number, day)
    return upkeep.record(
        Entry(erasures.ERASE_INQUIRY, categories=("inquiries",), details=f"inquiry={number}")
    )


def of_guest(
    upkeep: Register, number: int
) -> tuple[dict[str, int], list[dict[str, object]], list[dict[str, object]]]:
    """Of a guest: what goes, what stays, and the files in which the name may stand.

    Raises NotFound where there is no such guest, or the name is erased already.
    """
    meeting = meetings.meeting_of_guest(upkeep, number)
    if meeting is None:
        raise NotFound(
            _("there is no {guest}").format(guest=guest(number)), _("see “soc meeting show”")
        )
    if day := meetings.guest_erased_on(upkeep, number):
        raise NotFound(
            _("the name of {guest} was erased on {day}").format(guest=guest(number), day=day)
        )
    shown = [{**one, "shared": True} for one in _told(written.of_guests(upkeep, meeting))[0]]
    copies: list[dict[str, object]] = [
        {"at": row["at"], "kind": written.BACKUP, "path": row["path"], "shared": True}
        for row in written.backups(upkeep)
    ]
    return {"guest_name": 1}, _stays_of_guest(), [*shown, *copies]


def _stays_of_guest() -> list[dict[str, object]]:
    what = _("the number of the guest, and that somebody declared or came: a count without a name")
    return [{"what": what, "reason": "R1", "until": None}]


def erase_guest(upkeep: Register, number: int) -> Erasure:
    """Deletes the name of a guest (R1); `finish` takes the last bytes. Raises what `of_guest` raises."""
    today = upkeep.today.isoformat()
    with upkeep.change():
        counts, stays, shown = of_guest(upkeep, number)
        entry = guest_gone(upkeep, number, today)
        hash = upkeep.journal_head()[1]
    return Erasure(guest(number), today, None, counts, stays, shown, (), entry, hash)


def guest_gone(upkeep: Register, number: int, day: str) -> int:
    """Deletes the name of one guest, inside a change; gives the number of the entry."""
    meetings.forget_guest(upkeep, number, day)
    return upkeep.record(
        Entry(erasures.ERASE_GUEST, categories=("identity",), details=f"guest={number}")
    )


# what a killed program left -------------------------------------------------------------------


def left_over(upkeep: Register, secrets: Sequence[Path] = ()) -> list[Path]:
    """The files that were begun and never finished, be they anybody's: on no record by themselves.

    `secrets` are files with a key or passphrase, which may have been begun too.
    """
    beside = (upkeep.path, *secrets, *filter(None, (upkeep.run.mark_key,)))
    folders = {path.resolve().parent for path in beside} | written.folders(upkeep)
    return [path for folder in sorted(folders) for path in newfile.unfinished(folder)]


def _ended(upkeep: Register) -> list[int]:
    """The folders on record in which files were begun, and nothing of them is left.

    Of a day ago at least: a file that is being made now need not be there yet.
    """
    before = (upkeep.run.clock.now() - timedelta(days=1)).isoformat()
    return [
        row["id"]
        for row in written.begun(upkeep)
        if row["at"] < before
        and is_in_reach(Path(row["folder"]))
        and not newfile.unfinished(Path(row["folder"]))
    ]


def is_in_reach(folder: Path) -> bool:
    """Whether a folder is there, or known to be no more; else its disk is not there."""
    return folder.is_dir() or folder.parent.is_dir()


# the last bytes -------------------------------------------------------------------------------


def unfinished(upkeep: Register) -> bool:
    """Whether what was erased may still lie in the file's free bytes."""
    return upkeep.setting(VACUUM_DUE) is not None


def unfinished_member(upkeep: Register, text: str) -> Erasure | None:
    """The erasure of the member that `text` names, where it is not finished yet."""
    number = upkeep.policy.club.number_of(text)
    if number is None or number not in members_of(upkeep.setting(VACUUM_DUE) or ""):
        return None
    found = erasures.erased_with(upkeep, number)
    if found is None:
        return None
    day, entry, hash = found
    name = upkeep.policy.club.number(number)
    told = erasures.told(upkeep, number)
    kept = told.get("retained", retained(upkeep, number))
    counts, shown = told.get("erased"), told.get("files")
    return Erasure(name, day, told.get("request"), counts, kept, shown, (), entry, hash)


def unfinished_inquiry(upkeep: Register, number: int) -> Erasure | None:
    """The erasure of an outsider's inquiry, where it is not finished yet."""
    found = erasures.inquiry_erased_with(upkeep, number)
    if found is None or not unfinished(upkeep):
        return None
    day, entry, hash = found
    return Erasure(str(number), day, None, None, _stays_of_inquiry(), None, (), entry, hash)


def unfinished_guest(upkeep: Register, number: int) -> Erasure | None:
    """The erasure of a guest's name, where it is not finished yet."""
    found = erasures.guest_erased_with(upkeep, number)
    if found is None or not unfinished(upkeep):
        return None
    day, entry, hash = found
    return Erasure(guest(number), day, None, None, _stays_of_guest(), None, (), entry, hash)


def finish(upkeep: Register) -> list[Path]:
    """Writes the erasure lists and rewrites the file without what was deleted.

    Closes the register, which would be in the way. Gives the backups whose list is out of reach.
    Raises NotYetErased; run again, it goes on.
    """
    at = upkeep.run.clock.now().isoformat()
    if ended := _ended(upkeep):
        upkeep.end_files(ended)
    upkeep.close()
    unreached = maintenance.publish(upkeep.path, at)
    maintenance.give_back(upkeep.path)
    return unreached
