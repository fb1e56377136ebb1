"""Inquiries from a sheet, as a club has collected them (C2, P9, R1)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from soc_cli.model import sensitive
from soc_cli.model.clocks import answer_by
from soc_cli.model.fields import (
    Field,
    FieldError,
    Value,
    any_day,
    long_text,
    number_of,
    past_moment,
    text,
)
from soc_cli.model.inquiry import CHECKED, FAILED, NO_MANDATE, OUTCOMES, REQUESTS, WITHDRAWN
from soc_cli.model.language import N_, _
from soc_cli.operations import inquiries as acts
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, NUMBER, People, Records, Unfit, one_of
from soc_cli.store import erasures, inquiries
from soc_cli.store.driver import Row as Stored

_KINDS = {
    "question": "質問 問合せ 問い合わせ お問い合わせ",
    "complaint": "苦情 クレーム",
    "view": "開示 閲覧 開示請求",
    "correct": "訂正 変更 訂正請求",
    "delete": "削除 消去 削除請求",
    "purposes": "利用目的 利用目的の通知",
    "stop-use": "利用停止 停止",
    "third-party-records": "第三者提供記録 提供記録",
    "other": "その他",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in (kind, *words.split())}

_SUBJECTS = (
    ("view", ("見せて", "閲覧", "開示", "確認したい")),
    ("correct", ("訂正", "変更", "直して")),
    ("delete", ("削除", "消して", "消去", "退会")),
    ("purposes", ("利用目的",)),
    ("stop-use", ("利用停止", "使わないで")),
    ("third-party-records", ("提供記録",)),
)
"""Words of a subject that sound like a request under R1, which has a day to be answered by."""

_STATUSES = {
    "open": "open 未対応 未回答 受付 対応中",
    "answered": "answered 回答済 回答済み 対応済 対応済み 返信済 返信済み",
    "closed": "closed 完了 終了 クローズ",
}
_STATUS = {word: status for status, words in _STATUSES.items() for word in words.split()}


def _body(written: str, _today: date) -> str | None:
    return long_text(written)


COLUMNS = (
    NUMBER,
    Field("received_at", N_("Received"), ("受付日時", "受付日", "受信日時", "受信日", "日時", "日付", "received"), past_moment),
    Field("channel", N_("Channel"), ("受付方法", "経路", "手段", "方法"), text),
    Field("kind", N_("Kind"), ("種別", "区分", "種類", "分類"), partial(one_of, _KIND)),
    MEMBER,
    Field("from_name", N_("From"), ("氏名", "名前", "お名前", "差出人", "name", "from"), text),
    Field("from_contact", N_("Contact"), ("メールアドレス", "メール", "連絡先", "電話番号", "email", "e-mail", "phone"), text),
    Field("subject", N_("Subject"), ("件名", "題名", "タイトル", "用件", "title"), text),
    Field("body", N_("Text"), ("内容", "本文", "問い合わせ内容", "お問い合わせ内容", "問合せ内容", "message", "text"), _body, joint="\n"),
    Field("status", N_("Status"), ("状態", "対応状況", "ステータス"), partial(one_of, _STATUS)),
    Field("due_on", N_("Due"), ("期限", "回答期限"), any_day),
    Field("answered_at", N_("Answered"), ("回答日時", "回答日", "対応日"), past_moment),
    Field("replies", N_("Replies"), ("返信", "回答内容"), _body),
    Field("identity", N_("Identity"), ("本人確認の結果",), partial(one_of, {w: w for w in (CHECKED, FAILED, NO_MANDATE)})),
    Field("identity_check", N_("Identity checked"), ("本人確認",), text),
    Field("agent", N_("Agent"), ("代理人",), text),
    Field("mandate", N_("Mandate"), ("委任の確認",), text),
    Field("outcome", N_("Ended"), ("結論",), partial(one_of, {w: w for w in (*OUTCOMES, WITHDRAWN)})),
    Field("reason", N_("Reason of the refusal"), ("断った理由",), text),
    Field("fee", N_("Fee (yen)"), ("手数料",), number_of),
    Field("entry", N_("Entry of the journal"), (), text),
    Field("linked_on", N_("Linked on"), (), text),
    Field("warn_on", N_("Urgent from"), (), text),
    Field("suit_from", N_("Suit possible from"), (), text),
    Field("days_left", N_("Days left"), (), text),
)  # fmt: skip

_LEFT_OUT = ("entry", "linked_on", "warn_on", "suit_from", "days_left")
"""What another register counted or numbered: it is not this one's, and is not taken over."""


def check(values: Mapping[str, Value]) -> Sequence[tuple[str, FieldError]]:
    """What an inquiry needs: somebody who inquires, a day, and a text."""
    errors: list[tuple[str, FieldError]] = []
    if values.get("body") is None:
        errors.append(("body", FieldError(_("the text is empty"))))
    if values.get("received_at") is None:
        errors.append(("received_at", FieldError(_("no day"))))
    if values.get("member") is None and values.get("from_name") is None:
        key = "from_name" if "from_name" in values else "member"
        errors.append((key, FieldError(_("nobody knows who inquires"))))
    return errors


def shape() -> Shape:
    """What a sheet of inquiries holds."""
    return Shape(
        COLUMNS,
        required=(("body",), ("received_at",), ("member", "from_name")),
        check=check,
    )


def noun(people: People) -> Noun:
    """Inquiries: one with the same moment, person and text is the same."""
    return Noun(shape, partial(Inquiries, people), people.in_row)


class Inquiries(Records):
    """Takes inquiries in; one without a kind gets it from its subject, which is noted."""

    key = "body"
    categories = ("inquiries",)
    occasion = "inquiry"

    def __init__(self, people: People, run: Import) -> None:
        super().__init__(run)
        self._people = people
        self._stored: dict[int, Mapping[str, Value]] = {}
        self._same_as: dict[int, int] = {}
        for row in inquiries.listed(self.register) if run.how.match != "none" else ():
            self.remember(row["id"], _values(row))

    def prepared(self, row: Row) -> dict[str, Value]:
        """The values of an inquiry: a member's, or an outsider's."""
        values = {key: value for key, value in row.values.items() if key not in _LEFT_OUT}
        if (said := values.get("member")) is not None:
            values["member"] = self._people.number("member", str(said))
            for key in ("from_name", "from_contact"):
                if values.pop(key, None) is not None:
                    self._note(row, key, _("left out: the member's registration says it"))
        if values.get("kind") is None and "kind" not in row.values:
            values["kind"] = _kind_of(str(values.get("subject") or ""))
            if values["kind"] != "question":
                said = _("taken for a request: {kind}").format(kind=values["kind"])
                self._note(row, "subject", said)
        for key in ("subject", "body"):
            said, kept = str(values.get(key) or ""), sensitive.masked(str(values.get(key) or ""))
            if said != kept:
                values[key] = kept
                kinds = dict.fromkeys(
                    _(sensitive.LABELS[one.kind]) for one in sensitive.found(said)
                )
                told = _("its digits were hidden: it looks as if it held {what}")
                self._note(row, key, told.format(what=_(", ").join(kinds)), kept)
        return values

    def _note(self, row: Row, key: str, note: str, shown: str | None = None) -> None:
        heading, value = self.run.report.heading(key), row.values[key] if shown is None else shown
        self.run.report.notes.append(
            {"row": row.at, "column": heading, "value": value, "note": note}
        )

    def found(self, values: Mapping[str, Value]) -> int | None:
        """By number where the sheet has one, else what is the same."""
        number = values.get("number")
        if isinstance(number, int):
            return number if number in self._stored else None
        return self._same_as.get(_identity(values))

    def stored(self, record: int) -> Mapping[str, Value]:
        """What is stored of an inquiry."""
        return self._stored[record]

    def add(self, values: Mapping[str, Value]) -> int:
        """A new inquiry, with the day by which a request is to be answered; raises Unfit."""
        number = values.get("number")
        if isinstance(number, int) and (day := erasures.inquiry_erased_on(self.register, number)):
            reason = _("this number was erased on {day} and is never given again")
            raise Unfit("number", reason.format(day=day))
        kind = values.get("kind") or "question"
        due = values.get("due_on")
        if due is None and kind in REQUESTS:
            due = answer_by(date.fromisoformat(str(values["received_at"])[:10])).isoformat()
        answered = values.get("answered_at")
        status = values.get("status") or ("answered" if answered is not None else "open")
        stored = {
            **values,
            "kind": kind,
            "due_on": due,
            "status": status,
            "member_id": values.get("member"),
        }
        replies = _replies(values.get("replies"))
        number = inquiries.bring_in(self.register, stored)
        for reply in replies:
            inquiries.bring_in_reply(self.register, number, reply)
        self._entry("log", number, values.get("member"))
        return number

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """What is stored of an inquiry now."""
        self._stored[record] = {**dict.fromkeys(_KEYS), **values}
        self._same_as[_identity(values)] = record

    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """Corrects an inquiry."""
        inquiries.correct(self.register, record, values)
        self._entry("correct", record, self._stored[record]["member"])

    def _entry(self, act: str, number: int, member: Value) -> None:
        self.register.record(acts.entry(act, number, member if isinstance(member, int) else None))


def _replies(said: Value) -> list[dict[str, str]]:
    """The replies of an inquiry that comes from JSON; a table has no place for several texts."""
    if said is None:
        return []
    try:
        replies = json.loads(str(said))
    except (ValueError, RecursionError):
        replies = None
    if not isinstance(replies, list) or not all(
        isinstance(reply, dict)
        and all(isinstance(reply.get(key), str) for key in inquiries.REPLY)
        and reply["body"]
        for reply in replies
    ):
        raise Unfit("replies", _("replies come in as JSON alone"))
    return replies


def _kind_of(subject: str) -> str:
    return next(
        (kind for kind, words in _SUBJECTS if any(word in subject for word in words)), "question"
    )


def _identity(values: Mapping[str, Value]) -> int:
    who = values.get("member") or values.get("from_name")
    return hash((values.get("received_at"), who, values.get("subject"), values.get("body")))


def _values(row: Stored) -> dict[str, Value]:
    """A stored inquiry under the keys of a sheet."""
    return {"number": row["id"], "member": row["member_id"], **{key: row[key] for key in _KEYS}}


_KEYS = tuple(c.key for c in COLUMNS if c.key not in ("number", "member", "replies", *_LEFT_OUT))
