"""The door: the nouns, and the one place where an error becomes a sentence and an exit code."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import short, syntax
from soc_cli.commands.session import Session
from soc_cli.model import language
from soc_cli.model.errors import Interrupted, SocError, WrongUse
from soc_cli.model.language import N_, _
from soc_cli.store import faults
from soc_cli.terminal import progress, screen

if TYPE_CHECKING:
    from soc_cli.commands.tree import Root

NOUNS: dict[str, tuple[str, str]] = {
    "init": ("encryption", N_("Make a new register.")),
    "member": ("member", N_("Register, look up, correct and erase members.")),
    "meeting": ("meeting", N_("Offline meetings: who declared and who came.")),
    "inquiry": ("inquiry", N_("What people ask, and what was answered.")),
    "usage": ("usage", N_("How the services are used: access logs, cookies, services.")),
    "prefill": ("prefill", N_("Fill a form in for a member, on that member's instruction.")),
    "nickname": ("nickname", N_("Nicknames: who is who in the club's boards.")),
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
    "rekey": ("encryption", N_("Give the register another key, or encrypt it.")),
    "handover": ("handover", N_("Print what whoever takes over needs.")),
    "sweep": ("upkeep", N_("Erase what is past its period.")),
    "breach": ("breach", N_("Data leaked or lost: what to report, to whom, by when.")),
    "path": ("upkeep", N_("Print where the register is.")),
    "completion": ("completion", N_("Print what completes the words of this program in a shell.")),
    "tour": ("tour", N_("Play the whole tool on invented people.")),
    "help": ("topics", N_("Explain the ideas behind the commands, or a command.")),
}
"""Every noun and verb of the first level: its module in `commands/`, and its help in one sentence."""

INTERRUPTED = Interrupted.exit_code


def execute(words: Sequence[str]) -> int:
    """Runs the command that these words are; gives its exit code."""

    def command() -> object:
        asked = "_SOC_COMPLETE" in os.environ
        call = None if asked else short.read(words, _begin, NOUNS)
        if call is not None:
            return call()
        return build().run(words)

    before = len(_sessions)
    try:
        return _bounded(command)
    finally:
        for session in _sessions[before:]:
            session.end()
        del _sessions[before:]


_sessions: list[Session] = []
"""Those of the runs that have begun and not ended: one may run another."""


def build() -> "Root":
    """The whole program as Typer has it, new each time, so that each run speaks its own language."""
    from soc_cli.commands import tree

    help = N_("The register of a car owners' club, kept as its privacy policy says.")
    return tree.build(NOUNS, _begin, help, _bounded)


def _begin(
    ctx: syntax.Context,
    db: Annotated[
        str | None,
        syntax.Option(
            metavar="FILE",
            help=N_("The register file; else SOC_DB, else the one in your data folder."),
        ),
    ] = None,
    operator: Annotated[
        str | None,
        syntax.Option(
            metavar="NAME", help=N_("Who is working; else SOC_OPERATOR, else the login name.")
        ),
    ] = None,
    lang: Annotated[
        str | None,
        syntax.Option(metavar="ja|en", help=N_("The language; else SOC_LANG, else the locale's.")),
    ] = None,
) -> None:
    """What every command begins with: the language, and a session that knows where the register is."""
    language.use(language.chosen(lang, dict(os.environ)))
    if lang is not None:
        from soc_cli.model import meant

        meant.check("lang", lang, language.LANGUAGES)
    if db == "":
        raise WrongUse(_("--db names no file"))
    ctx.obj = Session(Path(db) if db else None, operator, execute, build)
    _sessions.append(ctx.obj)


def _bounded(command: Callable[[], object]) -> int:
    """Runs a command; every error becomes its sentence. Gives the exit code."""
    before = screen.is_quiet()
    screen.be_quiet(False)
    faults.broken_off(False)
    try:
        code = command()
        sys.stdout.flush()
        if code == INTERRUPTED:
            _tell_interrupted()
        return code if isinstance(code, int) else 0
    except SocError as error:
        screen.tell_error(f"soc: {error.sentence()}")
        return _ended(error, error.exit_code)
    except syntax.Ended as error:
        return error.code
    except (KeyboardInterrupt, EOFError) as error:
        _tell_interrupted()
        return _ended(error, INTERRUPTED)
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
    finally:
        screen.be_quiet(before)  # one run may be within another, as in the menu
        progress.end()


def _ended(error: BaseException, code: int) -> int:
    if os.environ.get("SOC_DEBUG") == "1":
        import traceback

        for frame in traceback.extract_tb(error.__traceback__):
            sys.stderr.write(f"  {frame.filename}:{frame.lineno} {frame.name}\n")
    return code


def _tell_interrupted() -> None:
    screen.tell_error(f"soc: {Interrupted().sentence()}")


_broken_off_at = float("-inf")


def _break_off(*_signal: object) -> None:
    """Breaks off; once more within a second is nothing more, as while the first is being carried out."""
    global _broken_off_at
    now, before = time.monotonic(), _broken_off_at
    _broken_off_at = now
    if now - before > 1:
        faults.broken_off(True)
        raise KeyboardInterrupt


def run() -> None:
    """What `soc` runs."""
    screen.begin()
    signal.signal(signal.SIGINT, _break_off)
    # Asked to end, or its window closed, it ends as after Ctrl-C: what was begun is undone.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_sent: signal.raise_signal(signal.SIGINT))
    code = execute(sys.argv[1:])
    # All is written and closed; taking the interpreter apart would take longer than most commands.
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
