"""What takes long is shown in one line on a terminal, which goes before anything else is written."""

import io
import sys
from pathlib import Path

import pytest

from soc_cli.model import language, pulse
from soc_cli.model.errors import Interrupted
from soc_cli.model.text import width
from soc_cli.store import driver
from soc_cli.store.faults import sentence_of
from soc_cli.terminal import progress, screen


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal of 40 columns, on which the line is drawn at once."""
    there = Terminal()
    monkeypatch.setattr(progress, "_line", progress._Line())
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "OFTEN", 0.0)
    monkeypatch.setattr(progress, "_columns", lambda: 40)
    monkeypatch.setenv("TERM", "xterm")
    return there


def long_statement() -> None:
    con = driver.dbapi2.connect(":memory:")
    con.set_progress_handler(pulse.listener(), 1000)
    con.execute("with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n").fetchone()  # fmt: skip
    con.close()


def lines(shown: Terminal) -> list[str]:
    return [line.removesuffix("\x1b[K") for line in shown.getvalue().split("\r") if line]


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_long_statement_draws_the_line_and_what_is_said_takes_it_away(
    shown: Terminal, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    language.use(lang)
    monkeypatch.setattr(sys, "stderr", shown)  # which pytest sets anew for the call
    screen.be_quiet(False)
    progress.doing("名簿を書き直しています、消去したものが残らないよう、ファイル全体を")
    long_statement()
    drawn = lines(shown)
    assert drawn[0].startswith("名簿を書き直しています")
    assert all(width(line) < 40 for line in drawn)
    screen.say("said")
    assert shown.getvalue().endswith("\r\x1b[Ksaid\n")


def test_nothing_is_drawn_while_an_answer_is_written(
    shown: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", shown)  # which pytest sets anew for the call
    screen.be_quiet(False)
    screen.answer(["1\n"])
    long_statement()
    assert shown.getvalue() == ""
    assert capsys.readouterr().out == "1\n"


def test_the_bar_counts_and_goes(shown: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", shown)  # which pytest sets anew for the call
    screen.be_quiet(False)
    with progress.bar() as tick:
        tick(1200, 0.5)
    assert "50%" in lines(shown)[0]
    assert shown.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_is_drawn_in_a_pipe_or_when_quiet(
    shown: Terminal, quiet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", shown)
    if not quiet:
        monkeypatch.setattr(shown, "isatty", lambda: False)
    screen.be_quiet(quiet)
    progress.doing("x")
    with progress.bar() as tick:
        tick(1, 0.5)
    assert pulse.listener() is None
    assert shown.getvalue() == ""


def test_ctrl_c_in_a_long_statement_is_told_as_ctrl_c(path: Path) -> None:
    def pressed() -> int:
        raise KeyboardInterrupt  # which SQLite's callback can't let through

    pulse.use(pressed)
    try:
        with pytest.raises(driver.OperationalError) as broken:
            long_statement()
    finally:
        pulse.use(None)
    told = sentence_of(broken.value, path)
    assert isinstance(told, Interrupted)
    assert told.exit_code == 130


def test_every_connection_to_a_file_beats(path: Path) -> None:
    path.touch()
    beats: list[int] = []
    pulse.use(lambda: beats.append(1))
    try:
        con = driver.connect(path, 1)
        con.execute("with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n").fetchone()  # fmt: skip
        con.close()
    finally:
        pulse.use(None)
    assert beats
