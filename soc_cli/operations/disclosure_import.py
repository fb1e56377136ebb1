"""Records of disclosures from a sheet: what the club gave to others before it had this register.

The rules are those of `soc disclosure record`, but that no file is written: the record of one that
was given then may have its SHA-256, or none.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from soc_cli.model.fields import (
    BY_KEY,
    ELEMENT,
    Field,
    FieldError,
    Value,
    exact_moment,
    number_of,
    plain,
    text,
)
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.operations import disclosures as acts
from soc_cli.operations.consent_import import items, sha256
from soc_cli.operations.grounds import DECIDED, FACTS, RECIPIENT, checked_fields
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, NUMBER, People, Records, Unfit, one_of
from soc_cli.policy.form import Policy
from soc_cli.store import disclosures

_GROUNDS = {
    "consent": "consent 同意 本人の同意 D1", "authority": "authority 法令 法令に基づく 裁判所 D2",
    "protection": "protection 権利保護 保護 D3", "danger": "danger 危険 緊急 D4",
}  # fmt: skip
_GROUND = {word.casefold(): ground for ground, words in _GROUNDS.items() for word in words.split()}


def _members(written: str, _today: date) -> str | None:
    """Member numbers, one or several."""
    parts = written.replace(ELEMENT, ",").replace("、", ",").replace("，", ",").split(",")
    return ",".join(part for part in map(plain, parts) if part) or None


def _found(written: str, _today: date) -> str | None:
    """The fields of a ground as JSON, as `soc disclosure list --json` gives them."""
    if not written.strip():
        return None
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise FieldError(_("the fields of a ground come in columns of their own, or as JSON"))
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


GROUNDS_FIELDS = (
    ("consent", N_("Consent"), ("同意番号",)),
    ("court", N_("Court"), ("裁判所",)),
    ("case_number", N_("Case number"), ("事件番号",)),
    ("document_date", N_("Document's day"), ("文書日付", "文書の日付")),
    ("served_original", N_("Original served"), ("原本送達", "原本の送達")),
    ("law", N_("Law"), ("法律", "根拠法令")),
    ("article", N_("Article"), ("条文", "条")),
    ("authority", N_("Public body"), ("機関", "照会機関")),
    ("officer", N_("Officer"), ("担当官", "担当者")),
    ("document_number", N_("Document's number"), ("文書番号",)),
    ("called_back", N_("Called back"), ("折り返し確認",)),
    ("violation", N_("What was broken"), ("違反", "違反の内容")),
    ("protects", N_("What is protected"), ("保護対象", "保護するもの")),
    ("whose", N_("Whose it is"), ("だれの",)),
    ("danger", N_("Danger"), ("危険の内容",)),
    ("urgency", N_("Urgency"), ("緊急性",)),
    ("why_no_consent", N_("Why no consent"), ("同意困難の理由", "同意を得られない理由")),
    (DECIDED, N_("Decided by"), ("判断した人", "決定者")),
)


def shape(policy: Policy) -> Shape:
    """What a sheet of records holds."""
    known = acts.known(policy)
    return Shape(
        (
            NUMBER,
            Field("made_at", N_("Made"), ("提供日時", "提供日", "提供年月日"), exact_moment),
            Field("ground", N_("Ground"), ("根拠", "提供の根拠"), partial(one_of, _GROUND)),
            Field("kind", N_("Kind"), ("種別", "種類"), partial(one_of, {"order": "order", "命令": "order", "inquiry": "inquiry", "照会": "inquiry"})),
            Field("recipient", N_("Recipient"), ("提供先", "提供先名"), text),
            Field("recipient_address", N_("Recipient's address"), ("提供先の住所", "提供先住所"), text),
            Field("recipient_representative", N_("Recipient's representative"), ("提供先の代表者", "提供先代表者", "代表者"), text),
            Field("items", N_("Items"), ("項目", "提供項目"), partial(items, known), joint=","),
            Field("members", MEMBER.label, (*MEMBER.headers, "member"), _members, joint=","),
            Field("name", N_("Name"), BY_KEY["name"].headers, BY_KEY["name"].read),
            Field("file_sha256", N_("SHA-256 of the file"), ("ファイルの SHA-256",), sha256),
            Field("corrects", N_("Corrects"), ("訂正元", "訂正する記録"), number_of),
            Field("not_shown_because", N_("Not shown because"), ("本人に示さない理由",), text),
            Field("fields", N_("Grounds on record"), (), _found),
            *(Field(key, label, headers, text) for key, label, headers in GROUNDS_FIELDS),
        ),
        required=(("made_at",), ("ground",), ("recipient",), ("items",), ("members",)),
        computed=("visible_to_member", "keep_through"),
        check=check,
    )  # fmt: skip


NEEDED = ("made_at", "ground", "recipient", "items", "members")


def check(values: Mapping[str, Value]) -> Sequence[tuple[str, FieldError]]:
    """What a record says."""
    return [
        (key, FieldError(_("a record says this")))
        for key in NEEDED
        if key in values and values[key] is None
    ]


def noun(policy: Policy, people: People) -> Noun:
    """Records of the ledger: one of the same moment, recipient, items and members is the same."""
    return Noun(partial(shape, policy), partial(Disclosures, people), people.in_row)


class Disclosures(Records):
    """Takes records in, on the upkeep connection, with members by number."""

    key = "ground"
    categories = ("disclosure",)

    def __init__(self, people: People, run: Import) -> None:
        super().__init__(run)
        self._people = people
        stored = map(_values, acts.read(self.register))
        self._stored = {int(values["number"] or 0): values for values in stored}

    def prepared(self, row: Row) -> dict[str, Value]:
        """The record as it is compared: with member numbers, and the fields of its ground in one."""
        said = dict(row.values)
        given = {key: said.pop(key, None) for key, _label, _headers in GROUNDS_FIELDS}
        found = {key: str(value) for key, value in given.items() if value is not None}
        if said.get("fields") is not None:
            found |= json.loads(str(said["fields"]))
        numbers = [self._people.number("members", one) for one in str(said["members"]).split(",")]
        said["members"] = ",".join(map(str, sorted(set(numbers))))
        said["fields"] = json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None
        return said

    def found(self, values: Mapping[str, Value]) -> int | None:
        """By number where the sheet has one, else what is the same."""
        number = values.get("number")
        if isinstance(number, int):
            return number if number in self._stored else None
        same = ("made_at", "recipient", "items", "members")
        return next(
            (
                record
                for record, stored in self._stored.items()
                if all(stored[key] == values[key] for key in same)
            ),
            None,
        )

    def agree(self, key: str, stored: Value, said: Value) -> bool:
        """A record by consent holds more than its sheet: the consent's day and manner."""
        if key != "fields" or stored is None or said is None:
            return stored == said
        return bool(json.loads(str(said)).items() <= json.loads(str(stored)).items())

    def stored(self, record: int) -> Mapping[str, Value]:
        """What is stored of a record."""
        return self._stored[record]

    def add(self, values: Mapping[str, Value]) -> int:
        """A new record, with all that its ground asks for; raises Unfit or one of our errors."""
        policy, ground = self.register.policy, str(values["ground"])
        texts: dict[str, str | None] = json.loads(str(values["fields"] or "{}"))
        if values.get("kind") == "order":
            texts.pop("law", None)
        beside = (*disclosures.CORRECTION, *(FACTS if ground == "consent" else ()))
        facts = {key: str(texts.pop(key)) for key in beside if key in texts}
        for key in (*RECIPIENT, *(("kind",) if values.get("kind") else ())):
            value = values.get(key)
            texts[key] = None if value is None else str(value)
        made = datetime.fromisoformat(str(values["made_at"]))
        numbers = [int(one) for one in str(values["members"]).split(",")]
        kind, found = checked_fields(policy, ground, texts, made.date())
        self._check_correction(values, facts)
        found |= {key: facts[key] for key in facts if key not in FACTS}
        names: dict[int, str] = {}
        if ground == "consent":
            consent = int(found["consent"])
            rows = disclosures.consents(self.register, consent)
            named = str(values["items"]).split(",")
            recipient = str(values["recipient"])
            row = rows[0] if rows else None
            found |= acts.covered(row, consent, recipient, named, numbers, made.date(), before=True)
            if any(found.get(key) != facts[key] for key in FACTS if key in facts):
                raise Unfit(
                    "fields", _("says something else of the consent than the consent itself")
                )
            if "name" in values:
                names = {numbers[0]: self._name(numbers[0], values["name"])}
        reason = kind if ground == "authority" else values.get("not_shown_because")
        shown = acts.shown_to_member(ground, str(reason) if reason else None)
        record: dict[str, object] = {
            **{key: values.get(key) for key in disclosures.RECORD},
            "id": values.get("number"),
            "corrects_id": values.get("corrects"),
            "kind": kind,
            "fields": found,
            "visible_to_member": int(shown),
            "not_shown_because": reason,
            "keep_through": acts.keep_through(policy, ground, made.date()),
        }
        number = disclosures.record(self.register, record, numbers, names)
        if ground == "consent":
            self.register.keep_names(number)
        details = f"disclosure={number}"
        entry = Entry("disclose", tuple(numbers), ("disclosure",), details=details, shown=shown)
        self.register.record(entry)
        return number

    def _check_correction(self, values: Mapping[str, Value], facts: Mapping[str, str]) -> None:
        """A correction is of the same disclosure, says what was wrong, and there is one of a record."""
        corrects = values.get("corrects")
        if corrects is None:
            if any(key in facts for key in disclosures.CORRECTION):
                raise Unfit("fields", _("a correction says which record it corrects"))
            return
        old = self._stored.get(int(corrects))
        same = ("made_at", "ground", "kind", "items", "members")
        if old is None or any(old.get(key) != values.get(key) for key in same):
            raise Unfit("corrects", _("a correction is of the same disclosure"))
        if any(one.get("corrects") == corrects for one in self._stored.values()):
            raise Unfit(
                "corrects", _("record {number} was corrected already").format(number=corrects)
            )
        if disclosures.CORRECTION[0] not in facts:
            raise Unfit("fields", _("a correction says what was wrong"))

    def _name(self, member: int, said: Value) -> str:
        """The name that a record by consent keeps (Act art. 29)."""
        if not isinstance(said, str):
            raise Unfit("name", _("a record by consent keeps the member's name"))
        if not self._people.bears(member, said):
            told = self.register.policy.club.number(member)
            raise Unfit("name", _("{number} has another name").format(number=told))
        return said

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """What is stored of a record now."""
        self._stored[record] = {**dict.fromkeys(_COMPARED), **values, "number": record}

    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """The ledger is added to, and never changed."""
        told, key = self.told(record), next(iter(values))
        raise Unfit(key, _("record {number} of the ledger is never changed").format(number=told))


_COMPARED = (
    "made_at", "ground", "kind", "recipient", "recipient_address", "recipient_representative",
    "items", "members", "fields", "file_sha256", "not_shown_because", "corrects",
)  # fmt: skip


def _values(row: Mapping[str, object]) -> dict[str, Value]:
    """A stored record under the keys of a sheet."""
    members, found = row["members"], row["fields"]
    assert isinstance(members, list)
    plainly = {key: row[key] for key in _COMPARED if key not in ("members", "fields", "corrects")}
    return {
        **plainly,  # type: ignore[dict-item]
        "corrects": row["corrects_id"],  # type: ignore[dict-item]
        "number": row["id"],  # type: ignore[dict-item]
        "members": ",".join(map(str, sorted(members))),
        "fields": json.dumps(found, ensure_ascii=False, sort_keys=True),
    }
