"""The door: the tree of nouns, and the one place where an error becomes a sentence and an exit code."""

import os
import re
import signal
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from soc_cli import __version__
from soc_cli.commands.help import Noun, translated
from soc_cli.commands.session import Session
from soc_cli.model import language
from soc_cli.model.errors import SocError, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

NOUNS: dict[str, tuple[str, str]] = {
    "init": ("upkeep", N_("Make a new register.")),
    "member": ("member", N_("Register, look up, correct and erase members.")),
    "meeting": ("meeting", N_("Offline meetings: who declared and who came.")),
    "inquiry": ("inquiry", N_("What people ask, and what was answered.")),
    "usage": ("usage", N_("How the services are used: access logs, cookies, services.")),
    "export": ("export", N_("Hand a member everything that is stored on them.")),
    "consent": ("consent", N_("What members agreed to.")),
    "disclosure": ("disclosure", N_("What is given to third parties, and the ledger of it.")),
    "notice": ("notice", N_("Notices to those who chose them, and who was told what.")),
    "policy": ("policy", N_("The club's privacy policy, and whether the register keeps to it.")),
    "journal": ("journal", N_("The record of what was done, and whether anybody has changed it.")),
    "survey": ("survey", N_("Whom a survey asks: picked by attributes, told as tokens.")),
    "content": ("content", N_("What the website fits its pages to.")),
    "stats": ("stats", N_("The register in figures, for the club and its assembly.")),
    "check": ("upkeep", N_("Look whether all is well with the register.")),
    "backup": ("upkeep", N_("Write a verified copy of the register.")),
    "restore": ("upkeep", N_("Make a register of a backup.")),
    "sweep": ("upkeep", N_("Erase what is past its period.")),
    "breach": ("breach", N_("Data leaked or lost: what to report, to whom, by when.")),
    "path": ("upkeep", N_("Print where the register is.")),
    "tour": ("tour", N_("Play the whole tool on invented people.")),
    "help": ("topics", N_("Explain the ideas behind the commands, or a command.")),
}
"""Every noun and verb of the first level: its module in `commands/`, and its help in one sentence."""

INTERRUPTED = 130


class _Nouns(MutableMapping[str, Any]):
    """The first level, each noun imported when it is called."""

    def __init__(self) -> None:
        self.built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.built:
            module, help = NOUNS[name]
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
        return iter(NOUNS)

    def __len__(self) -> int:
        return len(NOUNS)


class Root(Noun):
    """The program: speaks the language asked for, and turns every error into its sentence."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": None})
        self.commands = _Nouns()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Chooses the language before anything is translated."""
        language.use(language.chosen(_lang_of(args), dict(os.environ)))
        translated(self)
        return list(super().parse_args(ctx, args))

    def sentences(self) -> list[tuple[str, str]]:
        """The nouns with their one sentence, without importing them."""
        return [(name, _(help)) for name, (_module, help) in NOUNS.items()]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The nouns with their one sentence, without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl(self.sentences())

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
        code = self._run(args, prog_name or "soc", extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(self, args: Sequence[str] | None, prog_name: str, extra: dict[str, Any]) -> int:
        screen.be_quiet(False)
        try:
            words = sys.argv[1:] if args is None else args
            if any("\ud800" <= character <= "\udfff" for word in words for character in word):
                raise WrongUse(_("a word of the command is no text"))
            code = super().main(args, prog_name, standalone_mode=False, **extra)
            sys.stdout.flush()
            if code == INTERRUPTED:
                _tell_interrupted()
            return code if isinstance(code, int) else 0
        except SocError as error:
            screen.tell_error(f"soc: {error.sentence()}")
            return _ended(error, error.exit_code)
        except typer.Exit as error:
            return int(error.exit_code)
        except (typer.Abort, KeyboardInterrupt) as error:
            _tell_interrupted()
            return _ended(error, INTERRUPTED)
        except typer.TyperException as error:
            _tell_wrong_use(error)
            return _ended(error, int(getattr(error, "exit_code", 2)))
        except BrokenPipeError:
            # Whoever read our answer has read enough; keep Python from complaining as it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 1
        except OSError as error:
            told = _("the system refused something ({reason})").format(reason=error.strerror)
            screen.tell_error("soc: " + told)
            return _ended(error, 1)
        except Exception as error:
            # The message of an unforeseen error may hold a member's data: its kind must do.
            screen.tell_error(
                "soc: "
                + _(
                    "an error in the program itself ({kind}): please tell its makers; SOC_DEBUG=1 shows where"
                ).format(kind=type(error).__name__)
            )
            return _ended(error, 1)


def _ended(error: BaseException, code: int) -> int:
    if os.environ.get("SOC_DEBUG") == "1":
        import traceback

        for frame in traceback.extract_tb(error.__traceback__):
            sys.stderr.write(f"  {frame.filename}:{frame.lineno} {frame.name}\n")
    return code


def _tell_interrupted() -> None:
    screen.tell_error("soc: " + _("interrupted: what was not finished was not kept"))


def _tell_wrong_use(error: Any) -> None:
    """A usage error as one sentence of ours with where to look; asked for nothing, the help itself."""
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.format_message() + "\n")
        return
    path = ctx.command_path if ctx is not None else "soc"
    see = _("see “{command}”").format(command=f"{path} --help")
    screen.tell_error("soc: " + WrongUse(_wrong_use(error, ctx), see).sentence())


def _wrong_use(error: Any, ctx: Any) -> str:
    """What was used wrongly, in our own words: Click's are English."""
    kind, said = type(error).__name__, " ".join(error.format_message().split()).rstrip(".。")
    parameter = getattr(error, "param", None)
    name = parameter.get_error_hint(ctx).replace("'", "") if parameter is not None else ""
    if kind == "MissingParameter":
        return _("{name} is missing").format(name=name)
    if kind == "NoSuchOption":
        meant = ", ".join(sorted(error.possibilities or ()))
        guess = _(" (did you mean {names}?)").format(names=meant) if meant else ""
        return _("there is no option {name}").format(name=error.option_name) + guess
    if kind == "BadOptionUsage":
        if "requires an argument" in said:
            return _("{name} needs a value").format(name=error.option_name)
        return _("{name} takes no value").format(name=error.option_name)
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)$", said):
        return _("too many words: {words}").format(words=extra[1])
    if kind == "BadParameter" and parameter is not None:
        return _("{name} does not take this: {taken}").format(
            name=name, taken=_taken(parameter.type)
        )
    return said


def _taken(kind: Any) -> str:
    """What a parameter of this type takes."""
    if choices := getattr(kind, "choices", None):
        return _("one of: {names}").format(
            names=" ".join(str(getattr(c, "value", c)) for c in choices)
        )
    if getattr(kind, "min", None) is not None:
        return _("a whole number from {first} to {last}").format(first=kind.min, last=kind.max)
    return _("a whole number")


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


def _show_version(asked: bool) -> None:
    if asked:
        screen.answer([f"soc {__version__}\n"])
        raise typer.Exit


def _root(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help=N_("The register file; else SOC_DB, else the one in your data folder."),
        ),
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help=N_("Who is working; else SOC_OPERATOR, else the login name.")
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(metavar="ja|en", help=N_("The language; else SOC_LANG, else the locale's.")),
    ] = None,
    version: Annotated[  # noqa: ARG001 (its callback answers)
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=N_("Print the version.")
        ),
    ] = False,
) -> None:
    if lang is not None and lang not in language.LANGUAGES:
        raise WrongUse(_("--lang is ja or en"))
    if db == "":
        raise WrongUse(_("--db names no file"))
    ctx.obj = Session(Path(db) if db else None, operator)
    if ctx.invoked_subcommand is None:
        _alone(ctx, db, operator, lang)


def _alone(ctx: Any, db: str | None, operator: str | None, lang: str | None) -> None:
    """`soc` without a noun: the menu where a person can be asked, else how it is used."""
    if not (screen.can_ask() and screen.is_terminal()):
        raise WrongUse(ctx.get_usage(), _("see “{command}”").format(command="soc --help"))
    from soc_cli.commands import menu

    said = (("--db", db), ("--operator", operator), ("--lang", lang))
    root = [word for name, value in said if value for word in (name, value)]
    menu.run(
        ctx.command,
        ctx,
        ctx.obj,
        lambda words: int(build().main([*root, *words], "soc", standalone_mode=False)),
    )


def build() -> Root:
    """The whole program as one command, new each time, so that each run speaks its own language."""
    app = typer.Typer(
        cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    app.callback(
        help=N_("The register of a car owners' club, kept as its privacy policy says."),
        invoke_without_command=True,
    )(_root)
    command = typer.main.get_command(app)
    assert isinstance(command, Root)
    return command


def run() -> None:
    """What `soc` runs."""
    screen.begin()
    # Asked to end, it ends as after Ctrl-C: what was begun is undone.
    signal.signal(signal.SIGTERM, lambda *_signal: signal.raise_signal(signal.SIGINT))
    # Words are taken as typed: on Windows Click would expand *, ~ and %NAME% in them.
    code = build().main(standalone_mode=False, windows_expand_args=False)
    sys.exit(code)
