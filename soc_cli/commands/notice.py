"""`soc notice`: notices to those who chose them, necessary messages, and who was told what (P4)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, syntax
from soc_cli.commands.session import Session
from soc_cli.model import meant, notice
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _, ngettext
from soc_cli.terminal import ask, progress, screen

if TYPE_CHECKING:
    from soc_cli.formats.files import NewFiles
    from soc_cli.model.notice import Letter
    from soc_cli.operations.notices import Found, Wanted, Write
    from soc_cli.store.members import Filter
    from soc_cli.store.register import Register

app = syntax.Verbs()

Text = str | None
Notice = Annotated[
    int, syntax.Argument(metavar="NOTICE", min=1, max=99_999_999, help=N_("The notice's number."))
]


@app.command(
    "prepare",
    help=N_(
        "Prepare a notice for the active members who chose to get it, as files to send or print, with the record of who is told (P4); this program sends nothing itself. On a terminal, asks for what is missing."
    ),
    epilog=N_(
        "Whose choice was never asked gets no notice. A text may name {name} {kana} {number} {email}, and each member gets their own filled in ({{ and }} are braces). Subject and reason are kept, and the members who were told read them in their own data; of the text its SHA-256 is kept."
    ),
)
def prepare(
    ctx: syntax.Context,
    subject: Annotated[Text, syntax.Option(help=N_("What it is about."))] = None,
    channel: Annotated[Text, syntax.Option(metavar="email|post", help=N_("How it goes."))] = None,
    to: Annotated[
        Text,
        syntax.Option(
            metavar="FILE|DIR",
            help=N_("A new .csv or .pdf, or for e-mails the folder to write them into."),
        ),
    ] = None,
    form_of: Annotated[
        Text,
        syntax.Option(
            "--as",
            metavar="csv|eml|labels|hagaki",
            help=N_(
                "A sheet for a mail merge; a draft (.eml) a member; address labels; postcards. By itself what --to looks like."
            ),
        ),
    ] = None,
    body: Annotated[
        Text,
        syntax.Option(metavar="FILE", help=N_("The text, from a file or from - (standard input).")),
    ] = None,
    from_address: Annotated[
        Text, syntax.Option(metavar="EMAIL", help=N_("The club's own mailbox, for drafts."))
    ] = None,
    member: Annotated[
        list[str] | None,
        syntax.Option(metavar="MEMBER", help=N_("Only this one; may be said several times.")),
    ] = None,
    members_from: Annotated[
        Text,
        syntax.Option(
            metavar="FILE",
            help=N_("Only those: a file with a MEMBER a line, or - for standard input."),
        ),
    ] = None,
    needed: Annotated[
        Text,
        syntax.Option(
            metavar="REASON",
            help=N_(
                "No notice but a necessary message, which reaches the members named whatever they chose; why."
            ),
        ),
    ] = None,
    prefecture: Annotated[
        Text, syntax.Option(help=N_("Only who lives there by the postal code, where the purpose reads it."))
    ] = None,
    joined_from: Annotated[
        Text, syntax.Option(metavar="DAY", help=N_("Only who joined on this day or later."))
    ] = None,
    joined_to: Annotated[
        Text, syntax.Option(metavar="DAY", help=N_("Only who joined on this day or earlier."))
    ] = None,
    age: Annotated[
        Text, syntax.Option(metavar="30-39", help=N_("Only who is of this age, where the purpose reads it."))
    ] = None,
    interest: Annotated[
        Text, syntax.Option(help=N_("Only who has this interest, where the purpose reads it."))
    ] = None,
    declared: Annotated[
        int | None,
        syntax.Option(metavar="MEETING", min=1, max=99_999_999, help=N_("Only who declared for it, where the purpose reads it.")),
    ] = None,
    one_per_household: Annotated[
        bool,
        syntax.Option(
            "--one-per-household",
            help=N_(
                "One letter to all of one surname at one address, one e-mail to all of one mailbox; to the one with the lowest number."
            ),
        ),
    ] = False,
    sheet: Annotated[
        str | None,
        syntax.Option(
            metavar="66x33.9|70x33.9|70x37.1", help=N_("The labels on an A4 sheet, in millimetres; 66x33.9 unless said.")
        ),
    ] = None,
    skip: Annotated[
        int, syntax.Option(min=0, max=23, help=N_("How many labels of the first sheet are gone."))
    ] = 0,
    dry_run: options.DryRun = False,
    force: options.Force = False,
    form: options.Format = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    from soc_cli.operations import notices

    session: Session = ctx.obj
    said = channel or ask.select(
        _("By e-mail or by post:"), [(_channel(one), one) for one in notice.CHANNELS], "--channel"
    )
    chosen = notices.checked_channel(session.policy, said, needed is not None)
    titled = notices.checked_subject(
        subject if subject is not None else ask.text(_("Subject:"), ask.needed, "--subject")
    )
    reason = notices.checked_reason(needed) if needed is not None else None
    named = [*(member or ()), *_lines_of(members_from)]
    texts = {
        "joined_from": joined_from, "joined_to": joined_to, "age": age, "interest": interest,
        "prefecture": prefecture,
    }  # fmt: skip
    written = None if dry_run else _Written(session, chosen, to, form_of, sheet, skip, force)
    wanted = notices.Wanted(
        chosen,
        titled,
        _filter(session, texts, declared),
        session.members(named) if named or members_from else None,
        reason,
        one_per_household,
        _body(body, written),
    )
    if written is not None:
        written.address = _sender(session, from_address, written.kind)
        session.will_write(written.path if written.kind == notice.EML else written.path.parent)
    with session.register("contact") as register:
        progress.doing(_("Writing the notice …"))
        if written is None:
            found = notices.tried(register, wanted)
        else:
            number, found = notices.prepare(register, wanted, written.by(register, wanted))
    if written is None:
        _say_left_out(session, wanted, found)
        screen.say(_("Dry run: nothing was kept."))
        _show_counts(found.counts, form, json)
        return
    written.finish()
    _say_told(number, found, written)
    _say_left_out(session, wanted, found)
    screen.line(number)
    back.tell(session, "notice prepare", NOTICE=number)


class _Written:
    """Where a notice is written to, and as what."""

    def __init__(
        self,
        session: Session,
        channel: str,
        to: str | None,
        kind: str | None,
        sheet: str | None,
        skip: int,
        force: bool,
    ) -> None:
        from soc_cli.formats import drawing, labels

        self.session, self.channel, self.force, self.skip = session, channel, force, skip
        asked = _("New file (.csv, .pdf):") if channel == notice.POST else _("New file (.csv) or folder:")  # fmt: skip
        to = to or ask.text(asked, ask.needed, "--to")
        if to == "-":
            raise WrongUse(_("--to names no file"))
        self.path = Path(to)
        self.kind = kind or self._looks_like()
        if self.kind not in notice.FORMS[channel]:
            raise WrongUse(
                _("--{option} is one of: {names}").format(
                    option="as", names=" ".join(notice.FORMS[channel])
                ),
                _("a notice that goes by {channel} can be nothing else").format(
                    channel=_channel(channel)
                ),
            )
        if self.kind != notice.LABELS and (sheet or skip):
            raise WrongUse(
                _("{option} is for labels").format(option="--sheet" if sheet else "--skip"),
                _("leave it out, or say --as labels"),
            )
        sheet = sheet or labels.USUAL
        meant.check("sheet", sheet, list(labels.SHEETS))
        self.sheet = labels.SHEETS[sheet]
        if self.kind in (notice.LABELS, notice.HAGAKI):
            drawing.check_there()
        self.address = ("", "")
        """The name and the mailbox that drafts come from."""
        self.lacking: Sequence[str] = ()
        """Whose address has a character that the font lacks."""
        self._left_over: list[Path] = []

    def _looks_like(self) -> str:
        """What it is written as where nobody says: by its ending, or for e-mails a folder of drafts."""
        suffix = self.path.suffix.lower()
        if kind := {".csv": notice.CSV, ".pdf": notice.LABELS}.get(suffix):
            return kind
        if self.channel == notice.EMAIL and (not suffix or self.path.is_dir()):
            return notice.EML
        raise WrongUse(
            _("{path} does not say what to write").format(path=self.path),
            _("name a new file: .csv or .pdf (labels), or for e-mails a folder; or say --as"),
        )

    def by(self, register: "Register", wanted: "Wanted") -> "Write":
        """What the operation has the files written by."""
        from soc_cli.formats import files

        def write(
            letters: Sequence["Letter"],
        ) -> tuple["NewFiles", Mapping[Path, Sequence["Letter"]]]:
            contents = self._contents(letters, register, wanted)
            if self.kind != notice.EML:
                (data,) = contents.values()
                return files.prepare_all({self.path: data}, self.force), {self.path: letters}
            files.make_folder(self.path)
            # A draft of an earlier notice must not be sent along with these.
            others = [one for one in self._drafts_there() if one.name not in contents]
            self._left_over = files.to_clear(others, self.force)
            made = files.prepare_all(
                {self.path / name: data for name, data in contents.items()}, self.force
            )
            named = zip(contents, letters, strict=True)
            return made, {self.path / name: [letter] for name, letter in named}

        return write

    def _drafts_there(self) -> list[Path]:
        """The drafts in the folder that are this program's, by their names."""
        club = self.session.policy.club
        there = ((club.number_of(path.stem), path) for path in self.path.glob("*.eml"))
        return sorted(path for number, path in there if number and path.stem == club.number(number))

    def _contents(
        self, letters: Sequence["Letter"], register: "Register", wanted: "Wanted"
    ) -> Mapping[str, bytes]:
        from soc_cli.formats import drafts, labels, mailmerge

        at = register.run.clock.now()
        if self.kind == notice.EML:
            return drafts.drafts(letters, self.address, wanted.subject, wanted.body or "", at)
        if self.kind == notice.CSV:
            columns = mailmerge.COLUMNS[self.channel]
            headings = [output.member_label(column) for column in columns]
            return {self.path.name: mailmerge.sheet(letters, self.channel, headings)}
        club = self.session.policy.club
        title = str(club.name)
        if self.kind == notice.LABELS:
            made = labels.labels(letters, self.sheet, self.skip, title, at)
        else:
            made = labels.hagaki(letters, (club.address, title), title, at)
        self.lacking = made.lacking
        return {self.path.name: made.data}

    def finish(self) -> None:
        """Removes the drafts of an earlier notice, once the new ones have their names."""
        from soc_cli.formats import files

        files.clear(self._left_over)


def _channel(channel: str) -> str:
    return output.for_person("notice_channel", channel)


def _filter(session: Session, texts: Mapping[str, str | None], declared: int | None) -> "Filter":
    from dataclasses import replace

    from soc_cli.operations import members

    found = members.wanted(session.policy, session.run().clock.today(), texts)
    return replace(found, declared=declared)


def _lines_of(path: str | None) -> list[str]:
    """The words of a file, a line each."""
    from soc_cli.formats import encodings, files

    if path is None:
        return []
    text, _encoding = encodings.decoded(files.read(path))
    return [line.strip() for line in text.splitlines() if line.strip()]


def _body(path: str | None, written: _Written | None) -> str | None:
    """The text of a notice; a draft has one."""
    from soc_cli.formats import encodings, files
    from soc_cli.model import fields

    if path is None:
        if written is None or written.kind != notice.EML:
            return None
        if not screen.can_ask():
            raise WrongUse(
                _("an e-mail has a text"), _("say --body FILE, or --body - for standard input")
            )
        path = ask.text(_("File with the text:"), ask.needed, "--body")
    text, _encoding = encodings.decoded(files.read(path))
    try:
        found = fields.long_text(text)
    except fields.FieldError as error:
        raise fields.wrong(path, error) from None
    if found is None:
        raise WrongUse(_("the text is empty"), _("say --body FILE, or --body - for standard input"))
    return found


def _sender(session: Session, said: str | None, kind: str) -> tuple[str, str]:
    """The club's name and mailbox: as said, else its contact in the policy where that is a mailbox."""
    from soc_cli.model import fields

    club = session.policy.club
    if kind != notice.EML:
        return str(club.name), ""
    today = session.run().clock.today()
    if said is None:
        with suppress(fields.FieldError):
            if (own := fields.email(club.complaints, today)) is not None:
                return str(club.name), own
        if not screen.can_ask():
            raise WrongUse(
                _("nobody knows which mailbox the e-mails come from"),
                _(
                    "say --from-address, or put the club's mailbox into the policy as [club] complaints"
                ),
            )
        said = ask.text(_("The club's own mailbox:"), ask.needed, "--from-address")
    try:
        found = fields.email(said, today)
    except fields.FieldError as error:
        raise fields.wrong(said, error) from None
    if found is None:
        raise WrongUse(_("--from-address names no mailbox"))
    return str(club.name), found


def _show_counts(counts: Mapping[str, object], form: options.Form | None, json: bool) -> None:
    output.thing(tuple(counts), _in_words(counts, form, json), form, json, _label)


def _label(key: str) -> str:
    """A heading; the channel of a notice is not that of an inquiry."""
    return output.label("notice_channel" if key == "channel" else key)


def _in_words(
    row: Mapping[str, object], form: options.Form | None, json: bool
) -> Mapping[str, object]:
    """The row with its channel in words where a person reads it."""
    if output.chosen(form, json) is not options.Form.table:
        return row
    return {**row, "channel": _channel(str(row["channel"]))}


def _say_told(number: int, found: "Found", written: _Written) -> None:
    counts = found.counts
    told = ngettext(
        "Notice {number} is on record; it tells {told} member.",
        "Notice {number} is on record; it tells {told} members.",
        int(str(counts["told"])),
    )
    screen.say(told.format(number=number, **{"told": counts["told"]}))
    if counts["household"]:
        screen.say(
            _("{household} of them in the letter to another of the household.").format(
                household=counts["household"]
            )
        )
    screen.say(_("Nothing was sent. To send or print: {path}").format(path=written.path.as_posix()))
    if written.kind in (notice.LABELS, notice.HAGAKI):
        screen.say(_("Print it at its own size (100 %), not fitted to the page."))
    if written.lacking:
        screen.say(
            _("Write by hand, as the font lacks a character of it: {numbers}").format(
                numbers=_(", ").join(written.lacking)
            )
        )


def _say_left_out(session: Session, wanted: "Wanted", found: "Found") -> None:
    """Who gets nothing, and why; of choices no more than how many of the whole club."""
    counts = found.counts
    if found.left_out:
        screen.say(
            _("Gets nothing, by choice or as no active member: {numbers}").format(
                numbers=_(", ").join(found.left_out)
            )
        )
    if found.no_address:
        what = _("no e-mail address") if wanted.channel == notice.EMAIL else _("no address")
        screen.say(
            _("Can't be reached ({what}): {numbers}").format(
                what=what, numbers=_(", ").join(found.no_address)
            )
        )
    if counts["never_asked"] is None:
        return
    if counts["not_chosen"]:
        screen.say(
            _(
                "Of the {matched} active members meant, {not_chosen} did not choose it and get nothing."
            ).format(**counts)
        )
    if counts["never_asked"]:
        choice = session.policy.choices[f"notice_{wanted.channel}"]
        screen.say(
            _(
                "Never asked, so they get nothing: {n} of the active members of the whole club ({choice}). “soc member choices” records their answer."
            ).format(n=counts["never_asked"], choice=choice.label)
        )


@app.command(
    "take-back", help=N_("Take a notice off the record that was prepared and never sent (P4).")
)
def take_back(ctx: syntax.Context, number: Notice) -> None:
    from soc_cli.operations import notices

    session: Session = ctx.obj
    with session.upkeep() as upkeep:
        told = notices.take_back(upkeep, number)
    screen.say(
        ngettext(
            "Notice {number} is off the record: {n} member was not told. Delete its file by hand.",
            "Notice {number} is off the record: {n} members were not told. Delete its file by hand.",
            told,
        ).format(number=number, n=told)
    )
    back.tell(session, "notice take-back")


@app.command("list", help=N_("List the notices, and how many members each told (P4)."))
def list_(ctx: syntax.Context, form: options.Format = None, json: options.Json = False) -> None:
    from soc_cli.operations import notices

    with ctx.obj.upkeep() as upkeep:
        rows = notices.listed(upkeep)
    output.rows(notices.KEYS, [_in_words(row, form, json) for row in rows], form, json, _label)


@app.command("show", help=N_("Show a notice, and by number whom it told (P4)."))
def show(
    ctx: syntax.Context, number: Notice, form: options.Format = None, json: options.Json = False
) -> None:
    from soc_cli.operations import notices

    with ctx.obj.upkeep() as upkeep:
        found = notices.show(upkeep, number)
    people = found["people"]
    assert isinstance(people, list)
    kind = output.chosen(form, json)
    if kind in (options.Form.json, options.Form.jsonl):
        output.thing(tuple(found), found, form, json)
        return
    if kind is not options.Form.csv:  # a CSV holds one table: that of the people
        output.thing(notices.SHOWN, _in_words(found, form, json), form, json, _label)
    output.rows(notices.PEOPLE, people, form, json)
