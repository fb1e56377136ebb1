"""Regular expressions that are compiled when they are first used.

Compiling those of the fields alone takes a tenth of a short command, which uses one or two of them.
"""

import re
from typing import Any, cast


class _Pattern:
    """Becomes the compiled pattern, attribute by attribute, as they are asked for."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = self.__dict__.get("_compiled")
        if compiled is None:
            compiled = self.__dict__["_compiled"] = re.compile(self._text, self._flags)
        found = self.__dict__[name] = getattr(compiled, name)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern as `re.compile` gives it; a mistake in it shows with its first use."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
