"""The filters of a survey: `FIELD VALUE`, a small closed language over attributes of members (P2).

age 30-39      age 60-      age 30-39,50-59      joined 2010-2015
prefecture 愛知県,岐阜県      sex female      occupation 会社員      interest 写真
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from soc_cli.model import prefectures
from soc_cli.model.errors import WrongData, WrongUse
from soc_cli.model.fields import BY_KEY, ELEMENT, FieldError, header_key, sex, text_key, wrong
from soc_cli.model.language import _


class Values(Protocol):
    """A member's attributes by column."""

    def __getitem__(self, column: str, /) -> object:
        """The value of a column."""


MOST = 9999


@dataclass(frozen=True)
class Filter:
    """One thing that a filter can ask for: the column that it reads, and how."""

    column: str
    spellings: tuple[str, ...]
    """What a person may call it, beside its own name."""
    of: Callable[[object], object]
    """From the column to what is compared: a number, or a set of words."""
    word: Callable[[str], str] | None = None
    """From a word as written to the one that is compared; None where numbers are."""


def _sex(text: str) -> str:
    try:
        found = sex(text, date.min)
    except FieldError as error:
        raise wrong(text, error) from None
    return str(found)


def _prefecture(text: str) -> str:
    found = prefectures.called(text)
    if found is None:
        raise WrongData(
            _("“{text}” is no prefecture").format(text=text), _("write it like 愛知県 or Aichi")
        )
    return found


def _same(value: object) -> set[str]:
    return {text_key(str(value))}


FILTERS: Mapping[str, Filter] = {
    "age": Filter("age", ("年齢", "年代", "歳"), lambda age: age),
    "sex": Filter("sex", BY_KEY["sex"].headers, lambda said: {said}, _sex),
    "prefecture": Filter(
        "postal_code", ("都道府県", "県", "地域"), lambda code: {prefectures.of_code(str(code))}, _prefecture
    ),
    "occupation": Filter("occupation", BY_KEY["occupation"].headers, _same, text_key),
    "industry": Filter("industry", BY_KEY["industry"].headers, _same, text_key),
    "interest": Filter(
        "interests", ("interests", *BY_KEY["interests"].headers),
        lambda said: {text_key(one) for one in re.split(f"[、{ELEMENT}]", str(said))}, text_key,
    ),
    "joined": Filter("joined_on", ("入会年", *BY_KEY["joined_on"].headers), lambda day: int(str(day)[:4])),
}  # fmt: skip
"""Every field that a filter knows."""

_NAMES = {
    header_key(spelled): name for name, one in FILTERS.items() for spelled in (name, *one.spellings)
}


@dataclass(frozen=True)
class Condition:
    """One filter with what it asks for; a member of whom nothing is known does not match."""

    field: str
    ranges: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    text: str
    """As it is kept: `age 30-39`."""

    @property
    def column(self) -> str:
        """The column of a member that it reads."""
        return FILTERS[self.field].column

    def matches(self, values: Values) -> bool:
        """Whether a member with these values is meant."""
        value = values[self.column]
        if value is None:
            return False
        found = FILTERS[self.field].of(value)
        if isinstance(found, int):
            return any(first <= found <= last for first, last in self.ranges)
        assert isinstance(found, set)
        return not found.isdisjoint(self.words)


def parted(text: str) -> tuple[str, str]:
    """The name of the field and the rest, of one filter as written."""
    name, _blank, rest = " ".join(text.split()).partition(" ")
    return name, rest


def field_named(name: str) -> str | None:
    """The filter that a name means, in Japanese or English; None where it is none."""
    return _NAMES.get(header_key(name))


def condition(field: str, said: str) -> Condition:
    """The condition that a filter says. Raises WrongUse for no value, WrongData for a wrong one."""
    parts = [part.strip() for part in re.split("[,、，]", said) if part.strip()]
    if not parts:
        raise WrongUse(
            _("the filter “{field}” says no value").format(field=field),
            _("write --where “FIELD VALUE”, like “age 30-39”"),
        )
    word = FILTERS[field].word
    if word is None:
        ranges = tuple(map(_range, parts))
        return Condition(field, ranges, (), f"{field} {','.join(map(_written, ranges))}")
    written = [word(part) if field in ("sex", "prefecture") else part for part in parts]
    return Condition(field, (), tuple(map(word, written)), f"{field} {','.join(written)}")


_RANGE = re.compile("([0-9]{0,4})(?:(-)([0-9]{0,4}))?")
_DASHES = re.compile("[~\u2010-\u2015\u2212\u301c\u30fc]")


def _range(text: str) -> tuple[int, int]:
    """The first and the last number of `30`, `30-39`, `30-` or `-29`."""
    narrow = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace(" ", "")
    found = _RANGE.fullmatch(re.sub("[歳才年]", "", narrow))
    if found is None or not (found[1] or found[3]):
        raise WrongData(
            _("“{text}” is no number and no range").format(text=text),
            _("write it like 30, 30-39 or 60-"),
        )
    first = int(found[1] or 0)
    last = int(found[3] or MOST) if found[2] else first
    if first > last:
        raise WrongData(_("“{text}” ends before it begins").format(text=text))
    return first, last


def _written(band: tuple[int, int]) -> str:
    first, last = band
    if first == last:
        return str(first)
    return f"{first or ''}-{last if last < MOST else ''}"
