"""What is said of a leak, a loss or a damage, and which of the four triggers it meets (Enforcement Rules 7)."""

from datetime import date

from soc_cli.model.frozen import frozen

SENSITIVE, MONEY, DISHONEST, MANY = "sensitive", "money", "dishonest", "many"
TRIGGERS = (SENSITIVE, MONEY, DISHONEST, MANY)
"""Items (i) to (iv) of Enforcement Rules 7, in their order."""

ITEMS = (
    "outline", "items", "persons", "cause", "harm", "response", "publication", "prevention", "other",
)  # fmt: skip
"""Items (i) to (ix) of Enforcement Rules 8(1), in their order."""

REGISTER, FILE, MEMBERS = "register", "file", "members"
KINDS = (REGISTER, FILE, MEMBERS)
"""What may get into wrong hands or lost: the whole register, a file that it wrote, some members' data."""


@frozen
class Incident:
    """What is known of a breach, as far as the law asks for it."""

    known_on: date
    """The day on which the club came to know of it."""
    sensitive: bool = False
    """Data that need special care (Act art. 2(3)) are among it: health, creed, a crime suffered."""
    money: bool = False
    """Its misuse may cost somebody money: a card number in an inquiry, say."""
    suspected: bool = False
    """A dishonest act is suspected: a theft, an intrusion."""
    encrypted: bool = False
    """Strongly encrypted, and the key safe."""
    key_lost: bool = False
    """The key is lost and nothing else holds the same data: they are damaged."""


def triggers(incident: Incident, at_most: int | None, more_than: int) -> tuple[str, ...]:
    """The triggers that it meets; none where it was encrypted and the key is safe.

    `at_most` is how many persons it may concern, None where nobody can tell: as many as need be.
    Whoever has lost the key has not leaked the data, but damaged them, which the triggers hold for too.
    """
    if incident.encrypted and not incident.key_lost:
        return ()
    met = {
        SENSITIVE: incident.sensitive,
        MONEY: incident.money,
        DISHONEST: incident.suspected,
        MANY: at_most is None or at_most > more_than,
    }
    return tuple(trigger for trigger in TRIGGERS if met[trigger])
