"""What the website is told (P1): attributes by a browser's token, and never less than five alike."""

import csv
import hmac
import io
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from soc_cli.operations.content import device, hour
from soc_cli.store import driver
from tests.conftest import Soc

SHEET = "氏名,メールアドレス,電話番号,生年月日,郵便番号,住所,職業\n"
AGENTS = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", "Mozilla/5.0 (Windows NT 10.0)", "Googlebot/2.1", None)  # fmt: skip


@pytest.fixture
def visited(club: Soc, tmp_path: Path, path: Path) -> Soc:
    """Eight alike, three of another occupation, one of another place; each with a browser, one with two."""
    sheet = tmp_path / "people.csv"
    rows = [
        f"氏名{n:03},canary{n}@example.jp,090-1234-{n:04},1990-04-{n:02},460-0008,住所{n:03},{'会社員' if n <= 8 else '医師'}\n"
        for n in range(1, 12)
    ]
    rows.append("氏名012,canary12@example.jp,090-1234-0012,1950-04-01,530-0001,住所012,漁師\n")
    rows.append("氏名013,canary13@example.jp,090-1234-0013,1990-04-01,460-0008,住所013,会社員\n")
    sheet.write_text(SHEET + "".join(rows), "utf-8")
    club("member", "import", sheet)
    con = driver.connect(path, 1)
    for n in range(1, 13):
        for at in ("2026-05-01T21:10:00+09:00", "2026-05-02T12:30:00+00:00", "2026-05-03T08:00:00+09:00"):  # fmt: skip
            con.execute(
                "insert into usage (member_id, at, page, environment, ip, cookie) values (?, ?, '/canary', ?, '192.0.2.9', ?)",
                (n, at, AGENTS[n % 4], f"cookie{n}"),
            )
    con.execute(
        "insert into usage (member_id, at, cookie) values (1, '2026-05-01T05:00', 'second')"
    )
    con.execute("insert into usage (at, cookie) values ('2026-05-01T05:00', 'nobody')")
    con.execute("insert into usage (member_id, at) values (13, '2026-05-01T05:00')")
    con.close()
    return club


def exported(soc: Soc) -> dict[str, dict[str, object]]:
    return {row["token"]: row for row in soc("content", "export", "--json").json}


def token(soc: Soc, cookie: str) -> str:
    """The token as a website makes it."""
    key = soc("content", "key").out.strip()
    return hmac.new(key.encode(), cookie.encode(), "sha256").hexdigest()


def test_p1_a_row_a_browser_by_the_token_that_the_website_makes_too(visited: Soc) -> None:
    rows = exported(visited)
    assert rows.keys() == {token(visited, c) for c in (*(f"cookie{n}" for n in range(1, 13)), "second")}  # fmt: skip
    first = rows[token(visited, "cookie1")]
    assert first == {
        "token": token(visited, "cookie1"), "age_band": "30-39", "prefecture": "愛知県", "occupation": "会社員", "hour": 21,
        "device": "desktop",
    }  # fmt: skip
    assert rows[token(visited, "second")]["hour"] == 5
    assert rows[token(visited, "cookie4")]["device"] == "mobile"
    assert rows[token(visited, "cookie2")]["device"] is None, "a robot is no device"
    assert list(rows) == sorted(rows)
    assert rows.keys() == exported(visited).keys(), "the key stays"


def test_p1_what_fewer_than_five_have_in_common_is_left_out(visited: Soc) -> None:
    rows = exported(visited)
    told = {n: rows[token(visited, f"cookie{n}")] for n in range(1, 13)}
    assert [told[12][key] for key in ("age_band", "prefecture", "occupation")] == [None] * 3
    assert {told[n]["occupation"] for n in (9, 10, 11)} == {None}, "three doctors"
    alike = Counter(
        tuple(row[key] for key in ("age_band", "prefecture", "occupation")) for row in told.values()
    )
    assert all(n >= 5 for row, n in alike.items() if any(row))


def test_p1_two_browsers_of_one_member_are_one_of_five(visited: Soc, path: Path) -> None:
    for n in range(1, 5):
        visited("member", "withdraw", str(n))
    rows = exported(visited)  # 5 to 8 of the eight are left: four members
    con = driver.connect(path, 1)
    con.execute("insert into usage (member_id, at, cookie) values (5, '2026-05-01T05:00', 'more')")
    con.close()
    again = exported(visited)
    assert len(again) == len(rows) + 1
    assert again[token(visited, "cookie5")]["occupation"] is None


def test_p1_canary_no_value_outside_the_grant_is_in_a_byte(visited: Soc, tmp_path: Path) -> None:
    shown = ""
    for form in ("table", "lines", "csv", "json", "jsonl"):
        answer = visited("content", "export", "--format", form)
        shown += answer.out + answer.err
    for name in ("content.csv", "content.json", "content.jsonl"):
        visited("content", "export", "--to", tmp_path / name)
        shown += (tmp_path / name).read_text("utf-8")
    for canary in ("氏名0", "canary", "090-1234", "1990-04", "住所0", "460-0008", "cookie1", "192.0.2", "漁師", "医師", "SOC-"):  # fmt: skip
        assert canary not in shown, canary


def test_p1_the_file_and_the_reading_are_on_record(visited: Soc, tmp_path: Path) -> None:
    file = tmp_path / "content.json"
    assert visited("content", "export", "--to", file).out == f"{file.as_posix()}\n"
    assert len(json.loads(file.read_text("utf-8"))) == 13
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    entries = visited("journal", "list", "--json").json
    told = [(e["purpose"], e["act"], e["categories"], e["members"]) for e in entries[-3:]]
    assert told == [
        ("content", "read", ["usage", "visitors"], "1-12"),
        ("content", "read", ["attributes", "visitors"], "1-12"),
        ("content", "content", ["attributes", "usage", "visitors"], ""),
    ]
    visited("export", "1", "--to", tmp_path / "own")
    own = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    assert "content" in {one["kind"] for one in own["files"]}
    assert visited("content", "export", "--to", file, ok=False).code == 3
    assert visited("content", "export", "--to", tmp_path / "x.txt", ok=False).code == 2
    rows = list(csv.reader(io.StringIO(visited("content", "export", "--format", "csv").out)))
    assert rows[0] == ["token", "age_band", "prefecture", "occupation", "hour", "device"]


def test_an_empty_register_has_nothing_to_fit_a_page_to(club: Soc, tmp_path: Path) -> None:
    assert club("content", "export", "--json").json == []
    club("content", "export", "--to", tmp_path / "c.csv")
    assert re.fullmatch("[0-9a-f]{32}\n", club("content", "key").out)


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ("Mobile Safari / iOS", "mobile"), ("Chrome / Android", "mobile"), ("DoCoMo/2.0 P903i", "mobile"), ("Chrome / Windows", "desktop"),
        ("Safari / Mac OS X", "desktop"), ("Firefox / Linux", "desktop"), ("Googlebot (Android; Mobile)", None), ("Other", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_device_is_told_by_the_browser(environment: str | None, found: str | None) -> None:
    assert device(environment) == found


def test_the_hour_is_one_in_tokyo() -> None:
    assert [hour(at) for at in ("2026-05-01T21:10:00+09:00", "2026-05-01T21:10:00+00:00", "2026-05-01T21:10")] == [21, 6, 21]  # fmt: skip
