"""What two texts have in common that look alike: for words that nobody may seem to be."""

import re
import unicodedata

from soc_cli.model.fields import kana_key

# Small letters of other scripts, and what Unicode's list of confusable characters (UTS 39) holds them
# for; kanji, and the katakana that they are taken for.
_ALIKE = str.maketrans(
    {
        **dict(zip("аеорсхукмтнвіѕјԁԛԝһɡɑıαονρτυικχωвѵ", "aeopcxykmthbisjdqwhgaiaovptuikxwbv", strict=True)),
        **dict(zip("力口二八卜夕工一", "カロニハトタエー", strict=True)),
        "0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "$": "s", "@": "a", "3": "e",
        "_": None, "*": None, "~": None, "☆": None, "★": None,
    }
)  # fmt: skip

_ACCENTS = re.compile("[\u0300-\u036f]")


def alike_key(text: str) -> str:
    """The text without what an eye passes over: width, case, accents, blanks, look-alike letters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return kana_key(unicodedata.normalize("NFC", plain)).translate(_ALIKE)


def beginnings(key: str) -> set[str]:
    """How a folded nickname may begin whose `alike_key` is this one, but for rare characters."""
    return {key[:1], *(chr(code) for code, plain in _ALIKE.items() if plain in (None, key[:1]))}
