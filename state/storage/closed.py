"""What this account may not read: whose it is, and the command with which that account opens it."""

import os
import shlex
import stat
from pathlib import Path

from state.domain.environment import account_name
from state.storage.modes import engine_of, group_name, is_member


def who_opens(path: Path) -> str:
    """Who can let this account read a file or directory, and how, in a sentence or two.

    Args:
        path: What it may not read; the file itself, or a directory on the way to it, is closed.
    """
    above = (each for each in reversed(path.parents) if not os.access(each, os.X_OK))
    closed = next(above, path)
    name = shlex.quote(str(closed))
    try:
        found, folder = closed.stat(), (engine_of(closed) or closed).parent.stat()
    except OSError:
        return "Nothing tells whose it is."
    mode, also = "rx" if stat.S_ISDIR(found.st_mode) else "r", ""
    opens, group = f"chmod g+{mode} {name}", folder.st_gid
    if not is_member(group) and folder.st_mode & stat.S_IROTH:
        opens = f"chmod o+{mode} {name}"
    else:
        if found.st_gid != group:
            opens = f"chgrp {group_name(group)} {name} && {opens}"
        if not is_member(group):
            also = f". This account has to join the group {group_name(group)} too."
    return f"It belongs to {account_name(found.st_uid)}, who opens it with: {opens}{also}"
