"""The application: which directory, which offer, which screen, and what it takes to leave cleanly."""

import gc
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.segment import Segments
from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from state.domain.errors import StorageError, UnknownOfferError
from state.domain.offer_types import build_models
from state.engine import Engine
from state.workspace.offer_summary import Listed, OfferSummary
from state.workspace.offer_view import OfferView
from tui.render.theme import DARK, THEMES
from tui.screens.base import PREVIEW, BaseScreen
from tui.screens.offers import OffersScreen
from tui.screens.routes import import_screens, offer_screen
from tui.terminal.colourless import Colourless
from tui.terminal.key_queue import SerialKeys
from tui.terminal.single_paint import SinglePaint
from tui.terminal.watch import changes, folders

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver

    from state.domain.findings import Finding
    from state.domain.publisher import Publisher
    from tui.session import Undoing

T = TypeVar("T")

SECONDS_BETWEEN_LOOKS = 1.0
"""How often a stage that is under way is painted anew."""


class VitrinaApp(SerialKeys, SinglePaint):
    """Vitrina on one working directory."""

    TITLE = "vitrina"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
        Binding("ctrl+c", "quit", "quit", show=False, priority=True),
    ]

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.first: Listed | None = None
        """What the list shows until the offers have been read."""
        self._views: dict[str, OfferView] | None = None
        self.known: dict[str, OfferView] = {}
        """The same with those that are gone, for a screen that was opened while they were there."""
        self.publisher: Publisher | None = None
        """What publisher.toml said when it could last be read."""
        self.trouble: str | None = None
        """Why the directory cannot be read now, None where it can."""
        self.done: list[Undoing | None] = []
        """What ``z`` undoes, the latest last: edits, and None for a discard into the trash."""
        # Messages are shown in the status bar; without the containers for toasts and tooltips
        # the first screen is painted once less.
        self._disable_notifications = self._disable_tooltips = True
        if self.no_color or os.environ.get("TERM") == "dumb":
            self._filters = [Colourless()]
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The list of offers lies below every other screen."""
        try:
            self.first = self.engine.listed()
        except StorageError:
            self.look()
        return OffersScreen()

    def get_driver_class(self) -> type["Driver"]:
        """What draws on the terminal and reads its keys."""
        from tui.terminal.driver import Driver

        return Driver

    def on_mount(self) -> None:
        """Paint anew what a shell has left; the rest once the first screen stands."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self._settle)

    @property
    def order(self) -> list[str]:
        """The offers as the list has them: in its order, without those that its filter leaves out."""
        below = self.screen_stack[0]
        return [each.offer for each in below.shown()] if isinstance(below, OffersScreen) else []

    def look(self) -> None:
        try:
            self._views = {view.offer: view for view in self.engine.offers()}
            self.known |= self._views
            self.publisher = self.engine.publisher
            self.trouble = None
        except StorageError as trouble:
            self._views = self._views or {}
            self.trouble = str(trouble)

    @property
    def has_looked(self) -> bool:
        """Whether the offers have been read; the first list may be there before."""
        return self._views is not None

    @property
    def views(self) -> dict[str, OfferView]:
        """Every offer as it stood when it was last looked at, by identifier."""
        if self._views is None:
            self.look()
        return self._views or {}

    @property
    def heading(self) -> tuple[str, ...]:
        """The publisher's name and the marketplace that answers."""
        if self.first and not self.has_looked:
            return self.first.publisher
        named = self.publisher
        return (named.display_name, named.marketplace.backend) if named else ()

    @property
    def offers(self) -> list[OfferSummary]:
        """What the list says of every offer, in its order."""
        if self.first and not self.has_looked:
            return self.first.offers
        return [view.summary for view in self.views.values()]

    @property
    def front(self) -> BaseScreen | None:
        """The screen in front; None where it is not one of ours, or its widgets are not there.

        Files change whenever they like: before the widgets of a screen are there, and while the
        program ends.
        """
        screen = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        if isinstance(screen, BaseScreen) and screen.is_mounted and screen.is_attached:
            return screen
        return None

    def reload(self) -> None:
        """Look again, and show what has changed."""
        self.look()
        if self.front:
            self.front.paint_all()

    def show_message(self, text: str, role: str = "") -> None:
        """Show a message on the screen in front, once its widgets are there."""
        screen = self.screen
        if self.front:
            self.front.status_bar.show_message(text, role)
        elif isinstance(screen, BaseScreen):
            screen.call_later(lambda: screen.status_bar.show_message(text, role))

    def open_directory(self, root: Path) -> None:
        """Go on with another working directory."""
        self.engine = Engine(root)
        self.done.clear()
        self.reload()
        self._watch_files()

    def open_offer(self, offer: str, number: int, at: "Finding | None" = None) -> None:
        """Show a screen of an offer, in the place of the one of an offer that is shown.

        Args:
            number: 1 Walkthrough, 2 Publish, 3 History, 4 preview, which lies over the others.
            at: The finding under the cursor at first; the screen's own choice where left out.
        """
        if self.front and self.front.unsaved:
            self.front.warn_unsaved()
            return
        screen = offer_screen(offer, number)
        screen.at = at
        if isinstance(self.screen, OffersScreen) or number == PREVIEW:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    def close_offer(self, message: str = "") -> None:
        offer = None
        while not isinstance(self.screen, OffersScreen):
            offer = getattr(self.screen, "offer", offer)
            self.pop_screen()
        if offer:
            self.screen.rows.move_to(offer)
        if message:
            self.show_message(message)

    def edit_file(self, view: OfferView, line: int | None, file: str | None = None) -> None:
        """Open a file of the directory in the person's editor, at a line from 1.

        Without a name it is the offer's own, which has to be there: an empty one would be no help.
        """
        from tui.render.field_form import no_file
        from tui.terminal.editor import edit

        file = file or view.definition.file
        path, trouble = self.engine.root / file, None
        if file != view.definition.file or path.exists():
            trouble = edit(self, path, line or 1)
        self.reload()
        now = self.views.get(view.offer)
        if now and now.definition.is_missing and file == now.definition.file:
            trouble = no_file(now, file)
        if trouble:
            self.show_message(trouble, "warn")

    def show_help(self) -> None:
        from tui.screens.help import HelpScreen

        if self.front:
            self.push_screen(HelpScreen(self.front))

    def undo(self) -> None:
        from tui.screens.undo import undo

        if self.front:
            undo(self.front)

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do something that touches files; show what went wrong and return None instead of failing."""
        try:
            return act()
        except (StorageError, UnknownOfferError) as trouble:
            self.reload()
            self.show_message(str(trouble), "bad")
            return None

    async def action_quit(self) -> None:
        """Leave; ask first where what was typed would be lost."""
        frames = (each for each in self.screen_stack if isinstance(each, BaseScreen))
        typed = next((each for each in frames if each.unsaved), None)
        if typed is None:
            self.exit()
            return
        while self.screen is not typed:
            self.pop_screen()
        question = f"Leave vitrina? What you typed into {typed.unsaved} is not saved."
        typed.confirm(question, self.exit, no="The text is still here.")

    def action_suspend_process(self) -> None:
        from tui.terminal.suspend import suspend

        if trouble := suspend(self):
            self.show_message(trouble, "warn")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: the keys of the screen, by what they do."""
        from tui.screens.palette import commands_of

        return (
            commands_of(screen, self._choose_theme, self.action_quit)
            if isinstance(screen, BaseScreen)
            else ()
        )

    def action_command_palette(self) -> None:
        from tui.screens.palette import Commands

        asking = self.front and self.front.status_bar.asking
        if not asking and not isinstance(self.screen, Commands):
            self.push_screen(Commands(placeholder="Search the commands", id="--command-palette"))

    def _choose_theme(self, name: str) -> None:
        self.theme = name
        self.refresh(repaint=True)

    def _settle(self) -> None:
        """What can wait until the first screen stands."""
        gc.freeze()
        gc.enable()
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._tick)
        self._watch_files()
        threading.Thread(target=self._prepare, daemon=True).start()

    def _prepare(self) -> None:
        """Import what the first key would wait for, then read the offers."""
        import_screens()
        build_models()
        # The program may have ended by now.
        with suppress(RuntimeError):
            self.call_from_thread(self.reload)

    def _tick(self) -> None:
        """Move what is under way; where nothing is, nothing happens."""
        if self.has_looked and any(
            view.state.busy and view.state.busy.seconds is not None for view in self.views.values()
        ):
            self.reload()

    @work(exclusive=True, group="watch")
    async def _watch_files(self) -> None:
        """Look again when a file changes."""
        engine = self.engine
        # This comes once the watch has begun: what changed since the first look would go unseen.
        if self.has_looked:
            self.call_later(self.reload)
        async for _ in changes(lambda: folders(engine.root, engine.histories, self.views.values())):
            self.reload()

    def _fatal_error(self) -> None:
        """A crash prints where it happened, and none of the values: they may be a person's text."""
        from rich.traceback import Traceback

        renderable: RenderableType = Traceback(show_locals=False, width=None)
        rendered = self.console.render(renderable, self.console.options)
        self._exit_renderables.append(Segments(rendered))
        self._close_messages_no_wait()


def run(root: Path) -> int:
    """Open the program on a working directory and return the exit status; a StorageError if unusable."""
    engine = Engine(root)
    engine.listed()
    app = VitrinaApp(engine)
    app.run()
    return app.return_code or 0
