"""Every command's help has two examples that run: each is played on a copy of the sample."""

import shlex
import shutil
from pathlib import Path

import pytest

from soc_cli.commands import examples
from soc_cli.main import build
from soc_cli.policy.form import PACKAGED
from soc_cli.store import maintenance
from tests.conftest import Soc
from tests.faults.acts import READING
from tests.make_sample import SAMPLE

NAMES = sorted(examples.every())
COMMANDS = {
    f"{noun} {verb}".strip(): command
    for noun, one in build().commands.items()
    for verb, command in getattr(one, "commands", {"": one}).items()
}
FILES = {
    "member.json": '{"name": "見本 花子", "email": "hanako@example.jp"}',
    "attendance.csv": "会員番号,出欠\nSOC-0012,○\n",
    "consents.csv": "会員番号,提供先,項目,方法,同意日\nSOC-0012,みほん板金,氏名,書面,2026-11-20\n",
    "disclosures.csv": (
        "提供日時,根拠,提供先,提供先住所,提供先代表者,項目,会員番号,危険の内容,保護対象,緊急性,同意を得られない理由\n"
        "2026-11-01,danger,見本消防署,刈谷市,署長 見本,氏名,SOC-0012,事故,life,今すぐ,意識がない\n"
    ),
    "new.csv": "氏名,フリガナ,電話番号\n見本 花子,ミホン ハナコ,03-1234-9999\n",
    "old.csv": "受付日時,会員番号,種別,件名,本文\n2026-10-01,SOC-0012,question,駐車場,駐車場はありますか。\n",
    "services.csv": "会員番号,日時,サービス,操作,ページ\nSOC-0012,2026-11-01 10:00,掲示板,書き込み,/bbs/1\n",
    "posts.csv": "会員番号,書き込み\nSOC-0002,こんにちは\n",
    "access.log": '203.0.113.9 - - [20/Nov/2026:10:00:00 +0900] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0" "soc=v1"\n',
    "answer.txt": "次回から静かにします。\n",
    "club.toml": PACKAGED.read_text("utf-8")
    .replace('reads = ["identity"]', 'reads = ["identity", "contact"]', 1)
    .replace('representative = ""', 'representative = "見本 太郎"', 1),
}
PASSED_OVER = {"tour", "init"}
"""Played by tests of their own, in a folder without a register."""


def test_every_command_has_two_examples() -> None:
    for name in COMMANDS:
        assert len(examples.every().get(name, ())) == 2, name
    assert not examples.every().keys() - COMMANDS.keys()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the sample in which enough has happened for every example."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copy(SAMPLE, folder / "register.db")
    (folder / "register.db").chmod(0o600)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PASSED_OVER])
def test_examples_run(
    name: str, soc: Soc, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")
    monkeypatch.setenv("SOC_DB", "register.db")
    monkeypatch.setenv("SOC_MARK_KEY_FILE", "marks.key")
    if not (world / "backup.db").exists():
        monkeypatch.chdir(world)
        for command in BEFORE:
            soc(*shlex.split(command))
    for at, line in enumerate(examples.every()[name]):
        shutil.copytree(world, folder := tmp_path / str(at))
        monkeypatch.chdir(folder)
        words, _arrow, fed = line.partition(" < ")
        answer = soc(*shlex.split(words)[1:], stdin=Path(fed).read_bytes() if fed else b"", ok=None)
        assert answer.code == FINDS.get(name, 0), (line, answer)
        if name in READING:
            changed = maintenance.differences(
                world / "register.db", folder / "register.db", JOURNAL
            )
            assert changed == [], line


JOURNAL = ("journal", "journal_subject", "sqlite_sequence")
"""What reading adds to."""
FINDS = {"check": 1, "policy publish": 5}
"""Exit codes other than 0: something was corrected and not yet swept; the club's address is not set."""
BEFORE = (
    "member add --name '青木 あずさ' --phone 03-1234-0012 --occupation 自営業 --quiet",
    "member add --name '山本 千尋' --phone 090-1234-0026 --quiet",
    "member merge 26 64 --yes --quiet",
    "member refuse 25 --rule 会則第5条 --reason 迷惑行為 --yes --quiet",
    "member withdraw 24 --quiet",
    "inquiry log --from-name '問合 三郎' --body 部品を探しています --quiet",
    "inquiry link 7 14 --quiet",
    "inquiry identify 6 --how 運転免許証 --quiet",
    "inquiry log --member 13 --kind stop-use --body ページを合わせないでください --quiet",
    "inquiry identify 8 --how 運転免許証 --quiet",
    "inquiry do 8 --use content --quiet",
    "backup backup.db --quiet",
)
"""What happened before: two records of one person, one of them merged; somebody refused; a backup."""


def test_examples_stand_in_the_help(soc: Soc) -> None:
    answer = soc("member", "find", "--help")
    assert "Examples:" in answer.out
    assert "  soc member find 髙﨑" in answer.out
