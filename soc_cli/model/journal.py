"""An entry of the journal, and sets of member numbers written as ranges."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from soc_cli.model.frozen import frozen

MOST_RANGES = 64
"""Above this many ranges a packed bitmap is shorter and is used instead."""


@frozen
class Entry:
    """What one act leaves in the journal: who did what for which purpose to whom; never a value."""

    act: str
    members: Sequence[int] = ()
    categories: tuple[str, ...] = ()
    occasion: str | None = None
    """Clause C2: `registration`, `meeting` or `inquiry`, where values came in or changed."""
    fields: tuple[str, ...] = ()
    """The names of the fields that were corrected."""
    details: str = ""
    """What else belongs to the act and names nobody, such as a file's SHA-256."""
    shown: bool = True
    """Whether the members may see this entry among their own data (Act art. 33, Cabinet Order 5)."""
    outcome: str = "done"
    """`done`, `refused` (by the policy), `rejected` (wrong data) or `dry-run`."""


def ranges(numbers: Sequence[int]) -> str:
    """Member numbers as text: `1-3,7`, or `*` and a packed bitmap where that is shorter."""
    ascending = all(one < next for one, next in pairwise(numbers))
    found = numbers if ascending else sorted(set(numbers))
    runs = _runs(found)
    if len(runs) <= MOST_RANGES:
        return _as_ranges(runs)
    import base64
    import zlib

    bits = bytearray(found[-1] // 8 + 1)
    for number in found:
        bits[number // 8] |= 1 << number % 8
    return "*" + base64.b64encode(zlib.compress(bytes(bits))).decode()


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """First and last of each run of neighbours, of numbers in their order."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _as_ranges(runs: Iterable[list[int]]) -> str:
    return ",".join(f"{first}-{last}" if first != last else str(first) for first, last in runs)


def readable(text: str) -> str:
    """What `ranges` wrote, as ranges even where it is a bitmap."""
    return _as_ranges(_runs(members_of(text))) if text.startswith("*") else text


def members_of(text: str) -> list[int]:
    """The member numbers that `ranges` wrote; of what somebody else wrote, none (it does not verify)."""
    try:
        return _members_of(text)
    except ValueError:
        return []


def _members_of(text: str) -> list[int]:
    if text.startswith("*"):
        import base64
        import zlib

        try:
            bits = zlib.decompress(base64.b64decode(text[1:]))
        except zlib.error as error:
            raise ValueError from error
        return [i * 8 + b for i, byte in enumerate(bits) for b in range(8) if byte >> b & 1]
    numbers: list[int] = []
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def holds(text: str, number: int) -> bool:
    """Whether `ranges` text names `number`; what somebody else wrote names nobody (it does not verify)."""
    try:
        return _holds(text, number)
    except ValueError:
        return False


def _holds(text: str, number: int) -> bool:
    if text.startswith("*"):
        return _bit(text, number)
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        if int(first) <= number <= int(last or first):
            return True
    return False


_PIECE = 1024
"""Characters of a packed bitmap that are unpacked at first, and then twice as many each time; a
multiple of four, as base64 needs."""


def _bit(text: str, number: int) -> bool:
    """Whether a packed bitmap names `number`; unpacks it only as far as that takes."""
    import base64
    import zlib

    unpack, at = zlib.decompressobj().decompress, number // 8
    start, size = 1, _PIECE
    while start < len(text):
        try:
            piece = unpack(base64.b64decode(text[start : start + size]))
        except zlib.error as error:
            raise ValueError from error
        if at < len(piece):
            return bool(piece[at] >> number % 8 & 1)
        at -= len(piece)
        start, size = start + size, size * 2
    return False
