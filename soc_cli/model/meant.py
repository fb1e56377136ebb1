"""What somebody meant who wrote a word wrongly: a slip of the finger, full-width signs, another name for it."""

import unicodedata
from collections.abc import Iterable, Sequence

from soc_cli.model.errors import WrongUse
from soc_cli.model.language import _
from soc_cli.model.text import DASHES

_AS_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-") | {"—": "--", "―": "--"})
_MOST = 3
_LIKE = 0.65
_SHORTEST_BEGINNING = 3


def folded(word: str) -> str:
    """The word in half-width and lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", word).casefold().strip()


def option(word: str) -> str:
    """The word as an option, whatever was written for its hyphens: `－－name` and `—name` are `--name`."""
    name = folded(word.translate(_AS_HYPHENS))
    begun = len(name) - len(name.lstrip("-"))
    return ("--" if begun > 1 else "-" * begun) + name[begun:]


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Which of the known words may have been meant, best first; none where nothing is like it.

    One that is a single slip away is meant rather than any other that merely looks like it.
    """
    said, words = folded(word), list(known)
    if said in words:
        return [said]
    if not said:
        return []
    slips = [one for one in words if _one_slip(said, one)]
    if not slips and len(said.lstrip("-")) >= _SHORTEST_BEGINNING:
        slips = [one for one in words if one.startswith(said)]
    if not slips:
        from difflib import get_close_matches

        slips = get_close_matches(said, words, _MOST, _LIKE)
    return slips[:_MOST]


def _one_slip(said: str, meant: str) -> bool:
    """Whether a letter is missing, one too many, a wrong one, or two have changed places."""
    if len(meant.lstrip("-")) < 2 or abs(len(said) - len(meant)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), len(min(said, meant, key=len)))  # fmt: skip
    a, b = said[at:], meant[at:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def quoted(words: Sequence[str]) -> str:
    """Words in quotation marks, one after the other."""
    return _(", ").join(_("“{name}”").format(name=word) for word in words)


def among(said: str, names: Sequence[str]) -> str:
    """What to do where one of these is wanted: the one that may have been meant, and all of them."""
    every = _("one of: {names}").format(names=" ".join(names))
    if meant := nearest(said, names):
        return _("did you mean {meant}? It is {every}").format(meant=quoted(meant), every=every)
    return every


def check(option: str, said: str, names: Sequence[str]) -> None:
    """Raises WrongUse where what was said for `--option` is none of the names."""
    if said not in names:
        raise WrongUse(
            _("--{option} does not take “{said}”").format(option=option, said=said),
            among(said, names),
        )
