"""What of the disk is watched: the directory, the histories, and the folders of what offers name."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from state.workspace.offer_view import OfferView

AGAIN = 1.0
"""After how many seconds a folder that went away meanwhile is looked for again."""


async def changes(places: Callable[[], set[Path]]) -> AsyncIterator[None]:
    """Yield at each change of a file in ``places``, which is asked again after a change.

    Folders inside of others are left out.
    """
    from watchfiles import awatch

    while True:
        now = places()
        watched = awatch(
            *now, debounce=500, step=250, watch_filter=_matters, recursive=False,
            ignore_permission_denied=True,
        )  # fmt: skip
        try:
            async for _ in watched:
                yield
                if places() != now:
                    break
        except FileNotFoundError:
            await asyncio.sleep(AGAIN)
        except OSError:
            return


def folders(root: Path, histories: Path, views: Iterable[OfferView]) -> set[Path]:
    """The folders that are there in which something can change that a screen shows.

    What offers name outside of the root is not read, nor watched.
    """
    named = {Path(path).parent for view in views if view.content for path in view.content.assets}
    wanted = [histories, *(root / folder for folder in named)]
    return {root, *(_there(folder, root) for folder in wanted)}


def _there(folder: Path, root: Path) -> Path:
    """The folder, or the one in which it would come to be; the root for what is outside of it."""
    inside = folder.is_relative_to(root) and ".." not in folder.parts
    while inside and folder != root and not folder.is_dir():
        folder = folder.parent
    return folder if inside and folder.resolve().is_relative_to(root.resolve()) else root


def _matters(change: object, path: str) -> bool:
    """Locks and files being written say nothing yet."""
    return not path.endswith((".tmp", "/.vitrina/lock"))
