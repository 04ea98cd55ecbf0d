"""Values that stand beside their key: lists in brackets and tables in braces, edited in place."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import tree_sitter

from state.fields import Key
from state.files.edits import GONE, Edit, Put, applied, built, difference, items_of, takes_away
from state.files.rendering import key_text, value_text
from state.files.syntax import pair_of


class Slot(NamedTuple):
    """An item of a list, or a pair of a table, with what stands around it.

    Attributes:
        lead: What stands between the comma before it and itself.
        text: The item.
        gap: What stands between it and the comma after it.
        comma: Whether there is a comma after it.
        node: The item's node.
    """

    lead: bytes
    text: bytes
    gap: bytes
    comma: bool
    node: tree_sitter.Node


class Entry(NamedTuple):
    """An item or a pair as it should be.

    Attributes:
        origin: The slot that it was, None for a new one.
        text: Its text.
    """

    origin: int | None
    text: bytes


def value_after(
    node: tree_sitter.Node, raw: bytes, old: Any, edit: Edit, newline: bytes, *, lines: bool = False
) -> bytes:
    """The text of a value after an edit.

    Args:
        node: The value's node.
        raw: The file's bytes.
        old: The value.
        edit: What changes in it.
        newline: The file's line end.
        lines: Whether it may take several lines, being the value of a table's key.

    Returns:
        The text, in which everything that the edit is not about is as it was.
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
    entries: list[Entry] = []
    written: set[Key] = set()
    for index, slot in enumerate(slots):
        pair = pair_of(slot.node, raw, ())
        key = pair.keys[0]
        change = edit.get(key)
        if change is None:
            entries.append(Entry(index, slot.text))
        elif change is not GONE and key not in written:
            if len(pair.keys) == 1:
                start = pair.value.start_byte - pair.start
                value = value_after(pair.value, raw, old[str(key)], change, newline)
                entries.append(Entry(index, slot.text[:start] + value))
            else:
                # Keys with dots, as in ``{ a.b = 1, a.c = 2 }``, become one table.
                entries.append(Entry(index, _pair(key, applied(old[str(key)], change), newline)))
        written.add(key)
    for key, change in edit.items():
        if key not in written and not takes_away(change):
            entries.append(Entry(None, _pair(key, built(change), newline)))
    return b"{" + _rebuilt(slots, tail, entries, b" ", newline) + b"}"


def _pair(key: Key, value: Any, newline: bytes) -> bytes:
    return _encoded(f"{key_text([str(key)])} = {value_text(value)}", newline)


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
    """What stands between the brackets, once entries are kept, changed, added or left out.

    Args:
        slots: What stands there now.
        tail: What stands after the last of them.
        entries: What is to stand there.
        inner: What stands beside the brackets of a table or list on one line.
        newline: The file's line end.
    """
    leads = _leads(slots, tail, {entry.origin for entry in entries})
    ends_with_comma = bool(slots) and slots[-1].comma
    parts: list[bytes] = []
    for position, (origin, text) in enumerate(entries):
        if origin is None:
            later = (each.origin for each in entries[position:] if each.origin is not None)
            at = next(later, len(slots))
            # A comment on the line of the item before stays on that line.
            comment, leads[at] = _split_comment(leads[at])
            parts += [comment, _new_lead(slots, inner, newline, bool(parts), bool(comment)), text]
        else:
            parts += [leads[origin], text, slots[origin].gap]
        if position < len(entries) - 1 or ends_with_comma:
            parts.append(b",")
    end = leads[-1] if slots or tail else inner
    return b"".join(parts) + (end if entries or end.strip(b" \t") else b"")


def _leads(slots: list[Slot], tail: bytes, kept: set[int | None]) -> list[bytes]:
    """What stands before each slot and before the closing bracket, once some are left out.

    The comments around what is left out stay.
    """
    leads = [*(slot.lead for slot in slots), tail]
    first = True
    for at in range(len(slots)):
        if at in kept:
            first = False
            continue
        own, following = leads[at], leads[at + 1]
        if _split_comment(following)[0]:
            leads[at + 1] = own + following.lstrip(b" \t")
        elif b"#" in own:
            leads[at + 1] = own.rstrip() + following
        elif first and b"\n" not in following and at + 1 < len(slots):
            leads[at + 1] = own
    return leads


def _new_lead(
    slots: list[Slot], inner: bytes, newline: bytes, follows: bool, after_comment: bool
) -> bytes:
    """What stands before a new item: like the others it has a line of its own or does not."""
    if slots and b"\n" in slots[0].lead:
        return newline + slots[0].lead.rpartition(b"\n")[2]
    if after_comment:
        return newline
    return b" " if follows else inner


def _split_comment(lead: bytes) -> tuple[bytes, bytes]:
    """A comment on the line of the item before, and the rest, which begins with the line end."""
    if not lead.lstrip(b" \t").startswith(b"#"):
        return b"", lead
    end = lead.index(b"\n")
    end -= lead[:end].endswith(b"\r")
    return lead[:end], lead[end:]
