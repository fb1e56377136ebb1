"""New files: written whole or not at all, readable by their owner alone, never through a link."""

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.errors import Failed, NotFound, WrongData, WrongUse
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


def text(path: str) -> str:
    """The text of a UTF-8 file, with a mark or without. Raises NotFound, Failed or WrongData."""
    try:
        return read(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise WrongData(
            _("{file} is no text in UTF-8").format(file=path), _("save it as UTF-8")
        ) from None


def make_folder(path: Path) -> None:
    """Makes the folder, for its owner alone, unless it is there."""
    _named(path)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            _("{path} can't be made ({reason})").format(path=path, reason=error.strerror)
        ) from None


def prepare(path: Path, data: bytes | Iterable[bytes], force: bool = False) -> "NewFile":
    """A finished file without its name; raises where the name can't be had.

    A register is never written over, nor a device or a pipe replaced, whatever is forced.
    """
    _named(path)
    try:
        if path.is_symlink():
            raise WrongData(_("{path} is a link").format(path=path), _("name a file"))
        if path.exists() and not path.is_file():  # forced, a file would take a device's place
            raise WrongData(
                _("{path} is a folder, a device or a pipe").format(path=path), _("name a file")
            )
        if path.exists() and (not force or is_register(path)):
            raise _taken(path)
        pieces = [data] if isinstance(data, bytes) else data
        return NewFile(newfile.Prepared(path, pieces), force)
    except OSError as error:
        raise _not_written(path, error) from None


def _named(path: Path) -> None:
    """Raises WrongUse for the name by which other programs mean standard output, WrongData for another file's."""
    if str(path) == "-":
        raise WrongUse(_("“-” names no file here"), _("choose another name"))
    newfile.check_name(path)


def prepare_all(contents: Mapping[Path, bytes], force: bool = False) -> "NewFiles":
    """Several finished files without their names."""
    files: list[NewFile] = []
    try:
        for path, data in contents.items():
            files.append(prepare(path, data, force))
    except BaseException:
        NewFiles(files).discard()
        raise
    return NewFiles(files)


def to_clear(paths: Iterable[Path], force: bool) -> list[Path]:
    """Those of the paths that are there, to be removed by `clear`; raises where they may not be."""
    found = []
    for path in paths:
        if path.is_symlink() or path.exists():
            if not force or path.is_dir() or (path.is_file() and is_register(path)):
                raise _taken(path)
            found.append(path)
    return found


def clear(paths: Iterable[Path]) -> None:
    """Removes files that `to_clear` has found."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _not_written(path, error) from None


def is_register(path: Path) -> bool:
    """Whether the file is a database, or a log or list beside one: these are never written over.

    An encrypted one begins with chance: it is whole pages, and neither a text nor a kind of file that
    this program writes.
    """
    if path.name.endswith(("-wal", "-shm", "-journal", ".erased")):
        return True
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(PAGE)
    if head.startswith(b"SQLite format 3\0"):
        return True
    known = head.startswith((b"%PDF", b"PK")) or any(_is_text(head, e) for e in ("utf-8", "cp932"))
    return size > 0 and size % PAGE == 0 and not known


PAGE = 4096
"""Bytes of a page of an encrypted register."""


def _is_text(head: bytes, encoding: str) -> bool:
    """Whether the beginning of a file is text in this encoding, be its last character cut off."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class NewFile:
    """A finished file without its name, whose errors are sentences."""

    prepared: newfile.Prepared
    force: bool

    @property
    def paths(self) -> Sequence[Path]:
        """The name that it gets."""
        return (self.prepared.path,)

    @property
    def named(self) -> bool:
        """Whether it has got its name."""
        return self.prepared.named

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""
        return self.prepared.sha256

    def claim(self) -> None:
        """Gives it its name."""
        try:
            self.prepared.claim(self.force)
        except FileExistsError:
            raise _taken(self.prepared.path) from None
        except OSError as error:
            raise _not_written(self.prepared.path, error) from None

    def discard(self) -> None:
        """Removes it, if it never got its name."""
        self.prepared.discard()

    def take_back(self) -> None:
        """Removes it, named or not, unless it stands in the place of another."""
        self.discard()
        if self.named and not self.force:
            self.prepared.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class NewFiles:
    """Several finished files without their names, which get them together or not at all."""

    files: Sequence[NewFile]

    @property
    def paths(self) -> Sequence[Path]:
        """The names that they get."""
        return tuple(file.prepared.path for file in self.files)

    @property
    def named(self) -> bool:
        """Whether all of them have got their names."""
        return all(file.named for file in self.files)

    def claim(self) -> None:
        """Gives them their names; where one can't be had, those given go again."""
        try:
            for file in self.files:
                file.claim()
        except BaseException:
            if not self.named:
                for file in self.files:
                    if file.named and not file.force:
                        file.prepared.path.unlink(missing_ok=True)
            raise

    def discard(self) -> None:
        """Removes those that never got their names."""
        for file in self.files:
            file.discard()


def _taken(path: Path) -> WrongData:
    return WrongData(
        _("{path} exists already").format(path=path), _("choose another name, or say --force")
    )


def _not_written(path: Path, error: OSError) -> Failed:
    return Failed(_("{path} can't be written ({reason})").format(path=path, reason=error.strerror))
