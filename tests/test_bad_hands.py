"""Whatever stands in the register, nothing that is shown or written of it is alive (S1).

Hostile text is planted in every text that the register's tables take, behind the program's back, and
every command is run over it in every form. The commands come from the program's own tree.
"""

import csv
import io
import json
import os
import re
import shlex
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from email import policy as email_policy
from email.parser import BytesParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from soc_cli.commands import examples, help
from soc_cli.formats import delimited
from soc_cli.main import build
from soc_cli.model import exposure
from soc_cli.model.text import UNSAFE
from soc_cli.store import driver, schema
from tests.commands.test_examples import BEFORE, COMMANDS, FILES
from tests.conftest import Soc
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


def words_of(name: str) -> list[str]:
    """The words that run a command: its first example."""
    return shlex.split(examples.every()[name][0].partition(" < ")[0])[1:]


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
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
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
    "inquiry log --member 12 --kind view --body x --quiet",
    "inquiry identify 9 --how 面識 --quiet",
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


OTHERWISE = {
    "backup", "check", "journal verify",  # the journal was changed behind the program's back
    "disclosure correct", "member merge", "member verify",  # what was planted is no item, phone or name
    "inquiry resume", "inquiry unlink", "usage import", "usage unlink",  # nothing there
    "rekey", "policy publish",  # the journal again; what a club publishes is not filled in
}  # fmt: skip
"""Commands that end in a sentence here; all others answer."""


FORMS = ("table", "lines", "csv", "json", "jsonl")
SHORT = ("table",)
"""The form of the default run; the others take some minutes more."""
CASES = [
    pytest.param(name, form, marks=[] if form in (None, *SHORT) else [pytest.mark.long])
    for name, command in sorted(COMMANDS.items())
    if name not in ("tour", "init", "help")
    for form in (
        FORMS if any(p.name == "form" for p in command.params) and name != "prefill" else (None,)
    )
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
    words = words_of(name)
    if form is not None:
        at = len(name.split())
        words = [*words[:at], "-f", form, *(word for word in words[at:] if word != "--json")]
    code, out, err = run(words, folder, monkeypatch)
    assert "error in the program itself" not in err, err
    assert code == 0 or name in OTHERWISE, (words, err)
    harmless_words(err)
    assert "INJECTED" not in {line[:8] for line in err.splitlines()}
    if name == "meeting sheet":  # the file that it wrote
        form = None
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
        assert not re.search(rb"/(JavaScript|JS|Launch|SubmitForm|URI)\b", data)


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_s1_a_path_stays_in_its_line(members: Soc, tmp_path: Path) -> None:
    folder = tmp_path / "a\nINJECTED \x1b[2J\u202e"
    folder.mkdir()
    for words in (
        ("backup", folder), ("backup", folder / "one.db", "--verify"), ("handover",), ("check",),
        ("handover", "--to", folder / "page.txt"), ("--db", folder / "one.db", "path"),
        ("restore", folder / "one.db", "--to", folder / "again.db", "--without-erasure-list"),
        ("rekey", "--generate", "--key-file", folder / "key"), ("export", "7", "--to", folder / "own"),
        ("member", "erase", "7", "--yes"),
    ):  # fmt: skip
        answer = members(*words, ok=None)
        for text in (answer.out, answer.err):
            harmless_words(text)
            assert "INJECTED" not in {line[:8] for line in text.splitlines()}, (words, text)
    harmless_words((folder / "page.txt").read_text("utf-8"))


def test_s1_what_is_told_of_a_sheet_stays_in_its_line(members: Soc, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    card = "4111 1111 1111 1111"  # a note is made of it
    sheet.write_text(
        f'受付日,会員番号,種別,件名,本文\n2026-11-20,SOC-0007,question,x,"a\nsoc: INJECTED {card}"\n'
    )
    told = members("inquiry", "import", sheet).err
    assert "soc: INJECTED" in told
    assert not any(line.startswith("soc: INJECTED") for line in told.splitlines())


# reversible ---------------------------------------------------------------------------------------

WRITTEN_ODDLY = ("=1+1", "＝1+1", '"=1', "'=1", "''=1", "'x", "@x", "＠x", "+1", "-1", "＋1", "－1", "[/x]", "𠮷葛\U000e0100", "%s{}", "a,b", 'say "x"')  # fmt: skip


def test_s1_what_leaves_as_csv_comes_back_as_it_was(
    club: Soc, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in WRITTEN_ODDLY:
        member = {"name": f"見本 {text}", "address": text, "occupation": text, "industry": text}
        club("member", "add", "--from", "-", stdin=json.dumps(member).encode())
    columns = ("number", "name", "address")
    left = club("member", "list", "--json").json
    assert len({one["address"] for one in left}) == len(left)
    sheet = tmp_path / "members.csv"
    text = club("member", "list", "-f", "csv").out
    harmless_csv(text)
    head, rows = (list(csv.reader(io.StringIO(text, newline="")))[at] for at in (0, slice(1, None)))
    keep = [head.index(column) for column in columns]
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([row[at] for at in keep] for row in [head, *rows])
    monkeypatch.setenv("SOC_DB", str(tmp_path / "again.db"))
    club("init")
    club("member", "import", sheet)
    back = club("member", "list", "--json").json
    assert [[one[c] for c in columns] for one in back] == [
        [one[c] for c in columns] for one in left
    ]


def test_s1_own_data_as_csv_comes_back_as_it_was(club: Soc, tmp_path: Path) -> None:
    for number, text in enumerate(WRITTEN_ODDLY, 1):
        member = {"name": "見本 一", "address": text, "occupation": text, "industry": text}
        club("member", "add", "--from", "-", stdin=json.dumps(member).encode())
        folder = tmp_path / str(number)
        club("export", str(number), "--to", folder)
        cells = csv.reader(io.StringIO((folder / "member.csv").read_text("utf-8-sig"), newline=""))
        shown = [delimited.unprotected(cell) for row in cells for cell in row]
        stored = json.loads((folder / "own-data.json").read_text("utf-8"))["member"]["address"]
        assert stored in shown
        harmless_csv((folder / "member.csv").read_text("utf-8-sig"))


# files --------------------------------------------------------------------------------------------

WRITES = {
    name: [
        p for p in command.params if p.name in ("to", "rejects") and p.param_type_name == "option"
    ]
    for name, command in COMMANDS.items()
}
ENDS = ("csv", "html", "txt", "json")
NOTHING_TO_WRITE = {"inquiry do", "policy publish"}
"""A correction is no file; what a club publishes is not filled in here."""
PLACES = sorted(
    name for name, options in WRITES.items() if options and name not in NOTHING_TO_WRITE
)


def test_the_commands_that_write_are_known() -> None:
    assert {"breach", "disclosure record", "export", "member import", "member erase"} <= set(PLACES)


def written_to(name: str, place: str, folder: Path) -> list[str]:
    """The words of a command that writes, to a place of ours."""
    words = words_of(name)
    for option in WRITES[name]:
        flag = max(option.opts, key=len)
        if flag in words:
            words[words.index(flag) + 1] = place
        else:
            words += [flag, place]
    if name in BAD:
        (folder / "bad.csv").write_text(BAD[name], "utf-8")
        meeting = ["1"] if name.startswith("meeting") else []
        words = [*name.split(), *meeting, "bad.csv", "--on-error", "skip", "--rejects", place]
    if name == "usage import-log":
        words = [*name.split(), "access.log", "--rejects", place]
    return words


BAD = {
    "member import": "氏名,生年月日\n見本 一,いつか\n",
    "meeting import-attendance": "会員番号,出欠\nSOC-9999,○\n",
    "inquiry import": "受付日時,会員番号,種別,件名,本文\nいつか,SOC-0012,question,駐車場,あるか\n",
    "consent import": "会員番号,提供先,項目,方法,同意日\nSOC-9999,みほん板金,氏名,書面,2026-11-20\n",
    "disclosure import": FILES["disclosures.csv"].replace("2026-11-01", "いつか"),
    "usage import": "会員番号,日時,サービス\nSOC-9999,2026-11-01 10:00,bbs\n",
}
"""Sheets with a row that is not taken, so that there is something to write."""


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
@pytest.mark.parametrize(
    "kind",
    [
        "a link",
        *(
            pytest.param(k, marks=pytest.mark.long)
            for k in ("a link to nothing", "a file", "a register")
        ),
    ],
)
@pytest.mark.parametrize("name", [name for name in PLACES if name != "restore"])
def test_s1_nothing_is_written_through_a_link_or_over_a_file(
    name: str, kind: str, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for end in ENDS:
        folder = tmp_path / end
        shutil.copytree(sample, folder)
        victim = tmp_path / f"victim-{end}"
        place = folder / f"place.{end}"
        if kind == "a link":
            victim.write_bytes(b"untouched")
            place.symlink_to(victim)
        elif kind == "a link to nothing":
            place.symlink_to(victim)
        elif kind == "a file":
            place.write_bytes(b"untouched")
        else:
            shutil.copy(folder / "register.db", place)
        before = place.read_bytes() if kind != "a link to nothing" else None
        for force in ((), ("--force",)) if kind in ("a link", "a register") else ((),):
            knows = any("--force" in p.opts for p in COMMANDS[name].params)
            if force and not knows:
                continue
            asks = name != "inquiry do" and any("--yes" in p.opts for p in COMMANDS[name].params)
            sure = ["--yes"] if asks else []
            words = [*written_to(name, place.name, folder), *force, *sure]
            code, _out, err = run(words, folder, monkeypatch)
            assert code != 0, (words, err)
            told.append(place.name in err)
            assert "error in the program itself" not in err
            if before is None:
                assert not victim.exists()
            else:
                assert place.read_bytes() == before
            assert not list(folder.glob(".soc-*"))
    assert any(told), err


@pytest.mark.parametrize("name", PLACES)
def test_s1_a_path_that_climbs_is_taken_as_the_file_system_takes_it(
    name: str, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in" / "here"
    shutil.copytree(sample, folder)
    (folder / "sub").mkdir()
    before = set(tmp_path.rglob("*"))
    answers = [
        run(written_to(name, f"sub/../there.{end}", folder), folder, monkeypatch)[0] for end in ENDS
    ]
    assert 0 in answers or 3 in answers
    new = {path for path in set(tmp_path.rglob("*")) - before if path.name.startswith("there")}
    assert new
    assert all(path.parent == folder for path in new if path.is_file() and path.suffix), new


WRITTEN = (
    ("breach", "--member", "7", "--to"), ("handover", "--to"), ("policy", "form", "--to"),
    ("restore", "copy.db", "--without-erasure-list", "--to"), ("export", "7", "--to"),
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="pipes have no name there")
def test_s1_no_device_and_no_pipe_is_replaced_by_a_file(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    members("backup", "copy.db")
    os.mkfifo("pipe.csv")  # which a device is like
    for words in WRITTEN:
        answer = members(*words, "pipe.csv", ok=False)
        assert "pipe.csv" in answer.err
        if words[0] != "export":
            answer = members(*words, "pipe.csv", "--force", ok=False)
            assert answer.code == 3
            assert "pipe" in answer.err
        assert Path("pipe.csv").is_fifo()
    (tmp_path / "folder").mkdir()
    assert members(*WRITTEN[3], "folder", "--force", "--yes", ok=False).code == 3


def test_no_file_has_no_name_and_none_a_hyphens(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    members("backup", "copy.db")
    others = (
        ("usage", "import-log", "access.log", "--rejects"), ("restore", "copy.db", "--erasure-list"),
        ("consent", "give", "--member", "7", "--recipient", "x", "--items", "name", "--how", "x", "--given-on", "2026-01-01", "--evidence"),
    )  # fmt: skip
    for words in (*WRITTEN, *others):
        assert members(*words, "", ok=False).code == 2, words
    for words in (*WRITTEN[:1], *WRITTEN[2:3], *WRITTEN[4:]):
        assert members(*words, "-", ok=False).code == 2, words
    others = (
        ("restore", "copy.db", "--to"),
        ("rekey", "--key-file"),
        ("disclosure", "record", "--to"),
    )
    for words in others:
        assert members(*words, "-", ok=False).code == 2, words
    assert members("restore", "", ok=False).code == 2
    assert "is a folder" in members("restore", str(tmp_path), "--to", "new.db", ok=False).err
    assert not Path("-").exists()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample and the files of the examples, in which enough has happened."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "access.log").write_text("no line of a log\n")
    with pytest.MonkeyPatch.context() as patch:
        for line in (*BEFORE, *MORE):
            run(shlex.split(line), folder, patch)
    return folder


# the register itself ------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="rights are told on POSIX")
@pytest.mark.parametrize(
    ("mode", "words"), [(0o640, "others can read"), (0o604, "others can read"), (0o600, "")]
)
def test_s1_a_register_that_others_can_read_is_told(
    members: Soc, path: Path, mode: int, words: str
) -> None:
    path.chmod(mode)
    for command in (
        ("member", "list"),
        ("member", "show", "1"),
        ("member", "edit", "1", "--sex", "男"),
    ):
        err = members(*command, "-f", "lines", ok=None).err if command[1] != "edit" else members(*command).err  # fmt: skip
        assert ("Careful: " in err) == bool(words)
        assert words in err
        assert err.count("Careful: ") <= 1
    found = members("check", "--json", ok=None).json
    assert any(f["what"] == f"others can read {path}" for f in found) == bool(words)


@pytest.mark.skipif(os.name != "posix", reason="rights are told on POSIX")
@pytest.mark.parametrize(("mode", "told"), [(0o777, True), (0o770, True), (0o1777, False), (0o700, False)])  # fmt: skip
def test_s1_a_folder_that_others_may_change_is_told(
    members: Soc, path: Path, mode: int, told: bool
) -> None:
    path.parent.chmod(mode)
    try:
        assert ("put another file in the register's place" in members("member", "list").err) == told
        found = members("check", "--json", ok=None).json
        assert any("chmod go-w" in f["do"] for f in found) == told
    finally:
        path.parent.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="rights are told on POSIX")
def test_s1_somebody_elses_register_is_told(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert f"{path} belongs to somebody else" in members("member", "list").err
    found = members("check", "--json", ok=None).json
    assert any("belongs to somebody else" in f["what"] for f in found)
    monkeypatch.setattr(os, "name", "nt")
    assert exposure.exposed(path) == []


def test_s1_what_is_not_there_is_not_told(tmp_path: Path) -> None:
    assert exposure.exposed(tmp_path / "nothing") == []


# the command line ---------------------------------------------------------------------------------


def personal(command: Any) -> set[str]:
    return {p.name for p in command.params} & help.PERSONAL


@pytest.mark.parametrize("name", sorted(name for name, c in COMMANDS.items() if personal(c)))
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_s1_help_says_that_options_stay_in_the_shells_history(
    soc: Soc, name: str, lang: str
) -> None:
    text = "".join(soc("--lang", lang, *name.split(), "--help").out.split())
    assert ("shell'shistory" if lang == "en" else "シェルの履歴") in text
    assert ("--from" if "source" in {p.name for p in COMMANDS[name].params} else "-") in text


def test_the_fields_of_a_registration_are_taken_for_personal() -> None:
    from soc_cli.model.fields import BY_KEY

    fields = {key for key, field in BY_KEY.items() if not field.choice} - {"interests", "joined_on"}
    assert fields - {"number", "status", "left_on"} <= help.PERSONAL
    assert not personal(COMMANDS["check"])


def test_s1_what_is_searched_for_need_not_stand_in_the_command(members: Soc) -> None:
    said = members("member", "find", "髙﨑", "--json").json
    assert said
    assert members("member", "find", "-", "--json", stdin="髙﨑\n".encode()).json == said


def test_s1_what_is_written_as_a_hyphen_is_asked(
    members: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.terminal import ask, screen

    asked = []

    def text(question: str, *_more: object) -> str:
        asked.append(question)
        return "迷惑行為"

    assert members("member", "refuse", "7", "--rule", "x", "--reason", "-", "--yes", ok=False).code == 2  # fmt: skip
    monkeypatch.setattr(screen, "can_ask", lambda: True)
    monkeypatch.setattr(ask, "text", text)
    members("member", "refuse", "7", "--rule", "x", "--reason", "-", "--yes")
    assert len(asked) == 1
    assert members("member", "refusals", "--json").json[0]["reason"] == "迷惑行為"


ASKED = [
    (name, parameter.name)
    for name, command in sorted(COMMANDS.items())
    if "source" not in {p.name for p in command.params}
    for parameter in command.params
    if parameter.name in help.PERSONAL - help.READS_ITSELF
]


@pytest.mark.parametrize(("name", "parameter"), ASKED)
def test_s1_each_value_of_a_person_can_be_typed_where_no_history_keeps_it(
    name: str, parameter: str, club: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.model.errors import Interrupted
    from soc_cli.terminal import ask, screen

    asked = []

    def text(question: str, *_more: object) -> str:
        asked.append(question)
        raise Interrupted

    (one,) = (p for p in COMMANDS[name].params if p.name == parameter)
    if one.param_type_name == "argument":
        words = [*name.split(), "-"]
    else:
        words, flag = words_of(name), max(one.opts, key=len)
        if flag in words:
            words[words.index(flag) + 1] = "-"
        else:
            words += [flag, "-"]
    monkeypatch.setattr(screen, "can_ask", lambda: True)
    monkeypatch.setattr(ask, "text", text)
    assert club(*words, ok=False).code == Interrupted.exit_code
    assert len(asked) == 1


MORE_FORMS = (
    "export 12 --to out --encrypt",
    "disclosure record --ground danger --danger 事故 --protects life --urgency 今 --why-no-consent 意識がない"
    " --recipient 見本病院 --recipient-address 刈谷市 --recipient-representative 院長 --member 12 --member 15"
    " --items name,kana,address,phone,email,occupation,industry,interests --to letter.html --decided-by 事務局",
    "disclosure record --ground danger --danger 事故 --protects life --urgency 今 --why-no-consent 意識がない"
    " --recipient 見本病院 --recipient-address 刈谷市 --recipient-representative 院長 --member 12"
    " --items name,kana,address,phone,email,occupation,industry,interests --to extract.csv --decided-by 事務局",
    "inquiry reply 9 --body はい --outcome done --to reply.html",
    "inquiry reply 9 --body はい --outcome done --to reply.txt",
    "member erase 12 --yes --to certificate.txt",
    "breach --what register --to draft.txt",
    "content export --to content.csv",
    "content export --to content.json",
    "stats --to stats.html",
    "notice prepare --subject x --channel post --to labels.pdf --as labels",
)
"""Other forms of what is written."""


@pytest.mark.parametrize("line", MORE_FORMS)
def test_s1_no_letter_and_no_page_is_alive(
    line: str, planted: tuple[Path, set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(planted[0], folder)
    (folder / "secret").write_text("見本 の合言葉 2026\n", "utf-8")
    (folder / "secret").chmod(0o600)
    monkeypatch.setenv("SOC_PASSPHRASE_FILE", str(folder / "secret"))
    before = set(folder.rglob("*"))
    code, out, err = run(shlex.split(line), folder, monkeypatch)
    assert code == 0, err
    harmless_words(out)
    harmless_words(err)
    new = [path for path in set(folder.rglob("*")) - before if path.is_file()]
    assert [path for path in new if path.suffix not in (".db", "")], "nothing was written"
    for path in new:
        harmless_file(path)


def test_s1_a_text_is_not_named_as_a_page(members: Soc, tmp_path: Path) -> None:
    for verb in (("member", "erase", "7"), ("inquiry", "erase", "1")):
        assert members(*verb, "--yes", "--to", tmp_path / "x.html", ok=False).code == 2
    assert members("member", "show", "7").code == 0


def test_s1_what_is_no_mailbox_is_told(
    planted: tuple[Path, set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(planted[0], folder)
    code, _out, err = run(shlex.split(EML), folder, monkeypatch)
    assert code == 3
    assert "e-mail of SOC-" in err
    con = driver.connect(folder / "register.db", 1)
    con.execute("update member set email = 'a' || id || '@example.jp' where email is not null")
    con.close()
    code, _out, err = run(shlex.split(EML), folder, monkeypatch)
    assert code == 0, err
    drafts = list((folder / "drafts").glob("*.eml"))
    assert len(drafts) > 10
    for path in drafts:
        harmless_file(path)


EML = "notice prepare --subject x --channel email --to drafts --as eml --from-address club@example.jp --body answer.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a POSIX terminal")
@pytest.mark.parametrize("words", [("member", "list"), ("member", "show", "12"), ("journal", "list"), ("inquiry", "list")])  # fmt: skip
def test_s1_a_real_terminal_is_given_no_command_of_theirs(
    words: tuple[str, ...], planted: tuple[Path, set[str]], tmp_path: Path
) -> None:
    import pexpect

    folder = tmp_path / "here"
    shutil.copytree(planted[0], folder)
    child = pexpect.spawn(
        sys.executable, ["-m", "soc_cli", "--db", str(folder / "register.db"), *words],
        encoding="utf-8", timeout=60, dimensions=(40, 100), env={**os.environ, "TERM": "xterm-256color"},
        cwd=str(Path(__file__).parent.parent),
    )  # fmt: skip
    text = child.read()
    child.close()
    assert child.exitstatus == 0, text[-300:]
    colours = re.compile(r"\x1b\[[0-9;]*m")
    assert len(text) > 200
    harmless_words(colours.sub("", text).replace("\r\n", "\n"))


def test_no_file_takes_a_name_that_belongs_to_the_file_beside_it(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite deletes a log, and an erasure writes its list: what bore that name would be gone."""
    monkeypatch.chdir(tmp_path)
    members("backup", "copy.db")
    for end in ("-wal", "-journal", "-shm", ".erased"):
        for words in (*WRITTEN, ("backup",)):
            answer = members(*words, f"register.db{end}", ok=False)
            assert answer.code == 3, (words, answer)
        assert members("--db", f"copy.db{end}", "init", "--no-encrypt", ok=False).code == 3
    members("member", "show", "1")
    members("backup", "notes-journal")
