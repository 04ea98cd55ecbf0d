"""What the tests of screens share."""

from pathlib import Path

import pytest

from tests.tui.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """The examples, a clock, and several people."""
    return Town(tmp_path / "offers")
