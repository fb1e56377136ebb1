"""The typed form of the policy file; an incomplete or contradictory file is refused with its line."""

import re
from binascii import crc32
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from soc_cli.model import language
from soc_cli.model.errors import WrongData
from soc_cli.model.frozen import frozen
from soc_cli.model.language import _
from soc_cli.model.patterns import pattern
from soc_cli.policy import packaged as made

PACKAGED = Path(__file__).with_name("soc.toml")
FORMAT = 1
PARTS = ("collection", "purposes", "disclosure", "cookies", "registration", "security")
AGE = "age"
"""The one column that is computed: whole years, from the birth date that it hides."""
_MONEY = ("price", "fee", "rent", "rental", "sale", "sell", "sold", "paid", "payment", "exchange")
MONEY = pattern(rf"(?<![a-z])({'|'.join(_MONEY)})(?![a-z])", re.I)

_A_NAME = pattern("[a-z][a-z0-9_-]*")
_A_KEY = pattern("[a-z][a-z0-9_]*")


class PolicyFileError(WrongData):
    """The policy file is incomplete or contradicts itself; names the place, the key and the line."""

    def __init__(self, place: str, reason: str, line: int | None) -> None:
        self.place, self.line = place, line
        where = _("policy file, line {line}, {place}") if line else _("policy file, {place}")
        super().__init__(f"{where.format(line=line, place=place)}: {reason}")


@frozen
class Words:
    """One text in both languages."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.ja if language.language() == "ja" else self.en


@frozen
class Club:
    """The club, and how it numbers its members."""

    name: Words
    number_prefix: str
    number_digits: int
    address: str
    representative: str
    complaints: str

    def number(self, number: int) -> str:
        """A member number as it is written: `SOC-0012`."""
        return f"{self.number_prefix}-{number:0{self.number_digits}d}"

    def number_of(self, text: str) -> int | None:
        """The number that `text` writes (`SOC-0012`, `soc12`, `12`, `１２`), or None."""
        import unicodedata

        written = unicodedata.normalize("NFKC", text).strip()
        found = re.fullmatch(
            rf"(?:{re.escape(self.number_prefix)}-?)?0*([0-9]{{1,8}})", written, re.I
        )
        return int(found[1]) if found and int(found[1]) > 0 else None


@frozen
class Clause:
    """One clause of the policy: what the club says, and what the program therefore does."""

    id: str
    part: str
    says: Words
    does: Words


@frozen
class Counts:
    """A category given as numbers only: rows counted by columns, and columns summed."""

    table: str
    by: tuple[str, ...]
    sum: tuple[str, ...]


@frozen
class Category:
    """A kind of data: columns of tables, which a purpose is granted together."""

    name: str
    label: Words
    columns: Mapping[str, tuple[str, ...]]
    counts: Counts | None


@frozen
class Purpose:
    """One of the nine purposes of use, and the categories that it may read."""

    name: str
    clause: str
    label: Words
    reads: tuple[str, ...]
    counts: tuple[str, ...]
    writes: tuple[str, ...]
    """Tables whose rows it may add, change and delete."""
    one_member: bool


@frozen
class Ground:
    """A ground on which data may be given to others, and what must be on record first."""

    name: str
    clause: str
    label: Words
    kinds: Mapping[str, tuple[str, ...]]
    """Required fields by kind; a ground without kinds has one, named ''."""


@frozen
class Choice:
    """A choice that a member makes along with registration."""

    name: str
    label: Words
    obeyed_by: tuple[str, ...]


@frozen
class Period:
    """How long something is kept; 0 years is a period that the club has not set."""

    name: str
    label: Words
    years: int
    law: Words | None


@frozen
class Policy:
    """The whole policy."""

    club: Club
    clauses: Mapping[str, Clause]
    categories: Mapping[str, Category]
    purposes: Mapping[str, Purpose]
    grounds: Mapping[str, Ground]
    choices: Mapping[str, Choice]
    periods: Mapping[str, Period]
    open_columns: Mapping[str, tuple[str, ...]]
    upkeep_columns: Mapping[str, tuple[str, ...]]
    upkeep_writes: tuple[str, ...]
    impersonal: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]

    def classified(self) -> set[tuple[str, str]]:
        """Every (table, column) that the policy names: in a category, open, for upkeep, or a key."""
        found = {
            (t, c)
            for category in self.categories.values()
            for t, cs in category.columns.items()
            for c in cs
        }
        for named in (self.open_columns, self.upkeep_columns, self.impersonal):
            found |= {(t, c) for t, cs in named.items() for c in cs}
        found |= {("member", key) for key, of in self.keys.items() if ("member", of) in found}
        return found


def _line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line where the longest written part of `path` stands."""
    best: int | None = None
    best_length = 0
    header: tuple[str, ...] = ()
    for at, line in enumerate(text.splitlines(), 1):
        if table := re.match(r"\s*\[+([^\]]+)\]", line):
            header = tuple(part.strip(" \"'") for part in table[1].split("."))
            written = header
        elif key := re.match(r"\s*([\w.\-]+)\s*=", line):
            written = (*header, *key[1].split("."))
        else:
            continue
        common = next(
            (i for i, (a, b) in enumerate(zip(written, path, strict=False)) if a != b), None
        )
        length = min(len(written), len(path)) if common is None else common
        if length > best_length and (common is None or length == len(header)):
            best, best_length = at, length
    return best


def _values(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise PolicyFileError("TOML", str(error), int(found[1]) if found else None) from None


class _Reader:
    """Takes typed values out of the parsed file and names the place of what is wrong."""

    def __init__(self, text: str, data: dict[str, Any] | None = None) -> None:
        """`data` are the values of this very text, where they are known already."""
        self.text = text
        self.data = _values(text) if data is None else data

    def wrong(self, place: str, reason: str) -> PolicyFileError:
        return PolicyFileError(place, reason, _line_of(self.text, tuple(place.split("."))))

    def table(
        self,
        data: Mapping[str, Any],
        place: str,
        needed: set[str],
        optional: frozenset[str] | set[str] = frozenset(),
    ) -> None:
        if not isinstance(data, dict):
            raise self.wrong(place, _("needs a table of keys"))
        for key in sorted(needed - data.keys()):
            raise self.wrong(f"{place}.{key}".lstrip("."), _("is missing"))
        for key in sorted(data.keys() - needed - optional):
            raise self.wrong(
                f"{place}.{key}".lstrip("."), _("is a key that the policy file does not know")
            )

    def words(self, data: Any, place: str) -> Words:
        if not isinstance(data, dict):
            raise self.wrong(place, _("needs a text in Japanese (ja) and in English (en)"))
        self.table(data, place, {"ja", "en"})
        for key in ("ja", "en"):
            if not isinstance(data[key], str) or not data[key].strip():
                raise self.wrong(f"{place}.{key}", _("is empty"))
        return Words(data["ja"], data["en"])

    def named(self, data: Any, place: str) -> dict[str, Any]:
        """A table whose keys are names that reach SQL."""
        if not isinstance(data, dict):
            raise self.wrong(place, _("needs a table of keys"))
        for key in data:
            if not _A_KEY.fullmatch(key):
                raise self.wrong(f"{place}.{key}", _("is no name in small letters"))
        return data

    def names(self, data: Any, place: str) -> tuple[str, ...]:
        if not isinstance(data, list) or not all(
            isinstance(x, str) and _A_NAME.fullmatch(x) for x in data
        ):
            raise self.wrong(place, _("needs a list of names in small letters"))
        if len(set(data)) != len(data):
            raise self.wrong(place, _("names something twice"))
        return tuple(data)

    def whole(self, data: Any, place: str) -> int:
        if not isinstance(data, int) or isinstance(data, bool) or data < 0:
            raise self.wrong(place, _("needs a whole number, 0 or more"))
        return data

    def string(self, data: Any, place: str) -> str:
        if not isinstance(data, str):
            raise self.wrong(place, _("needs a text"))
        return data


def read_policy(text: str, data: dict[str, Any] | None = None) -> Policy:
    """The typed policy of a file's text; raises `PolicyFileError` where it is not whole.

    `data` are the values of this very text, where they are known already.
    """
    r = _Reader(text, data)
    d = r.data
    r.table(
        d,
        "",
        {
            "format",
            "club",
            "clause",
            "category",
            "open",
            "upkeep",
            "impersonal",
            "keys",
            "purpose",
            "ground",
            "choice",
            "period",
        },
    )
    if d["format"] != FORMAT:
        raise r.wrong(
            "format", _("is another format than this program reads ({n})").format(n=FORMAT)
        )

    club = d["club"]
    r.table(
        club,
        "club",
        {"name", "number_prefix", "number_digits", "address", "representative", "complaints"},
    )
    if not re.fullmatch(
        r"[A-Z][A-Z0-9]{0,9}", r.string(club["number_prefix"], "club.number_prefix")
    ):
        raise r.wrong("club.number_prefix", _("needs one to ten capital letters or digits"))
    the_club = Club(
        r.words(club["name"], "club.name"),
        club["number_prefix"],
        r.whole(club["number_digits"], "club.number_digits"),
        *(
            r.string(club[key], f"club.{key}")
            for key in ("address", "representative", "complaints")
        ),
    )

    clauses: dict[str, Clause] = {}
    for id, c in d["clause"].items():
        place = f"clause.{id}"
        r.table(c, place, {"part", "says", "does"})
        if c["part"] not in PARTS:
            raise r.wrong(f"{place}.part", _("is none of {names}").format(names=", ".join(PARTS)))
        clauses[id] = Clause(
            id, c["part"], r.words(c["says"], f"{place}.says"), r.words(c["does"], f"{place}.does")
        )

    impersonal = {
        t: r.names(cs, f"impersonal.{t}")
        for t, cs in r.named(d["impersonal"], "impersonal").items()
    }
    open_columns = {t: r.names(cs, f"open.{t}") for t, cs in r.named(d["open"], "open").items()}
    r.table(d["upkeep"], "upkeep", {"writes", "reads"})
    upkeep_writes = r.names(d["upkeep"]["writes"], "upkeep.writes")
    upkeep_columns = {
        t: r.names(cs, f"upkeep.reads.{t}")
        for t, cs in r.named(d["upkeep"]["reads"], "upkeep.reads").items()
    }

    categories: dict[str, Category] = {}
    for name, c in r.named(d["category"], "category").items():
        place = f"category.{name}"
        if "_" in name:
            raise r.wrong(place, _("is no name in small letters"))
        r.table(c, place, {"label", "columns"}, {"counts"})
        columns = {
            t: r.names(cs, f"{place}.columns.{t}")
            for t, cs in r.named(c["columns"], f"{place}.columns").items()
        }
        for t, cs in columns.items():
            if t in impersonal:
                raise r.wrong(
                    f"{place}.columns.{t}",
                    _("is a table that [impersonal] says holds nobody's data"),
                )
            for both in sorted(set(cs) & set(open_columns.get(t, ()))):
                raise r.wrong(
                    f"{place}.columns.{t}",
                    _("holds {name}, which [open] gives to every purpose").format(name=both),
                )
        counts = None
        if "counts" in c:
            k = c["counts"]
            r.table(k, f"{place}.counts", {"table", "by", "sum"})
            counts = Counts(
                k["table"],
                r.names(k["by"], f"{place}.counts.by"),
                r.names(k["sum"], f"{place}.counts.sum"),
            )
            unknown = set(counts.by + counts.sum) - set(columns.get(counts.table, ()))
            if unknown:
                raise r.wrong(
                    f"{place}.counts",
                    _("counts {name}, which the category does not hold").format(name=min(unknown)),
                )
        categories[name] = Category(name, r.words(c["label"], f"{place}.label"), columns, counts)

    purposes: dict[str, Purpose] = {}
    for name, p in d["purpose"].items():
        place = f"purpose.{name}"
        r.table(p, place, {"clause", "label", "reads"}, {"counts", "writes", "one_member"})
        reads, counted = (
            r.names(p["reads"], f"{place}.reads"),
            r.names(p.get("counts", []), f"{place}.counts"),
        )
        for category in (*reads, *counted):
            if category not in categories:
                raise r.wrong(
                    f"{place}.reads", _("names {name}, which is no category").format(name=category)
                )
        for category in counted:
            if categories[category].counts is None or category in reads:
                raise r.wrong(
                    f"{place}.counts",
                    _("names {name}, which is read whole or has no counts").format(name=category),
                )
        one = p.get("one_member", False)
        if not isinstance(one, bool):
            raise r.wrong(f"{place}.one_member", _("needs true or false"))
        writes = r.names(p.get("writes", []), f"{place}.writes")
        label = r.words(p["label"], f"{place}.label")
        purposes[name] = Purpose(name, p["clause"], label, reads, counted, writes, one)
    _one_each(
        r,
        "purpose",
        {n: p.clause for n, p in purposes.items()},
        {i for i, c in clauses.items() if c.part == "purposes"},
    )
    read = {category for p in purposes.values() for category in (*p.reads, *p.counts)}
    for category in categories:
        if category not in read:
            raise r.wrong(
                f"category.{category}", _("is read for no purpose, so it must not be kept")
            )

    grounds: dict[str, Ground] = {}
    for name, g in d["ground"].items():
        place = f"ground.{name}"
        r.table(g, place, {"clause", "label"}, {"fields", "kinds"})
        if ("fields" in g) == ("kinds" in g):
            raise r.wrong(place, _("needs either fields or kinds"))
        kinds = {"": g["fields"]} if "fields" in g else r.named(g["kinds"], f"{place}.kinds")
        required = {
            kind: r.names(fs, f"{place}.kinds.{kind}" if kind else f"{place}.fields")
            for kind, fs in kinds.items()
        }
        for field in (name, *(f for fs in required.values() for f in fs)):
            if any(word in field for word in _MONEY) and MONEY.search(field):
                raise r.wrong(
                    place,
                    _("names {name}: personal data is never sold or rented (D0)").format(
                        name=field
                    ),
                )
        if not all(required.values()):
            raise r.wrong(place, _("asks for nothing to be on record"))
        grounds[name] = Ground(name, g["clause"], r.words(g["label"], f"{place}.label"), required)
    disclosure = {i for i, c in clauses.items() if c.part == "disclosure"}
    if "D0" not in disclosure:
        raise r.wrong("clause.D0", _("is missing"))
    _one_each(r, "ground", {n: g.clause for n, g in grounds.items()}, disclosure - {"D0"})

    choices: dict[str, Choice] = {}
    for name, c in d["choice"].items():
        r.table(c, f"choice.{name}", {"label", "obeyed_by"})
        obeyed = r.names(c["obeyed_by"], f"choice.{name}.obeyed_by")
        for purpose in obeyed:
            if purpose not in purposes:
                raise r.wrong(
                    f"choice.{name}.obeyed_by",
                    _("names {name}, which is no purpose").format(name=purpose),
                )
        choices[name] = Choice(name, r.words(c["label"], f"choice.{name}.label"), obeyed)

    periods: dict[str, Period] = {}
    for name, p in d["period"].items():
        r.table(p, f"period.{name}", {"label", "years"}, {"law"})
        law = r.words(p["law"], f"period.{name}.law") if "law" in p else None
        periods[name] = Period(
            name,
            r.words(p["label"], f"period.{name}.label"),
            r.whole(p["years"], f"period.{name}.years"),
            law,
        )

    if "consent_record" not in periods:
        raise r.wrong("period.consent_record", _("is missing"))
    held = {c for category in categories.values() for cs in category.columns.values() for c in cs}
    keys = {key: r.string(of, f"keys.{key}") for key, of in r.named(d["keys"], "keys").items()}
    for key, of in keys.items():
        if of not in held:
            raise r.wrong(
                f"keys.{key}", _("is the key of {name}, which is in no category").format(name=of)
            )
    return Policy(
        the_club,
        clauses,
        categories,
        purposes,
        grounds,
        choices,
        periods,
        open_columns,
        upkeep_columns,
        upkeep_writes,
        impersonal,
        keys,
    )


def _one_each(r: _Reader, kind: str, clause_of: Mapping[str, str], clauses: set[str]) -> None:
    """Each clause of its part has exactly one purpose or ground, and the other way round."""
    seen: set[str] = set()
    for name, clause in clause_of.items():
        if clause not in clauses or clause in seen:
            raise r.wrong(
                f"{kind}.{name}.clause",
                _("{clause} is no clause of this part, or is taken").format(clause=clause),
            )
        seen.add(clause)
    for clause in sorted(clauses - seen):
        raise r.wrong(f"clause.{clause}", _("has no {kind} that carries it out").format(kind=kind))


@cache
def packaged() -> Policy:
    """The policy that comes with the program, or what a club has made of its file."""
    written = PACKAGED.read_bytes()
    # What was read of the file is kept beside it, since reading TOML takes longer than a command may.
    known = made.DATA if crc32(written) == made.CHECK_SUM else None
    return read_policy(written.decode("utf-8"), known)
