"""Bytes to text: the encoding told apart by the bytes, and a source that can be read twice."""

import codecs
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from soc_cli.model.errors import Failed, NotFound, WrongData
from soc_cli.model.language import _

MARK = "\ufeff"
PIECE = 1 << 20
"""Bytes that are looked at at a time."""


def open_source(path: str, folder: Path | None = None) -> BinaryIO:
    """A file, or standard input for `-`, that can be read from its beginning again.

    What can't be (a pipe) is put by in a file without a name in `folder`, else in memory. Raises NotFound or Failed.
    """
    try:
        file = _standard_input() if path == "-" else Path(path).open("rb")  # noqa: SIM115
        return file if path != "-" and file.seekable() else _put_by(file, folder)
    except FileNotFoundError:
        raise NotFound(_("there is no file {path}").format(path=path)) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=error.strerror)
        ) from None


def _standard_input() -> BinaryIO:
    import sys

    if sys.stdin is None:
        raise NotFound(_("there is no standard input"))
    return sys.stdin.buffer


def _put_by(file: BinaryIO, folder: Path | None) -> BinaryIO:
    import tempfile

    small = file.read(PIECE)
    if len(small) < PIECE or folder is None:
        return io.BytesIO(small + file.read())
    # It never has a name that anybody could open, and goes with this process, however that ends.
    kept: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    while small:
        kept.write(small)
        small = file.read(PIECE)
    kept.seek(0)
    return kept


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a source from its beginning, some at a time; raises Failed."""
    try:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
    except OSError as error:
        raise Failed(_("the file can't be read ({reason})").format(reason=error.strerror)) from None


def sha256(file: BinaryIO) -> str:
    """Of a source's bytes, in hexadecimal."""
    import hashlib

    digest = hashlib.sha256()
    for piece in pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def identity(file: BinaryIO) -> tuple[int, ...] | None:
    """What tells a file that lies on a disk from any other, and from itself after a change."""
    try:
        state = os.fstat(file.fileno())
    except (OSError, AttributeError):
        return None
    if not stat.S_ISREG(state.st_mode):
        return None
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


def size(file: BinaryIO) -> int:
    """Of a source, in bytes."""
    at = file.tell()
    end = file.seek(0, io.SEEK_END)
    file.seek(at)
    return end


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the encoding it is in; raises WrongData where none is found, or it isn't that."""
    found = encoding_of(io.BytesIO(data), encoding)
    return data.decode(found).removeprefix(MARK), shown(found)


def shown(encoding: str) -> str:
    """An encoding as it is told: without what is said of a byte order mark."""
    return encoding.removesuffix("-sig")


def encoding_of(file: BinaryIO, asked: str | None = None) -> str:
    """The encoding of a source, as Python names it: by a byte order mark, else UTF-8, CP932 or EUC-JP.

    UTF-8 and the others are told apart strictly, over the whole file. Where bytes pass for CP932 and
    for EUC-JP, half-width kana that nobody wrote decide. Raises WrongData where the bytes are none
    of these, or not what `asked` says.
    """
    if asked:
        try:
            "".encode(asked)  # refuses what is no encoding of text, such as zip
            if not _passes(file, asked):
                raise WrongData(
                    _("the file is not text in {encoding}").format(encoding=asked),
                    _("leave --encoding out to have it found"),
                )
        except (LookupError, ValueError, AttributeError, TypeError):
            raise WrongData(_("“{name}” is no encoding of text").format(name=asked)) from None
        utf8 = codecs.lookup(asked).name in ("utf-8", "utf-8-sig")
        return "utf-8-sig" if utf8 and _begins(file, codecs.BOM_UTF8) else asked
    if _begins(file, codecs.BOM_UTF16_LE) or _begins(file, codecs.BOM_UTF16_BE):
        if _passes(file, "utf-16"):
            return "utf-16"
    elif _passes(file, "utf-8"):
        return "utf-8-sig" if _begins(file, codecs.BOM_UTF8) else "utf-8"
    elif not _rather_utf8(file):
        cp932, euc = _passes(file, "cp932"), _passes(file, "euc_jp")
        if euc and (not cp932 or _mostly_narrow_kana(file)):
            return "euc_jp"
        if cp932:
            return "cp932"
    raise WrongData(
        _("the file is not text in UTF-8, CP932, EUC-JP or UTF-16"),
        _("save it as “CSV UTF-8”, or name its encoding with --encoding"),
    )


def _begins(file: BinaryIO, mark: bytes) -> bool:
    file.seek(0)
    return file.read(len(mark)) == mark


_NEVER = {"cp932": "\x00\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3"}
"""Characters that no text in this encoding has: Python makes them of bytes that mean nothing."""


def _passes(file: BinaryIO, encoding: str) -> bool:
    never = _NEVER.get(encoding, "\x00")
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for piece in pieces(file):
            text = decoder.decode(piece)
            if any(c in text for c in never):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _rather_utf8(file: BinaryIO) -> bool:
    """Whether bytes that are not UTF-8 are rather UTF-8 with a flaw: most of what is beyond ASCII is."""
    good = flawed = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for piece in pieces(file):
        beyond = [c for c in decoder.decode(piece) if not c.isascii()]
        flaws = sum("\udc80" <= c <= "\udcff" for c in beyond)
        good, flawed = good + len(beyond) - flaws, flawed + flaws
    return good > flawed


def _mostly_narrow_kana(file: BinaryIO) -> bool:
    wide = narrow = 0
    decoder = codecs.getincrementaldecoder("cp932")("strict")
    for piece in pieces(file):
        beyond = [c for c in decoder.decode(piece) if not c.isascii()]
        wide, narrow = wide + len(beyond), narrow + sum("\uff61" <= c <= "\uff9f" for c in beyond)
    return narrow * 2 > wide


def text_of(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The source as text from its beginning; closing it leaves the source open."""
    return io.TextIOWrapper(io.BufferedReader(_Open(file), PIECE), encoding, newline="")


class _Open(io.RawIOBase):
    """A source behind a reader that would close what it reads; several may read at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
