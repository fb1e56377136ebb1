"""Surveys: targets picked by attributes and told as tokens (P2); the invitation, a second act (P4)."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from soc_cli.model import fields, newfile, targeting
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.fields import FieldError
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.targeting import FILTERS, Condition
from soc_cli.store import surveys
from soc_cli.store.driver import Row
from soc_cli.store.register import Register

KEYS = ("number", "picked_at", "title", "filters", "matching", "picked", "seed")
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "email": ("token", "name", "email"),
    "post": ("token", "name", "postal_code", "address"),
}
"""How a target can be invited, and the columns of the mail merge."""

Draw = Callable[[int], bytes]
"""Gives so many bytes that nobody can guess."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are misread."""
_PARTS, _OF = 3, 4


def _token(draw: Draw) -> str:
    """A new token such as `K7QM-3XVD-9PT2`: 60 bits of chance, made of nothing of the member's."""
    letters = [_ALPHABET[byte % len(_ALPHABET)] for byte in draw(_PARTS * _OF)]
    return "-".join("".join(letters[at : at + _OF]) for at in range(0, len(letters), _OF))


@dataclass(frozen=True)
class Wanted:
    """What a survey is to be: its title, its filters as written, and how many of those that match."""

    title: str
    where: Sequence[str] = ()
    sample: int | None = None
    seed: str | None = None


def select(register: Register, wanted: Wanted, draw: Draw = os.urandom) -> int:
    """Picks the targets of a survey among the members who chose to be asked; gives its number (P2).

    With a sample, the same seed picks the same of the same members. Raises Refused for a field that
    P2 does not read, for fewer targets than the policy's smallest group, and for a selection that
    differs from an earlier one by fewer, since the two together would tell of them. The sentence is
    the same for each number, none included, so that it tells of nobody.
    """
    title = _title(wanted.title)
    conditions = [_condition(register, text) for text in wanted.where]
    if wanted.seed is not None and wanted.sample is None:
        raise WrongUse(_("a seed is for a sample"), _("say --sample N too"))
    smallest = register.policy.rule.smallest_group
    if wanted.sample is not None and wanted.sample < smallest:
        raise _refused(register, _too_few(smallest))
    people = list(surveys.people(register))
    found = _matching(people, conditions)
    earlier = (
        _matching(people, [_condition(register, text) for text in one])
        for one in dict.fromkeys(map(tuple, surveys.filters(register)))
    )
    if len(found) < smallest or any(_tell_apart(found, other, smallest) for other in earlier):
        raise _refused(register, _too_few(smallest))
    seed = (wanted.seed or draw(8).hex()) if wanted.sample is not None else None
    picked = sorted(found) if seed is None else _sample(found, wanted.sample, seed)
    texts = [condition.text for condition in conditions]
    with register.change():
        targets = sorted(((_token(draw), member) for member in picked), key=lambda _one: draw(8))
        number = surveys.insert(register, title, texts, len(found), seed, targets)
        # Whom it picked stands with the survey alone: here it would give the tokens' members away.
        register.record(Entry("select", (), ("attributes",), details=f"survey={number}"))
    return number


def _title(text: str) -> str:
    try:
        title = fields.plain(text)
    except FieldError as error:
        raise fields.wrong(text, error) from None
    if title is None:
        raise WrongData(_("a survey has a title"))
    return title


def _condition(register: Register, text: str) -> Condition:
    name, said = targeting.parted(text)
    field = targeting.field_named(name)
    known = _(", ").join(FILTERS)
    policy = register.policy
    granted = {
        column
        for category in policy.purposes[register.grant.purpose].reads
        for column in policy.categories[category].columns.get("member", ())
    } | {*policy.open_columns["member"]}
    if field is None or FILTERS[field].column not in granted:
        key = fields.spellings(fields.BY_KEY).get(fields.header_key(name))
        if (key is not None and key not in granted) or field is not None:
            purpose = policy.purposes[register.grant.purpose]
            raise _refused(
                register,
                Refused(
                    _("{clause} does not read “{field}”").format(clause=purpose.clause, field=name),
                    _("pick by: {names}").format(names=known),
                ),
            )
        raise WrongUse(
            _("“{field}” is nothing to pick by").format(field=name),
            _("pick by: {names}").format(names=known),
        )
    return targeting.condition(field, said)


def _too_few(smallest: int) -> Refused:
    return Refused(
        _(
            "P2: fewer than {n} members would be picked, or this tells of fewer than {n} together with an earlier survey"
        ).format(n=smallest),
        _("pick by less, or by wider values"),
    )


def _refused(register: Register, refused: Refused) -> Refused:
    """The refusal, which is on record."""
    refused.entry = Entry("select", (), ("attributes",), outcome="refused")
    try:
        with register.change():
            raise refused
    except Refused as told:
        return told


def _matching(people: Iterable[Row], conditions: Sequence[Condition]) -> set[int]:
    return {row["id"] for row in people if all(one.matches(row) for one in conditions)}


def _tell_apart(one: set[int], other: set[int], smallest: int) -> bool:
    """Whether two selections side by side tell of a group that is too small."""
    return 0 < len(one - other) < smallest or 0 < len(other - one) < smallest


def _sample(found: Iterable[int], size: int | None, seed: str) -> list[int]:
    """So many of the members, by chance: those whose number gives the smallest hash with the seed."""
    return sorted(found, key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).digest())[:size]


def _shown(row: Row) -> dict[str, object]:
    called = {
        "number": row["id"],
        "picked_at": row["made_at"],
        "filters": json.loads(row["filters"]),
    }
    return {key: called[key] if key in called else row[key] for key in KEYS}


def listed(register: Register) -> list[dict[str, object]]:
    """The surveys, oldest first."""
    return [_shown(row) for row in surveys.listed(register)]


def _found(register: Register, number: int) -> Row:
    rows = surveys.listed(register, number)
    if not rows:
        raise NotFound(
            _("there is no survey {number}").format(number=number), _("see “soc survey list”")
        )
    return rows[0]


def show(register: Register, number: int) -> dict[str, object]:
    """A survey with its tokens; the erased have none any more (P2)."""
    return {**_shown(_found(register, number)), "tokens": surveys.tokens(register, number)}


def invited(contact: Register, number: int) -> list[int]:
    """The members whom a survey's tokens stand for, as far as they may still be asked (P4)."""
    _found(contact, number)
    return surveys.invited(contact, number)


Prepare = Callable[[Sequence[Mapping[str, object]]], newfile.Unnamed]


def invite(contact: Register, number: int, channel: str, prepare: Prepare) -> tuple[int, int]:
    """Has the mail merge of a survey's invitation written, with its record (P4).

    Gives how many are in it, and for how many the survey is. `prepare` makes the file of the rows, which
    hold token, name and the contact information of the channel, in the order of the tokens. Raises
    NotFound where nobody may be invited this way.
    """
    columns = CHANNELS[channel]
    picked = _found(contact, number)["picked"]
    with contact.change():
        rows = surveys.invitations(contact, number, channel)
        if rows:
            members = [row["member_id"] for row in rows]
            files = prepare([{key: row[key] for key in columns} for row in rows])
            contact.unnamed(files, "invitation", members)
            for member in sorted(members):  # not in the order of the tokens, which would tell
                contact.record(_invitation("invite", number, channel, member))
    if not rows:
        raise NotFound(
            _("nobody of survey {number} may be invited this way").format(number=number),
            _("try the other channel; it needs the member's choice, and an address"),
        )
    undone = Entry("take-back", details=f"survey={number} channel={channel}")
    contact.name(files, undone)
    return len(rows), picked


def _invitation(act: str, number: int, channel: str, member: int) -> Entry:
    categories = ("contact", "invitations")
    return Entry(act, (member,), categories, details=f"survey={number} channel={channel}")
