"""How a TOML file is laid out: its sections, and the pairs of keys and values in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter

from state.definitions.locate import Keys, key_of, parse


@dataclass
class Pair:
    """A key with its value: the way to it, the byte at which the key begins, the one after the value."""

    keys: Keys
    start: int
    end: int
    value: tree_sitter.Node


@dataclass
class Section:
    """A header with the pairs below it, or the pairs before the first header.

    Attributes:
        keys: The way to its table, with the index of each list item.
        start: The byte at which the header's line begins.
        end: The byte after the last line that says something, comments after it left out.
    """

    keys: Keys
    start: int
    end: int
    pairs: list[Pair] = field(default_factory=list)


class Layout:
    """The sections of a file that tomllib could read; the first is the one without a header."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.newline = b"\r\n" if 2 * raw.count(b"\r\n") > raw.count(b"\n") else b"\n"
        self.sections = [Section((), 0, 0)]
        self._pairs: dict[Keys, Pair] = {}
        self._lengths: dict[Keys, int] = {}
        for node in parse(raw).named_children:
            if node.type == "pair":
                self._add_pair(self.sections[0], node)
            elif node.type in ("table", "table_array_element"):
                self._add_section(node)

    def pair(self, keys: Keys) -> Pair | None:
        """The pair whose value is the one at these keys."""
        return self._pairs.get(keys)

    def dotted(self, keys: Keys) -> tuple[Section, Pair] | None:
        """The last pair that makes a table by writing its keys before a dot: ``keys.other = 1``."""
        found = None
        for section, pair in self._below(keys):
            if len(section.keys) < len(keys) < len(pair.keys):
                found = (section, pair)
        return found

    def section(self, keys: Keys) -> Section | None:
        """The section of exactly this table."""
        return next((each for each in self.sections if each.keys == keys), None)

    def group(self, keys: Keys) -> list[Section]:
        """The sections of a table and of the tables in it; the one without a header left out."""
        return [each for each in self.sections[1:] if each.keys[: len(keys)] == keys]

    def runs(self, keys: Keys) -> list[tuple[int, int]]:
        """The bytes of those sections, where several that follow each other are one piece."""
        runs: list[tuple[int, int]] = []
        followed = False
        for section in self.sections[1:]:
            belongs = section.keys[: len(keys)] == keys
            if belongs:
                start = runs.pop()[0] if followed else section.start
                runs.append((start, section.end))
            followed = belongs
        return runs

    def outside(self, keys: Keys) -> list[Pair]:
        """The pairs of a table that stand in sections of the tables around it."""
        return [pair for section, pair in self._below(keys) if len(section.keys) < len(keys)]

    def line_start(self, at: int) -> int:
        """The byte at which a line begins."""
        return self.raw.rfind(b"\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The byte after a line and its line end."""
        found = self.raw.find(b"\n", at)
        return len(self.raw) if found < 0 else found + 1

    def _below(self, keys: Keys) -> Iterator[tuple[Section, Pair]]:
        for section in self.sections:
            common = min(len(section.keys), len(keys))
            if section.keys[:common] == keys[:common]:
                for pair in section.pairs:
                    if pair.keys[: len(keys)] == keys:
                        yield section, pair

    def _add_section(self, node: tree_sitter.Node) -> None:
        children = [each for each in node.named_children if each.type != "comment"]
        keys = self._resolved(key_of(children[0], self.raw), node.type == "table_array_element")
        end = self.line_end(children[0].end_byte)
        self.sections.append(Section(keys, self.line_start(node.start_byte), end))
        for child in children[1:]:
            self._add_pair(self.sections[-1], child)

    def _add_pair(self, section: Section, node: tree_sitter.Node) -> None:
        pair = pair_of(node, self.raw, section.keys)
        section.pairs.append(pair)
        self._pairs[pair.keys] = pair
        section.end = self.line_end(pair.end)

    def _resolved(self, header: Keys, is_item: bool) -> Keys:
        """A header's keys with the index of the latest item of each list on the way."""
        at: Keys = ()
        for position, key in enumerate(header):
            at = (*at, key)
            if is_item and position == len(header) - 1:
                self._lengths[at] = self._lengths.get(at, 0) + 1
            if count := self._lengths.get(at):
                at = (*at, count - 1)
        return at


def pair_of(node: tree_sitter.Node, raw: bytes, at: Keys) -> Pair:
    """A pair's node as a pair in the table ``at``."""
    key, value = (each for each in node.named_children if each.type != "comment")
    return Pair((*at, *key_of(key, raw)), node.start_byte, value.end_byte, value)
