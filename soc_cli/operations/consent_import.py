"""Consents from a sheet, as members gave them on paper or by mail (D1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from soc_cli.model.errors import WrongData
from soc_cli.model.fields import ELEMENT, Field, FieldError, Value, past_day, plain, text
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.operations import disclosures as acts
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, NUMBER, People, Records, Unfit
from soc_cli.policy.form import Policy
from soc_cli.store import disclosures
from soc_cli.store.driver import Row as Stored


def items(known: Sequence[str], written: str, _today: date) -> str | None:
    """The items that a consent or a record names, as their keys with commas between."""
    if not written.strip(ELEMENT + " \u3000"):
        return None
    try:
        return ",".join(acts.named_items(written.replace(ELEMENT, ","), known))
    except WrongData as error:
        raise FieldError(error.what, error.do) from None


def sha256(written: str, _today: date) -> str | None:
    """A SHA-256 in hexadecimal."""
    said = (plain(written) or "").lower()
    if said and (len(said) != 64 or set(said) - set("0123456789abcdef")):
        raise FieldError(_("not a SHA-256"), _("64 characters of 0 to 9 and a to f"))
    return said or None


def shape(policy: Policy) -> Shape:
    """What a sheet of consents holds."""
    known = acts.known(policy)
    return Shape(
        (
            NUMBER,
            MEMBER,
            Field("recipient", N_("Recipient"), ("提供先", "提供先名", "受領者"), text),
            Field("items", N_("Items"), ("項目", "提供項目", "同意項目"), partial(items, known), joint=","),
            Field("how", N_("How"), ("方法", "同意方法", "同意の方法"), text),
            Field("given_on", N_("Given on"), ("同意日", "同意年月日", "given"), past_day),
            Field("withdrawn_on", N_("Withdrawn on"), ("撤回日", "撤回年月日", "withdrawn"), past_day),
            Field("evidence_sha256", N_("SHA-256 of the file"), ("証拠", "evidence"), sha256),
            Field("country", N_("Country"), ("国", "提供先の国"), text),
            Field("country_information", N_("Country's protection"), ("国の情報", "外国制度の情報"), text),
            Field("purpose", N_("For what"), ("目的", "利用目的", "提供の目的"), text),
            Field("identity_check", N_("Identity checked"), ("本人確認", "本人確認方法"), text),
        ),
        required=(("member",), ("recipient",), ("items",), ("how",), ("given_on",)),
        check=check,
    )  # fmt: skip


NEEDED = ("member", "recipient", "items", "how", "given_on")


def check(values: Mapping[str, Value]) -> Sequence[tuple[str, FieldError]]:
    """What a consent says, and the information that a recipient abroad needs first."""
    errors = [
        (key, FieldError(_("a consent says this")))
        for key in NEEDED
        if key in values and values[key] is None
    ]
    if values.get("country") is not None and values.get("country_information") is None:
        said = _("a recipient abroad needs the information of Act art. 28 first")
        errors.append(("country", FieldError(said)))
    given, withdrawn = values.get("given_on"), values.get("withdrawn_on")
    if given is not None and withdrawn is not None and str(withdrawn) < str(given):
        errors.append(("withdrawn_on", FieldError(_("withdrawn before it was given"))))
    return errors


def noun(policy: Policy, people: People) -> Noun:
    """Consents: one of the same member, recipient, items and day is the same."""
    return Noun(partial(shape, policy), partial(Consents, people), people.in_row)


class Consents(Records):
    """Takes consents in, on the upkeep connection, with members by number."""

    key = "recipient"
    categories = ("history",)

    def __init__(self, people: People, run: Import) -> None:
        super().__init__(run)
        self._people = people
        rows = acts.read_consents(self.register)
        self._stored = {row["id"]: _values(row) for row in rows}

    def prepared(self, row: Row) -> dict[str, Value]:
        """The values with the member's number."""
        return {**row.values, "member": self._people.number("member", str(row.values["member"]))}

    def found(self, values: Mapping[str, Value]) -> int | None:
        """By number where the sheet has one, else what is the same."""
        number = values.get("number")
        if isinstance(number, int):
            return number if number in self._stored else None
        return next(
            (
                record
                for record, stored in self._stored.items()
                if all(stored[key] == values[key] for key in ("member", "recipient", "items", "given_on"))
            ),
            None,
        )  # fmt: skip

    def stored(self, record: int) -> Mapping[str, Value]:
        """What is stored of a consent."""
        return self._stored[record]

    def add(self, values: Mapping[str, Value]) -> int:
        """A new consent."""
        number = disclosures.bring_in_consent(self.register, values)
        self._entry("consent", number, values["member"])
        return number

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """What is stored of a consent now."""
        self._stored[record] = {**dict.fromkeys(_KEYS), **values, "number": record}

    def change(self, record: int, values: Mapping[str, Value]) -> None:
        """Corrects a consent, or withdraws it; never what a record rests on, or what was withdrawn."""
        what = [key for key in ("recipient", "items", "given_on", "how") if key in values]
        if what and (self._stored[record]["withdrawn_on"] or self._rests_on(record)):
            reason = _("was withdrawn, or a record rests on it: record a new consent")
            raise Unfit(what[0], reason)
        disclosures.correct_consent(self.register, record, values)
        act = "withdraw-consent" if values.get("withdrawn_on") else "consent"
        self._entry(act, record, self._stored[record]["member"])

    def _rests_on(self, record: int) -> bool:
        """Whether a record of the ledger rests on a consent."""
        for one in disclosures.records(self.register):
            found = one["fields"]
            if isinstance(found, dict) and found.get("consent") == str(record):
                return True
        return False

    def _entry(self, act: str, number: int, member: Value) -> None:
        assert isinstance(member, int)
        self.register.record(Entry(act, (member,), details=f"consent={number}"))


_KEYS = (*disclosures.CONSENT[1:], "withdrawn_on")


def _values(row: Stored) -> dict[str, Value]:
    """A stored consent under the keys of a sheet."""
    return {
        "number": row["id"], "member": row["member_id"], **{key: row[key] for key in _KEYS},
    }  # fmt: skip
