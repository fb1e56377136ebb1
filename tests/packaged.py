"""The policy as Python: `python -m tests.packaged` writes `soc_cli/policy/packaged.py` from `soc.toml`.

Reading 27 KB of TOML takes a short command a tenth of its time; what was read is kept as a module,
with the hash of the text that it is of. A policy file that somebody has changed since is read.
"""

import pprint
import tomllib
from hashlib import sha256
from pathlib import Path

POLICY = Path(__file__).resolve().parent.parent / "soc_cli" / "policy"
MODULE = POLICY / "packaged.py"


def source() -> str:
    """The module of `soc.toml` as it stands."""
    text = (POLICY / "soc.toml").read_bytes()
    data = pprint.pformat(tomllib.loads(text.decode("utf-8")), width=96, sort_dicts=False)
    return (
        '"""The values of `soc.toml`, written by `python -m tests.packaged`; never by hand."""\n\n'
        "from typing import Any\n\n"
        f'SHA256 = "{sha256(text).hexdigest()}"\n'
        '"""SHA-256 of the bytes of the file that these values are of."""\n\n'
        f"# fmt: off\nDATA: dict[str, Any] = {data}\n"
    )


if __name__ == "__main__":
    MODULE.write_text(source(), "utf-8")
