"""One key after the other: a key waits until all that the one before it did is done.

Textual hands each key at once to what has the focus, also while the key before it is still on its
way to the binding that opens a prompt, asks a question or shows another screen. Typed quickly, or
pasted, a text would then be taken for commands.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator

from textual import events
from textual.app import App
from textual.dom import DOMNode

Typed = events.Key | events.Paste


class SerialKeys(App[int]):
    """An application that gives out the next key once the last one is settled."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[Typed] = deque()
        """What waits, behind the key that is not settled yet."""
        self._settling = False

    async def on_event(self, event: events.Event) -> None:
        """Hold back what is typed while a key is not settled."""
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
        elif self._settling:
            self._typed.append(event)
        else:
            await self._give_out(event)

    async def _give_out(self, event: Typed) -> None:
        self._settling = True
        way = self._way()
        await super().on_event(event)
        await _follow(way, self._handled)

    async def _handled(self) -> None:
        """The bindings have seen the key. What came of it may still be under way: messages, focus,
        the mounting of a screen or a prompt."""
        await _follow(self._way(), self._settled)

    async def _settled(self) -> None:
        self._settling = False
        if self._typed:
            await self._give_out(self._typed.popleft())

    def _way(self) -> Iterator[DOMNode]:
        """What a key comes by: what has the focus, and what that stands in up to the application."""
        return iter((self.focused or self.screen).ancestors_with_self)


async def _follow(way: Iterator[DOMNode], then: Callable[[], Awaitable[None]]) -> None:
    """Do something behind all that waits on a way; what is closing is passed over."""
    for node in way:
        if node.call_later(_follow, way, then):
            return
    await then()
