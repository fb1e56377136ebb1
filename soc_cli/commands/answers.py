"""The letter that answers an inquiry: what it says, in the language of whoever gets it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from soc_cli.commands import options, output
from soc_cli.commands.session import Session
from soc_cli.model import language, meant
from soc_cli.model.errors import WrongUse
from soc_cli.model.inquiry import DONE, NOTHING_HELD, REFUSED
from soc_cli.model.language import _
from soc_cli.terminal import screen

if TYPE_CHECKING:
    from soc_cli.formats.answer import Answer, Part
    from soc_cli.operations.inquiries import Answered, Decision, Prepare

COMMISSION = "https://www.ppc.go.jp/"
"""Where the Personal Information Protection Commission takes questions and complaints."""


def spoken(lang: str | None) -> AbstractContextManager[None]:
    """The language of a letter: as said, else that of the run."""
    if lang is not None:
        meant.check("letter-lang", lang, language.LANGUAGES)
    return language.spoken(lang or language.language())


def check(session: Session, to: str | None, force: bool) -> None:
    """Raises what writing the letter would raise, before anything is done but that it is begun."""
    from soc_cli.formats import files

    to = options.named(to, "--to")
    if to is None:
        return
    if Path(to).suffix.lower() not in (".txt", ".html", ".htm"):
        raise WrongUse(_("a letter is .txt or .html"))
    session.will_write(Path(to).parent)
    files.prepare(Path(to), b"", force).discard()


def prepared(
    session: Session,
    to: str | None,
    force: bool,
    lang: str | None,
    body: str,
    decision: "Decision | None",
    parts: "Sequence[Part]" = (),
) -> "Prepare | None":
    """What writes the letter, once the answer is on record; None where none is wanted."""
    from soc_cli.formats import answer, files
    from soc_cli.formats.files import NewFile

    if to is None:
        return None
    path = Path(to)

    def prepare(answered: "Answered") -> NewFile:
        with spoken(lang):
            written = answer.written(_letter(session, answered, body, decision, parts), path.suffix)
        return files.prepare(path, written, force)

    return prepare


def told(to: str | None, session: Session) -> None:
    """Says where the letter is, and what it lacks."""
    if to is None:
        return
    screen.say(_("The letter with the answer: {path}").format(path=Path(to).as_posix()))
    if not session.policy.club.complaints:
        screen.say(
            _(
                "It names no contact for complaints: set “complaints” under [club] in the policy file."
            )
        )


def _letter(
    session: Session,
    answered: "Answered",
    body: str,
    decision: "Decision | None",
    parts: "Sequence[Part]",
) -> "Answer":
    from soc_cli.formats.answer import Answer

    club, inquiry = session.policy.club, answered.inquiry
    request = session.policy.requests.get(str(inquiry["kind"]))
    about = [
        (_("Inquiry"), str(inquiry["number"])),
        (output.label("received_at"), output.for_person("received_at", inquiry["received_at"])),
    ]
    if inquiry["subject"]:
        about.append((output.label("subject"), str(inquiry["subject"])))
    if request is not None:
        about += [
            (_("What you asked"), str(request.label)),
            (output.label("law"), str(request.law)),
        ]
    said = [_("This is the club's answer to your inquiry."), *_outcome(session, inquiry, decision)]
    return Answer(
        _day(str(inquiry["answered_at"])[:10]),
        _recipient(answered),
        [line for line in (club.address, str(club.name), club.representative) if line],
        _("Answer to your inquiry"),
        about,
        [*said, body],
        parts,
        _end(session, inquiry, decision),
    )


def _recipient(answered: "Answered") -> list[str]:
    """Whom the letter goes to; where an agent asks, the agent stands below the name."""
    if not answered.recipient:
        return []
    *place, name = answered.recipient
    agent = answered.inquiry["agent"]
    by = [_("through the agent {agent}").format(agent=agent)] if agent is not None else []
    return [*place, _("Dear {name}").format(name=name), *by]


def _outcome(
    session: Session, inquiry: Mapping[str, object], decision: "Decision | None"
) -> list[str]:
    """How a request ended, with the reason of a refusal and its law (Act art. 33(3), 36)."""
    if decision is None:
        return []
    if decision.outcome == REFUSED:
        reason = session.policy.requests[str(inquiry["kind"])].refusals[str(decision.reason)]
        return [
            _("We do not do what you asked, for this reason: {reason} ({law}).").format(
                reason=reason.says, law=reason.law
            )
        ]
    said = {
        DONE: _("What you asked was done."),
        NOTHING_HELD: _("The club holds nothing of what your request is about."),
    }[decision.outcome]
    fee = _("The fee is {fee} yen (Act art. 38).")
    return [said, *([fee.format(fee=f"{decision.fee:,}")] if decision.fee is not None else [])]


def _end(session: Session, inquiry: Mapping[str, object], decision: "Decision | None") -> list[str]:
    """Where to complain (Act art. 32, 40), and the day from which a suit is possible (art. 39)."""
    contact = session.policy.club.complaints
    end = [
        _("Complaints about how the club handles personal data: {contact}").format(contact=contact)
    ]
    if decision is None or decision.outcome != REFUSED:
        return end if contact else []
    end = end if contact else []
    end.append(
        _("The Personal Information Protection Commission takes complaints too: {site}").format(
            site=COMMISSION
        )
    )
    if inquiry["suit_from"] is not None:
        end.append(
            _("From {day} a suit is possible (Act art. 39).").format(
                day=_day(str(inquiry["suit_from"]))
            )
        )
    return end


def _day(text: str) -> str:
    """A day as a letter writes it."""
    day = date.fromisoformat(text)
    digits = 1 if language.language() == "ja" else 2
    return _("{year}-{month}-{day}").format(
        year=day.year, month=f"{day.month:0{digits}}", day=f"{day.day:0{digits}}"
    )
