"""`sample.db`: opens, is up to date, keeps the policy, verifies, and holds nobody real."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from soc_cli.store import driver, schema
from tests import make_sample
from tests.conftest import Soc
from tests.store import raw


@pytest.fixture
def sample(
    soc: Soc,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    as_the_others: Callable[[Path], None],
) -> Soc:
    """The program with a copy of the sample, on the sample's day."""
    shutil.copy(make_sample.SAMPLE, path)
    as_the_others(path)
    monkeypatch.setenv("SOC_TODAY", "2026-11-22")
    return soc


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row, but for what chance must make anew: the salts and what follows from them."""
    con = driver.connect(path, 1)
    tables = {}
    for table in schema.TABLES:
        rows = con.execute(f"select * from {table}").fetchall()
        random = {"salt", "commitment", "hash", "handle"}
        tables[table] = [
            tuple(row[key] for key in sorted(set(row.keys()) - random)) for row in rows
        ]
    con.close()
    return tables


def test_it_opens_keeps_the_policy_and_verifies(sample: Soc) -> None:
    assert len(sample("member", "list", "--json").json) == 60
    assert len(sample("meeting", "list", "--json").json) == 7
    assert len(sample("inquiry", "list", "--json").json) == 6
    assert len(sample("consent", "list", "--json").json) == 3
    assert len(sample("disclosure", "list", "--json").json) == 3
    assert [one["recipients"] for one in sample("notice", "list", "--json").json] == [22]
    assert len(sample("usage", "cookies", "--json").json) == 3
    assert sum(one["visits"] for one in sample("usage", "stats", "--json").json) == 40
    sample("policy", "check")
    sample("journal", "verify")


def test_it_is_up_to_date_and_a_sample(path: Path, sample: Soc) -> None:
    con = raw.connect(path)
    applied = [
        row[0] for row in con.execute(f"select name from {schema.STEPS_TABLE} order by name")
    ]
    assert applied == list(schema.STEP_NAMES)
    assert dict(con.execute("select key, value from register"))["sample"] == "yes"
    con.close()


def test_the_script_makes_the_same_content_at_each_run(tmp_path: Path) -> None:
    made = tmp_path / "made.db"
    make_sample.main(made)
    assert content(made) == content(make_sample.SAMPLE), "run python -m tests.make_sample"


def test_it_holds_nobody_real() -> None:
    con = driver.connect(make_sample.SAMPLE, 1)
    codes = {code for code, _town in make_sample.PLACES}
    for row in con.execute("select * from member"):
        assert row["email"] is None or re.search(r"@example\.(jp|com|net|org)$", row["email"])
        assert re.match(r"(090|03|06)-1234-0", row["phone"])
        assert row["postal_code"] in codes
    for row in con.execute("select ip from usage"):  # RFC 5737 and RFC 3849
        assert re.match(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.|2001:db8:", row["ip"])
    con.close()


def test_nothing_is_left_of_those_who_were_erased() -> None:
    data = make_sample.SAMPLE.read_bytes()
    for number in (17, 41):
        assert f"1234-{number:04}".encode() not in data
    assert b"1234-0018" in data
