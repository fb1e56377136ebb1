"""`soc tour`: the whole tool played on invented people, with commands that are really run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from soc_cli.model.language import N_, _
from soc_cli.terminal import ask, screen

app = typer.Typer()

SHEET = Path(__file__).with_name("tour.csv")

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("A new register; its file can be read by you alone."), ("init",)),
    (N_("The club's old sheet, as Excel saved it, goes in whole."), ("member", "import", "members.csv")),
    (N_("To get in touch, the secretary sees what gets in touch, and no birth date."), ("member", "list", "--limit", "3")),
    (N_("Finding somebody: any spelling does."), ("member", "find", "高崎")),
    (N_("A member asks what is stored on them, and gets all of it."), ("member", "show", "ターボ")),
    (N_("… and has it corrected."), ("member", "edit", "ターボ", "--phone", "052-123-0202", "--quiet")),
    (N_("Their own data as a file to take away: it also tells who read them, and when."), ("export", "ターボ", "--to", "own-data")),
    (N_("Another member leaves and wants to be forgotten: nothing stays but the number."), ("member", "erase", "SOC-0005", "--yes")),
    (N_("Everything that was done is on record, and the record shows if anybody touches it."), ("journal", "list")),
    (N_("The record is whole."), ("journal", "verify")),
    (N_("What the club promises, and what the program therefore does:"), ("policy", "show", "P4")),
)  # fmt: skip


@app.command(
    "tour", help=N_("Play the whole tool on invented people, in a register that is thrown away.")
)
def tour(ctx: typer.Context) -> None:
    import shlex

    root = ctx.find_root()
    language = root.params.get("lang")
    spoken = ("--lang", str(language)) if language else ()
    with _scratch():
        Path("members.csv").write_bytes(SHEET.read_bytes())
        for words, arguments in STEPS:
            screen.answer([f"\n# {_(words)}\n$ soc {shlex.join(arguments)}\n"])
            code = root.command.main([*spoken, *arguments], "soc", standalone_mode=False)
            if code:
                raise typer.Exit(code)
            ask.pause(_("Enter goes on."))
    screen.answer(["\n# " + _("That was the tour; all it made is gone again.") + "\n"])


@contextmanager
def _scratch() -> Iterator[None]:
    """A folder that is thrown away, with a register that no real one can be mistaken for."""
    import tempfile

    before, register = Path.cwd(), os.environ.get("SOC_DB")
    with tempfile.TemporaryDirectory(prefix="soc-tour-", ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        os.environ["SOC_DB"] = "register.db"
        try:
            yield
        finally:
            os.chdir(before)
            if register is None:
                del os.environ["SOC_DB"]
            else:
                os.environ["SOC_DB"] = register


__all__ = ["STEPS", "app"]
