"""The tick sheet of a meeting, back from the door: who came, who did not, who is not told of."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

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
from soc_cli.model.language import N_, _
from soc_cli.model.meeting import Who, guest_number
from soc_cli.operations import meetings as meeting_acts
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, People, Records, Unfit
from soc_cli.store import meetings
from soc_cli.store.driver import Row as StoredRow

_WORDS = {
    "attended": "○ ◯ 〇 ● ◎ o 出 出席 参加 来場 来 yes y 1 attended present came ✓ ✔ ☑ レ 済",
    "absent": "× ✕ ✖ ☓ x 欠 欠席 不参加 不 no n 0 absent",
}
_ATTENDANCE = {word: kept for kept, words in _WORDS.items() for word in words.split()}
_TICKS = {
    *_WORDS["attended"].split(),
    *(word for word in _WORDS["absent"].split() if word not in ("不", "no", "n", "0")),
}
"""What ticks the box of those who stayed away, however it is done."""
_NOTHING = ("", "-", "―", "ー", "☐", "□")
"""What says nothing: an empty cell, and a box without a tick."""


def attendance(written: str, _today: date) -> str | None:
    """`attended`, `absent`, or None for somebody of whom nothing is told."""
    said = unicodedata.normalize("NFKC", plain(written) or "").casefold()
    if said in _NOTHING:
        return None
    if said not in _ATTENDANCE:
        raise FieldError(_("neither present nor absent"), _("write ○ or ×, 出席 or 欠席"))
    return _ATTENDANCE[said]


def absence(written: str, _today: date) -> str | None:
    """`absent` for a tick in a column of those who stayed away; None for none."""
    said = unicodedata.normalize("NFKC", plain(written) or "").casefold()
    if said in _NOTHING:
        return None
    if said not in _TICKS:
        raise FieldError(_("neither ticked nor empty"), _("tick the box, or leave it"))
    return "absent"


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
    Field("absent", N_("Absent"), ("欠席", "不参加"), absence),
    Field("companions", N_("Companions"), ("同伴者数", "同伴者", "同伴", "同伴人数", "お連れ様"), companions),
    Field("remark", N_("Remark"), ("備考", "メモ", "remarks", "note", "notes"), remark),
)  # fmt: skip


def shape() -> Shape:
    """What a tick sheet holds."""
    return Shape(
        COLUMNS,
        required=(("member", "nickname", "name"), ("attendance", "absent")),
        computed=(
            "declared_on",
            "kana",
            BY_KEY["kana"].label,
            _(BY_KEY["kana"].label),
            *BY_KEY["kana"].headers,
        ),
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
        self._rows: dict[int, dict[str, Any]] = {
            row["member_id"]: {"row": rows[row["member_id"]][0], **_said(row)}
            for row in meetings.people(self.register, meeting)
            if row["member_id"] is not None
        }
        # A guest's number is no member's: below zero they do not meet.
        self._rows |= {
            -row["id"]: {"row": row["id"], **_said(row)}
            for row in meetings.guests(self.register, meeting)
        }

    def prepared(self, row: Row) -> dict[str, Value]:
        """The number of the member or guest, and what is told."""
        said = row.values
        told = {"attendance": said.get("attendance"), "companions": said.get("companions")}
        if said.get("absent") is not None:
            if told["attendance"] == "attended":
                raise Unfit("absent", _("present and absent at once"))
            told["attendance"] = "absent"
        guest = guest_number(str(said.get("member") or ""))
        if guest is not None:
            if -guest not in self._rows:
                raise Unfit("member", _("this meeting has no such guest"))
            return {"guest": guest, **told}
        return {"member": self._member(said), **told}

    def _member(self, said: Mapping[str, Value]) -> int:
        named = said.get("name")
        if key := next((key for key in ("member", "nickname") if said.get(key)), None):
            number = self._people.number(key, str(said[key]))
            if isinstance(named, str) and not self._people.bears(number, named):
                told = self.told(number)
                raise Unfit("name", _("{number} has another name").format(number=told))
            return number
        if not isinstance(named, str):
            raise Unfit("name", _("nobody is named"))
        return self._people.named("name", named)

    def says_nothing(self, values: Mapping[str, Value]) -> bool:
        """Whether nothing is told of the member."""
        return values["attendance"] is None

    def filled_anyway(self) -> Sequence[str]:
        """Whoever had declared is waited for."""
        return ("attendance", "companions")

    def found(self, values: Mapping[str, Value]) -> int | None:
        """The member or guest, where they had declared or were recorded."""
        record = self._record(values)
        if record not in self._rows:
            return None
        if self._rows[record]["waiting"] is not None and values["attendance"] == "absent":
            raise Unfit(
                "attendance",
                _("{member} waits for a place, so can't be absent").format(
                    member=self.told(record)
                ),
            )
        return record

    def _record(self, values: Mapping[str, Value]) -> int:
        member, guest = values.get("member"), values.get("guest")
        return member if isinstance(member, int) else -int(str(guest))

    def stored(self, record: int) -> Mapping[str, Value]:
        """What is recorded of somebody; of whom nothing is, companions are only declared."""
        row = self._rows[record]
        open = row["attendance"] is None
        return {"attendance": row["attendance"], "companions": None if open else row["companions"]}

    def told(self, record: int) -> str:
        """The number of the member or guest."""
        return meeting_acts.written(self.register.policy.club, _who(record))

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

    def finish(self) -> None:
        """Whoever waited and came has left the line."""
        meetings.close_ranks(self.register, self._meeting)

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """What is recorded of somebody now."""
        row = self._rows[record]["row"] if record in self._rows else self._added
        kept = {key: values[key] for key in ("attendance", "companions")}
        self._rows[record] = {"row": row, "waiting": None, **kept}

    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """Sets what is recorded of somebody."""
        row = {**self._rows[record], **values}
        meetings.attend(
            self.register, row["row"], row["attendance"], _who(record).kind, row["companions"] or 0
        )
        self._entry(record, row["attendance"])

    def _entry(self, record: int, attendance: Value) -> None:
        act = "attend" if attendance == "attended" else "absent"
        meeting_acts.note(self.register, act, self._meeting, _who(record))


def _said(row: StoredRow) -> dict[str, Any]:
    return {key: row[key] for key in ("attendance", "companions", "waiting")}


def _who(record: int) -> Who:
    return Who("member", record) if record > 0 else Who("guest", -record)
