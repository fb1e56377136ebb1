"""The typed form of the policy file; an incomplete or contradictory file is refused with its line."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from soc_cli.model import breach, inquiry, language
from soc_cli.model.digest import sha256
from soc_cli.model.errors import WrongData
from soc_cli.model.fields import BY_KEY
from soc_cli.model.frozen import frozen
from soc_cli.model.language import _
from soc_cli.model.patterns import pattern
from soc_cli.model.text import DASHES
from soc_cli.policy import packaged as made

PACKAGED = Path(__file__).with_name("soc.toml")
FORMAT = 1
PARTS = ("collection", "purposes", "disclosure", "cookies", "registration", "security")
AGE = "age"
"""A column that is computed: whole years, from the birth date that it hides."""
VISITOR = "visitor"
"""A column that is computed: the token of a browser, from the cookie that it hides."""
PUBLISHED = ("address", "representative", "complaints")
_MONEY = ("price", "fee", "rent", "rental", "sale", "sell", "sold", "paid", "payment", "exchange")
MONEY = pattern(rf"(?<![a-z])({'|'.join(_MONEY)})(?![a-z])", re.I)

_AS_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")
_CAPITAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_FIGURES = frozenset("0123456789")
_NAME, _KEY, _REASON = _SMALL | _FIGURES | {"_", "-"}, _SMALL | _FIGURES | {"_"}, _SMALL | {"-"}


def _begins(text: str, first: frozenset[str], of: frozenset[str]) -> bool:
    """Whether a text is of these characters, and begins with one of the `first`.

    By no regular expression: compiling one takes as long as reading a third of the policy.
    """
    return text[:1] in first and of.issuperset(text)


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
    """Where members complain."""
    cookie: str
    """The name of the club's cookie (K1)."""
    requests: str = ""
    """Where and how members make the requests that the Act gives them."""
    fees: str = ""
    """What such a request costs; empty where it costs nothing."""
    security: str = ""
    """What the club itself does for security, beside what the program does."""

    def number(self, number: int) -> str:
        """A member number as it is written: `SOC-0012`."""
        return f"{self.number_prefix}-{number:0{self.number_digits}d}"

    def number_of(self, text: str) -> int | None:
        """The number that `text` writes (`SOC-0012`, `soc12`, `12`, `１２`), or None."""
        import unicodedata

        written = unicodedata.normalize("NFKC", text).strip().translate(_AS_HYPHENS)
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
    chosen: str = ""
    """A choice without which the rows of a member are given to that member alone (R2)."""


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
    adds: tuple[str, ...] = ()
    """Tables that it may add rows to, and neither read the keys of nor change."""


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
    counted_by: tuple[str, ...] = ()
    """The purposes that learn how many of the whole club chose what, and of nobody what they chose."""


@frozen
class Reason:
    """A reason to refuse a request, in words, and the law that knows it."""

    name: str
    says: Words
    law: Words


@frozen
class Request:
    """What the law says of one kind of request."""

    kind: str
    label: Words
    law: Words
    suit: bool
    """Whether a suit is possible two weeks after it arrived (Act art. 39)."""
    fee: bool
    """Whether a fee may be taken (Act art. 38)."""
    refusals: Mapping[str, Reason]
    """Every reason for which it may be refused, failed checks included."""
    stops: tuple[str, ...]
    """The purposes that it can stop."""


@frozen
class Period:
    """How long something is kept; 0 years is a period that the club has not set."""

    name: str
    label: Words
    years: int
    law: Words | None


@frozen
class Rule:
    """What holds for whole groups of members."""

    smallest_group: int
    """How many members must have something in common for it to be picked or told (k-anonymity)."""


@frozen
class Item:
    """One item of the report of a breach (Enforcement Rules 8(1))."""

    label: Words
    told: bool
    """Whether the persons concerned are told it too (Enforcement Rules 10)."""


@frozen
class Breach:
    """What the law says of a breach (Act art. 26)."""

    more_than: int
    """Above so many persons it must be reported, whatever it holds."""
    preliminary_days: tuple[int, int]
    """The days within which it is reported at first, the day of knowledge being day 1."""
    final_days: int
    final_days_dishonest: int
    law: Words
    preliminary_law: Words
    final_law: Words
    notice_law: Words
    encrypted_law: Words
    triggers: Mapping[str, Reason]
    items: Mapping[str, Item]


@frozen
class Policy:
    """The whole policy."""

    club: Club
    clauses: Mapping[str, Clause]
    categories: Mapping[str, Category]
    purposes: Mapping[str, Purpose]
    grounds: Mapping[str, Ground]
    choices: Mapping[str, Choice]
    requests: Mapping[str, Request]
    periods: Mapping[str, Period]
    open_columns: Mapping[str, tuple[str, ...]]
    upkeep_columns: Mapping[str, tuple[str, ...]]
    upkeep_writes: tuple[str, ...]
    backup_days: int
    """Days without a backup after which one is overdue."""
    impersonal: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]
    rule: Rule
    breach: Breach
    reserved: tuple[str, ...] = ()
    """Nicknames that nobody may have, beside the club's own name."""
    sha256: str = ""
    """Of the club's own policy file; empty for the one that comes with the program."""

    def stoppable(self) -> frozenset[str]:
        """The purposes that a member can have stopped: whoever did is in none of their rows."""
        return frozenset(name for request in self.requests.values() for name in request.stops)

    @property
    def left_out(self) -> frozenset[str]:
        """The fields of a registration that this club does not ask for (C3)."""
        held = self.categories["registration"].columns["member"]
        return frozenset(key for key in BY_KEY if key not in (*held, *self.open_columns["member"]))

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
    except RecursionError:
        raise PolicyFileError("TOML", _("is nested too deeply"), None) from None


class Reader:
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
        if needed <= data.keys() <= needed | optional:
            return
        for key in sorted(needed - data.keys()):
            raise self.wrong(f"{place}.{key}".lstrip("."), _("is missing"))
        for key in sorted(data.keys() - needed - optional):
            raise self.wrong(
                f"{place}.{key}".lstrip("."), _("is a key that the policy file does not know")
            )

    def tables(self, data: Any, place: str) -> None:
        """A table whose every value is a table."""
        if not isinstance(data, dict):
            raise self.wrong(place, _("needs a table of keys"))
        for key, one in data.items():
            if not isinstance(one, dict):
                raise self.wrong(f"{place}.{key}", _("needs a table of keys"))

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
            if not _begins(key, _SMALL, _KEY):
                raise self.wrong(f"{place}.{key}", _("is no name in small letters"))
        return data

    def names(self, data: Any, place: str) -> tuple[str, ...]:
        if not isinstance(data, list) or not all(
            isinstance(x, str) and _begins(x, _SMALL, _NAME) for x in data
        ):
            raise self.wrong(place, _("needs a list of names in small letters"))
        if len(set(data)) != len(data):
            raise self.wrong(place, _("names something twice"))
        return tuple(data)

    def texts(self, data: Any, place: str) -> tuple[str, ...]:
        if not isinstance(data, list) or not all(isinstance(x, str) and x.strip() for x in data):
            raise self.wrong(place, _("needs a list of texts"))
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
    return policy_of(Reader(text, data))


def policy_of(r: "Reader") -> Policy:
    """The typed policy of a parsed file."""
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
            "check",
            "request",
            "period",
            "rule",
            "nickname",
            "breach",
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
        {"requests", "fees", "security", "cookie"},
    )
    prefix = r.string(club["number_prefix"], "club.number_prefix")
    if len(prefix) > 10 or not _begins(prefix, _CAPITAL, _CAPITAL | _FIGURES):
        raise r.wrong("club.number_prefix", _("needs one to ten capital letters or digits"))
    the_club = Club(
        r.words(club["name"], "club.name"),
        prefix,
        r.whole(club["number_digits"], "club.number_digits"),
        *(
            r.string(club.get(key, ""), f"club.{key}").strip()
            for key in (*PUBLISHED, "cookie", "requests", "fees", "security")
        ),
    )

    clauses: dict[str, Clause] = {}
    for id, c in d["clause"].items():
        place = f"clause.{id}"
        r.table(c, place, {"part", "says", "does"})
        if r.string(c["part"], f"{place}.part") not in PARTS:
            raise r.wrong(f"{place}.part", _("is none of {names}").format(names=", ".join(PARTS)))
        clauses[id] = Clause(
            id, c["part"], r.words(c["says"], f"{place}.says"), r.words(c["does"], f"{place}.does")
        )

    impersonal = {
        t: r.names(cs, f"impersonal.{t}")
        for t, cs in r.named(d["impersonal"], "impersonal").items()
    }
    open_columns = {t: r.names(cs, f"open.{t}") for t, cs in r.named(d["open"], "open").items()}
    r.table(d["upkeep"], "upkeep", {"writes", "reads", "backup_days"})
    backup_days = r.whole(d["upkeep"]["backup_days"], "upkeep.backup_days")
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
        r.table(c, place, {"label", "columns"}, {"counts", "chosen"})
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
        chosen = r.string(c.get("chosen", ""), f"{place}.chosen")
        if chosen and chosen not in d["choice"]:
            raise r.wrong(
                f"{place}.chosen", _("names {name}, which is no choice").format(name=chosen)
            )
        label = r.words(c["label"], f"{place}.label")
        categories[name] = Category(name, label, columns, counts, chosen)

    purposes: dict[str, Purpose] = {}
    for name, p in d["purpose"].items():
        place = f"purpose.{name}"
        r.names([name], place)
        r.table(p, place, {"clause", "label", "reads"}, {"counts", "writes", "adds", "one_member"})
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
        adds = r.names(p.get("adds", []), f"{place}.adds")
        label = r.words(p["label"], f"{place}.label")
        clause = r.string(p["clause"], f"{place}.clause")
        purposes[name] = Purpose(name, clause, label, reads, counted, writes, one, adds)
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
        clause = r.string(g["clause"], f"{place}.clause")
        grounds[name] = Ground(name, clause, r.words(g["label"], f"{place}.label"), required)
    disclosure = {i for i, c in clauses.items() if c.part == "disclosure"}
    if "D0" not in disclosure:
        raise r.wrong("clause.D0", _("is missing"))
    _one_each(r, "ground", {n: g.clause for n, g in grounds.items()}, disclosure - {"D0"})

    choices: dict[str, Choice] = {}
    for name, c in d["choice"].items():
        r.table(c, f"choice.{name}", {"label", "obeyed_by"}, {"counted_by"})
        said: dict[str, tuple[str, ...]] = {}
        for key in ("obeyed_by", "counted_by"):
            said[key] = r.names(c.get(key, []), f"choice.{name}.{key}")
            for purpose in said[key]:
                if purpose not in purposes:
                    raise r.wrong(
                        f"choice.{name}.{key}",
                        _("names {name}, which is no purpose").format(name=purpose),
                    )
        choices[name] = Choice(name, r.words(c["label"], f"choice.{name}.label"), **said)

    requests = _requests(r, purposes)

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
    r.table(d["rule"], "rule", {"smallest_group"})
    rule = Rule(r.whole(d["rule"]["smallest_group"], "rule.smallest_group"))
    if rule.smallest_group < 2:
        raise r.wrong("rule.smallest_group", _("lets one member stand alone: 2 or more"))
    held = {c for category in categories.values() for cs in category.columns.values() for c in cs}
    keys = {key: r.string(of, f"keys.{key}") for key, of in r.named(d["keys"], "keys").items()}
    for key, of in keys.items():
        if of not in held:
            raise r.wrong(
                f"keys.{key}", _("is the key of {name}, which is in no category").format(name=of)
            )
    r.table(d["nickname"], "nickname", {"reserved"})
    return Policy(
        the_club,
        clauses,
        categories,
        purposes,
        grounds,
        choices,
        requests,
        periods,
        open_columns,
        upkeep_columns,
        upkeep_writes,
        backup_days,
        impersonal,
        keys,
        rule,
        _breach(r),
        r.texts(d["nickname"]["reserved"], "nickname.reserved"),
    )


CHECKS = {"identity": inquiry.FAILED, "mandate": inquiry.NO_MANDATE}
"""The reasons that every request may be refused for, and what must have come of the check."""


def _requests(r: Reader, purposes: Mapping[str, Purpose]) -> dict[str, Request]:
    """The kinds of request, each with its own reasons and those of a failed check."""
    checks, requests = r.data["check"], r.data["request"]
    r.table(checks, "check", set(CHECKS))
    shared = {name: _reason(r, name, checks[name], f"check.{name}") for name in CHECKS}
    r.table(requests, "request", set(inquiry.REQUESTS))
    found = {}
    for kind in inquiry.REQUESTS:
        place, said = f"request.{kind}", requests[kind]
        r.table(said, place, {"label", "law", "suit", "fee"}, {"refusals", "stops"})
        for key in ("suit", "fee"):
            if not isinstance(said[key], bool):
                raise r.wrong(f"{place}.{key}", _("needs true or false"))
        reasons = said.get("refusals", {})
        if not isinstance(reasons, dict):
            raise r.wrong(f"{place}.refusals", _("needs a table of keys"))
        for name in reasons:
            if name in CHECKS or not _begins(name, _SMALL, _REASON):
                raise r.wrong(f"{place}.refusals.{name}", _("is no name in small letters"))
        own = {n: _reason(r, n, one, f"{place}.refusals.{n}") for n, one in reasons.items()}
        stops = r.names(said.get("stops", []), f"{place}.stops")
        for name in stops:
            if name not in purposes or purposes[name].one_member:
                raise r.wrong(
                    f"{place}.stops",
                    _("names {name}, which is no purpose that reads several members").format(
                        name=name
                    ),
                )
        label, law = (r.words(said[key], f"{place}.{key}") for key in ("label", "law"))
        reasons = {**shared, **own}
        found[kind] = Request(kind, label, law, said["suit"], said["fee"], reasons, stops)
    return found


def _breach(r: Reader) -> Breach:
    """What makes a breach one to be reported, by when, and what the report says."""
    said = r.data["breach"]
    numbers = ("more_than", "final_days", "final_days_dishonest")
    laws = ("law", "preliminary_law", "final_law", "notice_law", "encrypted_law")
    r.table(said, "breach", {*numbers, *laws, "preliminary_days", "trigger", "item"})
    more_than, final, dishonest = (r.whole(said[key], f"breach.{key}") for key in numbers)
    law, preliminary, of_final, notice, encrypted = (
        r.words(said[key], f"breach.{key}") for key in laws
    )
    days = said["preliminary_days"]
    if not isinstance(days, list) or len(days) != 2:
        raise r.wrong("breach.preliminary_days", _("needs two days, such as [3, 5]"))
    first, last = (r.whole(day, "breach.preliminary_days") for day in days)
    r.table(said["trigger"], "breach.trigger", set(breach.TRIGGERS))
    r.table(said["item"], "breach.item", set(breach.ITEMS))
    items = {}
    for name in breach.ITEMS:
        place, item = f"breach.item.{name}", said["item"][name]
        r.table(item, place, {"label", "told"})
        if not isinstance(item["told"], bool):
            raise r.wrong(f"{place}.told", _("needs true or false"))
        items[name] = Item(r.words(item["label"], f"{place}.label"), item["told"])
    triggers = {
        name: _reason(r, name, said["trigger"][name], f"breach.trigger.{name}")
        for name in breach.TRIGGERS
    }
    return Breach(
        more_than,
        (first, last),
        final,
        dishonest,
        law,
        preliminary,
        of_final,
        notice,
        encrypted,
        triggers,
        items,
    )


def _reason(r: Reader, name: str, said: Any, place: str) -> Reason:
    r.table(said, place, {"says", "law"})
    says, law = (r.words(said[key], f"{place}.{key}") for key in ("says", "law"))
    return Reason(name, says, law)


def _one_each(r: Reader, kind: str, clause_of: Mapping[str, str], clauses: set[str]) -> None:
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
    known = made.DATA if sha256(written).hexdigest() == made.SHA256 else None
    return read_policy(written.decode("utf-8"), known)


_current: Policy | None = None


def use(policy: Policy | None) -> None:
    """From now on `current` is this policy, or again the one that comes with the program."""
    global _current
    _current = policy


def current() -> Policy:
    """The policy of the register at hand, for the words of what is shown."""
    return _current or packaged()
