"""The whole program as Typer's tree of commands: it makes help, names mistakes and completes words."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperOption

from soc_cli import __version__
from soc_cli.commands import completing, examples, othernames
from soc_cli.commands.help import Noun, options_of, said, taken, translated, typed
from soc_cli.model import language, meant
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

Nouns = Mapping[str, tuple[str, str]]
"""Every noun: its module in `commands/`, and its help in one sentence."""

Bounded = Callable[[Callable[[], object]], int]
"""Runs something, turns every error into its sentence, and gives the exit code."""


class _Built(MutableMapping[str, Any]):
    """The first level, each noun imported when it is called."""

    def __init__(self, nouns: Nouns) -> None:
        self.nouns = nouns
        self.built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.built:
            module, help = self.nouns[name]
            app = import_module(f"soc_cli.commands.{module}").app
            verbs = Noun(
                name=name, app=app, rich_markup_mode=None, help=_(help), no_args_is_help=True
            )
            # A verb without a noun (init, path) is the one of its name in its module.
            self.built[name] = verbs.commands.get(name, verbs)
        return self.built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self.built[name] = command

    def __delitem__(self, name: str) -> None:
        raise TypeError("nouns are fixed")

    def __iter__(self) -> Iterator[str]:
        return iter(self.nouns)

    def __len__(self) -> int:
        return len(self.nouns)


class Root(Noun):
    """The program: speaks the language asked for, and has one way in which it ends."""

    nouns: Nouns
    bounded: Bounded

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": None})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Chooses the language before anything is translated."""
        language.use(language.chosen(_lang_of(args), dict(os.environ)))
        language.use_in_typer()
        translated(self)
        return list(super().parse_args(ctx, args))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The nouns with their one sentence, without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl(self.sentences())

    def sentences(self) -> list[tuple[str, str]]:
        """The nouns with their one sentence, without importing them."""
        return [(name, _(help)) for name, (_module, help) in self.nouns.items()]

    def meant_by(self, args: Sequence[str]) -> list[str]:
        """Also a verb of which the noun was left out, and the program's name said twice."""
        first = meant.folded(args[0])
        if first.startswith("soc ") or (first in ("soc", "$") and len(args) > 1):
            rest = [first[4:], *args[1:]] if first.startswith("soc ") else args[1:]
            return [rest[0]] if rest[0] in self.commands else self.meant_by(rest)
        names = super().meant_by(args)
        verb = next((one for one in (first, *othernames.called(first)) if one in _verbs()), "")
        if verb and not {first, *othernames.called(first)} & {*self.commands}:
            return [f"{noun} {verb}" for noun in _verbs()[verb]][:3]
        return names

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; without a noun the menu where a person can be asked, else says the usage."""
        given = super().invoke(ctx)
        if ctx.invoked_subcommand is not None:
            return given
        if not (screen.can_ask() and screen.is_terminal()):
            raise WrongUse(ctx.get_usage(), _("see “{command}”").format(command="soc --help"))
        from soc_cli.commands import menu

        said = ((f"--{name}", ctx.params.get(name)) for name in ("db", "operator", "lang"))
        options = [word for name, value in said if value for word in (name, value)]
        menu.run(self, ctx, ctx.obj, lambda words: ctx.obj.run_another([*options, *words]))
        return None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = False,
        **extra: Any,
    ) -> Any:
        """Runs one command; ends the process with its exit code unless `standalone_mode` is off."""
        extra |= {"complete_var": complete_var, "windows_expand_args": windows_expand_args}
        code = self.bounded(
            lambda: self.run(sys.argv[1:] if args is None else args, prog_name or "soc", extra)
        )
        if standalone_mode:
            sys.exit(code)
        return code

    def run(
        self, words: Sequence[str], prog_name: str = "soc", extra: Mapping[str, Any] | None = None
    ) -> object:
        """Runs one command and gives what it gives; Typer's errors become ours."""
        if asked := os.environ.get(completing.VARIABLE):
            return completing.answer(asked, self)
        if any("\ud800" <= character <= "\udfff" for word in words for character in word):
            raise WrongUse(_("a word of the command is no text"))
        try:
            return super().main(words, prog_name, standalone_mode=False, **(extra or {}))
        except typer.Exit as error:
            return error.exit_code
        except typer.Abort as error:
            raise KeyboardInterrupt from error
        except typer.TyperException as error:
            if type(error).__name__ == "NoArgsIsHelpError":  # asked for nothing: the help itself
                sys.stderr.write(error.format_message() + "\n")
                return WrongUse.exit_code
            raise _wrong_use(error) from error


def _verbs() -> dict[str, list[str]]:
    """Every verb with the nouns that have it; those with an example, as all have."""
    found: dict[str, list[str]] = {}
    for name in examples.every():
        noun, _space, verb = name.partition(" ")
        if verb:
            found.setdefault(verb, []).append(noun)
    return found


def build(nouns: Nouns, begin: Callable[..., None], help: str, bounded: Bounded) -> Root:
    """The whole program as one command, new each time, so that each run speaks its own language.

    `begin` is the function of the program's own options.
    """
    app = typer.Typer(
        cls=Root,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=help, invoke_without_command=True)(typed(begin))
    command = typer.main.get_command(app)
    assert isinstance(command, Root)
    command.params.append(_version())
    command.commands, command.nouns, command.bounded = _Built(nouns), nouns, bounded
    return command


def _version() -> TyperOption:
    """`--version`, which is answered before anything else is looked at."""

    def show(_ctx: Any, _parameter: Any, asked: bool) -> None:
        if asked:
            screen.line(f"soc {__version__}")
            raise typer.Exit

    words = N_("Print the version.")
    return TyperOption(
        param_decls=["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=words,
    )


def _wrong_use(error: Any) -> WrongUse:
    """A usage error as one sentence of ours with where to look."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "soc"
    if type(error).__name__ == "NoSuchOption" and ctx is not None and ctx.parent is not None:
        name = next(iter(meant.nearest(error.option_name, options_of(ctx.find_root().command))), "")
        if name == error.option_name:
            shown = name if name == "--version" else f"{name} …"
            command = f"soc {shown} {said(ctx)}"
            what = _("{name} is no option of this command").format(name=name)
            return WrongUse(what, _("it stands before it: “{command}”").format(command=command))
    return WrongUse(
        _what_was_wrong(error, ctx), _("see “{command}”").format(command=f"{path} --help")
    )


def _what_was_wrong(error: Any, ctx: Any) -> str:
    """What was used wrongly, in our own words: Click's are English."""
    kind, said = type(error).__name__, " ".join(error.format_message().split()).rstrip(".。")
    parameter = getattr(error, "param", None)
    name = parameter.get_error_hint(ctx).replace("'", "") if parameter is not None else ""
    if kind == "MissingParameter":
        return _("{name} is missing").format(name=name)
    if kind == "NoSuchOption":
        known = options_of(ctx.command) if ctx is not None else []
        names = meant.nearest(meant.option(error.option_name), known)
        guess = _(" (did you mean {names}?)").format(names=", ".join(names)) if names else ""
        return _("there is no option {name}").format(name=error.option_name) + guess
    if kind == "BadOptionUsage":
        if "requires an argument" in said:
            return _("{name} needs a value").format(name=error.option_name)
        return _("{name} takes no value").format(name=error.option_name)
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)$", said):
        return _("too many words: {words}").format(words=extra[1])
    if kind == "BadParameter" and parameter is not None:
        given = re.match(r"(?P<q>['\"])(.*)(?P=q) is not|(\S+) is not", str(error.message))
        value = (given[2] or given[3] or "") if given else ""
        return _("{name} does not take “{value}”: {taken}").format(
            name=name, value=value, taken=taken(parameter.type, value)
        )
    return said


def _lang_of(args: Sequence[str]) -> str | None:
    """The value of the root's `--lang`, read ahead of the parser."""
    for at, word in enumerate(args):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang":
            return args[at + 1] if at + 1 < len(args) else None
        if not word.startswith("-") and args[at - 1 : at] not in (["--db"], ["--operator"]):
            return None
    return None
