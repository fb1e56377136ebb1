"""The short way from words to a verb: a command that is plainly well-formed is read without Typer.

It reads what the verbs themselves declare (`commands.syntax`) and has no message of its own: help, a
mistake, a spelling that is not the plain one, or a kind of option that it does not know are left to
Typer. `tests/commands/test_short.py` makes words out of Typer's own tree and holds the two against
each other: where the short way does not decline, both call the same function with the same values.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib import import_module
from types import GenericAlias, UnionType
from typing import Any

from soc_cli.commands import syntax
from soc_cli.model.errors import WrongUse
from soc_cli.model.text import DASHES
from soc_cli.terminal import screen

Convert = Callable[[str], Any]

OPTIONAL_VALUE = "[TEXT]"
"""The metavar of an option that may be said alone or with words of its own."""

_PLAIN = {"help", "metavar", "min", "max", "autocompletion"}
"""What may be declared of an option without changing how it is read, but for the range."""
_QUIET = ("--quiet", "-q")


class Declined(Exception):
    """Something that is left to Typer."""


class _Parameter:
    """One parameter of a verb: where its value goes, how it is read, and what stands without it."""

    def __init__(self, name: str, annotation: Any, default: Any, required: bool) -> None:
        self.name, self.default, self.required = name, default, required
        declared = next(iter(getattr(annotation, "__metadata__", ())), None)
        if not isinstance(declared, syntax.Declared) or not declared.more.keys() <= _PLAIN:
            raise Declined
        kind = annotation.__origin__
        if isinstance(kind, UnionType):
            (kind,) = (one for one in kind.__args__ if one is not type(None))
        self.many = isinstance(kind, GenericAlias) and kind.__origin__ is list
        if self.many:
            (kind,) = kind.__args__
        self.option = declared.option
        self.flags: dict[str, bool] = {}
        self.valued: tuple[str, ...] = ()
        names = declared.names or (f"--{name.replace('_', '-')}",)
        if kind is bool:
            if not declared.option or not declared.names or self.many:
                raise Declined
            for one in names:
                yes, pair, no = one.partition("/")
                self.flags |= {yes: True} | ({no: False} if pair else {})
        elif declared.option and declared.more.get("metavar") != OPTIONAL_VALUE:
            self.valued = names
        self.convert = _conversion(kind, declared.more)


def _conversion(kind: Any, more: Mapping[str, Any]) -> Convert:
    if kind is str or kind is bool:
        return str
    if kind is int:
        least, most = more.get("min"), more.get("max")

        def whole(text: str) -> int:
            if not (text.isascii() and text.isdigit() and len(text) < 20):
                raise Declined
            number = int(text)
            if (least is not None and number < least) or (most is not None and number > most):
                raise Declined
            return number

        return whole
    if isinstance(kind, type) and issubclass(kind, Enum):
        known = {str(one.value): one for one in kind}

        def choice(text: str) -> Enum:
            if text not in known:
                raise Declined
            return known[text]

        return choice

    def unknown(_text: str) -> Any:
        raise Declined

    return unknown


class _Words:
    """What a function takes, ready to be read."""

    def __init__(self, function: Callable[..., Any], more_flags: Sequence[str] = ()) -> None:
        code, defaults = function.__code__, function.__defaults__ or ()
        names = code.co_varnames[: code.co_argcount]
        if code.co_kwonlyargcount or code.co_flags & 0x0C:  # *args or **kwargs
            raise Declined
        first_default = len(names) - len(defaults)
        self.context: str | None = None
        self.parameters: list[_Parameter] = []
        self.values: dict[str, _Parameter] = {}
        self.flags: dict[str, tuple[str, bool]] = dict.fromkeys(more_flags, ("", True))
        for at, name in enumerate(names):
            annotation = function.__annotations__.get(name)
            if annotation is syntax.Context:
                self.context = name
                continue
            required = at < first_default
            one = _Parameter(
                name, annotation, None if required else defaults[at - first_default], required
            )
            self.parameters.append(one)
            self.values |= dict.fromkeys(one.valued, one)
            self.flags |= {flag: (name, value) for flag, value in one.flags.items()}

    def read(
        self, words: Sequence[str], between: bool
    ) -> tuple[dict[str, Any], set[str], list[str]]:
        """The values, the flags of no parameter, and the words that are no options.

        With `between` options may stand between those words; else the first of them ends the reading.
        """
        said: dict[str, Any] = {}
        beside: set[str] = set()
        rest: list[str] = []
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if word == "-":  # standard input, or to be asked
                raise Declined
            if (word and word[0] in DASHES) or "　-" in word or "　－" in word:  # written wrongly
                raise Declined
            if not word.startswith("-"):
                rest.append(word)
                if not between:
                    return said, beside, rest + list(words[at:])
                continue
            if flag := self.flags.get(word):
                name, value = flag
                if name:
                    said[name] = value
                else:
                    beside.add(word)
                continue
            name, equals, text = word.partition("=")
            one = self.values.get(name)
            if one is None or (equals and not name.startswith("--")):
                raise Declined
            if not equals:
                if at == len(words):
                    raise Declined
                text = words[at]
                at += 1
                if text.startswith("-"):  # perhaps an option, whose own value was forgotten
                    raise Declined
            elif text == "-":
                raise Declined
            value = one.convert(text)
            if one.many:
                said.setdefault(one.name, []).append(value)
            else:
                said[one.name] = value
        return said, beside, rest

    def filled(self, said: dict[str, Any], rest: list[str]) -> dict[str, Any]:
        """The arguments of the function: what was said, what stands without it, and `rest` in order."""
        values: dict[str, Any] = {}
        for one in self.parameters:
            if one.option:
                if one.required and one.name not in said:
                    raise Declined
                values[one.name] = said.get(one.name, one.default)
                continue
            taken = [one.convert(word) for word in (rest if one.many else rest[:1])]
            if one.required and not taken:
                raise Declined
            del rest[: len(taken)]
            values[one.name] = (taken if one.many else taken[0]) if taken else one.default
        if rest:
            raise Declined
        return values


class Call:
    """A verb with the values it is called with; calling it carries it out."""

    def __init__(
        self,
        begin: Callable[..., None],
        begins: dict[str, Any],
        command: str,
        function: Callable[..., Any],
        values: dict[str, Any],
        context: str | None,
        quiet: bool,
    ) -> None:
        self.begin, self.begins, self.command = begin, begins, command
        self.function, self.values, self.context, self.quiet = function, values, context, quiet

    def __call__(self) -> None:
        context = syntax.Context()
        self.begin(context, **self.begins)
        context.obj.command = self.command
        screen.be_quiet(self.quiet)
        try:
            self.function(**self.values, **({self.context: context} if self.context else {}))
        except WrongUse as error:
            raise error.of(self.command) from error


def read(words: Sequence[str], begin: Callable[..., None], nouns: Mapping[str, Any]) -> Call | None:
    """The command that the words are, or None where Typer is to say.

    `begin` is the function of the program's own options; `nouns` names the module of each noun.
    """
    try:
        "".join(words).encode()  # bytes that are no text are told of, wherever they stand
        begins = _Words(begin)
        said, _beside, rest = begins.read(words, between=False)
        if not rest or rest[0] not in nouns:
            return None
        noun, *rest = rest
        verbs: syntax.Verbs = import_module(f"soc_cli.commands.{nouns[noun][0]}").app
        # A verb without a noun (init, path) is the one of its name in its module.
        alone = noun in verbs
        verb = verbs.get(noun if alone else rest[0] if rest else "")
        if verb is None:
            return None
        taken = _Words(verb.function, _QUIET)
        values, beside, rest = taken.read(rest if alone else rest[1:], between=True)
        return Call(
            begin,
            begins.filled(said, []),
            noun if alone else f"{noun} {verb.name}",
            verb.function,
            taken.filled(values, rest),
            taken.context,
            bool(beside),
        )
    except (Declined, UnicodeEncodeError):
        return None
