"""The part of the README that a bench writes itself, between two marks that bear the bench's name."""

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PICTURES = ROOT / "tests" / "readme"


def put(mark: str, lines: Sequence[str]) -> None:
    """Writes the lines between `<!-- mark -->` and `<!-- /mark -->`; raises ValueError without them."""
    text = README.read_text("utf-8")
    begun, ended = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    within = "\n".join([begun, "", *lines, "", ended])
    changed, times = re.subn(f"{begun}.*?{ended}", lambda _found: within, text, flags=re.S)
    if times != 1:
        raise ValueError(f"README.md needs {begun} and {ended}, once")
    README.write_text(changed, "utf-8")
