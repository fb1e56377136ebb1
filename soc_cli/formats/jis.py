"""Text of Japanese mail: ISO-2022-JP as mailers really write it, and the other encodings of mail.

RFC 1468 knows neither half-width kana nor the characters of NEC and IBM (①, 髙, ㈱), and mail holds
both. They are read as Microsoft's code page 50220 reads them: a double byte as in CP932.
"""

from soc_cli.formats.encodings import decoded
from soc_cli.model.errors import WrongData

_ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "ms_kanji": "cp932", "x-euc-jp": "euc_jp", "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "x-unknown": "", "unknown-8bit": "",
}  # fmt: skip

_SETS = {
    b"$@": "double", b"$B": "double", b"$(D": "supplement", b"(B": "ascii", b"(J": "ascii",
    b"(I": "kana", b"(H": "ascii", b"$(B": "double", b"$(@": "double",
}  # fmt: skip
"""What comes after an escape, and the set of characters that it begins (ISO 2022)."""
_OUT, _IN = 0x0E, 0x0F


def text_of(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text of bytes in the charset that a mail names, and whether every character could be read.

    Where it names none, or one that the bytes are not in, they are looked at.
    """
    named = (charset or "").strip().strip("\"'").lower()
    named = _ALIASES.get(named, named)
    if named.startswith("iso-2022-jp") or any(b"\x1b" + begun in data for begun in _SETS):
        return _iso_2022_jp(data)
    if named and named not in ("us-ascii", "ascii"):
        try:
            return data.decode(named), True
        except (LookupError, ValueError):
            pass
    try:
        return decoded(data)[0], True
    except WrongData:
        return data.decode("utf-8", "replace"), False


def _iso_2022_jp(data: bytes) -> tuple[str, bool]:
    for strict in ("iso2022_jp", "iso2022_jp_ext"):
        try:
            if _OUT not in data:
                return data.decode(strict), True
        except UnicodeDecodeError:
            pass
    pieces: list[str] = []
    set_now, before, at = "ascii", "ascii", 0
    while at < len(data):
        if data[at] == 0x1B:
            begun = next((s for s in _SETS if data.startswith(s, at + 1)), None)
            if begun is not None:
                set_now, at = _SETS[begun], at + 1 + len(begun)
                continue
        if data[at] in (_OUT, _IN):
            if data[at] == _OUT:
                before, set_now = set_now, "kana"
            else:
                set_now = before
            at += 1
            continue
        wide = set_now in ("double", "supplement") and at + 1 < len(data) and data[at] > 0x20
        pieces.append(_character(data[at : at + 2] if wide else data[at : at + 1], set_now))
        at += 2 if wide else 1
    text = "".join(pieces)
    return text, "\ufffd" not in text


def _character(code: bytes, set_now: str) -> str:
    """One character of a set."""
    if len(code) == 2 and set_now == "supplement":
        return (b"\x1b$(D" + code + b"\x1b(B").decode("iso2022_jp_1", "replace")
    if len(code) == 2:
        return _shifted(*code).decode("cp932", "replace")
    if set_now == "kana" and 0x21 <= code[0] <= 0x5F:
        return bytes([code[0] | 0x80]).decode("cp932")
    return code.decode("cp932" if code[0] > 0x7F else "ascii", "replace")


def _shifted(row: int, cell: int) -> bytes:
    """A double byte of JIS X 0208 as Shift_JIS writes it."""
    first = ((row - 0x21) >> 1) + (0x81 if row <= 0x5E else 0xC1)
    odd = 0x1F if cell < 0x60 else 0x20
    second = cell + (odd if row % 2 else 0x7E)
    return bytes([first & 0xFF, second & 0xFF])
