"""What a terminal gets that is to show no colours: bold, dim, underlined and reversed text."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

FAINT = 0.4
"""How near the brightness of a text is to that of its ground where it is meant to stand back."""


class Colourless(LineFilter):
    """Shows without colours what they show: what stands out is reversed, what recedes is dim."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, style and _without_colour(style, background), control)
            for text, style, control in segments
        ]


@lru_cache(1024)
def _without_colour(style: Style, background: Color) -> Style:
    ground = Color.from_rich_color(style.bgcolor) if style.bgcolor else background
    text = Color.from_rich_color(style.color) if style.color else None
    stands_out = bool(style.reverse) or ground.rgb != background.rgb
    stands_back = bool(text and abs(text.brightness - ground.brightness) < FAINT)
    return style.without_color + Style(
        reverse=stands_out, dim=bool(style.dim) or (stands_back and not stands_out)
    )
