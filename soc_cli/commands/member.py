"""`soc member`: register, look up, correct and erase members."""

from datetime import date
from typing import Annotated

import typer

from soc_cli.commands import erasing, imports, options, output
from soc_cli.commands.session import Session
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.store.register import Register
from soc_cli.terminal import screen

app = typer.Typer()


def _field(help: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(help=help)
    return option


Name = Annotated[str | None, _field(N_("Name."))]
Kana = Annotated[str | None, _field(N_("Reading in kana."))]
Nickname = Annotated[str | None, _field(N_("Nickname; nobody else may have it."))]
Email = Annotated[str | None, _field(N_("E-mail address."))]
Phone = Annotated[str | None, _field(N_("Phone number."))]
BirthDate = Annotated[str | None, _field(N_("Birth date: 1975-04-01, 昭和50年4月1日, S50.4.1."))]
Sex = Annotated[str | None, _field(N_("male, female, other or undisclosed."))]
PostalCode = Annotated[str | None, _field(N_("Postal code: 460-0008."))]
Address = Annotated[str | None, _field(N_("Address."))]
Occupation = Annotated[str | None, _field(N_("Occupation."))]
Industry = Annotated[str | None, _field(N_("Industry."))]
Interest = Annotated[
    list[str] | None,
    typer.Option(
        "--interest", "--interests", help=N_("A personal interest; may be said several times.")
    ),
]
JoinedOn = Annotated[str | None, _field(N_("Day of joining; today unless said."))]
NoticeEmail = Annotated[
    str | None, typer.Option(metavar="yes|no", help=N_("Notices by e-mail, as the member chose."))
]
NoticePost = Annotated[
    str | None, typer.Option(metavar="yes|no", help=N_("Notices by post, as the member chose."))
]
Survey = Annotated[
    str | None, typer.Option(metavar="yes|no", help=N_("Surveys, as the member chose."))
]

Request = Annotated[
    int | None,
    typer.Option(
        metavar="INQUIRY",
        min=1,
        max=99_999_999,
        help=N_("The number of the request that asked for it."),
    ),
]

_HISTORY = N_(
    "What is given as an option stays in the shell's history: on a shared machine let yourself be asked, or use --from."
)


def _given(source: str | None, **texts: str | list[str] | None) -> dict[str, str]:
    """The fields that were given, from the file and then from the options."""
    import json

    from soc_cli.formats import files
    from soc_cli.operations import members

    given: dict[str, str] = {}
    if source is not None:
        try:
            given = members.texts_of(json.loads(files.read(source)))
        except (ValueError, RecursionError):
            raise WrongData(
                _("{file} is not JSON").format(file=source), _('write it like {"name": "…"}')
            ) from None
    for key, text in texts.items():
        if text is not None:
            given[key] = text if isinstance(text, str) else "".join(map(_element, text))
    return given


def _element(interest: str) -> str:
    """One interest of a list; a text with several of them is taken apart by its field."""
    from soc_cli.model.fields import ELEMENT

    return interest + ELEMENT


def _purpose(session: Session, given: str | None, default: str) -> str:
    purpose = given or default
    if purpose not in session.policy.purposes:
        raise WrongUse(
            _("“{purpose}” is none of the purposes").format(purpose=purpose),
            _("one of: {names}").format(names=" ".join(session.policy.purposes)),
        )
    return purpose


@app.command(
    "add",
    help=N_("Register a member (C2-C4); on a terminal, asks for what is missing."),
    epilog=_HISTORY,
)
def add(
    ctx: typer.Context, name: Name = None, kana: Kana = None, nickname: Nickname = None, email: Email = None,
    phone: Phone = None, birth_date: BirthDate = None, sex: Sex = None, postal_code: PostalCode = None,
    address: Address = None, occupation: Occupation = None, industry: Industry = None, interest: Interest = None,
    joined_on: JoinedOn = None, notice_email: NoticeEmail = None, notice_post: NoticePost = None,
    survey: Survey = None, source: options.From = None,
) -> None:  # fmt: skip
    from soc_cli.operations import members

    session: Session = ctx.obj
    given = _given(
        source, name=name, kana=kana, nickname=nickname, email=email, phone=phone, birth_date=birth_date, sex=sex,
        postal_code=postal_code, address=address, occupation=occupation, industry=industry, interests=interest,
        joined_on=joined_on, notice_email=notice_email, notice_post=notice_post, survey=survey,
    )  # fmt: skip
    with session.upkeep() as upkeep:
        if screen.can_ask() and source is None:
            _ask_missing(session, upkeep, given)
        elif source is None and not given.get("name", "").strip():
            raise WrongUse(
                _("{missing} is missing, and there is no terminal to ask on").format(
                    missing="--name"
                ),
                _("give it as an option (see --help)"),
            )
        number, doubles = members.add(upkeep, given)
        values = members.check_values(given, upkeep.today)
    _warn_of_place(values.get("postal_code"), values.get("address"))
    club = session.policy.club
    if doubles:
        screen.say(
            _("This may be somebody who is registered already: {numbers}").format(
                numbers=", ".join(map(club.number, doubles))
            )
        )
    screen.answer([club.number(number) + "\n"])


def _ask_missing(session: Session, upkeep: Register, given: dict[str, str]) -> None:
    """Shows the nine purposes, then asks for each field that was not given; Enter leaves it open."""
    from soc_cli.model import places
    from soc_cli.model.fields import FIELDS
    from soc_cli.operations import members
    from soc_cli.terminal import ask

    members.check(upkeep, given)
    policy = session.policy
    screen.say(_("What the club uses these data for (read this to the member):"))
    for purpose in policy.purposes.values():
        clause = policy.clauses[purpose.clause]
        screen.say(f"  {clause.id}  {clause.says}")
    screen.say(_("Leave empty what the member does not give; only the name is needed."))
    for field in FIELDS:
        if field.key in given:
            continue
        if field.choice:
            answers = [(_("not asked"), ""), (_("yes"), "yes"), (_("no"), "no")]
            given[field.key] = ask.select(_(field.label), answers, field.option)
        else:
            hint = f" [{upkeep.today}]" if field.key == "joined_on" else ""

            def check(text: str, key: str = field.key) -> None:
                members.check(upkeep, {**given, key: text})

            begins = places.proposed(_code(given, upkeep.today)) if field.key == "address" else ""
            question = f"{_(field.label)}{hint}:"
            given[field.key] = (
                ask.text(question, check, field.option, begins)
                if begins
                else ask.text(question, check, field.option)
            )


def _code(given: dict[str, str], today: date) -> str:
    """The postal code that was given, as it is stored."""
    from soc_cli.model.fields import postal_code

    return postal_code(given.get("postal_code", ""), today) or ""


def _warn_of_place(code: object, address: object) -> None:
    """Says where an address lies elsewhere than its postal code; never more than that."""
    from soc_cli.model import places

    if isinstance(code, str) and isinstance(address, str) and places.disagree(code, address):
        where = places.proposed(code)
        screen.say(_("{code} is {place}: is the address right?").format(code=code, place=where))


@imports.verb(app, N_("Register the members of a sheet, all or none (C2 C3)."), imports.Match)
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import member_import

    noun = member_import.noun(session.policy, asked.match)
    imports.run(session, session.upkeep, noun, asked)


@app.command("list", help=N_("List the members with what the purpose grants (P4: contact)."))
def list_(
    ctx: typer.Context,
    purpose: options.For = None,
    sort: Annotated[str, typer.Option(metavar="kana|number", help=N_("The order."))] = "kana",
    limit: Annotated[
        int | None, typer.Option(min=0, max=99_999_999, help=N_("At most so many."))
    ] = None,
    status: Annotated[
        str | None, typer.Option(metavar="active|withdrawn|refused", help=N_("Only those."))
    ] = None,
    joined_from: Annotated[
        str | None, typer.Option(metavar="DAY", help=N_("Only who joined on this day or later."))
    ] = None,
    joined_to: Annotated[
        str | None, typer.Option(metavar="DAY", help=N_("Only who joined on this day or earlier."))
    ] = None,
    age: Annotated[
        str | None,
        typer.Option(
            metavar="30-39", help=N_("Only who is of this age, where the purpose reads it.")
        ),
    ] = None,
    interest: Annotated[
        str | None, typer.Option(help=N_("Only who has this interest, where the purpose reads it."))
    ] = None,
    choice: Annotated[
        str | None,
        typer.Option(
            metavar="notice_email|notice_post|survey",
            help=N_("Only who chose it; never asked means no (R2)."),
        ),
    ] = None,
    attended: Annotated[
        int | None,
        typer.Option(
            metavar="MEETING", min=1, help=N_("Only who came to it, where the purpose reads it.")
        ),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help=N_("Only how many."))] = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from dataclasses import replace

    from soc_cli.operations import members

    session: Session = ctx.obj
    reads_for = _purpose(session, purpose, "contact")
    if sort not in ("kana", "number"):
        raise WrongUse(_("--sort is kana or number"))
    texts = {
        "status": status, "joined_from": joined_from, "joined_to": joined_to, "age": age,
        "interest": interest, "choice": choice,
    }  # fmt: skip
    with session.register(reads_for) as register:
        wanted = replace(members.wanted(session.policy, register.today, texts), attended=attended)
        found = members.listed(register, sort, limit, wanted)
        if count:
            screen.answer([f"{sum(1 for _one in found)}\n"])
            return
        columns = members.listing_columns(session.policy, reads_for)
        output.rows(columns, found, form, json, output.member_label)


@app.command("show", help=N_("Show one member (P3: what the member may see of themselves)."))
def show(
    ctx: typer.Context, member: options.Member, purpose: options.For = None,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import members

    session: Session = ctx.obj
    reads_for = _purpose(session, purpose, "own-record")
    number = session.member(member)
    with session.register(reads_for, number) as register:
        found = members.show(register, number)
    _show_one(found, form, json)


def _show_one(found: dict[str, object], form: options.Form | None, json: bool) -> None:
    withheld = found["withheld"]
    assert isinstance(withheld, list)
    columns = [key for key in found if key not in withheld and key != "withheld"]
    if output.chosen(form, json) is options.Form.csv and isinstance(found["choices"], dict):
        # A column each, as a sheet that comes in has them.
        at = columns.index("choices")
        columns[at : at + 1] = found["choices"]
        found = {**found, **found["choices"]}
    output.thing(columns, found, form, json, output.member_label)


@app.command(
    "find",
    help=N_(
        "Find members by a part of what the purpose grants (P4: name, kana, e-mail, phone, address)."
    ),
)
def find(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help=N_("A part of it, in any spelling or width."))
    ],
    purpose: options.For = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import members

    session: Session = ctx.obj
    reads_for = _purpose(session, purpose, "contact")
    with session.register(reads_for) as register:
        output.rows(
            members.listing_columns(session.policy, reads_for),
            members.find(register, text),
            form,
            json,
            output.member_label,
        )


@app.command(
    "edit",
    help=N_("Correct a member's registration (R1); an empty text clears a field."),
    epilog=_HISTORY,
)
def edit(
    ctx: typer.Context, member: options.Member, name: Name = None, kana: Kana = None, nickname: Nickname = None,
    email: Email = None, phone: Phone = None, birth_date: BirthDate = None, sex: Sex = None,
    postal_code: PostalCode = None, address: Address = None, occupation: Occupation = None,
    industry: Industry = None, interest: Interest = None, joined_on: JoinedOn = None,
    notice_email: NoticeEmail = None, notice_post: NoticePost = None, survey: Survey = None,
    source: options.From = None, request: Request = None, dry_run: options.DryRun = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip

    session: Session = ctx.obj
    given = _given(
        source, name=name, kana=kana, nickname=nickname, email=email, phone=phone, birth_date=birth_date, sex=sex,
        postal_code=postal_code, address=address, occupation=occupation, industry=industry, interests=interest,
        joined_on=joined_on, notice_email=notice_email, notice_post=notice_post, survey=survey,
    )  # fmt: skip
    number = session.member(member)
    seen: dict[str, object] | None = None
    if not given:
        if not screen.can_ask():
            raise WrongUse(
                _("nothing to correct was given"),
                _("say for instance --phone 052-123-4567 (see --help)"),
            )
        seen, given = _ask_changes(session, number)
    _edit(session, number, given, request, dry_run, form, json, seen)


def _ask_changes(session: Session, number: int) -> tuple[dict[str, object], dict[str, str]]:
    """Shows each field to be changed, then what would change; gives the record as shown, and changes."""
    from soc_cli.model.fields import FIELDS
    from soc_cli.operations import members
    from soc_cli.terminal import ask

    with session.register("own-record", number) as register:
        seen = members.show(register, number)
        today = register.today
    values = members.flat_values(seen)
    changes: dict[str, str] = {}
    screen.say(_("Enter keeps a field; an empty one is cleared."))
    for field in FIELDS:
        stored = values[field.key]
        if field.choice:
            answers = [(_("not asked"), ""), (_("yes"), "yes"), (_("no"), "no")]
            now = "" if stored is None else "yes" if stored else "no"
            said = ask.select(_(field.label), answers, field.option, now)
        else:
            now = str(stored or "")

            def check(text: str, key: str = field.key) -> None:
                members.check_values({"name": "x", key: text}, today)

            said = ask.text(f"{_(field.label)}:", check, field.option, now)
        if said != now:
            changes[field.key] = said
            told = _("{field}: {before} → {after}")
            before, after = now or _("(empty)"), said or _("(empty)")
            screen.say(told.format(field=_(field.label), before=before, after=after))
    if changes:
        ask.confirm(_("Correct this?"), False)
    return seen, changes


def _edit(
    session: Session,
    number: int,
    given: dict[str, str],
    request: int | None,
    dry_run: bool,
    form: options.Form | None,
    json: bool,
    seen: dict[str, object] | None = None,
) -> None:
    from soc_cli.operations import inquiries, members

    if request is not None:
        with session.register("inquiry") as register:
            inquiries.check_request(register, request, number)
    with session.register("own-record", number) as register:
        found, changed = members.edit(register, given, request, not dry_run, seen)
    if changed:
        screen.say(_("Corrected: {fields}").format(fields=", ".join(map(output.label, changed))))
    else:
        screen.say(_("Nothing to correct: all of it was so already."))
    if {"postal_code", "address"} & set(changed):
        _warn_of_place(found["postal_code"], found["address"])
    if dry_run:
        screen.say(_("Dry run: nothing was kept."))
    _show_one(found, form, json)


@app.command(
    "choices",
    help=N_("Show or set what a member chose: notices by e-mail, by post, surveys (R2)."),
)
def choices(
    ctx: typer.Context, member: options.Member, notice_email: NoticeEmail = None, notice_post: NoticePost = None,
    survey: Survey = None, request: Request = None, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import members

    session: Session = ctx.obj
    given = _given(None, notice_email=notice_email, notice_post=notice_post, survey=survey)
    number = session.member(member)
    with session.register("own-record", number) as register:
        found = (
            members.edit(register, given, request)[0] if given else members.show(register, number)
        )
    chosen = found["choices"]
    assert isinstance(chosen, dict)
    output.thing(tuple(chosen), chosen, form, json)


@app.command(
    "history",
    help=N_("Show what was done with a member's record: when, by whom, which fields (P3)."),
)
def history(
    ctx: typer.Context, member: options.Member, form: options.Format = None, json: options.Json = False
) -> None:  # fmt: skip
    from soc_cli.operations import members

    session: Session = ctx.obj
    with session.register("own-record", session.member(member)) as register:
        output.rows(members.HISTORY_KEYS, members.history(register), form, json)


Day = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help=N_("The day; today unless said."))
]


@app.command(
    "verify",
    help=N_("Check that somebody is who they say they are: yes or no, never what was wrong (P5)."),
    epilog=_HISTORY,
)
def verify(
    ctx: typer.Context, member: options.Member, name: Name = None, address: Address = None,
    birth_date: BirthDate = None, phone: Phone = None,
    agent: Annotated[
        str | None,
        typer.Option(metavar="guardian|mandate", help=N_("That it is somebody who asks for the member.")),
    ] = None,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    import time

    from soc_cli.model.fields import BY_KEY
    from soc_cli.operations import verifying
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if agent is not None and agent not in verifying.AGENTS:
        raise WrongUse(
            _("--{option} is one of: {names}").format(
                option="agent", names=" ".join(verifying.AGENTS)
            )
        )
    given = {"name": name, "address": address, "birth_date": birth_date, "phone": phone}
    said = {
        key: ask.text(f"{_(BY_KEY[key].label)}:", lambda _text: None, BY_KEY[key].option)
        if text is None and screen.can_ask()
        else text or ""
        for key, text in given.items()
    }
    if not any(text.strip() for text in said.values()):
        raise WrongUse(
            _("{missing} is missing, and there is no terminal to ask on").format(missing="--name"),
            _("give it as an option (see --help)"),
        )
    number = session.member(member)
    with session.upkeep() as upkeep:
        tries = verifying.wrong_tries(upkeep, number)
    with session.register("verify") as register:
        answer = verifying.verify(register, number, said, tries, agent)
    if answer.wait:
        screen.say(
            ngettext(
                "The answer comes in {n} second, since the one before was wrong.",
                "The answer comes in {n} seconds, since those before were wrong.",
                answer.wait,
            ).format(n=answer.wait)
        )
        time.sleep(answer.wait)
    shown = {
        "member": session.policy.club.number(number),
        "verified": answer.verified,
        "entry": answer.entry,
    }
    output.thing(tuple(shown), shown, form, json)
    if not answer.verified:
        raise Refused(_("not verified"), _("which answer was wrong is not said"))


@app.command(
    "duplicates",
    help=N_("List pairs that look like one person, by number, and why; or tell a pair apart."),
)
def duplicates(
    ctx: typer.Context,
    apart: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--apart",
            metavar="MEMBER MEMBER",
            help=N_("These two are two persons: do not tell of them again."),
        ),
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import members

    session: Session = ctx.obj
    if apart is None:
        with session.upkeep() as upkeep:
            output.rows(members.DOUBLE_KEYS, members.doubles(upkeep), form, json)
        return
    numbers = session.members(apart)
    if len(numbers) != 2:
        raise WrongUse(_("a pair is two members"))
    with session.upkeep() as upkeep:
        members.tell_apart(upkeep, *numbers)
    screen.say(
        _("{numbers} are two persons.").format(
            numbers=", ".join(map(session.policy.club.number, numbers))
        )
    )


@app.command("withdraw", help=N_("Record that a member has left the club; the data stay (R1)."))
def withdraw(ctx: typer.Context, member: options.Member, on: Day = None) -> None:
    from soc_cli.operations import members

    session: Session = ctx.obj
    number = session.member(member)
    with session.upkeep() as upkeep:
        day = members.withdraw(upkeep, number, on)
    written = session.policy.club.number(number)
    screen.say(_("{number} left on {day}.").format(number=written, day=day))


@app.command(
    "rejoin", help=N_("Record that somebody who left is a member again, under the same number.")
)
def rejoin(ctx: typer.Context, member: options.Member, on: Day = None) -> None:
    from soc_cli.operations import members

    session: Session = ctx.obj
    number = session.member(member)
    with session.upkeep() as upkeep:
        day = members.rejoin(upkeep, number, on)
    screen.say(
        _("{number} is a member again from {day}.").format(
            number=session.policy.club.number(number), day=day
        )
    )


@app.command(
    "erase",
    help=N_("Erase a member to the last byte (R1), with a certificate; it can't be taken back."),
)
def erase(
    ctx: typer.Context, member: options.Member,
    inquiry: Annotated[
        int | None,
        typer.Option(
            metavar="INQUIRY", min=1, max=99_999_999, help=N_("The inquiry that asks for it, of the kind delete.")
        ),
    ] = None,
    to: erasing.Letter = None, force: options.Force = False, yes: options.Yes = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import erasing as acts
    from soc_cli.operations import members
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    club = session.policy.club
    erasing.check_letter(to, force)
    with session.upkeep() as upkeep:
        try:
            number = members.resolve(upkeep, member)
        except NotFound:
            begun = acts.unfinished_member(upkeep, member)
            if begun is None:
                raise
            erasing.finish(upkeep)
            screen.say(_("The erasure that was not finished is finished now."))
            erasing.answer(session, begun, to, force, form, json, output.member_label)
            return
        if inquiry is not None:
            with session.register("inquiry") as register:
                acts.check_request(register, inquiry, number)
        screen.say(
            _(
                "{number} goes with everything that is stored on this member; the number is never given again."
            ).format(number=club.number(number))
        )
        stays = acts.retained(upkeep, number, to_member=False)
        erasing.foretell(acts.what_goes(upkeep, number), stays, *acts.files(upkeep, number))
        ask.confirm(_("Erase {number} for good?").format(number=club.number(number)), yes)
        done = acts.erase(upkeep, number, inquiry)
        erasing.finish(upkeep)
    screen.say(_("{number} was erased on {day}.").format(number=done.number, day=done.erased_on))
    erasing.answer(session, done, to, force, form, json, output.member_label)
