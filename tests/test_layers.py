"""What imports what: arrows run down only, and nobody waits for what is not needed."""

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from importlinter import cli

from tests.support import EXAMPLES

ROOT = Path(__file__).parent.parent
HEAVY = (
    "textual", "rich", "pydantic", "PIL", "tree_sitter", "filelock", "watchfiles", "tomli_w", "jinja2",
)  # fmt: skip


def test_the_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.lint_imports(no_cache=True) == 0


def test_no_imports_run_in_a_circle() -> None:
    graph = grimp.build_graph("state", "tui", cache_dir=None)
    # It names the circle that it finds.
    TopologicalSorter(
        {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    ).prepare()


def test_screens_and_commands_reach_around_no_engine() -> None:
    for path in (ROOT / "tui").rglob("*.py"):
        names = {
            each.attr
            for each in ast.walk(ast.parse(path.read_bytes()))
            if isinstance(each, ast.Attribute)
        }
        assert "workspace" not in names, path


def loaded_by(code: str, cache: Path) -> set[str]:
    """The heavy modules that a fresh interpreter has imported after some code."""
    show = f"import json, sys; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    environment = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache), "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def every_module(*left_out: str) -> str:
    """Code that imports everything in ``state``, without the modules that begin with a name."""
    files = (ROOT / "state").rglob("*.py")
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files}
    names = {name.removesuffix(".__init__") for name in names if not name.startswith(left_out)}
    return "\n".join(f"import {name}" for name in sorted(names))


LIST = f"from pathlib import Path; from state.engine import Engine; Engine(Path({str(EXAMPLES)!r}))"


def test_the_engine_starts_without_anything_heavy(tmp_path: Path) -> None:
    assert loaded_by(LIST, tmp_path) == set()


def test_a_list_of_offers_needs_pictures_once_and_nothing_else(tmp_path: Path) -> None:
    assert loaded_by(f"{LIST}.offers()", tmp_path) <= {"PIL", "pydantic"}
    assert loaded_by(f"{LIST}.offers()", tmp_path) == {"pydantic"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["show", "--help"], ["shwo"]])
def test_help_needs_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    assert loaded_by(f"from tui.main import main; main({words!r})", tmp_path) == set()


def test_only_models_and_what_reads_them_load_pydantic(tmp_path: Path) -> None:
    models = ("state.domain.offer", "state.domain.publisher", "state.domain.table")
    readers = ("state.definitions.template", "state.engine.schema", "state.engine.renew_tokens")
    rules = ("state.rules.",)
    shared = ("registry", "rule", "follow_ups", "walkthrough", "progress")
    code = every_module(*(f"{each}" for each in models), *readers, *rules)
    more = "\n".join(f"import state.rules.{each}" for each in shared)
    code += "\nimport state.domain.offer_types, state.domain.offer_state\n" + more
    assert "pydantic" not in loaded_by(code, tmp_path)


def test_a_list_in_which_nothing_changed_needs_no_engine(tmp_path: Path) -> None:
    directory = tmp_path / "offers"
    shutil.copytree(EXAMPLES, directory)
    long_ago = time.time() - 3600
    for path in (directory, *directory.rglob("*")):
        os.utime(path, (long_ago, long_ago))
    listing = f"from tui.main import main; main(['-C', {str(directory)!r}, 'list'])"
    again = f"{listing}\nimport sys; assert 'state.workspace.offer_view' not in sys.modules"
    loaded_by(f"import state.storage.index as i; i._RACY_NS = 0; {listing}", tmp_path)
    assert loaded_by(again, tmp_path) == set()


def test_nothing_that_is_true_loads_what_is_shown(tmp_path: Path) -> None:
    code = f"{every_module()}\nimport sys\nassert 'tui' not in sys.modules"
    assert loaded_by(code, tmp_path) <= {"PIL", "tree_sitter", "tomli_w", "pydantic"}
