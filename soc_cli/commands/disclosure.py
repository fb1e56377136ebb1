"""`soc disclosure`: what is given to third parties, on one of four grounds, and the ledger of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from soc_cli.commands import back, imports, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.commands.short import OPTIONAL_VALUE
from soc_cli.model.errors import WrongUse
from soc_cli.model.frozen import replace
from soc_cli.model.language import N_, _
from soc_cli.policy.form import Policy
from soc_cli.terminal import ask, screen

if TYPE_CHECKING:
    from soc_cli.formats.letter import Letter
    from soc_cli.operations.disclosures import Prepare

app = syntax.Verbs()

Text = str | None


def _said(help: str, **more: str) -> Any:
    return syntax.Option(help=help, **more)


Recipient = Annotated[Text, _said(N_("To whom."))]
RecipientAddress = Annotated[Text, _said(N_("The recipient's address."))]
RecipientRepresentative = Annotated[Text, _said(N_("Who represents the recipient."))]
Consent = Annotated[Text, _said(N_("The number of the consent (D1)."), metavar="CONSENT")]
Kind = Annotated[Text, _said(N_("Of an authority: order or inquiry (D2)."))]
Court = Annotated[Text, _said(N_("The court that ordered it (D2)."))]
CaseNumber = Annotated[Text, _said(N_("The case number (D2)."))]
DocumentDate = Annotated[Text, _said(N_("The day on the document (D2)."))]
ServedOriginal = Annotated[
    Text, _said(N_("That the original was served, and when (D2)."), metavar=OPTIONAL_VALUE)
]
Law = Annotated[Text, _said(N_("The law that gives the power to ask (D2)."))]
Article = Annotated[Text, _said(N_("Its article (D2)."))]
Authority = Annotated[Text, _said(N_("The public body (D2)."))]
Officer = Annotated[Text, _said(N_("Its officer (D2)."))]
DocumentNumber = Annotated[Text, _said(N_("The document's number (D2)."))]
CalledBack = Annotated[
    Text,
    _said(
        N_("That it was confirmed by calling back a number found independently, and how (D2)."),
        metavar=OPTIONAL_VALUE,
    ),
]
Violation = Annotated[Text, _said(N_("What was broken (D3)."))]
Protects = Annotated[
    Text, _said(N_("What is protected or threatened (D3 D4)."), metavar="life|body|property")
]
Whose = Annotated[Text, _said(N_("Whose it is (D3)."))]
Danger = Annotated[Text, _said(N_("What the danger is (D4)."))]
Urgency = Annotated[Text, _said(N_("Why it can't wait (D4)."))]
WhyNoConsent = Annotated[Text, _said(N_("Why the member's consent is hard to get (D3 D4)."))]
DecidedBy = Annotated[Text, _said(N_("Who decided; the operator, unless said (D3 D4)."))]
NotShown = Annotated[
    Text,
    _said(
        N_("Why the member may not see this record (Cabinet Orders 5 and 11)."), metavar="REASON"
    ),
]
Disclosure = Annotated[
    int,
    syntax.Argument(
        metavar="DISCLOSURE", min=1, max=99_999_999, help=N_("The disclosure's number.")
    ),
]


@app.command(
    "record",
    help=N_(
        "Write the named items of the named members into one file, together with the record of it (D0-D4); on a terminal, asks for what is missing."
    ),
    epilog=N_(
        "What must be on record first: consent: --consent; authority, kind order: --court --case-number"
        " --document-date --served-original; kind inquiry: --law --article --authority --officer --document-number"
        " --document-date --called-back; protection: --violation --protects --whose --why-no-consent; danger: --danger"
        " --protects --urgency --why-no-consent; and for each of them the recipient with address and representative."
    ),
)
def record(
    ctx: syntax.Context,
    ground: Annotated[Text, syntax.Option(help=N_("consent, authority, protection or danger."))] = None,
    items: Annotated[Text, syntax.Option(help=N_("Which items leave, with commas: name,address."))] = None,
    member: Annotated[list[str] | None, syntax.Option(metavar="MEMBER", help=N_("Whose; may be said several times."))] = None,
    members_from: Annotated[Text, syntax.Option(metavar="FILE", help=N_("Whose: a file with a MEMBER a line, or - for standard input."))] = None,
    to: Annotated[Text, syntax.Option(metavar="FILE", help=N_("The new file: .csv, .json, or .html for a letter to print."))] = None,
    recipient: Recipient = None, recipient_address: RecipientAddress = None,
    recipient_representative: RecipientRepresentative = None, consent: Consent = None, kind: Kind = None,
    court: Court = None, case_number: CaseNumber = None, document_date: DocumentDate = None,
    served_original: ServedOriginal = None, law: Law = None, article: Article = None, authority: Authority = None,
    officer: Officer = None, document_number: DocumentNumber = None, called_back: CalledBack = None,
    violation: Violation = None, protects: Protects = None, whose: Whose = None, danger: Danger = None,
    urgency: Urgency = None, why_no_consent: WhyNoConsent = None, decided_by: DecidedBy = None,
    not_shown: NotShown = None, dry_run: options.DryRun = False, force: options.Force = False,
    form: options.Format = None, json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import disclosures, grounds

    session: Session = ctx.obj
    texts = {
        "recipient": recipient, "recipient_address": recipient_address,
        "recipient_representative": recipient_representative, "consent": consent, "kind": kind, "court": court,
        "case_number": case_number, "document_date": document_date, "served_original": served_original, "law": law,
        "article": article, "authority": authority, "officer": officer, "document_number": document_number,
        "called_back": called_back, "violation": violation, "protects": protects, "whose": whose, "danger": danger,
        "urgency": urgency, "why_no_consent": why_no_consent, "decided_by": decided_by,
    }  # fmt: skip
    policy = session.policy
    known = disclosures.known(policy)
    chosen = grounds.named(policy, ground or _ask_ground(policy))
    _ask_missing(session, chosen, texts)
    said = items or ask.text(
        _("Items (with commas):"), lambda text: disclosures.named_items(text, known), "--items"
    )
    named = disclosures.named_items(said, known)
    whose_are = [*(member or ()), *_lines_of(members_from)]
    if not whose_are:
        whose_are = [ask.text(_("Member:"), ask.needed, "--member")]
    numbers = session.members(whose_are)
    reason = grounds.plain(not_shown)
    path = None if dry_run else _file(to)
    wanted = disclosures.Wanted(chosen, texts, named, numbers, reason)
    if path is not None:
        session.will_write(path.parent)
    with session.disclosure(
        named, numbers, disclosures.shown_to_member(chosen, reason), chosen
    ) as register:
        if path is None:
            rows, told = disclosures.tried(register, wanted)
            _show_tried(named, rows, told, form, json)
            return
        number = disclosures.record(register, wanted, _writer(session, path, named, force))
    screen.say(
        _("Disclosure {number} is on record; the file: {path}").format(
            number=number, path=path.as_posix()
        )
    )
    screen.line(number)
    back.tell(session, "disclosure record", DISCLOSURE=number)


def _file(to: str | None) -> Path:
    """Where the extract goes; on a terminal asked for."""
    to = to or ask.text(_("New file (.csv, .json, or .html for a letter):"), ask.needed, "--to")
    options.named(to, "--to")
    path = Path(to)
    if path.suffix.lower() not in (".csv", ".json", ".html", ".htm"):
        raise WrongUse(
            _("{suffix} can't be written").format(suffix=path.suffix)
            if path.suffix
            else _("{path} does not say what to write").format(path=path),
            _("name a new file: .csv, .json, .html"),
        )
    return path


def _lines_of(path: str | None) -> list[str]:
    """The words of a file, a line each."""
    from soc_cli.formats import encodings, files

    if path is None:
        return []
    text, _encoding = encodings.decoded(files.read(path))
    return [line.strip() for line in text.splitlines() if line.strip()]


def _ask_ground(policy: Policy) -> str:
    answers = [
        (f"{ground.clause}  {ground.label}", name) for name, ground in policy.grounds.items()
    ]
    return ask.select(_("Ground:"), answers, "--ground")


def _past_day(session: Session) -> Callable[[str], object]:
    from soc_cli.operations import grounds

    today = session.run().clock.today()
    return lambda text: grounds.past_day(text, today)


def _ask_missing(session: Session, ground: str, texts: dict[str, Text]) -> None:
    """On a terminal, asks for each thing that must be on record on this ground, and says why."""
    from soc_cli.operations import grounds

    policy = session.policy
    if not screen.can_ask():
        return
    for _twice in range(2):  # the kind first, then what it asks for
        for key in grounds.asked(policy, ground, texts.get("kind")):
            if texts.get(key):
                continue
            option = "--" + key.replace("_", "-")
            if key == "kind":
                kinds = [
                    (output.for_person("kind", kind), kind) for kind in policy.grounds[ground].kinds
                ]
                texts[key] = ask.select(ask.named(output.label(key)), kinds, option)
            elif key == "protects":
                rights = [(output.for_person(key, right), right) for right in grounds.PROTECTED]
                texts[key] = ask.select(ask.named(output.label(key)), rights, option)
            else:
                question = _("{field} ({why})").format(
                    field=output.label(key), why=_(grounds.WHY[key])
                )
                check = _past_day(session) if key in grounds.DAYS else ask.needed
                texts[key] = ask.text(question, check, option)


def _writer(session: Session, path: Path, named: tuple[str, ...], force: bool) -> "Prepare":
    """What writes the extract of a record: as a letter, JSON or CSV."""
    from soc_cli.formats import extracts, files, letter

    labels = [output.label(item) for item in named]

    def prepare(rows: list[dict[str, object]], told: Mapping[str, object]) -> files.NewFile:
        if path.suffix.lower() in (".html", ".htm"):
            cells = [[output.for_person(item, row[item]) for item in named] for row in rows]
            data = letter.written(_letter(session, told), labels, cells)
        else:
            data = extracts.written(path.suffix, named, labels, rows)
        return files.prepare(path, data, force)

    return prepare


_TOLD = (
    "court", "case_number", "law", "article", "authority", "officer", "document_number", "document_date",
    "consent_given_on", "consent_purpose",
)  # fmt: skip
"""What a letter says of its ground. The words of the others are about the member, and no items."""


def _letter(session: Session, told: Mapping[str, object]) -> "Letter":
    """What a letter says beside the items."""
    from soc_cli.formats.letter import Letter

    club = session.policy.club
    to = _("{name} (representative)").format(name=told["recipient_representative"])
    return Letter(
        (club.address, str(club.name), club.representative),
        (str(told["recipient_address"]), str(told["recipient"]), to),
        str(told["made_at"])[:10],
        _rested_on(session, told),
    )


def _rested_on(session: Session, told: Mapping[str, object]) -> list[tuple[str, str]]:
    """The ground of a record in words that tell the recipient nothing new of the member.

    Beside the ground that is the document that the recipient sent, or what the member agreed to.
    """
    found = told["fields"]
    assert isinstance(found, dict)
    ground = session.policy.grounds[str(told["ground"])]
    shown = [(ground.clause, str(ground.label))]
    kept = {key: said for key, said in found.items() if key in _TOLD}
    return shown + [(output.label(key), output.for_person(key, said)) for key, said in kept.items()]


def _show_tried(
    named: tuple[str, ...],
    rows: list[dict[str, object]],
    told: Mapping[str, object],
    form: options.Form | None,
    json: bool,
) -> None:
    """What would leave, and the record of it."""
    from soc_cli.formats import extracts

    extract = extracts.typed(named, rows)
    record = {**told, "items": list(named), "visible_to_member": bool(told["visible_to_member"])}
    shown = tuple(key for key in record if key not in ("file_sha256", "corrects_id"))
    kind = output.chosen(form, json)
    screen.say(_("Dry run: nothing was kept."))
    if kind in (options.Form.json, options.Form.jsonl):
        both = {"record": {key: record[key] for key in shown}, "extract": extract}
        output.thing(("record", "extract"), both, form, json)
        return
    output.thing(shown, record, form, json)
    output.rows(named, extract, form, json)


@app.command(
    "correct",
    help=N_(
        "Record a disclosure anew that was recorded wrongly; the old record stays, and nothing leaves."
    ),
)
def correct(
    ctx: syntax.Context, disclosure: Disclosure,
    reason: Annotated[Text, syntax.Option(help=N_("What was wrong."))] = None,
    recipient: Recipient = None, recipient_address: RecipientAddress = None,
    recipient_representative: RecipientRepresentative = None, consent: Consent = None,
    court: Court = None, case_number: CaseNumber = None, document_date: DocumentDate = None,
    served_original: ServedOriginal = None, law: Law = None, article: Article = None, authority: Authority = None,
    officer: Officer = None, document_number: DocumentNumber = None, called_back: CalledBack = None,
    violation: Violation = None, protects: Protects = None, whose: Whose = None, danger: Danger = None,
    urgency: Urgency = None, why_no_consent: WhyNoConsent = None, decided_by: DecidedBy = None,
) -> None:  # fmt: skip
    from soc_cli.operations import disclosures

    session: Session = ctx.obj
    said = {
        "recipient": recipient, "recipient_address": recipient_address,
        "recipient_representative": recipient_representative, "consent": consent, "court": court,
        "case_number": case_number, "document_date": document_date, "served_original": served_original, "law": law,
        "article": article, "authority": authority, "officer": officer, "document_number": document_number,
        "called_back": called_back, "violation": violation, "protects": protects, "whose": whose, "danger": danger,
        "urgency": urgency, "why_no_consent": why_no_consent, "decided_by": decided_by,
    }  # fmt: skip
    why = reason or ask.text(_("What was wrong:"), ask.needed, "--reason")
    with session.upkeep() as upkeep:
        old = disclosures.show(upkeep, disclosure)
        wanted = disclosures.as_it_was(old, said)
        disclosures.named_items(",".join(wanted.items), disclosures.known(upkeep.policy))
        numbers = disclosures.stored_members(upkeep, old)
    shown = bool(old["visible_to_member"])
    with session.disclosure(wanted.items, numbers, shown, wanted.ground) as register:
        number = disclosures.correct(register, old, replace(wanted, members=numbers), why)
    screen.say(_("Record {new} corrects record {old}.").format(new=number, old=disclosure))
    screen.line(number)
    back.tell(session, "disclosure correct", DISCLOSURE=number)


@app.command(
    "checklist",
    help=N_("Print what must be on record on a ground, with boxes to tick (D1-D4)."),
)
def checklist(
    ctx: syntax.Context,
    ground: Annotated[str, syntax.Argument(metavar="GROUND", help=N_("consent, authority, protection or danger."))],
    kind: Kind = None,
) -> None:  # fmt: skip
    from soc_cli.operations import grounds

    policy = ctx.obj.policy
    chosen = policy.grounds[grounds.named(policy, ground)]
    clause = policy.clauses[chosen.clause]
    kinds = [grounds.kind_of(chosen, kind)] if kind else list(chosen.kinds)
    lines = [f"{clause.id}  {chosen.label}", str(clause.says), ""]
    for one in kinds:
        if one:
            lines.append(f"[{output.for_person('kind', one)}]")
        for key in grounds.asked(policy, chosen.name, one):
            told = _("{field} ({why})").format(field=output.label(key), why=_(grounds.WHY[key]))
            lines.append(f"  □ {told}")
        lines.append("")
    if chosen.name == "authority":
        refused = _("{field} ({why})")
        lines += [
            "  × " + refused.format(field=reason, why=instead)
            for reason, instead in grounds.never_enough()
        ]
    screen.line(*lines)


@app.command(
    "report",
    help=N_("Count what was given to others by ground, for the club's assembly; no names (D1-D4)."),
)
def report(
    ctx: syntax.Context,
    year: Annotated[
        int | None, syntax.Option(min=1900, max=9999, help=N_("Only this year."))
    ] = None,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import disclosures

    with ctx.obj.upkeep() as upkeep:
        output.rows(disclosures.REPORT_KEYS, disclosures.report(upkeep, year), form, json)


@imports.verb(
    app, N_("Record the disclosures of a sheet, made before there was this register (D1-D4).")
)
def import_(session: Session, asked: imports.Asked) -> None:
    from soc_cli.operations import disclosure_import
    from soc_cli.operations.record_import import People

    with session.upkeep() as upkeep:
        noun = disclosure_import.noun(session.policy, People(upkeep))
        imports.run(session, session.upkeep, noun, asked)


@app.command("list", help=N_("List what was given to others, with members by number (D1-D4)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import disclosures

    columns: tuple[str, ...] = disclosures.RECORD_KEYS
    if output.chosen(form, json) is options.Form.table:  # these are what “show” is for
        hidden = ("fields", "kind", "file_sha256", "recipient_address", "recipient_representative", "not_shown_because")  # fmt: skip
        columns = tuple(column for column in columns if column not in hidden)
    with ctx.obj.upkeep() as upkeep:
        output.rows(columns, disclosures.records(upkeep), form, json)


@app.command("show", help=N_("Show one record of the ledger (D1-D4)."))
def show(
    ctx: syntax.Context,
    disclosure: Disclosure,
    form: options.Format = None,
    json: options.Json = False,
) -> None:
    from soc_cli.operations import disclosures

    with ctx.obj.upkeep() as upkeep:
        found = disclosures.show(upkeep, disclosure)
    output.thing(tuple(found), found, form, json)
