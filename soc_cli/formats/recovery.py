"""The recovery note: what is printed and locked away, so that a lost key does not lose the register."""

from dataclasses import dataclass, field

from soc_cli.model.language import _
from soc_cli.model.text import visible

LINE = "_" * 60


@dataclass(frozen=True)
class Recovery:
    """Of which register and day; how it opens; the secret itself only where the program has made it."""

    club: str
    register: str
    day: str
    fingerprint: str
    key_file: str | None
    passphrase: str | None = field(default=None, repr=False)
    raw_key: str | None = field(default=None, repr=False)


def note(about: Recovery) -> str:
    """The note as text, to be printed."""
    if about.key_file is not None:
        opened = [_("Opened by the key file: {path}").format(path=about.key_file)]
        if about.raw_key is not None:
            groups = [about.raw_key[at : at + 8] for at in range(0, len(about.raw_key), 8)]
            opened += [
                _("The key in it:"),
                "    " + " ".join(groups[:4]),
                "    " + " ".join(groups[4:]),
                _("Lost, a text file with these 64 digits is the key file again."),
            ]
    else:
        written = about.passphrase or LINE
        opened = [_("Passphrase:"), "", f"    {written}", ""]
        if about.passphrase is None:
            opened.append(_("(Write it here by hand, after printing.)"))
    lines = [
        _("RECOVERY NOTE"),
        "",
        about.club,
        _("Register: {path}").format(path=about.register),
        _("Date: {day}").format(day=about.day),
        _("Fingerprint of the key: {fingerprint}").format(fingerprint=about.fingerprint),
        _("(“soc handover” shows the same one while this key opens the register.)"),
        "",
        *opened,
        _("Without this program, any other that knows SQLCipher 4 opens the register by it."),
        "",
        _("Print this, lock it away, and delete the file that it was printed from."),
        _("Keep it on paper, apart from the computer and from the backups; two people should know where."),
        _("Whoever has this note and the register, or a backup of it, can read everything."),
        _("Without the key nobody can open them any more, the makers of the program neither."),
        _(
            "By the law that is damage to personal data, a breach that may have to be reported (Act art. 26; Enforcement Rules 7), unless the same data is kept elsewhere."
        ),
    ]  # fmt: skip
    return "\n".join(map(visible, lines)) + "\n"
