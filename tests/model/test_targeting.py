"""The filters of a survey, as people write them in Japanese and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model import targeting
from soc_cli.model.errors import SocError, WrongData, WrongUse
from soc_cli.model.targeting import Condition, condition, field_named, parted

SOMEBODY = {
    "age": 35, "sex": "female", "postal_code": "460-0008", "occupation": "会社員", "industry": None,
    "interests": "写真、ドライブ", "joined_on": "2012-05-01",
}  # fmt: skip


def read(text: str) -> Condition:
    name, said = parted(text)
    field = field_named(name)
    assert field is not None, text
    return condition(field, said)


@pytest.mark.parametrize(
    ("text", "kept", "meant"),
    [
        ("age 30-39", "age 30-39", True),
        ("年齢 ３０〜３９歳", "age 30-39", True),
        ("age 36-", "age 36-", False),
        ("age -35", "age -35", True),
        ("age 20,35", "age 20,35", True),
        ("prefecture 愛知", "prefecture 愛知県", True),
        ("都道府県　岐阜県、Aichi", "prefecture 岐阜県,愛知県", True),
        ("prefecture 東京都", "prefecture 東京都", False),
        ("性別 女", "sex female", True),
        ("sex male", "sex male", False),
        ("職業 会社員，公務員", "occupation 会社員,公務員", True),
        ("occupation 医師", "occupation 医師", False),
        ("industry 製造業", "industry 製造業", False),
        ("趣味 写真", "interest 写真", True),
        ("interest 写", "interest 写", False),
        ("joined 2010-2012", "joined 2010-2012", True),
        ("入会年 2013-", "joined 2013-", False),
    ],
)
def test_a_filter_is_read_kept_and_matched(text: str, kept: str, meant: bool) -> None:
    found = read(text)
    assert found.text == kept
    assert found.matches(SOMEBODY) is meant
    assert read(found.text) == found, "what is kept means the same when it is read again"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("age", WrongUse), ("age ,", WrongUse), ("age thirty", WrongData), ("age -", WrongData), ("age 39-30", WrongData),
        ("sex そら", WrongData), ("prefecture 名古屋", WrongData),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused(text: str, kind: type[SocError]) -> None:
    with pytest.raises(kind):
        read(text)


def test_a_name_that_is_none_has_no_field() -> None:
    for name in ("name", "氏名", "住所", "email", "cars", ""):
        assert field_named(name) is None


@given(
    st.lists(st.tuples(st.integers(0, 125), st.integers(0, 125)), min_size=1, max_size=4),
    st.integers(0, 125),
)
def test_bands_mean_their_ends_and_all_between(bands: list[tuple[int, int]], age: int) -> None:
    ordered = [(min(pair), max(pair)) for pair in bands]
    found = read("age " + ",".join(f"{first}-{last}" for first, last in ordered))
    assert found.matches({"age": age}) is any(first <= age <= last for first, last in ordered)


def test_whoever_is_not_known_is_not_meant() -> None:
    for name, one in targeting.FILTERS.items():
        said = {"age": "0-", "joined": "0-", "sex": "male", "prefecture": "愛知県"}.get(name, "x")
        assert not read(f"{name} {said}").matches({one.column: None})
