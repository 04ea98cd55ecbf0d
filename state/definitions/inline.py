"""Values that stand beside their key: lists in brackets and tables in braces, edited in place."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import tree_sitter

from state.definitions.edits import GONE, Edit, Put, built, difference, items_of, takes_away
from state.definitions.locate import Keys
from state.definitions.rendering import key_text, value_text
from state.definitions.syntax import pair_of
from state.domain.field_path import Key


class Slot(NamedTuple):
    """An item of a list, or a pair of a table, with what is around it.

    Attributes:
        lead: What is between the comma before it and itself.
        text: The item.
        gap: What is between it and the comma after it.
        comma: Whether there is a comma after it.
        node: The item's node.
    """

    lead: bytes
    text: bytes
    gap: bytes
    comma: bool
    node: tree_sitter.Node


class Entry(NamedTuple):
    """An item or a pair as it should be; ``origin`` is the slot that it was, None for a new one."""

    origin: int | None
    text: bytes


def value_after(
    node: tree_sitter.Node, raw: bytes, old: Any, edit: Edit, newline: bytes, *, lines: bool = False
) -> bytes:
    """The text of a value after an edit, in which all that the edit is not about is as it was.

    ``lines`` says that it may take several lines, being the value of a table's key.
    """
    if isinstance(edit, Put) and isinstance(edit.value, Mapping) and isinstance(old, Mapping):
        edit = difference(old, edit.value)
    if node.type == "inline_table" and isinstance(edit, Mapping) and isinstance(old, Mapping):
        return _table_after(node, raw, old, edit, newline)
    keeps_list = isinstance(edit, Mapping) or (
        isinstance(edit, Put) and isinstance(edit.value, list | tuple)
    )
    if node.type == "array" and isinstance(old, list) and keeps_list:
        return _list_after(node, raw, old, edit, newline)
    written = raw[node.start_byte : node.end_byte].decode()
    if isinstance(edit, Put) and isinstance(old, str) and edit.value == old:
        return written.encode()
    return _encoded(value_text(built(edit), written, lines=lines), newline)


def _list_after(
    node: tree_sitter.Node, raw: bytes, old: list[Any], edit: Edit, newline: bytes
) -> bytes:
    slots, tail = _slots(node, raw)
    entries = []
    for item in items_of(old, edit):
        if item.origin is None:
            assert item.edit is not None
            text = _encoded(value_text(built(item.edit)), newline)
        elif item.edit is None:
            text = slots[item.origin].text
        else:
            slot = slots[item.origin]
            text = value_after(slot.node, raw, old[item.origin], item.edit, newline)
        entries.append(Entry(item.origin, text))
    return b"[" + _rebuilt(slots, tail, entries, b"", newline) + b"]"


def _table_after(
    node: tree_sitter.Node,
    raw: bytes,
    old: Mapping[str, Any],
    edit: Mapping[Key, Any],
    newline: bytes,
) -> bytes:
    slots, tail = _slots(node, raw)
    pairs = [pair_of(slot.node, raw, ()) for slot in slots]
    ways = [pair.keys for pair in pairs]
    changes = _by_pair(edit, old, ways)
    entries: list[Entry] = []
    for index, (slot, pair) in enumerate(zip(slots, pairs, strict=True)):
        change = changes.pop(pair.keys, None)
        if change is None:
            entries.append(Entry(index, slot.text))
        elif change is not GONE:
            start = pair.value.start_byte - pair.start
            value = value_after(pair.value, raw, _at(old, pair.keys), change, newline)
            entries.append(Entry(index, slot.text[:start] + value))
        for way in [each for each in changes if _last_beside(each, ways) == index]:
            entries.append(Entry(None, _pair(way, built(changes.pop(way)), newline)))
    entries += [Entry(None, _pair(way, built(each), newline)) for way, each in changes.items()]
    return b"{" + _rebuilt(slots, tail, entries, b" ", newline) + b"}"


def _by_pair(
    edit: Mapping[Key, Any], old: Any, ways: list[Keys], at: Keys = ()
) -> dict[Keys, Edit]:
    """Edits of the table ``at`` by the keys of the pairs that they are about, those with dots too.

    ``ways`` has the keys of the pairs that are there.
    """
    changes: dict[Keys, Edit] = {}
    for key, change in edit.items():
        way = (*at, key)
        below = [each for each in ways if len(each) > len(way) and each[: len(way)] == way]
        if below and isinstance(change, Put) and isinstance(change.value, Mapping):
            change = difference(old[str(key)], change.value)
        if below and isinstance(change, Mapping):
            changes |= _by_pair(change, old[str(key)], ways, way)
            continue
        changes |= dict.fromkeys(below, GONE)
        if way in ways or not takes_away(change):
            changes[way] = change
    return changes


def _last_beside(way: Keys, ways: list[Keys]) -> int | None:
    """The last pair that makes the table of a new one, where keys with dots do; else ``None``."""
    table = way[:-1]
    beside = (index for index, each in enumerate(ways) if table and each[: len(table)] == table)
    return max(beside, default=None)


def _at(value: Any, way: Keys) -> Any:
    for key in way:
        value = value[key]
    return value


def _pair(way: Keys, value: Any, newline: bytes) -> bytes:
    return _encoded(f"{key_text([*map(str, way)])} = {value_text(value)}", newline)


def _encoded(text: str, newline: bytes) -> bytes:
    return text.encode().replace(b"\n", newline)


def _slots(node: tree_sitter.Node, raw: bytes) -> tuple[list[Slot], bytes]:
    """The items of a list or the pairs of a table, and what stands after the last."""
    slots: list[Slot] = []
    at = node.start_byte + 1
    for child in node.children[1:-1]:
        if child.type == ",":
            slots[-1] = slots[-1]._replace(gap=raw[at : child.start_byte], comma=True)
            at = child.end_byte
        elif child.type != "comment":
            end = pair_of(child, raw, ()).end if child.type == "pair" else child.end_byte
            text = raw[child.start_byte : end]
            slots.append(Slot(raw[at : child.start_byte], text, b"", False, child))
            at = end
    return slots, raw[at : node.end_byte - 1]


def _rebuilt(
    slots: list[Slot], tail: bytes, entries: list[Entry], inner: bytes, newline: bytes
) -> bytes:
    """What is between the brackets, once entries are kept, changed, added or left out.

    ``inner`` is beside the brackets of a table or list on one line.
    """
    leads = _leads(slots, tail, {entry.origin for entry in entries})
    first_comma = next((each.gap for each in slots if each.comma and b"\n" in each.gap), b"")
    parts: list[bytes] = []
    for position, (origin, text) in enumerate(entries):
        comma = b"," if position else b""
        if origin is not None:
            parts += [comma, leads[origin], text, slots[origin].gap]
            continue
        later = next((each.origin for each in entries[position:] if each.origin is not None), None)
        at = len(slots) if later is None else later
        # A comment on the line of the item before stays on that line.
        comment, leads[at] = _split_comment(leads[at])
        if first_comma and position:
            start = newline + first_comma.rpartition(b"\n")[2]
            broken = b"\n" in parts[-1] and not comment
            parts += [comment, b"" if broken else start, b", ", text]
            parts.append(b"" if later is None else start)
        else:
            lead = _new_lead(slots, inner, newline, bool(parts), bool(comment))
            parts += [comma, comment, lead, text]
    if entries and slots and slots[-1].comma:
        parts.append(b",")
    end = leads[-1] if slots or tail else inner
    return b"".join(parts) + (end if entries or end.strip(b" \t") else b"")


def _leads(slots: list[Slot], tail: bytes, kept: set[int | None]) -> list[bytes]:
    """What stands before each slot and before the closing bracket, once some are left out.

    The comments around what is left out stay.
    """
    leads = [*(slot.lead for slot in slots), tail]
    first = True
    for at, slot in enumerate(slots):
        if at in kept:
            first = False
            continue
        own, following = leads[at], leads[at + 1]
        if b"#" in slot.gap:
            # A comment before the comma, which ends its line.
            leads[at + 1] = own + slot.gap.lstrip(b" \t") + following.lstrip(b" \t")
            continue
        if _split_comment(following)[0]:
            leads[at + 1] = own + following.lstrip(b" \t")
        elif b"#" in own:
            ends = b"\n" in following
            leads[at + 1] = own.rstrip() + following if ends else own + following.lstrip(b" \t")
        elif first and b"\n" not in following and at + 1 < len(slots):
            leads[at + 1] = own
    return leads


def _new_lead(
    slots: list[Slot], inner: bytes, newline: bytes, is_valid_next: bool, after_comment: bool
) -> bytes:
    """What stands before a new item: like the others it has a line of its own or does not."""
    if slots and b"\n" in slots[0].lead:
        return newline + slots[0].lead.rpartition(b"\n")[2]
    if after_comment:
        return newline
    return b" " if is_valid_next else inner


def _split_comment(lead: bytes) -> tuple[bytes, bytes]:
    """A comment on the line of the item before, and the rest, which begins with the line end."""
    if not lead.lstrip(b" \t").startswith(b"#"):
        return b"", lead
    end = lead.index(b"\n")
    end -= lead[:end].endswith(b"\r")
    return lead[:end], lead[end:]
