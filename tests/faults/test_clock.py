"""A clock that jumps back: nothing is lost or out of order, nothing is erased too soon."""

import json
from collections.abc import Callable

import pytest

from tests.faults.acts import ACTS
from tests.faults.harness import DAY, Ready, done, rows

pytestmark = pytest.mark.plain("the prepared register is the sample")

EARLIER = "2026-11-21"
QUICK = ["disclosure record"]


def tried(ready: Ready, day: str) -> None:
    """The act goes through on an earlier day than that of the newest entry, and stands after it."""
    folder = ready.copy()
    entries = len(ready.finished.before.get("journal", ()))
    answer = done(folder, ready.act.words, env={"SOC_TODAY": day})
    assert answer.code == 0, answer
    ready.opened(folder)
    state = rows(folder / ready.act.register)["journal"]
    assert [one["number"] for one in state] == list(range(1, len(state) + 1))
    assert len(state) >= entries
    if len(state) > entries and ready.act.register == "register.db":
        assert {one["at"][:10] for one in state[entries:]} == {day}
    ready.soc.monkeypatch.setenv("SOC_TODAY", day)
    assert ready.soc("journal", "verify").code == 0
    ready.soc.monkeypatch.setenv("SOC_TODAY", DAY)


@pytest.mark.parametrize("name", QUICK)
def test_a_day_back_each_goes_through(ready: Callable[[str], Ready], name: str) -> None:
    tried(ready(name), EARLIER)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in ACTS if name not in QUICK])
def test_a_day_back_every_command_goes_through(ready: Callable[[str], Ready], name: str) -> None:
    tried(ready(name), EARLIER)


def test_years_back_nothing_is_swept_and_the_check_tells(ready: Callable[[str], Ready]) -> None:
    act = ready("member add")
    act.copy()
    act.soc.monkeypatch.setenv("SOC_TODAY", "2020-01-01")
    before = act.soc("sweep", "--json", "--yes").json
    assert all(one["count"] == 0 for one in before), before
    for language, words in (("en", "later than now"), ("ja", "今より後")):
        act.soc.monkeypatch.setenv("SOC_LANG", language)
        found = json.loads(act.soc("check", "--json", ok=None).out)
        assert [one for one in found if words in one["what"]], found
    act.soc.monkeypatch.setenv("SOC_LANG", "en")
    act.soc.monkeypatch.setenv("SOC_TODAY", DAY)
    found = json.loads(act.soc("check", "--json", ok=None).out)
    assert not [one for one in found if "later than now" in one["what"]]
