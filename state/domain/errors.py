"""What can go wrong beside a refusal: files, the lock, an offer that is not there."""


class StorageError(Exception):
    """A file that cannot be read or written. The message names it and says why."""

    code = "file.trouble"
    """The kind of trouble as a word, for scripts."""


class AccessDenied(StorageError):
    """What this account may not read. The message names its owner and the command that opens it."""


class UnfitFile(StorageError):
    """Not a file that can be read, however often that is tried."""


class LockHeld(StorageError):
    """Another program is acting on the directory: the same may go well a moment later."""

    code = "lock.held"


class DirectoryError(StorageError):
    """The working directory cannot be read."""

    code = "directory.unreadable"


class HistoryError(StorageError):
    """This account may not read what is recorded of an offer."""

    code = "history.unreadable"


class PublisherFileError(StorageError):
    """The publisher's file cannot be read."""

    code = "publisher.unreadable"


class UnknownOfferError(Exception):
    """No offer has that identifier. The message names the nearest one."""


class InputError(Exception):
    """What was typed is not a valid value of that field. The message says what is expected."""


class UnknownRuleError(Exception):
    """No rule has that id. The message names the nearest one."""


class ReportFileError(Exception):
    """A report cannot be written to that file. The message says what to do instead."""
