"""A member of the club: the registration as plain values, and what a purpose shows of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from soc_cli.model.errors import WrongData
from soc_cli.model.fields import BY_KEY, CHOICES, FIELDS, FieldError, Value
from soc_cli.model.language import _

SHOWN = (
    "name", "kana", "nickname", "email", "phone", "birth_date", "age", "sex", "postal_code", "address",
    "occupation", "industry", "interests", "status", "joined_on", "left_on",
)  # fmt: skip
"""The keys of a member in JSON between `number` and `choices`, in their promised order."""


def together(values: Mapping[str, Value]) -> list[tuple[str, FieldError]]:
    """What is wrong with the values of a registration that are each right by themselves."""
    errors: list[tuple[str, FieldError]] = []
    if "name" in values and values["name"] is None:
        errors.append(("name", FieldError(_("no name"), _("a member has at least a name"))))
    joined = values.get("joined_on")
    if joined is not None and joined_before_birth(values):
        errors.append(("joined_on", FieldError(_("joined before being born"))))
    left = values.get("left_on")
    if left is not None:
        if joined is not None and str(left) < str(joined):
            errors.append(("left_on", FieldError(_("left before joining"))))
        if values.get("status") == "active":
            errors.append(("left_on", FieldError(_("left, but an active member"))))
    return errors


def together_at_a_glance(columns: Mapping[str, Sequence[Value]]) -> bool:
    """Whether whole columns show that `together` finds nothing in any of their rows."""
    if "left_on" in columns or None in columns["name"]:
        return False
    born, joined = columns.get("birth_date"), columns.get("joined_on")
    if born is None or joined is None:
        return True
    return all(
        a is None or b is None or a <= b  # type: ignore[operator]
        for a, b in zip(born, joined, strict=True)
    )


def checked(
    values: Mapping[str, str], today: date
) -> tuple[dict[str, Value], list[tuple[str, FieldError]]]:
    """Reads the given fields from text; gives the stored values and every error by field key."""
    taken: dict[str, Value] = {}
    errors: list[tuple[str, FieldError]] = []
    for key, text in values.items():
        try:
            taken[key] = BY_KEY[key].read(text, today)
        except FieldError as error:
            errors.append((key, error))
    return taken, errors + together(taken)


def joined_before_birth(values: Mapping[str, object]) -> bool:
    """Whether the two days that a registration holds contradict each other."""
    born, joined = values.get("birth_date"), values.get("joined_on")
    return isinstance(born, str) and isinstance(joined, str) and joined < born


def all_errors(errors: list[tuple[str, FieldError]], values: Mapping[str, str]) -> WrongData:
    """All of a person's errors as one sentence, each named by its field."""
    told = [
        _("{field} “{value}”: {reason}").format(
            field=_(BY_KEY[key].label), value=values.get(key, ""), reason=error.sentence()
        )
        for key, error in errors
    ]
    return WrongData("; ".join(told))


def with_keys(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values and, beside each that has one, its folded key for comparing."""
    stored = dict(values)
    for field in FIELDS:
        if field.fold is not None and field.key in values:
            value = values[field.key]
            stored[field.key_column] = field.fold(value) if isinstance(value, str) else None
    return stored


def shown(
    number: str, row: Mapping[str, object], left_out: Collection[str] = ()
) -> dict[str, object]:
    """A member as the JSON keys promise it; what the row does not have is withheld by name.

    A choice that the club leaves out is one that was never asked.
    """
    answer: dict[str, object] = {"number": number}
    withheld: list[str] = []
    for key in SHOWN:
        if key not in row:
            withheld.append(key)
            answer[key] = None
        elif key == "interests":
            answer[key] = str(row[key]).split("、") if row[key] else []
        else:
            answer[key] = row[key]
    if all(key in row or key in left_out for key in CHOICES):
        answer["choices"] = {
            key: None if row.get(key) is None else bool(row[key]) for key in CHOICES
        }
    else:
        withheld.append("choices")
        answer["choices"] = None
    answer["withheld"] = withheld
    return answer
