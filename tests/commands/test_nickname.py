"""P7: who posted is shown by nickname alone; what nobody may be called."""

import os
import stat
from pathlib import Path

import pytest

from soc_cli.model import language
from soc_cli.operations.nicknames import Reserved
from soc_cli.policy.form import Policy
from tests.canaries import CANARY, OTHER, registered
from tests.conftest import Soc
from tests.store import raw


@pytest.fixture
def two(club: Soc) -> Soc:
    """A register of two members whose every value is one of its kind."""
    return registered(club)


BOARD = "投稿日,会員番号,題名\n2026-11-01,SOC-0001,譲ります\n2026-11-02,２,探しています\n2026-11-03,,客\n"


def board(tmp_path: Path, text: str = BOARD) -> Path:
    path = tmp_path / "board.csv"
    path.write_text(text, "utf-8")
    return path


def no_value_but_nicknames(text: str) -> None:
    for person in (CANARY, OTHER):
        for key in person.keys() - {"nickname", "sex"}:
            assert person[key] not in text, key


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("list", "--json"),
        ("list", "--format", "csv", "--status", "active"),
        ("list", "--status", "金糸雀職"),
        ("check", "かなりあ壱"),
        ("check", "金糸雀 一号"),
        ("check", CANARY["email"]),
        ("fill", "board.csv"),
        ("fill", "board.csv", "--json"),
        ("fill", "wrong.csv"),
        ("fill", "people.csv"),
    ],
)
def test_p7_nothing_but_number_and_nickname_is_in_any_byte(
    two: Soc, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    board(tmp_path)
    (tmp_path / "wrong.csv").write_text("会員番号\n1\n99\n", "utf-8")
    (tmp_path / "people.csv").write_text("会員番号,氏名\n1,\n", "utf-8")
    told = two("nickname", *words, ok=None)
    asked = " ".join(words)
    for person in (CANARY, OTHER):
        for key in person.keys() - {"nickname", "sex"}:
            if person[key] not in asked:
                assert person[key] not in told.out + told.err, key


@pytest.mark.parametrize("words", [("--for", "nickname"), ("--for", "nickname", "--sort", "kana")])
def test_p7_a_filter_or_an_order_beyond_the_grant_tells_nothing(
    two: Soc, words: tuple[str, ...]
) -> None:
    listed = two("member", "list", *words)
    no_value_but_nicknames(listed.out.replace("2001-02-03", "") + listed.err)
    for option, value in (("--age", "60-"), ("--interest", "金糸雀会"), ("--prefecture", "愛知県")):
        for count in ((), ("--count",)):
            told = two("member", "list", *words, option, value, *count, ok=False)
            assert (told.code, told.out) == (5, "")


def test_p7_the_list_is_in_the_order_of_the_folded_nicknames(club: Soc) -> None:
    for name, nickname in (
        ("甲", "ｶﾒ"),
        ("乙", "いぬ"),
        ("丙", "きつね"),
        ("丁", "アリ"),
        ("戊", ""),
    ):
        club("member", "add", "--name", name, *(("--nickname", nickname) if nickname else ()))
    club("member", "withdraw", "3")
    found = club("nickname", "list", "--json").json
    assert found == [
        {"number": "SOC-0004", "nickname": "アリ", "status": "active"},
        {"number": "SOC-0002", "nickname": "いぬ", "status": "active"},
        {"number": "SOC-0001", "nickname": "ｶﾒ", "status": "active"},
        {"number": "SOC-0003", "nickname": "きつね", "status": "withdrawn"},
    ]
    assert [
        one["number"] for one in club("nickname", "list", "--status", "withdrawn", "--json").json
    ] == ["SOC-0003"]
    entry = club("journal", "list", "--json").json[-1]
    assert (entry["purpose"], entry["categories"], entry["members"]) == (
        "nickname",
        ["nickname"],
        "3",
    )


@pytest.mark.parametrize(
    ("wanted", "verdict", "member"),
    [
        ("みどり", "free", None),
        ("カナリア壱", "taken", "SOC-0001"),
        ("かなりあ 壱", "taken", "SOC-0001"),
        ("力ナリア壱", "alike", "SOC-0001"),
        ("★かなりあ壱★", "alike", "SOC-0001"),
        ("管理者", "reserved", None),
        ("ＡＤＭＩＮ", "reserved", None),
    ],
)
def test_p7_check_tells_whether_a_nickname_can_be_had(
    two: Soc, wanted: str, verdict: str, member: str | None
) -> None:
    told = two("nickname", "check", wanted, "--json", ok=None)
    assert told.json == {"nickname": wanted, "verdict": verdict, "member": member}
    assert told.code == (0 if verdict == "free" else 3)


@pytest.mark.parametrize(
    "wanted",
    [
        "管理者", "管理者 ", "管 理 者", "Admin", "аdmin", "ádmin", "Adm1n", "AD_MIN", "soc", "S0C", "ＳＯＣ", "ソアラオーナーズクラブ",
        "そあら・おーなーずくらぶ", "ソアラオーナーズクラブ☆", "Soarer Owners' Club", "SOC-0012", "soc12", "退会した会員", "Former Member",
    ],
)  # fmt: skip
def test_p7_a_reserved_word_is_nobodys(two: Soc, wanted: str, tmp_path: Path) -> None:
    said = "this nickname is reserved"
    for words in (
        ("member", "add", "--name", "新人", "--nickname", wanted),
        ("member", "edit", "1", "--nickname", wanted),
    ):
        told = two(*words, ok=False)
        assert (told.code, said in told.err) == (3, True)
    sheet = tmp_path / "members.csv"
    sheet.write_text(f'氏名,ニックネーム\n新人,"{wanted}"\n次の人,よいこ\n', "utf-8")
    told = two("member", "import", sheet, "--on-error", "skip", "--json", ok=False)
    assert told.code == 3
    (problem,) = told.json["problems"]
    assert (problem["row"], said in problem["reason"]) == (2, True)
    assert told.json["added"] == 1


@pytest.mark.parametrize(
    "wanted", ["管理", "アドミン", "socks", "ソアラ大好き", "12", "会長さんの犬", "一番星", "0"]
)
def test_p7_what_only_begins_like_a_reserved_word_is_free(two: Soc, wanted: str) -> None:
    two("member", "edit", "1", "--nickname", wanted)


def test_p7_the_first_sheet_of_a_register_brings_no_reserved_word_either(
    club: Soc, tmp_path: Path
) -> None:
    sheet = tmp_path / "members.csv"
    rows = [f"会員{n},よいこ{n}" for n in range(30)]
    rows[7], rows[11] = "会員7,管理者", "会員11,ａdmin"
    sheet.write_text("氏名,ニックネーム\n" + "\n".join(rows) + "\n", "utf-8")
    told = club("member", "import", sheet, "--on-error", "skip", "--json", ok=False)
    assert [problem["row"] for problem in told.json["problems"]] == [9, 13]
    assert told.json["added"] == 28


def test_a_glance_at_many_nicknames_finds_what_a_look_at_each_finds(policy: Policy) -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    from soc_cli.model.fields import kana_key

    words = Reserved(policy)
    letters = st.sampled_from("аaＡdmіi1ıｎnoо0sScソそアあｱラ管理者会員長一二力卜 ・-_☆áＯ12")
    texts = st.text(letters, min_size=1, max_size=8) | st.sampled_from(
        ["管理者", "аdmіn", "SOC-0012", "soc", "ゲスト", "ゲスﾄ", "卜", "力イ", "ﾃﾞﾓ"]
    )

    @given(st.lists(texts.filter(lambda text: kana_key(text) != ""), max_size=20))
    def same(called: list[str]) -> None:
        assert words.among(called, map(kana_key, called)) == {one for one in called if one in words}

    same()


def test_a_nickname_of_before_stays(two: Soc, path: Path, tmp_path: Path) -> None:
    con = raw.connect(path)
    con.execute("update member set nickname = '管理者', nickname_key = '管理者' where id = 1")
    con.commit()
    con.close()
    two("member", "edit", "1", "--phone", "090-1234-0009")
    two("member", "edit", "1", "--nickname", "管理者", "--industry", "別業")
    listed = two("member", "list", "--for", "nickname", "--format", "csv").out
    sheet = tmp_path / "again.csv"
    sheet.write_text("会員番号,氏名,ニックネーム\n1,金糸雀 一号,管理者\n", "utf-8")
    assert two("member", "import", sheet, "--json").json["unchanged"] == 1
    assert "管理者" in listed


# who posted -----------------------------------------------------------------------------------


def test_p7_who_posted_is_shown_by_nickname(two: Soc, tmp_path: Path) -> None:
    path = board(tmp_path)
    assert two("nickname", "fill", path, "--json").json == [
        {
            "投稿日": "2026-11-01",
            "会員番号": "SOC-0001",
            "題名": "譲ります",
            "Nickname": "かなりあ壱",
        },
        {"投稿日": "2026-11-02", "会員番号": "２", "題名": "探しています", "Nickname": "うぐいす"},
        {"投稿日": "2026-11-03", "会員番号": "", "題名": "客", "Nickname": ""},
    ]
    to = tmp_path / "filled.csv"
    assert two("--lang", "ja", "nickname", "fill", path, "--to", to).out == f"{to.as_posix()}\n"
    assert to.read_bytes().decode("utf-8-sig").startswith("投稿日,会員番号,題名,ニックネーム\r\n")
    assert os.name == "nt" or stat.S_IMODE(to.stat().st_mode) == 0o600
    language.use("en")
    again = two("nickname", "fill", to, "--json").json  # filled once more, it has no second column
    assert list(again[0]) == ["投稿日", "会員番号", "題名", "Nickname"]
    certificate = two("member", "erase", "1", "--yes", "--json").json
    assert [one["path"] for one in certificate["files"]] == [str(to)]


def test_p7_whoever_is_no_member_any_more_is_a_former_member_all_alike(
    two: Soc, tmp_path: Path
) -> None:
    for nickname in ("さんばん", "よんばん", ""):
        two(
            "member",
            "add",
            "--name",
            "人",
            "--birth-date",
            f"199{len(nickname)}-01-01",
            "--nickname",
            nickname,
        )
    two("member", "withdraw", "1")
    two("member", "refuse", "2", "--rule", "会則第5条", "--reason", "x")
    two("member", "erase", "3", "--yes")
    path = board(tmp_path, "番号\n1\n2\n3\n4\n5\n")
    found = two("nickname", "fill", path, "--json").json
    assert [one["Nickname"] for one in found] == ["former member"] * 3 + ["よんばん", "member"]


def test_p7_a_sheet_that_tells_more_of_people_is_refused(two: Soc, tmp_path: Path) -> None:
    for heading in ("氏名", "メールアドレス", "住所", "birth date", "TEL"):
        told = two("nickname", "fill", board(tmp_path, f"会員番号,{heading}\n1,x\n"), ok=False)
        assert (told.code, heading in told.err) == (5, True)
    path = board(tmp_path, "会員番号,題名\n1,a\n99,b\nx,c\n")
    told = two("nickname", "fill", path, ok=False)
    assert (told.code, "rows: 3, 4" in told.err, told.out) == (3, True, "")
    assert two("nickname", "fill", board(tmp_path, "題名\na\n"), ok=False).code == 3
    found = two(
        "nickname", "fill", board(tmp_path, "だれ,題名\n1,a\n"), "--number", "だれ", "--json"
    )
    assert found.json[0]["Nickname"] == "かなりあ壱"


def test_p7_a_merged_number_is_the_members_who_was_kept(club: Soc, tmp_path: Path) -> None:
    for nickname in ("いち", "に"):
        club(
            "member", "add", "--name", "同じ人", "--phone", "090-1234-0001", "--nickname", nickname
        )
    club("member", "merge", "1", "2", "--yes")
    found = club("nickname", "fill", board(tmp_path, "番号\n2\n"), "--json").json
    assert found[0]["Nickname"] == "いち"
    told = club("nickname", "check", "に", "--json", ok=False)
    assert (told.json["verdict"], told.json["member"]) == ("taken", "SOC-0001")


def test_p7_a_filled_sheet_has_no_live_formula(two: Soc, tmp_path: Path) -> None:
    two("member", "edit", "1", "--nickname", "=1+1")
    told = two("nickname", "fill", board(tmp_path), "--format", "csv")
    assert ",'=1+1\r\n" in told.out
