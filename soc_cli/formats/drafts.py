"""E-mails that are ready to be sent by somebody's own mail program, one file (.eml) each (RFC 5322)."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote

from soc_cli.model import pulse
from soc_cli.model.errors import WrongData
from soc_cli.model.language import _
from soc_cli.model.notice import Letter, filled
from soc_cli.model.text import visible

_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)


def drafts(
    letters: Sequence[Letter], sender: tuple[str, str], subject: str, body: str, at: datetime
) -> Mapping[str, bytes]:
    """A draft for each letter, by file name: the addressee's number, which tells nobody's name.

    `sender` is the name and the mailbox of the club. `X-Unsent` has Outlook open a draft, to be sent.
    """
    return {
        f"{letter.number}.eml": _draft(letter, sender, subject, body, at)
        for letter in pulse.each(letters)
    }


def _draft(letter: Letter, sender: tuple[str, str], subject: str, body: str, at: datetime) -> bytes:
    message = EmailMessage(SMTP)
    message["From"] = _mailbox(*sender)
    try:
        message["To"] = _mailbox(visible(letter.name), letter.email or "")
    except ValueError:  # only what came into the file by another way is no mailbox
        raise WrongData(
            _("the e-mail of {number} is none").format(number=letter.number),
            _("correct it: soc member edit {number}").format(number=letter.number),
        ) from None
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    # Neither who works nor on which machine, as the usual way of making one would tell.
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{_domain(sender[1])}>"
    message["X-Unsent"] = "1"
    message.set_content(filled(body, letter), charset="utf-8", cte="base64")
    return message.as_bytes()


def _mailbox(name: str, address: str) -> str:
    """A mailbox with its name; the local parts of old mobile phones, which broke the rule, are quoted."""
    local = address.rpartition("@")[0]
    written = local if _DOT_ATOM.fullmatch(local) else f'"{local}"'
    return f'"{quote(name)}" <{written}@{_domain(address)}>'


def _domain(address: str) -> str:
    """The domain in ASCII, as headers take it (RFC 5891)."""
    domain = address.rpartition("@")[2]
    return domain if domain.isascii() else domain.encode("idna").decode()
