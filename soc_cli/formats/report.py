"""Own data as one page that a person likes to read: HTML without script, network or colour needed."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from soc_cli.model.language import N_, _, language
from soc_cli.model.text import visible

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif;
  color: #222; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #8a1c1c; }
p.lead { color: #555; margin: 0; }
p.none { color: #777; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd;
  overflow-wrap: break-word; }
th { font-weight: 600; color: #444; }
thead th { white-space: nowrap; }
tbody td:first-child { min-width: 5.6rem; }
table.one th { width: 11rem; }
td.text { white-space: pre-wrap; }
ol { padding-left: 0; list-style: none; margin: 0; }
ol li { padding: .25rem 0 .25rem 3rem; text-indent: -3rem; }
ol b { display: inline-block; width: 3rem; text-indent: 0; }
@media print { @page { size: A4; margin: 18mm; } body { font-size: 10.5pt; margin: 0; max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr, li { break-inside: avoid; } }
"""

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("periods", N_("Earlier memberships"), ("joined_on", "left_on")),
    ("meetings", N_("Meetings"), ("date", "title", "declared_on", "attendance", "companions")),
    ("inquiries", N_("Inquiries"), ("received_at", "kind", "subject", "body", "replies", "status")),
    ("usage", N_("Use of the services"), ("at", "page", "service", "action", "environment", "ip", "cookie")),
    ("notices", N_("Notices"), ("at", "subject", "channel")),
    ("consents", N_("What you agreed to"), ("given_on", "recipient", "items", "how", "withdrawn_on")),
    ("disclosures", N_("What was given to others"), ("made_at", "recipient", "recipient_address", "items", "ground", "fields")),
    ("files", N_("Files with your data in them"), ("at", "file")),
    ("corrections", N_("What was corrected"), ("at", "corrected", "operator")),
    ("accesses", N_("Who read your data, when and for what"), ("at", "operator", "purpose", "act", "categories")),
    ("retained", N_("What is kept even after you are erased"), ("what", "reason", "until")),
)  # fmt: skip

Row = Mapping[str, object]

FROM = {"corrected": "fields", "file": "kind"}
"""Columns that bear another heading here than their key has elsewhere."""


def own_data_page(
    data: Mapping[str, object], label: Callable[[str], str], written: Callable[[str, object], str]
) -> bytes:
    """The page for one member's own data; `label` and `written` put keys and values into words."""

    def text(value: str) -> str:
        return escape("\n".join(visible(line) for line in value.split("\n")))

    def cell(key: str, value: object) -> str:
        return f'<td class="text">{text(written(key, value))}</td>'

    def one(row: Row) -> str:
        lines = (
            f"<tr><th>{text(label(key))}</th>{cell(key, value)}</tr>" for key, value in row.items()
        )
        return f'<table class="one">{"".join(lines)}</table>'

    def many(columns: Sequence[str], rows: Sequence[Row]) -> str:
        if not rows:
            return f'<p class="none">{nothing}</p>'
        head = "".join(f"<th>{text(label(key))}</th>" for key in columns)
        body = "".join(
            f"<tr>{''.join(cell(key, row.get(FROM.get(key, key))) for key in columns)}</tr>"
            for row in rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def heading(words: str) -> str:
        return f"<h2>{text(words)}</h2>"

    nothing = text(_("Nothing is stored."))
    member, choices, policy, purposes = (
        data[key] for key in ("member", "choices", "policy", "purposes")
    )
    assert isinstance(member, Mapping)
    assert isinstance(choices, Mapping)
    assert isinstance(policy, Mapping)
    assert isinstance(purposes, list)
    title = _("Your own data")
    at = written("at", data["generated_at"])
    lead = _("Everything that the club stores on you, as of {at}.").format(at=at)
    whose = "　".join((str(policy["club"]), str(member["number"]), str(member["name"])))
    parts = [
        f"<h1>{text(title)}</h1>",
        f'<p class="lead">{text(whose)}<br>{text(lead)}</p>',
        heading(_("Registration")) + one(member),
        heading(_("Your choices")) + one(choices),
    ]
    for key, words, columns in SECTIONS:
        rows = data[key]
        assert isinstance(rows, list)
        parts.append(heading(_(words)) + many(columns, rows))
    items = "".join(f"<li><b>{text(p['clause'])}</b>{text(p['says'])}</li>" for p in purposes)
    parts.append(heading(_("What the club may use your data for")) + f"<ol>{items}</ol>")
    rights = _(
        "You may have all of this corrected or deleted at any time, without a reason: tell the club."
    )
    parts.append(f"<p>{text(rights)}</p>")
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    ).encode()
