"""How the program starts: what is imported, what is said about its use, and how it ends."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

import tui
from state.domain.offer_state import Status
from state.domain.offer_types import OFFER_TYPES
from tests.commands.conftest import Run
from tui.cli.commands import Commands
from tui.main import main

ROOT = Path(__file__).parents[2]
COMMANDS = Commands().names

_EVERY_COMMAND = """
import contextlib, io, sys
from tui.main import main
for command in sys.argv[2:]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(["-C", sys.argv[1], *command.split()])
    loaded = {"textual", "rich", "jinja2"} & set(sys.modules)
    allowed = {"report": {"jinja2"}, "schema": {"jinja2"}}.get(command.split()[0], set())
    assert loaded <= allowed, (command, loaded)
"""

ARGUMENTS = {
    "reject": "contoso-rates --reason no",
    "remark": "contoso-rates words",
    "discard": "contoso-rates --yes",
    "rules": "",
    "check": "",
    "list": "",
    "trash": "",
    "init": "",
    "demo": "",
    "schema": "",
    "new": "contoso-rates --type data-service",
    "rename": "contoso-rates contoso-mail",
}


def test_no_command_loads_the_interface(directory: Path) -> None:
    asked = [f"{name} {ARGUMENTS.get(name, 'contoso-rates')}" for name in COMMANDS]
    asked += ["--help", "--version", "show --help", "shwo"]
    # Last, because the report alone is made with jinja2, and the schema with pydantic.
    asked.sort(key=lambda command: (command == "schema ", command.startswith("report")))

    subprocess.run(
        [sys.executable, "-c", _EVERY_COMMAND, str(directory), *asked], check=True, cwd=ROOT
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explained(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Commands(name).parser
    assert parser
    module, _, function = parser.run.partition(":")

    assert callable(getattr(import_module(f"tui.cli.{module}"), function))
    assert main([name, "--help"]) == 0
    examples = capsys.readouterr().out.partition("\nExample")[2].splitlines()[1:]
    assert examples and all(
        each.startswith("  vitrina ") and f" {name}" in each for each in examples
    )
    assert main(["--help"]) == 0
    overview = capsys.readouterr().out
    assert f"  {name} " in overview
    assert max(map(len, overview.splitlines())) <= 80


@pytest.mark.parametrize(
    ("command", "option", "values"), [("wait", "--until", Status), ("new", "--type", OFFER_TYPES)]
)
def test_the_help_names_what_an_option_takes(
    command: str, option: str, values: Iterable[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    text = " ".join(capsys.readouterr().out.partition(f"\n  {option} ")[2].split())

    assert ", ".join(values) in text.replace("- ", "-")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"vitrina {tui.__version__}\n"
    assert tui.__version__ == project["version"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["lst"], 2, 'Did you mean "list"?'),
        (["frobnicate", "contoso-db"], 2, "no command"),
        (["--frobnicate"], 2, "--frobnicate"),
        (["./nowhere"], 4, 'no directory "nowhere"'),
        (["-C", "nowhere"], 4, "nowhere"),
        (["-C", "nowhere", "list"], 4, "nowhere"),
        (["list", "-C"], 2, "argument -C: No value. Write -C DIR."),
        (["check", "--step", "x"], 2, '"x" is not one of 1, 2, 3, 4.'),
        (["wait", "contoso-db", "--until"], 2, "No value. Write --until STATUS, one of draft, "),
        (["wait", "contoso-db", "--timeout", "x"], 2, '"x" is not valid. Expected seconds, 0 or'),
        (["tested", "contoso-rates"], 3, "The offer's status is draft. Push it to staging, then"),
        (["list", "extra"], 2, "extra"),
        (["list", " "], 2, "unrecognized arguments"),
        (["--jsno", "list"], 2, 'Did you mean "--json"?'),
        (["show"], 2, "ID"),
        (["show", "one", "two"], 2, "two"),
        (["show", "x\x1b[31m", "y\x1b[31m"], 2, "\\x1b[31m"),
        (["stage", "a", "--unknown"], 2, "--unknown"),
        (["show", "\udcff\0/../x"], 2, "no offer"),
        (["show", "--", "-dash"], 2, 'no offer "-dash"'),
        (["show", "--", "x", "--json"], 2, "unrecognized arguments: --json"),
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str],
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(directory)

    assert main(arguments) == status
    ran = capsys.readouterr()
    assert ran.out == "" and said in ran.err and "\x1b" not in ran.err


FAILURES = [
    (["--json"], 2, "usage"),
    (["lst", "--json"], 2, "usage"),
    (["frobnicate", "x", "--json"], 2, "usage"),
    (["demo", "--json"], 2, "usage"),
    (["--json", "show"], 2, "usage"),
    (["check", "--step", "5", "--json"], 2, "usage"),
    (["new", "contoso-try", "--json"], 2, "usage"),
    (["tested", "contoso-rates", "--point", "nothing", "--json"], 2, "usage"),
    (["revert", "contoso-rates", "--to", "staged", "--json"], 2, "version.unknown"),
    (["wait", "contoso-rates", "--timeout", "-1", "--json"], 2, "usage"),
    (["show", "CONTOSO-RATES", "--json"], 2, "offer.unknown"),
    (["diff", "contoso-rates", "--json"], 2, "version.unknown"),
    (["diff", "contoso-rates", "--from", "Staged", "--json"], 2, "version.unknown"),
    (["list", "--json", "-C", "nowhere"], 4, "directory.unreadable"),
    (["list", "--json", "-C", "broken"], 4, "publisher.unreadable"),
    (["report", "contoso-rates", "-o", "broken", "--json"], 2, "usage"),
    (["report", "contoso-rates", "-o", "nowhere/x.html", "--json"], 4, "file.trouble"),
]


@pytest.mark.parametrize(("arguments", "status", "code"), FAILURES)
def test_a_failure_is_a_document_too(
    arguments: list[str],
    status: int,
    code: str,
    capsys: pytest.CaptureFixture[str],
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(directory)
    (directory / "broken").mkdir()
    (directory / "broken" / "publisher.toml").write_text("namespace = [")
    (directory / "broken" / "some.toml").write_text("type = 'data-service'")

    assert main(arguments) == status
    ran = capsys.readouterr()
    error = json.loads(ran.out)["error"]
    assert error.keys() == {"code", "message"} and error["code"] == code
    assert ran.err.endswith(f"vitrina: {error['message']}\n")
    assert main(["--help"]) == 0
    assert code in capsys.readouterr().out


def test_a_current_directory_that_is_gone_is_a_document_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert main(["list", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "directory.unreadable"


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["check", "--content-onyl"], "--content-only"),
        (["wait", "contoso-rates", "--until", "Staged"], "staged"),
        (["new", "contoso-try", "--type", "Data-Service"], "data-service"),
        (["SHOW", "contoso-rates"], "show"),
        (["show", "Contoso-RATES"], "contoso-rates"),
        (["rules", "SAS.permissions"], "sas.permissions"),
        (["diff", "contoso-rates", "--from", "STAGED"], "staged"),
    ],
)
def test_the_nearest_name_is_told_whatever_its_case(
    arguments: list[str], near: str, run: Run
) -> None:
    ran = run(*arguments)

    assert ran.status == 2 and f'id you mean "{near}"?' in ran.err


PROMISED = (
    "demo", "init", "new", "list", "check", "show", "certify", "stage", "request", "tested",
    "approve", "reject", "cancel", "wait", "history", "diff", "revert", "rename", "discard",
    "restore", "schema", "remark", "verify", "report", "rules", "sas", "trash",
)  # fmt: skip


def test_every_command_that_is_promised_is_there() -> None:
    assert set(PROMISED) == set(COMMANDS)


@pytest.mark.parametrize("name", [name for name in PROMISED if name != "demo"])
def test_every_command_takes_the_directory_on_both_sides(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    help_text = capsys.readouterr().out
    assert "-C DIR" in help_text and "--json" in help_text
    words = [*ARGUMENTS.get(name, "contoso-rates").split()]
    said = []
    for arguments in (
        ["--json", "-C", "nowhere", name, *words],
        [name, *words, "--json", "-C", "nowhere"],
        [name, "-Cnowhere", "--json", *words],
    ):
        status = main(arguments)
        said.append((status, capsys.readouterr().out))
    assert len(set(said)) == 1
    if name not in ("rules", "schema"):
        assert said[0][0] == 4 and json.loads(said[0][1])["error"]["code"] == "directory.unreadable"


def test_the_demo_offers_only_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--help"]) == 0
    help_text = capsys.readouterr().out
    assert "-C" not in help_text and "--json" not in help_text


def test_a_directory_named_as_a_command_is_opened(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("tui.main.open_program", lambda root: opened.append(root) or 0)
    monkeypatch.chdir(directory)
    (directory / "list").mkdir()

    for arguments in (
        [],
        ["./list"],
        ["--", "list"],
        ["list/"],
        ["-C", "list"],
        ["-C", "list", ".."],
    ):
        assert main(arguments) == 0

    names = [root.resolve().relative_to(directory).as_posix() for root in opened]
    assert names == [".", "list", "list", "list", "list", "."]


def test_the_program_needs_a_terminal(run: Run) -> None:
    ran = run()

    assert ran.status == 2 and "vitrina list" in ran.err


def _into(output: int, directory: Path, *command: str, **environment: str) -> tuple[int, bytes]:
    """Run the program with its output going somewhere: its exit status and its standard error."""
    ran = subprocess.run(
        [sys.executable, "-m", "tui.main", "-C", str(directory), *command],
        stdout=output,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    os.close(output)
    return ran.returncode, ran.stderr


def test_an_output_that_takes_nothing_is_trouble(directory: Path) -> None:
    status, err = _into(os.open("/dev/full", os.O_WRONLY), directory, "list")

    assert status == 4
    assert b"cannot be written" in err and b"Traceback" not in err


@pytest.mark.parametrize(
    ("command", "status"), [(["show"], 2), (["show", "nope"], 2), (["list"], 0), (["check"], 1)]
)
def test_nobody_listening_changes_no_status(
    command: list[str], status: int, directory: Path
) -> None:
    script = 'exec "$@" >/dev/null 2>/dev/full'
    program = [sys.executable, "-m", "tui.main", "-C", str(directory), *command]
    assert subprocess.run(["sh", "-c", script, "sh", *program], cwd=ROOT).returncode == status


def test_a_current_directory_that_is_gone_is_told(
    directory: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert main(["list"]) == 4
    assert "current directory no longer exists" in capsys.readouterr().err
    assert main(["-C", str(directory), "list"]) == 0


def test_a_reader_that_has_gone_is_no_trouble(directory: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    assert _into(writing, directory, "rules") == (141, b"")


def test_an_output_that_is_not_utf_8_gets_plain_signs(directory: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    output = os.open(target, os.O_WRONLY | os.O_CREAT)

    assert _into(output, directory, "list", PYTHONIOENCODING="ascii") == (0, b"")
    out = target.read_bytes()
    assert out.isascii() and b"+ + + ." in out
