"""Surveys (P2): who may be asked, by attributes; whom each is for, as tokens; the invitation (P4).

Under P2 a target goes in with its token and can't be read back but as a token: only P4 reads whose it is.
"""

import json
from collections.abc import Iterator, Sequence

from soc_cli.store.driver import Row
from soc_cli.store.register import Register


def people(register: Register) -> Iterator[Row]:
    """The attributes of the active members who chose to be asked, by number."""
    return register.read(
        "select a.id, a.age, a.sex, a.postal_code, a.occupation, a.industry, a.interests, m.joined_on"
        " from soc_category_attributes a join soc_chosen_survey s on s.id = a.id"
        " join member m on m.id = a.id where m.status = 'active' order by a.id",
        member="id",
    )


def filters(register: Register) -> list[list[str]]:
    """The filters of every survey so far."""
    rows = register.look("select filters from survey order by id")
    return [json.loads(row["filters"]) for row in rows]


def insert(
    register: Register,
    title: str,
    filters: Sequence[str],
    matching: int,
    seed: str | None,
    targets: Sequence[tuple[str, int]],
) -> int:
    """Adds a survey with its targets (token, member) in the order given; gives its number.

    That order is to be one by chance: rows in the order of tokens or of members would tell whose each is.
    """
    cursor = register.execute(
        "insert into survey (made_at, title, filters, matching, picked, seed) values (?, ?, ?, ?, ?, ?)",
        (
            register.run.clock.now().isoformat(),
            title,
            json.dumps(filters, ensure_ascii=False),
            matching,
            len(targets),
            seed,
        ),
    )
    number = cursor.lastrowid
    assert number is not None
    register.execute_all(
        "insert into survey_target (survey_id, member_id, token) values (?, ?, ?)",
        ((number, member, token) for token, member in targets),
    )
    return number


def listed(register: Register, number: int | None = None) -> list[Row]:
    """The surveys, oldest first; or the one with this number."""
    where = "where id = :number" if number is not None else ""
    return register.look(
        f"select id, made_at, title, filters, matching, picked, seed from survey {where} order by id",
        {"number": number} if number is not None else {},
    )


def tokens(register: Register, number: int) -> list[str]:
    """The tokens of a survey (P2)."""
    rows = register.read(
        "select token from soc_category_targets where survey_id = ? order by token",
        (number,),
        member=None,
    )
    return [row["token"] for row in rows]


_INVITED = "from soc_category_invitations t join member m on m.id = t.member_id"


def invited(contact: Register, number: int) -> list[int]:
    """The members whom a survey's tokens stand for, in the order of the tokens (P4).

    Without those who left, or have since chosen not to be asked.
    """
    rows = contact.read(
        f"select t.member_id {_INVITED} where t.survey_id = ? and m.status = 'active' order by t.token",
        (number,),
        member="member_id",
    )
    return [row["member_id"] for row in rows]


_BY = {
    "email": "select t.member_id, t.token, c.name, c.email"
    f" {_INVITED} join soc_category_contact c on c.id = t.member_id"
    " join soc_chosen_notice_email n on n.id = t.member_id"
    " where t.survey_id = ? and m.status = 'active' and c.email is not null order by t.token",
    "post": "select t.member_id, t.token, c.name, c.postal_code, c.address"
    f" {_INVITED} join soc_category_contact c on c.id = t.member_id"
    " join soc_chosen_notice_post n on n.id = t.member_id"
    " where t.survey_id = ? and m.status = 'active' and c.address is not null order by t.token",
}
"""Token, name and contact information of those who may be invited this way."""


def invitations(contact: Register, number: int, channel: str) -> list[Row]:
    """Whom to invite by a channel (`email` or `post`), by token; who wants no notice is not in it (P4)."""
    return list(contact.read(_BY[channel], (number,), member="member_id"))
