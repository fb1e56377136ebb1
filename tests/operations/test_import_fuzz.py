"""Files that went wrong on their way: one sentence or a whole import, never anything between."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from soc_cli.formats import sheets
from soc_cli.model.errors import SocError
from soc_cli.operations import importing, member_import, reading
from soc_cli.operations.importing import How
from soc_cli.policy.form import Policy
from soc_cli.store import members
from soc_cli.store.register import Register
from tests.bench.import_members import HEADER, rows
from tests.conftest import DATA, Soc

ORIGINALS = [
    *(DATA / name for name in ("members-cp932.csv", "members-bad.csv", "members.xlsx", "address-book.csv")),
]  # fmt: skip
JSON = b'[{"number": "SOC-0001", "name": "\xe9\xab\x99", "interests": ["a", "b"], "choices": {"survey": true}}]'
SMALL = "氏名,電話番号,趣味\n田中 誠,090-1234-5678,a、b\n小野 節子,,\n髙﨑 壮,,x\n".encode()
TRICKY = [
    b'"', b"\x00", b"\r", b"\n", b",", b"\t", b"'", b"=1+1", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"[/x]",
    "𠮷".encode(), "\U000e0100".encode(), "髙".encode("cp932"), b"'; drop table member; --", b"9" * 400, b"{", b"[",
]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, cut out, doubled, or something tricky put in."""
    changed = bytearray(data)
    for _time in range(chance.choice((1, 1, 2, 5, 30))):
        at, length = chance.randrange(len(changed) + 1), chance.choice((1, 2, 10, 200))
        match chance.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case 3:
                changed[at:at] = chance.choice(TRICKY)
            case 4:
                del changed[at:]
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + length]
        if not changed:
            break
    return bytes(changed)


def fuzz(memory: Callable[..., Register], policy: Policy, files: int, seed: int) -> int:
    """So many mutated files; gives how many of them went in."""
    chance, taken = random.Random(seed), 0
    noun = member_import.noun(policy)
    known = reading.known(noun.shape(), ())
    originals = [*(path.read_bytes() for path in ORIGINALS), JSON, SMALL, SMALL]
    register = memory("upkeep")
    there = 0
    for _file in range(files):
        data = mutated(chance.choice(originals), chance)
        how = How(
            chance.choice((None, "person", "none")),
            chance.choice(("reject", "skip", "update", "fill")),
            chance.choice(("abort", "skip")),
            dry_run=chance.random() < 0.3,
        )
        began = time.monotonic()
        added = 0
        try:
            sheet = sheets.open_sheet(io.BytesIO(data), known)
            report = importing.take_in(register, noun, sheet, how)
            for problem in report.problems():
                assert problem["reason"]
            if not how.dry_run:
                added = report.added
        except SocError as error:
            assert str(error)  # noqa: PT017 (most of them fail, and each in its own way)
        assert time.monotonic() - began < 20, "a hang"
        before, there = there, register.look("select count(*) as n from member")[0]["n"]
        assert there == before + added, "half an import"
        taken += added > 0
        if there > 500:
            register, there = memory("upkeep"), 0
    assert members.none_yet(register) == (there == 0)
    return taken


def test_s1_a_file_that_went_wrong_is_told_or_goes_in_whole(
    memory: Callable[..., Register], policy: Policy
) -> None:
    assert fuzz(memory, policy, 150, seed=1) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_s1_ten_thousand_files_that_went_wrong(
    memory: Callable[..., Register], policy: Policy, seed: int
) -> None:
    fuzz(memory, policy, 500, seed + 100)


# killed, or out of room ---------------------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A sheet of 30,000, which a second process reads."""
    import csv

    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows(30_000)])
    assert path.stat().st_size > reading.LARGE
    return path


def _started(path: Path, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "soc_cli", "member", "import", str(path), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload, no-any-return]


def _whole(soc: Soc) -> int:
    assert soc("journal", "verify").code == 0
    return len(soc("member", "list", "--sort", "number", "--json").json)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize("signalled", [signal.SIGINT, getattr(signal, "SIGKILL", 9)])
def test_s1_an_import_that_is_killed_leaves_the_register_as_it_was(
    members: Soc, large: Path, path: Path, signalled: int
) -> None:
    for seconds in (0.6, 1.2):
        running = _started(large)
        time.sleep(seconds)
        assert running.poll() is None
        running.send_signal(signalled)
        out, err = running.communicate(timeout=20)
        assert (out, b"Traceback" in err) == (b"", False)
        assert running.returncode == (130 if signalled == signal.SIGINT else -9)
        assert _whole(members) == 120
    assert {file.name for file in path.parent.iterdir() if "register" not in file.name} == {"large.csv"}  # fmt: skip


@pytest.mark.plain("what is told of a sheet waits in no file beside an encrypted register")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_s1_a_full_disk_is_told_also_where_only_words_need_room(
    members: Soc, tmp_path: Path
) -> None:
    """What is told of a sheet may fill the disk before the register does."""
    import resource

    sheet = tmp_path / "short.csv"
    sheet.write_text("氏名,職業,業種\n" + "甲\n" * 30_000, "utf-8")

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1536 << 10, 1536 << 10))

    running = _started(sheet, preexec_fn=little)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 1, err
    assert b"is full or failing" in err
    assert b"ignored" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_s1_a_full_disk_leaves_the_register_as_it_was(members: Soc, large: Path) -> None:
    import resource

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20))

    running = _started(large, preexec_fn=little)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 1, err
    assert b"is full or failing" in err
    assert _whole(members) == 120


def test_two_imports_at_once_wait_for_each_other(club: Soc, tmp_path: Path) -> None:
    paths = []
    for name in ("a", "b"):
        file = tmp_path / f"{name}.csv"
        file.write_text("氏名\n" + "".join(f"{name} {at}\n" for at in range(300)), "utf-8")
        paths.append(file)
    running = [_started(file) for file in paths]
    assert [one.wait(timeout=60) for one in running] == [0, 0]
    for one in running:
        one.communicate()
    assert _whole(club) == 600


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    yield
    assert os.environ["SOC_OPERATOR"] == "tester"
