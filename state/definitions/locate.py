"""The place of each value of a TOML file: lines for findings, byte spans for edits.

Values come from tomllib; this only says where they are, with the grammar of tree-sitter.
"""

import tomllib
from functools import cache, lru_cache
from typing import NamedTuple

import tree_sitter
import tree_sitter_toml

from state.domain.field_path import Key

Keys = tuple[Key, ...]


class Place(NamedTuple):
    """The place of a value or a table.

    Attributes:
        start: The byte at which the value begins, or the header's table or key where it has none.
        end: The byte after it.
    """

    line: int
    start: int
    end: int
    is_value: bool


class Places:
    """The places of a file that tomllib could read."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._places: dict[Keys, Place] = {}
        self._lengths: dict[Keys, int] = {}
        for node in parse(raw).named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self._table(node)

    def exact(self, keys: Keys) -> Place | None:
        """The place of a value or table that is in the file, else None."""
        return self._places.get(keys)

    def line(self, keys: Keys) -> int:
        """The line of a value, or of the nearest table that should hold it; 1 where none does."""
        for length in range(len(keys), 0, -1):
            if place := self._places.get(keys[:length]):
                return place.line
        return 1

    def _table(self, node: tree_sitter.Node) -> None:
        """A ``[table]`` or an item of a ``[[list]]``, with what stands below its header."""
        children = [each for each in node.named_children if each.type != "comment"]
        if not children:
            return
        header = key_of(children[0], self._raw)
        at = self._resolve(header[:-1])
        if node.type == "table_array_element":
            whole = (*at, header[-1])
            index = self._lengths.get(whole, 0)
            self._lengths[whole] = index + 1
            self._note(whole, children[0], is_value=False)
            at = (*whole, index)
        else:
            at = self._resolve(header)
        self._note(at, children[0], is_value=False, over=True)
        for length in range(1, len(at)):
            self._note(at[:length], children[0], is_value=False)
        for child in children[1:]:
            if child.type == "pair":
                self._pair(child, at)

    def _resolve(self, header: Keys) -> Keys:
        """A header's keys with the index of the latest item of each list on the way."""
        at: Keys = ()
        for key in header:
            at = (*at, key)
            if count := self._lengths.get(at):
                at = (*at, count - 1)
        return at

    def _pair(self, node: tree_sitter.Node, at: Keys) -> None:
        children = [each for each in node.named_children if each.type != "comment"]
        if len(children) != 2:
            return
        keys = key_of(children[0], self._raw)
        for length in range(1, len(keys)):
            self._note((*at, *keys[:length]), children[0], is_value=False)
        self._value(children[1], (*at, *keys))

    def _value(self, node: tree_sitter.Node, at: Keys) -> None:
        self._note(at, node, is_value=True, over=True)
        if node.type == "array":
            items = [each for each in node.named_children if each.type != "comment"]
            for index, item in enumerate(items):
                self._value(item, (*at, index))
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, at)

    def _note(
        self, keys: Keys, node: tree_sitter.Node, *, is_value: bool, over: bool = False
    ) -> None:
        if over or keys not in self._places:
            line = node.start_point.row + 1
            self._places[keys] = Place(line, node.start_byte, node.end_byte, is_value)


@lru_cache(maxsize=16)
def places_in(raw: bytes) -> Places:
    """The places of a file that may have been looked into before."""
    return Places(raw)


def parse(raw: bytes) -> tree_sitter.Node:
    return _parser().parse(raw).root_node


def key_of(node: tree_sitter.Node, raw: bytes) -> tuple[str, ...]:
    """The keys that a key's node writes: several where there are dots between them."""
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in key_of(child, raw))
    text = raw[node.start_byte : node.end_byte].decode()
    if node.type == "quoted_key":
        return (next(iter(tomllib.loads(f"{text} = 0"))),)
    return (text,)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
