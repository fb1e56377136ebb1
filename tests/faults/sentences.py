"""What the program says of each fault, word for word, in both languages, with its exit code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """The sentence on a fault; `{path}` is the register as it was named."""

    code: int
    en: str
    ja: str

    def line(self, language: str, **names: object) -> str:
        """The whole line on standard error."""
        return f"soc: {getattr(self, language)}\n".format(**names)


SENTENCES = {
    "locked": Said(
        1,
        "another program is using {path}: wait for it to finish and try again",
        "ほかのプログラムが {path} を使っています。終わるのを待って、もう一度お試しください",
    ),
    "full": Said(
        1,
        "the disk of {path} is full or failing: nothing of this command was kept; make room and try again",
        "{path} のディスクがいっぱいか、故障しています。このコマンドでは何も保存していません。空きを作って、もう一度お試しください",
    ),
    "torn": Said(
        1,
        "{path} is damaged: restore the last backup",
        "{path} は壊れています。最後のバックアップから戻してください",
    ),
    "without its beginning": Said(
        1,
        "{path} is not a register: it may be another kind of file, or damaged; then restore the last backup",
        "{path} は名簿ではありません。別の種類のファイルか、壊れたファイルかもしれません。壊れているときは、最後のバックアップから戻してください",
    ),
    "gone": Said(
        4,
        "there is no register at {path}: make one with “soc init”",
        "{path} に名簿がありません。「soc init」で作ってください",
    ),
    "gone meanwhile": Said(
        1,
        "{path} was moved, deleted or replaced meanwhile: nothing of this command was kept; see where it is, and try again",
        "{path} はその間に移動・削除されたか、別のファイルに置き換わりました。このコマンドの内容は保存していません。どこにあるかを確かめて、もう一度お試しください",
    ),
    "gone while writing": Said(
        1,
        "{path} was moved, deleted or replaced while this command wrote into it: what it wrote is in that file: find it and put it back; if it is gone, restore the last backup and do this again",
        "{path} は、このコマンドが書き込んでいる間に移動・削除されたか、置き換えられました。書き込んだ内容はそのファイルにあります。探して元の場所に戻してください。見つからなければ、最後のバックアップから戻して、もう一度行ってください",
    ),
}  # fmt: skip
"""Each fault of a register."""
