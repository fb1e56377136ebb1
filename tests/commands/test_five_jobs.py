"""Meetings, inquiries, consents and disclosures, and what becomes of them in own data."""

import hashlib
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from soc_cli.model.clocks import Clock, kept_through
from soc_cli.store import driver
from tests.conftest import Soc

RECIPIENT = (
    "--recipient",
    "みほん板金",
    "--recipient-address",
    "刈谷市",
    "--recipient-representative",
    "板金 五郎",
)
GROUNDS = {
    "consent": ("--consent", "1"),
    "order": ("--kind", "order", "--court", "名古屋地方裁判所", "--case-number", "令和8年(ワ)第1号", "--document-date", "2026-10-01", "--served-original"),
    "inquiry": ("--kind", "inquiry", "--law", "刑事訴訟法", "--article", "197条2項", "--authority", "見本署", "--officer", "見本 三",
                "--document-number", "第1号", "--document-date", "令和8年10月1日", "--called-back", "代表番号"),
    "protection": ("--violation", "規約3条", "--protects", "property", "--whose", "クラブ", "--why-no-consent", "連絡がつかない"),
    "danger": ("--danger", "事故", "--protects", "life", "--urgency", "今すぐ", "--why-no-consent", "意識がない"),
}  # fmt: skip
NAMES = {"order": "authority", "inquiry": "authority"}


def options(ground: str) -> list[tuple[str, ...]]:
    """The options of a ground and its recipient, each with its value."""
    words = [*RECIPIENT, *GROUNDS[ground]]
    starts = [i for i, word in enumerate(words) if word.startswith("--")] + [len(words)]
    return [tuple(words[a:b]) for a, b in pairwise(starts)]


def give(
    soc: Soc,
    ground: str,
    to: Path,
    *more: str,
    without: str = "",
    ok: bool = True,
    items: str = "name,phone",
    members: tuple[str, ...] = ("7",),
):
    said = [word for option in options(ground) if option[0] != without for word in option]
    who = [word for member in members for word in ("--member", member)]
    return soc(
        "disclosure",
        "record",
        "--ground",
        NAMES.get(ground, ground),
        "--items",
        items,
        *who,
        "--to",
        to,
        *said,
        *more,
        ok=ok,
    )


@pytest.fixture
def agreed(members: Soc) -> Soc:
    """A register in which member 7 agreed that their name and phone be given to みほん板金."""
    number = members(
        "consent",
        "give",
        "--member",
        "7",
        "--recipient",
        "みほん板金",
        "--items",
        "氏名、電話番号",
        "--how",
        "書面",
        "--given-on",
        "2026-10-01",
    ).out
    assert number == "1\n"
    return members


# disclosures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", GROUNDS)
def test_d1_to_d4_the_items_leave_with_their_record(
    agreed: Soc, tmp_path: Path, ground: str
) -> None:
    file = tmp_path / "given.csv"
    assert give(agreed, ground, file).out == "1\n"
    assert file.read_text("utf-8-sig") == "Name,Phone\n髙﨑 壮,090-1234-1007\n"
    record = agreed("disclosure", "show", "1", "--json").json
    assert record["file_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert record["ground"] == NAMES.get(ground, ground)
    assert record["items"] == ["name", "phone"]
    assert record["members"] == ["SOC-0007"]
    assert record["visible_to_member"] is (ground in ("consent", "protection", "danger"))
    assert record["keep_through"] == (
        kept_through(Clock().today(), 3).isoformat() if ground == "consent" else None
    )
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600
    assert list(agreed("disclosure", "list", "--json").json[0]) == [
        "number", "made_at", "ground", "recipient", "items", "members", "fields", "file_sha256", "visible_to_member", "keep_through",
        "kind", "recipient_address", "recipient_representative", "not_shown_because", "corrects",
    ]  # fmt: skip
    agreed("journal", "verify")


MISSING = [(ground, option[0]) for ground in GROUNDS for option in options(ground)]


@pytest.mark.parametrize(("ground", "option"), MISSING)
def test_d1_to_d4_each_missing_field_alone_is_refused(
    agreed: Soc, tmp_path: Path, ground: str, option: str
) -> None:
    file = tmp_path / "given.csv"
    answer = give(agreed, ground, file, without=option, ok=False)
    assert answer.code == 5
    assert option in answer.err
    assert answer.out == ""
    assert not list(tmp_path.glob("*given*"))
    assert agreed("disclosure", "list", "--json").json == []


def test_every_field_of_the_policy_has_its_option(agreed: Soc) -> None:
    from soc_cli.policy import form

    said = {option[0] for ground in GROUNDS for option in options(ground)}
    for ground in form.packaged().grounds.values():
        for kind, fields in ground.kinds.items():
            assert {"--" + field.replace("_", "-") for field in fields} <= said
            assert kind in ("", "order", "inquiry")


def test_d0_there_is_no_option_field_or_column_for_money(agreed: Soc, path: Path) -> None:
    from soc_cli.policy.form import MONEY

    for noun, verb in (("disclosure", "record"), ("consent", "give"), ("disclosure", "list")):
        assert not MONEY.search(
            re.sub(r"[^a-z \n-]", "", agreed(noun, verb, "--help").out.replace("purposes", ""))
        )
    con = driver.connect(path, 1)
    for table in ("consent", "disclosure", "disclosure_member"):
        for row in con.execute(f"pragma table_info({table})"):
            assert not MONEY.search(row["name"])
    con.close()


BAD = {
    "an item that is none": (("consent",), {"items": "name,car"}, 3),
    "no item": (("consent",), {"items": " , "}, 3),
    "a consent that does not cover the items": (("consent",), {"items": "name,address"}, 5),
    "another member": (("consent",), {"members": ("8",)}, 5),
    "one member more": (("consent",), {"members": ("7", "8")}, 5),
    "an unknown member": (("danger",), {"members": ("999",)}, 4),
    "another right": (("danger", "--protects", "honour"), {}, 5),
    "a day to come": (("order", "--document-date", "2999-01-01"), {}, 3),
    "a day that is none": (("order", "--document-date", "2026-02-31"), {}, 3),
    "an oral request": (("inquiry", "--document-number", "口頭"), {}, 5),
    "voluntary cooperation": (("inquiry", "--law", "任意の捜査協力"), {}, 5),
    "nothing but a dash": (("danger", "--urgency", "－"), {}, 5),
    "not yet called back": (("inquiry", "--called-back", "ｎｏ"), {}, 5),
    "a number too long": (("consent", "--consent", "9" * 20), {}, 3),
    "not called back": (("inquiry", "--called-back", "no"), {}, 5),
    "a consent that is not there": (("consent", "--consent", "9"), {}, 5),
    "a consent that is no number": (("consent", "--consent", "x"), {}, 3),
    "another recipient": (("consent", "--recipient", "べつの会社"), {}, 5),
    "an option of another ground": (("danger", "--court", "x"), {}, 2),
    "a bar association": (("inquiry", "--law", "弁護士法", "--article", "23条の2"), {}, 5),
    "no file": (("danger", "--to", "-"), {}, 2),
    "control characters": (("danger", "--danger", "\x1b[2J"), {}, 3),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_leaves_neither_file_nor_record(
    agreed: Soc, tmp_path: Path, case: str
) -> None:
    (ground, *more), changed, code = BAD[case]
    answer = give(agreed, ground, tmp_path / "given.csv", *more, ok=False, **changed)  # type: ignore[arg-type]
    assert answer.code == code, answer
    assert not list(tmp_path.glob("*given*"))
    assert agreed("disclosure", "list", "--json").json == []


def test_d1_a_withdrawn_consent_carries_nothing(agreed: Soc, tmp_path: Path) -> None:
    agreed("consent", "withdraw", "1")
    answer = give(agreed, "consent", tmp_path / "x.csv", ok=False)
    assert answer.code == 5
    assert "withdrawn" in answer.err
    assert agreed("consent", "withdraw", "1", ok=False).code == 3
    assert agreed("consent", "withdraw", "9", ok=False).code == 4


def test_a_file_that_exists_or_can_not_be_written(agreed: Soc, tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text("mine")
    assert give(agreed, "danger", file, ok=False).code == 3
    assert file.read_text() == "mine"
    assert give(agreed, "danger", tmp_path / "none" / "given.csv", ok=False).code == 1
    assert agreed("disclosure", "list", "--json").json == []
    assert give(agreed, "danger", file, "--force").code == 0
    assert "髙﨑" in file.read_text("utf-8-sig")


def test_where_the_file_can_not_get_its_name_the_record_goes_again(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.model import newfile

    def taken(_finished: Path, path: Path) -> None:
        raise FileExistsError(path)

    monkeypatch.setattr(newfile, "claim", taken)
    assert give(agreed, "danger", tmp_path / "given.csv", ok=False).code == 3
    assert not list(tmp_path.glob("*given*"))
    assert agreed("disclosure", "list", "--json").json == []
    assert [e["act"] for e in agreed("journal", "list", "--json").json][-3:-1] == [
        "disclose",
        "take-back",
    ]


def test_the_extract_is_never_wider_than_its_items(agreed: Soc, tmp_path: Path) -> None:
    everything = agreed("member", "show", "7", "--json").json
    give(agreed, "danger", tmp_path / "given.json", items="kana,birth_date", members=("7", "8"))
    given = json.loads((tmp_path / "given.json").read_text("utf-8"))
    assert [list(row) for row in given] == [["kana", "birth_date"]] * 2
    text = (tmp_path / "given.json").read_text("utf-8")
    for key in ("name", "phone", "email", "address", "postal_code", "number"):
        assert everything[key] not in text


def test_an_extract_writes_lists_and_choices_as_everywhere_else(
    agreed: Soc, tmp_path: Path
) -> None:
    agreed("member", "edit", "7", "--notice-email", "no", "--survey", "yes")
    items = "interests,notice_email,notice_post,survey"
    give(agreed, "danger", tmp_path / "a.json", items=items)
    (row,) = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert row == {
        "interests": ["茶道", "野球"],
        "notice_email": False,
        "notice_post": None,
        "survey": True,
    }
    give(agreed, "danger", tmp_path / "a.csv", items=items)
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == "茶道、野球,no,,yes"


@pytest.mark.parametrize("option", ["--recipient", "--items", "--how", "--given-on"])
def test_d1_a_consent_says_to_whom_what_how_and_when(members: Soc, option: str) -> None:
    words = {"--recipient": "a", "--items": "name", "--how": "b", "--given-on": "2026-01-01"}
    del words[option]
    answer = members(
        "consent",
        "give",
        "--member",
        "7",
        *[word for pair in words.items() for word in pair],
        ok=False,
    )
    assert answer.code == 5
    assert option in answer.err
    assert members("consent", "list", "--json").json == []


def test_a_recipient_abroad_needs_the_information_first(members: Soc) -> None:
    words = (
        "consent",
        "give",
        "--member",
        "7",
        "--recipient",
        "a",
        "--items",
        "name",
        "--how",
        "b",
        "--given-on",
        "2026-01-01",
        "--country",
        "US",
    )
    assert members(*words, ok=False).code == 5
    assert members(*words, "--country-information", "no adequacy decision; contract").out == "1\n"
    assert (
        members("consent", "give", *words[2:-2][:-2], "--given-on", "2999-01-01", ok=False).code
        == 3
    )


def test_the_consent_list_has_the_promised_keys(agreed: Soc) -> None:
    (consent,) = agreed("consent", "list", "--json").json
    assert list(consent) == [
        "number",
        "member",
        "recipient",
        "items",
        "how",
        "given_on",
        "withdrawn_on",
        "purpose",
        "identity_check",
        "evidence_sha256",
        "country",
        "country_information",
    ]
    assert (consent["member"], consent["items"]) == ("SOC-0007", ["name", "phone"])


# meetings and inquiries -----------------------------------------------------------------------


def test_c2_a_whole_meeting(members: Soc) -> None:
    assert (
        members(
            "meeting",
            "add",
            "--title",
            "春",
            "--date",
            "R80.4.12",
            "--time",
            "9時30分",
            "--capacity",
            "2",
        ).out
        == "1\n"
    )
    members("meeting", "declare", "1", "さっちゃん3", "みー6")
    assert "waits, as number 1" in members("meeting", "declare", "1", "7").err
    assert members("meeting", "declare", "1", "3", ok=False).code == 3
    members("meeting", "attend", "1", "3", "7")
    members("meeting", "absent", "1", "6")
    meeting = members("meeting", "show", "1", "--json").json
    assert list(meeting) == [
        "number", "title", "date", "time", "place", "capacity", "deadline", "status", "declared", "attended", "absent", "companions", "deadline_time", "fee", "waiting", "guests", "people",
    ]  # fmt: skip
    assert (
        meeting["date"],
        meeting["time"],
        meeting["declared"],
        meeting["attended"],
        meeting["absent"],
    ) == ("2098-04-12", "09:30", 3, 2, 1)
    assert list(meeting["people"][0]) == [
        "member",
        "nickname",
        "declared_on",
        "attendance",
        "companions",
        "waiting",
        "guest",
    ]
    assert {(p["member"], p["attendance"]) for p in meeting["people"]} == {
        ("SOC-0003", "attended"),
        ("SOC-0006", "absent"),
        ("SOC-0007", "attended"),
    }


def test_a_walk_in_takes_no_declared_place(members: Soc) -> None:
    members("meeting", "add", "--title", "春", "--date", "2099-04-12", "--capacity", "1")
    members("meeting", "attend", "1", "7", "7")
    assert "waits" not in members("meeting", "declare", "1", "8", "8").err
    assert "SOC-0009 waits, as number 1" in members("meeting", "declare", "1", "9").err


def test_r1_an_erasure_leaves_nobodys_meetings_in_the_journal(members: Soc) -> None:
    members("meeting", "add", "--title", "春", "--date", "2099-04-12")
    members("meeting", "attend", "1", "7", "8")
    members("member", "erase", "7", "--yes")
    entries = members("journal", "list", "--json").json
    assert [e["members"] for e in entries if e["act"] == "attend"] == [None, "8"]
    assert members("meeting", "show", "1", "--json").json["attended"] == 2


def test_an_inquiry_is_a_members_or_an_outsiders(members: Soc) -> None:
    answer = members(
        "inquiry", "log", "--member", "7", "--from-name", "別人", "--body", "x", ok=False
    )
    assert answer.code == 2


def test_one_look_at_an_inquiry_is_one_entry(members: Soc) -> None:
    members("inquiry", "log", "--member", "7", "--body", "x")
    members("inquiry", "reply", "1", "--body", "y")
    before = len(members("journal", "list", "--json").json)
    members("inquiry", "show", "1")
    members("inquiry", "list")
    assert len(members("journal", "list", "--json").json) == before + 2


def test_interrupted_when_all_was_done_file_and_record_stand(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.formats.files import NewFile

    claim = NewFile.claim

    def interrupted(self: NewFile) -> None:
        claim(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(NewFile, "claim", interrupted)
    assert give(agreed, "danger", tmp_path / "given.csv", ok=False).code == 130
    assert (tmp_path / "given.csv").exists()
    assert len(agreed("disclosure", "list", "--json").json) == 1


@pytest.mark.both
def test_a_register_is_never_written_over(agreed: Soc, path: Path, tmp_path: Path) -> None:
    held = path.read_bytes()
    assert give(agreed, "danger", path, "--force", ok=False).code == 2
    named = tmp_path / "register.csv"
    named.write_bytes(held)
    assert give(agreed, "danger", named, "--force", ok=False).code == 3
    assert named.read_bytes() == held
    own = tmp_path / "own-data.json"
    own.write_bytes(path.read_bytes())
    assert agreed("export", "7", "--to", tmp_path, "--force", ok=False).code == 3
    assert agreed("disclosure", "list", "--json").json == []
    for name in (".", "/", "x" * 300 + ".csv"):
        assert give(agreed, "danger", Path(name), "--force", ok=False).code in (1, 2, 3)


def test_r1_the_words_of_d3_and_d4_go_with_the_last_member(
    agreed: Soc, path: Path, tmp_path: Path
) -> None:
    give(agreed, "danger", tmp_path / "a.csv", "--danger", "秘密の事故", members=("7", "8"))
    agreed("member", "erase", "7", "--yes")
    assert "秘密の事故" in agreed("disclosure", "show", "1", "--json").out
    agreed("member", "erase", "8", "--yes")
    record = agreed("disclosure", "show", "1", "--json").json
    assert (record["fields"], record["members"]) == ({"protects": "life"}, ["SOC-0007", "SOC-0008"])
    assert "秘密の事故".encode() not in path.read_bytes()


def test_nothing_is_recorded_for_somebody_erased_meanwhile(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.commands.session import Session

    monkeypatch.setattr(Session, "members", lambda _self, _texts: [7, 999])
    assert give(agreed, "danger", tmp_path / "a.csv", ok=False).code == 4
    assert agreed("disclosure", "list", "--json").json == []


def test_an_export_that_can_not_be_written_leaves_no_half(members: Soc, tmp_path: Path) -> None:
    (tmp_path / "out" / "own-data.html").mkdir(parents=True)
    before = len(members("journal", "list", "--json").json)
    assert members("export", "7", "--to", tmp_path / "out", "--force", ok=False).code == 3
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["own-data.html"]
    assert len(members("journal", "list", "--json").json) == before


def test_p7_a_meeting_shows_numbers_and_nicknames_only(members: Soc) -> None:
    members("meeting", "add", "--title", "春", "--date", "2099-04-12")
    members("meeting", "declare", "1", "3")
    text = members("meeting", "show", "1", "--json").out + members("meeting", "list", "--json").out
    for key, value in members("member", "show", "3", "--json").json.items():
        if key not in (
            "number",
            "nickname",
            "withheld",
            "choices",
            "status",
            "left_on",
            "age",
            "interests",
            "joined_on",
        ):
            assert str(value) not in text, key
    entry = next(
        e for e in members("journal", "list", "--json").json if e["command"] == "meeting show"
    )
    assert (entry["purpose"], entry["categories"]) == ("nickname", ["meetings"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "--title", "x", "--date", "2026-02-31"), 3),
        (("add", "--title", "x", "--date", "2026-02-01", "--time", "25:00"), 3),
        (("add", "--title", "x", "--date", "2026-02-01", "--capacity", "0"), 2),
        (("add", "--title", "x" * 300, "--date", "2026-02-01"), 3),
        (("add", "--title", "x"), 2),
        (("add",), 2),
        (("show", "9"), 4),
        (("declare", "9", "1"), 4),
        (("declare", "1", "999"), 4),
        (("declare", "1", "2", "999"), 4),
        (("declare", "1", "2", "--companions", "-1"), 2),
        (("declare", "x", "1"), 2),
        (("attend", "9", "1"), 4),
        (("absent", "1", "5"), 3),
        (("attend", "2", "1"), 3),
        (("show", "99999999999999999999"), 2),
        (("declare", "2", "1"), 3),
        (("cancel", "2"), 3),
    ],
)
def test_bad_input_for_meetings(members: Soc, arguments: tuple[str, ...], code: int) -> None:
    for title in ("held", "cancelled"):
        members("meeting", "add", "--title", title, "--date", "2099-04-12")
    members("meeting", "cancel", "2")
    before = members("meeting", "list", "--json").json
    answer = members("meeting", *arguments, ok=False)
    assert answer.code == code, answer
    assert members("meeting", "list", "--json").json == before


def test_p9_an_inquiry_from_arrival_to_its_end(members: Soc) -> None:
    members(
        "inquiry",
        "log",
        "--member",
        "7",
        "--kind",
        "view",
        "--body",
        "見せてください。",
        "--received-at",
        "2026-04-01 09:30",
    )
    members(
        "inquiry",
        "log",
        "--from-name",
        "外部",
        "--from-contact",
        "x@example.net",
        "--body",
        "-",
        stdin="一行目\n二行目\n".encode(),
    )
    first, second = members("inquiry", "list", "--json").json
    assert list(first) == [
        "number", "received_at", "channel", "kind", "member", "from_name", "from_contact", "subject", "body", "status", "due_on", "answered_at", "replies", "identity", "identity_check", "agent", "mandate", "outcome", "reason", "fee", "entry", "linked_on", "warn_on", "suit_from", "days_left",
    ]  # fmt: skip
    assert (first["due_on"], first["received_at"], first["member"]) == (
        "2026-04-15",
        "2026-04-01T09:30+09:00",
        "SOC-0007",
    )
    assert (second["due_on"], second["body"]) == (None, "一行目\n二行目")
    members("inquiry", "reply", "1", "--body", "お渡しします。")
    shown = members("inquiry", "show", "1", "--json").json
    assert (shown["status"], shown["replies"][0]["body"], shown["replies"][0]["operator"]) == (
        "answered",
        "お渡しします。",
        "tester",
    )
    members("inquiry", "close", "1")
    assert [i["number"] for i in members("inquiry", "list", "--open", "--json").json] == [2]
    entries = [
        (e["act"], e["occasion"], e["members"])
        for e in members("journal", "list", "--json").json
        if e["occasion"] == "inquiry"
    ]
    assert entries == [
        ("log", "inquiry", "7"),
        ("log", "inquiry", ""),
        ("reply", "inquiry", "7"),
        ("close", "inquiry", "7"),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("log", "--member", "7", "--body", ""), 3),
        (("log", "--member", "7", "--body", " \n "), 3),
        (("log", "--member", "7"), 2),
        (("log", "--body", "x"), 2),
        (("log", "--from-name", " ", "--body", "x"), 3),
        (("log", "--member", "999", "--body", "x"), 4),
        (("log", "--member", "7", "--body", "x", "--kind", "sale"), 3),
        (("log", "--member", "7", "--body", "x", "--received-at", "2999-01-01"), 3),
        (("log", "--member", "7", "--body", "x", "--received-at", "2026-02-31"), 3),
        (("log", "--member", "7", "--body", "\x1b[2J"), 3),
        (("show", "9"), 4),
        (("reply", "9", "--body", "x"), 4),
        (("reply", "1", "--body", ""), 3),
        (("reply", "2", "--body", "x"), 3),
        (("close", "2"), 3),
        (("close", "9"), 4),
    ],
)
def test_bad_input_for_inquiries(members: Soc, arguments: tuple[str, ...], code: int) -> None:
    for text in ("open", "closed"):
        members("inquiry", "log", "--member", "7", "--body", text)
    members("inquiry", "close", "2")
    before = members("inquiry", "list", "--json").json
    answer = members("inquiry", *arguments, ok=False)
    assert answer.code == code, answer
    assert members("inquiry", "list", "--json").json == before


# own data ---------------------------------------------------------------------


def test_r1_what_outlives_an_erasure_is_told(agreed: Soc, path: Path, tmp_path: Path) -> None:
    give(agreed, "consent", tmp_path / "a.csv")
    give(agreed, "inquiry", tmp_path / "b.csv")
    until = kept_through(Clock().today(), 3).isoformat()
    agreed("export", "7", "--to", tmp_path / "out")
    retained = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))["retained"]
    assert [one["until"] for one in retained] == [until, None]
    answer = agreed("member", "erase", "7", "--yes")
    assert until in answer.err
    first, second = agreed("disclosure", "list", "--json").json
    assert (first["members"], second["members"]) == (["SOC-0007"], ["SOC-0007"])
    assert agreed("consent", "list", "--json").json == []
    con = driver.connect(path, 1)
    names = [
        row["name"]
        for row in con.execute("select name from disclosure_member order by disclosure_id")
    ]
    con.close()
    assert names == ["髙﨑 壮", None], "D1 keeps the name for its period, D2 never had it"
    agreed("journal", "verify")


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_page_is_whole_and_harmless(
    members: Soc, path: Path, tmp_path: Path, spoken: str
) -> None:
    members(
        "inquiry",
        "log",
        "--member",
        "7",
        "--subject",
        "<script>alert(1)</script>",
        "--body",
        "\"><img src=x onerror=y> & 'quote'",
    )
    members("--lang", spoken, "export", "7", "--to", tmp_path)
    page = (tmp_path / "own-data.html").read_text("utf-8")
    assert f'<html lang="{spoken}">' in page
    for outside in ("<script", "http:", "https:", "<img", "<link", "@import", "url("):
        assert outside not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "髙﨑 壮" in page
    if spoken == "ja":
        assert "あなたのデータ" in page
        words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)
        left = set(re.findall(r"\b[A-Z][a-z]{3,}\b", words))
        assert left == set(), "English words on a Japanese page"


# two at once ----------------------------------------------------------------------------------


def test_two_at_once_lose_nothing(agreed: Soc, path: Path, tmp_path: Path) -> None:
    agreed("meeting", "add", "--title", "春", "--date", "2099-04-12", "--capacity", "11")
    script = """
import sys
from soc_cli.main import execute
me = int(sys.argv[1])
def soc(*words): return execute(list(words))
for i in range(8):
    assert soc("meeting", "declare", "1", str(me * 10 + i + 1), "-q") == 0
    assert soc("inquiry", "log", "--member", str(me + 1), "--body", f"{me} {i}", "-q") == 0
    assert soc("disclosure", "record", "--ground", "danger", "--recipient", "a", "--recipient-address", "b", "--recipient-representative", "c",
        "--danger", "d", "--protects", "life", "--urgency", "e", "--why-no-consent", "f", "--items", "name", "--member", str(me + 1),
        "--to", f"{sys.argv[2]}/given-{me}-{i}.csv", "-q") == 0
"""
    environment = {**os.environ, "SOC_DB": str(path)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(me), str(tmp_path)],
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for me in (1, 2)
    ]
    for one in running:
        _out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
    meeting = agreed("meeting", "show", "1", "--json").json
    assert (meeting["declared"], meeting["waiting"]) == (11, 5), "the capacity holds under two"
    waiting = [one["waiting"] for one in meeting["people"] if one["waiting"] is not None]
    assert sorted(waiting) == [1, 2, 3, 4, 5]
    assert len(agreed("inquiry", "list", "--json").json) == 16
    records = agreed("disclosure", "list", "--json").json
    assert len(records) == 16 == len(list(tmp_path.glob("given-*.csv")))
    hashes = {
        hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.glob("given-*.csv")
    }
    assert hashes == {record["file_sha256"] for record in records}
    agreed("journal", "verify")
