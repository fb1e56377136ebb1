"""A club's own policy: how another one differs from it, and making that the one in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from soc_cli.model.errors import Refused, WrongData
from soc_cli.model.fields import BY_KEY, FieldError, past_day, plain, wrong
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.policy.form import Policy, Purpose
from soc_cli.store import erasures, policies
from soc_cli.store.register import Register

DIFFERENCE_KEYS = ("change", "what", "name", "before", "after", "members")
HISTORY_KEYS = ("adopted_at", "notified_on", "notified_how", "sha256")

NOTIFY = "notify"
"""Members are told, or it is published, before it counts (Act art. 21(3))."""


@dataclass(frozen=True)
class Difference:
    """One thing that another policy says otherwise."""

    change: str
    """`added`, `removed`, `widened`, `narrowed`, `reworded` or `changed`."""
    what: str
    """`purpose`, `field`, `ground`, `period`, `choice`, `clause` or `club`."""
    name: str
    before: object = None
    after: object = None
    members: str | None = None
    """`notify` where members must be told."""

    def told(self) -> dict[str, object]:
        """Under the keys that JSON promises."""
        return {key: getattr(self, key) for key in DIFFERENCE_KEYS}


def differences(old: Policy, new: Policy) -> list[Difference]:
    """What the new policy says otherwise than the old one, the purposes first."""
    return [
        *_purposes(old, new),
        *_fields(old, new),
        *_named("ground", old.grounds, new.grounds, NOTIFY),
        *_choices(old, new),
        *_periods(old, new),
        *_clauses(old, new),
        *_club(old, new),
    ]


def _columns(policy: Policy, purpose: Purpose) -> set[tuple[str, str]]:
    """All that a purpose reads: columns of tables, and what it reads as counts."""
    read = {
        (table, column)
        for name in purpose.reads
        for table, columns in policy.categories[name].columns.items()
        for column in columns
    }
    return read | {("counts", name) for name in purpose.counts}


def _purposes(old: Policy, new: Policy) -> Iterator[Difference]:
    yield from _named("purpose", old.purposes, new.purposes, NOTIFY)
    for name, was in old.purposes.items():
        if name not in new.purposes:
            continue
        becomes = new.purposes[name]
        before, after = _columns(old, was), _columns(new, becomes)
        one = _words(before - after), _words(after - before)
        wider = after - before or (was.one_member and not becomes.one_member)
        if wider:
            yield Difference("widened", "purpose", name, *one, NOTIFY)
        elif before - after or was.one_member != becomes.one_member:
            yield Difference("narrowed", "purpose", name, *one)
        said, says = old.clauses[was.clause].says, new.clauses[becomes.clause].says
        if said != says:
            yield Difference("reworded", "purpose", name, str(said), str(says), NOTIFY)


def _words(columns: set[tuple[str, str]]) -> list[str]:
    return sorted(
        {column if table == "member" else f"{table}.{column}" for table, column in columns}
    )


def _fields(old: Policy, new: Policy) -> Iterator[Difference]:
    for key in BY_KEY:
        if key in new.left_out - old.left_out:
            yield Difference("removed", "field", key)
        elif key in old.left_out - new.left_out:
            yield Difference("added", "field", key)


def _named(
    what: str, old: Mapping[str, object], new: Mapping[str, object], members: str
) -> Iterator[Difference]:
    for name in (name for name in new if name not in old):
        yield Difference("added", what, name, members=members)
    for name in (name for name in old if name not in new):
        yield Difference("removed", what, name)


def _choices(old: Policy, new: Policy) -> Iterator[Difference]:
    for name, choice in old.choices.items():
        after = new.choices[name].obeyed_by if name in new.choices else choice.obeyed_by
        before = choice.obeyed_by
        if set(before) - set(after):
            yield Difference("narrowed", "choice", name, list(before), list(after), NOTIFY)
        elif set(after) - set(before):
            yield Difference("widened", "choice", name, list(before), list(after))


def _periods(old: Policy, new: Policy) -> Iterator[Difference]:
    for name, period in old.periods.items():
        if name in new.periods and new.periods[name].years != period.years:
            yield Difference("changed", "period", name, period.years, new.periods[name].years)


def _clauses(old: Policy, new: Policy) -> Iterator[Difference]:
    """The clauses but those of the purposes, which are told there."""
    told = {purpose.clause for policy in (old, new) for purpose in policy.purposes.values()}
    for id in dict.fromkeys((*old.clauses, *new.clauses)):
        was, becomes = old.clauses.get(id), new.clauses.get(id)
        if id in told or (was and becomes and was.says == becomes.says):
            continue
        change = "added" if was is None else "removed" if becomes is None else "reworded"
        before, after = (str(one.says) if one else None for one in (was, becomes))
        yield Difference(change, "clause", id, before, after)


def _club(old: Policy, new: Policy) -> Iterator[Difference]:
    for key in (
        "name", "number_prefix", "address", "representative", "complaints", "requests", "fees", "security",
    ):  # fmt: skip
        before, after = (str(getattr(policy.club, key)) for policy in (old, new))
        if before != after:
            yield Difference("changed", "club", key, before or None, after or None)


def to_tell(found: Sequence[Difference]) -> list[Difference]:
    """Those of which the members must be told."""
    return [one for one in found if one.members == NOTIFY]


@dataclass(frozen=True)
class Notified:
    """That the members were told: on which day (ISO 8601), and how."""

    day: str
    how: str


def notified(
    upkeep: Register, found: Sequence[Difference], day: str | None, how: str | None
) -> Notified | None:
    """That the members were told of the changes. Raises Refused where they must be and were not."""
    try:
        said = past_day(day or "", upkeep.today)
    except FieldError as error:
        raise wrong(day or "", error) from None
    if said is None:
        if to_tell(found):
            raise Refused(
                _(
                    "members must be told of this change of purposes first, or it must be published (Act art. 21(3))"
                ),
                _("say when that was with --notified-on DAY, and how with --how"),
            )
        return None
    words = plain(how or "")
    if words is None:
        raise Refused(
            _("how the members were told is not said"),
            _("say --how: by post, by e-mail, on the web site"),
        )
    return Notified(said, words)


def stored(upkeep: Register, new: Policy) -> dict[str, list[int]]:
    """The members of whom something is stored that the new policy has no field for, by field."""
    gone = sorted(new.left_out - upkeep.policy.left_out)
    return {key: numbers for key in gone if (numbers := policies.holding(upkeep, key))}


def change(
    upkeep: Register,
    text: str,
    new: Policy,
    told: Notified | None,
    clear: Mapping[str, Sequence[int]],
) -> None:
    """Makes another policy the one in force, and clears the fields that it leaves out (C3).

    It counts from the next opening of the register. Raises WrongData where it is in force already, and
    Refused where something is stored in a field that was not to be cleared.
    """
    if new.sha256 == upkeep.policy.sha256:
        raise WrongData(_("this policy is in force already"))
    with upkeep.change():
        if stored(upkeep, new).keys() - clear.keys():
            raise Refused(_("something is stored in a field that this policy leaves out"))
        gone = sorted(new.left_out - upkeep.policy.left_out)
        if gone:
            upkeep.clear(gone)
            erasures.mark_due(upkeep, [])
        for key, numbers in clear.items():
            upkeep.record(
                Entry("correct", tuple(numbers), ("registration",), "registration", (key,))
            )
        policies.adopt(
            upkeep, text, new.sha256, told.day if told else None, told.how if told else None
        )
        said = f" notified={told.day}" if told else ""
        upkeep.record(Entry("adopt-policy", details=f"policy={new.sha256}{said}"))


def carried(upkeep: Register) -> list[dict[str, object]]:
    """Every policy that the register has carried of its own, oldest first."""
    return [{key: row[key] for key in HISTORY_KEYS} for row in policies.carried(upkeep)]
