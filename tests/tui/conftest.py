"""What the tests of screens share."""

from pathlib import Path

import pytest

from tests.tui.harness import AppHarness


@pytest.fixture
def town(tmp_path: Path) -> AppHarness:
    """The examples, a clock, and several people."""
    return AppHarness(tmp_path / "offers")
