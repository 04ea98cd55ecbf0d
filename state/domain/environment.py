"""What the engine takes from outside: the time and the accounts."""

import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from state.domain.events import MARKETPLACE

LOGIN = Path("/proc/self/loginuid")
"""Where Linux keeps the account that logged in, whatever ``sudo`` and ``su`` did since."""

_NOBODY_LOGGED_IN = 2**32 - 1

Clock = Callable[[], datetime]
"""Gives the time, in UTC."""


def system_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def account_name(uid: int) -> str:
    """The name of an account, ``uid:1234`` where it has no unambiguous one."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except (KeyError, OverflowError):
        name = ""
    return name if name not in ("", MARKETPLACE) else f"uid:{uid}"


def has_account(name: str) -> bool:
    """Whether somebody on this machine has a name that ``account_name`` gives."""
    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError):
        # An account without a name goes by its number.
        return name.removeprefix("uid:").isdigit()
    return True


def current_account() -> str:
    """The account of this process: its real user, whatever the environment says."""
    return account_name(os.getuid())


def login_account() -> str | None:
    """The account that logged in, None where the system does not tell of any."""
    try:
        uid = int(LOGIN.read_text())
    except (OSError, ValueError):
        return None
    return None if uid == _NOBODY_LOGGED_IN else account_name(uid)


def accounts() -> tuple[str, str | None]:
    """The account of this process, and the one that logged in where that is another."""
    actor, login = current_account(), login_account()
    return actor, None if login == actor else login


def owner_of(path: Path) -> str:
    """The account that a file belongs to."""
    return account_name(path.stat().st_uid)
