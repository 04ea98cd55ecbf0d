"""What a screen may ask of the application, whatever class that is."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen

    from state.domain.findings import Finding
    from state.domain.publisher import Publisher
    from state.engine import Engine
    from state.workspace.offer_summary import OfferSummary
    from state.workspace.offer_view import OfferView

T = TypeVar("T")

Undoing = Callable[[], str]
"""Undoes an edit and returns a message; raises StorageError where it cannot."""


class Session(Protocol):
    """The application, as its screens know it."""

    engine: "Engine"
    views: "dict[str, OfferView]"
    known: "dict[str, OfferView]"
    publisher: "Publisher | None"
    trouble: str | None
    done: list[Undoing | None]

    @property
    def has_looked(self) -> bool: ...

    @property
    def heading(self) -> tuple[str, ...]: ...

    @property
    def offers(self) -> "list[OfferSummary]": ...

    @property
    def order(self) -> list[str]: ...

    @property
    def screen(self) -> "Screen[Any]": ...

    def look(self) -> None: ...

    def reload(self) -> None: ...

    def show_message(self, text: str, role: str = "") -> None: ...

    def open_directory(self, root: Path) -> None: ...

    def open_offer(self, offer: str, number: int, at: "Finding | None" = None) -> None: ...

    def close_offer(self, message: str = "") -> None: ...

    def edit_file(self, view: "OfferView", line: int | None, file: str | None = None) -> None: ...

    def attempt(self, act: Callable[[], T]) -> T | None: ...

    def show_help(self) -> None: ...

    def undo(self) -> None: ...

    def wait_with_painting(self) -> None: ...

    def paint_now(self) -> None: ...

    def push_screen(self, screen: "Screen[Any]") -> Any: ...

    def pop_screen(self) -> Any: ...
