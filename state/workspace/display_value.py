"""Values of a content in words, and the pixels of the pictures among them."""

from collections.abc import Mapping
from typing import Any

from state.domain.assets import AssetError, Assets
from state.domain.png import LARGEST_FILE, picture_of
from state.domain.safe_text import masked, short_content


def format_value(value: Any, assets: Assets | None = None) -> str | None:
    """A value of a content in words, such as ``logos/small.png (40x40, 1f3a 9c02)`` for a file.

    The words are as the file has them but for signatures: to be cleaned before they are shown.
    """
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case {"path": str(path), "sha256": digest}:
            pixels = pixels_of(value, assets) if assets else None
            parts = [pixels] if isinstance(pixels, str) else []
            parts.append(short_content(digest) if digest else "no such file")
            return f"{path} ({', '.join(parts)})"
        case Mapping():
            parts = [f"{key} {format_value(each, assets)}" for key, each in value.items()]
            return ", ".join(parts) or "(empty)"
        case list() | tuple():
            return ", ".join(format_value(each, assets) or "" for each in value) or "(empty)"
    return masked(str(value)) or "(empty)"


def pixels_of(value: Any, assets: Assets) -> str | list[str | None] | None:
    """The pixels of a picture, or of each of a list of them, such as ``40x40``; None for no picture."""
    match value:
        case {"path": str(path), "sha256": str()}:
            try:
                picture = assets.inspect(path, picture_of, LARGEST_FILE)
            except AssetError:
                return None
            return None if 0 in picture.size else "{}x{}".format(*picture.size)
        case [{"path": str(), "sha256": _}, *_]:
            found = [pixels_of(each, assets) for each in value]
            return [each if isinstance(each, str) else None for each in found]
    return None
