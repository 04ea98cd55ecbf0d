"""VHD addresses and their SAS tokens."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from state.definitions.model_fields import limits_of
from state.domain.field_path import FieldPath
from state.domain.offer import Image
from state.domain.offer_types import VIRTUAL_MACHINE
from state.domain.safe_text import plural, quoted
from state.domain.times import day
from state.rules.context import RuleContext, Violation
from state.rules.registry import rule
from state.rules.rule import Example
from state.rules.sas_address import (
    Sas,
    address_faults,
    address_of,
    copy_fault,
    instant_of,
    parse_sas,
    vhd_urls,
)

SHORTEST = timedelta(days=21)
"""How long a token has to be valid."""

SLOWEST = timedelta(days=16)
"""How long certification and replication can take."""

_NEEDED = {"r": "read", "l": "list"}
_HARMFUL = {
    "w": "write",
    "d": "delete",
    "a": "add",
    "c": "create",
    "x": "delete versions",
    "y": "delete for good",
}
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")


def _urls(context: RuleContext) -> Iterator[tuple[FieldPath, str]]:
    """The VHD addresses that are not in production, each with its field."""
    for at, sku in context.skus():
        # Too many data disks are reported by image.disks.
        for field, url in islice(vhd_urls(at, sku), 1 + limits_of(Image)["data_disks"]):
            if address_of(url) not in context.listed_addresses:
                yield field, url


def _tokens(context: RuleContext, *, whole: bool = True) -> Iterator[tuple[FieldPath, Sas]]:
    """The SAS tokens of those addresses, without those that ``sas.url`` reports as copied wrongly.

    Args:
        context: The offer.
        whole: Leave out those that are cut off after their first parameter.
    """
    for field, url in _urls(context):
        sas = parse_sas(url)
        if sas.is_token and not copy_fault(url) and not (whole and _is_cut_off(sas)):
            yield field, sas


def _is_cut_off(sas: Sas) -> bool:
    """Whether only the part before the first & is left, as a shell cuts it off without quotes."""
    return len(sas.parameters) == 1 and not sas.parameters.get("sig")


@rule(
    "sas.url",
    step=3,
    types={VIRTUAL_MACHINE},
    description="A VHD address is https, names a blob that ends in .vhd, has its SAS token after "
    "a question mark, and is undamaged.",
    examples=[
        Example(
            'os_vhd_url = "https://…/contoso-vault-solo-1.4.2.vhd?st=…"',
            'os_vhd_url = "https://contosovhds.blob.core.windows.net/vhds/contoso-vault-solo-1.4.2.vhd"',
            'The address has no SAS token after a "?", so the image cannot be copied. Add '
            "?st=…&se=…&sp=rl&sr=c&sig=….",
        )
    ],
)
def address(context: RuleContext) -> Iterator[Violation]:
    for field, url in _urls(context):
        for message in address_faults(url):
            yield Violation(field, message)


@rule(
    "sas.signature",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token has a complete signature (sig) and is not bound to an IP address (sip).",
    examples=[
        Example(
            'sr=c&sig=…"',
            'sr=c"',
            "sig is missing, so the SAS token is cut short. Copy the whole token; in a shell, "
            "put it in quotes.",
        )
    ],
)
def signature(context: RuleContext) -> Iterator[Violation]:
    for field, sas in _tokens(context, whole=False):
        if message := _signature_fault(sas):
            yield Violation(field, message)
        if "sip" in sas.parameters:
            message = (
                f"{_pair('sip', sas.parameters['sip'])} binds the SAS token to one IP address. "
                "Expected one that works from anywhere. Create a token without sip."
            )
            yield Violation(field, message)


def _signature_fault(sas: Sas) -> str | None:
    signature = sas.parameters.get("sig")
    if not signature:
        return (
            "sig is missing, so the SAS token is cut short. Copy the whole token; in a shell, put it "
            "in quotes."
        )
    if _SIGNATURE.fullmatch(signature):
        return None
    fault = "is not base64" if len(signature) == 44 else f"has {len(signature)} of 44 characters"
    if "%" in signature:
        fault = "is percent-encoded twice (%25)"
    elif " " in signature:
        fault = "holds a plain + in place of %2B"
    return (
        f"The signature (sig) of the SAS token {fault}. Expected 44 characters of base64, encoded "
        "once. Copy the whole token again."
    )


@rule(
    "sas.dates",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token has a start (st) and an end (se), each a full date and time with "
    "its zone.",
    examples=[
        Example(
            "st=2026-11-21T00%3A00%3A00Z&se=2027-01-15T00%3A00%3A00Z",
            "st=2026-11-21&se=2027-01-15",
            "st=2026-11-21 is incomplete and se=2027-01-15 is incomplete. Expected date, time "
            "and zone. Create a new token: st and se are signed, not editable.",
        )
    ],
)
def dates(context: RuleContext) -> Iterator[Violation]:
    for field, sas in _tokens(context):
        wrong = [name for name, at in (("st", sas.starts), ("se", sas.ends)) if at is None]
        faults = [
            _date_fault(name, sas.parameters.get(name, ""), 22 // len(wrong)) for name in wrong
        ]
        if faults:
            message = (
                f"{' and '.join(faults)}. Expected date, time and zone. Create a new token: st and "
                "se are signed, not editable."
            )
            yield Violation(field, message)


def _date_fault(name: str, value: str, limit: int) -> str:
    if not value:
        return f"{name} is missing"
    is_date = instant_of(f"{value[:10]}T00:00Z")
    shown = _pair(name, value, limit)
    return f"{shown} is incomplete" if is_date else f"{shown} is not a date"


@rule(
    "sas.permissions",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token allows read and list (sp=rl), and nothing that changes data.",
    examples=[
        Example(
            "sp=rl",
            "sp=rwl",
            "sp=rwl allows write. Expected read and list. Create a token with sp=rl.",
        )
    ],
)
def permissions(context: RuleContext) -> Iterator[Violation]:
    for field, sas in _tokens(context):
        value = sas.parameters.get("sp", "")
        lacks = [word for letter, word in _NEEDED.items() if letter not in sas.permissions]
        allows = [word for letter, word in _HARMFUL.items() if letter in sas.permissions]
        faults = [f"does not allow {' and '.join(lacks)}"] * bool(lacks)
        more = " and more" * (len(allows) > 3)
        faults += [f"allows {', '.join(allows[:3])}{more}"] * bool(allows)
        shown = _pair("sp", value) if value else "sp is missing: the SAS token"
        if faults:
            fault = f"{shown} {' and '.join(faults)}"
            yield Violation(field, f"{fault}. Expected read and list. Create a token with sp=rl.")


@rule(
    "sas.container",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token is for the container (sr=c).",
    examples=[
        Example(
            "sr=c",
            "sr=b",
            "sr=b is a SAS token for a single blob. Expected sr=c. Create a token for the "
            "container.",
        )
    ],
)
def container(context: RuleContext) -> Iterator[Violation]:
    for field, sas in _tokens(context):
        value = sas.parameters.get("sr", "")
        if value == "c":
            continue
        fault = f"{_pair('sr', value)} is not a SAS token for a container"
        if value == "b":
            fault = "sr=b is a SAS token for a single blob"
        elif not value:
            account = next((name for name in ("ss", "srt") if name in sas.parameters), None)
            shown = _pair(account, sas.parameters[account]) if account else ""
            fault = f"{shown} is a SAS token for the whole account" if account else "sr is missing"
        yield Violation(field, f"{fault}. Expected sr=c. Create a token for the container.")


@rule(
    "sas.window",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token begins no later than now and lasts for at least 21 days.",
    examples=[
        Example(
            "se=2027-01-15T00%3A00%3A00Z",
            "se=2026-11-29T00%3A00%3A00Z",
            "The SAS token is valid for 8 days, until 29 Nov 2026. Expected 21 at least. Create "
            "one valid until 14 Dec 2026 or later.",
        )
    ],
)
def window(context: RuleContext) -> Iterator[Violation]:
    """An expired token is reported by sas.expired."""
    for field, sas in _tokens(context):
        if message := _window_fault(sas, context):
            yield Violation(field, message)


def _window_fault(sas: Sas, context: RuleContext) -> str | None:
    now, starts, ends = context.now, sas.starts, sas.ends
    if ends and context.is_past(ends):
        return None
    if sas.is_user_delegation:
        return (
            "A user delegation token (ske) ends within 7 days, as its key does. Expected at least "
            f"{SHORTEST.days}. Create one with the account key, {_until(now)}."
        )
    if starts and not context.is_past(starts, timedelta.resolution):
        return (
            f"{_pair('st', sas.parameters['st'])} is in the future. Expected a start in the past. "
            f"Create a token from {day(now)} or earlier, {_until(now)}."
        )
    if starts and ends and ends - starts < SHORTEST:
        return (
            f"The SAS token is valid for {plural((ends - starts).days, 'day')}, until {day(ends)}. "
            f"Expected {SHORTEST.days} at least. Create one {_until(now)}."
        )
    return None


@rule(
    "sas.expired",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The SAS token has not expired, and lasts for the 16 days that certification and "
    "replication may take.",
    examples=[
        Example(
            "se=2027-01-15T00%3A00%3A00Z",
            "se=2015-06-09T00%3A00%3A00Z",
            "The SAS token expired on 9 Jun 2015. Create one valid until 14 Dec 2026 or later.",
        )
    ],
)
def expired(context: RuleContext) -> Iterator[Violation]:
    """A token that is too short is reported by sas.window."""
    for field, sas in _tokens(context):
        if sas.ends is None or not context.is_past(sas.ends, SLOWEST):
            continue
        if context.is_past(sas.ends):
            key = " with the account key," * sas.is_user_delegation
            remedy = f"Create one{key} {_until(context.now)}."
            yield Violation(field, f"The SAS token expired on {day(sas.ends)}. {remedy}")
        elif not _window_fault(sas, context):
            message = (
                f"The SAS token expires on {day(sas.ends)}. Certification and replication can take "
                f"{SLOWEST.days} days. Create one {_until(context.now)}."
            )
            yield Violation(field, message, warning=True)


def _until(now: datetime) -> str:
    """How long a token created today has to be valid."""
    return f"valid until {day(now, SHORTEST.days + 1)} or later"


def _pair(name: str, value: str, limit: int = 22) -> str:
    """The beginning of a parameter, for a message: a signature may follow without a separator."""
    return f"{name}={quoted(value[:limit], limit)[1:-1]}"
