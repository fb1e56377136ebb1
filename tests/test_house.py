"""The house: its directions, its style and its types, and who alone may do what."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "soc_cli"
SOURCES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

BEYOND_THE_AUTHORIZER = re.compile(
    r"\.backup\(|\.open_blob\(|\.blobopen\(|\.serialize\(|\.deserialize\(|iterdump|\battach\b|vacuum into",
    re.I,
)


def run(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_have_one_direction() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 kept, 0 broken" in done.stdout


def test_style() -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


def test_types() -> None:
    run("mypy")


def test_what_the_authorizer_does_not_see_is_called_in_one_module_alone() -> None:
    for source in SOURCES:
        if source.relative_to(PACKAGE).as_posix() != "store/maintenance.py":
            code = re.sub(r'""".*?"""|#.*', "", source.read_text("utf-8"), flags=re.S)
            assert not BEYOND_THE_AUTHORIZER.search(code), source


def test_sql_stands_in_the_store_alone() -> None:
    """The policy's guard makes its views; all other SQL is the store's."""
    statement = re.compile(
        r"[\"'](select|insert into|update|delete from|create|drop|pragma) ", re.I
    )
    for source in SOURCES:
        room = source.relative_to(PACKAGE).parts[0]
        if room != "store" and source.name != "guard.py":
            found = [
                m[0] for m in statement.finditer(source.read_text("utf-8")) if m[0][1:].islower()
            ]
            assert not found, (source, found)


def test_no_sql_names_a_column_in_double_quotes() -> None:
    """SQLite would take a mistyped one for a text."""
    statement = re.compile(r"\b(select|insert into|update|delete from) ")
    seen = 0
    for source in (PACKAGE / "store").glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and "\n\n" not in text and statement.match(text):
                seen += 1
                assert '"' not in text, (source, text)
    assert seen > 20


def test_the_top_level_holds_what_it_should() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.skip("not a checkout")
    assert {name.split("/")[0] for name in listed} <= {
        ".ci", ".gitattributes", ".gitignore", "LICENSE", "README.md", "pyproject.toml", "sample.db", "soc_cli", "tests",
    }  # fmt: skip


def test_each_dependency_has_a_range_and_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for dependency in PROJECT["project"]["dependencies"]:
        assert re.search(r"[<=]", dependency)
        (line,) = [line for line in text.splitlines() if f'"{dependency}"' in line]
        assert "# " in line, line


def test_every_module_says_what_it_is_for() -> None:
    for source in SOURCES:
        assert source.read_text("utf-8").startswith('"""'), source
