"""What is not cut in two: an end that is asked for meanwhile waits until it is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Now:
    depth = 0
    then: Callable[[], object] | None = None


@contextmanager
def unbroken() -> Iterator[None]:
    """Do something that ``when_whole`` waits for."""
    _Now.depth += 1
    try:
        yield
    finally:
        _Now.depth -= 1
        if not _Now.depth and _Now.then:
            _Now.then()


def when_whole(then: Callable[[], object]) -> None:
    """Do something once nothing is under way that has to be whole, at the earliest at once."""
    if _Now.depth:
        _Now.then = then
    else:
        then()
