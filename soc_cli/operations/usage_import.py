"""Use of the services from a sheet, and cookies and sign-ins with whose they are (C5, P7, K1)."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from soc_cli.model.fields import Field, FieldError, Value, day, exact_moment, plain, text
from soc_cli.model.journal import Entry
from soc_cli.model.language import N_, _
from soc_cli.model.visits import COOKIE, SIGN_IN, digest_of, page_of
from soc_cli.operations.importing import Import, Noun
from soc_cli.operations.reading import Row, Shape
from soc_cli.operations.record_import import MEMBER, People, Records, Unfit
from soc_cli.operations.sweeping import usage_gone_through
from soc_cli.operations.usage import LONGEST
from soc_cli.store import usage


class Facts(Records):
    """Records that are there as a row says them, or are added: none is ever changed."""

    def stored(self, record: int) -> Mapping[str, Value]:  # noqa: ARG002
        """What is found differs in nothing."""
        return {}

    def remember(self, record: int, values: Mapping[str, Value]) -> None:
        """Each is looked for in the register itself."""

    def change(self, record: int, values: Mapping[str, Value]) -> None:  # noqa: ARG002
        """What differs in nothing is not changed."""
        raise AssertionError


# Use of the services --------------------------------------------------------------------------


def page(written: str, _today: date) -> str | None:
    """The page of an address: its path alone (C3)."""
    said = plain(written, LONGEST)
    return None if said is None else page_of(said)


_TO_THE_SECOND = re.compile(r"(.+?)[ \u3000T]+([0-9]{1,2}):([0-9]{2}:[0-9]{2})(?![0-9:])(.*)")


def moment(written: str, today: date) -> str | None:
    """When a service was used: to the second where the sheet says it, in whichever way it writes the day."""
    if found := _TO_THE_SECOND.fullmatch(unicodedata.normalize("NFKC", written).strip()):
        said, hour, rest, zone = found.groups()
        written = f"{day(said)}T{hour:0>2}:{rest}{zone}"
    return exact_moment(written, today)


WHO = replace(
    MEMBER,
    headers=(*MEMBER.headers, "ニックネーム", "投稿者", "出品者", "作成者", "nickname", "author"),
)
USE = (
    WHO,
    Field("at", N_("When"), ("日時", "利用日時", "投稿日時", "出品日時", "作成日時", "日付", "time", "date"), moment),
    Field("service", N_("Service"), ("サービス", "サービス名", "利用サービス", "機能", "掲示板"), text),
    Field("action", N_("Action"), ("操作", "行為", "動作", "利用内容", "種別"), text),
    Field("page", N_("Page"), ("ページ", "URL", "アドレス", "path"), page),
)  # fmt: skip
NEEDED = ("member", "at", "service")


def check(needed: Sequence[str], values: Mapping[str, Value]) -> Sequence[tuple[str, FieldError]]:
    """What each row must say."""
    return [
        (key, FieldError(_("the cell is empty")))
        for key in needed
        if key in values and values[key] is None
    ]


def shape() -> Shape:
    """What a sheet of used services holds."""
    return Shape(USE, required=tuple((key,) for key in NEEDED), check=partial(check, NEEDED))


def noun(people: People) -> Noun:
    """Used services: what is the same to the letter is the same, as often as it is there."""
    return Noun(shape, partial(Uses, people), people.in_row, matches=("none",))


class Uses(Facts):
    """Takes in which member used which service when."""

    key = "service"
    categories = ("usage",)

    def __init__(self, people: People, run: Import) -> None:
        super().__init__(run)
        self._people = people
        self._gone = usage_gone_through(self.register)

    def prepared(self, row: Row) -> dict[str, Value]:
        """The values with the member's number; raises Unfit for what is past its period."""
        values = {**dict.fromkeys(column.key for column in USE), **row.values}
        if str(values["at"])[:10] <= self._gone:
            reason = _("past the period of the usage history")
            raise Unfit("at", reason)
        return {**values, "member": self._people.number("member", str(values["member"]))}

    def found(self, values: Mapping[str, Value]) -> int | None:
        """A stored use that says the same, and that no row before this one was."""
        member, at = values["member"], values["at"]
        assert isinstance(member, int)
        rows = usage.used(self.register, member, str(at), _digest(values))
        return next((row for row in rows if row not in self._placed), None)

    def add(self, values: Mapping[str, Value]) -> int:
        """A new use; the import's entry names its member."""
        member, action, page = values["member"], values["action"], values["page"]
        assert isinstance(member, int)
        assert isinstance(action, str | None)
        assert isinstance(page, str | None)
        at, service = str(values["at"]), str(values["service"])
        return usage.add_use(self.register, member, at, service, action, page, _digest(values))


def _digest(values: Mapping[str, Value]) -> int:
    said = [values[key] for key in ("service", "action", "page")]
    return digest_of(json.dumps(said, ensure_ascii=False).encode())


# Cookies and sign-ins -------------------------------------------------------------------------


def token(written: str, _today: date) -> str | None:
    """A cookie or sign-in as it is written."""
    return plain(written, LONGEST)


LINK = (
    Field("cookie", N_("Cookie"), ("クッキー", "Cookie", "cookie id"), token),
    Field("sign_in", N_("Sign-in"), ("サインイン", "ログイン", "ログインID", "ログイン名", "ユーザー名", "login", "user"), token),
    replace(WHO, headers=(*MEMBER.headers, "ニックネーム", "nickname")),
)  # fmt: skip
KINDS = {"cookie": COOKIE, "sign_in": SIGN_IN}


def check_link(values: Mapping[str, Value]) -> Sequence[tuple[str, FieldError]]:
    """A link is of one cookie or of one sign-in, and a member's."""
    said = [key for key in KINDS if values.get(key) is not None]
    errors = list(check(("member",), values))
    if len(said) != 1:
        key = next(key for key in KINDS if key in values)
        errors.append((key, FieldError(_("a row names either a cookie or a sign-in"))))
    return errors


def link_shape() -> Shape:
    """What a sheet of links holds."""
    return Shape(LINK, required=(("cookie", "sign_in"), ("member",)), check=check_link)


def links(people: People) -> Noun:
    """Links: one of the same cookie or sign-in is the same, and another member's is refused."""
    return Noun(link_shape, partial(Links, people), people.in_row, matches=())


class Links(Facts):
    """Takes in whose cookies and sign-ins are."""

    key = "member"
    categories = ("traces",)

    def __init__(self, people: People, run: Import) -> None:
        super().__init__(run)
        self._people = people

    def prepared(self, row: Row) -> dict[str, Value]:
        """What is linked, and the member's number."""
        key = next(key for key in KINDS if row.values.get(key) is not None)
        return {
            "kind": KINDS[key],
            "token": row.values[key],
            "member": self._people.number("member", str(row.values["member"])),
        }

    def found(self, values: Mapping[str, Value]) -> int | None:
        """The member whose it is; raises Unfit where that is another one."""
        whose = usage.linked(self.register, str(values["kind"]), str(values["token"]))
        if whose not in (None, values["member"]):
            told = self.told(whose)
            raise Unfit("member", _("this is {member}'s").format(member=told))
        return None  # where it is this member's already, the row says nothing

    def says_nothing(self, values: Mapping[str, Value]) -> bool:
        """Whether it is linked to this member already."""
        whose = usage.linked(self.register, str(values["kind"]), str(values["token"]))
        return whose is not None and whose == values["member"]

    def told(self, record: int) -> str:
        """The member's number."""
        return self.register.policy.club.number(record)

    def add(self, values: Mapping[str, Value]) -> int:
        """A new link, to which the visits are joined that there are."""
        kind, said, member = str(values["kind"]), str(values["token"]), values["member"]
        assert isinstance(member, int)
        number = usage.link(self.register, kind, said, member)
        usage.join(self.register, kind, said)
        self.register.record(Entry("link-visitor", (member,), ("traces",)))
        return number
