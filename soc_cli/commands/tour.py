"""`soc tour`"""

import typer

app = typer.Typer()
