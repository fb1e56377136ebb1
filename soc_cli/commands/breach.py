"""`soc breach`: after a leak, a loss or a damage, what must be reported, to whom, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.options import Form
from soc_cli.commands.session import Session
from soc_cli.model.breach import FILE, ITEMS, MEMBERS, REGISTER, Incident
from soc_cli.model.errors import NotFound, WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.model.text import visible
from soc_cli.terminal import ask, screen

if TYPE_CHECKING:
    from soc_cli.operations.breaches import Assessment, Lost
    from soc_cli.store.register import Register

app = syntax.Verbs()

KEYS = (
    "must_report", "triggers", "laws", "known_on", "preliminary_from", "preliminary_by", "final_days",
    "final_by", "must_notify", "what", "path", "made_at", "made_by", "made_with", "persons",
    "persons_at_most", "held", "fields", "categories", "members", "assumed", "report", "notice",
)  # fmt: skip
"""The keys of the answer."""


class What(StrEnum):
    """What may have got out or lost."""

    register = REGISTER
    file = FILE
    members = MEMBERS


QUESTIONS = {
    "suspected": N_("Is a dishonest act suspected (theft, intrusion, data carried off)?"),
    "sensitive": N_(
        "Are data that need special care among it (health, creed, a crime suffered), in an inquiry say?"
    ),
    "money": N_("Can its misuse cost somebody money (a card number in an inquiry, a password)?"),
}
"""What only a person can say."""

Flag = bool | None


@app.command(
    "breach",
    help=N_(
        "After a leak, a loss or a damage: whom it concerns, whether it must be reported, by when, and a draft of the report (S1)."
    ),
    epilog=N_(
        "On a terminal, what you do not say is asked. Numbers only: no name is read. What is not known yet may be said later: run it again."
    ),
)
def breach(
    ctx: syntax.Context,
    known_on: Annotated[
        str | None,
        syntax.Option(metavar="DAY", help=N_("When the club came to know of it; today if not said.")),
    ] = None,
    what: Annotated[
        What | None, syntax.Option(help=N_("What it was: the whole register, a file, or some members' data."))
    ] = None,
    happened_on: Annotated[
        str | None,
        syntax.Option(metavar="DAY", help=N_("Of the register: when it happened; else when it became known.")),
    ] = None,
    file: Annotated[
        str | None,
        syntax.Option(metavar="FILE|NUMBER", help=N_("The file or backup that soc wrote, by its path or its number on record.")),
    ] = None,
    member: Annotated[
        list[str] | None, syntax.Option(metavar="MEMBER", help=N_("A member whose data it was; again for another."))
    ] = None,
    persons: Annotated[
        str | None,
        syntax.Option(metavar="N|unknown", help=N_("How many persons, where you know better than the register; unknown counts as the most it can be.")),
    ] = None,
    suspected: Annotated[
        Flag, syntax.Option("--suspected/--not-suspected", help=N_("A dishonest act is suspected: theft, intrusion, data carried off."))
    ] = None,
    sensitive: Annotated[
        Flag, syntax.Option("--sensitive/--not-sensitive", help=N_("Data that need special care are among it: health, creed, a crime suffered."))
    ] = None,
    money: Annotated[
        Flag, syntax.Option("--money/--no-money", help=N_("Its misuse may cost somebody money: a card number in an inquiry, a password."))
    ] = None,
    encrypted_key_safe: Annotated[
        bool, syntax.Option("--encrypted-key-safe", help=N_("It was strongly encrypted, and nobody else has the key."))
    ] = False,
    key_lost: Annotated[
        bool, syntax.Option("--key-lost", help=N_("The key is lost and nothing else holds the same data."))
    ] = False,
    to: Annotated[
        str | None, syntax.Option("--to", metavar="FILE.txt", help=N_("Write the draft of the report and of the notice into a file."))
    ] = None,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import breaches

    session: Session = ctx.obj
    to, file = options.there(to, "--to"), options.there(file, "--file")
    numbers = session.members(member) if member else []
    with session.upkeep() as upkeep:
        known = breaches.known_day(known_on, upkeep.today) if known_on else _asked_day(upkeep)
        lost = _lost(upkeep, what, file, numbers, happened_on, known)
        told = {"suspected": suspected, "sensitive": sensitive, "money": money}
        said, assumed = _answered(told)
        incident = Incident(known, **said, encrypted=encrypted_key_safe, key_lost=key_lost)
        if screen.can_ask() and not encrypted_key_safe and not key_lost:
            incident = _asked_encryption(incident)
        count = _count(lost, persons)
        draft = Path(to) if to is not None else None

        def prepare(found: "Assessment") -> "files.NewFile":
            assert draft is not None
            answer = _answer(upkeep, found, assumed)
            return files.prepare(draft, _draft(session, answer), force)

        from soc_cli.formats import files

        if draft is not None:
            session.will_write(draft.parent)
        found = breaches.assess(upkeep, incident, lost, count, prepare if draft else None)
        answer = _answer(upkeep, found, assumed)
    _tell(session, found, answer, output.chosen(form, json), form, json)
    if draft is not None:
        screen.say(_("A draft to fill in, which only you can read: {path}").format(path=draft))
        back.tell(session, "breach")


# what is asked ----------------------------------------------------------------------------------


def _asked_day(upkeep: "Register") -> date:
    """The day on which it became known: asked on a terminal, else today."""
    from soc_cli.operations import breaches

    if not screen.can_ask():
        return upkeep.today
    text = ask.text(
        _("On which day did the club come to know of it?"),
        lambda said: breaches.known_day(said, upkeep.today),
        "--known-on",
        upkeep.today.isoformat(),
    )
    return breaches.known_day(text, upkeep.today)


def _lost(
    upkeep: "Register",
    what: What | None,
    file: str | None,
    numbers: Sequence[int],
    happened_on: str | None,
    known: date,
) -> "Lost":
    """What it was, as said or asked. Raises WrongUse where two things are said."""
    from soc_cli.operations import breaches

    said = [
        kind for kind, named in ((What.file, file is not None), (What.members, numbers)) if named
    ]
    if len(said) == 2 or (said and what not in (None, said[0])):
        raise WrongUse(
            _("it was one thing: the register, a file, or some members' data"),
            _("run it once for each"),
        )
    picked = what or (said[0] if said else None)
    if picked is None:
        picked = ask.select(
            _("What may have got into wrong hands, or been lost?"), _kinds(), "--what"
        )
    if happened_on is not None and picked is not What.register:
        raise WrongUse(_("--happened-on is for the whole register"))
    if picked is What.register:
        day = breaches.known_day(happened_on, known) if happened_on else known
        return breaches.register_lost(upkeep, day)
    if picked is What.file:
        return breaches.file_lost(upkeep, file if file is not None else _asked_file(upkeep))
    if not numbers:
        numbers = _asked_members(upkeep)
    return breaches.members_concerned(upkeep, numbers)


def _kinds() -> list[tuple[str, What]]:
    return [
        (_("the whole register: the computer, the disk, the account"), What.register),
        (_("a file that was written: an export, a list, a letter, a backup"), What.file),
        (_("something of some members: a message to the wrong address, a sheet of paper"), What.members),
    ]  # fmt: skip


def _asked_file(upkeep: "Register") -> str:
    from soc_cli.operations import breaches

    there = [
        (f"{output.for_person('at', at)}  {output.for_person('file', kind)}  {visible(path)}", path)
        for at, kind, path in breaches.files(upkeep)
    ]  # fmt: skip
    if not there:
        raise WrongUse(
            _("no file is on record"), _("say whom it held: --member MEMBER …, and --persons N")
        )
    return ask.select(_("Which file?"), there, "--file")


def _asked_members(upkeep: "Register") -> list[int]:
    from soc_cli.operations import members

    def named(text: str) -> list[int]:
        ask.needed(text)
        try:
            return [members.resolve(upkeep, one) for one in text.split()]
        except NotFound as error:
            raise WrongData(error.sentence()) from None

    return named(ask.text(_("Which members (numbers, with blanks between)?"), named, "--member"))


def _answered(told: Mapping[str, Flag]) -> tuple[dict[str, bool], list[str]]:
    """The answers to what only a person can say, and those that nobody gave: taken for no."""
    said: dict[str, bool] = {}
    assumed: list[str] = []
    for key, value in told.items():
        if value is None and screen.can_ask():
            value = ask.select(_(QUESTIONS[key]), _no_or_yes(), f"--{key}")
        if value is None:
            assumed.append(key)
        said[key] = bool(value)
    if assumed:
        names = " ".join(f"--{key}" for key in assumed)
        screen.say(_("Not said, so taken for no: {names}").format(names=names))
    return said, assumed


def _no_or_yes() -> list[tuple[str, bool]]:
    """Yes first where one is not sure, so that Enter alone never says that all is well."""
    return [(_("yes, or it can't be ruled out"), True), (_("no"), False)]


def _asked_encryption(incident: Incident) -> Incident:
    safe, lost = ask.select(
        _("Was it encrypted?"),
        [
            (_("no, or nobody knows"), (False, False)),
            (_("yes, and nobody else has the key"), (True, False)),
            (_("yes, and the key is lost: nothing else holds the same data"), (False, True)),
        ],
        "--encrypted-key-safe",
    )
    return replace(incident, encrypted=safe, key_lost=lost)


def _count(lost: "Lost", persons: str | None) -> int | None:
    """How many persons: as said; else as many as are on record, where nobody can have gone since."""
    from soc_cli.operations import breaches

    if persons is not None:
        return breaches.persons_of(persons)
    sure = not (lost.erased_since or lost.outsiders or lost.in_ledger)
    return lost.at_most if sure else None


# what is told -----------------------------------------------------------------------------------


def _answer(upkeep: "Register", found: "Assessment", assumed: Sequence[str]) -> dict[str, object]:
    """The answer under its keys; its report and notice are drafts in the language of the run."""
    from soc_cli.operations import breaches

    lost, rules = found.lost, upkeep.policy.breach
    first, last = found.preliminary or (None, None)
    answer: dict[str, object] = {
        "must_report": found.must_report,
        "triggers": list(found.triggers),
        "laws": [str(rules.triggers[trigger].law) for trigger in found.triggers],
        "known_on": found.incident.known_on.isoformat(),
        "preliminary_from": first and first.isoformat(),
        "preliminary_by": last and last.isoformat(),
        "final_days": found.final_days,
        "final_by": found.final_by and found.final_by.isoformat(),
        "must_notify": found.must_report,
        "what": lost.what,
        "path": lost.path,
        "made_at": lost.at if lost.path is not None else None,
        "made_by": lost.made_by,
        "made_with": lost.made_with,
        "persons": found.persons,
        "persons_at_most": found.at_most,
        "held": {
            "members": len(lost.members),
            "erased_since": lost.erased_since,
            "outsiders": lost.outsiders,
            "in_ledger": lost.in_ledger,
        },
        "fields": breaches.fields_of(upkeep, lost),
        "categories": list(lost.categories),
        "members": [upkeep.policy.club.number(number) for number in lost.members],
        "assumed": list(assumed),
    }
    report = _report(upkeep, found, answer)
    told = [name for name in ITEMS if rules.items[name].told]
    return {**answer, "report": report, "notice": {name: report[name] for name in told}}


def _report(
    upkeep: "Register", found: "Assessment", answer: Mapping[str, object]
) -> dict[str, str]:
    """The nine items, with what the register knows of each and what is to be written."""
    lost, categories = found.lost, upkeep.policy.categories
    outline = {
        REGISTER: _("The register of the club ({kind}) may have got into wrong hands, or been lost, on: ____"),
        FILE: _("A file with members' data ({kind}) may have got into wrong hands, or been lost, on: ____"),
        MEMBERS: _("Data of some members may have got into wrong hands, or been lost ({kind}), on: ____"),
    }[lost.what].format(
        kind=output.for_person("file", lost.kind) if lost.kind else _("how: ____")
    )  # fmt: skip
    lines = [outline, _("Known since {day}.").format(day=found.incident.known_on)]
    if lost.made_by is not None:
        lines.append(
            _("The file was written at {at} by {operator} with “soc {command}”.").format(
                at=output.for_person("at", lost.at), operator=lost.made_by, command=lost.made_with
            )
        )
    fields = _(", ").join(map(output.label, _texts(answer["fields"])))
    others = _(", ").join(
        str(categories[name].label)
        for name in lost.categories
        if "member" not in categories[name].columns
    )
    suspected = found.incident.suspected
    cause = _("A dishonest act is suspected: ____") if suspected else "____"
    money = found.incident.money
    harm = _("Misuse that costs money is possible: ____") if money else "____"
    return {
        "outline": "\n".join(lines),
        "items": "\n".join(filter(None, (fields, others, _("(strike out what was not in it)")))),
        "persons": _persons(found),
        "cause": cause,
        "harm": harm,
        "response": _("Told on: ____  By: ____  Not told yet because: ____"),
        "publication": _("Made public on: ____  Where: ____"),
        "prevention": "____",
        "other": _("Whom to ask: {contact}").format(
            contact=upkeep.policy.club.complaints or "____"
        ),
    }


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def _persons(found: "Assessment") -> str:
    """How many persons, in words, with where the number comes from."""
    at_most, lost = found.at_most, found.lost
    said = ngettext("{n} person", "{n} persons", at_most).format(n=at_most)
    if found.persons is None:
        said = _("Not known for certain; at most {persons}").format(persons=said)
    parts = (
        (_("members: {n}"), len(lost.members)),
        (_("members who were erased since, at most: {n}"), lost.erased_since),
        (_("outsiders who inquired or were guests, at most: {n}"), lost.outsiders),
        (_("others named in the ledger of disclosures, at most: {n}"), lost.in_ledger),
    )
    return "\n".join((said, *(words.format(n=n) for words, n in parts if n)))


def _verdict(session: Session, found: "Assessment") -> list[str]:
    """Whether and by when, in sentences, the most urgent first."""
    rules = session.policy.breach
    if not found.must_report:
        if found.incident.encrypted:
            law = rules.encrypted_law
            why = _("it was strongly encrypted and the key is safe ({law})").format(law=law)
        else:
            why = _("none of the four triggers of Enforcement Rules 7 is met")
        return [
            _("It need not be reported: {why}.").format(why=why),
            _("Write down what happened and what was done all the same; it may be reported of your own accord."),
            _("Run this again when more is known: a suspicion, a larger number, a lost key."),
        ]  # fmt: skip
    assert found.preliminary is not None
    first, last = found.preliminary
    reasons = [
        _("{says} ({law})").format(says=reason.says, law=reason.law)
        for reason in (rules.triggers[trigger] for trigger in found.triggers)
    ]
    return [
        _("It must be reported to the Personal Information Protection Commission ({law}):").format(law=rules.law),
        *(f"- {reason}" for reason in reasons),
        _("1. First report at once, between {first} and {last} at the latest, with what is known ({law}).").format(first=first, last=last, law=rules.preliminary_law),
        _("2. Tell the persons concerned as soon as the case allows ({law}).").format(law=rules.notice_law),
        _("3. Final report by {day}: {n} days, the day of knowledge being day 1; a closed day moves it to the next open one ({law}).").format(day=found.final_by, n=found.final_days, law=rules.final_law),
        _("Reports are made on the Commission's website: https://www.ppc.go.jp/personalinfo/legal/leakAction/"),
    ]  # fmt: skip


def _parts(session: Session, answer: Mapping[str, object]) -> dict[str, list[tuple[str, str]]]:
    """Under `report` and `notice` their items in words, and the members by number."""
    labels = {name: str(item.label) for name, item in session.policy.breach.items.items()}
    parts = {}
    for key in ("report", "notice"):
        told = answer[key]
        assert isinstance(told, dict)
        parts[key] = [(labels[name], said) for name, said in told.items()]
    members = _members(session, _texts(answer["members"]))
    return {**parts, "members": [(_("Members"), members)]}


HEADINGS = {
    "report": N_("Draft of the report: nine items (Enforcement Rules 8(1))"),
    "notice": N_("Draft of the notice to the persons: five items (Enforcement Rules 10)"),
    "members": N_("Members concerned, by number"),
}


def _members(session: Session, members: Sequence[str]) -> str:
    """The members' numbers, those in a row as the first and the last of them."""
    club = session.policy.club
    numbers = [number for text in members if (number := club.number_of(text)) is not None]
    if not numbers:
        return _("none on record")
    runs = []
    at = 0
    while at < len(numbers):
        end = at
        while end + 1 < len(numbers) and numbers[end + 1] == numbers[end] + 1:
            end += 1
        first, last = club.number(numbers[at]), club.number(numbers[end])
        runs.append(first if at == end else _("{first} to {last}").format(first=first, last=last))
        at = end + 1
    return _(", ").join(runs)


def _draft(session: Session, answer: Mapping[str, object]) -> bytes:
    from soc_cli.formats import breachdraft

    title = _("Breach known on {day}: draft, to be filled in and checked").format(
        day=answer["known_on"]
    )
    parts = _parts(session, answer).items()
    return breachdraft.written(title, [(_(HEADINGS[key]), items) for key, items in parts])


def _tell(
    session: Session,
    found: "Assessment",
    answer: Mapping[str, object],
    kind: Form,
    form: Form | None,
    json: bool,
) -> None:
    if kind is not Form.table:
        output.thing(KEYS, answer, form, json)
        return
    from soc_cli.terminal import tables

    screen.line(*_verdict(session, found))
    for key, items in _parts(session, answer).items():
        screen.line("", _(HEADINGS[key]))
        if key == "notice":  # the same words once more would bury the list of members
            names = _(", ").join(label for label, _said in items)
            screen.line(_("As above: {names}.").format(names=names))
        else:
            tables.show_pairs(
                (label if at == 0 else "", line)
                for label, said in items
                for at, line in enumerate(said.split("\n"))
            )
