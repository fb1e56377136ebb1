"""Makes `sample.db`: `python -m tests.make_sample`. Invented people, through the program's own operations.

The same content at each run: the chance is seeded, and each act has its own day. The phone numbers
are in ranges that are given to nobody, the mailboxes under example domains, and the postal codes
exist.
"""

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from soc_cli.formats import accesslog, extracts
from soc_cli.model import language
from soc_cli.model.clocks import Clock
from soc_cli.model.inquiry import CHECKED, DONE, REQUESTS
from soc_cli.model.visits import COOKIE, SIGN_IN
from soc_cli.operations import (
    content,
    disclosures,
    erasing,
    inquiries,
    meetings,
    notices,
    registering,
    registers,
    surveys,
    usage,
)
from soc_cli.policy import form
from soc_cli.store import erasurelist
from soc_cli.store.register import Register, Run

SAMPLE = Path(__file__).resolve().parent.parent / "sample.db"
MADE_ON = date(2024, 4, 1)
OPERATOR = "事務局"

SURNAMES = [
    ("青木", "アオキ"), ("髙﨑", "タカサキ"), ("渡邉", "ワタナベ"), ("佐藤", "サトウ"), ("林", "ハヤシ"), ("齋藤", "サイトウ"),
    ("伊藤", "イトウ"), ("小野", "オノ"), ("大野", "オオノ"), ("𠮷田", "ヨシダ"), ("中村", "ナカムラ"), ("濵田", "ハマダ"),
    ("山本", "ヤマモト"), ("近藤", "コンドウ"), ("九十九", "ツクモ"), ("森", "モリ"), ("水野", "ミズノ"), ("長谷川", "ハセガワ"),
    ("五十嵐", "イガラシ"), ("東海林", "ショウジ"),
]  # fmt: skip
NAMES = [
    ("あずさ", "アズサ", "female"), ("壮", "ソウ", "male"), ("千尋", "チヒロ", "female"), ("一郎", "イチロウ", "male"),
    ("花子", "ハナコ", "female"), ("昭", "アキラ", "male"), ("節子", "セツコ", "female"), ("拓也", "タクヤ", "male"),
    ("真由美", "マユミ", "female"), ("健", "ケン", "male"), ("薫", "カオル", "undisclosed"), ("湊", "ミナト", "other"),
]  # fmt: skip
PLACES = [
    ("460-0008", "愛知県名古屋市中区栄"), ("450-0002", "愛知県名古屋市中村区名駅"), ("471-0034", "愛知県豊田市小坂本町"),
    ("448-0007", "愛知県刈谷市東境町"), ("100-0005", "東京都千代田区丸の内"), ("150-0041", "東京都渋谷区神南"),
    ("220-0012", "神奈川県横浜市西区みなとみらい"), ("530-0001", "大阪府大阪市北区梅田"), ("600-8216", "京都府京都市下京区東塩小路町"),
    ("650-0021", "兵庫県神戸市中央区三宮町"), ("810-0001", "福岡県福岡市中央区天神"), ("060-0005", "北海道札幌市中央区北五条西"),
    ("980-0021", "宮城県仙台市青葉区中央"), ("500-8833", "岐阜県岐阜市神田町"), ("514-0009", "三重県津市羽所町"),
    ("730-0011", "広島県広島市中区基町"),
]  # fmt: skip
OCCUPATIONS = [
    "会社員",
    "公務員",
    "自営業",
    "会社役員",
    "教職員",
    "主婦・主夫",
    "学生",
    "無職",
    "医療従事者",
]
INDUSTRIES = [
    "製造業",
    "運輸業",
    "情報通信業",
    "建設業",
    "卸売・小売業",
    "公務",
    "金融・保険業",
    "",
]
INTERESTS = [
    "ドライブ",
    "写真",
    "洗車",
    "旅行",
    "釣り",
    "登山",
    "料理",
    "読書",
    "音楽",
    "カー・オーディオ",
]
NICKNAMES = [
    "あずき",
    "ターボ",
    "ちーちゃん",
    "ミントブルー",
    "レッドライン",
    "夜走り",
    "エアロ",
    "直六",
    "やまねこ",
    "しろくま",
]


def main(path: Path = SAMPLE) -> None:
    """Makes the sample at `path`, in place of an older one."""
    language.use("ja")
    chance = random.Random(20260407)
    path.unlink(missing_ok=True)
    registers.make(path, form.packaged(), _run("init", MADE_ON), sample=True)
    acts = [
        *_register(path, chance), *_meet(path, chance), *_crowd(path), *_inquire(path), *_disclose(path), *_tell(path), *_use(path), *_ask(path),
    ]  # fmt: skip
    for _day, act in sorted(acts, key=lambda act: act[0]):
        act()
    erasurelist.beside(path).unlink()  # a sample has no backups


Act = tuple[date, Callable[[], object]]
"""Something that happened on a day."""


def _run(command: str, day: date) -> Run:
    return Run(OPERATOR, command, Clock(day))


@contextmanager
def _open(path: Path, command: str, day: date, purpose: str | None = None) -> Iterator[Register]:
    run, policy = _run(command, day), form.packaged()
    register = (
        Register.open(path, policy, run, purpose)
        if purpose
        else Register.open_upkeep(path, policy, run)
    )
    with register:
        yield register


def _act(
    path: Path, command: str, day: date, purpose: str | None, do: Callable[[Register], object]
) -> Act:
    """An act of the program on a day, for a purpose or for upkeep."""

    def act() -> None:
        with _open(path, command, day, purpose) as register:
            do(register)

    return day, act


def _register(path: Path, chance: random.Random) -> Iterator[Act]:
    """Sixty-two people, of whom two are later erased."""
    day = date(2024, 4, 6)
    people = [(surname, name) for surname in SURNAMES for name in NAMES]
    chance.shuffle(people)
    for number, ((surname, reading), (name, kana, sex)) in enumerate(people[:62], 1):
        code, town = chance.choice(PLACES)
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
        texts = {
            "name": f"{surname} {name}",
            "kana": f"{reading} {kana}",
            "nickname": NICKNAMES[number - 1] if number <= len(NICKNAMES) else "",
            "email": f"member{number:02}@example.{chance.choice(['jp', 'com', 'net', 'org'])}"
            if chance.random() < 0.9
            else "",
            "phone": f"090-0000-{number:04}".replace(
                "090-0000", chance.choice(["090-1234", "03-1234", "06-1234"])
            ),
            "birth_date": born.isoformat() if chance.random() < 0.95 else "",
            "sex": sex,
            "postal_code": code,
            "address": f"{town}{chance.randint(1, 5)}-{chance.randint(1, 20)}-{chance.randint(1, 20)}",
            "occupation": chance.choice(OCCUPATIONS),
            "industry": chance.choice(INDUSTRIES),
            "interests": "、".join(chance.sample(INTERESTS, chance.randint(0, 3))),
            "joined_on": (day - timedelta(days=chance.randrange(6000))).isoformat()
            if number <= 50
            else day.isoformat(),
            "notice_email": chance.choice(["yes", "no", ""]),
            "notice_post": chance.choice(["yes", "no", ""]),
            "survey": chance.choice(["yes", "no", ""]),
        }
        if born.isoformat() > texts["joined_on"]:
            texts["joined_on"] = day.isoformat()
        yield _act(path, "member add", day, None, partial(registering.add, texts=texts))
        if number >= 50:
            day += timedelta(days=45)
    for number, day in ((17, date(2025, 2, 3)), (41, date(2025, 9, 9))):
        yield _act(path, "member erase", day, None, partial(_erase, number=number))


def _erase(upkeep: Register, number: int) -> None:
    erasing.erase(upkeep, number)
    erasing.finish(upkeep)


MEETINGS = [
    ("春のミーティング2025", "2025-04-13", "10:00", "刈谷ハイウェイオアシス", 40, "2025-04-06"),
    ("夏のナイトミーティング2025", "2025-08-09", "18:30", "名古屋港ガーデンふ頭", None, None),
    ("秋のミーティング2025", "2025-11-02", "10:00", "浜名湖サービスエリア", 30, "2025-10-26"),
    ("春のミーティング2026", "2026-04-12", "10:00", "刈谷ハイウェイオアシス", 40, "2026-04-05"),
    ("雨で中止のミーティング", "2026-06-21", "10:00", "伊良湖岬", None, None),
    ("冬のミーティング2026", "2026-12-13", "10:30", "刈谷ハイウェイオアシス", 25, None),
]


def _meet(path: Path, chance: random.Random) -> Iterator[Act]:
    """Six meetings: four were held, one was cancelled, one is to come."""
    present = [n for n in range(1, 51) if n not in (17, 41)]
    for number, (title, day, time, place, capacity, deadline) in enumerate(MEETINGS, 1):
        held = date.fromisoformat(day)
        planned = held - timedelta(days=60)
        texts = {"title": title, "date": day, "time": time, "place": place, "deadline": deadline}
        yield _act(
            path,
            "meeting add",
            planned,
            "nickname",
            partial(meetings.add, texts=texts, capacity=capacity),
        )
        coming = sorted(chance.sample(present, 12))
        for member in coming:
            on = planned + timedelta(days=chance.randint(1, 20))
            come_along = chance.choice([0, 0, 0, 1, 2])
            declare = partial(
                meetings.declare, number=number, members=[member], companions=come_along
            )
            yield _act(path, "meeting declare", on, "nickname", declare)
        if "中止" in title:
            cancel = partial(meetings.cancel, number=number)
            yield _act(path, "meeting cancel", held - timedelta(days=1), "nickname", cancel)
        elif held < date(2026, 11, 22):
            away = sorted(chance.sample(coming, 2))
            came = [
                *(m for m in coming if m not in away),
                next(m for m in present if m not in coming),
            ]
            for verb, who, there in (("attend", came, True), ("absent", away, False)):
                attend = partial(meetings.attend, number=number, members=who, present=there)
                yield _act(path, f"meeting {verb}", held, "nickname", attend)


CROWDED = {
    "title": "新春ミーティング2027", "date": "2027-01-10", "time": "11:00", "place": "名古屋港ポートビル",
    "deadline": "2027-01-03 18:00", "fee": "お一人2,500円（昼食つき）",
}  # fmt: skip
COMING: list[tuple[int | str, int, date]] = [
    (4, 1, date(2026, 11, 11)), (9, 0, date(2026, 11, 12)), ("見本 三郎", 0, date(2026, 11, 12)), (21, 2, date(2026, 11, 13)),
    ("例田 桜子", 1, date(2026, 11, 14)), (30, 0, date(2026, 11, 15)), (2, 1, date(2026, 11, 16)), ("仮山 梅", 0, date(2026, 11, 17)),
]  # fmt: skip


def _crowd(path: Path) -> Iterator[Act]:
    """A seventh meeting, to come: its eight places are taken, by guests too, and others wait."""
    add = partial(meetings.add, texts=CROWDED, capacity=8)
    yield _act(path, "meeting add", date(2026, 11, 10), "nickname", add)
    for who, along, on in COMING:
        members, guests = ([who], []) if isinstance(who, int) else ([], [who])
        declare = partial(
            meetings.declare, number=7, members=members, companions=along, guests=guests
        )
        yield _act(path, "meeting declare", on, "nickname", declare)


INQUIRIES = [
    (3, None, None, "question", "駐車場について", "春のミーティングの駐車場は何時から開いていますか。", "8時から開いています。", date(2026, 3, 30)),
    (None, "問合 太郎", "taro@example.net", "question", "入会について", "ソアラを譲り受けました。\n入会の手続きを教えてください。", "申込書をお送りします。", date(2026, 5, 11)),
    (8, None, None, "view", "登録内容の確認", "自分の登録内容を見せてください。", "本人データをお渡ししました。", date(2026, 8, 2)),
    (None, "苦情 花子", "06-1234-0000", "complaint", "夜間の騒音", "名古屋港での集まりの音が大きすぎます。", None, date(2025, 8, 10)),
    (12, None, None, "correct", "転居", "住所が変わりました。", None, date(2026, 11, 12)),
    (5, None, None, "purposes", "利用目的について", "登録した情報を何に使うのか教えてください。", "九つの利用目的をお知らせしました。", date(2026, 9, 1)),
]  # fmt: skip


def _inquire(path: Path) -> Iterator[Act]:
    """Six inquiries; two still wait for an answer, one of them a request that is due in a few days."""
    by_day = sorted(INQUIRIES, key=lambda inquiry: inquiry[-1])
    for number, (member, name, contact, kind, subject, body, answer, day) in enumerate(by_day, 1):
        texts = {
            "from_name": name, "from_contact": contact, "kind": kind, "subject": subject, "body": body,
            "channel": "メール",
        }  # fmt: skip
        yield _act(
            path, "inquiry log", day, "inquiry", partial(inquiries.log, texts=texts, member=member)
        )
        if answer:
            later = day + timedelta(days=3)
            decision = None
            if kind in REQUESTS:
                seen = inquiries.Identity(CHECKED, "運転免許証")
                check = partial(inquiries.identify, number=number, identity=seen)
                yield _act(path, "inquiry identify", later, "inquiry", check)
                decision = inquiries.Decision(DONE)
            reply = partial(inquiries.reply, number=number, text=answer, decision=decision)
            yield _act(path, "inquiry reply", later, "inquiry", reply)
            yield _act(
                path, "inquiry close", later, "inquiry", partial(inquiries.close, number=number)
            )


def _ask(path: Path) -> Iterator[Act]:
    """A survey among those who may be asked, and the key of the website's tokens."""
    draw = random.Random(20261001).randbytes
    wanted = surveys.Wanted("会報と行事についてのアンケート", ["age 30-69"], sample=12, seed="2026")
    day = date(2026, 10, 1)
    pick = partial(surveys.select, wanted=wanted, draw=draw)
    yield _act(path, "survey select", day, "improve", pick)
    yield _act(path, "content key", day, None, partial(content.key, draw=draw))


class _Unwritten:
    """An extract of which the sample keeps the hash alone."""

    def __init__(self, data: bytes) -> None:
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.paths = ()
        self.named = True

    def claim(self) -> None:
        """There is no file."""

    def discard(self) -> None:
        """There is no file."""


SHOP = {
    "recipient": "みほん自動車整備株式会社",
    "recipient_address": "愛知県刈谷市東境町1-1",
    "recipient_representative": "見本 一",
}
POLICE = {
    "recipient": "見本県警察",
    "recipient_address": "愛知県名古屋市中区栄2-2",
    "recipient_representative": "見本県警察本部長",
}
HOSPITAL = {
    "recipient": "みほん病院",
    "recipient_address": "静岡県浜松市見本町3-3",
    "recipient_representative": "院長 見本 二",
}


def _disclose(path: Path) -> Iterator[Act]:
    """Three consents, of which one was withdrawn, and three disclosures."""
    given = [
        (2, "みほん自動車整備株式会社", "name,phone", date(2026, 2, 1)),
        (9, "みほん自動車整備株式会社", "name,address", date(2026, 3, 1)),
        (4, "みほん保険株式会社", "name", date(2026, 6, 1)),
    ]
    for member, recipient, items, day in given:
        texts = {
            "recipient": recipient,
            "items": items,
            "how": "書面（署名あり）",
            "given_on": day.isoformat(),
        }
        give = partial(disclosures.give, member=member, texts=texts, evidence_sha256=None)
        yield _act(path, "consent give", day + timedelta(days=2), None, give)
    withdraw = partial(disclosures.withdraw, number=3)
    yield _act(path, "consent withdraw", date(2026, 7, 7), None, withdraw)
    acts = [
        ("consent", {**SHOP, "consent": "1"}, ("name", "phone"), [2], date(2026, 2, 10)),
        ("authority", {**POLICE, "kind": "inquiry", "law": "刑事訴訟法（昭和23年法律第131号）", "article": "197条2項",
                       "authority": "見本県警察見本署", "officer": "見本 三", "document_number": "見本発第123号",
                       "document_date": "2026-05-20", "called_back": "代表番号に折り返し、担当課で確認"}, ("name", "address"), [20], date(2026, 5, 25)),
        ("danger", {**HOSPITAL, "danger": "ミーティングの帰りの事故で意識がない", "protects": "life", "urgency": "輸血の前に血縁者への連絡が要る",
                    "why_no_consent": "本人に意識がない"}, ("name", "birth_date", "phone"), [7], date(2026, 4, 12)),
    ]  # fmt: skip
    for ground, texts, items, numbers, day in acts:
        yield day, partial(_give, path, ground, texts, items, numbers, day)


def _give(
    path: Path,
    ground: str,
    texts: dict[str, str],
    items: tuple[str, ...],
    numbers: list[int],
    day: date,
) -> None:
    run, policy = _run("disclosure record", day), form.packaged()
    shown = disclosures.shown_to_member(ground, None)
    with Register.open_disclosure(
        path, policy, run, items, numbers, shown, ground == "consent"
    ) as register:
        disclosures.record(
            register, disclosures.Wanted(ground, texts, items, numbers),
            lambda rows, _record: _Unwritten(extracts.written(".csv", items, items, rows)),
        )  # fmt: skip


def _tell(path: Path) -> Iterator[Act]:
    """One notice, of which the sample keeps no sheet."""
    wanted = notices.Wanted("post", "春のミーティング2026のご案内")
    tell = partial(notices.prepare, wanted=wanted, write=lambda _letters: (_Unwritten(b""), {}))
    yield _act(path, "notice prepare", date(2026, 2, 20), "contact", tell)


BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]
PAGES = ["/", "/bbs/", "/bbs/42", "/meetings/2026-winter", "/market/", "/guide/parts"]
VISITORS = [
    ("203.0.113.10", "-", "soc=m10-4b7e92", 0, 14),
    ("2001:db8::9", "yamaneko", "-", 1, 9),
    ("198.51.100.33", "-", "soc=x-771c05", 1, 6),
    ("192.0.2.200", "-", "-", 2, 11),
]  # fmt: skip
"""Address, sign-in, cookie, browser and number of visits; the first two are members' later."""


def _use(path: Path) -> Iterator[Act]:
    """Forty visits of two members, of somebody unknown and of a bot, from a web server's log."""

    def lines() -> Iterator[str]:
        for who, (ip, user, cookie, browser, times) in enumerate(VISITORS):
            for n in range(times):
                day, page = 1 + (n * 3 + who) % 19, PAGES[(n * n + who) % len(PAGES)]
                at = f"{day:02}/Nov/2026:{(7 * n + 5 * who) % 24:02}:{(11 * n) % 60:02}:{n:02} +0900"  # fmt: skip
                yield f'{ip} - {user} [{at}] "GET {page} HTTP/1.1" 200 {5000 + n} "-" "{BROWSERS[browser]}" "{cookie}"\n'

    def take(upkeep: Register) -> None:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "access.log"
            log.write_text("".join(sorted(lines(), key=lambda line: line.split("[")[1])), "utf-8")
            reader = accesslog.Reader(upkeep.policy.club.cookie)
            usage.take_logs(upkeep, [reader.log(str(log))])

    day = date(2026, 11, 20)
    yield _act(path, "usage import-log", day, None, take)
    for kind, token, member in ((COOKIE, "m10-4b7e92", 10), (SIGN_IN, "yamaneko", 9)):
        link = partial(usage.link, kind=kind, token=token, member=member)
        yield _act(path, "usage link", day, None, link)


if __name__ == "__main__":
    main()
