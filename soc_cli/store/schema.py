"""The register's tables, as named steps that are only ever added to; each constraint's sentence."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soc_cli.model.language import N_
from soc_cli.policy.guard import Owner

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x534F4352
"""`SOCR` in the file's header: this SQLite file is a register."""

STEPS_TABLE = "_sqlite_migrations"

VACUUM_DUE = "vacuum_due"
"""The setting with the numbers of members whose values may still lie in free bytes of the file; it is
there, be it empty, while an erasure is not finished."""
TOLD = "told"
"""The setting with what the certificates of erasures tell that are not finished, as JSON."""

GIVEN_BACK = "given_back"
"""The setting with the number of the journal's newest entry when freed bytes were last given back."""

_DAY = "{0} is null or (length({0}) = 10 and date({0}) is {0})"


def _day(column: str) -> str:
    return _DAY.format(column)


def _run(db: "Database", script: str) -> None:
    """Runs a step's statements; each ends with a semicolon at the end of a line.

    The driver's `executescript` under sqlite-utils asks after every letter whether a statement is
    whole: with the steps of a new register that was a third of `soc init`.
    """
    for statement in re.split(r";[ \t]*$", script, flags=re.MULTILINE):
        if statement.strip():
            db.execute(statement)


def s0001_register(db: "Database") -> None:
    """The file's settings, the members, the numbers of the erased, and the journal."""
    _run(
        db,
        f"""
        create table register (
            key text primary key,
            value text not null
        ) strict, without rowid;

        create table member (
            id integer primary key autoincrement
                constraint member_number check (id between 1 and 99999999),
            status text not null default 'active'
                constraint member_status check (status in ('active', 'withdrawn', 'refused')),
            joined_on text constraint member_joined_on check ({_day("joined_on")}),
            left_on text constraint member_left_on check ({_day("left_on")}),
            name text not null constraint member_name check (length(name) between 1 and 100),
            kana text constraint member_kana check (kana <> ''),
            nickname text constraint member_nickname check (nickname <> ''),
            email text constraint member_email check (email like '%_@_%'),
            phone text constraint member_phone check (phone glob '[+0-9]*'),
            birth_date text constraint member_birth_date check ({_day("birth_date")}),
            sex text not null default 'undisclosed' constraint member_sex
                check (sex = 'male' or sex = 'female' or sex = 'other' or sex = 'undisclosed'),
            postal_code text constraint member_postal_code
                check (postal_code glob '[0-9][0-9][0-9]-[0-9][0-9][0-9][0-9]'),
            address text constraint member_address check (address <> ''),
            occupation text constraint member_occupation check (occupation <> ''),
            industry text constraint member_industry check (industry <> ''),
            interests text constraint member_interests check (interests <> ''),
            notice_email integer constraint member_notice_email check (notice_email in (0, 1)),
            notice_post integer constraint member_notice_post check (notice_post in (0, 1)),
            survey integer constraint member_survey check (survey in (0, 1)),
            name_key text not null,
            kana_key text,
            nickname_key text constraint member_one_nickname unique,
            email_key text,
            phone_key text,
            address_key text,
            constraint member_left_after_joining check (left_on >= joined_on),
            constraint member_joined_after_birth check (joined_on >= birth_date)
        ) strict;
        create index member_by_name on member (name_key);
        create index member_by_email on member (email_key) where email_key is not null;
        create index member_by_reading on member (coalesce(kana_key, name_key), id);

        create table erased (
            id integer primary key,
            erased_on text not null constraint erased_day check ({_day("erased_on")})
        ) strict;

        create table journal (
            number integer primary key autoincrement
                constraint journal_number check (number > 0),
            at text not null,
            operator text not null,
            purpose text not null,
            command text not null,
            act text not null,
            occasion text constraint journal_occasion
                check (occasion in ('registration', 'meeting', 'inquiry')),
            categories text not null,
            outcome text not null constraint journal_outcome
                check (outcome in ('done', 'refused', 'rejected', 'dry-run')),
            commitment text not null,
            hash text not null
        ) strict;
        create table journal_subject (
            number integer primary key references journal (number),
            salt text not null,
            members text not null,
            fields text not null,
            details text not null,
            shown integer not null constraint journal_shown check (shown in (0, 1)),
            member integer generated always as (
                case when members glob '[0-9]*' and members not glob '*[^0-9]*'
                then cast(members as integer) end
            ) virtual
        ) strict;
        create index journal_subject_by_member on journal_subject (member);
        """,
    )


def s0002_meetings_and_inquiries(db: "Database") -> None:
    """Offline meetings with their declarations, and inquiries with their replies."""
    _run(
        db,
        f"""
        create table meeting (
            id integer primary key autoincrement,
            title text not null constraint meeting_title check (length(title) between 1 and 200),
            date text not null constraint meeting_date check ({_day("date")}),
            time text constraint meeting_time check (time glob '[0-2][0-9]:[0-5][0-9]'),
            place text constraint meeting_place check (place <> ''),
            capacity integer constraint meeting_capacity check (capacity > 0),
            deadline text constraint meeting_deadline check ({_day("deadline")}),
            status text not null default 'planned'
                constraint meeting_status check (status in ('planned', 'cancelled'))
        ) strict;
        create table declaration (
            id integer primary key autoincrement,
            meeting_id integer not null constraint declaration_meeting references meeting (id),
            member_id integer constraint declaration_member
                references member (id) on delete set null,
            declared_on text constraint declaration_declared_on check ({_day("declared_on")}),
            attendance text constraint declaration_attendance
                check (attendance in ('attended', 'absent')),
            companions integer not null default 0
                constraint declaration_companions check (companions between 0 and 99),
            constraint declaration_once unique (meeting_id, member_id)
        ) strict;
        create index declaration_by_member on declaration (member_id);

        create table inquiry (
            id integer primary key autoincrement,
            received_at text not null,
            channel text constraint inquiry_channel check (channel <> ''),
            kind text not null constraint inquiry_kind check (kind in (
                'question', 'complaint', 'view', 'correct', 'delete', 'purposes', 'stop-use',
                'third-party-records', 'other')),
            member_id integer constraint inquiry_member references member (id) on delete cascade,
            from_name text constraint inquiry_from_name check (from_name <> ''),
            from_contact text constraint inquiry_from_contact check (from_contact <> ''),
            subject text constraint inquiry_subject check (subject <> ''),
            body text not null constraint inquiry_body check (length(body) > 0),
            status text not null default 'open'
                constraint inquiry_status check (status in ('open', 'answered', 'closed')),
            due_on text constraint inquiry_due_on check ({_day("due_on")}),
            answered_at text
        ) strict;
        create index inquiry_by_member on inquiry (member_id);
        create table reply (
            id integer primary key autoincrement,
            inquiry_id integer not null
                constraint reply_inquiry references inquiry (id) on delete cascade,
            replied_at text not null,
            operator text not null,
            body text not null constraint reply_body check (length(body) > 0)
        ) strict;
        create index reply_by_inquiry on reply (inquiry_id);
        """,
    )


def s0003_usage(db: "Database") -> None:
    """How the club's services are used (C1, C5), with the traces of the connection (K1)."""
    _run(
        db,
        """
        create table usage (
            id integer primary key autoincrement,
            member_id integer constraint usage_member references member (id) on delete cascade,
            at text not null,
            page text,
            method text,
            status integer,
            environment text,
            service text,
            action text,
            ip text,
            cookie text
        ) strict;
        create index usage_by_member on usage (member_id);
        """,
    )


def s0004_disclosures(db: "Database") -> None:
    """Consents (D1), and the ledger of what was given to others (D1 to D4).

    The ledger refers to members by number alone: it outlives them (policy, R1).
    """
    _run(
        db,
        f"""
        create table consent (
            id integer primary key autoincrement,
            member_id integer not null
                constraint consent_member references member (id) on delete cascade,
            recipient text not null constraint consent_recipient check (recipient <> ''),
            items text not null constraint consent_items check (items <> ''),
            how text not null constraint consent_how check (how <> ''),
            given_on text not null constraint consent_given_on check ({_day("given_on")}),
            evidence_sha256 text constraint consent_evidence check (length(evidence_sha256) = 64),
            country text constraint consent_country check (country <> ''),
            country_information text,
            identity_check text constraint consent_identity_check check (identity_check <> ''),
            withdrawn_on text constraint consent_withdrawn_on check ({_day("withdrawn_on")}),
            constraint consent_abroad_informed
                check (country is null or length(country_information) > 0),
            constraint consent_withdrawn_after_given check (withdrawn_on >= given_on)
        ) strict;
        create index consent_by_member on consent (member_id);

        create table disclosure (
            id integer primary key autoincrement,
            made_at text not null,
            ground text not null constraint disclosure_ground
                check (ground in ('consent', 'authority', 'protection', 'danger')),
            kind text constraint disclosure_kind
                check ((ground = 'authority') = (kind is not null) and kind in ('order', 'inquiry')),
            recipient text not null constraint disclosure_recipient check (recipient <> ''),
            recipient_address text not null
                constraint disclosure_recipient_address check (recipient_address <> ''),
            recipient_representative text not null
                constraint disclosure_recipient_representative
                check (recipient_representative <> ''),
            items text not null constraint disclosure_items check (items <> ''),
            fields text not null constraint disclosure_fields check (json_valid(fields)),
            file_sha256 text not null constraint disclosure_file check (length(file_sha256) = 64),
            visible_to_member integer not null
                constraint disclosure_visible check (visible_to_member in (0, 1)),
            not_shown_because text,
            keep_through text constraint disclosure_keep_through check ({_day("keep_through")}),
            constraint disclosure_consent_kept
                check ((ground = 'consent') = (keep_through is not null)),
            constraint disclosure_hidden_with_reason
                check (visible_to_member = 1 or length(not_shown_because) > 0)
        ) strict;
        create table disclosure_member (
            disclosure_id integer not null constraint disclosure_member_of
                references disclosure (id) on delete cascade,
            member_id integer not null,
            handle text not null,
            name text,
            primary key (disclosure_id, member_id)
        ) strict, without rowid;
        create index disclosure_by_member on disclosure_member (member_id);
        """,
    )


def s0005_members_quickly_checked(db: "Database") -> None:
    """The same checks of a member, written so that an insertion makes no list of what is allowed.

    A CHECK is no part of what is stored, so its text is changed in place (the procedure that SQLite's
    page on ALTER TABLE gives for this); `x in (…)` builds a table for each row, `x = … or …` does not.
    """
    one_of = {"status": ("'active'", "'withdrawn'", "'refused'")} | dict.fromkeys(
        ("notice_email", "notice_post", "survey"), ("0", "1")
    )
    version = db.execute("pragma schema_version").fetchone()[0]
    db.execute("pragma writable_schema = on")
    for column, allowed in one_of.items():
        db.execute(
            "update sqlite_master set sql = replace(sql, ?, ?) where type = 'table' and name = 'member'",
            (
                f"{column} in ({', '.join(allowed)})",
                " or ".join(f"{column} = {value}" for value in allowed),
            ),
        )
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = off")


def s0006_disclosures_without_a_file(db: "Database") -> None:
    """A record of what was given away before the register kept a file's hash: it has none.

    NOT NULL is no part of what is stored either: see the step before.
    """
    version = db.execute("pragma schema_version").fetchone()[0]
    db.execute("pragma writable_schema = on")
    db.execute(
        "update sqlite_master set sql = replace(sql, 'file_sha256 text not null', 'file_sha256 text')"
        " where type = 'table' and name = 'disclosure'"
    )
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = off")


def s0007_memberships(db: "Database") -> None:
    """The periods of membership that are over; the last one, or the current, stands with the member."""
    _run(
        db,
        f"""
        create table membership (
            id integer primary key autoincrement,
            member_id integer not null
                constraint membership_member references member (id) on delete cascade,
            joined_on text constraint membership_joined_on check ({_day("joined_on")}),
            left_on text not null constraint membership_left_on check ({_day("left_on")}),
            constraint membership_left_after_joining check (left_on >= joined_on)
        ) strict;
        create index membership_by_member on membership (member_id);
        """,
    )


def s0008_told_apart(db: "Database") -> None:
    """Pairs of members that look like one person and are two, so that nobody asks again."""
    _run(
        db,
        """
        create table told_apart (
            member_id integer not null
                constraint told_apart_member references member (id) on delete cascade,
            other_id integer not null
                constraint told_apart_other references member (id) on delete cascade,
            constraint told_apart_in_order check (member_id < other_id),
            primary key (member_id, other_id)
        ) strict, without rowid;
        create index told_apart_by_other on told_apart (other_id);
        """,
    )


def s0009_refusals(db: "Database") -> None:
    """Who is refused, under which rule and until when, and the marks by which they are known again (P8)."""
    _run(
        db,
        f"""
        create table refusal (
            id integer primary key autoincrement,
            member_id integer constraint refusal_member
                references member (id) on delete set null,
            rule text not null constraint refusal_rule check (rule <> ''),
            reason text constraint refusal_reason check (reason <> ''),
            status_before text not null constraint refusal_status_before
                check (status_before = 'active' or status_before = 'withdrawn'),
            refused_on text not null constraint refusal_refused_on check ({_day("refused_on")}),
            until text constraint refusal_until check ({_day("until")}),
            readmitted_on text constraint refusal_readmitted_on check ({_day("readmitted_on")}),
            constraint refusal_until_after_refused check (until >= refused_on),
            constraint refusal_readmitted_after_refused check (readmitted_on >= refused_on)
        ) strict;
        create index refusal_by_member on refusal (member_id);
        create table refusal_mark (
            refusal_id integer not null constraint refusal_mark_of
                references refusal (id) on delete cascade,
            kind text not null constraint refusal_mark_kind check (kind <> ''),
            mark text not null constraint refusal_mark_mark check (length(mark) = 64),
            primary key (refusal_id, kind, mark)
        ) strict, without rowid;
        create index refusal_mark_by_mark on refusal_mark (mark);
        """,
    )


def s0010_merged(db: "Database") -> None:
    """Members who were merged into another: their whole registration, and how to bring them back."""
    _run(
        db,
        f"""
        create table merged (
            id integer primary key autoincrement,
            other_id integer not null constraint merged_once unique,
            keep_id integer not null
                constraint merged_into references member (id) on delete cascade,
            merged_on text not null constraint merged_merged_on check ({_day("merged_on")}),
            registration text not null
                constraint merged_registration check (json_valid(registration)),
            undo text not null constraint merged_undo check (json_valid(undo)),
            constraint merged_two check (other_id <> keep_id)
        ) strict;
        create index merged_by_keep on merged (keep_id);
        """,
    )


def s0011_written_files(db: "Database") -> None:
    """The files that the program wrote with members in them, the backups, and the erased inquiries."""
    _run(
        db,
        f"""
        create table written (
            id integer primary key,
            at text not null,
            kind text not null constraint written_kind check (kind <> ''),
            path text not null constraint written_path check (path <> ''),
            members text not null,
            inquiry_id integer constraint written_inquiry
                references inquiry (id) on delete cascade,
            shown integer not null constraint written_shown check (shown in (0, 1)),
            member integer generated always as (
                case when members glob '[0-9]*' and members not glob '*[^0-9]*'
                then cast(members as integer) end
            ) virtual,
            constraint written_about_somebody check (members <> '' or inquiry_id is not null)
        ) strict;
        create index written_by_member on written (member);
        create index written_by_inquiry on written (inquiry_id);

        create table backup (
            id integer primary key,
            at text not null,
            path text not null constraint backup_path check (path <> '')
        ) strict;

        create table erased_inquiry (
            id integer primary key,
            erased_on text not null constraint erased_inquiry_day check ({_day("erased_on")})
        ) strict;
        """,
    )


def s0012_ledger(db: "Database") -> None:
    """What a consent was given for, and which record a newer one corrects.

    The older record may be gone before the newer one, so that nothing refers to it but its number.
    """
    db.execute(
        "alter table consent add column purpose text constraint consent_purpose check (purpose <> '')"
    )
    db.execute(
        "alter table disclosure add column corrects_id integer"
        " constraint disclosure_corrects check (corrects_id < id)"
    )


def s0013_meetings(db: "Database") -> None:
    """A meeting's fee, the minute of its deadline and its revisions; the waiting list; guests.

    A guest is no member, and nothing leads from one to a member: a number, the name given, and what was
    declared. A sheet with names on it is on record with its meeting, for the guests who stand there; a
    CHECK is no part of what is stored, so its text is changed in place (see `s0005`).
    """
    for column in (
        "fee text constraint meeting_fee check (fee <> '')",
        "deadline_time text constraint meeting_deadline_time check (deadline_time is null"
        " or (deadline_time glob '[0-2][0-9]:[0-5][0-9]' and deadline is not null))",
        "revision integer not null default 0 constraint meeting_revision check (revision >= 0)",
    ):
        db.execute(f"alter table meeting add column {column}")
    db.execute(
        "alter table declaration add column waiting integer"
        " constraint declaration_waiting check (waiting > 0)"
    )
    db.execute(
        "alter table written add column meeting_id integer"
        " constraint written_meeting references meeting (id)"
    )
    version = db.execute("pragma schema_version").fetchone()[0]
    db.execute("pragma writable_schema = on")
    db.execute(
        "update sqlite_master set sql = replace(sql, ' or inquiry_id is not null',"
        " ' or inquiry_id is not null or meeting_id is not null')"
        " where type = 'table' and name = 'written'"
    )
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = off")
    _run(
        db,
        f"""
        create table guest (
            id integer primary key autoincrement,
            meeting_id integer not null constraint guest_meeting references meeting (id),
            name text constraint guest_name check (length(name) between 1 and 100),
            declared_on text constraint guest_declared_on check ({_day("declared_on")}),
            attendance text constraint guest_attendance
                check (attendance = 'attended' or attendance = 'absent'),
            companions integer not null default 0
                constraint guest_companions check (companions between 0 and 99),
            waiting integer constraint guest_waiting check (waiting > 0)
        ) strict;
        create index guest_by_meeting on guest (meeting_id);

        create table erased_guest (
            id integer primary key,
            erased_on text not null constraint erased_guest_day check ({_day("erased_on")})
        ) strict;
        """,
    )


def s0014_inquiries(db: "Database") -> None:
    """A request as a case: who was checked and how, the agent, the end with its reason, the act that did it.

    And what a member has had stopped: a use that the store then does without (Act art. 35).
    """
    for column in (
        "identity text constraint inquiry_identity"
        " check (identity in ('checked', 'failed', 'no-mandate'))",
        "identity_check text constraint inquiry_identity_check check (identity_check <> '')",
        "agent text constraint inquiry_agent check (agent <> '')",
        "mandate text constraint inquiry_mandate check (mandate <> '')",
        "outcome text constraint inquiry_outcome"
        " check (outcome in ('done', 'nothing-held', 'refused', 'withdrawn'))",
        "reason text constraint inquiry_reason check ((outcome is 'refused') = (reason is not null))",
        "fee integer constraint inquiry_fee check (fee > 0)",
        "entry integer constraint inquiry_entry check (entry > 0)",
        f"linked_on text constraint inquiry_linked_on check ({_day('linked_on')})",
    ):
        db.execute(f"alter table inquiry add column {column}")
    _run(
        db,
        f"""
        create table stopped (
            id integer primary key autoincrement,
            member_id integer not null
                constraint stopped_member references member (id) on delete cascade,
            purpose text not null constraint stopped_purpose check (purpose <> ''),
            since text not null constraint stopped_since check ({_day("since")}),
            inquiry_id integer constraint stopped_inquiry
                references inquiry (id) on delete set null
        ) strict;
        create index stopped_by_member on stopped (member_id);
        create index stopped_by_purpose on stopped (purpose, member_id);
        create index stopped_by_inquiry on stopped (inquiry_id);
        """,
    )


def s0015_usage(db: "Database") -> None:
    """Visits that can come in again and again, and which cookies and sign-ins are whose (C5, K1)."""
    _run(
        db,
        f"""
        alter table usage add column sign_in text;
        alter table usage add column digest integer;
        alter table usage add column traced integer generated always as
            (ip is not null or cookie is not null or sign_in is not null) virtual;
        drop index usage_by_member;
        create index usage_by_member on usage (member_id, at) where member_id is not null;
        create index usage_by_time on usage (at, digest);
        create index usage_by_cookie on usage (cookie, at) where cookie is not null;
        create index usage_by_sign_in on usage (sign_in, at) where sign_in is not null;

        create table link (
            id integer primary key autoincrement,
            kind text not null constraint link_kind check (kind in ('cookie', 'sign-in')),
            token text not null constraint link_token check (token <> ''),
            member_id integer not null
                constraint link_member references member (id) on delete cascade,
            linked_on text not null constraint link_linked_on check ({_day("linked_on")}),
            constraint link_once unique (kind, token)
        ) strict;
        create index link_by_member on link (member_id);
        """,
    )


def s0016_notices(db: "Database") -> None:
    """Which notice was prepared when, and whom it told (P4).

    How many were told stays when some of them are erased; what it said goes with the last of them.
    """
    _run(
        db,
        """
        create table notice (
            id integer primary key autoincrement,
            at text not null,
            operator text not null,
            channel text not null constraint notice_channel
                check (channel = 'email' or channel = 'post'),
            subject text constraint notice_subject check (subject <> ''),
            reason text constraint notice_reason check (reason <> ''),
            body_sha256 text constraint notice_body check (length(body_sha256) = 64),
            told integer not null constraint notice_told check (told > 0)
        ) strict;
        create table notice_recipient (
            id integer primary key autoincrement,
            notice_id integer not null constraint notice_recipient_of
                references notice (id) on delete cascade,
            member_id integer not null constraint notice_recipient_member
                references member (id) on delete cascade,
            household integer not null default 0 constraint notice_recipient_household
                check (household = 0 or household = 1)
        ) strict;
        create index notice_recipient_by_notice on notice_recipient (notice_id);
        create index notice_recipient_by_member on notice_recipient (member_id);
        """,
    )


def s0017_surveys(db: "Database") -> None:
    """Surveys, and their targets: each a token, which only the invitation turns into a member (P2, P4)."""
    _run(
        db,
        """
        create table survey (
            id integer primary key autoincrement,
            made_at text not null,
            title text not null constraint survey_title check (length(title) between 1 and 200),
            filters text not null constraint survey_filters check (json_valid(filters)),
            matching integer not null,
            picked integer not null constraint survey_picked check (picked between 1 and matching),
            seed text constraint survey_seed check (seed <> '')
        ) strict;
        create table survey_target (
            id integer primary key autoincrement,
            survey_id integer not null
                constraint survey_target_of references survey (id) on delete cascade,
            member_id integer not null
                constraint survey_target_member references member (id) on delete cascade,
            token text not null constraint survey_target_one_token unique
                constraint survey_target_token check (length(token) >= 12)
        ) strict;
        create index survey_target_by_survey on survey_target (survey_id);
        create index survey_target_by_member on survey_target (member_id);
        """,
    )


def s0018_uses(db: "Database") -> None:
    """The policy files that a club carries of its own; the newest governs the register."""
    _run(
        db,
        f"""
        create table club_policy (
            id integer primary key autoincrement,
            adopted_at text not null,
            notified_on text constraint club_policy_notified_on check ({_day("notified_on")}),
            notified_how text constraint club_policy_notified_how check (notified_how <> ''),
            sha256 text not null constraint club_policy_sha256 check (length(sha256) = 64),
            file text not null constraint club_policy_file check (file <> '')
        ) strict;
        """,
    )


def s0019_begun(db: "Database") -> None:
    """The folders in which files are being written, so that what a killed program leaves there is found."""
    _run(
        db,
        """
        create table begun (
            id integer primary key,
            at text not null,
            folder text not null constraint begun_folder check (folder <> '')
        ) strict;
        """,
    )


STEPS: tuple[Callable[[Any], None], ...] = (
    s0001_register,
    s0002_meetings_and_inquiries,
    s0003_usage,
    s0004_disclosures,
    s0005_members_quickly_checked,
    s0006_disclosures_without_a_file,
    s0007_memberships,
    s0008_told_apart,
    s0009_refusals,
    s0010_merged,
    s0011_written_files,
    s0012_ledger,
    s0013_meetings,
    s0014_inquiries,
    s0015_usage,
    s0016_notices,
    s0017_surveys,
    s0018_uses,
    s0019_begun,
)
"""Append only: a step that was ever in a register is never edited, renamed or taken away."""

STEP_NAMES = tuple(step.__name__.removeprefix("s") for step in STEPS)

TABLES = (
    "register", "member", "erased", "journal", "journal_subject", "meeting", "declaration",
    "inquiry", "reply", "usage", "consent", "disclosure", "disclosure_member", "membership",
    "told_apart", "refusal", "refusal_mark", "merged", "written", "backup",
    "erased_inquiry", "stopped", "notice", "notice_recipient", "link", "survey", "survey_target", "guest", "erased_guest", "club_policy", "begun",
)  # fmt: skip

_OF_MEMBER = (
    "(member = {member} or member in (select other_id from main.merged where keep_id = {member})"
    " or (member is null and (soc_holds(members, {member}) or exists (select 1 from main.merged"
    " where keep_id = {member} and soc_holds(members, other_id)))))"
)
"""What names a member among others; whoever was merged into this member is the same person."""

OWNERS: Mapping[str, Owner] = {
    "member": Owner("id = {member}", {"member": ("id",)}),
    "declaration": Owner("member_id = {member}", {"declaration": ("member_id",)}),
    # A guest is no member: nothing of one is in anybody's own record.
    "guest": Owner("id = 0", {"guest": ("id",)}),
    "inquiry": Owner("member_id = {member}", {"inquiry": ("member_id",)}),
    "reply": Owner(
        "inquiry_id in (select id from main.inquiry where member_id = {member})",
        {"reply": ("inquiry_id",), "inquiry": ("id", "member_id")},
    ),
    "told_apart": Owner(
        "member_id = {member} or other_id = {member}", {"told_apart": ("member_id", "other_id")}
    ),
    "membership": Owner("member_id = {member}", {"membership": ("member_id",)}),
    "refusal": Owner("member_id = {member}", {"refusal": ("member_id",)}),
    "refusal_mark": Owner(
        "refusal_id in (select id from main.refusal where member_id = {member})",
        {"refusal_mark": ("refusal_id",), "refusal": ("id", "member_id")},
    ),
    "merged": Owner("keep_id = {member}", {"merged": ("keep_id",)}),
    "usage": Owner("member_id = {member}", {"usage": ("member_id",)}),
    "stopped": Owner("member_id = {member}", {"stopped": ("member_id",)}),
    "link": Owner("member_id = {member}", {"link": ("member_id",)}),
    "journal_subject": Owner(
        f"shown = 1 and {_OF_MEMBER}",
        {
            "journal_subject": ("members", "member", "shown"),
            "merged": ("keep_id", "other_id"),
        },
        ("soc_holds",),
    ),
    "written": Owner(
        f"shown = 1 and {_OF_MEMBER}",
        {"written": ("members", "member", "shown"), "merged": ("keep_id", "other_id")},
        ("soc_holds",),
    ),
    "notice": Owner(
        "id in (select notice_id from main.notice_recipient where member_id = {member})",
        {"notice": ("id",), "notice_recipient": ("notice_id", "member_id")},
    ),
    "notice_recipient": Owner("member_id = {member}", {"notice_recipient": ("member_id",)}),
    "consent": Owner("member_id = {member}", {"consent": ("member_id",)}),
    "survey_target": Owner("member_id = {member}", {"survey_target": ("member_id",)}),
    "disclosure": Owner(
        "visible_to_member = 1 and id in"
        " (select disclosure_id from main.disclosure_member where member_id = {member})",
        {
            "disclosure": ("id", "visible_to_member"),
            "disclosure_member": ("disclosure_id", "member_id"),
        },
    ),
    "disclosure_member": Owner(
        "member_id = {member} and exists"
        " (select 1 from main.disclosure where id = disclosure_id and visible_to_member = 1)",
        {
            "disclosure": ("id", "visible_to_member"),
            "disclosure_member": ("disclosure_id", "member_id"),
        },
    ),
}
"""Whose a row is; a test holds this against the foreign keys of the schema."""

SENTENCES: Mapping[str, str] = {
    "member.nickname_key": N_("this nickname is taken (withdrawn members keep theirs)"),
    "declaration.meeting_id, declaration.member_id": N_("this member has already declared"),
    "member.id": N_("this number is taken"),
    "told_apart.member_id, told_apart.other_id": N_("these two are told apart already"),
    "told_apart_in_order": N_("a pair is two members"),
    "refusal.id": N_("this number is taken"),
    "refusal_rule": N_("the rule is empty"),
    "refusal_reason": N_("the reason is empty"),
    "refusal_status_before": N_("whoever is refused was active or had left"),
    "refusal_refused_on": N_("the day of the refusal is no date"),
    "refusal_until": N_("the end of the refusal is no date"),
    "refusal_readmitted_on": N_("the day of the readmission is no date"),
    "refusal_until_after_refused": N_("the refusal ends before it begins"),
    "refusal_readmitted_after_refused": N_("readmitted before being refused"),
    "refusal_mark.refusal_id, refusal_mark.kind, refusal_mark.mark": N_(
        "this mark is there already"
    ),
    "refusal_mark_kind": N_("a mark is of some kind"),
    "refusal_mark_mark": N_("a mark has 64 digits"),
    "merged.id": N_("this number is taken"),
    "merged.other_id": N_("this member is merged already"),
    "merged_two": N_("a pair is two members"),
    "merged_merged_on": N_("the day of the merge is no date"),
    "merged_registration": N_("what is kept of a merged member is not JSON"),
    "merged_undo": N_("what is kept of a merged member is not JSON"),
    "notice.id": N_("this number is taken"),
    "notice_channel": N_("a notice goes by e-mail or by post"),
    "notice_subject": N_("the subject is empty"),
    "notice_reason": N_("the reason is empty"),
    "notice_body": N_("a file's SHA-256 has 64 digits"),
    "notice_told": N_("a notice tells somebody"),
    "notice_recipient.id": N_("this number is taken"),
    "notice_recipient_household": N_(
        "a member is told by a letter of their own or of the household"
    ),
    "backup.id": N_("this number is taken"),
    "backup_path": N_("a file has a path"),
    "begun.id": N_("this number is taken"),
    "begun_folder": N_("a folder has a path"),
    "membership.id": N_("this number is taken"),
    "membership_joined_on": N_("not a day of joining"),
    "membership_left_on": N_("not a day of leaving"),
    "membership_left_after_joining": N_("left before joining"),
    "register.key": N_("this setting is there already"),
    "erased.id": N_("this number is erased already"),
    "erased_inquiry.id": N_("this number is erased already"),
    "erased_inquiry_day": N_("the day of the erasure is no date"),
    "written.id": N_("this number is taken"),
    "written_kind": N_("a file is of a kind"),
    "written_path": N_("a file has a path"),
    "written_shown": N_("a file is shown to the members in it, or not"),
    "written_about_somebody": N_("a file is kept on record for somebody in it"),
    "journal.number": N_("this entry of the journal is there already"),
    "journal_subject.number": N_("this entry of the journal is there already"),
    "meeting.id": N_("this number is taken"),
    "declaration.id": N_("this number is taken"),
    "inquiry.id": N_("this number is taken"),
    "reply.id": N_("this number is taken"),
    "usage.id": N_("this number is taken"),
    "link.id": N_("this number is taken"),
    "link.kind, link.token": N_("this cookie or sign-in is linked already"),
    "link_kind": N_("a link is of a cookie or of a sign-in"),
    "link_token": N_("the cookie or sign-in is empty"),
    "link_linked_on": N_("the day of the link is no date"),
    "member_number": N_("a member number has at most eight digits"),
    "member_status": N_("a member is active, withdrawn or refused"),
    "member_joined_on": N_("the day of joining is no date"),
    "member_left_on": N_("the day of leaving is no date"),
    "member_name": N_("a member has a name of 1 to 100 characters"),
    "member_kana": N_("the reading is empty"),
    "member_nickname": N_("the nickname is empty"),
    "member_email": N_("not an e-mail address"),
    "member_phone": N_("not a phone number"),
    "member_birth_date": N_("the birth date is no date"),
    "member_sex": N_("not a sex the register knows"),
    "member_postal_code": N_("not a postal code"),
    "member_address": N_("the address is empty"),
    "member_occupation": N_("the occupation is empty"),
    "member_industry": N_("the industry is empty"),
    "member_interests": N_("the interests are empty"),
    "member_notice_email": N_("not yes or no"),
    "member_notice_post": N_("not yes or no"),
    "member_survey": N_("not yes or no"),
    "member_left_after_joining": N_("left before joined"),
    "member_joined_after_birth": N_("joined before being born"),
    "erased_day": N_("the day of the erasure is no date"),
    "journal_number": N_("entries of the journal are counted from 1"),
    "journal_occasion": N_("an occasion is registration, meeting or inquiry"),
    "journal_shown": N_("an entry is shown to the members it is about, or not"),
    "journal_outcome": N_("an outcome is done, refused, rejected or dry-run"),
    "meeting_title": N_("a meeting has a title of 1 to 200 characters"),
    "meeting_date": N_("the day of the meeting is no date"),
    "meeting_time": N_("not a time of day"),
    "meeting_place": N_("the place is empty"),
    "meeting_capacity": N_("the capacity is a number of people, 1 or more"),
    "meeting_deadline": N_("the deadline is no date"),
    "meeting_status": N_("a meeting is planned or cancelled"),
    "declaration_declared_on": N_("the day of the declaration is no date"),
    "declaration_attendance": N_("attendance is attended or absent"),
    "declaration_companions": N_("companions are a number from 0 to 99"),
    "declaration_waiting": N_("places in the waiting list are counted from 1"),
    "meeting_fee": N_("the fee is empty"),
    "meeting_deadline_time": N_("the time of the deadline is no time of day, or has no day"),
    "meeting_revision": N_("revisions are counted from 0"),
    "guest.id": N_("this number is taken"),
    "guest_name": N_("a guest has a name of 1 to 100 characters"),
    "guest_declared_on": N_("the day of the declaration is no date"),
    "guest_attendance": N_("attendance is attended or absent"),
    "guest_companions": N_("companions are a number from 0 to 99"),
    "guest_waiting": N_("places in the waiting list are counted from 1"),
    "erased_guest.id": N_("this number is erased already"),
    "erased_guest_day": N_("the day of the erasure is no date"),
    "inquiry_channel": N_("the channel is empty"),
    "inquiry_kind": N_("not a kind of inquiry that the register knows"),
    "inquiry_from_name": N_("the name is empty"),
    "inquiry_from_contact": N_("the contact is empty"),
    "inquiry_subject": N_("the subject is empty"),
    "inquiry_body": N_("the inquiry has no text"),
    "inquiry_status": N_("an inquiry is open, answered or closed"),
    "inquiry_due_on": N_("the due day is no date"),
    "inquiry_identity": N_("whoever asks was checked, failed, or had no mandate"),
    "inquiry_identity_check": N_("how the identity was checked is empty"),
    "inquiry_agent": N_("the agent's name is empty"),
    "inquiry_mandate": N_("the mandate is empty"),
    "inquiry_outcome": N_("a request ends as done, with nothing held, refused or withdrawn"),
    "inquiry_reason": N_("a refusal has a reason, and nothing else has one"),
    "inquiry_fee": N_("a fee is a number of yen, 1 or more"),
    "inquiry_entry": N_("entries of the journal are counted from 1"),
    "inquiry_linked_on": N_("the day of the link is no date"),
    "stopped.id": N_("this number is taken"),
    "stopped_purpose": N_("what was stopped is empty"),
    "stopped_since": N_("the day of the stop is no date"),
    "reply_body": N_("the reply has no text"),
    "consent.id": N_("this number is taken"),
    "consent_recipient": N_("the recipient is empty"),
    "consent_items": N_("no items are named"),
    "consent_how": N_("how the consent was given is empty"),
    "consent_given_on": N_("the day of the consent is no date"),
    "consent_evidence": N_("a file's SHA-256 has 64 digits"),
    "consent_purpose": N_("what the consent was given for is empty"),
    "disclosure_corrects": N_("a record corrects an older one"),
    "consent_country": N_("the country is empty"),
    "consent_identity_check": N_("how the identity was checked is empty"),
    "consent_withdrawn_on": N_("the day of the withdrawal is no date"),
    "consent_abroad_informed": N_("a recipient abroad needs the information of Act art. 28 first"),
    "consent_withdrawn_after_given": N_("withdrawn before it was given"),
    "disclosure.id": N_("this number is taken"),
    "disclosure_member.disclosure_id, disclosure_member.member_id": N_(
        "this member is in this record already"
    ),
    "disclosure_ground": N_("a ground is consent, authority, protection or danger"),
    "disclosure_kind": N_(
        "authority is of the kind order or inquiry, and no other ground has a kind"
    ),
    "disclosure_recipient": N_("the recipient is empty"),
    "disclosure_recipient_address": N_("the recipient's address is empty"),
    "disclosure_recipient_representative": N_("the recipient's representative is empty"),
    "disclosure_items": N_("no items are named"),
    "disclosure_fields": N_("the fields of the ground are not JSON"),
    "disclosure_file": N_("a file's SHA-256 has 64 digits"),
    "disclosure_visible": N_("a record is visible to the member or not"),
    "disclosure_keep_through": N_("the last day of the period is no date"),
    "disclosure_consent_kept": N_("a record of a consent is kept for its period, and no other"),
    "club_policy.id": N_("this number is taken"),
    "club_policy_notified_on": N_("the day of the notification is no date"),
    "club_policy_notified_how": N_("how members were notified is empty"),
    "club_policy_sha256": N_("a file's SHA-256 has 64 digits"),
    "club_policy_file": N_("the policy file is empty"),
    "disclosure_hidden_with_reason": N_("a record that the member may not see names the reason"),
    "survey.id": N_("this number is taken"),
    "survey_title": N_("a survey has a title of 1 to 200 characters"),
    "survey_filters": N_("the filters of a survey are not JSON"),
    "survey_picked": N_("a survey has a target, and no more than match"),
    "survey_seed": N_("the seed is empty"),
    "survey_target.id": N_("this number is taken"),
    "survey_target.token": N_("this token is taken"),
    "survey_target_token": N_("a token has 12 characters or more"),
}
"""What each UNIQUE (by its columns) and CHECK (by its name) means, for the secretary."""
