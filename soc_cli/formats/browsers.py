"""What a browser says of itself, as families: which browser on which system, or which bot (C1)."""

from collections.abc import Callable
from functools import lru_cache

from soc_cli.model.text import visible

LONGEST = 512
"""Characters that are looked at: families stand at the beginning, and whoever writes more wants to harm."""
KNOWN = 8192
"""Answers that are remembered: most visits say one of few texts, and a look takes a third of a millisecond."""
UNKNOWN = "other"


def reader() -> Callable[[str], str | None]:
    """A function from the text of a User-Agent header to its families; None for an empty one.

    `Chrome / Windows`, `Googlebot (bot)`, or `other / other`. Versions are left out: they tell
    browsers apart that the club has no need to tell apart (C3).
    """
    from crawlerdetect import CrawlerDetect
    from ua_parser import parse

    crawler = CrawlerDetect()

    @lru_cache(KNOWN)
    def read(text: str) -> str | None:
        if text in ("", "-"):
            return None
        found = parse(text)
        browser = found.user_agent.family if found.user_agent else UNKNOWN
        device = found.device.family if found.device else ""
        if device == "Spider" or crawler.is_crawler(text):
            return visible(f"{browser} (bot)")
        system = found.os.family if found.os else UNKNOWN
        return visible(f"{browser} / {system}")

    return lambda text: read(text[:LONGEST])
