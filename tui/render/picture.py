"""Pictures as half blocks: two pixels a character, one its colour, one its ground."""

import warnings
from collections.abc import Mapping
from io import BytesIO
from os import environ
from typing import TYPE_CHECKING

from state.domain.png import LARGEST_SIDE, picture_of
from tui.render.glyphs import plain_signs
from tui.render.lines import Line

if TYPE_CHECKING:
    from PIL.Image import Image

HALF = "▀"
TALLEST = 12
"""The most lines of a picture, so that a small window shows it whole."""
STEP = 8
"""Colours are rounded to this: neighbours that look alike are then one span."""


def can_show_pictures(colours: str | None, env: Mapping[str, str] = environ) -> bool:
    """Whether a terminal has 256 colours or more, as the console names them, and may show them."""
    wanted = "NO_COLOR" not in env and not plain_signs()
    return wanted and colours in ("256", "truecolor")


def picture_lines(data: bytes, width: int, ground: str) -> list[Line]:
    """A PNG as lines of half blocks on a ground ``#rrggbb``; none where it cannot be shown."""
    picture = picture_of(data)
    if picture.fault or max(picture.size) > LARGEST_SIDE:
        return []
    from PIL import Image as images

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = images.open(BytesIO(data), formats=["PNG"]).convert("RGBA")
    across = min(width, image.width, max(1, 2 * TALLEST * image.width // image.height))
    down = max(2, round(image.height * across / image.width / 2) * 2)
    image = image.resize((across, down), images.Resampling.LANCZOS)
    flat = images.new("RGBA", image.size, ground)
    flat.alpha_composite(image)
    return [_line(flat, y) for y in range(0, down, 2)]


def _line(flat: "Image", y: int) -> Line:
    line: Line = []
    for x in range(flat.width):
        role = _colour(flat.getpixel((x, y))) + _colour(flat.getpixel((x, y + 1)))
        if line and line[-1][1] == role:
            line[-1] = line[-1][0] + HALF, role
        else:
            line.append((HALF, role))
    return line


def _colour(pixel: "float | tuple[int, ...] | None") -> str:
    assert isinstance(pixel, tuple), "the picture has red, green and blue"
    return "#" + "".join(f"{min(255, round(each / STEP) * STEP):02x}" for each in pixel[:3])
