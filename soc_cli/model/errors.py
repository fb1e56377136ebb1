"""Errors that own their sentence and their exit code.

The sentence is `what happened: what to do`, in the language of the run. It never holds a value
that is stored in the register; it may hold what the secretary has just handed in.
"""

from soc_cli.model.journal import Entry
from soc_cli.model.language import _


class SocError(Exception):
    """Something that ends a command with one sentence and an exit code."""

    exit_code = 1

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """One sentence: what happened and, where there is something, what to do."""
        return _("{what}: {do}").format(what=self.what, do=self.do) if self.do else self.what


class Failed(SocError):
    """A reason outside the data: disk, lock, damage, wrong key, a newer file."""

    exit_code = 1


class WrongUse(SocError):
    """A verb or option used wrongly, or no terminal to ask on."""

    exit_code = 2

    def of(self, command: str) -> "WrongUse":
        """The same, which also names the help of the command (its words without `soc`)."""
        help = f"soc {command} --help"
        if help in self.do:
            return self
        if self.do:
            self.do = _("{do} (see “{command}”)").format(do=self.do, command=help)
        else:
            self.do = _("see “{command}”").format(command=help)
        return self


class WrongData(SocError):
    """The data handed in is wrong: a bad value, an unknown column, a taken nickname."""

    exit_code = 3


class NotFound(SocError):
    """No such register, member, meeting or file; or more than one answers to the name."""

    exit_code = 4


class Refused(SocError):
    """Refused by the policy, or not confirmed."""

    exit_code = 5
    entry: Entry | None = None
    """What stays on record of it, where something does."""


class PolicyRefused(Refused):
    """A read that the purpose of the connection does not grant."""

    categories: tuple[str, ...] = ()
    """The categories that were asked for."""


class Interrupted(SocError):
    """Ctrl-C while the database was working: it broke off what it was at."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__(_("interrupted"), _("what was not finished was not kept"))


class NotYetErased(Failed):
    """The member is deleted, but traces are left in the file until the erasure is run again."""
