"""The handover to the next secretary, as text to be printed and gone through together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from soc_cli.model.language import _, ngettext
from soc_cli.model.text import visible

BLANK = "_" * 40


def text(told: Mapping[str, Any], for_person: Callable[[str, object], str]) -> str:
    """The page of a handover (`operations.handover.gathered`)."""
    return "\n".join(map(visible, _lines(told, for_person))) + "\n"


def _lines(told: Mapping[str, Any], for_person: Callable[[str, object], str]) -> Iterator[str]:
    def day(value: object) -> str:
        return for_person("at", value)

    yield _("HANDOVER OF THE REGISTER")
    yield ""
    yield f"{told['club']}  {day(told['written_at'])}"
    yield from _part(_("1. The register"))
    yield _("File: {path}").format(path=told["register"])
    yield from _key(told)
    yield from _part(_("2. The key of the refusal marks (P8)"))
    yield from _mark_key(told["mark_key"])
    yield from _part(_("3. The record of what was done"))
    yield _("Head: {head}").format(head=told["head"])
    yield _("Keep it outside, and compare: soc journal verify --head {head}").format(
        head=told["head"]
    )
    yield from _part(_("4. Backups and erasure lists"))
    yield from _backups(told, day)
    yield from _listed(_("Erasure lists, each to be kept with its file:"), told["erasure_lists"])
    yield from _part(_("5. What is past its period (“soc sweep”)"))
    yield from (
        _("{what}: {n} since {day}").format(what=one["what"], n=one["count"], day=one["since"])
        for one in told["overdue"]
    )
    if not told["overdue"]:
        yield _("Nothing.")
    yield from _listed(_("No period is set for:"), told["unset"])
    yield from _part(_("6. Requests and inquiries that wait for an answer (“soc inquiry list --open”)"))  # fmt: skip
    yield from (_request(one, for_person) for one in told["open_inquiries"])
    if not told["open_inquiries"]:
        yield _("None.")
    yield ""
    yield _("Handed over by: {line}").format(line=BLANK)
    yield _("Taken over by: {line}").format(line=BLANK)


def _request(one: Mapping[str, Any], for_person: Callable[[str, object], str]) -> str:
    told = _("{number}: {kind}, received {received}").format(
        number=one["number"],
        kind=for_person("kind", one["kind"]),
        received=for_person("at", one["received_at"]),
    )
    if one["due_on"] is None:
        return told
    return _("{told}, due {day}").format(told=told, day=one["due_on"])


def _part(title: str) -> tuple[str, str]:
    return ("", title)


def _key(told: Mapping[str, Any]) -> Iterator[str]:
    if not told["encrypted"]:
        yield _("It is not encrypted: whoever gets the file can read it (“soc rekey” encrypts it).")
        return
    if told["key"] is None:
        yield _("It is encrypted, and opens by a passphrase, which is not in this paper.")
    else:
        yield _("It is encrypted, and opens by the secret in this file: {path}").format(
            path=told["key"]
        )
    yield _("Fingerprint of the key: {fingerprint}").format(fingerprint=told["fingerprint"])
    yield _("Where its recovery note is: {line}").format(line=BLANK)
    yield _("When whoever hands over leaves, give it a new key: “soc rekey”.")


def _mark_key(key: Mapping[str, Any]) -> Iterator[str]:
    if not key["needed"]:
        yield _("None: nobody was refused so far, or the register is a sample.")
        return
    yield _("File: {path}").format(path=key["path"])
    if not key["there"]:
        yield _("It is not there, or is another register's: find its copy.")
    yield _("Where its copy is: {line}").format(line=BLANK)


def _backups(told: Mapping[str, Any], day: Callable[[object], str]) -> Iterator[str]:
    backups: Sequence[Mapping[str, Any]] = told["backups"]
    if not backups:
        yield _("There is no backup on record (“soc backup”).")
        return
    yield _("Last backup: {day}").format(day=day(told["last_backup"]))
    if told["last_proof"] is None:
        yield _(
            "No backup was ever restored to see whether it can be (“soc backup --verify FILE”)."
        )
    else:
        yield _("Last restored to see whether it can be: {day}").format(day=day(told["last_proof"]))
    yield ngettext("{n} backup on record:", "{n} backups on record:", len(backups)).format(
        n=len(backups)
    )
    for backup in backups:
        state = (
            _("out of reach")
            if not backup["there"]
            else _("encrypted")
            if backup["encrypted"]
            else _("not encrypted")
        )
        yield f"  {day(backup['at'])}  {backup['path']}  ({state})"


def _listed(title: str, values: Sequence[object]) -> Iterator[str]:
    if values:
        yield title
        yield from (f"  {value}" for value in values)
