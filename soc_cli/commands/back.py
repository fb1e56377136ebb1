"""The way back of every command that writes: told after it on a terminal, in its help, and by `soc help mistake`.

A hint names members by number and never holds what is stored on them: what is typed ends in the
shell's history.
"""

from collections.abc import Iterator

from soc_cli.commands.session import Session
from soc_cli.model.language import _
from soc_cli.terminal import screen


class _Called(dict[str, str]):
    """What a way names, each as it is called where nobody said it."""

    def __missing__(self, key: str) -> str:
        return {"OPTIONS": "--…", "WHO": "MEMBER…", "COOKIE": "<COOKIE>"}.get(key, key)


def line(verb: str, prefix: str = "soc", **said: str) -> str:
    """What takes a verb back, with what is to be known of it and what was said of it filled in."""
    from soc_cli.commands.ways import WAYS

    found = WAYS[verb]
    known = _Called(said)
    says = _(found.says).format_map(known) if found.says else ""
    if not found.command:
        return says
    command = f"{prefix} {found.command.format_map(known)}"
    return _("{command} ({says})").format(command=command, says=says) if says else command


def way(verb: str, prefix: str = "soc", **said: str) -> str:
    """The same as a sentence."""
    from soc_cli.commands.ways import WAYS

    told = line(verb, prefix, **said)
    return _("To take it back: {told}").format(told=told) if WAYS[verb].command else told


def tell(session: Session, verb: str, **said: object) -> None:
    """Says on a terminal how to take back what was just done; `said` are numbers, and words of ours."""
    if not screen.can_hint():
        return
    db = ["--db", str(session.db)] if session.db is not None else []
    words = {key: str(value) for key, value in said.items()}
    screen.hint(way(verb, screen.as_typed(["soc", *db]), **words))


def of_verb(verb: str) -> Iterator[str]:
    """Each way of a verb, as its help tells it."""
    from soc_cli.commands.ways import WAYS

    for name in WAYS:
        if name == verb or name.startswith(verb + " --"):
            yield way(name)
