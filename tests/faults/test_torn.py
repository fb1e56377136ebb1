"""Pages that were written by half: the check tells of them, and a backup stands in."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.store import driver
from tests.conftest import Soc
from tests.faults.harness import JOURNAL, Ready, done, rows, well_again, within
from tests.faults.sentences import SENTENCES

pytestmark = pytest.mark.plain("the prepared register is the sample")

PAGE = 4096
DAMAGE = "the file is damaged: "


def told(soc: Soc, language: str) -> bool:
    """Whether the check tells of damage; demands that it does so in the words that are written down."""
    said = SENTENCES["torn"]
    soc.monkeypatch.setenv("SOC_LANG", language)
    answer = soc("check", "--json", ok=None)
    soc.monkeypatch.setenv("SOC_LANG", "en")
    assert answer.code in (0, 1), answer
    if answer.err == said.line(language, path="register.db"):
        return True
    if answer.code == 0:
        return False
    assert answer.out, answer
    assert said.code == 1
    start = {"en": DAMAGE, "ja": "ファイルが壊れています（"}[language]
    whats = [one["what"] for one in answer.json if one["severity"] in ("error", "エラー")]
    journal = {"en": "of the journal does not verify", "ja": "記録が確かめられません"}[language]
    assert any(what.startswith(start) or journal in what for what in whats), answer
    return True


def torn(soc: Soc, template: Path, folder: Path, pages: list[int], seed: int) -> int:
    """Overwrites half of each page by chance, one at a time; gives of how many the check told."""
    chance = random.Random(seed)
    shutil.copytree(template, folder)
    within(soc, folder)
    path = folder / "register.db"
    whole = path.read_bytes()
    as_it_was = rows(path)
    known = 0
    for page in pages:
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        data = bytearray(whole)
        start = page * PAGE + chance.choice((0, PAGE // 2))
        data[start : start + PAGE // 2] = chance.randbytes(PAGE // 2)
        path.write_bytes(data)
        if told(soc, chance.choice(("en", "ja"))):
            known += 1
            continue
        state = rows(path)  # nothing but bytes that nobody uses, then
        kept = as_it_was.keys() - {*JOURNAL, "sqlite_sequence"}  # to which the check has added
        changed = [t for t in kept if as_it_was[t] != state[t]]
        assert not changed, (page, start % PAGE, changed)
    return known


def test_half_a_page_is_told(soc: Soc, template: Path, tmp_path: Path) -> None:
    count = (template / "register.db").stat().st_size // PAGE
    pages = list(range(1, count, count // 8))
    assert torn(soc, template, tmp_path / "torn", pages, 1) >= len(pages) * 2 // 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_half_of_every_page_is_told(soc: Soc, template: Path, tmp_path: Path, seed: int) -> None:
    pages = list(range(1, (template / "register.db").stat().st_size // PAGE))
    assert torn(soc, template, tmp_path / "torn", pages, seed) >= len(pages) * 2 // 3


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("half", "fault"), [(0, "without its beginning"), (1, "torn")])
def test_without_its_first_page_the_last_backup_takes_its_place(
    soc: Soc, template: Path, tmp_path: Path, language: str, half: int, fault: str
) -> None:
    folder = tmp_path / "torn"
    shutil.copytree(template, folder)
    within(soc, folder)
    path, some = folder / "register.db", random.Random(0).randbytes(PAGE // 2)
    data = bytearray(path.read_bytes())
    data[half * PAGE // 2 : (half + 1) * PAGE // 2] = some
    path.write_bytes(data)
    soc.monkeypatch.setenv("SOC_LANG", language)
    answer = soc("member", "show", "3", ok=False)
    said = SENTENCES[fault]
    assert (answer.code, answer.out) == (said.code, "")
    assert answer.err == said.line(language, path="register.db")
    assert path.read_bytes() == data
    soc.monkeypatch.setenv("SOC_LANG", "en")
    soc("restore", "backup.db", "--force", "--yes")
    well_again(soc)
    assert soc("member", "show", "3", "--json").json


def test_a_log_that_was_written_by_half_holds_whole_acts(ready: Callable[[str], Ready]) -> None:
    """Cut anywhere, or its last page torn: an act that it holds whole is there, else none of it."""
    act = ready("member edit")
    folder = act.copy()
    reader = driver.connect(folder / "register.db", 1)  # keeps the log from being emptied
    reader.execute("select count(*) from member").fetchone()
    assert done(folder, act.act.words).code == 0
    whole, log = (folder / "register.db").read_bytes(), (folder / "register.db-wal").read_bytes()
    reader.close()
    frame = PAGE + 24
    assert len(log) > 3 * frame
    before = act.finished.told(act.finished.before, journal=False)
    after = act.finished.told(act.finished.after, journal=False)
    seen = set()
    for size in [*range(32, len(log), len(log) // 5 + 7), len(log) - 1, len(log)]:
        cut = act.copy()
        (cut / "register.db").write_bytes(whole)
        (cut / "register.db-wal").write_bytes(log[:size])
        for path in cut.glob("register.db*"):
            path.chmod(0o600)
        state = act.finished.told(rows(cut / "register.db"), journal=False)
        assert state in (before, after)
        seen.add(state == after)
        well_again(act.soc, act.finished.due)
    assert seen == {False, True}
