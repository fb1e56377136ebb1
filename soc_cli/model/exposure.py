"""Who else than the person at work could get at a file: told from its owner and its rights, on POSIX."""

import os
import stat
from pathlib import Path

from soc_cli.model.language import N_, _

READABLE, OWNER, FOLDER = "readable", "owner", "folder"

_TOLD = {
    READABLE: (N_("others can read {path}"), N_("take that right away: chmod 600 {path}")),
    OWNER: (
        N_("{path} belongs to somebody else"),
        N_("do not go on before you know whose it is, and why"),
    ),
    FOLDER: (
        N_("others may change {path}, and put another file in the register's place"),
        N_("take that right away: chmod go-w {path}"),
    ),
}
"""What is found, and what to do."""


def exposed(path: Path) -> list[str]:
    """What is not as it should be with a file: others can read it, own it, or change its folder.

    A folder of everybody in which only a file's owner may rename it (sticky, as /tmp) is no such one.
    Nothing where it is no file, and nothing on Windows, where a user's folder is their own.
    """
    if os.name != "posix":
        return []
    found = []
    try:
        file, folder = path.stat(), path.resolve().parent.stat()
    except OSError:
        return []
    if not stat.S_ISREG(file.st_mode):
        return []
    if file.st_mode & 0o077:
        found.append(READABLE)
    if file.st_uid != os.geteuid():
        found.append(OWNER)
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        found.append(FOLDER)
    return found


def told(path: Path, folder_too: bool) -> list[tuple[str, str]]:
    """What is found of a file, and what to do, in words; of its folder where that is asked for."""
    found = []
    for kind in exposed(path):
        if kind != FOLDER or folder_too:
            at = path.resolve().parent if kind == FOLDER else path
            what, do = (_(words).format(path=at) for words in _TOLD[kind])
            found.append((what, do))
    return found
