"""Own data as sections that a person reads: the one list of what stands where, on a page and in a sheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from soc_cli.model.language import N_, _

Label = Callable[[str], str]
"""Puts a key into words."""
Written = Callable[[str, object], str]
"""Puts the value of a key into words."""

TABLE, RECORDS, LIST = "table", "records", "list"


@dataclass(frozen=True)
class Kind:
    """A kind of rows in own data: its key, its heading, and its columns in their order."""

    key: str
    heading: str
    columns: tuple[str, ...]
    """The columns of a table; all of what there is in records."""
    beside: tuple[str, ...] = ()
    """What is written small below a table's row."""
    shape: str = TABLE


KINDS: tuple[Kind, ...] = (
    Kind("periods", N_("Earlier memberships"), ("joined_on", "left_on")),
    Kind("merged", N_("Records that were merged into this one"), ("number", "merged_on", "registration", "before", "declarations"), shape=RECORDS),
    Kind("refusals", N_("Refusals"), ("refused_on", "rule", "reason", "status_before", "until", "readmitted_on", "marks"), shape=RECORDS),
    Kind("meetings", N_("Meetings"), ("meeting", "date", "title", "declared_on", "attendance", "companions", "waiting")),
    Kind("inquiries", N_("Inquiries"), ("number", "received_at", "channel", "kind", "from_name", "from_contact", "subject", "body", "status", "due_on", "answered_at", "identity", "identity_check", "agent", "mandate", "outcome", "reason", "fee", "linked_on", "replies"), shape=RECORDS),
    Kind("stops", N_("Uses that you had stopped"), ("purpose", "since")),
    Kind("usage", N_("Use of the services"), ("at", "page", "service", "action"), ("method", "status", "environment", "ip", "cookie", "sign_in")),
    Kind("links", N_("Cookies and sign-ins known as yours"), ("linked_on", "kind", "token")),
    Kind("surveys", N_("Surveys that you were picked for"), ("picked_at", "title", "filters", "token")),
    Kind("notices", N_("Notices"), ("at", "subject", "channel", "household"), ("reason",)),
    Kind("consents", N_("What you agreed to"), ("given_on", "recipient", "items", "purpose", "how", "identity_check", "country", "country_information", "evidence_sha256", "withdrawn_on"), shape=RECORDS),
    Kind("disclosures", N_("What was given to others"), ("made_at", "name", "items", "recipient", "recipient_address", "recipient_representative", "ground", "kind", "fields", "file_sha256", "keep_through", "corrected_since"), shape=RECORDS),
    Kind("files", N_("Files with your data in them"), ("at", "kind")),
    Kind("corrections", N_("What was corrected"), ("at", "fields", "operator", "command")),
    Kind("accesses", N_("Who read your data, when and for what"), ("at", "operator", "purpose", "act", "command", "categories"), ("instruction",)),
    Kind("retained", N_("What is kept even after you are erased"), ("what", "reason", "until")),
    Kind("purposes", N_("What the club may use your data for"), ("clause", "says"), shape=LIST),
)  # fmt: skip
"""Every array of own data, in the order of the page."""

SHEET_ONLY: Mapping[str, tuple[str, ...]] = {"purposes": ("purpose", "label")}
"""Columns of a sheet that the page has no need of."""

AS = {
    ("corrections", "fields"): "corrected",
    ("inquiries", "number"): "inquiry_number",
    ("inquiries", "outcome"): "ended",
    ("inquiries", "reason"): "refused_because",
    ("files", "kind"): "file",
    ("consents", "purpose"): "consent_purpose",
    ("notices", "channel"): "notice_channel",
    ("notices", "reason"): "necessary",
}
"""Columns whose heading and words are those of another key."""

EMPTY = "—"


@dataclass(frozen=True)
class Row:
    """One row in words: the cells of a table, and what stands beside them with its label."""

    cells: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with its rows; in the shape of records all stands beside."""

    heading: str
    shape: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    counted: bool = True
    """Whether it is worth saying how many rows there are."""


@dataclass(frozen=True)
class Document:
    """Own data in words, to be drawn as a page or on paper."""

    title: str
    whose: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    nothing: str
    """What stands where a section has no rows."""
    closing: str


def document(data: Mapping[str, object], label: Label, written: Written) -> Document:
    """Own data in the language of the run; of an outsider only the sections that hold something."""
    member, choices, policy = (data[key] for key in ("member", "choices", "policy"))
    assert isinstance(policy, Mapping)
    sections = []
    if isinstance(member, Mapping) and isinstance(choices, Mapping):
        for heading, one in ((_("Registration"), member), (_("Your choices"), choices)):
            pairs = tuple(
                (label(k), written(k, value) or EMPTY) for k, value in _asked(policy, one)
            )
            sections.append(Section(heading, RECORDS, (), (Row(beside=pairs),), counted=False))
        whose = f"{member['number']}　{member['name']}"
    else:
        whose = str(_rows(data, "inquiries")[0]["from_name"])
    for kind in KINDS:
        rows = tuple(_row(kind, row, label, written) for row in _rows(data, kind.key))
        if rows or member is not None:
            headings = tuple(_label(kind, key, label) for key in kind.columns)
            counted = kind.shape != LIST
            sections.append(Section(_(kind.heading), kind.shape, headings, rows, counted))
    at, since = (written(key, data[key]) for key in ("generated_at", "complete_from"))
    return Document(
        _("Your own data"),
        f"{policy['club']}　{whose}",
        (
            _("Everything that the club stores on you, as of {at}.").format(at=at),
            _("What was done with it is on record from {at}.").format(at=since),
        ),
        tuple(sections),
        _("Nothing is stored."),
        _(
            "You may have all of this corrected or deleted at any time, without a reason: tell the club."
        ),
    )


def sheets(
    data: Mapping[str, object], label: Label, written: Written
) -> Iterator[tuple[str, tuple[str, ...], list[dict[str, str]]]]:
    """Name, headings and rows of each kind that has rows; the registration with its choices first."""
    member, choices, policy = (data[key] for key in ("member", "choices", "policy"))
    assert isinstance(policy, Mapping)
    if isinstance(member, Mapping) and isinstance(choices, Mapping):
        # An empty cell is a choice that was not asked for: so the sheet can come back.
        one = {
            label(key): "" if value is None else written(key, value)
            for key, value in (*_asked(policy, member), *_asked(policy, choices))
        }
        yield "member", tuple(one), [one]
    for kind in KINDS:
        columns = (*kind.columns, *kind.beside, *SHEET_ONLY.get(kind.key, ()))
        headings = tuple(_label(kind, key, label) for key in columns)
        rows = [
            dict(zip(headings, (_words(kind, key, row, written) for key in columns), strict=True))
            for row in _rows(data, kind.key)
        ]
        if rows:
            yield kind.key, headings, rows


def _asked(policy: Mapping[str, object], one: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What the club asks for of a registration, and its values; the age goes with the birth date."""
    left_out = policy["left_out"]
    assert isinstance(left_out, list)
    gone = {*left_out, *(("age",) if "birth_date" in left_out else ())}
    return ((key, value) for key, value in one.items() if key not in gone)


def _rows(data: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    rows = data[key]
    assert isinstance(rows, list)
    return rows


def _row(kind: Kind, row: Mapping[str, object], label: Label, written: Written) -> Row:
    cells = tuple(_words(kind, key, row, written) for key in kind.columns)
    if kind.shape == RECORDS:
        keys, said = kind.columns, cells
        cells = ()
    else:
        keys = kind.beside
        said = tuple(_words(kind, key, row, written) for key in keys)
    labels = (_label(kind, key, label) for key in keys)
    return Row(cells, tuple(pair for pair in zip(labels, said, strict=True) if pair[1]))


def _label(kind: Kind, key: str, label: Label) -> str:
    return label(AS.get((kind.key, key), key))


def _words(kind: Kind, key: str, row: Mapping[str, object], written: Written) -> str:
    return written(AS.get((kind.key, key), key), row[key])
