"""The language that one run speaks: Japanese or English, from the catalogues in `locale/`.

The English messages are those of the source. The compiled Japanese catalogue is sorted, as GNU
gettext writes it: a message is looked up in it by halving, since taking all of it apart at the start
costs a short command a tenth of its time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

LANGUAGES = ("ja", "en")
DOMAIN = "soc"
FOLDER = Path(__file__).resolve().parent.parent / "locale"

_MAGIC = 0x950412DE


class Catalogue:
    """A compiled catalogue (gettext's MO format) of which messages are read as they are asked for."""

    def __init__(self, data: bytes) -> None:
        """Takes the bytes of the file, written on a machine of either byte order."""
        self._data = data
        self._order: Literal["little", "big"] = "little"
        if self._number(0) != _MAGIC:
            self._order = "big"
        self._count, self._messages, self._translations = map(self._number, (8, 12, 16))
        self._found: dict[str, str | None] = {}

    def _number(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], self._order)

    def _text(self, table: int, row: int) -> bytes:
        length, at = map(self._number, (table + 8 * row, table + 8 * row + 4))
        return self._data[at : at + length]

    def find(self, message: str) -> str | None:
        """The translation, or None; that of a plural form is found by its singular."""
        if message not in self._found:
            self._found[message] = self._look_up(message.encode())
        return self._found[message]

    def _look_up(self, message: bytes) -> str | None:
        first, end = 0, self._count
        while first < end:
            middle = (first + end) // 2
            here = self._text(self._messages, middle).partition(b"\0")[0]
            if here == message:
                # Japanese has one form for all counts.
                return self._text(self._translations, middle).partition(b"\0")[0].decode() or None
            if here < message:
                first = middle + 1
            else:
                end = middle
        return None


_catalogue: Catalogue | None = None
_language = "en"


def use(language: str) -> None:
    """Speak `language` ("ja" or "en") from now on."""
    global _catalogue, _language
    if language not in LANGUAGES:
        raise ValueError(language)
    if language == "en":
        _catalogue = None
    elif _catalogue is None:
        _catalogue = Catalogue((FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.mo").read_bytes())
    _language = language


def use_in_typer() -> None:
    """Have Typer speak the language too: its headings come through gettext's global domain."""
    import gettext

    os.environ["LANGUAGE"] = _language
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speaks another language for a while, as for a letter to somebody."""
    before = _language
    use(language)
    try:
        yield
    finally:
        use(before)


def language() -> str:
    """The language spoken now: "ja" or "en"."""
    return _language


def chosen(option: str | None, environment: dict[str, str]) -> str:
    """The language of a run: the option, else SOC_LANG, else the locale's, else English."""
    candidates = [option if option in LANGUAGES else None, environment.get("SOC_LANG")]
    candidates += [environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    for candidate in candidates:
        if candidate:
            return "ja" if candidate.lower().startswith("ja") else "en"
    if os.name == "nt":
        import locale

        name = locale.getlocale()[0] or ""
        return "ja" if name.lower().startswith("ja") else "en"
    return "en"


def _(message: str) -> str:
    """`message` in the language of this run."""
    return (_catalogue is not None and message and _catalogue.find(message)) or message


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many` in the language of this run, as `count` asks for."""
    if _catalogue is not None and (found := _catalogue.find(one)):
        return found
    return one if count == 1 else many


def N_(message: str) -> str:
    """Marks `message` for the catalogues where it is written; it is translated where it is shown."""
    return message
