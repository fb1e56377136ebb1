"""New files: written whole or not at all, readable by their owner alone, never through a link."""

import os
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, NotFound, WrongData
from soc_cli.model.language import _


def read(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises NotFound or Failed."""
    if path == "-":
        import sys

        if sys.stdin is None:
            raise NotFound(_("there is no standard input"))
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("there is no file {path}").format(path=path)) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=error.strerror)
        ) from None


def make_folder(path: Path) -> None:
    """Makes the folder, for its owner alone, unless it is there."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror)
        ) from None


def write_new(path: Path, data: bytes, force: bool = False) -> None:
    """Writes a new file; an existing one is refused unless `force`, a link always.

    The data first stands whole in a file beside it, so that no half file ever bears the name.
    """
    if path.is_symlink():
        raise WrongData(_("{path} is a link").format(path=path), _("name a file"))
    if path.exists() and not force:
        raise WrongData(
            _("{path} exists already").format(path=path), _("choose another name, or say --force")
        )
    unfinished = newfile.beside(path)
    try:
        with os.fdopen(newfile.make(unfinished), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if force:
            unfinished.replace(path)
        else:
            newfile.claim(unfinished, path)
    except FileExistsError:
        raise WrongData(
            _("{path} exists already").format(path=path), _("choose another name, or say --force")
        ) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be written ({reason})").format(path=path, reason=error.strerror)
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
