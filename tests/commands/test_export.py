"""`soc export`: the folder that a member is handed, an outsider's own data, and the PDF with a password."""

import csv
import hashlib
import io
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from soc_cli.formats import handout
from soc_cli.store import driver
from tests.commands.test_five_jobs import give
from tests.conftest import Soc

VALID = Draft202012Validator(json.loads(handout.SCHEMA.read_text("utf-8")))


def own(folder: Path) -> dict[str, object]:
    """What `own-data.json` of a folder says; it keeps its schema."""
    data = json.loads((folder / "own-data.json").read_text("utf-8"))
    VALID.validate(data)
    assert isinstance(data, dict)
    return data


def as_sample(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register's day can be set: everything happens on one."""
    con = driver.connect(path, 1)
    con.execute("update register set value = 'yes' where key = 'sample'")
    con.close()
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")


# the folder ---------------------------------------------------------------------------------------


def test_r1_the_folder_is_whole_and_its_manifest_says_so(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--member", "7", "--body", "お願い")
    out = tmp_path / "out"
    answer = members("export", "7", "--to", out)
    assert answer.out.splitlines() == [
        (out / name).as_posix()
        for name in ("own-data.json", "own-data.schema.json", "own-data.html", "member.csv", "inquiries.csv", "accesses.csv",
                     "retained.csv", "purposes.csv", "MANIFEST.json")
    ]  # fmt: skip
    manifest = json.loads((out / "MANIFEST.json").read_text("utf-8"))["files"]
    assert {one["name"] for one in manifest} == {p.name for p in out.iterdir()} - {"MANIFEST.json"}
    for one in manifest:
        body = (out / one["name"]).read_bytes()
        assert (one["size"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert (out / "own-data.schema.json").read_bytes() == handout.SCHEMA.read_bytes()
    own(out)
    if sys.platform != "win32":
        assert {p.stat().st_mode & 0o777 for p in out.iterdir()} == {0o600}
        assert out.stat().st_mode & 0o777 == 0o700


def test_s1_the_sheets_open_in_excel_and_hold_no_live_formula(members: Soc, tmp_path: Path) -> None:
    for nasty in ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@sum(a1)", "＝1+1", "\t=1", "'=1"):
        members("inquiry", "log", "--member", "7", "--subject", "x" + nasty, "--body", nasty)
    members("member", "edit", "7", "--occupation", "=1+1", "--quiet")
    members("export", "7", "--to", tmp_path)
    for path in tmp_path.glob("*.csv"):
        body = path.read_bytes()
        assert body.startswith(b"\xef\xbb\xbf"), path
        assert body.count(b"\r\n") >= 2
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        assert len({len(row) for row in rows}) == 1, path
        for cell in (cell for row in rows for cell in row):
            assert not re.match(r"['\"\s]*[=+\-@＝＋－＠]", cell) or cell.startswith("'"), cell
    text = (tmp_path / "inquiries.csv").read_text("utf-8-sig")
    assert "'=1+1" in text
    assert "'=1+1" in (tmp_path / "member.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_members_sheet_comes_back_unchanged(members: Soc, tmp_path: Path, spoken: str) -> None:
    members("member", "edit", "7", "--notice-email", "yes", "--survey", "no", "--quiet")
    members("--lang", spoken, "export", "7", "--to", tmp_path)
    leaves_out = ["--map", "年齢=" if spoken == "ja" else "Age="]
    report = members("member", "import", tmp_path / "member.csv", *leaves_out, "--json").json
    assert (report["unchanged"], report["rejected"]) == (1, 0)


def test_an_export_that_can_not_be_written_leaves_no_half(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.formats.files import NewFile

    claim, named = NewFile.claim, []

    def third_fails(self: NewFile) -> None:
        if len(named) == 3:
            raise OSError(28, "no room")
        named.append(self)
        claim(self)

    monkeypatch.setattr(NewFile, "claim", third_fails)
    assert members("export", "7", "--to", tmp_path / "out", ok=False).code == 1
    assert len(named) == 3
    assert list((tmp_path / "out").iterdir()) == []
    acts = [e["act"] for e in members("journal", "list", "--json").json]
    assert acts[-2:] == ["export", "take-back"]


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's rights are other ones there")
def test_into_a_folder_that_can_not_be_written(members: Soc, tmp_path: Path) -> None:
    import os

    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    (tmp_path / "out").mkdir(mode=0o500)
    before = members("journal", "list", "--json").json
    assert members("export", "7", "--to", tmp_path / "out", ok=False).code == 1
    assert members("journal", "list", "--json").json == before


def test_nothing_of_an_earlier_export_lies_among_the_files(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--member", "7", "--body", "秘密の願い")
    members("export", "7", "--to", tmp_path / "out")
    answer = members("export", "8", "--to", tmp_path / "out", ok=False)
    assert (answer.code, "--force" in answer.err) == (3, True)
    assert own(tmp_path / "out")["member"]["number"] == "SOC-0007"  # type: ignore[index]
    (tmp_path / "out" / "letter.txt").write_text("mine")
    members("export", "8", "--to", tmp_path / "out", "--force")
    assert not (tmp_path / "out" / "inquiries.csv").exists(), "it was another's"
    assert (tmp_path / "out" / "letter.txt").read_text() == "mine"
    for path in (tmp_path / "out").iterdir():
        assert "秘密の願い" not in path.read_text("utf-8")
    # Only what is left over would be in the way.
    for path in (tmp_path / "out").iterdir():
        if path.name != "meetings.csv":
            path.unlink()
    (tmp_path / "out" / "meetings.csv").write_text("x")
    assert members("export", "8", "--to", tmp_path / "out", ok=False).code == 3
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["meetings.csv"]


def test_a_member_or_an_inquiry(members: Soc, tmp_path: Path) -> None:
    for words in ((), ("7", "--inquiry", "1")):
        assert members("export", *words, "--to", tmp_path, ok=False).code == 2


# what is not shown leaves no trace ----------------------------------------------------------------

HIDDEN = st.sampled_from(
    ["order", "inquiry", "not shown", "imported", "ledger", "corrected", "tried"]
)


@given(hidden=st.lists(HIDDEN, min_size=1, max_size=4), seen_last=st.booleans())
@example(hidden=["corrected", "tried"], seen_last=True)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_r1_what_the_member_may_not_see_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory,
    policy_register: Path,
    soc: Soc,
    monkeypatch: pytest.MonkeyPatch,
    hidden: list[str],
    seen_last: bool,
) -> None:
    """Under a fixed clock all files are the same to the byte with and without the records."""
    folder = tmp_path_factory.mktemp("trace")
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")
    for name in ("with", "without"):
        monkeypatch.setenv("SOC_DB", str(folder / f"{name}.db"))
        shutil.copy(policy_register, folder / f"{name}.db")
        if seen_last:
            _hide(soc, hidden, folder, name == "with")
        give(soc, "danger", folder / f"{name}.csv", members=("7", "8"))
        if not seen_last:
            _hide(soc, hidden, folder, name == "with")
        soc("disclosure", "list")
        soc("export", "7", "--to", folder / name)
    names = {path.name for path in (folder / "with").iterdir()}
    assert names == {path.name for path in (folder / "without").iterdir()}
    assert "disclosures.csv" in names, "the control: another record is shown"
    for name in names:
        assert (folder / "with" / name).read_bytes() == (folder / "without" / name).read_bytes()


def _hide(soc: Soc, hidden: list[str], folder: Path, mine: bool) -> None:
    """Records about the member that are not shown; where not `mine`, none, or the like about another.

    Who works on the ledger reads what is shown of it too, and that is told: so the others' records
    are worked on in the same way.
    """
    for at, kind in enumerate(hidden):
        file = folder / f"hidden{at}{mine}.csv"
        if kind in ("order", "inquiry") and mine:
            give(soc, kind, file, members=("7",) if at % 2 else ("7", "8", "9"))
        elif kind == "not shown" and mine:
            give(soc, "danger", file, "--not-shown", "施行令5条", members=("7",))
        elif kind == "ledger":
            give(soc, "order", file, members=("7",) if mine else ("9",))
            number = soc("disclosure", "list", "--json").json[-1]["number"]
            soc("disclosure", "show", str(number))
        elif kind == "corrected":
            give(soc, "order", file, members=("7",) if mine else ("9",))
            number = soc("disclosure", "list", "--json").json[-1]["number"]
            soc("disclosure", "correct", str(number), "--court", "みほん地裁", "--reason", "誤記")
        elif kind == "tried":
            give(soc, "order", file, "--dry-run", members=("7",) if mine else ("9",))
        elif kind == "imported":
            sheet = folder / f"old{at}{mine}.jsonl"
            old = {
                "made_at": f"2020-01-0{at + 1}", "ground": "authority", "kind": "inquiry", "recipient": "見本署",
                "recipient_address": "名古屋市", "recipient_representative": "署長", "items": ["name"],
                "members": ["SOC-0007"] if mine else ["SOC-0009"],
                "fields": {"law": "刑事訴訟法", "article": "197条2項", "authority": "見本署", "officer": "見本 三",
                           "document_number": "第1号", "document_date": "2019-12-01", "called_back": "代表番号"},
            }  # fmt: skip
            sheet.write_text(json.dumps(old, ensure_ascii=False) + "\n", "utf-8")
            soc("disclosure", "import", sheet)


@pytest.fixture
def policy_register(members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register whose day can be set, closed."""
    as_sample(path, monkeypatch)
    return path


# an outsider --------------------------------------------------------------------------------------


@pytest.fixture
def outsiders(members: Soc) -> Soc:
    """Inquiries of outsiders and a member: 1 and 4 are one person's, 3 is a member's."""
    for who in (
        ("--from-name", "問合 次郎", "--from-contact", "jiro@example.net", "--body", "次郎の一"),
        ("--from-name", "問合 次郎", "--from-contact", "other@example.net", "--body", "別の次郎"),
        ("--member", "7", "--body", "会員の問い合わせ"),
        ("--from-name", "問合 次郎", "--from-contact", "jiro@example.net", "--body", "次郎の二"),
        ("--from-name", "問合 花子", "--from-contact", "jiro@example.net", "--body", "花子の一"),
        ("--from-name", "問合 次郎", "--body", "連絡先のない次郎"),
    ):
        members("inquiry", "log", *who)
    for number in "123456":
        members("inquiry", "reply", number, "--body", f"{number}への返信")
    return members


def test_r1_an_outsider_gets_what_is_theirs(outsiders: Soc, tmp_path: Path) -> None:
    answer = outsiders("export", "--inquiry", "1", "--to", tmp_path / "out")
    assert "inquiries 1, 4." in answer.err
    data = own(tmp_path / "out")
    assert (data["member"], data["choices"], data["retained"]) == (None, None, [])
    assert [(i["number"], i["body"], [r["body"] for r in i["replies"]]) for i in data["inquiries"]] == [  # type: ignore[attr-defined]
        (1, "次郎の一", ["1への返信"]), (4, "次郎の二", ["4への返信"]),
    ]  # fmt: skip
    assert [one["act"] for one in data["accesses"]] == ["log", "log", "reply", "reply", "export"]  # type: ignore[attr-defined]
    for path in (tmp_path / "out").iterdir():
        text = path.read_text("utf-8")
        for others in ("別の次郎", "会員の", "花子", "連絡先のない", "2への", "3への", "髙﨑", "SOC-0"):  # fmt: skip
            assert others not in text, (path.name, others)
    assert "問合 次郎" in (tmp_path / "out" / "own-data.html").read_text("utf-8")
    (entry,) = outsiders("journal", "list", "--last", "1", "--json").json
    assert (entry["act"], entry["purpose"], entry["members"], entry["categories"]) == (
        "export", "own-record", "", ["inquiries", "history"],
    )  # fmt: skip
    outsiders("journal", "verify")


def test_r1_who_left_no_contact_gets_that_inquiry_alone(outsiders: Soc, tmp_path: Path) -> None:
    outsiders("inquiry", "log", "--from-name", "問合 次郎", "--body", "もう一人の連絡先のない次郎")
    outsiders("export", "--inquiry", "6", "--to", tmp_path)
    assert [i["number"] for i in own(tmp_path)["inquiries"]] == [6]  # type: ignore[attr-defined]


def test_a_members_inquiry_is_in_the_members_own_data(outsiders: Soc, tmp_path: Path) -> None:
    before = len(outsiders("journal", "list", "--json").json)
    answer = outsiders("export", "--inquiry", "3", "--to", tmp_path / "out", ok=False)
    assert (answer.code, "SOC-0007" in answer.err) == (3, True)
    assert outsiders("export", "--inquiry", "99", "--to", tmp_path / "out", ok=False).code == 4
    assert not (tmp_path / "out").exists()
    assert len(outsiders("journal", "list", "--json").json) == before


def test_r1_an_inquiry_that_speaks_of_two_members_shows_each_what_is_theirs(
    members: Soc, tmp_path: Path
) -> None:
    members("inquiry", "log", "--member", "7", "--body", "七から、八のこと")
    members("inquiry", "log", "--member", "8", "--body", "八から、七のこと")
    for number, body in (("7", "七から、八のこと"), ("8", "八から、七のこと")):
        members("export", number, "--to", tmp_path / number)
        assert [i["body"] for i in own(tmp_path / number)["inquiries"]] == [body]  # type: ignore[attr-defined]


# the PDF ------------------------------------------------------------------------------------------


@pytest.fixture
def password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a password is read from."""
    file = tmp_path / "password.txt"
    file.write_text("ｶﾞ12345678901\n", "utf-8")
    monkeypatch.setenv("SOC_PASSPHRASE_FILE", str(file))
    return file


def test_s1_one_pdf_with_a_password_and_nothing_else(
    members: Soc, tmp_path: Path, password: Path
) -> None:
    answer = members("export", "7", "--to", tmp_path / "out", "--encrypt")
    assert answer.out == f"{(tmp_path / 'out' / 'own-data.pdf').as_posix()}\n"
    assert "short" not in answer.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["own-data.pdf"]
    body = (tmp_path / "out" / "own-data.pdf").read_bytes()
    assert body.startswith(b"%PDF-")
    assert b"/AESV3" in body
    assert "髙﨑".encode("utf-16-be") not in body
    assert members("export", "7", "--to", tmp_path / "out", ok=False).code == 3, (
        "the PDF lies there"
    )


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("", 3, "empty"),
        ("　 \n", 3, "empty"),
        ("あ" * 43, 3, "too long"),
        ("short", 0, "short"),
        (None, 4, "no file"),
    ],
)
def test_a_password_is_asked_to_be_one(
    members: Soc, tmp_path: Path, password: Path, said: str | None, code: int, words: str
) -> None:
    if said is None:
        password.unlink()
    else:
        password.write_text(said, "utf-8")
    answer = members("export", "7", "--to", tmp_path / "out", "--encrypt", ok=code == 0)
    assert answer.code == code
    assert words in answer.err
    assert (tmp_path / "out").exists() == (code == 0)


def test_no_terminal_and_no_file(members: Soc, tmp_path: Path) -> None:
    answer = members("export", "7", "--to", tmp_path / "out", "--encrypt", ok=False)
    assert answer.code == 2
    assert "SOC_EXPORT_PASSPHRASE_FILE" in answer.err
    assert not (tmp_path / "out").exists()


def test_without_the_extra_it_says_how_to_get_it(
    members: Soc, tmp_path: Path, password: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.formats import drawing

    monkeypatch.setattr(drawing, "NEEDED", ("fpdf", "no_such_module"))
    answer = members("export", "7", "--to", tmp_path / "out", "--encrypt", ok=False)
    assert answer.code == 1
    assert "pip install" in answer.err


@pytest.mark.parametrize(
    "typed",
    ["\u200b", "\u00ad" * 12, "abc\tdefghijkl", "abc\x1bdefghijkl", "مرحبا123abcdef", "葛\U000e0100葛葛葛葛葛葛葛葛葛葛葛"],
)  # fmt: skip
def test_s1_a_password_that_a_pdf_would_change_is_not_taken(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """What a PDF's own preparation takes out would make it open with another password, or with none."""
    file = tmp_path / "password"
    file.write_text(typed + "\n", "utf-8")
    monkeypatch.setenv("SOC_PASSPHRASE_FILE", str(file))
    answer = members("export", "7", "--to", tmp_path / "own", "--encrypt", ok=False)
    assert answer.code == 3, answer
    assert not (tmp_path / "own" / "own-data.pdf").exists()


def test_r1_an_outsiders_files_are_on_record_under_each_of_their_inquiries(
    outsiders: Soc, tmp_path: Path
) -> None:
    outsiders("export", "--inquiry", "1", "--to", tmp_path / "out")
    outsiders("export", "--inquiry", "1", "--to", tmp_path / "again")
    data = json.loads((tmp_path / "again" / "own-data.json").read_text("utf-8"))
    assert {one["kind"] for one in data["files"]} == {"export"}
    told = outsiders("inquiry", "erase", "4", "--yes", "--json").json["files"]
    assert str(tmp_path / "out" / "own-data.json") in [one["path"] for one in told]
