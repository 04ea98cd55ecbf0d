"""The command that compares versions: diff."""

import sys
from collections.abc import Callable
from typing import TypeVar

from state.domain.safe_text import masked
from state.engine.compare import Comparison, NoSuchVersion, compare, patch_of
from state.engine.three_way import VERSIONS, Row, ThreeWays, three_ways
from state.workspace.display_value import format_value
from tui.cli.change_lines import change_document, changed_lines, class_of, consequence_lines
from tui.cli.json_documents import Document
from tui.cli.output import Column, on_terminal, print_error, print_json, print_line, table
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Line

T = TypeVar("T")

_THREE_WAYS = (
    Column("Field", least=20),
    Column("Class", optional=True),
    Column("Production", least=10),
    Column("Staged", least=10),
    Column("Draft", least=10),
)
_LINE_ROLES = {"+": "good", "-": "bad", "@": "muted"}


def diff(call: Call) -> int:
    options = call.options
    if options.three_way:
        return _three_ways(call)
    found = of_versions(lambda: compare(call.engine, options.offer, options.old, options.new))
    if call.json:
        document = comparison_document(found)
        if options.patch:
            document["patch"] = b"".join(patch_of(found)).decode(errors="surrogateescape")
            _warn_of_secrets(found)
        print_json(document, secrets=options.patch and not on_terminal())
    elif options.patch:
        _print_patch(found)
    else:
        _print_comparison(found)
    return DONE


def _three_ways(call: Call) -> int:
    options = call.options
    if options.old is not None or options.new is not None or options.patch:
        raise UsageError(
            "--three-way compares draft, staged and production. Leave out --from, --to and --patch."
        )
    view = call.engine.offer(options.offer)
    found = of_versions(lambda: three_ways(call.engine, view))
    if call.json:
        print_json(three_ways_document(found))
    elif found.rows:
        for line in table(_THREE_WAYS, [_three_way_row(row, found) for row in found.rows]):
            print_line(line)
    else:
        print_line("draft, staged and production do not differ")
    return DONE


def _three_way_row(row: Row, found: ThreeWays) -> list[Line]:
    texts = [
        format_value(value, side.assets)
        for value, side in zip(row.values, found.sides, strict=True)
    ]
    values: list[Line] = [[(words or "-", "")] for words in texts]
    return [[(row.field, "strong")], [(class_of(row.technical), "muted")], *values]


def comparison_document(found: Comparison) -> Document:
    consequence = found.consequence
    return {
        "offer": found.offer,
        "from": found.old.name,
        "to": found.new.name,
        "class": found.class_,
        "changes": [
            change_document(each, found.old.assets, found.new.assets) for each in found.changes
        ],
        "from_content": found.old.content.hash,
        "to_content": found.new.content.hash,
        "stages": list(consequence.stages) if consequence else None,
        "skipped": list(consequence.skipped) if consequence else None,
        "locks": consequence
        and [
            {"rule": lock.rule, "field": str(lock.field) or None, "message": lock.message}
            for lock in consequence.locks
        ],
    }


def three_ways_document(found: ThreeWays) -> Document:
    return {
        "offer": found.offer,
        **{side.name: side.content.hash for side in found.sides},
        "changes": [
            {
                "field": row.field,
                **dict(zip(VERSIONS, row.values, strict=True)),
                "class": class_of(row.technical),
            }
            for row in found.rows
        ],
    }


def _print_comparison(found: Comparison) -> None:
    arrow = glyph("arrow")
    print_line([(f"{found.old.name} {arrow} {found.new.name}: ", "strong"), (found.headline, "")])
    if found.changes and found.consequence:
        for line in consequence_lines(found.consequence):
            print_line(line)
    for line in changed_lines(found.changes, found.old.assets, found.new.assets):
        print_line(line)


def _print_patch(found: Comparison) -> None:
    """The patch: byte for byte into a pipe or a file, cleaned on a terminal."""
    if not on_terminal():
        _warn_of_secrets(found)
        sys.stdout.buffer.writelines(patch_of(found))
        return
    for raw in patch_of(found):
        for line in raw.decode(errors="backslashreplace").removesuffix("\n").split("\n"):
            print_line([(line, _LINE_ROLES.get(line[:1], ""))])


def _warn_of_secrets(found: Comparison) -> None:
    """Say what a patch gives away, which nothing else that is printed does."""
    text = b"".join(patch_of(found)).decode(errors="replace")
    if not on_terminal() and masked(text) != text:
        print_error(
            "The patch holds the signatures of SAS tokens, as git apply needs them. Keep it as safe "
            "as the definition."
        )


def of_versions(look: Callable[[], T]) -> T:
    """What a look at versions gives; a ``UsageError`` where there is no such version."""
    try:
        return look()
    except NoSuchVersion as error:
        raise UsageError(str(error), "version.unknown") from None
