"""`soc` alone: on a terminal a menu that shows the command of each choice, in a pipe the usage line."""

from pathlib import Path

import pytest

from soc_cli import main
from soc_cli.commands import menu
from soc_cli.model.errors import WrongUse
from soc_cli.operations import waiting
from soc_cli.terminal import ask
from tests.conftest import Soc


class Person:
    """Answers every question by the words that stand on the screen, and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.seen: list[str] = []
        self.paused: list[str] = []

    def select(self, question: str, answers, option: str, default=None):
        self.seen += [question, *(title for title, _value in answers)]
        said = self.answers.pop(0)
        if said == "^C":
            raise KeyboardInterrupt
        found = [value for title, value in answers if title.startswith(said)]
        assert found, (question, said, answers)
        return found[0]

    def text(self, question: str, check, option: str, default: str = "") -> str:
        self.seen.append(question)
        said = self.answers.pop(0)
        check(said)
        return said


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch):
    """Somebody at a terminal who gives these answers."""

    def sits(*answers: str) -> Person:
        one = Person(*answers)
        monkeypatch.setattr(ask, "select", one.select)
        monkeypatch.setattr(ask, "text", one.text)
        monkeypatch.setattr(ask, "pause", one.paused.append)
        return one

    return sits


def test_in_a_pipe_it_says_how_it_is_used(soc: Soc) -> None:
    answer = soc(ok=False)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("soc: Usage: soc ")
    assert len(answer.err.splitlines()) == 1


@pytest.mark.plain("where a key file is named nobody is asked whether to encrypt")
@pytest.mark.usefixtures("terminal")
def test_without_a_register_it_offers_to_make_one(soc: Soc, person, path: Path) -> None:
    one = person("init", "Run it", "No: ", "That is all")
    answer = soc()
    assert "There is no register yet." in one.seen
    assert not any(line.startswith("member") for line in one.seen[: one.seen.index("soc init")])
    assert "$ soc init" in answer.err
    assert path.exists()


@pytest.mark.usefixtures("terminal")
def test_what_is_needed_is_asked_and_the_command_is_shown(members: Soc, person) -> None:
    one = person("member", "find", "髙﨑", "--for", "contact", "Run it", "That is all")
    answer = members()
    assert len(one.paused) == 1  # the answer stands until it is read
    assert "$ soc member find 髙﨑 --for contact" in answer.err
    assert "髙﨑" in answer.out


@pytest.mark.usefixtures("terminal")
def test_back_and_ctrl_c_lead_to_the_first_question(members: Soc, person) -> None:
    one = person("member", "Back", "member", "^C", "path", "Back", "That is all")
    members()
    assert one.seen.count("What do you want to do?") == 4
    assert not one.answers


@pytest.mark.usefixtures("terminal")
def test_ctrl_c_at_the_first_question_ends(members: Soc, person) -> None:
    person("^C")
    assert members(ok=False).code == 130


@pytest.mark.usefixtures("terminal")
def test_a_command_that_fails_does_not_end_the_menu(members: Soc, person) -> None:
    person("member", "show", "999", "Run it", "That is all")
    assert "soc: " in members().err


@pytest.mark.usefixtures("terminal")
def test_a_quiet_command_does_not_make_the_menu_quiet(members: Soc, person, monkeypatch) -> None:
    one = person("path", "Run it", "path", "Run it", "That is all")
    ran, run = [], main.execute

    def quietly(words):
        ran.append(words)
        return run([*words, "--quiet"])

    monkeypatch.setattr(main, "execute", quietly)
    err = members().err
    assert len(ran) == err.count("$ soc path\n") == 2
    assert not any("--quiet" in title for title in one.seen), "which is for scripts"


@pytest.mark.usefixtures("terminal")
def test_what_waits_stands_first_and_leads_to_its_command(members: Soc, person) -> None:
    members("inquiry", "log", "--member", "3", "--kind", "view", "--body", "見せてください")
    one = person("Request 1 must be answered within 14 days", "Run it", "That is all")
    answer = members()
    assert "$ soc inquiry show 1" in answer.err
    assert one.seen.index("Request 1 must be answered within 14 days") == 1
    assert "No backup was ever made" in one.seen


def test_an_answer_of_the_wrong_kind_is_asked_again(members: Soc, monkeypatch) -> None:
    from soc_cli.main import build

    root = build()
    show = root.commands["meeting"].commands["show"]
    number = next(p for p in show.params if p.name == "meeting")
    from soc_cli.model.errors import WrongData

    with pytest.raises(WrongData):
        menu._taken_by(number, None)("one")
    menu._taken_by(number, None)("1")


def test_what_waits(memory) -> None:
    upkeep = memory(
        "upkeep",
        filled=(
            "insert into member (name, name_key) values ('見本 一', '見本一')",
            "insert into inquiry (received_at, kind, member_id, body, due_on) values"
            " ('2026-11-01T10:00+09:00', 'view', 1, 'x', '2026-11-15'),"
            " ('2026-11-08T10:00+09:00', 'view', 1, 'x', '2026-11-22')",
            "insert into meeting (title, date) values ('昨日', '2026-11-21'), ('来週', '2026-11-29'), ('先', '2026-11-30')",
            "insert into declaration (meeting_id, member_id, declared_on) values (1, 1, '2026-11-01')",
            "insert into backup (at, path) values ('2026-10-01T12:00:00+09:00', '/x')",
        ),
    )
    assert [one.words for one in waiting.waiting(upkeep)] == [
        "Request 1 is overdue by 7 days",
        "Request 2 must be answered today",
        "Meeting 2 is on 2026-11-29: 来週",
        "Meeting 1 was on 2026-11-21, and nobody's attendance is on record",
        "The last backup is 52 days old",
    ]


def test_every_command_can_be_asked_for_in_the_menu() -> None:
    """What a command needs can be asked for: it has words for the question."""
    from soc_cli.main import build

    root = build()
    commands = [
        verb
        for name in root.commands
        for verb in getattr(root.commands[name], "commands", {"": root.commands[name]}).values()
    ]
    for command in commands:
        for parameter in command.params:
            assert parameter.param_type_name in ("argument", "option")
            if parameter.required:
                assert parameter.help, (command.name, parameter.name)


def test_the_menu_needs_a_terminal() -> None:
    with pytest.raises(WrongUse):
        ask.select("?", [("a", 1)], "COMMAND")
