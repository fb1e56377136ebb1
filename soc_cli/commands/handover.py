"""`soc handover`."""

import typer

app = typer.Typer()
