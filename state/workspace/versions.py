"""Versions that were kept: what their definitions say, and their assets' bytes."""

from collections.abc import Callable
from typing import TypeVar

from state.definitions.content import Content, content_of
from state.definitions.parse import Definition, parse_definition
from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.offer_state import Version
from state.storage.blobs import Blobs

T = TypeVar("T")


class Versions:
    """The versions of a working directory, read once each; a StorageError where bytes are lost."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._read: dict[str, Definition] = {}
        self._contents: dict[Version, Content | None] = {}

    def definition(self, version: Version) -> Definition:
        """What the definition of a version said."""
        digest = version.definition or ""
        if digest not in self._read:
            self._read[digest] = parse_definition(self.raw(version), f"{version.content}.toml")
        return self._read[digest]

    def raw(self, version: Version) -> bytes:
        return self._blobs.get(version.definition or "")

    def content(self, version: Version) -> Content | None:
        """What a version means, None where its definition could not be read then either."""
        if version not in self._contents:
            offer = self.definition(version).offer
            self._contents[version] = content_of(offer, dict(version.assets).get) if offer else None
        return self._contents[version]

    def assets(self, version: Version) -> "VersionAssets":
        return VersionAssets(self._blobs, version)


class VersionAssets:
    """The assets of a version that was kept."""

    def __init__(self, blobs: Blobs, version: Version) -> None:
        self._blobs = blobs
        self._digests = dict(version.assets)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of an asset's bytes, None where the version had no such file."""
        return self._digests.get(path)

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of an asset; an AssetError where there are none, or more than the limit."""
        digest = self._digests.get(path)
        if digest is None:
            raise AssetError(f"{path} is not part of this version.")
        try:
            data = self._blobs.get(digest)
        except StorageError as error:
            raise AssetError(str(error)) from None
        if len(data) > limit:
            raise AssetError(f"{path} is longer than {limit} bytes.")
        return data

    def inspect(self, path: str, inspector: Callable[[bytes], T], limit: int) -> T:
        return inspector(self.read(path, limit))
