"""What the database says when something fails, as sentences with their exit codes."""

import re
from pathlib import Path

from soc_cli.model.errors import Failed, Interrupted, PolicyRefused, SocError, WrongData
from soc_cli.model.language import _
from soc_cli.model.patterns import pattern
from soc_cli.policy.guard import without_inner_names
from soc_cli.store import driver, schema

_REFUSED = pattern(
    r"prohibited|not authorized|authorization denied|no such (column|function)"
    r"|no such (table|view): (temp\.)?soc_",
    re.I,
)


_broken_off = False


def broken_off(yes: bool) -> None:
    """Says whether this run is broken off (Ctrl-C).

    The exception that Python raises for it can't leave a function that SQLite calls: the statement
    fails instead, as if the function were wrong or the reading not granted.
    """
    global _broken_off
    _broken_off = yes


def sentence_of(error: driver.Error, path: Path) -> SocError:
    """The driver's error as one of ours: its sentence and its exit code."""
    text = without_inner_names(str(error))
    if text == "interrupted" or _broken_off:
        return Interrupted()
    if re.search("malformed|corrupt", text):
        return Failed(_("{path} is damaged").format(path=path), _("restore the last backup"))
    kind, _colon, subject = text.partition(" constraint failed: ")
    if kind in ("UNIQUE", "CHECK") and subject in schema.SENTENCES:
        return WrongData(_(schema.SENTENCES[subject]))
    # A category that the purpose does not grant is not there, nor is a column that a view hides.
    if _REFUSED.search(text):
        return not_granted(text)
    if isinstance(error, driver.IntegrityError):
        return WrongData(_("the register does not take this ({text})").format(text=text))
    if "locked" in text or "busy" in text:
        return Failed(
            _("another program is using {path}").format(path=path),
            _("wait for it to finish and try again"),
        )
    if "not a database" in text:
        return Failed(
            _("{path} is not a register").format(path=path),
            _("it may be another kind of file, or damaged; then restore the last backup"),
        )
    if "readonly" in text or "unable to open" in text:
        return Failed(
            _("{path} or its folder can't be written").format(path=path),
            _("a read must be recorded too; give yourself the right to write there"),
        )
    if "disk is full" in text or "disk I/O" in text:
        return Failed(
            _("the disk of {path} is full or failing").format(path=path),
            _("nothing of this command was kept; make room and try again"),
        )
    if re.search("no such table|already exists|decode|too big", text):
        return Failed(_("{path} is damaged").format(path=path), _("restore the last backup"))
    return Failed(
        _("the register could not be used ({text})").format(text=f"{type(error).__name__}: {text}")
    )


def not_granted(text: str) -> PolicyRefused:
    """The error of a reading that the purpose does not grant."""
    return PolicyRefused(
        _("the policy does not grant this reading ({text})").format(text=text),
        _("see “soc policy show”"),
    )
