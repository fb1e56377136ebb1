"""How a verb says what it takes: once, for the short way of reading it and for Typer's help alike.

Typer takes four times as long to import as Python takes to start. What a verb declares is kept here
as it was said; `commands.short` reads a command that is well-formed by it, and `commands.help` makes
Typer's options of it for everything else.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from soc_cli.commands.session import Session


Function = TypeVar("Function", bound=Callable[..., Any])


class Ended(Exception):
    """A command that ends with an exit code and has nothing more to say."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class Context:
    """What a verb is called with beside its words, whichever way they were read."""

    obj: "Session"


class Declared:
    """One option or argument; `more` is what Typer's own functions take under these names."""

    def __init__(self, option: bool, names: Sequence[str], more: dict[str, Any]) -> None:
        self.option, self.names, self.more = option, tuple(names), more


def Option(*names: str, **more: Any) -> Any:
    """An option, for `Annotated`: its names (else `--` and the parameter's), `help`, `metavar`, `min`, `max`."""
    return Declared(True, names, more)


def Argument(**more: Any) -> Any:
    """An argument, for `Annotated`: `help`, `metavar`, `min`, `max`, `autocompletion`."""
    return Declared(False, (), more)


class Verb:
    """A verb: its name, the function that carries it out, and its help."""

    def __init__(self, name: str, help: str, epilog: str | None, function: Callable[..., Any]) -> None:  # fmt: skip
        self.name, self.help, self.epilog, self.function = name, help, epilog, function


class Verbs(dict[str, Verb]):
    """The verbs of one noun, by name and in the order of their help."""

    def command(
        self, name: str, help: str, epilog: str | None = None
    ) -> Callable[[Function], Function]:
        """Makes a function a verb."""

        def add(function: Function) -> Function:
            self[name] = Verb(name, help, epilog, function)
            return function

        return add
