"""A mail as Japanese mailers write it is read right, and nothing that is attached is."""

import base64
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.formats.jis import text_of
from soc_cli.formats.mail import Mail, read
from soc_cli.model.clocks import TOKYO
from soc_cli.model.errors import WrongData
from tests.conftest import DATA


def jis(text: str) -> bytes:
    """ISO-2022-JP as Windows mailers write it: code page 50221, made from CP932 by arithmetic."""
    written, now = b"", "a"
    for character in text:
        code = character.encode("cp932")
        if len(code) == 1:
            kind = "a" if code[0] < 0x80 else "k"
            code = bytes([code[0] & 0x7F])
        else:
            first, second = code
            row = (first - (0x81 if first < 0xA0 else 0xC1)) * 2 + 0x21
            if second >= 0x9F:
                row, cell = row + 1, second - 0x7E
            else:
                cell = second - 0x1F - (second > 0x7F)
            kind, code = "d", bytes([row, cell])
        if kind != now:
            written += {"a": b"\x1b(B", "k": b"\x1b(I", "d": b"\x1b$B"}[kind]
            now = kind
        written += code
    return written + (b"" if now == "a" else b"\x1b(B")


def word(text: str) -> str:
    """An encoded word of RFC 2047."""
    return f"=?ISO-2022-JP?B?{base64.b64encode(jis(text)).decode()}?="


def mail(headers: str, body: bytes = b"x\r\n") -> Mail:
    return read(headers.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body, "m.eml")


PLAIN = "From: a@example.jp\nDate: Mon, 16 Nov 2026 09:00:00 +0900\nSubject: x\nContent-Type: text/plain; charset={}"  # fmt: skip


def test_the_whole_mail_of_the_story() -> None:
    found = read((DATA / "inquiry-jis.eml").read_bytes(), "m.eml")
    assert found == Mail(
        "佐藤 一郎",
        "member02@example.com",
        datetime(2026, 11, 17, 1, 30, tzinfo=TOKYO),
        "登録内容の確認（①）",
        "登録している住所を教えてください。ｿｱﾗの①台目です。",
        ("免許証.jpg",),
        True,
    )


@pytest.mark.parametrize(
    "text",
    ["ソアラの集まり", "ｿｱﾗのﾊﾟﾝﾌﾚｯﾄ", "①②㈱№㌔", "abc ｱｲｳ 漢字①", "一行目\n二行目 ｶﾅ\n三行目", "表示ソ能ポ"],
)  # fmt: skip
def test_what_rfc_1468_does_not_know_is_read_all_the_same(text: str) -> None:
    assert text_of(jis(text), "iso-2022-jp") == (text, True)
    assert mail(PLAIN.format("ISO-2022-JP"), jis(text)).body == text


def test_ibm_characters_and_the_supplement_and_shifted_kana() -> None:
    assert text_of(b"\x1b$B\x7c\x62\x1b(B", "iso-2022-jp") == ("髙", True)
    assert text_of(b"\x1b$(D\x30\x21\x1b(B \x1b(I1\x1b(B", "iso-2022-jp")[0] == "丂 ｱ"
    assert text_of(b"a\x0e1\x0fb", "iso-2022-jp") == ("aｱb", True)


@given(st.text(st.characters(codec="cp932", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40))  # fmt: skip
def test_every_text_of_cp932_comes_back(text: str) -> None:
    """But for the characters of IBM beyond seven bits, which have no place in ISO-2022-JP."""
    if any(len(c.encode("cp932")) == 2 and c.encode("cp932")[0] >= 0xF0 for c in text):
        return
    read_back, whole = text_of(jis(text) or b"", "iso-2022-jp")
    assert whole
    same = str.maketrans("～∥－￠￡￢―", "〜‖−¢£¬—")
    assert read_back.translate(same) == text.translate(same)


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("utf-8", "utf-8"), ("Shift_JIS", "cp932"), ("x-sjis", "cp932"), ("euc-jp", "euc_jp"), ("us-ascii", "utf-8"), ("no-such", "utf-8"), ("utf-8", "cp932")],
)  # fmt: skip
def test_other_encodings_named_rightly_and_wrongly(charset: str, codec: str) -> None:
    assert mail(PLAIN.format(charset), "髙橋さん、①".encode(codec, "ignore")).body.endswith("橋さん、①".encode(codec, "ignore").decode(codec))  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        (f"{word('佐藤 一郎')} <a@example.jp>", "佐藤 一郎", "a@example.jp"),
        (f'"{word("佐藤 一郎")}" <a@example.jp>', "佐藤 一郎", "a@example.jp"),
        (f"{word('佐藤')}\n {word('一郎')} <a@example.jp>", "佐藤一郎", "a@example.jp"),
        (f"{word('佐藤')}{word('一郎')} <a@example.jp>", "佐藤一郎", "a@example.jp"),
        ('"Sato, Ichiro" <a@example.jp>', "Sato, Ichiro", "a@example.jp"),
        ("a@example.jp (佐藤 一郎)", "佐藤 一郎", "a@example.jp"),
        ("a..b.@docomo.example", "a..b.@docomo.example", "a..b.@docomo.example"),
        ("a@example.jp", "a@example.jp", "a@example.jp"),
        ("佐藤 <a@example.jp>", "佐藤", "a@example.jp"),
        ("=?utf-8?Q?=E4=BD=90=E8=97=A4?= <a@example.jp>", "佐藤", "a@example.jp"),
    ],
)
def test_the_sender(raw: str, name: str, address: str) -> None:
    found = mail(f"From: {raw}\nSubject: x")
    assert (found.name, found.address) == (name, address)


def test_a_header_of_raw_bytes_as_old_mailers_wrote_it() -> None:
    data = (
        b"From: "
        + jis("佐藤 一郎")
        + b" <a@example.jp>\r\nSubject: "
        + jis("ｿｱﾗの件")
        + b"\r\n\r\nx"
    )
    found = read(data, "m.eml")
    assert (found.name, found.address, found.subject) == ("佐藤 一郎", "a@example.jp", "ｿｱﾗの件")


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("Mon, 16 Nov 2026 09:00:00 +0900", "2026-11-16T09:00:00+09:00"),
        ("Sun, 15 Nov 2026 14:59:59 +0000", "2026-11-15T23:59:59+09:00"),
        ("Sun, 15 Nov 2026 15:00:00 GMT", "2026-11-16T00:00:00+09:00"),
        ("Sun, 15 Nov 2026 07:00:00 -0800 (PST)", "2026-11-16T00:00:00+09:00"),
        ("Sun, 15 Nov 2026 15:00:00 -0000", "2026-11-16T00:00:00+09:00"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
        ("Mon, 99 Nov 2026 09:00:00 +0900", None),
        ("Fri, 31 Dec 9999 23:59:59 -0900", None),
    ],
)
def test_the_moment_is_tokyos(raw: str, at: str | None) -> None:
    found = mail(f"From: a@example.jp\nDate: {raw}").sent_at
    assert (found.isoformat() if found else None) == at


def parts(kind: str, *bodies: str) -> bytes:
    inside = "".join(f"--b\r\n{body}\r\n" for body in bodies) + "--b--\r\n"
    return f"From: a@example.jp\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n{inside}".encode()  # fmt: skip


TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\n{}"
PAGE = "Content-Type: text/html; charset=utf-8\r\n\r\n{}"


def test_of_two_forms_the_plain_one_and_of_several_parts_all_texts() -> None:
    assert read(parts("alternative", PAGE.format("<p>ページ</p>"), TEXT.format("文")), "m").body == "文"  # fmt: skip
    found = read(parts("mixed", TEXT.format("前"), "Content-Type: image/png\r\n\r\nAAAA", TEXT.format("後")), "m")  # fmt: skip
    assert (found.body, found.attachments) == ("前\n\n後", ("image/png",))
    found = read(parts("mixed", TEXT.format("文"), "Content-Type: text/plain; name=a.txt\r\n\r\n秘密"), "m")  # fmt: skip
    assert (found.body, found.attachments) == ("文", ("a.txt",))
    found = read(parts("related", PAGE.format("<p>図</p>"), "Content-Type: image/png; name=z.png\r\n\r\nAAAA"), "m")  # fmt: skip
    assert (found.body, found.attachments) == ("図", ("z.png",))
    inner = "Content-Type: message/rfc822\r\n\r\nFrom: b@example.jp\r\nSubject: y\r\n\r\n転送"
    found = read(parts("mixed", TEXT.format("文"), inner), "m")
    assert (found.body, found.attachments) == ("文", ("message/rfc822",))


def test_a_page_as_text_without_what_is_not_shown() -> None:
    page = "<html><head><title>題</title><style>p{}</style></head><body><p>一行目<br>二行目&nbsp;&amp;</p><script>x()</script><table><tr><td>甲</td><td>乙</td></tr></table>続\nき</body></html>"  # fmt: skip
    assert mail(PLAIN.replace("plain", "html").format("utf-8"), page.encode()).body == "一行目\n二行目\xa0&\n\n甲 乙\n\n続き"  # fmt: skip


def test_flowed_lines_and_transfer_encodings() -> None:
    flowed = PLAIN.format("utf-8; format=flowed; delsp=yes")
    assert mail(flowed, "長い行の \r\n続き\r\n次の行\r\n-- \r\n署名\r\n".encode()).body == "長い行の続き\n次の行\n-- \n署名"  # fmt: skip
    quoted = PLAIN.format("utf-8") + "\nContent-Transfer-Encoding: quoted-printable"
    assert mail(quoted, "".join(f"={b:02X}" for b in "本文".encode()).encode() + b"=\r\n!").body == "本文!"  # fmt: skip
    coded = PLAIN.format("iso-2022-jp") + "\nContent-Transfer-Encoding: base64"
    assert mail(coded, base64.b64encode(jis("本文ｱ"))).body == "本文ｱ"


def test_what_could_command_a_terminal_or_turn_text_round_is_not_kept() -> None:
    found = mail("From: a@example.jp\nSubject: a\x1b]0;b\u202ec", b"x\x1b[2J\x00\x07y\r\n")
    assert (found.subject, found.body) == ("a]0;bc", "x[2Jy")


def test_what_is_no_mail_is_told(tmp_path: Path) -> None:
    for data in (b"", b"PK\x03\x04", "氏名,住所\n".encode(), b"\xd0\xcf\x11\xe0"):
        with pytest.raises(WrongData, match="is no mail"):
            read(data, "list.csv")


@given(st.binary(max_size=400))
def test_no_bytes_bring_it_down(data: bytes) -> None:
    found = read(b"From: x@example.jp\r\n" + data, "m.eml")
    assert "\x1b" not in found.body + found.subject + found.name


@given(st.binary(max_size=120), st.sampled_from(["iso-2022-jp", "utf-8", "shift_jis", None, "idna", "base64", "utf-7", "\x00"]))  # fmt: skip
def test_no_charset_brings_it_down(data: bytes, charset: str | None) -> None:
    text, _whole = text_of(data, charset)
    assert isinstance(text, str)
