"""R1: over long random histories nothing of the erased is found, whatever happened to them before."""

import contextlib
import io
import random
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from soc_cli.main import execute
from soc_cli.policy import form
from soc_cli.store import driver
from soc_cli.store.register import Register
from tests.conftest import RUN
from tests.store.raw import Value, found, other_build

CHANCE = st.integers(0, 2**32)
NAMES = ["青木", "髙﨑", "𠮷田", "渡邉", "五十嵐", "東海林", "九十九"]


class Histories(RuleBasedStateMachine):
    """A club that lives, with every value of everybody's remembered beside it."""

    other_build = False
    """Whether SQLite is as other builds make it: secure_delete off by default."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.folder = Path(tempfile.mkdtemp(prefix="soc-histories-"))
        self.path = self.folder / "register.db"
        for name, value in (("SOC_DB", str(self.path)), ("SOC_OPERATOR", "tester"), ("SOC_LANG", "en")):  # fmt: skip
            self.patch.setenv(name, value)
        if self.other_build:
            other_build(self.patch)
        self.count = 0
        self.now: dict[int, dict[str, Value]] = {}
        """What is stored of each member now, by what it is."""
        self.ever: dict[int, set[Value]] = {}
        """All that was ever stored of each member."""
        self.outsiders: dict[int, set[Value]] = {}
        self.gone: set[Value] = set()
        self.declared = self.companions = 0

    def soc(self, *words: str | Path, code: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            got = execute(list(map(str, words)))
        assert got == code, (words, err.getvalue())
        return out.getvalue()

    def word(self, kind: str) -> str:
        """A text that nobody else has."""
        self.count += 1
        return f"{kind}{self.count:05}の値"

    def keep(self, member: int, kind: str, *values: Value) -> None:
        self.now[member].pop(kind, None)
        for at, value in enumerate(values):
            self.now[member][f"{kind}{at or ''}"] = value
            self.ever[member].add(value)

    def pick(self, chance: int) -> int:
        """Mostly one of a few, so that much happens to the same ones before they are erased."""
        there = sorted(self.now)
        return random.Random(chance).choice(there[:4] if chance % 4 else there)

    @initialize()
    def begin(self) -> None:
        self.soc("init", "-q")
        self.soc("meeting", "add", "--title", "spring", "--date", "2099-04-12", "-q")
        self.take_in_rows(60)  # so many that pages of the file are split and joined

    @rule(chance=CHANCE)
    def register(self, chance: int) -> None:
        pick = random.Random(chance)
        self.count += 1
        member, one = len(self.ever) + 1, self.count
        values: dict[str, str] = {
            "name": f"{pick.choice(NAMES)} {self.word('名')}", "nickname": self.word("あだ名"),
            "email": f"m{one:05}@example.org", "address": f"愛知県{self.word('住所')}" + "角の先" * pick.randrange(40),
            "occupation": self.word("職業"), "interests": self.word("趣味"),
            "birth_date": (date(1940, 1, 1) + timedelta(days=one)).isoformat(),
        }  # fmt: skip
        options = [
            x
            for k, v in values.items()
            for x in ("--" + k.replace("_", "-").replace("interests", "interest"), v)
        ]
        assert self.soc("member", "add", *options, "-q") == f"SOC-{member:04}\n"
        self.now[member], self.ever[member] = {}, set()
        for kind, value in values.items():
            self.keep(member, kind, value)

    @rule(rows=st.integers(1, 12))
    def take_in(self, rows: int) -> None:
        self.take_in_rows(rows)

    def take_in_rows(self, rows: int) -> None:
        sheet = self.folder / "sheet.csv"
        first = len(self.ever) + 1
        lines = [
            (f"取込 {self.word('名')}", self.word("業種"), f"愛知県{self.word('住所')}")
            for _row in range(rows)
        ]
        sheet.write_text(
            "氏名,業種,住所\n" + "".join(",".join(line) + "\n" for line in lines), "utf-8"
        )
        self.soc("member", "import", sheet, "-q")
        sheet.unlink()
        for member, line in enumerate(lines, first):
            self.now[member], self.ever[member] = {}, set()
            for kind, value in zip(("name", "industry", "address"), line, strict=True):
                self.keep(member, kind, value)

    @precondition(lambda self: self.now)
    @rule(
        chances=st.lists(CHANCE, min_size=1, max_size=12), kind=st.sampled_from(["name", "nickname", "address", "occupation"]),
        length=st.sampled_from([1, 6, 14]),
    )  # fmt: skip
    def correct(self, chances: list[int], kind: str, length: int) -> None:
        for chance in chances:
            member = self.pick(chance)
            word = self.word(kind if kind != "name" else "改名")
            value = word * (length if kind == "address" else 1)
            self.soc("member", "edit", str(member), f"--{kind}", value, "-q")
            self.keep(member, kind, value)

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE, companions=st.integers(0, 3))
    def declare(self, chance: int, companions: int) -> None:
        member = self.pick(chance)
        if "declared" in self.now[member]:
            self.soc("meeting", "attend", "1", str(member), "-q")
            return
        self.soc("meeting", "declare", "1", str(member), "--companions", str(companions), "-q")
        self.now[member]["declared"] = ""
        self.declared += 1
        self.companions += companions

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE, length=st.sampled_from([1, 30, 900]))
    def inquire(self, chance: int, length: int) -> None:
        member = self.pick(chance)
        body, subject, answer = self.word("相談"), self.word("件名"), self.word("回答")
        number = self.soc(
            "inquiry", "log", "--member", str(member), "--subject", subject, "--body", (body + "\n") * length, "-q"
        ).strip()  # fmt: skip
        self.soc("inquiry", "reply", number, "--body", answer, "-q")
        self.keep(member, f"inquiry{number}", body, subject, answer)

    @rule()
    def ask_from_outside(self) -> None:
        name, body = self.word("問合"), self.word("外の相談")
        number = int(self.soc("inquiry", "log", "--from-name", name, "--body", body, "-q"))
        self.outsiders[number] = {name, body}

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE, give=st.booleans())
    def consent(self, chance: int, give: bool) -> None:
        member = self.pick(chance)
        how, recipient = self.word("書面"), self.word("受取人")
        number = self.soc(
            "consent", "give", "--member", str(member), "--recipient", recipient, "--items", "occupation", "--how", how,
            "--given-on", "2026-01-01", "-q",
        ).strip()  # fmt: skip
        self.keep(member, f"consent{number}", how)
        if not give:
            self.soc("consent", "withdraw", number, "-q")

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE)
    def disclose(self, chance: int) -> None:
        member = self.pick(chance)
        danger, file = self.word("危険"), self.folder / f"out-{self.word('file')}.csv"
        self.soc(
            "disclosure", "record", "--ground", "danger", "--recipient", "a", "--recipient-address", "b",
            "--recipient-representative", "c", "--danger", danger, "--protects", "life", "--urgency", "e",
            "--why-no-consent", "f", "--items", "occupation", "--member", str(member), "--to", file, "-q",
        )  # fmt: skip
        self.keep(member, f"disclosure{self.count}", danger, file.name)
        file.unlink()

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE)
    def use_the_services(self, chance: int) -> None:
        """As the access logs will be taken in: texts, and an integer that is the member's alone."""
        member, cookie = self.pick(chance), self.word("cookie")
        self.count += 1
        number = 0x5A5A_0000_0000 + self.count
        con = driver.connect(self.path, 1)
        con.execute("pragma secure_delete = on")
        con.execute(
            "insert into usage (member_id, at, cookie, status) values (?, '2026-01-01', ?, ?)",
            (member, cookie, number),
        )
        con.close()
        self.keep(member, f"usage{self.count}", cookie, number)

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE)
    def leave_and_return(self, chance: int) -> None:
        member = self.pick(chance)
        self.soc("member", "withdraw", str(member), "-q")
        self.soc("member", "rejoin", str(member), "-q")

    @precondition(lambda self: self.now)
    @rule(chance=CHANCE)
    def look(self, chance: int) -> None:
        member = self.pick(chance)
        self.soc("member", "show", str(member), "--json")
        self.soc("member", "find", "の値", "--json")
        with Register.open_upkeep(self.path, form.packaged(), RUN):
            pass

    @precondition(lambda self: self.now)
    @rule(chances=st.lists(CHANCE, min_size=1, max_size=6))
    def erase(self, chances: list[int]) -> None:
        for chance in chances if len(chances) <= len(self.now) else chances[:1]:
            member = self.pick(chance)
            there = {value for value in self.now[member].values() if value}
            assert found(self.path, there) == there, "the control"
            self.soc("member", "erase", str(member), "--yes", "-q")
            del self.now[member]
            self.gone |= self.ever[member]
        self.nothing_left()

    @precondition(lambda self: self.outsiders)
    @rule()
    def erase_outsider(self) -> None:
        number = min(self.outsiders)
        values = self.outsiders.pop(number)
        assert found(self.path, values) == values, "the control"
        self.soc("inquiry", "erase", str(number), "--yes", "-q")
        self.gone |= values
        self.nothing_left()

    def nothing_left(self) -> None:
        assert found(self.path, self.gone) == set()
        self.soc("journal", "verify", "-q")

    def teardown(self) -> None:
        try:
            if self.path.exists():
                self._end()
        finally:
            self.patch.undo()
            shutil.rmtree(self.folder)

    def _end(self) -> None:
        """All who are left go; the meeting's counts stay."""
        for member in sorted(self.now)[:3]:
            self.soc("member", "erase", str(member), "--yes", "-q")
            self.gone |= self.ever[member]
        self.nothing_left()
        told = self.soc("meeting", "list").split("\t")
        assert (int(told[8]), int(told[11])) == (self.declared, self.companions)
        self.soc("check", "-q")


class HistoriesElsewhere(Histories):
    """The same where SQLite is built otherwise."""

    other_build = True


def play(machine: type[Histories], examples: int, steps: int, **how: Any) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), **how,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("machine", [Histories, HistoriesElsewhere])
def test_r1_short_histories(machine: type[Histories]) -> None:
    play(machine, 4, 30, derandomize=True)


@pytest.mark.long
@pytest.mark.parametrize("machine", [Histories, HistoriesElsewhere])
def test_r1_long_histories(machine: type[Histories]) -> None:
    play(machine, 40, 80)
