"""Where a file is begun is on record before it is begun, and no more when it has its name or is gone."""

import shutil
from pathlib import Path

import pytest

from soc_cli.model import newfile
from soc_cli.store import driver
from tests.conftest import Soc
from tests.faults.acts import ACTS, LOG, SHEET
from tests.faults.harness import findings, within

pytestmark = pytest.mark.plain("the prepared register is the sample")

BAD = SHEET + "104,,090-1234-0104,1985-01-01\n"
REJECTS = {
    "member import": ("member", "import", "bad.csv", "--on-error", "skip", "--rejects", "out/rejected.csv"),
    "usage import-log": ("usage", "import-log", "bad.log", "--rejects", "out/rejected.log"),
    "backup --verify": ("backup", "out/moved.db", "--verify"),
    "rekey": ("rekey", "--key-file", "out/new.key", "--recovery-note", "out/note.txt", "--yes"),
}  # fmt: skip
"""Files that are written beside what a command is for."""
WRITING = {name: act.words for name, act in ACTS.items() if any("/" in word for word in act.words)}  # fmt: skip
QUICK = ("export", "disclosure record", "member erase", "member import")


def known(folder: Path) -> set[Path]:
    """Where the check looks."""
    con = driver.connect(folder / "register.db", 1)
    try:
        written = [row[0] for row in con.execute("select path from written union select path from backup")]  # fmt: skip
        begun = [row[0] for row in con.execute("select folder from begun")]
    finally:
        con.close()
    return {*(Path(path).parent for path in written), *map(Path, begun)}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.long]) for name in {**WRITING, "export": (), **REJECTS}]
)  # fmt: skip
def test_before_it_is_begun(
    soc: Soc, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "register"
    shutil.copytree(template, folder)
    within(soc, folder)
    act = ACTS.get(name)
    texts = {**(act.files if act else {}), "bad.csv": BAD, "bad.log": LOG + "broken\n"}
    for file, text in texts.items():
        (folder / file).write_text(text, "utf-8")
        (folder / file).chmod(0o600)
    shutil.copy("backup.db", "out/moved.db")
    for words in act.before if act else ():
        soc(*words)
    make = newfile.make
    made: list[Path] = []

    def seen(path: Path) -> int:
        made.append(path.resolve().parent)
        if made[-1] != folder.resolve():
            assert made[-1] in known(folder), f"{path} is begun, and nobody knows"
        return make(path)

    monkeypatch.setattr(newfile, "make", seen)
    answer = soc(*(REJECTS.get(name) or ACTS[name].words), ok=None)
    monkeypatch.undo()
    assert answer.code in (0, 3), answer
    assert set(made) - {folder.resolve()}, "nothing was begun"
    within(soc, folder)
    if name == "rekey":
        soc.monkeypatch.setenv("SOC_KEY_FILE", "out/new.key")
        soc("path")  # whose session learns the key
    con = driver.connect(folder / "register.db", 1)
    assert con.execute("select count(*) from begun").fetchone()[0] == 0
    con.close()


def test_what_is_left_is_told_at_an_erasure_and_forgotten_when_it_is_gone(
    soc: Soc, template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "register"
    shutil.copytree(template, folder)
    within(soc, folder)
    con = driver.connect(folder / "register.db", 1)
    for place in (folder / "out", tmp_path / "stick" / "unplugged"):
        con.execute("insert into begun (at, folder) values ('2026-11-20T12:00:00+09:00', ?)", (str(place.resolve()),))  # fmt: skip
    con.close()
    left = folder / "out" / ".soc-0123456789abcdef"
    left.write_text("somebody")
    told = {one["what"] for one in soc("check", "--json", ok=None).json}
    assert f"a file was begun and never finished: {left}" in told
    assert f"a file was begun in {tmp_path / 'stick' / 'unplugged'}, which is out of reach" in told
    soc("sweep", "--yes")
    assert str(left) in soc("member", "erase", "3", "--yes").err
    assert left.exists(), "it is deleted by hand"
    left.unlink()
    assert findings(soc) == []
    soc("sweep", "--yes")
    con = driver.connect(folder / "register.db", 1)
    assert [row[0] for row in con.execute("select folder from begun")] == [str((tmp_path / "stick" / "unplugged").resolve())]  # fmt: skip
    con.close()
