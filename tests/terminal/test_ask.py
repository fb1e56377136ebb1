"""Questions to a person: what is asked twice and not shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from soc_cli.model.errors import WrongData
from soc_cli.terminal import ask


@contextmanager
def typing(text: str) -> Iterator[None]:
    with (
        create_pipe_input() as pipe,
        create_app_session(input=pipe, output=DummyOutput()),
    ):
        pipe.send_text(text)
        yield


def at_least(characters: int) -> Callable[[str], None]:
    def check(text: str) -> None:
        if len(text) < characters:
            raise WrongData("too short")

    return check


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("かぎ1\rかぎ1\r", "かぎ1"),
        ("k\rey\rkey\r", "key"),  # what is refused stays there to be gone on with
        ("key\rkex\r\x7fy\r", "key"),
    ],
)
def test_a_secret_is_typed_twice(monkeypatch: pytest.MonkeyPatch, typed: str, said: str) -> None:
    monkeypatch.setattr(ask, "_output", DummyOutput)
    with typing(typed):
        assert ask.secret("Password:", at_least(2)) == said


@pytest.mark.usefixtures("terminal")
def test_interrupted_there_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "_output", DummyOutput)
    with typing("key\r\x03"), pytest.raises(KeyboardInterrupt):
        ask.secret("Password:", at_least(1))
