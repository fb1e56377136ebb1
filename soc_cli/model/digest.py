"""SHA-256, from where Python keeps its own.

`hashlib` loads OpenSSL first, which takes a short command a twentieth of its time; `random` of the
standard library takes its digest from the same place. What comes out is the same.
"""

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import sha256 as sha256
else:

    def _found() -> Any:
        for module in ("_sha2", "_sha256"):  # since Python 3.12, and before
            with suppress(ImportError):
                return import_module(module).sha256
        return import_module("hashlib").sha256

    sha256 = _found()
