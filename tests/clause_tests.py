"""The tests that bear a clause's name, as the program tells them: `python -m tests.clause_tests` writes them."""

import ast
import json
import re
from pathlib import Path

from soc_cli.commands.clauses import TESTS

FOLDER = Path(__file__).parent
_CLAUSES = re.compile("test_((?:[a-z][0-9]+_)+)")


def found() -> dict[str, list[str]]:
    """File and name of each test by the clause that it bears, in the order of both."""
    tests: dict[str, list[str]] = {}
    for source in sorted(FOLDER.rglob("test_*.py")):
        place = source.relative_to(FOLDER.parent).as_posix()
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (borne := _CLAUSES.match(node.name)):
                for clause in borne[1].rstrip("_").split("_"):
                    tests.setdefault(clause.upper(), []).append(f"{place}::{node.name}")
    return {clause: sorted(tests[clause]) for clause in sorted(tests)}


def written() -> str:
    """The file as it should be."""
    return json.dumps(found(), indent=1) + "\n"


if __name__ == "__main__":
    TESTS.write_text(written(), "utf-8")
