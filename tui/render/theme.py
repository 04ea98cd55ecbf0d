"""The colours: one accent for the selection; green, yellow and red for complete, attention, error."""

from functools import cache

from rich.style import Style
from textual.theme import Theme

DARK = Theme(
    name="vitrina",
    primary="#62b5dc",
    accent="#62b5dc",
    success="#86c27f",
    warning="#dcb75e",
    error="#e67e75",
    foreground="#d6dbe1",
    background="#15181d",
    surface="#15181d",
    panel="#252c36",
    dark=True,
    variables={"muted": "#8994a3", "dim": "#5c6675", "faint": "#3c4450", "selected": "#252c36"},
)
LIGHT = Theme(
    name="vitrina-light",
    primary="#0b6e99",
    accent="#0b6e99",
    success="#2c7a2c",
    warning="#8a6100",
    error="#b3261e",
    foreground="#1f2328",
    background="#fbfbf9",
    surface="#fbfbf9",
    panel="#e4ebf0",
    dark=False,
    variables={"muted": "#5d6773", "dim": "#929ba5", "faint": "#c4ccd4", "selected": "#e4ebf0"},
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

ROLES = {
    "": ("foreground", False),
    "muted": ("muted", False),
    "dim": ("dim", False),
    "faint": ("faint", False),
    "strong": ("foreground", True),
    "accent": ("accent", True),
    "good": ("success", False),
    "warn": ("warning", False),
    "bad": ("error", False),
    "added": ("success", True),
    "removed": ("error", True),
    "italic": ("foreground", False),
}
"""What a span can be: its colour's name, and whether it is bold. A half block of a picture has two
colours for a role instead, ``#rrggbb#rrggbb``: its own and its ground's."""


@cache
def style_of(theme: str, role: str, selected: bool = False) -> Style:
    if role.startswith("#"):
        return Style(color=role[:7], bgcolor=role[7:])
    colours = THEMES.get(theme, DARK)
    name, bold = ROLES[role]
    colour = colours.variables.get(name) or getattr(colours, name)
    back = colours.variables["selected"] if selected else colours.background
    return Style(color=colour, bgcolor=back, bold=bold, italic=role == "italic")
