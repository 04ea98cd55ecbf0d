"""Every screen as a picture, at 80x24 and at 120x36, made by pressing keys: ``make screenshots``.

The time, the place and the person are always the same, so that a picture changes when a screen does
and at no other time. ``test_screenshots`` holds the pictures against the program.
"""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from state.engine import Engine
from tests import idle
from tests.support import NOW
from tui import demo
from tui.app import VitrinaApp
from tui.widgets.row_list import RowList

PICTURES = Path(__file__).parent.parent / "screenshots"
SIZES = ((80, 24), (120, 36))

_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*|<!-- Generated.*?-->\s*", re.DOTALL)
"""What an exported picture says of fonts and pages on the net: it shall need none."""


class Shot(NamedTuple):
    """A screen, and how to get there.

    Attributes:
        name: The name of the picture.
        offer: The offer on which the cursor stands, on the list.
        keys: What is pressed then.
    """

    name: str
    offer: str
    keys: Sequence[str] = ()


SHOTS = (
    Shot("offers", "contoso-db"),
    Shot("discard", "contoso-vault", ["D"]),
    Shot("walkthrough", "contoso-db", ["enter"]),
    Shot("field", "contoso-db", ["enter", "enter"]),
    Shot("complete", "contoso-grid", ["enter"]),
    Shot("checklist", "contoso-grid", ["1", "t"]),
    Shot("publish", "contoso-mail", ["2"]),
    Shot("blocked", "contoso-db", ["2"]),
    Shot("request", "contoso-grid", ["2", "p"]),
    Shot("review", "contoso-mail", ["2", "a"]),
    Shot("staging", "contoso-queue", ["2"]),
    Shot("history", "contoso-mail", ["3"]),
    Shot("event", "contoso-search", ["3", "j", "enter"]),
    Shot("compare", "contoso-search", ["3", "c"]),
    Shot("three-ways", "contoso-search", ["3", "c", "t"]),
    Shot("preview", "contoso-rates", ["v"]),
    Shot("help", "contoso-db", ["2", "question_mark"]),
)


@contextmanager
def example_world() -> Iterator[Path]:
    """The demo as it is at a time that stands still, in a zone that is the same everywhere."""
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        with tempfile.TemporaryDirectory() as directory:
            yield demo.make(Path(directory, "offers"), NOW)
    finally:
        os.environ.pop("TZ")
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()


async def drawn(root: Path, shot: Shot, size: tuple[int, int]) -> str:
    """A screen as an SVG picture.

    Args:
        root: The working directory.
        shot: The screen.
        size: Columns and rows.

    Returns:
        The picture; it names no font that would have to be fetched.
    """
    app = VitrinaApp(Engine(root, lambda: NOW, "carla"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.screen.query_one(RowList).move_to(shot.offer)
        app.reload()
        await pilot.press(*shot.keys)
        await pilot.pause()
        picture = app.export_screenshot(title="vitrina")
    return re.sub(r"terminal-\d+", "terminal", _ELSEWHERE.sub("", picture))


def path_of(shot: Shot, size: tuple[int, int]) -> Path:
    """The file of a picture."""
    return PICTURES / f"{shot.name}-{size[0]}x{size[1]}.svg"


def main() -> None:
    """Draw every picture anew."""
    idle.install()
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    with example_world() as root:
        for shot in SHOTS:
            for size in SIZES:
                path_of(shot, size).write_text(asyncio.run(drawn(root, shot, size)))


if __name__ == "__main__":
    main()
