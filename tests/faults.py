"""Calls of the file system that fail in tests."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest

from state.domain.errors import StorageError

CALLS = ("open", "unlink", "rename", "replace", "mkdir", "rmdir", "write", "fsync", "ftruncate")


class Crash(BaseException):
    """The end of the process, as far as the code is concerned."""


ERRORS = {
    "crash": Crash(),
    "no space": OSError(errno.ENOSPC, "No space left on device"),
    "once": OSError(errno.EIO, "Input/output error"),
}


@contextmanager
def failing(
    patched: pytest.MonkeyPatch, after: int, error: str, calls: Sequence[str] = CALLS
) -> Iterator[list[int]]:
    """Let calls of the file system fail.

    Args:
        patched: Puts the calls back afterwards.
        after: How many calls succeed.
        error: Which error the others raise, with "once" only the first of them.
        calls: The names of the calls.

    Yields:
        One number for each call that was made.
    """
    made: list[int] = []

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*values: object, **named: object) -> object:
            made.append(1)
            if len(made) == after + 1 or (len(made) > after and error != "once"):
                raise ERRORS[error]
            return real(*values, **named)

        return call

    with patched.context() as context:
        for name in calls:
            context.setattr(os, name, counted(getattr(os, name)))
        with suppress(Crash, StorageError, OSError):
            yield made
