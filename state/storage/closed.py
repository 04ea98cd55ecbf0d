"""Files that this account may not read: their owner, and the command with which they are opened."""

import os
import shlex
import stat
from pathlib import Path

from state.domain.environment import account_name
from state.storage.modes import engine_of, group_name, is_member


def who_opens(path: Path) -> str:
    """Who can give this account read access, and with which command, as a sentence.

    The file itself, or a directory on the way to it, is closed.
    """
    above = (each for each in reversed(path.parents) if not os.access(each, os.X_OK))
    closed = next(above, path)
    name = shlex.quote(str(closed))
    try:
        found, folder = closed.stat(), (engine_of(closed) or closed).parent.stat()
    except OSError:
        return "Its owner is unknown."
    mode, also = "rx" if stat.S_ISDIR(found.st_mode) else "r", ""
    opens, group = f"chmod g+{mode} {name}", folder.st_gid
    if not is_member(group) and folder.st_mode & stat.S_IROTH:
        opens = f"chmod o+{mode} {name}"
    else:
        if found.st_gid != group:
            opens = f"chgrp {group_name(group)} {name} && {opens}"
        if not is_member(group):
            also = f". This account has to join the group {group_name(group)} as well."
    return f"It belongs to {account_name(found.st_uid)}, who opens it with: {opens}{also}"
