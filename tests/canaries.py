"""People whose every value is one of its kind, so that it is found wherever it leaks to."""

from tests.conftest import Soc

CANARY = {
    "name": "金糸雀 一号", "kana": "カナリア イチゴウ", "nickname": "かなりあ壱", "email": "canary1@example.com",
    "phone": "090-1234-0001", "birth_date": "1961-01-31", "sex": "other", "postal_code": "460-0001",
    "address": "愛知県名古屋市中区三の丸1-1-1", "occupation": "金糸雀職", "industry": "金糸雀業", "interest": "金糸雀会",
    "joined_on": "2001-02-03",
}  # fmt: skip
OTHER = {**CANARY, "name": "鶯 二号", "kana": "ウグイス", "nickname": "うぐいす", "email": "other@example.com",
         "phone": "090-1234-0002", "address": "東京都千代田区千代田9-9-9", "occupation": "鶯職", "industry": "鶯業", "interest": "鶯会"}  # fmt: skip


def registered(club: Soc) -> Soc:
    """The club with two such members, numbers 1 and 2."""
    for person in (CANARY, OTHER):
        club(
            "member",
            "add",
            *(w for k, v in person.items() for w in (f"--{k.replace('_', '-')}", v)),
        )
    return club
