"""`soc member`: register, look up, correct and erase members."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from soc_cli.commands import back, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model import meant
from soc_cli.model.errors import NotFound, Refused, WrongData, WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.store.register import Register
from soc_cli.terminal import screen

app = syntax.Verbs()


def _field(help: str) -> Any:
    return syntax.Option(help=help)


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
    syntax.Option(
        "--interest", "--interests", help=N_("A personal interest; may be said several times.")
    ),
]
JoinedOn = Annotated[str | None, _field(N_("Day of joining; today unless said."))]
NoticeEmail = Annotated[
    str | None, syntax.Option(metavar="yes|no", help=N_("Notices by e-mail, as the member chose."))
]
NoticePost = Annotated[
    str | None, syntax.Option(metavar="yes|no", help=N_("Notices by post, as the member chose."))
]
Survey = Annotated[
    str | None, syntax.Option(metavar="yes|no", help=N_("Surveys, as the member chose."))
]

NotTheSame = Annotated[
    bool,
    syntax.Option(
        "--not-the-same",
        help=N_("It is not the refused person whom it looks like; on record (P8)."),
    ),
]

Request = Annotated[
    int | None,
    syntax.Option(
        metavar="INQUIRY",
        min=1,
        max=99_999_999,
        help=N_("The number of the request that asked for it."),
    ),
]


def document(source: str) -> Any:
    """The JSON document in a file, or on standard input for `-`."""
    import json

    from soc_cli.formats import files

    try:
        return json.loads(files.read(source))
    except (ValueError, RecursionError):
        raise WrongData(
            _("{file} is not JSON").format(file=source), _('write it like {"name": "…"}')
        ) from None


def _given(document: Any, **texts: str | list[str] | None) -> dict[str, str]:
    """The fields that were given, from the document, if there is one, and then from the options."""
    from soc_cli.operations import registering

    given = registering.texts_of(document) if document is not None else {}
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
    if given and purpose not in session.policy.purposes:
        raise WrongUse(
            _("“{purpose}” is none of the purposes").format(purpose=purpose),
            meant.among(purpose, list(session.policy.purposes)),
        )
    return purpose


@app.command(
    "add",
    help=N_("Register a member (C2-C4); on a terminal, asks for what is missing."),
)
def add(
    ctx: syntax.Context, name: Name = None, kana: Kana = None, nickname: Nickname = None, email: Email = None,
    phone: Phone = None, birth_date: BirthDate = None, sex: Sex = None, postal_code: PostalCode = None,
    address: Address = None, occupation: Occupation = None, industry: Industry = None, interest: Interest = None,
    joined_on: JoinedOn = None, notice_email: NoticeEmail = None, notice_post: NoticePost = None,
    survey: Survey = None, source: options.From = None, not_the_same: NotTheSame = False,
) -> None:  # fmt: skip
    from soc_cli.operations import registering

    session: Session = ctx.obj
    given = _given(
        document(source) if source is not None else None,
        name=name, kana=kana, nickname=nickname, email=email, phone=phone, birth_date=birth_date, sex=sex,
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
                _("give it as an option"),
            )
        added = registering.add(upkeep, given, not_the_same)
        values = registering.check_values(given, upkeep.today)
    _warn_of_place(values.get("postal_code"), values.get("address"))
    club = session.policy.club
    if added.doubles:
        screen.say(
            _("This may be somebody who is registered already: {numbers}").format(
                numbers=", ".join(map(club.number, added.doubles))
            )
        )
    if added.refused:
        screen.say(
            _("Somebody of this name is refused: {refusals} (see “soc member refusals”)").format(
                refusals=", ".join(map(str, added.refused))
            )
        )
    screen.line(club.number(added.number))
    back.tell(session, "member add", MEMBER=club.number(added.number))


def _ask_missing(session: Session, upkeep: Register, given: dict[str, str]) -> None:
    """Shows the nine purposes, then asks for each field that was not given; Enter leaves it open."""
    from soc_cli.model import places
    from soc_cli.model.fields import FIELDS
    from soc_cli.operations import registering
    from soc_cli.terminal import ask

    registering.check(upkeep, given)
    policy = session.policy
    screen.say(_("What the club uses these data for (read this to the member):"))
    for purpose in policy.purposes.values():
        clause = policy.clauses[purpose.clause]
        screen.say(f"  {clause.id}  {clause.says}")
    screen.say(_("Leave empty what the member does not give; only the name is needed."))
    for field in FIELDS:
        if field.key in given or field.key in policy.left_out:
            continue
        if field.choice:
            answers = [(_("not asked"), ""), (_("yes"), "yes"), (_("no"), "no")]
            given[field.key] = ask.select(_(field.label), answers, field.option)
        else:
            hint = f" [{upkeep.today}]" if field.key == "joined_on" else ""

            def check(text: str, key: str = field.key) -> None:
                registering.check(upkeep, {**given, key: text})

            begins = places.proposed(_code(given, upkeep.today)) if field.key == "address" else ""
            question = ask.named(f"{_(field.label)}{hint}")
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

    if isinstance(code, str) and isinstance(address, str):
        question = places.doubt(code, address)
        if question is not None:
            screen.say(question)


@imports.verb(app, N_("Register the members of a sheet, all or none (C2 C3)."), imports.Match)
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import member_import

    noun = member_import.noun(session.policy, asked.match)
    imports.run(session, session.upkeep, noun, asked)


@app.command("list", help=N_("List the members with what the purpose grants (P4: contact)."))
def list_(
    ctx: syntax.Context,
    purpose: options.For = None,
    sort: Annotated[str, syntax.Option(metavar="kana|number", help=N_("The order."))] = "kana",
    limit: Annotated[
        int | None, syntax.Option(min=0, max=99_999_999, help=N_("At most so many."))
    ] = None,
    status: Annotated[
        str | None, syntax.Option(metavar="active|withdrawn|refused", help=N_("Only those."))
    ] = None,
    joined_from: Annotated[
        str | None, syntax.Option(metavar="DAY", help=N_("Only who joined on this day or later."))
    ] = None,
    joined_to: Annotated[
        str | None, syntax.Option(metavar="DAY", help=N_("Only who joined on this day or earlier."))
    ] = None,
    age: Annotated[
        str | None,
        syntax.Option(
            metavar="30-39", help=N_("Only who is of this age, where the purpose reads it.")
        ),
    ] = None,
    prefecture: Annotated[
        str | None,
        syntax.Option(
            help=N_("Only who lives there by the postal code, where the purpose reads it.")
        ),
    ] = None,
    interest: Annotated[
        str | None,
        syntax.Option(help=N_("Only who has this interest, where the purpose reads it.")),
    ] = None,
    choice: Annotated[
        str | None,
        syntax.Option(
            metavar="notice_email|notice_post|survey",
            help=N_("Only who chose it; never asked means no (R2)."),
        ),
    ] = None,
    attended: Annotated[
        int | None,
        syntax.Option(
            metavar="MEETING", min=1, help=N_("Only who came to it, where the purpose reads it.")
        ),
    ] = None,
    count: Annotated[bool, syntax.Option("--count", help=N_("Only how many."))] = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.model.frozen import replace
    from soc_cli.operations import members

    session: Session = ctx.obj
    reads_for = _purpose(session, purpose, "contact")
    meant.check("sort", sort, ("kana", "number"))
    texts = {
        "status": status, "joined_from": joined_from, "joined_to": joined_to, "age": age,
        "interest": interest, "choice": choice, "prefecture": prefecture,
    }  # fmt: skip
    with session.register(reads_for) as register:
        wanted = replace(members.wanted(session.policy, register.today, texts), attended=attended)
        found = members.listed(register, sort, limit, wanted)
        if count:
            screen.line(sum(1 for _one in found))
            return
        columns = members.listing_columns(session.policy, reads_for)
        output.rows(columns, found, form, json, output.member_label)


@app.command("show", help=N_("Show one member (P3: what the member may see of themselves)."))
def show(
    ctx: syntax.Context, member: options.Member, purpose: options.For = None,
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


def _sought(text: str) -> str:
    """What is searched for: as said, or for `-` as typed on the terminal or from standard input."""
    from soc_cli.formats import encodings, files
    from soc_cli.terminal import ask

    if text != "-":
        return text
    if screen.can_ask():
        return ask.text(_("What is searched for:"), ask.needed, "TEXT")
    return encodings.decoded(files.read("-"))[0]


@app.command(
    "find",
    help=N_(
        "Find members by a part of what the purpose grants (P4: name, kana, e-mail, phone, address)."
    ),
)
def find(
    ctx: syntax.Context,
    text: Annotated[
        str,
        syntax.Argument(
            metavar="TEXT", help=N_("A part of it, in any spelling or width; - to be asked.")
        ),
    ],
    purpose: options.For = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import members

    session: Session = ctx.obj
    reads_for = _purpose(session, purpose, "contact")
    sought = _sought(text)
    with session.register(reads_for) as register:
        output.rows(
            members.listing_columns(session.policy, reads_for),
            members.find(register, sought),
            form,
            json,
            output.member_label,
        )


@app.command(
    "edit",
    help=N_(
        "Correct a member's registration (R1); an empty text clears a field. --from takes own-data.json too, as the member has changed it."
    ),
)
def edit(
    ctx: syntax.Context, member: options.Member, name: Name = None, kana: Kana = None, nickname: Nickname = None,
    email: Email = None, phone: Phone = None, birth_date: BirthDate = None, sex: Sex = None,
    postal_code: PostalCode = None, address: Address = None, occupation: Occupation = None,
    industry: Industry = None, interest: Interest = None, joined_on: JoinedOn = None,
    notice_email: NoticeEmail = None, notice_post: NoticePost = None, survey: Survey = None,
    source: options.From = None, request: Request = None, dry_run: options.DryRun = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    session: Session = ctx.obj
    correct(
        session, session.member(member), document(source) if source is not None else None,
        {
            "name": name, "kana": kana, "nickname": nickname, "email": email, "phone": phone,
            "birth_date": birth_date, "sex": sex, "postal_code": postal_code, "address": address,
            "occupation": occupation, "industry": industry, "interests": interest, "joined_on": joined_on,
            "notice_email": notice_email, "notice_post": notice_post, "survey": survey,
        },
        request, dry_run, form, json,
    )  # fmt: skip


def correct(
    session: Session,
    number: int,
    document: Any,
    options_given: Mapping[str, str | list[str] | None],
    request: int | None,
    dry_run: bool,
    form: options.Form | None,
    json: bool,
) -> None:
    """Corrects a registration: by a document, a page that came back, options, or as somebody types.

    `request` is the number of the inquiry that asked for it.
    """
    from soc_cli.operations import owndata

    came_back = owndata.is_own_data(document)
    given = _given(None if came_back else document, **options_given)
    seen: dict[str, object] | None = None
    if came_back:
        seen, given = _came_back(session, number, document, given, dry_run)
    elif not given:
        if not screen.can_ask():
            raise WrongUse(
                _("nothing to correct was given"),
                _("say for instance --phone 052-123-4567"),
            )
        seen, given = _ask_changes(session, number)
    _edit(session, number, given, request, dry_run, form, json, seen)


def _came_back(
    session: Session, number: int, document: Any, given: dict[str, str], dry_run: bool
) -> tuple[dict[str, object], dict[str, str]]:
    """Shows what a member has changed in their own data, and asks; gives the record, and changes.

    What was given as an option goes before what the page says.
    """
    from soc_cli.formats.sections import KINDS
    from soc_cli.operations import owndata, registering
    from soc_cli.terminal import ask

    with session.register("own-record", number) as register:
        found = owndata.returned(register, document)
        today = register.today
    texts = {**found.texts, **given}
    before = registering.flat_values(found.shown)
    after = registering.differing(before, registering.check_values(texts, today))
    told = _("{field}: {before} → {after}")
    for key, value in after.items():
        old, new = (output.for_person(key, v) or _("(empty)") for v in (before[key], value))
        screen.say(told.format(field=output.label(key), before=old, after=new))
    headings = {kind.key: _(kind.heading) for kind in KINDS}
    for words, keys in (
        (_("Not taken, since it can't be corrected here: {names}"), found.not_taken),
        (_("Corrected by others since this page was made: {names}"), found.corrected_since),
    ):
        if keys:
            names = _(", ").join(headings.get(key) or output.label(key) for key in keys)
            screen.say(words.format(names=names))
    if after and screen.can_ask() and not dry_run:
        ask.confirm(_("Correct this?"), False)
    return found.shown, texts


def _ask_changes(session: Session, number: int) -> tuple[dict[str, object], dict[str, str]]:
    """Shows each field to be changed, then what would change; gives the record as shown, and changes."""
    from soc_cli.model.fields import FIELDS
    from soc_cli.operations import members, registering
    from soc_cli.terminal import ask

    with session.register("own-record", number) as register:
        seen = members.show(register, number)
        today = register.today
    values = registering.flat_values(seen)
    changes: dict[str, str] = {}
    screen.say(_("Enter keeps a field; an empty one is cleared."))
    for field in FIELDS:
        if field.key in session.policy.left_out:
            continue
        stored = values[field.key]
        if field.choice:
            answers = [(_("not asked"), ""), (_("yes"), "yes"), (_("no"), "no")]
            now = "" if stored is None else "yes" if stored else "no"
            said = ask.select(_(field.label), answers, field.option, now)
        else:
            now = str(stored or "")

            def check(text: str, key: str = field.key) -> None:
                registering.check_values({"name": "x", key: text}, today)

            said = ask.text(ask.named(_(field.label)), check, field.option, now)
        if said != now:
            changes[field.key] = said
            told = _("{field}: {before} → {after}")
            before, after = now or _("(empty)"), said or _("(empty)")
            screen.say(told.format(field=_(field.label), before=before, after=after))
    if changes:
        ask.confirm(_("Correct this?"), False)
    return seen, changes


def _check_request(session: Session, request: int | None, number: int) -> None:
    """Raises where the request that a correction names is not there, or not this member's."""
    from soc_cli.operations import inquiries

    if request is not None:
        with session.register("inquiry") as register:
            inquiries.check_request(register, request, number)


def _warn_of_the_refused(session: Session, number: int) -> None:
    """Says where a member who was corrected bears the marks of somebody refused; never more (R1, P8)."""
    from soc_cli.model.errors import Failed
    from soc_cli.operations import refusing

    with session.upkeep() as upkeep, suppress(Failed):  # a lost key is no reason not to correct
        recogniser = refusing.Recogniser(upkeep)
        found = recogniser.of_member(number)
        if found.surely:
            screen.say(recogniser.sentence(found))


def _warn_of_those_alike(session: Session, upkeep: Register, number: int) -> None:
    """Says which other members look like somebody who is refused (P8)."""
    from soc_cli.operations import refusing

    alike = refusing.alike(upkeep, number) if refusing.is_refused(upkeep, number) else []
    if alike:
        club = session.policy.club
        screen.say(
            _("{number} is refused, and these look like the same person: {numbers}").format(
                number=club.number(number), numbers=", ".join(map(club.number, alike))
            )
        )


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
    from soc_cli.operations import registering

    _check_request(session, request, number)
    if given.get("nickname"):
        with session.upkeep() as upkeep:
            registering.check(upkeep, {"name": "x", "nickname": given["nickname"]}, number)
    with session.register("own-record", number) as register:
        found, changed = registering.edit(register, given, request, not dry_run, seen)
    if changed:
        if seen is None:  # which showed it already
            _say_changes(changed, registering.flat_values(found))
        screen.say(_("Corrected: {fields}").format(fields=", ".join(map(output.label, changed))))
    else:
        screen.say(_("Nothing to correct: all of it was so already."))
    if changed and not dry_run:
        _warn_of_the_refused(session, number)
    if {"postal_code", "address"} & set(changed):
        _warn_of_place(found["postal_code"], found["address"])
    if dry_run:
        screen.say(_("Dry run: nothing was kept."))
    _show_one(found, form, json)
    if changed and not dry_run:
        back.tell(session, "member edit", MEMBER=session.policy.club.number(number))


def _say_changes(before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Says to a person what stood in each field and what stands there now; it is kept nowhere else."""
    if screen.can_hint():
        for key, value in before.items():
            told = _("{field}: {before} → {after}")
            old, new = _as_said(key, value), _as_said(key, after[key])
            screen.say(told.format(field=output.label(key), before=old, after=new))


@app.command(
    "choices",
    help=N_("Show or set what a member chose: notices by e-mail, by post, surveys (R2)."),
)
def choices(
    ctx: syntax.Context, member: options.Member, notice_email: NoticeEmail = None, notice_post: NoticePost = None,
    survey: Survey = None, request: Request = None, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import members, registering

    session: Session = ctx.obj
    given = _given(None, notice_email=notice_email, notice_post=notice_post, survey=survey)
    number = session.member(member)
    _check_request(session, request, number)
    with session.register("own-record", number) as register:
        if given:
            found, changed = registering.edit(register, given, request)
        else:
            found, changed = members.show(register, number), {}
    _say_changes(changed, registering.flat_values(found))
    chosen = found["choices"]
    assert isinstance(chosen, dict)
    output.thing(tuple(chosen), chosen, form, json)
    if changed:
        options_said = " ".join(f"--{key.replace('_', '-')} …" for key in changed)
        name = session.policy.club.number(number)
        back.tell(session, "member choices", MEMBER=name, OPTIONS=options_said)


def _in_history(key: str) -> str:
    """The heading of a key of what was done: its fields are those that were corrected."""
    return _("Fields") if key == "fields" else output.label(key)


@app.command(
    "history",
    help=N_("Show what was done with a member's record: when, by whom, which fields (P3)."),
)
def history(
    ctx: syntax.Context, member: options.Member, form: options.Format = None, json: options.Json = False
) -> None:  # fmt: skip
    from soc_cli.operations import history

    session: Session = ctx.obj
    with session.register("own-record", session.member(member)) as register:
        output.rows(history.HISTORY_KEYS, history.history(register), form, json, _in_history)


Day = Annotated[
    str | None, syntax.Option("--on", metavar="DAY", help=N_("The day; today unless said."))
]


@app.command(
    "verify",
    help=N_("Check that somebody is who they say they are: yes or no, never what was wrong (P5)."),
)
def verify(
    ctx: syntax.Context, member: options.Member, name: Name = None, address: Address = None,
    birth_date: BirthDate = None, phone: Phone = None,
    agent: Annotated[
        str | None,
        syntax.Option(metavar="guardian|mandate", help=N_("That it is somebody who asks for the member.")),
    ] = None,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    import time

    from soc_cli.model.fields import BY_KEY
    from soc_cli.operations import verifying
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if agent is not None:
        meant.check("agent", agent, list(verifying.AGENTS))
    given = {"name": name, "address": address, "birth_date": birth_date, "phone": phone}
    said = {
        key: ask.text(ask.named(_(BY_KEY[key].label)), lambda _text: None, BY_KEY[key].option)
        if text is None and screen.can_ask() and key not in session.policy.left_out
        else text or ""
        for key, text in given.items()
    }
    if not any(text.strip() for text in said.values()):
        raise WrongUse(
            _("{missing} is missing, and there is no terminal to ask on").format(missing="--name"),
            _("give it as an option"),
        )
    number = session.member(member)
    with session.upkeep() as upkeep:
        verifying.wait(upkeep, number)
    with session.register("verify") as register:
        answer = verifying.verify(register, number, said, agent)
    with session.upkeep() as upkeep:
        wait = verifying.wait(upkeep, number, answer.entry)
    if wait:
        screen.say(
            ngettext(
                "The answer comes in {n} second, since the one before was wrong.",
                "The answer comes in {n} seconds, since those before were wrong.",
                wait,
            ).format(n=wait)
        )
        time.sleep(wait)
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
    ctx: syntax.Context,
    apart: Annotated[
        tuple[str, str] | None,
        syntax.Option(
            "--apart",
            metavar="MEMBER MEMBER",
            help=N_("These two are two persons: do not tell of them again."),
        ),
    ] = None,
    undo: options.Undo = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import registering

    session: Session = ctx.obj
    if apart is None:
        if undo:
            raise WrongUse(_("--undo goes with --apart"))
        with session.upkeep() as upkeep:
            output.rows(registering.DOUBLE_KEYS, registering.doubles(upkeep), form, json)
        return
    numbers = session.members(apart)
    if len(numbers) != 2:
        raise WrongUse(_("a pair is two members"))
    with session.upkeep() as upkeep:
        (registering.tell_together if undo else registering.tell_apart)(upkeep, *numbers)
    told = (
        _("{numbers} may be one person again.") if undo else _("{numbers} are two persons.")
    )  # as they stand in the list of doubles
    one, other = map(session.policy.club.number, numbers)
    screen.say(told.format(numbers=f"{one}, {other}"))
    if not undo:
        back.tell(session, "member duplicates", MEMBER=one, OTHER=other)


@app.command(
    "merge",
    help=N_("Make two records of one person one: shows both, asks where they differ (P3)."),
    epilog=N_(
        "The other stays stored, closed, and “soc member unmerge” brings both back until one of them is erased; then both go."
    ),
)
def merge(
    ctx: syntax.Context,
    keep: Annotated[str, syntax.Argument(metavar="KEEP", help=N_("The member who is kept."))],
    other: Annotated[str, syntax.Argument(metavar="OTHER", help=N_("The other record of the same person."))],
    take: Annotated[list[str] | None, syntax.Option(metavar="FIELD", help=N_("Take this field from the other record; may be said several times."))] = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import members, merging
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    club = session.policy.club
    numbers = session.members([keep, other])
    if len(numbers) != 2:
        raise WrongUse(_("a pair is two members"))
    shown = []
    for number in numbers:
        with session.register("own-record", number) as register:
            shown.append(members.show(register, number))
    planned = merging.plan(numbers[0], shown[0], numbers[1], shown[1])
    taken = [key.replace("-", "_") for key in take or ()]
    planned.becomes(taken)
    if screen.can_ask() and not yes:
        for key in planned.conflicts:
            if key not in taken:
                answers = [
                    (_as_said(key, side[key]), at)
                    for at, side in ((False, planned.kept), (True, planned.closed))
                ]
                if ask.select(ask.named(output.label(key)), answers, "--take"):
                    taken.append(key)
    becomes = planned.becomes(taken)
    rows = merging.rows(planned, becomes)
    if not dry_run:
        if screen.can_ask() and not yes:
            for row in rows:
                screen.say(
                    _("{field}: {before} → {after}").format(
                        field=output.label(str(row["field"])),
                        before=_as_said(str(row["field"]), row["keep"]),
                        after=_as_said(str(row["field"]), row["becomes"]),
                    )
                )
        ask.confirm(
            _("Merge {other} into {number}?").format(
                other=club.number(numbers[1]), number=club.number(numbers[0])
            ),
            yes,
        )
    with session.upkeep() as upkeep:
        changed = merging.merge(upkeep, planned, becomes, not dry_run)
    if dry_run:
        screen.say(_("Dry run: nothing was kept."))
    else:
        screen.say(
            _("Merged {other} into {number}.").format(
                other=club.number(numbers[1]), number=club.number(numbers[0])
            )
        )
    if changed:
        screen.say(_("Corrected: {fields}").format(fields=", ".join(map(output.label, changed))))
    output.rows(merging.KEYS, rows, form, json)
    if not dry_run:
        back.tell(session, "member merge", OTHER=club.number(numbers[1]))


def _as_said(key: str, value: object) -> str:
    return output.for_person(key, value) or _("(empty)")


@app.command("unmerge", help=N_("Bring both records of a merge back, the last merge first."))
def unmerge(ctx: syntax.Context, member: options.Member) -> None:
    from soc_cli.operations import merging

    session: Session = ctx.obj
    club = session.policy.club
    number = session.member(member)
    said = club.number_of(member)
    with session.register("own-record", number) as register:
        found = merging.last(register, said if said != number else None)
    with session.upkeep() as upkeep:
        merging.unmerge(upkeep, found)
        for one in (found.keep, found.other):
            _warn_of_those_alike(session, upkeep, one)
    screen.say(
        _("{number} and {other} are two records again.").format(
            number=club.number(found.keep), other=club.number(found.other)
        )
    )
    back.tell(
        session, "member unmerge", KEEP=club.number(found.keep), OTHER=club.number(found.other)
    )


@app.command("withdraw", help=N_("Record that a member has left the club; the data stay (R1)."))
def withdraw(
    ctx: syntax.Context, member: options.Member, on: Day = None, undo: options.Undo = False
) -> None:
    from soc_cli.operations import registering

    session: Session = ctx.obj
    number = session.member(member)
    if undo:
        if on is not None:
            raise WrongUse(_("say either --on or --undo"))
        with session.upkeep() as upkeep:
            registering.take_back_withdrawal(upkeep, number)
        written = session.policy.club.number(number)
        screen.say(_("{number} has not left after all.").format(number=written))
        return
    with session.upkeep() as upkeep:
        day = registering.withdraw(upkeep, number, on)
    written = session.policy.club.number(number)
    screen.say(_("{number} left on {day}.").format(number=written, day=day))
    back.tell(session, "member withdraw", MEMBER=written)


@app.command(
    "rejoin", help=N_("Record that somebody who left is a member again, under the same number.")
)
def rejoin(
    ctx: syntax.Context, member: options.Member, on: Day = None, undo: options.Undo = False
) -> None:
    from soc_cli.operations import registering

    session: Session = ctx.obj
    number = session.member(member)
    if undo:
        if on is not None:
            raise WrongUse(_("say either --on or --undo"))
        with session.upkeep() as upkeep:
            registering.take_back_rejoining(upkeep, number)
        written = session.policy.club.number(number)
        screen.say(_("{number} has not joined again after all.").format(number=written))
        return
    with session.upkeep() as upkeep:
        day = registering.rejoin(upkeep, number, on)
    screen.say(
        _("{number} is a member again from {day}.").format(
            number=session.policy.club.number(number), day=day
        )
    )
    back.tell(session, "member rejoin", MEMBER=session.policy.club.number(number))


@app.command(
    "refuse",
    help=N_("Refuse somebody who breaks the club's rules, until a day or for good (P8)."),
    epilog=N_(
        "Registering, importing and declaring are stopped, also after the person was erased: what stays then are keyed marks of the name together with address, phone, e-mail or birth date."
    ),
)
def refuse(
    ctx: syntax.Context,
    member: Annotated[
        str | None,
        syntax.Argument(metavar="MEMBER", help=N_("A member number (SOC-0012 or 12), a nickname or an e-mail.")),
    ] = None,
    rule: Annotated[str | None, syntax.Option(help=N_("The rule of the club that was broken; it stays when the person is erased, so name nobody."))] = None,
    reason: Annotated[str | None, syntax.Option(help=N_("What happened; the member may read it, so name nobody else. It goes when the person is erased."))] = None,
    until: Annotated[str | None, syntax.Option(metavar="DAY", help=N_("The last day of the refusal; without it there is no end."))] = None,
    key_lost: Annotated[bool, syntax.Option("--key-lost", help=N_("The key of the marks is lost: make them anew, but for those of the erased."))] = False,
    yes: options.Yes = False,
) -> None:  # fmt: skip
    from soc_cli.operations import refusing
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    if key_lost:
        ask.confirm(_("Whoever was refused and then erased will not be known again. Go on?"), yes)
        with session.upkeep() as upkeep:
            kept, gone = refusing.key_lost(upkeep)
        screen.say(_("Refusals marked anew: {kept}; gone: {gone}.").format(kept=kept, gone=gone))
        back.tell(session, "member refuse --key-lost")
        return
    if member is None:
        raise WrongUse(
            _("{missing} is missing").format(missing="MEMBER"),
            _("see “soc member refuse --help”"),
        )
    number = session.member(member)
    club = session.policy.club
    with session.register("refuse") as register:
        refusing.last_day(register, until)
        if screen.can_ask():
            about = refusing.conduct(register, number)
            screen.say("  ".join(filter(None, (club.number(number), about.name, about.address))))
            screen.say(
                _("Declarations kept: {kept}, broken: {broken}").format(
                    kept=about.kept, broken=about.broken
                )
            )
        rule = rule or ask.text(_("Rule that was broken:"), ask.needed, "--rule")
        reason = reason or ask.text(_("What happened:"), ask.needed, "--reason")
        if screen.can_ask():
            ask.confirm(_("Refuse {number}?").format(number=club.number(number)), yes)
        refusal, made = refusing.refuse(register, number, rule, reason, until)
    screen.say(_("{number} is refused.").format(number=club.number(number)))
    with session.upkeep() as upkeep:
        _warn_of_those_alike(session, upkeep, number)
    if made is not None:
        screen.say(
            _(
                "The key of the marks was made: {path}. Keep a copy apart from the register: without it nobody who was refused and then erased is known again."
            ).format(path=made)
        )
    screen.line(refusal)
    back.tell(session, "member refuse", REFUSAL=refusal)


@app.command("readmit", help=N_("End a refusal; whoever was a member is one again (P8)."))
def readmit(
    ctx: syntax.Context,
    member: Annotated[
        str | None,
        syntax.Argument(metavar="MEMBER", help=N_("A member number (SOC-0012 or 12), a nickname or an e-mail.")),
    ] = None,
    refusal: Annotated[int | None, syntax.Option(metavar="NUMBER", min=1, max=99_999_999, help=N_("The number of a refusal, where its person was erased."))] = None,
) -> None:  # fmt: skip
    from soc_cli.operations import refusing

    session: Session = ctx.obj
    if (member is None) == (refusal is None):
        raise WrongUse(_("say either a MEMBER or --refusal"))
    whose = session.member(member) if member is not None else None
    with session.register("refuse") as register:
        ended, of = refusing.readmit(register, whose, refusal)
    club = session.policy.club
    for one in ended:
        screen.say(_("Refusal {number} has ended.").format(number=one))
    if of is not None:
        with session.upkeep() as upkeep:
            status = refusing.status(upkeep, of)
        screen.say(f"{club.number(of)}: {output.for_person('status', status)}")
        back.tell(session, "member readmit", MEMBER=club.number(of))
    else:
        back.tell(session, "member readmit --refusal")


@app.command("refusals", help=N_("List who is refused, under which rule and until when (P8)."))
def refusals(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import refusing

    session: Session = ctx.obj
    with session.register("refuse") as register:
        output.rows(refusing.KEYS, refusing.listed(register), form, json)


@app.command(
    "erase",
    help=N_("Erase a member to the last byte (R1), with a certificate; it can't be taken back."),
)
def erase(
    ctx: syntax.Context, member: options.Member,
    inquiry: Annotated[
        int | None,
        syntax.Option(
            metavar="INQUIRY", min=1, max=99_999_999, help=N_("The inquiry that asks for it, of the kind delete.")
        ),
    ] = None,
    to: options.Letter = None, force: options.Force = False, yes: options.Yes = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    erase_whole(ctx.obj, member, inquiry, to, force, yes, form, json)


def erase_whole(
    session: Session,
    member: str,
    inquiry: int | None,
    to: str | None,
    force: bool,
    yes: bool,
    form: options.Form | None,
    json: bool,
) -> None:
    """Erases a member, with a certificate; `inquiry` is the request that asks for it."""
    from soc_cli.commands import erasing
    from soc_cli.operations import erasing as acts
    from soc_cli.operations import members
    from soc_cli.terminal import ask

    club = session.policy.club
    erasing.check_letter(session, to, force)
    with session.upkeep() as upkeep:
        try:
            number = members.resolve(upkeep, member)
        except NotFound:
            begun = acts.unfinished_member(upkeep, member)
            if begun is None:
                raise
            erasing.finish(upkeep)
            said = _(erasing.FINISHED)
            erasing.answer(session, begun, to, force, form, json, output.member_label, said)
            return
        if inquiry is not None:
            with session.register("inquiry") as register:
                acts.check_request(register, inquiry, number)
        screen.say(
            _(
                "{number} goes with everything that is stored on this member; the number is never given again."
            ).format(number=club.number(number))
        )
        for other in acts.merged_into(upkeep, number):
            screen.say(
                _("{other}, which was merged into {number}, goes with it.").format(
                    other=club.number(other), number=club.number(number)
                )
            )
        stays = acts.retained(upkeep, number, to_member=False)
        files, secret = acts.files(upkeep, number)
        left = acts.left_over(upkeep)
        erasing.foretell(acts.what_goes(upkeep, number), stays, files, secret, left)
        ask.confirm(_("Erase {number} for good?").format(number=club.number(number)), yes)
        done = acts.erase(upkeep, number, inquiry)
        erasing.finish(upkeep)
    said = _("{number} was erased on {day}.").format(number=done.number, day=done.erased_on)
    erasing.answer(session, done, to, force, form, json, output.member_label, said)
