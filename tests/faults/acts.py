"""Every command of the program: those that change something as they are tried, and those that read.

An act is tried on a copy of the same register (`tests.faults.harness.Ready`), in whose folder its
words name files by their bare names.
"""

from dataclasses import dataclass, field

Words = tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """One command that changes the register or writes a file."""

    words: Words
    before: tuple[Words, ...] = ()
    """Commands that make it possible."""
    files: dict[str, str] = field(default_factory=dict)
    """Files that it reads: their names and texts."""
    register: str = "register.db"
    """Which register it changes or makes."""
    answers_first: bool = False
    """Whether something is shown before it is done, so that an answer acknowledges nothing."""


SHEET = "会員番号,氏名,電話番号,生年月日\n101,荒井 一,090-1234-0101,1985-01-01\n102,荒井 二,090-1234-0102,1990-02-28\n103,荒井 三,090-1234-0103,平成2年3月4日\n"
ASKED = "受付日時,会員番号,氏名,連絡先,件名,内容\n2026/11/01 10:30,,問合 三郎,saburo@example.net,部品,部品を探しています。\n2026/11/02,3,,,個人情報の削除,すべて削除してください。\n"
LOG = '203.0.113.55 - - [21/Nov/2026:21:04:11 +0900] "GET /bbs/ HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" "soc=v-9f2c41"\n'
POSTS = "会員番号,日時,サービス,操作,ページ\n1,2026-11-20 19:30,掲示板,書き込み,/bbs/42\n"
BOARD = "投稿日,会員番号,題名\n2026-11-01,SOC-0001,ホイール譲ります\n2026-11-02,2,探しています\n"
BACK = "会員番号\t出欠\t同伴者数\n1\t○\t1\n2\t欠席\t\n"
GIVEN = "提供日,根拠,提供先,提供先の住所,代表者,項目,会員番号,氏名,同意番号\n2020-05-10,本人の同意,みほん板金,愛知県刈谷市東境町5-5,板金 五郎,氏名,SOC-0001,齋藤 花子,4\n"
AGREED = "会員番号,提供先,項目,方法,同意日\n3,みほん板金,氏名,書面,2020-05-10\n"

LOGGED: Words = ("inquiry", "log", "--member", "3", "--kind", "stop-use", "--body", "連絡をやめてください。")  # fmt: skip
STRANGER: Words = ("inquiry", "log", "--from-name", "問合 次郎", "--from-contact", "jiro@example.net", "--body", "部品を譲ってください。")  # fmt: skip
IDENTIFIED: Words = ("inquiry", "identify", "7", "--how", "運転免許証")
STOPPED: Words = ("inquiry", "do", "7", "--use", "contact", "--letter", "out/first.txt")
REFUSED: Words = ("member", "refuse", "3", "--rule", "会則第5条", "--reason", "夜間の空ぶかし", "--until", "2028-03-31", "--yes")  # fmt: skip
MERGED: Words = ("member", "merge", "3", "4", "--yes")
DANGER: Words = (
    "disclosure", "record", "--ground", "danger", "--recipient", "みほん病院", "--recipient-address", "浜松市見本町3-3",
    "--recipient-representative", "院長", "--danger", "帰りの事故", "--protects", "life", "--urgency", "家族への連絡が要る",
    "--why-no-consent", "本人に意識がない", "--items", "氏名,電話番号", "--member", "3",
)  # fmt: skip
OLD_CONSENT: Words = ("consent", "give", "--member", "1", "--recipient", "みほん板金", "--items", "氏名", "--how", "書面", "--given-on", "2020-05-01")  # fmt: skip
POLICY: Words = ("policy", "change", "club.toml", "--notified-on", "2026-11-01", "--how", "会報", "--yes")  # fmt: skip
SURVEY: Words = ("survey", "select", "--title", "二度目", "--where", "age 30-69", "--sample", "5", "--seed", "x")  # fmt: skip

ACTS: dict[str, Act] = {
    "init": Act(("--db", "new.db", "init", "--quiet"), register="new.db"),
    "member add": Act(("member", "add", "--name", "新井 一", "--nickname", "あらい", "--phone", "090-1234-0099")),
    "member import": Act(("member", "import", "sheet.csv"), files={"sheet.csv": SHEET}),
    "member edit": Act(("member", "edit", "3", "--address", "愛知県刈谷市東境町1-1")),
    "member choices": Act(("member", "choices", "3", "--notice-email", "yes", "--survey", "no")),
    "member duplicates": Act(("member", "duplicates", "--apart", "3", "4")),
    "member merge": Act(MERGED),
    "member unmerge": Act(("member", "unmerge", "4"), (MERGED,)),
    "member withdraw": Act(("member", "withdraw", "3")),
    "member rejoin": Act(("member", "rejoin", "3"), (("member", "withdraw", "3"),)),
    "member refuse": Act(REFUSED),
    "member readmit": Act(("member", "readmit", "--refusal", "1"), (REFUSED,)),
    "member erase": Act(("member", "erase", "3", "--yes", "--to", "out/letter.txt")),
    "meeting add": Act(("meeting", "add", "--title", "忘年ミーティング", "--date", "2026-12-27", "--place", "名古屋港", "--capacity", "5")),
    "meeting edit": Act(("meeting", "edit", "6", "--place", "名古屋港ポートビル")),
    "meeting declare": Act(("meeting", "declare", "6", "60", "--companions", "1")),
    "meeting withdraw-declaration": Act(("meeting", "withdraw-declaration", "6", "60"), (("meeting", "declare", "6", "60"),)),
    "meeting attend": Act(("meeting", "attend", "4", "60", "--guest", "飛入 三郎")),
    "meeting absent": Act(("meeting", "absent", "4", "60"), (("meeting", "attend", "4", "60"),)),
    "meeting import-attendance": Act(("meeting", "import-attendance", "4", "back.csv", "--on-match", "update"), files={"back.csv": BACK}),
    "meeting cancel": Act(("meeting", "cancel", "6")),
    "meeting sheet": Act(("meeting", "sheet", "6", "--to", "out/door.csv")),
    "meeting calendar": Act(("meeting", "calendar", "6", "--to", "meeting.ics")),
    "meeting erase-guest": Act(("meeting", "erase-guest", "guest-1", "--yes", "--to", "out/letter.txt")),
    "inquiry log": Act(STRANGER),
    "inquiry import": Act(("inquiry", "import", "asked.csv"), files={"asked.csv": ASKED}),
    "inquiry link": Act(("inquiry", "link", "3", "3")),
    "inquiry unlink": Act(("inquiry", "unlink", "7"), (STRANGER, ("inquiry", "link", "7", "3"))),
    "inquiry identify": Act(IDENTIFIED, (LOGGED,)),
    "inquiry reply": Act(("inquiry", "reply", "7", "--body", "確認できません。", "--outcome", "refused", "--reason", "identity", "--to", "out/no.txt"), (LOGGED, ("inquiry", "identify", "7", "--failed", "--how", "電話"))),
    "inquiry close": Act(("inquiry", "close", "7", "--withdrawn"), (LOGGED,)),
    "inquiry do": Act(("inquiry", "do", "7", "--use", "contact", "--letter", "out/answer.txt"), (LOGGED, IDENTIFIED)),
    "inquiry resume": Act(("inquiry", "resume", "3", "--use", "contact"), (LOGGED, IDENTIFIED, STOPPED)),
    "inquiry erase": Act(("inquiry", "erase", "3", "--yes", "--to", "out/letter.txt")),
    "usage import-log": Act(("usage", "import-log", "access.log"), files={"access.log": LOG}),
    "usage import": Act(("usage", "import", "posts.csv"), files={"posts.csv": POSTS}),
    "usage link": Act(("usage", "link", "x-771c05", "3")),
    "usage unlink": Act(("usage", "unlink", "m10-4b7e92")),
    "prefill": Act(("prefill", "3", "--how", "窓口", "--fields", "氏名,電話番号", "--to", "out/form.csv")),
    "nickname fill": Act(("nickname", "fill", "board.csv", "--to", "out/posted.csv"), files={"board.csv": BOARD}),
    "export": Act(("export", "3", "--to", "own")),
    "consent give": Act(("consent", "give", "--member", "3", "--recipient", "みほん板金", "--items", "氏名,電話番号", "--how", "書面", "--given-on", "2026-11-20", "--purpose", "修理の見積もり", "--identity-checked", "運転免許証")),
    "consent withdraw": Act(("consent", "withdraw", "1")),
    "consent import": Act(("consent", "import", "agreed.csv"), files={"agreed.csv": AGREED}),
    "disclosure record": Act((*DANGER, "--to", "out/given.csv")),
    "disclosure correct": Act(("disclosure", "correct", "1", "--recipient-address", "愛知県刈谷市東境町5-6", "--reason", "番地の書き誤り")),
    "disclosure import": Act(("disclosure", "import", "given-before.csv"), (OLD_CONSENT,), files={"given-before.csv": GIVEN}),
    "notice prepare": Act(("notice", "prepare", "--subject", "冬のご案内", "--channel", "post", "--to", "out/posted.csv")),
    "notice take-back": Act(("notice", "take-back", "2"), (("notice", "prepare", "--subject", "冬のご案内", "--channel", "post", "--to", "out/posted.csv"),)),
    "policy change": Act(POLICY),
    "policy file": Act(("policy", "file", "--to", "ours.toml")),
    "policy publish": Act(("policy", "publish", "--to", "publication.html"), (POLICY,)),
    "policy form": Act(("policy", "form", "--to", "form.html")),
    "survey select": Act(SURVEY),
    "survey invite": Act(("survey", "invite", "2", "--channel", "email", "--to", "out/invitation.csv"), (SURVEY,)),
    "content export": Act(("content", "export", "--to", "out/content.csv")),
    "content key": Act(("--db", "new.db", "content", "key"), (("--db", "new.db", "init", "--quiet"),), register="new.db"),
    "stats": Act(("stats", "--to", "out/report.html")),
    "backup": Act(("backup", "shelf/copy.db")),
    "restore": Act(("restore", "backup.db", "--to", "new.db"), register="new.db"),
    "breach": Act(("breach", "--what", "register", "--not-suspected", "--to", "out/report.txt")),
    "rekey": Act(("rekey", "--key-file", "keys/register.key", "--yes"), files={"keys/register.key": "5a" * 32 + "\n"}),
    "handover": Act(("handover", "--to", "out/handover.txt")),
    "sweep": Act(("sweep", "--yes"), (("member", "edit", "3", "--occupation", "船大工"),), answers_first=True),
}  # fmt: skip
"""Each command that changes something, as it is tried."""

RECORDED = "reads people: writes its entry in the journal, and nothing else"
CALM = "touches no row"
READING: dict[str, str] = {
    **dict.fromkeys(
        (
            "member list", "member show", "member find", "member history", "member verify", "member refusals",
            "meeting list", "meeting show", "meeting report", "inquiry list", "inquiry show", "inquiry stops",
            "usage show", "usage cookies", "usage stats", "nickname list", "nickname check", "consent list",
            "disclosure report", "disclosure list", "disclosure show", "notice list", "notice show", "survey list", "survey show",
            "policy check", "policy diff", "policy coverage", "policy history", "check", "journal list", "journal verify", "journal head",
        ),
        RECORDED,
    ),
    **dict.fromkeys(("policy show", "disclosure checklist", "path", "completion", "help"), CALM),
    "tour": "plays on a register of its own, which goes with it",
}  # fmt: skip
"""Each other command, and why nothing of it can be lost."""
