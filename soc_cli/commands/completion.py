"""`soc completion`: what a shell reads to complete the words of this program."""

from enum import StrEnum
from typing import Annotated

from soc_cli.commands import syntax
from soc_cli.model.language import N_, _
from soc_cli.terminal import screen

app = syntax.Verbs()


class Shell(StrEnum):
    """The shells whose words can be completed."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


HOW = {
    Shell.bash: 'eval "$(soc completion bash)"  # ~/.bashrc',
    Shell.zsh: 'eval "$(soc completion zsh)"  # ~/.zshrc, compinit',
    Shell.fish: "soc completion fish > ~/.config/fish/completions/soc.fish",
}


@app.command(
    "completion",
    help=N_(
        "Print what a shell reads to complete nouns, verbs, options, member numbers and nicknames."
    ),
)
def completion(
    shell: Annotated[Shell, syntax.Argument(metavar="bash|zsh|fish", help=N_("The shell."))],
) -> None:
    from soc_cli.commands import completing

    screen.answer([completing.script(shell)])
    if screen.is_terminal():
        screen.say(_("To have it at every start: {command}").format(command=HOW[shell]))
