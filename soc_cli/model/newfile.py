"""Giving a finished file its name, so that no half file ever bears it and no other is overwritten."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from soc_cli.model import pulse
from soc_cli.model.errors import WrongData
from soc_cli.model.language import _

UNFINISHED = ".soc-"
"""How the names of unfinished files begin."""
LOGS = ("-wal", "-shm", "-journal")
"""How the names of the files end that SQLite writes beside a database."""


ERASED = ".erased"
"""How the name of the erasure list ends that lies beside a register or a backup."""


def check_name(path: Path) -> None:
    """Raises WrongData for a name that SQLite or this program gives to what lies beside another file.

    They would write over what bears it, or delete it.
    """
    for end in (*LOGS, ERASED):
        if path.name.endswith(end) and path.with_name(path.name.removesuffix(end)).exists():
            raise WrongData(
                _("{path} is a name that belongs to the file beside it").format(path=path),
                _("choose another name"),
            )


def beside(path: Path) -> Path:
    """A name in the same folder under which a file can be made before it gets its own."""
    return path.parent / f"{UNFINISHED}{os.urandom(8).hex()}"


def unfinished(folder: Path) -> list[Path]:
    """The files in a folder that never got their names: being made now, or left by a killed program.

    The logs beside an unfinished register are among them: they hold its rows too.
    """
    name = f"{UNFINISHED}{'[0-9a-f]' * 16}"
    return sorted(path for end in ("", *LOGS) for path in folder.glob(name + end))


def make(path: Path) -> int:
    """Makes an empty file for its owner alone and opens it; raises FileExistsError, follows no link."""
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), 0o600)


def claim(finished: Path, path: Path) -> None:
    """Gives the finished file its name; raises FileExistsError where the name is taken."""
    try:
        os.link(finished, path)
    except FileExistsError:
        raise
    except (AttributeError, NotImplementedError, OSError):
        # File systems without links (exFAT, some network shares): the name was looked at just before.
        if path.exists():
            raise FileExistsError(path) from None
        finished.rename(path)
    else:
        with suppress(OSError):  # it has its name; a second one beside it does no harm
            finished.unlink()


class Unnamed(Protocol):
    """One finished file, or several, without their names."""

    @property
    def paths(self) -> Sequence[Path]:
        """The names that they get."""

    @property
    def named(self) -> bool:
        """Whether all of them have got their names."""

    def claim(self) -> None:
        """Gives them their names, all or none."""

    def discard(self) -> None:
        """Removes what never got its name."""


class TakenBack(Unnamed, Protocol):
    """A finished file that may go again after it has got its name."""

    def take_back(self) -> None:
        """Removes it, named or not, unless it stands in the place of another."""


class Prepared:
    """A finished file that has no name yet: it gets one by `claim`, or goes by `discard`."""

    def __init__(self, path: Path, pieces: Iterable[bytes]) -> None:
        """Writes the pieces beside `path`, whole and flushed; raises OSError."""
        self.path = path
        import hashlib  # that of OpenSSL, which is quicker with large files

        digest = hashlib.sha256()
        self.named = False
        self._unfinished = beside(path)
        try:
            with os.fdopen(make(self._unfinished), "wb") as file:
                for piece in pulse.each(pieces):
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            self.discard()
            raise
        self.sha256 = digest.hexdigest()

    def claim(self, force: bool = False) -> None:
        """Gives the file its name; raises FileExistsError where it is taken, unless `force`."""
        if force:
            self._unfinished.replace(self.path)
        else:
            claim(self._unfinished, self.path)
        self.named = True

    def discard(self) -> None:
        """Removes the file, if it never got its name."""
        self._unfinished.unlink(missing_ok=True)
