"""What tests share: copies of the examples with edits, and their findings."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from state.definitions.locate import Places
from state.definitions.parse import Definition, parse_definition, parse_table
from state.definitions.validate import read
from state.domain.findings import PUBLISHER_FILE, Finding
from state.domain.offer import Offer
from state.domain.publisher import Publisher
from state.domain.table import Table
from state.rules.context import RuleContext
from state.rules.registry import check
from state.storage.assets import DirectoryAssets

EXAMPLES = Path(__file__).parent.parent / "examples"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The time at which the dates of the examples make sense."""

Edit = tuple[str, str]
M = TypeVar("M", bound=Table)


def example_text(example: str, *edits: Edit) -> str:
    """The text of an example's file (``publisher`` for the publisher file) after replacements.

    Args:
        example: The file's stem.
        edits: Old text and new text; the old one has to occur, and its first occurrence is replaced.

    Returns:
        The text.
    """
    text = (EXAMPLES / f"{example}.toml").read_text()
    for old, new in edits:
        assert old in text, f"{example}.toml has no {old!r}"
        text = text.replace(old, new, 1)
    return text


def definition_of(text: str, name: str) -> Definition:
    """A definition's text, read."""
    return parse_definition(text.encode(), f"{name}.toml")


def offer_of(example: str, *edits: Edit) -> Offer:
    """An example's definition after replacements."""
    offer = definition_of(example_text(example, *edits), example).offer
    assert offer is not None
    return offer


def publisher_of(*edits: Edit) -> Publisher:
    """The examples' publisher file after replacements."""
    values = parse_table(example_text("publisher", *edits).encode()).values
    assert values is not None
    return read(Publisher, values)[0]


def made(model: type[M], *values: object, **named: object) -> M:
    """A model with values in the order of its fields."""
    return model(**dict(zip(model.model_fields, values, strict=False)), **named)


def with_values(model: M, **values: object) -> M:
    """A model with some of its values changed."""
    return model.model_copy(update=values)


def findings(
    example: str,
    *edits: Edit,
    publisher: tuple[Edit, ...] | None = (),
    now: datetime = NOW,
    files: dict[str, bytes] | None = None,
    offer: str | None = None,
    **case: object,
) -> list[Finding]:
    """What the content rules find in an example after edits, with lines.

    Args:
        example: The stem of the example's file.
        edits: Replacements in the definition.
        publisher: Replacements in the publisher file; None for no publisher file.
        now: The time.
        files: Assets to write over those of the example, by path.
        offer: Another identifier for the offer.
        case: More of the fields of ``RuleContext``, such as ``production``.

    Returns:
        The findings of the content rules and of the file's form.
    """
    text = example_text(example, *edits)
    name = offer or example
    definition = definition_of(text, name)
    assert definition.offer is not None and definition.kind is not None, definition.findings
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        if files is None:
            root = EXAMPLES
        else:
            for folder in ("logos", "packages", "legal", "images"):
                shutil.copytree(EXAMPLES / folder, root / folder)
            for path, data in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        looked_at = RuleContext(
            name,
            definition.offer,
            DirectoryAssets(root),
            now,
            None if publisher is None else publisher_of(*publisher),
            **case,  # type: ignore[arg-type]
        )
        told = check(looked_at, definition.kind, definition.file, definition.unknown)
        found = [*definition.findings, *told]
    publisher_text = example_text("publisher", *(publisher or ()))
    places = {
        definition.file: Places(text.encode()),
        PUBLISHER_FILE: Places(publisher_text.encode()),
    }
    return [each._replace(line=places[each.file].line(each.field.path)) for each in found]


def line_of(example: str, part: str, *edits: Edit) -> int:
    """The line, from 1, of the first line of an example (after edits) that holds a text."""
    lines = example_text(example, *edits).split("\n")
    return next(number for number, line in enumerate(lines, 1) if part in line)


def copy_examples(target: Path) -> Path:
    """A working directory of one's own with the examples in it.

    Args:
        target: A directory that is not there yet.

    Returns:
        The directory.
    """
    shutil.copytree(EXAMPLES, target)
    return target
