"""`soc init` and `soc rekey`: making the register, and the key that opens it (S1)."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from soc_cli.commands import back, options, output, passphrase, syntax
from soc_cli.commands.session import Session
from soc_cli.model.errors import WrongUse
from soc_cli.model.keys import Key, Passphrase, RawKey, Secret
from soc_cli.model.language import N_, _, ngettext
from soc_cli.policy.form import Policy
from soc_cli.store.register import Run
from soc_cli.terminal import ask, progress, screen

if TYPE_CHECKING:
    from soc_cli.formats.files import NewFile

app = syntax.Verbs()

KeyFile = Annotated[
    str | None,
    syntax.Option(
        metavar="FILE", help=N_("A key file; a new one is made where there is none. For scripts.")
    ),
]
PassphraseFile = Annotated[
    str | None,
    syntax.Option(metavar="FILE", help=N_("A file whose first line is the new passphrase.")),
]
Generate = Annotated[
    bool, syntax.Option("--generate", help=N_("Make a strong passphrase; it stands in the note.")),
]  # fmt: skip
RecoveryNote = Annotated[
    str | None,
    syntax.Option(metavar="FILE|-", help=N_("Write a note to print and to lock away.")),
]


@app.command(
    "init",
    help=N_("Make a new register; an existing file is refused (S1)."),
    epilog=N_(
        "Encrypted, it opens with a passphrase (asked for, or in the file that SOC_PASSPHRASE_FILE names) or a key file"
        " (that SOC_KEY_FILE names). Where SOC_KEY_FILE is set, a new register is encrypted unless --no-encrypt is said."
    ),
)
def init(
    ctx: syntax.Context,
    encrypt: Annotated[
        bool | None,
        syntax.Option(
            "--encrypt/--no-encrypt", help=N_("Whether the file is encrypted; on a terminal asked.")
        ),
    ] = None,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    generate: Generate = False,
    recovery_note: RecoveryNote = None,
    policy: Annotated[
        str | None,
        syntax.Option(
            metavar="FILE",
            help=N_("Another club's policy file, which the register carries from then on."),
        ),
    ] = None,
) -> None:
    from soc_cli.operations import registers

    session: Session = ctx.obj
    registers.check_free(session.path)
    rules, own = _policy(policy)
    key_file = options.named(key_file, "--key-file")
    passphrase_file = options.named(passphrase_file, "--passphrase-file")
    named = bool(key_file or passphrase_file or generate)
    if encrypt is False and (named or recovery_note):
        raise WrongUse(_("--no-encrypt needs no key"))
    if encrypt is None:
        encrypt = named or bool(recovery_note or os.environ.get(passphrase.KEY_VARIABLE))
        if not encrypt and screen.can_ask():
            encrypt = ask.select(
                _("Encrypt the register, so that nobody can read a stolen or lost copy?"),
                [
                    (_("Yes, with a passphrase: without it nobody can open the register any more"), True),
                    (_("No: the whole disk is encrypted anyway"), False),
                ],
                "--encrypt",
                True,
            )  # fmt: skip
    if not encrypt:
        registers.make(session.path, rules, session.run(new=True), own=own)
    else:
        if not named:
            key_file = os.environ.get(passphrase.KEY_VARIABLE) or None
            if not key_file:
                passphrase_file = os.environ.get(passphrase.VARIABLE) or None
        run = session.run(new=True)
        chosen = _chosen(session, run, key_file, passphrase_file, generate, recovery_note)
        with chosen:
            registers.make(session.path, rules, run, key=chosen.key, own=own)
        chosen.tell()
    screen.say(_("A new register, which only you can read:"))
    screen.line(session.path)
    if not encrypt:
        screen.say(_("It is not encrypted: whoever gets the file can read it (“soc rekey” encrypts it)."))  # fmt: skip
    back.tell(session, "init")


def _policy(file: str | None) -> tuple[Policy, str]:
    """The policy of a new register, and the text of its file where it is the club's own."""
    from soc_cli.policy import form

    if file is None:
        return form.packaged(), ""
    from soc_cli.formats import files
    from soc_cli.policy import club

    text = files.text(file)
    return club.read(text), text


@app.command(
    "rekey",
    help=N_("Give the register another key, or encrypt a plain one (S1)."),
    epilog=N_(
        "The register is written anew with the new key, verified, and put in the old one's place in one step. Backups that"
        " were made before keep the key that they had."
    ),
)
def rekey(
    ctx: syntax.Context,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    generate: Generate = False,
    recovery_note: RecoveryNote = None,
    decrypt: Annotated[
        bool, syntax.Option("--decrypt", help=N_("Take the key away: the register is plain then."))
    ] = False,
    yes: options.Yes = False,
) -> None:
    from soc_cli.operations import registers

    session: Session = ctx.obj
    run = session.run()
    was_encrypted = registers.is_encrypted(session.path)
    key_file = options.named(key_file, "--key-file")
    passphrase_file = options.named(passphrase_file, "--passphrase-file")
    if decrypt:
        if key_file or passphrase_file or generate or recovery_note:
            raise WrongUse(_("--decrypt takes the key away, and needs no new one"))
        if not was_encrypted:
            raise WrongUse(_("the register is not encrypted"))
        ask.confirm(_("Write everybody's data unencrypted onto this disk?"), yes)
        progress.doing(_("Writing the register anew …"))
        before = registers.change_key(session.path, session.policy, run, None)
        screen.say(_("The register is not encrypted any more."))
    else:
        for file in (key_file, recovery_note):
            if file and file != "-":
                session.will_write(Path(file).parent)
        chosen = _chosen(session, run, key_file, passphrase_file, generate, recovery_note)
        with chosen:
            progress.doing(_("Writing the register anew …"))
            before = registers.change_key(session.path, session.policy, run, chosen.key)
        chosen.tell()
        screen.say(_("The register opens with the new key only."))
    _tell_backups(before, was_encrypted)
    back.tell(session, "rekey")


def _tell_backups(before: list[Path], encrypted: bool) -> None:
    if not before:
        return
    n = len(before)
    told = (
        ngettext(
            "{n} backup keeps the key that it had; keep that key as long as the backup:",
            "{n} backups keep the key that they had; keep that key as long as the backups:",
            n,
        )
        if encrypted
        else ngettext(
            "{n} backup was made before and may not be encrypted:",
            "{n} backups were made before and may not be encrypted:",
            n,
        )
    )
    screen.say(told.format(n=n), *(f"  {path}" for path in before))
    screen.say(_("Make a new one (“soc backup”), and delete those that are not needed any more."))


@dataclass
class _Chosen:
    """A new key that is about to be used, with its note and file, which go again where the key is not."""

    register: Path
    key: Key
    opened_by: str
    strength: str | None
    note: str | None = field(repr=False)
    file: "NewFile | None"
    shown: bool
    key_file: tuple[Path, RawKey] | None = field(repr=False)
    """A key file that is to be made."""
    made: bool = False

    def __enter__(self) -> None:
        from soc_cli.store import keyfile

        try:
            if self.file is not None:  # before the key: it may hold the only copy
                self.file.claim()
            elif self.shown and self.note is not None:
                screen.hand_over(self.note)
            if self.key_file is not None:
                keyfile.write(*self.key_file)
                self.made = True
        except BaseException:
            self._take_back()
            raise

    def __exit__(self, kind: type[BaseException] | None, *_exc: object) -> None:
        from soc_cli.operations import registers

        if kind is not None and registers.opens_with(self.register, self.key):
            self.tell()  # cut short when all was done: the key must not be lost
        elif kind is not None:
            self._take_back()
            if self.shown:
                screen.say(_("The key was not changed: the note above opens nothing."))
        if self.file is not None:
            self.file.discard()

    def _take_back(self) -> None:
        """Removes the note, and the key file if it was made for this."""
        if self.file is not None:
            self.file.take_back()
        if self.made and self.key_file is not None:
            self.key_file[0].unlink(missing_ok=True)

    def tell(self) -> None:
        """Says what opens the register from now on, and where the note is."""
        if self.strength is not None:
            screen.say(self.strength)
        if self.file is not None:
            screen.say(_("The recovery note, to be printed and then deleted: {path}").format(path=self.file.paths[0]))  # fmt: skip
        screen.say(self.opened_by)
        screen.say(
            _("Without its key nobody can open the register any more, and by the law that is a breach: keep the key where two people can find it.")
        )  # fmt: skip


def _chosen(
    session: Session,
    run: Run,
    key_file: str | None,
    passphrase_file: str | None,
    generate: bool,
    recovery_note: str | None,
) -> _Chosen:
    """The new key, of a file, made, or asked for; nothing of it is used or written yet."""
    from soc_cli.formats import files, recovery
    from soc_cli.model import strength
    from soc_cli.store import keyfile, maintenance

    if sum((bool(key_file), bool(passphrase_file), generate)) > 1:
        raise WrongUse(_("say one of {options}").format(options="--key-file --passphrase-file --generate"))  # fmt: skip
    if recovery_note == "":
        raise WrongUse(_("{option} names no file").format(option="--recovery-note"))
    for option, named in (("--key-file", key_file), ("--recovery-note", recovery_note)):
        if named is not None and Path(named).resolve() == session.path.resolve():
            raise WrongUse(_("{option} names the register itself").format(option=option))
    club = session.policy.club
    words = (club.name.ja, club.name.en, club.number_prefix, session.path.stem)
    new, told = None, None
    secret: Secret
    if key_file:
        secret, made = keyfile.read_or_new(Path(key_file))
        new = (Path(key_file), secret) if made else None
        opened_by = _("It opens by the key file: set {variable}={path}").format(
            variable=passphrase.KEY_VARIABLE, path=Path(key_file).absolute()
        )
    else:
        if not (passphrase_file or generate):
            generate = _asked_whether_to_make()
        secret = _new_passphrase(passphrase_file, generate, words)
        told = strength.told(secret.text, words)
        opened_by = _("It opens by the passphrase, which is asked for, or read from the file that {variable} names.").format(
            variable=passphrase.VARIABLE
        )  # fmt: skip
        if generate and recovery_note is None:
            if not screen.can_ask():
                raise WrongUse(
                    _("a passphrase that is made needs a note to stand in"),
                    _("say --recovery-note FILE, or - to print it here"),
                )
            recovery_note = "-"
    if recovery_note is None and screen.can_ask() and (new or not key_file):
        recovery_note = _asked_for_note()
    key = maintenance.new_key(secret)
    note = None
    if recovery_note is not None:
        about = recovery.Recovery(
            str(club.name), str(session.path.absolute()),
            output.for_person("at", run.clock.now().isoformat()),
            key.fingerprint(), key_file,
            secret.text if generate and isinstance(secret, Passphrase) else None,
            new[1].raw.hex() if new else None,
        )  # fmt: skip
        note = recovery.note(about)
    file = None
    if note is not None and recovery_note != "-":
        assert recovery_note is not None
        file = files.prepare(Path(recovery_note), note.encode())
    return _Chosen(session.path, key, opened_by, told, note, file, recovery_note == "-", new)


def _asked_whether_to_make() -> bool:
    if not screen.can_ask():
        raise WrongUse(
            _("there is no terminal to ask for the new passphrase on"),
            _("say --passphrase-file, --key-file or --generate"),
        )
    return ask.select(
        _("Which passphrase?"),
        [
            (_("One that is made for me, strong and easy to type: I write it down"), True),
            (_("One that I choose myself"), False),
        ],
        "--generate",
        True,
    )


def _asked_for_note() -> str | None:
    said = ask.text(
        _("Write a recovery note to print, into this file (empty: none):"), lambda _text: None,
        "--recovery-note", "recovery-note.txt",
    ).strip()  # fmt: skip
    return said or None


def _new_passphrase(file: str | None, generate: bool, words: tuple[str, ...]) -> Passphrase:
    from soc_cli.model import strength

    if generate:
        return Passphrase(strength.generated())
    if file:
        found = passphrase.from_private_file(file)
    else:
        found = Passphrase.of(
            ask.secret(
                _("New passphrase of the register:"),
                lambda said: strength.check(Passphrase.of(said).text, words),
            )
        )
    strength.check(found.text, words)
    return found
