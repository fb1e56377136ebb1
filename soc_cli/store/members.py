"""Members in the register: numbers, rows, matching, and what is left of the erased."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from soc_cli.model import marks as marks_of_persons
from soc_cli.model.fields import FIELDS, Value, kana_key, name_key
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import _
from soc_cli.model.member import with_keys
from soc_cli.policy.form import Policy
from soc_cli.policy.guard import CHOSEN
from soc_cli.store.driver import Row
from soc_cli.store.faults import not_granted
from soc_cli.store.register import Register, guard

COLUMNS = (
    "id", *(f.key for f in FIELDS), "status", "left_on", *(f.key_column for f in FIELDS if f.fold),
)  # fmt: skip
"""What an insertion fills, from a closed set of names."""

DEFAULTS: Mapping[str, Value] = {"sex": "undisclosed", "status": "active"}

_PLAIN = tuple(column for column in COLUMNS[1:] if not column.endswith("_key"))
_FOLDED = tuple((field.key, field.fold) for field in FIELDS if field.fold is not None)

OPEN = ("id", "status", "joined_on", "left_on")
"""What every purpose may read of a member."""


def columns_of(values: Mapping[str, Sequence[Value]]) -> dict[str, Sequence[Value]]:
    """Whole columns of values as they are stored: defaults for blanks, folded keys beside."""
    columns: dict[str, Sequence[Value]] = {}
    for column in (c for c in _PLAIN if c in values):
        default, said = DEFAULTS.get(column), values[column]
        if default is not None:
            said = [default if value is None else value for value in said]
        columns[column] = said
    for key, fold in _FOLDED:
        if key in values:
            columns[f"{key}_key"] = [fold(v) if isinstance(v, str) else None for v in values[key]]
    return columns


def insertion(columns: Iterable[str]) -> str:
    """The statement that adds a member with a number and these columns, which are not checked if left out.

    A column that is left out costs nothing; one that is NULL is checked in every row.
    """
    names = ("id", *columns)
    assert set(names) <= set(COLUMNS)
    return f"insert into member ({', '.join(names)}) values ({', '.join('?' * len(names))})"


def insert(register: Register, values: Mapping[str, Value], number: int | None = None) -> int:
    """Adds a member with a number, or the next one; gives the number, which was never given before."""
    columns = columns_of({key: (value,) for key, value in values.items()})
    row = (number, *(column[0] for column in columns.values()))
    cursor = register.execute(insertion(columns), row)
    added = cursor.lastrowid
    assert added is not None
    return added


def update(register: Register, number: int, values: Mapping[str, Value]) -> None:
    """Sets the given fields of a member and their folded keys."""
    stored = with_keys(values)
    assert stored.keys() <= set(COLUMNS)
    assignments = ", ".join(f"{column} = :{column}" for column in stored)
    register.execute(
        f"update member set {assignments} where id = :id",
        {**stored, "id": number},
    )


def delete(upkeep: Register, numbers: Sequence[int], day: str) -> None:
    """Deletes a member with all that belongs to them, and with those who were merged into them.

    The numbers, the member's own first, stay known as erased.
    """
    from soc_cli.store import erasures

    erasures.mark_due(upkeep, list(numbers))
    upkeep.execute("delete from member where id = ?", (numbers[0],))
    for number in numbers:
        if erased_on(upkeep, number) is None:
            erasures.note(upkeep, number, day)


def open_values(register: Register, number: int) -> dict[str, Value]:
    """What every purpose may read of a member: status, day of joining, day of leaving."""
    row = register.look("select status, joined_on, left_on from member where id = ?", (number,))[0]
    return {key: row[key] for key in ("status", "joined_on", "left_on")}


def end_period(upkeep: Register, number: int, day: str) -> None:
    """The member has left on this day."""
    upkeep.execute(
        "update member set status = 'withdrawn', left_on = ? where id = ?", (day, number)
    )


def begin_period(upkeep: Register, number: int, day: str) -> None:
    """The member is one again from this day on; the period that is over is kept beside."""
    upkeep.execute(
        "insert into membership (member_id, joined_on, left_on)"
        " select id, joined_on, left_on from member where id = ? and left_on is not null",
        (number,),
    )
    upkeep.execute(
        "update member set status = 'active', joined_on = ?, left_on = null where id = ?",
        (day, number),
    )


def resume_period(upkeep: Register, number: int) -> None:
    """The member has not left after all: the period goes on."""
    upkeep.execute("update member set status = 'active', left_on = null where id = ?", (number,))


def take_back_period(upkeep: Register, number: int) -> bool:
    """The member has not come back after all; whether there was an earlier period to go back to."""
    rows = upkeep.look(
        "select id, joined_on, left_on from membership where member_id = ?"
        " order by left_on desc, id desc limit 1",
        (number,),
    )
    for row in rows:
        upkeep.execute(
            "update member set status = 'withdrawn', joined_on = ?, left_on = ? where id = ?",
            (row["joined_on"], row["left_on"], number),
        )
        upkeep.execute("delete from membership where id = ?", (row["id"],))
    return bool(rows)


def periods(register: Register, number: int) -> list[tuple[str | None, str | None]]:
    """The days of joining and leaving of each period of membership, oldest first; upkeep."""
    rows = register.look(
        "select joined_on, left_on from membership where member_id = ? order by left_on, id",
        (number,),
    )
    now = open_values(register, number)
    return [
        *((row["joined_on"], row["left_on"]) for row in rows),
        (str(now["joined_on"]) if now["joined_on"] else None, now["left_on"]),
    ]


def none_yet(register: Register) -> bool:
    """Whether the register has no member."""
    return not register.look("select 1 from member limit 1")


def last_number(upkeep: Register) -> int:
    """The highest number that was ever given; 0 before the first."""
    rows = upkeep.look("select seq from sqlite_sequence where name = 'member'")
    return rows[0]["seq"] if rows else 0


def numbers(register: Register) -> list[int]:
    """The numbers of all members, ascending."""
    return [row["id"] for row in register.look("select id from member order by id")]


def erased(register: Register) -> dict[int, str]:
    """The numbers of the erased, and the day of each."""
    return {
        row["id"]: row["erased_on"] for row in register.look("select id, erased_on from erased")
    }


def remove(upkeep: Register, numbers: Iterable[int]) -> None:
    """Takes back members that were added in this same change; nothing of them was ever kept."""
    upkeep.execute_all("delete from member where id = ?", ((number,) for number in numbers))


def exists(register: Register, number: int) -> bool:
    """Whether a member has this number."""
    return bool(register.look("select 1 from member where id = ?", (number,)))


def erased_on(register: Register, number: int) -> str | None:
    """The day on which the member with this number was erased."""
    rows = register.look("select erased_on from erased where id = ?", (number,))
    return rows[0]["erased_on"] if rows else None


def nickname_taken(upkeep: Register, nickname_key: str, but: int | None = None) -> bool:
    """Whether a member has this nickname, `but` one and those merged into them aside; upkeep."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where nickname_key = :key"
        " union select id from soc_upkeep_merged"
        " where nickname_key = :key or given_up_nickname_key = :key",
        {"key": nickname_key},
    )
    return any(row["id"] != but for row in rows)


def has_nickname(upkeep: Register, nickname_key: str) -> bool:
    """Whether a member has this nickname now; upkeep."""
    return bool(
        upkeep.look("select 1 from soc_upkeep_member where nickname_key = ?", (nickname_key,))
    )


def numbers_called(upkeep: Register, nickname_key: str, email_key: str) -> list[int]:
    """The numbers of the members with this nickname or this e-mail; upkeep, so numbers only."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where nickname_key = :nickname"
        " union select id from soc_upkeep_member where email_key = :email"
        " union select id from soc_upkeep_merged where nickname_key = :nickname"
        " or given_up_nickname_key = :nickname or email_key = :email order by id",
        {"nickname": nickname_key, "email": email_key},
    )
    return [row["id"] for row in rows]


def numbers_at(upkeep: Register, email_key: str) -> list[int]:
    """The numbers of the members with this e-mail; upkeep, so numbers only."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where email_key = :key"
        " union select id from soc_upkeep_merged where email_key = :key order by id",
        {"key": email_key},
    )
    return [row["id"] for row in rows]


def numbers_named(upkeep: Register, name_key: str) -> list[int]:
    """The numbers of the members of this name; upkeep, so numbers only."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where name_key = :key"
        " union select id from soc_upkeep_merged where name_key = :key order by id",
        {"key": name_key},
    )
    return [row["id"] for row in rows]


def numbers_within(upkeep: Register, ranges: Sequence[tuple[int, int]], most: int) -> list[int]:
    """The first numbers of members in these ranges, both ends counted; upkeep, so numbers only."""
    found: list[int] = []
    for first, last in ranges:
        rows = upkeep.look(
            "select id from soc_upkeep_member where id between ? and ? order by id limit ?",
            (first, last, most - len(found)),
        )
        found += [row["id"] for row in rows]
    return found


def called_like(register: Register, beginning: str, most: int) -> Iterator[Row]:
    """The nicknames that begin so, folded, with their members' numbers (P7)."""
    return register.read(
        "select id, nickname from soc_category_nickname where nickname_key >= :first"
        " and nickname_key < :end order by nickname_key limit :most",
        {"first": beginning, "end": beginning + "\U0010ffff", "most": most},
        member="id",
    )


def numbers_seeming(upkeep: Register, text: str) -> list[int]:
    """The numbers of the members whose name or nickname is this text; upkeep, so numbers only."""
    if not text.strip():
        return []
    rows = upkeep.look(
        "select id from soc_upkeep_member where name_key = ?"
        " union select id from soc_upkeep_member where nickname_key = ? order by id",
        (name_key(text), kana_key(text)),
    )
    return [row["id"] for row in rows]


def keys(upkeep: Register, number: int) -> list[str]:
    """A member's folded names, mailbox and phone, to find them in other texts; upkeep."""
    rows = upkeep.look(
        "select name_key, kana_key, nickname_key, email_key, phone_key from soc_upkeep_member"
        " where id = :id union select name_key, kana_key, nickname_key, email_key, phone_key"
        " from soc_upkeep_merged where id = :id",
        {"id": number},
    )
    return [key for row in rows for key in row if key]


def plan(policy: Policy, purpose: str) -> tuple[dict[str, str], dict[str, str]]:
    """Where a purpose finds each column of a member, and each folded key: column to category.

    A category whose columns the wider ones hold already is left out.
    """
    reads = [
        name
        for name in policy.purposes[purpose].reads
        if "member" in policy.categories[name].columns
    ]
    columns: dict[str, str] = {}
    keys: dict[str, str] = {}
    for name in sorted(reads, key=lambda name: -len(policy.categories[name].columns["member"])):
        held = policy.categories[name].columns["member"]
        for column in held:
            columns.setdefault(column, name)
        if name in columns.values():
            for key, of in policy.keys.items():
                if of in held:
                    keys.setdefault(key, name)
    return columns, keys


def _select(register: Register, where: str, order: str) -> str:
    """The select of all that the purpose grants of members; its names are the policy's."""
    columns, _keys = plan(register.policy, register.grant.purpose)
    chosen = [f"m.{column}" for column in OPEN] + [
        f"{name}.{column}" for column, name in columns.items()
    ]
    joins = "".join(
        f" join soc_category_{name} {name} on {name}.id = m.id"
        for name in dict.fromkeys(columns.values())
    )
    return f"select {', '.join(chosen)} from member m{joins} {where} {order}"


def one(register: Register, number: int) -> Row | None:
    """What the purpose grants of one member."""
    rows = list(register.read(_select(register, "where m.id = ?", ""), (number,), member="id"))
    return rows[0] if rows else None


@frozen
class Filter:
    """Which members are listed; what the purpose does not grant can't be filtered by."""

    status: str | None = None
    joined_from: str | None = None
    joined_to: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    interest: str | None = None
    choice: str | None = None
    attended: int | None = None
    prefecture: str | None = None
    declared: int | None = None


def filtered(register: Register, wanted: Filter) -> tuple[str, dict[str, object]]:
    """The joins and the condition of a filter, with their parameters. Raises PolicyRefused."""
    columns, _keys = plan(register.policy, register.grant.purpose)
    purpose = register.policy.purposes[register.grant.purpose]

    def at(column: str) -> str:
        if column not in columns:
            raise not_granted(column)
        return f"{columns[column]}.{column}"

    terms: list[str] = []
    if wanted.status is not None:
        terms.append("m.status = :status")
    if wanted.joined_from is not None:
        terms.append("m.joined_on >= :joined_from")
    if wanted.joined_to is not None:
        terms.append("m.joined_on <= :joined_to")
    if wanted.age_from is not None:
        terms.append(f"{at('age')} between :age_from and :age_to")
    if wanted.interest is not None:
        terms.append(f"instr('、' || {at('interests')} || '、', '、' || :interest || '、') > 0")
    said = dict[str, object](vars(wanted))
    if wanted.prefecture is not None:
        from soc_cli.model import prefectures

        within = []
        for number, (first, end) in enumerate(prefectures.codes(wanted.prefecture)):
            said |= {f"code_from_{number}": first, f"code_to_{number}": end}
            within.append(
                f"({at('postal_code')} >= :code_from_{number}"
                f" and {at('postal_code')} < :code_to_{number})"
            )
        terms.append(f"({' or '.join(within)})")
    if wanted.choice is not None:
        if purpose.name not in register.policy.choices[wanted.choice].obeyed_by:
            raise not_granted(wanted.choice)
        terms.append(f"m.id in (select id from {CHOSEN}{wanted.choice})")
    for meeting, came in (
        (wanted.attended, "meeting_id = :attended and attendance = 'attended'"),
        (wanted.declared, "meeting_id = :declared and declared_on is not null"),
    ):
        if meeting is not None:
            if "meetings" not in purpose.reads:
                raise not_granted("meetings")
            terms.append(f"m.id in (select member_id from soc_category_meetings where {came})")
    return f"where {' and '.join(terms)}" if terms else "", said


def listed(
    register: Register, sort: str, limit: int | None, wanted: Filter | None = None
) -> Iterator[Row]:
    """The members with what the purpose grants of them, by reading where it may be read."""
    _columns, keys = plan(register.policy, register.grant.purpose)
    order = "m.id"
    if sort == "kana" and "kana_key" in keys:
        at = keys["kana_key"]
        order = f"coalesce({at}.kana_key, {at}.name_key), m.id"
    bound = f" limit {int(limit)}" if limit is not None else ""
    where, parameters = filtered(register, wanted or Filter())
    named = set(re.findall(r":(\w+)", where))
    used = {key: value for key, value in parameters.items() if key in named}
    return register.read(_select(register, where, f"order by {order}{bound}"), used, member="id")


def found(register: Register, folded: Mapping[str, str], stages: Sequence[Set[str]]) -> list[Row]:
    """The members of whom a granted folded key holds its text, best first; `folded` maps keys to texts.

    Best is whose whole key it is, then whose key begins with it. Each key is looked through by
    itself, so that its index serves; those of a later stage only where none before holds the text.
    """
    _columns, keys = plan(register.policy, register.grant.purpose)
    if not keys:
        raise not_granted(_("nothing that can be searched"))
    shown = _select(register, "", "")
    with register.change():
        for searched in stages:
            at = {key: keys[key] for key in sorted(searched) if key in keys and folded.get(key)}
            if not at:
                continue
            ranked = register.matching(
                " union all ".join(_ranked(key, view) for key, view in at.items()),
                {key: folded[key] for key in at},
                beside=shown,
            )
            if ranked:
                return _in_order(register, ranked)
        register.record(Entry("read", (), tuple(sorted(set(keys.values())))))
    return []


def _ranked(key: str, view: str) -> str:
    """Who holds a text in this key, and how well."""
    # The readings have an index under this expression, which is not asked for the column alone.
    held = "coalesce(kana_key, name_key)" if key == "kana_key" else key
    return (
        f"select id, case when {held} = :{key} then 0 when instr({held}, :{key}) = 1 then 1 else 2 end"
        f" as rank from soc_category_{view} where instr({held}, :{key}) > 0"
    )


MANY = 500
"""Members that are read by one statement."""


def _in_order(register: Register, ranked: Sequence[Row]) -> list[Row]:
    """What is granted of the members, by rank and number; inside the change that found them."""
    best: dict[int, int] = {}
    for row in ranked:
        best[row["id"]] = min(row["rank"], best.get(row["id"], row["rank"]))
    numbers = sorted(best)
    rows: list[Row] = []
    for at in range(0, len(numbers), MANY):
        some = numbers[at : at + MANY]
        where = f"where m.id in ({', '.join('?' * len(some))})"
        rows += register.read(_select(register, where, ""), some, member=None)
    return sorted(rows, key=lambda row: (best[row["id"]], row["id"]))


# Matching (upkeep): numbers and folded keys, and whether a value that is at hand is the stored one.

_KEYS = "id, name_key, email_key, phone_key, address_key, birth_date_digest"


MARKS = tuple(marks_of_persons.WITH.values())
"""One of these together with the name key is a person."""


def marks(values: Mapping[str, Value]) -> list[tuple[Value, ...]]:
    """What two rows of one person have in common; without any mark, everything that is said."""
    stored = with_keys(values)
    name = stored["name_key"]
    found: list[tuple[Value, ...]] = [
        (name, mark, stored[mark]) for mark in MARKS if stored.get(mark)
    ]
    return found or [(name, *(value for key, value in values.items() if key != "number"))]


def same_person(upkeep: Register, values: Mapping[str, Value]) -> list[int]:
    """The members who are this person: the name key, and one of birth date, e-mail, phone, address.

    Where none of these is given, the members of whom nothing that is given differs.
    """
    stored = with_keys(values)
    born = upkeep.digest(values.get("birth_date"))
    rows = upkeep.look(
        f"select {_KEYS} from soc_upkeep_member where name_key = :name"
        f" union all select {_KEYS} from soc_upkeep_merged where name_key = :name",
        {"name": stored["name_key"]},
    )
    if not any(stored.get(mark) for mark in MARKS):
        return [row["id"] for row in rows if not differing(upkeep, row["id"], values)]
    found = (
        row["id"]
        for row in rows
        if (born is not None and row["birth_date_digest"] == born)
        or any(stored.get(key) and row[key] == stored[key] for key in MARKS if key != "birth_date")
    )
    return list(dict.fromkeys(found))


def differing(
    upkeep: Register, number: int, values: Mapping[str, Value], blanks_count: bool = False
) -> list[str]:
    """The fields of which `values` says something else than what is stored.

    Blanks say nothing, unless `blanks_count`: then they say that the field is empty.
    """
    unsaid = {"number", *upkeep.policy.left_out}
    said = [k for k, v in values.items() if k not in unsaid and (blanks_count or v is not None)]
    row = _digests(upkeep, number, said)

    def meant(key: str) -> object:
        value = DEFAULTS.get(key) if values[key] is None else values[key]
        return value if key in OPEN else upkeep.digest(value)

    return [key for key in said if row[key] != meant(key)]


def blank(upkeep: Register, number: int, keys: Iterable[str]) -> set[str]:
    """Which of these fields say nothing in the register."""
    row = _digests(upkeep, number, keys)
    return {
        key
        for key in keys
        if row[key] is None or (key == "sex" and row[key] == upkeep.digest(DEFAULTS["sex"]))
    }


def _digests(upkeep: Register, number: int, keys: Iterable[str]) -> dict[str, Any]:
    """The stored values of one member as digests, or as they are where every purpose may see them."""
    columns = ", ".join(f"m.{key}" if key in OPEN else f"{key}_digest as {key}" for key in keys)
    rows = upkeep.look(
        f"select {columns or 'm.id'} from soc_upkeep_member u join member m on m.id = u.id"
        " where m.id = ?",
        (number,),
    )
    return {key: rows[0][key] for key in keys}


_ALIKE = (
    ("name", "email", "a.email_key = b.email_key"),
    ("name", "phone", "a.phone_key = b.phone_key"),
    ("name", "address", "a.address_key = b.address_key"),
    ("name", "birth_date", "a.birth_date_digest = b.birth_date_digest"),
)
"""What two members of one name have in common, if they are one person."""


def doubles(upkeep: Register) -> list[tuple[int, int, tuple[str, ...]]]:
    """Pairs that look like one person, with the fields that say so; not those that were told apart.

    The same name and one thing beside it, or the same e-mail and birth date under two names, as
    after a marriage. Upkeep: numbers only.
    """
    flags = ", ".join(f"{same} as by_{field}" for _name, field, same in _ALIKE)
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    rows = upkeep.look(
        f"select a.id as one, b.id as other, {flags} from soc_upkeep_member a"
        " join soc_upkeep_member b on b.name_key = a.name_key and b.id > a.id"
    )
    for row in rows:
        fields = tuple(field for _name, field, _same in _ALIKE if row[f"by_{field}"])
        if fields:
            found[row["one"], row["other"]] = ("name", *fields)
    rows = upkeep.look(
        "select a.id as one, b.id as other from soc_upkeep_member a join soc_upkeep_member b"
        " on b.email_key = a.email_key and b.id > a.id"
        " where a.birth_date_digest = b.birth_date_digest"
    )
    for row in rows:
        found.setdefault((row["one"], row["other"]), ("email", "birth_date"))
    apart = {
        (r["member_id"], r["other_id"])
        for r in upkeep.look("select member_id, other_id from told_apart")
    }
    return [(*pair, fields) for pair, fields in sorted(found.items()) if pair not in apart]


def tell_apart(upkeep: Register, one: int, other: int) -> None:
    """Two members are two, however alike."""
    upkeep.execute(
        "insert into told_apart (member_id, other_id) values (?, ?)",
        (min(one, other), max(one, other)),
    )


def tell_together(upkeep: Register, one: int, other: int) -> bool:
    """Two members may be one person again; whether they had been told apart."""
    cursor = upkeep.execute(
        "delete from told_apart where member_id = ? and other_id = ?",
        (min(one, other), max(one, other)),
    )
    return cursor.rowcount > 0


def items(policy: Policy) -> tuple[str, ...]:
    """What can be named of a member in a consent or a disclosure."""
    return guard(policy).items()
