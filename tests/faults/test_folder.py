"""A folder that vanishes, between two commands or in the middle of one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soc_cli.store import journal
from soc_cli.store.register import Register
from tests.conftest import Soc
from tests.faults.acts import ACTS
from tests.faults.harness import Ready, rows, well_again, within
from tests.faults.sentences import SENTENCES

pytestmark = pytest.mark.plain("the prepared register is the sample")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_between_two_commands(
    soc: Soc, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    shutil.copytree(template, tmp_path / "here")
    within(soc, tmp_path)
    path = tmp_path / "here" / "register.db"
    monkeypatch.setenv("SOC_DB", str(path))
    monkeypatch.setenv("SOC_LANG", language)
    assert soc("member", "show", "3").code == 0
    (tmp_path / "here").rename(tmp_path / "there")
    said = SENTENCES["gone"]
    for name in ("member add", "member edit", "member erase", "sweep", "meeting cancel", "consent withdraw"):  # fmt: skip
        answer = soc(*ACTS[name].words, ok=None)
        assert (answer.code, answer.out) == (said.code, ""), name
        assert answer.err == said.line(language, path=path), name
    assert not (tmp_path / "here").exists(), "nothing is made in its place"
    (tmp_path / "there").rename(tmp_path / "here")
    monkeypatch.setenv("SOC_LANG", "en")
    assert soc("member", "show", "3").code == 0
    well_again(soc)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_before_a_change_begins(
    ready: Callable[[str], Ready], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Opened already, it changes nothing there."""
    act = ready("member edit")
    folder = act.copy()
    path, away = folder / "register.db", tmp_path / "away"
    before = rows(path)
    begin = Register._begin

    def vanishing(register: Register) -> None:
        if folder.exists():
            folder.rename(away)
        begin(register)

    monkeypatch.setattr(Register, "_begin", vanishing)
    monkeypatch.setenv("SOC_DB", str(path))
    monkeypatch.setenv("SOC_LANG", language)
    monkeypatch.chdir(tmp_path)
    answer = act.soc(*act.act.words, ok=False)
    said = SENTENCES["gone meanwhile"]
    assert (answer.code, answer.out) == (said.code, "")
    assert answer.err == said.line(language, path=path)
    assert rows(away / "register.db") == before


@pytest.mark.parametrize("words", [ACTS["member edit"].words, ("member", "show", "3")])
@pytest.mark.parametrize(("how", "language"), [("moved", "en"), ("replaced", "ja")])
def test_in_the_middle_of_a_change(
    soc: Soc, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, language: str, words: tuple[str, ...],
) -> None:  # fmt: skip
    """SQLite commits all the same: nothing is shown or acknowledged that is not in its place."""
    folder, away = tmp_path / "here", tmp_path / "away"
    shutil.copytree(template, folder)
    within(soc, tmp_path)
    path = folder / "register.db"
    before = rows(path)
    append = journal.append

    def vanishing(*said: Any) -> Any:
        given = append(*said)
        if not away.exists() and said[2].act != ("read" if "edit" in words else ""):
            folder.rename(away)
            if how == "replaced":
                shutil.copytree(template, folder)
        return given

    monkeypatch.setattr(journal, "append", vanishing)
    monkeypatch.setenv("SOC_DB", str(path))
    monkeypatch.setenv("SOC_LANG", language)
    answer = soc(*words, ok=None)
    said = SENTENCES["gone while writing"]
    assert (answer.code, answer.out) == (said.code, "")
    assert answer.err.endswith(said.line(language, path=path))
    assert folder.exists() == (how == "replaced")
    monkeypatch.setattr(journal, "append", append)
    after = rows(away / "register.db")
    assert len(after["journal"]) == len(before["journal"]) + (1 if "show" in words else 2)
    assert (after["member"] == before["member"]) == ("show" in words)
    within(soc, away)
    monkeypatch.setenv("SOC_LANG", "en")
    well_again(soc)


QUICK = ("prefill", "policy form", "disclosure record")
WRITING = [name for name, act in ACTS.items() if "--to" in act.words and not act.before and name not in ("restore", "export")]  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name in WRITING]
)  # fmt: skip
def test_a_folder_for_the_answer_that_is_not_there(
    soc: Soc, template: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "register"
    shutil.copytree(template, folder)
    for file, text in ACTS[name].files.items():
        (folder / file).write_text(text, "utf-8")
    within(soc, folder)
    words = list(ACTS[name].words)
    at = words.index("--to") + 1
    words[at] = f"gone/{words[at]}"
    answer = soc(*words, ok=False)
    assert answer.code == 1, answer
    assert "the program itself" not in answer.err
    assert not (folder / "gone").exists()
    well_again(soc)
