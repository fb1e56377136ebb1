"""What a club publishes on the data that it keeps: the five items of the Act's article 32(1)."""

from dataclasses import dataclass

from soc_cli.model.errors import Refused
from soc_cli.model.language import _
from soc_cli.policy.form import Policy

NEEDED = ("address", "representative", "requests", "complaints")
"""What the policy file must say of the club before it can be published."""


@dataclass(frozen=True)
class Item:
    """One item: its heading, its article, and what is said, as paragraphs and as a list of pairs."""

    heading: str
    article: str
    paragraphs: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def items(policy: Policy) -> list[Item]:
    """The five items, in the language of the run (Act art. 32(1), Cabinet Order 10).

    Raises Refused, with the keys of the policy file, where one of them can't be told.
    """
    club = policy.club
    missing = [f"club.{key}" for key in NEEDED if not getattr(club, key)]
    if missing:
        raise Refused(
            _("the policy file does not say what the Act has a club publish: {keys}").format(
                keys=", ".join(missing)
            ),
            _(
                "write the file with “soc policy file --to FILE”, fill them in, and adopt it with “soc policy change FILE”"
            ),
        )
    security = [c for c in policy.clauses.values() if c.part == "security"]
    return [
        Item(
            _("Who keeps the data"),
            _("Act art. 32(1)(i)"),
            pairs=(
                (_("Name of the club"), str(club.name)),
                (_("Address"), club.address),
                (_("Representative"), club.representative),
            ),
        ),
        Item(
            _("What all the data that are kept are used for"),
            _("Act art. 32(1)(ii)"),
            pairs=tuple(
                (purpose.clause, str(policy.clauses[purpose.clause].says))
                for purpose in policy.purposes.values()
            ),
        ),
        Item(
            _("How to ask"),
            _("Act art. 32(1)(iii)"),
            (
                _(
                    "You may ask to be told what your data are used for, to see them and the records of what was given to others, to have them corrected, added to or deleted, and to have their use or their giving to others stopped (Act art. 32(2), 33 to 35)."
                ),
                club.requests,
                _("Fee: {fee}").format(fee=club.fees) if club.fees else _("There is no fee."),
            ),
        ),
        Item(
            _("What is done for security"),
            _("Act art. 32(1)(iv), Cabinet Order 10(i)"),
            (*(str(c.says) for c in security), *(str(c.does) for c in security), *filter(None, [club.security])),
        ),
        Item(
            _("Where to complain"), _("Act art. 32(1)(iv), Cabinet Order 10(ii)"), (club.complaints,)
        ),
    ]  # fmt: skip
