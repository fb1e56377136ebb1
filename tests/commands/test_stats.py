"""The register in figures: right for those who left, came back, were refused or registered twice."""

from pathlib import Path

from tests.conftest import Soc


def by_year(soc: Soc) -> dict[int, tuple[int, int, int]]:
    rows = soc("stats", "--json").json
    return {row["year"]: (row["joined"], row["left"], row["members"]) for row in rows}


def test_each_year_counts_who_joined_left_and_was_a_member(club: Soc, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "氏名,入会日,退会日,状態\n甲 一,2019-05-01,,\n乙 二,2019-12-31,2021-12-31,\n丙 三,,,\n丁 四,2020-02-29,,退会\n",
        "utf-8",
    )
    club("member", "import", sheet, "--map", "状態=status")
    club("member", "withdraw", "1", "--on", "2020-06-30")
    club("member", "rejoin", "1", "--on", "2022-07-01")
    found = by_year(club)
    assert [found[year] for year in (2019, 2020, 2021, 2022, 2023)] == [
        (2, 0, 3), (1, 1, 2), (0, 1, 1), (1, 0, 2), (0, 0, 2),
    ]  # fmt: skip
    club("member", "add", "--name", "甲　一", "--joined-on", "2018-01-01")
    club("member", "merge", "1", "5", "--yes")
    assert by_year(club)[2018] == (1, 0, 2)
    assert by_year(club)[2023] == (0, 0, 2)
    club("member", "refuse", "1", "--rule", "会則第5条", "--reason", "x")
    assert max(by_year(club).items())[1][2] == 1


def test_an_empty_register_has_one_year_of_nobody(club: Soc) -> None:
    assert list(by_year(club).values()) == [(0, 0, 0)]


def test_p2_counting_reads_nobody(members: Soc) -> None:
    before = members("journal", "list", "--json").json
    members("stats")
    assert members("journal", "list", "--json").json == before
