"""P6: a form is filled in from the registration of one member, on that member's own instruction."""

import json
import os
import stat
from pathlib import Path

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.formats import vcard
from tests.canaries import CANARY, OTHER, registered
from tests.conftest import Soc


@pytest.fixture
def two(club: Soc) -> Soc:
    """A register of two members whose every value is one of its kind."""
    return registered(club)


def written_of(key: str, person: dict[str, str]) -> set[str]:
    """How a value may stand in an answer."""
    parts = {person[key]}
    if key in ("name", "kana"):
        parts |= set(person[key].split(" "))
    if key == "address":
        parts |= {person[key].removeprefix("愛知県").removeprefix("東京都")}
    return parts


@pytest.mark.parametrize("form", ["vcard", "json", "csv"])
@pytest.mark.parametrize(
    "fields", ["name", "name,phone", "氏名,住所", "name,birth_date", "name,ニックネーム"]
)
def test_p6_what_is_not_named_is_in_no_byte(
    two: Soc, form: str, fields: str, tmp_path: Path
) -> None:
    named = {"氏名": "name", "住所": "address", "ニックネーム": "nickname"}
    keys = {named.get(one, one) for one in fields.split(",")}
    path = tmp_path / "form"
    command = ("prefill", "1", "--how", "窓口", "--fields", fields, "--format", form)
    shown = two(*command)
    two(*command, "--to", path)
    everything = shown.out + shown.err + path.read_text("utf-8")
    for key in CANARY.keys() - {"sex"}:
        found = [text for text in written_of(key, CANARY) if text in everything]
        assert bool(found) == (key in keys), (key, found)
    for key in OTHER.keys() - {"sex", "birth_date", "postal_code", "joined_on"}:
        for text in written_of(key, OTHER):
            assert text not in everything
    assert "other" not in everything


def test_p6_no_error_tells_a_value(two: Soc, tmp_path: Path) -> None:
    taken = tmp_path / "taken.json"
    taken.write_text("before")
    for words in (
        ("1", "--how", "窓口", "--fields", "age"),
        ("1", "--how", "窓口", "--fields", "sex", "--format", "vcard"),
        ("1", "--how", "なし"),
        ("1",),
        ("1", "--how", "窓口", "--to", taken),
        ("1", "--how", "窓口", "--for-service", "よその会"),
        ("1", "--how", "窓口", "--instructed-on", "2999-01-01"),
        ("99", "--how", "窓口"),
    ):
        told = two("prefill", *words, ok=False)
        for key in CANARY.keys() - {"sex"}:
            assert CANARY[key] not in told.out + told.err
    assert taken.read_text() == "before"


def test_p6_the_instruction_is_on_record_and_the_member_sees_it(two: Soc, tmp_path: Path) -> None:
    two("inquiry", "log", "--member", "1", "--body", "カードを作ってください")
    two(
        "prefill", "1", "--how", "電話", "--instructed-on", "2020-05-06", "--request", "1",
        "--fields", "name,phone",
    )  # fmt: skip
    entry = two("journal", "list", "--json").json[-1]
    assert (entry["act"], entry["purpose"], entry["members"]) == ("prefill", "prefill", "1")
    assert entry["details"] == "instructed=2020-05-06 fields=name,phone request=1 how=電話"
    (seen,) = [e for e in two("member", "history", "1", "--json").json if e["act"] == "prefill"]
    assert (seen["request"], seen["instruction"]) == (1, "2020-05-06 電話")
    two("export", "1", "--to", tmp_path / "own")
    data = json.loads((tmp_path / "own" / "own-data.json").read_text("utf-8"))
    said = [one["instruction"] for one in data["accesses"]]
    assert said.count("2020-05-06 電話") == 1
    assert set(said) == {None, "2020-05-06 電話"}
    assert "2020-05-06 電話" in (tmp_path / "own" / "own-data.html").read_text("utf-8")


def test_p6_how_it_was_said_is_no_other_record(two: Soc) -> None:
    two("prefill", "1", "--how", "request=7 電話", "--fields", "name")
    (seen,) = [e for e in two("member", "history", "1", "--json").json if e["act"] == "prefill"]
    assert seen["request"] is None


def test_p6_without_an_instruction_nothing_is_read(two: Soc) -> None:
    before = len(two("journal", "list", "--json").json)
    assert two("prefill", "1", ok=False).code == 2
    assert two("prefill", "1", "--how", "不明", ok=False).code == 5
    assert len(two("journal", "list", "--json").json) == before


def test_p6_a_service_outside_is_a_disclosure(two: Soc) -> None:
    told = two("prefill", "1", "--how", "電話", "--for-service", "みほん板金", ok=False)
    assert told.code == 5
    assert "soc disclosure record --ground consent --recipient みほん板金" in told.err


def test_p6_a_file_is_its_owners_alone_and_an_erasure_names_it(two: Soc, tmp_path: Path) -> None:
    path = tmp_path / "card.vcf"
    told = two("prefill", "1", "--how", "電話", "--to", path)
    assert told.out == f"{path.as_posix()}\n"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    certificate = two("member", "erase", "1", "--yes", "--json").json
    assert [one["path"] for one in certificate["files"]] == [str(path)]


def test_p6_where_the_file_is_taken_nothing_is_read(two: Soc, tmp_path: Path) -> None:
    taken = tmp_path / "form.json"
    taken.write_text("before")
    before = [e["act"] for e in two("journal", "list", "--json").json]
    assert two("prefill", "1", "--how", "電話", "--to", taken, ok=False).code == 3
    assert [e["act"] for e in two("journal", "list", "--json").json] == before


def test_the_card_reads_back_equal(two: Soc, tmp_path: Path) -> None:
    path = tmp_path / "card.vcf"
    two("prefill", "1", "--how", "電話", "--to", path)
    data = path.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n")
    card = vobject.readOne(data.decode("utf-8"))
    assert card.version.value == "3.0"
    assert card.fn.value == CANARY["name"]
    assert (card.n.value.family, card.n.value.given) == ("金糸雀", "一号")
    assert card.contents["sort-string"][0].value == CANARY["kana"]
    assert card.contents["x-phonetic-last-name"][0].value == "カナリア"
    assert card.contents["x-phonetic-first-name"][0].value == "イチゴウ"
    assert card.nickname.value == CANARY["nickname"]
    assert card.email.value == CANARY["email"]
    assert (card.tel.value, card.tel.params["TYPE"]) == (CANARY["phone"], ["CELL"])
    assert card.bday.value == CANARY["birth_date"]
    assert card.role.value == CANARY["occupation"]
    assert card.adr.value.region + card.adr.value.street == CANARY["address"]
    assert card.adr.value.code == CANARY["postal_code"]


def test_a_name_without_a_blank_is_not_parted() -> None:
    card = vobject.readOne(vcard.written({"name": "髙﨑壮", "kana": "タカサキ ソウ"}))
    assert (card.n.value.family, card.n.value.given) == ("髙﨑壮", "")
    assert "x-phonetic-last-name" not in card.contents
    assert card.contents["sort-string"][0].value == "タカサキ ソウ"


@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=90
    )
)
def test_any_text_comes_back_from_the_card(text: str) -> None:
    card = vobject.readOne(
        vcard.written({"name": text, "nickname": text, "address": text, "occupation": text})
    )
    assert card.fn.value == text
    assert card.nickname.value == text
    assert card.adr.value.region + card.adr.value.street == text


def test_a_card_commands_no_terminal_and_holds_no_line_of_its_own() -> None:
    text = vcard.written({"name": "a\x1b[2J\nTEL:110\r\n\u202eb"})
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(line.startswith("TEL") for line in text.splitlines())


def test_json_and_csv_hold_the_registers_keys_and_words(two: Soc) -> None:
    found = two("prefill", "1", "--how", "電話", "--json", "--fields", "趣味,メール案内,name").json
    assert found == {
        "number": "SOC-0001", "name": CANARY["name"], "interests": ["金糸雀会"], "notice_email": None,
    }  # fmt: skip
    sheet = two(
        "--lang", "ja", "prefill", "1", "--how", "電話", "--format", "csv", "--fields", "name,sex"
    )
    assert sheet.out == "\ufeff会員番号,氏名,性別\r\nSOC-0001,金糸雀 一号,その他\r\n"  # fmt: skip


def test_a_formula_in_a_sheet_is_dead(two: Soc) -> None:
    two("member", "edit", "1", "--nickname", "=1+1")
    sheet = two("prefill", "1", "--how", "電話", "--format", "csv", "--fields", "nickname")
    assert "'=1+1" in sheet.out
