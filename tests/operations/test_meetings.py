"""The waiting list whatever happens: nobody waits who fits, nobody loses a place, and the line has no gap."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soc_cli.model.errors import NotFound, WrongData
from soc_cli.model.meeting import Who
from soc_cli.operations import meetings
from soc_cli.store import meetings as store
from soc_cli.store.register import Register

Memory = Callable[..., Register]

PEOPLE = tuple(
    f"insert into member (id, name, name_key, status) values ({n}, 'n{n}', 'n{n}', 'active')"
    for n in range(1, 10)
)


def planned(memory: Memory, capacity: int | None, *more: str) -> Register:
    return memory(
        "nickname",
        filled=(
            *PEOPLE,
            f"insert into meeting (id, title, date, capacity) values (1, 't', '2026-12-13', {capacity or 'null'})",
            *more,
        ),
    )


def line(register: Register) -> list[tuple[str, int, int]]:
    """Kind, number and companions of those who wait, in order."""
    found = [p for p in meetings.people(register, 1) if p["waiting"] is not None]
    found.sort(key=lambda one: one["waiting"])  # type: ignore[arg-type,return-value]
    assert [one["waiting"] for one in found] == list(range(1, len(found) + 1))
    return [
        ("guest", one["guest"], one["companions"])  # type: ignore[misc]
        if one["member"] is None
        else ("member", int(str(one["member"])[4:]), one["companions"])
        for one in found
    ]


def taken(register: Register) -> int:
    with register.change(keep=False):
        return store.taken(register, 1)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("declare"), st.integers(1, 9), st.integers(0, 3)),
        st.tuples(st.just("guest"), st.just(0), st.integers(0, 2)),
        st.tuples(st.just("withdraw"), st.integers(1, 9), st.just(0)),
        st.tuples(st.just("withdraw guest"), st.integers(1, 6), st.just(0)),
        st.tuples(st.just("capacity"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("attend"), st.integers(1, 9), st.just(0)),
    ),
    max_size=25,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(1, 8), ACTS)
def test_nobody_waits_who_fits(memory: Memory, capacity: int, acts: list[tuple[str, int, int]]) -> None:  # fmt: skip
    register = planned(memory, capacity)
    most = 0
    for act, number, companions in acts:
        before = taken(register)
        try:
            if act == "declare":
                meetings.declare(register, 1, [number], companions)
            elif act == "guest":
                meetings.declare(register, 1, [], companions, ["客"])
            elif act == "withdraw":
                meetings.withdraw(register, 1, [number])
            elif act == "withdraw guest":
                meetings.withdraw(register, 1, [], [number])
            elif act == "capacity":
                meetings.edit(register, 1, {"capacity": number})
                capacity = number
            else:
                meetings.attend(register, 1, [number], True)
        except (WrongData, NotFound):
            assert taken(register) == before
            continue
        now = taken(register)
        # Who waited and came all the same has come; nobody else is let in beyond the capacity.
        assert now <= max(capacity, before) or act == "attend"
        if act != "attend":
            free = capacity - now
            assert all(1 + along > free for _kind, _number, along in line(register)), acts
        else:
            line(register)
        most = max(most, now)


def test_the_first_who_fits_moves_up(memory: Memory) -> None:
    register = planned(memory, 3)
    assert meetings.declare(register, 1, [1], 2).placed == (Who("member", 1),)
    assert meetings.declare(register, 1, [2], 3).waiting == ((Who("member", 2), 1),)
    assert meetings.declare(register, 1, [3], 1).waiting == ((Who("member", 3), 2),)
    assert meetings.declare(register, 1, [], 0, ["客"]).waiting == ((Who("guest", 1), 3),)
    done = meetings.withdraw(register, 1, [1])
    assert done.moved_up == (Who("member", 3), Who("guest", 1)), "the party of four does not fit"
    assert line(register) == [("member", 2, 3)]
    assert meetings.edit(register, 1, {"capacity": 7}).moved_up == (Who("member", 2),)


def test_p8_who_was_refused_since_does_not_move_up(memory: Memory) -> None:
    register = planned(memory, 1)
    meetings.declare(register, 1, [1])
    meetings.declare(register, 1, [2])
    meetings.declare(register, 1, [3])
    with register._unguarded():
        register._con.execute("update member set status = 'refused' where id = 2")
    assert meetings.withdraw(register, 1, [1]).moved_up == (Who("member", 3),)
    assert line(register) == [("member", 2, 0)]


def test_r1_whoever_was_erased_holds_no_place_and_leaves_the_line(memory: Memory) -> None:
    register = planned(memory, 1)
    for number in (1, 2, 3, 4):
        meetings.declare(register, 1, [number])
    with register._unguarded():
        register._con.execute("delete from member where id in (1, 2)")
    assert meetings.declare(register, 1, [5]).moved_up == (Who("member", 3),)
    assert line(register) == [("member", 4, 0), ("member", 5, 0)]
    (shown,) = meetings.listed(register)
    assert (shown["declared"], shown["waiting"]) == (2, 2), "the count of who declared stays"


def test_p7_only_who_moves_up_is_read(memory: Memory) -> None:
    """A declaration reads nobody by number but those whom it is about."""
    register = planned(memory, 1)
    for number in (1, 2, 3):
        meetings.declare(register, 1, [number])
    meetings.withdraw(register, 1, [1])
    with register._unguarded():
        rows = register._con.execute(
            "select j.act, s.members from journal j join journal_subject s on s.number = j.number order by j.number"
        ).fetchall()
    assert [(row[0], row[1]) for row in rows][-3:] == [
        ("withdraw-declaration", "1"), ("read", "2"), ("move-up", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "a\x1bb"])
def test_a_guest_has_a_name(memory: Memory, name: str) -> None:
    register = planned(memory, None)
    with pytest.raises(WrongData):
        meetings.declare(register, 1, [], 0, [name])
    assert meetings.people(register, 1) == []


def test_a_report_counts_members_who_kept_what_they_said(memory: Memory) -> None:
    register = planned(memory, None, "insert into meeting (id, title, date) values (2, 'u', '2025-12-31')")  # fmt: skip
    meetings.declare(register, 1, [1, 2, 3], guests=["客"])
    meetings.attend(register, 1, [1, 2, 4], True, [1])
    meetings.attend(register, 1, [3], False)
    meetings.declare(register, 2, [1], late=True)
    report: dict[str, Any] = meetings.report(register, 2026)
    (one,) = report["meetings"]
    assert [one[key] for key in ("declared", "attended", "absent", "walk_ins", "guests", "guests_attended", "rate")] == [
        3, 3, 1, 1, 1, 1, 0.667,
    ]  # fmt: skip
    by = {m["member"]: (m["declared"], m["attended"], m["absent"], m["kept"], m["rate"]) for m in report["members"]}  # fmt: skip
    assert by == {
        "SOC-0001": (1, 1, 0, 1, 1.0), "SOC-0002": (1, 1, 0, 1, 1.0), "SOC-0003": (1, 0, 1, 0, 0.0),
        "SOC-0004": (0, 1, 0, 0, None),
    }  # fmt: skip
