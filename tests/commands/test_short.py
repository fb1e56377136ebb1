"""The short way reads a command as Typer does, or leaves it to Typer."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli import main
from soc_cli.commands import help, short, syntax
from soc_cli.model import language
from soc_cli.model.errors import SocError
from soc_cli.terminal import screen
from tests.conftest import Soc

Parameter = Any
Called = dict[str, Any]


def _recorder(function: Callable[..., Any], called: Called) -> Callable[..., Any]:
    """The function, which says what it was called with instead of doing anything."""

    @wraps(function)
    def record(*positional: object, **values: Any) -> None:
        assert not positional
        contexts = [
            name for name, said in function.__annotations__.items() if said is syntax.Context
        ]
        session = values.pop(contexts[0]).obj if contexts else None
        called.update(
            function=function,
            values={name: (type(value), value) for name, value in values.items()},
            session=(session.db, session.operator, session.command) if session else None,
            quiet=screen.is_quiet(),
            language=language.language(),
        )

    return record


def by_typer(words: list[str]) -> Called | str:
    """What Typer calls for these words, or the name of the error."""
    called: Called = {}
    typed = help.typed
    screen.be_quiet(False)
    with patch.object(help, "typed", lambda function: typed(_recorder(function, called))):
        try:
            main.build().run(words)
        except SocError as error:
            return type(error).__name__
    return called or "help"


def by_the_short_way(words: list[str]) -> Called | str | None:
    """What the short way calls for these words, the name of the error, or None where it declines."""
    called: Called = {}
    screen.be_quiet(False)
    call = short.read(words, main._begin, main.NOUNS)
    if call is None:
        return None
    call.function = _recorder(call.function, called)
    try:
        call()
    except SocError as error:
        return type(error).__name__
    return called


@cache
def verbs() -> list[tuple[tuple[str, ...], list[Parameter]]]:
    """Every verb of Typer's tree: its words, and its parameters."""
    found: list[tuple[tuple[str, ...], list[Parameter]]] = []
    root = main.build()
    for noun, command in root.commands.items():
        if hasattr(command, "commands"):
            found += [((noun, verb), c.params) for verb, c in command.commands.items()]
        else:
            found.append(((noun,), command.params))
    assert len(found) > 50
    return found


_TEXTS = st.sampled_from(
    ["1", "SOC-0012", "太郎", "x y", "a=b", "-", "", "--", "--json", "-5", "0", "00012", "１２", "1_0", " 7",
     "99999999999", "-q", "yes", "'", "é", "member", "--help", "name,phone", "JSON", "=json", "--called-back", "\udcff", "a\udc81"]
)  # fmt: skip


def _right_values(kind: Any) -> list[str]:
    """Values that a parameter of this type takes."""
    if choices := getattr(kind, "choices", None):
        return [str(getattr(choice, "value", choice)) for choice in choices]
    if hasattr(kind, "min"):
        return [str(kind.min if kind.min is not None else 3), str(kind.max or 5)]
    return ["7", "太郎", "SOC-0012", "a=b", "-"]


@st.composite
def _said(draw: st.DrawFn, parameter: Parameter) -> list[str]:
    """A parameter in one of its spellings, rightly or wrongly."""
    kind = parameter.type
    right = draw(st.integers(0, 5)) > 0
    value = draw(st.sampled_from(_right_values(kind)) if right else _TEXTS)
    if not hasattr(parameter, "is_flag"):
        many = draw(st.integers(1, 3)) if parameter.nargs == -1 else 1
        return [value] * many
    name = draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts]))
    if parameter.is_flag:
        return draw(st.sampled_from([[name], [name], [name], [name, name], [f"{name}=yes"], [name + "q"]]))  # fmt: skip
    spelled = [[name, value], [name, value], [f"{name}={value}"], [name + value], [name]]
    return draw(st.sampled_from(spelled)) * draw(st.sampled_from([1, 1, 1, 2]))


@st.composite
def _words(draw: st.DrawFn) -> list[str]:
    """A command out of Typer's tree, with the mistakes that people make."""
    names, parameters = draw(st.sampled_from(verbs()))
    root = draw(
        st.lists(
            st.sampled_from(
                [["--db", "x.db"], ["--db=x.db"], ["--operator", "太郎"], ["--lang", "ja"], ["--lang=xx"], ["--db", ""],
                 ["-q"], ["--version"], ["--lang"], ["--"], ["--operator=a=b"]]
            ), max_size=2 if draw(st.booleans()) else 0,
        )
    )  # fmt: skip
    needed = [p for p in parameters if p.required and draw(st.integers(0, 9)) > 0]
    others = [p for p in parameters if p not in needed]
    chosen = needed + (draw(st.lists(st.sampled_from(others), max_size=4)) if others else [])
    pieces = draw(st.permutations([draw(_said(p)) for p in chosen]))
    odd = st.sampled_from([["--"], ["--help"], ["-nq"], ["-yq"], ["-fjson"], ["--jso"], ["stray"], ["-"], [""]])  # fmt: skip
    if draw(st.integers(0, 5)) == 0:
        pieces = draw(st.permutations([*pieces, draw(odd)]))
    return [word for piece in (*root, list(names), *pieces) for word in piece]


_outcomes = {"agreed": 0, "declined": 0}


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(_words())
def test_both_ways_call_the_same_or_the_short_one_declines(words: list[str]) -> None:
    short_way = by_the_short_way(words)
    if short_way is None:
        _outcomes["declined"] += 1
        return
    assert short_way == by_typer(words), words
    _outcomes["agreed"] += 1


def test_the_property_was_no_empty_one() -> None:
    test_both_ways_call_the_same_or_the_short_one_declines()
    assert _outcomes["agreed"] > 100, _outcomes
    assert _outcomes["declined"] > 100, _outcomes


def _plain() -> Iterator[list[str]]:
    """Each verb with what it needs, and with each of its options beside, in the plainest spelling."""
    for names, parameters in verbs():
        needed = [p for p in parameters if p.required]
        least = [*names]
        for parameter in needed:
            name = [parameter.opts[0]] if hasattr(parameter, "is_flag") else []
            least += [*name, _right_values(parameter.type)[0]]
        yield least
        for parameter in parameters:
            if hasattr(parameter, "is_flag"):
                for name in (*parameter.opts, *parameter.secondary_opts):
                    value = [] if parameter.is_flag else [_right_values(parameter.type)[0]]
                    yield [*least, name, *value]


LEFT_TO_TYPER = 5
"""Options of two values, and those that may be said alone."""


def test_what_is_plainly_well_formed_needs_no_typer() -> None:
    also = [
        ["--lang=ja", "--db", "x.db", "--operator", "太郎", "member", "show", "1", "-q"],
        ["meeting", "declare", "1", "そうさん", "SOC-0012", "x@example.jp", "--companions=2"],
    ]
    declined = [words for words in (*_plain(), *also) if by_the_short_way(words) is None]
    assert len(declined) <= LEFT_TO_TYPER, declined


def test_every_plain_command_is_the_same_both_ways() -> None:
    for words in _plain():
        short_way = by_the_short_way(words)
        if short_way is not None:
            assert short_way == by_typer(words), words


def test_a_flag_of_two_names_and_what_typer_alone_can_read() -> None:
    """Declarations that no verb happens to make."""

    def pair(
        encrypt: Annotated[bool | None, syntax.Option("--encrypt/--no-encrypt")] = None,
        alone: Annotated[str | None, syntax.Option(metavar=short.OPTIONAL_VALUE)] = None,
        two: Annotated[tuple[str, str] | None, syntax.Option("--two")] = None,
    ) -> None: ...

    taken = short._Words(pair)
    for words, value in (([], None), (["--encrypt"], True), (["--no-encrypt"], False)):
        said, _beside, rest = taken.read(words, between=True)
        assert taken.filled(said, rest) == {"encrypt": value, "alone": None, "two": None}
    for words in (["--alone"], ["--alone", "x"], ["--two", "x"], ["--encrypt=yes"], ["-f=json"]):
        with pytest.raises(short.Declined):
            taken.read(words, between=True)

    def asking(name: Annotated[str, syntax.Option(prompt=True)] = "") -> None: ...
    def unnamed(flag: Annotated[bool, syntax.Option()] = False) -> None: ...
    def all_of_them(*names: str) -> None: ...
    def plain(name: str = "") -> None: ...

    for function in (asking, unnamed, all_of_them, plain):
        with pytest.raises(short.Declined):
            short._Words(function)


@pytest.mark.parametrize(
    "words",
    [
        [], ["--help"], ["--version"], ["member"], ["member", "--help"], ["member", "show"], ["member", "show", "1", "2"],
        ["member", "show", "1", "--help"], ["member", "show", "--", "1"], ["member", "show", "1", "--format=xml"],
        ["member", "sho", "1"], ["no-such"], ["export", "1"], ["path", "x"], ["member", "show", "1", "--jso"], ["member", "show", "\udce3"],
        ["--operator", "\udcff", "member", "show", "1"], ["member", "find", "--name=a\udc81"], ["backup", "\udcff.db"],
        ["member", "find", "--name", "--json"], ["disclosure", "record", "--law", "--called-back"], ["member", "find", "--name=-"],
        ["meeting", "show", "0"], ["meeting", "show", "１"], ["meeting", "show", "+1"], ["meeting", "show", "9" * 5000],
        ["member", "list", "-f=json"], ["member", "list", "-fjson"], ["member", "list", "-nq"], ["member", "list", "-f", "JSON"], ["member", "list", "--limit"], ["member", "list", "--limit", "-1"], ["member", "show", "1", "--json=1"],
    ],
)  # fmt: skip
def test_help_mistakes_and_odd_spellings_are_left_to_typer(words: list[str]) -> None:
    assert by_the_short_way(words) is None


@pytest.mark.parametrize(
    "words", [["path"], ["member", "show", "1"], ["member", "list"], ["meeting", "list"], ["journal", "list", "--json"]]
)  # fmt: skip
def test_a_plain_command_imports_neither_typer_nor_what_else_is_slow(
    members: Soc, words: list[str]
) -> None:
    program = (
        "import sys; from soc_cli.main import execute; code = execute(sys.argv[1:]);"
        " slow = {'typer', 'inspect', 'dataclasses', 'rich', 'tomllib', 'sqlite_utils', 'hashlib', 'gettext'};"
        " sys.exit(code or ' '.join(sorted(slow & set(sys.modules))) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_only_the_modules_that_make_help_import_typer() -> None:
    """A verb's module that did would take every plain command the long way round."""
    package = Path(main.__file__).parent
    found = {
        path.name
        for path in package.rglob("*.py")
        if re.search(r"^\s*(import typer|from typer)\b", path.read_text("utf-8"), re.M)
    }
    assert found == {"help.py", "tree.py", "completing.py"}
