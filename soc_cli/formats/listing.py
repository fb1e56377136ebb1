"""Rows going out as text for programs: tab-separated lines, CSV, JSON and JSON lines."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from soc_cli.model.text import UNSAFE, visible

Rows = Iterable[Mapping[str, object]]


def flat(value: object) -> str:
    """A value in one cell: nothing as an empty text, yes and no as words, lists with 、 between."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " ".join(f"{key}={flat(one) or '-'}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "、".join(flat(one) for one in value)
    return str(value)


def as_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """A line a row, cells between tabs, no header; control characters are written visibly."""
    for row in rows:
        yield "\t".join(visible(flat(row[column])) for column in columns) + "\n"


def as_csv(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """CSV with a header; a cell that looks like a formula is led by an apostrophe."""
    import csv
    import io

    from soc_cli.formats.delimited import protected

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    writer.writerow(columns)
    yield taken()
    for row in rows:
        writer.writerow([protected(_harmless(flat(row[column]))) for column in columns])
        yield taken()


def _harmless(text: str) -> str:
    """Without what could command a terminal; line breaks stay, since a CSV cell can hold them."""
    return UNSAFE.sub(lambda found: "\n" if found[0] == "\n" else visible(found[0]), text)


def json_text(value: object, indent: int | None = 2) -> str:
    """JSON in which what could command a terminal is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Line breaks are the document's own: inside a string JSON has already escaped them.
    return UNSAFE.sub(lambda found: "\n" if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)


def json_thing(answer: Mapping[str, object]) -> Iterator[str]:
    """One JSON object; a value that is an iterator goes out as an array, element by element."""
    opening = "{\n"
    for key, value in answer.items():
        yield f"{opening}  {json_text(key)}: "
        opening = ",\n"
        if isinstance(value, Iterator):
            between = "["
            for one in value:
                yield f"{between}\n    {json_text(one, None)}"
                between = ","
            yield "[]" if between == "[" else "\n  ]"
        else:
            yield json_text(value).replace("\n", "\n  ")
    yield "\n}\n" if answer else "{}\n"


def as_json(_columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """One JSON array, `[]` when empty, streamed."""
    first = True
    for row in rows:
        yield ("[\n" if first else ",\n") + json_text(dict(row), None)
        first = False
    yield "[]\n" if first else "\n]\n"


def as_jsonl(_columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """One JSON object a line."""
    for row in rows:
        yield json_text(dict(row), None) + "\n"


WRITERS: dict[str, Callable[[Sequence[str], Rows], Iterator[str]]] = {
    "lines": as_lines,
    "csv": as_csv,
    "json": as_json,
    "jsonl": as_jsonl,
}
"""Every format that rows go out in for programs."""
