"""The register of a car owners' club, in which the club's privacy policy is the program."""

__version__ = "0.1.0"
