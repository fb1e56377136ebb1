"""What is about one member costs the same, however many there are: counted in steps, not in seconds.

`python -m tests.bench.scale` measures the same commands among a million.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.model import pulse
from soc_cli.store import driver
from tests.bench.scale import COMMANDS, EXPECTED, ME, ONE, fill
from tests.conftest import Soc

FEW, MANY = 1_000, 5_000
STEP = 50
"""Instructions of SQLite's machine from one count to the next."""

MORE = {
    "inquiry list": ("inquiry", "list", "--member", str(ME)),
    "member choices": ("member", "choices", str(ME), "--notice-email", "yes"),
    "member add": ("member", "add", "--name", "新人 一", "--kana", "シンジン ハジメ"),
    "member withdraw": ("member", "withdraw", str(ME)),
    "member merge": ("member", "merge", "31", "32", "--yes"),
    "usage show": ("usage", "show", str(ME)),
    "usage link": ("usage", "link", "c40", "41"),
    "inquiry reply": ("inquiry", "reply", "33", "--body", "はい"),
    "prefill": (
        "prefill",
        str(ME),
        "--how",
        "電話",
        "--instructed-on",
        "2026-01-01",
        "--fields",
        "name",
    ),
}
ABOUT_ONE = {name: words for name, (about, words) in COMMANDS.items() if about == ONE and words}
ABOUT_ONE |= MORE


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, Path], bytes]:
    """Gives the bytes of a register with so many members, made of an empty one."""
    made: dict[int, bytes] = {}

    def of(members: int, empty: Path) -> bytes:
        if members not in made:
            path = tmp_path_factory.mktemp("filled") / "register.db"
            path.write_bytes(empty.read_bytes())
            fill(path, members)
            made[members] = path.read_bytes()
        return made[members]

    return of


@pytest.mark.plain("a plain register is filled past the program")
@pytest.mark.parametrize("name", ABOUT_ONE)
def test_what_is_about_one_member_does_not_grow_with_their_number(
    name: str,
    club: Soc,
    path: Path,
    filled: Callable[[int, Path], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    monkeypatch.setattr(driver, "OFTEN", STEP)
    monkeypatch.setattr(pulse, "listener", lambda: count)
    empty = tmp_path / "empty.db"
    empty.write_bytes(path.read_bytes())
    taken = []
    for members in (FEW, MANY):
        path.write_bytes(filled(members, empty))
        (tmp_path / str(members)).mkdir()
        words = [word.format(folder=tmp_path / str(members), turn=1) for word in ABOUT_ONE[name]]
        steps = 0
        answer = club(*words, ok=None)
        assert answer.code in EXPECTED.get(name, (0,)), answer
        taken.append(steps)
    few, many = taken
    assert few > 0
    assert many <= few * 1.2 + 20, taken
