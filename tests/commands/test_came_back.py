"""`soc member edit --from own-data.json`: own data that a member has corrected by hand comes back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli.model.errors import Refused
from soc_cli.model.fields import CHOICES
from soc_cli.store import driver
from soc_cli.terminal import ask
from tests.conftest import Soc


def page(soc: Soc, folder: Path, member: str = "7") -> dict[str, Any]:
    soc("export", member, "--to", folder, "--force")
    data = json.loads((folder / "own-data.json").read_text("utf-8"))
    assert isinstance(data, dict)
    return data


def bring(soc: Soc, data: object, *more: str, ok: bool = True, member: str = "7"):
    body = json.dumps(data, ensure_ascii=False).encode()
    return soc("member", "edit", member, "--from", "-", *more, "--json", stdin=body, ok=ok)


def test_r1_what_was_changed_on_the_page_is_shown_and_applied(members: Soc, tmp_path: Path) -> None:
    data = page(members, tmp_path)
    before = data["member"]["phone"]
    data["member"]["phone"] = "０５２－１２３－４５６７"
    data["member"]["occupation"] = None
    data["member"]["interests"] = ["凧揚げ", "[/x]"]
    data["choices"]["survey"] = True
    answer = bring(members, data)
    assert f"Phone: {before} → 052-123-4567" in answer.err
    assert "Surveys: not asked → yes" in answer.err
    assert "→ (empty)" in answer.err
    assert "Not taken" not in answer.err
    now = members("member", "show", "7", "--json").json
    assert (now["phone"], now["occupation"], now["interests"], now["choices"]["survey"]) == (
        "052-123-4567", None, ["凧揚げ", "[/x]"], True,
    )  # fmt: skip
    (entry,) = [
        e for e in members("member", "history", "7", "--json").json if e["act"] == "correct"
    ]
    assert entry["fields"] == ["phone", "occupation", "interests", "survey"]


STORED = st.fixed_dictionaries(
    {
        "name": st.text(min_size=1, max_size=20).filter(lambda t: "\0" not in t),
        **{key: st.none() | st.text("あ𠮷葛\U000e0100=[/x]'\"\\ \x1b\n　é", min_size=1, max_size=9) for key in ("kana", "nickname", "address", "occupation", "industry", "interests")},
        "birth_date": st.none() | st.sampled_from(["1960-02-29", "2999-01-01"]),
        "phone": st.none() | st.sampled_from(["052-123-4567", "+44 20 7946 0000", "0000"]),
        "email": st.none() | st.sampled_from(["a@b.jp", '"a..b"@docomo.ne.jp', "x@y"]),
        "sex": st.sampled_from(["male", "female", "other", "undisclosed"]),
        **{key: st.none() | st.integers(0, 1) for key in CHOICES},
    }
)  # fmt: skip


@given(stored=STORED)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_exported_and_brought_back_nothing_changes(
    club: Soc, path: Path, tmp_path: Path, stored: dict[str, Any]
) -> None:
    """Whatever is stored, rightly or not: a page that nobody touched corrects nothing."""
    con = driver.connect(path, 1)
    con.execute("delete from member")
    names = ", ".join(("name_key", *stored))
    con.execute(
        f"insert into member (id, {names}) values (1, 'x'{', ?' * len(stored)})",
        tuple(stored.values()),
    )
    everything = con.execute("select * from member").fetchone()
    data = page(club, tmp_path / "out", "1")
    answer = bring(club, data, member="1")
    assert "Nothing to correct" in answer.err
    assert "Not taken" not in answer.err
    assert tuple(con.execute("select * from member").fetchone()) == tuple(everything)
    con.close()
    acts = [e["act"] for e in club("member", "history", "1", "--json").json]
    assert "correct" not in acts


def test_what_can_not_be_corrected_there_is_named_and_stays(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--member", "7", "--body", "x")
    data = page(members, tmp_path)
    data["member"] |= {"status": "withdrawn", "age": 7, "left_on": "2026-01-01"}
    data["inquiries"][0]["body"] = "y"
    data["periods"] = [{"joined_on": None, "left_on": "2001-01-01"}]
    data["accesses"], data["more"] = [], 1
    answer = bring(members, data)
    told = "Not taken, since it can't be corrected here: Age, Status, Left on, Earlier memberships, Inquiries, more"
    assert told in answer.err
    assert "Nothing to correct" in answer.err
    shown = members("member", "show", "7", "--json").json
    assert (shown["status"], shown["left_on"]) == ("active", None)


def test_it_is_that_members_or_refused(members: Soc, tmp_path: Path) -> None:
    data = page(members, tmp_path, "8")
    answer = bring(members, data, ok=False)
    assert (answer.code, "SOC-0007" in answer.err) == (3, True)
    for spoiled in (
        {**data, "member": None}, {**data, "member": []}, {**data, "member": {}}, {**data, "choices": "x"},
        {**data, "member": {**data["member"], "number": None}},
    ):  # fmt: skip
        assert bring(members, spoiled, member="8", ok=False).code == 3
    for key, value in (
        ("car", "Soarer"),
        ("phone", 52),
        ("birth_date", "2026-02-31"),
        ("name", ""),
    ):
        spoiled = {**data, "member": {**data["member"], key: value}}
        answer = bring(members, spoiled, member="8", ok=False)
        assert answer.code == 3, key
    assert bring(members, {**data, "choices": {"letters": True}}, member="8", ok=False).code == 3
    assert not [e for e in members("journal", "list", "--json").json if e["act"] == "correct"]


def test_what_the_page_does_not_say_is_left_alone(members: Soc, tmp_path: Path) -> None:
    data = page(members, tmp_path)
    for key in ("phone", "email", "interests"):
        del data["member"][key]
    del data["choices"]
    for key in ("usage", "inquiries", "purposes"):
        del data[key]
    before = members("member", "show", "7", "--json").json
    answer = bring(members, data)
    assert "Nothing to correct" in answer.err
    assert members("member", "show", "7", "--json").json == before


def test_tried_and_with_options_and_a_request(members: Soc, tmp_path: Path) -> None:
    members("inquiry", "log", "--member", "7", "--kind", "correct", "--body", "x")
    data = page(members, tmp_path)
    data["member"]["phone"] = "052-123-4567"
    answer = bring(members, data, "--dry-run")
    assert "→ 052-123-4567" in answer.err
    assert "Dry run" in answer.err
    assert members("member", "show", "7", "--json").json["phone"] != "052-123-4567"
    answer = bring(members, data, "--phone", "052-999-9999", "--request", "1")
    assert "→ 052-999-9999" in answer.err
    assert members("member", "history", "7", "--json").json[-2]["request"] == 1


def test_a_correction_made_since_is_told(members: Soc, path: Path, tmp_path: Path) -> None:
    data = page(members, tmp_path)
    data["generated_at"] = "2020-01-01T00:00:00+09:00"
    members("member", "edit", "7", "--phone", "052-123-4567", "-q")
    answer = bring(members, data, "--dry-run")
    assert "Corrected by others since this page was made: Phone" in answer.err
    assert "made: " not in bring(members, page(members, tmp_path)).err


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_it_asks(
    members: Soc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = page(members, tmp_path)
    data["member"]["phone"] = "052-123-4567"
    asked: list[str] = []

    def no(question: str, yes: bool) -> None:
        asked.append(question)
        raise Refused("no")

    monkeypatch.setattr(ask, "confirm", no)
    assert bring(members, data, ok=False).code == 5
    assert asked == ["Correct this?"]
    assert members("member", "show", "7", "--json").json["phone"] != "052-123-4567"
    del data["member"]["phone"]
    bring(members, data)
    assert len(asked) == 1, "there was nothing to ask"
