"""Logos and sample images."""

import io
import struct
import time
import tracemalloc
import warnings
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from state.domain.png import picture_of
from state.rules.logos import HERO_SIZE, LOGO_SIZES
from tests.rules.rule_case import RuleCase, finding_of
from tests.rules.test_topologies import POINTER
from tests.support import EXAMPLES, Edit, findings

TEAL = (14, 122, 144, 255)
WHITE, NEARLY_WHITE, BLACK = (255, 255, 255, 255), (248, 250, 247, 255), (0, 0, 0, 255)
OFF_WHITE, CLEAR = (246, 255, 255, 255), (255, 255, 255, 0)
SIZES = {**LOGO_SIZES, "hero": HERO_SIZE}
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def picture(
    size: tuple[int, int],
    border: tuple[int, int, int, int] = TEAL,
    mode: str = "RGBA",
    kind: str = "PNG",
) -> bytes:
    """A picture with a border of one colour around a yellow middle."""
    image = Image.new("RGBA", size, border)
    image.paste((250, 200, 0, 255), (2, 2, size[0] - 2, size[1] - 2))
    if mode == "I;16":
        grey = image.convert("L").tobytes()
        image = Image.frombytes("I;16", size, bytes(byte for each in grey for byte in (each, each)))
    else:
        image = image.convert(mode)
    held = io.BytesIO()
    image.save(held, kind)
    return held.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claiming(*sizes: tuple[int, int], kind: bytes = b"IDAT") -> bytes:
    """A few bytes that claim to be a picture of a size, or of several."""
    headers = (chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)) for size in sizes)
    data = chunk(kind, zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(headers) + data


def logo(name: str, data: bytes, rule: str = "", severity: str = "error") -> RuleCase:
    path = f"logos/contoso-vault/{name}.png"
    line = f'{name} = "{path}"'
    return RuleCase(
        rule or f"logo.{name}",
        f"marketing.logos.{name}",
        line,
        (),
        world={"files": {path: data}},
        severity=severity,
    )


def renamed(name: str, path: str) -> RuleCase:
    line = f'{name} = "{path}"'
    edit = (f'{name} = "logos/contoso-vault/{name}.png"', line)
    return RuleCase(f"logo.{name}", f"marketing.logos.{name}", line, (edit,))


def samples(*paths: str) -> Edit:
    listed = ", ".join(f'"{path}"' for path in paths)
    return ("[marketing.logos]", f"sample_images = [{listed}]\n[marketing.logos]")


PNG = picture((800, 500))
CASES = [
    *(logo(name, picture((width + 1, height))) for name, (width, height) in SIZES.items()),
    *(logo(name, picture(size, kind="JPEG", mode="RGB")) for name, size in SIZES.items()),
    *(renamed(name, f"logos/{name}.png") for name in SIZES),
    renamed("small", "../small.png"),
    renamed("small", "/logos/small.png"),
    renamed("wide", " "),
    RuleCase(
        "logo.wide",
        "marketing.logos.wide",
        "[marketing.logos]",
        (('wide = "logos/contoso-vault/wide.png"\n', ""),),
    ),
    logo("medium", b""),
    logo("medium", b"<svg></svg>"),
    logo("medium", picture((90, 90))[:-40]),
    logo("medium", claiming((90, 90))),
    logo("medium", claiming((90, 90), (60_000, 60_000))),
    logo("medium", claiming((60_000, 60_000))),
    logo("medium", claiming((0, 90))),
    logo("medium", POINTER),
    logo("hero", POINTER),
    logo("small", picture((40, 40), WHITE), "logo.background", "warning"),
    logo("large", picture((115, 115), BLACK), "logo.background", "warning"),
    logo("wide", picture((255, 115), NEARLY_WHITE), "logo.background", "warning"),
    *(logo("hero", picture(HERO_SIZE, each)) for each in (WHITE, BLACK, CLEAR)),
    RuleCase(
        "sample_image.count",
        "marketing.sample_images",
        "sample_images",
        (samples("images/a.png", "images/b.png"),),
        world={"files": {"images/a.png": PNG, "images/b.png": PNG}},
        severity="warning",
    ),
    RuleCase(
        "sample_image.count", "marketing.sample_images.0", "sample_images", (samples("a.png"),)
    ),
    RuleCase("sample_image.count", "marketing.sample_images.0", "sample_images", (samples(""),)),
    RuleCase(
        "sample_image.count",
        "marketing.sample_images.0",
        "sample_images",
        (samples("images/a.png"),),
        world={"files": {"images/a.png": claiming((60_000, 40))}},
    ),
    RuleCase(
        "sample_image.count",
        "marketing.sample_images.0",
        "sample_images",
        (samples("images/a.png"),),
        world={"files": {"images/a.png": POINTER}},
    ),
]


@pytest.mark.parametrize("cut", range(1, 25))
def test_a_picture_is_whole_to_its_last_byte(cut: int) -> None:
    data = picture((40, 40))
    assert picture_of(data[:-cut]).fault == "is a damaged PNG"
    assert picture_of(data + b"\0" * cut).fault == ""


def test_a_directory_is_no_picture() -> None:
    finding_of(renamed("small", "logos/contoso-vault"))


@pytest.mark.parametrize("name", SIZES)
def test_the_file_at_fault_is_told(name: str) -> None:
    assert finding_of(logo(name, b"text")).asset == f"logos/contoso-vault/{name}.png"


@pytest.mark.parametrize("mode", MODES)
def test_any_kind_of_png_is_read(mode: str) -> None:
    assert picture_of(picture((40, 40), mode=mode)).fault == ""
    assert picture_of(picture((40, 40), WHITE, mode)).background == "white"
    assert picture_of(picture((40, 40), BLACK, mode)).background == "black"


@pytest.mark.parametrize("border", [TEAL, OFF_WHITE, CLEAR])
def test_other_backgrounds_are_in_order(border: tuple[int, int, int, int]) -> None:
    path = "logos/contoso-vault/small.png"
    assert findings("contoso-vault", files={path: picture((40, 40), border)}) == []


def test_a_picture_that_reaches_the_border_does_not_hide_the_background() -> None:
    for covered, background in ((9, "white"), (90, "")):
        image = Image.new("RGB", (90, 90), "white")
        image.paste((200, 0, 0), (0, 0, 1, covered))
        image.paste((200, 0, 0), (89, 0, 90, covered))
        held = io.BytesIO()
        image.save(held, "PNG")
        assert picture_of(held.getvalue()).background == background


def test_a_hero_logo_may_be_left_out() -> None:
    line = 'hero = "logos/contoso-vault/hero.png"'
    assert findings("contoso-vault", (line, "")) == []
    assert findings("contoso-vault", (line, 'hero = ""')) == []


def test_each_unreadable_sample_image_is_told_beside_their_number() -> None:
    found = findings(
        "contoso-vault", samples("a.png", "images/contoso-rates-dashboard.png", "b.png")
    )
    told = [(str(each.field), each.severity.value) for each in found]
    assert told == [
        ("marketing.sample_images", "warning"),
        ("marketing.sample_images.0", "error"),
        ("marketing.sample_images.2", "error"),
    ]


def test_nothing_is_printed_about_odd_pictures() -> None:
    animated = claiming((40, 40), kind=b"acTL")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert picture_of(animated).fault == "is a damaged PNG"


@pytest.mark.parametrize("mode", ["1", "P", "L", "RGB", "RGBA"])
def test_a_sample_image_may_have_any_size(mode: str) -> None:
    data = picture((6016, 300), mode=mode)
    assert findings("contoso-vault", samples("images/a.png"), files={"images/a.png": data}) == []
    assert picture_of(data[:-30]).fault and picture_of(data[:400] + data[420:]).fault


def test_a_huge_picture_is_never_held_whole() -> None:
    tracemalloc.start()
    pixels = zlib.compressobj(9)
    data = b"".join(pixels.compress(bytes(45_001)) for _ in range(3_000)) + pixels.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 15_000, 3_000, 8, 2, 0, 0, 0))
    whole = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert picture_of(whole) == ((15_000, 3_000), "", "")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_forty_logos_are_looked_at_in_no_time() -> None:
    logos = [
        (EXAMPLES / f"logos/contoso-vault/{name}.png").read_bytes() for name in LOGO_SIZES
    ] * 10
    picture_of(logos[0])
    began = time.process_time()
    assert not any(picture_of(data).fault for data in logos)
    assert time.process_time() - began < 3


SMALL = picture((40, 40))


@given(st.binary(max_size=60), st.integers(0, len(SMALL)), st.integers(0, len(SMALL)))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data: bytes, start: int, end: int) -> None:
    found = picture_of(SMALL[:start] + data + SMALL[end:])
    assert found.fault or found.size
