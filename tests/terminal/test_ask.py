"""Questions to a person: what is asked twice and not shown, and answers in a narrow window."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from soc_cli.model.errors import WrongData
from soc_cli.model.text import width
from soc_cli.terminal import ask, screen


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


TITLES = st.lists(
    st.text("ab 漢（）。", min_size=1, max_size=90).filter(str.strip), min_size=1, max_size=30
)


@given(TITLES, st.integers(24, 120), st.sampled_from((8, 24, 10_000)))
def test_each_answer_stands_whole_or_shows_where_it_is_cut(
    titles: list[str], columns: int, lines: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screen, "window", lambda: os.terminal_size((columns, lines)))
        choices = ask._choices([(title, title) for title in titles], ask._POINTER, "何をしますか。")
    shown = [choice.title for choice in choices]
    for title, said in zip(titles, shown, strict=True):
        first, *more = said.splitlines()
        assert 3 + width(first) < columns
        assert all(width(line) < columns for line in more)
        if said.endswith("…"):
            assert title.startswith(said.removesuffix("…"))
        else:
            assert "".join(said.split()) == "".join(title.split())
    if lines == 10_000:
        assert not any(said.endswith("…") for said in shown)
    else:
        assert sum(said.count("\n") + 1 for said in shown) < max(lines, len(titles) + 1)
