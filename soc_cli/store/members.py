"""Members in the register: numbers, rows, matching, and what is left of the erased."""

from collections.abc import Iterator, Mapping
from datetime import date

from soc_cli.model.fields import FIELDS, Value
from soc_cli.model.journal import members_of, ranges
from soc_cli.model.member import with_keys
from soc_cli.policy.form import Policy
from soc_cli.store.driver import Row
from soc_cli.store.maintenance import VACUUM_DUE
from soc_cli.store.register import Register, guard

COLUMNS = ("id", *(f.key for f in FIELDS), *(f.key_column for f in FIELDS if f.fold))
"""What an insertion fills, from a closed set of names."""

INSERT = f"insert into member ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"

DEFAULTS: Mapping[str, Value] = {"sex": "undisclosed"}

OPEN = ("id", "status", "joined_on", "left_on")
"""What every purpose may read of a member."""


def values_of(number: int | None, values: Mapping[str, Value]) -> tuple[Value, ...]:
    """The row of an insertion: the number (None: the next one) and every column in order."""
    stored = with_keys({**DEFAULTS, **{k: v for k, v in values.items() if v is not None}})
    return (number, *(stored.get(column) for column in COLUMNS[1:]))


def insert(register: Register, values: Mapping[str, Value], number: int | None = None) -> int:
    """Adds a member; gives the number, which was never given before."""
    cursor = register.execute(INSERT, values_of(number, values))
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


def delete(register: Register, number: int, today: date) -> None:
    """Deletes a member with all that belongs to them; the number stays known as erased.

    What the free bytes of the file may still hold is due to be given back (`maintenance`).
    """
    due = register.setting(VACUUM_DUE) or ""
    register.execute("delete from register where key = ?", (VACUUM_DUE,))
    register.execute(
        "insert into register (key, value) values (?, ?)",
        (VACUUM_DUE, ranges([*members_of(due), number])),
    )
    register.execute("delete from member where id = ?", (number,))
    register.execute(
        "insert into erased (id, erased_on) values (?, ?)", (number, today.isoformat())
    )


def exists(register: Register, number: int) -> bool:
    """Whether a member has this number."""
    return bool(register.look("select 1 from member where id = ?", (number,)))


def erased_on(register: Register, number: int) -> str | None:
    """The day on which the member with this number was erased."""
    rows = register.look("select erased_on from erased where id = ?", (number,))
    return rows[0]["erased_on"] if rows else None


def nickname_taken(upkeep: Register, nickname_key: str) -> bool:
    """Whether a member has this nickname; upkeep."""
    return bool(
        upkeep.look("select 1 from soc_upkeep_member where nickname_key = ?", (nickname_key,))
    )


def numbers_called(upkeep: Register, nickname_key: str, email_key: str) -> list[int]:
    """The numbers of the members with this nickname or this e-mail; upkeep, so numbers only."""
    rows = upkeep.look(
        "select id from soc_upkeep_member where nickname_key = ?"
        " union select id from soc_upkeep_member where email_key = ? order by id",
        (nickname_key, email_key),
    )
    return [row["id"] for row in rows]


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


def listed(register: Register, sort: str, limit: int | None) -> Iterator[Row]:
    """The members with what the purpose grants of them, by reading where it may be read."""
    _columns, keys = plan(register.policy, register.grant.purpose)
    order = "m.id"
    if sort == "kana" and "kana_key" in keys:
        at = keys["kana_key"]
        order = f"coalesce({at}.kana_key, {at}.name_key), m.id"
    bound = f" limit {int(limit)}" if limit is not None else ""
    return register.read(_select(register, "", f"order by {order}{bound}"), member="id")


def found(register: Register, folded: Mapping[str, str]) -> Iterator[Row]:
    """The members of whom a granted folded key holds its text; `folded` maps key columns to texts."""
    _columns, keys = plan(register.policy, register.grant.purpose)
    granted = {key: f"{keys[key]}.{key}" for key in folded if key in keys}
    terms = [f"instr({at}, :{key}) > 0" for key, at in granted.items()]
    # Best first: somebody whose whole key it is, then whose key begins with it, then the rest.
    whole = " or ".join(f"{at} = :{key}" for key, at in granted.items()) or "0"
    begins = " or ".join(f"instr({at}, :{key}) = 1" for key, at in granted.items()) or "0"
    where = f"where ({' or '.join(terms) or '0'})"
    order = f"order by not coalesce(({whole}), 0), not coalesce(({begins}), 0), m.id"
    return register.read(
        _select(register, where, order), {key: folded[key] for key in granted}, member="id"
    )


# Matching (upkeep): numbers and folded keys, and whether a value that is at hand is the stored one.

_KEYS = "id, name_key, email_key, phone_key, address_key, birth_date_digest"


_MARKS = ("birth_date", "email_key", "phone_key", "address_key")
"""One of these together with the name key is a person."""


def marks(values: Mapping[str, Value]) -> list[tuple[Value, ...]]:
    """What two rows of one person have in common; without any mark, everything that is said."""
    stored = with_keys(values)
    name = stored["name_key"]
    found: list[tuple[Value, ...]] = [
        (name, mark, stored[mark]) for mark in _MARKS if stored.get(mark)
    ]
    return found or [(name, *values.values())]


def same_person(upkeep: Register, values: Mapping[str, Value]) -> list[int]:
    """The members who are this person: the name key, and one of birth date, e-mail, phone, address.

    Where none of these is given, the members of whom nothing that is given differs.
    """
    stored = with_keys(values)
    born = upkeep.digest(values.get("birth_date"))
    rows = upkeep.look(
        f"select {_KEYS} from soc_upkeep_member where name_key = ?", (stored["name_key"],)
    )
    if not any(stored.get(mark) for mark in _MARKS):
        return [row["id"] for row in rows if not differing(upkeep, row["id"], values)]
    return [
        row["id"]
        for row in rows
        if (born is not None and row["birth_date_digest"] == born)
        or any(stored.get(key) and row[key] == stored[key] for key in _MARKS[1:])
    ]


def differing(upkeep: Register, number: int, values: Mapping[str, Value]) -> list[str]:
    """The fields of which `values` says something else than what is stored; blanks say nothing."""
    said = [key for key, value in values.items() if value is not None]
    columns = ", ".join(f"{key}_digest" if key != "joined_on" else "m.joined_on" for key in said)
    rows = upkeep.look(
        f"select {columns} from soc_upkeep_member u join member m on m.id = u.id where m.id = ?",
        (number,),
    )
    row = rows[0]
    return [
        key
        for key in said
        if row[key if key == "joined_on" else f"{key}_digest"]
        != (values[key] if key == "joined_on" else upkeep.digest(values[key]))
    ]


def items(policy: Policy) -> tuple[str, ...]:
    """What can be named of a member in a consent or a disclosure."""
    return guard(policy).items()
