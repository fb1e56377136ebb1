"""A clock that jumps back: nothing is lost or out of order, nothing is erased too soon."""

import json
from collections.abc import Callable

import pytest

from tests.faults.acts import ACTS
from tests.faults.harness import DAY, Ready, done, rows, well_again

pytestmark = pytest.mark.plain("the prepared register is the sample")

EARLIER = "2026-11-21"
QUICK = ["disclosure record"]


REFUSED = {
    "member rejoin": "soc: joined again before having left\n",
    "member readmit": "soc: readmitted before being refused\n",
}
"""Acts that end what began on the later day, and so can't come before it."""


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


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_end_before_it_began_is_refused(
    ready: Callable[[str], Ready], name: str
) -> None:
    act = ready(name)
    folder = act.copy()
    before = rows(folder / "register.db")
    answer = done(folder, act.act.words, env={"SOC_TODAY": EARLIER})
    assert (answer.code, answer.err) == (3, REFUSED[name])
    assert rows(folder / "register.db") == before
    well_again(act.soc)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in ACTS if name not in (*QUICK, *REFUSED)])
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
