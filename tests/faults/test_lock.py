"""While another program holds the register, every command that changes it waits, then says so."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.store import driver
from tests.conftest import Soc
from tests.faults.acts import ACTS
from tests.faults.harness import Ready, done, rows, within
from tests.faults.sentences import SENTENCES

pytestmark = pytest.mark.plain("the prepared register is the sample")

OWN = {"init", "restore"}
"""What makes a register of its own."""
UNRECORDED = {"meeting calendar", "policy file", "policy form"}
"""What reads nobody and changes nothing, and so waits for nobody."""


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.usefixtures("impatient")
def test_each_command_says_the_one_sentence(
    soc: Soc, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Of the commands that need nothing made ready before."""
    folder = tmp_path / "register"
    import shutil

    shutil.copytree(template, folder)
    for act in ACTS.values():
        for name, text in act.files.items():
            (folder / name).write_text(text, "utf-8")
            (folder / name).chmod(0o600)
    within(soc, folder)
    monkeypatch.setenv("SOC_LANG", language)
    before = rows(folder / "register.db")
    there = sorted(folder.rglob("*"))
    other = driver.connect(folder / "register.db", 1)
    other.execute("begin immediate")
    try:
        for name, act in ACTS.items():
            if act.before or name in OWN:
                continue
            answer = soc(*act.words, ok=None)
            if name in UNRECORDED:
                assert answer.code == 0, name
                continue
            said = SENTENCES["locked"]
            assert answer.code == said.code, name
            assert answer.out == "" or act.answers_first, name
            assert answer.err.endswith(said.line(language, path="register.db")), name
    finally:
        other.execute("rollback")
        other.close()
    assert rows(folder / "register.db") == before
    unrecorded = {Path(ACTS[name].words[-1]).name for name in UNRECORDED}
    left = set(folder.rglob("*")) - set(there)
    assert {path.name for path in left} <= {
        "register.db-wal",
        "register.db-shm",
        "marks.key",
        *unrecorded,
    }


def test_it_waits_for_a_short_change(ready: Callable[[str], Ready]) -> None:
    act = ready("member add")
    folder = act.copy()
    other = driver.connect(folder / "register.db", 1)
    other.execute("begin immediate")
    running = threading.Thread(target=lambda: answers.append(done(folder, act.act.words)))
    answers: list[object] = []
    running.start()
    time.sleep(0.7)
    assert running.is_alive(), "it has not waited"
    other.execute("rollback")
    other.close()
    running.join(subprocess.TimeoutExpired("soc", 30).timeout)
    (answer,) = answers
    assert act.holds(folder, answer) == []  # type: ignore[arg-type]
