"""A secretary who never saw a terminal: types only what the screen asks for, and does all five jobs."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Soc

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are Unix", allow_module_level=True)

from tests.person import Person

pytestmark = pytest.mark.plain("a person is asked for the key first")


@pytest.fixture
def sits(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Starts `soc` before a person, in a folder of their own."""
    started: list[Person] = []

    def down(*arguments: str, **window: int) -> Person:
        started.append(Person(*arguments, folder=tmp_path, **window))  # type: ignore[arg-type]
        return started[-1]

    yield down
    for one in started:
        one.child.close(force=True)


def test_all_five_jobs_by_the_menu(sits: Callable[..., Person], soc: Soc, tmp_path: Path) -> None:
    person = sits()
    person.sees("名簿がまだありません")
    person.choose("init")
    person.choose("実行する")
    person.choose("いいえ")
    _until(person, "何をしますか")

    # 1. Registering
    person.choose("member")
    person.choose("add")
    person.choose("実行する")
    person.types("見本 花子", "氏名")
    for asked in ("フリガナ", "ニックネーム", "メールアドレス", "電話番号", "生年月日"):
        person.types(
            {"電話番号": "03-1234-0001", "生年月日": "昭和50年4月1日"}.get(asked, ""), asked
        )
    _until(person, "何をしますか")

    # 2. A meeting
    person.choose("meeting")
    person.choose("add")
    person.choose("実行する")
    person.types("春のミーティング", "名称")
    person.types("2099-04-12", "開催日")
    _until(person, "何をしますか")
    person.choose("meeting")
    person.choose("declare")
    person.types("1", "MEETING")
    person.choose("[MEMBER")
    person.types("1", "MEMBER")
    person.choose("実行する")
    _until(person, "何をしますか")

    # 3. An inquiry
    person.choose("inquiry")
    person.choose("log")
    person.choose("--member")
    person.types("1", "--member")
    person.choose("実行する")
    person.types("駐車場はありますか。", "問い合わせ")
    _until(person, "何をしますか")

    # 4. Own data
    person.choose("export")
    person.types("own", "--to")
    person.choose("MEMBER")
    person.types("1", "MEMBER")
    person.choose("実行する")
    _until(person, "何をしますか")

    # 5. Giving to others, on one of the four grounds
    person.choose("disclosure")
    person.choose("record")
    person.choose("実行する")
    person.choose("差し迫った危険")
    person.types("事故で意識がない", "危険の内容を書いて")
    person.choose("生命")
    for answer, asked in (
        ("今すぐ", "待てない理由"), ("意識がない", "同意を得にくい理由を"), ("見本消防署", "提供先の記録が要ります"),
        ("愛知県刈谷市", "提供先の住所の記録"), ("署長 見本", "提供先の代表者の記録"), ("氏名,電話番号", "コンマで区切る"),
        ("1", "会員："), ("given.csv", "新しいファイル"),
    ):  # fmt: skip
        person.types(answer, asked)
    _until(person, "何をしますか")
    person.choose("終わる")
    assert person.ends() == 0

    data = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    assert (data["member"]["name"], data["member"]["birth_date"]) == ("見本 花子", "1975-04-01")
    assert [one["title"] for one in data["meetings"]] == ["春のミーティング"]
    assert [one["body"] for one in data["inquiries"]] == ["駐車場はありますか。"]
    assert "見本 花子,03-1234-0001" in (tmp_path / "given.csv").read_text("utf-8-sig")
    assert b"$ soc export 1 --to own" in person.all or b"$ soc export --to own 1" in person.all


def _until(person: Person, words: str) -> None:
    """Answers every further question with Enter, until these words stand on the screen."""
    for _question in range(40):
        person.settle(0.3)
        lines = person.seen().splitlines()
        at = max((n for n, line in enumerate(lines) if "»" in line), default=0)
        if any(words in line for line in lines[max(0, at - 2) : at]):
            return
        person.presses("\r")
    raise AssertionError(person.seen())


def test_ctrl_c_leaves_a_question_and_then_the_menu(sits: Callable[..., Person], club: Soc) -> None:
    person = sits()
    person.choose("member")
    person.sees("soc member")
    person.presses("\x03")
    person.sees("何をしますか")
    person.presses("\x03")
    assert person.ends() == 130


def test_a_narrow_window_breaks_no_line_of_a_list(sits: Callable[..., Person], club: Soc) -> None:
    club("member", "add", "--name", "髙﨑 壮", "--address", "愛知県名古屋市中村区名駅1-1-4")
    person = sits("member", "list", columns=44, lines=30)
    person.ends()
    person.stream.feed(person.all)
    assert "愛知県名古屋市中村区名駅1-1-4" in "".join(person.seen().split())


def test_what_is_pasted_is_one_answer(sits: Callable[..., Person], club: Soc) -> None:
    person = sits("inquiry", "log", "--member", "1")
    club("member", "add", "--name", "甲")
    person.sees("問い合わせ")
    person.settle()
    person.child.send("\x1b[200~" + "長い本文です。" * 60 + "\x1b[201~")
    person.settle()
    person.presses("\r")
    person.ends()
    assert club("inquiry", "show", "1", "--json").json["body"] == "長い本文です。" * 60


def test_a_passphrase_is_chosen_in_a_small_window(
    sits: Callable[..., Person], tmp_path: Path
) -> None:
    """Why one is not taken is to be read whole, and whoever breaks off finds nothing half made."""
    person = sits("init", "--encrypt", columns=80, lines=24)
    person.choose("自分で決める")
    person.types("abc", "新しいパスフレーズ")
    person.sees("1日もかからず見破られます", "関係のない言葉を、四つ以上")
    person.presses("\x15")
    person.types("さくら 灯台 ﾚﾓﾝ 飛行船 もぐら", "新しいパスフレーズ")
    person.types("さくら 灯台 レモン 飛行船", "もう一度")
    person.sees("先ほどの入力と違います")
    person.types(" もぐら", "もう一度")
    person.sees("復旧メモ")
    person.presses("\x03")
    assert person.ends() == 130
    assert list(tmp_path.iterdir()) == []


def test_in_a_narrow_window_what_is_to_be_decided_stands_whole(
    sits: Callable[..., Person],
) -> None:
    """And a list that is too long for that shows where a line of it is cut."""
    person = sits(lang="en", columns=40, lines=20)
    person.choose("init")
    person.sees("--policy", "carries from then on.")
    person.choose("Run it")
    person.sees("without it", "nobody can open the register any", "more")
    person.choose("No: ")
    assert "Encrypt the register, so that nobody c…" in person.sees("Enter leads back")
    person.presses("\r")
    person.choose("member")
    assert person.sees("import").count("…") > 10
    person.choose("import")
    person.sees("UTF-16 or EUC-JP; - is standard input.")


def test_the_menu_says_what_an_answer_may_be(sits: Callable[..., Person], members: Soc) -> None:
    person = sits(columns=60, lines=24)
    person.choose("member")
    person.choose("list")
    person.choose("--limit")
    person.types("三つ", "この件数まで")
    person.sees("0 から 99999999 までの整数")
