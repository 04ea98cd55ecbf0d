"""The addresses of disk images and their SAS tokens, without which no image can be copied."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from state.fields import Field
from state.rules.case import Case, Found
from state.rules.images import MOST_DISKS
from state.rules.registry import V, rule
from state.rules.tokens import Sas, address_faults, address_of, instant_of, parse_sas, vhd_urls
from state.text import plural, quoted

SHORTEST = timedelta(days=21)
"""The least time from a token's start to its end."""

SLOWEST = timedelta(days=16)
"""What the slowest certification and replication take."""

_WANTED = {"r": "read", "l": "list"}
_UNWANTED = {"w": "write", "d": "delete"}


def _urls(case: Case) -> Iterator[tuple[Field, str]]:
    """The VHD addresses that are not in production, each with its field."""
    for at, sku in case.skus():
        # Of data disks beyond those that there may be, another rule tells.
        for field, url in islice(vhd_urls(at, sku), 1 + MOST_DISKS):
            if address_of(url) not in case.listed_addresses:
                yield field, url


def _tokens(case: Case) -> Iterator[tuple[Field, Sas]]:
    """The SAS tokens of those addresses; where there is none at all, ``sas.url`` says so."""
    for field, url in _urls(case):
        sas = parse_sas(url)
        if sas.parameters:
            yield field, sas


@rule(
    "sas.url",
    step=3,
    types={V},
    says="A VHD address is https, without white space, names a blob that ends in .vhd, and has its "
    "SAS token behind a question mark.",
    good='os_vhd_url = "https://acct.blob.core.windows.net/vhds/db.vhd?st=…&se=…&sp=rl&sr=c&sig=…"',
    bad='os_vhd_url = "https://acct.blob.core.windows.net/vhds/db.vhd"',
)
def address(case: Case) -> Iterator[Found]:
    """Addresses that are none of a VHD with a token."""
    for field, url in _urls(case):
        for message in address_faults(url):
            yield Found(field, message)


@rule(
    "sas.dates",
    step=3,
    types={V},
    says="The SAS token has a start (st) and an end (se), each a full date and time with its zone.",
    good="st=2026-11-21T00%3A00%3A00Z&se=2027-01-15T00%3A00%3A00Z",
    bad="st=2026-11-21&se=2027-01-15",
)
def dates(case: Case) -> Iterator[Found]:
    """Starts and ends that are missing or cut short."""
    midnight = case.now.replace(hour=0, minute=0, second=0, microsecond=0)
    examples = {"st": midnight, "se": midnight + SHORTEST + timedelta(days=1)}
    for field, sas in _tokens(case):
        wrong = [
            name for name, instant in (("st", sas.starts), ("se", sas.ends)) if instant is None
        ]
        told = [
            _date_fault(name, sas.parameters.get(name, ""), examples[name], 24 // len(wrong) + 4)
            for name in wrong
        ]
        if told:
            faults, remedies = (" and ".join(parts) for parts in zip(*told, strict=True))
            yield Found(field, f"{faults}: write {remedies}, say.")


def _date_fault(name: str, value: str, example: datetime, limit: int) -> tuple[str, str]:
    """What is wrong with a date, and what could be written instead."""
    if not value:
        return f"{name} is missing", f"{name}={_stamp(example)}"
    shown = f"{name}={quoted(value, limit)[1:-1]}"
    for fault, mended in (
        ("has no time", f"{value}T00:00:00Z"),
        ("has no zone", f"{value}Z"),
        ("has no seconds", f"{value.removesuffix('Z')}:00Z"),
    ):
        if instant := instant_of(mended):
            return f"{shown} {fault}", f"{name}={_stamp(instant)}"
    return f"{shown} is no full date and time", f"{name}={_stamp(example)}"


@rule(
    "sas.permissions",
    step=3,
    types={V},
    says="The SAS token lets read and list (sp=rl), and neither write nor delete.",
    good="sp=rl",
    bad="sp=rwl",
)
def permissions(case: Case) -> Iterator[Found]:
    """Tokens that let too little or too much."""
    for field, sas in _tokens(case):
        value = sas.parameters.get("sp", "")
        lacks = [word for letter, word in _WANTED.items() if letter not in sas.permissions]
        allows = [word for letter, word in _UNWANTED.items() if letter in sas.permissions]
        faults = [f"does not let {' and '.join(lacks)}"] * bool(lacks)
        faults += [f"lets {' and '.join(allows)}"] * bool(allows)
        if not value:
            yield Found(field, "sp is missing: make a token that lets read and list, sp=rl.")
        elif faults:
            message = (
                f"{_pair('sp', value)} {' and '.join(faults)}: make a token with sp=rl, no more."
            )
            yield Found(field, message)


@rule(
    "sas.container",
    step=3,
    types={V},
    says="The SAS token is one for the container (sr=c).",
    good="sr=c",
    bad="sr=b",
)
def container(case: Case) -> Iterator[Found]:
    """Tokens for something else than a container."""
    for field, sas in _tokens(case):
        value = sas.parameters.get("sr", "")
        if not value:
            yield Found(field, "sr is missing: make a token for the whole container, sr=c.")
        elif value != "c":
            what = "is a token for one blob" if value == "b" else "is no token for a container"
            yield Found(field, f"{_pair('sr', value)} {what}: make one for the container, sr=c.")


@rule(
    "sas.window",
    step=3,
    types={V},
    says="The SAS token begins no later than now and lasts for at least 21 days.",
    good="st=2026-11-21T00%3A00%3A00Z&se=2027-01-15T00%3A00%3A00Z",
    bad="st=2026-11-21T00%3A00%3A00Z&se=2026-11-29T00%3A00%3A00Z",
)
def window(case: Case) -> Iterator[Found]:
    """Tokens that begin too late or last too short; of one that has lapsed, sas.expired tells."""
    for field, sas in _tokens(case):
        if message := _window_fault(sas, case.now):
            yield Found(field, message)


def _window_fault(sas: Sas, now: datetime) -> str | None:
    starts, ends = sas.starts, sas.ends
    if starts and starts > now:
        return (
            f"{_pair('st', sas.parameters['st'])} is in the future: make a token with "
            f"st={_stamp(now)} or earlier, and se at least {SHORTEST.days} days later."
        )
    if starts and ends and now <= ends and ends - starts < SHORTEST:
        lasts = plural((ends - starts).days, "day")
        late_enough = _stamp(_late_enough(starts, now))
        return (
            f"{_pair('se', sas.parameters['se'])} is {lasts} after st; at least {SHORTEST.days} "
            f"are wanted: se={late_enough} or later."
        )
    return None


@rule(
    "sas.expired",
    step=3,
    types={V},
    says="The SAS token has not lapsed, and lasts for the 16 days that certification and "
    "replication may take.",
    good="se=2027-01-15T00%3A00%3A00Z",
    bad="se=2015-06-09T00%3A00%3A00Z",
)
def expired(case: Case) -> Iterator[Found]:
    """Tokens that have lapsed or soon will; of one that is too short anyway, sas.window tells."""
    for field, sas in _tokens(case):
        if sas.ends is None or sas.ends >= case.now + SLOWEST:
            continue
        shown = _pair("se", sas.parameters["se"])
        late_enough = _stamp(_late_enough(sas.starts, case.now))
        if sas.ends < case.now:
            message = (
                f"{shown} is past, the token has lapsed: make a new one, se={late_enough} or later."
            )
            yield Found(field, message)
        elif not _window_fault(sas, case.now):
            days = plural((sas.ends - case.now).days, "day").replace("0 days", "less than a day")
            yield Found(
                field,
                f"{shown} is {days} from now; certification and replication can take "
                f"{SLOWEST.days}: better se={late_enough} or later.",
                warning=True,
            )


def _late_enough(starts: datetime | None, now: datetime) -> datetime:
    """The first midnight at which a token that has begun may end without a fault."""
    begun = min(starts or now, now)
    least = max(begun + SHORTEST, now + SLOWEST)
    midnight = least.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == least else midnight + timedelta(days=1)


def _pair(name: str, value: str) -> str:
    return f"{name}={quoted(value, 22)[1:-1]}"


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
