"""Nicknames: who is who in the club's boards, and which words nobody may bear (P7)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from soc_cli.model.errors import Refused, WrongData
from soc_cli.model.fields import (
    BY_KEY,
    NUMBER_HEADERS,
    NUMBER_LABEL,
    FieldError,
    Value,
    header_key,
    kana_key,
    nickname,
    spellings,
    wrong,
)
from soc_cli.model.frozen import frozen
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.lookalikes import alike_key, beginnings
from soc_cli.model.newfile import Unnamed
from soc_cli.policy.form import Policy
from soc_cli.store import members, merging, nicknames
from soc_cli.store.register import Register

PURPOSE = "nickname"
KEYS = ("number", "nickname", "status")
CHECK_KEYS = ("nickname", "verdict", "member")

FREE, TAKEN, RESERVED, ALIKE = "free", "taken", "reserved", "alike"

FORMER = N_("former member")
"""Who posted and is no member any more, be it that they left, were refused or were erased."""
NAMELESS = N_("member")
"""A member without a nickname."""


class Reserved:
    """The words that nobody bears as a nickname: those of the policy, and the club's own name."""

    def __init__(self, policy: Policy) -> None:
        self._club = club = policy.club
        words = (*policy.reserved, club.name.ja, club.name.en, club.number_prefix)
        self._keys = frozenset(map(alike_key, words))
        begin = (beginnings(key) for key in self._keys)
        self._begin = frozenset[str]().union(*begin)

    def __contains__(self, called: str) -> bool:
        """Whether a nickname is one of them, looks like one, or reads like SOC-0012.

        Digits alone may be a nickname: MEMBER takes them for a number first.
        """
        return alike_key(called) in self._keys or (
            self._club.number_of(called) is not None and not called.strip().isdecimal()
        )

    def among(self, called: Iterable[str], keys: Iterable[str]) -> set[str]:
        """Those of the nicknames, each with its folded key beside, that are.

        Most are told by their first character not to be, so that a large sheet is not held up.
        """
        begin = self._begin
        return {
            one
            for one, key in zip(called, keys, strict=True)
            if (key[0] in begin or not (key[0].isascii() or "\u3041" <= key[0] <= "\u9fff"))
            and one in self
        }


def refuse_reserved(words: Reserved, called: Value) -> FieldError | None:
    """Why a new nickname is not taken, where it is a reserved word."""
    if not isinstance(called, str) or called not in words:
        return None
    return FieldError(
        _("this nickname is reserved"), _("it would look like the club itself, or a member number")
    )


def listed(register: Register, status: str | None = None) -> Iterable[dict[str, object]]:
    """The members who have a nickname, in the order of its folded form (P7)."""
    club = register.policy.club
    return (
        {"number": club.number(row["id"]), "nickname": row["nickname"], "status": row["status"]}
        for row in nicknames.listed(register, status)
    )


def check(upkeep: Register, text: str) -> dict[str, object]:
    """Whether a nickname can be had: free, taken, reserved, or like that of a member, with the number.

    Raises WrongData for what is no nickname at all.
    """
    try:
        called = nickname(text, upkeep.today)
    except FieldError as error:
        raise wrong(text, error) from None
    if called is None:
        raise WrongData(_("the nickname is empty"))
    verdict, whose = FREE, None
    if called in Reserved(upkeep.policy):
        verdict = RESERVED
    elif found := nicknames.bearers(upkeep, kana_key(called)):
        verdict, whose = TAKEN, found[0]
    elif found := _alike(upkeep, called):
        verdict, whose = ALIKE, found[0]
    number = upkeep.policy.club.number(whose) if whose is not None else None
    return {"nickname": called, "verdict": verdict, "member": number}


def _alike(upkeep: Register, called: str) -> list[int]:
    key = alike_key(called)
    return [number for number, other in nicknames.keys(upkeep) if alike_key(other) == key]


# who posted -----------------------------------------------------------------------------------


@frozen
class Board:
    """What was posted, listed or made in the club's boards: a sheet with the members' numbers."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    """The numbers of the rows, as a spreadsheet counts, and their cells."""
    column: str | None = None
    """The heading of the column with the numbers, where it is none of the usual ones."""

    def is_number(self, heading: str) -> bool:
        """Whether a heading is that of the numbers."""
        usual = (*NUMBER_HEADERS, NUMBER_LABEL, _(NUMBER_LABEL), "member", "会員")
        names = (self.column,) if self.column is not None else usual
        return header_key(heading) in map(header_key, names)

    def said(self) -> Iterator[tuple[int, str]]:
        """The row and its member number as it is written; raises WrongData where no column holds them."""
        found = [at for at, heading in enumerate(self.header) if self.is_number(heading)]
        if len(found) != 1:
            raise WrongData(
                _("one column of the sheet holds the member numbers"),
                _("say which with --number HEADING"),
            )
        (at,) = found
        return ((row, cells[at] if at < len(cells) else "") for row, cells in self.rows)


def posters(upkeep: Register, board: Board) -> dict[int, int | None]:
    """Who posted, by row: the member's number, or None for somebody erased; no row for nobody named.

    Raises Refused where the sheet tells more of people than a number and a nickname (P7), and WrongData,
    with every row of it, for what is no member's number.
    """
    known = spellings(key for key in BY_KEY if key not in (PURPOSE, "joined_on"))
    more = [h for h in board.header if not board.is_number(h) and header_key(h) in known]
    if more:
        raise Refused(
            _("who posted is shown by nickname alone (P7), and the sheet holds: {columns}").format(
                columns=_(", ").join(more)
            ),
            _("take these columns out"),
        )
    club = upkeep.policy.club
    there, gone, merged = (
        set(members.numbers(upkeep)),
        members.erased(upkeep),
        merging.numbers(upkeep),
    )
    found: dict[int, int | None] = {}
    wrong_rows: list[int] = []
    for row, text in board.said():
        number = club.number_of(text)
        number = merged.get(number, number) if number is not None else None
        if number in there or number in gone:
            found[row] = number if number in there else None
        elif text.strip():
            wrong_rows.append(row)
    if wrong_rows:
        raise WrongData(
            _("no member's number in rows: {rows}").format(rows=", ".join(map(str, wrong_rows))),
            _("the boards know members by number (see “soc nickname list”)"),
        )
    return found


Filled = tuple[list[str], list[dict[str, object]]]


def fill(
    register: Register,
    board: Board,
    posted: Mapping[int, int | None],
    prepare: Callable[[Filled], Unnamed] | None = None,
) -> Filled:
    """The board's rows with each poster's nickname in the last column (P7).

    Whoever left, was refused or was erased is a former member, all alike.
    """
    numbers = sorted({number for number in posted.values() if number is not None})
    label = _(BY_KEY["nickname"].label)
    old = spellings([PURPOSE])
    kept = [at for at, heading in enumerate(board.header) if header_key(heading) not in old]
    header = [*(board.header[at] for at in kept), label]
    with register.change():
        register.record(Entry("read", tuple(numbers), ("nickname",)))
        called = {
            number: (nickname or _(NAMELESS)) if status == "active" else _(FORMER)
            for number, status, nickname in nicknames.of(register, numbers)
        }
        rows: list[dict[str, object]] = []
        for row, cells in board.rows:
            said = {board.header[at]: cells[at] if at < len(cells) else "" for at in kept}
            number = posted.get(row)
            who = called.get(number, _(FORMER)) if number is not None else _(FORMER)
            rows.append({**said, label: who if row in posted else ""})
        files = prepare((header, rows)) if prepare is not None else None
        if files is not None:
            register.unnamed(files, "nicknames", numbers)
    if files is not None:
        register.name(files, Entry("take-back", tuple(numbers), ("nickname",)))
    return header, rows
