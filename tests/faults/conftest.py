"""One prepared register for all faults of a run, and an act made ready on copies of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Soc
from tests.faults.acts import ACTS
from tests.faults.harness import Ready, prepare


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the prepared register is kept."""
    return tmp_path_factory.mktemp("faults") / "template"


@pytest.fixture
def template(soc: Soc, kept: Path) -> Path:
    """The folder of a prepared register."""
    if not kept.exists():
        prepare(soc, kept)
    return kept


@pytest.fixture
def ready(soc: Soc, template: Path, tmp_path: Path) -> Callable[[str], Ready]:
    """Makes a command of the table ready to be tried."""
    return lambda name: Ready(soc, template, ACTS[name], tmp_path)
