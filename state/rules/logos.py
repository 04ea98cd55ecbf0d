"""The pictures of an offer: logos of exact sizes, and sample images."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from state.domain.assets import LFS_POINTER, AssetError
from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import Severity
from state.domain.png import LARGEST_FILE, picture_of
from state.domain.safe_text import quoted
from state.rules.context import RuleContext, Violation
from state.rules.registry import declare, rule

LOGO_SIZES = {"small": (40, 40), "medium": (90, 90), "large": (115, 115), "wide": (255, 115)}
"""Width and height in pixels of each logo that an offer has to have."""

HERO_SIZE = (815, 290)
"""Width and height of the hero logo, which an offer may have."""

_LOGOS = ROOT / "marketing" / "logos"
_SAMPLES = ROOT / "marketing" / "sample_images"


def _logo(name: str, context: RuleContext) -> Iterator[Violation]:
    path = getattr(context.definition.marketing.logos, name)
    if path.strip():
        yield from _told(
            _LOGOS / name, path, _look(context, path, LOGO_SIZES[name], f"{name} logo")
        )
    else:
        width, height = LOGO_SIZES[name]
        message = f"No {name} logo: name a PNG file of {width}x{height} pixels."
        yield Violation(_LOGOS / name, message)


for _name, (_width, _height) in LOGO_SIZES.items():
    declare(
        f"logo.{_name}",
        4,
        f"The {_name} logo is a PNG file of exactly {_width}x{_height} pixels in the working "
        "directory.",
        good=f'{_name} = "logos/contoso-db/{_name}.png"',
        bad=f'{_name} = "../website/{_name}.jpg"',
        check=partial(_logo, _name),
    )


@rule(
    "logo.hero",
    step=4,
    says="A hero logo, where there is one, is a PNG file of exactly 815x290 pixels whose "
    "background is not black, white or transparent.",
    good='hero = "logos/contoso-vault/hero.png"',
    bad="a hero logo on white",
)
def hero(context: RuleContext) -> Iterator[Violation]:
    """A hero logo that the marketplace would refuse."""
    path = context.definition.marketing.logos.hero
    if not path.strip():
        return
    at = _LOGOS / "hero"
    look = _look(context, path, HERO_SIZE, "hero logo")
    yield from _told(at, path, look)
    if look.background:
        yield Violation(
            at,
            f"The hero logo's background is {look.background}; it must not be black, white or "
            "transparent: give it another colour, or remove the logo.",
            path,
        )


@rule(
    "logo.background",
    step=4,
    says="A logo's background, the pixels of its border, is neither white nor black.",
    severity=Severity.WARNING,
    good="a logo on the product's colour",
    bad="a logo on white",
)
def background(context: RuleContext) -> Iterator[Violation]:
    """Logos of the right size that may vanish on a page of the same colour."""
    for name, size in LOGO_SIZES.items():
        path = getattr(context.definition.marketing.logos, name)
        colour = _look(context, path, size, f"{name} logo").background if path.strip() else ""
        if colour in ("white", "black"):
            yield Violation(
                _LOGOS / name,
                f"The {name} logo has a {colour} background and may vanish on a {colour} page: "
                "give it another colour or make it transparent.",
                path,
            )


@rule(
    "sample_image.count",
    step=4,
    says="There is at most one sample image (a warning above), and each is a PNG file that can be "
    "read.",
    good='sample_images = ["images/dashboard.png"]',
    bad='sample_images = ["images/dashboard.png", "images/setup.pdf"]',
)
def sample_images(context: RuleContext) -> Iterator[Violation]:
    """Too many sample images, and those that cannot be read."""
    paths = context.definition.marketing.sample_images
    if len(paths) > 1:
        yield Violation(
            _SAMPLES,
            f"{len(paths)} sample images; only one is shown: keep the best and remove the others.",
            warning=True,
        )
    for index, path in enumerate(paths):
        look = _look(context, path, None, "sample image")
        yield from _told(_SAMPLES.item(index, index), path, look)


class _Look(NamedTuple):
    """A picture as a definition wants it: what is wrong with it, or its background."""

    message: str = ""
    background: str = ""


def _look(context: RuleContext, path: str, wanted: tuple[int, int] | None, what: str) -> _Look:
    of_size = " of {}x{} pixels".format(*wanted) if wanted else ""
    try:
        picture = context.assets.inspect(path, picture_of, LARGEST_FILE)
    except AssetError as error:
        return _Look(error.or_else(f"For the {what}, name a PNG file{of_size}."))
    if wanted and picture.size not in (wanted, (0, 0)):
        there, must = ("{}x{}".format(*size) for size in (picture.size, wanted))
        return _Look(f"The {what} is {there} pixels; it must be {must}: resize {quoted(path)}.")
    if picture.fault == LFS_POINTER:
        return _Look(f"{quoted(path)} {LFS_POINTER}")
    if picture.fault:
        return _Look(f"{quoted(path)} {picture.fault}: save the {what} as a PNG{of_size}.")
    return _Look(background=picture.background)


def _told(at: FieldPath, path: str, look: _Look) -> Iterator[Violation]:
    if look.message:
        yield Violation(at, look.message, path)
