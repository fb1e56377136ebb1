"""JSON as a sheet: an array of objects or an object a line, each a row under its keys."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from soc_cli.formats import encodings
from soc_cli.formats.workbooks import plain_number
from soc_cli.model.errors import WrongData
from soc_cli.model.fields import ELEMENT
from soc_cli.model.language import _
from soc_cli.model.sheet import Number, Rows

LONGEST = 1 << 22
"""Characters of one object; more is no person."""
PIECE = 1 << 16

BESIDE = ("withheld",)
"""Keys that tell of the answer rather than of what is in it."""


def is_array(file: BinaryIO, encoding: str) -> bool:
    """Whether the text is one JSON array rather than objects one after another."""
    return encodings.text_of(file, encoding).read(PIECE).lstrip().startswith("[")


def objects(file: BinaryIO, encoding: str) -> Iterator[dict[str, Any]]:
    """The objects, one after another, however they are parted; raises WrongData for what is none."""
    decode = json.JSONDecoder().raw_decode
    array = is_array(file, encoding)
    text = encodings.text_of(file, encoding)
    left = text.read(PIECE).lstrip()
    at, number = int(array), 0
    while True:
        while at < len(left) and (left[at].isspace() or left[at] == ","):
            at += 1
        try:
            if left.startswith("{", at):
                found, at = decode(left, at)
                number += 1
                yield found
                continue
            if left[at:].strip() not in ("", "]"):
                raise _not_json(number + 1)
        except RecursionError:
            raise _not_json(number + 1) from None
        except ValueError:  # the object may go on in what was not read yet
            if len(left) - at > LONGEST:
                raise _not_json(number + 1) from None
        # As much again as is there, so that a long object is looked at a few times only.
        left, at = left[at:], 0
        more = text.read(max(PIECE, len(left)))
        if not more:
            if left.strip() != ("]" if array else ""):
                raise _not_json(number + 1)
            return
        left += more


def _not_json(number: int) -> WrongData:
    return WrongData(
        _("object {n} can't be read as JSON").format(n=number),
        _('write an array of objects, or an object a line, like {"name": "…"}'),
    )


def header(file: BinaryIO, encoding: str) -> list[str]:
    """Every key that an object has, in the order in which they come."""
    keys: dict[str, None] = {}
    for found in objects(file, encoding):
        for key in _flat(found):
            keys[key] = None
    return list(keys)


CHOICES = "choices"


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """The object without what tells of the answer, its choices beside the other keys."""
    flat = {key: value for key, value in found.items() if key not in BESIDE}
    if isinstance(flat.get(CHOICES, {}), dict | None):
        flat |= flat.pop(CHOICES, None) or {}
    return flat


def rows(file: BinaryIO, encoding: str, header: list[str]) -> Rows:
    """The objects as rows under the header, numbered from 1."""
    for number, found in enumerate(objects(file, encoding), 1):
        flat = _flat(found)
        yield number, [as_text(flat.get(key)) for key in header]


def as_text(value: Any) -> str:
    """A value of JSON as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return Number(plain_number(value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "".join(one + ELEMENT for one in value)
    return json.dumps(value, ensure_ascii=False)
