"""`frozen` makes what `dataclass(frozen=True)` makes."""

import copy
import dataclasses
import pickle

import pytest

from soc_cli.model.frozen import frozen, made, replace


@frozen
class Ours:
    """Two needed, two with a default."""

    one: int
    two: str
    three: tuple[str, ...] = ()
    four: dict[str, int] = made(default_factory=dict)

    @property
    def both(self) -> str:
        return f"{self.one}{self.two}"


@dataclasses.dataclass(frozen=True)
class Theirs:
    """The same, as the standard library has it."""

    one: int
    two: str
    three: tuple[str, ...] = ()
    four: dict[str, int] = dataclasses.field(default_factory=dict)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((1, "a"), {}), ((1,), {"two": "a"}), ((), {"two": "a", "one": 1}), ((1, "a", ("x",)), {}), ((1, "a"), {"four": {"x": 1}}),
        ((), {}), ((1,), {}), ((1, "a"), {"one": 2}), ((1, "a", (), {}, 5), {}), ((1, "a"), {"five": 5}),
    ],
)  # fmt: skip
def test_it_is_made_shown_and_refused_alike(values, named) -> None:  # type: ignore[no-untyped-def]
    try:
        theirs = Theirs(*values, **named)
    except TypeError:
        with pytest.raises(TypeError):
            Ours(*values, **named)
        return
    ours = Ours(*values, **named)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)  # type: ignore[call-overload]
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours == Ours(*values, **named)
    assert ours != theirs
    assert ours.both == "1a"


def test_it_is_compared_and_hashed_by_its_values() -> None:
    one, other = Ours(1, "a", four=None), Ours(1, "b", four=None)  # type: ignore[arg-type]
    assert one != other
    assert len({one, other, Ours(1, "a", four=None)}) == 2  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        hash(Ours(1, "a"))  # as that of a dictionary


def test_it_cant_be_changed() -> None:
    one = Ours(1, "a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.one = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.one
    assert one == Ours(1, "a")


def test_a_default_that_is_made_is_each_ones_own() -> None:
    assert Ours(1, "a").four is not Ours(1, "a").four


def test_copies() -> None:
    one = Ours(1, "a", ("x",))
    for changed in (replace(one, two="b"), dataclasses.replace(one, two="b")):  # type: ignore[type-var]
        assert changed == Ours(1, "b", ("x",))
    with pytest.raises(TypeError):
        replace(one, five=5)
    assert copy.copy(one) == one
    assert pickle.loads(pickle.dumps(one)) == one


def test_the_standard_library_takes_it_for_its_own() -> None:
    assert dataclasses.is_dataclass(Ours)
    assert [f.name for f in dataclasses.fields(Ours)] == [
        f.name for f in dataclasses.fields(Theirs)
    ]
