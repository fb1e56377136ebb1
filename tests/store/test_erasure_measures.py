"""R1: each of the measures by which an erasure leaves no byte is needed: without it, a byte is found."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.model.keys import Key
from soc_cli.operations import disclosures, erasing, inquiries, registering, registers
from soc_cli.policy.form import Policy
from soc_cli.store import disclosures as ledger
from soc_cli.store import driver, journal, maintenance, written
from soc_cli.store.register import Register
from tests.conftest import RUN
from tests.store.raw import Value, found, other_build

pytestmark = pytest.mark.both

PIECE = "とても長い相談" * 90
BODY = PIECE * 8
"""Longer than a page, so that it lies in pages of its own, each of which holds a piece whole."""


class Club:
    """A register in which things have happened, through the program's own operations."""

    def __init__(self, path: Path, policy: Policy, key: Key | None) -> None:
        self.path, self.policy = path, policy
        registers.make(path, policy, RUN, key=key)
        self.values: dict[int, set[Value]] = {}

    def upkeep(self) -> Register:
        return Register.open_upkeep(self.path, self.policy, RUN)

    def register(self, number: int) -> None:
        texts = {
            "name": f"名前{number:04}某", "nickname": f"あだ名{number:04}", "occupation": f"職業{number:04}第一",
            "email": f"m{number:04}@example.org", "phone": f"090-1234-{number:04}",
            "address": f"愛知県名古屋市中区栄{number:04}番地" + "の角を曲がった先" * (number % 9),
        }  # fmt: skip
        with self.upkeep() as upkeep:
            assert registering.add(upkeep, texts).number == number
        self.values[number] = set(texts.values())

    def correct(self, number: int, occupation: str) -> None:
        with Register.open(self.path, self.policy, RUN, "own-record", number) as own:
            registering.edit(own, {"occupation": occupation})
        self.values[number].add(occupation)

    def inquire(self, number: int, body: str) -> None:
        with Register.open(self.path, self.policy, RUN, "inquiry") as register:
            inquiries.log(register, {"body": body}, number)
        self.values[number].add(PIECE)

    def disclose(self, number: int, danger: str) -> None:
        texts = {
            "recipient": "病院", "recipient_address": "住所", "recipient_representative": "院長", "danger": danger,
            "protects": "life", "urgency": "今すぐ", "why_no_consent": "意識なし",
        }  # fmt: skip

        class Nothing:
            paths = (self.path.parent / f"extract-{number}.csv",)
            sha256 = "0" * 64
            named = True

            def claim(self) -> None: ...

            def discard(self) -> None: ...

        with Register.open_disclosure(
            self.path, self.policy, RUN, ("name",), [number], True, False
        ) as register:
            disclosures.record(
                register,
                disclosures.Wanted("danger", texts, ("name",), [number]),
                lambda _rows, _record: Nothing(),  # type: ignore[arg-type,return-value]
            )
        self.values[number] |= {danger, str(Nothing.paths[0])}

    def salts(self, number: int) -> set[Value]:
        """The salts by which entries about this member alone could be tried back."""
        con = driver.connect(self.path, 1)
        rows = con.execute(
            "select salt from journal_subject s join journal j on j.number = s.number"
            " where member = ? and j.act <> 'erase'",
            (number,),
        ).fetchall()
        con.close()
        return {row["salt"] for row in rows}

    def erase(self, *numbers: int, finish: bool = True) -> None:
        upkeep = self.upkeep()
        for number in numbers:
            self.values[number] |= self.salts(number)
        for number in numbers:
            erasing.erase(upkeep, number)
        if finish:
            erasing.finish(upkeep)
        upkeep.close()

    def left(self, beside: bytes = b"") -> set[Value]:
        return found(self.path, set().union(*self.values.values()), beside)


@pytest.fixture
def club(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch, own_key: Key | None
) -> Callable[..., Club]:
    """Makes a club of so many members with an SQLite as others build it, deaf to some statements."""

    def make(number: int, deaf: str | None = None, temp_files: bool = False) -> Club:
        other_build(monkeypatch, deaf, temp_files)
        club = Club(tmp_path / "register.db", policy, own_key)
        for one in range(1, number + 1):
            club.register(one)
        assert club.left() == set().union(*club.values.values()), "the control"
        return club

    return make


def history(club: Club) -> None:
    """Somebody corrects, inquires and is disclosed."""
    club.correct(1, "職業の二番目")
    club.inquire(1, BODY)
    club.disclose(1, "意識がない危険")


def test_r1_with_all_measures_nothing_is_left(club: Callable[..., Club]) -> None:
    there = club(3)
    history(there)
    there.erase(1, 2, 3)
    assert there.left() == set()


def test_without_emptying_the_log_it_is_found(club: Callable[..., Club]) -> None:
    there = club(3, deaf="wal_checkpoint")
    reader = driver.connect(there.path, 1)
    reader.execute(
        "select 1 from register"
    ).fetchone()  # keeps the log from going at the last close
    history(there)
    there.erase(1)
    assert there.left()
    reader.close()


def test_without_vacuum_it_is_found(club: Callable[..., Club]) -> None:
    there = club(120, deaf="^vacuum")
    for number in range(1, 121, 3):
        there.correct(number, f"二番目の職業{number}" * 4)
    numbers = [n for n in range(1, 121) if n % 5]
    there.erase(*numbers)
    erased = set().union(*(there.values[n] for n in numbers))
    assert found(there.path, erased)


def test_with_vacuum_the_same_is_not_found(club: Callable[..., Club]) -> None:
    there = club(120)
    for number in range(1, 121, 3):
        there.correct(number, f"二番目の職業{number}" * 4)
    numbers = [n for n in range(1, 121) if n % 5]
    there.erase(*numbers)
    erased = set().union(*(there.values[n] for n in numbers))
    assert found(there.path, erased) == set()


@pytest.mark.parametrize("deaf", [None, "secure_delete = on"])
def test_secure_delete_is_for_the_time_before_the_file_is_rewritten(
    club: Callable[..., Club], deaf: str | None
) -> None:
    there = club(1, deaf=deaf)
    history(there)
    there.erase(1, finish=False)
    assert (PIECE in there.left()) is bool(deaf)


def test_an_sqlite_that_can_not_overwrite_is_not_worked_with(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch, own_key: Key | None
) -> None:
    from soc_cli.model.errors import Failed

    registers.make(tmp_path / "register.db", policy, RUN, key=own_key)
    connect = driver.connect

    class Unable(driver.Connection):
        def execute(self, sql: str, *parameters: object) -> driver.Cursor:
            return super().execute("select 0" if "secure_delete" in sql else sql, *parameters)

    def unable(path: Path, wait_seconds: float) -> driver.Connection:
        return connect(path, wait_seconds, factory=Unable)

    monkeypatch.setattr(driver, "connect", unable)
    with pytest.raises(Failed, match="overwrite"):
        Register.open_upkeep(tmp_path / "register.db", policy, RUN)
    monkeypatch.setattr(driver, "connect", connect)


@pytest.mark.parametrize(
    ("module", "name", "instead"),
    [
        (journal, "forget", lambda _con, _member: []),
        (ledger, "forget", lambda _upkeep, _member: None),
        (written, "forget", lambda _upkeep, _member, _keys: None),
    ],
    ids=["the journal's subjects", "the words of a disclosure", "the record of files"],
)
def test_what_is_not_forgotten_is_found(
    club: Callable[..., Club], monkeypatch: pytest.MonkeyPatch,
    module: object, name: str, instead: Callable[..., object],
) -> None:  # fmt: skip
    there = club(2)
    history(there)
    monkeypatch.setattr(module, name, instead)
    there.erase(1)
    assert found(there.path, there.values[1])


@pytest.mark.parametrize("deaf", [None, "drop table if exists sqlite_stat"])
def test_samples_of_analyze_go(club: Callable[..., Club], deaf: str | None) -> None:
    there = club(12, deaf=deaf)
    con = driver.connect(there.path, 1)
    con.execute("analyze")
    con.close()
    there.erase(*range(1, 13))
    keys = {f"m{number:04}@example.org" for number in range(1, 13)}
    assert bool(found(there.path, keys)) is bool(deaf)


@pytest.mark.plain("what SQLCipher writes there of an encrypted register is encrypted too")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("deaf", [None, "temp_store = memory"])
def test_vacuum_writes_no_copy_into_the_systems_folder(
    club: Callable[..., Club], monkeypatch: pytest.MonkeyPatch, deaf: str | None
) -> None:
    there = club(40, deaf=deaf, temp_files=True)
    seen: list[bytes] = []

    def look() -> int:
        for link in Path("/proc/self/fd").iterdir():
            try:
                if "etilqs" in str(link.readlink()):
                    seen.append(link.read_bytes())
            except OSError:
                continue
        return 0

    connect = driver.connect

    def watched(path: Path, wait_seconds: float) -> driver.Connection:
        con = connect(path, wait_seconds)
        con.execute("pragma cache_size = 5")  # as if the register were large
        con.set_progress_handler(look, 200)
        return con

    monkeypatch.setattr(driver, "connect", watched)
    monkeypatch.setattr(
        maintenance, "_empty_log", lambda con: con.execute("pragma wal_checkpoint(truncate)")
    )
    there.erase(1)
    others = set().union(*(there.values[number] for number in range(2, 41)))
    assert bool(found(there.path.with_name("none"), others, b"".join(seen))) is bool(deaf)
