"""Both languages: nothing untranslated, nothing stale, and every sentence with its blanks."""

import ast
import re
from functools import cache

import pytest

from soc_cli.model import language
from tests import catalogues
from tests.conftest import Soc

BLANKS = re.compile(r"\{[a-z_]*(?:![rs])?\}")


@pytest.mark.parametrize("spoken", catalogues.LANGUAGES)
def test_no_message_is_untranslated_or_stale(spoken: str) -> None:
    sources = {m if isinstance(m, str) else m[0] for m in catalogues.extracted()}
    written = {}
    for message in catalogues.read(spoken):
        if message.id:
            id = message.id if isinstance(message.id, str) else message.id[0]
            written[id] = message.string if isinstance(message.string, str) else message.string[0]
            assert not message.fuzzy
    assert sources == set(written), "run python -m tests.catalogues"
    assert not [id for id, string in written.items() if not string.strip()]


@pytest.mark.parametrize("spoken", catalogues.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(spoken: str) -> None:
    compiled = catalogues.po_file(spoken).with_suffix(".mo").read_bytes()
    assert compiled == catalogues.mo_bytes(catalogues.read(spoken)), (
        "run python -m tests.catalogues"
    )


def test_every_blank_is_kept_and_japanese_is_japanese() -> None:
    for message in catalogues.read("ja"):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        for string in strings:
            assert sorted(BLANKS.findall(string)) == sorted(BLANKS.findall(ids[-1])), ids
            words = BLANKS.sub("", string)
            if re.search("[A-Za-z]{4,}", BLANKS.sub("", ids[0])) and ids[0] not in ("MEMBER",):
                assert re.search("[ぁ-んァ-ヶ一-龯]", words) or not words.strip(" {}/()"), ids


SPELT_OTHERWISE = {
    "だれ": "誰",
    "くり返": "繰り返",
    "省くと": "省略すると",
    "外部の人": "会員以外の方",
    "オフ会": "ミーティング",
    "取消し": "取り消し",
    "取込み": "取り込み",
    "[０-９Ａ-Ｚａ-ｚ]": "half-width digits and letters",
    "[“”]": "「」",
    "か？": "か。",
    "～": "〜",
    "： ": "nothing after a wide colon",
    "[ぁ-んァ-ヶー一-龯）]:": "：",
    r"[\d}] (?:件|行目|人|日[間の。）]|年|文字|桁|回)": "nothing between a figure and what it counts",
    "(?<![護令])法第": "個人情報保護法第",
}
"""What the Japanese catalogue does not say, and what it says in its place: it reads as by one hand."""


@pytest.mark.parametrize("form", SPELT_OTHERWISE)
def test_japanese_has_one_spelling(form: str) -> None:
    for message in catalogues.read("ja"):
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.id:
            assert not [s for s in strings if re.search(form, s)], SPELT_OTHERWISE[form]


def test_no_message_stands_inside_an_f_string() -> None:
    """There the extraction would not see it, and it would stay English."""
    for source in sorted(catalogues.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [c.func for c in ast.walk(node) if isinstance(c, ast.Call)]
                marked = [
                    c.id for c in calls if isinstance(c, ast.Name) and c.id in catalogues.KEYWORDS
                ]
                assert not [m for m in marked if not _of_a_variable(node)], (
                    source,
                    ast.unparse(node),
                )


def _of_a_variable(node: ast.JoinedStr) -> bool:
    """`_(label)` of a message that was marked where it is written is no new message."""
    calls = [c for c in ast.walk(node) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)]
    return not any(
        isinstance(argument, ast.Constant)
        for c in calls if c.func.id in catalogues.KEYWORDS for argument in c.args  # type: ignore[attr-defined]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("option", "environment", "spoken"),
    [
        ("ja", {"SOC_LANG": "en"}, "ja"),
        (None, {"SOC_LANG": "ja", "LANG": "en_US.UTF-8"}, "ja"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LC_ALL": "ja_JP.UTF-8", "LANG": "C"}, "ja"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_of_a_run(
    option: str | None, environment: dict[str, str], spoken: str
) -> None:
    assert language.chosen(option, environment) == spoken


def test_help_and_errors_switch_with_it(club: Soc) -> None:
    assert "会員を登録します" in club("--lang", "ja", "member", "--help").out
    assert "Register a member" in club("--lang", "en", "member", "--help").out
    assert "使い方" in club("--lang=ja", "member", "add", "--help").out
    assert "という会員はいません" in club("--lang", "ja", "member", "show", "誰か", ok=False).err
    assert "there is no member" in club("--lang", "en", "member", "show", "誰か", ok=False).err
    assert club("--lang", "fr", "path", ok=False).code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("membr",), ("member", "shw"), ("member", "show"), ("member", "show", "1", "2"), ("member", "show", "1", "--nosuch"),
        ("member", "list", "--format", "xml"), ("member", "list", "--limit", "x"), ("member", "list", "--limit"), ("member", "list", "--json=1"),
        ("meeting", "show", "x"), ("meeting", "show", "0"), ("meeting", "add", "--capacity", "0"), ("export", "1"), ("--lang",), ("--db", "", "path"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_japanese(club: Soc, arguments: tuple[str, ...]) -> None:
    answer = club("--lang", "ja", *arguments, ok=False)
    assert answer.code == 2
    words = re.sub(r"「[^」]*」|--?[a-z-]+|\b[A-Z]{2,}\b|：.*", "", answer.err.removeprefix("soc:"))
    assert not re.search("[A-Za-z]{3,}", words), answer.err
    assert "。。" not in answer.err


def left_over(text: str) -> list[str]:
    """What is English in Japanese text: words one after another that are nobody's names."""
    text = re.sub(r"“[^”]*”|「[^」]*」|\{[a-z_]*\}|(?m:^ *soc .*$)|\bsoc( [a-z-]+)+", "", text)
    runs = re.findall(r"[A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+)+", text)
    return [run for run in runs if not _names() >= set(run.split())]


@cache
def _names() -> set[str]:
    """What is typed as it stands, in whatever language: commands, options, choices, formats."""
    from soc_cli.main import build
    from soc_cli.policy import form

    names = {
        "soc",
        "JSON",
        "Lines",
        "Apache",
        "db",
        "FILE",
        "operator",
        "NAME",
        "lang",
        "ja",
        *form.packaged().purposes,
    }
    for noun, one in build().commands.items():
        for verb, command in getattr(one, "commands", {"": one}).items():
            names |= {noun, verb}
            for parameter in command.params:
                names |= {
                    *parameter.opts,
                    *(o.lstrip("-") for o in parameter.opts),
                    parameter.name.upper(),
                }
                names |= set(re.findall(r"[A-Za-z-]+", str(parameter.metavar)))
    return names | {"notices", "notices-email", "notices-post", "surveys", "own-data"}


@pytest.mark.parametrize("spoken", catalogues.LANGUAGES)
def test_no_help_has_words_of_the_other_language(soc: Soc, spoken: str) -> None:
    from soc_cli.commands.topics import TOPICS
    from soc_cli.main import build

    pages = [(), *((topic,) for topic in TOPICS)]
    for noun, one in build().commands.items():
        pages += [(noun,), *((noun, verb) for verb in getattr(one, "commands", ()))]
    for words in pages:
        text = soc("--lang", spoken, "help", *words).out if words else soc("--lang", spoken, "--help").out  # fmt: skip
        if spoken == "ja":
            assert not left_over(text), words
            assert re.search("[ぁ-ん]", text), words
        else:
            text = re.sub(r"(?m)^ *soc .*$", "", text)
            text = re.sub("昭和50年4月1日|運転免許証|委任状|愛知県|岐阜県|会社員", "", text)
            assert not re.search("[ぁ-んァ-ヶ一-龯]", text), words


@pytest.mark.parametrize("spoken", catalogues.LANGUAGES)
@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_no_line_of_help_is_wider_than_the_terminal(
    soc: Soc, monkeypatch: pytest.MonkeyPatch, spoken: str, columns: str
) -> None:
    from soc_cli.main import NOUNS
    from soc_cli.model.text import width

    monkeypatch.setenv("COLUMNS", columns)
    pages = [soc("--lang", spoken, "--help").out]
    for noun in NOUNS:
        pages.append(soc("--lang", spoken, noun, "--help").out)
    for verb in ("add", "import", "list", "show", "find", "edit", "erase"):
        pages.append(soc("--lang", spoken, "member", verb, "--help").out)
    for page in pages:
        for line in page.splitlines():
            if not line.startswith("  soc "):  # an example: a line to be copied whole
                assert width(line) <= int(columns), line
