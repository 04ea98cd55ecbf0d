"""Whatever people do with their offers, in whatever order: what they rely on holds at each step."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

from hypothesis import settings, stateful
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from state.definitions.model_fields import nodes_of
from state.domain.actions import ACTIONS, DISCARD, EDIT, REMARK, RENAME, REVERT, Command
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.events import Event
from state.domain.findings import Refusal
from state.domain.stages import STAGES
from state.engine import Engine
from state.engine.compare import DRAFT, PRODUCTION, STAGED, NoSuchVersion, compare, comparison_of
from state.engine.draft_writer import DraftingError
from state.engine.drafts import edit, rename, undo_edit
from state.engine.revert import revert
from state.engine.verify import verify
from state.lifecycle.evolve import fold
from state.workspace.offer_view import OfferView
from tests.directories import files_in, write_tree
from tests.engine_harness import DATA, MACHINE, EngineHarness
from tests.support import EXAMPLES, NOW, example_text

T = TypeVar("T")
NAMES = (MACHINE, DATA, "contoso-twin", "renamed")
ASSETS = ("legal/terms.html", f"logos/{MACHINE}/small.png", f"logos/{DATA}/wide.png")
SHARING = f'type = "data-service"\nmarketing.sample_images = ["{ASSETS[0]}", "{ASSETS[1]}"]\n'
TEXTS = (example_text(MACHINE), example_text(DATA), SHARING)

HAND: tuple[Callable[[str], str], ...] = (
    lambda text: text + "# a note\n",
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("sig=NOT", "sig=NEW"),
    lambda text: re.sub(r'(?m)^title = "', 'title = "New ', text, count=1),
    lambda text: re.sub(r'(?m)^(version|address) = "(.*)"', r'\1 = "\g<2>1"', text, count=1),
    lambda text: text + text[text.rfind("[[") :].replace('identifier = "', 'identifier = "x', 1),
    lambda text: text[: text.rfind("[[")],
    lambda text: "".join([*(parts := re.split(r"(?m)^(?=\[\[)", text))[:1], *parts[:0:-1]]),
    lambda text: text[: len(text) // 2],
)
"""What people do in an editor: the fifth is technical, the next three are about SKUs and plans."""

one, offers, numbers = some.sampled_from, some.sampled_from(NAMES), some.integers(0, 99)


class Thrown(NamedTuple):
    """A draft in the trash; those that went together have the same batch."""

    offer: str
    files: dict[str, bytes]
    events: tuple[Event, ...]
    batch: int


class Sequences(RuleBasedStateMachine):
    """What two people do in a working directory; time passes only where a step says so."""

    def __init__(self) -> None:
        super().__init__()
        self.home, self.ticks = TemporaryDirectory(), count(1)
        self.desk = EngineHarness(Path(self.home.name))
        for path in self.desk.root.glob("*.toml"):
            path.unlink()
        for name, text in zip(NAMES, TEXTS, strict=False):
            self.write(f"{name}.toml", text.encode())
        self.who, self.engines = "ana", {who: self.desk.as_(who) for who in ("ana", "maria")}
        self.known, self.trash = dict[str, tuple[Event, ...]](), list[Thrown]()

    @initialize(fails=some.lists(one([*STAGES]), max_size=1), steps=some.integers(0, 12))
    def somebody_sets_up(self, fails: list[str], steps: int) -> None:
        text = example_text("publisher", ("fail = []", f"fail = {fails}"))
        self.write("publisher.toml", text.encode())
        self.it_goes_on(NAMES[steps % 2], steps)

    @rule(seconds=one([0, 1, 3, 60]), who=one(["ana", "maria"]))
    def time_passes(self, seconds: int, who: str) -> None:
        self.desk.now, self.who = self.desk.now + timedelta(seconds=seconds), who

    @rule(offer=offers, how=numbers)
    def a_file_changes(self, offer: str, how: int) -> None:
        file = self.desk.file(offer)
        texts = [change(file.read_bytes().decode()) for change in HAND if file.exists()]
        found = [(each, b"") for each in (file.name, *ASSETS)]
        found += [(file.name, text.encode()) for text in (*texts, *TEXTS)]
        found += [(at, (EXAMPLES / at).read_bytes() + x) for at in ASSETS for x in (b"", b"x")]
        self.write(*found[how % len(found)])

    @rule(offer=offers, action=one(sorted({*ACTIONS} - {DISCARD, EDIT, RENAME, REVERT})))
    def somebody_acts(self, offer: str, action: str) -> None:
        view = self.view(offer)
        done = self.attempt(lambda engine: engine.perform(offer, Command(action, "because")))
        assert bool(done) == (view is not None and not view.actions[action])

    @rule(offer=offers, steps=some.integers(1, 12))
    def it_goes_on(self, offer: str, steps: int) -> None:
        while (view := self.view(offer)) and (steps := steps - 1) >= 0:
            if view.next.action and not view.actions[view.next.action]:
                self.somebody_acts(offer, view.next.action)
            else:
                self.time_passes(60, "maria" if self.who == "ana" else "ana")

    @rule(offer=offers, number=numbers, value=one(["New", 'é"\n', ASSETS[0], None]))
    def a_value_is_edited(self, offer: str, number: int, value: str | None) -> None:
        view, before = self.view(offer), files_in(self.desk.root)
        if view and (raw := view.definition.raw) is not None and view.definition.offer:
            nodes = [each for each in nodes_of(view.definition.offer) if type(each.value) is str]
            field = nodes[number % len(nodes)].field
            done = self.attempt(lambda on: edit(on, offer, field, value, seen=raw))
            if number % 3 == 0 and done and done.events:
                self.attempt(lambda on: undo_edit(on, offer))
                assert files_in(self.desk.root) == before
        if number % 3 == 1:
            self.attempt(lambda on: undo_edit(on, offer))

    @rule(offer=offers, how=numbers, to=numbers, part=some.none() | numbers)
    def a_version_comes_back(self, offer: str, how: int, to: int, part: int | None) -> None:
        self.somebody_acts(offer, REMARK)
        self.a_file_changes(offer, how)
        view, files = self.view(offer), files_in(self.desk.root)
        if view is None or not (kept := [each for each in versions(view) if each != DRAFT]):
            return
        name, nodes = kept[to % len(kept)], [*nodes_of(view.definition.offer)]
        fields = [str(nodes[part % len(nodes)].field)] if part is not None and nodes else []
        done = self.attempt(lambda engine: revert(engine, offer, fields, name))
        if done or not fields:
            found = compare(self.engines[self.who], offer, name).changes
            # What was not asked for may differ, and a file that was not there then stays.
            inside = tuple(f"{each}." for each in fields) or ("",)
            left = [str(each.old) for each in found if f"{each.field}.".startswith(inside)]
            assert all("'sha256': None" in old for old in left)
            if view.content and done and done.events and to % 3:
                undo, was = to % 3 > 1 or None in view.content.assets.values(), view.content.hash
                self.attempt(lambda on: undo_edit(on, offer) if undo else revert(on, offer, to=was))
                back = files_in(self.desk.root)
                own = {*files, *back} if undo else {f"{offer}.toml", *view.content.assets}
                assert not [at for at in own if back.get(at) != files.get(at)]

    @rule(offer=offers, new=one([*NAMES, *NAMES[3:] * 4]))
    def a_draft_is_renamed(self, offer: str, new: str) -> None:
        files = files_in(self.desk.root)
        if self.attempt(lambda engine: rename(engine, offer, new)):
            assert files_in(self.desk.root) == {f"{new}.toml": files.pop(f"{offer}.toml"), **files}
            self.known[new] = self.known.pop(offer, ())

    @rule(going=some.lists(offers, min_size=1, max_size=2, unique=True), at_once=some.booleans())
    def drafts_are_thrown_away(self, going: list[str], at_once: bool) -> None:
        going = [offer for offer in going if self.view(offer)] or going
        before, batch, drafts = files_in(self.desk.root), next(self.ticks), list[Thrown]()
        for offer in NAMES:
            content = view.content if (view := self.view(offer)) else None
            paths = ["{}.toml", *(content.assets if content else ())]
            files = {each: before[file] for each in paths if (file := each.format(offer)) in before}
            drafts.append(Thrown(offer, files, self.known.get(offer, ()), batch))
        if self.attempt(lambda engine: engine.discard(going)):
            left = files_in(self.desk.root)
            stay = {at.format(name) for name, own, *_ in drafts if name not in going for at in own}
            gone = {at.format(name) for name, own, *_ in drafts if name in going for at in own}
            assert before == before | left and before.keys() - left.keys() <= gone - stay
            assert left.keys().isdisjoint(f"{offer}.toml" for offer in going)
            self.trash += (each for each in drafts if each.offer in going)
            self.known = {each: self.known[each] for each in self.known if each not in going}
            if at_once:
                self.drafts_come_back(going[0], None, are_last=True)
                assert files_in(self.desk.root) == before

    @rule(offer=offers, new=some.none() | offers, are_last=some.booleans())
    def drafts_come_back(self, offer: str, new: str | None, are_last: bool) -> None:
        if not self.trash:
            self.drafts_are_thrown_away([offer], at_once=False)
        before, new = files_in(self.desk.root), None if are_last else new
        last = [each for each in self.trash if each.batch == self.trash[-1].batch]
        drafts = last if are_last else [each for each in self.trash if each.offer == offer][-1:]
        if self.attempt(lambda on: on.restore_last() if are_last else on.restore(offer, new)):
            own = [(each.offer, *file) for each in drafts for file in each.files.items()]
            after = before | {path.format(new or name): raw for name, path, raw in own}
            assert files_in(self.desk.root) == after == after | before
            self.known |= {new or each.offer: each.events for each in drafts}
            self.trash = [each for each in self.trash if each not in drafts]

    @invariant()
    def everybody_sees_what_is_recorded(self) -> None:
        before, fresh = self.tree(), self.desk.as_(self.who)
        views = {view.offer: view for view in fresh.offers()}
        assert {offer for offer, events in self.known.items() if events} <= views.keys()
        for offer, view in views.items():
            recorded, known = fresh.workspace.history(offer)[0], self.known.get(offer, ())
            assert not recorded.broken and recorded.events == view.events[: len(recorded.events)]
            assert fold(view.events) == view.state and self.view(offer) == view
            assert view.events[: len(known)] == known
            self.known[offer] = view.events
            for old, new in combinations(versions(view), 2):
                found = comparison_of(self.engines[self.who], view, old, new)
                assert (not found.changes) == (found.old.content.hash == found.new.content.hash)
                assert new in (found.new.content.hash, STAGED, PRODUCTION)
        assert self.tree() == before

    def teardown(self) -> None:
        assert all(each.is_whole and not each.notes for each in verify(self.desk.as_("ana")))
        self.home.cleanup()

    def view(self, offer: str) -> OfferView | None:
        """An offer as whoever acts sees it."""
        workspace = self.engines[self.who].workspace
        return workspace.view(offer) if offer in workspace.names() else None

    def write(self, path: str, data: bytes) -> None:
        """Write a file by hand, or remove it; no two files have one time, whatever the disk says."""
        file, changed = self.desk.root / path, int(NOW.timestamp()) * 10**9 + next(self.ticks)
        file.unlink(missing_ok=True)
        if data:
            write_tree(self.desk.root, {path: data})
            os.utime(file, ns=(changed, changed))

    def tree(self) -> dict[str, tuple[int, bytes]]:
        """Everything on the disk but what the lock leaves behind."""
        left = ("lock", "format", ".gitattributes", ".gitignore")
        found = (at for at in self.desk.root.rglob("*") if at.name not in left)
        return {str(at): (at.stat().st_mode, at.read_bytes()) for at in found if at.is_file()}

    def attempt(self, asked: Callable[[Engine], T | Refusal]) -> T | None:
        """Ask for something; what is refused, or comes to nothing, changes no byte."""
        before = self.tree()
        try:
            answer = asked(self.engines[self.who])
        except (StorageError, DraftingError, NoSuchVersion, UnknownOfferError):
            answer = Refusal("", ())
        done = None if isinstance(answer, Refusal) else answer
        assert getattr(done, "events", done) or self.tree() == before
        return done


def versions(view: OfferView) -> list[str]:
    """The names of everything that can be compared."""
    kept = dict.fromkeys(each.content for each in view.events if "version" in each.data)
    found = {DRAFT: view.content, STAGED: view.state.staged, PRODUCTION: view.state.production}
    return [*(name for name, each in found.items() if each), *(each for each in kept if each)]


def test_what_people_rely_on_holds_after_every_step() -> None:
    few = settings(max_examples=settings.default.max_examples * 2 // 5, stateful_step_count=12)
    stateful.run_state_machine_as_test(Sequences, settings=few)
