"""`soc tour`: the whole tool played on invented people, with commands that are really run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from soc_cli.commands import syntax
from soc_cli.model import language
from soc_cli.model.language import N_, _
from soc_cli.terminal import ask, screen

app = syntax.Verbs()

SHEET = Path(__file__).with_name("tour.csv")

SAMPLE = "sample.db"
DAY = "2026-12-13"
"""The day of the sample's next meeting: the same tour at any time."""

HOW = (
    "--recipient",
    "みほん板金",
    "--recipient-address",
    "愛知県刈谷市東境町5-5",
    "--recipient-representative",
    "板金 五郎",
)


@dataclass(frozen=True)
class Step:
    """One command of the tour: what it is for, its words, and the exit code that it shows."""

    words: str
    arguments: tuple[str, ...]
    code: int = 0


def _step(words: str, *arguments: str, code: int = 0) -> Step:
    return Step(words, arguments, code)


STEPS: tuple[Step, ...] = (
    _step(N_("1. Registering. The club's old sheet, as Excel saved it, goes in whole."), "member", "import", "members.csv"),
    _step(N_("Finding somebody: any spelling does. For getting in touch, no birth date is shown."), "member", "find", "高崎"),
    _step(N_("2. A meeting: somebody says they will come, and does."), "meeting", "declare", "6", "そうさん", "--companions", "1"),
    _step(N_("Attendance is kept under numbers and nicknames."), "meeting", "attend", "6", "そうさん"),
    _step(N_("The meetings so far, with how many declared and came."), "meeting", "list"),
    _step(N_("3. An inquiry: a member asks to see their registration. Such a request has its day."), "inquiry", "log", "--member", "そうさん", "--kind", "view", "--subject", "登録内容", "--body", "自分の登録内容を見せてください。"),
    _step(N_("What waits for an answer."), "inquiry", "list", "--open"),
    _step(N_("Nothing is handed over before it is known who asks."), "inquiry", "do", "7", "--to", "own-data", code=5),
    _step("", "inquiry", "identify", "7", "--how", "運転免許証"),
    _step(N_("4. Own data: the member sees all of it, …"), "member", "show", "そうさん"),
    _step(N_("… has it corrected, …"), "member", "edit", "そうさん", "--phone", "052-123-0202", "--quiet", "--format", "jsonl"),
    _step(N_("… and takes it away, with who read it, and when: the request is carried out and closed."), "inquiry", "do", "7", "--to", "own-data"),
    _step(N_("An outsider who once inquired gets what is stored on them, too."), "export", "--inquiry", "3", "--to", "theirs"),
    _step(N_("5. Giving to others: without a ground nothing leaves."), "disclosure", "record", "--ground", "consent", *HOW, "--items", "氏名,電話番号", "--member", "そうさん", "--to", "given.csv", code=5),
    _step(N_("With the member's consent on record …"), "consent", "give", "--member", "そうさん", "--recipient", "みほん板金", "--items", "氏名,電話番号", "--how", "書面", "--given-on", "2026-11-20", "--identity-checked", "運転免許証"),
    _step(N_("… exactly the named items leave, together with the record of it."), "disclosure", "record", "--ground", "consent", "--consent", "4", *HOW, "--items", "氏名,電話番号", "--member", "そうさん", "--to", "given.csv"),
    _step(N_("The record, which is kept three years (Act art. 29)."), "disclosure", "show", "4"),
    _step(N_("Another member wants to be forgotten: nothing stays but the number."), "member", "erase", "SOC-0005", "--yes"),
    _step(N_("Everything that was done is on record, …"), "journal", "list", "--last", "6"),
    _step(N_("… and the record shows if anybody touches it."), "journal", "verify"),
    _step(N_("What the club promises, and what the program therefore does:"), "policy", "show", "P4"),
)  # fmt: skip


@app.command(
    "tour", help=N_("Play all five jobs on invented people, on a copy that is thrown away.")
)
def tour(ctx: syntax.Context) -> None:
    session = ctx.obj
    spoken = [f"--lang={language.language()}"]
    if session.operator:
        spoken.append(f"--operator={session.operator}")
    with _scratch():
        for step in STEPS:
            words = f"\n# {_(step.words)}" if step.words else ""
            screen.answer([f"{words}\n$ soc {' '.join(map(_quoted, step.arguments))}\n"])
            code = session.run_another([*spoken, *step.arguments])
            if code != step.code:
                raise syntax.Ended(code or 1)
            ask.pause(_("Enter goes on."))
    screen.answer(["\n# " + _("That was the tour; all it made is gone again.") + "\n"])


def _quoted(word: str) -> str:
    """A word as a shell takes it; Japanese needs no quotes."""
    return f'"{word}"' if " " in word else word


def _sample() -> Path:
    """The sample: beside the package in a checkout, inside it where it is installed."""
    package = Path(__file__).resolve().parent.parent
    return next(path for path in (package / SAMPLE, package.parent / SAMPLE) if path.exists())


@contextmanager
def _scratch() -> Iterator[None]:
    """A folder that is thrown away, with a copy of the sample, on the day of its next meeting."""
    import shutil
    import tempfile

    before = Path.cwd()
    around = {name: os.environ.get(name) for name in ("SOC_DB", "SOC_TODAY")}
    with tempfile.TemporaryDirectory(prefix="soc-tour-", ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        shutil.copyfile(_sample(), "register.db")
        Path("register.db").chmod(0o600)
        shutil.copyfile(SHEET, "members.csv")
        os.environ |= {"SOC_DB": "register.db", "SOC_TODAY": DAY}
        try:
            yield
        finally:
            os.chdir(before)
            for name, value in around.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
