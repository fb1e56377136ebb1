"""The menu of `soc` alone on a terminal: what waits, and every command, asked for word by word.

It is made from the commands themselves, so that whatever there is can be picked, and each pick shows
the command that it comes to: people grow out of it.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from soc_cli.commands.session import Session
from soc_cli.model.errors import SocError
from soc_cli.model.language import _
from soc_cli.terminal import ask, screen

Words = tuple[str, ...]
Call = Callable[[Sequence[str]], int]

BESIDE = 5
"""Lines that stand in the list beside the nouns: the question, the end, and a few things that wait."""

_END, _BACK, _RUN = ("end",), ("back",), ("run",)


def run(root: Any, ctx: Any, session: Session, call: Call) -> None:
    """Offers what can be done until the person has done; `call` runs a command and gives its exit code.

    Ctrl-C or Esc leads back to the first question, and there ends. What a command answered stands
    until Enter where the list of what can be done would push it out of the window.
    """
    screen.say(_("What can be done here. Each choice shows the command that it stands for."))
    while True:
        picked = _first(root, session)
        if picked == _END:
            return
        try:
            words = _words(root, ctx, picked)
        except KeyboardInterrupt:
            continue
        if words:
            screen.say(f"$ soc {screen.as_typed(words)}")
            before = screen.lines()
            call(words)
            window = screen.window().lines
            if screen.lines() - before + len(root.sentences()) + BESIDE > window:
                with suppress(KeyboardInterrupt, EOFError):  # which lead back as well
                    ask.pause(_("Enter leads back to what can be done."))
            screen.say("")


def _first(root: Any, session: Session) -> Words:
    """What waits and the nouns; where there is no register yet, what makes one."""
    try:
        waits = _waiting(session) if session.path.exists() else None
    except SocError as error:
        screen.tell_error(f"soc: {error.sentence()}")
        waits = []
    nouns = [(name, help) for name, help in root.sentences() if waits is not None or name in FIRST]
    answers = [(one.words, one.command) for one in waits or ()]
    answers += [(_line(name, help, nouns), (name,)) for name, help in nouns]
    answers.append((_("That is all"), _END))
    question = _("What do you want to do?") if waits is not None else _("There is no register yet.")
    return ask.select(question, answers, "COMMAND")


FIRST = ("init", "restore", "path", "tour")
"""What can be done without a register."""


def _waiting(session: Session) -> Sequence[Any]:
    from soc_cli.operations import waiting

    with session.upkeep() as upkeep:
        return waiting.waiting(upkeep)


def _line(name: str, help: str, beside: Sequence[tuple[str, str]]) -> str:
    return f"{name:<{max(len(other) for other, _help in beside)}}  {help}"


def _words(root: Any, ctx: Any, picked: Words) -> Words:
    """The words of a whole command that begins with `picked`; none where the person went back."""
    command, said = root, list(picked)
    given = len(picked)
    for word in picked:
        if word in getattr(command, "commands", ()):
            command, given = command.commands[word], given - 1
    while hasattr(command, "commands"):
        verbs = [(name, str(command.commands[name].help or "")) for name in command.commands]
        answers: list[tuple[str, Words]] = [(_line(n, h, verbs), (n,)) for n, h in verbs]
        verb = ask.select(f"soc {screen.as_typed(said)}", [*answers, (_("Back"), _BACK)], "VERB")
        if verb == _BACK:
            return ()
        command, said = command.commands[verb[0]], [*said, *verb]
    return _completed(command, ctx, said, given)


def _completed(command: Any, ctx: Any, said: list[str], given: int) -> Words:
    """The command with what it needs asked for but the first `given`, then whatever else is wanted."""
    needed = [p for p in command.params if p.required][given:]
    for parameter in needed:
        said += _asked(parameter, ctx)
    offered = [p for p in command.params if not p.required and p.name not in HIDDEN and p.help]
    while True:
        rest = [
            (_line(_name(p), p.help, [(_name(o), "") for o in offered]), (p.name,)) for p in offered
        ]
        shown = f"soc {screen.as_typed(said)}"
        answers = [(_("Run it"), _RUN), (_("Back"), _BACK), *rest]
        picked = ask.select(shown, answers, "OPTION")
        if picked == _RUN:
            return tuple(said)
        if picked == _BACK:
            return ()
        parameter = next(p for p in offered if p.name == picked[0])
        said += _asked(parameter, ctx)
        if not (parameter.multiple or parameter.nargs == -1):
            offered.remove(parameter)


HIDDEN = ("form", "json", "yes", "quiet", "help")
"""Options that are for scripts: here the answer is a table with what there is to say, and what is
destroyed is asked about."""


def _name(parameter: Any) -> str:
    """What a parameter is called on the command line."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return str(max(parameter.opts, key=len))


def _asked(parameter: Any, ctx: Any) -> list[str]:
    """The words of one parameter, as the person says them."""
    argument = parameter.param_type_name == "argument"
    if not argument and parameter.is_flag:
        return [_name(parameter)]
    question = f"{_name(parameter)}: {parameter.help or ''}"
    if choices := getattr(parameter.type, "choices", None):
        names = [str(getattr(c, "value", c)) for c in choices]
        value = ask.select(question, [(name, name) for name in names], _name(parameter))
    else:
        value = ask.text(question + "\n", _taken_by(parameter, ctx), _name(parameter))
    if parameter.nargs == -1:
        return ["".join(one) for one in re.findall(r'"([^"]+)"|「([^」]+)」|(\S+)', value)]
    return [value] if argument else [_name(parameter), value]


def _taken_by(parameter: Any, ctx: Any) -> Callable[[str], object]:
    from soc_cli.commands.help import taken
    from soc_cli.model.errors import WrongData

    def check(answer: str) -> None:
        ask.needed(answer)
        try:
            parameter.type.convert(answer, parameter, ctx)
        except Exception:  # whatever the type says of it is English
            told = taken(parameter.type, answer)
            raise WrongData(_("this is not what belongs here"), told) from None

    return check
