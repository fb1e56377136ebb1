"""`soc member` and `soc export`, as a secretary and a script use them."""

import json
import re
import stat
import sys
from pathlib import Path

import pytest

from soc_cli.formats.listing import WRITERS
from soc_cli.model.text import UNSAFE
from tests.conftest import Soc

PROMISED = [
    "number", "name", "kana", "nickname", "email", "phone", "birth_date", "age", "sex", "postal_code", "address",
    "occupation", "industry", "interests", "status", "joined_on", "left_on", "choices", "withheld",
]  # fmt: skip


def test_add_answers_with_the_number_alone(club: Soc) -> None:
    assert club("member", "add", "--name", "小野 節子").out == "SOC-0001\n"
    assert (
        club(
            "member",
            "add",
            "--name",
            "小野 節夫",
            "--interest",
            "釣り",
            "--interest",
            "カー・オーディオ",
        ).out
        == "SOC-0002\n"
    )
    member = club("member", "show", "2", "--json").json
    assert member["interests"] == ["釣り", "カー・オーディオ"]
    assert member["sex"] == "undisclosed"
    assert member["choices"] == {"notice_email": None, "notice_post": None, "survey": None}


def test_the_keys_are_there_always_and_in_order(members: Soc) -> None:
    assert list(members("member", "show", "1", "--json").json) == PROMISED
    for member in members("member", "list", "--json").json:
        assert list(member) == PROMISED


def test_p4_a_list_withholds_what_contact_does_not_grant(members: Soc) -> None:
    member = members("member", "list", "--limit", "1", "--json").json[0]
    assert member["withheld"] == [
        "nickname",
        "birth_date",
        "age",
        "sex",
        "occupation",
        "industry",
        "interests",
        "choices",
    ]
    assert all(member[key] is None for key in member["withheld"])
    lines = members("member", "list").out
    for value in ("1963-05-01", "さっちゃん3", "農林漁業", "女性", "female"):
        assert value not in lines


@pytest.mark.parametrize(
    ("purpose", "granted"),
    [
        ("content", {"age", "sex", "postal_code", "occupation", "industry", "interests"}),
        ("verify", {"name", "kana", "address", "birth_date", "phone"}),
        ("nickname", {"nickname"}),
        ("refuse", {"name", "kana", "address", "postal_code"}),
        (
            "inquiry",
            {
                "name",
                "kana",
                "email",
                "phone",
                "address",
                "age",
                "sex",
                "postal_code",
                "occupation",
                "industry",
                "interests",
            },
        ),
    ],
)
def test_each_purpose_lists_its_own(members: Soc, purpose: str, granted: set[str]) -> None:
    for member in (
        *members("member", "list", "--for", purpose, "--json").json,
        members("member", "show", "3", "--for", purpose, "--json").json,
    ):
        assert set(PROMISED) - set(member["withheld"]) == granted | {
            "number",
            "status",
            "joined_on",
            "left_on",
            "withheld",
        }


@pytest.mark.parametrize("purpose", ["own-record", "prefill"])
def test_p3_p6_list_nobody(members: Soc, purpose: str) -> None:
    assert members("member", "list", "--for", purpose, ok=False).code == 5
    assert members("member", "find", "小野", "--for", purpose, ok=False).code == 5
    assert members("member", "show", "1", "--for", purpose).code == 0


def test_a_list_is_in_the_order_of_the_reading(members: Soc) -> None:
    kana = [m["kana"] for m in members("member", "list", "--json").json]
    assert kana == sorted(kana)
    numbers = [m["number"] for m in members("member", "list", "--sort", "number", "--json").json]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    "text",
    [
        "髙崎",
        "高﨑",
        "タカサキ",
        "たかさき",
        "ﾀｶｻｷ",
        "aoi.sasaki.7",
        "1234-1007",
        "０９０１２３４１００７",
        "グランドール805",
        "ｸﾞﾗﾝﾄﾞｰﾙ８０５",
    ],
)
def test_find_by_any_part_in_any_spelling(members: Soc, text: str) -> None:
    found = [m["number"] for m in members("member", "find", text, "--json").json]
    assert "SOC-0007" in found
    assert len(found) < 10


def test_find_puts_the_whole_match_first(members: Soc) -> None:
    members("member", "add", "--name", "林", "--kana", "ハヤシ")
    assert members("member", "find", "林", "--json").json[0]["number"] == "SOC-0121"


def test_every_stored_address_finds_its_owner(members: Soc) -> None:
    stored = members("member", "list", "--for", "refuse", "--json").json[::10]
    for member in stored:
        for part in (member["address"], member["address"][6:], member["address"][:-4]):
            assert member["number"] in [
                m["number"] for m in members("member", "find", part, "--json").json
            ]


def test_r1_a_correction_changes_what_was_said_and_nothing_else(members: Soc) -> None:
    before = members("member", "show", "7", "--json").json
    after = members(
        "member",
        "edit",
        "7",
        "--phone",
        "０５２ー１２３ー４５６７",
        "--notice-email",
        "yes",
        "--json",
    ).json
    assert {key for key in before if before[key] != after[key]} == {"phone", "choices"}
    assert after["phone"] == "052-123-4567"
    assert members("member", "show", "7", "--json").json == after
    assert (
        members("member", "edit", "7", "--phone", "", "--sex", "", "--json").json["phone"] is None
    )
    assert members("member", "show", "7", "--json").json["sex"] == "undisclosed"
    assert "Nothing to correct" in members("member", "edit", "7", "--sex", "").err


def test_c2_a_correction_is_on_record_by_field_names(members: Soc) -> None:
    members("member", "edit", "7", "--name", "高崎 壮", "--kana", "タカザキ ソウ")
    entry = members("journal", "list", "--json").json[-1]
    assert (entry["act"], entry["fields"], entry["occasion"], entry["members"]) == (
        "correct",
        ["name", "kana"],
        "registration",
        "7",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--name", ""),
        ("--kana", "漢字"),
        ("--joined-on", "1990-01-01"),
        ("--nickname", "みー6"),
        ("--from", "none.json"),
    ],
)
def test_a_wrong_correction_changes_nothing(members: Soc, arguments: tuple[str, ...]) -> None:
    before = members("member", "show", "7", "--json").json
    assert members("member", "edit", "7", *arguments, ok=False).code in (2, 3, 4)
    assert members("member", "show", "7", "--json").json == before


def test_from_a_json_file_or_standard_input(club: Soc, tmp_path: Path) -> None:
    person = {
        "name": "小野 節子",
        "interests": ["釣り", "旅行"],
        "choices": {"survey": True},
        "phone": None,
    }
    file = tmp_path / "person.json"
    file.write_text(json.dumps(person), "utf-8")
    assert club("member", "add", "--from", file, "--kana", "おの").out == "SOC-0001\n"
    member = club("member", "show", "1", "--json").json
    assert (member["interests"], member["choices"]["survey"], member["kana"]) == (
        ["釣り", "旅行"],
        True,
        "オノ",
    )
    club("member", "edit", "1", "--from", "-", stdin=b'{"kana": ""}')
    assert club("member", "show", "1", "--json").json["kana"] is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"name": 1.5}', '{"name": true}', '{"name": ["a", "b"]}', '{"name": "a", "car": "b"}', '{"name": "a", "choices": "x"}',
     '{"name": "a", "choices": {"name": "b"}}', "{}", "[" * 100_000, '{"name": NaN}', '{"name": "a", "phone": 9012345678}'],
)  # fmt: skip
def test_json_of_another_kind_is_refused(club: Soc, text: str) -> None:
    answer = club("member", "add", "--from", "-", stdin=text.encode(), ok=False)
    assert answer.code == 3
    assert club("member", "list", "--json").json == []


def test_a_nickname_of_digits_never_stands_for_somebody_else(club: Soc) -> None:
    club("member", "add", "--name", "甲", "--nickname", "2")
    club("member", "add", "--name", "乙")
    club("member", "erase", "2", "--yes")
    assert club("member", "erase", "2", "--yes", ok=False).code == 4
    assert club("member", "show", "1", "--json").json["name"] == "甲"


def test_the_nine_purposes_and_the_fields_are_asked_on_a_terminal(
    club: Soc, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.terminal import ask

    asked: list[str] = []
    answers = {"--name": "小野 節子", "--nickname": "せっちゃん", "--birth-date": "S38.5.1"}

    def text(question: str, check: object, option: str) -> str:
        asked.append(option)
        check(answers.get(option, ""))  # type: ignore[operator]
        return answers.get(option, "")

    def select(question: str, choices: list[tuple[str, str]], option: str) -> str:
        asked.append(option)
        return "yes" if option == "--survey" else ""

    monkeypatch.setattr(ask, "text", text)
    monkeypatch.setattr(ask, "select", select)
    answer = club("member", "add", "--phone", "052-123-4567")
    for clause in (f"P{n}  " for n in range(1, 10)):
        assert clause in answer.err
    assert asked[0] == "--name"
    assert "--phone" not in asked
    assert len(asked) == 15
    member = club("--lang", "ja", "member", "show", "1", "--json").json
    assert (member["birth_date"], member["phone"], member["choices"]["survey"]) == (
        "1963-05-01",
        "052-123-4567",
        True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_typed_by_a_person_on_a_real_terminal(club: Soc, tmp_path: Path) -> None:
    from tests.person import Person

    club("member", "add", "--name", "先客", "--nickname", "ターボ")
    person = Person("member", "add", folder=tmp_path)
    for asked, typed in (
        ("氏名", "髙﨑 壮"),
        ("フリガナ", "たかさき そう"),
        ("ニックネーム", "たーぼ"),
    ):
        person.types(typed, asked)
    person.sees("すでに使われています")
    person.presses("2\r")
    for asked, typed in (
        ("メールアドレス", "so@example.jp"),
        ("電話番号", ""),
        ("生年月日", "S44.11.3"),
        ("性別", "男"),
        ("郵便番号", ""),
        ("住所", ""),
        ("職業", ""),
        ("業種", ""),
        ("趣味", "ドライブ・洗車"),
        ("入会日", ""),
        ("メール案内", ""),
        ("郵送案内", ""),
        ("アンケート", ""),
    ):
        person.types(typed, asked)
    assert person.ends() == 0
    assert b"SOC-0002" in person.all
    assert b"P9" in person.all, "what the answers are for is said first"
    member = club("member", "show", "2", "--json").json
    assert (member["name"], member["kana"], member["nickname"], member["birth_date"]) == (
        "髙﨑 壮",
        "タカサキ ソウ",
        "たーぼ2",
        "1969-11-03",
    )
    assert member["interests"] == ["ドライブ", "洗車"]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_ctrl_c_at_a_question_registers_nobody(club: Soc, tmp_path: Path) -> None:
    from tests.person import Person

    person = Person("member", "add", folder=tmp_path, lang="en")
    person.sees("Name")
    person.presses("小野\x03")
    person.sees("interrupted")
    assert person.ends() == 130
    assert club("member", "list", "--json").json == []


HOSTILE = [
    "[/x]",
    "[bold]x",
    "=1+1",
    "'; drop table member; --",
    "𠮷野 葛\U000e0100城",
    "%s{name}",
    "-h",
    "\\u001b",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", [*WRITERS, "table"])
def test_s1_hostile_names_are_harmless_in_every_format(club: Soc, name: str, form: str) -> None:
    club("member", "add", "--from", "-", stdin=json.dumps({"name": name, "address": name}).encode())
    for command in (("member", "list"), ("member", "find", "--", name), ("member", "show", "1")):
        answer = club(*command[:2], "-f", form, *command[2:])
        assert not UNSAFE.search(answer.out.translate({9: None, 10: None, 13: None}))
        if form in ("json", "jsonl"):
            assert json.dumps(name, ensure_ascii=False) in answer.out
    assert club("policy", "check").code == 0


def test_s1_what_got_into_the_file_by_another_way_is_shown_harmlessly(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.store import driver

    con = driver.connect(path, 1)
    con.execute(
        "update member set name = ?, address = ? where id = 7",
        ("a\x1b[2J\x07b\u202ec\nd", "x\u2066\x9b31m"),
    )
    con.close()
    for form in (*WRITERS, "table"):
        for columns in ("20", "80", "200"):
            monkeypatch.setenv("COLUMNS", columns)
            for command in (
                ("member", "show", "7"),
                ("member", "list"),
                ("member", "find", "たかさき"),
            ):
                text = members(*command, "-f", form).out
                for character in "\x1b\x07\u202e\u2066\x9b":
                    assert character not in text


@pytest.mark.parametrize("columns", ["20", "40", "80", "120", "220"])
def test_a_table_loses_nothing_and_stays_in_its_terminal(
    members: Soc, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    from soc_cli.model.text import width

    monkeypatch.setenv("COLUMNS", columns)
    text = members("member", "list", "-f", "table").out
    assert "SOC-0007" in text
    squeezed = "".join(text.split())
    if int(columns) > 36:  # below that the terminal folds the lines itself
        assert all(width(line) <= int(columns) for line in text.splitlines())
    assert "髙﨑壮" in squeezed or "髙﨑" in squeezed


@pytest.mark.skipif(sys.platform == "win32", reason="shells and devices of Unix")
def test_broken_pipe_is_no_traceback(members: Soc, path: Path) -> None:
    import os
    import subprocess

    done = subprocess.run(
        f"{sys.executable} -m soc_cli member list | head -1; {sys.executable} -m soc_cli member list > /dev/full; {sys.executable} -m soc_cli path >&-",
        shell=True, capture_output=True, text=True, check=False, env={**os.environ, "SOC_DB": str(path)},
    )  # fmt: skip
    assert done.stdout.startswith("SOC-0022")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


# own data ------------------------------------------------------------------------------------

KEYS = [
    "format", "policy", "generated_at", "complete_from", "member", "choices", "periods", "merged", "refusals", "meetings", "inquiries", "stops", "usage", "links", "surveys", "notices",
    "disclosures", "consents", "files", "accesses", "corrections", "purposes", "retained",
]  # fmt: skip


def test_r1_p3_own_data_is_whole_and_tells_who_read_it(members: Soc, tmp_path: Path) -> None:
    members("member", "list")
    members("member", "edit", "7", "--phone", "052-123-4567")
    members("member", "edit", "8", "--phone", "052-123-8888")
    answer = members("export", "7", "--to", tmp_path / "out")
    file = tmp_path / "out" / "own-data.json"
    assert answer.out.startswith(f"{file}\n")
    data = json.loads(file.read_text("utf-8"))
    assert list(data) == KEYS
    shown = members("member", "show", "7", "--json").json
    assert data["member"] == {
        key: value for key, value in shown.items() if key not in ("choices", "withheld")
    }
    assert data["choices"] == shown["choices"]
    assert [(c["command"], c["fields"]) for c in data["corrections"]] == [
        ("member edit", ["phone"])
    ]
    assert [(a["act"], a["purpose"]) for a in data["accesses"]] == [
        ("import", "upkeep"), ("read", "contact"), ("read", "own-record"), ("correct", "own-record"), ("export", "own-record"),
    ]  # fmt: skip
    assert [p["clause"] for p in data["purposes"]] == [f"P{n}" for n in range(1, 10)]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_own_data_holds_nothing_of_anybody_else(members: Soc, tmp_path: Path) -> None:
    others = [m for m in members("member", "list", "--json").json if m["number"] != "SOC-0007"]
    members("export", "7", "--to", tmp_path)
    text = (tmp_path / "own-data.json").read_text("utf-8")
    assert "髙﨑 壮" in text
    for other in others:
        for value in (other["number"], other["name"], other["email"], other["address"]):
            assert value not in text


def test_own_data_is_never_written_over_or_through_a_link(members: Soc, tmp_path: Path) -> None:
    members("export", "7", "--to", tmp_path / "out")
    before = len(members("journal", "list", "--json").json)
    assert members("export", "7", "--to", tmp_path / "out", ok=False).code == 3
    assert len(members("journal", "list", "--json").json) == before, "no file, no record of one"
    assert members("export", "8", "--to", tmp_path / "out", "--force").code == 0
    if sys.platform != "win32":
        link = tmp_path / "linked" / "own-data.json"
        link.parent.mkdir()
        link.symlink_to(tmp_path / "elsewhere.json")
        assert members("export", "7", "--to", link.parent, "--force", ok=False).code == 3
        assert not (tmp_path / "elsewhere.json").exists()


# tour ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_tour_runs_what_it_shows_and_leaves_nothing(
    soc: Soc, spoken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = soc("--lang", spoken, "tour")
    assert "$ soc member import members.csv" in answer.out
    assert "SOC-0064\t髙﨑 壮" in answer.out
    for noun in ("member", "meeting", "inquiry", "export", "consent", "disclosure", "journal"):
        assert f"$ soc {noun}" in answer.out
    assert re.search(r"^[0-9]+:[0-9a-f]{64}$", answer.out, re.M), "the journal verifies"
    assert list(tmp_path.iterdir()) == []
