"""P8: whoever is refused is stopped and known again, and nothing but keyed marks outlives them."""

from pathlib import Path

import pytest

from soc_cli.model import marks
from tests.conftest import Soc
from tests.store.raw import connect, raw

PERSON = {
    "--name": "髙﨑 壮", "--phone": "052-123-0102", "--email": "so@example.jp", "--birth-date": "1975-04-01",
    "--address": "愛知県名古屋市中村区名駅1-1-4",
}  # fmt: skip
RULE = ("--rule", "会則第5条", "--reason", "春のミーティングで暴れた")


def words(said: dict[str, str]) -> list[str]:
    return [word for pair in said.items() for word in pair]


@pytest.fixture
def one(club: Soc) -> Soc:
    """A register with one member who is known by everything."""
    club("member", "add", *words(PERSON), "--joined-on", "2004-05-22")
    return club


@pytest.fixture
def refused(one: Soc) -> Soc:
    """… and who is refused."""
    one("member", "refuse", "1", *RULE, "--until", "2099-03-31")
    return one


def test_p8_refusing_ends_the_membership_and_is_on_record(refused: Soc) -> None:
    shown = refused("member", "show", "1", "--json").json
    assert (shown["status"], shown["left_on"] is not None) == ("refused", True)
    (one,) = refused("member", "refusals", "--json").json
    assert {key: one[key] for key in ("number", "member", "rule", "reason", "until", "marks")} == {
        "number": 1, "member": "SOC-0001", "rule": "会則第5条", "reason": "春のミーティングで暴れた",
        "until": "2099-03-31", "marks": ["address", "birth_date", "email", "phone"],
    }  # fmt: skip
    (entry,) = [e for e in refused("journal", "list", "--json").json if e["act"] == "refuse"]
    assert (entry["purpose"], entry["members"], entry["details"]) == ("refuse", "1", "refusal=1")
    assert refused("member", "refuse", "1", *RULE, ok=False).code == 3


@pytest.mark.parametrize("kind", ["--phone", "--email", "--birth-date", "--address"])
def test_p8_whoever_is_refused_is_stopped_at_registering(refused: Soc, kind: str) -> None:
    spelled = {
        "--phone": "０５２（１２３）０１０２", "--email": "so@EXAMPLE.jp", "--birth-date": "昭和50年4月1日",
        "--address": "愛知県名古屋市中村区名駅１丁目１番４号",
    }  # fmt: skip
    answer = refused("member", "add", "--name", "高崎　壮", kind, spelled[kind], ok=False)
    assert answer.code == 5
    assert "会則第5条" in answer.err
    assert "--not-the-same" in answer.err
    entry = refused("journal", "list", "--json").json[-1]
    assert (entry["act"], entry["outcome"], entry["details"]) == ("recognise", "refused", "refusal=1")  # fmt: skip
    assert len(refused("member", "list", "--json").json) == 1


def test_p8_the_name_alone_only_warns(refused: Soc) -> None:
    answer = refused("member", "add", "--name", "高崎 壮", "--phone", "052-123-9999")
    assert answer.out == "SOC-0002\n"
    assert "Somebody of this name is refused: 1" in answer.err
    assert (
        "refused" not in refused("member", "add", "--name", "森 花", "--phone", "052-123-0102").err
    )


def test_p8_a_namesake_is_let_in_and_that_is_on_record(refused: Soc) -> None:
    namesake = ("member", "add", "--name", "高崎 壮", "--birth-date", "1975-04-01")
    assert refused(*namesake, ok=False).code == 5
    refused(*namesake, "--not-the-same")
    entry = refused("journal", "list", "--json").json[-1]
    assert (entry["act"], entry["members"], entry["details"]) == ("register", "2", "not-the-same refusal=1")  # fmt: skip


def test_p8_declaring_and_coming_back_are_stopped(refused: Soc) -> None:
    refused("meeting", "add", "--title", "spring", "--date", "2027-04-11")
    assert refused("meeting", "declare", "1", "1", ok=False).code == 5
    answer = refused("member", "rejoin", "1", ok=False)
    assert (answer.code, "until 2099-03-31" in answer.err) == (5, True)


@pytest.mark.parametrize("founding", [True, False])
def test_p8_importing_is_stopped_row_by_row(refused: Soc, tmp_path: Path, founding: bool) -> None:
    refused("member", "erase", "1", "--yes")
    if not founding:
        refused("member", "add", "--name", "小野 節子")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "氏名,電話番号\n髙崎壮,0521230102\n山田 太郎,052-123-0102\n高崎 壮,03-1234-9999\n", "utf-8"
    )
    answer = refused("member", "import", sheet, "--on-error", "skip", "--json", ok=False)
    assert (answer.code, answer.json["added"], answer.json["rejected"]) == (3, 2, 1)
    (problem,) = answer.json["problems"]
    assert (problem["row"], problem["column"], "refusal 1" in problem["reason"]) == (2, "氏名", True)  # fmt: skip
    (note,) = answer.json["notes"]
    assert (note["row"], "somebody refused: 1" in note["note"]) == (4, True)


def test_p8_a_sheet_neither_refuses_nor_readmits(refused: Soc, tmp_path: Path) -> None:
    refused("member", "add", "--name", "小野 節子")
    sheet = tmp_path / "sheet.csv"
    for number, status in ((1, "在籍"), (2, "利用拒否")):
        sheet.write_text(f"会員番号,氏名,状態\n{number},{'髙﨑 壮' if number == 1 else '小野 節子'},{status}\n")  # fmt: skip
        answer = refused(
            "member", "import", sheet, "--map", "状態=status", "--on-match", "update", "--json", ok=False
        )  # fmt: skip
        assert "soc member readmit" in answer.json["problems"][0]["reason"], answer
    statuses = [
        one["status"] for one in refused("member", "list", "--sort", "number", "--json").json
    ]
    assert statuses == ["refused", "active"]


def test_p8_an_erasure_leaves_keyed_marks_and_nothing_else(refused: Soc, path: Path) -> None:
    answer = refused("member", "erase", "1", "--yes")
    assert "keyed marks of Name, Address, Birth date, E-mail, Phone" in answer.err
    assert "(P8: 会則第5条), until 2099-03-31" in answer.err
    data = raw(path)
    for value in (*PERSON.values(), "暴れた", "高崎壮", "+81521230102"):
        assert value.encode() not in data
    assert "会則第5条".encode() in data
    (left,) = refused("member", "refusals", "--json").json
    assert (left["member"], left["reason"], left["rule"]) == (None, None, "会則第5条")
    assert refused("member", "add", *words(PERSON), ok=False).code == 5
    refused("journal", "verify")
    refused("member", "readmit", "--refusal", "1")
    assert refused("member", "add", *words(PERSON)).out == "SOC-0002\n"
    assert refused("member", "refusals", "--json").json == []
    assert refused("member", "readmit", "--refusal", "1", ok=False).code == 4


def test_p8_a_mark_cannot_be_tried_without_the_key(
    refused: Soc, path: Path, tmp_path: Path
) -> None:
    con = connect(path)
    stored = set(con.execute("select kind, mark from refusal_mark"))
    con.close()
    key = (tmp_path / "settings" / "marks.key").read_bytes()
    assert key not in raw(path)
    said = {"name_key": "高崎壮", "phone_key": "+81521230102"}
    borne = {("name", "phone")[kind != "name"] for kind, _mark in marks.marks(key, said)}
    assert borne == {"name", "phone"}
    assert set(marks.marks(key, said)) <= stored
    assert not set(marks.marks(bytes(32), said)) & stored
    assert (tmp_path / "settings" / "marks.key").stat().st_mode & 0o077 == 0


def test_p8_the_member_reads_of_it(refused: Soc, tmp_path: Path) -> None:
    import json

    refused("export", "1", "--to", tmp_path / "own")
    data = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    (one,) = data["refusals"]
    assert (one["rule"], one["reason"], one["until"]) == ("会則第5条", "春のミーティングで暴れた", "2099-03-31")  # fmt: skip
    assert ("P8: 会則第5条", "2099-03-31") in [(r["reason"], r["until"]) for r in data["retained"]]
    assert "会則第5条" in (tmp_path / "own" / "own-data.html").read_text("utf-8")


def test_whoever_is_readmitted_is_what_they_were(refused: Soc) -> None:
    refused("member", "readmit", "1")
    shown = refused("member", "show", "1", "--json").json
    assert (shown["status"], shown["joined_on"], shown["left_on"]) == ("active", "2004-05-22", None)
    assert refused("member", "readmit", "1", ok=False).code == 3
    refused("member", "withdraw", "1")
    refused("member", "refuse", "1", *RULE)
    refused("member", "readmit", "1")
    assert refused("member", "show", "1", "--json").json["status"] == "withdrawn"
    assert refused("member", "add", *words({**PERSON, "--name": "高崎壮"})).code == 0
    assert refused("member", "readmit", ok=False).code == 2


def test_a_refusal_ends_by_itself(refused: Soc, path: Path) -> None:
    con = connect(path)
    con.execute("update refusal set refused_on = '2020-01-01', until = '2020-12-31'")
    con.commit()
    con.close()
    assert refused("member", "add", *words({**PERSON, "--name": "高崎壮"})).code == 0
    refused("member", "rejoin", "1")
    assert refused("member", "show", "1", "--json").json["status"] == "active"


def test_what_a_refusal_needs(one: Soc) -> None:
    assert one("member", "refuse", "1", "--reason", "x", ok=False).code == 2
    assert one("member", "refuse", "1", "--rule", "x", ok=False).code == 2
    assert one("member", "refuse", *RULE, ok=False).code == 2
    assert one("member", "refuse", "9", *RULE, ok=False).code == 4
    for day in ("2020-01-01", "2027-02-30", "x"):
        assert one("member", "refuse", "1", *RULE, "--until", day, ok=False).code == 3
    assert one("member", "show", "1", "--json").json["status"] == "active"


def test_a_lost_key_is_told_and_the_way_out_says_its_price(refused: Soc, tmp_path: Path) -> None:
    refused("member", "add", "--name", "小野 節子", "--phone", "052-123-0103")
    refused("member", "refuse", "2", *RULE)
    refused("member", "erase", "1", "--yes")
    key = tmp_path / "settings" / "marks.key"
    copy = key.read_bytes()
    for other in (b"", bytes(32), b"short"):
        key.unlink(missing_ok=True)
        if other:
            key.write_bytes(other)
        answer = refused("member", "add", "--name", "森 花", ok=False)
        assert (answer.code, "key" in answer.err) == (1, True)
    key.write_bytes(copy)
    assert refused("member", "add", *words(PERSON), ok=False).code == 5
    key.unlink()
    assert refused("member", "refuse", "--key-lost", ok=False).code == 5
    assert "marked anew: 1; gone: 1" in refused("member", "refuse", "--key-lost", "--yes").err
    assert refused("member", "add", *words(PERSON)).code == 0
    ono = ("member", "add", "--name", "小野節子", "--phone", "052-123-0103")
    assert refused(*ono, ok=False).code == 5


def test_an_outsider_of_the_register_may_not_read_the_reason(refused: Soc) -> None:
    """A list for contact holds no refusal, and one for P8 no e-mail."""
    assert "暴れた" not in refused("member", "list", "--json").out
    assert refused("member", "list", "--for", "refuse", "--json").json[0]["email"] is None


def on(path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """It is this day; only a sample may be told so."""
    con = connect(path)
    con.execute("update register set value = 'yes' where key = 'sample'")
    con.commit()
    con.close()
    monkeypatch.setenv("SOC_TODAY", day)


def test_a_readmission_on_a_later_day_is_a_new_period(
    one: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(path, monkeypatch, "2026-11-20")
    one("member", "refuse", "1", *RULE)
    on(path, monkeypatch, "2026-11-25")
    one("member", "readmit", "--refusal", "1")
    shown = one("member", "show", "1", "--json").json
    assert (shown["status"], shown["joined_on"], shown["left_on"]) == ("active", "2026-11-25", None)
    assert [(y["joined"], y["left"]) for y in one("stats", "--json").json["years"]][-1] == (1, 1)


def test_a_refusal_after_one_that_ran_out(
    one: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one("member", "withdraw", "1", "--on", "2015-01-01")
    on(path, monkeypatch, "2026-01-10")
    one("member", "refuse", "1", *RULE, "--until", "2026-03-01")
    on(path, monkeypatch, "2026-04-01")
    assert one("member", "rejoin", "1", "--on", "2026-02-01", ok=False).code == 3
    one("member", "rejoin", "1")
    one("member", "refuse", "1", *RULE)
    on(path, monkeypatch, "2026-06-01")
    one("member", "readmit", "1")
    assert one("member", "show", "1", "--json").json["status"] == "active"


@pytest.mark.parametrize("erased", [False, True])
def test_p8_values_that_changed_after_the_refusal_are_known_too(refused: Soc, erased: bool) -> None:
    refused("member", "edit", "1", "--phone", "090-9999-8888", "--kana", "タカサキ ソウ")
    if erased:
        refused("member", "erase", "1", "--yes")
    for said in (
        ("高崎 壮", "090-9999-8888"),
        ("高崎 壮", "052-123-0102"),
        ("たかさき　そう", "09099998888"),
    ):
        answer = refused("member", "add", "--name", said[0], "--phone", said[1], ok=False)
        assert (answer.code, "refusal 1" in answer.err) == (5, True), said
    assert refused("member", "add", "--name", "高崎 壮二", "--phone", "090-9999-8888").code == 0


def test_p8_whoever_came_in_by_name_and_is_then_corrected_is_pointed_out(
    refused: Soc, tmp_path: Path
) -> None:
    refused("member", "add", "--name", "高崎壮")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("会員番号,氏名,メールアドレス\n2,高崎壮,so@example.jp\n", "utf-8")
    report = refused("member", "import", sheet, "--on-match", "update", "--json").json
    assert ["refusal 1" in one["note"] for one in report["notes"]] == [True]
    answer = refused("member", "edit", "2", "--phone", "052-123-0102")
    assert "refusal 1" in answer.err
    assert "refusal" not in refused("member", "edit", "1", "--phone", "052-123-0199").err
    refused("member", "readmit", "1")
    assert "look like the same person: SOC-0002" in refused("member", "refuse", "1", *RULE).err


def test_correcting_and_erasing_do_not_wait_for_a_lost_key(refused: Soc, tmp_path: Path) -> None:
    (tmp_path / "settings" / "marks.key").unlink()
    refused("member", "edit", "1", "--phone", "052-123-0199")
    refused("member", "erase", "1", "--yes")


def test_a_key_that_is_there_is_not_declared_lost(refused: Soc, tmp_path: Path) -> None:
    assert refused("member", "refuse", "--key-lost", "--yes", ok=False).code == 3
    (tmp_path / "settings" / "marks.key").write_bytes(b"short")
    for words_of in (("member", "add", "--name", "x"), ("member", "refuse", "--key-lost", "--yes")):
        answer = refused(*words_of, ok=False)
        assert (answer.code, "is no key of refusal marks" in answer.err) == (1, True)


def test_p8_a_sweep_ends_the_refusals_that_have_run_out(
    one: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(path, monkeypatch, "2026-01-10")
    one("member", "add", "--name", "小野 節子", "--phone", "052-123-0103")
    for number in ("1", "2"):
        one("member", "refuse", number, *RULE, "--until", "2026-01-31")
    one("member", "erase", "2", "--yes")
    on(path, monkeypatch, "2026-01-31")
    assert one("sweep", "--dry-run", "--json").json[-1]["count"] == 0
    on(path, monkeypatch, "2026-02-01")
    assert one("sweep", "--yes", "--json").json[-1] == {
        "period": "refusal", "years": None, "count": 2, "oldest": "2026-01-31",
    }  # fmt: skip
    con = connect(path)
    assert con.execute("select count(*) from refusal_mark").fetchone() == (0,)
    assert con.execute("select count(*) from refusal").fetchone() == (1,)
    con.close()
    assert one("member", "show", "1", "--json").json["status"] == "withdrawn"
    one("member", "rejoin", "1")
