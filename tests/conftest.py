"""What every test stands on: no test can touch a real register, and each starts from an empty one."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from soc_cli.commands import passphrase, session
from soc_cli.main import execute
from soc_cli.model import language
from soc_cli.model.clocks import Clock
from soc_cli.model.keys import Key, RawKey
from soc_cli.policy import form
from soc_cli.policy.form import Policy
from soc_cli.store import driver, maintenance, register
from soc_cli.store.register import Register, Run, guard
from soc_cli.terminal import screen

# A busy machine is no mistake of the program's: what takes long is measured by the benches.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 22)


RAW_KEY = RawKey(bytes(range(32)))
"""What opens the registers of a run with `--encrypted`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--encrypted",
        action="store_true",
        help="every register of the tests is an encrypted one",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that are marked so run with plain and with encrypted registers."""
    marked = metafunc.definition.get_closest_marker
    if marked("both") and not marked("plain") and not metafunc.config.getoption("--encrypted"):
        metafunc.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file, outside any test's own folder."""
    path = tmp_path_factory.mktemp("key") / "register.key"
    path.write_text(RAW_KEY.raw.hex() + "\n", "ascii")
    path.chmod(0o600)
    return path


@pytest.fixture
def encrypted(request: pytest.FixtureRequest) -> bool:
    """Whether the registers of this test are encrypted ones."""
    return bool(request.config.getoption("--encrypted")) and not request.node.get_closest_marker(
        "plain"
    )


@pytest.fixture
def own_key(encrypted: bool) -> Key | None:
    """The key for a register that a test makes by itself."""
    return maintenance.new_key(RAW_KEY) if encrypted else None


@pytest.fixture
def as_the_others(own_key: Key | None) -> Callable[[Path], None]:
    """Encrypts a plain register where the registers of this test are encrypted ones."""

    def encrypt(path: Path) -> None:
        if own_key is not None:
            plain = path.rename(path.with_name("plain.db"))
            maintenance.copy_with_key(plain, path, own_key)
            con = driver.connect(path, 1)
            con.execute("pragma journal_mode = wal")
            con.close()
            plain.unlink()

    return encrypt


@pytest.fixture(autouse=True)
def nobodys_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool, key_file: Path
) -> None:
    """Every path and name that the program would take from its surroundings is the test's own."""
    for name in (
        "SOC_PASSPHRASE_FILE",
        "SOC_EXPORT_PASSPHRASE_FILE",
        "SOC_KEY_FILE",
        "SOC_TODAY",
        "SOC_DEBUG",
        "LC_ALL",
        "LC_MESSAGES",
        "LANGUAGE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SOC_LANG", "en")
    monkeypatch.setenv("SOC_DB", str(tmp_path / "register.db"))
    monkeypatch.setenv("SOC_OPERATOR", "tester")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SOC_MARK_KEY_FILE", str(tmp_path / "settings" / "marks.key"))
    if encrypted:
        monkeypatch.setenv("SOC_KEY_FILE", str(key_file))
    driver.unlock_with(passphrase.secrets)
    language.use("en")


@dataclass(frozen=True)
class Answer:
    """What one command left: its exit code, its answer, and its talk."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Soc:
    """The program as a script calls it, inside this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def __call__(
        self, *arguments: str | Path, stdin: bytes = b"", ok: bool | None = True
    ) -> Answer:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        self.capsys.readouterr()
        code = execute(list(map(str, arguments)))
        out, err = self.capsys.readouterr()
        answer = Answer(code, out, err)
        assert "Traceback" not in err
        if ok:
            assert code == 0, answer
        elif ok is False:
            assert code != 0, answer
            sentence = err.rstrip("\n").rsplit("\n", 1)[-1]
            assert sentence.startswith("soc: "), answer
        return answer


@pytest.fixture
def soc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Soc:
    """Runs one command; `ok=False` expects a sentence and an exit code instead of an answer, None either."""
    return Soc(capsys, monkeypatch)


EMPTY: dict[bool, bytes] = {}
"""A plain and an encrypted register that nothing is in, each as `soc init` has made it once."""


@pytest.fixture
def club(soc: Soc) -> Soc:
    """The program with an empty register."""
    path = Path(os.environ["SOC_DB"])
    encrypted = bool(os.environ.get("SOC_KEY_FILE"))
    if encrypted not in EMPTY:
        soc("init", "--quiet", *(() if encrypted else ("--no-encrypt",)))
        EMPTY[encrypted] = path.read_bytes()
    else:
        path.write_bytes(EMPTY[encrypted])
        path.chmod(0o600)
    return soc


@pytest.fixture
def members(club: Soc) -> Soc:
    """The program with a register of 120 members, from a sheet as a Japanese Excel saves it."""
    club("member", "import", DATA / "members-cp932.csv")
    return club


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's register is."""
    return tmp_path / "register.db"


@pytest.fixture(scope="session")
def policy() -> Policy:
    return form.packaged()


RUN = Run("tester", "test", Clock(TODAY))


@pytest.fixture
def memory(policy: Policy) -> Iterator[Callable[..., Register]]:
    """Opens registers in memory: `memory("contact")`, `memory("own-record", 1)`, `memory("upkeep")`.

    The `filled` statements run before the guard is set.
    """
    opened: list[Register] = []

    def open_for(purpose: str, member: int | None = None, filled: tuple[str, ...] = ()) -> Register:
        con = driver.connect_memory()
        con.execute("pragma foreign_keys = on")
        maintenance.apply_steps(con)
        con.execute(
            "insert into register values ('made_at', '2026-11-01T12:00:00+09:00'), ('sample', 'yes')"
        )
        for statement in filled:
            con.execute(statement)
        rules = guard(policy)
        grant = rules.for_upkeep() if purpose == "upkeep" else rules.for_purpose(purpose, member)
        opened.append(Register(con, Path(":memory:"), policy, RUN, grant))
        return opened[-1]

    yield open_for
    for one in opened:
        one.close()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a person sat at a terminal."""
    monkeypatch.setattr(screen, "is_terminal", lambda: True)
    monkeypatch.setattr(screen, "can_ask", lambda: True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for another program that holds the register."""
    for module, name in ((driver, "LOCK_WAIT"), (register, "PATIENCE"), (session, "PATIENCE")):
        monkeypatch.setattr(module, name, 0.05)
