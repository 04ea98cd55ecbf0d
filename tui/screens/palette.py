"""The command palette: what the screen in front can do, by name, a line a command."""

from collections.abc import Callable, Iterable
from functools import partial

from textual import on
from textual.app import SystemCommand
from textual.command import Command, CommandList, CommandPalette
from textual.fuzzy import Matcher
from textual.widgets import Input

from tui.render.lines import cell
from tui.render.theme import THEMES
from tui.screens.base import BaseScreen, key_name

NAME = 44
"""The cells of a command's name; its key follows it."""
CALLED = {"vitrina": "dark colours", "vitrina-light": "light colours"}
"""The themes as a person would look for them."""


class Commands(CommandPalette):
    """The command palette, without ornaments that cost a slow line or that a terminal cannot draw."""

    DEFAULT_CSS = """
    Commands SearchIcon { display: none; }
    Commands #--input, Commands #--input.--list-visible { border: none; padding: 1 0 0 0; }
    Commands LoadingIndicator, Commands LoadingIndicator.--visible { display: none; border: none; }
    Commands > Vertical { margin-top: 1; }
    Commands CommandList { border: none; scrollbar-size-vertical: 0; }
    """

    @on(Input.Submitted)
    def choose(self, event: Input.Submitted) -> None:
        """Run the command that the text matches; the list is filled while typing."""
        event.stop()
        event.prevent_default()
        self._choose_once_found()

    def _choose_once_found(self) -> None:
        gathering = (w for w in self.workers if w.group == self._GATHER_COMMANDS_GROUP)
        if not all(worker.is_finished for worker in gathering):
            self.set_timer(0.02, self._choose_once_found)
            return
        typed, commands = self.query_one(Input).value.strip(), self.query_one(CommandList)
        first = commands.get_option_at_index(0) if commands.option_count else None
        if isinstance(first, Command) and Matcher(typed).match(str(first.hit.text)):
            self._select_or_command()


def commands_of(
    screen: BaseScreen, choose_theme: Callable[[str], None], leave: Callable[[], object]
) -> Iterable[SystemCommand]:
    """What can be done now: the screen's keys that are on its line or in its help, the themes."""
    for each in screen.all_bindings():
        if each.show and each.action != "back":
            yield _command(each.description, key_name(each), partial(screen.press, each.action))
    for name in THEMES:
        yield _command(CALLED[name], "", partial(choose_theme, name))
    yield _command("quit", "ctrl+q", leave)


def _command(what: str, key: str, act: Callable[[], object]) -> SystemCommand:
    name = what[:1].upper() + what[1:]
    return SystemCommand(f"{cell(name, NAME)[0]}{key}", "", act)
