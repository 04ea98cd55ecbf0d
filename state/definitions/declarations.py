"""Which tables and keys a TOML file has declared so far, and what may not be declared again."""

from state.definitions.syntax_words import SyntaxFault, line_at, shown

Way = list[tuple[str, int]]
"""The keys of a header or of a pair, each with the character at which it begins."""

_BY_HEADER = -1


class Table:
    """A table of the file.

    Args:
        at: The character at which it is declared.
        section: The number of the section whose keys with dots make it, which may go on with it;
            ``None`` where headers of tables inside it are all there is as yet.
    """

    def __init__(self, at: int = 0, section: int | None = _BY_HEADER) -> None:
        self.at = at
        self.section = section
        self.entries: dict[str, Table | list[Table] | int] = {}
        """What is in it: a table, a list of tables, or the character where a value's key begins."""


class Declarations:
    """The tables and keys of a text, in its order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._top = self.current = Table()
        self._section = 0

    def header(self, way: Way, *, is_item: bool) -> None:
        """Declare a table, or an item of a list of tables, as the current one.

        Raises:
            SyntaxFault: Something else has its name.
        """
        self._section += 1
        table = self._top
        for length, (key, at) in enumerate(way[:-1], 1):
            inside = table.entries.setdefault(key, Table(at, None))
            if isinstance(inside, int):
                raise self._taken(way[:length], inside)
            table = inside[-1] if isinstance(inside, list) else inside
        key, at = way[-1]
        found = table.entries.get(key)
        if is_item:
            items = table.entries.setdefault(key, [])
            if not isinstance(items, list):
                raise self._taken(way, items, f" Write [[{_name(way)}]] there for a list of them.")
            self.current = Table(at)
            items.append(self.current)
            return
        if found is not None and not (isinstance(found, Table) and found.section is None):
            raise self._taken(way, found)
        self.current = table.entries[key] = found or Table()
        self.current.at, self.current.section = at, _BY_HEADER

    def pair(self, table: Table, way: Way) -> None:
        """Declare a key, or several with dots between them, of the current table or of one in braces.

        Raises:
            SyntaxFault: It is there already, or goes through what cannot be added to.
        """
        for length, (key, at) in enumerate(way[:-1], 1):
            inside = table.entries.setdefault(key, Table(at, self._section))
            if not isinstance(inside, Table) or inside.section not in (None, self._section):
                raise self._taken(way[:length], inside)
            inside.section = self._section
            table = inside
        key, at = way[-1]
        if (found := table.entries.get(key)) is not None:
            raise self._taken(way, found)
        table.entries[key] = at

    def _taken(
        self, way: Way, found: Table | list[Table] | int, remedy: str = " Put its keys there."
    ) -> SyntaxFault:
        name = _name(way)
        if isinstance(found, list):
            line = line_at(self._text, found[0].at)
            message = f"{name} is a list of tables since line {line}. Write [[{name}]] for an item."
        elif isinstance(found, Table):
            line = line_at(self._text, found.at)
            message = f"The table {name} is already declared in line {line}.{remedy}"
        else:
            line = line_at(self._text, found)
            message = f'"{name}" is already set in line {line}. Keep one of the two.'
        return SyntaxFault(way[-1][1], message)


def _name(way: Way) -> str:
    return shown(".".join(key for key, _ in way))[1:-1]
