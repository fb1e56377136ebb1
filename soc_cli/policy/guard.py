"""The guard: what a connection that is opened for one purpose may read, as SQLite's authorizer asks.

Categories are TEMP views (`soc_category_contact`) made from the policy when a connection opens.
Each stands on an inner view whose name is drawn anew for the connection: only that inner view may
read base columns, so a common table expression or a view that borrows a category's name gains
nothing, and nobody can borrow a name that nobody knows. A read is granted as the triple (source,
table, column); everything that is not granted is denied when the statement is prepared.

The authorizer is not asked for the columns of `join … using` and `natural join`, nor for what
`replace` deletes, and `explain` prints inner names: such statements are refused by their text, as are
those that name an inner view or borrow a reserved name (`refusal`).

SQLite names the innermost view or common table expression as the source of a read, and hands the
callback plain integers for actions; `tests/policy/test_guard.py` holds each of them against the
driver.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache

from soc_cli.model import marks
from soc_cli.model.fields import FIELDS
from soc_cli.model.frozen import frozen, made, replace
from soc_cli.model.patterns import pattern
from soc_cli.policy.form import AGE, VISITOR, Policy

# Action codes of sqlite3_set_authorizer (sqlite3.h), the same since 2003.
OK, DENY = 0, 1
DELETE, INSERT, READ, SELECT, TRANSACTION, UPDATE, FUNCTION, SAVEPOINT, RECURSIVE = (
    9,
    18,
    20,
    21,
    22,
    23,
    31,
    32,
    33,
)

PREFIX = "soc_category_"
CHOSEN = "soc_chosen_"
"""Before a choice's name: the numbers of those who chose it, for the purposes that obey it (R2)."""
COUNTED = "soc_counted_"
"""Before a choice's name: how many of each status said yes (1), no (0), or were never asked (null).

The whole club is counted and nothing but these three columns is there, so that no condition narrows
it down to one member.
"""
FUNCTIONS = frozenset(
    "count sum total min max length instr like glob coalesce date substr".split()  # noqa: SIM905
)
"""SQL functions that a statement under the guard may call; each works on values already granted."""

UPKEEP = "upkeep"
"""The reading that shows numbers only: import matching, doubles, erasure, turning MEMBER into a number."""
DISCLOSURE = "disclosure"
"""The reading of named items of named members, on one of the grounds D1 to D4."""

OWN_RECORD = "own-record"
"""The purpose (P3) that hands somebody their own data."""

STOPPED = "stopped"
"""The table of the uses that members had stopped."""

JOURNAL = ("journal", "journal_subject")

Callback = Callable[[int, str | None, str | None, str | None, str | None], int]


@frozen
class View:
    """One granted view: its public name, and the select on base tables that it stands on."""

    name: str
    columns: Mapping[str, str]
    """Public column to SQL expression."""
    table: str
    where: str = ""
    group: str = ""
    reads: Mapping[str, tuple[str, ...]] = made(default_factory=dict)
    """Base columns, by table, that the expressions read."""
    functions: tuple[str, ...] = ()


@frozen
class Owner:
    """How a table's rows belong to a member: SQL with `{member}` in it, and what that reads."""

    where: str
    reads: Mapping[str, tuple[str, ...]]
    functions: tuple[str, ...] = ()


@frozen
class Grant:
    """All that one connection may read and change."""

    purpose: str
    views: tuple[View, ...]
    open_columns: Mapping[str, tuple[str, ...]]
    inserts: frozenset[str]
    """Tables that rows may be added to."""
    changes: frozenset[str]
    """Tables whose rows may be updated or deleted."""
    member: int | None = None
    inquiry: int | None = None
    """For an outsider's own data: the inquiry by which they are known."""
    owned: Mapping[str, str] = made(default_factory=dict)
    """For one member: the old row's column that says whose a row is, by table."""
    inner: str = made(default_factory=lambda: f"soc_{os.urandom(8).hex()}_")

    def statements(self) -> list[str]:
        """The TEMP views and triggers of this grant, to be made before the callback is set."""
        made: list[str] = []
        for view in self.views:
            inner, names = self.inner + view.name, ", ".join(view.columns)
            chosen = ", ".join(f"{sql} as {name}" for name, sql in view.columns.items())
            where = f" where {view.where}" if view.where else ""
            group = f" group by {view.group}" if view.group else ""
            made.append(
                f"create temp view {inner} as select {chosen} from main.{view.table}{where}{group}"
            )
            made.append(f"create temp view {view.name} as select {names} from temp.{inner}")
        if self.member is not None:
            for act in ("update", "delete"):
                made += [
                    f"create temp trigger {self.inner}{table}_{act} before {act} on main.{table}"
                    f" when {owner} is not {self.member} begin"
                    " select raise(abort, 'not authorized: another member'); end"
                    for table, owner in self.owned.items()
                    if table in self.changes
                ]
        return made

    def callback(self) -> Callback:
        """The authorizer of a connection: a closure over this grant alone, never over a variable."""
        triples: set[tuple[str | None, str, str]] = set()
        anywhere: set[tuple[str, str]] = set()
        functions: set[tuple[str, str | None]] = set()
        for view in self.views:
            inner = self.inner + view.name
            for table, columns in view.reads.items():
                triples |= {(inner, table, column) for column in columns}
                anywhere.add((table, ""))
            triples |= {(view.name, inner, column) for column in view.columns}
            anywhere |= {(view.name, column) for column in (*view.columns, "")}
            anywhere.add((inner, ""))
            functions |= {(name, inner) for name in view.functions}
        for table, columns in self.open_columns.items():
            anywhere |= {(table, column) for column in (*columns, "")}
        inserts, changes = self.inserts, self.changes

        def authorize(
            action: int, one: str | None, two: str | None, _database: str | None, source: str | None
        ) -> int:
            if action == READ:
                table, column = (one or "").lower(), (two or "").lower()
                source = source and source.lower()
                granted = (table, column) in anywhere or (source, table, column) in triples
            elif action == FUNCTION:
                granted = two in FUNCTIONS or (two or "", source) in functions
            elif action == INSERT:
                granted = one in inserts
            elif action in (UPDATE, DELETE):
                granted = one in changes
            else:
                granted = action in (SELECT, TRANSACTION, SAVEPOINT, RECURSIVE)
            return OK if granted else DENY

        return authorize


_LITERALS = pattern(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_UNSEEN = pattern(
    r"\b(using|natural|explain|replace\s+into|or\s+replace|on\s+conflict)\b"
    r"|(soc_[0-9a-f]{16})"
    r"|\b(soc_\w*)\s*(?:\([^()]*\)\s*)?as\s*(?:(?:not\s+)?materialized\s*)?\(",
    re.I,
)
_INNER = pattern(r"(?:temp\.)?soc_[0-9a-f]{16}_", re.I)
_PEOPLE = pattern(rf"\b({PREFIX}\w+|{CHOSEN}\w+|{COUNTED}\w+|soc_disclosure\w*)\b", re.I)


@lru_cache(maxsize=256)
def refusal(sql: str) -> str | None:
    """Why a statement is refused by its text, where the authorizer would not see it; else None."""
    found = _UNSEEN.search(_LITERALS.sub("''", sql))
    return _INNER.sub("", found[0]) if found else None


@lru_cache(maxsize=256)
def writes(sql: str) -> bool:
    """Whether a statement changes rows, whatever it begins with."""
    return bool(re.search(r"\b(insert|update|delete)\b", _LITERALS.sub("''", sql), re.I))


@lru_cache(maxsize=256)
def reads_people(sql: str) -> bool:
    """Whether a statement names a view of people, so that reading it must be recorded."""
    return bool(_PEOPLE.search(_LITERALS.sub("''", sql)))


def without_inner_names(text: str) -> str:
    """A message of the driver's without the names that only inner views bear."""
    return _INNER.sub("", text)


@lru_cache(maxsize=256)
def categories_in(sql: str) -> tuple[str, ...]:
    """The categories whose views a statement names, in the order of their names."""
    named = set(re.findall(rf"{PREFIX}([a-z0-9]+)", sql.lower()))
    return tuple(sorted(named | ({DISCLOSURE} if "soc_disclosure" in sql.lower() else set())))


_OWN_WORDS = (
    "case when (select count(*) from main.disclosure_member of where of.disclosure_id = disclosure.id)"
    " > 1 then json_object('protects', json_extract(fields, '$.protects')) else fields end"
)
"""What a record rests on, for a member of it: of a record of several members not the words, which may
speak of another of them."""


def _column(table: str, name: str) -> tuple[str, str, tuple[str, ...]]:
    """SQL, base column and functions of a column; an age hides its birth date, a shared record its words."""
    if table == "member" and name == AGE:
        return "soc_age(birth_date)", "birth_date", ("soc_age",)
    if name == VISITOR:
        return "soc_visitor(cookie)", "cookie", ("soc_visitor",)
    if (table, name) == ("disclosure", "fields"):
        return _OWN_WORDS, "fields", ("json_object", "json_extract")
    return name, name, ()


def _view(name: str, table: str, columns: Iterable[str], where: str, owner: Owner | None) -> View:
    made = [(column, *_column(table, column)) for column in columns]
    reads: dict[str, tuple[str, ...]] = {table: tuple(base for _name, _sql, base, _f in made)}
    for owned, more in (owner.reads if owner else {}).items():
        reads[owned] = reads.get(owned, ()) + tuple(more)
    return View(
        name,
        {column: sql for column, sql, _base, _f in made},
        table,
        where,
        reads=reads,
        functions=tuple(f for _name, _sql, _base, fs in made for f in fs)
        + (owner.functions if owner else ()),
    )


def _marks() -> View:
    """The marks of every member as hashes, for whoever keeps them: nothing that they are made of."""
    columns = {"id": "id", marks.NAME: f"soc_mark('{marks.NAME}', name_key, name_key)"}
    for kind, at in marks.WITH.items():
        columns[kind] = f"soc_mark('{kind}', name_key, {at})"
        columns[kind + marks.READING] = f"soc_mark('{kind}', kana_key, {at})"
    return View(
        "soc_marks",
        columns,
        "member",
        reads={"member": ("id", "name_key", "kana_key", *marks.WITH.values())},
        functions=("soc_mark",),
    )


class Guard:
    """Makes grants: one for each purpose, one for a disclosure, one for upkeep."""

    def __init__(self, policy: Policy, owners: Mapping[str, Owner]) -> None:
        """`owners` are the schema's: whose the rows of each table are."""
        self.policy = policy
        self.owners = owners

    def for_purpose(self, purpose: str, member: int | None = None) -> Grant:
        """The grant of one of the purposes; one that is bound to a member gives that member's rows."""
        rules = self.policy.purposes[purpose]
        if rules.one_member != (member is not None):
            raise ValueError(
                f"{purpose} is {'' if rules.one_member else 'not '}bound to one member"
            )
        views: list[View] = []
        for name in rules.reads:
            for at, (table, columns) in enumerate(self.policy.categories[name].columns.items()):
                view = self._category(name, table, columns, at, member)
                views.append(self._without_the_stopped(view, purpose))
        for choice in self.policy.choices.values():
            if purpose in choice.obeyed_by and member is None:
                where = f"{choice.name} = 1"
                view = _view(CHOSEN + choice.name, "member", ("id",), where, None)
                view = replace(view, reads={"member": ("id", choice.name)})
                views.append(self._without_the_stopped(view, purpose))
            if purpose in choice.counted_by and member is None:
                views.append(
                    View(
                        COUNTED + choice.name,
                        {"status": "status", "answer": choice.name, "number": "count(*)"},
                        "member",
                        group=f"status, {choice.name}",
                        reads={"member": ("status", choice.name)},
                        functions=("count",),
                    )
                )
        for name in rules.counts:
            counts = self.policy.categories[name].counts
            assert counts is not None
            counted = {column: column for column in counts.by} | {"number": "count(*)"}
            counted |= {column: f"total({column})" for column in counts.sum}
            reads = {counts.table: (*counts.by, *counts.sum)}
            functions = ("count", "total")
            view = View(
                PREFIX + name,
                counted,
                counts.table,
                group=", ".join(counts.by),
                reads=reads,
                functions=functions,
            )
            views.append(self._without_the_stopped(view, purpose))
        if "refusal_mark" in rules.writes:
            views.append(_marks())
        return self._grant(purpose, views, rules.writes, member, rules.adds)

    def for_outsider(self, inquiry: int) -> Grant:
        """The grant of the own data of an outsider, who is known by an inquiry and not by a number.

        It is read for P3, and of its categories an outsider can only be in two: this inquiry, others
        that name the same person and contact letter for letter, their replies, and what the journal
        says of them. Nothing may be changed.
        """
        number = int(inquiry)
        same = (
            f"member_id is null and (id = {number} or (from_name, from_contact) ="
            f" (select from_name, from_contact from main.inquiry where id = {number} and member_id is null))"
        )
        theirs = f"(select id from main.inquiry where {same})"
        keys = ("id", "member_id", "from_name", "from_contact")
        owners = {
            "inquiry": Owner(same, {"inquiry": keys}),
            "reply": Owner(f"inquiry_id in {theirs}", {"reply": ("inquiry_id",), "inquiry": keys}),
            "written": Owner(
                f"shown = 1 and inquiry_id in {theirs}",
                {"written": ("inquiry_id", "shown"), "inquiry": keys},
            ),
            "journal_subject": Owner(
                "shown = 1 and members = '' and details in"
                f" (select 'inquiry=' || id from main.inquiry where {same})",
                {"journal_subject": ("members", "details", "shown"), "inquiry": keys},
            ),
        }
        views = [
            _view(
                PREFIX + name + (f"_{table}" if at else ""),
                table,
                columns,
                owners[table].where,
                owners[table],
            )
            for name in ("inquiries", "history")
            for at, (table, columns) in enumerate(self.policy.categories[name].columns.items())
            if table in owners
        ]
        return replace(self._grant(OWN_RECORD, views, ()), inquiry=number)

    def for_disclosure(
        self, items: Iterable[str], members: Iterable[int], by_consent: bool = False
    ) -> Grant:
        """The grant of one disclosure (D1 to D4): the named items of the named members.

        Beside what leaves, the record of one by consent (D1) needs the members' names and consents.
        """
        chosen = tuple(dict.fromkeys(items))
        if unknown := set(chosen) - set(self.items()):
            raise ValueError(f"not an item: {min(unknown)}")
        numbers = f"({', '.join(str(int(m)) for m in members)})"
        of_theirs = Owner(f"member_id in {numbers}", {"consent": ("member_id",)})
        consent = self.policy.categories["history"].columns["consent"]
        views = [_view("soc_disclosure", "member", ("id", *chosen), f"id in {numbers}", None)]
        if by_consent:
            views += [
                _view("soc_disclosure_name", "member", ("id", "name"), f"id in {numbers}", None),
                _view("soc_disclosure_consent", "consent", consent, of_theirs.where, of_theirs),
            ]
        return self._grant(DISCLOSURE, views, ("disclosure", "disclosure_member"))

    def items(self) -> tuple[str, ...]:
        """What can be named in a disclosure: every column of a member but the computed ones."""
        columns = (
            column
            for category in self.policy.categories.values()
            for column in category.columns.get("member", ())
        )
        return tuple(dict.fromkeys(column for column in columns if column != AGE))

    def for_upkeep(self) -> Grant:
        """The grant of upkeep: numbers, folded keys, and whether a known value is the stored one."""
        keys = tuple(self.policy.keys)
        fields = self.items()
        # What a club leaves out is there for the program, and empty.
        columns = {field.key_column: "null" for field in FIELDS if field.fold is not None}
        columns |= {f"{field.key}_digest": "null" for field in FIELDS}
        columns |= {name: name for name in ("id", "status", *keys)}
        columns |= {f"{name}_digest": f"soc_digest({name})" for name in fields}
        member = View(
            "soc_upkeep_member",
            columns,
            "member",
            reads={"member": ("id", "status", *keys, *fields)},
            functions=("soc_digest",),
        )
        views = [member, self._merged(), _marks()]
        grant = self._grant(UPKEEP, views, self.policy.upkeep_writes)
        return replace(
            grant,
            open_columns={
                **grant.open_columns,
                **self.policy.upkeep_columns,
            },
            # An erasure takes the subjects of entries about the erased out of the journal.
            changes=grant.changes | {"journal_subject"},
        )

    def _merged(self) -> View:
        """The folded keys of those who were merged into another member, and into whom."""
        held = {
            field.key_column: f"json_extract(registration, '$.{field.key_column}')"
            for field in FIELDS
            if field.fold is not None
        }
        columns = {
            "id": "keep_id",
            **held,
            "birth_date_digest": "soc_digest(json_extract(registration, '$.birth_date'))",
            "given_up_nickname_key": "json_extract(undo, '$.nickname_key')",
        }
        return View(
            "soc_upkeep_merged",
            columns,
            "merged",
            reads={"merged": ("keep_id", "registration", "undo")},
            functions=("json_extract", "soc_digest"),
        )

    def _without_the_stopped(self, view: View, purpose: str) -> View:
        """The view without the rows of those who had this purpose stopped (Act art. 35)."""
        if purpose not in self.policy.stoppable():
            return view
        whose = "id" if view.table == "member" else "member_id"
        stopped = f"(select member_id from main.{STOPPED} where purpose = '{purpose}')"
        where = f"({whose} is null or {whose} not in {stopped})"
        base = view.reads[view.table]
        reads = {
            **view.reads,
            view.table: base if whose in base else (*base, whose),
            STOPPED: ("member_id", "purpose"),
        }
        return replace(
            view, where=f"{view.where} and {where}" if view.where else where, reads=reads
        )

    def _category(
        self, name: str, table: str, columns: tuple[str, ...], at: int, member: int | None
    ) -> View:
        keys = tuple(
            key for key, of in self.policy.keys.items() if table == "member" and of in columns
        )
        own_id = ("id",) if table == "member" and "id" not in columns else ()
        owner = self.owners.get(table)
        where = ""
        if member is not None:
            if owner is None:
                raise ValueError(f"nobody can say whose a row of {table} is")
            where = owner.where.format(member=int(member))
        elif chosen := self.policy.categories[name].chosen:
            where = f"member_id in (select id from main.member where {chosen} = 1)"
            owner = Owner(where, {table: ("member_id",), "member": ("id", chosen)})
        else:
            owner = None
        public = PREFIX + name + (f"_{table}" if at else "")
        return _view(public, table, (*own_id, *columns, *keys), where, owner)

    def _grant(
        self,
        purpose: str,
        views: list[View],
        writes: Collection[str],
        member: int | None = None,
        adds: Collection[str] = (),
    ) -> Grant:
        # Changing a row by its number, and SQLite's own look at what refers to it, read its keys.
        known: dict[str, set[str]] = {table: set() for table in writes}
        for table, columns in (
            *(pair for v in views for pair in v.reads.items()),
            *self.policy.upkeep_columns.items(),
        ):
            if table in known and table not in {
                **self.policy.open_columns,
                **self.policy.impersonal,
            }:
                known[table] |= {
                    c for c in columns if c in ("id", "declared_on") or c.endswith("_id")
                }
        keys = {table: tuple(columns) for table, columns in known.items() if columns}
        return Grant(
            purpose,
            tuple(views),
            {
                **self.policy.open_columns,
                **self.policy.impersonal,
                **keys,
                "sqlite_sequence": ("name", "seq"),  # whence the numbers of the journal are
            },
            # A member's own record is corrected there, not added to.
            inserts=frozenset(JOURNAL if member is not None else (*writes, *adds, *JOURNAL)),
            changes=frozenset(writes),
            member=member,
            owned={"member": "old.id"},
        )
