"""Passphrases and keys: asked for on the terminal, or read from a file; never an argument or a variable's value."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.keys import Passphrase, Secret, folded
from soc_cli.model.language import _
from soc_cli.terminal import screen

VARIABLE = "SOC_PASSPHRASE_FILE"
"""Names the file that a passphrase is read from."""
KEY_VARIABLE = "SOC_KEY_FILE"
"""Names the file with the raw key of the register."""
EXPORT_VARIABLE = "SOC_EXPORT_PASSPHRASE_FILE"
"""Names the file with the password of what is handed to a member, where it is not `VARIABLE`."""
SHORT = 12
"""A passphrase of fewer characters is told to be short."""
TRIES = 3


def secrets(path: Path) -> Iterator[Secret]:
    """What may open the encrypted register at `path`: the key file, the passphrase file, what is typed.

    Raises WrongUse where no file is named and there is nobody to ask.
    """
    named = files_named()
    yield from without_asking(path)
    if screen.can_ask():
        for attempt in range(TRIES):
            if attempt or named:
                screen.say(_("{path} does not open with this key").format(path=path))
            from soc_cli.terminal import ask

            yield Passphrase.of(ask.hidden(_("Passphrase of {path}:").format(path=path)))
    elif not named:
        raise WrongUse(
            _(
                "{path} is encrypted, or damaged, and there is no terminal to ask for its passphrase on"
            ).format(path=path),
            _("name a file that holds it in {variable}, or its key file in {other}").format(
                variable=VARIABLE, other=KEY_VARIABLE
            ),
        )


def without_asking(path: Path) -> Iterator[Secret]:  # noqa: ARG001 (as `secrets`)
    """What of that is in files."""
    from soc_cli.store import keyfile

    key_file, passphrase_file = os.environ.get(KEY_VARIABLE), os.environ.get(VARIABLE)
    if key_file:
        yield keyfile.read(Path(key_file))
    if passphrase_file:
        yield from_private_file(passphrase_file)


def files_named() -> list[Path]:
    """The files with secrets in them that this run was told of."""
    named = (os.environ.get(variable) for variable in (KEY_VARIABLE, VARIABLE))
    return [Path(name) for name in named if name]


def new(question: str, check: Callable[[str], None]) -> str:
    """A new password that `check` takes, for what is handed on: from the file, else asked for twice.

    It is folded (NFKC), so that it can be typed again on another keyboard. Raises WrongData for an
    empty one, WrongUse where there is neither a file nor anybody to ask.
    """
    from soc_cli.terminal import ask

    def right(text: str) -> None:
        if not text.strip():
            raise WrongData(_("the password is empty"))
        check(folded(text))

    named = os.environ.get(EXPORT_VARIABLE) or os.environ.get(VARIABLE)
    if not named and not screen.can_ask():
        raise no_terminal()
    said = line_of(named) if named else ask.secret(question, right)
    right(said)
    found = folded(said)
    if len(found) < SHORT:
        screen.say(
            _("This password is short: {n} characters or more are hard to guess.").format(n=SHORT)
        )
    return found


def no_terminal() -> WrongUse:
    """The error of a new password that nobody can be asked for."""
    return WrongUse(
        _("there is no terminal to ask for the password on"),
        _("name a file that holds it in {variable}").format(variable=EXPORT_VARIABLE),
    )


def from_private_file(path: str) -> Passphrase:
    """The passphrase of the register in a file; raises Failed where others can read it.

    Raises WrongData where it holds none.
    """
    from soc_cli.store import keyfile

    keyfile.check_private(Path(path))
    found = Passphrase.of(line_of(path))
    if not found.text.strip():
        raise _holds_none(path)
    return found


def line_of(path: str) -> str:
    """The first line of the file."""
    from soc_cli.formats import encodings, files

    try:
        text = encodings.decoded(files.read(path))[0]
    except WrongData:
        raise _holds_none(path) from None
    return next(iter(text.splitlines()), "")


def _holds_none(path: str) -> WrongData:
    return WrongData(
        _("{path} holds no passphrase").format(path=path), _("its first line is one, in UTF-8")
    )
