"""What counts as a web address or an e-mail address. Whether one answers is not asked here."""

import re

_WEB = re.compile(
    r"""(https?)://
        (?:[^\s/?\#@]*@)?
        (?:\[[0-9a-f:.]+\]|[^\s/?\#@:.\[\]]+(?:\.[^\s/?\#@:.\[\]]+)*\.?)
        (?::[0-9]{1,5})?
        (?:[/?\#].*)?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\".]+(?:\.[^\s@<>(),;:\".]+)+")
_LONGEST_EMAIL = 254

# Control, white and invisible characters, and the four that no address holds unescaped.
_NEVER = re.compile(
    r'[\x00-\x20\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff<>"\\]'
)


def is_web_address(text: str, *schemes: str) -> bool:
    """Whether a text is a whole http or https address.

    Args:
        text: The text as written.
        schemes: The schemes that will do, in lower case; both when left out.

    Returns:
        True where it has a scheme and a host and nothing that an address cannot hold.
    """
    found = _WEB.fullmatch(text)
    if not found or _NEVER.search(text):
        return False
    return not schemes or found[1].lower() in schemes


def is_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return (
        len(text) <= _LONGEST_EMAIL
        and _EMAIL.fullmatch(text) is not None
        and not _NEVER.search(text)
    )
