"""The policy file of another club: its own fields, purposes, grounds and periods, on the program's mechanism.

What such a file leaves out comes from the file of the program. What it may not say is refused with its
place: a field that the register does not have, a ground beyond the Act, members kept from their own
data, a table of the mechanism given away.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from soc_cli.model.fields import CHOICES
from soc_cli.model.language import _
from soc_cli.policy.form import AGE, PACKAGED, VISITOR, Policy, Reader, policy_of

MECHANISM = ("open", "upkeep", "impersonal", "keys")
"""What the program itself needs, and no club may give away."""

COMPUTED = {AGE: "birth_date", VISITOR: "cookie"}
"""Columns that are computed, and what of."""

OWN_RECORD = "own-record"
CONSENT_YEARS = 3
"""How long the record of a disclosure by consent is kept at least (Act art. 29, Enforcement Rules 21)."""


def to_begin_with() -> str:
    """The program's own file without what no club says, for a club to change."""
    parts = PACKAGED.read_text("utf-8").split(_BETWEEN)
    return _BETWEEN.join(part for part in parts if f"[{MECHANISM[0]}]" not in part.splitlines())


_BETWEEN = "# " + "-" * 93 + "\n"
"""The line between the parts of the program's file."""


def read(text: str) -> Policy:
    """The typed policy of a club's own file; raises `PolicyFileError` where it can't be one."""
    return read_parsed(text, Reader(text).data)


def read_kept(text: str) -> Policy:
    """The policy of a file that a register has adopted: what is the program's own is today's program's."""
    return read_parsed(text, Reader(text).data, kept=True)


def read_parsed(text: str, data: dict[str, Any], kept: bool = False) -> Policy:
    """The policy of a parsed file; `text` is what it was parsed from, and tells the lines."""
    r = Reader(text, data)
    base = tomllib.loads(PACKAGED.read_text("utf-8"))
    r.data = _Club(r, base, kept).completed()
    return replace(policy_of(r), sha256=hashlib.sha256(text.encode()).hexdigest())


class _Club:
    """A club's file being completed by what the program's own says."""

    def __init__(self, reader: Reader, base: Mapping[str, Any], kept: bool) -> None:
        self.r, self.base, self.kept = reader, base, kept
        self.d: dict[str, Any] = deepcopy(reader.data)

    def completed(self) -> dict[str, Any]:
        """The whole file, or `PolicyFileError`."""
        for key in MECHANISM:
            self._own(key, self.d.get(key), self.base[key])
            self.d[key] = deepcopy(self.base[key])
        for key, own in self.base.items():
            if key in ("category", "purpose", "ground", "choice", "period", "clause"):
                self.r.tables(self.d.setdefault(key, {}), key)
            elif key not in ("format", "club"):
                self.d.setdefault(key, deepcopy(own))
        held = self._held()
        self._categories(held)
        self._purposes()
        self._grounds()
        self._choices(held)
        self._periods()
        self._stops()
        self.d["keys"] = {key: of for key, of in self.d["keys"].items() if of in held}
        return self.d

    def _own(self, place: str, said: object, own: object) -> None:
        """Raises where a file says something else of the program's own."""
        if said is not None and said != own and not self.kept:
            raise self.r.wrong(place, _("is the program's own, and no club's: leave it out"))

    def _held(self) -> tuple[str, ...]:
        """The fields of the registration that the club asks for."""
        place = "category.registration"
        registration = self.d["category"].get("registration")
        if registration is None:
            raise self.r.wrong(place, _("is missing"))
        self.r.table(registration, place, {"columns"}, {"label"})
        self.r.table(registration["columns"], f"{place}.columns", {"member"})
        place += ".columns.member"
        held = self.r.names(registration["columns"]["member"], place)
        known = self.base["category"]["registration"]["columns"]["member"]
        for name in held:
            if name not in known:
                raise self.r.wrong(
                    place, _("names {name}, which is no field of the register").format(name=name)
                )
        if "name" not in held:
            raise self.r.wrong(place, _("leaves out the name, which a member has at least"))
        return held

    def _categories(self, held: tuple[str, ...]) -> None:
        """Each category with its members' columns, and with the tables that are the program's own."""
        mine = self.d["category"]
        read = {
            name
            for purpose in self.d["purpose"].values()
            if isinstance(purpose, dict)
            for key in ("reads", "counts")
            if isinstance(purpose.get(key), list)
            for name in map(str, purpose[key])
        }
        usual = self.base["purpose"][OWN_RECORD]["reads"]
        allowed = {*held, *((AGE,) if "birth_date" in held else ())}
        for name in mine:
            self.r.table(
                mine[name], f"category.{name}", set(), {"label", "columns", "counts", "chosen"}
            )
        for name, category in self.base["category"].items():
            own = {t: c for t, c in category["columns"].items() if t != "member"}
            place = f"category.{name}"
            if name not in mine:
                if name not in read and not (own and name in usual):
                    continue
                mine[name] = deepcopy(category)
                if "member" in category["columns"]:
                    kept = [c for c in category["columns"]["member"] if c in allowed]
                    mine[name]["columns"]["member"] = kept
                    if not kept and not own:
                        raise self.r.wrong(place, _("is missing"))
                continue
            mine[name].setdefault("label", category["label"])
            said = mine[name].get("columns", {})
            self.r.table(said, f"{place}.columns", set(), set(category["columns"]))
            columns: dict[str, Any] = {}  # in the program's order, by which its views are named
            for table, its in category["columns"].items():
                if table == "member":
                    columns[table] = said.get(table, [c for c in its if c in allowed])
                else:
                    self._own(f"{place}.columns.{table}", said.get(table), its)
                    columns[table] = deepcopy(its)
            mine[name]["columns"] = columns
            self._own(f"{place}.counts", mine[name].get("counts"), category.get("counts"))
            self._own(f"{place}.chosen", mine[name].get("chosen"), category.get("chosen"))
            for key in ("counts", "chosen"):
                if key in category:
                    mine[name][key] = deepcopy(category[key])
        for name, category in mine.items():
            place = f"category.{name}"
            self.r.table(category, place, {"label", "columns"}, {"counts", "chosen"})
            if category.get("chosen") not in held:  # a choice that the club does not offer
                category.pop("chosen", None)
            if name not in self.base["category"]:
                self.r.table(category["columns"], f"{place}.columns", {"member"})
            said = category["columns"].get("member", [])
            for column in self.r.names(said, f"{place}.columns.member"):
                if column not in allowed:
                    raise self.r.wrong(
                        f"{place}.columns.member",
                        _("names {name}, which is not in category.registration").format(
                            name=column
                        ),
                    )

    def _purposes(self) -> None:
        """Each purpose with the tables that it may change; the one for members' own data reads it all."""
        mine = self.d["purpose"]
        if OWN_RECORD not in mine:
            raise self.r.wrong(
                f"purpose.{OWN_RECORD}",
                _(
                    "is missing: members see and correct what is stored on them (Act art. 33 and 34)"
                ),
            )
        for name, purpose in mine.items():
            place = f"purpose.{name}"
            self.r.table(
                purpose,
                place,
                set(),
                {"clause", "label", "reads", "counts", "writes", "adds", "one_member"},
            )
            base = self.base["purpose"].get(name, {})
            for key in ("writes", "adds"):
                own = base.get(key, [])
                said = self.r.names(purpose.get(key, []), f"{place}.{key}")
                if not set(said) <= set(own):
                    self._own(f"{place}.{key}", said, own)
                if own:
                    purpose[key] = list(own)
            if base.get("one_member") and not purpose.setdefault("one_member", True):
                raise self.r.wrong(f"{place}.one_member", _("reads one member a command"))
        self._own_record(mine[OWN_RECORD])

    def _own_record(self, own: dict[str, Any]) -> None:
        """Members see all that is stored on them: every column is in a category that this purpose reads."""
        place, categories = f"purpose.{OWN_RECORD}.reads", self.d["category"]
        usual = self.base["purpose"][OWN_RECORD]["reads"]
        mine = [name for name in categories if name in usual or name not in self.base["category"]]
        said = self.r.names(own.get("reads", mine), place)
        own["reads"] = list(dict.fromkeys((*said, *(mine if self.kept else ()))))
        seen = {c for name in own["reads"] if name in categories for c in self._columns(name)}
        for name in categories:
            hidden = [c for c in self._columns(name) if c not in seen]
            if hidden:
                raise self.r.wrong(
                    place,
                    _(
                        "leaves out {name}: members see all that is stored on them (Act art. 33)"
                    ).format(name=name),
                )

    def _columns(self, name: str) -> list[tuple[str, str]]:
        columns = self.d["category"][name]["columns"]
        return [(t, COMPUTED.get(c, c)) for t, cs in columns.items() for c in cs]

    def _grounds(self) -> None:
        """The grounds that the club has, each of the four with all that it asks for."""
        for name, ground in self.d["ground"].items():
            place, base = f"ground.{name}", self.base["ground"].get(name)
            if base is None:
                raise self.r.wrong(
                    place,
                    _(
                        "is no ground: there are consent, authority, protection and danger, and neither sale, rental, opt-out, entrusting nor joint use"
                    ),
                )
            self.r.table(ground, place, set(), {"clause", "label", "fields", "kinds"})
            for key in ("fields", "kinds"):
                self._own(f"{place}.{key}", ground.get(key), base.get(key))
                ground.pop(key, None)
                if key in base:
                    ground[key] = deepcopy(base[key])

    def _choices(self, held: tuple[str, ...]) -> None:
        """A choice for each of their fields that the club asks for."""
        for name in CHOICES:
            if (name in held) != (name in self.d["choice"]):
                there = (
                    f"choice.{name}" if name in held else f"category.registration.columns.{name}"
                )
                raise self.r.wrong(there, _("is missing"))
        for name, choice in self.d["choice"].items():
            if name not in CHOICES:
                raise self.r.wrong(
                    f"choice.{name}",
                    _("names {name}, which is no field of the register").format(name=name),
                )
            if isinstance(choice, dict):
                counted = self.base["choice"][name].get("counted_by", [])
                choice.setdefault("counted_by", [p for p in counted if p in self.d["purpose"]])

    def _stops(self) -> None:
        """Of the uses that a request can stop, where the club does not say them, those that it has."""
        for kind, request in self.d["request"].items():
            if "stops" in request and request == self.base["request"].get(kind):
                request["stops"] = [name for name in request["stops"] if name in self.d["purpose"]]

    def _periods(self) -> None:
        """The periods of the program, those that the club does not set as they are there."""
        mine, base = self.d["period"], self.base["period"]
        for name, period in base.items():
            mine.setdefault(name, deepcopy(period))
        for name, period in mine.items():
            if name not in base:
                raise self.r.wrong(f"period.{name}", _("is no period that the program keeps"))
            if isinstance(period, dict):
                period.setdefault("label", base[name]["label"])
        years = (
            mine["consent_record"].get("years")
            if isinstance(mine["consent_record"], dict)
            else None
        )
        if isinstance(years, int) and years < CONSENT_YEARS:
            raise self.r.wrong(
                "period.consent_record.years",
                _("is shorter than the {n} years of the Act").format(n=CONSENT_YEARS),
            )
