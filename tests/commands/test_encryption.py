"""Encryption at rest (S1): init, rekey, keys and where they come from; no plain copy at any step."""

import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import pytest
from prompt_toolkit.output import DummyOutput

from soc_cli.commands import passphrase
from soc_cli.formats import encodings
from soc_cli.model import strength
from soc_cli.model.errors import Failed
from soc_cli.model.keys import Passphrase, RawKey, raw_key
from soc_cli.operations import registers
from soc_cli.policy.form import Policy
from soc_cli.store import driver, keyfile, maintenance
from soc_cli.store.register import Register
from soc_cli.terminal import ask
from tests.conftest import DATA, RUN, Soc
from tests.store import raw
from tests.terminal.test_ask import typing

pytestmark = pytest.mark.plain("each test says itself which registers are encrypted")
unix = pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")

WORDS = "haiku lantern 42 tugboat marzipan"
OTHER = "quartz umbrella 9 velvet kumquat"
NAME = "髙﨑 秘密子"
WRONG = "soc: {path} does not open with this key: it has another one, or is damaged, or is no register at all\n"


def secret_file(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n", "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder for what opens registers, apart from them."""
    folder = tmp_path / "keys"
    folder.mkdir()
    return folder


@pytest.fixture
def locked(soc: Soc, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Soc:
    """The program with an encrypted register of one member, whose passphrase is in a file."""
    monkeypatch.setenv("SOC_PASSPHRASE_FILE", str(secret_file(keys / "words", WORDS)))
    soc("init", "--encrypt", "--quiet")
    soc("member", "add", "--name", NAME, "--nickname", "秘密のあだ名")
    return soc


def use(monkeypatch: pytest.MonkeyPatch, key_file: Path | None = None, words: Path | None = None) -> None:  # fmt: skip
    """From now on these are the files that keys are read from."""
    for variable, file in (("SOC_KEY_FILE", key_file), ("SOC_PASSPHRASE_FILE", words)):
        if file is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, str(file))


# what lies on the disk ----------------------------------------------------------------------------


def test_s1_nothing_of_an_encrypted_register_can_be_read_without_its_key(
    locked: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"".join(p.read_bytes() for p in path.parent.glob("register.db*"))
    assert not data.startswith(b"SQLite format 3")
    for piece in (NAME.encode(), b"create table", "秘密のあだ名".encode()):
        assert piece not in data
    assert NAME.encode() in raw.raw(path), "the control: with the key it is there"
    assert locked("member", "show", "1", "--json").json["name"] == NAME
    locked("journal", "verify")
    locked("policy", "check")


def test_s1_any_program_with_sqlcipher_4_opens_it_by_the_passphrase(
    locked: Soc, path: Path
) -> None:
    """What the club keeps is not bound to this program."""
    con = driver.dbapi2.connect(path)
    con.set_key(WORDS)  # type: ignore[attr-defined]
    assert con.execute("select name from member").fetchone()[0] == NAME
    con.close()


def test_s1_a_wrong_key_is_one_sentence_without_a_hint(
    locked: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    for key_file, words in (
        (None, secret_file(keys / "wrong", WORDS[:-1])),
        (secret_file(keys / "key", "0" * 64), None),
        (secret_file(keys / "key", "0" * 64), secret_file(keys / "wrong", OTHER)),
    ):
        use(monkeypatch, key_file, words)
        answer = locked("member", "list", ok=False)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err == WRONG.format(path=path)
    assert path.read_bytes() == before


def test_s1_without_a_key_and_a_terminal_it_says_where_to_name_one(
    locked: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch)
    answer = locked("member", "list", ok=False)
    assert answer.code == 2
    assert "SOC_PASSPHRASE_FILE" in answer.err
    assert "SOC_KEY_FILE" in answer.err


@pytest.mark.long
def test_a_damaged_page_of_an_encrypted_register_is_damage(locked: Soc, path: Path) -> None:
    for number in range(40):
        locked("inquiry", "log", "--from-name", f"外の 人{number}", "--body", "駐車場は" * 60)
    data = bytearray(path.read_bytes())
    for at in range(2 * driver.PAGE, len(data), driver.PAGE):
        data[at + 100] ^= 1
    path.write_bytes(data)
    answer = locked("inquiry", "list", ok=False)
    assert answer.code == 1
    assert "damaged" in answer.err


SAMPLE = DATA.parents[1] / "sample.db"
LOST = {
    "zeros": lambda data: bytes(16) + data[16:],
    "chance": lambda data: os.urandom(16) + data[16:],
    "cut": lambda data: data[16:],
    "half a page": lambda data: os.urandom(driver.PAGE // 2) + data[driver.PAGE // 2 :],
    "a page": lambda data: os.urandom(driver.PAGE) + data[driver.PAGE :],
}


@pytest.mark.usefixtures("terminal")
def test_a_plain_register_without_its_beginning_is_not_taken_for_an_encrypted_one(
    soc: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked for a passphrase that there never was, be a key at hand or not."""
    for lost in LOST.values():
        path.write_bytes(lost(SAMPLE.read_bytes()))
        path.chmod(0o600)
        for words in (None, secret_file(keys / "words", WORDS)):
            use(monkeypatch, words=words)
            answer = soc("member", "list", ok=False)
            assert (answer.code, answer.out) == (1, "")
            assert answer.err == f"soc: {path} is not a register: it may be another kind of file, or damaged; then restore the last backup\n"  # fmt: skip


def test_s1_what_has_lost_its_beginning_says_no_more_of_a_key_than_a_wrong_key(
    locked: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = path.read_bytes()
    for lost in LOST.keys() - {"cut"}:  # which its size tells
        path.write_bytes(LOST[lost](whole))
        for words in (WORDS, OTHER):
            use(monkeypatch, words=secret_file(keys / "words", words))
            answer = locked("member", "list", ok=False)
            assert (answer.code, answer.err) == (1, WRONG.format(path=path))
    use(monkeypatch)
    answer = locked("member", "list", ok=False)
    assert (answer.code, "is encrypted, or damaged" in answer.err) == (2, True)


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The salts for which a key is derived from a passphrase."""
    seen: list[bytes] = []
    derive = hashlib.pbkdf2_hmac

    def counted(kind: str, words: bytes, salt: bytes, rounds: int, length: int) -> bytes:
        seen.append(salt)
        return derive(kind, words, salt, rounds, length)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counted)
    return seen


def test_a_key_is_derived_once_a_run_and_never_of_a_key_file(
    locked: Soc, path: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    derived: list[bytes],
) -> None:  # fmt: skip
    locked("member", "show", "秘密のあだ名")  # opens the register three times
    assert derived == [path.read_bytes()[:16]]
    derived.clear()
    locked("backup", tmp_path / "b.db", "--verify")
    assert len(derived) == 1, "the copies bear the same salt"
    locked("rekey", "--key-file", keys / "k")
    use(monkeypatch, keys / "k")
    derived.clear()
    locked("member", "show", "1")
    assert derived == []


# where keys come from -----------------------------------------------------------------------------


TYPED = "ﾀﾇｷ がぎぐ Café 灯台 ４２"
AGAIN = unicodedata.normalize("NFC", "タヌキ　がぎぐ　Ｃａｆé 灯台 42")
"""The same passphrase by another keyboard."""


def test_a_passphrase_opens_however_its_characters_were_typed(
    soc: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By half-width and full-width characters, composed (Windows) or not (macOS), in any file."""
    use(monkeypatch, words=secret_file(keys / "w", TYPED))
    soc("init", "--encrypt")
    for form, encoding, end in (
        ("NFC", "utf-8-sig", "\r\n"), ("NFD", "utf-8", ""), ("NFC", "utf-16", "\n"), ("NFKC", "utf-8", "\nmore\n"),
    ):  # fmt: skip
        said = unicodedata.normalize(form, AGAIN)  # type: ignore[arg-type]
        (keys / "w").write_bytes((said + end).encode(encoding))
        driver.unlock_with(passphrase.secrets)
        assert maintenance.is_encrypted(path)


def test_what_holds_no_passphrase_is_told(locked: Soc, keys: Path) -> None:
    for data in (b"", b"\r\n", b" \n", b"\nwords\n", b"\x00\xff\xfe"):
        (keys / "words").write_bytes(data)
        answer = locked("member", "list", ok=False)
        assert (answer.code, "holds no passphrase" in answer.err) == (3, True)
    for name in ("none", "."):
        locked.monkeypatch.setenv("SOC_PASSPHRASE_FILE", str(keys / name))
        answer = locked("member", "list", ok=False)
        assert (answer.code, "can't be read" in answer.err) == (1, True)


@unix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_s1_a_secret_that_others_can_read_is_not_used(
    locked: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    (keys / "words").chmod(mode)
    answer = locked("member", "list", ok=False)
    assert (answer.code, "chmod 600" in answer.err) == (1, True)
    (keys / "words").chmod(0o600)
    key = secret_file(keys / "key", "1" * 64)
    key.chmod(mode)
    assert "others can read it" in locked("rekey", "--key-file", key, ok=False).err
    locked("member", "list")


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "g" * 64, "０" * 64, "髙" * 64])
def test_what_is_no_key_file_is_told(soc: Soc, keys: Path, path: Path, text: str) -> None:
    key = secret_file(keys / "key", text)
    answer = soc("init", "--key-file", key, ok=False)
    assert (answer.code, "64 hexadecimal digits" in answer.err) == (1, True)
    assert not path.exists()


def test_a_key_file_opens_however_an_editor_has_saved_it(
    soc: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, secret_file(keys / "key", "5A" * 32))
    soc("init")
    for text, encoding in (
        ("5a" * 32, "utf-8-sig"), (" ".join(["5a5a5a5a"] * 8) + "\r\n", "utf-16"), ("5A5a" * 16, "ascii"),
    ):  # fmt: skip
        (keys / "key").write_bytes(text.encode(encoding))
        driver.unlock_with(passphrase.secrets)
        assert maintenance.is_encrypted(path)


def test_the_register_itself_is_no_key_file_and_no_note(soc: Soc, path: Path, keys: Path) -> None:
    for command in ("init", "rekey"):
        before = path.read_bytes() if path.exists() else None
        for words in (("--key-file", path), ("--generate", "--recovery-note", path)):
            answer = soc(command, *words, ok=False)
            assert (answer.code, "names the register itself" in answer.err) == (2, True)
        assert (path.read_bytes() if path.exists() else None) == before
        if command == "init":
            soc("init", "--no-encrypt")
    answer = soc("rekey", "--key-file", keys / "k", "--recovery-note", keys / "k", ok=False)
    assert answer.code in (1, 3)
    assert list(keys.iterdir()) == []


def test_a_key_file_is_made_where_there_is_none(
    soc: Soc, keys: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys / "new" / "register.key"
    use(monkeypatch, key)
    soc("init", "--encrypt")
    assert re.fullmatch(r"[0-9a-f]{64}\n", key.read_text("ascii"))
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    soc("member", "list")
    assert not maintenance.is_plain(path)


def test_where_a_key_file_is_named_a_new_register_is_encrypted_unless_said_otherwise(
    soc: Soc, keys: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, secret_file(keys / "key", "1" * 64))
    soc("init")
    assert not maintenance.is_plain(path)
    soc("--db", tmp_path / "plain.db", "init", "--no-encrypt")
    assert maintenance.is_plain(tmp_path / "plain.db")


def test_it_is_asked_for_once_a_run_and_again_where_it_is_wrong(
    locked: Soc, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch)
    request.getfixturevalue("terminal")
    monkeypatch.setattr(ask, "_output", DummyOutput)
    with typing(f"{WORDS}\r"):
        assert locked("member", "show", "秘密のあだ名", "--json").json["name"] == NAME
    with typing(f"wrong\r{WORDS}\r"):
        answer = locked("member", "list", "--json")
    assert "does not open with this key" in answer.err
    with typing("wrong\rwronger\rwrongest\r"):
        answer = locked("member", "list", ok=False)
    assert (answer.code, answer.out) == (1, "")


def test_no_secret_is_shown_by_what_holds_it() -> None:
    key = maintenance.new_key(Passphrase(WORDS))
    for holder in (Passphrase(WORDS), RawKey(b"k" * 32), key):
        assert "kkkk" not in repr(holder)
        assert WORDS not in repr(holder)
    assert key.raw.hex() not in repr(key)


def test_s1_the_registers_passphrase_is_never_the_one_that_a_member_is_told(
    locked: Soc, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = locked("export", "1", "--to", tmp_path / "own", "--encrypt", ok=False)
    assert (answer.code, "opens the register itself" in answer.err) == (3, True)
    assert not (tmp_path / "own").exists()
    member = secret_file(keys / "member", OTHER)
    monkeypatch.setenv("SOC_EXPORT_PASSPHRASE_FILE", str(member))
    locked("export", "1", "--to", tmp_path / "own", "--encrypt")
    assert (tmp_path / "own" / "own-data.pdf").exists()


# choosing one -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("password", None), ("soarer1986", None), ("ソアラ", None), ("名簿名簿名簿", None), ("aaaaaaaaaaaaaaaaaaaa", None),
        ("2026-11-22", None), (f"{WORDS} ", None), (f"　{WORDS}", None), ("plum27 Qx4z9", "weak"), ("plum27 Qx4z9wk", "fair"), (WORDS, "strong"), (WORDS * 5, "strong"),
    ],
)  # fmt: skip
def test_s1_how_long_a_passphrase_holds_is_told(
    soc: Soc, keys: Path, path: Path, words: str, told: str | None
) -> None:
    file = secret_file(keys / "w", words)
    answer = soc("init", "--encrypt", "--passphrase-file", file, ok=told is not None)
    if told is None:
        assert answer.code == 3
        assert "within a day" in answer.err or "begins or ends with a blank" in answer.err
        assert not path.exists()
    else:
        assert f"This passphrase is {told}" in answer.err


def test_the_clubs_own_name_is_no_passphrase(policy: Policy) -> None:
    name = policy.club.name.ja
    assert strength.seconds(name, [name]) < strength.DAY < strength.seconds(name[::-1] + "灯台")


def test_a_made_passphrase_is_strong_and_no_two_are_the_same() -> None:
    made = {strength.generated() for _again in range(50)}
    assert len(made) == 50
    for words in made:
        assert re.fullmatch(r"([a-z]{6}-){4}[a-z]{6}", words)
        strength.check(words)
        assert "strong" in strength.told(words)
    assert len(strength._SYLLABLES) ** (strength.WORDS * strength.SYLLABLES) > 2**85


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("typed", "locks"), [("\r", True), ("\x1b[B\r", False)])
def test_init_asks_a_person(
    soc: Soc, path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, locks: bool
) -> None:
    monkeypatch.setattr(ask, "_output", DummyOutput)
    with typing(typed + "\r" * locks):
        answer = soc("init")
    assert maintenance.is_plain(path) is not locks
    if locks:
        words = re.search(r"([a-z]{6}-){4}[a-z]{6}", answer.out)
        assert words, "the note is shown"
        assert registers.opens(path, words[0])
    else:
        assert "not encrypted" in answer.err


FIRST, DOWN, BREAK = "\r", "\x1b[B", "\x03"


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("typed", "options"),
    [
        (BREAK, ()),
        (FIRST + BREAK, ()),
        (FIRST + DOWN + "\r" + BREAK, ()),
        (DOWN + f"\r{WORDS}\r" + BREAK, ("--encrypt",)),
        (DOWN + f"\r{WORDS}\r{WORDS}\r" + BREAK, ("--encrypt",)),
        (BREAK, ("--key-file", "keys/new/register.key")),
    ],
)
def test_broken_off_at_any_question_nothing_is_left(
    soc: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr(ask, "_output", DummyOutput)
    monkeypatch.chdir(tmp_path)
    with typing(typed):
        assert soc("init", *options, ok=False).code == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("terminal")
def test_a_person_chooses_and_types_it_twice_and_gets_a_note(
    soc: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ask, "_output", DummyOutput)
    weak = "soc"
    clear = "\x7f" * len(weak)
    with typing(f"\x1b[B\r{weak}\r{clear}{WORDS}\r{WORDS}\r\r"):
        soc("init", "--encrypt")
    assert registers.opens(path, WORDS)
    assert "SQLCipher 4" in (tmp_path / "recovery-note.txt").read_text("utf-8")
    note = (tmp_path / "recovery-note.txt").read_text("utf-8")
    assert WORDS not in note
    assert "____" in note


def test_s1_the_note_holds_what_was_made_and_nothing_that_was_chosen(
    soc: Soc, path: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soc("init", "--generate", "--recovery-note", tmp_path / "note.txt")
    note = (tmp_path / "note.txt").read_text("utf-8")
    (words,) = re.findall(r"^ +([a-z-]{34})$", note, re.M)
    assert registers.opens(path, words)
    assert str(path) in note
    fingerprint = maintenance.fingerprint(path)
    assert fingerprint is not None
    assert fingerprint in note
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "note.txt").stat().st_mode) == 0o600
    use(monkeypatch, words=secret_file(keys / "w", words))
    shown = soc("rekey", "--key-file", keys / "key", "--recovery-note", "-").out
    groups = "".join(re.findall(r"^ +((?:[0-9a-f]{8} ?){4})$", shown, re.M))
    assert raw_key(groups) == keyfile.read(keys / "key"), "typed in again, it is the key file"
    use(monkeypatch, keys / "key")
    shown = soc("rekey", "--key-file", keys / "key", "--recovery-note", "-").out
    assert keyfile.read(keys / "key").raw.hex()[:8] not in shown, "it was there before"


def test_a_note_that_can_not_be_written_stops_before_the_key_is_used(
    locked: Soc, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("x")
    before = maintenance.fingerprint(path)
    for place, code in ((tmp_path / "note.txt", 3), (tmp_path / "no" / "note.txt", 1)):
        answer = locked("rekey", "--generate", "--recovery-note", place, ok=False)
        assert answer.code == code
    assert maintenance.fingerprint(path) == before
    assert locked("rekey", "--generate", ok=False).code == 2, "nowhere to write it down"


def test_a_note_goes_again_where_its_key_is_not_used(
    locked: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "fault", lambda _path: "row 3 missing from index x")
    answer = locked("rekey", "--generate", "--recovery-note", tmp_path / "note.txt", ok=False)
    assert answer.code == 1
    assert not (tmp_path / "note.txt").exists()
    monkeypatch.undo()


def test_a_note_stays_where_all_was_done_when_it_was_interrupted(
    locked: Soc, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(maintenance, "_flush_folder", interrupted)
    answer = locked("rekey", "--generate", "--recovery-note", tmp_path / "note.txt", ok=None)
    if os.name == "posix":
        assert answer.code == 130
    (words,) = re.findall(r"^ +([a-z-]{34})$", (tmp_path / "note.txt").read_text("utf-8"), re.M)
    driver.unlock_with(lambda _path: [Passphrase(words)])
    assert maintenance.fault(path) is None


# another key --------------------------------------------------------------------------------------


def content(path: Path) -> list[list[tuple[object, ...]]]:
    """All rows but the journal's."""
    con = raw.connect(path)
    tables = [
        row[0]
        for row in con.execute("select name from sqlite_master where type = 'table' order by name")
        if not row[0].startswith(("journal", "sqlite_"))
    ]
    rows = [con.execute(f"select * from {table} order by 1, 2").fetchall() for table in tables]
    con.close()
    return rows


def test_s1_each_key_after_the_other_and_nothing_else_changes(
    soc: Soc, path: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soc("init", "--no-encrypt", "--quiet")
    soc("member", "import", DATA / "members-cp932.csv")
    soc("inquiry", "log", "--member", "7", "--body", "駐車場は")
    soc("member", "erase", "9", "--yes")
    head = soc("journal", "head").out.strip()
    before = content(path)
    one, other = secret_file(keys / "one", WORDS), secret_file(keys / "other", OTHER)
    old: list[tuple[Path | None, Path | None]] = []
    for options, (key_file, words) in (
        (("--passphrase-file", one), (None, one)),
        (("--passphrase-file", other), (None, other)),
        (("--key-file", keys / "key"), (keys / "key", None)),
        (("--passphrase-file", one), (None, one)),
        (("--decrypt", "--yes"), (None, None)),
        (("--key-file", keys / "key"), (keys / "key", None)),
    ):
        soc("rekey", *options)
        for earlier in old:
            if earlier != (key_file, words) and options[0] != "--decrypt":
                use(monkeypatch, *earlier)
                assert soc("member", "list", ok=False).code in (1, 2)
        use(monkeypatch, key_file, words)
        old.append((key_file, words))
        assert maintenance.is_plain(path) is (options[0] == "--decrypt")
        soc("journal", "verify", "--head", head)
        assert content(path) == before
        con = raw.connect(path)
        assert con.execute("pragma journal_mode").fetchone() == ("wal",)
        assert con.execute("pragma integrity_check").fetchone() == ("ok",)
        con.close()
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not list(tmp_path.glob(".soc-*"))
    acts = [one["act"] for one in soc("journal", "list", "--json", "--last", "6").json]
    assert acts == ["rekey"] * 6
    assert "was erased on" in soc("member", "show", "9", ok=False).err
    assert soc("member", "add", "--name", "新しい 人").out == "SOC-0121\n"


def test_what_rekey_is_not_asked_is_refused(locked: Soc, keys: Path, path: Path) -> None:
    before = maintenance.fingerprint(path)
    for words, code in (
        (("--decrypt",), 5),
        (("--decrypt", "--generate"), 2),
        (("--generate", "--key-file", keys / "k"), 2),
        (("--key-file", ""), 2),
        ((), 2),
    ):
        assert locked("rekey", *words, ok=False).code == code
    assert maintenance.fingerprint(path) == before


def test_while_somebody_has_it_open_the_key_stays(locked: Soc, path: Path, keys: Path) -> None:
    other = driver.connect(path, 1)
    other.execute("begin")
    other.execute("select count(*) from member").fetchone()
    answer = locked("rekey", "--key-file", keys / "key", ok=False)
    assert (answer.code, "another program" in answer.err) == (1, True)
    other.close()
    locked("member", "show", "1")
    con = raw.connect(path)
    assert con.execute("pragma journal_mode").fetchone() == ("wal",)
    con.close()


def test_whoever_waited_for_the_lock_meanwhile_writes_nothing_into_the_old_file(
    locked: Soc, path: Path, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the register is in the old kind of journal, while its key is being changed."""
    con = driver.connect(path, 1)
    con.execute("pragma journal_mode = delete")
    con.close()
    waiting = Register.open_upkeep(path, policy, RUN)
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    path.rename(tmp_path / "old.db")
    copy.rename(path)
    with pytest.raises(Failed, match="replaced"), waiting.change():
        raise AssertionError("not reached")
    waiting.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from soc_cli.main import build
from soc_cli.store import maintenance

where = sys.argv[1]
as_it_is = {where: Path.replace if where == "replace" else getattr(maintenance, where)}

def killed(*words, **named):
    when = sys.argv[2]
    if when == "after":
        as_it_is[where](*words, **named)
    os.kill(os.getpid(), signal.SIGKILL)

if where == "replace":
    Path.replace = killed
else:
    setattr(maintenance, where, killed)
build().main(sys.argv[3:], "soc", standalone_mode=False)
"""


@unix
@pytest.mark.parametrize("when", ["before", pytest.param("after", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "at", ["copy_with_key", "differences", "fault", "_keep_readers_out", "replace", "_flush_folder"]
)
def test_s1_killed_at_any_moment_the_register_opens_with_the_old_or_the_new_key(
    locked: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, at: str, when: str
) -> None:
    key = secret_file(keys / "key", "7" * 64)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, at, when, "rekey", "--key-file", str(key)],
        env={**os.environ, "SOC_DB": str(path)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done
    new = (at, when) in {("replace", "after"), ("_flush_folder", "before"), ("_flush_folder", "after")}  # fmt: skip
    use(monkeypatch, *((key, None) if new else (None, keys / "words")))
    assert locked("member", "show", "1", "--json").json["name"] == NAME
    locked("journal", "verify")
    told = " ".join(one["what"] for one in locked("check", "--json", ok=None).json)
    begun = not new and (at, when) != ("copy_with_key", "before")
    assert ("never finished" in told) is begun
    for left in path.parent.glob(".soc-*"):
        assert NAME.encode() not in left.read_bytes()
        left.unlink()
    if not new:
        assert "cut short" in told
        locked("sweep", "--yes")
        assert "cut short" not in locked("check", "--json", ok=None).out
        locked("rekey", "--key-file", key)


@unix
def test_s1_of_a_plain_register_no_byte_stays_in_the_file_that_was_replaced(
    soc: Soc, path: Path, keys: Path, tmp_path: Path
) -> None:
    soc("init", "--no-encrypt")
    soc("member", "add", "--name", NAME)
    old = tmp_path / "old"
    os.link(path, old)
    assert NAME.encode() in old.read_bytes(), "the control"
    soc("rekey", "--key-file", keys / "key")
    assert set(old.read_bytes()) == {0}


def test_backups_keep_their_key_and_are_told(
    locked: Soc, path: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked("backup", tmp_path / "b.db")
    assert "rekey" not in locked("journal", "list").out
    answer = locked("rekey", "--key-file", keys / "key")
    assert str(tmp_path / "b.db") in answer.err
    use(monkeypatch, keys / "key")
    assert locked("restore", tmp_path / "b.db", "--to", tmp_path / "r.db", ok=False).code == 1
    use(monkeypatch, words=keys / "words")
    locked("restore", tmp_path / "b.db", "--to", tmp_path / "r.db")
    assert locked("--db", tmp_path / "r.db", "member", "show", "1", "--json").json["name"] == NAME


def test_s1_a_backup_is_encrypted_as_the_register_is(
    locked: Soc, path: Path, tmp_path: Path
) -> None:
    locked("backup", tmp_path / "b.db", "--verify")
    assert not maintenance.is_plain(tmp_path / "b.db")
    assert NAME.encode() not in (tmp_path / "b.db").read_bytes()
    con = driver.dbapi2.connect(tmp_path / "b.db")
    con.set_key(WORDS)  # type: ignore[attr-defined]
    assert con.execute("select name from member").fetchone()[0] == NAME
    con.close()


def test_s1_restored_in_the_registers_place_it_has_the_registers_key(
    soc: Soc, path: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soc("init", "--no-encrypt")
    soc("member", "add", "--name", NAME)
    soc("backup", tmp_path / "plain.db")
    words = secret_file(keys / "words", WORDS)
    soc("rekey", "--passphrase-file", words)
    use(monkeypatch, words=words)
    soc("backup", tmp_path / "old.db")
    soc("rekey", "--key-file", keys / "key")
    use(monkeypatch, keys / "key", words)
    for backup in ("plain.db", "old.db"):
        soc("restore", tmp_path / backup, "--force", "--yes")
        use(monkeypatch, keys / "key")
        assert soc("member", "show", "1", "--json").json["name"] == NAME
        use(monkeypatch, keys / "key", words)
    soc("restore", tmp_path / "plain.db", "--to", tmp_path / "elsewhere.db")
    assert maintenance.is_plain(tmp_path / "elsewhere.db"), "no register there had a key"


# no plain copy on the disk ------------------------------------------------------------------------

CANARY = "金糸雀"
OPENED = re.compile(
    r'^(?:\d+ +)?(?:openat\([^,]+, |open\(|creat\()"((?:[^"\\]|\\.)*)", .*(?:O_WRONLY|O_RDWR|O_TMPFILE)'
    r".*= \d+$"
)
"""A file opened for writing, as strace tells it."""


def traced(folder: Path, environment: dict[str, str], *words: str | Path) -> set[Path]:
    """Runs one command under strace; gives what it opened for writing, in all its processes."""
    log = folder / "strace.log"
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,creat", "-o", str(log), sys.executable, "-m", "soc_cli", *map(str, words)]  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    found = set()
    for line in log.read_text("utf-8").splitlines():
        if match := OPENED.match(line):
            name = match[1].encode("latin-1").decode("unicode_escape").encode("latin-1").decode()
            found.add(Path(name))
    log.unlink()
    return found


def test_s1_what_comes_by_a_pipe_and_is_told_of_it_waits_in_no_file(
    locked: Soc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a plain register it may: there it would only be one more plain file."""

    def none(*_words: object, **_more: object) -> None:
        raise AssertionError("a file without a name")

    for kind in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, kind, none)
    rows = "".join(f"{CANARY} {n},{'町' * 150}{n}\n" for n in range(3000))
    sheet = f"氏名,住所\n{rows}".encode()
    assert len(sheet) > encodings.PIECE
    told = locked("member", "import", "-", "--dry-run", "--json", stdin=sheet).json
    assert told["added"] == 3000
    wrong = sheet.replace("住所".encode(), "生年月日".encode())
    assert locked("member", "import", "-", stdin=wrong, ok=False).code == 3


@pytest.mark.long
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("strace") is None, reason="needs strace"
)
def test_s1_no_plain_copy_is_written_at_any_step(tmp_path: Path, keys: Path, path: Path) -> None:
    """Every file that was opened for writing is looked into, and there is no other kept one.

    What has no name any more when it is looked for must have been beside the register, where SQLite
    writes pages as they are in the file, encrypted; a system's temporary file is a mistake.
    """
    words = secret_file(keys / "words", WORDS)
    environment = {
        **os.environ, "SOC_DB": str(path), "SOC_PASSPHRASE_FILE": str(words), "SOC_LANG": "en",
        "SOC_EXPORT_PASSPHRASE_FILE": str(secret_file(keys / "member", OTHER)),
    }  # fmt: skip
    sheet = tmp_path / "sheet.csv"
    lines = (f"{CANARY} {n},{CANARY}{n},c{n}@example.com" for n in range(4000))
    sheet.write_text("氏名,住所,メールアドレス\n" + "\n".join(lines) + "\n", "utf-8")
    opened: set[Path] = set()
    for command in (
        ("init", "--encrypt"),
        ("member", "add", "--name", CANARY),
        ("member", "import", sheet),
        ("member", "edit", "1", "--address", f"愛知県{CANARY}町"),
        ("member", "find", CANARY, "--quiet"),
        ("member", "erase", "7", "--yes"),
        ("export", "1", "--to", tmp_path / "own", "--encrypt"),
        ("backup", tmp_path / "b.db", "--verify"),
        ("restore", tmp_path / "b.db", "--to", tmp_path / "r.db"),
        ("rekey", "--passphrase-file", words),
        ("disclosure", "checklist", "authority"),
        ("sweep", "--yes"),
        ("check",),
        ("journal", "verify"),
        ("rekey", "--key-file", keys / "key"),
    ):
        opened |= traced(tmp_path, environment, *command)
    assert path in {Path(os.path.abspath(file)) for file in opened}, "the control"
    own = {path.parent, tmp_path / "own"}
    for file in opened:
        if str(file).startswith("/dev/"):
            continue
        assert Path(os.path.abspath(file)).parent in own | {keys}, file
        if file.exists() and not file.is_dir():
            assert CANARY.encode() not in file.read_bytes(), file
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and file != sheet]
    assert {tmp_path / "b.db", tmp_path / "r.db", tmp_path / "own" / "own-data.pdf"} <= set(kept)
    for file in kept:
        assert CANARY.encode() not in file.read_bytes(), file


# looking after it ---------------------------------------------------------------------------------


def told(soc: Soc) -> str:
    return "\n".join(f"{one['severity']}: {one['what']}" for one in soc("check", "--json", ok=None).json)  # fmt: skip


def test_check_says_that_a_register_is_plain_and_which_backups_are(
    soc: Soc, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soc("init", "--no-encrypt")
    assert "note: the register is not encrypted" in told(soc)
    soc("backup", tmp_path / "b.db")
    assert "b.db is not encrypted" not in told(soc), "no more than the register"
    soc("rekey", "--key-file", keys / "key")
    use(monkeypatch, keys / "key")
    assert "the register is not encrypted" not in told(soc)
    assert "warning: the backup" in told(soc)
    (tmp_path / "b.db").unlink()
    soc("backup", "--gone", tmp_path / "b.db")
    soc("backup", tmp_path / "c.db")
    assert "is not encrypted" not in told(soc)


@unix
def test_check_looks_at_the_rights_of_what_holds_a_secret(
    locked: Soc, keys: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "secret" not in told(locked)
    beside = secret_file(tmp_path / "words", WORDS)
    use(monkeypatch, words=beside)
    assert f"warning: {beside} holds a secret, and lies beside" in told(locked)
    use(monkeypatch, words=keys / "words")
    marks = Path(os.environ["SOC_MARK_KEY_FILE"])
    secret_file(marks, "x").chmod(0o640)
    assert f"error: {marks} holds a secret, and is not yours alone" in told(locked)
    path.parent.chmod(0o777)
    assert "error: others may change" in told(locked)
    path.parent.chmod(0o1777)
    assert "others may change" not in told(locked)
    path.parent.chmod(0o700)
    locked("backup", tmp_path / "b.db")
    (tmp_path / "b.db").chmod(0o644)
    assert f"error: others can read {tmp_path / 'b.db'}" in told(locked)


@unix
def test_a_secret_of_another_user_is_not_used(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = secret_file(keys / "key", "1" * 64)
    monkeypatch.setattr(os, "geteuid", lambda: key.stat().st_uid + 4711)
    if key.stat().st_uid == 0:  # what root gives may be used
        assert keyfile.exposed(key) is None
    else:
        assert keyfile.exposed(key) == "it belongs to another user"


def test_the_secrets_of_one_run_are_not_those_of_the_next(
    locked: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked("member", "list")
    use(monkeypatch)
    assert locked("member", "list", ok=False).code == 2
    assert passphrase.files_named() == []


def test_a_file_that_is_neither_is_not_asked_a_key_for(
    soc: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, secret_file(keys / "key", "1" * 64))
    path.write_bytes(b"x" * 5000)
    assert "is not a register" in soc("member", "list", ok=False).err


def test_another_sqlcipher_database_is_no_register(
    soc: Soc, path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    con = driver.dbapi2.connect(path, isolation_level=None)
    con.set_key(WORDS)  # type: ignore[attr-defined]
    con.execute("create table t (a)")
    con.close()
    use(monkeypatch, words=secret_file(keys / "words", WORDS))
    assert "not a register" in soc("member", "list", ok=False).err


def test_s1_a_note_that_nobody_gets_changes_no_key(
    members: Soc, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passphrase that was made stands in the note alone: it is given before the key takes effect."""
    from soc_cli.store import maintenance
    from soc_cli.terminal import screen

    before, order = maintenance.fingerprint(path), []

    def nowhere(_text: str) -> None:
        order.append("note")
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr(screen, "hand_over", nowhere)
        patch.setattr(maintenance, "change_key", lambda *_a, **_k: order.append("key"))
        assert members("rekey", "--generate", "--recovery-note", "-", ok=None).code == 1
    assert order == ["note"]
    assert maintenance.fingerprint(path) == before
