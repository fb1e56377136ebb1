"""What was typed wrongly is answered with the word that was meant, and with the help of that very command."""

import re

import pytest

from soc_cli import main
from soc_cli.commands import othernames, topics
from soc_cli.model import meant
from tests.commands.test_short import verbs
from tests.conftest import Soc
from tests.test_language import left_over

ROOT = main.build()
NOUNS = {name: list(getattr(one, "commands", {})) for name, one in ROOT.commands.items()}


def slips(word: str) -> set[str]:
    """The word with a letter missing, one twice, a wrong one, or two that changed places."""
    found: set[str] = set()
    for at in range(len(word)):
        found |= {word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]}
        found |= {word[:at] + "q" + word[at + 1 :]}
        found |= {word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]}
    return found - {word, ""}


def test_every_slip_of_a_command_finds_it_unless_it_is_another_word() -> None:
    for known in (list(NOUNS), *filter(None, NOUNS.values())):
        for word in known:
            for slip in slips(word) - set(known):
                if len(slip) > 1:
                    assert word in meant.nearest(slip, known), (slip, word)


FEW_OR_ALL = pytest.mark.parametrize(
    "step", [pytest.param(9, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)]
)


@FEW_OR_ALL
def test_every_slip_of_an_option_finds_it(step: int) -> None:
    for _names, parameters in verbs()[::step]:
        known = [n for p in parameters for n in p.opts if n.startswith("--")]
        for option in known:
            for slip in slips(option[2:]) - {one[2:] for one in known}:
                if len(slip) > 1 and not slip.startswith("-"):
                    assert option in meant.nearest(f"--{slip}", known), (slip, option)


def test_what_is_like_nothing_means_nothing() -> None:
    for word in ("", "   ", "zzz", "会", "💥", "-", "--", "\x1b[2J"):
        assert meant.nearest(word, ["member", "meeting", "--name"]) == []
    assert meant.nearest("mem", ["meeting", "member"]) == ["member"]


def test_every_other_name_stands_for_something_that_is_there() -> None:
    there = {*NOUNS, *topics.TOPICS, *(verb for all in NOUNS.values() for verb in all)}
    for other, names in othernames._NAMES.items():
        assert set(names) <= there, other
        assert other not in names


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("memebr", "soc member"), ("ｍｅｍｂｅｒ", "soc member"), ("MEMBER", "soc member"), ("会員", "soc member"), ("例会", "soc meeting"),
        ("member　list", "soc member list"), ("member lst", "soc member list"), ("member 一覧", "soc member list"), ("member delete", "soc member erase"),
        ("list", "soc member list"), ("削除", "soc member erase"), ("soc member list", "soc member"), ("?", "soc help"), ("version", "soc --version"),
        ("－－lang ja path", "--lang"), ("-help", "--help"), ("help 目的", "soc help purpose"), ("help 会員", "soc help member"), ("help member lst", "soc help member list"), ("help grond", "soc help ground"),
        ("member show 1 －－json", "--json"), ("member show 1 —json", "--json"), ("member show 1 ー-json", "--json"), ("member show 1　--json", "1 --json"), ("member show 1 -json", "--json"),
        ("member show 1 --jsn", "--json"), ("member show 1 －－ｊｓｏｎ", "--json"), ("member show 1 --lang ja", "soc --lang … member show"), ("path --version", "soc --version path"),
        ("member show 1 --for contcat", "contact"), ("member list --format jsn", "json"), ("member list --sort knaa", "kana"), ("member list --format ＪＳＯＮ", "json"),
        ("inquiry list --kind qestion", "question"), ("disclosure record --ground consnt", "consent"), ("usage stats --by pgae", "page"), ("meeting report --by memebr", "member"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_was_meant_is_said(
    club: Soc, monkeypatch: pytest.MonkeyPatch, lang: str, typed: str, answered: str
) -> None:
    monkeypatch.setenv("SOC_LANG", lang)
    answer = club(*typed.split(" "), ok=False)
    assert answer.code in (2, 3, 4)
    assert answered in answer.err
    assert ("did you mean" if lang == "en" else "のことですか") in answer.err or "…" in answered or "--version path" in answered  # fmt: skip
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1


@FEW_OR_ALL
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_usage_error_of_a_verb_names_its_own_help(
    club: Soc, monkeypatch: pytest.MonkeyPatch, lang: str, step: int
) -> None:
    """One word too many, a value too few, an option that is none, and nothing at all where something is needed."""
    monkeypatch.setenv("SOC_LANG", lang)
    for names, parameters in verbs()[::step]:
        path = " ".join(names)
        least = [w for p in parameters if p.required for w in ([p.opts[0], "1"] if p.param_type_name == "option" else ["1"])]  # fmt: skip
        valued = [p.opts[0] for p in parameters if p.param_type_name == "option" and not p.is_flag and p.metavar != "[TEXT]"]  # fmt: skip
        numbers = [p for p in parameters if hasattr(p.type, "min") and p.param_type_name == "option"]  # fmt: skip
        wrong = [[*least, "--zzzzqqqq"], *([*least, one] for one in valued)]
        wrong += [[*least, p.opts[0], "x"] for p in numbers]
        wrong += [[]] if least else []
        if not any(p.nargs == -1 for p in parameters):
            wrong.append([*least, "1", "1", "1", "1"])
        for words in wrong:
            answer = club(*names, *words, ok=None)
            assert answer.code == 2, (names, words, answer)
            assert f"soc {path} --help" in answer.err, (names, words, answer)
            assert len(answer.err.splitlines()) == 1
            if lang == "ja":
                assert not left_over(answer.err), answer
            else:
                assert not re.search("[ぁ-んァ-ヶ一-龯]", answer.err), answer


def test_what_a_verb_says_of_wrong_use_names_its_help_both_ways(club: Soc) -> None:
    """Also where the verb itself finds it, whichever way its words were read."""
    for words in (("member", "list", "--sort", "x"), ("member", "list", "--sort=x", "-qq")):
        answer = club(*words, ok=False)
        assert "soc member list --help" in answer.err


def test_full_width_digits_are_numbers_and_a_name_may_hold_any_sign(club: Soc) -> None:
    club("member", "add", "--name", "髙﨑　壮", "--nickname", "ーさん")
    assert club("member", "show", "１", "--json").json["number"] == "SOC-0001"
    assert club("member", "show", "ーさん", "--json").json["name"] == "髙﨑 壮"
    assert club("member", "find", "髙﨑　壮", "--json").json
    assert club("meeting", "show", "１", ok=False).code == 4


def test_an_unknown_language_is_told_in_that_of_the_surroundings(
    soc: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOC_LANG", "ja")
    assert "使えません" in soc("--lang", "fr", "path", ok=False).err


@pytest.mark.parametrize("words", [(), ("member",), ("member", "show"), ("path",)])
def test_help_is_there_by_its_short_name(soc: Soc, words: tuple[str, ...]) -> None:
    assert soc(*words, "-h").out == soc(*words, "--help").out
