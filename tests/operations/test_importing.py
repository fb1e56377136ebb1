"""A club's old sheet goes in: whole or not at all, everything told, nobody twice."""

import io
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soc_cli.formats import encodings, sheets
from soc_cli.formats.files import NewFile
from soc_cli.model.errors import WrongData
from soc_cli.model.fields import BY_KEY
from soc_cli.model.spool import Spool
from soc_cli.operations import importing, member_import, reading
from soc_cli.operations.member_import import Founding
from soc_cli.policy.form import Policy
from soc_cli.store.register import Register
from tests import catalogues
from tests.conftest import DATA, TODAY, Soc


def digits(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isdigit())


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_sheet_as_excel_saves_it_goes_in_value_by_value(members: Soc) -> None:
    expected = json.loads((DATA / "members-cp932.expected.json").read_text("utf-8"))
    assert len(expected) == 120
    for person in expected:
        stored = members("member", "show", person["number"], "--json").json
        stored["phone_digits"] = digits(stored["phone"])
        stored["postal_digits"] = digits(stored["postal_code"])
        assert {key: stored[key] for key in person} == person


def test_the_report_has_the_promised_keys(club: Soc) -> None:
    report = club("member", "import", DATA / "members-cp932.csv", "--json").json
    assert list(report) == [
        "read", "added", "updated", "unchanged", "skipped", "rejected", "dry_run", "encoding", "format",
        "possible_doubles", "notes", "problems",
    ]  # fmt: skip
    assert report["read"] == report["added"] == 120
    assert report["encoding"] == "cp932"


def test_the_same_file_twice_adds_nobody(members: Soc) -> None:
    report = members("member", "import", DATA / "members-cp932.csv", "--json").json
    assert (report["added"], report["unchanged"], report["rejected"]) == (0, 120, 0)
    assert len(members("member", "list", "--json").json) == 120


def test_the_same_file_without_numbers_twice_adds_nobody(club: Soc, tmp_path: Path) -> None:
    lines = (DATA / "members-cp932.csv").read_bytes().decode("cp932").replace("会員番号,", ",", 1)
    import csv
    import io

    rows = list(csv.reader(io.StringIO(lines, newline="")))
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(row[1:] for row in rows)
    path = sheet(tmp_path, buffer.getvalue())
    assert club("member", "import", path, "--json").json["added"] == 120
    assert club("member", "import", path, "--json").json["unchanged"] == 120


def test_every_bad_row_is_told_and_nothing_is_kept(club: Soc) -> None:
    answer = club("member", "import", DATA / "members-bad.csv", "--json", ok=False)
    assert answer.code == 3
    expected = json.loads((DATA / "members-bad.expected.json").read_text("utf-8"))
    problems = answer.json["problems"]
    assert [(p["row"], p["column"], p["value"]) for p in problems] == [
        (p["row"], p["column"], p["value"]) for p in expected
    ]
    for problem, wanted in zip(problems, expected, strict=True):
        assert problem["reason"].startswith(wanted["reason"])
    assert (answer.json["added"], answer.json["rejected"]) == (0, 14)
    assert club("member", "list", "--json").json == []


def test_c3_an_unknown_column_refuses_the_file_by_name(club: Soc, tmp_path: Path) -> None:
    answer = club(
        "member", "import", sheet(tmp_path, "氏名,車種,年会費\n小野 節子,ソアラ,5000\n"), ok=False
    )
    assert answer.code == 3
    assert "車種" in answer.err
    assert "年会費" in answer.err
    assert club("member", "list", "--json").json == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the sheet is empty"),
        ("\n\n", "the sheet is empty"),
        ("電話番号\n052-123-4567\n", "no column for the name"),
        ("氏名,お名前\na,b\n", "the same field"),
        ('氏名,住所\n"小野,愛知\n', "can't be read as CSV"),
        ("氏名\x00\n", "not text"),
    ],
)
def test_a_file_that_is_no_sheet_is_one_sentence(
    club: Soc, tmp_path: Path, text: str, sentence: str
) -> None:
    answer = club("member", "import", sheet(tmp_path, text), ok=False)
    assert answer.code == 3
    assert sentence in answer.err


def test_bytes_that_are_no_text_are_refused(club: Soc, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x81\x00\xff\xfe")
    assert club("member", "import", path, ok=False).code == 3
    assert club("member", "import", tmp_path / "none.csv", ok=False).code == 4
    assert club("member", "import", tmp_path, ok=False).code == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encoding_is_found_out_and_said(club: Soc, tmp_path: Path, encoding: str) -> None:
    report = club("member", "import", sheet(tmp_path, "氏名\n髙﨑 ㈱～\n", encoding), "--json").json
    assert report["encoding"] == encoding.removesuffix("-sig")
    assert club("member", "show", "1", "--json").json["name"] == "髙﨑 ㈱～"


def test_standard_input_will_do(club: Soc) -> None:
    assert (
        club("member", "import", "-", "--json", stdin="氏名\n小野 節子\n".encode()).json["added"]
        == 1
    )


def test_a_dry_run_keeps_nothing_and_is_on_record(club: Soc) -> None:
    answer = club("member", "import", DATA / "members-cp932.csv", "--dry-run", "--json")
    assert (answer.json["added"], answer.json["dry_run"]) == (120, True)
    assert club("member", "list", "--json").json == []
    entry = club("journal", "list", "--json").json[1]
    assert (entry["act"], entry["outcome"], entry["members"]) == ("import", "dry-run", "")
    assert club("member", "add", "--name", "a").out == "SOC-0001\n"


def test_numbers_of_the_sheet_are_not_given_to_those_without_one(club: Soc, tmp_path: Path) -> None:
    club(
        "member",
        "import",
        sheet(tmp_path, "会員番号,氏名\n,無番 一\nSOC-0001,有番 一\nSOC-0003,有番 三\n"),
    )
    stored = {m["number"]: m["name"] for m in club("member", "list", "--json").json}
    assert stored == {"SOC-0001": "有番 一", "SOC-0003": "有番 三", "SOC-0004": "無番 一"}


def test_a_family_on_one_mailbox_is_no_double_and_a_namesake_neither(
    club: Soc, tmp_path: Path
) -> None:
    text = "氏名,メールアドレス,生年月日\n佐藤 一郎,sato@example.jp,1960-01-01\n佐藤 花子,sato@example.jp,1962-02-02\n佐藤 一郎,other@example.jp,1990-01-01\n"
    report = club("member", "import", sheet(tmp_path, text), "--json").json
    assert report["added"] == 3


def test_somebody_who_differs_is_rejected_and_the_fields_named(
    members: Soc, tmp_path: Path
) -> None:
    answer = members(
        "member",
        "import",
        sheet(tmp_path, "会員番号,氏名,電話番号\nSOC-0001,小野 節子,052-123-9999\n"),
        "--json",
        ok=False,
    )
    (problem,) = answer.json["problems"]
    assert problem["reason"] == "differs from SOC-0001 in: 電話番号"


def test_a_blank_cell_says_nothing(members: Soc, tmp_path: Path) -> None:
    report = members(
        "member",
        "import",
        sheet(tmp_path, "会員番号,氏名,電話番号,職業\nSOC-0001,小野 節子,,\n"),
        "--json",
    ).json
    assert report["unchanged"] == 1


def test_two_people_on_one_nickname_are_told(club: Soc, tmp_path: Path) -> None:
    answer = club(
        "member",
        "import",
        sheet(tmp_path, "氏名,ニックネーム\n甲 一,ターボ\n乙 二,ﾀｰﾎﾞ\n"),
        "--json",
        ok=False,
    )
    (problem,) = answer.json["problems"]
    assert (problem["row"], problem["column"]) == (3, "ニックネーム")
    assert "taken" in problem["reason"]
    assert club("member", "list", "--json").json == []


def test_rows_are_counted_as_a_spreadsheet_counts_them(club: Soc, tmp_path: Path) -> None:
    text = '\n氏名,住所,電話番号\n小野 節子,"愛知県\n名古屋市",\n\n田中 誠,,12345\n'
    answer = club("member", "import", sheet(tmp_path, text), "--json", ok=False)
    assert [p["row"] for p in answer.json["problems"]] == [5]


def test_c2_an_import_is_on_record_with_its_occasion_and_the_files_hash(members: Soc) -> None:
    import hashlib

    entry = members("journal", "list", "--json").json[1]
    assert entry["occasion"] == "registration"
    assert hashlib.sha256((DATA / "members-cp932.csv").read_bytes()).hexdigest() in entry["details"]
    assert "rows=120" in entry["details"]


def test_a_sheet_of_bare_names_goes_in_once(club: Soc, tmp_path: Path) -> None:
    path = sheet(tmp_path, "氏名,フリガナ\n小野 節子,オノ セツコ\n小野 節子,オノ セツヨ\n")
    assert club("member", "import", path, "--json").json["added"] == 2
    assert club("member", "import", path, "--json").json["unchanged"] == 2


def test_one_person_twice_in_a_sheet_is_told(club: Soc, tmp_path: Path) -> None:
    text = (
        "氏名,メールアドレス,電話番号\n高橋 一,t@example.jp,\n髙橋　一,T@EXAMPLE.JP,03-1234-5678\n"
    )
    answer = club("member", "import", sheet(tmp_path, text), "--json", ok=False)
    (problem,) = answer.json["problems"]
    assert (problem["row"], problem["reason"]) == (3, "the same person as row 2")
    numbered = "会員番号,氏名,メールアドレス\n1,高橋 一,t@example.jp\n2,高橋 一,t@example.jp\n"
    report = club("member", "import", sheet(tmp_path, numbered), "--json").json
    assert report["possible_doubles"] == [{"row": 3, "members": [], "rows": [2]}]


def test_a_blank_sex_says_nothing(club: Soc, tmp_path: Path) -> None:
    club("member", "import", sheet(tmp_path, "氏名,電話番号,性別\n小野,03-1234-5678,男\n"))
    report = club(
        "member", "import", sheet(tmp_path, "氏名,電話番号,性別\n小野,03-1234-5678,\n"), "--json"
    ).json
    assert report["unchanged"] == 1


def test_a_taken_nickname_is_told_along_with_the_rest(club: Soc, tmp_path: Path) -> None:
    text = "name,nickname,phone\nA,x,bad\nB,y,\nC,Y,\n"
    answer = club("member", "import", sheet(tmp_path, text), "--json", ok=False)
    assert [(p["row"], p["column"]) for p in answer.json["problems"]] == [
        (2, "phone"),
        (4, "nickname"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "name,address\nA,東京\nB,大阪".encode()[:-1],
        b"name\n" + "髙橋,東京都\n".encode() * 5 + "阪\n".encode("cp932"),
    ],
)
def test_text_that_only_passes_for_cp932_is_refused(club: Soc, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(data)
    answer = club("member", "import", path, ok=False)
    assert answer.code == 3
    assert "--encoding" in answer.err


def test_an_encoding_may_be_named(club: Soc, tmp_path: Path) -> None:
    path = sheet(tmp_path, "氏名\n山田 太郎\n", "euc_jp")
    assert (
        club("member", "import", path, "--encoding", "euc_jp", "--json").json["encoding"]
        == "euc_jp"
    )
    for name in ("nonsense", "punycode", "undefined", "hex"):
        assert club("member", "import", path, "--encoding", name, ok=False).code == 3


def test_a_number_too_large_is_told(club: Soc, tmp_path: Path) -> None:
    answer = club(
        "member", "import", sheet(tmp_path, "会員番号,氏名\n999999999999,小野\n"), ok=False
    )
    assert "not a member number" in answer.err


# matching ---------------------------------------------------------------------------------------

TWO = "会員番号,氏名,電話番号,職業\n1,小野 節子,03-1234-5678,\n2,田中 誠,03-1234-5679,教員\n"


def imported(soc: Soc, tmp_path: Path, text: str, *options: str, ok: bool = True) -> Any:
    return soc("member", "import", sheet(tmp_path, text), "--json", *options, ok=ok).json


@pytest.fixture
def two(club: Soc, tmp_path: Path) -> Soc:
    imported(club, tmp_path, TWO)
    return club


def stored(soc: Soc, number: int) -> Any:
    return soc("member", "show", str(number), "--json").json


CHANGED = "会員番号,氏名,電話番号,職業\n1,小野 節子,03-1234-9999,会社員\n2,田中 誠,,会社員\n"


@pytest.mark.parametrize(
    ("way", "counts", "occupations", "phone"),
    [
        ("reject", (0, 0, 0, 2), [None, "教員"], "03-1234-5678"),
        ("skip", (0, 0, 2, 0), [None, "教員"], "03-1234-5678"),
        ("update", (2, 0, 0, 0), ["会社員", "会社員"], "03-1234-9999"),
        ("fill", (1, 1, 0, 0), ["会社員", "教員"], "03-1234-5678"),
    ],
)
def test_a_row_that_differs_is_rejected_skipped_taken_or_fills(
    two: Soc, tmp_path: Path, way: str, counts: tuple[int, ...], occupations: list[str], phone: str
) -> None:
    report = imported(two, tmp_path, CHANGED, "--on-match", way, ok=way != "reject")
    keys = ("updated", "unchanged", "skipped", "rejected")
    assert tuple(report[key] for key in keys) == counts
    assert [stored(two, n)["occupation"] for n in (1, 2)] == occupations
    assert stored(two, 1)["phone"] == phone


def test_r1_what_an_import_corrects_is_on_record_by_field_and_member(
    two: Soc, tmp_path: Path
) -> None:
    imported(two, tmp_path, CHANGED, "--on-match", "update")
    entries = [e for e in two("journal", "list", "--json").json if e["act"] == "correct"]
    assert sorted((e["members"], e["details"]) for e in entries) == [("1", ""), ("2", "")]


def test_blank_cells_clear_only_where_asked(two: Soc, tmp_path: Path) -> None:
    text = "会員番号,氏名,電話番号,職業\n2,田中 誠,,\n"
    assert imported(two, tmp_path, text, "--on-match", "update")["unchanged"] == 1
    assert stored(two, 2)["occupation"] == "教員"
    assert imported(two, tmp_path, text, "--on-match", "update", "--clear-blank")["updated"] == 1
    assert (stored(two, 2)["occupation"], stored(two, 2)["phone"]) == (None, None)
    assert imported(two, tmp_path, text, "--on-match", "update", "--clear-blank")["unchanged"] == 1
    for way in ("fill", "skip"):
        path = sheet(tmp_path, text)
        answer = two("member", "import", path, "--on-match", way, "--clear-blank", ok=False)
        assert answer.code == 2


def test_a_row_that_is_several_members_is_an_error_and_never_a_guess(
    two: Soc, tmp_path: Path
) -> None:
    twin = "会員番号,氏名,電話番号\n3,小野 節子,03-1234-5678\n"
    assert imported(two, tmp_path, twin)["possible_doubles"] == [
        {"row": 2, "members": ["SOC-0001"], "rows": []}
    ]
    report = imported(two, tmp_path, "氏名,電話番号\n小野 節子,03-1234-5678\n", ok=False)
    assert [p["reason"] for p in report["problems"]] == [
        "matches several members: SOC-0001, SOC-0003"
    ]


def test_two_rows_that_match_one_are_told(two: Soc, tmp_path: Path) -> None:
    text = "氏名,電話番号,職業\n小野 節子,03-1234-5678,\n小野　節子,０３-1234-5678,会社員\n"
    report = imported(two, tmp_path, text, "--on-match", "update", "--on-error", "skip", ok=False)
    assert [(p["row"], p["value"], p["reason"]) for p in report["problems"]] == [
        (3, "小野　節子", "the same person as row 2")
    ]
    assert report["unchanged"] == 1


def test_the_ways_of_matching(two: Soc, tmp_path: Path) -> None:
    imported(two, tmp_path, "会員番号,氏名,メールアドレス\n3,林 昭,h@example.jp\n")
    moved = "会員番号,氏名,電話番号\n9,小野 節子,03-1234-5678\n"
    report = imported(two, tmp_path, moved, "--match", "person", ok=False)
    assert report["problems"][0]["reason"] == "has the number SOC-0001 already"
    taken = "会員番号,氏名,電話番号\n1,別の 人,03-1234-0000\n"
    report = imported(two, tmp_path, taken, "--match", "person", ok=False)
    assert report["problems"][0]["reason"] == "this number is somebody else's"
    report = imported(two, tmp_path, taken, "--match", "none", ok=False)
    assert report["problems"][0]["reason"] == "this number is somebody else's"
    married = "氏名,メールアドレス\n森 昭,H@example.jp\n"
    report = imported(two, tmp_path, married, "--match", "email", "--on-match", "update")
    assert (report["updated"], stored(two, 3)["name"]) == (1, "森 昭")
    again = "氏名,電話番号\n小野 節子,03-1234-5678\n"
    report = imported(two, tmp_path, again, "--match", "none")
    assert (report["added"], report["possible_doubles"]) == (
        1, [{"row": 2, "members": ["SOC-0001"], "rows": []}],
    )  # fmt: skip
    for way, code in (("email", 3), ("number", 3), ("guess", 2)):
        assert (
            two("member", "import", sheet(tmp_path, again), "--match", way, ok=False).code == code
        )


def test_an_erased_number_is_told(two: Soc, tmp_path: Path) -> None:
    two("member", "erase", "2", "--yes")
    report = imported(two, tmp_path, TWO, ok=False)
    assert [(p["row"], p["column"], p["value"]) for p in report["problems"]] == [
        (3, "会員番号", "2")
    ]
    assert "was erased on" in report["problems"][0]["reason"]
    two("member", "erase", "1", "--yes")
    report = imported(two, tmp_path, TWO, "--on-error", "skip", ok=False)
    assert (report["added"], report["rejected"]) == (0, 2)


# columns ----------------------------------------------------------------------------------------


def test_columns_are_mapped_joined_and_left_out(club: Soc) -> None:
    mapped = ["印刷=", "姓=氏名", "名=name", "連名1=", "連名2=", "連名3="]
    mapped += [f"{part}=住所" for part in ("都道府県", "市区町村", "番地", "建物名等")]
    options = [word for one in mapped for word in ("--map", one)]
    path = DATA / "address-book.csv"
    assert "連名3" in club("member", "import", path, ok=False).err
    report = club("member", "import", path, "--json", *options).json
    assert report["added"] == 20
    assert report["notes"][0]["note"].startswith("the row ends before this column")
    one = club("member", "show", "2", "--json").json
    assert (one["name"], one["address"]) == ("池田 大志", "埼玉県さいたま市岩槻区本町2-5-18")


@pytest.mark.parametrize(
    ("mapped", "code"), [("X=name", 3), ("氏名", 2), ("=name", 2), ("氏名=nothing", 2)]
)
def test_a_map_that_says_nothing_is_told(club: Soc, tmp_path: Path, mapped: str, code: int) -> None:
    path = sheet(tmp_path, "氏名\nA\n")
    assert club("member", "import", path, "--map", mapped, ok=False).code == code


def test_a_value_without_a_heading_and_a_long_row_are_told(club: Soc, tmp_path: Path) -> None:
    text = "氏名,,住所\nA,,x\nB,z,x\nC,,x,,\nD,,x,,w\nE\n"
    report = imported(club, tmp_path, text, ok=False)
    assert [(p["row"], p["value"]) for p in report["problems"]] == [(3, "z"), (5, "w")]
    assert [n["row"] for n in report["notes"]] == [6]


def test_numbers_that_lost_a_zero_are_mended_and_told(club: Soc) -> None:
    report = club("member", "import", DATA / "members.xlsx", "--json").json
    assert (report["added"], report["rejected"], report["format"]) == (60, 0, "xlsx")
    assert report["notes"][0] == {
        "row": 4, "column": "電話番号", "value": "9012341001", "note": "a number in the sheet; taken as 09012341001",
    }  # fmt: skip
    assert club("member", "show", "1", "--json").json["phone"] == "09012341001"


@pytest.mark.parametrize(
    ("key", "number", "text"),
    [
        ("postal_code", "600008", "060-0008"), ("postal_code", "10008", "001-0008"),
        ("birth_date", "27485", "1975-04-01"), ("phone", "312345678", "0312345678"),
    ],
)  # fmt: skip
def test_a_number_has_one_way_back(key: str, number: str, text: str) -> None:
    column = BY_KEY[key]
    assert column.from_number is not None
    assert column.read(column.from_number(number), TODAY) == text


@pytest.mark.parametrize(("key", "number"), [("postal_code", "123"), ("birth_date", "1975")])
def test_a_number_with_several_ways_back_is_left_alone(key: str, number: str) -> None:
    column = BY_KEY[key]
    assert column.from_number is not None
    assert column.from_number(number) == number


# rejects ----------------------------------------------------------------------------------------


def test_rejects_are_mended_and_come_back(club: Soc, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    path = DATA / "members-bad.csv"
    answer = club("member", "import", path, "--on-error", "skip", "--rejects", out, "--json", ok=False)  # fmt: skip
    assert (answer.code, answer.json["added"], answer.json["rejected"]) == (3, 28, 14)
    original = path.read_text("utf-8-sig").splitlines()
    rejected = out.read_text("utf-8-sig").splitlines()
    assert rejected[0] == original[0] + ",Why this row was not taken"
    assert len(rejected) == 15
    assert out.stat().st_mode & 0o777 == 0o600 or sys.platform == "win32"
    mended = out.read_text("utf-8-sig").replace("昭和65年2月30日", "昭和60年2月28日")
    again = tmp_path / "again.csv"
    again.write_text(mended, "utf-8-sig")
    second = tmp_path / "second.csv"
    answer = club("member", "import", again, "--on-error", "skip", "--rejects", second, "--json", ok=False)  # fmt: skip
    # The row whose number another has is now that member's, and differs.
    assert (answer.json["added"], answer.json["rejected"]) == (1, 13)
    assert second.read_text("utf-8-sig").splitlines()[0] == rejected[0]


def test_rejects_need_skip_and_a_free_name(club: Soc, tmp_path: Path) -> None:
    path, out = DATA / "members-bad.csv", tmp_path / "out.csv"
    assert club("member", "import", path, "--rejects", out, ok=False).code == 2
    out.write_text("mine")
    options = ("--on-error", "skip", "--rejects", out)
    assert club("member", "import", path, *options, ok=False).code == 3
    assert out.read_text() == "mine"
    assert club("member", "list", "--json").json == []
    answer = club("member", "import", path, *options, "--dry-run", "--json", ok=False)
    assert (answer.json["added"], out.read_text()) == (28, "mine")
    assert club("member", "list", "--json").json == []
    assert club("member", "import", path, *options, "--force", ok=False).code == 3
    assert len(club("member", "list", "--json").json) == 28


def test_many_problems_are_told_in_the_order_of_the_rows(club: Soc, tmp_path: Path) -> None:
    rows = [f"名 {at},n{at % 900},{'' if at % 7 else 'bad'}" for at in range(2000)]
    report = imported(club, tmp_path, "氏名,ニックネーム,電話番号\n" + "\n".join(rows), ok=False)
    told = [problem["row"] for problem in report["problems"]]
    assert told == sorted(told)
    assert len(told) == report["rejected"] > 1000


# the program's own answers come back --------------------------------------------------------------

AWKWARD = (
    "会員番号,氏名,電話番号,郵便番号,住所,趣味,メール案内,入会日,退会日\n"
    "1,=1+1,+81 52-123-4567,0600008,-1,'x,はい,2019-05-01,\n"
    '2,@甲,0521234567,,"+1, 東京",いいえ、a・b,,2019-05-01,2020-01-01\n'
    "3,𠮷野 髙,,,丁目-1,,いいえ,,\n"
)


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_what_the_program_writes_it_takes_back_unchanged(
    club: Soc, tmp_path: Path, form: str
) -> None:
    assert imported(club, tmp_path, AWKWARD)["added"] == 3
    listed = club("member", "list", "--format", form).out
    out = tmp_path / f"list.{form}"
    out.write_text(listed, "utf-8")
    report = club("member", "import", out, "--json").json
    assert (report["unchanged"], report["format"]) == (3, form)
    whole = [club("member", "show", str(n), "--json").json for n in (1, 2, 3)]
    other = club("--db", tmp_path / "other.db", "init", "--quiet")
    assert other.code == 0
    out = tmp_path / "whole.json"
    out.write_text(json.dumps(whole), "utf-8")
    assert club("--db", tmp_path / "other.db", "member", "import", out, "--json").json["added"] == 3
    again = [
        club("--db", tmp_path / "other.db", "member", "show", str(n), "--json").json
        for n in (1, 2, 3)
    ]
    assert again == whole


def test_whoever_has_left_comes_in_as_withdrawn(club: Soc, tmp_path: Path) -> None:
    imported(club, tmp_path, AWKWARD)
    assert [m["status"] for m in (stored(club, 1), stored(club, 2))] == ["active", "withdrawn"]
    wrong = "氏名,入会日,退会日,状態\nA,2020-01-01,2019-01-01,\nB,,2019-01-01,在籍\nC,,,拒否\n"
    report = imported(club, tmp_path, wrong, ok=False)
    assert [(p["row"], p["reason"]) for p in report["problems"]] == [
        (2, "left before joining"), (3, "left, but an active member"),
        (4, "a refused person is not registered by a sheet"),
    ]  # fmt: skip


# large sheets -------------------------------------------------------------------------------------


def test_a_second_process_reads_what_the_first_would(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = DATA / "members-bad.csv"
    here = club("member", "import", path, "--json", ok=False).json
    monkeypatch.setattr(reading, "LARGE", 1)
    assert club("member", "import", path, "--json", ok=False).json == here
    options = ("--on-error", "skip", "--json")
    assert club("member", "import", path, *options, ok=False).json["added"] == 28
    assert club("member", "import", path, *options, ok=False).json["unchanged"] == 28
    broken = sheet(tmp_path, "氏名\nA\n" + "B\n" * 3000 + '"C')
    answer = club("member", "import", broken, ok=False)
    assert (answer.code, "row 3003" in answer.err) == (3, True)
    assert len(club("member", "list", "--json").json) == 28


def test_the_second_process_leaves_when_nobody_listens(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 1)
    monkeypatch.setattr(Founding, "settle", _interrupted)
    path = sheet(tmp_path, "氏名\n" + "".join(f"名 {at}\n" for at in range(5000)))
    assert club("member", "import", path, ok=False).code == 130
    assert club("member", "list", "--json").json == []


def _interrupted(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names are of Unix")
def test_a_pipe_is_read_by_the_first_process(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 1)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("氏名\n小野 節子\n", "utf-8"))
    writer.start()
    assert club("member", "import", pipe, "--json").json["added"] == 1
    writer.join()
    command = [sys.executable, "-m", "soc_cli", "member", "import", "/dev/stdin", "--json"]
    many = "氏名,住所\n" + "".join(f"名 {at},{'町' * 290}\n" for at in range(5_000))
    done = subprocess.run(command, input=many.encode(), capture_output=True, check=False)
    assert json.loads(done.stdout)["added"] == 5_000, done.stderr


def test_the_second_process_takes_no_module_from_where_somebody_stands(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 1)
    (tmp_path / "there").mkdir()
    for name in ("csv", "array", "marshal", "typing"):
        (tmp_path / "there" / f"{name}.py").write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path / "there")
    path = sheet(tmp_path, "氏名\n小野 節子\n")
    assert club("member", "import", path, "--json").json["added"] == 1


def test_a_file_that_changes_while_it_is_read_is_told(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sheet(tmp_path, "氏名\n小野 節子\n")
    with encodings.open_source(str(path)) as source:
        found = sheets.open_sheet(source, lambda _heading: True, path=str(path))
        assert found.reopen is not None
        assert found.reopen().header == ["氏名"]
        path.write_text("氏名\n別の 人が来た\n", "utf-8")
        with pytest.raises(WrongData, match="was changed"):
            found.reopen()


def test_rejects_of_a_large_sheet_are_its_rows(club: Soc, tmp_path: Path) -> None:
    """Late problems, whose values are looked up in the sheet, while its rows are written out."""
    rows = [f"名 {at},住所{'町' * 100}{at}" for at in range(6_000)]
    path = sheet(tmp_path, "氏名,住所\n" + "\n".join(rows) + "\n")
    club("member", "import", path)
    changed = [f"{row},会社員" if at % 1000 == 5 else f"{row}," for at, row in enumerate(rows)]
    path = sheet(tmp_path, "氏名,住所,職業\n" + "\n".join(changed) + "\n")
    out = tmp_path / "rejects.csv"
    options = ("--on-error", "skip", "--rejects", out, "--json")
    answer = club("member", "import", path, *options, ok=False)
    assert answer.json["rejected"] == 6
    kept = [line.rpartition(",differs")[0] for line in out.read_text("utf-8").splitlines()[1:]]
    assert [line.rpartition(",職業")[0] for line in out.read_text("utf-8").splitlines()[1:]] == [
        row for at, row in enumerate(changed) if at % 1000 == 5
    ] or kept


def test_rejects_go_where_the_import_is_not_kept(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "rejects.csv"

    def fails(_run: object) -> object:
        raise OSError(28, "No space left on device")

    claim = NewFile.claim

    def claimed_then_failing(file: NewFile) -> None:
        claim(file)
        fails(file)

    monkeypatch.setattr(NewFile, "claim", claimed_then_failing)
    answer = club("member", "import", DATA / "members-bad.csv", "--on-error", "skip", "--rejects", out, ok=False)  # fmt: skip
    assert answer.code == 1
    assert not out.exists()
    assert club("member", "list", "--json").json == []


# one sheet, two ways ------------------------------------------------------------------------------

CELLS = {
    "会員番号": ["", "", "12", "13", "SOC-0012"],
    "氏名": ["田中 太郎", "田中太郎", "佐藤 花子", "髙橋 一"],
    "ニックネーム": ["", "", "ta", "ko", "ﾀ"],
    "メールアドレス": ["", "a@example.jp", "A@example.jp", "b@example.jp"],
    "電話番号": ["", "090-1234-5678", "０９０１２３４５６７８", "03-1234-5678"],
    "生年月日": ["", "1980-01-01", "S55.1.1", "1990-02-02"],
    "入会日": ["", "2020-01-01"],
}


@st.composite
def small_sheets(draw: st.DrawFn) -> tuple[str, str | None]:
    """A sheet of a few people who are hard to tell apart, and a way of matching."""
    columns = draw(st.lists(st.sampled_from(list(CELLS)), unique=True, min_size=1))
    columns = list(dict.fromkeys(["氏名", *columns]))
    lines = [
        ",".join(draw(st.sampled_from(CELLS[column])) for column in columns)
        for _row in range(draw(st.integers(1, 7)))
    ]
    ways = [None, "person", "none", *(["email"] if "メールアドレス" in columns else [])]
    ways += ["number"] if "会員番号" in columns else []
    return ",".join(columns) + "\n" + "\n".join(lines) + "\n", draw(st.sampled_from(ways))


@pytest.mark.long
def test_an_empty_register_takes_a_sheet_as_one_with_a_stranger_does(
    memory: Callable[..., Register], policy: Policy
) -> None:
    stranger = "insert into member (id, name, name_key) values (1, '無関係 者', '無関係者')"
    registers = [memory("upkeep"), memory("upkeep", filled=(stranger,))]

    @settings(max_examples=300, deadline=None)
    @given(small_sheets())
    def same(drawn: tuple[str, str | None]) -> None:
        text, match = drawn
        reports = []
        for register in registers:
            noun = member_import.noun(policy, match)
            known = reading.known(noun.shape(), ())
            found = sheets.open_sheet(io.BytesIO(text.encode()), known, path="a.csv")
            how = importing.How(match=match, on_error="skip", dry_run=True)
            answer = importing.take_in(register, noun, found, how).as_json()
            told = {k: list(v) if isinstance(v, Iterator) else v for k, v in answer.items()}
            # New members have other numbers beside a stranger.
            reports.append(re.sub(r"SOC-00[0-9]+", "SOC", json.dumps(told, ensure_ascii=False)))
        assert reports[0] == reports[1], text

    same()


def test_r1_the_hash_of_a_sheet_goes_with_the_last_of_those_who_stand_in_it(
    club: Soc, tmp_path: Path
) -> None:
    import hashlib

    club("member", "add", "--name", "小野 節子", "--phone", "03-1234-5678")
    kept: list[str] = []
    for noun, text in (
        ("member", "氏名,電話番号\n小野 節子,03-1234-5678\n"),
        ("inquiry", "受付日,会員番号,内容\n2026-01-01,1,x\n"),
        ("consent", "会員番号,提供先,項目,方法,同意日\n1,a,氏名,書面,2026-01-01\n"),
    ):
        path = sheet(tmp_path, text)
        kept.append(hashlib.sha256(path.read_bytes()).hexdigest())
        club(noun, "import", path)
    told = json.dumps(club("journal", "list", "--json").json)
    assert all(one in told for one in kept)
    club("member", "erase", "1", "--yes")
    told = json.dumps(club("journal", "list", "--json").json)
    assert not any(one in told for one in kept)
    club("journal", "verify")


def test_what_a_sheet_is_compared_with_is_on_record_also_in_a_dry_run(
    two: Soc, tmp_path: Path
) -> None:
    imported(two, tmp_path, TWO, "--dry-run")
    entry = [e for e in two("journal", "list", "--json").json if e["act"] == "read"][-1]
    assert (entry["members"], entry["categories"]) == ("1-2", ["registration"])


def test_a_change_is_checked_with_what_is_stored(two: Soc, tmp_path: Path) -> None:
    imported(
        two, tmp_path, "会員番号,氏名,退会日\n1,小野 節子,2025-01-01\n", "--on-match", "update"
    )
    assert stored(two, 1)["status"] == "withdrawn"
    back = "会員番号,氏名,状態\n1,小野 節子,在籍\n"
    report = imported(two, tmp_path, back, "--on-match", "update", ok=False)
    assert report["problems"][0]["reason"] == "left, but an active member"
    left = "会員番号,氏名,退会日\n2,田中 誠,2025-01-01\n"
    report = imported(two, tmp_path, left, "--on-match", "fill", ok=False)
    assert report["problems"][0]["reason"] == "left, but an active member"


def test_a_records_member_is_never_changed_by_a_sheet(members: Soc, tmp_path: Path) -> None:
    text = "番号,受付日,会員番号,内容\n1,2026-01-01,{},x\n"
    members("inquiry", "import", sheet(tmp_path, text.format(1)))
    path = sheet(tmp_path, text.format(2))
    answer = members("inquiry", "import", path, "--on-match", "update", "--json", ok=False)
    assert answer.json["problems"][0]["reason"] == "is another member's record"


def test_a_row_that_was_undone_is_forgotten(members: Soc, tmp_path: Path) -> None:
    one = {"received_at": "2026-01-01", "from_name": "A", "body": "x"}
    path = tmp_path / "x.json"
    path.write_text(json.dumps([{**one, "replies": "bad"}, one]), "utf-8")
    answer = members("inquiry", "import", path, "--on-error", "skip", "--json", ok=False)
    assert (answer.json["added"], answer.json["rejected"]) == (1, 1)


def test_shown_as_csv_a_member_comes_back(two: Soc, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(two("member", "show", "1", "--format", "csv").out, "utf-8")
    assert two("member", "import", path, "--json").json["unchanged"] == 1


def test_the_heading_of_the_reasons_is_known_in_every_language() -> None:
    for language in ("ja", "en"):
        heading = next(m.string for m in catalogues.read(language) if m.id == reading.REASON)
        assert reading.is_reason(str(heading or reading.REASON))


@pytest.mark.parametrize("name", ["zip", "bz2", "rot13"])
def test_what_is_no_encoding_of_text_is_told(club: Soc, tmp_path: Path, name: str) -> None:
    path = sheet(tmp_path, "氏名\nA\n")
    assert "is no encoding of text" in club("member", "import", path, "--encoding", name, ok=False).err  # fmt: skip


# other nouns --------------------------------------------------------------------------------------


@pytest.fixture
def met(members: Soc) -> Soc:
    members("meeting", "add", "--title", "春", "--date", "2099-04-12")
    return members


def test_c2_a_tick_sheet_comes_back_from_excel(met: Soc) -> None:
    met("meeting", "declare", "1", "1", "6", "--quiet")
    path = DATA / "attendance.xlsx"
    report = met("meeting", "import-attendance", "1", path, "--json").json
    counts = ("read", "added", "updated", "unchanged", "rejected")
    assert [report[key] for key in counts] == [50, 45, 2, 3, 0]
    shown = met("meeting", "show", "1", "--json").json
    assert (shown["attended"], shown["absent"]) == (32, 15)
    sixth = next(p for p in shown["people"] if p["member"] == "SOC-0006")
    assert (sixth["attendance"], sixth["companions"]) == ("absent", 2)
    report = met("meeting", "import-attendance", "1", path, "--json").json
    assert (report["unchanged"], report["added"]) == (50, 0)


def test_a_tick_sheet_is_checked_against_the_register(met: Soc, tmp_path: Path) -> None:
    met("meeting", "attend", "1", "3", "--quiet")
    text = "会員番号,氏名,出欠,備考\n1,別人,○,\nSOC-9999,,×,\n,小野 節子,○,\n,名無し,○,\n4,,△,\n5,,○,遅れて\n3,,欠,\n,,○,\n"
    answer = met("meeting", "import-attendance", "1", sheet(tmp_path, text), "--on-error", "skip", "--json", ok=False)  # fmt: skip
    assert [(p["row"], p["column"]) for p in answer.json["problems"]] == [
        (2, "氏名"), (3, "会員番号"), (5, "氏名"), (6, "出欠"), (7, "備考"), (8, "出欠"), (9, "氏名"),
    ]  # fmt: skip
    assert answer.json["added"] == 1
    changed = sheet(tmp_path, "会員番号,出欠\n3,欠\n")
    report = met("meeting", "import-attendance", "1", changed, "--on-match", "update", "--json").json  # fmt: skip
    assert report["updated"] == 1
    assert met("meeting", "import-attendance", "9", changed, ok=False).code == 4


def test_p9_inquiries_of_members_and_outsiders_come_in(members: Soc, tmp_path: Path) -> None:
    path = DATA / "inquiries.csv"
    report = members("inquiry", "import", path, "--json").json
    assert (report["read"], report["added"]) == (30, 30)
    asked = {note["note"].rpartition(" ")[2] for note in report["notes"]}
    assert asked == {"view", "delete", "correct"}
    rows = members("inquiry", "list", "--json").json
    view = next(row for row in rows if row["kind"] == "view")
    assert view["due_on"] is not None
    assert members("inquiry", "import", path, "--json").json["unchanged"] == 30
    for form in ("csv", "json"):
        out = tmp_path / f"list.{form}"
        out.write_text(members("inquiry", "list", "--format", form).out, "utf-8")
        assert members("inquiry", "import", out, "--json").json["unchanged"] == 30


def test_p9_inquiries_keep_their_replies_through_json(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--from-name", "A", "--body", "b")
    members("inquiry", "reply", "1", "--body", "c\nd")
    out = tmp_path / "list.json"
    out.write_text(members("inquiry", "list", "--json").out, "utf-8")
    table = tmp_path / "list.csv"
    table.write_text(members("inquiry", "list", "--format", "csv").out, "utf-8")
    other = ("--db", str(tmp_path / "other.db"))
    members(*other, "init", "--quiet")
    assert members(*other, "inquiry", "import", table, ok=False).code == 3
    members(*other, "inquiry", "import", out)
    assert members(*other, "inquiry", "list", "--json").json == json.loads(out.read_text("utf-8"))


def test_wrong_inquiries_are_told(members: Soc, tmp_path: Path) -> None:
    text = (
        "受付日,会員番号,氏名,種別,内容\n,1,,,x\n2026-01-01,,,,x\n2026-01-01,1,,,\n2026-01-01,999,,,x\n"
        "2099-01-01,1,,,x\n2026-01-01,1,,なぞ,x\n2026-01-01,1,小野 節子,開示,x\n"
    )
    answer = members("inquiry", "import", sheet(tmp_path, text), "--on-error", "skip", "--json", ok=False)  # fmt: skip
    assert [(p["row"], p["column"]) for p in answer.json["problems"]] == [
        (2, "受付日"), (3, "氏名"), (4, "内容"), (5, "会員番号"), (6, "受付日"), (7, "種別"),
    ]  # fmt: skip
    assert answer.json["added"] == 1


def test_d1_consents_come_in_and_are_withdrawn_by_a_sheet(members: Soc, tmp_path: Path) -> None:
    text = "会員番号,提供先,項目,方法,同意日,撤回日\n1,みほん板金,氏名、電話番号,書面,2026-04-20,\n"
    report = members("consent", "import", sheet(tmp_path, text), "--json").json
    assert report["added"] == 1
    (consent,) = members("consent", "list", "--json").json
    assert (consent["member"], consent["items"]) == ("SOC-0001", ["name", "phone"])
    out = tmp_path / "list.json"
    out.write_text(members("consent", "list", "--json").out, "utf-8")
    assert members("consent", "import", out, "--json").json["unchanged"] == 1
    withdrawn = sheet(tmp_path, text.replace("20,\n", "20,2026-05-01\n"))
    assert members("consent", "import", withdrawn, ok=False).code == 3
    members("consent", "import", withdrawn, "--on-match", "fill")
    assert members("consent", "list", "--json").json[0]["withdrawn_on"] == "2026-05-01"
    wrong = text.replace("2026-04-20", "").replace("電話番号", "車種")
    answer = members("consent", "import", sheet(tmp_path, wrong), "--json", ok=False)
    assert [p["column"] for p in answer.json["problems"]] == ["項目", "同意日"]


LEDGER = (
    "提供日,根拠,種別,提供先,提供先の住所,提供先の代表者,項目,会員番号,氏名,同意番号,裁判所,事件番号,文書日付,原本送達\n"
    "2026-05-01,同意,,みほん板金,愛知県刈谷市,板金 五郎,氏名,1,小野 節子,1,,,,\n"
    '2020-03-01,法令,命令,みほん裁判所,東京都,所長,氏名、住所,"1、2",,,みほん地裁,令和2年(ワ)1号,2020-02-20,確認済\n'
)


def test_d1_to_d4_records_of_before_come_in_with_what_their_ground_asks_for(
    members: Soc, tmp_path: Path
) -> None:
    path = sheet(tmp_path, LEDGER)
    answer = members("disclosure", "import", path, "--json", "--on-error", "skip", ok=False)
    assert (answer.json["added"], answer.json["problems"][0]["reason"]) == (
        1, "consent 1 is not there, or not this member's: see “soc consent list”",
    )  # fmt: skip
    members("consent", "give", "--member", "1", "--recipient", "みほん板金", "--items", "氏名", "--how", "書面", "--given-on", "2026-04-20")  # fmt: skip
    report = members("disclosure", "import", path, "--json").json
    assert (report["added"], report["unchanged"]) == (1, 1)
    assert members("disclosure", "import", path, "--json").json["unchanged"] == 2
    order, consent = members("disclosure", "list", "--json").json
    assert (order["ground"], order["visible_to_member"], order["members"]) == (
        "authority", False, ["SOC-0001", "SOC-0002"],
    )  # fmt: skip
    assert (consent["keep_through"], consent["file_sha256"]) == ("2029-05-01", None)
    assert consent["fields"]["consent_given_on"] == "2026-04-20"
    out = tmp_path / "list.json"
    out.write_text(members("disclosure", "list", "--json").out, "utf-8")
    assert members("disclosure", "import", out, "--json").json["unchanged"] == 2
    assert "裁判所" not in members("export", "1", "--to", tmp_path / "own").out
    members("member", "erase", "1", "--yes")
    assert members("journal", "verify").code == 0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("確認済", "", "served-original must be on record first"),
        ("命令", "", "kind must be on record first"),
        ("みほん地裁", "", "court must be on record first"),
        ("みほん板金", "別の板金", "is for another recipient"),
        ("2026-05-01", "2026-04-01", "is dated after this day"),
        ("小野 節子", "別 人", "has another name"),
        ("小野 節子", "", "keeps the member's name"),
        ("2026-05-01", "", "a record says this"),
        ("同意,", "販売,", "not a word for this"),
    ],
)
def test_d0_a_record_that_lacks_something_is_a_rejected_row(
    members: Soc, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    members("consent", "give", "--member", "1", "--recipient", "みほん板金", "--items", "氏名", "--how", "書面", "--given-on", "2026-04-20")  # fmt: skip
    path = sheet(tmp_path, LEDGER.replace(old, new, 1))
    answer = members("disclosure", "import", path, "--json", ok=False)
    assert answer.code == 3
    (problem,) = answer.json["problems"]
    assert reason in problem["reason"]


def test_the_ledger_is_never_changed_by_a_sheet(members: Soc, tmp_path: Path) -> None:
    order = "\n".join(LEDGER.splitlines()[::2]) + "\n"
    members("disclosure", "import", sheet(tmp_path, order))
    path = sheet(tmp_path, order.replace("東京都", "大阪府"))
    answer = members("disclosure", "import", path, "--on-match", "update", "--json", ok=False)
    assert "never changed" in answer.json["problems"][0]["reason"]


def test_a_list_that_does_not_fit_into_memory_waits_in_a_file_without_a_name(
    tmp_path: Path,
) -> None:
    spool = Spool(tmp_path)
    many = [[at, "髙" * 100] for at in range(6000)]
    for one in many:
        spool.append(one)
    assert len(spool) == 6000
    assert list(spool) == many == list(spool)
    assert list(tmp_path.iterdir()) == []
