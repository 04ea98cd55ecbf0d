"""The locks: what can no longer change once an offer is staged or listed, one row each.

Rules report the locks that a draft breaks, editing tells them before anything is typed, and
docs/lifecycle.md lists them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import PUBLISHER_FILE
from state.domain.offer import Sku
from state.domain.safe_text import plain_decimal, plural, quoted
from state.domain.times import day
from state.rules.checks import number
from state.rules.context import RuleContext, Violation
from state.rules.identities import locked_identifiers
from state.rules.iso_codes import COUNTRIES
from state.rules.registry import declare
from state.rules.rule import Example, Rule

TYPE_LOCK = "lock.type"
STAGED, LISTED = "staged", "listed"

_LACKS = "lacks it"
_SHOWN_PORTS = 2
_LONGEST_VALUE, _LONGEST_DRAFT = 20, 17


class LockedValue(NamedTuple):
    """A value of an offer that is locked.

    Attributes:
        field: Its place in the draft.
        value: What it is locked at.
        draft: What the draft has there, None for nothing.
        since: Since when, and by what.
    """

    field: FieldPath
    value: Any
    draft: Any
    since: str


class Notice(NamedTuple):
    """What a person who is about to edit a field has to know of its lock.

    Attributes:
        message: The locked value, since when, and what may be done instead.
        partly: Whether the field may be edited in ways that do not break the lock.
    """

    message: str
    partly: bool


def _shown(value: Any, most: int = _LONGEST_VALUE) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value, most)
        case Decimal():
            return quoted(plain_decimal(value), most)[1:-1]
        case tuple():
            return _ports(value, _SHOWN_PORTS) or "none"
    return str(value)


def _ports(ports: tuple[int, ...], most: int) -> str:
    shown = [quoted(number(port), 5)[1:-1] for port in ports[:most]]
    return ", ".join([*shown, "…"] if len(ports) > most else shown)


def _says(value: Any, draft: Any) -> str | None:
    return None if draft == value else f"says {_shown(draft, _LONGEST_DRAFT)}"


def _lacks(_: Any, draft: Any) -> str | None:
    return None if draft else _LACKS


def _amount_says(value: Any, draft: Any) -> str | None:
    """A value that is not a number is reported by price.amount."""
    if draft is None:
        return _LACKS
    return _says(value, draft) if isinstance(draft, Decimal) else None


def _ports_changed(value: tuple[int, ...], draft: tuple[int, ...]) -> str | None:
    now, then = set(draft), set(value)
    added = _ports(tuple(port for port in draft if port not in then), 1)
    removed = _ports(tuple(port for port in value if port not in now), 1)
    changes = [f"adds {added}"] * bool(added) + [f"removes {removed}"] * bool(removed)
    return " and ".join(changes) or None


def _count_says(value: int, draft: int) -> str | None:
    return None if draft == value else f"has {draft}"


def _of_offer(context: RuleContext, path: str) -> Iterator[LockedValue]:
    """A value of the offer as it was staged, or else as it was listed."""
    for version, at, event in (
        (context.staged, context.staged_at, STAGED),
        (context.production, context.listed_at, LISTED),
    ):
        if version and (value := attrgetter(path)(version)):
            draft = attrgetter(path)(context.definition)
            yield LockedValue(_field(ROOT, path), value, draft, _since(at, event))
            return


def _of_publisher(context: RuleContext, path: str) -> Iterator[LockedValue]:
    if context.publisher and context.locked_namespace is not None:
        since, draft = _since(context.staged_at, STAGED), attrgetter(path)(context.publisher)
        yield LockedValue(_field(ROOT, path), context.locked_namespace, draft, since)


def _of_skus(context: RuleContext, path: str) -> Iterator[LockedValue]:
    """A value of each SKU that was ever listed."""
    key = path.removeprefix("skus.*.")
    value_of = attrgetter(key)
    for at, sku, listed, since in _listed(context):
        yield LockedValue(_field(at, key), value_of(listed), value_of(sku), since)


def _identifiers(context: RuleContext, path: str) -> Iterator[LockedValue]:
    held, since = _held_identifiers(context)
    for index, (at, item) in enumerate(context.sold()):
        name = context.identities.renamed.get(index, item.identifier)
        if name in held and path.startswith(str(at.path[0])):
            yield LockedValue(at / "identifier", name, item.identifier, since[held[name]])


def _missing_skus(context: RuleContext, path: str) -> Iterator[LockedValue]:
    held, since = _held_identifiers(context)
    for name in context.identities.missing:
        yield LockedValue(_field(ROOT, path), name, None, since[held[name]])


def _held_identifiers(context: RuleContext) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The locked identifiers with the event that locked each, and since when each event holds."""
    since = {
        STAGED: _since(context.staged_at, STAGED),
        LISTED: _since(context.listed_at, LISTED),
    }
    return locked_identifiers(context.staged, context.production), since


def _disk_counts(context: RuleContext, path: str) -> Iterator[LockedValue]:
    for each in _of_skus(context, path):
        yield each._replace(value=len(each.value), draft=len(each.draft))


def _currencies(context: RuleContext, _: str) -> Iterator[LockedValue]:
    for at, sku, listed, since in _listed(context, "hourly"):
        for name, held in listed.prices.items():
            if market := sku.prices.get(name):
                field = at / "prices" / name / "currency"
                yield LockedValue(field, held.currency, market.currency, since)


def _amounts(context: RuleContext, _: str) -> Iterator[LockedValue]:
    """Amounts in the regions that are left, without those whose absence price.cores reports."""
    for at, sku, listed, since in _listed(context, "hourly"):
        sizes = {size for market in sku.prices.values() for size in market.cores}
        is_sound = all(size.isascii() and size.isdigit() for size in sizes)
        for name, held in listed.prices.items():
            cores = sku.prices[name].cores if name in sku.prices else {}
            for size, amount in held.cores.items() if cores else ():
                if size in cores or (is_sound and size not in sizes):
                    field = at / "prices" / name / "cores" / size
                    yield LockedValue(field, amount, cores.get(size), since)


def _regions(context: RuleContext, path: str) -> Iterator[LockedValue]:
    """Regions by name. An unknown code may be a misspelt region, so one fewer counts as missing."""
    key = path.split(".")[2]
    billing = "hourly" if key == "prices" else "byol"
    for at, sku, listed, since in _listed(context, billing):
        have = set(getattr(sku, key))
        misspelt = len(have - COUNTRIES)
        lost = [name for name in getattr(listed, key) if name not in have]
        lost = lost[: max(0, len(lost) - misspelt)]
        for name in getattr(listed, key):
            field = at / key / name if key == "prices" else at / key
            yield LockedValue(field, name, None if name in lost else name, since)


def _listed(
    context: RuleContext, billing: str | None = None
) -> Iterator[tuple[FieldPath, Sku, Sku, str]]:
    """The SKUs that were ever listed: field, draft, as listed last, and since when.

    Args:
        billing: Only those that were listed with this billing model and still have it.
    """
    for at, sku in context.skus():
        listed = context.listed_sku(at)
        if listed and billing in (None, listed.billing) and billing in (None, sku.billing):
            yield at, sku, listed, _since(context.listed_since(at), LISTED)


def _field(at: FieldPath, path: str) -> FieldPath:
    for key in path.split("."):
        at /= key
    return at


def _since(at: datetime | None, event: str) -> str:
    return f"since {day(at)}, {event}" if at else event


class Lock(NamedTuple):
    """One row of the table.

    Attributes:
        rule: The rule that reports a draft that breaks it.
        path: The fields that are locked, ``*`` for each SKU, market or size.
        since: The event after which they are locked.
        label: What such a field is called; ``{}`` stands for the locked value.
        instead: What may be done instead, "" for nothing.
        values: Finds the locked values of an offer.
        compare: How the draft breaks the lock, as in ``says 0.06``; None where it does not.
        partly: Whether the field may change in other ways.
    """

    rule: str
    path: str
    since: str
    label: str
    instead: str
    values: Callable[[RuleContext, str], Iterator[LockedValue]] = _of_skus
    compare: Callable[[Any, Any], str | None] = _says
    partly: bool = False

    def violations(self, context: RuleContext) -> Iterator[Violation]:
        remedy = f"Restore it, or {self.instead}." if self.instead else "Restore it."
        for each in self.values(context, self.path):
            if change := self.compare(each.value, each.draft):
                message = f"{self._locked(each)}; the draft {change}. {remedy}"
                yield Violation(each.field, message, is_whole=not self.partly)

    def notices(self, context: RuleContext, field: FieldPath) -> Iterator[Notice]:
        """What is locked of a field: the field, what it lies in, or what lies in it."""
        instead = f" Instead, {self.instead}." if self.instead else ""
        for each in self.values(context, self.path):
            lies_inside = field.within(each.field)
            if each.field.within(field) or (lies_inside and not self.partly):
                partly = self.partly or not lies_inside
                yield Notice(f"{self._locked(each)}.{instead}", partly)

    def _locked(self, value: LockedValue) -> str:
        shown = _shown(value.value)
        label = self.label.format(shown)
        return f"{label} is locked{f' at {shown}' * (label == self.label)} ({value.since})"


LOCKS = (
    Lock(TYPE_LOCK, "type", STAGED, "The offer type", "create another offer", _of_offer),
    Lock("lock.identifier", "skus.*.identifier", STAGED, "The identifier",
         "add a new one at the end", _identifiers),
    Lock("lock.identifier", "plans.*.identifier", LISTED, "The identifier",
         "add a new one at the end", _identifiers),
    Lock("lock.identifier", "skus", STAGED, "The SKU {}", "withdraw it once it is listed",
         _missing_skus, _lacks, partly=True),
    Lock("lock.namespace", "namespace", STAGED, "The namespace", "use another directory",
         _of_publisher),
    Lock("lock.hero", "marketing.logos.hero", STAGED, "The hero logo", "name another picture",
         _of_offer, _lacks, partly=True),
    Lock("lock.ports", "skus.*.image.open_ports", LISTED, "open_ports", "add another SKU",
         compare=_ports_changed),
    Lock("lock.disks", "skus.*.image.data_disks", LISTED, "The number of data disks",
         "add another SKU", _disk_counts, _count_says, partly=True),
    Lock("lock.billing", "skus.*.billing", LISTED, "The billing model",
         "add a SKU with the new model"),
    Lock("lock.visibility", "skus.*.hidden", LISTED, "hidden", "add another SKU"),
    Lock("lock.price", "skus.*.prices.*.currency", LISTED, "The currency",
         "add a SKU with the new currency", _currencies),
    Lock("lock.price", "skus.*.prices.*.cores.*", LISTED, "The price",
         "add a SKU with the new price", _amounts, _amount_says),
    Lock("lock.region", "skus.*.prices.*", LISTED, "The region {}", "", _regions, _lacks,
         partly=True),
    Lock("lock.region", "skus.*.markets", LISTED, "The region {}", "", _regions, _lacks,
         partly=True),
)  # fmt: skip


def lock_notice(context: RuleContext, field: FieldPath) -> Notice | None:
    """What is locked of a field, for someone who is about to edit it.

    Args:
        context: The offer.
        field: The field of the draft; ``namespace`` is that of the publisher file.

    Returns:
        None where nothing of it is locked.
    """
    found = [notice for lock in LOCKS for notice in lock.notices(context, field)]
    found.sort(key=lambda notice: notice.partly)
    if not found or not found[0].partly or len(found) == 1:
        return next(iter(found), None)
    more = f"So {'is' if len(found) == 2 else 'are'} {plural(len(found) - 1, 'other value')} in it."
    return found[0]._replace(message=f"{found[0].message} {more}")


_RULES: Mapping[str, tuple[str, Example]] = {
    TYPE_LOCK: (
        "An offer keeps its type once staged.",
        Example(
            'type = "data-service"',
            'type = "developer-service"',
            'The offer type is locked at "data-service" (since 22 Nov 2026, staged); the draft '
            'says "developer-service". Restore it, or create another offer.',
            after="stage",
        ),
    ),
    "lock.identifier": (
        "A SKU keeps its identifier once staged, and a data service's plan once listed.",
        Example(
            'identifier = "vault-solo"',
            'identifier = "solo"',
            'The identifier is locked at "vault-solo" (since 22 Nov 2026, staged); the draft '
            'says "solo". Restore it, or add a new one at the end.',
            after="stage",
        ),
    ),
    "lock.namespace": (
        "The publisher's namespace stays as it was when the offer was staged.",
        Example(
            'namespace = "contoso"',
            'namespace = "fabrikam"',
            'The namespace is locked at "contoso" (since 22 Nov 2026, staged); the draft says '
            '"fabrikam". Restore it, or use another directory.',
            after="stage",
        ),
    ),
    "lock.ports": (
        "A listed SKU keeps its open ports.",
        Example(
            "open_ports = [443, 9200]",
            "open_ports = [443, 9300]",
            "open_ports is locked at 443, 9200 (since 22 Nov 2026, listed); the draft adds 9300 "
            "and removes 9200. Restore it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.price": (
        "A listed SKU keeps its prices in the regions where it is listed.",
        Example(
            '"1" = 0.06',
            '"1" = 0.07',
            "The price is locked at 0.06 (since 22 Nov 2026, listed); the draft says 0.07. "
            "Restore it, or add a SKU with the new price.",
            after="approve",
        ),
    ),
    "lock.billing": (
        "A listed SKU keeps its billing model.",
        Example(
            'billing = "hourly"',
            'billing = "byol"',
            'The billing model is locked at "hourly" (since 22 Nov 2026, listed); the draft says '
            '"byol". Restore it, or add a SKU with the new model.',
            after="approve",
        ),
    ),
    "lock.region": (
        "A listed SKU keeps its regions; new ones may be added.",
        Example(
            "[skus.prices.ES]",
            "[skus.prices.PT]",
            'The region "ES" is locked (since 22 Nov 2026, listed); the draft lacks it. Restore '
            "it.",
            after="approve",
        ),
    ),
    "lock.disks": (
        "A listed SKU keeps its number of data disks.",
        Example(
            'data_disks = [{ lun = 0, vhd_url = "https://…" }]',
            "data_disks = []",
            "The number of data disks is locked at 1 (since 22 Nov 2026, listed); the draft has "
            "0. Restore it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.visibility": (
        "A listed SKU stays hidden or visible, as it was listed.",
        Example(
            "hidden = false",
            "hidden = true",
            "hidden is locked at false (since 22 Nov 2026, listed); the draft says true. Restore "
            "it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.hero": (
        "A hero logo that was staged cannot be removed; it may be replaced.",
        Example(
            'hero = "logos/contoso-search/hero.png"',
            'hero = ""',
            'The hero logo is locked at "logos/con…/hero.png" (since 22 Nov 2026, staged); '
            "the draft lacks it. Restore it, or name another picture.",
            after="stage",
        ),
    ),
}


def _violations(rows: tuple[Lock, ...], context: RuleContext) -> Iterator[Violation]:
    for lock in rows:
        yield from lock.violations(context)


for _id, (_description, _example) in _RULES.items():
    _rows = tuple(lock for lock in LOCKS if lock.rule == _id)
    _file = PUBLISHER_FILE if _id == "lock.namespace" else None
    declare(Rule(_id, 4, _description, (_example,), file=_file, check=partial(_violations, _rows)))
