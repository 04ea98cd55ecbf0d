"""A file's model as a tree: every field that it could hold, with its shape and what it is for."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from state.definitions.shapes import Shape, slots
from state.domain.field_path import ROOT, FieldPath, named_items
from state.domain.model import Model


class Node(NamedTuple):
    """A field that a file holds or could hold.

    Attributes:
        field: Where it stands.
        shape: The type of its value.
        value: The value, or the default.
        says: What it is for.
    """

    field: FieldPath
    shape: Shape
    value: Any
    says: str


def nodes_of(model: Model | None) -> Iterator[Node]:
    """Every field of a model, tables before what they hold.

    Args:
        model: A definition or a publisher file; None, which has no fields, where it cannot be read.

    Yields:
        The fields, in the order of the model.
    """
    if model is not None:
        yield from _below(Node(ROOT, Shape("model", type(model)), model, ""))


def field_named(model: Model | None, name: str) -> FieldPath | None:
    """The field that people call by a name, such as ``skus.standard.title``.

    Args:
        model: The definition.
        name: The name.

    Returns:
        The field, whether the file holds it or not; None where there is no such field.
    """
    return next((node.field for node in nodes_of(model) if str(node.field) == name), None)


def node_at(model: Model | None, field: FieldPath) -> Node | None:
    """The field at a place; None where no model knows it."""
    return next((node for node in nodes_of(model) if node.field.path == field.path), None)


def descriptions(model: type) -> Mapping[str, str]:
    """What each key of a model is for: the docstrings below its attributes, each on one line.

    Args:
        model: One of the dataclasses of ``state.domain.offer`` or ``state.domain.publisher``.

    Returns:
        The descriptions by key.
    """
    if model not in _DESCRIPTIONS:
        found: dict[str, str] = {}
        for owner in reversed(model.__mro__[:-1]):
            found |= _described(owner.__module__).get(owner.__name__, {})
        _DESCRIPTIONS[model] = found
    return _DESCRIPTIONS[model]


_DESCRIPTIONS: dict[type, Mapping[str, str]] = {}


@cache
def _described(module: str) -> Mapping[str, Mapping[str, str]]:
    """The docstrings below the attributes of every class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        owner.name: dict(_docstrings(owner))
        for owner in tree.body
        if isinstance(owner, ast.ClassDef)
    }


def _docstrings(owner: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for attribute, below in zip(owner.body, owner.body[1:], strict=False):
        match attribute, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                yield name, " ".join(said.split())


def _below(node: Node) -> Iterator[Node]:
    for child in _children(node):
        yield child
        yield from _below(child)


def _children(node: Node) -> Iterator[Node]:
    shape, value, inner = node.shape, node.value, node.shape.inner
    if shape.model and value is not None:
        for slot in slots(shape.model).values():
            says = descriptions(shape.model).get(slot.name, "")
            yield Node(node.field / slot.name, slot.shape, getattr(value, slot.name), says)
    elif inner and shape.kind == "map":
        for key, each in value.items():
            yield Node(node.field / key, inner, each, node.says)
    elif inner:
        for field, each in named_items(node.field, value):
            yield Node(field, inner, each, node.says)
