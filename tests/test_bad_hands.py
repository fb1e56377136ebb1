"""Whatever stands in the register, nothing that is shown or written of it is alive (S1).

Hostile text is planted in every text that the register's tables take, behind the program's back, and
every command is run over it in every form. The commands come from the program's own tree.
"""

import csv
import io
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from email import policy as email_policy
from email.parser import BytesParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from soc_cli.commands import examples
from soc_cli.formats import delimited
from soc_cli.main import build
from soc_cli.model.text import UNSAFE
from soc_cli.store import driver, schema
from tests.commands.test_examples import BEFORE, COMMANDS, FILES
from tests.make_sample import SAMPLE

HOSTILE = (
    "\x1b[2J\x1b]0;x\x07",
    "\u202e\u2066\u200f",
    "[/x][red]",
    "a\nINJECTED\r\n\tb",
    "=1+1",
    "＝1+1",
    " =1",
    "\u3000＠x",
    '"=1',
    "'@x",
    "+1",
    "-1",
    "\tx",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "%s{name}{0}${x}",
    "\x00\x9b31m\x7f",
    "\u2028\u2029\x85",
    "𠮷葛\U000e0100",
)
ALL = "=1\x1b[2J\x07\u202e\u2066\u2028[/x]<img src=x>{x}\nINJECTED\t"
LONG = "長" * 100_000

STRUCTURE = {
    # What the program computes and reads as it wrote it: moments, sets of numbers, hashes, keys for
    # comparing. It is shown to nobody, or (moments) cut to the minute and then made visible as all is.
    "register": ("key", "value"),
    "member": ("name_key", "kana_key", "nickname_key", "email_key", "phone_key", "address_key"),
    "journal": ("at", "commitment", "hash"),
    "journal_subject": ("salt", "members"),
    "inquiry": ("received_at", "answered_at"),
    "reply": ("replied_at",),
    "usage": ("at",),
    "disclosure": ("made_at",),
    "merged": ("registration", "undo"),
    "written": ("at", "members"),
    "backup": ("at",),
    "notice": ("at",),
    "survey": ("made_at", "filters"),
}
JSON = {"disclosure": "fields", "merged": "registration"}
"""JSON in a column, whose texts are planted one by one."""


WORDS = {
    "inquiry link": "inquiry link 3 12",
    "inquiry unlink": "inquiry unlink 1",
    "inquiry identify": "inquiry identify 2 --how 運転免許証",
    "inquiry do": "inquiry do 2 --to own",
    "usage import-log": "usage import-log access.log",
    "usage link": "usage link v2 12",
    "usage unlink": "usage unlink v1",
    "notice prepare": "notice prepare --subject x --channel post --to letters.csv",
    "survey select": "survey select --title x --sample 20",
    "survey invite": "survey invite 1 --channel email --to invited.csv",
}
"""What runs a command whose help has no example yet."""


def words_of(name: str, command: Any) -> list[str]:
    """The words that run a command: its first example, else what its arguments ask for."""
    if lines := examples.every().get(name):
        return shlex.split(lines[0].partition(" < ")[0])[1:]
    if name in WORDS:
        return WORDS[name].split()
    words = name.split()
    for parameter in command.params:
        if parameter.required:
            words += [] if parameter.param_type_name == "argument" else [parameter.opts[0]]
            words.append("1")
    return words


def run(words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    monkeypatch.chdir(folder)
    for key, value in {
        "SOC_DB": "register.db", "SOC_TODAY": "2026-11-22", "SOC_OPERATOR": "secretary", "SOC_LANG": "en",
        "SOC_MARK_KEY_FILE": "marks.key", "COLUMNS": "100",
    }.items():  # fmt: skip
        monkeypatch.setenv(key, value)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x"), "utf-8"))
    out, err = io.StringIO(newline=""), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = build().main(words, "soc", standalone_mode=False)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, set[str]]]:
    """A folder with a register full of hostile text, and the columns that it stands in."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "access.log").write_text(
        '192.0.2.1 - - [20/Nov/2026:10:00:00 +0900] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0" "soc=v1"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        for line in (*BEFORE, *MORE):
            run(shlex.split(line), folder, patch)
    con = driver.connect(folder / "register.db", 1)
    con.execute("update usage set service = 'bbs', action = 'post' where id % 5 = 0")
    columns = plant(con)
    con.close()
    return folder, columns


MORE = (
    "usage link v1 12 --quiet",
    "notice prepare --subject 集まり --channel email --to list.csv --quiet",
    "survey select --title x --sample 20 --quiet",
    "export 12 --to own-before --quiet",
    "inquiry log --member 12 --kind stop-use --body x --quiet",
)


def plant(con: Any) -> set[str]:
    """Puts hostile text into every text that the register takes; gives the columns that took it."""
    at = count()
    took = set()
    con.execute("pragma foreign_keys = off")
    for table in schema.TABLES:
        columns = [
            row["name"]
            for row in con.execute(f"select name, type, hidden from pragma_table_xinfo('{table}')")
            if row["type"].lower() == "text" and not row["hidden"]
        ]
        free = [c for c in columns if c not in STRUCTURE.get(table, ()) and JSON.get(table) != c]
        key = "rowid" if table not in ("disclosure_member", "refusal_mark") else None
        for column in free:
            where = key or column
            for row in con.execute(
                f"select {where} as at, {column} as said from {table} where {column} is not null"
            ).fetchall():
                hostile = ALL if (n := next(at)) % 3 == 0 else HOSTILE[n % len(HOSTILE)]
                said = str(row["said"])
                for text in (hostile + said, said + hostile, "0" + hostile, hostile + "@x"):
                    try:
                        con.execute(
                            f"update {table} set {column} = ? where {where} = ?", (text, row["at"])
                        )
                    except driver.Error:
                        continue
                    took.add(f"{table}.{column}")
                    break
        if column := JSON.get(table):
            for row in con.execute(f"select rowid as at, {column} as said from {table}").fetchall():
                said = json.loads(row["said"])
                texts = ("violation", "danger", "urgency", "court", "law", "name", "address", "interests")  # fmt: skip
                said |= {k: ALL + v for k, v in said.items() if k in texts and isinstance(v, str)}
                con.execute(
                    f"update {table} set {column} = ? where rowid = ?",
                    (json.dumps(said), row["at"]),
                )
                took.add(f"{table}.{column}")
    con.execute("update inquiry set body = ? where id = (select min(id) from inquiry)", (LONG,))
    return took


FREE = {
    "member": "name kana nickname email phone address occupation industry interests",
    "journal": "operator purpose command act categories",
    "journal_subject": "fields details",
    "meeting": "title place",
    "inquiry": "channel from_name from_contact subject body",
    "reply": "operator body",
    "usage": "page method environment service action ip cookie sign_in",
    "consent": "recipient items how",
    "disclosure": "recipient recipient_address recipient_representative items fields",
    "refusal": "rule reason",
    "merged": "registration",
    "written": "kind path",
    "backup": "path",
    "notice": "operator subject",
    "link": "token",
    "survey": "title",
    "survey_target": "token",
}
"""Columns that take any text: if one of them took none, what follows would prove nothing."""


def test_s1_hostile_text_stands_everywhere(planted: tuple[Path, set[str]]) -> None:
    wanted = {f"{table}.{column}" for table, columns in FREE.items() for column in columns.split()}
    assert sorted(wanted - planted[1]) == []


FORMS = ("table", "lines", "csv", "json", "jsonl")
CASES = [
    (name, form)
    for name, command in sorted(COMMANDS.items())
    if name not in ("tour", "init", "help")
    for form in (FORMS if any(p.name == "form" for p in command.params) else (None,))
]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_s1_no_command_lets_anything_live_out(
    name: str,
    form: str | None,
    planted: tuple[Path, set[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(planted[0], folder)
    before = set(tmp_path.rglob("*"))
    words = words_of(name, COMMANDS[name])
    if form is not None:
        at = len(name.split())
        words = [*words[:at], "-f", form, *(word for word in words[at:] if word != "--json")]
    code, out, err = run(words, folder, monkeypatch)
    assert "error in the program itself" not in err, err
    assert code in (0, 1, 3, 4, 5), (words, err)
    harmless_words(err)
    assert "INJECTED" not in {line[:8] for line in err.splitlines()}
    {"csv": harmless_csv, "json": harmless_json, "jsonl": harmless_jsonl}.get(
        form or "", harmless_words
    )(out)
    if form == "lines":
        assert "INJECTED" not in {line[:8] for line in out.splitlines()}
    for path in set(tmp_path.rglob("*")) - before:
        assert folder in path.parents, path
        assert re.fullmatch(r"[\w.-]+", path.name), path
        if path.is_file():
            harmless_file(path)


def harmless_words(text: str) -> None:
    found = UNSAFE.search(text.replace("\n", "").replace("\t", ""))
    assert not found, ascii(text[max(0, found.start() - 60) : found.end() + 60])


def harmless_csv(text: str) -> None:
    assert not UNSAFE.search(re.sub("[\n\r]", "", text)), ascii(text)
    for cells in csv.reader(io.StringIO(text, newline="")):
        for cell in cells:
            assert "\r" not in cell
            assert not cell.lstrip("\u3000 \"'").startswith(delimited.FORMULA) or cell[0] == "'"


def harmless_json(text: str) -> None:
    if text:
        json.loads(text)
    harmless_words(text.replace("\t", "\x00"))


def harmless_jsonl(text: str) -> None:
    for line in text.splitlines():
        harmless_json(line)


def harmless_file(path: Path) -> None:
    data = path.read_bytes()
    kind = path.suffix
    if kind == ".csv":
        harmless_csv(data.decode("utf-8-sig"))
    elif kind == ".json":
        harmless_json(data.decode())
    elif kind in (".html", ".htm"):
        text = data.decode()
        assert "<script>alert" not in text
        assert "<img" not in text
        harmless_words(text)
    elif kind == ".txt":
        harmless_words(data.decode("utf-8-sig").replace("\r\n", "\n"))
    elif kind == ".eml":
        message = BytesParser(policy=email_policy.default).parsebytes(data)
        assert not message.defects
        assert "INJECTED" not in data.decode().split("\r\n\r\n")[0].split("\r\n")
    elif kind == ".pdf":
        assert not re.search(rb"/(JavaScript|Launch|OpenAction|URI)\b", data)
