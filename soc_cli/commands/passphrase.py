"""Passphrases: asked for on the terminal, or read from a file; never an argument or a variable's value."""

import os
import unicodedata
from collections.abc import Callable

from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.language import _
from soc_cli.terminal import ask, screen

VARIABLE = "SOC_PASSPHRASE_FILE"
"""Names the file that a passphrase is read from."""
SHORT = 12
"""A passphrase of fewer characters is told to be short."""


def new(question: str, check: Callable[[str], None]) -> str:
    """A new passphrase that `check` takes: from the file, else asked for twice.

    It is folded (NFKC), so that it can be typed again on another keyboard. Raises WrongData for an
    empty one, WrongUse where there is neither a file nor anybody to ask.
    """

    def right(text: str) -> None:
        if not text.strip():
            raise WrongData(_("the passphrase is empty"))
        check(_folded(text))

    named = os.environ.get(VARIABLE)
    if not named and not screen.can_ask():
        raise WrongUse(
            _("there is no terminal to ask for the passphrase on"),
            _("name a file that holds it in {variable}").format(variable=VARIABLE),
        )
    said = _from_file(named) if named else ask.secret(question, right)
    right(said)
    found = _folded(said)
    if len(found) < SHORT:
        screen.say(
            _("This passphrase is short: {n} characters or more are hard to guess.").format(n=SHORT)
        )
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _from_file(path: str) -> str:
    """The first line of the file."""
    from soc_cli.formats import encodings, files

    try:
        text = encodings.decoded(files.read(path))[0]
    except WrongData:
        raise WrongData(
            _("{path} holds no passphrase").format(path=path), _("its first line is one, in UTF-8")
        ) from None
    return next(iter(text.splitlines()), "")
