"""Key files: a raw key for scripts, in a file that nobody but its owner can read."""

import codecs
import os
import stat
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.errors import Failed
from soc_cli.model.keys import KEY_BYTES, RawKey, raw_key
from soc_cli.model.language import _

LONGEST = 1024
"""Bytes of a key file that are looked at: more than its digits take in any form."""


def exposed(path: Path) -> str | None:
    """Who else can read a file with a secret in it, in words; None where nobody is known to.

    Raises OSError. Where rights are not those of Unix nothing is known. A pipe is not asked: it is
    there for whoever was given it.
    """
    if os.name != "posix":
        return None
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return None
    if os.geteuid() != 0 and status.st_uid not in (0, os.geteuid()):
        return _("it belongs to another user")
    return _("others can read it") if stat.S_IMODE(status.st_mode) & 0o077 else None


def check_private(path: Path) -> None:
    """Raises Failed where a file with a secret in it is not its owner's alone, or can't be read."""
    try:
        reason = exposed(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    if reason is not None:
        raise Failed(
            _("{path} is not used as a key ({reason})").format(path=path, reason=reason),
            _("make it yours alone: chmod 600 {path}").format(path=path),
        )


def read(path: Path) -> RawKey:
    """The key in a file; raises Failed."""
    check_private(path)
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST)
    except OSError as error:
        raise _unreadable(path, error) from None
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    key = raw_key(data.decode("utf-16" if marked else "utf-8-sig", errors="replace"))
    if key is None:
        raise Failed(
            _("{path} is no key file").format(path=path),
            _("a key file holds 64 hexadecimal digits and nothing else"),
        )
    return key


def read_or_new(path: Path) -> tuple[RawKey, bool]:
    """The key in a file, or where there is none a new one, which is yet to be written; whether it is new.

    Raises Failed.
    """
    if path.exists() or path.is_symlink():
        return read(path), False
    return RawKey(os.urandom(KEY_BYTES)), True


def write(path: Path, key: RawKey) -> None:
    """Writes a key into a new file, for its owner alone; raises Failed."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prepared = newfile.Prepared(path, [key.raw.hex().encode() + b"\n"])
        try:
            prepared.claim()
        finally:
            prepared.discard()
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror),
            _("choose a folder that you may write in"),
        ) from None


def _unreadable(path: Path, error: OSError) -> Failed:
    return Failed(_("{path} can't be read ({reason})").format(path=path, reason=error.strerror))
