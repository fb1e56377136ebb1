"""How long a command takes to start, as a multiple of Python itself: `python -m tests.bench.startup`.

A wheel of this checkout is installed into an environment of its own, with what is compared (khard, and
sqlite-utils, which comes along anyway); `--here` measures the environment at hand instead, an editable
install for example. Each round runs every command once, one after the other, and once bare Python of the
same environment (`python -c pass`); what counts is the fastest of each, since what else the machine
does only adds, over the fastest of bare Python.

The guard is measured beside it: the same command in a register of 10,000 members with it and, in a way
that only this file has, without.

`--readme` writes the table into the README, and the picture into `tests/readme/`. It fails where
something takes longer than it may.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

from tests.bench.import_members import HEADER, rows
from tests.bench.readme import PICTURES, ROOT, put
from tests.bench.timing import run

PICTURE = PICTURES / "startup.svg"
BARE = "python -c pass"

AT_MOST = {
    "soc member show 1": 5.0,
    "soc --help": 8.0,
    "soc member shwo 1": 8.0,
    "soc member show SOC-00⇥": 8.0,
}
OURS = ("soc path", *AT_MOST)
OTHERS = ("sqlite-utils --version", "khard --version")
SAID = {"soc member shwo 1": "a usage error", "soc member show SOC-00⇥": "a completion"}

MEMBERS = 10_000
GUARD_AT_MOST = 0.10
_GUARD = """
import sys
from soc_cli import main
from soc_cli.policy.guard import Grant
from soc_cli.store import register
if sys.argv.pop(1) == "without":
    Grant.callback = lambda self: None
    register._check_text = lambda *said, **more: None
main.run()
"""


def commands(scripts: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What is run for each line of the table: its words, and what it adds to the environment."""
    python = str(scripts / ("python.exe" if os.name == "nt" else "python"))
    asking = {
        "_SOC_COMPLETE": "complete_bash",
        "COMP_WORDS": "soc member show SOC-00",
        "COMP_CWORD": "3",
    }
    found = {BARE: ([python, "-c", "pass"], dict[str, str]())}
    for line in OURS:
        words = line.split() if "⇥" not in line else ["soc"]
        found[line] = ([str(scripts / words[0]), *words[1:]], asking if "⇥" in line else {})
    for line in OTHERS:
        words = line.split()
        if shutil.which(words[0], path=str(scripts)) is not None:
            found[line] = ([str(scripts / words[0]), *words[1:]], {})
    return found


def fastest(
    found: Mapping[str, tuple[list[str], dict[str, str]]],
    around: Mapping[str, str],
    times: int,
    cpu: bool,
) -> dict[str, float]:
    """Seconds of each: the fastest of so many rounds, after one that is not counted."""
    taken: dict[str, list[float]] = {line: [] for line in found}
    for turn in range(times + 1):
        for line, (words, more) in found.items():
            seconds, _done = run(words, {**around, **more}, cpu)
            if turn:
                taken[line].append(seconds)
    return {line: min(seconds) for line, seconds in taken.items()}


def guard(
    scripts: Path, folder: Path, around: Mapping[str, str], times: int, cpu: bool
) -> dict[str, tuple[float, float]]:
    """Seconds of a command with the guard and without it, in a register of 10,000 members."""
    python = commands(scripts)[BARE][0][0]
    register, sheet = folder / "guard.db", folder / "guard.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((HEADER, *rows(MEMBERS)))
    around = {**around, "SOC_DB": str(register)}
    for words in (["init", "-q"], ["member", "import", str(sheet), "-q"]):
        subprocess.run(
            [python, "-m", "soc_cli", *words], env=around, check=True, stdout=subprocess.DEVNULL
        )
    program = folder / "guard.py"
    program.write_text(_GUARD, "utf-8")
    measured = {}
    for line in ("member show 1", "member find さとう", "member list --format jsonl"):
        both = {
            with_it: ([python, str(program), with_it, *line.split()], dict[str, str]())
            for with_it in ("with", "without")
        }
        found = fastest(both, around, times, cpu)
        measured[f"soc {line}"] = (found["with"], found["without"])
    return measured


def table(found: Mapping[str, float]) -> list[str]:
    """The table in Markdown: milliseconds, and the multiple of bare Python."""
    bare = found[BARE]
    lines = ["| | ms | × bare Python |", "|---|---:|---:|"]
    for line, seconds in found.items():
        said = f" ({SAID[line]})" if line in SAID else ""
        lines.append(f"| `{line}`{said} | {seconds * 1000:.0f} | {seconds / bare:.1f} |")
    return lines + [f"| `{line}` | not installed here | |" for line in OTHERS if line not in found]


def guard_table(found: Mapping[str, tuple[float, float]]) -> list[str]:
    """What the guard costs, in Markdown."""
    lines = [
        f"| at {MEMBERS:,} members | with the guard, ms | without, ms | it costs |",
        "|---|---:|---:|---:|",
    ]
    for line, (guarded, bare) in found.items():
        lines.append(
            f"| `{line}` | {guarded * 1000:.0f} | {bare * 1000:.0f} | {cost(guarded, bare):.0f} % |"
        )
    return lines


def cost(guarded: float, bare: float) -> float:
    """What the guard adds, in per cent; never less than nothing."""
    return max(0.0, (guarded / bare - 1) * 100)


def picture(found: Mapping[str, float]) -> str:
    """The multiples as bars, in SVG that is read in light and in dark."""
    bare, height = found[BARE], 26
    widest = max(found.values()) / bare
    bars = []
    for at, (line, seconds) in enumerate(found.items()):
        y, ratio = 12 + at * height, seconds / bare
        colour = "#2f6f4f" if line.startswith("soc") else "#8a8f98"
        text = SAID.get(line, line)
        bars.append(
            f'<text x="200" y="{y + 14}" text-anchor="end">{escape(text)}</text>'
            f'<rect x="208" y="{y + 2}" width="{ratio / widest * 420:.1f}" height="16" rx="2" fill="{colour}"/>'
            f'<text x="{214 + ratio / widest * 420:.1f}" y="{y + 14}">{ratio:.1f}</text>'
        )
    total = 24 + len(found) * height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {total}" width="700" height="{total}" role="img"'
        ' aria-label="Start-up as a multiple of bare Python">'
        f'<rect width="700" height="{total}" fill="#ffffff"/>'
        '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12" fill="#24292f">'
        f"{''.join(bars)}</g></svg>\n"
    )


def installed(folder: Path) -> Path:
    """An environment with a wheel of this checkout in it, and what it is compared with; its scripts."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(scripts / "python"), "-m", "pip", "install", "-q"]
    subprocess.run([*pip, str(ROOT)], check=True)
    if subprocess.run([*pip, "khard"], check=False, stderr=subprocess.DEVNULL).returncode:
        print("khard can't be installed here, so it is left out", file=sys.stderr)
    return scripts


def main() -> int:
    """Prints the tables; 1 where something takes longer than it may."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=41, help="rounds")
    parser.add_argument(
        "--cpu", action="store_true", help="count processor time, on a machine that is busy"
    )
    parser.add_argument("--here", action="store_true", help="measure the environment at hand")
    parser.add_argument(
        "--readme", action="store_true", help="write table and picture into the README"
    )
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        scripts = Path(sys.executable).parent if given.here else installed(folder)
        register = folder / "register.db"
        shutil.copyfile(ROOT / "sample.db", register)
        register.chmod(0o600)  # as `soc init` makes it
        around = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "SOC_"))
        }
        around |= {
            "SOC_DB": str(register),
            "SOC_OPERATOR": "bench",
            "HOME": name,
            "XDG_CONFIG_HOME": name,
        }
        around |= {"SOC_LANG": os.environ.get("SOC_LANG", "ja")}
        found = fastest(commands(scripts), around, given.times, given.cpu)
        guarded = guard(scripts, folder, around, given.times, given.cpu)
    lines = [*table(found), "", *guard_table(guarded)]
    print("\n".join(lines))
    if given.readme:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture(found), "utf-8")
        shown = f"![Start-up as a multiple of bare Python]({PICTURE.relative_to(ROOT).as_posix()})"
        put("startup", [shown, "", *lines])
    slow = [line for line, most in AT_MOST.items() if found[line] > most * found[BARE]]
    slow += [
        line for line, (one, other) in guarded.items() if cost(one, other) > GUARD_AT_MOST * 100
    ]
    if slow:
        print(f"slower than it may be: {', '.join(slow)}", file=sys.stderr)
    return bool(slow)


if __name__ == "__main__":
    raise SystemExit(main())
