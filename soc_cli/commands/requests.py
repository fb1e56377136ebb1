"""Carrying a request out: what each kind of it needs, does and answers (R1, Act art. 32 to 35)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soc_cli.commands import answers, back, options, output
from soc_cli.commands.session import Session
from soc_cli.model import meant
from soc_cli.model.errors import WrongUse
from soc_cli.model.inquiry import DONE, NOTHING_HELD
from soc_cli.model.language import _
from soc_cli.terminal import ask, screen

if TYPE_CHECKING:
    from soc_cli.formats.answer import Part

CHOICES = {"notices-email": "notice_email", "notices-post": "notice_post", "surveys": "survey"}
"""How the choices are called where their use is stopped; setting them to no stops it (R2)."""

TAKES: Mapping[str, frozenset[str]] = {
    "view": frozenset(["to", "encrypt", "letter"]),
    "correct": frozenset(["fields", "letter"]),
    "delete": frozenset(["to", "yes"]),
    "purposes": frozenset(["to", "fee"]),
    "third-party-records": frozenset(["to", "fee"]),
    "stop-use": frozenset(["use", "letter"]),
}
"""The options that go with each kind of request."""


@dataclass(frozen=True)
class Asked:
    """What was said to carry a request out."""

    to: str | None
    encrypt: bool
    use: Sequence[str]
    letter: str | None
    letter_lang: str | None
    fee: int | None
    fields: Mapping[str, str | list[str] | None]
    document: Any
    force: bool
    yes: bool
    form: options.Form | None
    json: bool

    def given(self) -> set[str]:
        """The options that were said, by the names that `TAKES` knows."""
        fields = self.document is not None or any(v is not None for v in self.fields.values())
        said = {
            "to": self.to is not None, "encrypt": self.encrypt, "use": bool(self.use),
            "letter": self.letter is not None, "fee": self.fee is not None, "fields": fields,
            "yes": self.yes,
        }  # fmt: skip
        return {name for name, there in said.items() if there}


def carry_out(session: Session, number: int, asked: Asked) -> None:
    """Does what a request asks, answers it and closes it; raises what stands against that."""
    from soc_cli.operations import inquiries

    with session.register("inquiry") as register:
        inquiry = inquiries.ready(register, number)
    kind = str(inquiry["kind"])
    if wrong := sorted(asked.given() - TAKES[kind]):
        raise WrongUse(
            _("--{option} does not go with a request of the kind {kind}").format(
                option=wrong[0] if wrong[0] != "fields" else "from", kind=kind
            ),
            _("see “{command}”").format(command="soc inquiry do --help"),
        )
    answers.spoken(asked.letter_lang)
    said = str(inquiry["member"]) if inquiry["member"] is not None else None
    member = session.policy.club.number_of(said) if said is not None else None
    _BY_KIND[kind](session, number, member, asked)


def _close(
    session: Session,
    number: int,
    asked: Asked,
    body: str,
    act: str | None = None,
    letter: str | None = None,
    outcome: str = DONE,
    parts: "Sequence[Part]" = (),
    stops: tuple[str, ...] = (),
) -> None:
    """Records the answer, links the entry of the act, and closes the request."""
    from soc_cli.operations import inquiries

    entry = None
    if act is not None:
        with session.upkeep() as upkeep:
            entry = inquiries.entry_of(upkeep, act, number)
    decision = inquiries.Decision(outcome, None, asked.fee)
    prepare = answers.prepared(
        session, letter, asked.force, asked.letter_lang, body, decision, parts
    )
    with session.register("inquiry") as register:
        inquiries.carried_out(register, number, body, decision, prepare, entry, stops)
    answers.told(letter, session)
    screen.say(
        _("Request {number} is carried out and closed.").format(number=number)
        if outcome == DONE
        else _("Request {number} is answered and closed: nothing is held.").format(number=number)
    )
    back.tell(session, "inquiry do")


def _view(session: Session, number: int, member: int | None, asked: Asked) -> None:
    from soc_cli.commands import export

    answers.check(session, asked.letter, asked.force)
    to = asked.to or ask.text(_("Folder to write the own data into:"), ask.needed, "--to")
    outsider = number if member is None else None
    request = number if member is not None else None
    folder = Path(to)
    export.hand_over(session, member, outsider, folder, asked.encrypt, asked.force, request)
    with answers.spoken(asked.letter_lang):
        body = _("Everything that the club stores on you was handed to you.")
    _close(session, number, asked, body, "export", asked.letter)


def _correct(session: Session, number: int, member: int | None, asked: Asked) -> None:
    from soc_cli.commands import member as members

    if member is None:
        raise _only_members(number)
    answers.check(session, asked.letter, asked.force)
    members.correct(
        session, member, asked.document, asked.fields, number, False, asked.form, asked.json
    )
    with answers.spoken(asked.letter_lang):
        body = _("Your registration was corrected as you asked.")
    _close(session, number, asked, body, "correct", asked.letter)


def _delete(session: Session, number: int, member: int | None, asked: Asked) -> None:
    if member is not None:
        from soc_cli.commands import member as members

        screen.say(
            _(
                "Inquiry {number} is the member's and goes too: the certificate names it, and is the answer."
            ).format(number=number)
        )
        name = session.policy.club.number(member)
        members.erase_whole(
            session, name, number, asked.to, asked.force, asked.yes, asked.form, asked.json
        )
        return
    from soc_cli.commands import erasing

    erasing.outsider(session, number, asked.to, asked.force, asked.yes, asked.form, asked.json)


def _purposes(session: Session, number: int, _member: int | None, asked: Asked) -> None:
    from soc_cli.formats.answer import Part

    to = _letter_to(session, asked)
    with answers.spoken(asked.letter_lang):
        body = _("The club uses your data for the purposes below and for nothing else.")
        clauses = [session.policy.clauses[p.clause] for p in session.policy.purposes.values()]
        rows = [[(clause.id, str(clause.says)) for clause in clauses]]
        parts = [Part(_("What the club may use your data for"), rows)]
    _close(session, number, asked, body, None, to, DONE, parts)


def _records(session: Session, number: int, member: int | None, asked: Asked) -> None:
    from soc_cli.formats.answer import Part
    from soc_cli.formats.sections import KINDS
    from soc_cli.operations import inquiries

    to = _letter_to(session, asked)
    found: list[dict[str, object]] = []
    if member is not None:
        with session.register("own-record", member) as register:
            found = inquiries.told_records(register, number)
    (kind,) = (kind for kind in KINDS if kind.key == "disclosures")
    with answers.spoken(asked.letter_lang):
        rows = [
            [
                (output.label(key), words)
                for key in kind.columns
                if (words := output.for_person(key, one[key]))
            ]
            for one in found
        ]
        parts = [Part(_(kind.heading), rows)] if rows else []
        body = (
            _("The records of what was given to others about you are below.")
            if rows
            else _("There is no record of anything that was given to others about you.")
        )
    act = "tell-records" if member is not None else None
    outcome = DONE if rows else NOTHING_HELD
    _close(session, number, asked, body, act, to, outcome, parts)


def _stop_use(session: Session, number: int, member: int | None, asked: Asked) -> None:
    from soc_cli.operations import inquiries, registering

    if member is None:
        raise _only_members(number)
    answers.check(session, asked.letter, asked.force)
    uses = {**CHOICES, **{name: name for name in session.policy.requests["stop-use"].stops}}
    wanted = list(dict.fromkeys(asked.use)) or [
        ask.select(_("Which use is stopped?"), [(_use(one), one) for one in uses], "--use")
    ]
    if unknown := [one for one in wanted if one not in uses]:
        raise WrongUse(
            _("“{use}” is no use that can be stopped").format(use=unknown[0]),
            meant.among(unknown[0], list(uses)),
        )
    chosen = {uses[one]: "no" for one in wanted if one in CHOICES}
    if chosen:
        with session.register("own-record", member) as register:
            registering.edit(register, chosen, number)
    stops = tuple(one for one in wanted if one not in CHOICES)
    with session.upkeep() as upkeep:
        there = {one["purpose"] for one in inquiries.stopped(upkeep, member)}
    with answers.spoken(asked.letter_lang):
        body = _("The use of your data was stopped for: {uses}.").format(
            uses=_(", ").join(map(_use, wanted))
        )
    new = tuple(one for one in stops if one not in there)
    _close(session, number, asked, body, "correct" if chosen else None, asked.letter, stops=new)


def _use(use: str) -> str:
    """A use in words."""
    from soc_cli.policy import form

    policy = form.packaged()
    if use in CHOICES:
        return str(policy.choices[CHOICES[use]].label)
    return str(policy.purposes[use].label)


def _letter_to(session: Session, asked: Asked) -> str:
    """Where the letter goes that carries the request out."""
    to = asked.to or ask.text(_("File for the letter (.txt or .html):"), ask.needed, "--to")
    answers.check(session, to, asked.force)
    return to


def _only_members(number: int) -> WrongUse:
    return WrongUse(
        _("inquiry {number} is an outsider's: of theirs nothing but inquiries is stored").format(
            number=number
        ),
        _(
            "answer it by “soc inquiry reply {number}” with --outcome; or link it, where it is a member's"
        ).format(number=number),
    )


_BY_KIND = {
    "view": _view,
    "correct": _correct,
    "delete": _delete,
    "purposes": _purposes,
    "third-party-records": _records,
    "stop-use": _stop_use,
}
