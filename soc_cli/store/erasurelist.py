"""The erasure list: beside a register and its backups, who was erased, so that no backup brings them back.

A text file named as the register with `.erased` after it, JSON lines in UTF-8. The first line is

    {"format": "soc-erased/1", "register": "<hash>", "at": "<moment>", "highest": {"member": 120, "inquiry": 7, "guest": 3},
     "erased": 1, "sha256": "<of the lines below>"}

and each further one a number that was erased, with the day: `{"member": 5, "on": "2026-11-22"}`, or
`{"inquiry": 3, "on": …}` for an outsider's, `{"guest": 2, "on": …}` for the name of a meeting's guest. There is nothing else in it, and nothing personal: who
bore a number is said nowhere.

`register` is the hash of the first entry of the journal, which is random (the entry is salted), in
every copy of a register the same, and in no two registers. `highest` are the highest numbers ever
given, so that none is given again; the list is written at each erasure and backup, so it does not
know of numbers that were given after the last of these, nor of an erasure at which it could not be
reached (`at` says as of when it knows).
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from soc_cli.model import newfile
from soc_cli.model.digest import sha256
from soc_cli.model.errors import Failed, NotFound, WrongData
from soc_cli.model.frozen import frozen, replace
from soc_cli.model.language import _
from soc_cli.store.driver import Connection

FORMAT = "soc-erased/1"
MEMBER, INQUIRY, GUEST = "member", "inquiry", "guest"
KINDS: Mapping[str, str] = {MEMBER: "erased", INQUIRY: "erased_inquiry", GUEST: "erased_guest"}
"""What has a number and can be erased, and the table that keeps its numbers."""


@frozen
class ErasureList:
    """What was erased from one register, as of a moment: the days by kind and number."""

    register: str
    at: str
    highest: Mapping[str, int]
    erased: Mapping[tuple[str, int], str]

    def joined(self, other: "ErasureList") -> "ErasureList":
        """What either of two lists of one register knows."""
        return replace(
            self,
            at=max(self.at, other.at),
            highest={kind: max(self.highest[kind], other.highest[kind]) for kind in KINDS},
            erased={**other.erased, **self.erased},
        )

    def text(self) -> str:
        """The file."""
        lines = [{kind: number, "on": day} for (kind, number), day in sorted(self.erased.items())]
        told = "".join(json.dumps(line) + "\n" for line in lines)
        head = {
            "format": FORMAT,
            "register": self.register,
            "at": self.at,
            "highest": self.highest,
            "erased": len(lines),
            "sha256": _sha256(told),
        }
        return json.dumps(head) + "\n" + told


def beside(path: Path) -> Path:
    """Where the list of the register or backup at `path` is."""
    return path.with_name(path.name + newfile.ERASED)


def register_id(con: Connection) -> str:
    """What tells a register, and each copy of it, from every other."""
    row = con.execute("select hash from journal where number = 1").fetchone()
    return str(row["hash"]) if row else ""


def of_register(con: Connection, at: str) -> ErasureList:
    """The list as the register itself knows it."""
    erased = {
        (kind, row["id"]): str(row["erased_on"])
        for kind, table in KINDS.items()
        for row in con.execute(f"select id, erased_on from {table}")
    }
    given = {
        row["name"]: int(row["seq"])
        for row in con.execute(
            "select name, seq from sqlite_sequence where name in (?, ?, ?)", [*KINDS]
        )
    }
    return ErasureList(register_id(con), at, {kind: given.get(kind, 0) for kind in KINDS}, erased)


def read(path: Path) -> ErasureList:
    """The list in a file; raises NotFound, Failed, or WrongData for what is no such list."""
    try:
        first, _end, told = path.read_text("utf-8").partition("\n")
        head, lines = json.loads(first), [json.loads(line) for line in told.splitlines()]
        if (head["erased"], head["sha256"]) != (len(lines), _sha256(told)):
            raise ValueError("cut off or changed")
        # A list from before there were guests knows of none.
        highest = {
            kind: _number(
                head["highest"].get(kind, 0) if kind == GUEST else head["highest"][kind], 0
            )
            for kind in KINDS
        }
        erased: dict[tuple[str, int], str] = {}
        for line in lines:
            (kind,) = line.keys() - {"on"}
            if kind not in KINDS:
                raise ValueError(kind)
            erased[kind, _number(line[kind], 1)] = date.fromisoformat(line["on"]).isoformat()
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
        return ErasureList(str(head["register"]), str(head["at"]), highest, erased)
    except FileNotFoundError:
        raise NotFound(_("there is no file {path}").format(path=path)) from None
    except OSError as error:
        raise Failed(
            _("{path} can't be read ({reason})").format(path=path, reason=error.strerror)
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WrongData(_("{path} is no erasure list").format(path=path)) from None


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _number(said: object, least: int) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= 99_999_999:
        raise ValueError(said)
    return said


def write(path: Path, known: ErasureList) -> None:
    """Writes the list beside the register or backup at `path`, whole or not at all; raises OSError.

    What an older list there knows besides stays in it; one of another register, or one that can't be
    read, makes room.
    """
    place = beside(path)
    if place.is_symlink():
        raise OSError(0, _("it is a link"))
    try:
        older = read(place)
    except (NotFound, WrongData):
        older = known
    if older.register == known.register:
        known = known.joined(older)
    prepared = newfile.Prepared(place, [known.text().encode()])
    try:
        prepared.claim(force=True)
    except BaseException:
        prepared.discard()
        raise
