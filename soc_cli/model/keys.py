"""Keys of an encrypted register: a passphrase that people remember, or a raw key in a file."""

import re
import unicodedata

from soc_cli.model.frozen import frozen

ROUNDS = 256_000
"""Rounds of PBKDF2-HMAC-SHA512 between a passphrase and its key: those of SQLCipher 4, so that any
program with SQLCipher 4 opens the register by its passphrase."""
KEY_BYTES = 32
SALT_BYTES = 16


@frozen
class Passphrase:
    """A passphrase, folded (NFKC), so that it can be typed again on another keyboard."""

    text: str

    def __repr__(self) -> str:
        return "Passphrase(…)"  # never what it is

    @classmethod
    def of(cls, said: str) -> "Passphrase":
        """The passphrase as it was typed or read."""
        return cls(folded(said))

    def key(self, salt: bytes) -> bytes:
        """The key of the file with this salt; takes a tenth of a second, on purpose."""
        import hashlib

        return hashlib.pbkdf2_hmac("sha512", self.text.encode(), salt, ROUNDS, KEY_BYTES)


@frozen
class RawKey:
    """A key of 32 random bytes, for which nothing is derived."""

    raw: bytes

    def __repr__(self) -> str:
        return "RawKey(…)"

    def key(self, salt: bytes) -> bytes:  # noqa: ARG002 (as of a passphrase)
        """The key of any file."""
        return self.raw


Secret = Passphrase | RawKey
"""What opens encrypted registers."""


@frozen
class Key:
    """The key of one file, with the salt that stands at its beginning."""

    raw: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "Key(…)"

    @classmethod
    def of(cls, secret: Secret, salt: bytes) -> "Key":
        """What a secret gives for the file with this salt."""
        return cls(secret.key(salt), salt)

    def spec(self) -> str:
        """The key as SQLCipher takes it without deriving anything."""
        return f"x'{self.raw.hex()}{self.salt.hex()}'"

    def fingerprint(self) -> str:
        """Eight hexadecimal digits that tell this key from others, and do not help to find it."""
        import hashlib

        return hashlib.sha256(b"soc: fingerprint of a key\0" + self.raw + self.salt).hexdigest()[:8]


def folded(said: str) -> str:
    """A passphrase in the one form in which it is used."""
    return unicodedata.normalize("NFKC", said)


def raw_key(text: str) -> RawKey | None:
    """The key that a key file holds: 64 hexadecimal digits, be they in groups; else None."""
    digits = "".join(text.split())
    return RawKey(bytes.fromhex(digits)) if re.fullmatch("[0-9A-Fa-f]{64}", digits) else None
