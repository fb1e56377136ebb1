"""What an inquiry can be: its kinds, which of them are requests with a clock, and how a request ends."""

REQUESTS = ("view", "correct", "delete", "purposes", "stop-use", "third-party-records")
"""Requests under R1, and under the Act's articles 32, 33(5) and 35: each has a day to be answered by."""

KINDS = (
    "question", "complaint", "view", "correct", "delete", "purposes", "stop-use",
    "third-party-records", "other",
)  # fmt: skip

DONE, NOTHING_HELD, REFUSED, WITHDRAWN = "done", "nothing-held", "refused", "withdrawn"
OUTCOMES = (DONE, NOTHING_HELD, REFUSED)
"""How the club ends a request; `withdrawn` is when whoever made it takes it back."""

CHECKED, FAILED, NO_MANDATE = "checked", "failed", "no-mandate"
"""What came of checking who it is: the person, or an agent with the person's mandate."""
