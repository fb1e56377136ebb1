"""The program's SHA-256 is SHA-256."""

import hashlib

from soc_cli.model.digest import sha256


def test_it_is_that_of_hashlib() -> None:
    for data in (b"", b"abc", bytes(range(256)) * 1000):
        assert sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
