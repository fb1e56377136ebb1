"""Killed at any moment of a change of its key, a register opens with the old key or the new one, never with both."""

import random
import shutil
import time
from pathlib import Path

import pytest

from soc_cli.commands import passphrase
from soc_cli.store import driver
from tests.conftest import Soc
from tests.faults.harness import rows, settle, started, well_again, within

pytestmark = pytest.mark.plain("each direction says itself which registers are encrypted")

WAYS = {
    "a passphrase for none": (None, "one"),
    "another passphrase": ("one", "two"),
    "a key file": ("one", "a.key"),
    "another key file": ("a.key", "b.key"),
    "none": ("one", None),
}
"""From which key to which, by the files that hold them."""
SECRETS = {
    "one": "haiku lantern 42 tugboat marzipan", "two": "quartz umbrella 9 velvet kumquat",
    "a.key": "5a" * 32, "b.key": "a5" * 32,
}  # fmt: skip


def given(name: str | None) -> tuple[str, ...]:
    """The options of `soc rekey` for the key in a file."""
    if name is None:
        return ("--decrypt", "--yes")
    return ("--key-file" if name.endswith(".key") else "--passphrase-file", f"keys/{name}")


def hold(soc: Soc, name: str | None) -> None:
    """From now on this file holds the key, and no other does."""
    for variable, ours in (("SOC_KEY_FILE", True), ("SOC_PASSPHRASE_FILE", False)):
        if name is not None and name.endswith(".key") is ours:
            soc.monkeypatch.setenv(variable, f"keys/{name}")
        else:
            soc.monkeypatch.delenv(variable, raising=False)
    driver.unlock_with(passphrase.secrets)


def opened(soc: Soc, name: str | None) -> bool:
    """Whether the register opens with the key in a file, or with none."""
    hold(soc, name)
    return soc("journal", "head", ok=None).code == 0


class Begun:
    """A register with its old key, whose change to the new one may be killed any number of times."""

    def __init__(self, soc: Soc, template: Path, scratch: Path, way: str) -> None:
        self.soc, self.scratch, self.count = soc, scratch, 0
        self.old, self.new = WAYS[way]
        self.folder = scratch / "begun"
        self.backup = template / "shelf" / "proven.db"
        shutil.copytree(template, self.folder)
        for name, text in SECRETS.items():
            (self.folder / "keys" / name).write_text(text + "\n", "utf-8")
            (self.folder / "keys" / name).chmod(0o600)
        within(soc, self.folder)
        hold(soc, None)
        if self.old is not None:
            soc("rekey", *given(self.old))
        hold(soc, self.old)
        settle(self.folder / "register.db")
        self.people = rows(self.folder / "register.db")["member"]
        began = time.monotonic()
        assert self._run(None) == 0
        self.takes = time.monotonic() - began

    def _run(self, after: float | None) -> int:
        """Changes the key of a copy, killed after so many seconds; gives the exit code."""
        self.count += 1
        folder = self.scratch / f"try-{self.count}"
        shutil.copytree(self.folder, folder)
        within(self.soc, folder)
        hold(self.soc, self.old)
        process = started(folder, ("rekey", *given(self.new)))
        if after is not None:
            time.sleep(after)
            process.kill()
        process.communicate(timeout=120)
        return process.returncode

    def killed(self, share: float) -> bool:
        """Kills it after a share of the time that it takes, and demands what must hold; whether it died."""
        died = self._run(self.takes * share) != 0
        opens = [name for name in (self.old, self.new) if opened(self.soc, name)]
        if None in opens:  # a plain one opens whatever key is named
            opens = [None]
        assert len(opens) == 1, (share, opens)
        assert died or opens == [self.new], share
        hold(self.soc, opens[0])
        folder = self.scratch / f"try-{self.count}"
        assert rows(folder / "register.db")["member"] == self.people
        # Plain backups of before are told of for as long as they are there.
        well_again(self.soc, [f"the backup {self.backup} is not encrypted"])
        assert list(folder.rglob(".soc-*")) == [], "left behind, and not told"
        shutil.rmtree(folder)
        return died


def test_killed_once_on_its_way_to_a_key(soc: Soc, template: Path, tmp_path: Path) -> None:
    Begun(soc, template, tmp_path, "a key file").killed(0.7)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_moment(soc: Soc, template: Path, tmp_path: Path, way: str) -> None:
    begun = Begun(soc, template, tmp_path, way)
    chance = random.Random(way)
    died = [begun.killed(chance.uniform(0.2, 1.0)) for _time in range(12)]
    assert sum(died) >= len(died) // 3
