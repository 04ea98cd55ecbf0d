"""Virtual machine images: system, version, sizes, ports and disks."""

from collections.abc import Iterator
from typing import TypeVar

from state.definitions.model_fields import choices_of, limits_of, range_of
from state.domain.field_path import FieldPath
from state.domain.offer import DataDisk, Image
from state.domain.offer_types import VIRTUAL_MACHINE
from state.domain.safe_text import plural, quoted
from state.domain.table import VhdUrl
from state.rules.checks import Version, number, shown, version_fault, version_of
from state.rules.context import RuleContext, Violation
from state.rules.registry import rule
from state.rules.rule import Example
from state.rules.sas_address import address_faults, address_of

Value = TypeVar("Value", int, int | None)

_LIMITS = limits_of(Image)
_MOST_SIZES, _MOST_PORTS, _MOST_DISKS = (
    _LIMITS[key] for key in ("recommended_sizes", "open_ports", "data_disks")
)
_PORTS = range_of(Image, "open_ports")
_LUNS = range_of(DataDisk, "lun")


@rule(
    "image.os",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The image names its operating system and its family, linux or windows.",
    examples=[
        Example(
            'os_family = "linux"',
            'os_family = "Debian"',
            '"Debian" is not an operating system family. Write "linux" or "windows".',
        )
    ],
)
def os(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        family = sku.image.os_family
        if not family:
            message = 'No operating system family. Write os_family = "linux" or "windows".'
            yield Violation(at / "image" / "os_family", message)
        elif family not in choices_of(Image, "os_family"):
            message = (
                f'{quoted(family)} is not an operating system family. Write "linux" or "windows".'
            )
            yield Violation(at / "image" / "os_family", message)
        if not sku.image.os.strip():
            message = 'No name of the operating system. Write it, such as os = "Debian 12".'
            yield Violation(at / "image" / "os", message)


@rule(
    "image.version",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The image's version is X.Y.Z; a changed image has a higher one than production, "
    "or one that was listed before.",
    examples=[
        Example(
            'version = "1.4.2"',
            'version = "1.4"',
            '"1.4" is not a version. Expected three whole numbers, such as "1.0.0".',
        ),
        Example(
            'os = "Debian 12"',
            'os = "Debian 13"',
            "The image differs from 2.3.0 in production, but has the same version. Write 2.3.1 "
            "or higher.",
            after="approve",
        ),
    ],
)
def version(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        field, text = at / "image" / "version", sku.image.version
        if (new := version_of(text)) is None:
            yield Violation(field, version_fault(text) or "")
        elif (listed := context.listed_sku(at)) and (old := version_of(listed.image.version)):
            listed_before = context.listed_images.get(listed.identifier, frozenset())
            before = {version_of(each) for each in listed_before}
            for needs in _changes(context, at / "image", sku.image, listed.image):
                for message, warning in _compared(new, old, before):
                    yield Violation(field, message, warning=warning, needs=needs)


def _changes(
    context: RuleContext, at: FieldPath, draft: Image, listed: Image
) -> Iterator[tuple[FieldPath, ...]]:
    """For each change of the image, the fields whose faults would explain it."""

    def is_other(now: VhdUrl, before: VhdUrl) -> bool:
        """Whether an address differs; a malformed one is reported by sas.url."""
        address = address_of(now)
        in_order = address in context.listed_addresses or not any(address_faults(now))
        return address != address_of(before) and in_order

    if draft.version != listed.version or is_other(draft.os_vhd_url, listed.os_vhd_url):
        yield ()
    for key in ("os_family", "os", "recommended_sizes"):
        if getattr(draft, key) != getattr(listed, key):
            yield (at / key,)
    if len(draft.data_disks) == len(listed.data_disks):
        for disk, old in zip(draft.data_disks, listed.data_disks, strict=True):
            if is_other(disk.vhd_url, old.vhd_url):
                yield ()
            if disk.lun != old.lun:
                yield (at / "data_disks",)


def _compared(
    new: Version, old: Version, before: set[Version | None]
) -> Iterator[tuple[str, bool]]:
    """The message about a changed image, and whether it is a warning."""
    now, then, next_one = shown(new), shown(old), shown((*old[:2], old[2] + 1))
    if new > old:
        if new[:2] != old[:2]:
            yield (
                f"{now} changes more than the last number of {then}. Customers read that as a larger "
                f"change. For a plain update write {next_one}.",
                True,
            )
    elif new == old:
        yield (
            f"The image differs from {now} in production, but has the same version. Write {next_one} "
            "or higher.",
            False,
        )
    elif new in before:
        yield (
            f"{now} is older than {then}. New machines get the older image, existing ones keep "
            f"{then}. For an update write {next_one}.",
            True,
        )
    else:
        yield (
            f"{now} is lower than {then} in production and was never listed. Write {next_one} or "
            "higher.",
            False,
        )


@rule(
    "image.sizes",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The image recommends one to six VM sizes.",
    examples=[
        Example(
            'recommended_sizes = ["Standard_B2s", "Standard_D2s_v3"]',
            "recommended_sizes = []",
            'No recommended VM sizes. Name 1 to 6, such as ["Standard_D2s_v3"].',
        )
    ],
)
def sizes(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        field, named = at / "image" / "recommended_sizes", sku.image.recommended_sizes
        if not named:
            message = 'No recommended VM sizes. Name 1 to 6, such as ["Standard_D2s_v3"].'
            yield Violation(field, message)
        elif len(named) > _MOST_SIZES:
            over = len(named) - _MOST_SIZES
            count = f"{len(named)} recommended VM sizes"
            message = f"{count}. Expected at most {_LIMITS['recommended_sizes']}. Remove {over}."
            yield Violation(field, message)
        for index, size in enumerate(named[:_MOST_SIZES]):
            if not size.strip():
                message = 'An empty text is not a VM size. Name one, such as "Standard_D2s_v3".'
                yield Violation(field.item(index, index), message)


@rule(
    "image.ports",
    step=3,
    types={VIRTUAL_MACHINE},
    description="Open ports are 1 to 65535, each once, at most 100.",
    examples=[
        Example(
            "open_ports = [8200]",
            "open_ports = [8200, 8200]",
            "Port 8200 is listed twice. Remove one of the two.",
        )
    ],
)
def ports(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        field, named = at / "image" / "open_ports", sku.image.open_ports
        if len(named) > _MOST_PORTS:
            over = len(named) - _MOST_PORTS
            message = (
                f"{len(named)} open ports. Expected at most {_LIMITS['open_ports']}. Remove {over}."
            )
            yield Violation(field, message)
        for index, port, again in _with_repeats(named[:_MOST_PORTS]):
            message = ""
            if port not in _PORTS:
                message = f"{number(port)} is not a port. Expected 1 to {_PORTS[-1]}."
            elif again:
                message = f"Port {port} is listed twice. Remove one of the two."
            if message:
                yield Violation(field.item(index, index), message)


@rule(
    "image.disks",
    step=3,
    types={VIRTUAL_MACHINE},
    description="There are at most 16 data disks, with LUNs from 0 to 63, each once, and each a "
    "disk image of its own.",
    examples=[
        Example("lun = 0", "lun = 64", "64 is not a LUN. Expected 0 to 63. Next free LUN: 0.")
    ],
)
def disks(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        field, named = at / "image" / "data_disks", sku.image.data_disks
        if len(named) > _MOST_DISKS:
            over = len(named) - _MOST_DISKS
            count = plural(len(named), "data disk")
            message = f"{count}. Expected at most {_LIMITS['data_disks']}. Remove {over}."
            yield Violation(field, message)
        luns = tuple(disk.lun for disk in named[:_MOST_DISKS])
        free = f"Next free LUN: {_free(luns)}."
        users = {address_of(sku.image.os_vhd_url): "the system disk"}
        for index, lun, again in _with_repeats(luns):
            here, image = field.item(index, index), address_of(named[index].vhd_url)
            if lun is None:
                message = f"The data disk has no LUN. Write one. {free}"
                yield Violation(here / "lun", message)
            elif lun not in _LUNS:
                message = f"{number(lun)} is not a LUN. Expected 0 to {_LUNS[-1]}. {free}"
                yield Violation(here / "lun", message)
            elif again:
                message = f"LUN {lun} is already used by another data disk. {free}"
                yield Violation(here / "lun", message)
            elif image in users and image.strip():
                message = (
                    f"This disk image is already used by {users[image]}. Expected a different one "
                    "for each disk. Change the address, or remove the disk."
                )
                yield Violation(here / "vhd_url", message)
            users.setdefault(image, f"data disk {index}")


def _with_repeats(values: tuple[Value, ...]) -> Iterator[tuple[int, Value, bool]]:
    """Each value with its index, and whether it repeats an earlier one."""
    seen: set[Value] = set()
    for index, value in enumerate(values):
        yield index, value, value in seen
        seen.add(value)


def _free(luns: tuple[int | None, ...]) -> int:
    return next(lun for lun in _LUNS if lun not in luns)
