"""Filling a form in for a member, on that member's own instruction (P6)."""

from collections.abc import Callable, Sequence
from datetime import date

from soc_cli.model.errors import NotFound, Refused
from soc_cli.model.fields import BY_KEY, CHOICES, FieldError, past_day, plain, wrong
from soc_cli.model.instruction import ACT, Instruction
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import shown
from soc_cli.model.newfile import Unnamed
from soc_cli.operations.disclosures import named_items
from soc_cli.operations.grounds import says_nothing
from soc_cli.policy.form import Policy
from soc_cli.store import members
from soc_cli.store.register import Register

PURPOSE = "prefill"

Values = dict[str, object]


def instruction(how: str, day: str, request: int | None, today: date) -> Instruction:
    """The instruction as it is kept. Raises Refused where it does not say how it was given."""
    said = plain(how, 100)
    if said is None or says_nothing(said):
        raise Refused(
            _("a form is filled in on the member's own instruction"),
            _("say with --how how it was given: by phone, by e-mail, at the desk"),
        )
    try:
        given_on = past_day(day, today) or today.isoformat()
    except FieldError as error:
        raise wrong(day, error) from None
    return Instruction(given_on, said, request)


def chosen(policy: Policy, said: Sequence[str]) -> tuple[str, ...]:
    """The fields that are named, by key or heading, in the order of a registration.

    Unless any is named all that say something of the person: not the choices for the club itself.
    Raises WrongData for a name that is no field.
    """
    granted = {*members.plan(policy, PURPOSE)[0], *members.OPEN}
    known = tuple(key for key in BY_KEY if key in granted)
    if not said:
        return tuple(key for key in known if key not in (*CHOICES, "joined_on"))
    named = named_items(",".join(said), known)
    return tuple(key for key in known if key in named)


def fill(
    register: Register,
    keys: Sequence[str],
    said: Instruction,
    prepare: Callable[[Values], Unnamed] | None = None,
) -> Values:
    """The named fields of the member that the register is open for, and their number (P6).

    The instruction is on record before anything is shown, and before the file that `prepare` makes
    gets its name; where it can't, that is on record too. What is not named is in no part of the answer.
    """
    number = register.grant.member
    assert number is not None
    details = said.kept(keys)
    with register.change():
        register.record(Entry(ACT, (number,), ("registration",), details=details))
        row = members.one(register, number)
        if row is None:
            raise NotFound(_("this member was erased meanwhile"))
        written = shown(
            register.policy.club.number(number),
            {key: row[key] for key in row.keys()},  # noqa: SIM118
            register.policy.left_out,
        )
        choices = written["choices"]
        assert isinstance(choices, dict | None)
        values = {key: {**written, **(choices or {})}[key] for key in ("number", *keys)}
        files = prepare(values) if prepare is not None else None
        if files is not None:
            register.unnamed(files, "prefill", [number])
    if files is not None:
        register.name(files, Entry("take-back", (number,), ("registration",), details=details))
    return values
