"""Which commands carry out each clause of the policy, and which tests hold them to it.

A command's help bears the clauses that it carries out in parentheses, as the secretary reads them: that
text is the one place where it is said. The tests bear the clause in their names; they do not come with the
program, so that their names are kept in a file that a test holds against them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from soc_cli.policy import form
from soc_cli.policy.form import Policy

TESTS = Path(__file__).with_name("tests.json")
"""The names of the tests by clause, as `python -m tests.clause_tests` writes them."""

KEYS = ("clause", "says", "commands", "tests")

_IN_HELP = re.compile(r"[(（]([^()（）]*)[)）]")
_ID = r"[A-Z][0-9]+"
_LISTED = re.compile(rf"{_ID}(?:[-〜–]{_ID})?")


def named(help: str, order: Sequence[str]) -> list[str]:
    """The clauses that a help names in parentheses; `D1-D4` are all from one to the other in their order.

    Parentheses with anything but clauses in them may say what one is: `(P4: contact)`.
    """
    found: list[str] = []
    for inside in _IN_HELP.findall(help):
        words = re.split("[:：]", inside)[0]
        for one in _LISTED.findall(words):
            first, *last = re.findall(_ID, one)
            if first in order and last and last[0] in order:
                found += order[order.index(first) : order.index(last[0]) + 1]
            else:
                found.append(first)
    return list(dict.fromkeys(found))


def commands(root: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command of the tree, with the words by which it is called."""
    for name in root.commands:
        command = root.commands[name]
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _same(own: Policy, policy: Policy, id: str) -> str | None:
    """The clause of a club's policy that is this one of the program's own: that of the same purpose or ground."""
    for mine, theirs in ((own.purposes, policy.purposes), (own.grounds, policy.grounds)):
        for name, one in mine.items():
            if one.clause == id:
                return theirs[name].clause if name in theirs else None
    return id if id in policy.clauses and policy.clauses[id].part == own.clauses[id].part else None


def coverage(policy: Policy, root: Any) -> list[dict[str, Any]]:
    """Each clause with what it says, its commands and its tests.

    Helps and tests bear the clauses of the program's own policy. A purpose of a club's own is carried out
    by the commands that take `--for`.
    """
    own = form.packaged()
    order = list(own.clauses)
    carried: dict[str, list[str]] = {id: [] for id in policy.clauses}
    tested: dict[str, list[str]] = {id: [] for id in policy.clauses}
    for words, command in commands(root):
        for id in named(command.help or "", order):
            if same := _same(own, policy, id):
                carried[same].append(words)
    for id, names in json.loads(TESTS.read_text("utf-8")).items():
        if same := _same(own, policy, id):
            tested[same] += names
    for name, purpose in policy.purposes.items():
        if name not in own.purposes:
            verbs = ("member show",) if purpose.one_member else ("member list", "member find")
            carried[purpose.clause] = [f"{verb} --for {name}" for verb in verbs]
    return [
        {
            "clause": id,
            "says": str(clause.says),
            "commands": carried[id],
            "tests": tested[id],
        }
        for id, clause in policy.clauses.items()
    ]
