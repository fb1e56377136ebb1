"""A member's life: corrected, asked, verified, left, come back."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.model.errors import Refused
from tests.conftest import Soc


@pytest.fixture
def one(club: Soc) -> Soc:
    """A register of one member with everything that a verification asks."""
    club(
        "member", "add", "--name", "髙﨑 壮", "--kana", "タカサキ ソウ", "--phone", "052-123-0102",
        "--birth-date", "1975-04-01", "--address", "愛知県名古屋市中村区名駅1-1-4", "--joined-on", "2004-05-22",
    )  # fmt: skip
    return club


def test_r1_history_names_fields_and_the_request_and_never_a_value(one: Soc) -> None:
    one("inquiry", "log", "--member", "1", "--kind", "correct", "--body", "電話が変わりました")
    one("member", "edit", "1", "--phone", "052-999-0102", "--request", "1")
    answer = one("member", "history", "1", "--json")
    (corrected,) = [entry for entry in answer.json if entry["act"] == "correct"]
    assert (corrected["fields"], corrected["request"]) == (["phone"], 1)
    assert "052" not in answer.out
    one("inquiry", "log", "--from-name", "A", "--body", "x")
    assert one("member", "edit", "1", "--phone", "", "--request", "2", ok=False).code == 3
    assert one("member", "edit", "1", "--phone", "", "--request", "9", ok=False).code == 4


def test_a_correction_can_be_tried(one: Soc) -> None:
    shown = one("member", "edit", "1", "--phone", "052-999-0102", "--dry-run", "--json").json
    assert shown["phone"] == "052-999-0102"
    assert one("member", "show", "1", "--json").json["phone"] == "052-123-0102"


def test_r2_choices_are_shown_and_set(one: Soc) -> None:
    assert one("member", "choices", "1", "--json").json == {
        "notice_email": None, "notice_post": None, "survey": None,
    }  # fmt: skip
    answer = one("member", "choices", "1", "--notice-email", "yes", "--survey", "no", "--json")
    assert answer.json == {"notice_email": True, "notice_post": None, "survey": False}
    (entry,) = [e for e in one("member", "history", "1", "--json").json if e["act"] == "correct"]
    assert entry["fields"] == ["notice_email", "survey"]


RIGHT = {
    "--name": "高崎壮", "--address": "愛知県名古屋市中村区名駅１丁目１番４号", "--birth-date": "S50.4.1",
    "--phone": "０５２（１２３）０１０２",
}  # fmt: skip


def words(said: dict[str, str]) -> list[str]:
    return [word for pair in said.items() for word in pair]


def test_p5_verify_says_yes_in_any_spelling(one: Soc) -> None:
    answer = one("member", "verify", "1", *words(RIGHT), "--json").json
    assert (answer["verified"], answer["member"]) == (True, "SOC-0001")
    entry = one("journal", "list", "--json").json[-1]
    assert (entry["number"], entry["act"], entry["purpose"]) == (answer["entry"], "verify", "verify")  # fmt: skip
    kana = {**RIGHT, "--name": "ﾀｶｻｷ ｿｳ"}
    assert one("member", "verify", "1", *words(kana), "--agent", "mandate", "--json").json[
        "verified"
    ]
    assert one("journal", "list", "--json").json[-1]["details"] == "agent=mandate"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--name", "高橋 壮"), ("--address", "愛知県"), ("--birth-date", "1975-04-02"), ("--birth-date", "昨日"),
        ("--phone", "052-123-0103"), ("--phone", ""), ("--phone", "12"),
    ],
)  # fmt: skip
def test_p5_verify_never_says_what_was_wrong(
    one: Soc, option: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    answer = one("member", "verify", "1", *words({**RIGHT, option: said}), ok=False)
    assert answer.code == 5
    assert answer.err == "soc: not verified: which answer was wrong is not said\n"
    assert "verified\tno" in answer.out


def test_p5_wrong_answers_are_counted_slowed_and_stopped(
    one: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    wrong = words({**RIGHT, "--phone": "052-123-9999"})
    for _try in range(10):
        assert one("member", "verify", "1", *wrong, ok=False).code == 5
    assert slept == [1, 3, 7, 15, 31, 60, 60, 60, 60]
    answer = one("member", "verify", "1", *words(RIGHT), ok=False)
    assert (answer.code, "too many wrong answers" in answer.err) == (5, True)


def test_p5_who_has_only_a_name_cannot_be_verified(club: Soc) -> None:
    club("member", "add", "--name", "小野 節子")
    assert club("member", "verify", "1", "--name", "小野 節子", ok=False).code == 5
    assert club("member", "verify", "1", ok=False).code == 2
    assert club("member", "verify", "1", "--name", "x", "--agent", "friend", ok=False).code == 2


def test_whoever_left_comes_back_under_the_same_number(one: Soc, tmp_path: Path) -> None:
    one("member", "withdraw", "1", "--on", "2010-03-31")
    left = one("member", "show", "1", "--json").json
    assert (left["status"], left["left_on"]) == ("withdrawn", "2010-03-31")
    assert one("member", "withdraw", "1", ok=False).code == 3
    assert one("member", "rejoin", "1", "--on", "2009-01-01", ok=False).code == 3
    one("member", "rejoin", "1", "--on", "2012-02-29")
    back = one("member", "show", "1", "--json").json
    assert (back["number"], back["status"], back["joined_on"], back["left_on"]) == (
        "SOC-0001", "active", "2012-02-29", None,
    )  # fmt: skip
    assert one("member", "rejoin", "1", ok=False).code == 3
    assert one("member", "withdraw", "1", "--on", "2011-01-01", ok=False).code == 3
    one("export", "1", "--to", tmp_path / "own")
    data = (tmp_path / "own" / "own-data.json").read_text("utf-8")
    assert '"joined_on": "2004-05-22"' in data
    assert '"left_on": "2010-03-31"' in data
    one("member", "erase", "1", "--yes")
    for option in ("withdraw", "rejoin", "history", "choices"):
        assert one("member", option, "1", ok=False).code == 4


@pytest.mark.parametrize("day", ["2030-01-01", "2026-02-30", "x"])
def test_a_day_that_cannot_be_is_told(one: Soc, day: str) -> None:
    assert one("member", "withdraw", "1", "--on", day, ok=False).code == 3


def test_doubles_are_told_with_why_and_can_be_told_apart(club: Soc, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        "会員番号,氏名,メールアドレス,電話番号,生年月日\n"
        "1,髙橋 一,a@example.jp,03-1234-5678,1980-01-01\n2,高橋　一,b@example.jp,０３-1234-5678,1980-01-01\n"
        "3,森 花,h@example.jp,,1990-02-02\n4,林 花,H@example.jp,,1990-02-02\n"
        "5,佐藤 一,s@example.jp,,1960-01-01\n6,佐藤 二,s@example.jp,,1962-01-01\n7,髙橋 一,,,\n",
        "utf-8",
    )
    club("member", "import", path)
    answer = club("member", "duplicates", "--json").json
    assert answer == [
        {"member": "SOC-0001", "other": "SOC-0002", "fields": ["name", "phone", "birth_date"]},
        {"member": "SOC-0003", "other": "SOC-0004", "fields": ["email", "birth_date"]},
    ]
    entry = club("journal", "list", "--json").json[-1]
    assert (entry["act"], entry["members"]) == ("read", "1-4")
    club("member", "duplicates", "--apart", "4", "3")
    assert [one["member"] for one in club("member", "duplicates", "--json").json] == ["SOC-0001"]
    assert club("member", "duplicates", "--apart", "3", "4", ok=False).code == 3
    assert club("member", "duplicates", "--apart", "3", "3", ok=False).code == 2
    club("member", "erase", "4", "--yes")
    assert club("member", "duplicates", "--json").json != []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a person types at each question, by its option; Enter elsewhere."""
    from soc_cli.terminal import ask

    said: dict[str, str] = {}

    def text(question: str, check: Callable[[str], object], option: str, default: str = "") -> str:
        typed = said.get(option, default)
        check(typed)
        return typed

    def select(question: str, answers: object, option: str, default: str = "") -> str:
        return said.get(option, default)

    def confirm(question: str, yes: bool) -> None:
        if said.get("confirm") == "no":
            raise Refused("not confirmed: nothing was changed")
        if "meanwhile" in said:
            OTHER.pop()()

    for name, stand_in in (("text", text), ("select", select), ("confirm", confirm)):
        monkeypatch.setattr(ask, name, stand_in)
    return said


OTHER: list[Callable[[], object]] = []


def test_a_form_shows_what_will_change_before_it_changes(
    one: Soc, terminal: None, asked: dict[str, str]
) -> None:
    asked |= {"--phone": "０５２−９９９−０１０２", "--survey": "yes", "--kana": ""}
    answer = one("member", "edit", "1", "--json")
    assert "Phone: 052-123-0102 → ０５２−９９９−０１０２" in answer.err
    assert "Surveys: (empty) → yes" in answer.err
    assert (answer.json["phone"], answer.json["kana"], answer.json["choices"]["survey"]) == (
        "052-999-0102", None, True,
    )  # fmt: skip
    before = one("member", "show", "1", "--json").json
    asked |= {"--phone": "052-111-1111", "confirm": "no"}
    assert one("member", "edit", "1", ok=False).code == 5
    assert one("member", "show", "1", "--json").json == before


def test_two_corrections_at_once_do_not_overwrite_each_other(
    one: Soc, terminal: None, asked: dict[str, str]
) -> None:
    asked |= {"--phone": "052-111-1111", "meanwhile": "yes"}
    OTHER.append(lambda: one("member", "edit", "1", "--phone", "052-222-2222"))
    answer = one("member", "edit", "1", ok=False)
    assert (answer.code, "somebody else has changed this meanwhile: Phone" in answer.err) == (
        3,
        True,
    )
    assert one("member", "show", "1", "--json").json["phone"] == "052-222-2222"
    OTHER.append(lambda: one("member", "edit", "1", "--name", "髙﨑 壮太"))
    one("member", "edit", "1")
    shown = one("member", "show", "1", "--json").json
    assert (shown["name"], shown["phone"]) == ("髙﨑 壮太", "052-111-1111")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("--name", "O'Brien 花", "--birth-date", "2000-02-29"), {"name": "O'Brien 花", "birth_date": "2000-02-29"}),
        (("--name", "林", "--joined-on", "2020-01-31"), {"name": "林", "joined_on": "2020-01-31"}),
        (("--name", "㈱みほん商会",), {"name": "㈱みほん商会", "birth_date": None, "sex": "undisclosed"}),
        (("--name", "𠮷田 葛\U000e0100", "--kana", "ﾖｼﾀﾞ ｶﾂﾗ"), {"name": "𠮷田 葛\U000e0100", "kana": "ヨシダ カツラ"}),
        (("--name", "'; drop table member; --"), {"name": "'; drop table member; --"}),
        (("--name", "[/x] =1+1"), {"name": "[/x] =1+1"}),
    ],
)  # fmt: skip
def test_unusual_people_are_people(
    club: Soc, said: tuple[str, ...], shown: dict[str, object]
) -> None:
    number = club("member", "add", *said).out.strip()
    member = club("member", "show", number, "--json").json
    assert {key: member[key] for key in shown} == shown
    name = said[1]
    letter = next(character for character in name if character.isalpha())
    for part in (name, letter, name.replace("𠮷", "吉").replace("\U000e0100", "")):
        assert [m["number"] for m in club("member", "find", part, "--json").json] == [number], part
    assert club("member", "find", name, "--format", "table").code == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (("--name", ""), "no name"), (("--name", "　"), "no name"), (("--name", "a\x1b[2Jb"), "control character"),
        (("--name", "甲", "--birth-date", "2001-02-29"), "no such day"),
        (("--name", "甲", "--joined-on", "2021-06-31"), "no such day"),
        (("--name", "甲", "--birth-date", "2001-01-01", "--joined-on", "2000-12-31"), "joined before being born"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nobody_is_registered(
    club: Soc, said: tuple[str, ...], reason: str
) -> None:
    answer = club("member", "add", *said, ok=False)
    assert answer.code in (2, 3), answer
    if answer.code == 3:
        assert reason in answer.err
    assert club("member", "list", "--json").json == []


def test_p5_wrong_answers_given_at_once_wait_as_long_as_one_after_another(
    one: Soc, path: Path
) -> None:
    from soc_cli.model.clocks import Clock
    from soc_cli.operations import verifying
    from soc_cli.policy import form
    from soc_cli.store.register import Register, Run

    run, policy = Run("tester", "test", Clock()), form.packaged()
    entries = []
    for _try in range(4):  # all of them begin before the first answer is given
        with Register.open(path, policy, run, "verify") as register:
            entries.append(verifying.verify(register, 1, {"name": "x"}, None).entry)
    with Register.open_upkeep(path, policy, run) as upkeep:
        assert [verifying.wait(upkeep, 1, entry) for entry in entries] == [0, 1, 3, 7]


def test_r1_choices_name_a_request_that_is_there(one: Soc) -> None:
    assert one("member", "choices", "1", "--survey", "yes", "--request", "9", ok=False).code == 4


@pytest.mark.parametrize(
    ("text", "purpose", "code"),
    [("20010101", "contact", 0), ("2001010", "contact", 0), ("090", "contact", 0), ("(090)", "contact", 0), ("1111", "contact", 0),
     ("1234567", "nickname", 0), ("鈴木", "content", 5), ("鈴木", "improve", 5)],
)  # fmt: skip
def test_whatever_a_purpose_reads_is_found_by_any_part(
    club: Soc, text: str, purpose: str, code: int
) -> None:
    club("member", "add", "--name", "鈴木 一", "--email", "20010101@example.com", "--phone", "090-1111-2222", "--nickname", "1234567")  # fmt: skip
    answer = club("member", "find", text, "--for", purpose, "--json", ok=code == 0)
    assert answer.code == code
    if not code:
        assert [one["number"] for one in answer.json] == ["SOC-0001"]
    assert club("member", "find", "99", "--json").json == []
