"""vitrina diff: text, JSON, a patch, and three versions in one table."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Run, edit
from tui.cli import output
from tui.render.lines import cells

DATA, MACHINE = "contoso-rates", "contoso-vault"
TITLE = 'title = "Contoso Rates"'
ROOT = Path(__file__).parents[2]


@pytest.fixture
def published(run: Run) -> Run:
    """The data service in production."""
    for action in ("stage", "tested", "request"):
        assert run(action, DATA).status == 0
    assert run("wait", DATA, "--until", "production-requested").status == 0
    assert run("approve", DATA).status == 0
    return run


def test_versions_are_compared_and_set_back(run: Run, directory: Path) -> None:
    file = directory / f"{DATA}.toml"
    run("stage", DATA)
    written = file.read_bytes()
    assert run("diff", DATA, "--json").json["class"] == "none"
    edit(file, TITLE, 'title = "Money"  # shorter')
    edit(file, 'address = "', 'address = "https://other.example/')

    found = run("diff", DATA, "--json").json
    assert (found["offer"], found["from"], found["to"]) == (DATA, "staged", "draft")
    assert found["class"] == "technical"
    title, address = found["changes"]
    assert title == {
        "field": "marketing.title", "old": "Contoso Rates", "new": "Money", "class": "marketing",
        "old_pixels": None, "new_pixels": None,
    }  # fmt: skip
    assert (address["field"], address["class"]) == ("source.address", "technical")
    text = run("diff", DATA).out
    assert "- Contoso Rates" in text and "+ Money" in text
    assert '-title = "Contoso Rates"' in run("diff", DATA, "--patch").out

    shown = run("revert", DATA, "marketing.title", "--json").json
    assert shown["title"] == "Contoso Rates" and shown["edited"]
    assert "# shorter" in file.read_text()
    assert run("revert", DATA, "--to", "staged").status == 0
    assert run("diff", DATA, "--json").json["changes"] == []
    assert file.read_bytes() != written, "the comment of the person is still there"
    assert "nothing to change" in run("revert", DATA).out


def test_a_version_by_the_beginning_of_its_hash(run: Run, directory: Path) -> None:
    content = run("stage", DATA, "--json").json["content"]
    edit(directory / f"{DATA}.toml", TITLE, 'title = "Money"')

    for name in (content, content[:15], content.removeprefix("sha256:")[:8]):
        assert len(run("diff", DATA, "--from", name, "--json").json["changes"]) == 1
    assert run("revert", DATA, "--to", content[:15]).status == 0


@pytest.mark.parametrize(
    "command",
    [
        ["diff", DATA],
        ["diff", DATA, "--from", "production"],
        ["diff", DATA, "--to", "ffffffff"],
        ["diff", DATA, "--from", ""],
        ["diff", DATA, "--from", "draft", "--to", ""],
        ["diff", DATA, "--three-way"],
        ["diff", "old-notes", "--from", "draft"],
        ["revert", DATA],
        ["revert", DATA, "--to", "draft"],
        ["revert", DATA, "--to", ""],
        ["revert", DATA, "--to", "staged"],
    ],
)
def test_no_such_version_is_wrong_usage(command: list[str], run: Run) -> None:
    ran = run(*command)

    assert (ran.status, ran.out) == (2, "") and ran.err


def test_what_it_means_stands_below_the_headline(published: Run, directory: Path) -> None:
    edit(directory / f"{DATA}.toml", 'identifier = "starter"', 'identifier = "other"')

    head, push, lock, empty, *_ = published("diff", DATA).out.split("\n")

    assert head.startswith("production → draft: ") and empty == ""
    assert push == (
        "Next push: replication to staging, content validation, final review, "
        "replication to production"
    )
    (found,) = published("diff", DATA, "--json").json["locks"]
    assert found["rule"] == "lock.identifier" and found["field"].startswith("plans")
    assert lock == f"✗ {found['message']}"


def test_long_texts_are_cut_down_to_what_changed(run: Run, directory: Path) -> None:
    file = directory / f"{DATA}.toml"
    edit(file, 'description = """', 'description = """' + "a line\n" * 20)
    run("stage", DATA)
    edit(file, "a line\n" * 20, "a line\n" * 10 + "another line\n" + "a line\n" * 9)

    lines = run("diff", DATA).out.split("\n")

    at = lines.index("    another line")
    assert lines[at - 2 : at + 3] == [
        "  + …",
        "    a line",
        "    another line",
        "    a line",
        "    …",
    ]
    assert "  - …" in lines and len(lines) < 16 and "\\x0a" not in "".join(lines)


@pytest.mark.parametrize("width", [40, 80])
def test_changed_words_are_marked_on_a_terminal(
    width: int, run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("stage", DATA)
    edit(directory / f"{DATA}.toml", TITLE, 'title = "Contoso Money \\u001b[2J 歩歩"')
    edit(directory / f"{DATA}.toml", 'description = """', 'description = """' + "word " * 40)
    monkeypatch.setattr(output, "on_terminal", lambda stream=None: True)
    monkeypatch.setattr(output, "width", lambda stream=None: width)
    monkeypatch.setattr("tui.cli.change_lines.width", lambda: width)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    out = run("diff", DATA).out

    assert "\x1b[31mRates\x1b[0m" in out and "\x1b[32mMoney" in out
    plain = re.sub("\x1b\\[[0-9;]*m", "", out)
    assert "\x1b" not in plain
    assert max(map(cells, plain.split("\n"))) <= width


TEXTS = {
    "plain": (b"# a\n", b"# b\n"),
    "line ends of Windows": (b"# a\r\n# same\r\n", b"# b\r\n# same\r\n"),
    "no end": (b"# a", b"# b"),
    "an end that comes": (b"# a", b"# a\n"),
    "odd characters": ("# a\t\u2028\u202e\x85é\n".encode(), "# b\t\u2028\u202e\x85é\n".encode()),
}


@pytest.mark.parametrize("what", TEXTS)
@pytest.mark.parametrize("tool", [["git", "apply", "-p1"], ["patch", "-p1", "-s", "--binary"]])
def test_a_patch_applies(
    what: str,
    tool: list[str],
    run: Run,
    directory: Path,
    tmp_path: Path,
) -> None:
    if not shutil.which(tool[0]):
        pytest.skip(f"there is no {tool[0]} here")
    file, (before, after) = directory / f"{DATA}.toml", TEXTS[what]
    ends = b"\r\n" if b"\r" in before else b"\n"
    text = file.read_bytes().replace(b"\n", ends)
    old, new = text + before, text.replace(TITLE.encode(), b'title = "Money"') + after
    file.write_bytes(old)
    run("stage", DATA)
    file.write_bytes(new)
    command = [sys.executable, "-m", "tui.main", "diff", DATA, "--patch", "-C", str(directory)]
    patch = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / f"{DATA}.toml").write_bytes(old)

    subprocess.run(tool, input=patch, check=True, cwd=target)

    assert (target / f"{DATA}.toml").read_bytes() == new
    assert run("diff", DATA, "--patch", "--json").json["patch"].encode() == patch


def test_a_patch_is_cleaned_on_a_terminal(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("stage", DATA)
    edit(directory / f"{DATA}.toml", TITLE, f"{TITLE} # \u202e\t!")
    monkeypatch.setattr("tui.cli.diff.on_terminal", lambda: True)

    assert f"+{TITLE} # \\u202e\\x09!\n" in run("diff", DATA, "--patch").out


def test_three_versions_in_one_table(published: Run, directory: Path) -> None:
    file = directory / f"{DATA}.toml"
    assert "do not differ" in published("diff", DATA, "--three-way").out
    edit(file, TITLE, 'title = "Money"')
    published("stage", DATA)
    edit(file, 'title = "Money"', 'title = "Coins"')
    edit(file, "transactions = 500", "transactions = 600")

    head, *rows = published("diff", DATA, "--three-way").out.rstrip("\n").split("\n")

    assert head.split() == ["Field", "Class", "Production", "Staged", "Draft"]
    assert [row.split()[:2] for row in rows] == [
        ["marketing.title", "marketing"], ["plans.taste.transactions", "technical"],
    ]  # fmt: skip
    assert rows[0].split()[2:] == ["Contoso", "Rates", "Money", "Coins"]
    found = published("diff", DATA, "--three-way", "--json").json
    assert found["offer"] == DATA
    assert len({found[name] for name in ("production", "staged", "draft")}) == 3
    assert found["changes"][1] == {
        "field": "plans.taste.transactions", "production": 500, "staged": 500, "draft": 600,
        "class": "technical",
    }  # fmt: skip


@pytest.mark.parametrize("more", [["--from", "draft"], ["--to", ""], ["--patch"]])
def test_three_ways_stand_alone(more: list[str], published: Run) -> None:
    ran = published("diff", DATA, "--three-way", *more)

    assert (ran.status, ran.out) == (2, "") and "Leave out --from, --to and --patch" in ran.err


def test_pictures_have_pixels(run: Run, directory: Path) -> None:
    run("stage", DATA)
    logos = directory / "logos" / DATA
    shutil.copy(logos / "medium.png", logos / "small.png")

    (logo,) = run("diff", DATA, "--json").json["changes"]

    assert (logo["old_pixels"], logo["new_pixels"]) == ("40x40", "90x90")
    assert "small.png (90x90, " in run("diff", DATA).out
