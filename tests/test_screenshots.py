"""The pictures in ``screenshots/`` show the program as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screenshots import SHOTS, SIZES, Shot, drawn, example_world, path_of


@pytest.fixture(scope="module")
def world() -> Iterator[Path]:
    with example_world() as root:
        yield root


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_a_picture_is_true(world: Path, shot: Shot, size: tuple[int, int]) -> None:
    path = path_of(shot, size)
    picture = await drawn(world, shot, size)
    same = path.read_text() == picture
    assert same, f"{path.name} shows another screen: look at it, then `make screenshots`"
