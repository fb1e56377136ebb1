"""How a word that is not finished could end: what a shell is answered when it asks.

Nouns, verbs, options and choices are the program's own. Of members there are their numbers (upkeep,
which shows numbers) and their nicknames (P7, on record as any reading), never a name. Where there is
no register, or it can't be opened at once without a question, nothing is offered and nothing said.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any

from typer import Context
from typer._click.shell_completion import CompletionItem as CompletionItem
from typer._click.shell_completion import ShellComplete, add_completion_class
from typer._completion_classes import BashComplete, FishComplete, ZshComplete

from soc_cli.commands import passphrase
from soc_cli.commands.session import Session
from soc_cli.model.errors import SocError
from soc_cli.store import driver

VARIABLE = "_SOC_COMPLETE"
"""The environment variable by which a shell asks (Typer's protocol): `complete_bash` and so on."""

PATIENCE = 0.2
"""Seconds that a shell waits for another program's change before nothing is offered."""

Complete = Callable[[Context, str], Iterable[str]]


def completion(kind: Any, more: dict[str, Any]) -> Complete | None:
    """What completes the values of an option or argument that is declared so; None for free text."""
    metavar = str(more.get("metavar") or "")
    if metavar.strip("[].") == "MEMBER":
        return _members
    if metavar == "PURPOSE":
        return _purposes
    # Words that may be said are in small letters; FILE|NUMBER and the like are placeholders.
    said = [one for one in metavar.split("|") if one.isascii() and one.strip("-").islower()]
    choices = said if "|" in metavar and " " not in metavar else _values(kind)
    if not choices:
        return None

    def chosen(ctx: Context, incomplete: str) -> Iterable[str]:  # noqa: ARG001
        return choices

    return chosen


def _values(kind: Any) -> list[str]:
    kinds = kind.__args__ if isinstance(kind, UnionType) else (kind,)
    return [
        str(one.value)
        for each in kinds
        if isinstance(each, type) and issubclass(each, Enum)
        for one in each
    ]


def _purposes(ctx: Context, incomplete: str) -> Iterable[str]:  # noqa: ARG001
    from soc_cli.policy import form

    return list(form.packaged().purposes)


def _members(ctx: Context, incomplete: str) -> Iterable[str]:
    from soc_cli.operations import completing

    said = ctx.find_root().params
    session = Session(Path(said["db"]) if said.get("db") else None, said.get("operator"), _nothing)
    session.command, session.patience = "completion", PATIENCE
    with suppress(SocError, OSError):  # which is nothing to say between two keys
        driver.unlock_with(passphrase.without_asking)
        found: list[str] = []
        with session.upkeep() as upkeep:
            found += completing.numbers(upkeep, incomplete)
        if completing.may_be_nickname(session.policy, incomplete):
            with session.register("nickname") as register:
                found += completing.nicknames(register, incomplete)
        return found
    return []


def _nothing(_words: object) -> int:
    return 1


_NOT_IN_ZSH = re.compile(r"""["'`$:\\()\[\]{}<>|&;*?~#!=%]""")


class _Zsh(ZshComplete):
    def format_completion(self, item: CompletionItem) -> str:
        # Typer would import rich to take markup out of a help that has none, and lets through
        # what zsh, which evaluates the answer, could take for more than words.
        words = " ".join(_NOT_IN_ZSH.sub(" ", item.help or "").split())
        value = super().format_completion(CompletionItem(item.value))
        return f'{value}:"{words}"' if words else value


class _Fish(FishComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{' '.join((item.help or '').split())}".rstrip("\t")


SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": _Zsh, "fish": _Fish}


def answer(instruction: str, root: Any) -> int:
    """Answers a shell that asks with `complete_bash` and the like; gives the exit code."""
    from typer.completion import shell_complete

    for name, kind in SHELLS.items():
        add_completion_class(kind, name)
    try:
        return shell_complete(root, {}, "soc", VARIABLE, instruction)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except SocError:
        return 1


def script(shell: str) -> str:
    """What a shell reads to have the words of `soc` completed."""
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="soc", complete_var=VARIABLE, shell=shell) + "\n"
