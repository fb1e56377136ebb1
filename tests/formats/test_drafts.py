"""Drafts of e-mails: what any text of a member or of the secretary becomes as headers and as a body."""

import email
import email.policy
import getpass
import re
import socket
from datetime import datetime
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.formats.drafts import drafts
from soc_cli.model.clocks import TOKYO
from soc_cli.model.notice import Letter, filled, placeholders

AT = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
CLUB = ("ソアラオーナーズクラブ", "club@example.jp")
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=100)


def made(letter: Letter, subject: str = "件名", body: str = "本文") -> tuple[bytes, EmailMessage]:
    (data,) = drafts([letter], CLUB, subject, body, AT).values()
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return data, message


@given(TEXT, TEXT)
def test_no_name_and_no_subject_makes_or_breaks_a_header(name: str, subject: str) -> None:
    data, message = made(Letter("SOC-0001", name, None, email="a@example.jp"), subject)
    assert [key.lower() for key in message] == [
        "from", "to", "subject", "date", "message-id", "x-unsent", "content-type", "content-transfer-encoding",
        "mime-version",
    ]  # fmt: skip
    assert [one.addr_spec for one in message["To"].addresses] == ["a@example.jp"]
    raw = email.message_from_bytes(data, policy=email.policy.compat32)
    assert "".join(str(make_header(decode_header(raw["Subject"]))).split()) == "".join(subject.split())  # fmt: skip
    assert max(map(len, data.split(b"\r\n"))) < 998
    assert data.isascii()


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("so@example.jp", "<so@example.jp>"),
        ("a..b.@docomo.ne.jp", '<"a..b."@docomo.ne.jp>'),
        (".x@ezweb.ne.jp", '<".x"@ezweb.ne.jp>'),
        ("a.b+c@example.jp", "<a.b+c@example.jp>"),
        ("taro@例え.jp", "<taro@xn--r8jz45g.jp>"),
    ],
)
def test_a_mailbox_is_written_as_headers_take_it(stored: str, written: str) -> None:
    data, _message = made(Letter("SOC-0001", "森 花", None, email=stored))
    (line,) = [line for line in data.decode().split("\r\n") if "@" in line and "To" in line]
    assert line.endswith(" " + written)


def test_every_character_of_a_text_comes_through_and_names_are_filled_in() -> None:
    letter = Letter("SOC-0001", "髙﨑 壮", "タカサキ", email="a@example.jp", household=("葛\U000e0100 𠮷子",))  # fmt: skip
    _data, message = made(letter, body="{name} 様 {number} {kana} {email}\n㈱①～\n\n.\nFrom x")
    assert message.get_content().replace("\r\n", "\n") == (
        "髙﨑 壮、葛\U000e0100 𠮷子 様 SOC-0001 タカサキ a@example.jp\n㈱①～\n\n.\nFrom x\n"
    )
    assert message["To"].addresses[0].display_name == "髙﨑 壮"


def test_what_is_filled_in_is_not_filled_again() -> None:
    letter = Letter("SOC-0001", "{number}", None, email="a@example.jp")
    assert filled("{name}", letter) == "{number}"
    assert placeholders("{a} {{b}} {c} {a} { d\n} {}") == ["a", "c", ""]


def test_it_tells_neither_who_works_nor_on_which_machine() -> None:
    data, message = made(Letter("SOC-0001", "森 花", None, email="a@example.jp"))
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.jp>", message["Message-ID"])
    assert message["Date"].datetime == AT
    for told in (socket.gethostname(), getpass.getuser()):
        assert told.encode() not in data or len(told) < 5
    other, _message = made(Letter("SOC-0001", "森 花", None, email="a@example.jp"))
    assert other != data, "each has an id of its own"
