"""Eight processes write at once: each waits its turn, and everything they acknowledged is there."""

import re
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Answer, Soc
from tests.faults.harness import done, rows, well_again, within

pytestmark = pytest.mark.plain("the prepared register is the sample")

PROCESSES = 8


def acts(process: int, turn: int) -> list[tuple[str, ...]]:
    """What one process does in one turn."""
    name = f"同時 {process}の{turn}"
    return [
        ("member", "add", "--name", name, "--not-the-same"),
        ("inquiry", "log", "--from-name", name, "--body", "同時に"),
        ("meeting", "add", "--title", name, "--date", "2027-03-01"),
        ("member", "edit", str(process + 1), "--occupation", name),
        ("member", "show", str(process + 1), "--json"),
        ("prefill", "3", "--how", "窓口", "--fields", "氏名", "--to", f"{process}-{turn}.csv"),
    ]


def at_once(soc: Soc, template: Path, folder: Path, turns: int, kinds: int = 6) -> None:
    shutil.copytree(template, folder)
    within(soc, folder)
    entries = len(rows(folder / "register.db")["journal"])

    def work(process: int) -> list[tuple[tuple[str, ...], Answer]]:
        mine = [words for turn in range(turns) for words in acts(process, turn)[:kinds]]
        mine = mine[process % len(mine) :] + mine[: process % len(mine)]
        return [(words, done(folder, words)) for words in mine]

    with ThreadPoolExecutor(PROCESSES) as pool:
        answers = [one for many in pool.map(work, range(PROCESSES)) for one in many]
    for words, answer in answers:
        assert answer.code == 0, (words, answer)
    state = rows(folder / "register.db")
    verbs = {" ".join(words[:2]) for words, _answer in answers}
    for table, column, verb in (("member", "name", "member add"), ("inquiry", "from_name", "inquiry log"), ("meeting", "title", "meeting add")):  # fmt: skip
        held = {row["id"]: row[column] for row in state[table]}
        said = [
            (int(re.findall(r"\d+", answer.out)[-1]), words[words.index("--title" if verb == "meeting add" else "--name" if verb == "member add" else "--from-name") + 1])
            for words, answer in answers if " ".join(words[:2]) == verb
        ]  # fmt: skip
        wanted = PROCESSES * turns if verb in verbs else 0
        assert len({number for number, _name in said}) == len(said) == wanted
        for number, name in said:
            assert held[number] == name, (verb, number)
    new = state["journal"][entries:]
    commands = Counter(entry["command"] for entry in new)
    for words, _answer in answers:
        assert commands[" ".join(words[:1] if words[0] == "prefill" else words[:2])] >= PROCESSES * turns  # fmt: skip
    assert [entry["number"] for entry in state["journal"]] == list(range(1, entries + len(new) + 1))
    for process in range(PROCESSES):
        for turn in range(turns):
            assert kinds < 6 or (folder / f"{process}-{turn}.csv").stat().st_size
    well_again(soc)


def test_eight_at_once(soc: Soc, template: Path, tmp_path: Path) -> None:
    at_once(soc, template, tmp_path / "register", 1, kinds=2)


@pytest.mark.long
def test_eight_at_once_for_long(soc: Soc, template: Path, tmp_path: Path) -> None:
    at_once(soc, template, tmp_path / "register", 12)
