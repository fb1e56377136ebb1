"""Groups of members that are large enough to be told of: what is too small is never told by itself."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

OPEN_END = 999
_BANDS = ((0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, OPEN_END))
BANDS = tuple(f"{first}-{last if last < OPEN_END else ''}" for first, last in _BANDS)
"""The age bands, youngest first: ten years each, but for the ends."""

Key = TypeVar("Key", bound=Hashable)


def band(age: int | None) -> str | None:
    """The age band of an age in years (`30-39`, `80-`); None where the age is not known."""
    if age is None:
        return None
    return next(name for name, (_first, last) in zip(BANDS, _BANDS, strict=True) if age <= last)


def told(counts: Mapping[Key, int], smallest: int) -> tuple[dict[Key, int], int]:
    """The groups that may be told of, and how many members are in all others together.

    Every count given is of `smallest` members or more, or 0; the counts sum up to those of all groups,
    so no total gives a smaller one away: where the small groups together are too few, the smallest of
    the others goes with them. Where all are too few together, there is nothing to tell: ({}, 0).
    """
    kept = {key: n for key, n in counts.items() if n >= smallest}
    rest = sum(n for n in counts.values() if n < smallest)
    if 0 < rest < smallest and kept:
        least = min(kept, key=lambda key: kept[key])
        rest += kept.pop(least)
    return (kept, rest) if rest == 0 or rest >= smallest else ({}, 0)


def few(count: int, smallest: int) -> int | None:
    """A count that stands by itself, or None where it is of somebody, and of too few."""
    return None if 0 < count < smallest else count


Row = tuple[Hashable, ...]


def generalised(rows: Sequence[Row], smallest: int) -> list[Row]:
    """Rows in which nothing is told that fewer than `smallest` of them have in common.

    From the last column on a value is left out (None) until enough rows are alike among those that
    had to go as far; what is told in more columns stays apart from them. A row of which nothing is left
    says nothing.
    """
    found = list(rows)
    width = len(rows[0]) if rows else 0
    left = list(range(len(rows)))
    for told_columns in range(width, 0, -1):
        alike: dict[Row, list[int]] = {}
        for at in left:
            found[at] = (*rows[at][:told_columns], *(None,) * (width - told_columns))
            alike.setdefault(found[at], []).append(at)
        left = [at for places in alike.values() if len(places) < smallest for at in places]
    for at in left:
        found[at] = (None,) * width
    return found
