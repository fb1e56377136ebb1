"""Refusing those who break the terms, and knowing them again (P8)."""

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

from soc_cli.model import marks
from soc_cli.model.errors import NotFound, Refused, WrongData
from soc_cli.model.fields import BY_KEY, FieldError, Value, any_day, plain, wrong
from soc_cli.model.frozen import frozen, made
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import with_keys
from soc_cli.store import markkey, members, refusals
from soc_cli.store.register import Register

KEYS = ("number", "member", "rule", "reason", "refused_on", "until", "readmitted_on", "marks")


@frozen
class Conduct:
    """What P8 reads of somebody before they are refused."""

    name: str
    address: str | None
    kept: int
    """Declarations that were kept."""
    broken: int


def conduct(register: Register, number: int) -> Conduct:
    """Who it is, and whether they came when they said so."""
    with register.change():
        row = members.one(register, number)
        if row is None:
            raise NotFound(_("this member was erased meanwhile"))
        kept, broken = refusals.conduct(register, number)
    return Conduct(row["name"], row["address"], kept, broken)


def refuse(
    register: Register, number: int, rule: str | None, reason: str | None, until: str | None
) -> tuple[int, Path | None]:
    """Refuses a member from today on, under a rule of the club, until a day or for good (P8).

    Gives the number of the refusal, and the file of the marks' key where it is the first one. The
    membership ends; the data stay until they are erased.
    """
    rule, reason = plain(rule or ""), plain(reason or "")
    if rule is None or reason is None:
        raise WrongData(
            _("a refusal names the rule that was broken, and the reason"),
            _("say --rule and --reason"),
        )
    last = last_day(register, until)
    with register.change():
        if not members.exists(register, number):
            raise NotFound(_("this member was erased meanwhile"))
        now = members.open_values(register, number)
        if now["status"] == "refused" and _standing(register, number):
            raise WrongData(_("is refused already"), _("see “soc member refusals”"))
        before = "active" if now["status"] == "active" else "withdrawn"
        known = markkey.is_known(register)
        register.mark_key = markkey.of(register) if known else markkey.settle(register)
        refusal = refusals.add(register, number, rule, reason, before, last)
        left = _text(now["left_on"]) if before == "withdrawn" else register.today.isoformat()
        refusals.set_status(register, number, "refused", left)
        register.record(
            Entry(
                "refuse",
                (number,),
                ("conduct",),
                "registration",
                ("status", "left_on"),
                f"refusal={refusal}",
            )
        )
    return refusal, None if known or markkey.needs_no_file(register) else register.run.mark_key


def last_day(register: Register, text: str | None) -> str | None:
    """The last day of a refusal, today or later; none where it has no end."""
    try:
        day = any_day(text or "", register.today)
        if day is not None and day < register.today.isoformat():
            raise FieldError(_("is past already"))
    except FieldError as error:
        raise wrong(text or "", error) from None
    return day


def _standing(register: Register, member: int) -> dict[str, object] | None:
    """The refusal of a member to which neither its last day nor anybody has put an end."""
    today = register.today.isoformat()
    for one in reversed(refusals.read(register, member=member)):
        if one["readmitted_on"] is None and (one["until"] is None or str(one["until"]) >= today):
            return one
    return None


def readmit(
    register: Register, member: int | None, refusal: int | None
) -> tuple[list[int], int | None]:
    """Ends the refusals of a member, or the one of a number where its person was erased.

    Whoever was a member is one again from today; whoever had left before stays so. The marks go.
    Gives the refusals' numbers and the member.
    """
    with register.change():
        found = refusals.read(register, member=member, number=refusal)
        whose = next((one["member_id"] for one in found), None)
        if isinstance(whose, int):  # all of them, or none is over
            member = whose
            found = refusals.read(register, member=member)
        open_ones = [one for one in found if one["readmitted_on"] is None]
        if not open_ones:
            if member is None:
                raise NotFound(
                    _("there is no refusal {number}").format(number=refusal),
                    _("see “soc member refusals”"),
                )
            raise WrongData(_("is not refused"), _("see “soc member show MEMBER”"))
        numbers = [int(str(one["id"])) for one in open_ones]
        for number in numbers:
            refusals.end(register, number)
        if member is not None:
            _let_in(register, member, {str(one["status_before"]) for one in open_ones})
        details = " ".join(f"refusal={number}" for number in numbers)
        about = (member,) if member is not None else ()
        fields = ("status", "joined_on", "left_on") if member is not None else ()
        register.record(Entry("readmit", about, ("conduct",), "registration", fields, details))
    return numbers, member


def _let_in(register: Register, member: int, before: Set[str]) -> None:
    now = members.open_values(register, member)
    today = register.today.isoformat()
    if "active" not in before:
        refusals.set_status(register, member, "withdrawn", _text(now["left_on"]))
    elif now["left_on"] == today:
        # Taken back on the same day, a refusal leaves no period of its own.
        refusals.set_status(register, member, "active", None)
    else:
        members.begin_period(register, member, today)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def listed(register: Register) -> list[dict[str, object]]:
    """The refusals, oldest first; of somebody erased there is neither number nor reason (P8)."""
    club = register.policy.club
    found = []
    for one in refusals.read(register):
        whose = one["member_id"]
        member = club.number(whose) if isinstance(whose, int) else None
        found.append({**one, "number": one["id"], "member": member})
    return [{key: one[key] for key in KEYS} for one in found]


@frozen
class Recognised:
    """Refusals that may be of somebody who is at the door."""

    surely: Mapping[int, Sequence[str]] = made(default_factory=dict)
    """Refusals of a person of this name with one of these in common: stopped."""
    by_name: Sequence[int] = ()
    """Refusals of a person of whom only the name is the same: told."""


class Recogniser:
    """Knows the refused again, by the marks of what somebody says of themselves (P8)."""

    def __init__(self, upkeep: Register) -> None:
        """Raises Failed where somebody is refused and the key of the marks is not there."""
        self.upkeep = upkeep
        self._key = b""
        self._known: dict[str, list[tuple[int, str]]] = {}
        if refusals.any_standing(upkeep):
            self._key = upkeep.mark_key = markkey.of(upkeep)
            self._known = refusals.known(upkeep)

    def __bool__(self) -> bool:
        return bool(self._known)

    def recognise(self, values: Mapping[str, Value]) -> Recognised:
        """The refusals that the values, as they are stored or as they were said, speak of."""
        if not self._known:
            return Recognised()
        stored = values if "name_key" in values else with_keys(values)
        return self._recognised(marks.marks(self._key, stored))

    def of_member(self, member: int) -> Recognised:
        """The refusals of others that the stored values of a member speak of."""
        if not self._known:
            return Recognised()
        own = {row["id"] for row in refusals.standing(self.upkeep, member)}
        return self._recognised(refusals.marks_of(self.upkeep, member), own)

    def _recognised(
        self, borne: Iterable[tuple[str, str]], but: Set[int] = frozenset()
    ) -> Recognised:
        surely: dict[int, list[str]] = {}
        named: list[int] = []
        for kind, mark in borne:
            for refusal, _kind in self._known.get(mark, ()):
                if refusal in but:
                    continue
                if kind == marks.NAME:
                    named.append(refusal)
                elif kind not in surely.setdefault(refusal, []):
                    surely[refusal].append(kind)
        return Recognised(surely, [one for one in named if one not in surely])

    def sentence(self, found: Recognised) -> str:
        """That somebody is refused: by which refusal, what is the same, and until when."""
        number, kinds = next(iter(found.surely.items()))
        row = refusals.numbered(self.upkeep, number)
        same = ", ".join(_(BY_KEY[key].label) for key in ("name", *kinds))
        told = _("the same as somebody refused in {same} (refusal {number}, {rule})")
        if row["until"] is not None:
            told = _("the same as somebody refused in {same} (refusal {number}, {rule}, until {day})")  # fmt: skip
        return told.format(same=same, number=number, rule=row["rule"], day=row["until"])

    def stop(self, values: Mapping[str, Value]) -> Recognised:
        """Raises Refused where the values are a refused person's; that it happened is on record."""
        found = self.recognise(values)
        if found.surely:
            refused = Refused(
                self.sentence(found),
                _("if it is somebody else of that name, say --not-the-same"),
            )
            refused.entry = Entry("recognise", details=said(found), outcome="refused")
            raise refused
        return found


def said(found: Recognised) -> str:
    """The refusals for the journal."""
    return " ".join(f"refusal={number}" for number in (*found.surely, *found.by_name))


def bar(upkeep: Register, numbers: Iterable[int]) -> None:
    """Raises Refused where one of these members is refused today (P8)."""
    club = upkeep.policy.club
    for number in numbers:
        for row in refusals.standing(upkeep, number):
            told = _("{member} is refused ({rule})")
            if row["until"] is not None:
                told = _("{member} is refused until {day} ({rule})")
            raise Refused(
                told.format(member=club.number(number), rule=row["rule"], day=row["until"]),
                _("“soc member readmit” lets them in again"),
            )


def key_lost(upkeep: Register) -> tuple[int, int]:
    """Makes the marks anew when their key is lost: those of the erased can't be, and go (P8).

    Gives how many refusals were marked anew, and how many are gone.
    """
    if markkey.is_there(upkeep):
        raise WrongData(_("the key of the refusal marks is there, and the right one"))
    with upkeep.change():
        upkeep.mark_key = markkey.settle(upkeep)
        refusals.drop_marks(upkeep)
        standing = refusals.unmarked(upkeep)
        for refusal, member in standing:
            if member is not None:
                refusals.add_marks(upkeep, refusal, member)
        gone = [refusal for refusal, member in standing if member is None]
        refusals.remove(upkeep, gone)
        upkeep.record(Entry("new-mark-key", details=f"gone={len(gone)}"))
    return len(standing) - len(gone), len(gone)


@frozen
class Marked:
    """What outlives the erasure of a member who is refused (P8)."""

    rule: str
    until: str | None
    kinds: Sequence[str]
    """What is marked together with the name."""


def retained(upkeep: Register, number: int) -> list[Marked]:
    """The marks that would outlive the erasure of this member."""
    kept = []
    for row in refusals.standing(upkeep, number):
        kinds = set(refusals.kinds(upkeep, row["id"]))
        if markkey.is_there(upkeep):
            upkeep.mark_key = markkey.of(upkeep)
            kinds |= {kind for kind, _mark in refusals.marks_of(upkeep, number)}
        kept.append(Marked(row["rule"], row["until"], sorted(kinds - {marks.NAME})))
    return kept


def forget(upkeep: Register, number: int) -> None:
    """What stays of a member's refusals at an erasure: the marks, those of today's values too.

    Without the key the marks stay as they are: a lost key is no reason not to erase (R1).
    """
    if markkey.is_there(upkeep):
        upkeep.mark_key = markkey.of(upkeep)
        for row in refusals.standing(upkeep, number):
            refusals.add_marks(upkeep, row["id"], number, refusals.kept(upkeep, row["id"]))
    refusals.forget(upkeep, number)


def is_refused(upkeep: Register, number: int) -> bool:
    """Whether a refusal of this member has not ended."""
    return bool(refusals.standing(upkeep, number))


def alike(upkeep: Register, number: int) -> list[int]:
    """Other members who bear a mark of a person in common with this one."""
    if not markkey.is_there(upkeep):
        return []
    upkeep.mark_key = markkey.of(upkeep)
    return refusals.alike(upkeep, number)


def over(upkeep: Register) -> list[tuple[int, str]]:
    """The refusals whose last day is past, with that day."""
    return [(row["id"], row["until"]) for row in refusals.over(upkeep)]


def end_those_over(upkeep: Register, member: int, day: str) -> None:
    """Ends the refusals of somebody who joins again on a day, inside a change.

    Raises WrongData where one of them was not over then.
    """
    for row in refusals.open_of(upkeep, member):
        if row["until"] is not None and day <= row["until"]:
            raise WrongData(_("was refused until {day}").format(day=row["until"]))
        refusals.end(upkeep, row["id"])


def sweep(upkeep: Register) -> None:
    """Ends the refusals whose last day is past, inside a change: their marks go.

    Whoever is stored has left then, and may join again.
    """
    for row in refusals.over(upkeep):
        refusals.end(upkeep, row["id"])
        if row["member_id"] is not None and not refusals.open_of(upkeep, row["member_id"]):
            left = members.open_values(upkeep, row["member_id"])["left_on"]
            refusals.set_status(upkeep, row["member_id"], "withdrawn", _text(left))


def status(upkeep: Register, number: int) -> str:
    """Whether somebody is a member."""
    return str(members.open_values(upkeep, number)["status"])
