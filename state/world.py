"""What the engine takes from outside: the time and the account."""

import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]
"""Gives the time, in UTC."""


def system_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def account_name(uid: int) -> str:
    """The name of an account, ``uid:1234`` where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except (KeyError, OverflowError):
        return f"uid:{uid}"


def current_account() -> str:
    """The account of this process: its real user, whatever the environment says."""
    return account_name(os.getuid())


def owner_of(path: Path) -> str:
    """The account that a file belongs to."""
    return account_name(path.stat().st_uid)
