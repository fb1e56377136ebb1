"""How an answer goes out: a table for a person, or one of the formats for programs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from soc_cli.commands.options import Form
from soc_cli.formats import listing
from soc_cli.model.fields import BY_KEY, NUMBER_LABEL
from soc_cli.model.language import N_, _
from soc_cli.policy import form as policy_form
from soc_cli.terminal import screen

_LABELS = {key: field.label for key, field in BY_KEY.items()} | {
    "number": N_("Number"),
    "age": N_("Age"),
    "status": N_("Status"),
    "left_on": N_("Left on"),
    "choices": N_("Choices"),
    "at": N_("When"),
    "operator": N_("Operator"),
    "purpose": N_("Purpose"),
    "command": N_("Command"),
    "act": N_("Act"),
    "categories": N_("Categories"),
    "members": N_("Members"),
    "outcome": N_("Outcome"),
    "clause": N_("Clause"),
    "says": N_("What the club says"),
    "does": N_("What the program does"),
    "read": N_("read"),
    "added": N_("added"),
    "updated": N_("updated"),
    "unchanged": N_("unchanged"),
    "skipped": N_("skipped"),
    "rejected": N_("rejected"),
    "dry_run": N_("dry run"),
    "encoding": N_("encoding"),
    "format": N_("format"),
    "title": N_("Title"),
    "date": N_("Day"),
    "time": N_("Time"),
    "place": N_("Place"),
    "capacity": N_("Capacity"),
    "deadline": N_("Deadline"),
    "deadline_time": N_("Until the minute"),
    "fee": N_("Fee"),
    "waiting": N_("Waiting list"),
    "guests": N_("Guests"),
    "guest": N_("Guest"),
    "guests_attended": N_("Guests who came"),
    "walk_ins": N_("Undeclared"),
    "kept": N_("Declared and came"),
    "rate": N_("Kept to it"),
    "declared": N_("Declared"),
    "attended": N_("Attended"),
    "absent": N_("Absent"),
    "companions": N_("Companions"),
    "member": N_("Member"),
    "declared_on": N_("Declared on"),
    "attendance": N_("Attendance"),
    "received_at": N_("Received"),
    "channel": N_("Channel"),
    "kind": N_("Kind"),
    "from_name": N_("From"),
    "from_contact": N_("Contact"),
    "subject": N_("Subject"),
    "body": N_("Text"),
    "due_on": N_("Due"),
    "answered_at": N_("Answered"),
    "replies": N_("Replies"),
    "recipient": N_("Recipient"),
    "recipient_address": N_("Recipient's address"),
    "recipient_representative": N_("Recipient's representative"),
    "items": N_("Items"),
    "how": N_("How"),
    "given_on": N_("Given on"),
    "withdrawn_on": N_("Withdrawn on"),
    "made_at": N_("Made"),
    "ground": N_("Ground"),
    "fields": N_("Grounds on record"),
    "corrected": N_("Fields"),
    "identity_check": N_("Identity checked"),
    "corrects": N_("Corrects"),
    "corrected_since": N_("Corrected since"),
    "correction": N_("What was wrong"),
    "corrected_on": N_("Corrected on"),
    "decided_by": N_("Decided by"),
    "disclosures": N_("Disclosures"),
    "file_sha256": N_("SHA-256 of the file"),
    "visible_to_member": N_("Shown to the member"),
    "not_shown_because": N_("Not shown because"),
    "keep_through": N_("Kept through"),
    "consent": N_("Consent"),
    "consent_given_on": N_("Consent given on"),
    "consent_how": N_("Consent given how"),
    "consent_purpose": N_("What the recipient uses it for"),
    "court": N_("Court"),
    "case_number": N_("Case number"),
    "document_date": N_("Document's day"),
    "served_original": N_("Original served"),
    "law": N_("Law"),
    "article": N_("Article"),
    "authority": N_("Public body"),
    "officer": N_("Officer"),
    "document_number": N_("Document's number"),
    "called_back": N_("Called back"),
    "violation": N_("What was broken"),
    "protects": N_("What is protected"),
    "whose": N_("Whose it is"),
    "danger": N_("Danger"),
    "urgency": N_("Urgency"),
    "why_no_consent": N_("Why no consent"),
    "page": N_("Page"),
    "service": N_("Service"),
    "action": N_("Action"),
    "environment": N_("Browser"),
    "ip": N_("IP address"),
    "cookie": N_("Cookie"),
    "sign_in": N_("Sign-in"),
    "linked_on": N_("Linked on"),
    "first": N_("First seen"),
    "last": N_("Last seen"),
    "visits": N_("Visits"),
    "hour": N_("Hour"),
    "members_visits": N_("of these, members'"),
    "link": N_("cookies and sign-ins"),
    "what": N_("What"),
    "reason": N_("Why"),
    "until": N_("Until"),
    "request": N_("Request"),
    "year": N_("Year"),
    "joined": N_("Joined"),
    "left": N_("Left"),
    "field": N_("Field"),
    "keep": N_("Kept record"),
    "becomes": N_("Becomes"),
    "merged_on": N_("Merged on"),
    "registration": N_("Registration"),
    "before": N_("Before the merge"),
    "declarations": N_("Declarations before the merge"),
    "rule": N_("Rule"),
    "refused_on": N_("Refused on"),
    "status_before": N_("Status before"),
    "readmitted_on": N_("Readmitted on"),
    "marks": N_("Known by"),
    "other": N_("Other"),
    "meeting": N_("No."),
    "inquiry_number": N_("No."),
    "method": N_("Method"),
    "filters": N_("Picked by"),
    "matching": N_("Matching"),
    "picked": N_("Picked"),
    "picked_at": N_("Picked on"),
    "seed": N_("Seed"),
    "token": N_("Token"),
    "group": N_("Group"),
    "part": N_("Part"),
    "figure": N_("Figure"),
    "value": N_("Value"),
    "inquiries": N_("Inquiries"),
    "answered": N_("Answers"),
    "median_days": N_("Median days"),
    "longest_days": N_("Longest days"),
    "overdue": N_("Overdue"),
    "age_band": N_("Age"),
    "prefecture": N_("Prefecture"),
    "interest": N_("Interest"),
    "device": N_("Device"),
    "survey_target": N_("places in surveys"),
    "country": N_("Country"),
    "country_information": N_("Information on the country"),
    "evidence_sha256": N_("SHA-256 of the evidence"),
    "label": N_("Label"),
    "notice_channel": N_("Sent by"),
    "necessary": N_("Why it was necessary"),
    "household": N_("In the household's letter"),
    "together_with": N_("Told together"),
    "recipients": N_("Told"),
    "body_sha256": N_("SHA-256 of the text"),
    "matched": N_("Meant"),
    "told": N_("Would be told"),
    "letters": N_("Letters"),
    "not_chosen": N_("Did not choose it"),
    "never_asked": N_("Never asked (whole club)"),
    "said_no": N_("Said no (whole club)"),
    "no_address": N_("Can't be reached"),
    "withdrawn": N_("Withdrawn"),
    "refused": N_("Refused"),
    "verified": N_("Verified"),
    "entry": N_("Entry of the journal"),
    "severity": N_("Severity"),
    "do": N_("What to do"),
    "period": N_("What has a period"),
    "years": N_("Years"),
    "count": N_("Past it"),
    "oldest": N_("Oldest"),
    "erased_on": N_("Erased on"),
    "erased": N_("What went"),
    "retained": N_("What stays"),
    "files": N_("Files to delete by hand"),
    "file": N_("File"),
    "hash": N_("Hash of the entry"),
    "path": N_("Path"),
    "instruction": N_("Instruction"),
    "verdict": N_("Verdict"),
    "commands": N_("Commands"),
    "tests": N_("Tests"),
    "change": N_("Change"),
    "after": N_("After"),
    "adopted_at": N_("In force from"),
    "notified_on": N_("Members told on"),
    "notified_how": N_("Members told how"),
    "sha256": N_("SHA-256 of the file"),
    "membership": N_("earlier memberships"),
    "declaration": N_("declarations (the counts stay)"),
    "guest_name": N_("names of guests"),
    "inquiry": N_("inquiries"),
    "reply": N_("replies"),
    "usage": N_("usage history"),
    "identity": N_("Identity"),
    "ended": N_("Ended"),
    "refused_because": N_("Reason of the refusal"),
    "agent": N_("Agent"),
    "mandate": N_("Mandate"),
    "warn_on": N_("Urgent from"),
    "suit_from": N_("Suit possible from"),
    "days_left": N_("Days left"),
    "since": N_("Since"),
    "stopped": N_("stopped uses"),
    "told_apart": N_("told apart from others"),
    "refusal": N_("refusals"),
    "merged": N_("merges"),
    "notice_recipient": N_("notices (the counts stay)"),
    "written": N_("records of files"),
    "must_report": N_("Must be reported"),
    "triggers": N_("Because"),
    "laws": N_("Law"),
    "preliminary_from": N_("First report from"),
    "preliminary_by": N_("First report by"),
    "final_by": N_("Final report by"),
    "final_days": N_("Days for the final report"),
    "must_notify": N_("The persons must be told"),
    "known_on": N_("Known on"),
    "made_by": N_("Made by"),
    "made_with": N_("Made with"),
    "persons": N_("Persons"),
    "persons_at_most": N_("Persons at most"),
    "held": N_("On record"),
    "erased_since": N_("Erased since"),
    "outsiders": N_("Outsiders"),
    "in_ledger": N_("Named in the ledger"),
    "assumed": N_("Not said, so taken for no"),
    "report": N_("Report"),
    "notice": N_("Notice"),
    "journal_subject": N_("subjects of entries of the journal"),
}

_WORDS = {
    ("status", "active"): N_("active"),
    ("status", "withdrawn"): N_("withdrawn"),
    ("status_before", "active"): N_("active"),
    ("status_before", "withdrawn"): N_("withdrawn"),
    ("status", "refused"): N_("refused"),
    ("act", "read"): N_("seen"),
    ("act", "register"): N_("registered"),
    ("act", "import"): N_("taken in from a sheet"),
    ("act", "correct"): N_("corrected"),
    ("act", "erase"): N_("erased"),
    ("act", "tell-apart"): N_("told apart from another"),
    ("act", "withdraw"): N_("left the club"),
    ("act", "rejoin"): N_("joined again"),
    ("act", "take-back-withdrawal"): N_("leaving taken back"),
    ("act", "take-back-rejoining"): N_("joining again taken back"),
    ("act", "tell-together"): N_("not told apart from another any more"),
    ("act", "reinstate"): N_("meeting held after all"),
    ("act", "take-back-attendance"): N_("attendance taken back"),
    ("act", "reopen"): N_("inquiry not closed any more"),
    ("act", "verify"): N_("identity checked"),
    ("act", "merge"): N_("merged"),
    ("act", "unmerge"): N_("unmerged"),
    ("act", "refuse"): N_("refused"),
    ("act", "readmit"): N_("readmitted"),
    ("act", "recognise"): N_("somebody refused known again"),
    ("act", "new-mark-key"): N_("marks made anew"),
    ("act", "export"): N_("handed over"),
    ("act", "prefill"): N_("filled in for the member"),
    ("act", "init"): N_("register made"),
    ("act", "plan"): N_("meeting planned"),
    ("act", "cancel"): N_("meeting cancelled"),
    ("act", "replan"): N_("meeting changed"),
    ("act", "declare"): N_("declared"),
    ("act", "withdraw-declaration"): N_("declaration taken back"),
    ("act", "move-up"): N_("moved up from the waiting list"),
    ("act", "sheet"): N_("on a sheet at the door"),
    ("act", "erase-guest"): N_("guest's name erased"),
    ("act", "attend"): N_("presence recorded"),
    ("act", "absent"): N_("absence recorded"),
    ("act", "log"): N_("inquiry logged"),
    ("act", "reply"): N_("inquiry answered"),
    ("act", "close"): N_("inquiry closed"),
    ("act", "identify"): N_("whoever makes a request checked"),
    ("act", "link"): N_("inquiry linked to the member"),
    ("act", "unlink"): N_("inquiry unlinked from the member"),
    ("act", "carry-out"): N_("request to be deleted carried out"),
    ("act", "tell-records"): N_("told what was given to others"),
    ("act", "stop-use"): N_("use stopped"),
    ("act", "resume-use"): N_("use allowed again"),
    ("act", "consent"): N_("consent recorded"),
    ("act", "withdraw-consent"): N_("consent withdrawn"),
    ("act", "notify"): N_("told of a notice"),
    ("act", "take-back-notice"): N_("notice taken back"),
    ("act", "disclose"): N_("given to others"),
    ("act", "take-back"): N_("disclosure taken back"),
    ("act", "correct-disclosure"): N_("record of a disclosure corrected"),
    ("act", "erase-inquiry"): N_("inquiry erased"),
    ("act", "backup"): N_("backed up"),
    ("act", "restore"): N_("restored from a backup"),
    ("act", "sweep"): N_("swept after its period"),
    ("act", "thin-out"): N_("old backups deleted"),
    ("act", "check"): N_("looked after"),
    ("act", "import-log"): N_("taken in from an access log"),
    ("act", "link-visitor"): N_("cookie or sign-in linked"),
    ("act", "unlink-visitor"): N_("cookie or sign-in unlinked"),
    ("kind", "cookie"): N_("cookie"),
    ("kind", "sign-in"): N_("sign-in"),
    ("act", "select"): N_("targets of a survey picked"),
    ("act", "invite"): N_("invited to a survey"),
    ("act", "content"): N_("attributes for the website written"),
    ("act", "visitor-key"): N_("key of the website's tokens drawn"),
    ("act", "rekey"): N_("key changed"),
    ("act", "prove-backup"): N_("backup tried"),
    ("act", "handover"): N_("handover written"),
    ("act", "breach"): N_("breach looked into"),
    ("file", "breach"): N_("draft of the report of a breach"),
    ("severity", "error"): N_("error"),
    ("severity", "warning"): N_("warning"),
    ("severity", "note"): N_("note"),
    ("file", "export"): N_("own data handed over"),
    ("file", "prefill"): N_("form filled in for the member"),
    ("file", "nicknames"): N_("nicknames for the club's boards"),
    ("act", "adopt-policy"): N_("policy changed"),
    ("change", "added"): N_("new"),
    ("change", "removed"): N_("taken away"),
    ("change", "widened"): N_("widened"),
    ("change", "narrowed"): N_("narrowed"),
    ("change", "reworded"): N_("reworded"),
    ("change", "changed"): N_("changed"),
    ("what", "purpose"): N_("Purpose"),
    ("what", "field"): N_("Field"),
    ("what", "ground"): N_("Ground"),
    ("what", "period"): N_("What has a period"),
    ("what", "choice"): N_("Choices"),
    ("what", "clause"): N_("Clause"),
    ("what", "club"): N_("Club"),
    ("members", "notify"): N_("must be told"),
    ("verdict", "free"): N_("free"),
    ("verdict", "taken"): N_("taken"),
    ("verdict", "reserved"): N_("reserved"),
    ("verdict", "alike"): N_("looks like another's"),
    ("file", "extract"): N_("extract of a disclosure"),
    ("file", "notice"): N_("notice to members"),
    ("file", "sheet"): N_("sheet at the door of a meeting"),
    ("file", "rejects"): N_("rows that an import did not take"),
    ("file", "letter"): N_("letter that answers an inquiry"),
    ("file", "backup"): N_("backup of the register"),
    ("notice_channel", "email"): N_("e-mail"),
    ("notice_channel", "post"): N_("post"),
    ("file", "invitation"): N_("invitation to a survey"),
    ("file", "content"): N_("attributes for the website"),
    ("device", "mobile"): N_("mobile"),
    ("device", "desktop"): N_("desktop"),
    ("outcome", "done"): N_("done"),
    ("outcome", "refused"): N_("refused by the policy"),
    ("outcome", "rejected"): N_("wrong data"),
    ("outcome", "dry-run"): N_("dry run"),
    ("ended", "done"): N_("done"),
    ("ended", "nothing-held"): N_("nothing held"),
    ("ended", "refused"): N_("not granted"),
    ("ended", "withdrawn"): N_("taken back"),
    ("identity", "checked"): N_("checked"),
    ("identity", "failed"): N_("check failed"),
    ("identity", "no-mandate"): N_("no mandate"),
    ("purpose", "upkeep"): N_("upkeep"),
    ("purpose", "disclosure"): N_("disclosure"),
    ("categories", "disclosure"): N_("disclosure"),
    ("sex", "male"): N_("male"),
    ("sex", "female"): N_("female"),
    ("sex", "other"): N_("other"),
    ("sex", "undisclosed"): N_("undisclosed"),
    ("status", "planned"): N_("planned"),
    ("status", "cancelled"): N_("cancelled"),
    ("status", "open"): N_("open"),
    ("status", "answered"): N_("answered"),
    ("status", "closed"): N_("closed"),
    ("attendance", "attended"): N_("came"),
    ("attendance", "absent"): N_("did not come"),
    ("kind", "question"): N_("question"),
    ("kind", "complaint"): N_("complaint"),
    ("kind", "view"): N_("to see one's data"),
    ("kind", "correct"): N_("to correct one's data"),
    ("kind", "delete"): N_("to delete one's data"),
    ("kind", "purposes"): N_("to be told the purposes"),
    ("kind", "stop-use"): N_("to stop the use"),
    ("kind", "third-party-records"): N_("records of disclosures"),
    ("kind", "other"): N_("something else"),
    ("kind", "order"): N_("court order"),
    ("kind", "inquiry"): N_("formal inquiry"),
    ("served_original", "yes"): N_("confirmed"),
    ("called_back", "yes"): N_("confirmed"),
    ("not_shown_because", "order"): N_("a court's order (Cabinet Order 5)"),
    ("not_shown_because", "inquiry"): N_("a public body's inquiry (Cabinet Order 5)"),
    ("protects", "life"): N_("life"),
    ("protects", "body"): N_("body"),
    ("protects", "property"): N_("property"),
    ("ground", "consent"): N_("consent"),
    ("ground", "authority"): N_("authority"),
    ("ground", "protection"): N_("protection"),
    ("ground", "danger"): N_("danger"),
}


def member_label(key: str) -> str:
    """The heading of a key of a member, whose number is the member number."""
    return _(NUMBER_LABEL) if key == "number" else label(key)


def label(key: str) -> str:
    """The heading of a key, in the language of the run."""
    return _(_LABELS[key]) if key in _LABELS else key


def for_person(key: str, value: object) -> str:
    """A value as a person reads it, in the language of the run."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        if "replied_at" not in value[0]:
            return _(", ").join(for_person(key, one) for one in value)
        return "\n".join(f"{for_person('at', one['replied_at'])} {one['body']}" for one in value)
    if isinstance(value, Mapping) and key in ("files", "retained"):
        told = {one: said for one, said in value.items() if one != "shared" and said is not None}
        return " ".join(
            for_person("file" if one == "kind" else one, said) for one, said in told.items()
        )
    if key in ("items", "fields", "corrected", "marks") and isinstance(value, list):
        return _(", ").join(map(label, value))
    if key == "filters" and isinstance(value, list):
        return _(", ").join(map(_filter, value))
    if key == "categories" and isinstance(value, list):
        known = policy_form.current().categories
        return _(", ").join(
            str(known[one].label) if one in known else for_person("categories", one)
            for one in value
        )
    if key == "refused_because":
        requests = policy_form.current().requests.values()
        says = (str(r.refusals[str(value)].says) for r in requests if value in r.refusals)
        return next(says, listing.flat(value))
    if key == "period" and value in policy_form.current().periods:
        return str(policy_form.current().periods[str(value)].label)
    if key == "purpose" and value in policy_form.current().purposes:
        return str(policy_form.current().purposes[str(value)].label)
    if key in (
        "at",
        "first",
        "last",
        "made_at",
        "picked_at",
        "received_at",
        "answered_at",
        "replied_at",
        "generated_at",
        "complete_from",
    ) and isinstance(value, str):
        return value[:16].replace("T", " ")
    if isinstance(value, Mapping):
        words = ((label(one), for_person(one, said)) for one, said in value.items())
        return _(", ").join(f"{key}: {said}" for key, said in words if said)
    if key in ("notice_email", "notice_post", "survey"):
        return _("not asked") if value is None else _("yes") if value else _("no")
    if key == "rate" and isinstance(value, float):
        return f"{value:.0%}"
    if key == "guest" and isinstance(value, int) and not isinstance(value, bool):
        from soc_cli.model import meeting

        return meeting.guest(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = listing.flat(value)
    return _(_WORDS[key, text]) if (key, text) in _WORDS else text


def days_until(day: str, today: date) -> int:
    """The days from today to a day; less than none when it is past."""
    return (date.fromisoformat(day) - today).days


def _filter(text: str) -> str:
    """A filter of a survey in words: `sex female` as 性別 女."""
    field, _blank, said = text.partition(" ")
    words = _(", ").join(for_person(field, one) for one in said.split(","))
    return f"{label(field)} {words}"


def chosen(form: Form | None, json: bool) -> Form:
    """The format of an answer: as asked for, else a table on a terminal and lines in a pipe."""
    if json:
        return Form.json
    return form or (Form.table if screen.is_terminal() else Form.lines)


def rows(
    columns: Sequence[str],
    answer: Iterable[Mapping[str, object]],
    form: Form | None,
    json: bool,
    headed: Callable[[str], str] = label,
) -> None:
    """Shows rows: a table with headings, or a format for programs."""
    kind = chosen(form, json)
    if kind is Form.table:
        from soc_cli.terminal import tables

        tables.show(
            [headed(c) for c in columns],
            ([for_person(c, row[c]) for c in columns] for row in answer),
        )
    else:
        screen.answer(listing.WRITERS[kind](columns, answer))


def thing(
    columns: Sequence[str],
    answer: Mapping[str, object],
    form: Form | None,
    json: bool,
    headed: Callable[[str], str] = label,
) -> None:
    """Shows one thing: a heading and its value a line; in JSON an object."""
    kind = chosen(form, json)
    if kind is not Form.json:  # which alone writes an iterator element by element
        answer = {k: list(v) if isinstance(v, Iterator) else v for k, v in answer.items()}
    if kind is Form.table:
        from soc_cli.terminal import tables

        tables.show_pairs((headed(c), for_person(c, answer[c])) for c in columns)
    elif kind is Form.json:
        screen.answer(listing.json_thing(answer))
    elif kind is Form.lines:
        screen.answer(
            listing.as_lines(("key", "value"), ({"key": c, "value": answer[c]} for c in columns))
        )
    else:
        screen.answer(listing.WRITERS[kind](columns, [answer]))
