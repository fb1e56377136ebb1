"""The club's policy: shown, published, printed, changed, and another club's."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.commands import clauses, output
from soc_cli.main import build
from soc_cli.model import language
from soc_cli.model.errors import WrongData
from soc_cli.policy.club import read as read_club
from soc_cli.policy.form import PACKAGED, Policy
from soc_cli.store import policies
from soc_cli.terminal import ask
from tests import clause_tests
from tests.conftest import DATA, Soc
from tests.store.raw import found

FILE = DATA / "another-club.toml"


def with_facts(tmp_path: Path, text: str | None = None) -> Path:
    """The program's own policy with what the Act has a club publish."""
    said = text or PACKAGED.read_text("utf-8")
    for key, value in (
        ("address", "愛知県刈谷市東境町9-9"), ("representative", "会長 太郎"), ("complaints", "苦情係 a*b@example.jp"),
        ("requests", "事務局あての<書面>で"),
    ):  # fmt: skip
        said = said.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    path = tmp_path / "club.toml"
    path.write_text(said, "utf-8")
    return path


@pytest.fixture
def another(soc: Soc) -> Soc:
    """A register of another club with two members."""
    soc("init", "--policy", FILE, "--quiet")
    soc(
        "member",
        "add",
        "--name",
        "山田 太郎",
        "--kana",
        "ヤマダ タロウ",
        "--email",
        "t@example.jp",
        "--phone",
        "03-1234-5678",
    )
    soc(
        "member",
        "add",
        "--name",
        "佐藤 三郎",
        "--address",
        "東京都港区1-1",
        "--notice-email",
        "yes",
    )
    return soc  # fmt: skip


# another club ----------------------------------------------------------------------------------


def test_c3_a_field_that_the_club_leaves_out_is_refused_by_name(
    another: Soc, tmp_path: Path
) -> None:
    told = another("member", "add", "--name", "新人", "--occupation", "会社員", ok=False)
    assert (told.code, "“occupation”" in told.err, "C4" in told.err) == (3, True, False)
    assert another("member", "edit", "1", "--birth-date", "1970-01-01", ok=False).code == 3
    sheet = tmp_path / "m.csv"
    sheet.write_text("氏名,職業\n新人,会社員\n", "utf-8")
    told = another("member", "import", sheet, ok=False)
    assert (told.code, "“職業”" in told.err) == (3, True)
    another("member", "import", sheet, "--map", "職業=")
    document = tmp_path / "m.json"
    document.write_text('{"name": "別の人", "sex": "male"}', "utf-8")
    assert another("member", "add", "--from", document, ok=False).code == 3
    told = another(
        "consent",
        "give",
        "--member",
        "1",
        "--recipient",
        "a",
        "--items",
        "職業",
        "--how",
        "書面",
        "--given-on",
        "2026-01-01",
        ok=False,
    )
    assert told.code == 3  # fmt: skip


def test_a_club_has_its_own_purposes_numbers_and_words(another: Soc) -> None:
    listed = another("member", "list", "--for", "insurance", "--json").json
    assert [(one["number"], one["address"]) for one in listed] == [
        ("MCC-001", None),
        ("MCC-002", "東京都港区1-1"),
    ]
    assert {"email", "phone", "kana", "occupation"} <= set(listed[0]["withheld"])
    shown = another("policy", "show", "U3", "--json").json
    assert (shown["purpose"], shown["categories"]) == ("insurance", ["insured"])
    assert another("journal", "list", "--json").json[-1]["purpose"] == "insurance"
    language.use("ja")
    assert output.for_person("purpose", "insurance") == "走行会の保険"


@pytest.mark.parametrize(
    "words",
    [
        ("meeting", "list"), ("nickname", "list"), ("stats",), ("prefill", "1", "--how", "電話"),
        ("member", "verify", "1", "--name", "x"), ("member", "refuse", "1", "--rule", "a"), ("meeting", "add", "--title", "a", "--date", "2027-01-01"),
    ],
)  # fmt: skip
def test_what_needs_a_purpose_that_the_policy_lacks_is_refused(
    another: Soc, words: tuple[str, ...]
) -> None:
    told = another(*words, ok=False)
    assert (told.code, "has no purpose" in told.err, told.out) == (5, True, "")


def test_the_whole_round_of_another_club(another: Soc, tmp_path: Path) -> None:
    another("member", "edit", "1", "--phone", "03-1234-0000")
    another("inquiry", "log", "--member", "1", "--body", "教えてください")
    another("inquiry", "reply", "1", "--body", "はい")
    another("export", "1", "--to", tmp_path / "own")
    data = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    page = (tmp_path / "own" / "own-data.html").read_text("utf-8")
    assert (data["member"]["occupation"], data["policy"]["left_out"][0]) == (None, "birth_date")
    assert "Occupation" not in page
    assert "Age" not in page
    assert "Surveys</" not in page.replace("Surveys that", "")
    assert "Phone" in page
    assert (
        another(
            "member", "edit", "1", "--from", tmp_path / "own" / "own-data.json", "--dry-run"
        ).code
        == 0
    )
    another("member", "merge", "1", "2", "--yes")
    another("member", "unmerge", "2")
    another("sweep", "--yes")
    another("policy", "check")
    another("check")
    another("backup", tmp_path / "b.db")
    another("member", "erase", "2", "--yes")
    another("restore", tmp_path / "b.db", "--to", tmp_path / "again.db")
    assert [
        one["number"]
        for one in another("--db", tmp_path / "again.db", "member", "list", "--json").json
    ] == ["MCC-001"]
    another("journal", "verify")


def test_a_register_is_opened_under_its_own_policy_alone(
    another: Soc, path: Path, policy: Policy
) -> None:
    from soc_cli.model.errors import Failed
    from soc_cli.store.register import Register
    from tests.conftest import RUN

    for opened in (
        lambda: Register.open_upkeep(path, policy, RUN),
        lambda: Register.open(path, policy, RUN, "nickname"),
        lambda: Register.open(path, policy, RUN, "own-record", 1),
        lambda: Register.open_outsider(path, policy, RUN, 1),
        lambda: Register.open_disclosure(path, policy, RUN, ["name"], [1], True, True),
    ):
        with pytest.raises(Failed, match="changed meanwhile"):
            opened()
    assert policies.kept(path) == FILE.read_text("utf-8")


def test_init_refuses_a_wrong_policy_and_makes_nothing(
    soc: Soc, tmp_path: Path, path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FILE.read_text("utf-8").replace("[ground.danger]", "[ground.sale]"), "utf-8")
    told = soc("init", "--policy", wrong, ok=False)
    assert (told.code, "ground.sale" in told.err, path.exists()) == (3, True, False)
    wrong.write_bytes("あ".encode("cp932"))
    assert soc("init", "--policy", wrong, ok=False).code == 3
    assert soc("init", "--policy", tmp_path / "none.toml", ok=False).code == 4


# changing --------------------------------------------------------------------------------------


def test_diff_names_what_members_must_be_told(club: Soc, tmp_path: Path) -> None:
    text = PACKAGED.read_text("utf-8")
    changed = tmp_path / "new.toml"

    def rows(*pairs: tuple[str, str]) -> list[tuple[str, str, str, str | None]]:
        said = text
        for old, new in pairs:
            assert old in said
            said = said.replace(old, new, 1)
        changed.write_text(said, "utf-8")
        found = club("policy", "diff", changed, "--json").json
        return [(one["change"], one["what"], one["name"], one["members"]) for one in found]

    assert rows() == []
    assert rows(
        ('reads = ["contact", "invitations"]', 'reads = ["contact", "invitations", "attributes"]')
    ) == [("widened", "purpose", "contact", "notify")]
    assert rows(
        ('reads = ["attributes", "usage", "visitors"]', 'reads = ["attributes", "visitors"]')
    ) == [("narrowed", "purpose", "content", None)]
    assert rows(("send notices and get in touch when needed", "send advertisements")) == [
        ("reworded", "purpose", "contact", "notify")
    ]
    assert rows(("years = 3", "years = 5")) == [("changed", "period", "consent_record", None)]
    assert rows(('obeyed_by = ["improve"]', "obeyed_by = []")) == [
        ("narrowed", "choice", "survey", "notify")
    ]
    assert rows(('complaints = ""', 'complaints = "x"')) == [
        ("changed", "club", "complaints", None)
    ]
    assert rows(("Only what the services need is acquired", "Little is acquired")) == [
        ("reworded", "clause", "C3", None)
    ]
    start, stop = (
        text.index("[ground.danger]"),
        text.index("# -----", text.index("[ground.danger]")),
    )
    clause = text.index("[clause.D4]"), text.index("[clause.K1]")
    assert rows((text[start:stop], ""), (text[clause[0] : clause[1]], "")) == [
        ("removed", "ground", "danger", None), ("removed", "clause", "D4", None),
    ]  # fmt: skip
    assert club("policy", "history", "--json").json == []


def test_a_change_of_purposes_needs_the_day_of_notification(
    club: Soc, tmp_path: Path, path: Path
) -> None:
    wider = tmp_path / "wider.toml"
    wider.write_text(
        PACKAGED.read_text("utf-8").replace(
            'reads = ["contact", "invitations"]', 'reads = ["contact", "invitations", "attributes"]'
        ),
        "utf-8",
    )
    club("member", "add", "--name", "甲", "--occupation", "金糸雀職")
    told = club("policy", "change", wider, ok=False)
    assert (told.code, "21(3)" in told.err, "--notified-on" in told.err) == (5, True, True)
    assert (
        club(
            "policy", "change", wider, "--notified-on", "2999-01-01", "--how", "会報", ok=False
        ).code
        == 3
    )
    assert club("policy", "change", wider, "--notified-on", "2026-11-01", ok=False).code == 5
    assert "金糸雀職" not in club("member", "list").out
    club("policy", "change", wider, "--notified-on", "2026年11月1日", "--how", "会報")
    assert "金糸雀職" in club("member", "list").out
    (kept,) = club("policy", "history", "--json").json
    assert (kept["notified_on"], kept["notified_how"]) == ("2026-11-01", "会報")
    entries = club("journal", "list", "--json").json
    (entry,) = [one for one in entries if one["act"] == "adopt-policy"]
    assert entry["details"] == f"policy={kept['sha256']} notified=2026-11-01"
    assert club("policy", "change", wider, ok=False).code == 3
    club("journal", "verify")


def test_a_narrower_policy_needs_no_day(club: Soc, tmp_path: Path) -> None:
    narrower = tmp_path / "narrower.toml"
    narrower.write_text(
        PACKAGED.read_text("utf-8").replace(
            'reads = ["attributes", "usage", "visitors"]', 'reads = ["attributes", "visitors"]'
        ),
        "utf-8",
    )
    club("policy", "change", narrower)
    (kept,) = club("policy", "history", "--json").json
    assert (kept["notified_on"], kept["notified_how"]) == (None, None)


def test_c3_what_a_new_policy_leaves_out_is_erased_to_the_last_byte(
    club: Soc, tmp_path: Path, path: Path
) -> None:
    values = {"occupation": "金糸雀職", "nickname": "かなりあ壱", "birth-date": "1961-01-31"}
    for name, phone in (
        ("金糸雀", "03-1234-0001"),
        ("金糸雀", "03-1234-0001"),
        ("鶯", "03-1234-0002"),
    ):
        club("member", "add", "--name", name, "--phone", phone)
    for key, value in values.items():
        club("member", "edit", "2", f"--{key}", value)
    club("member", "merge", "1", "2", "--yes")
    words = ("policy", "change", FILE, "--notified-on", "2026-11-01", "--how", "会報")
    told = club(*words, ok=False)
    assert (told.code, "Occupation" in told.err) == (5, True)
    assert found(path, values.values()) == set(values.values())
    club(*words, "--yes")
    assert found(path, values.values()) == set()
    club("member", "unmerge", "2")
    assert found(path, values.values()) == set()
    club("sweep", "--yes")
    club("policy", "check")
    club("check")
    club("journal", "verify")
    own = club("member", "history", "1", "--json").json
    assert {tuple(one["fields"]) for one in own if one["command"] == "policy change"} == {
        ("occupation",),
        ("nickname",),
        ("birth_date",),
    }


def test_a_program_that_runs_meanwhile_does_not_go_on_under_the_old_policy(
    club: Soc, path: Path, policy: Policy, tmp_path: Path
) -> None:
    from soc_cli.model.errors import Failed
    from soc_cli.store.register import Register
    from tests.conftest import RUN

    with Register.open_upkeep(path, policy, RUN):
        pass
    club("policy", "change", with_facts(tmp_path))
    with pytest.raises(Failed, match="changed meanwhile"):
        Register.open(path, policy, RUN, "contact")


def test_the_file_in_force_is_written_to_be_changed(
    club: Soc, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "mine.toml"
    club("policy", "file", "--to", path)
    text = path.read_text("utf-8")
    assert not re.search(r"^\[(open|upkeep|impersonal|keys)\]", text, re.M)
    read = read_club(text)
    assert (read.purposes, read.categories, read.open_columns) == (
        policy.purposes,
        policy.categories,
        policy.open_columns,
    )
    assert club("policy", "diff", path, "--json").json == []
    club("policy", "change", with_facts(tmp_path, text))
    assert club("policy", "file").out == (tmp_path / "club.toml").read_text("utf-8")
    club("policy", "publish")


def test_on_a_terminal_the_day_of_the_notification_is_asked_for(
    club: Soc, tmp_path: Path, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def text(question: str, check: Callable[[str], object], option: str, default: str = "") -> str:
        asked.append(option)
        with pytest.raises(WrongData):
            check("2999-01-01" if option == "--notified-on" else " ")
        return {"--notified-on": "2026-11-01", "--how": "会報"}[option]

    monkeypatch.setattr(ask, "text", text)
    wider = tmp_path / "wider.toml"
    wider.write_text(
        PACKAGED.read_text("utf-8").replace(
            'reads = ["contact", "invitations"]', 'reads = ["contact", "invitations", "attributes"]'
        ),
        "utf-8",
    )
    club("policy", "change", wider)
    assert asked == ["--notified-on", "--how"]
    (kept,) = club("policy", "history", "--json").json
    assert (kept["notified_on"], kept["notified_how"]) == ("2026-11-01", "会報")


# what a club publishes -------------------------------------------------------------------------


def test_publish_names_the_keys_that_are_missing(club: Soc, tmp_path: Path) -> None:
    told = club("policy", "publish", "--to", tmp_path / "p.html", ok=False)
    assert told.code == 5
    assert "club.address, club.representative, club.requests, club.complaints" in told.err
    assert not (tmp_path / "p.html").exists()
    for key in ("address", "representative", "requests", "complaints"):
        text = with_facts(tmp_path).read_text("utf-8")
        text = re.sub(rf'^{key} = ".*"$', f'{key} = ""', text, count=1, flags=re.M)
        path = tmp_path / "one.toml"
        path.write_text(text, "utf-8")
        register = tmp_path / f"{key}.db"
        club("--db", register, "init", "--policy", path)
        told = club("--db", register, "policy", "publish", ok=False)
        assert (told.code, f"publish: club.{key}:" in told.err) == (5, True)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", ["p.html", "p.md", "p.txt"])
def test_publish_holds_the_five_items(
    soc: Soc, tmp_path: Path, lang: str, name: str, policy: Policy
) -> None:
    soc("init", "--policy", with_facts(tmp_path))
    soc("--lang", lang, "policy", "publish", "--to", tmp_path / name)
    said = (tmp_path / name).read_text("utf-8")
    for word in ("愛知県刈谷市東境町9-9", "会長 太郎"):
        assert word in said
    assert {"p.html": "a*b@example.jp", "p.md": r"a\*b@example.jp", "p.txt": "a*b@example.jp"}[
        name
    ] in said
    assert {"p.html": "&lt;書面&gt;", "p.md": r"\<書面\>", "p.txt": "<書面>"}[name] in said
    for clause in policy.clauses.values():
        words = getattr(clause.says, lang)
        if clause.part in ("purposes", "security"):
            assert words.replace("'", "&#x27;" if name == "p.html" else "'") in said, clause.id
    articles = (
        ["(1)(i)", "(1)(ii)", "(1)(iii)", "10(i)", "10(ii)"]
        if lang == "en"
        else ["第1項第1号", "第1項第2号", "第1項第3号", "第10条第1号", "第10条第2号"]
    )
    at = [said.index(article) for article in articles]
    assert at == sorted(at)


def test_the_form_shows_the_purposes_before_any_field(another: Soc, tmp_path: Path) -> None:
    another("policy", "form", "--to", tmp_path / "form.html")
    said = (tmp_path / "form.html").read_text("utf-8")
    policy = another("policy", "show", "--json").json
    purposes = [one["says"] for one in policy if one["clause"].startswith("U")]
    at = [said.index(words) for words in purposes]
    assert at == sorted(at)
    assert at[-1] < said.index("<table")
    assert re.findall("<th>([^<]*)</th>", said) == [
        "Name ★", "Reading (kana)", "E-mail", "Phone", "Postal code", "Address", "Notices by e-mail",
    ]  # fmt: skip
    assert "complaints@minato.example" in said
    assert "<script" not in said
    assert "http" not in said
    assert another("policy", "form", "--to", tmp_path / "form.html", ok=False).code == 3


def test_the_form_of_the_program_has_nine_purposes(
    soc: Soc, tmp_path: Path, policy: Policy
) -> None:
    soc("--lang", "ja", "policy", "form", "--to", tmp_path / "form.html")
    said = (tmp_path / "form.html").read_text("utf-8")
    assert re.findall("<li><b>(P[0-9])</b>", said) == [f"P{n}" for n in range(1, 10)]
    assert said.count('class="box"') == 4 + 3 * 2


# coverage --------------------------------------------------------------------------------------


def test_every_clause_has_a_command_and_a_test_that_bears_its_name(
    soc: Soc, policy: Policy
) -> None:
    rows = {one["clause"]: one for one in soc("policy", "coverage", "--json").json}
    assert list(rows) == list(policy.clauses)
    assert [id for id, row in rows.items() if not row["commands"]] == []
    assert [id for id, row in rows.items() if not row["tests"]] == []


def test_another_clubs_clauses_are_covered_by_its_purposes(another: Soc) -> None:
    rows = {one["clause"]: one for one in another("policy", "coverage", "--json").json}
    assert "member list" in rows["U2"]["commands"]
    assert rows["U3"]["commands"] == ["member list --for insurance", "member find --for insurance"]
    assert "inquiry reply" not in rows["U2"]["commands"]
    assert "inquiry list" in rows["U4"]["commands"]
    assert any("test_p4_" in name for name in rows["U2"]["tests"])


def test_the_names_of_the_tests_are_those_of_today() -> None:
    assert clauses.TESTS.read_text("utf-8") == clause_tests.written(), (
        "python -m tests.clause_tests"
    )


def test_no_test_bears_the_name_of_a_clause_that_is_none(policy: Policy) -> None:
    assert clause_tests.found().keys() <= policy.clauses.keys()


def test_every_help_names_clauses_that_are_there_the_same_in_both_languages(policy: Policy) -> None:
    order = list(policy.clauses)
    told: dict[str, dict[str, list[str]]] = {}
    for lang in ("en", "ja"):
        language.use(lang)
        for words, command in clauses.commands(build()):
            told.setdefault(words, {})[lang] = clauses.named(command.help or "", order)
    for words, by_language in told.items():
        assert by_language["en"] == by_language["ja"], words
        assert set(by_language["en"]) <= set(order), words
    assert told["disclosure record"]["en"] == ["D0", "D1", "D2", "D3", "D4"]


@pytest.mark.parametrize(
    ("help", "expected"),
    [
        ("Register (C2-C4).", ["C2", "C3", "C4"]), ("登録（C2〜C4）。", ["C2", "C3", "C4"]), ("Of (R1 P3).", ["R1", "P3"]),
        ("List (P4: contact).", ["P4"]), ("No P4 here (art. 21(3)).", []), ("Twice (P1) and (P1 P2).", ["P1", "P2"]),
    ],
)  # fmt: skip
def test_clauses_are_read_out_of_a_help(policy: Policy, help: str, expected: list[str]) -> None:
    assert clauses.named(help, list(policy.clauses)) == expected


def test_d4_without_an_urgent_danger_on_record_nothing_leaves(members: Soc, tmp_path: Path) -> None:
    words = (
        "disclosure", "record", "--ground", "danger", "--recipient", "消防署", "--recipient-address", "愛知県刈谷市1",
        "--recipient-representative", "署長", "--items", "住所", "--member", "1", "--to", str(tmp_path / "x.csv"),
    )  # fmt: skip
    said = {
        "danger": "火事",
        "protects": "life",
        "urgency": "燃えている",
        "why-no-consent": "連絡がつかない",
    }
    for left_out in said:
        given = [w for key, text in said.items() if key != left_out for w in (f"--{key}", text)]
        told = members(*words, *given, ok=False)
        assert (told.code, f"--{left_out} must be on record" in told.err) == (5, True)
        assert not (tmp_path / "x.csv").exists()
    members(*words, *(w for key, text in said.items() for w in (f"--{key}", text)))
    assert (tmp_path / "x.csv").exists()


def test_the_policy_of_the_program_costs_no_parsing_of_another(tmp_path: Path) -> None:
    """What reads another club's file is not loaded where there is none."""
    code = (
        "import sys; from soc_cli.main import build;"
        " build().main(['init'], 'soc', standalone_mode=False); assert 'soc_cli.policy.club' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
