"""What one run carries: which register, who works, in which language, and on which day."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from soc_cli.model import exposure
from soc_cli.model.clocks import Clock
from soc_cli.model.errors import Refused, SocError, WrongUse
from soc_cli.model.fields import FieldError, plain
from soc_cli.model.keys import Secret
from soc_cli.model.language import _
from soc_cli.policy import form
from soc_cli.policy.form import Policy
from soc_cli.store import driver
from soc_cli.store.register import PATIENCE, Register, Run, spill_folder
from soc_cli.terminal import screen


class Session:
    """One run of the program. The register is opened on first use, for a purpose."""

    def __init__(
        self,
        db: Path | None,
        operator: str | None,
        run_another: Callable[[Sequence[str]], int],
        tree: Callable[[], Any] | None = None,
    ) -> None:
        """`run_another` runs another command in this process and gives its exit code; `tree` gives all."""
        self.db, self.operator, self.run_another, self.tree = db, operator, run_another, tree
        self.command = ""
        self.patience = PATIENCE
        """Seconds to wait where another program changes the register."""
        self._policy: Policy | None = None
        self._told = False
        self._begun: list[int] = []
        form.use(None)
        driver.unlock_with(_secrets)

    @property
    def path(self) -> Path:
        """The register file: `--db`, else SOC_DB, else the one in the user's data folder."""
        if self.db is not None:
            return self.db
        if named := os.environ.get("SOC_DB"):
            return Path(named)
        return _data_folder() / "soc" / "register.db"

    @property
    def policy(self) -> Policy:
        """The club's policy: the register's own, else the one that comes with the program."""
        if self._policy is None:
            self._policy = self.policy_of(self.path)
            form.use(self._policy)
        return self._policy

    def policy_of(self, path: Path) -> Policy:
        """The policy of another register than that of the session, or of a backup."""
        from soc_cli.store import policies

        text = policies.kept(path)
        if text is None:
            return form.packaged()
        from soc_cli.policy import club

        return club.read_kept(text)

    def run(self, new: bool = False, of: Path | None = None) -> Run:
        """Who works through which command, and the clock: that of a sample (`of` its backup) may be set."""
        clock = Clock() if new else self._clock(of)
        return Run(self._operator(), self.command, clock, _mark_key(), self.patience)

    def _tell_exposed(self) -> None:
        """Says once who else could get at the register."""
        if not self._told:
            self._told = True
            for what, do in exposure.told(self.path, folder_too=True):
                screen.say(_("Careful: {what}: {do}").format(what=what, do=do))

    def upkeep(self) -> Register:
        """The register for upkeep: numbers and folded keys."""
        self._tell_exposed()
        return Register.open_upkeep(self.path, self.policy, self.run())

    def register(self, purpose: str, member: int | None = None) -> Register:
        """The register for a purpose. Raises Refused where the purpose reads one member a command."""
        self.need(purpose)
        if self.policy.purposes[purpose].one_member and member is None:
            raise Refused(
                _("the purpose “{purpose}” reads one member a command").format(purpose=purpose),
                _("use “soc member show MEMBER”"),
            )
        self._tell_exposed()
        bound = member if self.policy.purposes[purpose].one_member else None
        return Register.open(self.path, self.policy, self.run(), purpose, bound)

    def spill_folder(self) -> Path | None:
        """Where what does not fit into memory may wait; None for an encrypted register."""
        return spill_folder(self.path)

    def will_write(self, folder: Path) -> None:
        """Puts on record that a file is begun in a folder, before the change that fills it.

        Killed meanwhile, the check knows where to look for what is left. Beside the register it looks
        anyway.
        """
        if folder.resolve() != self.path.resolve().parent:
            with self.upkeep() as upkeep:
                self._begun += upkeep.begin_files([folder])

    def end(self) -> None:
        """Ends the run, however it went: its files have their names, or are gone."""
        if self._begun:
            with suppress(SocError), self.upkeep() as upkeep:
                upkeep.end_files(self._begun)
            self._begun = []

    def need(self, purpose: str) -> None:
        """Raises Refused where this club's policy has no such purpose."""
        if purpose not in self.policy.purposes:
            raise Refused(
                _("this club's policy has no purpose “{purpose}”").format(purpose=purpose),
                _("its purposes: {names}").format(names=" ".join(self.policy.purposes)),
            )

    def outsider(self, inquiry: int) -> Register:
        """The register for the own data of the outsider of an inquiry."""
        self._tell_exposed()
        return Register.open_outsider(self.path, self.policy, self.run(), inquiry)

    def disclosure(
        self, items: Sequence[str], members: Sequence[int], shown: bool, ground: str
    ) -> Register:
        """The register for one disclosure."""
        self._tell_exposed()
        run, by_consent = self.run(), ground == "consent"
        return Register.open_disclosure(
            self.path, self.policy, run, items, members, shown, by_consent
        )

    def members(self, texts: Sequence[str]) -> list[int]:
        """The numbers of the members that the texts name, each once."""
        from soc_cli.operations import members

        with self.upkeep() as upkeep:
            found = [members.resolve(upkeep, text) for text in texts]
        club = self.policy.club
        for text, number in zip(texts, found, strict=True):
            said = club.number_of(text)
            if said not in (None, number):
                told = _("{other} was merged into {number}.")
                screen.say(told.format(other=club.number(said), number=club.number(number)))
        return list(dict.fromkeys(found))

    def member(self, text: str) -> int:
        """The number of the member that `text` names."""
        return self.members([text])[0]

    def _operator(self) -> str:
        named = self.operator or os.environ.get("SOC_OPERATOR")
        if not named:
            import getpass

            try:
                named = getpass.getuser()
            except (OSError, KeyError, ImportError):
                raise WrongUse(_("nobody knows who is working"), _("say --operator NAME")) from None
        try:
            operator = plain(named, 100)
        except FieldError as error:
            reason = error.reason
            raise WrongUse(_("the operator's name: {reason}").format(reason=reason)) from None
        if operator is None:
            raise WrongUse(_("nobody knows who is working"), _("say --operator NAME"))
        return operator

    def _clock(self, backup: Path | None) -> Clock:
        day = os.environ.get("SOC_TODAY")
        if not day:
            return Clock()
        if self._setting("sample", backup) != "yes":
            return Clock()
        try:
            return Clock(date.fromisoformat(day))
        except ValueError:
            raise WrongUse(_("SOC_TODAY is no day like 2026-11-22")) from None

    def _setting(self, key: str, backup: Path | None) -> str | None:
        if backup is not None:  # which is not opened as a register: that might change it
            from soc_cli.store import maintenance

            return maintenance.setting(backup, key)
        with Register.open_upkeep(self.path, self.policy, Run("", "", Clock())) as register:
            return register.setting(key)


def _secrets(path: Path) -> Iterator[Secret]:
    """What may open an encrypted register, as `passphrase.secrets` finds it when it is needed."""
    from soc_cli.commands import passphrase

    return passphrase.secrets(path)


def _mark_key() -> Path | None:
    """The key of the marks of refused persons: SOC_MARK_KEY_FILE, else one in the user's settings.

    Not where the register is, since whoever has both can try who was refused (P8).
    """
    if named := os.environ.get("SOC_MARK_KEY_FILE"):
        return Path(named)
    try:
        return _settings_folder() / "soc" / "marks.key"
    except RuntimeError:  # an account without a home
        return None


def _settings_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
