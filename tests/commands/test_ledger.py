"""Giving to others: what is asked for, what leaves, what is refused, and how a record is corrected."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli.model.fields import BY_KEY
from soc_cli.store import driver
from tests.commands.test_export import as_sample
from tests.commands.test_five_jobs import GROUNDS, NAMES, agreed, give, options
from tests.conftest import Soc

__all__ = ["agreed"]  # the fixture

FIELDS = {
    ground: [option for option in options(ground) if "recipient" not in option[0]]
    for ground in GROUNDS
}


def records(soc: Soc) -> list[dict[str, object]]:
    """The ledger as it is listed."""
    found: list[dict[str, object]] = soc("disclosure", "list", "--json").json
    return found


def field(soc: Soc, number: int, key: str) -> str | None:
    """A field of the ground of one record."""
    found: dict[str, str] = soc("disclosure", "show", str(number), "--json").json["fields"]
    return found.get(key)


# what is never a ground (D0), and what is not enough (D2) -------------------------------------------


@pytest.mark.parametrize(
    ("ground", "because"),
    [
        ("sale", "never sold"), ("Sell", "never sold"), ("販売", "never sold"), ("rental", "never rented"),
        ("貸与", "never rented"), ("exchange", "in return"), ("entrusting", "entrusting"), ("委託", "entrusting"),
        ("joint-use", "joint use"), ("共同利用", "joint use"), ("opt-out", "agrees first"), ("オプトアウト", "agrees first"),
    ],
)  # fmt: skip
def test_d0_what_is_never_a_ground_is_refused_by_name(
    agreed: Soc, tmp_path: Path, ground: str, because: str
) -> None:
    words = (
        "--recipient",
        "名簿業者",
        "--items",
        "name",
        "--member",
        "7",
        "--to",
        tmp_path / "x.csv",
    )
    answer = agreed("disclosure", "record", "--ground", ground, *words, ok=False)
    assert answer.code == 5
    assert ground in answer.err
    assert because in answer.err
    assert not (tmp_path / "x.csv").exists()
    assert records(agreed) == []


def test_another_word_is_no_ground_either(agreed: Soc) -> None:
    answer = agreed("disclosure", "record", "--ground", "friendship", ok=False)
    assert answer.code == 2
    assert "consent authority protection danger" in answer.err


def test_d0_nothing_speaks_of_money_lists_or_standing_feeds(agreed: Soc, path: Path) -> None:
    """Every option of every verb, every key that is shown or imported, and every column."""
    from soc_cli.commands import consent, disclosure
    from soc_cli.commands.help import Noun
    from soc_cli.operations import consent_import, disclosure_import, disclosures
    from soc_cli.policy import form

    policy = form.packaged()
    names = {*disclosures.CONSENT_KEYS, *disclosures.RECORD_KEYS, *disclosures.REPORT_KEYS}
    verbs = 0
    for app in (consent.app, disclosure.app):
        for verb in Noun(name="", app=app).commands.values():
            verbs += 1
            for parameter in verb.params:
                names |= {parameter.name, *parameter.opts, *parameter.secondary_opts}
    assert verbs >= 11
    for shape in (consent_import.shape(policy), disclosure_import.shape(policy)):
        names |= {one.key for one in shape.columns}
    for ground in policy.grounds.values():
        names |= {key for keys in ground.kinds.values() for key in keys}
    con = driver.connect(path, 1)
    for table in ("consent", "disclosure", "disclosure_member"):
        names |= {row["name"] for row in con.execute(f"pragma table_xinfo({table})")}
    con.close()
    assert len(names) > 60
    never = re.compile(
        "price|fee|pay|cost|amount|yen|money|sale|sell|rent|lease|exchange|return|opt.?out|joint|entrust"
        "|feed|schedule|interval|every|subscri|standing|recurr|until|url|webhook"
    )
    assert not [name for name in names if never.search(name)]


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        ("oral", "without a number"), ("電話", "without a number"), ("voluntary", "voluntary cooperation"),
        ("捜査協力", "voluntary cooperation"), ("bar-association", "bar association"), ("23条照会", "bar association"),
        ("warrant", "--kind inquiry"), ("令状", "--kind inquiry"), ("request", "say --kind"),
    ],
)  # fmt: skip
def test_d2_what_is_not_enough_is_refused_with_its_reason(
    agreed: Soc, tmp_path: Path, kind: str, because: str
) -> None:
    answer = give(agreed, "inquiry", tmp_path / "x.csv", "--kind", kind, ok=False)
    assert answer.code == 5
    assert because in answer.err
    assert agreed("disclosure", "checklist", "authority", "--kind", kind, ok=False).code == 5
    assert records(agreed) == []


@pytest.mark.parametrize(
    ("ground", "more", "because"),
    [
        ("inquiry", ("--authority", "愛知県弁護士会"), "bar association"),
        ("order", ("--case-number", "捜索差押許可状 第1号"), "--kind inquiry"),
        ("order", ("--law", "刑事訴訟法"), "an order is one under"),
    ],
)
def test_d2_what_only_looks_like_one(
    agreed: Soc, tmp_path: Path, ground: str, more: tuple[str, ...], because: str
) -> None:
    answer = give(agreed, ground, tmp_path / "x.csv", *more, ok=False)
    assert answer.code == 5
    assert because in answer.err


@pytest.mark.parametrize("spoken", ["ja", "en"])
@pytest.mark.parametrize(
    "law", [None, "プロバイダ責任制限法", "Act 137 of 2001", "情報流通プラットフォーム対処法"]
)
def test_d2_the_act_of_2001_is_cited_by_number_and_both_names_in_any_language(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str, law: str | None
) -> None:
    monkeypatch.setenv("SOC_LANG", spoken)
    give(agreed, "order", tmp_path / "x.csv", *(("--law", law) if law else ()))
    cited = "平成13年法律第137号（情報流通プラットフォーム対処法、旧プロバイダ責任制限法）"
    assert field(agreed, 1, "law") == cited


def test_d2_the_checklist_names_all_that_is_asked_for(agreed: Soc) -> None:
    from soc_cli.commands import output
    from soc_cli.operations import grounds
    from soc_cli.policy import form

    for ground in form.packaged().grounds.values():
        told = agreed("disclosure", "checklist", ground.name).out
        for kind in ground.kinds:
            for key in grounds.asked(form.packaged(), ground.name, kind):
                assert f"□ {output.label(key)}" in told
                assert grounds.WHY[key] in told
    told = agreed("disclosure", "checklist", "authority", "--kind", "order").out
    assert "case number" in told
    assert output.label("officer") not in told
    assert "bar association" in told
    assert agreed("disclosure", "checklist", "sale", ok=False).code == 5


# who decided, and what is asked for ------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["protection", "danger"])
def test_d3_d4_who_decided_is_on_record(agreed: Soc, tmp_path: Path, ground: str) -> None:
    give(agreed, ground, tmp_path / "a.csv")
    give(agreed, ground, tmp_path / "b.csv", "--decided-by", "会長 見本")
    assert (field(agreed, 1, "decided_by"), field(agreed, 2, "decided_by")) == (
        "tester",
        "会長 見本",
    )
    assert give(agreed, "order", tmp_path / "c.csv", "--decided-by", "x", ok=False).code == 2


@pytest.mark.parametrize("ground", GROUNDS)
def test_d1_to_d4_on_a_terminal_each_missing_thing_is_asked_for_with_its_reason(
    agreed: Soc, terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ground: str
) -> None:
    from soc_cli.operations import grounds
    from soc_cli.terminal import ask

    said = {option[0]: option[1] if len(option) > 1 else "yes" for option in options(ground)}
    said |= {"--ground": NAMES.get(ground, ground), "--items": "name", "--member": "7", "--to": str(tmp_path / "x.csv")}  # fmt: skip
    asked: dict[str, str] = {}

    def text(question: str, check: Callable[[str], object], option: str, default: str = "") -> str:
        asked[option] = question
        check(said[option])
        return said[option]

    def select(question: str, answers: list[tuple[str, str]], option: str) -> str:
        asked[option] = question
        assert said[option] in [value for _words, value in answers]
        return said[option]

    monkeypatch.setattr(ask, "text", text)
    monkeypatch.setattr(ask, "select", select)
    agreed("disclosure", "record")
    assert asked.keys() == said.keys()
    for option, question in asked.items():
        key = option[2:].replace("-", "_")
        if key in grounds.WHY and key not in ("kind", "protects"):
            assert grounds.WHY[key] in question
    (record,) = records(agreed)
    assert (record["ground"], record["items"]) == (NAMES.get(ground, ground), ["name"])
    assert (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("missing", ["--ground", "--items", "--member", "--to"])
def test_in_a_script_nothing_is_asked(agreed: Soc, tmp_path: Path, missing: str) -> None:
    said = {
        "--ground": "danger",
        "--items": "name",
        "--member": "7",
        "--to": str(tmp_path / "x.csv"),
    }
    words = [word for pair in said.items() if pair[0] != missing for word in pair]
    answer = agreed(
        "disclosure", "record", *words, *[w for o in options("danger") for w in o], ok=False
    )
    assert answer.code == 2
    assert missing in answer.err
    assert records(agreed) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_members_come_from_a_file(agreed: Soc, tmp_path: Path, encoding: str) -> None:
    agreed("member", "edit", "8", "--nickname", "そうさん八")
    data = "SOC-0007\r\n\r\n  そうさん八 \r\n7\r\n".encode(encoding)
    (tmp_path / "who.txt").write_bytes(data)
    give(
        agreed,
        "danger",
        tmp_path / "a.csv",
        "--members-from",
        str(tmp_path / "who.txt"),
        members=(),
    )
    words = [word for option in options("danger") for word in option]
    agreed("disclosure", "record", "--ground", "danger", "--items", "name", "--members-from", "-", "--to", tmp_path / "b.csv", *words, stdin=data)  # fmt: skip
    assert [record["members"] for record in records(agreed)] == [["SOC-0007", "SOC-0008"]] * 2
    (tmp_path / "who.txt").write_text("7\n999\n")
    answer = give(agreed, "danger", tmp_path / "c.csv", "--members-from", str(tmp_path / "who.txt"), members=(), ok=False)  # fmt: skip
    assert answer.code == 4
    (tmp_path / "who.txt").write_text("\n")
    answer = give(agreed, "danger", tmp_path / "c.csv", "--members-from", str(tmp_path / "who.txt"), members=(), ok=False)  # fmt: skip
    assert answer.code == 2


# consent (D1) ----------------------------------------------------------------------------------------


def test_d1_a_consent_keeps_what_for_and_the_record_says_so(members: Soc, tmp_path: Path) -> None:
    words = ("consent", "give", "--member", "7", "--recipient", "みほん板金", "--items", "name", "--how", "書面", "--given-on", "2026-10-01")  # fmt: skip
    assert "--identity-checked" in members(*words).err, "a word where it is not on record"
    answer = members(*words, "--purpose", "修理の見積もり", "--identity-checked", "免許証")
    assert (answer.out, answer.err) == ("2\n", "")
    first, second = members("consent", "list", "--json").json
    assert (first["purpose"], first["identity_check"]) == (None, None)
    assert (second["purpose"], second["identity_check"]) == ("修理の見積もり", "免許証")
    give(members, "consent", tmp_path / "a.csv", "--consent", "2", items="name")
    assert field(members, 1, "consent_purpose") == "修理の見積もり"
    assert field(members, 1, "identity_check") == "免許証"


def test_d1_a_check_of_this_day_stands_for_itself(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("consent", "give", "--member", "7", "--recipient", "a", "--items", "name", "--how", "書面", "--given-on", "2026-10-01")  # fmt: skip
    as_sample(path, monkeypatch)
    shown = members("member", "show", "7", "--json").json
    monkeypatch.setenv("SOC_TODAY", "2026-11-21")
    said = (
        "--name",
        shown["name"],
        "--birth-date",
        shown["birth_date"],
        "--phone",
        shown["phone"],
        "--address",
        shown["address"],
    )
    members("member", "verify", "7", *said)
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")
    members(*words)
    members("member", "verify", "7", "--name", "別 人", "--birth-date", "1950-01-01", "--phone", "090-0000-0000", ok=False)  # fmt: skip
    members(*words)
    members("member", "verify", "7", *said)
    entry = members("journal", "list", "--json").json[-1]["number"]
    assert members(*words).err == ""
    checks = [one["identity_check"] for one in members("consent", "list", "--json").json]
    assert checks == [None, None, f"soc member verify ({entry})"]


def test_d1_a_consent_is_asked_for_on_a_terminal(
    members: Soc, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.terminal import ask

    said = {
        "--member": "7", "--recipient": "みほん板金", "--items": "氏名", "--purpose": "修理", "--how": "書面",
        "--given-on": "2026-10-01", "--identity-check": "", "--country": "Fiji", "--country-information": "法がある",
    }  # fmt: skip
    asked: list[str] = []

    def text(_question: str, check: Callable[[str], object], option: str, default: str = "") -> str:
        asked.append(option)
        check(said[option])
        return said[option]

    monkeypatch.setattr(ask, "text", text)
    members("consent", "give")
    assert sorted(asked) == sorted(said)
    (consent,) = members("consent", "list", "--json").json
    assert (consent["purpose"], consent["identity_check"]) == ("修理", None)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--law", "voluntary cooperation"), ("--law", "捜査協力のお願い"), ("--law", "Attorney Act"), ("--law", "弁護士照会"),
        ("--document-number", "by phone"), ("--document-number", "番号なし"), ("--document-number", "電話"),
        ("--authority", "愛知県弁護士會"), ("--called-back", "No, not done"), ("--called-back", "していない"), ("--called-back", "未確認"),
    ],
)  # fmt: skip
def test_d2_what_is_no_formal_inquiry_is_none_in_its_fields_either(
    agreed: Soc, tmp_path: Path, option: str, said: str
) -> None:
    answer = give(agreed, "inquiry", tmp_path / "x.csv", option, said, without=option, ok=False)
    assert (answer.code, (tmp_path / "x.csv").exists()) == (5, False)


@pytest.mark.parametrize(
    ("option", "said"), [("--court", "愛知県弁護士会"), ("--served-original", "写し")]
)
def test_d2_an_order_is_a_courts_and_served_as_the_original(
    agreed: Soc, tmp_path: Path, option: str, said: str
) -> None:
    assert (
        give(agreed, "order", tmp_path / "x.csv", option, said, without=option, ok=False).code == 5
    )


def test_d2_names_no_reason_for_not_being_shown(agreed: Soc, tmp_path: Path) -> None:
    """It never is, and words of one's own would outlive the member."""
    answer = give(
        agreed, "inquiry", tmp_path / "x.csv", "--not-shown", "髙﨑を調べている", ok=False
    )
    assert answer.code == 2


@pytest.mark.parametrize("option", ["--how", "--identity-checked"])
def test_d1_a_consent_is_not_filled_with_words_that_say_nothing(members: Soc, option: str) -> None:
    words = {"--member": "7", "--recipient": "A", "--items": "name", "--how": "letter", "--given-on": "2026-01-01", option: "なし"}  # fmt: skip
    assert (
        members("consent", "give", *[w for pair in words.items() for w in pair], ok=False).code == 5
    )


def test_d1_what_a_record_rests_on_is_not_rewritten_by_a_sheet(agreed: Soc, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        'number,member,recipient,items,how,given_on\n1,SOC-0007,みほん板金,"name,phone,address",書面,2026-10-01\n',
        "utf-8",
    )
    again = ("consent", "import", sheet, "--on-match", "update", "--json")
    agreed(*again)
    give(agreed, "consent", tmp_path / "given.csv")
    sheet.write_text(sheet.read_text("utf-8").replace("address", "address,email"), "utf-8")
    answer = agreed(*again, ok=False)
    assert "record a new consent" in answer.json["problems"][0]["reason"]


def test_d1_a_sheet_says_nothing_of_a_consent_that_the_consent_does_not(
    agreed: Soc, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    head = "made_at,ground,recipient,recipient_address,recipient_representative,items,members,consent,fields\n"
    row = '2026-10-11,consent,みほん板金,a,b,name,7,1,"{{""{key}"": ""{said}""}}"\n'
    for key, said in (("identity_check", "forged"), ("correction", "x")):
        sheet.write_text(head + row.format(key=key, said=said), "utf-8")
        assert agreed("disclosure", "import", sheet, ok=False).code == 3
    sheet.write_text(head + row.format(key="consent_how", said="書面"), "utf-8")
    agreed("disclosure", "import", sheet)


def test_a_sheet_corrects_only_the_same_disclosure(agreed: Soc, tmp_path: Path) -> None:
    give(agreed, "consent", tmp_path / "given.csv")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "made_at,ground,recipient,recipient_address,recipient_representative,items,members,danger,protects,urgency,why_no_consent,corrects\n"
        "2021-06-01,danger,Y,a,b,name,7,d,life,u,w,1\n",
        "utf-8",
    )
    assert agreed("disclosure", "import", sheet, ok=False).code == 3
    counted = {
        row["ground"]: row["disclosures"] for row in agreed("disclosure", "report", "--json").json
    }
    assert counted["consent"] == 1


def test_r1_the_words_of_a_record_of_several_members_are_shown_to_none_of_them(
    agreed: Soc, tmp_path: Path
) -> None:
    words = ("--danger", "髙﨑 壮が倒れた")
    give(agreed, "danger", tmp_path / "a.csv", *words, without="--danger", members=("7", "8"))
    give(agreed, "danger", tmp_path / "b.csv", *words, without="--danger", members=("7",))
    shown = {}
    for member in ("7", "8"):
        agreed("export", member, "--to", tmp_path / member)
        data = json.loads((tmp_path / member / "own-data.json").read_text("utf-8"))
        shown[member] = [one["fields"] for one in data["disclosures"]]
    assert shown["8"] == [{"protects": "life"}]
    assert shown["7"][0] == {"protects": "life"}
    assert shown["7"][1]["danger"] == "髙﨑 壮が倒れた"


def test_a_file_of_a_kind_that_is_not_written_is_told(agreed: Soc, tmp_path: Path) -> None:
    assert give(agreed, "consent", tmp_path / "x.pdf", ok=False).code == 2


FAILING = {
    "another recipient": ("--recipient", "べつの会社"),
    "items that it does not cover": ("--items", "name,address"),
    "dated after": ("--consent", "2"),
    "withdrawn": ("--consent", "3"),
    "another member's": ("--consent", "4"),
}


@pytest.fixture
def consents(agreed: Soc, path: Path, monkeypatch: pytest.MonkeyPatch) -> Soc:
    """Four consents, of which only the first carries a disclosure of member 7's on 2026-11-22."""
    as_sample(path, monkeypatch)
    for member, day in (("7", "2026-11-23"), ("7", "2026-10-01"), ("8", "2026-10-01")):
        monkeypatch.setenv("SOC_TODAY", "2026-11-23")
        agreed("consent", "give", "--member", member, "--recipient", "みほん板金", "--items", "name,phone", "--how", "書面", "--given-on", day)  # fmt: skip
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")
    agreed("consent", "withdraw", "3")
    return agreed


@pytest.mark.parametrize("case", FAILING)
def test_d1_a_consent_that_fails_carries_nothing(consents: Soc, tmp_path: Path, case: str) -> None:
    answer = give(consents, "consent", tmp_path / "x.csv", *FAILING[case], ok=False)
    assert answer.code == 5
    assert not (tmp_path / "x.csv").exists()
    assert records(consents) == []


def test_d1_a_consent_that_passes_and_the_last_moment_of_one(consents: Soc, tmp_path: Path) -> None:
    give(consents, "consent", tmp_path / "x.csv")
    consents("consent", "withdraw", "1")
    assert give(consents, "consent", tmp_path / "y.csv", ok=False).code == 5
    consents("disclosure", "correct", "1", "--recipient-address", "名古屋市", "--reason", "誤記")
    assert len(records(consents)) == 2, "it was made before the consent was withdrawn that day"


def test_d1_abroad_the_country_is_told_first(members: Soc, tmp_path: Path) -> None:
    words = ("consent", "give", "--member", "7", "--recipient", "みほん板金", "--items", "name,phone", "--how", "書面", "--given-on", "2026-10-01", "--country", "ドイツ")  # fmt: skip
    answer = members(*words, ok=False)
    assert (answer.code, "art. 28" in answer.err) == (5, True)
    members(*words, "--country-information", "十分性認定あり")
    give(members, "consent", tmp_path / "x.csv")
    (consent,) = members("consent", "list", "--json").json
    assert (consent["country"], consent["country_information"]) == ("ドイツ", "十分性認定あり")


# what leaves -----------------------------------------------------------------------------------------

ITEMS = tuple(BY_KEY[key].key for key in BY_KEY if key != "joined_on")


@pytest.fixture
def canary(club: Soc) -> Soc:
    """Two members with a canary of their own in every column."""
    for at in ("1", "2"):
        club(
            "member", "add", "--name", f"名前{at} 一番", "--kana", f"カナリア{'イロ'[int(at) - 1]}", "--nickname", f"nick-canary-{at}",
            "--email", f"canary{at}@mail.example", "--phone", f"090-7777-000{at}", "--birth-date", f"197{at}-03-0{at}",
            "--sex", "female" if at == "1" else "male", "--postal-code", f"448-000{at}", "--address", f"愛知県刈谷市金糸雀町{at}-99",
            "--occupation", f"occupation-canary-{at}", "--industry", f"industry-canary-{at}", "--interest", f"interest-canary-{at}",
            "--notice-email", "yes", "--notice-post", "no", "--survey", "yes", "-q",
        )  # fmt: skip
    return club


FORMATS = (".csv", ".json", ".html")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    items=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6, unique=True),
    suffix=st.sampled_from(FORMATS),
    ground=st.sampled_from(["order", "inquiry", "protection", "danger"]),
    both=st.booleans(),
)
def test_d1_to_d4_the_extract_is_never_wider_than_its_items(
    canary: Soc, tmp_path: Path, items: list[str], suffix: str, ground: str, both: bool
) -> None:
    everything = {key: str(value) for key, value in _everything(canary, "1").items()}
    file = tmp_path / f"given{suffix}"
    members = ("1", "2") if both else ("1",)
    give(canary, ground, file, "--force", items=",".join(items), members=members)
    text = unescape(file.read_text("utf-8-sig"))
    for key, value in everything.items():
        if key not in ("sex", "notice_email", "notice_post", "survey"):
            assert (value in text) == (key in items), (key, value)
    if not both:
        for value in map(str, _everything(canary, "2").values()):
            assert value in ("male", "True", "False", "None") or value not in text
    held = _columns(file)
    assert held == items if suffix == ".json" else len(held) == len(items)
    record = canary("disclosure", "list", "--json").json[-1]
    assert record["items"] == items
    assert record["file_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def _everything(soc: Soc, member: str) -> dict[str, object]:
    shown = soc("member", "show", member, "--json").json
    found = {key: shown[key] for key in ITEMS if key in shown} | shown["choices"]
    assert isinstance(found["interests"], list)
    return {**found, "interests": found["interests"][0]}


def _columns(file: Path) -> list[str]:
    """The columns of an extract, as many as each row of it has."""
    text = file.read_text("utf-8-sig")
    if file.suffix == ".json":
        rows = json.loads(text)
        assert all(list(row) == list(rows[0]) for row in rows)
        return list(rows[0])
    if file.suffix == ".csv":
        head, *rows = csv.reader(io.StringIO(text))
        assert all(len(row) == len(head) for row in rows)
        return head
    items = text.rpartition("</h2>")[2]
    if '<table class="one">' in items:
        return re.findall("<th>(.*?)</th>", items)
    head, *rows = re.findall("<tr>(.*?)</tr>", items)
    found = re.findall("<th>(.*?)</th>", head)
    assert all(row.count("<td") == len(found) for row in rows)
    return found


def test_the_letter_says_nothing_of_the_member_beside_the_items(
    agreed: Soc, tmp_path: Path
) -> None:
    words = ("--danger", "DANGERWORD", "--why-no-consent", "WHYWORD", "--urgency", "URGENTWORD", "--decided-by", "DECIDEDWORD")  # fmt: skip
    give(agreed, "danger", tmp_path / "a.html", *words)
    text = (tmp_path / "a.html").read_text("utf-8")
    assert not re.search("[A-Z]{3,}WORD", text)
    assert "髙﨑 壮" in text
    assert "SOC-0007" not in text
    give(agreed, "inquiry", tmp_path / "b.html", "--called-back", "CALLEDWORD")
    text = (tmp_path / "b.html").read_text("utf-8")
    assert "CALLEDWORD" not in text
    for told in ("刑事訴訟法", "197条2項", "第1号", "見本 三"):
        assert told in text
    give(agreed, "order", tmp_path / "c.html")
    assert "平成13年法律第137号" in (tmp_path / "c.html").read_text("utf-8")


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_letter_is_harmless_and_in_one_language(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    monkeypatch.setenv("SOC_LANG", spoken)
    for number, name in (
        ("7", "<script>alert(1)</script>[/x]"),
        ("8", "𠮷\U000e0101野 =1+1'; drop"),
    ):
        agreed("member", "edit", number, "--name", name)
    give(agreed, "danger", tmp_path / "x.html", "--recipient", "<img src=x>&", members=("7", "8"))
    page = (tmp_path / "x.html").read_text("utf-8")
    assert f'<html lang="{spoken}">' in page
    for outside in (
        "<script",
        "<img",
        "http:",
        "https:",
        "<link",
        "@import",
        "url(",
        "\u202e",
        "\x1b",
    ):
        assert outside not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[/x]" in page
    assert "𠮷" in page
    if spoken == "ja":
        words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)
        assert not re.findall(r"\b[A-Z][a-z]{3,}\b", words)


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_dry_run_shows_both_and_keeps_neither(agreed: Soc, tmp_path: Path, ground: str) -> None:
    answer = give(agreed, ground, tmp_path / "x.csv", "--dry-run", "--json")
    assert "nothing was kept" in answer.err
    assert answer.json["extract"] == [{"name": "髙﨑 壮", "phone": "090-1234-1007"}]
    tried = answer.json["record"]
    assert list(tmp_path.glob("x*")) == []
    assert records(agreed) == []
    *_before, read, dry = agreed("journal", "list", "--json").json[:-1]
    assert (read["act"], read["members"], read["outcome"]) == ("read", "7", "dry-run")
    assert (dry["act"], dry["members"], dry["outcome"]) == ("disclose", "", "dry-run")
    give(agreed, ground, tmp_path / "x.csv")
    (record,) = records(agreed)
    for key in tried.keys() - {"made_at"}:
        assert record[key] == tried[key], key
    told = give(agreed, ground, tmp_path / "x.csv", "--dry-run").out
    assert "髙﨑 壮\t090-1234-1007" in told


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_dry_run_refuses_what_would_be_refused(agreed: Soc, tmp_path: Path, ground: str) -> None:
    missing = FIELDS[ground][-1][0]
    answer = give(agreed, ground, tmp_path / "x.csv", "--dry-run", without=missing, ok=False)
    assert (answer.code, answer.out) == (5, "")


# neither without the other ---------------------------------------------------------------------------

ONE = """
import sys
from pathlib import Path
from soc_cli.main import execute
from tests.commands.test_five_jobs import options
{before}
words = [word for option in options("danger") for word in option]
sys.exit(execute(["disclosure", "record", "--ground", "danger", "--items", "name,phone,address", "--members-from",
    sys.argv[1], "--to", sys.argv[2], *words]))
"""


def disclosed(tmp_path: Path, to: Path, before: str) -> subprocess.CompletedProcess[str]:
    """One disclosure of everybody in a process of its own."""
    (tmp_path / "who.txt").write_text("".join(f"{number}\n" for number in range(1, 121)))
    return subprocess.run(
        [sys.executable, "-c", ONE.format(before=before), str(tmp_path / "who.txt"), str(to)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [0, 2_000])
def test_a_full_disk_leaves_neither(agreed: Soc, path: Path, tmp_path: Path, limit: int) -> None:
    before = (
        "import resource, signal; from soc_cli.model import newfile\n"
        "make = newfile.make\n"
        "def full(path):\n"
        "    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))\n"
        "    return make(path)\n"
        "newfile.make = full\n"
    )
    given = tmp_path / "out"
    given.mkdir()
    done = disclosed(tmp_path, given / "x.csv", before)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("soc: ")
    assert list(given.iterdir()) == []
    assert records(agreed) == []
    agreed("journal", "verify")


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
def test_a_register_that_can_not_grow_leaves_neither(
    agreed: Soc, path: Path, tmp_path: Path
) -> None:
    """The file is written already; then its record can't be."""
    before = (
        "import resource, signal; from soc_cli.store import disclosures\n"
        "record = disclosures.record\n"
        "def full(*words):\n"
        "    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))\n"
        "    return record(*words)\n"
        "disclosures.record = full\n"
    )
    given = tmp_path / "out"
    given.mkdir()
    done = disclosed(tmp_path, given / "x.csv", before)
    assert done.returncode == 1, done.stderr
    assert list(given.iterdir()) == []
    assert records(agreed) == []
    agreed("journal", "verify")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's rights")
def test_a_folder_that_may_not_be_written_in_leaves_neither(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.model import newfile

    folder = tmp_path / "mine"
    folder.mkdir(0o500)
    if os.access(folder, os.W_OK):  # whoever may do everything

        def denied(path: Path) -> int:
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr(newfile, "make", denied)
    answer = give(agreed, "danger", folder / "x.csv", ok=False)
    assert answer.code == 1
    assert "Permission denied" in answer.err
    assert list(folder.iterdir()) == []
    assert records(agreed) == []


@pytest.mark.parametrize("moment", ["written", "recorded"])
def test_interrupted_in_between_leaves_neither(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from soc_cli.model import newfile
    from soc_cli.store import disclosures

    def interrupted(*_words: object) -> None:
        raise KeyboardInterrupt

    if moment == "written":
        monkeypatch.setattr(disclosures, "record", interrupted)
    else:
        monkeypatch.setattr(newfile, "claim", interrupted)
    out = tmp_path / "out"
    out.mkdir()
    assert give(agreed, "danger", out / "x.csv", ok=False).code == 130
    assert list(out.iterdir()) == []
    assert records(agreed) == []
    agreed("journal", "verify")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_killed_between_record_and_name_is_told_by_the_check(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    before = (
        "import os, signal; from soc_cli.model import newfile\n"
        "newfile.claim = lambda *_words: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    out = tmp_path / "out"
    out.mkdir()
    assert disclosed(tmp_path, out / "x.csv", before).returncode == -9
    (left,) = out.iterdir()
    assert left.name.startswith(".soc-")
    assert left.stat().st_mode & 0o777 == 0o600
    (record,) = records(agreed)
    assert record["file_sha256"] == hashlib.sha256(left.read_bytes()).hexdigest()
    monkeypatch.setenv("SOC_LANG", spoken)
    found = agreed("check", "--json", ok=False).json
    (told,) = [one for one in found if str(left) in one["what"]]
    assert "1" in told["what"].replace(str(left), "")
    assert "soc disclosure correct 1" in told["do"]
    left.unlink()
    agreed("disclosure", "correct", "1", "--reason", "提供には至らなかった")
    assert not [one for one in agreed("check", "--json").json if str(left) in one["what"]]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_before_the_record_leaves_a_file_without_a_name_and_no_record(
    agreed: Soc, tmp_path: Path
) -> None:
    before = (
        "import os, signal; from soc_cli.store import disclosures\n"
        "disclosures.record = lambda *_words: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert disclosed(tmp_path, tmp_path / "x.csv", before).returncode == -9
    assert records(agreed) == []
    found = agreed("check", "--json", ok=False).json
    assert [one for one in found if "never finished" in one["what"]], "beside the register"
    assert not (tmp_path / "x.csv").exists()


# a correction ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_correction_is_a_new_record_and_nothing_leaves(
    agreed: Soc, tmp_path: Path, ground: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    give(agreed, ground, out / "x.csv")
    old = records(agreed)[0]
    answer = agreed(
        "disclosure", "correct", "1", "--recipient-address", "名古屋市", "--reason", "市の誤り"
    )
    assert answer.out == "2\n"
    before, now = records(agreed)
    assert before == old
    assert (now["corrects"], now["recipient_address"]) == (1, "名古屋市")
    changed = {key for key in now if now[key] != old[key]}
    assert changed == {"number", "recipient_address", "fields", "corrects"}
    fields = {key: now["fields"][key] for key in ("correction", "corrected_on")}  # type: ignore[index]
    assert fields["correction"] == "市の誤り"
    assert now["fields"] == {**old["fields"], **fields}  # type: ignore[dict-item]
    assert [file.name for file in out.iterdir()] == ["x.csv"]
    assert agreed("disclosure", "correct", "1", "--reason", "x", ok=False).code == 3
    agreed("disclosure", "correct", "2", "--reason", "もう一度")
    assert records(agreed)[2]["fields"] == {**old["fields"], "correction": "もう一度", "corrected_on": fields["corrected_on"]}  # type: ignore[dict-item]  # fmt: skip
    agreed("journal", "verify")


CORRECTED = [(ground, option) for ground in GROUNDS for option in FIELDS[ground] if option[0] != "--kind"]  # fmt: skip


@pytest.mark.parametrize(("ground", "option"), CORRECTED)
def test_each_field_can_be_corrected(
    agreed: Soc, tmp_path: Path, ground: str, option: tuple[str, ...]
) -> None:
    agreed("consent", "give", "--member", "7", "--recipient", "みほん板金", "--items", "name,phone", "--how", "電話", "--given-on", "2026-10-02")  # fmt: skip
    give(agreed, ground, tmp_path / "x.csv")
    new = {"--consent": "2", "--document-date": "2026-09-09", "--protects": "body"}.get(
        option[0], "改めた"
    )
    agreed("disclosure", "correct", "1", option[0], new, "--reason", "誤記")
    key = option[0][2:].replace("-", "_")
    assert field(agreed, 2, key) == new
    assert field(agreed, 1, key) != new
    if ground == "consent":
        assert field(agreed, 2, "consent_how") == "電話"


def test_what_can_not_be_corrected(agreed: Soc, tmp_path: Path) -> None:
    give(agreed, "consent", tmp_path / "x.csv")
    for words, code in (
        (("1",), 2), (("1", "--reason", "－" * 0 + " "), 5), (("9", "--reason", "x"), 4), (("1", "--reason", "x", "--court", "y"), 2),
        (("1", "--reason", "x", "--recipient", "べつの会社"), 5), (("1", "--reason", "x", "--consent", "9"), 5),
        (("1", "--reason", "\x1b[2J"), 3), (("1", "--reason", "x", "--items", "name"), 2),
    ):  # fmt: skip
        assert agreed("disclosure", "correct", *words, ok=False).code == code, words
    assert len(records(agreed)) == 1
    agreed("member", "erase", "7", "--yes")
    answer = agreed("disclosure", "correct", "1", "--reason", "x", ok=False)
    assert (answer.code, "erased since" in answer.err) == (3, True)


def test_nothing_is_corrected_of_somebody_erased_meanwhile(
    agreed: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.operations import disclosures

    give(agreed, "danger", tmp_path / "x.csv")
    agreed("member", "erase", "7", "--yes")
    monkeypatch.setattr(disclosures, "stored_members", lambda _upkeep, _old: [7])
    answer = agreed("disclosure", "correct", "1", "--danger", "秘密", "--reason", "x", ok=False)
    assert (answer.code, "meanwhile" in answer.err) == (4, True)
    assert len(records(agreed)) == 1


def test_who_decided_is_not_made_up_afterwards(agreed: Soc, tmp_path: Path, path: Path) -> None:
    give(agreed, "danger", tmp_path / "x.csv")
    con = driver.connect(path, 1)
    con.execute("update disclosure set fields = json_remove(fields, '$.decided_by')")
    con.close()
    agreed("--operator", "another", "disclosure", "correct", "1", "--reason", "x")
    assert field(agreed, 2, "decided_by") is None


def test_r1_the_words_of_a_correction_go_with_the_member(
    agreed: Soc, path: Path, tmp_path: Path
) -> None:
    for ground in ("order", "inquiry", "protection", "danger"):
        give(agreed, ground, tmp_path / f"{ground}.csv")
        number = len(records(agreed))
        agreed("disclosure", "correct", str(number), "--reason", f"訂正の秘密の言葉{number}")
    give(agreed, "danger", tmp_path / "hidden.csv", "--not-shown", "示さない秘密の理由")
    agreed("member", "erase", "7", "--yes")
    held = path.read_bytes()
    assert "秘密".encode() not in held
    found = records(agreed)
    assert [record["corrects"] for record in found] == [None, 1, None, 3, None, 5, None, 7, None]
    for old, new in zip(found[0:8:2], found[1:8:2], strict=True):
        assert old["fields"] == new["fields"], "a correction keeps no more"
    assert found[0]["fields"]["case_number"] == "令和8年(ワ)第1号"  # type: ignore[index]
    assert found[8]["visible_to_member"] is False


def test_r1_a_member_sees_that_a_record_was_corrected_and_no_hidden_one(
    agreed: Soc, tmp_path: Path
) -> None:
    give(agreed, "danger", tmp_path / "a.csv")
    give(agreed, "order", tmp_path / "b.csv")
    for number in ("1", "2"):
        agreed(
            "disclosure", "correct", number, "--reason", "誤記", "--recipient-address", "名古屋市"
        )
    agreed("export", "7", "--to", tmp_path / "out")
    given_away = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))["disclosures"]
    assert [one["ground"] for one in given_away] == ["danger", "danger"]
    assert [one["corrected_since"] for one in given_away] == [True, False]
    assert given_away[1]["fields"]["correction"] == "誤記"
    seen = json.loads((tmp_path / "out" / "own-data.json").read_text("utf-8"))["accesses"]
    acts = [one["act"] for one in seen if one["categories"] == ["disclosure"]]
    assert acts.count("disclose") == 1, "a correction gives nothing away"
    assert acts.count("correct-disclosure") == 1


def test_the_report_counts_a_corrected_record_once_and_names_nobody(
    agreed: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_sample(path, monkeypatch)
    for day, ground in (("2025-12-31", "order"), ("2026-01-01", "inquiry"), ("2026-12-31", "danger"), ("2027-01-01", "danger")):  # fmt: skip
        monkeypatch.setenv("SOC_TODAY", day)
        document = ("--document-date", "2025-01-01") if ground in ("order", "inquiry") else ()
        give(agreed, ground, tmp_path / f"{day}.csv", *document, members=("7", "8"))
    agreed("disclosure", "correct", "3", "--reason", "誤記")

    def counts(*words: str) -> list[tuple[object, ...]]:
        rows = agreed("disclosure", "report", *words, "--json").json
        return [(row["ground"], row["kind"], row["disclosures"], row["members"]) for row in rows if row["disclosures"]]  # fmt: skip

    assert counts() == [("authority", "order", 1, 2), ("authority", "inquiry", 1, 2), ("danger", None, 2, 2)]  # fmt: skip
    assert counts("--year", "2026") == [("authority", "inquiry", 1, 2), ("danger", None, 1, 2)]
    assert counts("--year", "2025") == [("authority", "order", 1, 2)]
    assert counts("--year", "2024") == []
    assert len(agreed("disclosure", "report", "--json").json) == 5, (
        "a ground of which there is none"
    )
    told = agreed("disclosure", "report", "--format", "table").out
    assert "みほん" not in told
    assert "SOC-" not in told
    agreed("member", "erase", "7", "--yes")
    assert counts("--year", "2025") == [("authority", "order", 1, 2)]


# out of one register, into another -------------------------------------------------------------------


def test_the_ledger_of_one_register_comes_into_another_unchanged(
    agreed: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.db"
    monkeypatch.setenv("SOC_DB", str(other))
    agreed("init", "--quiet")
    agreed("member", "import", Path(__file__).parents[1] / "data" / "members-cp932.csv", "-q")
    monkeypatch.setenv("SOC_DB", str(path))
    evidence = tmp_path / "letter.txt"
    evidence.write_text("agreed")
    agreed("consent", "give", "--member", "8", "--recipient", "みほん板金", "--items", "name,phone", "--how", "書面", "--given-on", "2026-10-01",
        "--purpose", "修理", "--identity-checked", "免許証", "--evidence", evidence, "--country", "ドイツ", "--country-information", "十分")  # fmt: skip
    for ground in GROUNDS:
        give(agreed, ground, tmp_path / f"{ground}.csv")
    give(agreed, "consent", tmp_path / "second.csv", "--consent", "2", members=("8",))
    give(agreed, "protection", tmp_path / "hidden.csv", "--not-shown", "施行令5条", "--decided-by", "会長", members=("7", "8"))  # fmt: skip
    for number in range(1, 8):
        agreed(
            "disclosure",
            "correct",
            str(number),
            "--reason",
            f"誤記{number}",
            "--recipient-address",
            "名古屋市",
        )
    agreed("consent", "withdraw", "1")
    listed = {noun: agreed(noun, "list", "--json").out for noun in ("consent", "disclosure")}
    names = _kept_names(path)
    monkeypatch.setenv("SOC_DB", str(other))
    for noun, text in listed.items():
        sheet = tmp_path / f"{noun}.json"
        sheet.write_text(text, "utf-8")
        answer = agreed(noun, "import", sheet, "--json")
        assert answer.json["added"] == len(json.loads(text))
        assert agreed(noun, "list", "--json").json == json.loads(text)
        assert agreed(noun, "import", sheet, "--json").json["unchanged"] == len(json.loads(text))
    assert _kept_names(other) == names
    assert "髙﨑 壮" in [name for _number, name in names]
    agreed("journal", "verify")


def _kept_names(path: Path) -> list[tuple[int, str | None]]:
    con = driver.connect(path, 1)
    try:
        found = con.execute(
            "select disclosure_id, name from disclosure_member order by 1, member_id"
        )
        return [(row[0], row[1]) for row in found]
    finally:
        con.close()
