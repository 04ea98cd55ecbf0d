"""Values in words, and the pixels of pictures."""

from pathlib import Path

import pytest

from state.storage.assets import DirectoryAssets
from state.workspace.display_value import format_value, pixels_of
from tests.support import EXAMPLES

NOW = DirectoryAssets(EXAMPLES)
SMALL, WIDE, PACKAGE = (
    {"path": path, "sha256": NOW.digest(path)}
    for path in (
        "logos/contoso-rates/small.png",
        "logos/contoso-rates/wide.png",
        "packages/cluster-1.0.0.zip",
    )
)
GONE = {"path": "gone.png", "sha256": None}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, None),
        ("", "(empty)"),
        ({}, "(empty)"),
        (False, "false"),
        ({"path": "a.png", "sha256": "0123456789"}, "a.png (0123 4567)"),
        (GONE, "gone.png (no such file)"),
        ([{"title": "A", "url": "b"}], "title A, url b"),
    ],
)
def test_a_value_in_words(value: object, words: str | None) -> None:
    assert format_value(value) == words


def test_a_picture_has_pixels_and_a_package_has_none() -> None:
    assert str(format_value(SMALL, NOW)).startswith("logos/contoso-rates/small.png (40x40, ")
    assert pixels_of(SMALL, NOW) == "40x40"
    assert pixels_of([SMALL, GONE, WIDE], NOW) == ["40x40", None, "255x115"]
    assert "40x40" in str(format_value([SMALL, WIDE], NOW))
    assert "255x115" in str(format_value([SMALL, WIDE], NOW))
    for value in (PACKAGE, GONE, "40x40", [], {}, None):
        assert pixels_of(value, NOW) is None
    assert format_value(PACKAGE, NOW) == format_value(PACKAGE)
    assert format_value(GONE, NOW) == "gone.png (no such file)"


def test_bytes_that_are_no_picture_have_no_pixels(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    here = DirectoryAssets(tmp_path)
    assert pixels_of({"path": "a.png", "sha256": here.digest("a.png")}, here) is None
