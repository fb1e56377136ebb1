"""What a shell is offered: words of the program, numbers and nicknames; never a name, never a word too many."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from soc_cli.store import driver
from tests.conftest import Soc

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def offered(members: Soc, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The words that a shell is offered for the last one of a line."""

    def ask(line: str, shell: str = "bash") -> list[str]:
        words = line.split(" ")
        monkeypatch.setenv("_SOC_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        answer = members(ok=None)
        monkeypatch.delenv("_SOC_COMPLETE")
        assert answer.err == ""
        return answer.out.split("\n")[:-1] if answer.out.strip() else []

    return ask


def test_nouns_verbs_and_options(offered) -> None:  # type: ignore[no-untyped-def]
    assert offered("soc me") == ["member", "meeting"]
    assert offered("soc member re") == ["rejoin", "refuse", "readmit", "refusals"]
    assert offered("soc member show --f") == ["--for", "--format"]
    assert offered("soc --op") == ["--operator"]
    assert len(offered("soc ")) > 15


def test_choices(offered) -> None:  # type: ignore[no-untyped-def]
    assert offered("soc member list --format j") == ["json", "jsonl"]
    assert offered("soc member list --sort ") == ["kana", "number"]
    assert offered("soc member list --for c") == ["content", "contact"]
    assert offered("soc completion ") == [*SHELLS]


@pytest.mark.parametrize("line", ["soc nonsense x", "soc member nonsense x", "soc path x y "])  # fmt: skip
def test_what_is_no_command_has_no_completion(offered, line: str) -> None:  # type: ignore[no-untyped-def]
    assert offered(line) in ([], ["x"])


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("SOC-01", [f"SOC-{n:04}" for n in range(100, 121)][:21]),
        ("SOC-000", [f"SOC-{n:04}" for n in range(1, 10)]),
        ("SOC-0120", ["SOC-0120"]), ("SOC-1", []), ("SOC-00000", []), ("SOC-9", []), ("0", []), ("11", ["11", *map(str, range(110, 120))]),
        ("120", ["120"]), ("121", []), ("1" * 9, []),
    ],
)  # fmt: skip
def test_numbers(offered, begun: str, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert sorted(offered(f"soc member show {begun}")) == sorted(expected)


@pytest.mark.both
def test_numbers_are_offered_for_each_word_that_is_a_member(offered) -> None:  # type: ignore[no-untyped-def]
    for line in ("soc export SOC-012", "soc inquiry log --member SOC-012", "soc meeting declare 1 SOC-0001 SOC-012"):  # fmt: skip
        assert offered(line) == ["SOC-0120"], line
    assert len(offered("soc member show S")) == 50


def test_p7_a_nickname_is_offered_and_the_reading_is_on_record(
    offered, members: Soc, path: Path
) -> None:  # type: ignore[no-untyped-def]
    members("member", "edit", "7", "--nickname", "そうさん", "-q")
    members("member", "edit", "8", "--nickname", "そうじ", "-q")
    members("member", "edit", "9", "--nickname", "そう!さん", "-q")
    assert offered("soc member show そう") == ["そうさん", "そうじ"]
    last = members("journal", "list", "--json").json[-1]
    assert (last["purpose"], last["command"], last["act"], last["categories"]) == (
        "nickname", "completion", "read", ["nickname"],
    )  # fmt: skip
    assert last["members"] == "7-9"
    members("journal", "verify")


@pytest.mark.parametrize(
    "evil", ["$(reboot)", "`x`", "a*", "x'y", 'x"y', "a;b", "a:b", "a|b", "a\\b"]
)
def test_a_nickname_that_a_shell_would_carry_out_is_not_offered(
    offered, members: Soc, evil: str
) -> None:  # type: ignore[no-untyped-def]
    members("member", "edit", "7", "--nickname", evil, "-q")
    for shell in SHELLS:
        assert evil not in " ".join(offered(f"soc member show {evil[:1]}", shell))


def test_numbers_leave_no_entry_and_no_name_is_ever_offered(
    offered, members: Soc, path: Path
) -> None:  # type: ignore[no-untyped-def]
    before = len(members("journal", "list", "--json").json)
    for begun in ("1", "", "0", "SOC-", "SOC-0", "SOC-00", "SOC-0012", "999"):
        offered(f"soc member show {begun}")
    assert len(members("journal", "list", "--json").json) == before
    name = members("member", "show", "7", "--json").json["name"]
    assert offered(f"soc member show {name[:1]}") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_answered(offered, shell: str) -> None:  # type: ignore[no-untyped-def]
    assert "member" in " ".join(offered("soc mem", shell))
    assert "SOC-0120" in " ".join(offered("soc member show SOC-012", shell))


def test_without_a_register_or_with_one_that_cant_be_opened_nothing_is_offered(
    offered, path: Path
) -> None:  # type: ignore[no-untyped-def]
    kept = path.read_bytes()
    holder = driver.connect(path, 1)
    holder.execute("begin exclusive")
    assert offered("soc member show ず") == []
    holder.execute("rollback")
    holder.close()
    for content in (b"", b"no register", os.urandom(8192), kept[:4096]):
        path.write_bytes(content)
        assert offered("soc member show 1") == []
    path.unlink()
    assert offered("soc member show 1") == []
    assert not path.exists()


def test_an_unknown_shell_is_refused(club: Soc) -> None:
    answer = club("completion", "tcsh", ok=False)
    assert answer.code == 2
    assert "bash" in answer.err


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself_completes(members: Soc, path: Path, tmp_path: Path) -> None:
    program = tmp_path / "soc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m soc_cli "$@"\n')
    program.chmod(0o700)
    typed = (
        'eval "$(soc completion bash)"; complete -p soc;'
        " COMP_WORDS=(soc member show SOC-012); COMP_CWORD=3; _soc_completion soc; echo ${COMPREPLY[*]}"
    )
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": root}
    done = subprocess.run(
        ["bash", "--norc", "-c", typed], env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "SOC-0120"
    assert "_soc_completion" in done.stdout


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_fish_itself_completes(members: Soc, tmp_path: Path) -> None:
    members("member", "edit", "7", "--nickname", 'そ"$(touch evil)', "-q")
    members("member", "edit", "8", "--nickname", "そうさん", "-q")
    program = tmp_path / "soc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m soc_cli "$@"\n')
    program.chmod(0o700)
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": root}
    typed = "soc completion fish | source; for line in 'soc member re' 'soc member show そ'; complete -C $line; end"
    done = subprocess.run(
        ["fish", "--no-config", "-c", typed], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["readmit", "refusals", "refuse", "rejoin", "そうさん"]  # fmt: skip
    assert lines[3].split("\t")[1].startswith("Record that")
    assert not (tmp_path / "evil").exists()


def test_what_zsh_evaluates_is_words_and_nothing_else(club: Soc, offered) -> None:  # type: ignore[no-untyped-def]
    """Each item is a value and its words in double quotes: nothing in them is carried out."""
    item = re.compile(r'"[^"\\$`()]+"(:"[^"\\$`\'()\[\]{}<>|&;*?:]+")?')
    for line in ("soc ", "soc member ", "soc member add --", "soc disclosure record --"):
        (first, *rest) = offered(line, "zsh")
        text = "\n".join((first, *rest)).removeprefix("_arguments '*: :((").removesuffix("))'")
        assert len(text.splitlines()) > 5
        for one in text.splitlines():
            assert item.fullmatch(one), one


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_ask_this_program(club: Soc, shell: str) -> None:
    script = club("completion", shell).out
    assert f"complete_{shell}" in script
    assert "_SOC_COMPLETE" in script


def test_placeholders_are_not_offered() -> None:
    from soc_cli.commands.completing import completion

    for metavar in ("FILE|NUMBER", "N|unknown", "FILE|-", "[TOPIC | COMMAND...]"):
        complete = completion(str, {"metavar": metavar})
        offered = list(complete(None, "")) if complete else []  # type: ignore[arg-type]
        assert not [one for one in offered if not one.islower() or " " in one], metavar
    assert list(completion(str, {"metavar": "yes|no"})(None, "")) == ["yes", "no"]  # type: ignore[misc, arg-type]
