"""The policy as it was read is that of the file; a file that was changed is read itself."""

import pytest

from soc_cli.policy import form
from soc_cli.policy import packaged as made
from tests import packaged


def test_it_is_of_the_file_as_it_stands() -> None:
    assert packaged.MODULE.read_text("utf-8") == packaged.source(), "run python -m tests.packaged"
    assert form.read_policy(form.PACKAGED.read_text("utf-8")) == form.packaged()


def test_a_changed_file_is_what_counts(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    text = form.PACKAGED.read_text("utf-8")
    changed = tmp_path / "soc.toml"
    changed.write_text(text.replace('number_prefix = "SOC"', 'number_prefix = "CLUB"'), "utf-8")
    monkeypatch.setattr(form, "PACKAGED", changed)
    form.packaged.cache_clear()
    try:
        assert form.packaged().club.number_prefix == "CLUB"
        changed.write_text(text + "\n[stray]\n", "utf-8")
        form.packaged.cache_clear()
        with pytest.raises(form.PolicyFileError):
            form.packaged()
    finally:
        form.packaged.cache_clear()
    assert made.DATA["club"]["number_prefix"] == "SOC"
