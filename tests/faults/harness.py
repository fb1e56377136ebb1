"""A prepared register, real processes on copies of it, and what must hold after any fault."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soc_cli.policy.form import PACKAGED
from soc_cli.store import driver
from tests.conftest import Answer, Soc
from tests.faults.acts import Act

SAMPLE = Path(__file__).resolve().parents[2] / "sample.db"
SOURCES = str(Path(__file__).resolve().parents[2])
DAY = "2026-11-22"

JOURNAL = ("journal", "journal_subject")
APART = ("register", "begun", "sqlite_sequence", "sqlite_schema", *JOURNAL)
"""Tables whose rows are not what an act is about: settings, counters and the record itself."""

Rows = dict[str, list[dict[str, Any]]]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process in the folder of a register finds around itself."""
    return {
        **os.environ, "SOC_DB": "register.db", "SOC_TODAY": DAY, "SOC_MARK_KEY_FILE": "settings/marks.key",
        "PYTHONPATH": SOURCES, "PYTHONDONTWRITEBYTECODE": "1", **more,
    }  # fmt: skip


def started(
    folder: Path, words: Sequence[str], around: Sequence[str] = (), **more: Any
) -> subprocess.Popen[str]:
    """One command of the program as a process of its own, in the folder of a register."""
    env = environment(folder, **more.pop("env", {}))
    command = [*around, sys.executable, "-m", "soc_cli", *words]
    return subprocess.Popen(
        command, cwd=folder, env=env, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, **more,
    )  # fmt: skip


def done(folder: Path, words: Sequence[str], around: Sequence[str] = (), **more: Any) -> Answer:
    """The same, waited for."""
    process = started(folder, words, around, **more)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return Answer(process.returncode, out, err)


def rows(path: Path) -> Rows:
    """Every row of every table of a register, in the order of its rows."""
    con = driver.connect(path, 5)
    try:
        names = [
            row[0]
            for row in con.execute("select name from sqlite_master where type = 'table'")
            if not row[0].startswith("sqlite_stat")
        ]
        return {
            name: [dict(row) for row in con.execute(f'select * from "{name}"')] for name in names
        }
    finally:
        con.close()


def files(folder: Path) -> dict[str, str]:
    """The hashes of all files of a folder but those of a register."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("register.db", "new.db"))
    }


def prepare(soc: Soc, folder: Path) -> None:
    """Makes the folder of a register as a club has it: swept, with a backup and its list, nothing due."""
    folder.mkdir(mode=0o700)
    for name in ("settings", "keys", "shelf", "out"):
        (folder / name).mkdir(mode=0o700)
    shutil.copy(SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)
    policy = PACKAGED.read_text("utf-8")
    for key in ("address", "representative", "complaints", "requests"):
        policy = policy.replace(f'{key} = ""', f'{key} = "事務局"', 1)
    (folder / "club.toml").write_text(policy, "utf-8")
    within(soc, folder)
    for words in (
        ("inquiry", "identify", "6", "--how", "運転免許証"),
        ("inquiry", "reply", "6", "--body", "直しました。", "--outcome", "done"),
        ("inquiry", "close", "6"),
        ("sweep", "--yes"),
    ):
        soc(*words)
    shutil.copy(folder / "register.db", folder / "other.db")
    soc("--db", "other.db", "backup", "backup.db")
    for path in folder.glob("other.db*"):
        path.unlink()
    soc("backup", "shelf/proven.db", "--verify")
    soc("check")
    settle(folder / "register.db")


def settle(path: Path) -> None:
    """Puts the log into the file, so that a copy of the file is one of the register."""
    con = driver.connect(path, 5)
    con.execute("pragma wal_checkpoint(truncate)")
    con.close()


def within(soc: Soc, folder: Path) -> None:
    """From here on commands run in the folder, as its processes do."""
    soc.monkeypatch.chdir(folder)
    for name, value in environment(folder).items():
        soc.monkeypatch.setenv(name, value)


def findings(soc: Soc) -> list[dict[str, str]]:
    """What `soc check` finds wrong or due."""
    answer = soc("check", "--json", ok=None)
    assert answer.code in (0, 1), answer
    assert answer.out, answer
    return [one for one in json.loads(answer.out) if one["severity"] != "note"]


def well_again(soc: Soc, allowed: Sequence[str] = ()) -> list[str]:
    """Demands that the check finds all well, after at most what it says itself; gives what it said.

    Nothing but what a killed program may leave is mended so: an unfinished file, an erasure or a new
    key that was cut short, bytes to give back. Damage and a journal that does not verify are neither.
    """
    told: list[str] = []
    for _time in range(3):
        found = [one for one in findings(soc) if one["what"] not in allowed]
        if not found:
            assert soc("journal", "verify").code == 0
            return told
        told += [one["what"] for one in found]
        for one in found:
            begun = one["what"].partition("a file was begun and never finished: ")[2]
            if begun:
                Path(begun).unlink()
            elif "but its file got no name: " in one["what"]:
                Path(one["what"].partition("its file got no name: ")[2]).unlink()
            elif "soc sweep --yes" in one["do"]:
                soc("sweep", "--yes")
            else:
                raise AssertionError(one)
    raise AssertionError(told)


@dataclass
class Finished:
    """How an act ends where nothing disturbs it, without what differs from one time to the next."""

    before: Rows
    after: Rows
    volatile: set[tuple[str, str]]
    files_before: dict[str, str]
    files_after: dict[str, str]
    answer: Answer
    due: list[str]

    def told(self, state: Rows, *, journal: bool) -> dict[str, list[tuple[Any, ...]]]:
        """The rows without what is volatile: of the record alone, or of all but what is `APART`."""
        return {
            table: sorted(
                (tuple(v for k, v in row.items() if (table, k) not in self.volatile) for row in kept),
                key=repr,
            )
            for table, kept in state.items()
            if (table in JOURNAL if journal else table not in APART)
        }  # fmt: skip


class Ready:
    """A folder in which an act may be tried any number of times, each time on a copy of it."""

    def __init__(self, soc: Soc, template: Path, act: Act, scratch: Path) -> None:
        self.soc, self.act, self.scratch = soc, act, scratch
        self.folder = scratch / "ready"
        shutil.copytree(template, self.folder)
        for name, text in act.files.items():
            (self.folder / name).write_text(text, "utf-8")
            (self.folder / name).chmod(0o600)
        within(soc, self.folder)
        for words in act.before:
            soc(*words)
        for name in {"register.db", act.register}:
            if (self.folder / name).exists():
                settle(self.folder / name)
        self.count = 0
        self.finished = self._finish()

    def copy(self) -> Path:
        """A fresh copy of the folder; commands run there from here on."""
        self.count += 1
        folder = self.scratch / f"try-{self.count}"
        shutil.copytree(self.folder, folder)
        within(self.soc, folder)
        return folder

    def _finish(self) -> Finished:
        ends, written, answers = [], [], []
        due: list[str] = []
        for time in range(2):
            folder = self.copy()
            answers.append(done(folder, self.act.words))
            assert answers[-1].code == 0, answers[-1]
            self.opened(folder)
            ends.append(rows(folder / self.act.register))
            written.append(files(folder))
            if not time:
                due = [one["what"] for one in findings(self.soc)]
            shutil.rmtree(folder)
        volatile = {
            (table, key)
            for table in ends[0]
            for one, other in zip(ends[0][table], ends[1][table], strict=True)
            for key in one
            if one[key] != other[key]
        } | {("journal", "hash"), ("journal", "commitment"), ("journal_subject", "salt")}
        after = {name: hash if written[1][name] == hash else "" for name, hash in written[0].items()}  # fmt: skip
        path = self.folder / self.act.register
        before = rows(path) if path.exists() else {}
        due = [what for what in due if "soc-" not in what and "erasure is not" not in what]
        return Finished(before, ends[0], volatile, files(self.folder), after, answers[0], due)

    def opened(self, folder: Path) -> None:
        """From here on commands use the register that the act changes, once it is there, with its key."""
        there = (folder / self.act.register).exists()
        self.soc.monkeypatch.setenv("SOC_DB", self.act.register if there else "register.db")
        key = folder / "keys" / "register.key"
        if key.exists():
            self.soc.monkeypatch.setenv("SOC_KEY_FILE", "keys/register.key")
        else:
            self.soc.monkeypatch.delenv("SOC_KEY_FILE", raising=False)
        from soc_cli.commands import passphrase

        driver.unlock_with(passphrase.secrets)

    def holds(self, folder: Path, answer: Answer) -> list[str]:
        """Demands of a copy what must hold after any fault; gives what `soc check` said to mend."""
        end = self.finished
        self.opened(folder)
        path = folder / self.act.register
        acknowledged = answer.code == 0 or (answer.out != "" and not self.act.answers_first)
        if not path.exists():
            assert end.before == {}, "the register is gone"
            assert not acknowledged
        else:
            state = rows(path)
            data = end.told(state, journal=False)
            after, before = end.told(end.after, journal=False), end.told(end.before, journal=False)
            if acknowledged or data != before:
                assert data == after, difference(data, before, after)
            if end.before:
                before_entries = len(end.before["journal"])
                assert before_entries <= len(state["journal"])
                # A backup that failed takes its own record back, by one entry more.
                assert answer.code == 1 or len(state["journal"]) <= len(end.after["journal"])
        for name, digest in files(folder).items():
            if Path(name).name.startswith(".soc-"):
                continue
            assert name in end.files_after or name in end.files_before, f"left behind: {name}"
            wanted = {end.files_before.get(name), end.files_after.get(name)}
            assert digest in wanted or ("" in wanted and (folder / name).stat().st_size), name
        there = files(folder)
        for name in end.files_after:  # named in the answer, or all of them where it ended well
            assert name in there or not (answer.code == 0 or name in answer.out), f"lost: {name}"
        told = well_again(self.soc, end.due)
        left = [path for path in folder.rglob(".soc-*") if path.is_file()]
        assert left == [], f"left behind, and not told: {left}"
        return told


def difference(
    data: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, tuple[Any, Any, Any]]:
    """The tables that are neither as before nor as after an act, or not all the same."""
    return {
        table: (data.get(table), before.get(table), after.get(table))
        for table in after
        if data.get(table) != before.get(table) or data.get(table) != after.get(table)
    }
