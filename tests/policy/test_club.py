"""Another club's policy file: what it may say, and what it is refused for, with place and line."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model.fields import BY_KEY
from soc_cli.policy import club
from soc_cli.policy.form import PACKAGED, Policy, PolicyFileError
from soc_cli.policy.guard import Guard
from soc_cli.store import schema
from tests.conftest import DATA

OWN = PACKAGED.read_text("utf-8")
TEXT = (DATA / "another-club.toml").read_text("utf-8")


def test_what_it_leaves_out_is_the_programs() -> None:
    policy = club.read(TEXT)
    assert list(policy.purposes) == ["own-record", "contact", "insurance", "inquiry"]
    assert policy.left_out == {
        "nickname", "birth_date", "sex", "occupation", "industry", "interests", "notice_post", "survey",
    }  # fmt: skip
    assert policy.categories["insured"].columns == {"member": ("name", "address")}
    assert policy.categories["contact"].columns["member"] == (
        "name", "kana", "email", "phone", "postal_code", "address",
    )  # fmt: skip
    assert policy.purposes["contact"].reads == ("contact",)
    assert policy.grounds["danger"].kinds == {
        "": ("danger", "protects", "urgency", "why_no_consent")
    }
    assert (policy.periods["withdrawn"].years, policy.periods["consent_record"].years) == (2, 3)
    assert len(policy.sha256) == 64


def test_the_programs_own_file_is_a_clubs_file_too(policy: Policy) -> None:
    read = club.read(OWN)
    assert read.purposes == policy.purposes
    assert read.categories == policy.categories
    assert read.open_columns == policy.open_columns
    assert read.keys == policy.keys
    assert not read.left_out


def test_p3_members_see_every_column_that_is_held() -> None:
    policy = club.read(TEXT)
    seen = {
        (table, column)
        for name in policy.purposes["own-record"].reads
        for table, columns in policy.categories[name].columns.items()
        for column in columns
    }
    for category in policy.categories.values():
        for table, columns in category.columns.items():
            assert {(table, column) for column in columns} <= seen, category.name


def test_every_purpose_of_it_makes_a_grant() -> None:
    policy = club.read(TEXT)
    guard = Guard(policy, schema.OWNERS)
    for purpose in policy.purposes.values():
        grant = guard.for_purpose(purpose.name, 1 if purpose.one_member else None)
        read = {c for view in grant.views for c in view.reads.get("member", ())}
        assert not read & policy.left_out


WRONG = {
    "a sale": ("[ground.danger]", "[ground.sale]", "ground.sale", "no ground"),
    "an opt-out": ("[ground.danger]", "[ground.opt-out]", "ground.opt-out", "opt-out"),
    "joint use": ("[ground.danger]", "[ground.joint-use]", "ground.joint-use", "joint use"),
    "a ground that asks for less": ('label = { ja = "差し迫った危険", en = "danger" }', 'label = { ja = "差", en = "d" }\nfields = ["danger"]', "ground.danger.fields", "program's own"),
    "a purpose of an unknown category": ('reads = ["insured"]', 'reads = ["ensured"]', "purpose.insurance.reads", "no category"),
    "no own record": ("[purpose.own-record]", "[purpose.my-record]", "purpose.own-record", "is missing"),
    "an own record that leaves something out": ('label = { ja = "本人の記録", en = "own record" }', 'label = { ja = "本", en = "o" }\nreads = ["registration"]', "purpose.own-record.reads", "leaves out"),
    "an own record of many": ('label = { ja = "本人の記録", en = "own record" }', 'label = { ja = "本", en = "o" }\none_member = false', "purpose.own-record.one_member", "one member"),
    "a field that the register does not have": ('"name", "kana", "email"', '"name", "kana", "car", "email"', "category.registration.columns.member", "car"),
    "a registration without a name": ('["name", "kana", "email"', '["kana", "email"', "category.registration.columns.member", "leaves out the name"),
    "a category beyond the registration": ('columns.member = ["name", "address"]', 'columns.member = ["name", "birth_date"]', "category.insured.columns.member", "birth_date"),
    "a purpose without words": ('says.en = "Sends word of events."', 'says.en = " "', "clause.U2.says.en", "is empty"),
    "a purpose whose clause is none": ('clause = "U3"', 'clause = "U9"', "purpose.insurance.clause", "U9"),
    "a purpose that changes tables": ('reads = ["insured"]', 'reads = ["insured"]\nwrites = ["member"]', "purpose.insurance.writes", "program's own"),
    "names open to everybody": ("[category.registration]", '[open]\nmember = ["id", "name"]\n\n[category.registration]', "open", "program's own"),
    "a table taken for nobody's": ("[category.registration]", '[impersonal]\nmember = ["name"]\n\n[category.registration]', "impersonal", "program's own"),
    "a table of another": ('columns.member = ["name", "address"]', 'columns.usage = ["ip"]\ncolumns.member = ["name", "address"]', "category.insured.columns.usage", "does not know"),
    "a choice without its field": ("[choice.notice_email]", "[choice.survey]", "choice.notice_email", "is missing"),
    "a record kept too short": ("[period.withdrawn]\nyears = 2", "[period.consent_record]\nyears = 2", "period.consent_record.years", "shorter"),
    "a period of nothing": ("[period.withdrawn]", "[period.dues]", "period.dues", "no period"),
    "no clause against sale": ("[clause.D0]", "[clause.D9]", "clause.D0", "is missing"),
    "another format": ("format = 1", "format = 2", "format", "another format"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_d0_c3_a_wrong_file_is_refused_with_its_place(case: str) -> None:
    old, new, place, reason = WRONG[case]
    assert old in TEXT
    with pytest.raises(PolicyFileError) as error:
        club.read(TEXT.replace(old, new, 1))
    assert error.value.place == place
    assert reason in str(error.value)
    assert error.value.exit_code == 3


def test_a_file_that_was_adopted_is_read_on_the_mechanism_of_today() -> None:
    """A newer program may need more tables open than the file's own sections say."""
    older = OWN.replace('erased_inquiry = ["id", "erased_on"]\n', "", 1)
    with pytest.raises(PolicyFileError):
        club.read(older)
    assert "erased_inquiry" in club.read_kept(older).open_columns


def _paths(value: object, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [at] if at else []
    if isinstance(value, dict):
        for key, one in value.items():
            found += _paths(one, (*at, key))
    return found


PATHS = _paths(tomllib.loads(TEXT))
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=3), st.lists(st.integers(0, 1), max_size=2),
    st.lists(st.lists(st.text(max_size=2), max_size=1), max_size=2), st.dictionaries(st.sampled_from(["ja", "member", "x"]), st.integers(), max_size=2),
)  # fmt: skip


@given(st.sampled_from(PATHS), JUNK)
def test_whatever_stands_in_a_file_it_is_read_or_refused(
    path: tuple[str, ...], junk: object
) -> None:
    data = tomllib.loads(TEXT)
    table = data
    for key in path[:-1]:
        table = table[key]
    if junk is None:
        del table[path[-1]]
    else:
        table[path[-1]] = junk
    try:
        read = club.read_parsed(TEXT, data)
    except PolicyFileError:
        return
    assert read.left_out <= set(BY_KEY)
