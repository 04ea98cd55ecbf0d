"""Words of a dialect that has no place in messages, help and docstrings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AVOIDED = re.compile(
    r"\b(?:mends?|lapsed|told|stands here|speaks against|bears|is wanted)\b", re.IGNORECASE
)
FILES = [path for room in ("state", "tui") for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_use_plain_words(path: Path) -> None:
    assert [text for text in _texts(path) if AVOIDED.search(text)] == []


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value
