"""R1, R2, P9: a request is a case with a clock, an identity check and an end, and is carried out."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from soc_cli.formats import files
from soc_cli.model.clocks import Clock
from soc_cli.model.errors import Failed
from soc_cli.policy.form import Policy
from soc_cli.store import erasurelist
from soc_cli.terminal import ask
from tests.conftest import Soc
from tests.store import raw
from tests.store.raw import found

REQUESTS = ("view", "correct", "delete", "purposes", "stop-use", "third-party-records")
CARD = "4111 1111 1111 1111"


def log(soc: Soc, kind: str, *more: str, who: str = "7") -> str:
    return soc("inquiry", "log", "--member", who, "--kind", kind, "--body", "お願いします。", *more, "-q").out.strip()  # fmt: skip


def outsider(soc: Soc, kind: str, name: str = "外の 人") -> str:
    return soc("inquiry", "log", "--from-name", name, "--from-contact", "out@example.com", "--kind", kind, "--body", "お願いします。").out.strip()  # fmt: skip


def identified(soc: Soc, kind: str, who: str | None = "7") -> str:
    number = log(soc, kind, who=who) if who is not None else outsider(soc, kind)
    soc("inquiry", "identify", number, "--how", "運転免許証")
    return number


def shown(soc: Soc, number: str) -> dict[str, object]:
    inquiry: dict[str, object] = soc("inquiry", "show", number, "--json").json
    return inquiry


# the clock --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrived", "due", "suit"),
    [
        ("2026-04-01 00:00", "2026-04-15", "2026-04-16"),
        ("2026-04-01 23:59", "2026-04-15", "2026-04-16"),
        ("2026-03-31T14:59:59+00:00", "2026-04-14", "2026-04-15"),
        ("2026-03-31T15:00:00+00:00", "2026-04-15", "2026-04-16"),
        ("2024-02-15 12:00", "2024-02-29", "2024-03-01"),
        ("2024-02-29 12:00", "2024-03-14", "2024-03-15"),
        ("2025-02-15 12:00", "2025-03-01", "2025-03-02"),
        ("2025-12-20 12:00", "2026-01-03", "2026-01-04"),
    ],
)
def test_r2_the_day_of_a_request_is_counted_in_tokyo(
    members: Soc, arrived: str, due: str, suit: str
) -> None:
    inquiry = shown(members, log(members, "view", "--received-at", arrived))
    warn = (date.fromisoformat(due) - timedelta(days=7)).isoformat()
    left = (date.fromisoformat(due) - Clock().today()).days
    assert [inquiry[key] for key in ("due_on", "suit_from", "warn_on", "days_left")] == [due, suit, warn, left]  # fmt: skip


@pytest.mark.parametrize(
    ("ago", "said", "checked"),
    [(0, "", False), (6, "", False), (7, "7 days left", True), (13, "1 day left", True), (14, "0 days left", True), (15, "1 day ago", True), (30, "16 days ago", True)],
)  # fmt: skip
def test_r2_a_request_is_told_before_its_day_and_after_it(
    members: Soc, ago: int, said: str, checked: bool
) -> None:
    day = (Clock().today() - timedelta(days=ago)).isoformat()
    number = log(members, "correct", "--received-at", day)
    answer = members("inquiry", "list")
    assert (said in answer.err) if said else "Request" not in answer.err
    told = [one["what"] for one in members("check", "--json", ok=None).json if "request" in one["what"]]  # fmt: skip
    assert [said in what and f"request {number} " in what for what in told] == [True] * checked
    overdue = [one["number"] for one in members("inquiry", "list", "--overdue", "--json").json]
    assert overdue == [int(number)] * (ago > 14)
    members("inquiry", "close", number, "--withdrawn")
    assert members("inquiry", "list", "--overdue", "--json").json == []
    assert "Request" not in members("inquiry", "list").err


def test_an_answer_that_decides_nothing_does_not_stop_the_clock(members: Soc) -> None:
    number = log(members, "view", "--received-at", "2026-01-10")
    answer = members("inquiry", "reply", number, "--body", "どちら様でしょうか。")
    assert "how it ends is not on record" in answer.err
    assert [one["number"] for one in members("inquiry", "list", "--overdue", "--json").json] == [1]
    members("inquiry", "identify", number, "--how", "免許証")
    members("inquiry", "reply", number, "--body", "済みました。", "--outcome", "done")
    assert members("inquiry", "list", "--overdue", "--json").json == []
    assert "how it ended" not in members("inquiry", "close", number).err


def test_a_question_has_no_clock_and_no_outcome(members: Soc) -> None:
    number = log(members, "question")
    assert members("inquiry", "close", number, "--withdrawn", ok=False).code == 2
    inquiry = shown(members, number)
    assert {inquiry[key] for key in ("due_on", "warn_on", "suit_from", "days_left")} == {None}
    assert members("inquiry", "reply", number, "--body", "x", "--outcome", "done", ok=False).code == 2  # fmt: skip
    assert members("inquiry", "identify", number, "--how", "x", ok=False).code == 2
    answer = members("inquiry", "do", number, ok=False)
    assert (answer.code, "soc inquiry reply 1" in answer.err) == (2, True)


def test_the_list_by_kind_and_member(members: Soc) -> None:
    log(members, "view")
    log(members, "question", who="8")
    log(members, "view", who="8")
    for words, numbers in (
        (("--kind", "view"), [1, 3]),
        (("--member", "8"), [2, 3]),
        (("--member", "8", "--kind", "view", "--open"), [3]),
        (("--kind", "delete"), []),
    ):
        assert [one["number"] for one in members("inquiry", "list", *words, "--json").json] == numbers  # fmt: skip
    assert members("inquiry", "list", "--kind", "sale", ok=False).code == 3


# who asks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("who", ["7", None])
def test_r1_nothing_is_done_for_somebody_who_was_not_checked(
    members: Soc, tmp_path: Path, kind: str, who: str | None
) -> None:
    number = log(members, kind) if who else outsider(members, kind)
    for _ in range(2):
        answer = members("inquiry", "do", number, "--force", ok=False)
        assert answer.code == 5, answer
        assert members("inquiry", "reply", number, "--body", "x", "--outcome", "done", ok=False).code == 5  # fmt: skip
        members("inquiry", "identify", number, "--failed", "--how", "電話")
    assert members("member", "show", "7").code == 0
    assert shown(members, number)["status"] == "open"
    assert not list(tmp_path.glob("*.txt"))


def test_p5_a_verification_of_today_fills_it_in(members: Soc) -> None:
    number = log(members, "view")
    assert members("inquiry", "identify", number, "--verified", ok=False).code == 5
    member = members("member", "show", "7", "--json").json
    said = [part for key in ("name", "address", "birth_date", "phone") if member[key] for part in ("--" + key.replace("_", "-"), member[key])]  # fmt: skip
    entry = members("member", "verify", "7", *said, "--json").json["entry"]
    assert members("inquiry", "identify", log(members, "view", who="8"), "--verified", ok=False).code == 5  # fmt: skip
    members("inquiry", "identify", number, "--verified")
    inquiry = shown(members, number)
    assert (inquiry["identity"], f"entry {entry} " in str(inquiry["identity_check"])) == ("checked", True)  # fmt: skip


def test_an_agent_needs_a_mandate(members: Soc, tmp_path: Path) -> None:
    number = log(members, "view")
    who = ("--agent", "代理 花子", "--how", "免許証")
    assert members("inquiry", "identify", number, *who, ok=False).code == 2
    assert members("inquiry", "identify", number, "--how", "x", "--mandate", "委任状", ok=False).code == 2  # fmt: skip
    assert members("inquiry", "identify", number, "--no-mandate", ok=False).code == 2
    assert members("inquiry", "identify", number, "--failed", "--verified", ok=False).code == 2
    assert members("inquiry", "identify", number, ok=False).code == 2
    members("inquiry", "identify", number, *who, "--no-mandate")
    assert members("inquiry", "do", number, "--to", tmp_path / "out", ok=False).code == 5
    members("inquiry", "identify", number, *who, "--mandate", "委任状")
    members("inquiry", "do", number, "--to", tmp_path / "out", "--letter", tmp_path / "a.txt")
    data = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))
    assert [(one["agent"], one["mandate"]) for one in data["inquiries"]] == [("代理 花子", "委任状")]  # fmt: skip
    assert "代理 花子" in (tmp_path / "a.txt").read_text("utf-8")


# how a request ends -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUESTS)
def test_r1_a_refusal_names_a_reason_of_the_policy_or_the_law(
    members: Soc, policy: Policy, tmp_path: Path, kind: str
) -> None:
    """To see, correct and delete one's own registration is refused for a failed check alone."""
    every = {name for request in policy.requests.values() for name in request.refusals}
    own = set(policy.requests[kind].refusals)
    if kind in ("view", "correct", "delete"):
        assert own == {"identity", "mandate"}
    for reason in sorted(every | {"busy", ""}):
        number = log(members, kind)
        words = ("reply", number, "--body", "x", "--outcome", "refused", "--reason", reason)
        if reason not in own or reason in ("identity", "mandate"):
            assert members("inquiry", *words, ok=False).code == 5, reason
        if reason not in own:
            continue
        failed = {"identity": ("--failed", "--how", "x"), "mandate": ("--no-mandate", "--agent", "x")}  # fmt: skip
        if reason in failed:
            members("inquiry", "identify", number, *failed[reason])
        for suffix, spoken in ((".txt", "ja"), (".html", "en")):
            letter = tmp_path / f"{number}{suffix}"
            if suffix == ".html":
                number = log(members, kind)
                if reason in failed:
                    members("inquiry", "identify", number, *failed[reason])
                words = (*words[:1], number, *words[2:])
            members("--lang", spoken, "inquiry", *words, "--to", letter)
            found = policy.requests[kind].refusals[reason]
            text = letter.read_text("utf-8")
            for said in (found.says, found.law, policy.requests[kind].law):
                assert (said.ja if spoken == "ja" else said.en).replace("'", "&#x27;" if suffix == ".html" else "'") in text  # fmt: skip
            assert "ppc.go.jp" in text
            assert (("39" in text.split("ppc.go.jp")[1]) == policy.requests[kind].suit), "whether a suit is told"  # fmt: skip
        inquiry = shown(members, number)
        assert (inquiry["outcome"], inquiry["reason"]) == ("refused", reason)


def test_an_end_is_said_once_and_rightly(members: Soc) -> None:
    number = identified(members, "purposes")
    for words, code in (
        (("--outcome", "perhaps"), 2),
        (("--outcome", "refused"), 2),
        (("--outcome", "done", "--reason", "obvious"), 2),
        (("--reason", "obvious"), 2),
        (("--fee", "300"), 2),
        (("--outcome", "nothing-held", "--fee", "300"), 2),
        (("--outcome", "withdrawn"), 2),
    ):  # fmt: skip
        answer = members("inquiry", "reply", number, "--body", "x", *words, ok=False)
        assert answer.code == code, (words, answer)
    members("inquiry", "reply", number, "--body", "x", "--outcome", "done", "--fee", "300")
    answer = members("inquiry", "reply", number, "--body", "x", "--outcome", "done", ok=False)
    assert (answer.code, "decided already" in answer.err) == (3, True)
    assert shown(members, number)["fee"] == 300


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_fee_is_taken_only_where_the_law_allows_one(
    members: Soc, policy: Policy, kind: str
) -> None:
    """Act art. 38: of articles 32(2) and 33(1), (5); R1 promises to show the registration without."""
    number = identified(members, kind)
    allowed = kind in ("purposes", "third-party-records")
    assert policy.requests[kind].fee is allowed
    answer = members("inquiry", "reply", number, "--body", "x", "--outcome", "done", "--fee", "300", ok=None)  # fmt: skip
    assert answer.code == (0 if allowed else 5)


def test_nothing_held_is_said_to_whom_the_register_does_not_know_and_to_no_member(
    members: Soc, tmp_path: Path
) -> None:
    number = outsider(members, "view", "未知 太郎")
    letter = tmp_path / "none.txt"
    members("inquiry", "reply", number, "--body", "いません。", "--outcome", "nothing-held", "--to", letter)  # fmt: skip
    assert "holds nothing" in letter.read_text("utf-8")
    assert shown(members, number)["outcome"] == "nothing-held"
    for kind in ("view", "correct", "delete"):
        number = log(members, kind)
        assert members("inquiry", "reply", number, "--body", "x", "--outcome", "nothing-held", ok=False).code == 3  # fmt: skip


# carrying out -----------------------------------------------------------------------------------


def linked(soc: Soc, number: str) -> dict[str, object]:
    """The entry of the journal that a closed request names."""
    inquiry = shown(soc, number)
    assert (inquiry["status"], inquiry["outcome"], inquiry["days_left"]) == ("closed", "done", None)
    (entry,) = [e for e in soc("journal", "list", "--json").json if e["number"] == inquiry["entry"]]
    found: dict[str, object] = entry
    return found


def test_r1_to_see(members: Soc, tmp_path: Path) -> None:
    number = identified(members, "view")
    members("inquiry", "do", number, "--to", tmp_path / "out")
    assert (tmp_path / "out" / "own-data.json").exists()
    entry = linked(members, number)
    assert (entry["act"], entry["members"]) == ("export", "7")
    history = members("member", "history", "7", "--json").json
    assert [one["request"] for one in history if one["act"] == "export"] == [int(number)]
    assert members("inquiry", "do", number, "--to", tmp_path / "x", ok=False).code == 3


def test_r1_an_outsider_sees_their_inquiries(members: Soc, tmp_path: Path) -> None:
    number = identified(members, "view", None)
    members("inquiry", "do", number, "--to", tmp_path / "out")
    data = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))
    assert [one["body"] for one in data["inquiries"]] == ["お願いします。"]
    assert linked(members, number)["act"] == "export"


def test_r1_to_correct_by_options_and_by_the_page_that_came_back(
    members: Soc, tmp_path: Path
) -> None:
    number = identified(members, "correct")
    assert members("inquiry", "do", number, ok=False).code == 2
    assert members("inquiry", "do", number, "--phone", "x", ok=False).code == 3
    assert shown(members, number)["status"] == "open"
    members("inquiry", "do", number, "--phone", "052-123-4567")
    assert linked(members, number)["act"] == "correct"
    members("export", "7", "--to", tmp_path / "out")
    page = tmp_path / "out" / "own-data.json"
    page.write_text(page.read_text("utf-8").replace("052-123-4567", "052-123-9999"), "utf-8")
    number = identified(members, "correct")
    members("inquiry", "do", number, "--from", page)
    assert members("member", "show", "7", "--json").json["phone"] == "052-123-9999"
    history = members("member", "history", "7", "--json").json
    assert [one["request"] for one in history if one["act"] == "correct"] == [1, 2]


@pytest.mark.parametrize("kind", ["correct", "stop-use"])
def test_of_an_outsider_there_is_nothing_to_correct_or_stop(members: Soc, kind: str) -> None:
    number = identified(members, kind, None)
    answer = members("inquiry", "do", number, *(("--phone", "1") if kind == "correct" else ("--use", "contact")), ok=False)  # fmt: skip
    assert (answer.code, "soc inquiry reply" in answer.err) == (2, True)


def test_r1_to_delete_leaves_the_number_and_that_the_request_was_met(
    members: Soc, path: Path, tmp_path: Path
) -> None:
    number = identified(members, "delete")
    assert members("inquiry", "do", number, ok=False).code == 5
    certificate = members("inquiry", "do", number, "--yes", "--to", tmp_path / "c.txt", "--json").json  # fmt: skip
    assert certificate["request"] == int(number)
    assert members("member", "show", "7", ok=False).code == 4
    assert members("inquiry", "show", number, ok=False).code == 4
    before, erased = members("journal", "list", "--json", "--last", "2").json
    assert (before["act"], erased["act"]) == ("carry-out", "erase")
    assert (erased["number"], before["members"]) == (certificate["entry"], "")
    con = raw.connect(path)
    (details,) = con.execute("select details from journal_subject where number = ?", (before["number"],)).fetchone()  # fmt: skip
    con.close()
    assert details == f"inquiry={number}"
    assert log(members, "question", who="8") == str(int(number) + 1), "the number is not given again"  # fmt: skip
    members("journal", "verify")


def test_r1_an_outsiders_inquiry_is_deleted(members: Soc) -> None:
    number = identified(members, "delete", None)
    assert members("inquiry", "do", number, "--yes", "--json").json["erased"]["inquiry"] == 1
    assert members("inquiry", "show", number, ok=False).code == 4


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_art32_the_purposes_are_told(
    members: Soc, policy: Policy, tmp_path: Path, spoken: str
) -> None:
    for at, suffix in enumerate((".txt", ".html")):
        number = identified(members, "purposes", "7" if at else None)
        letter = tmp_path / f"purposes{suffix}"
        members("inquiry", "do", number, "--to", letter, "--letter-lang", spoken)
        text = letter.read_text("utf-8").replace("&#x27;", "'")
        for purpose in policy.purposes.values():
            says = policy.clauses[purpose.clause].says
            assert (says.ja if spoken == "ja" else says.en) in text
        assert linked(members, number)["act"] == "reply"


def test_art33_the_records_of_disclosures_are_told_but_what_may_not_be_seen(
    members: Soc, tmp_path: Path
) -> None:
    who = ("--recipient", "見本商会", "--recipient-address", "愛知県刈谷市1-1", "--recipient-representative", "見本 一")  # fmt: skip
    members("consent", "give", "--member", "7", "--recipient", "見本商会", "--items", "name", "--how", "書面", "--given-on", "2026-01-01")  # fmt: skip
    members("disclosure", "record", "--ground", "consent", "--consent", "1", *who, "--items", "name", "--member", "7", "--to", tmp_path / "a.csv")  # fmt: skip
    police = ("--recipient", "見本県警察", "--recipient-address", "愛知県名古屋市1-1", "--recipient-representative", "本部長", "--kind", "inquiry", "--law", "刑事訴訟法", "--article", "197条2項", "--authority", "見本署", "--officer", "見本 三", "--document-number", "1号", "--document-date", "2026-01-02", "--called-back", "代表番号")  # fmt: skip
    for member in ("7", "8"):
        members("disclosure", "record", "--ground", "authority", *police, "--items", "name", "--member", member, "--to", tmp_path / f"{member}.csv")  # fmt: skip
    letter = tmp_path / "records.txt"
    members("inquiry", "do", identified(members, "third-party-records"), "--to", letter)
    text = letter.read_text("utf-8")
    assert "見本商会" in text
    assert "見本県警察" not in text
    number = identified(members, "third-party-records", "8")
    members("inquiry", "do", number, "--to", tmp_path / "none.txt")
    assert "no record of anything" in (tmp_path / "none.txt").read_text("utf-8")
    assert shown(members, number)["outcome"] == "nothing-held"


CONTENT = {"contact": "member list", "improve": "member list --for improve", "content": "member list --for content"}  # fmt: skip


@pytest.mark.parametrize("use", CONTENT)
def test_art35_a_stopped_use_is_a_use_without_the_member(
    members: Soc, tmp_path: Path, use: str
) -> None:
    before = {name: len(members(*words.split(), "--json").json) for name, words in CONTENT.items()}
    number = identified(members, "stop-use")
    assert members("inquiry", "do", number, "--use", "verify", ok=False).code == 2
    members("inquiry", "do", number, "--use", use)
    after = {name: len(members(*words.split(), "--json").json) for name, words in CONTENT.items()}
    assert after == {**before, use: before[use] - 1}
    assert linked(members, number)["act"] == "stop-use"
    assert members("member", "show", "7", "--json").json["number"] == "SOC-0007"
    assert members("inquiry", "stops", "--json").json == [
        {"member": "SOC-0007", "purpose": use, "since": Clock().today().isoformat(), "inquiry": 1}
    ]
    members("export", "7", "--to", tmp_path / "out")
    data = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))
    assert data["stops"] == [{"purpose": use, "since": Clock().today().isoformat()}]
    members("inquiry", "resume", "7", "--use", use)
    assert members("inquiry", "stops", "--json").json == []
    assert len(members(*CONTENT[use].split(), "--json").json) == before[use]
    assert members("inquiry", "resume", "7", "--use", use, ok=False).code == 3


def test_art35_a_choice_is_stopped_by_saying_no(members: Soc) -> None:
    members("member", "choices", "7", "--survey", "yes", "--notice-email", "yes")
    number = identified(members, "stop-use")
    members("inquiry", "do", number, "--use", "surveys", "--use", "contact", "--use", "notices-post")  # fmt: skip
    chosen = members("member", "choices", "7", "--json").json
    assert chosen == {"notice_email": True, "notice_post": False, "survey": False}
    assert [one["purpose"] for one in members("inquiry", "stops", "--json").json] == ["contact"]


def test_art35_a_stop_goes_along_when_two_records_become_one(members: Soc) -> None:
    members("inquiry", "do", identified(members, "stop-use"), "--use", "contact")
    members("member", "merge", "8", "7", "--yes")
    assert "SOC-0008" not in {one["number"] for one in members("member", "list", "--json").json}
    members("member", "unmerge", "8")
    assert "SOC-0008" in {one["number"] for one in members("member", "list", "--json").json}
    members("member", "erase", "7", "--yes")
    assert members("inquiry", "stops", "--json").json == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("view", ("--use", "contact")), ("view", ("--phone", "1")), ("view", ("--fee", "1")),
        ("correct", ("--to", "x")), ("correct", ("--yes",)), ("delete", ("--letter", "x.txt")),
        ("purposes", ("--encrypt",)), ("purposes", ("--to", "x.pdf")), ("purposes", ()),
        ("third-party-records", ("--letter", "x.txt")), ("stop-use", ("--to", "x")), ("stop-use", ()),
        ("view", ()), ("view", ("--to", "x", "--letter", "x.pdf")), ("view", ("--to", "x", "--letter-lang", "fr")),
    ],
)  # fmt: skip
def test_what_does_not_go_with_a_request_is_wrong_use(
    members: Soc, kind: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    number = identified(members, kind)
    assert members("inquiry", "do", number, *words, ok=False).code == 2
    assert shown(members, number)["status"] == "open"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("kind", ["reply", "do"])
def test_where_the_letter_can_not_have_its_name_there_is_no_answer(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    number = identified(members, "stop-use" if kind == "do" else "view")
    before = shown(members, number)

    def full(_file: object) -> None:
        raise Failed("disk full")

    monkeypatch.setattr(files.NewFile, "claim", full)
    words = {"reply": ("--body", "x", "--outcome", "done", "--to"), "do": ("--use", "contact", "--letter")}[kind]  # fmt: skip
    assert members("inquiry", kind, number, *words, tmp_path / "a.txt", ok=False).code == 1
    assert shown(members, number) == before
    assert members("inquiry", "stops", "--json").json == []
    assert not list(tmp_path.glob("*.txt"))
    assert "take-back" in {one["act"] for one in members("journal", "list", "--json").json}


def test_the_letter_is_on_record_for_an_erasure(members: Soc, tmp_path: Path) -> None:
    letter = tmp_path / "a.txt"
    members("inquiry", "reply", log(members, "question"), "--body", "x", "--to", letter)
    assert members("inquiry", "reply", "1", "--body", "x", "--to", letter, ok=False).code == 3
    other = tmp_path / "b.html"
    members("inquiry", "reply", outsider(members, "question"), "--body", "x", "--to", other)
    told = members("member", "erase", "7", "--yes", "--json").json["files"]
    assert [(one["kind"], one["path"]) for one in told] == [("letter", str(letter))]
    told = members("inquiry", "erase", "2", "--yes", "--json").json["files"]
    assert [(one["kind"], one["path"]) for one in told] == [("letter", str(other))]


# whose an inquiry is ----------------------------------------------------------------------------


def test_an_inquiry_is_linked_and_unlinked(members: Soc, tmp_path: Path) -> None:
    number = outsider(members, "question")
    members("export", "--inquiry", number, "--to", tmp_path / "theirs")
    members("inquiry", "link", number, "7")
    assert shown(members, number)["member"] == "SOC-0007"
    answer = members("inquiry", "link", number, "8", ok=False)
    assert (answer.code, "unlink" in answer.err) == (3, True)
    members("export", "7", "--to", tmp_path / "out")
    data = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))
    assert [one["from_name"] for one in data["inquiries"]] == ["外の 人"]
    assert "export" in {one["kind"] for one in data["files"]}, "what was written for the outsider"
    assert "link" in {one["act"] for one in data["accesses"]}
    assert members("inquiry", "erase", number, "--yes", ok=False).code == 3
    members("inquiry", "unlink", number)
    assert shown(members, number)["member"] is None
    assert members("inquiry", "unlink", number, ok=False).code == 3
    assert members("inquiry", "unlink", log(members, "question"), ok=False).code == 3
    assert members("inquiry", "link", "99", "7", ok=False).code == 4
    files = members("member", "erase", "7", "--yes", "--json").json["files"]
    assert not [one for one in files if "theirs" in one["path"]]
    assert shown(members, number)["from_name"] == "外の 人"
    told = members("inquiry", "erase", number, "--yes", "--json").json["files"]
    assert [one for one in told if "theirs" in one["path"]]


def test_r1_a_linked_inquiry_does_not_come_back_from_a_backup_of_before_the_link(
    members: Soc, tmp_path: Path
) -> None:
    secret = "外からの秘密の相談"
    number = members("inquiry", "log", "--from-name", "外の 人", "--body", secret).out.strip()
    members("backup", tmp_path / "before.db")
    members("member", "add", "--name", "外の 人")
    members("inquiry", "link", number, "121")
    members("backup", tmp_path / "after.db")
    told = members("member", "erase", "121", "--yes", "--json").json["files"]
    assert {one["path"] for one in told} == {str(tmp_path / name) for name in ("before.db", "after.db")}  # fmt: skip
    known = erasurelist.read(erasurelist.beside(tmp_path / "before.db")).erased
    assert {*known} == {("member", 121), ("inquiry", 1)}
    for backup in ("before.db", "after.db"):
        again = tmp_path / f"again-{backup}"
        assert found(tmp_path / backup, [secret]) == {secret}, "the control"
        members("restore", tmp_path / backup, "--to", again)
        assert found(again, [secret]) == set()
        assert members("--db", again, "inquiry", "show", number, ok=False).code == 4
        members("--db", again, "journal", "verify")
    members("backup", tmp_path / "late.db")
    members("restore", tmp_path / "late.db", "--to", tmp_path / "again-late.db")
    assert members("--db", tmp_path / "again-late.db", "journal", "verify").code == 0


def test_r1_an_inquiry_that_was_unlinked_and_erased_is_gone_from_a_backup_with_the_link(
    members: Soc, tmp_path: Path
) -> None:
    number = outsider(members, "question")
    members("inquiry", "link", number, "7")
    members("backup", tmp_path / "b.db")
    members("inquiry", "unlink", number)
    members("inquiry", "erase", number, "--yes")
    members("restore", tmp_path / "b.db", "--to", tmp_path / "again.db")
    assert members("--db", tmp_path / "again.db", "inquiry", "show", number, ok=False).code == 4
    assert members("--db", tmp_path / "again.db", "member", "show", "7").code == 0


# what nobody should store -----------------------------------------------------------------------


def test_c3_a_card_is_stored_only_masked_or_when_it_is_none(members: Soc, path: Path) -> None:
    words = ("inquiry", "log", "--member", "7", "--subject", "4111-1111-1111-1111", "--body", f"{CARD}と123456789018")  # fmt: skip
    answer = members(*words, ok=False)
    assert (answer.code, "card" in answer.err, "My Number" in answer.err) == (5, True, True)
    assert "4111" not in answer.err
    assert members("inquiry", "list", "--json").json == []
    assert members(*words, "--mask", "--as-it-is", ok=False).code == 2
    assert members("inquiry", "log", "--member", "7", "--subject", CARD, "--body", "x", ok=False).code == 5  # fmt: skip
    members(*words, "--mask")
    assert found(path, [CARD, "4111-1111-1111-1111", "123456789018"]) == set()
    inquiry = shown(members, "1")
    assert (inquiry["subject"], inquiry["body"]) == ("****-****-****-****", "**** **** **** ****と************")  # fmt: skip
    members(*words, "--as-it-is")
    assert CARD in str(shown(members, "2")["body"])
    assert members("inquiry", "reply", "1", "--body", CARD, ok=False).code == 5
    members("inquiry", "reply", "1", "--body", CARD, "--mask")
    assert "4111" not in str(shown(members, "1")["replies"])


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("mask", [True, False])
def test_c3_on_a_terminal_it_is_asked(
    members: Soc, monkeypatch: pytest.MonkeyPatch, mask: bool
) -> None:
    asked = []

    def select(question: str, answers: list[tuple[str, bool]], *_more: object) -> bool:
        asked.append(question)
        return next(value for _words, value in answers if value is mask)

    monkeypatch.setattr(ask, "select", select)
    members("inquiry", "log", "--member", "7", "--body", CARD)
    assert len(asked) == 1
    assert (CARD in str(shown(members, "1")["body"])) is not mask


def test_c3_a_sheet_with_a_card_is_taken_masked_and_told(
    members: Soc, tmp_path: Path, path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"受付日時,氏名,件名,内容\n2026-01-01,外の 人,支払い,{CARD}です\n", "utf-8")
    answer = members("inquiry", "import", sheet, "--json")
    (note,) = answer.json["notes"]
    assert (note["row"], "card" in note["note"], note["value"]) == (2, True, "**** **** **** ****です")  # fmt: skip
    assert found(path, [CARD]) == set()
    assert members("inquiry", "import", sheet, "--json").json["unchanged"] == 1


# a mail -----------------------------------------------------------------------------------------


def mail(tmp_path: Path, headers: str = "", body: str = "教えてください。") -> Path:
    path = tmp_path / "m.eml"
    path.write_bytes(
        f"From: 外の 人 <out@example.com>\nSubject: 件名\n{headers}\n\n{body}\n".encode()
    )
    return path


def test_a_mail_is_an_outsiders_and_its_sender_is_a_hint(members: Soc, tmp_path: Path) -> None:
    email = members("member", "show", "7", "--json").json["email"]
    path = mail(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"out@example.com", email.upper().encode()))
    answer = members("inquiry", "log", "--from", path)
    assert "--member SOC-0007" in answer.err
    inquiry = shown(members, answer.out.strip())
    assert (inquiry["member"], inquiry["from_name"]) == (None, "外の 人")
    answer = members("inquiry", "log", "--from", "-", "--member", "7", stdin=path.read_bytes())
    inquiry = shown(members, answer.out.strip())
    assert (inquiry["member"], inquiry["from_name"], inquiry["subject"]) == ("SOC-0007", None, "件名")  # fmt: skip
    assert "SOC-0007" not in answer.err


@pytest.mark.parametrize("date_of_mail", ["", "Date: yesterday", "Date: Fri, 31 Dec 2100 09:00:00 +0900"])  # fmt: skip
def test_a_mail_without_a_true_date_counts_from_now(
    members: Soc, tmp_path: Path, date_of_mail: str
) -> None:
    answer = members("inquiry", "log", "--from", mail(tmp_path, date_of_mail), "--kind", "view")
    assert "no true date" in answer.err
    received = str(shown(members, "1")["received_at"])
    assert received[:10] == Clock().today().isoformat()


def test_an_option_goes_before_the_mail_and_an_empty_one_is_told(
    members: Soc, tmp_path: Path
) -> None:
    date_of_mail = "Date: Sun, 15 Nov 2020 15:00:00 +0000"
    members("inquiry", "log", "--from", mail(tmp_path, date_of_mail), "--subject", "別", "--received-at", "2026-01-01")  # fmt: skip
    inquiry = shown(members, "1")
    assert (inquiry["subject"], inquiry["received_at"]) == ("別", "2026-01-01T00:00+09:00")
    members("inquiry", "log", "--from", mail(tmp_path, date_of_mail))
    assert shown(members, "2")["received_at"] == "2020-11-16T00:00+09:00"
    empty = tmp_path / "empty.eml"
    empty.write_bytes(b"From: a@example.com\n\n")
    assert members("inquiry", "log", "--from", empty, ok=False).code == 3
    assert members("inquiry", "log", "--from", tmp_path / "no.eml", ok=False).code == 4
    empty.write_bytes("氏名,住所\n".encode())
    assert members("inquiry", "log", "--from", empty, ok=False).code == 3
    answer = members("inquiry", "log", "--from", mail(tmp_path, "", CARD), ok=False)
    assert answer.code == 5
