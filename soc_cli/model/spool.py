"""A list that may be long: what does not fit into a little memory waits in a file without a name."""

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from soc_cli.model.errors import Failed
from soc_cli.model.language import _

LITTLE = 1 << 20
"""Bytes that are kept in memory."""


class Spool:
    """JSON values that are appended, and read again from the first, as often as asked for.

    The file lies in `folder`, never has a name that anybody could open, and goes with this process;
    without a folder all of it stays in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file: IO[bytes] = (
            tempfile.SpooledTemporaryFile(LITTLE, dir=str(folder)) if folder else io.BytesIO()  # noqa: SIM115
        )
        self._folder = folder
        self._count = 0

    def append(self, value: Any) -> None:
        """Adds a value at the end; raises Failed where the disk has no room."""
        try:
            self._file.seek(0, 2)
            self._file.write(json.dumps(value).encode() + b"\n")
        except OSError:
            with suppress(OSError):  # what it could not write it would try again when it goes
                self._file.close()
            raise Failed(
                _("the disk of {path} is full or failing").format(path=self._folder),
                _("nothing of this command was kept; make room and try again"),
            ) from None
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        at = 0
        while True:
            self._file.seek(at)
            line = self._file.readline()
            if not line:
                return
            at += len(line)
            yield json.loads(line)
