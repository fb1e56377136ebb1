"""The README says what the program does: every block of it is run, and CI runs its test command."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TODAY

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ENGLISH, _, JAPANESE = README.partition("\n## 日本語\n")


@pytest.mark.plain("the README begins with a register that is not encrypted")
@pytest.mark.skipif(sys.platform == "win32", reason="the blocks are typed into a shell of Unix")
@pytest.mark.parametrize(("spoken", "text"), [("en", ENGLISH), ("ja", JAPANESE)])
def test_every_console_block_prints_what_the_readme_says(
    tmp_path: Path, spoken: str, text: str
) -> None:
    blocks = re.findall(r"```console\n(.*?)```", text, re.S)
    shutil.copy(ROOT / "soc_cli" / "commands" / "tour.csv", tmp_path / "members.csv")
    soc = f"{shlex.quote(sys.executable)} -m soc_cli"
    environment = {
        **os.environ,
        "SOC_DB": "register.db",
        "SOC_LANG": spoken,
        "PYTHONPATH": str(ROOT),
    }
    assert len(blocks) >= 3
    for block in blocks:
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            done = subprocess.run(
                re.sub(r"^soc ", f"{soc} ", command), shell=True, cwd=tmp_path, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
            printed = re.sub(
                r"(erased on|through) \d{4}-\d\d-\d\d( \d\d:\d\d)?",
                lambda found: f"{found[1]} {TODAY}{' 12:00' if found[2] else ''}",
                done.stdout.decode("utf-8").replace("\r\n", "\n"),
            )
            assert printed == expected, command


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.S)
    (tests,) = [command for command in commands if "pytest" in command]
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert tests in script
    assert script[-1] == tests
    assert any("soc tour" in command for command in commands)
