"""The catalogue as it is searched says what gettext reads out of it."""

import gettext
import struct

import pytest

from soc_cli.model import language


@pytest.fixture
def japanese():  # type: ignore[no-untyped-def]
    language.use("ja")
    yield gettext.translation(language.DOMAIN, language.FOLDER, ["ja"])
    language.use("en")


def test_every_message_is_found(japanese) -> None:  # type: ignore[no-untyped-def]
    messages = [key for key in japanese._catalog if isinstance(key, str) and key]
    assert len(messages) > 1000
    assert [key for key in messages if language._(key) != japanese.gettext(key)] == []
    plural = [key[0] for key in japanese._catalog if isinstance(key, tuple)]
    assert plural
    for one in plural:
        for count in (0, 1, 2, 5):
            assert language.ngettext(one, "?", count) == japanese.ngettext(one, "?", count)


def test_what_is_not_in_it_stays_as_it_is(japanese) -> None:  # type: ignore[no-untyped-def]
    for message in ("", "no such message", "\U0010ffff", "A", "zzzz"):
        assert language._(message) == message
    assert language.ngettext("{n} thing", "{n} things", 1) == "{n} thing"
    assert language.ngettext("{n} thing", "{n} things", 2) == "{n} things"


def test_either_byte_order_is_read() -> None:
    for order in "<>":
        head = struct.pack(f"{order}7I", 0x950412DE, 0, 1, 28, 36, 0, 0)
        data = head + struct.pack(f"{order}4I", 2, 44, 3, 46) + b"abxyz"
        assert language.Catalogue(data).find("ab") == "xyz"
        assert language.Catalogue(data).find("aa") is None


def test_there_are_two_languages() -> None:
    with pytest.raises(ValueError, match="fr"):
        language.use("fr")
