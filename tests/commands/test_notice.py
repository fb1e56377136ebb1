"""P4: notices go to those who chose them, hold nothing beyond the contact, and leave a record of who was told."""

import csv
import email
import email.policy
import hashlib
import io
import json
import os
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdf
import pytest

from soc_cli.formats import drawing, files
from soc_cli.model.errors import Failed
from tests.conftest import Answer, Soc
from tests.store import raw
from tests.store.raw import found

CLUB = "club@example.jp"
BODY = "{name} 様（{number}）\n冬の集まりのご案内です。\n"


def add(club: Soc, name: str, **said: str) -> str:
    options = [word for key, text in said.items() for word in (f"--{key.replace('_', '-')}", text)]
    return club("member", "add", "--name", name, *options).out.strip()


@pytest.fixture
def people(club: Soc) -> Soc:
    """1 and 2 chose both ways, 3 said no, 4 was never asked, 5 left, 6 chose and has no address at all."""
    both = {"notice_email": "yes", "notice_post": "yes"}
    home = {"postal_code": "450-0002", "address": "愛知県名古屋市中村区名駅1-1-4"}
    add(club, "髙﨑 壮", kana="タカサキ ソウ", email="so@example.jp", **both, **home)
    add(club, "森 花", email="hana@example.jp", postal_code="530-0001", address="大阪府大阪市北区梅田2-2", **both)  # fmt: skip
    add(club, "林 昭", email="no@example.jp", notice_email="no", notice_post="no", **home)
    add(club, "九十九 薫", email="never@example.jp", **home)
    add(club, "小野 健", email="left@example.jp", **both, **home)
    add(club, "大野 湊", **both)
    club("member", "withdraw", "5")
    return club


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "body.txt"
    path.write_text(BODY, "utf-8")
    return path


def prepare(soc: Soc, channel: str, *more: str | Path, ok: bool | None = True) -> Answer:
    return soc("notice", "prepare", "--subject", "冬の集まり", "--channel", channel, *more, ok=ok)


def sheet(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def numbers(path: Path) -> list[str]:
    return [row["Member number"] for row in sheet(path)]


def draft(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def shown_to(soc: Soc, notice: int) -> list[tuple[str, bool]]:
    told = soc("notice", "show", str(notice), "--json").json["people"]
    return [(one["member"], one["household"]) for one in told]


# Who is told --------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["email", "post"])
def test_p4_only_who_chose_it_and_is_a_member_is_told(people: Soc, tmp_path: Path, channel: str) -> None:  # fmt: skip
    path = tmp_path / "out.csv"
    answer = prepare(people, channel, "--to", path)
    assert answer.out == "1\n"
    assert numbers(path) == ["SOC-0001", "SOC-0002"]
    assert "Of the 5 active members meant, 2 did not choose it and get nothing." in answer.err
    assert (
        "Never asked, so they get nothing: 1 of the active members of the whole club" in answer.err
    )
    assert "SOC-0006" in answer.err, "who chose it and can't be reached is told"
    assert "SOC-0003" not in answer.err, "whose choice it was is not told"
    assert "SOC-0004" not in answer.err
    assert shown_to(people, 1) == [("SOC-0001", False), ("SOC-0002", False)]


def test_p4_a_choice_is_one_of_its_channel(club: Soc, tmp_path: Path) -> None:
    add(club, "森 花", email="a@example.jp", address="愛知県刈谷市東境町1", notice_email="yes")
    assert prepare(club, "post", "--to", tmp_path / "p.csv", ok=False).code == 4
    prepare(club, "email", "--to", tmp_path / "e.csv")
    assert not (tmp_path / "p.csv").exists()


def test_a_dry_run_counts_and_keeps_nothing_but_that_it_was_read(people: Soc, tmp_path: Path) -> None:  # fmt: skip
    assert prepare(people, "email", "--dry-run", "--json").json == {
        "channel": "email", "matched": 5, "told": 2, "letters": 2, "household": 0, "not_chosen": 2, "never_asked": 1,
        "said_no": 1, "no_address": 1, "withdrawn": 1, "refused": 0,
    }  # fmt: skip
    assert people("notice", "list", "--json").json == []
    entries = [e for e in people("journal", "list", "--json").json if e["command"] == "notice prepare"]  # fmt: skip
    assert next((e["act"], e["purpose"], e["outcome"], e["members"]) for e in entries) == (
        "read", "contact", "dry-run", "1-2,6",
    )  # fmt: skip


def test_p4_counts_of_choices_are_of_the_whole_club_and_never_of_whom_a_filter_leaves(people: Soc) -> None:  # fmt: skip
    """Else a filter that leaves one member would tell what that one chose."""
    for more in (
        ("--member", "3"), ("--member", "4"), ("--prefecture", "Osaka"), ("--joined-to", "1999-01-01"),
    ):  # fmt: skip
        counts = prepare(people, "email", *more, "--dry-run", "--json").json
        assert (counts["never_asked"], counts["said_no"]) == (1, 1), more
    three, four = (prepare(people, "email", "--member", n, "--dry-run") for n in "34")
    assert three.out == four.out
    assert three.err == four.err.replace("SOC-0004", "SOC-0003")


def test_the_prefecture_and_the_days_of_joining_pick(people: Soc, tmp_path: Path) -> None:
    prepare(people, "post", "--prefecture", "愛知県", "--to", tmp_path / "a.csv")
    assert numbers(tmp_path / "a.csv") == ["SOC-0001"]
    people("member", "edit", "2", "--joined-on", "2001-02-03")
    prepare(people, "post", "--joined-to", "2001-12-31", "--to", tmp_path / "b.csv")
    assert numbers(tmp_path / "b.csv") == ["SOC-0002"]
    prepare(people, "post", "--joined-from", "2002-01-01", "--to", tmp_path / "c.csv")
    assert numbers(tmp_path / "c.csv") == ["SOC-0001"]
    (tmp_path / "names.txt").write_text("2\n3\n", "utf-8")
    answer = prepare(people, "post", "--members-from", tmp_path / "names.txt", "--to", tmp_path / "d.csv")  # fmt: skip
    assert numbers(tmp_path / "d.csv") == ["SOC-0002"]
    assert "by choice or as no active member: SOC-0003" in answer.err


def test_p4_what_notices_do_not_read_picks_nobody(people: Soc, tmp_path: Path) -> None:
    people("meeting", "add", "--title", "spring", "--date", "2026-04-12")
    for more, says in (
        (("--age", "30-39"), "age"),
        (("--interest", "写真"), "interests"),
        (("--declared", "1"), "is not read for sending notices (P4)"),
    ):
        answer = prepare(people, "email", *more, "--to", tmp_path / "x.csv", ok=False)
        assert answer.code == 5
        assert says in answer.err
        assert people("journal", "list", "--json").json[-1]["outcome"] == "refused"
    assert not (tmp_path / "x.csv").exists()
    assert people("notice", "list", "--json").json == []


# A necessary message ------------------------------------------------------------------------------


def test_p4_a_necessary_message_reaches_the_named_ones_whatever_they_chose(people: Soc, tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "out.csv"
    said = ("--needed", "会場の閉鎖で中止", "--member", "3", "--member", "4", "--member", "5")
    answer = prepare(people, "email", *said, "--to", path)
    assert numbers(path) == ["SOC-0003", "SOC-0004", "SOC-0005"]
    assert "did not choose" not in answer.err
    told = people("notice", "show", "1", "--json").json
    assert (told["reason"], told["recipients"]) == ("会場の閉鎖で中止", 3)
    counts = prepare(people, "email", *said, "--dry-run", "--json").json
    assert (counts["never_asked"], counts["said_no"], counts["matched"]) == (None, None, 3)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--needed", "中止"), 5),
        (("--needed", "", "--member", "3"), 5),
        (("--needed", "なし", "--member", "3"), 5),
        (("--needed", "中止", "--member", "3", "--prefecture", "愛知県"), 2),
        (("--needed", "中止", "--member", "99"), 4),
    ],
)
def test_p4_a_necessary_message_needs_names_and_a_reason(people: Soc, tmp_path: Path, more: tuple[str, ...], code: int) -> None:  # fmt: skip
    assert prepare(people, "post", *more, "--to", tmp_path / "x.csv", ok=False).code == code
    assert not (tmp_path / "x.csv").exists()


# One letter a household ---------------------------------------------------------------------------


def test_one_letter_a_household_tells_all_of_it(club: Soc, tmp_path: Path) -> None:
    chose = {"notice_post": "yes", "notice_email": "yes", "postal_code": "450-0002"}
    for name, address, mailbox in (
        ("森 花", "愛知県刈谷市東境町1-1", "mori@example.jp"),
        ("髙﨑 壮", "愛知県刈谷市東境町2-2", "so@example.jp"),
        ("高崎 花子", "愛知県刈谷市東境町二丁目２番地", "hanako@example.jp"),
        ("林 昭", "愛知県刈谷市東境町2-2", "SO@example.jp"),
        ("森湊", "愛知県刈谷市東境町1-1", "minato@example.jp"),
    ):
        add(club, name, address=address, email=mailbox, **chose)
    answer = prepare(club, "post", "--one-per-household", "--to", tmp_path / "p.csv")
    rows = sheet(tmp_path / "p.csv")
    assert [(row["Member number"], row["Told together"]) for row in rows] == [
        ("SOC-0001", ""), ("SOC-0002", "高崎 花子"), ("SOC-0004", ""), ("SOC-0005", ""),
    ]  # fmt: skip
    assert "it tells 5 members" in answer.err
    assert "1 of them in the letter to another" in answer.err
    assert ("SOC-0003", True) in shown_to(club, 1)
    assert club("notice", "list", "--json").json[0]["recipients"] == 5
    prepare(club, "email", "--one-per-household", "--to", tmp_path / "e.csv")
    assert [(row["Member number"], row["Told together"]) for row in sheet(tmp_path / "e.csv")][1] == ("SOC-0002", "林 昭")  # fmt: skip
    prepare(club, "post", "--to", tmp_path / "all.csv")
    assert len(sheet(tmp_path / "all.csv")) == 5


def test_of_a_household_only_who_chose_it_is_on_the_letter(club: Soc, tmp_path: Path) -> None:
    home = {"address": "愛知県刈谷市東境町2-2"}
    add(club, "林 一郎", **home, notice_post="no")
    add(club, "林 昭", **home, notice_post="yes")
    prepare(club, "post", "--one-per-household", "--to", tmp_path / "p.csv")
    assert [(r["Member number"], r["Told together"]) for r in sheet(tmp_path / "p.csv")] == [("SOC-0002", "")]  # fmt: skip


# What is written ----------------------------------------------------------------------------------


def test_a_sheet_opens_in_excel_and_holds_no_live_formula(club: Soc, tmp_path: Path) -> None:
    add(club, "=1+1", address="+81 愛知県", notice_post="yes", postal_code="450-0002")
    path = tmp_path / "p.csv"
    prepare(club, "post", "--to", path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    (row,) = sheet(path)
    assert (row["Name"], row["Address"]) == ("'=1+1", "'+81 愛知県")
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_draft_a_member_ready_to_be_sent(people: Soc, tmp_path: Path, body: Path) -> None:
    folder = tmp_path / "mails"
    prepare(people, "email", "--to", folder, "--body", body, "--from-address", CLUB)
    assert sorted(path.name for path in folder.iterdir()) == ["SOC-0001.eml", "SOC-0002.eml"]
    message = draft(folder / "SOC-0001.eml")
    assert message["From"].addresses[0].addr_spec == CLUB
    assert (message["To"].addresses[0].display_name, message["To"].addresses[0].addr_spec) == ("髙﨑 壮", "so@example.jp")  # fmt: skip
    assert message["Subject"] == "冬の集まり"
    assert message["X-Unsent"] == "1"
    assert message.get_content().replace("\r\n", "\n") == "髙﨑 壮 様（SOC-0001）\n冬の集まりのご案内です。\n"  # fmt: skip
    assert "so@example.jp" not in (folder / "SOC-0002.eml").read_text()
    told = people("notice", "show", "1", "--json").json
    assert told["body_sha256"] == hashlib.sha256(BODY.strip().encode()).hexdigest()
    if os.name == "posix":
        assert (folder / "SOC-0001.eml").stat().st_mode & 0o777 == 0o600


def test_no_draft_of_an_earlier_notice_lies_among_the_new_ones(people: Soc, tmp_path: Path, body: Path) -> None:  # fmt: skip
    folder = tmp_path / "mails"
    said = ("--to", folder, "--body", body, "--from-address", CLUB)
    prepare(people, "email", *said)
    people("member", "choices", "2", "--notice-email", "no")
    assert prepare(people, "email", *said, ok=False).code == 3
    (folder / "from-a-friend.eml").write_text("mine")
    (folder / "SOC-2.eml").write_text("mine too")
    prepare(people, "email", *said, "--force")
    assert sorted(path.name for path in folder.iterdir()) == ["SOC-0001.eml", "SOC-2.eml", "from-a-friend.eml"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{birth_date}", 5, "not read for an e-mail"),
        ("{age}", 5, "not read for an e-mail"),
        ("{phone}", 5, "not read for an e-mail"),
        ("{address}", 5, "not read for an e-mail"),
        ("{car}", 3, "nothing to fill in"),
        ("{}", 3, "nothing to fill in"),
        ("{name.__class__}", 3, "nothing to fill in"),
        ("", 2, "the text is empty"),
        ("\x1b[2J", 3, "control characters"),
    ],
)
def test_p4_a_text_names_nothing_but_what_notices_read(people: Soc, tmp_path: Path, text: str, code: int, says: str) -> None:  # fmt: skip
    path = tmp_path / "body.txt"
    path.write_text(text, "utf-8")
    said = ("--to", tmp_path / "mails", "--body", path, "--from-address", CLUB)
    answer = prepare(people, "email", *said, ok=False)
    assert (answer.code, says in answer.err) == (code, True), answer
    assert not (tmp_path / "mails").exists()
    assert people("notice", "list", "--json").json == []
    assert prepare(people, "email", "--body", path, "--dry-run", ok=False).code == code


def test_braces_that_are_doubled_are_braces(people: Soc, tmp_path: Path) -> None:
    path = tmp_path / "body.txt"
    path.write_text("{{name}} {name} {{{number}}} } {", "utf-8")
    prepare(people, "email", "--to", tmp_path / "m", "--body", path, "--from-address", CLUB)
    content = draft(tmp_path / "m" / "SOC-0001.eml").get_content().rstrip()
    assert content == "{name} 髙﨑 壮 {SOC-0001} } {"


def test_a_subject_makes_no_header_of_its_own(people: Soc, tmp_path: Path, body: Path) -> None:
    said = ("--channel", "email", "--to", tmp_path / "m", "--body", body, "--from-address", CLUB)
    people("notice", "prepare", "--subject", "a\r\nBcc: x@example.jp", *said)
    message = draft(tmp_path / "m" / "SOC-0001.eml")
    assert message["Bcc"] is None
    assert message["Subject"] == "a Bcc: x@example.jp"
    for wrong in ("", " ", "\x00", "a\x07b"):
        assert people("notice", "prepare", "--subject", wrong, *said, ok=False).code == 3
    for wrong in ("x", "a@b\r\nBcc: x@example.jp", ""):
        assert prepare(people, "email", "--to", tmp_path / "n", "--body", body, "--from-address", wrong, ok=False).code in (2, 3)  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "more", "code"),
    [
        ("pigeon", ("--to", "x.csv"), 2),
        ("email", ("--to", "x.pdf", "--as", "labels"), 2),
        ("post", ("--to", "x", "--as", "eml"), 2),
        ("post", ("--to", "x.pdf", "--as", "stone"), 2),
        ("post", ("--to", "x.pdf", "--sheet", "1x1"), 2),
        ("post", ("--to", "x.csv", "--skip", "2"), 2),
        ("post", ("--to", "x.pdf", "--as", "hagaki", "--sheet", "70x37.1"), 2),
        ("email", ("--to", "x.pdf"), 2),
        ("email", ("--to", "x.xlsx"), 2),
        ("post", ("--to", "x"), 2),
        ("post", ("--to", "-"), 2),
        ("post", (), 2),
        ("email", ("--to", "x"), 2),
        ("post", ("--to", "x.csv", "--prefecture", "Atlantis"), 2),
        ("post", ("--to", "x.csv", "--joined-from", "yesterday"), 3),
        ("post", ("--to", "x.csv", "--members-from", "nowhere.txt"), 4),
        ("post", ("--to", "nowhere/x.csv"), 1),
    ],
)
def test_what_is_used_wrongly_is_said_and_leaves_nothing(people: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, more: tuple[str, ...], code: int) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert prepare(people, channel, *more, ok=False).code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert people("notice", "list", "--json").json == []


def test_without_the_extra_labels_are_one_sentence(people: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(drawing, "NEEDED", ("fpdf", "no_such_module"))
    answer = prepare(people, "post", "--to", tmp_path / "l.pdf", ok=False)
    assert answer.code == 1
    assert ".[pdf]" in answer.err


# The canary ---------------------------------------------------------------------------------------

CONTACT = {
    "name": "連絡 太郎", "kana": "レンラク タロウ", "email": "contact@example.jp",
    "postal_code": "450-0002", "address": "愛知県名古屋市中村区名駅9-8-7",
}  # fmt: skip
BEYOND = {
    "birth_date": "1971-12-03", "occupation": "秘密の職業", "industry": "秘密の業種", "nickname": "秘密の呼び名",
    "interest": "秘密の趣味", "phone": "090-1234-9876",
}  # fmt: skip


def bytes_of(path: Path) -> bytes:
    """A file, and what is written in it in a way of its own."""
    data = path.read_bytes()
    if path.suffix == ".eml":
        message = draft(path)
        return data + message.get_content().encode() + str(message.items()).encode()
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        text = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        streams = b"".join(page.get_contents().get_data() for page in reader.pages)  # type: ignore[union-attr]
        return data + streams + text.encode()
    return data


def tellings(value: str) -> Iterable[bytes]:
    """A value and the ways in which it could be written."""
    digits = "".join(c for c in value if c.isdigit())
    for text in {value, value.replace("-", "/"), value.replace("-", ""), digits if len(digits) > 7 else value}:  # fmt: skip
        yield from (text.encode(code) for code in ("utf-8", "utf-16-be", "cp932"))


def test_p4_no_value_beyond_the_contact_is_in_any_byte_of_the_output(club: Soc, tmp_path: Path, body: Path, path: Path) -> None:  # fmt: skip
    add(club, **CONTACT, **BEYOND, notice_email="yes", notice_post="yes")
    add(club, "別の 花子", email="hanako@example.jp", address="岐阜県岐阜市神田町1", notice_email="yes", notice_post="yes", birth_date="1980-01-01")  # fmt: skip
    club("meeting", "add", "--title", "spring", "--date", "2026-04-12")
    club("meeting", "declare", "1", "1", "--companions", "7", "--late")
    club("inquiry", "log", "--member", "1", "--body", "秘密の問い合わせ")
    out = tmp_path / "out"
    out.mkdir()
    said: list[str] = []
    drafts = ("--body", body, "--from-address", CLUB)
    for channel, *more in (
        ("email", "--to", out / "e.csv"),
        ("email", "--to", out / "mails", *drafts),
        ("email", "--to", out / "mails-h", *drafts, "--one-per-household"),
        ("post", "--to", out / "p.csv", "--one-per-household"),
        ("post", "--to", out / "l.pdf"),
        ("post", "--to", out / "h.pdf", "--as", "hagaki"),
        ("post", "--to", out / "n.csv", "--member", "1", "--needed", "中止の連絡"),
        ("post", "--to", out / "f.csv", "--prefecture", "愛知県", "--joined-from", "1999-01-01"),
        ("post", "--dry-run"),
        ("email", "--dry-run", "--json"),
        ("email", "--dry-run", "--age", "50-59"),
        ("email", "--dry-run", "--interest", BEYOND["interest"][:2]),
        ("email", "--dry-run", "--declared", "1"),
        ("email", "--member", BEYOND["nickname"], "--to", out / "again.csv"),
        ("email", "--to", out / "e.csv"),
    ):  # fmt: skip
        answer = prepare(club, channel, *more, ok=None)
        said += [answer.out, answer.err]
    for words in (("list",), ("list", "--json"), ("show", "1"), ("show", "5", "--json"), ("show", "1", "--format", "csv")):  # fmt: skip
        answer = club("notice", *words)
        said += [answer.out, answer.err]
    written = [bytes_of(one) for one in sorted(out.rglob("*")) if one.is_file()]
    assert len(written) >= 10
    everything = b"".join(written) + "".join(said).encode()
    for value in CONTACT.values():
        assert any(text in everything for text in tellings(value)), ("the control", value)
    known = found(path, BEYOND.values())
    assert known >= {"秘密の職業", "秘密の趣味", "1971-12-03"}, (
        "the control: the register holds them"
    )
    for key, value in [*BEYOND.items(), ("body", "秘密の問い合わせ"), ("meeting", "spring")]:
        for text in tellings(value):
            assert text not in everything, key


def test_p4_whom_a_notice_told_is_read_and_recorded_member_by_member(people: Soc, tmp_path: Path) -> None:  # fmt: skip
    prepare(people, "post", "--to", tmp_path / "l.pdf")
    entries = [e for e in people("journal", "list", "--json").json if e["command"] == "notice prepare"]  # fmt: skip
    assert [(e["act"], e["members"], e["categories"], e["details"]) for e in entries] == [
        ("read", "1-2,6", ["contact"], ""),
        ("notify", "1", ["contact"], "notice=1"),
        ("notify", "2", ["contact"], "notice=1"),
    ]
    assert {e["purpose"] for e in entries} == {"contact"}
    people("notice", "show", "1")
    assert people("journal", "list", "--json").json[-1]["members"] == "1-2"


# The record and the files, together or not at all -------------------------------------------------


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    con = raw.connect(path)
    got = con.execute(sql).fetchall()
    con.close()
    return got


def test_files_that_get_no_name_leave_no_record(people: Soc, tmp_path: Path, path: Path, body: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    folder = tmp_path / "m"
    claimed = []

    def claim(self: files.NewFile, real: Any = files.NewFile.claim) -> None:
        claimed.append(self)
        if len(claimed) == 2:
            raise Failed("no")
        real(self)

    real_claim = files.NewFile.claim
    monkeypatch.setattr(files.NewFile, "claim", claim)
    assert prepare(people, "email", "--to", folder, "--body", body, "--from-address", CLUB, ok=False).code == 1  # fmt: skip
    assert list(folder.iterdir()) == []
    for table in ("notice", "notice_recipient", "written"):
        assert rows(path, f"select * from {table}") == [], table
    acts = [e["act"] for e in people("journal", "list", "--json").json if e["command"] == "notice prepare"]  # fmt: skip
    assert acts == ["read", "notify", "notify", "take-back-notice", "take-back-notice", "take-back-notice"]  # fmt: skip
    monkeypatch.setattr(files.NewFile, "claim", real_claim)
    prepare(people, "email", "--to", folder, "--body", body, "--from-address", CLUB)
    people("journal", "verify")


def test_a_name_that_is_taken_keeps_the_file_and_leaves_no_record(people: Soc, tmp_path: Path, path: Path) -> None:  # fmt: skip
    taken = tmp_path / "p.csv"
    taken.write_text("mine")
    assert prepare(people, "post", "--to", taken, ok=False).code == 3
    assert taken.read_text() == "mine"
    assert rows(path, "select * from notice") == []
    prepare(people, "post", "--to", taken, "--force")
    assert "SOC-0001" in taken.read_text("utf-8")


def test_each_file_is_on_record_with_whom_it_holds(people: Soc, tmp_path: Path, path: Path, body: Path) -> None:  # fmt: skip
    prepare(people, "email", "--to", tmp_path / "m", "--body", body, "--from-address", CLUB)
    prepare(people, "post", "--to", tmp_path / "p.csv")
    got = rows(path, "select kind, path, members from written order by id")
    assert [(kind, Path(where).name, members) for kind, where, members in got] == [
        ("notice", "SOC-0001.eml", "1"), ("notice", "SOC-0002.eml", "2"), ("notice", "p.csv", "1-2"),
    ]  # fmt: skip


# Afterwards ---------------------------------------------------------------------------------------


def test_r1_an_erasure_takes_who_was_told_and_leaves_how_many(people: Soc, tmp_path: Path, path: Path, body: Path) -> None:  # fmt: skip
    prepare(people, "email", "--to", tmp_path / "m", "--body", body, "--from-address", CLUB)
    people("notice", "prepare", "--subject", "ひとりへの件名", "--needed", "ひとりの理由", "--member", "1", "--channel", "post", "--to", tmp_path / "one.csv")  # fmt: skip
    people("notice", "prepare", "--subject", "高崎壮さんの受賞", "--channel", "post", "--to", tmp_path / "all.csv")  # fmt: skip
    own = ["ひとりへの件名", "ひとりの理由", "高崎壮さんの受賞"]
    assert found(path, own) == set(own), "the control"
    told = people("member", "erase", "1", "--yes", "--json").json
    assert told["erased"]["notice_recipient"] == 3
    assert {Path(one["path"]).name for one in told["files"]} == {"SOC-0001.eml", "one.csv", "all.csv"}  # fmt: skip
    assert found(path, own) == set()
    assert shown_to(people, 1) == [("SOC-0002", False)]
    listed = people("notice", "list", "--json").json
    assert [(one["subject"], one["recipients"]) for one in listed] == [
        ("冬の集まり", 2), (None, 1), (None, 2),
    ]  # fmt: skip
    assert [one["act"] for one in people("journal", "list", "--json").json if one["members"] == "1"] == ["erase"]  # fmt: skip
    people("export", "2", "--to", tmp_path / "own")


def test_merging_moves_who_was_told_and_unmerging_moves_it_back(people: Soc, tmp_path: Path, path: Path) -> None:  # fmt: skip
    prepare(people, "post", "--to", tmp_path / "p.csv")
    before = rows(path, "select * from notice_recipient order by id")
    people("member", "merge", "1", "2", "--yes")
    assert shown_to(people, 1) == [("SOC-0001", False), ("SOC-0001", False)]
    people("member", "unmerge", "2")
    assert rows(path, "select * from notice_recipient order by id") == before


def test_r1_own_data_tells_what_the_member_was_told(people: Soc, tmp_path: Path) -> None:
    prepare(people, "post", "--to", tmp_path / "p.csv")
    people("notice", "prepare", "--subject", "中止", "--needed", "会場の閉鎖", "--member", "1", "--channel", "email", "--to", tmp_path / "e.csv")  # fmt: skip
    folder = tmp_path / "own"
    people("export", "1", "--to", folder)
    data = json.loads((folder / "own-data.json").read_text("utf-8"))
    assert [{**one, "at": "x"} for one in data["notices"]] == [
        {"at": "x", "subject": "冬の集まり", "channel": "post", "reason": None, "household": False},
        {
            "at": "x",
            "subject": "中止",
            "channel": "email",
            "reason": "会場の閉鎖",
            "household": False,
        },
    ]
    assert [one["kind"] for one in data["files"]].count("notice") >= 1
    page = (folder / "own-data.html").read_text("utf-8")
    assert "会場の閉鎖" in page
    assert "told of a notice" in page
    people("export", "3", "--to", tmp_path / "other")
    assert "冬の集まり" not in (tmp_path / "other" / "own-data.json").read_text("utf-8")


def test_the_notices_are_listed_and_shown_in_every_format(people: Soc, tmp_path: Path) -> None:
    prepare(people, "post", "--to", tmp_path / "p.csv")
    (one,) = people("notice", "list", "--json").json
    assert list(one) == ["number", "at", "channel", "subject", "recipients"]
    assert list(people("notice", "show", "1", "--json").json) == [
        "number", "at", "operator", "channel", "subject", "reason", "body_sha256", "recipients", "people",
    ]  # fmt: skip
    assert people("notice", "show", "1", "--format", "csv").out == "member,household\r\nSOC-0001,no\r\nSOC-0002,no\r\n"  # fmt: skip
    assert "Sent by" in people("notice", "list", "--format", "table").out
    assert people("notice", "show", "2", ok=False).code == 4


def test_on_a_terminal_what_is_missing_is_asked_for(people: Soc, tmp_path: Path, terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from soc_cli.terminal import ask

    asked: list[str] = []
    answers = {"--channel": "email", "--subject": "冬", "--to": str(tmp_path / "m"), "--body": str(tmp_path / "b.txt"), "--from-address": CLUB}  # fmt: skip
    (tmp_path / "b.txt").write_text("{name} 様", "utf-8")

    def answer(_question: str, _check: object, option: str, _default: object = None) -> str:
        asked.append(option)
        return answers[option]

    monkeypatch.setattr(ask, "text", answer)
    monkeypatch.setattr(ask, "select", answer)
    assert people("notice", "prepare").out == "1\n"
    assert sorted(asked) == sorted(answers)
    assert len(list((tmp_path / "m").iterdir())) == 2
