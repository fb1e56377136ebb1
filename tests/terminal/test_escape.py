"""Esc leaves a list as Ctrl-C does; an arrow key, which begins with the same byte, does not."""

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from soc_cli.terminal import ask, screen


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A list of three before somebody who presses these keys."""

    def press(text: str) -> int:
        monkeypatch.setattr(screen, "can_ask", lambda: True)
        monkeypatch.setattr(ask, "_output", DummyOutput)
        with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
            pipe.send_text(text)
            return ask.select("?", [("one", 1), ("two", 2), ("three", 3)], "N")

    return press


def test_esc_leaves_and_arrows_move(keys) -> None:  # type: ignore[no-untyped-def]
    assert keys("\x1b[B\x1b[B\x1b[A\r") == 2
    with pytest.raises(KeyboardInterrupt):
        keys("\x1b")
    with pytest.raises(KeyboardInterrupt):
        keys("\x1b[B\x03")


def test_esc_leaves_a_line_of_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "can_ask", lambda: True)
    monkeypatch.setattr(ask, "_output", DummyOutput)
    for typed, said in (
        ("a\x1b[D\x1b[Cb\r", "ab"),
        ("\x1b[200~x\ny\x1b[201~\r", "x\ny"),
        ("ab\x1b", None),
    ):
        with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
            pipe.send_text(typed)
            if said is None:
                with pytest.raises(KeyboardInterrupt):
                    ask.text("?", ask.needed, "N")
            else:
                assert ask.text("?", ask.needed, "N") == said
