"""The 47 prefectures, and which one a postal code lies in.

Sorted, Japan Post's codes change from one prefecture to another in a hundred places, so that this
small table does for all of them; a test holds it against the whole list.
"""

from bisect import bisect_right

_NAMES = """
北海道 Hokkaido  青森県 Aomori  岩手県 Iwate  宮城県 Miyagi  秋田県 Akita  山形県 Yamagata  福島県 Fukushima
茨城県 Ibaraki  栃木県 Tochigi  群馬県 Gunma  埼玉県 Saitama  千葉県 Chiba  東京都 Tokyo  神奈川県 Kanagawa
新潟県 Niigata  富山県 Toyama  石川県 Ishikawa  福井県 Fukui  山梨県 Yamanashi  長野県 Nagano  岐阜県 Gifu
静岡県 Shizuoka  愛知県 Aichi  三重県 Mie  滋賀県 Shiga  京都府 Kyoto  大阪府 Osaka  兵庫県 Hyogo  奈良県 Nara
和歌山県 Wakayama  鳥取県 Tottori  島根県 Shimane  岡山県 Okayama  広島県 Hiroshima  山口県 Yamaguchi
徳島県 Tokushima  香川県 Kagawa  愛媛県 Ehime  高知県 Kochi  福岡県 Fukuoka  佐賀県 Saga  長崎県 Nagasaki
熊本県 Kumamoto  大分県 Oita  宮崎県 Miyazaki  鹿児島県 Kagoshima  沖縄県 Okinawa
"""

_BEGINS = """
001-0000 北海道  010-0000 秋田県  018-5501 青森県  018-5511 秋田県  020-0000 岩手県  030-0111 青森県
040-0000 北海道  100-0000 東京都  210-0000 神奈川県  260-0000 千葉県  300-0000 茨城県  311-4411 栃木県
311-4501 茨城県  320-0001 栃木県  330-0000 埼玉県  349-1221 栃木県  350-0001 埼玉県  370-0000 群馬県
370-1507 埼玉県  370-1511 群馬県  380-0801 長野県  384-0097 群馬県  384-0301 長野県  389-0121 群馬県
389-0200 長野県  389-2261 新潟県  389-2300 長野県  400-0000 山梨県  410-0000 静岡県  431-4121 愛知県
432-0000 静岡県  440-0001 愛知県  498-0801 三重県  500-0000 岐阜県  510-0000 三重県  520-0000 滋賀県
520-0461 京都府  520-0471 滋賀県  530-0000 大阪府  563-0801 兵庫県  564-0000 大阪府  600-0000 京都府
618-0001 大阪府  618-0071 京都府  630-0000 奈良県  630-0271 大阪府  630-1101 奈良県  640-0000 和歌山県
647-1271 奈良県  647-1321 三重県  647-1581 奈良県  647-1600 和歌山県  648-0300 奈良県  648-0401 和歌山県
650-0000 兵庫県  680-0000 鳥取県  684-0100 島根県  689-0101 鳥取県  690-0000 島根県  700-0000 岡山県
720-0001 広島県  740-0000 山口県  760-0000 香川県  770-0000 徳島県  780-0000 高知県  790-0001 愛媛県
800-0000 福岡県  811-5100 長崎県  812-0000 福岡県  817-0000 長崎県  818-0000 福岡県  839-1421 大分県
840-0001 佐賀県  848-0401 長崎県  849-0000 佐賀県  850-0000 長崎県  860-0001 熊本県  870-0001 大分県
871-0000 福岡県  871-0001 大分県  871-0226 福岡県  871-0311 大分県  871-0801 福岡県  872-0000 大分県
880-0000 宮崎県  890-0000 鹿児島県  900-0000 沖縄県  910-0001 福井県  920-0000 石川県  922-0679 福井県
922-0801 石川県  930-0001 富山県  939-0171 石川県  939-0231 富山県  940-0000 新潟県  949-8321 長野県
949-8401 新潟県  960-0000 福島県  980-0000 宮城県  990-0000 山形県
"""
"""From which code on it is which prefecture."""

NAMES: dict[str, str] = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True))
"""The prefectures from north to south, with their names in English."""

_FROM, _WHICH = _BEGINS.split()[::2], _BEGINS.split()[1::2]

END = ":"
"""What sorts after every postal code."""


def of_code(postal_code: str) -> str:
    """The prefecture of a postal code (`123-4567`), also of a large office's own code."""
    return _WHICH[max(bisect_right(_FROM, postal_code) - 1, 0)]


def codes(prefecture: str) -> list[tuple[str, str]]:
    """The codes of a prefecture: from which one on, and up to which one, which is not its own."""
    ends = [*_FROM[1:], END]
    return [
        (first, end)
        for first, end, which in zip(_FROM, ends, _WHICH, strict=True)
        if which == prefecture
    ]


def called(text: str) -> str | None:
    """The prefecture that a text names, in Japanese (with 都道府県 or without) or in English."""
    said = text.strip().lower()
    for name, english in NAMES.items():
        if said in (name, english.lower()) or (len(name) > 2 and said == name[:-1] != "北海"):
            return name
    return None


def at_the_beginning(address: str) -> str | None:
    """The prefecture that an address begins with, where it names one in full."""
    return next((name for name in NAMES if address.startswith(name)), None)
