"""Which members are listed: by what the purpose grants, and by nothing else."""

from pathlib import Path

import pytest

from soc_cli.model.clocks import Clock
from tests.conftest import Soc

YEAR = Clock().today().year
SHEET = (
    "氏名,入会日,退会日,生年月日,趣味,メール案内,アンケート,郵便番号\n"
    f"甲 一,2001-04-01,,{YEAR - 36}-01-01,登山、写真,はい,はい,498-0001\n"
    f"乙 二,2010-04-01,2020-03-31,{YEAR - 35}-01-01,写真撮影,いいえ,,498-0801\n"
    f"丙 三,2020-04-01,,{YEAR - 66}-01-01,写真,,はい,460-8501\n"
)


@pytest.fixture
def three(club: Soc, tmp_path: Path) -> Soc:
    path = tmp_path / "three.csv"
    path.write_text(SHEET, "utf-8")
    club("member", "import", path)
    club("meeting", "add", "--title", "春", "--date", "2026-04-12")
    club("meeting", "attend", "1", "3", "--quiet")
    return club


def listed(soc: Soc, *options: str) -> list[str]:
    return [
        m["number"][-1] for m in soc("member", "list", "--json", "--sort", "number", *options).json
    ]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ("--status active", "13"), ("--status 退会", "2"), ("--joined-from 2010-04-01", "23"),
        ("--joined-from H22.4.1 --joined-to 2019-12-31", "2"), ("--choice notice_email", "1"),
        ("--for content --age 36", "1"), ("--for content --age 30-40", "12"), ("--for content --age 60-", "3"),
        ("--for content --interest 写真", "13"), ("--for improve --choice survey", "13"),
        ("--prefecture 愛知県", "13"), ("--prefecture Mie", "2"), ("--for content --prefecture 愛知 --age 36", "1"),
        ("--for nickname --attended 1", "3"), ("--status active --joined-to 2005-01-01", "1"),
    ],
)  # fmt: skip
def test_members_are_listed_by_what_is_asked(three: Soc, options: str, numbers: str) -> None:
    assert "".join(listed(three, *options.split())) == numbers
    assert three("member", "list", "--count", *options.split()).out == f"{len(numbers)}\n"


@pytest.mark.parametrize(
    "options",
    ["--for nickname --prefecture 愛知県", "--for verify --prefecture 愛知県", "--age 36", "--interest 写真", "--attended 1", "--for content --choice notice_email", "--choice survey"],
)  # fmt: skip
def test_what_the_purpose_does_not_grant_is_no_filter_either(three: Soc, options: str) -> None:
    assert three("member", "list", *options.split(), ok=False).code == 5


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("--age x", 2),
        ("--prefecture 名古屋", 2),
        ("--choice x", 2),
        ("--status x", 3),
        ("--joined-from x", 3),
    ],
)
def test_a_filter_that_says_nothing_is_told(three: Soc, options: str, code: int) -> None:
    assert three("member", "list", *options.split(), ok=False).code == code


def test_r2_a_list_by_choice_is_on_record_with_those_who_are_in_it(three: Soc) -> None:
    three("member", "list", "--choice", "notice_email")
    entry = three("journal", "list", "--json").json[-1]
    assert (entry["purpose"], entry["members"]) == ("contact", "1")
