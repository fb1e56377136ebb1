"""Options and arguments that several verbs share, one alias each."""

from enum import StrEnum
from typing import Annotated

from soc_cli.commands import syntax
from soc_cli.model.errors import WrongUse
from soc_cli.model.language import N_, _


class Form(StrEnum):
    """The formats that rows go out in."""

    table = "table"
    lines = "lines"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


Format = Annotated[
    Form | None,
    syntax.Option(
        "--format",
        "-f",
        help=N_(
            "How to answer; the default is a table on a terminal and tab-separated lines in a pipe."
        ),
    ),
]
Json = Annotated[bool, syntax.Option("--json", help=N_("Short for --format json."))]
DryRun = Annotated[
    bool, syntax.Option("--dry-run", "-n", help=N_("Do everything but keep nothing."))
]
Yes = Annotated[bool, syntax.Option("--yes", "-y", help=N_("Do not ask."))]
Undo = Annotated[
    bool, syntax.Option("--undo", help=N_("Take a mistake back: as if this had not been recorded."))
]
Force = Annotated[bool, syntax.Option("--force", help=N_("Write over an existing file."))]
Member = Annotated[
    str,
    syntax.Argument(
        metavar="MEMBER", help=N_("A member number (SOC-0012 or 12), a nickname or an e-mail.")
    ),
]
For = Annotated[
    str | None,
    syntax.Option(
        "--for",
        metavar="PURPOSE",
        help=N_(
            "The purpose to read for: content improve own-record contact verify prefill nickname refuse inquiry."
        ),
    ),
]
From = Annotated[
    str | None,
    syntax.Option(
        "--from",
        metavar="FILE.json",
        help=N_("Read the fields from a JSON object in a file, or from - (standard input)."),
    ),
]
To = Annotated[
    str,
    syntax.Option(
        "--to", metavar="DIR", help=N_("The folder to write into; made if it is not there.")
    ),
]
Letter = Annotated[
    str | None,
    syntax.Option(
        "--to", metavar="FILE", help=N_("Write the certificate as a letter too, plain text.")
    ),
]


def there(name: str | None, option: str) -> str | None:
    """A file's name, or None where the option was not given; an empty one is a mistake."""
    if name == "":
        raise WrongUse(_("{option} names no file").format(option=option))
    return name


def named(name: str | None, option: str) -> str | None:
    """As `there`, where `-`, by which other programs mean standard input or output, is one too."""
    return there("" if name == "-" else name, option)
