"""What somebody does in a small directory, each time from the same beginning."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import EXAMPLES
from tests.walks.calls import KILLED
from tui.main import main

RATES, GRID = "contoso-rates", "contoso-grid"

Act = Callable[[Path], int]


class Answer(NamedTuple):
    """What a command answered.

    Attributes:
        status: Its exit status.
        printed: What it printed.
        said: What it said on the standard error.
    """

    status: int
    printed: str
    said: str


def ask(root: Path, *words: str) -> Answer:
    """Run a command in this process."""
    printed, said = StringIO(), StringIO()
    with redirect_stdout(printed), redirect_stderr(said):
        status = main(["-C", str(root), *words])
    return Answer(status, printed.getvalue(), said.getvalue())


def command(*words: str) -> Act:
    """A command as something that is done."""
    return lambda root: main(["-C", str(root), *words])


class Scenario(NamedTuple):
    """Something that is done.

    Attributes:
        name: Its name.
        before: What was done before it.
        act: What is done.
        loses: The files whose former bytes go for good, as somebody asked; ``*`` for all.
        mixed_at: The exit status at which each of its files may be the old or the new by itself.
        begins: Whether an offer begins with it, whose file may be there before its first event.
    """

    name: str
    before: tuple[Act, ...]
    act: Act
    loses: str = ""
    begins: bool = False
    mixed_at: int | None = None


# What has no command is done as the screens do it -------------------------------------------------


def _edit(root: Path) -> int:
    """Change the title of a draft, as the screen Fields does."""
    from state.definitions.model_fields import field_named
    from state.domain.errors import StorageError
    from state.engine import drafts as drafting

    def write(engine: Any) -> object:
        definition = engine.offer(RATES).definition
        field = field_named(definition.offer, "marketing.title")
        if field is None:
            raise StorageError(definition.findings[0].message)
        return drafting.edit(engine, RATES, field, "Contoso Rates 2", seen=definition.raw)

    return _through_the_engine(root, write)


def _undo_edit(root: Path) -> int:
    from state.engine.drafts import undo_edit

    return _through_the_engine(root, lambda engine: undo_edit(engine, RATES))


def _undo_discard(root: Path) -> int:
    return _through_the_engine(root, lambda engine: engine.restore_last())


def _edit_publisher(root: Path) -> int:
    from state.engine.drafts import write_publisher

    def write(engine: Any) -> object:
        seen = (root / "publisher.toml").read_bytes()
        return write_publisher(engine, seen.replace(b"Contoso Ltd", b"Contoso SA"), seen=seen)

    return _through_the_engine(root, write)


def _through_the_engine(root: Path, write: Callable[[Any], object]) -> int:
    """What the screens do: a trouble is told and nothing else happens."""
    import sys

    from state.domain.errors import StorageError
    from state.domain.findings import Refusal
    from state.engine import Engine

    try:
        done = write(Engine(root))
    except StorageError as trouble:
        print(trouble, file=sys.stderr)
        return 4
    if isinstance(done, Refusal):
        print(*(reason.message for reason in done.reasons), file=sys.stderr)
        return 3
    return 0


def _rewrite(name: str, old: str, new: str) -> Act:
    """An edit in some editor."""

    def act(root: Path) -> int:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new, 1))
        return 0

    return act


def _repaint(root: Path) -> int:
    """Another picture, made somewhere else."""
    logos = root / "logos" / RATES
    shutil.copyfile(EXAMPLES / "logos" / "contoso-mail" / "small.png", logos / "small.png")
    return 0


def _tear(root: Path) -> int:
    """A last line that a cut-off write left, as older releases did."""
    with (root / ".vitrina" / "history" / f"{RATES}.jsonl").open("ab") as file:
        file.write(b'{"at": "20')
    return 0


def _break_chain(root: Path) -> int:
    path = root / ".vitrina" / "history" / f"{RATES}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"second words", b"other words!"))
    return 0


_remarks = (command("remark", RATES, "first words"), command("remark", RATES, "second words"))
_staged = (*_remarks, command("stage", RATES))
_tested = (*_staged, command("tested", RATES))
_requested = (*_tested, command("request", RATES))
_edited = (*_staged, _rewrite(f"{RATES}.toml", '"Contoso Rates"', '"Contoso Rats"'), _repaint)
_discard = command("discard", RATES, "--yes")

SCENARIOS = {
    each.name: each
    for each in (
        Scenario("new", _remarks, command("new", "fresh", "--type", "data-service"), begins=True),
        Scenario("new from", _remarks, command("new", "fresh", "--from", GRID), begins=True),
        Scenario("edit", _remarks, _edit),
        Scenario("edit of what is staged", _staged, _edit),
        Scenario("undo of an edit", (*_remarks, _edit), _undo_edit),
        Scenario("publisher edit", _staged, _edit_publisher, loses="publisher.toml"),
        Scenario("remark after a torn line", (*_remarks, _tear), command("remark", RATES, "third")),
        Scenario("certify", (), command("certify", GRID)),
        Scenario("stage", (command("certify", GRID),), command("stage", GRID)),
        Scenario("tested", _staged, command("tested", RATES)),
        Scenario("request", _tested, command("request", RATES)),
        Scenario("approve", _requested, command("approve", RATES)),
        Scenario("reject", _requested, command("reject", RATES, "--reason", "no")),
        Scenario("cancel", _requested, command("cancel", RATES)),
        Scenario("discard", _remarks, _discard, mixed_at=0),
        Scenario("discard of a torn history", (*_remarks, _tear), _discard, mixed_at=0),
        Scenario("restore", (*_remarks, _discard), command("restore", RATES)),
        Scenario("restore of a torn history", (*_remarks, _tear, _discard), _undo_discard),
        Scenario("restore as", (*_remarks, _discard), command("restore", RATES, "--as", "again")),
        Scenario("rename", _remarks, command("rename", RATES, "contoso-rates-2")),
        Scenario("rename of a torn history", (*_remarks, _tear), command("rename", RATES, "other")),
        Scenario("revert of a field", _edited, command("revert", RATES, "marketing.title")),
        Scenario("revert of everything", _edited, command("revert", RATES), mixed_at=KILLED),
        Scenario("accept", (*_remarks, _break_chain), command("verify", "--accept", RATES)),
        Scenario("trash", (*_remarks, _discard), command("trash", "--empty", "--yes"), loses="*"),
    )
}


def lay(root: Path) -> None:
    """A directory with two offers, in which everything ends at once."""
    root.mkdir(parents=True)
    for offer in (RATES, GRID):
        shutil.copyfile(EXAMPLES / f"{offer}.toml", root / f"{offer}.toml")
        shutil.copytree(EXAMPLES / "logos" / offer, root / "logos" / offer)
    shutil.copytree(EXAMPLES / "packages", root / "packages")
    shutil.copytree(EXAMPLES / "images", root / "images")
    shutil.copytree(EXAMPLES / "legal", root / "legal")
    text = (EXAMPLES / "publisher.toml").read_text()
    for old, new in (
        ("four_eyes = true", "four_eyes = false"),
        ("certification = 2", "certification = 0"),
        ("content_validation = 2", "content_validation = 0"),
        ("replication = 5", "replication = 0"),
    ):
        assert old in text
        text = text.replace(old, new)
    (root / "publisher.toml").write_text(text)


def prepare(scenario: Scenario, root: Path) -> None:
    """Do in a new directory what comes before a scenario."""
    lay(root)
    for act in scenario.before:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            status = act(root)
        assert status == 0, f"{scenario.name}: {said.getvalue()}"


class Look(NamedTuple):
    """What a person who only reads sees of a directory.

    Attributes:
        offers: The kinds of each offer's events.
        trash: The identifiers in the trash.
        files: The person's files.
    """

    offers: dict[str, list[str]]
    trash: list[str]
    files: dict[str, bytes]


def look(root: Path) -> Look:
    """Look at a directory through the commands that read."""
    listed = _json(ask(root, "list", "--json"))
    offers = {}
    for row in listed:
        events = _json(ask(root, "history", row["offer"], "--json"))
        offers[row["offer"]] = [f"{each['kind']} {each['note'] or ''}".strip() for each in events]
    trash = [each["offer"] for each in _json(ask(root, "trash", "--json"))]
    return Look(offers, trash, files_of(root))


def files_of(root: Path) -> dict[str, bytes]:
    """The person's files."""
    found = {}
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name != ".vitrina"]
        for name in names:
            path = Path(folder, name)
            found[str(path.relative_to(root))] = path.read_bytes()
    return found


def _json(answer: Answer) -> Any:
    assert answer.status == 0, answer
    return json.loads(answer.printed)
