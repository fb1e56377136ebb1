"""The tick sheet of a meeting, back from the door: who came, who did not, who is not told of."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from soc_cli.model.fields import (
    BY_KEY,
    NUMBER_HEADERS,
    Field,
    FieldError,
    Value,
    number_of,
    plain,
    text,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.operations import meetings as meeting_acts
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, People, Records, Unfit
from soc_cli.store import meetings

_WORDS = {
    "attended": "○ ◯ 〇 ● ◎ o 出 出席 参加 来場 来 yes y 1 attended present came ✓ ✔ ☑ レ 済",
    "absent": "× ✕ ✖ ☓ x 欠 欠席 不参加 不 no n 0 absent",
}
_ATTENDANCE = {word: kept for kept, words in _WORDS.items() for word in words.split()}


def attendance(written: str, _today: date) -> str | None:
    """`attended`, `absent`, or None for somebody of whom nothing is told."""
    said = unicodedata.normalize("NFKC", plain(written) or "").casefold()
    if said in ("", "-", "―", "ー"):
        return None
    if said not in _ATTENDANCE:
        raise FieldError(_("neither present nor absent"), _("write ○ or ×, 出席 or 欠席"))
    return _ATTENDANCE[said]


def companions(written: str, today: date) -> int | None:
    """How many came along."""
    number = number_of(
        unicodedata.normalize("NFKC", written).strip().removesuffix("名").removesuffix("人"), today
    )
    if number is not None and number > 99:
        raise FieldError(_("more than 99 companions"))
    return number


def remark(written: str, _today: date) -> None:
    """A remark on the sheet, which no clause lets the club keep: an empty column passes."""
    if plain(written):
        raise FieldError(
            _("the policy names no field for a remark"), _("leave the column out with --map 備考=")
        )


COLUMNS = (
    replace(MEMBER, headers=(*MEMBER.headers, *NUMBER_HEADERS)),
    Field("name", N_("Name"), BY_KEY["name"].headers, BY_KEY["name"].read),
    Field("nickname", N_("Nickname"), BY_KEY["nickname"].headers, text),
    Field(
        "attendance", N_("Attendance"),
        ("出席", "出欠", "出欠席", "参加", "当日", "出席状況", "present", "attended"), attendance,
    ),
    Field("companions", N_("Companions"), ("同伴者数", "同伴者", "同伴", "同伴人数", "お連れ様"), companions),
    Field("remark", N_("Remark"), ("備考", "メモ", "remarks", "note", "notes"), remark),
)  # fmt: skip


def shape() -> Shape:
    """What a tick sheet holds."""
    return Shape(
        COLUMNS,
        required=(("member", "nickname", "name"), ("attendance",)),
        computed=("declared_on",),
    )


def noun(meeting: int, people: People) -> Noun:
    """The tick sheet of one meeting."""
    return Noun(shape, partial(Attendance, meeting, people), people.in_row, matches=())


class Attendance(Records):
    """Takes in who came; raises NotFound where there is no such meeting."""

    key = "attendance"
    categories = ("meetings",)
    occasion = "meeting"

    def __init__(self, meeting: int, people: People, run: Import) -> None:
        super().__init__(run)
        self._meeting, self._people = meeting, people
        meeting_acts.still_open(self.register, meeting)
        rows = meetings.rows_of(self.register, meeting)
        self._rows = {
            row["member_id"]: {
                "row": rows[row["member_id"]][0],
                "attendance": row["attendance"],
                "companions": row["companions"],
            }
            for row in meetings.people(self.register, meeting)
            if row["member_id"] is not None
        }

    def prepared(self, row: Row) -> dict[str, Value]:
        """The member's number, and what is told."""
        said = row.values
        named = said.get("name")
        if key := next((key for key in ("member", "nickname") if said.get(key)), None):
            number = self._people.number(key, str(said[key]))
            if isinstance(named, str) and not self._people.bears(number, named):
                told = self.told(number)
                raise Unfit("name", _("{number} has another name").format(number=told))
        elif isinstance(named, str):
            number = self._people.named("name", named)
        else:
            raise Unfit("name", _("nobody is named"))
        return {"member": number} | {key: said.get(key) for key in ("attendance", "companions")}

    def says_nothing(self, values: Mapping[str, Value]) -> bool:
        """Whether nothing is told of the member."""
        return values["attendance"] is None

    def filled_anyway(self) -> Sequence[str]:
        """Whoever had declared is waited for."""
        return ("attendance", "companions")

    def found(self, values: Mapping[str, Value]) -> int | None:
        """The member, where they had declared or were recorded."""
        member = values["member"]
        return member if isinstance(member, int) and member in self._rows else None

    def stored(self, record: int) -> Mapping[str, Value]:
        """What is recorded of a member; of whom nothing is, companions are only declared."""
        row = self._rows[record]
        open = row["attendance"] is None
        return {"attendance": row["attendance"], "companions": None if open else row["companions"]}

    def told(self, record: int) -> str:
        """The member's number."""
        return self.register.policy.club.number(record)

    def add(self, values: Mapping[str, Value]) -> int:
        """Somebody who had not declared."""
        member = values["member"]
        assert isinstance(member, int)
        row = meetings.record(
            self.register, self._meeting, member, values["attendance"], values["companions"] or 0
        )
        self._added = row
        self._entry(member, values["attendance"])
        return member

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """What is recorded of a member now."""
        row = self._rows[record]["row"] if record in self._rows else self._added
        kept = {key: values[key] for key in ("attendance", "companions")}
        self._rows[record] = {"row": row, **kept}

    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """Sets what is recorded of a member."""
        row = {**self._rows[record], **values}
        meetings.correct(self.register, row["row"], row["attendance"], row["companions"] or 0)
        self._entry(record, row["attendance"])

    def _entry(self, member: int, attendance: Value) -> None:
        act = "attend" if attendance == "attended" else "absent"
        details = f"meeting={self._meeting}"
        self.register.record(Entry(act, (member,), ("meetings",), "meeting", details=details))
