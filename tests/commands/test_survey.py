"""Surveys: targets by attributes, as tokens (P2), and the invitation as a second act (P4)."""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.model.errors import PolicyRefused
from soc_cli.store import driver
from soc_cli.store.register import Register
from tests.conftest import Soc

SHEET = "氏名,フリガナ,メールアドレス,電話番号,生年月日,性別,郵便番号,住所,職業,趣味,アンケート,メール案内,郵送案内\n"


def person(n: int, born: str = "1990-04-01", job: str = "会社員", survey: str = "はい", code: str = "460-0008", email: str = "はい") -> str:  # fmt: skip
    return f"氏名{n:03} 太郎,シメイ,canary{n}@example.jp,090-1234-{n:04},{born},男,{code},住所{n:03}町,{job},写真,{survey},{email},いいえ\n"


@pytest.fixture
def asked(club: Soc, tmp_path: Path) -> Soc:
    """Twelve in their thirties who may be asked, six of another trade, one who may not, one who left."""
    sheet = tmp_path / "people.csv"
    rows = [person(n) for n in range(1, 13)]
    rows += [person(n, "1960-01-01", "公務員", code="530-0001") for n in range(13, 19)]
    rows += [person(19, survey="いいえ"), person(20, survey=""), person(21)]
    sheet.write_text(SHEET + "".join(rows), "utf-8")
    club("member", "import", sheet)
    club("member", "withdraw", "21")
    return club


def select(soc: Soc, *where: str, ok: bool | None = True, options: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    filters = [word for one in where for word in ("--where", one)]
    return soc("survey", "select", "--title", "アンケート", *filters, *options, "--json", ok=ok)


def test_p2_targets_are_tokens_and_a_count(asked: Soc) -> None:
    answer = select(asked, "age 30-39", "都道府県 愛知県")
    found = answer.json
    assert (found["matching"], found["picked"]) == (12, 12)
    assert found["filters"] == ["age 30-39", "prefecture 愛知県"]
    assert len(set(found["tokens"])) == 12
    for token in found["tokens"]:
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", token)
    assert "12 picked of 12" in answer.err
    assert asked("survey", "show", "1", "--json").json == found
    (listed,) = asked("survey", "list", "--json").json
    assert listed == {key: value for key, value in found.items() if key != "tokens"}


def test_p2_who_may_not_be_asked_or_has_left_is_never_picked(asked: Soc) -> None:
    assert select(asked).json["matching"] == 18
    asked("member", "choices", "1", "--survey", "no")
    assert select(asked).json["matching"] == 17


@pytest.mark.parametrize("field", ["name", "氏名", "kana", "nickname", "email", "電話番号", "birth_date", "生年月日", "住所", "address", "survey", "メール案内"])  # fmt: skip
def test_p2_a_field_outside_the_grant_is_refused_by_its_clause_and_that_is_on_record(
    asked: Soc, field: str
) -> None:
    answer = select(asked, f"{field} 氏名001", ok=False)
    assert answer.code == 5
    assert answer.err.startswith("soc: P2 does not read")
    assert "prefecture" in answer.err
    assert "氏名001" not in answer.err
    last = asked("journal", "list", "--json").json[-1]
    assert (last["act"], last["outcome"], last["purpose"]) == ("select", "refused", "improve")
    assert asked("survey", "list", "--json").json == []


def test_p2_a_field_that_is_none_is_told_with_those_that_are(asked: Soc) -> None:
    answer = select(asked, "cars 3", ok=False)
    assert answer.code == 2
    assert "age, sex, prefecture, occupation, industry, interest, joined" in answer.err


def test_p2_fewer_than_five_are_refused_and_none_alike(asked: Soc, tmp_path: Path) -> None:
    sheet = tmp_path / "few.csv"
    sheet.write_text(SHEET + "".join(person(n, "1940-01-01") for n in range(31, 35)), "utf-8")
    asked("member", "import", sheet)
    said = {
        select(asked, filter, ok=False).err for filter in ("age 80-", "age 100-", "occupation 医師")
    }
    assert len(said) == 1, "of nobody and of four the same is said"
    assert "fewer than 5" in said.pop()
    assert select(asked, options=("--sample", "4"), ok=False).code == 5
    sheet.write_text(SHEET + person(35, "1940-01-01"), "utf-8")
    asked("member", "import", sheet)
    assert select(asked, "age 80-").json["picked"] == 5


def test_p2_two_selections_side_by_side_tell_of_nobody(asked: Soc) -> None:
    """Whoever asks twice and takes the answers from each other learns of no group that is too small."""
    asked("member", "edit", "1", "--occupation", "医師")
    select(asked, "age 30-39")
    for narrower in ("occupation 会社員", "age 30-39"):
        answer = select(asked, "age 30-39", narrower, ok=None)
        assert answer.code == (0 if narrower == "age 30-39" else 5)
    assert select(asked, "prefecture 愛知県", "occupation 会社員", ok=False).code == 5
    assert select(asked).json["matching"] == 18, "six more are enough"


def test_p2_a_wider_selection_after_a_narrower_one_tells_no_more(asked: Soc) -> None:
    asked("member", "edit", "1", "--occupation", "医師")
    select(asked, "occupation 会社員")
    assert select(asked, "age 30-39", ok=False).code == 5, "one more"


def test_p2_a_sample_is_the_same_for_the_same_seed(asked: Soc, path: Path) -> None:
    first = select(asked, options=("--sample", "7", "--seed", "2026")).json
    again = select(asked, options=("--sample", "7", "--seed", "2026")).json
    other = select(asked, options=("--sample", "7")).json
    assert [one["picked"] for one in (first, again, other)] == [7, 7, 7]
    assert (first["seed"], again["seed"]) == ("2026", "2026")
    assert re.fullmatch("[0-9a-f]{16}", other["seed"])
    assert not set(first["tokens"]) & set(again["tokens"]), "a token is of one survey alone"
    targets = [set(members_of(path, number)) for number in (1, 2, 3)]
    assert targets[0] == targets[1]
    expected = sorted(range(1, 19), key=lambda n: hashlib.sha256(f"2026:{n}".encode()).digest())
    assert targets[0] == set(expected[:7])
    assert select(asked, options=("--seed", "1"), ok=False).code == 2
    assert select(asked, options=("--sample", "99")).json["picked"] == 18


def members_of(path: Path, survey: int) -> list[int]:
    """Whom the tokens stand for, as only the file itself tells."""
    con = driver.connect(path, 1)
    rows = con.execute(
        "select member_id from survey_target where survey_id = ? order by id", (survey,)
    ).fetchall()
    con.close()
    return [row[0] for row in rows]


def test_p2_the_order_of_the_tokens_tells_nothing_of_the_members(asked: Soc, path: Path) -> None:
    """Neither do the numbers of the rows, which upkeep reads with the members, nor the journal's."""
    found = select(asked).json["tokens"]
    con = driver.connect(path, 1)
    tokens = [row[0] for row in con.execute("select token from survey_target order by id")]
    con.close()
    assert found == sorted(tokens) != tokens
    assert members_of(path, 1) != sorted(members_of(path, 1))


def test_p2_canary_no_value_outside_the_grant_is_in_a_byte_of_what_is_said(asked: Soc) -> None:
    shown = ""
    for words in (
        ("select", "--title", "x", "--where", "age 30-39"), ("list",), ("show", "1"), ("show", "9"),
        ("select", "--title", "x", "--where", "birth_date 1990-04-01"), ("select", "--title", "x", "--where", "age 1990-04-01"),
        ("select", "--title", "x", "--where", "interest シメイ"), ("select", "--title", "x", "--sample", "5", "--seed", "1"),
    ):  # fmt: skip
        for form in ("table", "lines", "csv", "json", "jsonl"):
            answer = asked("survey", *words, "--format", form, ok=None)
            shown += answer.out + answer.err.replace("“1990-04-01”", "")
    for canary in ("氏名0", "シメイ", "canary", "090-1234", "1990-04-01", "1960-01-01", "住所0", "SOC-00"):  # fmt: skip
        assert canary not in shown, canary


def test_p2_the_journal_names_whoever_was_read_and_not_whoever_was_picked(asked: Soc) -> None:
    select(asked, "age 30-39")
    read, made = [
        e for e in asked("journal", "list", "--json").json if e["command"] == "survey select"
    ][:2]
    assert (read["act"], read["members"], read["categories"]) == ("read", "1-18", ["attributes"])
    assert (made["act"], made["members"]) == ("select", "")


Open = Callable[..., Register]
FILLED = (
    "insert into member (id, name, name_key, survey, notice_email, email) values (1, 'n', 'n', 1, 1, 'a@example.jp'), (2, 'm', 'm', 1, 1, null)",
    "insert into survey (id, made_at, title, filters, matching, picked) values (1, 'x', 't', '[]', 5, 5)",
    "insert into survey_target (survey_id, member_id, token) values (1, 1, 'token-of-one'), (1, 2, 'token-of-two')",
)


@pytest.mark.parametrize("purpose", ["improve", "content", "nickname", "inquiry", "verify", "refuse", "upkeep"])  # fmt: skip
def test_p2_p4_only_the_invitation_turns_a_token_into_a_member(memory: Open, purpose: str) -> None:
    register = memory(purpose, None, FILLED)
    for sql in (
        "select member_id, token from survey_target",
        "select member_id from soc_category_targets",
        "select t.token, s.member_id from soc_category_targets t join survey_target s on s.token = t.token",
        "select member_id, token from soc_category_invitations",
        "select m.id from member m where exists (select 1 from survey_target t where t.member_id = m.id and t.token = 'token-of-one')",
        "insert into survey (made_at, title, filters, matching, picked) select token, member_id, '[]', 1, 1 from survey_target",
        "select rowid, token from soc_category_targets",
        # Upkeep moves and deletes targets, by number and without the token.
        *(() if purpose == "upkeep" else ("update survey_target set token = member_id", "select member_id from survey_target")),
    ):  # fmt: skip
        with pytest.raises(PolicyRefused), register.change():
            register._con.execute(sql).fetchall()


def test_p4_the_invitation_reads_both(memory: Open) -> None:
    from soc_cli.operations import surveys

    assert surveys.invited(memory("contact", None, FILLED), 1) == [1, 2]


def invited(soc: Soc, tmp_path: Path, *options: str, channel: str = "email") -> list[list[str]]:
    file = tmp_path / "invitation.csv"
    answer = soc("survey", "invite", "1", "--channel", channel, "--to", file, *options)
    assert answer.out == f"{file.as_posix()}\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_p4_the_invitation_has_token_name_and_address_and_obeys_the_choices(
    asked: Soc, tmp_path: Path, path: Path
) -> None:
    tokens = select(asked, "age 30-39").json["tokens"]
    asked("member", "choices", "1", "--survey", "no")
    asked("member", "choices", "2", "--notice-email", "no")
    asked("member", "edit", "3", "--email", "")
    asked("member", "withdraw", "4")
    asked("member", "erase", "5", "--yes")
    heading, *rows = invited(asked, tmp_path)
    assert heading == ["Token", "Name", "E-mail"]
    assert [row[2] for row in sorted(rows, key=lambda row: row[2])] == sorted(
        f"canary{n}@example.jp" for n in range(6, 13)
    )
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert {row[0] for row in rows} < set(tokens)
    if os.name == "posix":
        assert (tmp_path / "invitation.csv").stat().st_mode & 0o777 == 0o600
    entries = [e for e in asked("journal", "list", "--json").json if e["act"] == "invite"]
    assert [int(e["members"]) for e in entries] == list(range(6, 13)), "not in the tokens' order"
    assert {e["purpose"] for e in entries} == {"contact"}
    assert "exists already" in asked("survey", "invite", "1", "--channel", "email", "--to", tmp_path / "invitation.csv", ok=False).err  # fmt: skip
    answer = asked("survey", "invite", "1", "--channel", "post", "--to", tmp_path / "post.csv", ok=False)  # fmt: skip
    assert answer.code == 4, "nobody of them wants post"
    assert not (tmp_path / "post.csv").exists()
    assert asked("survey", "invite", "7", "--channel", "post", "--to", tmp_path / "p.csv", ok=False).code == 4  # fmt: skip


def test_p4_by_post_there_is_no_email(asked: Soc, tmp_path: Path) -> None:
    select(asked, "age 30-39")
    asked("member", "choices", "1", "--notice-post", "yes")
    heading, row = invited(asked, tmp_path, channel="post")
    assert heading == ["Token", "Name", "Postal code", "Address"]
    assert row[1:] == ["氏名001 太郎", "460-0008", "住所001町"]


def test_p4_canary_no_value_outside_the_grant_is_in_the_invitation(
    asked: Soc, tmp_path: Path
) -> None:
    asked("member", "edit", "1", "--occupation", "=canary job")
    select(asked)
    text = str(invited(asked, tmp_path))
    for canary in ("canary job", "1990-04-01", "写真", "シメイ", "SOC-", "090-1234"):
        assert canary not in text


def test_r1_a_member_is_told_of_being_picked_and_of_the_invitation(
    asked: Soc, tmp_path: Path
) -> None:
    select(asked, "age 30-39", "sex 男")
    invited(asked, tmp_path)
    asked("export", "1", "--to", tmp_path / "own")
    data = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    (picked,) = data["surveys"]
    assert picked["title"] == "アンケート"
    assert picked["filters"] == ["age 30-39", "sex male"]
    assert [file["kind"] for file in data["files"]] == ["invitation"]
    assert ("improve", "read") in {(e["purpose"], e["act"]) for e in data["accesses"]}
    assert ("contact", "invite") in {(e["purpose"], e["act"]) for e in data["accesses"]}
    page = (tmp_path / "own" / "own-data.html").read_text("utf-8")
    assert "Age 30-39, Sex male" in page
    asked("export", "19", "--to", tmp_path / "other")
    assert json.loads((tmp_path / "other" / "own-data.json").read_text("utf-8"))["surveys"] == []


def test_r1_an_erasure_takes_the_token_and_a_merge_moves_it(asked: Soc, path: Path) -> None:
    tokens = select(asked, "age 30-39").json["tokens"]
    erased = asked("member", "erase", "5", "--yes", "--json").json
    assert erased["erased"]["survey_target"] == 1
    left = asked("survey", "show", "1", "--json").json
    assert (left["picked"], len(left["tokens"])) == (12, 11)
    (gone,) = set(tokens) - set(left["tokens"])
    assert gone.encode() not in path.read_bytes()
    asked("member", "merge", "13", "6", "--yes")
    assert 6 not in members_of(path, 1)
    assert 13 in members_of(path, 1)
    asked("member", "unmerge", "13")
    assert 6 in members_of(path, 1)


def test_a_sweep_takes_the_targets_of_old_surveys_once_a_period_is_set(
    asked: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soc_cli.policy import form

    select(asked, "age 30-39")
    con = driver.connect(path, 1)
    con.execute("update survey set made_at = '2020-05-01T10:00:00+09:00'")
    con.close()
    text = form.PACKAGED.read_text("utf-8")
    at = text.index("[period.survey]")
    changed = form.read_policy(text[:at] + text[at:].replace("years = 0", "years = 2", 1))
    monkeypatch.setattr(form, "packaged", lambda: changed)
    swept = {row["period"]: row["count"] for row in asked("sweep", "--yes", "--json").json}
    assert swept["survey"] == 12
    found = asked("survey", "show", "1", "--json").json
    assert (found["picked"], found["tokens"]) == (12, [])


def test_a_title_is_asked_for_and_checked(asked: Soc) -> None:
    assert asked("survey", "select", ok=False).code == 2
    assert asked("survey", "select", "--title", " ", ok=False).code == 3
    assert asked("survey", "select", "--title", "x\x1b[2J", ok=False).code == 3
