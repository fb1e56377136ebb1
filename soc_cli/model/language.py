"""The language that one run speaks: Japanese or English, from the catalogues in `locale/`."""

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("ja", "en")
DOMAIN = "soc"
FOLDER = Path(__file__).resolve().parent.parent / "locale"

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Speak `language` ("ja" or "en") from now on, Typer's own headings included."""
    global _catalogue, _language
    _catalogue = _gettext.translation(DOMAIN, FOLDER, [language], fallback=language == "en")
    _language = language
    # Typer's headings ("Options", "required") come through gettext's global domain.
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain(DOMAIN, str(FOLDER))
    _gettext.textdomain(DOMAIN)


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
    candidates = [option, environment.get("SOC_LANG")]
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
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many` in the language of this run, as `count` asks for."""
    return _catalogue.ngettext(one, many, count)


def N_(message: str) -> str:
    """Marks `message` for the catalogues where it is written; it is translated where it is shown."""
    return message
