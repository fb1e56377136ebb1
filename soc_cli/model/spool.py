"""A list that may be long: what does not fit into a little memory waits in a file without a name."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LITTLE = 1 << 20
"""Bytes that are kept in memory."""


class Spool:
    """JSON values that are appended, and read again from the first, as often as asked for.

    The file lies in `folder`, never has a name that anybody could open, and goes with this process.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.SpooledTemporaryFile(LITTLE, dir=str(folder))  # noqa: SIM115
        self._count = 0

    def append(self, value: Any) -> None:
        """Adds a value at the end."""
        self._file.seek(0, 2)
        self._file.write(json.dumps(value).encode() + b"\n")
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
