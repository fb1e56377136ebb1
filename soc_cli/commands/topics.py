"""`soc help`: the few ideas behind the commands, each on one screen; and the help of a command."""

from collections.abc import Callable, Iterator
from typing import Annotated

from soc_cli.commands import back, othernames, syntax, ways
from soc_cli.model import meant
from soc_cli.model.errors import NotFound
from soc_cli.model.language import N_, _
from soc_cli.model.text import width, wrapped
from soc_cli.policy.form import Policy
from soc_cli.terminal import screen

app = syntax.Verbs()

PARAGRAPH = str
Pair = tuple[str, str]
"""A word with what it means."""


def _start(_policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("This is how a first day goes. Each line is typed as it stands, and Enter follows.")
    yield "soc", _("offers everything that can be done, to pick with the arrow keys")
    yield "soc tour", _("plays the whole tool on invented people; nothing of yours is touched")
    yield "soc init", _("makes the register")
    yield "soc member import FILE", _("takes in the club's old sheet, as Excel saved it")
    yield "soc member find TEXT", _("looks somebody up")
    yield "soc backup DIR", _("writes a copy, best on another disk; do it often")
    yield "soc check", _("says whether all is well, and what to do where it is not")
    yield _(
        "What a command needs and you did not say, it asks for. Ctrl-C breaks off: then nothing is changed."
    )


def _purpose(policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("The club said to its members what it uses their data for, and may use them for nothing else. Each command reads for one of these purposes, and the register itself refuses to show what that purpose does not need: whoever sends a notice sees no birth date.")  # fmt: skip
    for purpose in policy.purposes.values():
        yield f"{purpose.clause} {purpose.name}", str(policy.clauses[purpose.clause].says)
    yield _("Where more than one fits, “--for PURPOSE” chooses. Every reading is written down, and the member can see it: “soc member history MEMBER”. What a purpose reads: “soc policy show P4”.")  # fmt: skip


def _ground(policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("Data are given to somebody outside the club on one of these grounds and on no other; they are never sold or rented. What a ground rests on must be on record first, and only the items that you name leave.")  # fmt: skip
    for ground in policy.grounds.values():
        yield f"{ground.clause} {ground.name}", str(policy.clauses[ground.clause].says)
    yield _("“soc disclosure checklist GROUND” says what must be at hand; “soc disclosure record” writes the file and its record together.")  # fmt: skip


def _request(_policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("A member may see, correct and delete their registration at any time, and need not say why. Other requests rest on an article of the Act. From the day on which a request arrives there are two weeks to answer it.")  # fmt: skip
    yield "soc inquiry log", _("takes the request in, and says its day")
    yield "soc inquiry list --open", _("shows what waits for an answer")
    yield "soc member verify MEMBER", _("checks that it is really the member who asks")
    yield "soc inquiry identify N", _("puts on record how that was checked, or that it failed")
    yield (
        "soc inquiry do N",
        _("carries it out: exports, corrects, erases, stops a use; and closes it"),
    )
    yield (
        "soc inquiry reply N --outcome",
        _("ends it in a letter: done, nothing held, or refused with its reason"),
    )
    yield _("What is not about somebody's data, such as a question, is answered with “soc inquiry reply” and closed.")  # fmt: skip


def _erasure(policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("Whoever is erased is gone to the last byte: out of the register, and out of every backup when it is restored. It can't be taken back, so it asks first, and says what goes and what stays:")  # fmt: skip
    yield (
        _("the number"),
        _("is never given to anybody again; that it was erased is known, whose it was is not"),
    )
    yield (
        _("what was given away by consent"),
        _("its record stays for {years} years, as the law has it").format(
            years=policy.periods["consent_record"].years
        ),
    )
    yield (
        _("somebody who was refused"),
        _("leaves a keyed mark, by which nobody can find out who it was"),
    )
    yield _("The certificate is for the member. It names the files that were written earlier, and that are to be deleted by hand. “soc sweep” erases what is past its period.")  # fmt: skip


def _mistake(_policy: Policy) -> Iterator[PARAGRAPH | Pair]:
    yield _("Nothing is kept of a command that is broken off by Ctrl-C or ends with an error. What was kept and was a mistake is taken back so:")  # fmt: skip
    for verb, way in ways.WAYS.items():
        if way.command:
            yield f"soc {verb}", back.line(verb)
    yield _("Every command that changes something says on a terminal how, with the numbers filled in, or what there is instead; so does its help. That there was a mistake stays in the journal. Before much is changed: “--dry-run” tries it, and “soc backup DIR” keeps what is there.")  # fmt: skip


TOPICS: dict[str, tuple[str, Callable[[Policy], Iterator[PARAGRAPH | Pair]]]] = {
    "start": (N_("How to begin."), _start),
    "purpose": (N_("What may be read for what."), _purpose),
    "ground": (N_("When data may be given to others."), _ground),
    "request": (N_("When a member asks for their data."), _request),
    "mistake": (N_("How to take back what was a mistake."), _mistake),
    "erasure": (N_("What it means to erase somebody, and what stays."), _erasure),
}
"""Every topic: its one sentence, and what it says under a policy."""


@app.command("help", help=N_("Explain one of the ideas behind the commands; or a command."))
def help_(
    ctx: syntax.Context,
    words: Annotated[
        list[str] | None,
        syntax.Argument(
            metavar="[TOPIC|COMMAND...]", help=N_("A topic, or the words of a command.")
        ),
    ] = None,
) -> None:
    if not words:
        _list()
    elif len(words) == 1 and words[0] in TOPICS:
        _tell(list(TOPICS[words[0]][1](ctx.obj.policy)))
    else:
        _tell_of_command(ctx, words)


def _columns() -> int:
    import shutil

    return max(40, min(shutil.get_terminal_size((80, 24)).columns - 2, 100))


def _list() -> None:
    pairs = [(f"soc help {name}", _(said)) for name, (said, _told) in TOPICS.items()]
    _tell([*pairs, _("A command's own help: “soc help member find”, or “soc member find --help”.")])


def _tell(parts: list[PARAGRAPH | Pair]) -> None:
    """Paragraphs, and between them words with what they mean, side by side where there is room."""
    columns = _columns()
    pairs = [part for part in parts if not isinstance(part, str)]
    first = max((width(word) for word, _meaning in pairs), default=0) + 4
    beside = first <= columns // 2
    lines: list[str] = []
    before: object = None
    for part in parts:
        if lines and (isinstance(part, str) or isinstance(before, str)):
            lines.append("")
        before = part
        if isinstance(part, str):
            lines += wrapped(part, columns)
            continue
        word, meaning = part
        told = wrapped(meaning, columns - (first if beside else 6))
        if beside:
            lines.append(f"  {word}{' ' * (first - 2 - width(word))}{told[0]}")
            lines += [" " * first + line for line in told[1:]]
        else:
            lines += [f"  {word}", *(" " * 6 + line for line in told)]
    screen.line(*map(str.rstrip, lines))


def _tell_of_command(ctx: syntax.Context, words: list[str]) -> None:
    assert ctx.obj.tree is not None
    command = ctx.obj.tree()
    context = command.context_class(command, info_name="soc", **command.context_settings)
    for word in words:
        verbs = getattr(command, "commands", {})
        if word not in verbs:
            path = words[: words.index(word)]
            names = [*command.meant_by([word])] if hasattr(command, "meant_by") else []
            if not path:
                topics = [one for one in othernames.called(word) if one in TOPICS]
                names = topics or meant.nearest(word, TOPICS) or names
            raise NotFound(
                _("there is no topic and no command “{name}”").format(name=" ".join(words)),
                _("did you mean {names}?").format(
                    names=meant.quoted([" ".join(("soc help", *path, name)) for name in names])
                )
                if names
                else _("topics: {names}").format(names=" ".join(TOPICS)),
            )
        command = verbs[word]
        context = type(context)(command, info_name=word, parent=context)
    screen.answer([command.get_help(context) + "\n"])
