"""The fields of a registration: how each is read, checked, kept and compared.

A rule lives here once. Every reader takes the text as somebody wrote it and gives the canonical
text that is stored, `None` for nothing, or raises `FieldError` with a reason that a secretary
understands. Folded keys serve comparing only: what is stored stays as it was written
(髙, 﨑 and 邉 are not 高, 崎 and 辺).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from soc_cli.model.clocks import TOKYO
from soc_cli.model.errors import WrongData
from soc_cli.model.frozen import frozen
from soc_cli.model.language import N_, _
from soc_cli.model.patterns import pattern

OLDEST = 125
"""Years: no human being is known to have lived longer than 122."""


class FieldError(WrongData):
    """A value that its field does not take, with the reason as text."""

    def __init__(self, reason: str, do: str = "") -> None:
        self.reason = reason
        super().__init__(reason, do)


def wrong(text: str, error: FieldError) -> WrongData:
    """The error of a value that stands in no sheet, with the value in its sentence."""
    return WrongData(_("“{text}”: {reason}").format(text=text, reason=error.reason), error.do)


_DASHES = pattern("[\u2010-\u2015\u2212\uff0d\u30fc\u2500\ufe63\u207b\u02d7]")
_BLANKS = pattern(r"[\s\u115f\u1160\u2800\u3164\uffa0]+")
_NOTHING = pattern("[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
"""Characters that show nothing and mean nothing; pasted text is full of them."""
_HIDDEN = pattern("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What joins or varies the characters beside it, and is nothing alone."""
_DIRECTIONS = pattern("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ALPHANUMERIC = {
    code: code - 0xFEE0
    for start, stop in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))
    for code in range(start, stop)
}


_COMMON = "0-9A-Za-zぁ-ゖァ-ヺーヽヾ々・、。一-鿿㐀-䶿,.()/&+'@_ -"
"""Characters that no rule below changes or refuses, as the inside of a set."""
_UNCOMMON = pattern(f"[^{_COMMON}]|^ | $|  ")

# Each reader below first recognizes what is canonical already, which nearly every value of a large
# sheet is, and looks closely at the rest. That both ways agree is held by tests of properties.


def plain(text: str, longest: int = 200) -> str | None:
    """One line of text as it was written, blanks tidied; control characters are refused."""
    if len(text) <= longest and (
        (text.isascii() and text.isalnum()) or (text and not _UNCOMMON.search(text))
    ):
        return text
    return plain_looked_at(text, longest)


def plain_looked_at(text: str, longest: int) -> str | None:
    """`plain` for any text, character by character."""
    text = _BLANKS.sub(" ", _NOTHING.sub("", text)).strip()
    if not _HIDDEN.sub("", text).strip():
        return None
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise FieldError(_("control characters"), _("type the value again"))
    if _DIRECTIONS.search(text):
        raise FieldError(
            _("control characters"), _("it holds invisible marks that turn text round")
        )
    if re.search("[\ufffd-\uffff]", text):
        raise FieldError(_("a character was lost"), _("type the value again"))
    if len(text) > longest:
        raise FieldError(_("longer than {n} characters").format(n=longest))
    return text


def _narrow(text: str) -> str:
    """The text for a field of digits and letters: NFKC, no blanks at the ends, plain hyphens."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", plain(text) or "")).strip()


_COMMON_NAME = pattern("[一-鿿㐀-䶿ぁ-ゖァ-ヺ]+(?: [一-鿿㐀-䶿ぁ-ゖァ-ヺ]+)*")


def name(text: str, _today: date) -> str | None:
    """A name as it is written; the full-width blank between surname and name becomes a plain one."""
    if len(text) <= 100 and _COMMON_NAME.fullmatch(text):
        return text
    return plain(text, 100)


_KANA = pattern("[ァ-ヺーヽヾ・ ]+")
_COMMON_KANA = pattern("[ァ-ヺー]+(?: [ァ-ヺー]+)*")


def kana(text: str, _today: date) -> str | None:
    """The reading, in full-width katakana."""
    if len(text) <= 100 and _COMMON_KANA.fullmatch(text):
        return text
    written = plain(text, 100)
    if written is None or _KANA.fullmatch(written):
        return written
    import jaconv

    folded: str = jaconv.hira2kata(unicodedata.normalize("NFKC", written))
    if not _KANA.fullmatch(folded):
        raise FieldError(_("not kana"), _("write the reading in hiragana or katakana"))
    return folded


def nickname(text: str, _today: date) -> str | None:
    """A nickname as it is written."""
    return plain(text, 50)


# The mailboxes of the first mobile phones broke RFC 5321: two dots in a row, a dot before the @.
_OLD_MOBILE = pattern(
    r"(docomo|ezweb|softbank|disney|[a-z]\.vodafone|jp-[a-z]|[a-z]{2}\.ezweb|biz\.ezweb|"
    r"willcom|pdx|[a-z]{2}\.pdx)\.ne\.jp"
)


_COMMON_EMAIL = pattern(r"[A-Za-z0-9_]+(?:[.+-][A-Za-z0-9_]+)*@([a-z0-9.-]+\.[a-z]+)")
_LONGEST_LOCAL = 64


def email(text: str, _today: date) -> str | None:
    """An e-mail address (RFC 5321), its domain in lower case; nothing is asked of the network."""
    common = _COMMON_EMAIL.fullmatch(text)
    if common and len(text) <= 254 and common.start(1) <= _LONGEST_LOCAL and _is_domain(common[1]):
        return text
    return email_looked_at(text)


@lru_cache(maxsize=65536)
def _is_domain(domain: str) -> bool:
    try:
        return email_looked_at(f"a@{domain}") == f"a@{domain}"
    except FieldError:
        return False


def email_looked_at(text: str) -> str | None:
    """`email` for any text, by the library."""
    written = unicodedata.normalize("NFKC", plain(text, 254) or "").strip()
    if not written:
        return None
    from email_validator import EmailNotValidError, validate_email

    local, _at, domain = written.rpartition("@")
    old_mobile = _OLD_MOBILE.fullmatch(domain.lower()) and re.fullmatch(r"[\w.+/?-]+", local, re.A)
    try:
        found = validate_email(
            f'"{local}"@{domain}' if old_mobile else written,
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=bool(old_mobile),
            strict=True,
        )
    except EmailNotValidError:
        raise FieldError(_("not an e-mail address"), _("write it like taro@example.jp")) from None
    return f"{local}@{found.domain}"


_COMMON_PHONE = pattern(r"0[1-9][0-9]{8,9}|0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{4}", re.A)


def _e164(canonical: str) -> str:
    """The number in E.164; raises FieldError for what is none."""
    return phone_key(canonical) if _is_common_phone(canonical) else e164_looked_at(canonical)


def _is_common_phone(text: str) -> bool:
    """Whether a text is a Japanese number in canonical form; False says nothing."""
    if not _COMMON_PHONE.fullmatch(text):
        return False
    digits = text.replace("-", "")
    # Whether a Japanese number is one hangs on its length and first digits alone.
    return 10 <= len(digits) <= 11 and _is_range(digits[:5], len(digits))


@lru_cache(maxsize=65536)
def _is_range(beginning: str, length: int) -> bool:
    number = beginning + "0" * (length - len(beginning))
    try:
        return e164_looked_at(number) == "+81" + number[1:]
    except FieldError:
        return False


@lru_cache(maxsize=4096)
def e164_looked_at(canonical: str) -> str:
    """`_e164` for any text, by the library."""
    import phonenumbers

    try:
        number = phonenumbers.parse(canonical, "JP")
    except phonenumbers.NumberParseException:
        raise FieldError(_("not a phone number"), _PHONE_HINT()) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise FieldError(_("not a phone number"), _PHONE_HINT())
    key: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return key


def _PHONE_HINT() -> str:
    return _("one number with its area code, like 052-123-4567")


def phone(text: str, _today: date) -> str | None:
    """One phone number, with the hyphens as written (plain ones); a lost leading zero comes back."""
    if _is_common_phone(text):
        return text
    written = _narrow(text).replace("(+81)", "+81-")
    if not written:
        return None
    if not re.fullmatch(r"\+?[-0-9() .]+", written):
        raise FieldError(_("not a phone number"), _PHONE_HINT())
    written = re.sub(r"^\(0\)", "0", re.sub(r"(?<=\+81)[- ]?\(0\)", "-", written))
    digits = re.sub(r"[-() .]+", "-", written).strip("-").replace("+-", "+")
    key = _e164(digits)
    if key.startswith("+81") and digits[0] not in "+0":
        digits = (
            "+" + digits
            if re.match("81-?[1-9]", digits) and len(key) > len(digits) - digits.count("-")
            else "0" + digits
        )
    return digits


_COMMON_POSTAL_CODE = pattern("[0-9]{3}-[0-9]{4}")


def postal_code(text: str, _today: date) -> str | None:
    """A Japanese postal code, `123-4567`."""
    if _COMMON_POSTAL_CODE.fullmatch(text):
        return text
    written = _narrow(text).removeprefix("〒").strip()
    if not written:
        return None
    if not re.fullmatch("[0-9]{3} ?-? ?[0-9]{4}", written):
        raise FieldError(_("not a postal code"), _("write seven digits, like 460-0008"))
    return f"{written[:3]}-{written[-4:]}"


_BETWEEN_DIGITS = pattern(
    "(?<=[0-9])[\u2010-\u2015\u2212\uff0d\u30fc\u2500\ufe63\u207b\u02d7](?=[0-9])"
)


def address(text: str, _today: date) -> str | None:
    """An address as it is written, with half-width digits and letters, and plain hyphens in numbers."""
    if "ー" not in text and len(text) <= 300 and text and not _UNCOMMON.search(text):
        return text
    return address_looked_at(text)


def address_looked_at(text: str) -> str | None:
    """`address` for any text."""
    written = plain(text, 300)
    return written and _BETWEEN_DIGITS.sub("-", written.translate(_ALPHANUMERIC))


def text(text: str, _today: date) -> str | None:
    """A short free text (occupation, industry) as it is written."""
    return plain(text)


ELEMENT = "\x1f"
"""Ends each interest of a list, so that one that holds a comma or a dot stays one."""


def interests(text: str, _today: date) -> str | None:
    """Personal interests, one or several, kept as one text with 、 between."""
    if ELEMENT in text:  # what only parts interests is none itself
        parts = [part for part in text.split(ELEMENT) if part.strip("、､，,;；・･／/ \u3000\n\r")]
    else:
        # A sheet parts them by a comma or, where there is none, by a middle dot or a slash.
        parts = re.split(r"[、､，;；\n\r]|(?<![0-9]),|,(?![0-9])", text)
        if len(parts) == 1:
            parts = re.split("[・･／/]", text)
    found = dict.fromkeys(part.replace("、", "・") for part in map(plain, parts) if part)
    return plain("、".join(found), 500)


_SEX_WORDS = {
    "male": ("男", "男性", "m", "male", "man"),
    "female": ("女", "女性", "f", "female", "woman"),
    "other": ("その他", "他", "other", "x"),
    "undisclosed": ("回答しない", "無回答", "未回答", "答えない", "undisclosed", "-"),
}
_SEX = {word: sex for sex, words in _SEX_WORDS.items() for word in words}


def sex(text: str, _today: date) -> str | None:
    """`male`, `female`, `other` or `undisclosed`, which is also what is kept where nothing is said."""
    written = _narrow(text).lower()
    if not written:
        return None
    if written not in _SEX:
        raise FieldError(_("not a sex the register knows"), _("one of 男, 女, その他, 回答しない"))
    return _SEX[written]


_YES = ("yes", "y", "true", "1", "はい", "可", "希望する", "希望", "○", "◯", "〇", "する")
_NO = ("no", "n", "false", "0", "いいえ", "不可", "希望しない", "×", "✕", "しない")


def choice(text: str, _today: date) -> int | None:
    """A member's choice: 1 yes, 0 no, `None` never asked (which the policy reads as no)."""
    written = _narrow(text).lower()
    if not written:
        return None
    if written in _YES:
        return 1
    if written in _NO:
        return 0
    raise FieldError(_("not yes or no"), _("write yes or no"))


_WESTERN = pattern(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_ERA = pattern(
    r"(明治|大正|昭和|平成|令和|[MTSHR])\.?([0-9]{1,2}|元)[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?",
    re.I,
)
_BESIDE_A_DAY = pattern(r"\s*\([月火水木金土日]\)$|\s+0?0:00(:00)?$")
"""What sheets write behind a day: its weekday, or a midnight that nobody meant."""
_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}


@cache
def _eras() -> dict[str, tuple[date, date | None]]:
    """First day, and the day after the last, of each era since Meiji."""
    from japanera import ERA_DATA_GENERAL

    return {era.kanji: (era.since, era.until) for era in ERA_DATA_GENERAL[-5:]}


def day(text: str) -> date | None:
    """A day in any of the ways a club writes it: ISO, slashes, 年月日, eras long and short."""
    written = _DASHES.sub("-", unicodedata.normalize("NFKC", plain(text) or ""))
    written = _BESIDE_A_DAY.sub("", written).replace(" ", "")
    if not written:
        return None
    if western := _WESTERN.fullmatch(written):
        year, month, dom = (int(part) for part in western.groups() if part is not None)
        return _calendar_day(year, month, dom)
    era = _ERA.fullmatch(written)
    if era is None:
        raise FieldError(_("not a date"), _("write it like 1975-04-01 or 昭和50年4月1日"))
    first, beyond = _eras()[_ERA_LETTERS.get(era[1].upper(), era[1])]
    era_year = 1 if era[2] == "元" else int(era[2])
    if era_year == 0:
        raise FieldError(_("no such year"), _("an era begins with its year 1 (元年)"))
    found = _calendar_day(first.year + era_year - 1, int(era[3]), int(era[4]))
    if found < first:
        raise FieldError(
            _("before the era's beginning"), _("the era began on {day}").format(day=first)
        )
    # The days on which the Meiji and the Taisho emperor died belong to both eras.
    shared = first.year < 1926 and found == beyond
    if beyond is not None and found >= beyond and not shared:
        last = beyond - timedelta(days=1)
        raise FieldError(
            _("after the era's end"), _("the era's last day was {day}").format(day=last)
        )
    return found


def _calendar_day(year: int, month: int, dom: int) -> date:
    if not 1 <= month <= 12:
        raise FieldError(_("no such month"), _("months go from 1 to 12"))
    try:
        return date(year, month, dom)
    except ValueError:
        raise FieldError(_("no such day"), _("that month does not have it")) from None


def time_of_day(text: str) -> str | None:
    """A time of day, `09:30`, from 9:30, ９：３０, 9時30分 or 9時."""
    written = unicodedata.normalize("NFKC", plain(text) or "").replace(" ", "")
    if not written:
        return None
    found = re.fullmatch("([0-9]{1,2})(?::([0-9]{2})(?::[0-9]{2})?|時(?:([0-9]{1,2})分)?)", written)
    hours, minutes = (int(found[1]), int(found[2] or found[3] or 0)) if found else (99, 0)
    if hours > 23 or minutes > 59:
        raise FieldError(_("not a time of day"), _("write it like 09:30"))
    return f"{hours:02}:{minutes:02}"


def moment(text: str) -> datetime | None:
    """A day, or a day and a time, in Asia/Tokyo unless another zone is said."""
    written = unicodedata.normalize("NFKC", plain(text) or "")
    if not written:
        return None
    with suppress(ValueError):
        if re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}T", written):
            found = datetime.fromisoformat(written)
            return found.astimezone(TOKYO) if found.tzinfo else found.replace(tzinfo=TOKYO)
    when, _blank, time = written.replace("T", " ").partition(" ")
    found_day, clock = day(when), time_of_day(time)
    if found_day is None:
        raise FieldError(_("not a date"), _("write it like 1975-04-01 or 昭和50年4月1日"))
    hours, minutes = map(int, (clock or "00:00").split(":"))
    return datetime(found_day.year, found_day.month, found_day.day, hours, minutes, tzinfo=TOKYO)


def past_moment(text: str, today: date) -> str | None:
    """When something happened, up to `today`: ISO 8601 with the zone, to the minute."""
    found = moment(text)
    if found is not None and found.date() > today:
        raise FieldError(_("in the future"), _("today is {day}").format(day=today))
    return None if found is None else found.isoformat(timespec="minutes")


def exact_moment(text: str, today: date) -> str | None:
    """As `past_moment`, but to the second where the text says it."""
    found = past_moment(text, today)
    if found is None or not re.search("T[0-9]{2}:[0-9]{2}:[0-9]{2}", text):
        return found
    said = moment(text)
    return None if said is None else said.isoformat(timespec="seconds")


def number_of(text: str, _today: date) -> int | None:
    """A whole number, such as that of a record."""
    written = _narrow(text)
    if written and not re.fullmatch("[0-9]{1,8}", written):
        raise FieldError(_("not a number"), _("write digits, like 12"))
    return int(written) if written else None


def long_text(text: str) -> str | None:
    """A text of several lines as somebody wrote it, but for control characters, which are refused."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    if any(unicodedata.category(c) in ("Cc", "Cs") for line in lines for c in line):
        raise FieldError(_("control characters"), _("type the value again"))
    return "\n".join(line.rstrip() for line in lines).strip("\n") or None


def any_day(text: str, _today: date) -> str | None:
    """A day, past or to come, ISO 8601."""
    found = day(text)
    return found.isoformat() if found else None


def past_day(text: str, today: date) -> str | None:
    """A day in a human being's life up to `today`, ISO 8601."""
    found = day(text)
    if found is None:
        return None
    if found > today:
        raise FieldError(_("in the future"), _("today is {day}").format(day=today))
    if found.year < today.year - OLDEST:
        raise FieldError(_("older than anybody"), _("look at the year again"))
    return found.isoformat()


# Folded keys ---------------------------------------------------------------------------------


@cache
def _normalizer() -> Callable[[str], str]:
    from jpnorm import Normalizer

    normalizer = Normalizer(
        "for_compare",
        kansuji_to_arabic=False,
        era_to_western=False,
        strip_trailing_prolonged=False,
        unify_loanword_kana=False,
        repeat_limit=None,
    )
    normalize: Callable[[str], str] = normalizer.normalize
    return normalize


_SMALL_KE = str.maketrans("ヶヵ", "ケカ")
_JOINTS = pattern(r"[\s・･.,'’ʼ\u2010-]+")


class _Variants(dict[int, str]):
    """What the normalizer makes of each single character, which it folds without its neighbours."""

    def __missing__(self, code: int) -> str:
        self[code] = name_key_looked_at(chr(code)) if code != 0x20 else ""
        return self[code]


_VARIANTS = _Variants()


def name_key(text: str) -> str:
    """What two spellings of one name have in common (髙=高, 邉=邊=辺, width, case, blanks)."""
    if _COMMON_NAME.fullmatch(text):
        return text.translate(_VARIANTS)
    return name_key_looked_at(text)


def name_key_looked_at(text: str) -> str:
    """`name_key` for any text, by the normalizer."""
    folded = _normalizer()(text).casefold().translate(_SMALL_KE)
    return _JOINTS.sub("", folded) or text.casefold()


_COMMON_READING = pattern("[A-Za-z0-9ァ-ヴー]+(?: [A-Za-z0-9ァ-ヴー]+)*")


def kana_key(text: str) -> str:
    """What two spellings of one reading have in common: katakana, full width, no blanks."""
    if _COMMON_READING.fullmatch(text):
        return text.replace(" ", "").lower()
    return kana_key_looked_at(text)


def kana_key_looked_at(text: str) -> str:
    """`kana_key` for any text."""
    import jaconv

    shown = _HIDDEN.sub("", _NOTHING.sub("", text))
    folded: str = jaconv.hira2kata(unicodedata.normalize("NFKC", shown)).casefold()
    return _JOINTS.sub("", folded) or text.casefold()


def email_key(text: str) -> str:
    """An address for comparing: no mailbox in use differs from another by case alone."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


def phone_key(text: str) -> str:
    """The number in E.164, of one that `phone` has taken."""
    digits = text.replace("-", "")
    if digits[:1] == "0" and digits[1:2] != "0":
        return "+81" + digits[1:]
    return e164_looked_at(text)


def text_key(text: str) -> str:
    """Any text for comparing: width, case and blanks do not count."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


_KANJI_CHOME = pattern("([一二三四五六七八九]?十?[一二三四五六七八九]?)(?=丁目)")
_ADDRESS_WORDS = pattern("(?<=[0-9])(丁目|番地の?|番|号(?!室))")


_COMMON_ADDRESS = pattern("([一-鿿㐀-䶿ぁ-ゖァ-ヺ]+)([0-9]+(?:-[0-9]+)*|)")


def address_key(text: str) -> str:
    """An address for comparing: width, spelling variants, and 丁目, 番 and 号 as separators."""
    common = _COMMON_ADDRESS.fullmatch(text)
    if common and "丁目" not in text:
        return _town_key(common[1]) + common[2].replace("-", "/")
    return address_key_looked_at(text)


@lru_cache(maxsize=65536)
def _town_key(town: str) -> str:
    return town.translate(_VARIANTS)


def address_key_looked_at(text: str) -> str:
    """`address_key` for any text, by the normalizer."""
    narrow = _KANJI_CHOME.sub(_kanji_number, unicodedata.normalize("NFKC", text))
    parted = _ADDRESS_WORDS.sub("-", _BETWEEN_DIGITS.sub("-", narrow))
    # The normalizer makes blanks of the hyphens between numbers.
    folded = _normalizer()(parted).casefold().translate(_SMALL_KE)
    return _JOINTS.sub("", re.sub(r"(?<=\d)[\s-]+(?=\d)", "/", folded)) or text


def _kanji_number(found: re.Match[str]) -> str:
    """The number before 丁目 in digits: 一 to 九十九."""
    tens, ten, ones = found[1].partition("十")
    digits = {character: value for value, character in enumerate("〇一二三四五六七八九")}
    if not ten:
        return str(digits[tens]) if tens else ""
    return str(10 * digits.get(tens, 1) + digits.get(ones, 0))


# The table of fields -------------------------------------------------------------------------

Value = str | int | None


@frozen
class Field:
    """One field of the registration (clause C4)."""

    key: str
    """The column, the JSON key and, with hyphens, the option."""
    label: str
    """The heading, an English message that the catalogues translate."""
    headers: tuple[str, ...]
    """What a sheet may call it, in Japanese and English, beside its key and label."""
    read: Callable[[str, date], Value]
    """From text as written, and the day, to what is stored; raises `FieldError`."""
    fold: Callable[[str], str] | None = None
    """To the folded key that is kept beside it for comparing."""
    choice: bool = False
    joint: str = " "
    """What comes between the cells of several columns that make one field."""
    from_number: Callable[[str], str] | None = None
    """What a cell that a spreadsheet took for a number was before; the same text where nothing was lost."""
    varied: bool = False
    """Whether nearly every row of a sheet has another value."""

    @property
    def option(self) -> str:
        """The option's name on the command line."""
        return "--" + self.key.replace("_", "-")

    @property
    def key_column(self) -> str:
        """The column of the folded key."""
        return f"{self.key}_key"


# What a spreadsheet does to a cell that looks like a number.


def _with_its_zero(number: str) -> str:
    """A phone number with the zero that it began with: nine or ten digits are one digit short."""
    return "0" + number if re.fullmatch("[1-9][0-9]{8,9}", number) else number


def _with_seven_digits(number: str) -> str:
    """A postal code with the zeros that it began with; none begins with three."""
    return number.zfill(7) if re.fullmatch("[1-9][0-9]{4,5}", number) else number


_FIRST_SERIAL = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""


def _day_of_serial(number: str) -> str:
    """The day that a spreadsheet counts with this number, where a date lost its format."""
    if re.fullmatch("[1-9][0-9]{4}", number):  # four digits may be a year
        return (_FIRST_SERIAL + timedelta(days=int(number))).isoformat()
    return number


FIELDS: tuple[Field, ...] = (
    Field("name", N_("Name"), ("氏名", "名前", "お名前", "会員名", "氏名(漢字)", "full name"), name, name_key, varied=True),
    Field("kana", N_("Reading (kana)"), ("フリガナ", "ふりがな", "カナ", "かな", "カナ氏名", "氏名カナ", "氏名(カナ)", "よみがな", "ヨミガナ", "よみ", "読み", "reading", "furigana"), kana, kana_key, varied=True),
    Field("nickname", N_("Nickname"), ("ニックネーム", "愛称", "ハンドルネーム", "ハンドル", "handle"), nickname, kana_key, varied=True),
    Field("email", N_("E-mail"), ("メールアドレス", "メール", "Eメール", "電子メール", "e-mail", "mail", "email address", "e-mail address"), email, email_key, varied=True),
    Field("phone", N_("Phone"), ("電話番号", "電話", "TEL", "携帯", "携帯番号", "携帯電話", "連絡先電話番号", "phone number", "telephone"), phone, phone_key, from_number=_with_its_zero, varied=True),
    Field("birth_date", N_("Birth date"), ("生年月日", "誕生日", "birthday", "date of birth", "birth date"), past_day, from_number=_day_of_serial),
    Field("sex", N_("Sex"), ("性別", "gender"), sex),
    Field("postal_code", N_("Postal code"), ("郵便番号", "〒", "postcode", "zip", "zip code"), postal_code, from_number=_with_seven_digits, varied=True),
    Field("address", N_("Address"), ("住所", "ご住所", "現住所"), address, address_key, joint="", varied=True),
    Field("occupation", N_("Occupation"), ("職業", "ご職業", "job"), text),
    Field("industry", N_("Industry"), ("業種", "業界"), text),
    Field("interests", N_("Interests"), ("趣味", "興味", "関心", "interest", "hobby", "hobbies"), interests, joint="、"),
    Field("joined_on", N_("Joined on"), ("入会日", "入会年月日", "登録日", "joined", "join date", "joined on"), past_day, from_number=_day_of_serial),
    Field("notice_email", N_("Notices by e-mail"), ("メール案内", "メールでの案内", "notice email"), choice, choice=True),
    Field("notice_post", N_("Notices by post"), ("郵送案内", "郵送での案内", "notice post"), choice, choice=True),
    Field("survey", N_("Surveys"), ("アンケート", "surveys"), choice, choice=True),
)  # fmt: skip

_STATUSES = {
    "active": ("active", "在籍", "在会", "会員", "現会員", "有効"),
    "withdrawn": ("withdrawn", "退会", "退会済", "退会済み", "元会員"),
    "refused": ("refused", "利用拒否", "拒否"),
}
_STATUS = {word: status for status, words in _STATUSES.items() for word in words}


def status(text: str, _today: date) -> str | None:
    """`active`, `withdrawn` or `refused`."""
    written = _narrow(text).lower()
    if written and written not in _STATUS:
        raise FieldError(_("not a status the register knows"), _("one of 在籍, 退会"))
    return _STATUS.get(written)


STATUS = Field(
    "status", N_("Status"), ("在籍状況", "状態", "会員状態", "会員種別", "membership"), status
)
LEFT_ON = Field(
    "left_on",
    N_("Left on"),
    ("退会日", "退会年月日", "left", "left on"),
    past_day,
    from_number=_day_of_serial,
)
"""What a sheet may tell beside the registration: that somebody has left, and when."""

BY_KEY = {field.key: field for field in FIELDS}
CHOICES = tuple(field.key for field in FIELDS if field.choice)
NUMBER_LABEL = N_("Member number")
NUMBER_HEADERS = (
    "会員番号",
    "会員No",
    "会員No.",
    "番号",
    "number",
    "member number",
    "no",
    "id",
    "#",
)


def header_key(header: str) -> str:
    """A sheet's header as it is compared: width, case and blanks do not count."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s_\-・:*.※\u2010-\u2015]+", "", folded)


def spellings(keys: Iterable[str]) -> dict[str, str]:
    """Every way in which a sheet or a person may call these fields, folded, and the key it means."""
    return {
        header_key(name): key
        for key in keys
        for name in (*BY_KEY[key].headers, key, BY_KEY[key].label)
    }
