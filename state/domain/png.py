"""PNG files: whether one is valid, its size, and the colour of its background."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from state.domain.assets import LFS_POINTER, is_lfs_pointer

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE = 64 * 1024 * 1024
"""The most bytes of a picture."""

LARGEST_SIDE = 4096
"""The most pixels a side of a picture that is decoded; a few bytes can claim millions."""

_MOST_UNPACKED = 128_000_000
"""The most bytes that are unpacked, a piece at a time, of a picture that is not decoded."""

_PIECE = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_NEARLY_ALL = 0.9
_LIGHTEST_BLACK, _DARKEST_WHITE, _LEAST_OPAQUE = 8, 247, 247

_LEAST_CHUNK = 12
"""Bytes of a chunk that holds nothing: its length, its kind and its checksum."""

_PNG = b"\x89PNG\r\n\x1a\n"
_OTHERS = {
    b"\xff\xd8\xff": "a JPEG",
    b"GIF8": "a GIF",
    b"BM": "a BMP",
    b"RIFF": "a WebP",
    b"<svg": "an SVG",
    b"<?xml": "an SVG",
}


class Picture(NamedTuple):
    """What is known of a picture.

    Attributes:
        size: Width and height in pixels, as its header says.
        background: ``white``, ``black`` or ``transparent`` where nearly all of its border is.
        fault: Why it cannot be used, as a sentence without its subject; empty where it can.
    """

    size: tuple[int, int] = (0, 0)
    background: str = ""
    fault: str = ""


def picture_of(data: bytes) -> Picture:
    """Inspect the bytes of a picture."""
    if is_lfs_pointer(data):
        return Picture(fault=LFS_POINTER)
    if not data.startswith(_PNG):
        kind = next((kind for magic, kind in _OTHERS.items() if data.startswith(magic)), "")
        return Picture(fault=f"is {kind} inside, not a PNG" if kind else "is not a PNG picture")
    size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data[12:16] != b"IHDR" or 0 in size:
        return Picture(fault="is a damaged PNG")
    if max(size) > LARGEST_SIDE:
        return Picture(size, fault="" if _has_all_pixels(data, size) else "is a damaged PNG")
    return _decoded(data, size)


def _decoded(data: bytes, size: tuple[int, int]) -> Picture:
    import warnings
    from io import BytesIO

    from PIL.PngImagePlugin import PngImageFile

    damaged = Picture(size, fault="is a damaged PNG")
    if all(kind != b"IEND" for kind, _ in _chunks(data)):
        return damaged
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = PngImageFile(BytesIO(data))
            # A second header may claim a different size.
            if image.size != size:
                return damaged
            image.load()
            return Picture(size, _background(image))
    except Exception:  # Pillow raises whatever its parts raise: a dozen kinds
        return damaged


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The kind and the bytes of each chunk, up to the last or to one that is damaged or cut off."""
    from zlib import crc32

    view, at = memoryview(data), len(_PNG)
    while len(data) >= at + _LEAST_CHUNK:
        end = at + 8 + int.from_bytes(view[at : at + 4], "big")
        if crc32(view[at + 4 : end]) != int.from_bytes(view[end : end + 4], "big"):
            return
        kind = bytes(view[at + 4 : at + 8])
        yield kind, view[at + 8 : end]
        if kind == b"IEND":
            return
        at = end + 4


def _has_all_pixels(data: bytes, size: tuple[int, int]) -> bool:
    """Whether a picture has as many pixels as it claims, without unpacking them all at once."""
    from zlib import decompressobj, error

    bits = data[24] * _CHANNELS.get(data[25], 1)
    missing = min(size[0] * size[1] * bits // 8, _MOST_UNPACKED)
    unpacker, kind = decompressobj(), b""
    for kind, packed in _chunks(data):
        rest: bytes | memoryview = packed if kind == b"IDAT" else b""
        while rest and missing > 0:
            try:
                missing -= len(unpacker.decompress(rest, _PIECE))
            except error:
                return False
            rest = unpacker.unconsumed_tail
    return kind == b"IEND" and missing <= 0


def _background(image: "Image") -> str:
    found = {"white": 0, "black": 0, "transparent": 0}
    total = 0
    for count, (red, green, blue, alpha) in _border(image):
        total += count
        if alpha < _LEAST_OPAQUE:
            found["transparent"] += count
        elif min(red, green, blue) >= _DARKEST_WHITE:
            found["white"] += count
        elif max(red, green, blue) <= _LIGHTEST_BLACK:
            found["black"] += count
    return next((colour for colour, count in found.items() if count >= total * _NEARLY_ALL), "")


def _border(image: "Image") -> Iterator[tuple[int, tuple[int, int, int, int]]]:
    """The colours of the four edges, each with the number of its pixels."""
    width, height = image.size
    for box in (
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    ):
        edge = image.crop(box)
        if edge.mode.startswith("I;16"):
            edge = _in_eight_bits(edge)
        yield from edge.convert("RGBA").getcolors(LARGEST_SIDE)  # type: ignore[misc]


def _in_eight_bits(grey: "Image") -> "Image":
    """Pillow cuts sixteen bits off at 255 where it ought to divide them."""
    from PIL.Image import frombytes

    high_byte = 0 if grey.mode.endswith("B") else 1
    return frombytes("L", grey.size, grey.tobytes()[high_byte::2])
