"""Questions to a person, on standard error; never without a terminal."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from soc_cli.model.errors import Refused, WrongData, WrongUse
from soc_cli.model.fields import long_text
from soc_cli.model.keys import folded
from soc_cli.model.language import _
from soc_cli.model.text import cut, visible, width, wrapped
from soc_cli.terminal import progress, screen

T = TypeVar("T")

_POINTER = " »  "
"""What stands before an answer, and the last column, which stays empty."""
_TICK = "● "


def _ready(missing: str) -> None:
    if not screen.can_ask():
        raise WrongUse(
            _("{missing} is missing, and there is no terminal to ask on").format(missing=missing),
            _("give it as an option"),
        )


def named(what: str) -> str:
    """The question for what bears this name."""
    return _("{what}:").format(what=what)


def _output() -> Any:
    """Where a question stands; while it waits, nothing else is drawn."""
    import sys

    from prompt_toolkit.output import create_output

    progress.end()
    return create_output(sys.stderr)


def _told_by(check: Callable[[str], object]) -> Callable[[str], bool | str]:
    """What questionary asks of an answer: True, or the reason why `check` does not take it."""

    def valid(answer: str) -> bool | str:
        try:
            check(answer)
        except WrongData as error:
            return screen.visible_lines(error.sentence())
        return True

    return valid


def _typed(question: Any) -> str:
    """What is typed as the answer. Why one is not taken is shown whole, not the line that fits alone."""
    from prompt_toolkit.filters import has_validation_error, to_filter
    from prompt_toolkit.layout import ConditionalContainer, Window

    for part in question.application.layout.walk():
        if isinstance(part, ConditionalContainer) and part.filter is has_validation_error:
            assert isinstance(part.content, Window)
            part.content.height, part.content.wrap_lines = None, to_filter(True)
            part.content.dont_extend_height = to_filter(True)
    _leave_by_escape(question.application)
    answer: str = question.unsafe_ask()
    return answer


def text(question: str, check: Callable[[str], object], option: str, default: str = "") -> str:
    """A line of text that `check` takes; the reason of a `WrongData` is shown, and asked again.

    `default` stands there to be changed. What stands in the question before a line break is shown whole.
    """
    _ready(option)
    import questionary

    above, between, beside = question.rpartition("\n")
    columns = screen.window().columns - 2
    asked = "\n ".join(wrapped(above, columns)) + between + beside
    return _typed(
        questionary.text(asked, default, validate=_told_by(check), qmark="", output=_output())
    )


def secret(question: str, check: Callable[[str], object]) -> str:
    """A line that is not shown while it is typed, and is typed twice; `check` as in `text`."""
    import questionary

    answer = _typed(
        questionary.password(question, validate=_told_by(check), qmark="", output=_output())
    )

    def same(again: str) -> bool | str:
        return folded(again) == folded(answer) or _("this is not what was typed before")

    _typed(questionary.password(_("Once more:"), validate=same, qmark="", output=_output()))
    return answer


def hidden(question: str) -> str:
    """A line that is not shown while it is typed, and is typed once."""
    _ready(question)
    import questionary

    return _typed(questionary.password(question, qmark="", output=_output()))


def needed(answer: str) -> None:
    """Takes any answer but none; for `text`."""
    if long_text(answer) is None:
        raise WrongData(_("nothing was said"))


def select(
    question: str, answers: Sequence[tuple[str, T]], option: str, default: T | None = None
) -> T:
    """One of several answers, each with its words; `default` is the one that is picked at first.

    The list goes when one is picked; the question with its answer stays, in one line.
    """
    _ready(option)
    import questionary

    instruction = _("(arrows, then Enter; Esc leaves)")
    choices = _choices(answers, _POINTER, f"{question} {instruction}")
    asked = questionary.select(
        question,
        choices,
        next((c for c in choices if c.value == default), None),
        qmark="",
        instruction=instruction,
        output=_output(),
    )
    picked: T = _answered(asked)
    _echo(question, next(title for title, value in answers if value == picked))
    return picked


def _answered(asked: Any) -> Any:
    """What is answered, after which the question goes; Esc leaves it."""
    _leave_by_escape(asked.application)
    asked.application.erase_when_done = True
    return asked.unsafe_ask()


def _echo(question: str, answer: str) -> None:
    """The question with its answer, in one line: what the library says of it is English."""
    screen.say(cut(" ".join((question, *answer.split())), screen.window().columns - 1))


def _choices(answers: Sequence[tuple[str, T]], before: str, above: str) -> list[Any]:
    """The answers whole, over several lines where the window has room for that; else each cut to one.

    `before` each stands so much, and `above` them all the question.
    """
    from questionary import Choice

    window = screen.window()
    columns = window.columns - len(before)
    said = [visible(title) for title, _value in answers]
    lines = [_hanging(title, columns) for title in said]
    if sum(map(len, lines)) + width(above) // window.columns + 1 < window.lines:
        titles = [f"\n{'':{len(before) - 1}}".join(one) for one in lines]
    else:
        titles = [cut(title, columns) for title in said]
    return [
        Choice(title, value=value) for title, (_title, value) in zip(titles, answers, strict=True)
    ]


def _hanging(title: str, columns: int) -> list[str]:
    """An answer in lines; where it is a word and, after blanks, what it means, this stays in its column."""
    found = re.match(r"\S.*? {2,}(?=\S)", title)
    name = found[0] if found and width(found[0]) <= columns // 2 else ""
    first, *more = wrapped(title.removeprefix(name), columns - width(name))
    return [name + first, *(" " * width(name) + line for line in more)]


def _leave_by_escape(application: Any) -> None:
    """Lets Esc do what Ctrl-C does; an arrow key begins with it too, so it waits a moment for more."""
    from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings

    keys = KeyBindings()

    @keys.add("escape")
    def _leave(event: Any) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    application.key_bindings = merge_key_bindings([application.key_bindings, keys])


def checkbox(question: str, answers: Sequence[tuple[str, T]], option: str) -> list[T]:
    """Any of several answers, each with its words; none is picked at first."""
    _ready(option)
    import questionary

    instruction = _("(arrows, space to tick, a for all, then Enter)")
    asked = questionary.checkbox(
        question,
        _choices(answers, _POINTER + _TICK, f"{question} {instruction}"),
        qmark="",
        instruction=instruction,
        output=_output(),
    )
    picked: list[T] = _answered(asked)
    titles = [title for title, value in answers if value in picked]
    _echo(question, _(", ").join(titles) or _("nobody"))
    return picked


def confirm(question: str, yes: bool) -> None:
    """Goes on where `yes` was said before, or is said now; raises Refused where it is not."""
    if yes:
        return
    if not screen.can_ask():
        raise Refused(_("not confirmed"), _("in a script, say --yes"))
    import questionary

    said = _answered(
        questionary.confirm(
            question, default=False, qmark="", instruction=_("(y/N)"), output=_output()
        )
    )
    _echo(question, _("yes") if said else _("no"))
    if not said:
        raise Refused(_("not confirmed: nothing was changed"))


def pause(words: str) -> None:
    """Waits for Enter where a person is watching; in a pipe goes straight on."""
    if screen.can_ask() and screen.is_terminal():
        screen.say(words)
        progress.end()
        input()
