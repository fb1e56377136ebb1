"""How friendly a tool is to whoever mistypes and reads its help: `python -m tests.bench.friendliness`.

The same questions are put to `soc` and, where they are there, to `gh`, `llm` and `sqlite-utils`; the
latter two are installed into an environment of their own, or found in `--peers DIR`, and `gh` is that of
the system. Each tool is asked for the help of all of its commands, and out of that help, by one rule
for all, the bench makes mistakes: a letter missing, one twice, a wrong one or two that changed places,
in a command, an option or a choice, and calls of hostile words. The mistakes are the same in every run
(`--seed`). A tool written in Python is imported once and forked for each call: what it answers is what
it answers, and the run takes minutes instead of an hour. Nobody is signed in, and nothing is reached.

`--readme` writes the table into the README. It fails where `soc` is not the best, or below what it
promises.
"""

import argparse
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from soc_cli.model.text import width
from tests.bench.readme import ROOT, put

Words = tuple[str, ...]
Done = tuple[int, str, str]

PEERS = ("gh", "llm", "sqlite-utils")
SLIPS = 120
HOSTILE = ["", " ", "-", "--", "---", "💥", "'; drop table x", "$(id)", "\x1b[2J", "[/x]", "{x}", "%s", "../../x", "a" * 5000, "０", "=1+1", "\u202e", "%00", "--=", "-1", "1e999", "nul\n", "𠮷", "葛\U000e0100"]  # fmt: skip
CALLS = 200

# Run by the tool's own Python: imports it once, and forks for each call.
_SERVE = """
import gc, json, os, sys, tempfile
from importlib.metadata import entry_points
(point,) = entry_points(group="console_scripts", name=sys.argv[1])
main = point.load()
for line in sys.stdin:
    words, more = json.loads(line)
    streams = [tempfile.TemporaryFile() for _ in range(2)]
    child = os.fork()
    if not child:
        os.environ.update(more)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(streams[0].fileno(), 1)
        os.dup2(streams[1].fileno(), 2)
        sys.argv = [sys.argv[1], *words]
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        sys.stdout.flush(); sys.stderr.flush()
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    texts = []
    for stream in streams:
        stream.seek(0)
        texts.append(stream.read().decode("utf-8", "replace"))
    print(json.dumps([code, *texts]), flush=True)
"""


class Tool:
    """A program that is asked: how it is called, and what its help tells of it."""

    def __init__(self, name: str, python: Path | None, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.around = {k: v for k, v in os.environ.items() if not k.startswith(("SOC_", "LC_", "PYTHON", "GH_"))}  # fmt: skip
        self.around |= {"HOME": str(folder), "LANG": "en_US.UTF-8", "COLUMNS": "80", "XDG_CONFIG_HOME": str(folder), "LLM_USER_PATH": str(folder), "SOC_DB": str(folder / "register.db"), "NO_COLOR": "1"}  # fmt: skip
        self.server = python and subprocess.Popen(
            [str(python), "-c", _SERVE, name], cwd=folder, env=self.around,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.nouns: set[Words] = set()
        self.pages: dict[Words, str] = {}
        self._walk(())

    def __call__(self, *words: str, **more: str) -> Done:
        """Its exit code, standard output and standard error."""
        if self.server:
            assert self.server.stdin is not None
            assert self.server.stdout is not None
            self.server.stdin.write(json.dumps([words, more]) + "\n")
            self.server.stdin.flush()
            code, out, err = json.loads(self.server.stdout.readline())
            return code, out, err
        done = subprocess.run([self.name, *words], env={**self.around, **more}, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # fmt: skip
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")  # fmt: skip

    def _walk(self, path: Words) -> None:
        page = self(*path, "--help")[1]
        self.pages[path] = page
        section = re.findall(r"^(?:Commands:|[A-Z ]*COMMANDS)\n((?:[ \t]+.*\n)+)", page, re.M)
        below = re.findall(r"^  ([a-z][a-z0-9-]*)(?=[*:]?(?:  |:|$))", "".join(section), re.M)
        if below and len(path) < 3:
            self.nouns.add(path)
            for name in dict.fromkeys(below):
                self._walk((*path, name))

    def commands(self) -> list[Words]:
        """What can be carried out."""
        return [path for path in self.pages if path not in self.nouns]

    def options(self, path: Words) -> list[str]:
        """The long options of a command."""
        return sorted(set(re.findall(r"^ {2,}(?:-\w, )?(--[a-z][a-z-]+)", self.pages[path], re.M)))

    def choices(self, path: Words) -> list[tuple[str, list[str]]]:
        """Its options that take one of several words, where its help tells them: `a|b`, `{a|b}` or `[a|b]`."""
        found = re.findall(r"^ {2,}(?:-\w, )?(--[a-z][a-z-]+).*?[\[{< ]([a-z-]{2,}(?:\|[a-z-]{2,})+)", self.pages[path], re.M)  # fmt: skip
        return [(option, words.split("|")) for option, words in found]

    def examples(self, path: Words) -> int:
        """How many lines of its help are calls of it."""
        return len(re.findall(rf"^\s*(?:[^\s:]+ .*\| )?(?:\$ )?{self.name} (?!.*\[OPTIONS\])(?!.*\[flags\]).+$", self.pages[path], re.M))  # fmt: skip


def slip(word: str, chance: random.Random) -> str:
    """The word with one slip of the finger in it, behind its hyphens."""
    begun = len(word) - len(word.lstrip("-"))
    at, kind = chance.randrange(begun, len(word)), chance.randrange(4)
    if kind == 3 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + ("", word[at] * 2, "q", word[at] * 2)[kind] + word[at + 1 :]


def _slipped(word: str, known: Iterable[str], chance: random.Random) -> str:
    known = set(known)
    for _try in range(50):
        if (wrong := slip(word, chance)) not in known and len(wrong.strip("-")) > 1:
            return wrong
    return word + "q"


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found) / len(found):.0%}".replace("%", " %") + f" of {len(found)}" if found else "none"  # fmt: skip


def _named(word: str, done: Done) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", done[1] + done[2]) is not None


def measured(tool: Tool, seed: int) -> dict[str, str]:
    """Each line of the table for this tool."""
    chance = random.Random(f"{seed}")
    commands, pages = tool.commands(), tool.pages
    wrong: list[tuple[Words, Done]] = []

    def pick(found: list[tuple[Words, str]]) -> list[tuple[Words, str]]:
        return chance.sample(found, min(SLIPS, len(found)))

    by_command: list[bool] = []
    for path, word in pick([(path[:-1], path[-1]) for path in pages if path and len(path[-1]) > 2]):
        beside = [p[-1] for p in pages if p[:-1] == path and p]
        done = tool(*path, _slipped(word, beside, chance))
        wrong.append((path, done))
        by_command.append(_named(word, done))
    by_option: list[bool] = []
    for path, word in pick([(at, o) for at in commands for o in tool.options(at) if o != "--help"]):  # fmt: skip
        done = tool(*path, _slipped(word, tool.options(path), chance))
        wrong.append((path, done))
        by_option.append(_named(word, done))
    by_choice: list[bool] = []
    for path, (option, words) in [(at, one) for at in commands for one in tool.choices(at)]:
        word = chance.choice(words)
        done = tool(*path, option, _slipped(word, words, chance))
        if (done[0] and _named(option, done)) or _named(word, done):
            by_choice.append(_named(word, done))
    traces = 0
    for _call in range(CALLS):
        path = chance.choice([*pages])
        words = [chance.choice(HOSTILE) for _word in range(chance.randrange(1, 4))]
        # An option that is none among them: whatever the words do, nothing is carried out.
        done = tool(*path, *(word.replace("\0", "") for word in words), "--no-such-option")
        traces += bool(re.search(r"Traceback \(most recent|^panic: |^goroutine ", done[2], re.M))
    code, out, err = tool()
    narrow = {path: tool(*path, "--help", COLUMNS="40")[1] for path in pages}
    ja = {"LANG": "ja_JP.UTF-8", "LC_ALL": "ja_JP.UTF-8"}
    told = [tool(*path, "--no-such-option", **ja) for path in commands]
    helps = [tool(*path, "--help", **ja)[1] for path in pages]
    lines = [len((done[1] + done[2]).strip().splitlines()) for _path, done in wrong]
    return {
        "commands": str(len(commands)),
        "with two examples in their help": _share([tool.examples(path) >= 2 for path in commands]),
        "a slip in a command is answered with the right word": _share(by_command),
        "a slip in an option is answered with the right word": _share(by_option),
        "a slip in a choice is answered with the right word, or all of them": _share(by_choice),
        "wrong use ends with a code of its own, 2": _share([done[0] == 2 for _path, done in wrong]),
        "… speaks on standard error alone": _share([bool(done[2].strip()) and not done[1] for _path, done in wrong]),
        "… names that command's help, or the word meant": _share([f"{' '.join((tool.name, *path))} --help" in done[2] or _suggests(done) for path, done in wrong]),
        "… lines, median and most": f"{median(lines):.0f}, {max(lines)}",
        f"tracebacks of {CALLS} hostile calls": str(traces),
        "alone in a pipe: exit code, lines": f"{code}, {len((out + err).strip().splitlines())}",
        "pages of help within 80 columns": _share([_fits(tool, page, 80) for page in pages.values()]),
        "… within 40, in a window of 40": _share([_fits(tool, page, 40) for page in narrow.values()]),
        "pages of help in Japanese, in a Japanese locale": _share([_japanese(page) for page in helps]),
        "errors in Japanese, in a Japanese locale": _share([_japanese(done[1] + done[2]) for done in told]),
        "shells that are completed": ", ".join(shell for shell in ("bash", "zsh", "fish") if _completes(tool, shell)) or "none",
    }  # fmt: skip


def _suggests(done: Done) -> bool:
    """Whether it names the very word that was meant instead of a help to look it up in."""
    return "did you mean" in done[2].casefold()


def _fits(tool: Tool, page: str, columns: int) -> bool:
    """Whether no line is wider, but for calls of the tool, which are to be copied whole."""
    call = re.compile(rf"^\s*(\$ )?(.*\| )?{tool.name} ")
    return all(width(line) <= columns for line in page.splitlines() if not call.match(line))


def _japanese(text: str) -> bool:
    """Whether it has Japanese sentences, and no three English words in a row."""
    plain = re.sub(r"(?m)^ *(\$ )?\S+ .*--.*$|“[^”]*”|「[^」]*」|\S*\|\S*", "", text)
    return bool(re.search("[ぁ-ん]", text)) and not re.search(r"\b[A-Za-z]?[a-z]+ (a|an|the|of|to|is|for|and|in|this) [a-z]+", plain)  # fmt: skip


def _completes(tool: Tool, shell: str) -> bool:
    """Whether it prints a script for the shell, by its command or as Click does."""
    variable = f"_{tool.name.upper().replace('-', '_')}_COMPLETE"
    tries = ((("completion", shell), {}), (("completion", "-s", shell), {}), ((), {variable: f"{shell}_source"}))  # fmt: skip
    found = [tool(*words, **more) for words, more in tries]
    return any(done[0] == 0 and re.search(r"compdef|complete ", done[1]) for done in found)


def installed(folder: Path) -> Path:
    """An environment with the peers that pip has; its scripts."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    for peer in PEERS[1:]:
        pip = [str(scripts / "python"), "-m", "pip", "install", "-q", peer]
        if subprocess.run(pip, check=False, stderr=subprocess.DEVNULL).returncode:
            print(f"{peer} can't be installed here, so it is left out", file=sys.stderr)
    return scripts


def tools(folder: Path, peers: Path) -> dict[str, Tool]:
    """Those that are there, `soc` first."""
    found: dict[str, Path | None] = {"soc": Path(sys.executable)}
    if shutil.which("gh"):
        found["gh"] = None
    else:
        print("gh is not installed here, so it is left out", file=sys.stderr)
    found |= {name: peers / "python" for name in PEERS[1:] if (peers / name).exists()}
    made = {}
    for name, python in found.items():
        own = folder / name
        own.mkdir()
        if name == "soc":
            shutil.copyfile(ROOT / "sample.db", own / "register.db")
        made[name] = Tool(name, python, own)
    return made


def table(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The table in Markdown."""
    lines = [f"| | {' | '.join(f'`{name}`' for name in found)} |", "|---|" + "---:|" * len(found)]
    first = next(iter(found.values()))
    return lines + [
        f"| {line} | {' | '.join(one[line] for one in found.values())} |" for line in first
    ]


PROMISED = {
    "with two examples in their help": 1.0,
    "a slip in a command is answered with the right word": 0.95,
    "a slip in an option is answered with the right word": 0.95,
    "a slip in a choice is answered with the right word, or all of them": 0.95,
    "wrong use ends with a code of its own, 2": 1.0,
    "… speaks on standard error alone": 1.0,
    "… names that command's help, or the word meant": 1.0,
    "pages of help within 80 columns": 1.0,
    "… within 40, in a window of 40": 1.0,
    "pages of help in Japanese, in a Japanese locale": 1.0,
    "errors in Japanese, in a Japanese locale": 1.0,
}
"""What of `soc` is at least so."""


def main() -> int:
    """Prints the table; 1 where `soc` is below what it promises."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--peers", type=Path, help="the scripts of an environment that has them")
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    given = parser.parse_args()
    assert importlib.util.find_spec("soc_cli")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = tools(folder, given.peers or installed(folder / "peers"))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda tool: measured(tool, given.seed), made.values()))
        versions = [tool("--version")[1].split("\n")[0] for tool in made.values()]
        for tool in made.values():
            if tool.server and tool.server.stdin:
                tool.server.stdin.close()
                tool.server.wait()
    found = dict(zip(made, results, strict=True))
    lines = table(found)
    print("\n".join(lines))
    print("; ".join(versions))
    if given.readme:
        put("friendliness", [*lines, "", f"{'; '.join(versions)}."])
    below = [
        f"{line}: {found['soc'][line]}"
        for line, least in PROMISED.items()
        if not found["soc"][line][0].isdigit()
        or int(found["soc"][line].split(" ")[0]) < least * 100
    ]
    if found["soc"][f"tracebacks of {CALLS} hostile calls"] != "0":
        below.append("tracebacks")
    if below:
        print(f"soc is below what it promises: {'; '.join(below)}", file=sys.stderr)
    return bool(below)


if __name__ == "__main__":
    raise SystemExit(main())
