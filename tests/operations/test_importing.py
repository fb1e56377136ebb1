"""A club's old sheet goes in: whole or not at all, everything told, nobody twice."""

import json
from pathlib import Path

import pytest

from tests.conftest import DATA, Soc


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
        "read", "added", "updated", "unchanged", "skipped", "rejected", "dry_run", "encoding", "possible_doubles", "problems",
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
        "name\n山田太郎\n".encode("euc_jp"),
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
