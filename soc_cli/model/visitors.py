"""By which token the website knows a member's browser again, without the register naming its cookie (P1)."""

from functools import lru_cache


@lru_cache(maxsize=65536)
def token(key: str, cookie: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of a cookie, in hexadecimal, which the website computes from its own.

    `key` is a text that the register gives the website once. It is no secret between the two: it only
    keeps the tokens of two clubs apart, and a list of tokens from being looked up elsewhere.
    """
    import hmac

    return hmac.digest(key.encode(), cookie.encode("utf-8", "surrogateescape"), "sha256").hex()
