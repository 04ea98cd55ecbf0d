"""Changing single values of a TOML file: everything else stays byte for byte.

Values and sections are spliced at the places that the grammar gives; afterwards the result is read
again and has to mean exactly what was intended. Whatever cannot be written is an ``EditError``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from state.definitions.edits import (
    GONE,
    Edit,
    Gone,
    Put,
    applied,
    built,
    difference,
    items_of,
    same,
    takes_away,
    tree_of,
)  # fmt: skip
from state.definitions.inline import value_after
from state.definitions.locate import Keys
from state.definitions.parse import parse_table
from state.definitions.rendering import (
    EditError,
    goes_inline,
    is_list_of_tables,
    key_text,
    pair_text,
    section_text,
    value_text,
)  # fmt: skip
from state.definitions.syntax import Layout, Section
from state.definitions.syntax_faults import MARK
from state.domain.field_path import Key

__all__ = [
    "GONE",
    "EditError",
    "Put",
    "apply_edits",
    "item_text",
    "remove_value",
    "rename_key",
    "set_value",
]


def set_value(raw: bytes, keys: Keys, value: Any) -> bytes:
    """A file in which one value is another, or is added where it is missing.

    Args:
        raw: The file's bytes.
        keys: The way to the value, with the index of each list item; the one after the last adds one.
        value: Text, flag, int, Decimal, date, time, list or table.
    """
    return apply_edits(raw, {keys: Put(value)})


def remove_value(raw: bytes, keys: Keys) -> bytes:
    """A file without one value, if it has it; the comments around it stay."""
    return apply_edits(raw, {keys: GONE})


def rename_key(raw: bytes, keys: Keys, new: str) -> bytes:
    """A file in which one key is written in another way; its value and all around it stay."""
    pair = Layout(raw).pair(keys)
    if pair is None:
        raise EditError(f'"{keys[-1]}" has no line of its own: rename it in an editor.')
    before, equals, after = raw[pair.start : pair.value.start_byte].rpartition(b"=")
    table, dot, old = before.rstrip().rpartition(b".")
    blank = before[len(before.rstrip()) :] + equals + after
    renamed = raw[: pair.start] + table + dot + old[: len(old) - len(old.lstrip())]
    renamed += key_text((new,)).encode() + blank + raw[pair.value.start_byte :]
    if parse_table(renamed).values is None:
        raise EditError(f'"{new}" stands there already: rename "{keys[-1]}" in an editor.')
    return renamed


def apply_edits(raw: bytes, edits: Mapping[Keys, Put | Gone]) -> bytes:
    """A file after several edits, whose keys and indexes are those before all of them."""
    before = parse_table(raw)
    if before.values is None:
        raise EditError(f"Line {before.line}, column {before.column}: {before.message}")
    tree = tree_of(edits)
    mark = MARK if raw.startswith(MARK) else b""
    try:
        wanted = applied(dict(before.values), tree)
        after = mark + _Splicer(raw.removeprefix(mark)).run(before.values, tree)
        found = parse_table(after)
        if found.values is not None and same(found.values, wanted):
            return after
    except (RecursionError, ValueError, LookupError, ArithmeticError):
        pass
    raise EditError("This value cannot be changed from here: change it in an editor.")


def item_text(raw: bytes, keys: Keys) -> str:
    """How an item of a list of tables is written, with its header and those of the tables in it.

    The text has ``\\n`` as line ends; it is empty where the item is not in one piece.
    """
    raw = raw.removeprefix(MARK)
    layout = Layout(raw)
    runs = layout.runs(keys)
    if len(runs) != 1 or layout.outside(keys):
        return ""
    text = raw[slice(*runs[0])].decode().replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


class _Splicer:
    """The splices that edits come to."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._layout = Layout(raw)
        self._splices: list[tuple[int, int, bytes]] = []

    def run(self, values: Mapping[str, Any], tree: Mapping[Key, Any]) -> bytes:
        self._table((), values, tree)
        out, at = [], 0
        for start, end, data in sorted(self._splices, key=lambda splice: splice[:2]):
            if start < at:
                raise ValueError("two splices overlap")
            out += [self._raw[at:start], data]
            at = end
        return b"".join([*out, self._raw[at:]])

    def _table(self, at: Keys, old: Mapping[str, Any], edits: Mapping[Key, Any]) -> None:
        """Change the entries of a table that has sections, or keys with dots."""
        added = {}
        for key, edit in edits.items():
            below = (*at, key)
            if key not in old:
                if not takes_away(edit):
                    added[str(key)] = built(edit)
            elif edit is GONE:
                self._remove(below)
            elif not self._change(below, old[str(key)], edit):
                self._remove(below)
                added[str(key)] = built(edit)
        if added:
            self._add(at, added)

    def _change(self, at: Keys, old: Any, edit: Edit) -> bool:
        """Change a value that is there; False where another kind of value takes its place."""
        layout = self._layout
        if pair := layout.pair(at):
            data = value_after(pair.value, self._raw, old, edit, layout.newline, lines=True)
            self._splices.append((pair.value.start_byte, pair.end, data))
            return True
        if isinstance(old, Mapping):
            if isinstance(edit, Put) and isinstance(edit.value, Mapping):
                edit = difference(old, edit.value)
            if isinstance(edit, Mapping):
                self._table(at, old, edit)
                return True
        elif isinstance(edit, Mapping) or (isinstance(edit, Put) and is_list_of_tables(edit.value)):
            self._list(at, old, edit)
            return True
        return False

    def _list(self, at: Keys, old: Sequence[Any], edit: Edit) -> None:
        """Change the items of a list whose items have sections of their own."""
        items = items_of(old, edit)
        kept = {item.origin for item in items}
        for index in range(len(old)):
            if index not in kept:
                self._remove((*at, index))
        before = -1
        for item in items:
            if item.origin is not None:
                before = item.origin
                now = old[before]
                if item.edit is not None and not self._change((*at, before), now, item.edit):
                    raise ValueError("an item with a header is a table")
            elif item.edit is not None:
                self._add_item(at, max(before, 0), item.edit)

    def _add_item(self, at: Keys, before: int, edit: Edit) -> None:
        """Write a new item of such a list, behind another one."""
        value = built(edit)
        if not isinstance(value, Mapping):
            raise ValueError("an item with a header is a table")
        copied = edit.text if isinstance(edit, Put) else ""
        text = copied or section_text(_path(at), value, item=True)
        if before < 0:
            self._insert(self._layout.group((*at, 0))[0].start, text + "\n")
        else:
            self._insert_section((*at, before), text)

    def _add(self, at: Keys, added: Mapping[str, Any]) -> None:
        """Write entries that a table lacks."""
        layout, section = self._layout, self._layout.section(at)
        if section is None and (found := layout.dotted(at)):
            beside, pair = found
            path = [str(key) for key in at[len(beside.keys) :]]
            lines = [f"{key_text([*path, key])} = {value_text(added[key])}" for key in added]
            self._insert_pairs(layout.line_end(pair.end), lines, self._indent(pair.start))
            return
        beside_key = {key: each for key, each in added.items() if _stays_inline(at, each)}
        if section is None and beside_key:
            self._insert_section(at, section_text(_path(at), added))
            return
        if section is not None and beside_key:
            self._add_pairs(section, [*map(pair_text, beside_key, beside_key.values())])
        for key, value in added.items():
            if key not in beside_key:
                path = [*_path(at), key]
                tables = [value] if isinstance(value, Mapping) else value
                for table in tables:
                    item = table is not value
                    self._insert_section(at, section_text(path, table, item=item))

    def _add_pairs(self, section: Section, lines: list[str]) -> None:
        layout = self._layout
        if section.pairs:
            self._insert_pairs(section.end, lines, self._indent(section.pairs[-1].start))
        elif section.keys:
            self._insert_pairs(section.end, lines, "")
        elif len(layout.sections) > 1:
            self._insert_pairs(layout.sections[1].start, [*lines, ""], "")
        else:
            self._insert_pairs(len(self._raw), lines, "")

    def _insert_pairs(self, position: int, lines: list[str], indent: str) -> None:
        self._insert(position, "".join(f"{indent * bool(line)}{line}\n" for line in lines))

    def _insert_section(self, at: Keys, text: str) -> None:
        """Write a section behind those of a table."""
        group = self._layout.group(at)
        position = group[-1].end if group else self._layout.sections[0].end
        if not at or not group:
            position = max(section.end for section in self._layout.sections) or len(self._raw)
        rest = self._raw[position:].split(b"\n", 1)[0]
        before, after = "\n" * bool(position), "\n" * bool(rest.strip())
        self._insert(position, before + text + after)

    def _insert(self, position: int, text: str) -> None:
        newline = self._layout.newline
        data = text.encode().replace(b"\n", newline)
        if position == len(self._raw) and self._raw and not self._raw.endswith(b"\n"):
            data = newline + data.removesuffix(newline)
        self._splices.append((position, position, data))

    def _remove(self, at: Keys) -> None:
        """Take a value away, wherever parts of it stand."""
        layout = self._layout
        for start, end in layout.runs(at):
            while start and not (line := self._raw[layout.line_start(start - 1) : start]).strip():
                start -= len(line)
            self._splices.append((start, end, b""))
        for pair in layout.outside(at):
            start, end = layout.line_start(pair.start), layout.line_end(pair.end)
            rest = self._raw[pair.end : end]
            if comment := rest.strip():
                start, end = pair.start, pair.end + rest.index(comment)
            self._splices.append((start, end, b""))

    def _indent(self, position: int) -> str:
        return self._raw[self._layout.line_start(position) : position].decode()


def _path(at: Keys) -> list[str]:
    """The keys of a header, which leaves indexes out."""
    return [key for key in at if isinstance(key, str)]


def _stays_inline(at: Keys, value: Any) -> bool:
    """Whether a new entry of a table is written beside its key."""
    if isinstance(value, Mapping):
        return False
    return goes_inline(value) and not (is_list_of_tables(value) and not at)
