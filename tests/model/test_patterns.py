"""Patterns are compiled once, when they are first used, and all of them can be."""

import re
from pathlib import Path

import soc_cli
from soc_cli.model import patterns
from soc_cli.model.patterns import pattern


def test_it_is_compiled_with_its_first_use_and_once(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    compiled: list[str] = []
    compile = re.compile

    def counted(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return compile(text, flags)

    monkeypatch.setattr(patterns.re, "compile", counted)
    found = pattern("(a)b", re.I)
    assert compiled == []
    assert found.fullmatch("AB")
    assert found.sub("x", "ab ab") == "x x"
    assert found.search("zab")
    assert (found.pattern, found.groups) == ("(a)b", 1)
    assert compiled == ["(a)b"]


def test_every_pattern_of_the_program_compiles() -> None:
    from importlib import import_module

    package = Path(soc_cli.__file__).parent
    found = 0
    for path in package.rglob("*.py"):
        if "patterns import pattern" in path.read_text("utf-8"):
            name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            for value in vars(import_module(name)).values():
                if isinstance(value, patterns._Pattern):
                    assert value.pattern
                    found += 1
    assert found > 30
