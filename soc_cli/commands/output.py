"""How an answer goes out: a table for a person, or one of the formats for programs."""

from collections.abc import Iterable, Mapping, Sequence

from soc_cli.commands.options import Form
from soc_cli.formats import listing
from soc_cli.model.fields import BY_KEY, NUMBER_LABEL
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

_LABELS = {key: field.label for key, field in BY_KEY.items()} | {
    "number": NUMBER_LABEL,
    "age": N_("Age"),
    "status": N_("Status"),
    "left_on": N_("Left on"),
    "choices": N_("Choices"),
    "at": N_("When"),
    "operator": N_("Operator"),
    "purpose": N_("Purpose"),
    "command": N_("Command"),
    "act": N_("Act"),
    "categories": N_("Categories"),
    "members": N_("Members"),
    "outcome": N_("Outcome"),
    "clause": N_("Clause"),
    "says": N_("What the club says"),
    "does": N_("What the program does"),
    "read": N_("read"),
    "added": N_("added"),
    "updated": N_("updated"),
    "unchanged": N_("unchanged"),
    "skipped": N_("skipped"),
    "rejected": N_("rejected"),
    "dry_run": N_("dry run"),
    "encoding": N_("encoding"),
}

_WORDS = {
    ("status", "active"): N_("active"),
    ("status", "withdrawn"): N_("withdrawn"),
    ("status", "refused"): N_("refused"),
    ("sex", "male"): N_("male"),
    ("sex", "female"): N_("female"),
    ("sex", "other"): N_("other"),
    ("sex", "undisclosed"): N_("undisclosed"),
}


def label(key: str) -> str:
    """The heading of a key, in the language of the run."""
    return _(_LABELS[key]) if key in _LABELS else key


def _for_person(key: str, value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{label(one)}: {_for_person(one, said)}" for one, said in value.items())
    if key in ("notice_email", "notice_post", "survey"):
        return _("not asked") if value is None else _("yes") if value else _("no")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = listing.flat(value)
    return _(_WORDS[key, text]) if (key, text) in _WORDS else text


def chosen(form: Form | None, json: bool) -> Form:
    """The format of an answer: as asked for, else a table on a terminal and lines in a pipe."""
    if json:
        return Form.json
    return form or (Form.table if screen.is_terminal() else Form.lines)


def rows(
    columns: Sequence[str], answer: Iterable[Mapping[str, object]], form: Form | None, json: bool
) -> None:
    """Shows rows: a table with headings, or a format for programs."""
    kind = chosen(form, json)
    if kind is Form.table:
        from soc_cli.terminal import tables

        tables.show(
            [label(c) for c in columns],
            ([_for_person(c, row[c]) for c in columns] for row in answer),
        )
    else:
        screen.answer(listing.WRITERS[kind](columns, answer))


def thing(
    columns: Sequence[str], answer: Mapping[str, object], form: Form | None, json: bool
) -> None:
    """Shows one thing: a heading and its value a line; in JSON an object."""
    kind = chosen(form, json)
    if kind is Form.table:
        from soc_cli.terminal import tables

        tables.show_pairs((label(c), _for_person(c, answer[c])) for c in columns)
    elif kind is Form.json:
        screen.answer([listing.json_text(dict(answer)) + "\n"])
    elif kind is Form.lines:
        screen.answer(
            listing.as_lines(("key", "value"), ({"key": c, "value": answer[c]} for c in columns))
        )
    else:
        screen.answer(listing.WRITERS[kind](columns, [answer]))
