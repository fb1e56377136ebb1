"""What else people call a noun, a verb or a topic: in Japanese, or by the word of another program.

They are no commands; whoever types one is told the word that is.
"""

_SAID = {
    "init": "初期化 新規 開始 始める create-database",
    "member": "会員 名簿 メンバー 会員名簿 person people user",
    "meeting": "ミーティング 集まり 例会 オフ会 会合 event",
    "inquiry": "問い合わせ 問合せ 問合わせ お問い合わせ 求め question",
    "usage": "利用 利用状況 アクセスログ log logs",
    "prefill": "差し込み 自動入力",
    "nickname": "ニックネーム 愛称 nick",
    "export": "書き出し エクスポート 本人データ",
    "consent": "同意",
    "disclosure": "提供 第三者提供 開示",
    "notice": "案内 お知らせ 通知 mail メール",
    "policy": "方針 ポリシー プライバシーポリシー privacy",
    "journal": "記録 台帳 履歴 audit",
    "survey": "アンケート 調査",
    "content": "内容 ページ",
    "stats": "統計 集計 statistics report",
    "check": "点検 確認 検査 doctor status",
    "backup": "バックアップ 控え save",
    "restore": "復元 戻す",
    "rekey": "鍵 暗号化 パスワード password encrypt",
    "handover": "引き継ぎ 引継ぎ 引継",
    "sweep": "掃除 整理 期限切れ clean",
    "breach": "漏えい 漏洩 紛失 leak",
    "path": "場所 where",
    "completion": "補完",
    "tour": "実演 見本 デモ demo",
    "help": "ヘルプ 使い方 助けて ? -? /? /h /help man",
    "add": "追加 登録 新規 new create register insert",
    "list": "一覧 表 すべて ls all",
    "show": "表示 見る view get cat info",
    "find": "検索 探す search lookup",
    "edit": "訂正 修正 変更 編集 update change modify set correct",
    "erase": "消去 削除 消す delete remove rm del",
    "import": "取込 取り込み 取込み インポート 読み込み load",
    "withdraw": "退会 撤回 leave",
    "rejoin": "再入会",
    "refuse": "利用拒否 拒否 ban block",
    "merge": "統合",
    "declare": "参加 参加表明 join",
    "attend": "出席",
    "absent": "欠席",
    "cancel": "中止",
    "log": "受付 record",
    "reply": "回答 返信 answer",
    "record": "記録",
    "verify": "照合",
    "start": "はじめ はじめに 始め方 begin",
    "purpose": "目的 利用目的",
    "ground": "根拠 提供の根拠",
    "request": "請求 求め 開示請求",
    "erasure": "消去 削除",
}
_NAMES: dict[str, list[str]] = {}
for _name, _said in _SAID.items():
    for _other in _said.split():
        _NAMES.setdefault(_other, []).append(_name)


def called(word: str) -> list[str]:
    """The commands and topics that the word may stand for; none where it is not known."""
    return _NAMES.get(word, [])
