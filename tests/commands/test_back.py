"""After each command that writes it is said how to take it back; and what is said does it."""

import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from soc_cli.commands import ways
from soc_cli.main import build
from soc_cli.terminal import screen
from tests.conftest import Soc
from tests.faults import acts, harness
from tests.faults.acts import ACTS, Act, Words

pytestmark = pytest.mark.plain("the sample is a plain file")

MORE = {
    "inquiry log --member": Act(acts.LOGGED),
    "member refuse --key-lost": Act(("member", "refuse", "--key-lost", "--yes"), (acts.REFUSED,)),
    "member readmit --refusal": Act(("member", "readmit", "--refusal", "1"), (acts.REFUSED, ("member", "erase", "3", "--yes"))),
}  # fmt: skip
"""The second ways of some commands, as they are tried."""

TRIED = {**ACTS, **MORE, "meeting absent": Act(("meeting", "absent", "6", "13"))}


def test_every_command_that_writes_has_a_way_back_or_says_that_there_is_none() -> None:
    assert ways.WAYS.keys() == ACTS.keys() | MORE.keys()
    tree = build()
    for verb, way in ways.WAYS.items():
        assert way.command or way.says, verb
        if way.command:
            command = tree
            for word in re.split(r" [{-]", way.command)[0].split():
                command = command.commands[word]
            options = {name for p in command.params for name in p.opts}
            assert set(re.findall(r"--[a-z-]+", way.command)) <= options, verb


WORDS: dict[str, Words] = {
    "member add": ("--yes",),
    "member edit": ("--address", "{address}"),
    "member unmerge": ("--yes",),
    "member readmit": ("--rule", "会則第5条", "--reason", "夜間の空ぶかし", "--until", "2028-03-31", "--yes"),
    "inquiry log": ("--yes",),
    "inquiry identify": ("--how", "会員証"),
    "disclosure correct": ("--recipient-address", "愛知県刈谷市東境町1-1", "--reason", "番地の書き誤り"),
    "rekey": ("--decrypt", "--yes"),
}  # fmt: skip
"""What a person says beside the command that is told, where it asks."""

SAID = {
    "--notice-email …": '--notice-email ""',
    "--survey …": '--survey ""',
    "<COOKIE>": "{cookie}",
}
"""What a person puts in place of what a hint leaves out."""

STAYS: dict[str, set[str]] = {
    "member add": {"erased"},
    "member unmerge": {"merged"},
    "member refuse": {"refusal"},
    "member readmit": {"refusal", "refusal_mark"},
    "meeting add": {"meeting"},
    "inquiry log": {"erased_inquiry"},
    "inquiry log --member": {"inquiry"},
    "inquiry identify": {"inquiry"},
    "usage unlink": {"link"},  # on another day
    "consent give": {"consent"},
    "disclosure correct": {"disclosure", "disclosure_member"},
    "notice prepare": {"written"},
    "policy change": {"club_policy"},
}
"""Where something stays behind, as the hint says or as the record must have it."""

COMMANDS = [verb for verb, way in ways.WAYS.items() if way.command]


@pytest.mark.parametrize("verb", COMMANDS)
def test_what_is_told_takes_it_back(
    verb: str, soc: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "club"
    within(soc, folder)
    act = TRIED[verb]
    for name, text in act.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o600)
    for words in act.before:
        soc(*words)
    stood = state(folder)
    monkeypatch.setattr(screen, "can_hint", lambda: not screen.is_quiet())
    told = soc(*act.words).err
    monkeypatch.setattr(screen, "can_hint", lambda: False)
    if verb == "backup":
        Path(act.words[1]).unlink()
    if verb == "rekey":
        monkeypatch.setenv("SOC_KEY_FILE", "keys/register.key")
    assert state(folder) != stood or verb == "rekey"
    soc(*hinted(told, verb, stood))
    if verb == "policy change":
        soc("policy", "change", "before.toml", "--yes")
    now = state(folder)
    assert {table for table in now if now[table] != stood[table]} == STAYS.get(verb, set())


def within(soc: Soc, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name in ("settings", "keys", "shelf", "out"):
        (folder / name).mkdir(mode=0o700)
    shutil.copy(harness.SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)
    (folder / "club.toml").write_text(
        harness.PACKAGED.read_text("utf-8").replace('address = ""', 'address = "事務局"', 1),
        "utf-8",
    )
    harness.within(soc, folder)


def state(folder: Path) -> harness.Rows:
    """Every row but those of the record itself, without what only counts changes or numbers rows."""
    kept = harness.rows(folder / "register.db")
    left_out = {"meeting": ("revision",), "declaration": ("id",)}
    return {
        table: [{k: v for k, v in row.items() if k not in left_out.get(table, ())} for row in found]
        for table, found in kept.items()
        if table not in harness.APART
    }


def hinted(told: str, verb: str, stood: harness.Rows) -> Sequence[str]:
    """The command that the hint tells, completed as a person would."""
    (line,) = [one for one in told.splitlines() if "To take it back: " in one]
    line = re.sub(r"\x1b\[\dm", "", line).partition("To take it back: ")[2]
    says = ways.WAYS[verb].says
    command = line.removesuffix(f" ({says})") if says else line
    for left_out, said in SAID.items():
        command = command.replace(left_out, said)
    (third,) = [row for row in stood["member"] if row["id"] == 3]
    words = [*shlex.split(command), *WORDS.get(verb, ())]
    assert words.pop(0) == "soc"
    cookie = TRIED[verb].words[2] if verb.startswith("usage") else ""
    return [word.format(address=third["address"] or "", cookie=cookie) for word in words]
