"""The register in figures: right for those who left, came back, were refused or registered twice."""

import os
import re
from pathlib import Path

import pytest

from soc_cli.model.text import width
from soc_cli.store import driver
from tests.conftest import Soc
from tests.test_sample import sample

__all__ = ["sample"]  # the fixture


def by_year(soc: Soc) -> dict[int, tuple[int, int, int]]:
    rows = soc("stats", "--json").json["years"]
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
    """That attributes were counted is on record; of nobody by themselves."""
    before = members("journal", "list", "--json").json
    members("stats")
    written = members("journal", "list", "--json").json[len(before) :]
    assert [(e["purpose"], e["act"], e["categories"], e["members"]) for e in written] == [
        ("improve", "read", ["attributes"], ""),
        ("improve", "read", ["attributes"], ""),
        ("improve", "read", ["attributes"], ""),
        ("improve", "read", ["meetings"], ""),
        ("inquiry", "read", ["inquiries"], ""),
    ]


def people(club: Soc, tmp_path: Path, rows: str) -> None:
    """Members of a sheet with birth date, postal code and occupation."""
    sheet = tmp_path / "people.csv"
    named = "".join(f"会員{n:03} 一郎,{row}\n" for n, row in enumerate(rows.split(), 1))
    sheet.write_text(f"氏名,生年月日,郵便番号,職業\n{named}", "utf-8")
    club("member", "import", sheet)


SOME = (
    "1990-01-01,460-0008,会社員 " * 7
    + "1980-01-01,460-0008,会社員 " * 6
    + "1940-01-01,530-0001,医師 " * 2
    + ",,"
)


def groups(soc: Soc, part: str, *options: str) -> dict[str, int]:
    """A part of the figures, by group."""
    return {row["group"]: row["members"] for row in soc("stats", "--json", *options).json[part]}


def test_p2_no_group_of_fewer_than_five_stands_alone_or_can_be_worked_out(
    club: Soc, tmp_path: Path
) -> None:
    people(club, tmp_path, SOME)
    # Three together are too few: the next group goes with them.
    assert groups(club, "ages") == {"30-39": 7, "40-49, 80-, unknown": 9}
    assert groups(club, "prefectures") == {"others": 16}
    assert groups(club, "occupations") == {"others": 16}
    for form in ("table", "lines", "csv", "json"):
        shown = club("stats", "--format", form).out
        for told in ("医師", "大阪府", "1940", "530-0001"):
            assert told not in shown, (form, told)


def test_p2_fewer_than_five_members_have_no_figures_at_all(club: Soc, tmp_path: Path) -> None:
    people(club, tmp_path, "1990-01-01,460-0008,会社員 " * 4)
    assert not groups(club, "ages")
    assert not groups(club, "occupations")
    assert not groups(club, "prefectures")


def test_the_smallest_group_is_the_policys(
    club: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.policy import form

    text = form.PACKAGED.read_text("utf-8").replace("smallest_group = 5", "smallest_group = 2")
    looser = form.read_policy(text)
    monkeypatch.setattr(form, "packaged", lambda: looser)
    people(club, tmp_path, SOME)
    assert groups(club, "prefectures") == {"愛知県": 13, "others": 3}


def test_p2_meetings_tell_of_five_or_more_or_of_nobody(club: Soc, tmp_path: Path) -> None:
    people(club, tmp_path, SOME)
    for title, day in (("春", "2026-04-12"), ("秋", "2025-11-02"), ("来年", "2099-01-01")):
        club("meeting", "add", "--title", title, "--date", day)
    for number, companions in ((1, "3"), (2, "2"), (3, "0"), (4, "0"), (5, "0")):
        club("meeting", "declare", "1", str(number), "--companions", companions, "--late")
    club("meeting", "attend", "1", "1", "2", "3", "4", "5")
    club("meeting", "declare", "2", "1", "2", "--late")
    club("meeting", "absent", "2", "1", "2")
    shown = {row["meeting"]: row for row in club("stats", "--json").json["meetings"]}
    assert shown.keys() == {1, 2}, "what is to come is no attendance"
    assert [shown[1][key] for key in ("attended", "absent", "companions")] == [5, 0, 5]
    assert [shown[2][key] for key in ("attended", "absent", "companions")] == [0, None, 0]
    (one,) = club("stats", "--year", "2025", "--json").json["meetings"]
    assert one["meeting"] == 2
    assert "under 5" in club("stats", "--format", "table").out


def test_answer_times_are_told_of_five_answers_or_more(
    club: Soc, tmp_path: Path, path: Path
) -> None:
    people(club, tmp_path, SOME)
    con = driver.connect(path, 1)
    for number, days in enumerate((1, 2, 3, 4, 10), 1):
        con.execute(
            "insert into inquiry (received_at, kind, member_id, subject, body, status, answered_at)"
            " values ('2026-03-01T10:00+09:00', 'question', ?, 'canary', 'canary', 'answered', ?)",
            (number, f"2026-03-{1 + days:02}T09:00+09:00"),
        )
    for _again in range(2):
        con.execute(
            "insert into inquiry (received_at, kind, member_id, body, due_on)"
            " values ('2026-03-01T10:00+09:00', 'delete', 6, 'canary', '2026-03-15')"
        )
    con.close()
    answer = club("stats", "--year", "2026", "--json")
    assert "canary" not in answer.out
    assert answer.json["inquiries"] == [
        {
            "kind": "others", "inquiries": 7, "answered": None, "median_days": 3.0, "longest_days": 10,
            "overdue": None,
        }
    ]  # fmt: skip
    assert club("stats", "--year", "2025", "--json").json["inquiries"] == []
    con = driver.connect(path, 1)
    con.execute("update inquiry set answered_at = null where id = 5")
    con.close()
    (one,) = club("stats", "--json").json["inquiries"]
    assert (one["answered"], one["median_days"], one["longest_days"]) == (None, None, None)


def test_disclosures_are_counted_for_upkeep_and_no_small_number_is_told(sample: Soc) -> None:
    rows = sample("stats", "--json").json["disclosures"]
    told = {(row["ground"], row["kind"]): (row["disclosures"], row["members"]) for row in rows}
    assert told["protection", None] == (0, 0)
    assert told["consent", None] == (None, None)


def test_p2_canary_no_value_outside_the_grant_is_in_a_byte_of_the_figures(
    club: Soc, tmp_path: Path
) -> None:
    people(club, tmp_path, SOME)
    club(
        "member", "add", "--name", "canary name", "--kana", "カナリア", "--nickname", "canary nick", "--email",
        "canary@example.jp", "--phone", "090-1234-0001", "--birth-date", "1970-02-03", "--postal-code", "100-0005",
        "--address", "canary address", "--occupation", "canary job",
    )  # fmt: skip
    page = tmp_path / "report.html"
    club("stats", "--to", page)
    shown = page.read_text("utf-8")
    for form in ("table", "lines", "csv", "json", "jsonl"):
        answer = club("stats", "--format", form)
        shown += answer.out + answer.err
    for canary in ("canary", "カナリア", "090-1234", "1970-02-03", "100-0005"):
        assert canary not in shown, canary


def test_the_page_is_one_file_for_its_owner_alone(sample: Soc, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert sample("stats", "--year", "2026", "--to", page).out == f"{page.as_posix()}\n"
    text = page.read_text("utf-8")
    assert not re.search(r"<script|src=|href=|url\(|@import", text)
    assert text.count("<table") == 7
    assert text.count('<th scope="row">') == text.count('<td class="bar"')
    if os.name == "posix":
        assert page.stat().st_mode & 0o777 == 0o600
    assert "exists already" in sample("stats", "--to", page, ok=False).err
    sample("stats", "--to", page, "--force")
    assert list(tmp_path.glob(".soc-*")) == []
    assert sample("stats", "--to", tmp_path / "report.pdf", ok=False).code == 2


@pytest.mark.parametrize("columns", [40, 60, 100])
@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_a_chart_fits_its_terminal_and_its_bars_stand_in_line(
    sample: Soc, monkeypatch: pytest.MonkeyPatch, columns: int, spoken: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("SOC_LANG", spoken)
    lines = sample("stats", "--format", "table").out.splitlines()
    assert max(width(line.rstrip()) for line in lines[:-1]) <= columns
    began: set[int] = set()
    for line in lines[2:20]:  # the years
        bar = re.search("[▏▎▍▌▋▊▉█]", line)
        assert bar is not None, line
        began.add(width(line[: bar.start()]))
    assert len(began) == 1


def test_a_year_that_is_yet_to_come_has_no_report(members: Soc) -> None:
    assert members("stats", "--year", "9000", ok=False).code == 3
