"""A disk that fills at any moment: one sentence, and the register as it was."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.acts import ACTS
from tests.faults.harness import Ready, done
from tests.faults.sentences import SENTENCES
from tests.faults.test_kill import some, telling, traced, writes_of

pytestmark = pytest.mark.plain("the prepared register is the sample")


def filled(ready: Ready, calls: list[str], moments: list[int], reason: str) -> None:
    """From the n-th write on the disk takes nothing more."""
    for n in moments:
        folder = ready.copy()
        call, nth = calls[n], calls[: n + 1].count(calls[n])
        around = ("strace", "-f", "-qq", "-e", f"trace={call}", "-e", f"inject={call}:error={reason}:when={nth}+", "-o", "/dev/null")  # fmt: skip
        answer = done(folder, ready.act.words, around)
        try:
            assert answer.code in (0, 1), answer
            if answer.code == 1:
                assert answer.err.splitlines()[-1].startswith("soc: ")
                assert "an error in the program itself" not in answer.err
            ready.holds(folder, answer)
        except AssertionError as error:
            raise AssertionError(f"write {n} ({call}): {answer}\n{error}") from error
        shutil.rmtree(folder)


def to_the_disk(calls: list[str]) -> list[int]:
    """The calls that a full disk refuses."""
    return [n for n in telling(calls) if calls[n] in ("pwrite64", "fsync", "fdatasync")]


@traced
@pytest.mark.parametrize(("name", "reason"), [("member edit", "ENOSPC")])
def test_full_at_a_few_moments(ready: Callable[[str], Ready], name: str, reason: str) -> None:
    act = ready(name)
    calls = writes_of(act.copy(), act.act.words)
    filled(act, calls, some(to_the_disk(calls), 3), reason)


@traced
@pytest.mark.long
@pytest.mark.parametrize("reason", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("name", list(ACTS))
def test_full_at_every_moment(ready: Callable[[str], Ready], name: str, reason: str) -> None:
    act = ready(name)
    calls = writes_of(act.copy(), act.act.words)
    filled(act, calls, some(to_the_disk(calls), 15), reason)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 900 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(place))
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(("umount", str(place)), check=True)


def test_a_small_disk_is_told_by_the_one_sentence(
    ready: Callable[[str], Ready], small: Path
) -> None:
    """Filled to the last byte by others, and then emptied a little: the command goes through."""
    act = ready("member edit")
    folder = small / "register"
    folder.mkdir(mode=0o700)
    for name in ("register.db", "register.db.erased"):
        shutil.copy(act.folder / name, folder)
    filler = small / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    said = SENTENCES["full"]
    for language in ("en", "ja"):
        answer = done(folder, act.act.words, env={"SOC_LANG": language})
        assert (answer.code, answer.out) == (said.code, "")
        assert answer.err == said.line(language, path="register.db")
    filler.unlink()
    assert done(folder, act.act.words).code == 0
    act.soc.monkeypatch.chdir(folder)
    assert act.soc("journal", "verify").code == 0
    act.soc.monkeypatch.chdir(act.folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name == "export" else [pytest.mark.long]) for name in ("export", "member add", "member erase", "backup", "meeting sheet")])  # fmt: skip
def test_a_file_that_may_not_grow(ready: Callable[[str], Ready], name: str) -> None:
    import resource

    act = ready(name)
    for limit in (0, 64 << 10):
        folder = act.copy()

        def little(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        answer = done(folder, act.act.words, preexec_fn=little)
        assert answer.code in (0, 1), answer
        act.holds(folder, answer)
