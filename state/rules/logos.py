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
from state.rules.rule import Example, Rule

LOGO_SIZES = {"small": (40, 40), "medium": (90, 90), "large": (115, 115), "wide": (255, 115)}
"""Width and height in pixels of each logo that an offer has to have."""

HERO_SIZE = (815, 290)
"""Width and height of the hero logo, which an offer may have."""

_LOGOS = ROOT / "marketing" / "logos"
_SAMPLES = ROOT / "marketing" / "sample_images"


def _logo(name: str, context: RuleContext) -> Iterator[Violation]:
    path = getattr(context.definition.marketing.logos, name)
    if path.strip():
        yield from _violation(
            _LOGOS / name, path, _look(context, path, LOGO_SIZES[name], f"{name} logo")
        )
    else:
        width, height = LOGO_SIZES[name]
        message = f"No {name} logo. Name a PNG file of {width}x{height} pixels."
        yield Violation(_LOGOS / name, message)


for _name, (_width, _height) in LOGO_SIZES.items():
    declare(
        Rule(
            f"logo.{_name}",
            4,
            f"The {_name} logo is a PNG file of exactly {_width}x{_height} pixels in the working "
            "directory.",
            (
                Example(
                    f'{_name} = "logos/contoso-vault/{_name}.png"',
                    f'{_name} = "logos/contoso-vault/hero.png"',
                    f"The {_name} logo is 815x290 pixels. Expected {_width}x{_height}. "
                    'Resize "logos/contoso-vault/hero.png".',
                ),
            ),
            check=partial(_logo, _name),
        )
    )


@rule(
    "logo.hero",
    step=4,
    description="A hero logo, where there is one, is a PNG file of exactly 815x290 pixels whose "
    "background is not black, white or transparent.",
    examples=[
        Example(
            'hero = "logos/contoso-vault/hero.png"',
            'hero = "logos/contoso-vault/wide.png"',
            "The hero logo is 255x115 pixels. Expected 815x290. Resize "
            '"logos/contoso-vault/wide.png".',
        )
    ],
)
def hero(context: RuleContext) -> Iterator[Violation]:
    path = context.definition.marketing.logos.hero
    if not path.strip():
        return
    at = _LOGOS / "hero"
    look = _look(context, path, HERO_SIZE, "hero logo")
    yield from _violation(at, path, look)
    if look.background:
        yield Violation(
            at,
            f"The hero logo's background is {look.background}. Expected a colour other than black and "
            "white. Change the background, or remove the logo.",
            path,
        )


@rule(
    "logo.background",
    step=4,
    description="A logo's background, the pixels of its border, is neither white nor black.",
    severity=Severity.WARNING,
    examples=[
        Example(
            'large = "logos/contoso-vault/large.png"',
            'large = "logos/on-white.png"',
            "The large logo has a white background and may be invisible on a white page. Change "
            "the background, or make it transparent.",
        )
    ],
)
def background(context: RuleContext) -> Iterator[Violation]:
    for name, size in LOGO_SIZES.items():
        path = getattr(context.definition.marketing.logos, name)
        colour = _look(context, path, size, f"{name} logo").background if path.strip() else ""
        if colour in ("white", "black"):
            yield Violation(
                _LOGOS / name,
                f"The {name} logo has a {colour} background and may be invisible on a {colour} page. "
                "Change the background, or make it transparent.",
                path,
            )


@rule(
    "sample_image.count",
    step=4,
    description="There is at most one sample image (a warning above), and each is a PNG file that "
    "can be read.",
    examples=[
        Example(
            'sample_images = ["images/contoso-rates-dashboard.png"]',
            'sample_images = ["images/contoso-rates-dashboard.png", '
            '"images/contoso-search-console.png"]',
            "2 sample images. Only one is shown. Remove 1.",
        )
    ],
)
def sample_images(context: RuleContext) -> Iterator[Violation]:
    paths = context.definition.marketing.sample_images
    if len(paths) > 1:
        yield Violation(
            _SAMPLES,
            f"{len(paths)} sample images. Only one is shown. Remove {len(paths) - 1}.",
            warning=True,
        )
    for index, path in enumerate(paths):
        look = _look(context, path, None, "sample image")
        yield from _violation(_SAMPLES.item(index, index), path, look)


class _Look(NamedTuple):
    """What is wrong with a picture, or else its background."""

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
        return _Look(f"The {what} is {there} pixels. Expected {must}. Resize {quoted(path)}.")
    if picture.fault == LFS_POINTER:
        return _Look(f"{quoted(path)} {LFS_POINTER}")
    if picture.fault:
        return _Look(f"{quoted(path)} {picture.fault}. Save the {what} as a PNG{of_size}.")
    return _Look(background=picture.background)


def _violation(at: FieldPath, path: str, look: _Look) -> Iterator[Violation]:
    if look.message:
        yield Violation(at, look.message, path)
