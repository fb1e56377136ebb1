"""That something long goes on: whoever does it beats, and who sits at a terminal is shown it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
Listener = Callable[[], int | None]
"""What SQLite calls too, which goes on when it is given nothing."""

_listener: Listener | None = None


def use(listener: Listener | None) -> None:
    """From now on this is called again and again while something goes on; None is nobody."""
    global _listener
    _listener = listener


def listener() -> Listener | None:
    """Who is to be called."""
    return _listener


def each(things: Iterable[T]) -> Iterator[T]:
    """The things as they are, with a beat before each."""
    for thing in things:
        if _listener is not None:
            _listener()
        yield thing
