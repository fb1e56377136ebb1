"""Killed before any of its writes, every command leaves all or nothing, and nothing that nobody names."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from soc_cli.main import NOUNS
from tests.faults.acts import ACTS, READING
from tests.faults.harness import Ready, done

pytestmark = pytest.mark.plain("the prepared register is the sample")

WRITES = "write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat"
"""The calls by which something gets to the disk or to whoever reads the answer."""


def traces() -> bool:
    """Whether this system lets a process be traced."""
    if sys.platform != "linux" or not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-f", "true"], capture_output=True, check=False).returncode == 0  # fmt: skip


traced = pytest.mark.skipif(not traces(), reason="strace")


def writes_of(folder: Path, words: tuple[str, ...]) -> list[str]:
    """The writing calls of a command, in order."""
    log = folder / "calls"
    done(folder, words, ("strace", "-f", "-qq", "-e", f"trace={WRITES}", "-o", str(log)))
    return [line.split("(")[0].split()[-1] for line in log.read_text("utf-8", "replace").splitlines() if "(" in line]  # fmt: skip


def killed(ready: Ready, calls: list[str], moments: list[int]) -> int:
    """Kills an act before its n-th write for each n, and demands what must hold; gives how many died."""
    died = 0
    for n in moments:
        folder = ready.copy()
        call, nth = calls[n], calls[: n + 1].count(calls[n])
        around = ("strace", "-f", "-qq", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}", "-o", "/dev/null")  # fmt: skip
        answer = done(folder, ready.act.words, around)
        died += answer.code != 0
        try:
            ready.holds(folder, answer)
        except (AssertionError, OSError) as error:
            raise AssertionError(
                f"killed before write {n} ({call}) of {len(calls)}: {answer}\n{error}"
            ) from error
        shutil.rmtree(folder)
    return died


def test_every_command_is_tried_or_named_as_reading() -> None:
    every = set()
    for noun, (module, _help) in NOUNS.items():
        verbs = import_module(f"soc_cli.commands.{module}").app
        every |= {noun} if noun in verbs else {f"{noun} {verb}" for verb in verbs}
    assert not ACTS.keys() & READING.keys()
    assert ACTS.keys() | READING.keys() == every
    for name, act in ACTS.items():
        words = act.words[2:] if act.words[0] == "--db" else act.words
        assert " ".join(words[: len(name.split())]) == name


def telling(calls: list[str]) -> list[int]:
    """The writes that are no mere page in a row of pages: the first and last of each row, and all others."""
    page = [call == "pwrite64" for call in calls]
    return [
        n for n, _call in enumerate(calls)
        if not (page[n] and 0 < n < len(calls) - 1 and page[n - 1] and page[n + 1])
    ]  # fmt: skip


def some(moments: list[int], most: int) -> list[int]:
    """So many of them, evenly spread, the last among them."""
    step = -(-len(moments) // most)
    return moments[::-step][::-1]


@traced
@pytest.mark.parametrize("name", ["member erase", "disclosure record"])
def test_killed_at_a_few_moments(ready: Callable[[str], Ready], name: str) -> None:
    act = ready(name)
    calls = writes_of(act.copy(), act.act.words)
    moments = some(telling(calls), 4)
    assert killed(act, calls, moments) >= len(moments) - 1


@traced
@pytest.mark.long
@pytest.mark.parametrize("name", list(ACTS))
def test_killed_before_every_write(ready: Callable[[str], Ready], name: str) -> None:
    """Each write where there are sixty or fewer; else forty of those that tell most, evenly spread."""
    act = ready(name)
    calls = writes_of(act.copy(), act.act.words)
    moments = list(range(len(calls))) if len(calls) <= 60 else some(telling(calls), 40)
    assert killed(act, calls, moments) >= len(moments) * 3 // 4
