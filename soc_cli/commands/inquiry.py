"""`soc inquiry`: what people ask, and what was answered."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from soc_cli.commands import answers, back, erasing, imports, member, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model.clocks import WARN
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import screen

app = syntax.Verbs()

Inquiry = Annotated[
    int, syntax.Argument(metavar="INQUIRY", min=1, max=99_999_999, help=N_("The inquiry's number."))
]
Body = Annotated[str | None, syntax.Option(help=N_("The text; - reads it from standard input."))]

Mask = Annotated[
    bool, syntax.Option("--mask", help=N_("Hide the digits of cards and My Numbers in the text."))
]
AsItIs = Annotated[
    bool, syntax.Option("--as-it-is", help=N_("The text holds no such number: store it as it is."))
]
LetterLang = Annotated[
    str | None,
    syntax.Option(
        metavar="ja|en", help=N_("The language of the letter; that of the run unless said.")
    ),
]
Fee = Annotated[
    int | None,
    syntax.Option(
        min=1,
        max=99_999_999,
        metavar="YEN",
        help=N_("A fee, where the law allows one (Act art. 38)."),
    ),
]
Kind = Annotated[
    str,
    syntax.Option(
        help=N_(
            "question complaint other; view correct delete (R1); purposes stop-use third-party-records."
        )
    ),
]

LISTED = (
    "number",
    "received_at",
    "kind",
    "member",
    "from_name",
    "subject",
    "status",
    "due_on",
    "answered_at",
    "outcome",
    "days_left",
)


@app.command(
    "log",
    help=N_("Log an inquiry of a member or an outsider (C2 P9); a request under R1 gets its day."),
)
def log(
    ctx: syntax.Context,
    of: Annotated[
        str | None, syntax.Option("--member", metavar="MEMBER", help=N_("The member who inquires."))
    ] = None,
    from_name: Annotated[str | None, syntax.Option(help=N_("An outsider's name."))] = None,
    from_contact: Annotated[
        str | None, syntax.Option(help=N_("How the outsider can be reached."))
    ] = None,
    kind: Kind = "question",
    subject: Annotated[str | None, syntax.Option(help=N_("What it is about."))] = None,
    body: Body = None,
    channel: Annotated[
        str | None, syntax.Option(help=N_("How it came: e-mail, phone, post."))
    ] = None,
    received_at: Annotated[
        str | None, syntax.Option(help=N_("When it came: 2026-11-22 10:30; now unless said."))
    ] = None,
    source: Annotated[
        str | None,
        syntax.Option(
            "--from",
            metavar="FILE.eml",
            help=N_(
                "A mail as it was saved, or - (standard input); what is attached is not stored."
            ),
        ),
    ] = None,
    mask: Mask = False,
    as_it_is: AsItIs = False,
) -> None:
    from soc_cli.operations import inquiries
    from soc_cli.terminal import ask

    session: Session = ctx.obj
    texts = {
        "from_name": from_name, "from_contact": from_contact, "kind": kind, "subject": subject,
        "body": body, "channel": channel, "received_at": received_at,
    }  # fmt: skip
    if source is not None:
        texts = _of_mail(session, source, texts, of is not None)
    elif of is None and from_name is None:
        texts["from_name"] = ask.text(
            _("Who inquires (name):"), ask.needed, "--member / --from-name"
        )
    texts["body"] = _text(texts["body"], _("The inquiry:"))
    careful = _careful(texts, mask, as_it_is)
    number_of_member = session.member(of) if of is not None else None
    with session.register("inquiry") as register:
        number, due = inquiries.log(register, careful.texts, number_of_member, careful.as_it_is)
        today = register.today
    if due:
        _tell_due(due, output.days_until(due, today))
    screen.line(number)
    verb = "inquiry log" if number_of_member is None else "inquiry log --member"
    back.tell(session, verb, INQUIRY=number)


def _tell_due(due: str, days: int) -> None:
    """Says by when a request is to be answered."""
    if days < 0:
        screen.say(_("A request: it was to be answered by {day}.").format(day=due))
    else:
        screen.say(
            ngettext(
                "A request: answer it by {day} ({n} day left).",
                "A request: answer it by {day} ({n} days left).",
                days,
            ).format(day=due, n=days)
        )


def _of_mail(
    session: Session, source: str, texts: Mapping[str, str | None], of_member: bool
) -> dict[str, str | None]:
    """The fields of an inquiry that came as a mail; what was given as an option goes before.

    Whose address it is is said, and never taken for granted: a sender is easily forged.
    """
    from soc_cli.formats import files, mail
    from soc_cli.operations import inquiries

    found = mail.read(files.read(source), source)
    with session.upkeep() as upkeep:
        now = upkeep.run.clock.now()
        alike = inquiries.members_at(upkeep, found.address) if not of_member else []
    sent = found.sent_at
    if texts["received_at"] is None and (sent is None or sent > now):
        screen.say(_("The mail has no true date: it counts as received now."))
        sent = now
    for number in alike:
        screen.say(
            _("The sender looks like {number}; where it is, say --member {number}.").format(
                number=session.policy.club.number(number)
            )
        )
    if found.attachments:
        screen.say(_("Not stored (C3): {names}").format(names=_(", ").join(found.attachments)))
    if not found.whole:
        screen.say(_("Some characters of the mail could not be read; look at the mail itself."))
    own = {
        "from_name": None if of_member else found.name,
        "from_contact": None if of_member else found.address,
        "subject": found.subject,
        "body": found.body,
        "channel": _("e-mail"),
        "received_at": sent.isoformat(timespec="minutes") if sent is not None else None,
    }
    if not found.body and found.subject:  # a mail that says all of it in its subject
        own["body"] = found.subject
    return {key: own.get(key) if said is None else said for key, said in texts.items()}


class _Careful:
    """Texts after a look for what nobody should store, and whether they stay as they are."""

    def __init__(self, texts: Mapping[str, str | None], as_it_is: bool) -> None:
        self.texts, self.as_it_is = texts, as_it_is


def _careful(texts: Mapping[str, str | None], mask: bool, as_it_is: bool) -> _Careful:
    """The texts with cards and My Numbers masked where that is wanted; on a terminal it is asked."""
    from soc_cli.model import sensitive
    from soc_cli.terminal import ask

    if mask and as_it_is:
        raise WrongUse(_("say either --mask or --as-it-is"))
    looked_at = [texts[key] or "" for key in ("subject", "body") if key in texts]
    kinds = dict.fromkeys(one.kind for text in looked_at for one in sensitive.found(text))
    if kinds and not mask and not as_it_is and screen.can_ask():
        what = _(", ").join(_(sensitive.LABELS[kind]) for kind in kinds)
        mask = ask.select(
            _("The text looks as if it held {what}, which the club should not store.").format(
                what=what
            ),
            [(_("hide its digits"), True), (_("it is none: store it as it is"), False)],
            "--mask / --as-it-is",
        )
        as_it_is = not mask
    if kinds and mask:
        screen.say(_("Its digits were hidden."))
        masked = {
            key: sensitive.masked(text) if text is not None else None for key, text in texts.items()
        }
        return _Careful(masked, as_it_is)
    return _Careful(texts, as_it_is)


def _text(body: str | None, question: str) -> str:
    """The text of `--body`, as typed on the terminal, or for `-` of standard input where there is none."""
    from soc_cli.formats import encodings, files
    from soc_cli.terminal import ask

    if body == "-" and not screen.can_ask():
        return encodings.decoded(files.read("-"))[0]
    return ask.text(question, ask.needed, "--body") if body in (None, "-") else body


@imports.verb(app, N_("Log the inquiries of a sheet, all or none (C2 P9)."))
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import inquiry_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        noun = inquiry_import.noun(People(upkeep))
        imports.run(session, lambda: session.register("inquiry"), noun, asked)


@app.command("list", help=N_("List the inquiries (P9), and say which requests are due soon."))
def list_(
    ctx: syntax.Context,
    open_only: Annotated[
        bool, syntax.Option("--open", help=N_("Only those that wait for an answer."))
    ] = False,
    overdue: Annotated[
        bool, syntax.Option("--overdue", help=N_("Only requests past their day and not decided."))
    ] = False,
    kind: Annotated[str | None, syntax.Option(help=N_("Only those of this kind."))] = None,
    of: Annotated[
        str | None, syntax.Option("--member", metavar="MEMBER", help=N_("Only this member's."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    number = session.member(of) if of is not None else None
    with session.register("inquiry") as register:
        found = inquiries.listed(register, open_only, overdue, kind, number)
    kind_of = output.chosen(form, json)
    wanted = inquiries.KEYS if kind_of is options.Form.csv else LISTED
    output.rows(*_for_a_person(wanted, found, kind_of), form, json)
    _tell_urgent(found)


def _for_a_person(
    columns: tuple[str, ...], found: Sequence[Mapping[str, object]], form: options.Form
) -> tuple[tuple[str, ...], Sequence[Mapping[str, object]]]:
    """In a table how a request ended is another thing than the outcome of an act."""
    if form is not options.Form.table:
        return columns, found
    named = {"outcome": "ended", "reason": "refused_because"}
    return (
        tuple(named.get(column, column) for column in columns),
        [{**one, **{named[key]: one[key] for key in named}} for one in found],
    )


def _tell_urgent(found: Sequence[Mapping[str, object]]) -> None:
    """Says which requests are due soon, or were due."""
    for one in found:
        days = one["days_left"]
        if not isinstance(days, int) or days > WARN:
            continue
        words = {"number": one["number"], "day": one["due_on"], "n": abs(days)}
        if days < 0:
            said = ngettext(
                "Request {number} was due on {day}: {n} day ago.",
                "Request {number} was due on {day}: {n} days ago.",
                -days,
            )
        else:
            said = ngettext(
                "Request {number} is due on {day}: {n} day left.",
                "Request {number} is due on {day}: {n} days left.",
                days,
            )
        screen.say(said.format(**words))


@app.command("show", help=N_("Show an inquiry with its replies (P9)."))
def show(
    ctx: syntax.Context, inquiry: Inquiry, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.register("inquiry") as register:
        found = inquiries.show(register, inquiry)
    columns, (shown,) = _for_a_person(tuple(found), [found], output.chosen(form, json))
    output.thing(columns, shown, form, json, _in_inquiry)
    _tell_urgent([found])


def _in_inquiry(key: str) -> str:
    """The heading of a key of an inquiry: its fee is what the request costs."""
    return _("Fee (yen)") if key == "fee" else output.label(key)


@app.command("link", help=N_("Say that an outsider's inquiry is a member's."))
def link(ctx: syntax.Context, inquiry: Inquiry, of: options.Member) -> None:
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    number = session.member(of)
    with session.upkeep() as upkeep:
        inquiries.link(upkeep, inquiry, number)
    screen.say(
        _("Inquiry {number} is {member}'s.").format(
            number=inquiry, member=session.policy.club.number(number)
        )
    )
    back.tell(session, "inquiry link", INQUIRY=inquiry)


@app.command("unlink", help=N_("Take back a wrong link: the inquiry is an outsider's again."))
def unlink(ctx: syntax.Context, inquiry: Inquiry) -> None:
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        number = inquiries.unlink(upkeep, inquiry)
    screen.say(
        _("Inquiry {number} is not {member}'s any more.").format(
            number=inquiry, member=session.policy.club.number(number)
        )
    )
    back.tell(session, "inquiry unlink", INQUIRY=inquiry, MEMBER=session.policy.club.number(number))


@app.command(
    "identify",
    help=N_(
        "Record how whoever makes a request was checked (Act art. 37); an agent needs a mandate."
    ),
)
def identify(
    ctx: syntax.Context,
    inquiry: Inquiry,
    how: Annotated[
        str | None,
        syntax.Option(help=N_("How it was checked, such as 運転免許証; not its number.")),
    ] = None,
    verified: Annotated[
        bool, syntax.Option("--verified", help=N_("By “soc member verify”, today."))
    ] = False,
    failed: Annotated[bool, syntax.Option("--failed", help=N_("The check failed."))] = False,
    agent: Annotated[
        str | None, syntax.Option(metavar="NAME", help=N_("Who asks for the person."))
    ] = None,
    mandate: Annotated[
        str | None, syntax.Option(help=N_("What shows the mandate, such as 委任状."))
    ] = None,
    no_mandate: Annotated[
        bool, syntax.Option("--no-mandate", help=N_("The agent could show no mandate."))
    ] = False,
) -> None:
    from soc_cli.model.inquiry import CHECKED, FAILED, NO_MANDATE
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    if sum((verified, failed, no_mandate)) > 1:
        raise WrongUse(_("--verified, --failed and --no-mandate exclude each other"))
    if verified and how is None:
        with session.upkeep() as upkeep:
            how = inquiries.verified_as(upkeep, inquiries.member_of(upkeep, inquiry))
    result = FAILED if failed else NO_MANDATE if no_mandate else CHECKED
    with session.register("inquiry") as register:
        found = inquiries.Identity(result, how, agent, mandate)
        inquiries.identify(register, inquiry, found)
    screen.say(
        _("On record: who makes request {number} is checked.").format(number=inquiry)
        if result == CHECKED
        else _("On record: the check of request {number} failed.").format(number=inquiry)
    )
    back.tell(session, "inquiry identify", INQUIRY=inquiry)


@app.command(
    "reply",
    help=N_("Record what was answered, and how a request ends; the club itself sends it."),
)
def reply(
    ctx: syntax.Context,
    inquiry: Inquiry,
    body: Body = None,
    outcome: Annotated[
        str | None,
        syntax.Option(metavar="done|nothing-held|refused", help=N_("How a request ends.")),
    ] = None,
    reason: Annotated[
        str | None,
        syntax.Option(
            metavar="REASON", help=N_("Of a refusal: identity, mandate, or one that the law names.")
        ),
    ] = None,
    fee: Fee = None,
    to: Annotated[
        str | None,
        syntax.Option(metavar="FILE", help=N_("Write the answer as a letter: .txt or .html.")),
    ] = None,
    letter_lang: LetterLang = None,
    force: options.Force = False,
    mask: Mask = False,
    as_it_is: AsItIs = False,
) -> None:
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    answers.check(session, to, force)
    answers.spoken(letter_lang)
    if outcome is None and (reason is not None or fee is not None):
        raise WrongUse(_("--reason and --fee go with --outcome"))
    decision = inquiries.Decision(outcome, reason, fee) if outcome is not None else None
    careful = _careful({"body": _text(body, _("The answer:"))}, mask, as_it_is)
    text = careful.texts["body"] or ""
    prepare = answers.prepared(session, to, force, letter_lang, text, decision)
    with session.register("inquiry") as register:
        undecided = inquiries.reply(register, inquiry, text, decision, prepare, careful.as_it_is)
    screen.say(_("Inquiry {number} is answered.").format(number=inquiry))
    answers.told(to, session)
    if undecided:
        screen.say(
            _(
                "It is a request, and how it ends is not on record: say --outcome with the last answer, or carry it out by “soc inquiry do {number}”."
            ).format(number=inquiry)
        )
    back.tell(session, "inquiry reply", INQUIRY=inquiry)


@app.command("close", help=N_("Close an inquiry."))
def close(
    ctx: syntax.Context,
    inquiry: Inquiry,
    withdrawn: Annotated[
        bool, syntax.Option("--withdrawn", help=N_("A request that was taken back."))
    ] = False,
    undo: options.Undo = False,
) -> None:
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    if undo:
        if withdrawn:
            raise WrongUse(_("say either --withdrawn or --undo"))
        with session.register("inquiry") as register:
            inquiries.reopen(register, inquiry)
        screen.say(_("Inquiry {number} is not closed any more.").format(number=inquiry))
        return
    with session.register("inquiry") as register:
        undecided = inquiries.close(register, inquiry, withdrawn)
    screen.say(_("Inquiry {number} is closed.").format(number=inquiry))
    if undecided:
        screen.say(_("It was a request, and how it ended is not on record."))
    back.tell(session, "inquiry close", INQUIRY=inquiry)


@app.command(
    "do",
    help=N_(
        "Carry a request out, answer and close it (R1): export, edit, erase, tell, stop a use."
    ),
    epilog=N_(
        "view: --to DIR, --encrypt. correct: the fields of “soc member edit”, or --from. delete: --to for the certificate. purposes, third-party-records: --to for the letter. stop-use: --use. --letter writes the answer as a letter."
    ),
)
def do(
    ctx: syntax.Context,
    inquiry: Inquiry,
    to: Annotated[str | None, syntax.Option(metavar="PATH", help=N_("Where what is handed over goes: a folder for view, a file for the letter or the certificate."))] = None,
    encrypt: Annotated[bool, syntax.Option("--encrypt", help=N_("One PDF with a password instead of the files (SOC_EXPORT_PASSPHRASE_FILE, or asked)."))] = False,
    use: Annotated[list[str] | None, syntax.Option(metavar="USE", help=N_("What is stopped: notices-email notices-post surveys content improve contact; may be said several times."))] = None,
    letter: Annotated[str | None, syntax.Option(metavar="FILE", help=N_("Write the answer as a letter: .txt or .html."))] = None,
    letter_lang: LetterLang = None, fee: Fee = None,
    name: member.Name = None, kana: member.Kana = None, nickname: member.Nickname = None,
    email: member.Email = None, phone: member.Phone = None, birth_date: member.BirthDate = None,
    sex: member.Sex = None, postal_code: member.PostalCode = None, address: member.Address = None,
    occupation: member.Occupation = None, industry: member.Industry = None,
    interest: member.Interest = None, joined_on: member.JoinedOn = None,
    notice_email: member.NoticeEmail = None, notice_post: member.NoticePost = None,
    survey: member.Survey = None, source: options.From = None, force: options.Force = False,
    yes: options.Yes = False, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.commands import requests

    fields = {
        "name": name, "kana": kana, "nickname": nickname, "email": email, "phone": phone,
        "birth_date": birth_date, "sex": sex, "postal_code": postal_code, "address": address,
        "occupation": occupation, "industry": industry, "interests": interest, "joined_on": joined_on,
        "notice_email": notice_email, "notice_post": notice_post, "survey": survey,
    }  # fmt: skip
    asked = requests.Asked(
        to, encrypt, use or (), letter, letter_lang, fee, fields,
        member.document(source) if source is not None else None, force, yes, form, json,
    )  # fmt: skip
    requests.carry_out(ctx.obj, inquiry, asked)


@app.command("stops", help=N_("List the uses that members had stopped, by number (Act art. 35)."))
def stops(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import inquiries

    with ctx.obj.upkeep() as upkeep:
        output.rows(inquiries.STOP_KEYS, inquiries.stopped(upkeep), form, json)


@app.command("resume", help=N_("End the stop of a use, as the member wants it again."))
def resume(
    ctx: syntax.Context,
    of: options.Member,
    use: Annotated[str, syntax.Option(metavar="USE", help=N_("What was stopped: content improve contact."))],
) -> None:  # fmt: skip
    from soc_cli.operations import inquiries

    session: Session = ctx.obj
    number = session.member(of)
    with session.upkeep() as upkeep:
        inquiries.resume(upkeep, number, use)
    screen.say(
        _("{member}: “{use}” is not stopped any more.").format(
            member=session.policy.club.number(number), use=use
        )
    )
    back.tell(session, "inquiry resume")


@app.command(
    "erase",
    help=N_("Erase an outsider's inquiry to the last byte (R1), with a certificate."),
)
def erase(
    ctx: syntax.Context, inquiry: Inquiry, to: options.Letter = None, force: options.Force = False,
    yes: options.Yes = False, form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    erasing.outsider(ctx.obj, inquiry, to, force, yes, form, json)
