"""What the tests of drafting share: a copy of the examples, an engine, and time that they move."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from state.definitions.model_fields import field_named
from state.domain.actions import REMARK, Command
from state.domain.field_path import FieldPath
from state.domain.findings import Refusal
from state.engine import Done, Engine
from tests.support import EXAMPLES, NOW

DATA, MACHINE = "contoso-rates", "contoso-vault"


class EngineHarness:
    """A working directory with the examples, and somebody who works in it.

    Args:
        root: Where the examples go.
    """

    def __init__(self, root: Path) -> None:
        shutil.copytree(EXAMPLES, root, dirs_exist_ok=True)
        publisher = root / "publisher.toml"
        publisher.write_text(publisher.read_text().replace("four_eyes = true", "four_eyes = false"))
        self.root = root
        self.now = NOW
        self.engine = self.as_("ana")

    def as_(self, actor: str) -> Engine:
        """An engine at which somebody else works."""
        return Engine(self.root, self._clock, actor, lambda path: "luis")

    def file(self, offer: str) -> Path:
        """The file of an offer."""
        return self.root / f"{offer}.toml"

    def rewrite(self, offer: str, old: str, new: str) -> None:
        """An edit in some editor."""
        text = self.file(offer).read_text()
        assert old in text
        self.file(offer).write_text(text.replace(old, new, 1))

    def field(self, offer: str, name: str) -> FieldPath:
        """A field by its name."""
        field = field_named(self.engine.offer(offer).definition.offer, name)
        assert field is not None
        return field

    def kinds(self, offer: str) -> list[str]:
        """The kinds of an offer's recorded events."""
        return [event.kind.value for event in self.engine.workspace.history(offer)[0].events]

    def stage(self, offer: str) -> None:
        """Certify where that is wanted, push to staging and wait."""
        if not self.engine.offer(offer).actions["certify"]:
            self.do(offer, "certify")
        self.do(offer, "stage")

    def publish(self, offer: str) -> None:
        """Take an offer all the way into production."""
        self.stage(offer)
        for action in ("tested", "request", "approve"):
            self.do(offer, action)

    def do(self, offer: str, action: str) -> None:
        """Do something and wait until it is over."""
        done = self.engine.perform(offer, Command(action))
        assert isinstance(done, Done), done
        self.now += timedelta(seconds=30)

    def remark(self, words: str, offer: str = DATA) -> None:
        """Leave a remark."""
        done(self.engine.perform(offer, Command(REMARK, words)))

    def five_events(self) -> "EngineHarness":
        """Record five events of the data service: created, pushed, staged, two remarks."""
        self.stage(DATA)
        for words in ("first", "second"):
            self.remark(words)
        return self

    def _clock(self) -> datetime:
        return self.now


def done(answer: Done | Refusal) -> Done:
    """What was done, where it was not refused."""
    assert isinstance(answer, Done), answer
    return answer


def only_readers(desk: EngineHarness) -> None:
    """Leave everybody but Eva nothing to do but read."""
    with (desk.root / "publisher.toml").open("a") as file:
        file.write('\n[roles]\npublishers = ["eva"]\napprovers = []\n')
