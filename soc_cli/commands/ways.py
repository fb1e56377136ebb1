"""What takes each command that writes back, or what there is instead: read only when it is told."""

from collections.abc import Mapping

from soc_cli.model.frozen import frozen
from soc_cli.model.language import N_


@frozen
class Way:
    """How to take something back: by a command, or as a sentence says."""

    command: str = ""
    """What is typed after `soc`; its words in braces are filled in, or stand as they are called."""
    says: str = ""
    """Beside a command what is to be known of it; without one a whole sentence, on what there is instead."""


FILE = Way(
    says=N_(
        "To take it back, delete what was written; that it was written stays on record where it holds people's data."
    )
)
GONE = Way(
    says=N_(
        "It can't be taken back: what is erased is gone, and a backup restored with its list of the erased does not bring it back either."
    )
)

WAYS: Mapping[str, Way] = {
    "init": Way(says=N_("To take it back, delete the file: nothing is in it yet.")),
    "member add": Way("member erase {MEMBER}", N_("the number is not given again")),
    "member import": Way(
        says=N_(
            "It can't be taken back in one step: “soc journal list --last 1” names the members, “soc member erase” takes out who is new, and a backup made before has what stood there."
        )
    ),
    "member edit": Way(
        "member edit {MEMBER}",
        N_("it asks field by field; what stood there before is kept nowhere else"),
    ),
    "member choices": Way(
        "member choices {MEMBER} {OPTIONS}",
        N_("with what was chosen before; \"\" is “not asked”"),
    ),
    "member duplicates": Way("member duplicates --apart {MEMBER} {OTHER} --undo"),
    "member merge": Way("member unmerge {OTHER}", N_("until one of them is erased")),
    "member unmerge": Way("member merge {KEEP} {OTHER}", N_("it asks again where they differ")),
    "member withdraw": Way("member withdraw {MEMBER} --undo"),
    "member rejoin": Way("member rejoin {MEMBER} --undo"),
    "member refuse": Way(
        "member readmit --refusal {REFUSAL}", N_("that there was a refusal stays on record")
    ),
    "member refuse --key-lost": Way(
        says=N_("It can't be taken back: whoever was refused and then erased is not known again.")
    ),
    "member readmit": Way("member refuse {MEMBER}", N_("as a new refusal, with its reason")),
    "member readmit --refusal": Way(
        says=N_(
            "It can't be taken back: the marks of somebody erased are gone with the refusal."
        )
    ),
    "member erase": GONE,
    "meeting add": Way("meeting cancel {MEETING}", N_("it stays in the list, as cancelled")),
    "meeting edit": Way(
        "meeting edit {MEETING} {OPTIONS}", N_("whoever moved up keeps the place")
    ),
    "meeting declare": Way("meeting withdraw-declaration {MEETING} {WHO}"),
    "meeting withdraw-declaration": Way(
        "meeting declare {MEETING} {WHO}", N_("with --companions where there were; who waits waits last")
    ),
    "meeting attend": Way("meeting attend {MEETING} {WHO} --undo", N_("then nothing is known of their coming")),
    "meeting absent": Way("meeting absent {MEETING} {WHO} --undo", N_("then nothing is known of their coming")),
    "meeting import-attendance": Way(
        says=N_(
            "It can't be taken back in one step: “soc journal list --last 1” names the members, and --undo with “soc meeting attend” or “soc meeting absent” takes each back."
        )
    ),
    "meeting cancel": Way("meeting cancel {MEETING} --undo"),
    "meeting sheet": FILE,
    "meeting calendar": FILE,
    "meeting erase-guest": GONE,
    "inquiry log": Way("inquiry erase {INQUIRY}"),
    "inquiry log --member": Way(
        "inquiry close {INQUIRY}",
        N_("a member's inquiry stays, closed; where it is another member's, log it anew"),
    ),
    "inquiry import": Way(
        says=N_(
            "It can't be taken back in one step: “soc inquiry erase” takes out those of outsiders, “soc inquiry close” closes those of members."
        )
    ),
    "inquiry link": Way("inquiry unlink {INQUIRY}"),
    "inquiry unlink": Way("inquiry link {INQUIRY} {MEMBER}"),
    "inquiry identify": Way("inquiry identify {INQUIRY}", N_("with what is right: the last counts")),
    "inquiry reply": Way(
        says=N_(
            "It can't be taken back, as it may have been sent: a further answer puts it right (“soc inquiry reply {INQUIRY}”)."
        )
    ),
    "inquiry close": Way("inquiry close {INQUIRY} --undo"),
    "inquiry do": Way(
        says=N_(
            "A correction is put right by “soc member edit”, a stop by “soc inquiry resume”; what was handed over is deleted by hand, and an erasure can't be taken back."
        )
    ),
    "inquiry resume": Way(
        says=N_(
            "It can't be taken back: a new request stops the use again (“soc inquiry log --kind stop-use”)."
        )
    ),
    "inquiry erase": GONE,
    "usage import-log": Way(
        says=N_("It can't be taken back: only a backup made before is without these lines.")
    ),
    "usage import": Way(
        says=N_("It can't be taken back: only a backup made before is without these lines.")
    ),
    "usage link": Way("usage unlink {COOKIE}", N_("write the cookie there, or --sign-in and its name")),
    "usage unlink": Way("usage link {COOKIE} {MEMBER}", N_("write the cookie there, or --sign-in and its name")),
    "prefill": FILE,
    "nickname fill": FILE,
    "export": FILE,
    "consent give": Way("consent withdraw {CONSENT}", N_("it stays in the list, as withdrawn")),
    "consent withdraw": Way(
        says=N_(
            "It can't be taken back: where it was a mistake, record the consent anew (“soc consent give”)."
        )
    ),
    "consent import": Way(
        says=N_(
            "It can't be taken back in one step: “soc consent list” shows them, and “soc consent withdraw” takes each back."
        )
    ),
    "disclosure record": Way(
        says=N_(
            "It can't be taken back once the file is handed over; “soc disclosure correct {DISCLOSURE}” records anew what is wrong in the record."
        )
    ),
    "disclosure correct": Way(
        "disclosure correct {DISCLOSURE}", N_("with what is right: every record stays")
    ),
    "disclosure import": Way(
        says=N_(
            "It can't be taken back, as the law has the records kept; “soc disclosure correct” records one anew."
        )
    ),
    "notice prepare": Way(
        "notice take-back {NOTICE}", N_("as long as it was not sent; delete its file too")
    ),
    "notice take-back": Way(
        says=N_("It can't be taken back: prepare the notice anew (“soc notice prepare”).")
    ),
    "policy change": Way(
        "policy file --before --to before.toml",
        N_("then “soc policy change before.toml”; what was erased stays erased"),
    ),
    "policy file": FILE,
    "policy publish": FILE,
    "policy form": FILE,
    "survey select": Way(
        says=N_("It can't be taken back, but nobody is asked before “soc survey invite”.")
    ),
    "survey invite": FILE,
    "content export": FILE,
    "content key": Way(says=N_("It can't be taken back: the key is drawn once. Used by nobody, it tells nothing.")),
    "stats": FILE,
    "backup": Way("backup --gone {FILE}", N_("once the file is deleted")),
    "restore": Way(
        says=N_(
            "To take it back, delete the new register; one that it replaced is there no more, but for its own backups."
        )
    ),
    "breach": FILE,
    "rekey": Way("rekey", N_("gives it yet another key; --decrypt takes the key away")),
    "handover": FILE,
    "sweep": Way(says=N_("It can't be taken back: what was past its period is gone.")),
}  # fmt: skip
"""Every command that writes; where one has several ways, each after the option that leads to it."""
