"""Options and arguments that several verbs share, one alias each."""

from enum import StrEnum
from typing import Annotated

import typer

from soc_cli.model.language import N_


class Form(StrEnum):
    """The formats that rows go out in."""

    table = "table"
    lines = "lines"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


Format = Annotated[
    Form | None,
    typer.Option(
        "--format",
        "-f",
        help=N_(
            "How to answer; the default is a table on a terminal and tab-separated lines in a pipe."
        ),
    ),
]
Json = Annotated[bool, typer.Option("--json", help=N_("Short for --format json."))]
DryRun = Annotated[
    bool, typer.Option("--dry-run", "-n", help=N_("Do everything but keep nothing."))
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=N_("Do not ask."))]
Force = Annotated[bool, typer.Option("--force", help=N_("Write over an existing file."))]
Member = Annotated[
    str,
    typer.Argument(
        metavar="MEMBER", help=N_("A member number (SOC-0012 or 12), a nickname or an e-mail.")
    ),
]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="PURPOSE",
        help=N_(
            "The purpose to read for: content improve own-record contact verify prefill nickname refuse inquiry."
        ),
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FILE.json",
        help=N_("Read the fields from a JSON object in a file, or from - (standard input)."),
    ),
]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="DIR", help=N_("The folder to write into; made if it is not there.")
    ),
]
