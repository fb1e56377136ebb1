"""The key of the marks (P8): a file of its own, apart from the register that holds the marks.

Whoever has both can try whether a person whom they know was refused; whoever has the register alone
can't. Lost, nobody who was refused and then erased is known again. A copy belongs where the backups
are not.
"""

import os
from pathlib import Path

from soc_cli.model import marks, newfile
from soc_cli.model.errors import Failed
from soc_cli.model.language import _
from soc_cli.store.register import Register

SETTING = "mark_key"
"""The register's setting with what it keeps of its key."""

SAMPLE = b"the sample's marks are of nobody"
"""A sample is of invented people: its key is no secret, and needs no file."""

LENGTH = 32


def of(register: Register) -> bytes:
    """The key of the register's marks; raises Failed where it is missing, or another register's."""
    key = _key(register)
    if key is None:
        raise Failed(
            _("the key of the refusal marks is not at {path}").format(path=register.run.mark_key),
            _("put its copy there; if there is none, see “soc member refuse --key-lost”"),
        )
    if marks.check(key) != register.setting(SETTING):
        raise Failed(
            _("the key at {path} is not that of this register's refusal marks").format(
                path=register.run.mark_key
            ),
            _("put its copy there; if there is none, see “soc member refuse --key-lost”"),
        )
    return key


def settle(register: Register) -> bytes:
    """The key from now on, inside a change: that of this machine, made where there is none."""
    key = _key(register) or _made(register.run.mark_key)
    register.execute("delete from register where key = ?", (SETTING,))
    register.execute("insert into register (key, value) values (?, ?)", (SETTING, marks.check(key)))
    return key


def is_there(register: Register) -> bool:
    """Whether the register's own key is at hand."""
    try:
        return is_known(register) and bool(of(register))
    except Failed:
        return False


def is_known(register: Register) -> bool:
    """Whether the register has had a key."""
    return register.setting(SETTING) is not None


def needs_no_file(register: Register) -> bool:
    """Whether it is a sample, whose key is the same for everybody."""
    return register.setting("sample") == "yes"


def _key(register: Register) -> bytes | None:
    if needs_no_file(register):
        return SAMPLE
    path = register.run.mark_key
    try:
        if path is None:
            return None
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=error.strerror)
        ) from None
    if len(key) != LENGTH:
        raise Failed(
            _("{path} is no key of refusal marks").format(path=path),
            _("put the key's copy there; if there is none, move this file away first"),
        )
    return key


def _made(path: Path | None) -> bytes:
    """A new key in a file of its owner's alone; an existing file is never written over."""
    if path is None:
        raise Failed(
            _("there is no folder for the key of the refusal marks"),
            _("name a file for it with SOC_MARK_KEY_FILE"),
        )
    key = os.urandom(LENGTH)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prepared = newfile.Prepared(path, [key])
        try:
            prepared.claim()
        finally:
            prepared.discard()
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror),
            _("choose a folder that you may write in"),
        ) from None
    return key
