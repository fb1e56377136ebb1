"""The rules of the fields, one by one, and what holds for all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc_cli.model import fields as f
from soc_cli.model.fields import BY_KEY, FIELDS, FieldError

TODAY = date(2026, 11, 22)

TAKEN = [
    ("name", "小野　節子 ", "小野 節子"),
    ("name", "髙﨑 壮", "髙﨑 壮"),
    ("name", "𠮷野 家", "𠮷野 家"),
    ("name", "葛\U000e0100城", "葛\U000e0100城"),
    ("name", "李", "李"),
    ("name", "O'Brien Pat", "O'Brien Pat"),
    ("name", "㈱ソアラ商会", "㈱ソアラ商会"),
    ("name", "[/x]", "[/x]"),
    ("kana", "ｵﾉ ｾﾂｺ", "オノ セツコ"),
    ("kana", "わたなべ　ちひろ", "ワタナベ チヒロ"),
    ("kana", "ｳﾞｧｲｵﾘﾝ", "ヴァイオリン"),
    ("kana", "ジョン・スミスー", "ジョン・スミスー"),
    ("email", " Taro.Yamada@Example.JP ", "Taro.Yamada@example.jp"),
    ("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
    ("email", "soarer..z20.@docomo.ne.jp", "soarer..z20.@docomo.ne.jp"),
    ("phone", "０９０ー１２３４ー１００４", "090-1234-1004"),
    ("phone", "090(1234)1006", "090-1234-1006"),
    ("phone", "(03) 1234-5678", "03-1234-5678"),
    ("phone", "09012341005", "09012341005"),
    ("phone", "9012341005", "09012341005"),
    ("phone", "0422‐12‐3456", "0422-12-3456"),
    ("phone", "+81 90-1234-1001", "+81-90-1234-1001"),
    ("phone", "+1 650 253 0000", "+1-650-253-0000"),
    ("phone", "0120-123-456", "0120-123-456"),
    ("birth_date", "1975-04-01", "1975-04-01"),
    ("birth_date", "1975/4/1", "1975-04-01"),
    ("birth_date", "1975.4.1", "1975-04-01"),
    ("birth_date", "昭和50年4月1日", "1975-04-01"),
    ("birth_date", "S50.4.1", "1975-04-01"),
    ("birth_date", "s50/4/1", "1975-04-01"),
    ("birth_date", "１９７５－０４－０１", "1975-04-01"),
    ("birth_date", "19750401", "1975-04-01"),
    ("birth_date", "昭和元年12月25日", "1926-12-25"),
    ("birth_date", "昭和64年1月7日", "1989-01-07"),
    ("birth_date", "平成元年1月8日", "1989-01-08"),
    ("birth_date", "㍻31年4月30日", "2019-04-30"),
    ("birth_date", "令和1年5月1日", "2019-05-01"),
    ("birth_date", "2024-02-29", "2024-02-29"),
    ("birth_date", "2026-11-22", "2026-11-22"),
    ("sex", "", None),
    ("sex", "男性", "male"),
    ("sex", "Ｆ", "female"),
    ("sex", "回答しない", "undisclosed"),
    ("postal_code", "〒４６０－０００８", "460-0008"),
    ("postal_code", "4600008", "460-0008"),
    ("address", "名古屋市中区栄３−１−１　サンハイツ\n１０２号室", "名古屋市中区栄3-1-1 サンハイツ 102号室"),
    ("address", "センター南ー北", "センター南ー北"),
    ("interests", "読書、園芸；登山, 写真・旅行,読書", "読書、園芸、登山、写真・旅行"),
    ("interests", "健康・料理／旅行･釣り", "健康、料理、旅行、釣り"),
    ("interests", "読書､1,000m走", "読書、1,000m走"),
    ("interests", "カー・オーディオ\x1fF/A-18\x1f", "カー・オーディオ、F/A-18"),
    ("name", "山\u200b田\ufeff", "山田"),
    ("name", "\u2060\u3164", None),
    ("name", "\u200d", None),
    ("email", "a@example。jp", "a@example.jp"),
    ("phone", "+81(0)3-1234-5678", "+81-3-1234-5678"),
    ("phone", "(+81)90-1234-5678", "+81-90-1234-5678"),
    ("phone", "(0)3-1234-5678", "03-1234-5678"),
    ("phone", "81-90-1234-5678", "+81-90-1234-5678"),
    ("birth_date", "大正15年12月25日", "1926-12-25"),
    ("birth_date", "明治45年7月30日", "1912-07-30"),
    ("birth_date", "1975/04/01 0:00:00", "1975-04-01"),
    ("birth_date", "1975年4月1日(火)", "1975-04-01"),
    ("postal_code", "460 0008", "460-0008"),
    ("postal_code", "460\u200b-0008", "460-0008"),
    ("notice_email", "はい", 1),
    ("notice_email", "No", 0),
    ("notice_email", "", None),
    ("occupation", "パート・アルバイト", "パート・アルバイト"),
    ("nickname", "  ターボ　Ｚ ", "ターボ Ｚ"),
]  # fmt: skip

REFUSED = [
    ("name", "a\x1b[2J", "control characters"),
    ("name", "a\u202eb", "control characters"),
    ("name", "\ud800", "control characters"),
    ("name", "x" * 101, "longer than 100"),
    ("kana", "山田", "not kana"),
    ("kana", "yamada", "not kana"),
    ("email", "taro@", "not an e-mail address"),
    ("email", "taro＠example", "not an e-mail address"),
    ("name", "山\ufffd田", "a character was lost"),
    ("email", "taro@example.jp 携帯", "not an e-mail address"),
    ("email", "taro yamada@example.jp", "not an e-mail address"),
    ("email", "x" * 65 + "@example.jp", "not an e-mail address"),
    ("birth_date", "昭和64年1月8日", "after the era's end"),
    ("email", "a..b@example.jp", "not an e-mail address"),
    ("email", "a@example.jp, b@example.jp", "not an e-mail address"),
    ("phone", "12345", "not a phone number"),
    ("phone", "052-123-4567 内線12", "not a phone number"),
    ("phone", "052-123-4567/090-1234-5678", "not a phone number"),
    ("phone", "tel", "not a phone number"),
    ("birth_date", "昭和65年2月30日", "no such day"),
    ("birth_date", "2023-02-31", "no such day"),
    ("birth_date", "R5.2.29", "no such day"),
    ("birth_date", "2023/13/01", "no such month"),
    ("birth_date", "令和0年1月1日", "no such year"),
    ("birth_date", "平成31年5月1日", "after the era's end"),
    ("birth_date", "昭和64年1月8日", "after the era's end"),
    ("birth_date", "平成1年1月7日", "before the era's beginning"),
    ("birth_date", "2026-11-23", "in the future"),
    ("birth_date", "1875-01-01", "older than anybody"),
    ("birth_date", "yesterday", "not a date"),
    ("birth_date", "75-4-1", "not a date"),
    ("sex", "三", "not a sex"),
    ("postal_code", "12-34567", "not a postal code"),
    ("postal_code", "460-008", "not a postal code"),
    ("notice_post", "たぶん", "not yes or no"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text", "stored"), TAKEN)
def test_c4_a_field_takes_what_people_write(key: str, text: str, stored: object) -> None:
    assert BY_KEY[key].read(text, TODAY) == stored


@pytest.mark.parametrize(("key", "text", "reason"), REFUSED)
def test_c4_a_field_refuses_with_a_reason(key: str, text: str, reason: str) -> None:
    with pytest.raises(FieldError) as error:
        BY_KEY[key].read(text, TODAY)
    assert error.value.reason.startswith(reason)
    assert error.value.exit_code == 3


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
@pytest.mark.parametrize("text", ["", "  ", "　", "\n", "\u200b"])
def test_a_blank_is_nothing(field: f.Field, text: str) -> None:
    assert field.read(text, TODAY) is None


ANYTHING = st.text(max_size=60) | st.from_regex(
    r"[0-9０-９年月日/.\-ー昭和平成令SHR 元]{1,14}", fullmatch=True
)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
@given(text=ANYTHING)
def test_reading_what_is_stored_changes_nothing(field: f.Field, text: str) -> None:
    try:
        stored = field.read(text, TODAY)
    except FieldError:
        return
    again = {1: "yes", 0: "no", None: ""}.get(stored, stored) if field.choice else stored or ""  # type: ignore[call-overload]
    assert field.read(str(again), TODAY) == stored


@given(st.dates(date(1902, 1, 1), TODAY))
def test_a_day_is_read_alike_in_every_notation(day: date) -> None:
    eras = [("明治", "M", date(1868, 10, 23)), ("大正", "T", date(1912, 7, 30)), ("昭和", "S", date(1926, 12, 25)),
            ("平成", "H", date(1989, 1, 8)), ("令和", "R", date(2019, 5, 1))]  # fmt: skip
    era, letter, first = max((e for e in eras if e[2] <= day), key=lambda e: e[2])
    year = day.year - first.year + 1
    written = [
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{era}{year}年{day.month}月{day.day}日", f"{letter}{year}.{day.month}.{day.day}",
        f"{letter.lower()}{year:02}/{day.month:02}/{day.day:02}",
    ]  # fmt: skip
    if year == 1:
        written.append(f"{era}元年{day.month}月{day.day}日")
    wide = str.maketrans("0123456789-/", "０１２３４５６７８９－／")
    for text in (*written, *(one.translate(wide) for one in written)):
        assert f.day(text) == day


@given(st.dates(TODAY + timedelta(days=1), date(2999, 1, 1)))
def test_no_day_to_come_is_taken(day: date) -> None:
    with pytest.raises(FieldError, match="in the future"):
        f.past_day(day.isoformat(), TODAY)


ALIKE = [
    (f.name_key, "髙﨑 壮", "高崎壮"),
    (f.name_key, "渡邉　太郎", "渡辺 太郎"),
    (f.name_key, "渡邊太郎", "渡辺太郎"),
    (f.name_key, "齋藤", "斎藤"),
    (f.name_key, "濵田", "浜田"),
    (f.name_key, "𠮷野", "吉野"),
    (f.name_key, "葛\U000e0100城", "葛城"),
    (f.name_key, "ヶ丘", "ケ丘"),
    (f.name_key, "O'Brien", "o’brien"),
    (f.kana_key, "わたなべ ちひろ", "ﾜﾀﾅﾍﾞﾁﾋﾛ"),
    (f.kana_key, "ターボ", "たーぼ"),
    (f.email_key, "A@EXAMPLE.jp", "a@example.jp"),
    (f.phone_key, "090-1234-1001", "+819012341001"),
    (f.phone_key, "03-1234-5678", "0312345678"),
    (f.kana_key, "たろう", "タロ\u2060ウ"),
    (f.address_key, "栄3丁目1番1号", "栄３−１−１"),
    (f.address_key, "栄三丁目1番1号", "栄3-1-1"),
    (f.address_key, "栄十二丁目1番1号", "栄12ー1ー1"),
    (f.address_key, "栄3-1-1 サンハイツ102号室", "栄3-1-1サンハイツ１０２号室"),
]  # fmt: skip
APART = [
    (f.name_key, "佐藤一郎", "佐藤二郎"),
    (f.name_key, "九十九", "99"),
    (f.name_key, "斉藤", "佐藤"),
    (f.kana_key, "オオノ", "オノ"),
    (f.name_key, "ももも", "もも"),
    (f.address_key, "四番町1", "四町1"),
    (f.address_key, "トーヨー荘", "トヨ荘"),
    (f.phone_key, "090-1234-1001", "090-1234-1002"),
    (f.address_key, "栄3-1-1 102号室", "栄3-1-1 103号室"),
]


@pytest.mark.parametrize(("fold", "one", "other"), ALIKE)
def test_two_spellings_of_one_thing_have_one_key(
    fold: f.Callable[[str], str], one: str, other: str
) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("fold", "one", "other"), APART)
def test_two_things_have_two_keys(fold: f.Callable[[str], str], one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_headers_and_options_are_never_ambiguous() -> None:
    seen: dict[str, str] = {}
    for field in FIELDS:
        for header in {f.header_key(name) for name in (*field.headers, field.key, field.label)}:
            assert seen.setdefault(header, field.key) == field.key
    assert not seen.keys() & {f.header_key(name) for name in f.NUMBER_HEADERS}
