"""The policy file: what is incomplete or contradicts itself is refused with its place and line."""

import pytest

from soc_cli.policy.form import PACKAGED, Policy, PolicyFileError, read_policy

TEXT = PACKAGED.read_text("utf-8")

CLAUSES = [
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "P1",
    "P2",
    "P3",
    "P4",
    "P5",
    "P6",
    "P7",
    "P8",
    "P9",
    "D0",
    "D1",
    "D2",
    "D3",
    "D4",
    "K1",
    "R1",
    "R2",
    "S1",
]


def test_every_clause_is_there_in_both_languages(policy: Policy) -> None:
    assert list(policy.clauses) == CLAUSES
    for clause in policy.clauses.values():
        for words in (clause.says, clause.does):
            assert len(words.ja) > 10
            assert len(words.en) > 20
            assert not words.ja.isascii()
            assert words.en.isascii()


def test_d0_has_no_ground_and_no_field_for_money(policy: Policy) -> None:
    assert {g.clause for g in policy.grounds.values()} == {"D1", "D2", "D3", "D4"}
    broken = TEXT.replace('fields = ["consent"]', 'fields = ["consent", "price"]')
    with pytest.raises(PolicyFileError, match="never sold"):
        read_policy(broken)


def line_of(text: str, fragment: str) -> int:
    return text[: text.index(fragment)].count("\n") + 1


WRONG = {
    "an empty text": ('label = { ja = "連絡先", en', 'label = { ja = "", en', "category.contact.label.ja", 'label = { ja = "", en'),
    "one language": ('says.en = "Personal information is never', 'says.fr = "Personal information is never', "clause.D0.says.en", "[clause.D0]"),
    "an unknown key": ("one_member = true\n\n[purpose.contact]", "many_members = true\n\n[purpose.contact]", "purpose.own-record.many_members", "many_members"),
    "a category that is none": ('reads = ["contact", "invitations"]', 'reads = ["contacts"]', "purpose.contact.reads", 'reads = ["contacts"]'),
    "a clause twice": ('clause = "P4"', 'clause = "P5"', "purpose.verify.clause", None),
    "a purpose left out": ("[purpose.verify]\nclause = \"P5\"", "[purpose.verify]\nclause = \"P55\"", "purpose.verify.clause", None),
    "a category nobody reads": ('reads = ["nickname", "meetings"]', 'reads = ["meetings"]', None, None),
    "an open column in a category": ('columns.member = ["nickname"]', 'columns.member = ["nickname", "status"]', "category.nickname.columns.member", 'columns.member = ["nickname", "status"]'),
    "a period of less than no years": ("years = 3", "years = -3", "period.consent_record.years", "years = -3"),
    "a table of nobody with personal columns": ("[category.nickname]", "[category.nickname]\ncolumns.meeting = [\"title\"]", "category.nickname.columns.meeting", "columns.meeting"),
    "a key of no column": ('name_key = "name"', 'name_key = "names"', "keys.name_key", 'name_key = "names"'),
    "a choice obeyed by nobody known": ('obeyed_by = ["improve"]', 'obeyed_by = ["improvement"]', "choice.survey.obeyed_by", 'obeyed_by = ["improvement"]'),
    "a choice counted by nobody known": ('counted_by = ["contact"]', 'counted_by = ["contract"]', "choice.notice_email.counted_by", 'counted_by = ["contract"]'),
    "a group of one": ("smallest_group = 5", "smallest_group = 1", "rule.smallest_group", "smallest_group"),
    "a request left out": ("[request.purposes]", "[request.aims]", "request.purposes", None),
    "a reason without its law": ("refusals.obvious.law", "refusals.obvious.laws", "request.purposes.refusals.obvious.law", None),
    "a check as a reason of its own": ("refusals.no-ground.", "refusals.identity.", "request.stop-use.refusals.identity", None),
    "a fee that is neither allowed nor not": ("suit = false\nfee = true", "suit = false\nfee = 300", "request.purposes.fee", "fee = 300"),
    "a stop of what reads one member": ('stops = ["content",', 'stops = ["own-record",', "request.stop-use.stops", 'stops = ["own-record",'),
    "a check left out": ("[check.mandate]", "[check.power]", "check.mandate", None),
    "a choice that is none": ('chosen = "survey"', 'chosen = "poll"', "category.invitations.chosen", 'chosen = "poll"'),
    "days that are one": ("preliminary_days = [3, 5]", "preliminary_days = [5]", "breach.preliminary_days", "preliminary_days = [5]"),
    "a trigger left out": ("[breach.trigger.money]", "[breach.trigger.mony]", "breach.trigger.money", None),
    "an item told by half": ('en = "Cause" }, told = true', 'en = "Cause" }, told = 1', "breach.item.cause.told", "cause = {"),
    "another format": ("format = 1", "format = 2", "format", "format = 2"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_with_place_and_line(case: str) -> None:
    old, new, place, at = WRONG[case]
    assert old in TEXT
    broken = TEXT.replace(old, new, 2 if "no-ground" in old else 1)
    if case == "a category nobody reads":  # own-record reads all of them: take it out there too
        broken = broken.replace('"registration", "nickname", "usage"', '"registration", "usage"')
        place = "category.nickname"
    with pytest.raises(PolicyFileError) as error:
        read_policy(broken)
    if place is not None:
        assert error.value.place == place
    if at is not None:
        assert error.value.line == line_of(broken, at)
        assert f"line {error.value.line}" in str(error.value)
    assert error.value.exit_code == 3


@pytest.mark.parametrize("clause", ["P4", "D3", "D0"])
def test_a_clause_taken_out_is_missed(clause: str) -> None:
    start = TEXT.index(f"[clause.{clause}]")
    broken = TEXT[:start] + TEXT[TEXT.index("[", start + 1) :]
    with pytest.raises(PolicyFileError):
        read_policy(broken)


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(PolicyFileError) as error:
        read_policy("format = 1\nclub = \n")
    assert error.value.line == 2


def test_numbers_are_written_and_read_as_the_club_does(policy: Policy) -> None:
    club = policy.club
    assert club.number(12) == "SOC-0012"
    assert club.number(12345) == "SOC-12345"
    for text in ("SOC-0012", "soc12", "SOC0012", "12", "0012", "１２", " ＳＯＣ－００１２ "):
        assert club.number_of(text.replace("－", "-")) == 12
    for text in ("ＳＯＣー００１２", "SOC‐0012", "SOC−12"):  # the hyphens of a Japanese keyboard
        assert club.number_of(text) == 12
    for text in ("", "0", "SOC-", "X-12", "1.2", "-1", "12a"):
        assert club.number_of(text) is None
