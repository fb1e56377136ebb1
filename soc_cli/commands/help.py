"""Verbs and nouns whose help speaks the language of the run and counts the columns of a terminal."""

import inspect
import re
import shutil
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import wraps
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command_from_info
from typer.models import CommandInfo

from soc_cli.commands import back, completing, examples, othernames, syntax
from soc_cli.commands.short import OPTIONAL_VALUE
from soc_cli.model import meant
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.model.text import DASHES, width, wrapped
from soc_cli.terminal import ask, screen

# Typer asks gettext for these, and Click's parts of it write the last two as they are.
_TYPER = (
    N_("Options"), N_("Arguments"), N_("Commands"), N_("required"), N_("default: {default}"), N_("Missing command."),
    N_("Usage: "), N_("Show this message and exit."),
)  # fmt: skip

_WIDEST, _NARROWEST = 80, 30
"""Columns of a window that help is made for."""
_BESIDE = 24
"""Fewer columns than this are too few for what an option is for."""
_DEEPER = 4

_HelpFormatter: Any = typer.Context.formatter_class


class Formatter(_HelpFormatter):  # type: ignore[misc]
    """Plain help in which wide characters count as two columns, also in a narrow window."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        columns = shutil.get_terminal_size((_WIDEST, 24)).columns
        self.width = max(min(columns, _WIDEST) - 2, _NARROWEST)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line, broken between its words where it has to be."""
        lines = [(_("Usage: ") if prefix is None else prefix) + prog]
        for word in args.split(" "):
            if width(lines[-1]) + 1 + width(word) > self.width:
                lines.append(" " * _DEEPER + word)
            else:
                lines[-1] += f" {word}"
        self.write("".join(f"{line}\n" for line in lines))

    def write_text(self, text: str) -> None:
        """A paragraph."""
        indent = " " * self.current_indent
        for line in wrapped(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options and commands with what each is for."""
        rows = list(rows)
        first = min(max((width(term) for term, _text in rows), default=0), col_max) + col_spacing
        if self.width - self.current_indent - first < _BESIDE:
            first = _DEEPER  # no room beside them: each is explained below
        for whole, text in rows:
            *begun, term = _broken(whole, self.width - self.current_indent)
            for part in (*begun, term):
                self.write(" " * self.current_indent + part + ("" if part is term else "\n"))
            gap = first - width(term)
            if gap < col_spacing:
                self.write("\n" + " " * (self.current_indent + first))
            else:
                self.write(" " * gap)
            lines = wrapped(text, self.width - self.current_indent - first)
            self.write(("\n" + " " * (self.current_indent + first)).join(lines) + "\n")


def _broken(term: str, columns: int) -> list[str]:
    """An option with its choices, broken between two of them where a window is too narrow."""
    lines = [""]
    for piece in re.split(r"(?<=\|)", term):
        if lines[-1] and width(lines[-1] + piece) > columns:
            lines.append(" " * _DEEPER)
        lines[-1] += piece
    return lines


class _Speaking:
    """Help in the language of the run."""

    def get_help(self, ctx: Any) -> str:
        ctx.formatter_class = Formatter
        text: str = super().get_help(ctx)  # type: ignore[misc]
        return text

    def get_usage(self, ctx: Any) -> str:
        ctx.formatter_class = Formatter
        text: str = super().get_usage(ctx)  # type: ignore[misc]
        return text

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 (ours is one sentence, and wraps)
        return str(self.short_help or self.help or "")  # type: ignore[attr-defined]


def _located(ctx: Any, parse: Callable[[], Any]) -> Any:
    """Parses; an error then knows the command in which it happened: the parser does not tell."""
    try:
        return parse()
    except typer.TyperException as error:
        if getattr(error, "ctx", ctx) is None:
            error.ctx = ctx  # type: ignore[attr-defined]
        raise


def said(ctx: Any) -> str:
    """The words of a command without the program's name."""
    return str(ctx.command_path.partition(" ")[2])


PERSONAL = frozenset(
    (
        *("name", "kana", "nickname", "email", "phone", "birth_date", "postal_code", "address"),
        *("occupation", "industry", "interest", "sex", "text", "body", "from_name", "from_contact"),
        *("reason", "agent", "officer", "recipient_representative", "violation", "danger", "whose"),
        *("guest", "sign_in", "subject"),
    )
)
"""Parameters that take somebody's data in words; written as `-`, they are asked for."""

READS_ITSELF = frozenset(("text", "body"))
"""Those of which `-` means standard input, where there is no terminal to ask on."""

FROM_A_FILE = N_(
    "What is given as an option stays in the shell's history: on a shared machine let yourself be asked, or use --from."
)
ASKED = N_(
    "What is typed in the command stays in the shell's history: on a shared machine write “-” for it, and you are asked."
)


def options_of(command: Any) -> list[str]:
    """Every name of every option of a command."""
    return ["--help", *(n for p in command.params if p.param_type_name == "option" for n in (*p.opts, *p.secondary_opts))]  # fmt: skip


def _check_signs(ctx: Any, args: Sequence[str]) -> None:
    """Raises WrongUse for an option that is written with other hyphens, or behind a full-width space."""
    known = options_of(ctx.command)
    for word in args:
        for part in word.split() if "　" in word else [word]:
            name = meant.option(part.partition("=")[0].partition("＝")[0])
            if part != word and name.startswith("-") and name in known:
                raise WrongUse(
                    _("a full-width space stands in “{word}”").format(word=word),
                    _("did you mean {names}?").format(names=meant.quoted([" ".join(word.split())])),
                )
            one_dash = part[:1] == "-" and part[:2] not in known and f"-{name}" in known
            if one_dash:
                name = f"-{name}"
            if one_dash or (part[:1] in DASHES and part and name in known):
                raise WrongUse(
                    _("there is no option {name}").format(name=part),
                    _("did you mean {names}?").format(names=meant.quoted([name])),
                )


class Verb(_Speaking, TyperCommand):
    """A command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Says “yes” for an option that may stand alone and does."""
        if not ctx.resilient_parsing:
            _check_signs(ctx, args)
        alone = {name for p in self.params if p.metavar == OPTIONAL_VALUE for name in p.opts}
        said: list[str] = []
        for at, word in enumerate(args):
            said.append(word)
            if word in alone and (at + 1 == len(args) or args[at + 1].startswith("-")):
                said.append("yes")
        return list(_located(ctx, lambda: super(Verb, self).parse_args(ctx, said)))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """What else there is to say, and two examples, each in one line to be copied."""
        super().format_epilog(ctx, formatter)
        names = {parameter.name for parameter in self.params}
        if names & PERSONAL:
            formatter.write_paragraph()
            words = FROM_A_FILE if "source" in names else ASKED
            formatter.write_text(_(words))
        for line in back.of_verb(said(ctx)):
            formatter.write_paragraph()
            formatter.write_text(line)
        if lines := examples.every().get(said(ctx)):
            with formatter.section(_("Examples")):
                for line in lines:
                    formatter.write(" " * formatter.current_indent + line + "\n")

    def invoke(self, ctx: Any) -> Any:
        """Runs it; the session knows it by its words without the program's name."""
        ctx.obj.command = said(ctx)
        names = {parameter.name for parameter in self.params}
        for parameter in self.params:
            if parameter.name in PERSONAL - READS_ITSELF and "source" not in names:
                given = ctx.params.get(parameter.name)
                if isinstance(given, list | tuple):
                    several = [_asked(parameter) if one == "-" else one for one in given]
                    ctx.params[parameter.name] = several
                elif given == "-":
                    ctx.params[parameter.name] = _asked(parameter)
        try:
            return super().invoke(ctx)
        except WrongUse as error:
            raise error.of(said(ctx)) from error


def _asked(parameter: Any) -> str:
    """What a parameter takes, as it is typed on the terminal."""
    question = ask.named(str(getattr(parameter, "help", parameter.name)))
    return ask.text(question, ask.needed, parameter.opts[0])


def taken(kind: Any, value: str) -> str:
    """What a parameter of this type takes."""
    if choices := getattr(kind, "choices", None):
        return meant.among(value, [str(getattr(c, "value", c)) for c in choices])
    first, last = getattr(kind, "min", None), getattr(kind, "max", None)
    if first is not None and last is None:
        return _("a whole number, {first} or more").format(first=first)
    if first is not None:
        return _("a whole number from {first} to {last}").format(first=first, last=last)
    return _("a whole number")


def _quiet() -> TyperOption:
    """`--quiet`, which every verb has."""

    def be_quiet(_ctx: Any, _parameter: Any, asked: bool) -> None:
        screen.be_quiet(bool(asked))

    words = N_("Only the answer and errors.")
    return TyperOption(
        param_decls=["--quiet", "-q"],
        is_flag=True,
        expose_value=False,
        callback=be_quiet,
        help=words,
    )


def translated(command: Any) -> Any:
    """The command with its help in the language of the run."""
    for name in ("help", "epilog", "short_help"):
        if text := getattr(command, name, None):
            setattr(command, name, _(text))
    command.options_metavar = _("[OPTIONS]")
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
        _name_value(parameter)
    return command


def _name_value(parameter: Any) -> None:
    """What a parameter takes, in words of ours: Typer writes <str>, {TEXT} and [1<=x<=9]."""
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
        shown = name if parameter.required or name.startswith("[") else f"[{name}]"
        parameter.make_metavar = lambda ctx, usage=False: shown if usage else name  # noqa: ARG005
        return
    kind = parameter.type
    if parameter.metavar is None and (choices := getattr(kind, "choices", None)):
        parameter.metavar = "|".join(str(getattr(one, "value", one)) for one in choices)
    if parameter.metavar is None:
        parameter.metavar = _("N") if kind.name.startswith("int") else _("TEXT")
    if hasattr(kind, "_describe_range"):
        kind._describe_range = lambda: _range(kind.min, kind.max)


def _range(first: int | None, last: int | None) -> str:
    if last is None or last >= 99_999:
        return _("{first} or more").format(first=first) if first else ""
    return _("{first} to {last}").format(first=first or 0, last=last)


def typed(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as Typer reads it: with Typer's own options where ours are declared."""

    def annotation(said: Any) -> Any:
        if said is syntax.Context:
            return typer.Context
        declared = next(iter(getattr(said, "__metadata__", ())), None)
        if not isinstance(declared, syntax.Declared):
            return said
        make: Any = typer.Option if declared.option else typer.Argument
        more = {
            "autocompletion": completing.completion(said.__origin__, declared.more),
            **declared.more,
        }
        return Annotated[said.__origin__, make(*declared.names, **more)]

    @wraps(function)
    def called(*args: Any, **values: Any) -> Any:
        return function(*args, **values)

    signature = inspect.signature(function)
    called.__annotations__ = {n: annotation(a) for n, a in function.__annotations__.items()}
    called.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            one.replace(annotation=annotation(one.annotation))
            for one in signature.parameters.values()
        ]
    )
    return called


class _Verbs(MutableMapping[str, Any]):
    """The verbs of a noun, each built when it is asked for."""

    def __init__(self, verbs: syntax.Verbs) -> None:
        self.verbs = verbs
        self.built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.built:
            verb = self.verbs[name]
            info = CommandInfo(
                name, cls=Verb, callback=typed(verb.function), help=verb.help, epilog=verb.epilog
            )
            command = get_command_from_info(
                info, pretty_exceptions_short=False, rich_markup_mode=None
            )
            command.params.append(_quiet())
            self.built[name] = translated(command)
        return self.built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self.built[name] = command

    def __delitem__(self, name: str) -> None:
        raise TypeError("verbs are fixed")

    def __iter__(self) -> Iterator[str]:
        return iter(self.verbs)

    def __len__(self) -> int:
        return len(self.verbs)


class Noun(_Speaking, TyperGroup):
    """A noun: its verbs are built when they are called."""

    def __init__(self, *, app: syntax.Verbs | None = None, **attributes: Any) -> None:
        super().__init__(**attributes)
        if app is not None:
            self.commands = _Verbs(app)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What the usage line says after the program's name."""
        self.options_metavar = _("[OPTIONS]")
        self.subcommand_metavar = _("COMMAND [ARGS]...")
        return list(super().collect_usage_pieces(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb of that name, or WrongUse with what may have been meant."""
        if ctx.resilient_parsing:  # a shell asks: what is no command has no completion
            return super().resolve_command(ctx, args)
        if self.get_command(ctx, args[0]) is None:
            paths = [f"{ctx.command_path} {name}" for name in self.meant_by(args)]
            raise WrongUse(
                _("there is no command “{name}”").format(name=args[0]),
                _("did you mean {names}?").format(names=meant.quoted(paths))
                if paths
                else _("see “{command}”").format(command=f"{ctx.command_path} --help"),
            )
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses its own options, which stand before its command."""
        if not ctx.resilient_parsing:
            _check_signs(ctx, args[:1])
        return list(_located(ctx, lambda: super(Noun, self).parse_args(ctx, args)))

    def meant_by(self, args: Sequence[str]) -> list[str]:
        """What may have been meant by words of which the first is no command; best first."""
        name = meant.option(args[0])
        if name.startswith("-") and (options := meant.nearest(name, options_of(self))):
            return options
        first, *more = meant.folded(args[0]).split() or [""]
        if more and first in self.commands:  # in one word, for its full-width space or for quotes
            return [" ".join((first, *more))]
        if first in self.commands:
            return [first]
        other = [one for one in othernames.called(first) if one in self.commands]
        as_option = [one for one in options_of(self) if one == f"--{first}"]
        return other or meant.nearest(first, self.commands) or as_option

    def sentences(self) -> list[tuple[str, str]]:
        """Each command with what it is for, none of them built."""
        verbs: Any = self.commands
        return [(name, _(verb.help)) for name, verb in verbs.verbs.items()]

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """The commands that begin so, and the options."""
        commands = [
            completing.CompletionItem(name, help=help)
            for name, help in self.sentences()
            if name.startswith(incomplete)
        ]
        return commands + TyperCommand.shell_complete(self, ctx, incomplete)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The verbs, in the order of their module."""
        return list(self.commands)
